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
from statistics import median
from typing import TYPE_CHECKING, Final

from bench.figures import Figure, took
from bench.floor import bare_sqlite
from bench.past import WAITING
from bench.store import PEERS
from bench.wire import Wire, ask_at_once, post
from kiosk.config import load
from kiosk.office.centre import open_centre
from kiosk.office.clerks import add_clerk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

CLIENTS: Final = 8
SECONDS: Final = 1.0
TURNS: Final = 5
"""Everything is measured in so many turns of a second each, so that all meet the same machine."""

PIN: Final = "135790"
PATIENCE: Final = 20.0


def measure(config_path: Path) -> list[Figure]:
    config = load(config_path)
    folder, port = config_path.parent, config.web.port
    centre = open_centre(config)
    counters = list(centre.counters)[:CLIENTS]
    for number in counters:
        add_clerk(centre, f"bench{number}", "Bench", PIN)
    codes = list(centre.services)
    centre.database.close()
    issues = [post("/api/tickets", {"service": codes[n % len(codes)]}) for n in range(CLIENTS)]
    bare = bare_sqlite(folder / "floor.db")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        plain = probe.getsockname()[1]
    kiosk = ("kiosk", "run", "--role", "web", "--config", str(config_path))
    with (
        _serving(("bench.bare", str(plain), str(folder / "bare.db")), plain),
        _serving(kiosk, port),
    ):
        calls = [_call(port, number) for number in counters]
        settle = partial(_settle, config.store_path, config.office.unit_code)
        figures = _turns(bare, settle, plain, port, issues, calls)
    print("\n".join(PEERS))
    return figures


def _turns(
    bare: Callable[[], object],
    settle: Callable[[], None],
    plain: int,
    port: int,
    issues: Sequence[bytes],
    calls: Sequence[bytes],
) -> list[Figure]:
    floor: list[float] = []
    ask_at_once(port, issues, SECONDS)
    what = {
        "a bare endpoint, one client": (plain, issues[:1]),
        "issue, one client": (port, issues[:1]),
        "call next, one client": (port, calls[:1]),
        f"a bare endpoint, {CLIENTS} clients": (plain, issues),
        f"issue, {CLIENTS} clients": (port, issues),
        f"call next, {len(calls)} clients": (port, calls),
    }
    times: dict[str, list[float]] = {name: [] for name in what}
    rates: dict[str, list[float]] = {name: [] for name in what}
    for _ in range(TURNS):
        floor += [took(bare) for _ in range(100)]
        for name, (at, requests) in what.items():
            settle()
            found, rate = ask_at_once(at, requests, SECONDS)
            times[name] += found
            rates[name].append(rate)
    least = median(floor)
    figures = [Figure("floor: bare SQLite transaction, synced", floor)]
    for name, samples in times.items():
        target = "median <= 5x" if name in ("issue, one client", "call next, one client") else ""
        figures.append(Figure(f"HTTP: {name}", samples, floor=least, target=target))
    beside = median(rates[f"a bare endpoint, {CLIENTS} clients"])
    for name, samples in rates.items():
        if "clients" in name:
            target = ">= 1000 /s" if name.startswith("issue") else ""
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


def _call(port: int, counter: int) -> bytes:
    """Signs a clerk in; returns the request for the next at the counter."""
    wire = Wire(port)
    answer = wire.ask(
        post("/api/session", {"clerk": f"bench{counter}", "pin": PIN, "counter": counter})
    )
    wire.socket.close()
    cookie = re.search(r"(?i)^set-cookie: ([^;\r]+)", answer.head, re.MULTILINE)
    if answer.status != 200 or cookie is None:
        raise RuntimeError(f"{answer.status} {answer.body.decode()}")
    token = json.loads(answer.body)["csrf_token"]
    path = f"/api/counters/{counter}/next"
    return post(path, {}, f"Cookie: {cookie[1]}", f"X-CSRF-Token: {token}")


@contextmanager
def _serving(module: Sequence[str], port: int) -> Iterator[None]:
    process = subprocess.Popen([sys.executable, "-m", *module], stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + PATIENCE
    try:
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait(PATIENCE)
