"""Issue and call-next over HTTP, by one client and by eight, beside a bare endpoint."""

from __future__ import annotations

import json
import re
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from functools import partial
from itertools import cycle, islice
from statistics import median
from typing import TYPE_CHECKING, Final

from bench.crew import ONE_IN, PIN, wish
from bench.figures import Figure, took
from bench.floor import bare_sqlite
from bench.past import WAITING
from bench.store import PEERS
from bench.wire import Wire, ask_at_once, check, post
from kiosk.config import load
from kiosk.office.centre import open_centre
from kiosk.office.clerks import add_clerk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

CLIENTS: Final = 8
ROUNDS: Final = 500
SECONDS: Final = 0.25
TURNS: Final = 20
"""What many ask at once is measured in so many turns, so that all meet the same machine."""

PATIENCE: Final = 20.0


def measure(config_path: Path) -> list[Figure]:
    config = load(config_path)
    folder, port = config_path.parent, config.web.port
    centre = open_centre(config)
    counters = {number: centre.counters[number] for number in list(centre.counters)[:CLIENTS]}
    for number in counters:
        add_clerk(centre, f"bench{number}", "Bench", PIN)
    wishes = [wish(centre, n) for n in range(ONE_IN * len(centre.services))]
    issues = {
        code: [post("/api/tickets", asked) for asked in wishes if asked["service"] == code]
        for code in centre.services
    }
    centre.database.close()
    bare = bare_sqlite(folder / "floor.db")
    plain = free_port()
    kiosk = ("kiosk", "run", "--role", "web", "--config", str(config_path))
    with (
        serving(("bench.bare", str(plain), str(folder / "bare.db")), plain),
        serving(kiosk, port),
    ):
        calls = {number: call_of(port, number) for number in counters}
        settle = partial(_settle, config.store_path, config.office.unit_code)
        _fill(port, _in_turn(issues.values()))
        first = next(iter(counters.values()))
        own = _in_turn(issues[code] for code in first.services)
        floor, times = _one_client(bare, plain, port, own, calls[first.number])
        alike = list(islice(cycle(issues.values()), CLIENTS))
        pairs = [
            [
                request
                for asked in _in_turn(issues[code] for code in counter.services)
                for request in (asked, calls[number])
            ]
            for number, counter in counters.items()
        ]
        rates = _at_once(plain, port, alike, pairs, settle)
    print("\n".join(PEERS))
    return _figures(floor, times, rates)


def _in_turn(issues: Iterable[Sequence[bytes]]) -> list[bytes]:
    """One of each service after the other."""
    return [request for round_of_all in zip(*issues, strict=True) for request in round_of_all]


def _fill(port: int, issues: Sequence[bytes]) -> None:
    """The line that is waiting in all that follows."""
    wire = Wire(port)
    for request in islice(cycle(issues), WAITING):
        check(wire.ask(request))
    wire.close()


def _one_client(
    bare: Callable[[], object], plain: int, port: int, issues: Sequence[bytes], call: bytes
) -> tuple[list[float], dict[str, list[float]]]:
    """One of each in turn, the bare transaction too; who is issued is called, so the line stays."""
    floor: list[float] = []
    beside, kiosk, clerk = Wire(plain), Wire(port), Wire(port)
    asked = {
        "a bare endpoint": (beside, cycle(issues)),
        "issue": (kiosk, cycle(issues)),
        "call next": (clerk, cycle([call])),
    }
    times: dict[str, list[float]] = {name: [] for name in asked}
    for _ in range(ROUNDS):
        floor.append(took(bare))
        for name, (wire, requests) in asked.items():
            request = next(requests)
            begun = time.perf_counter()
            answer = wire.ask(request)
            times[name].append((time.perf_counter() - begun) * 1e3)
            check(answer)
    for wire in (beside, kiosk, clerk):
        wire.close()
    return floor, times


def _at_once(
    plain: int,
    port: int,
    issues: Sequence[Sequence[bytes]],
    pairs: Sequence[Sequence[bytes]],
    settle: Callable[[], None],
) -> dict[str, tuple[list[float], list[float]]]:
    """The milliseconds of each answer, and the answers in a second of each turn."""
    asked = {
        f"a bare endpoint, {len(issues)} clients": (plain, issues),
        f"issue, {len(issues)} clients": (port, issues),
        f"issue and call next, {len(pairs)} clients": (port, pairs),
    }
    found: dict[str, tuple[list[float], list[float]]] = {name: ([], []) for name in asked}
    for _ in range(TURNS):
        for name, (at, clients) in asked.items():
            settle()
            times, rate = ask_at_once(at, clients, SECONDS)
            found[name][0].extend(times)
            found[name][1].append(rate)
    return found


def _figures(
    floor: Sequence[float],
    times: Mapping[str, Sequence[float]],
    rates: Mapping[str, tuple[Sequence[float], Sequence[float]]],
) -> list[Figure]:
    least = median(floor)
    figures = [Figure("floor: bare SQLite transaction, synced", floor)]
    for name, samples in times.items():
        target = "" if "bare" in name else "median <= 5x"
        figures.append(Figure(f"HTTP: {name}, one client", samples, floor=least, target=target))
    figures += [Figure(f"HTTP: {name}", samples) for name, (samples, _) in rates.items()]
    beside = median(next(iter(rates.values()))[1])
    for name, (_, samples) in rates.items():
        target = ">= 1000 /s" if name.startswith("issue,") else ""
        figures.append(Figure(f"HTTP: {name}", samples, "/s", beside, target))
    return figures


def _settle(store: Path, office: str) -> None:
    """Lets those beyond the first 500 go, so that the line is as long before each turn."""
    with closing(sqlite3.connect(store, timeout=PATIENCE)) as connection, connection:
        connection.execute(
            "UPDATE ticket SET state = 'cancelled' WHERE office = ? AND state = 'waiting' AND place"
            " > (SELECT place FROM ticket WHERE office = ? AND state = 'waiting'"
            " ORDER BY place LIMIT 1 OFFSET ?)",
            (office, office, WAITING),
        )
        connection.execute(
            "UPDATE waiting_line SET waiting = (SELECT COUNT(*) FROM ticket"
            " WHERE ticket.office = waiting_line.office AND ticket.day = waiting_line.day"
            " AND ticket.service = waiting_line.service AND ticket.line = waiting_line.line"
            " AND ticket.state = 'waiting' AND ticket.counter IS NULL)"
        )


def call_of(port: int, counter: int) -> bytes:
    """Signs a clerk in; returns the request for the next at the counter."""
    wire = Wire(port)
    answer = wire.ask(
        post("/api/session", {"clerk": f"bench{counter}", "pin": PIN, "counter": counter})
    )
    wire.close()
    cookie = re.search(r"(?i)^set-cookie: ([^;\r]+)", answer.head, re.MULTILINE)
    if answer.status != 200 or cookie is None:
        raise RuntimeError(f"{answer.status} {answer.body.decode()}")
    token = json.loads(answer.body)["csrf_token"]
    path = f"/api/counters/{counter}/next"
    return post(path, {}, f"Cookie: {cookie[1]}", f"X-CSRF-Token: {token}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def serving(module: Sequence[str], port: int) -> Iterator[subprocess.Popen[bytes]]:
    """A program of Python that answers at the port, until it is done with."""
    process = subprocess.Popen([sys.executable, "-m", *module], stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + PATIENCE
    try:
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield process
    finally:
        process.terminate()
        process.wait(PATIENCE)
