"""Clerks call while strangers look dossiers up: *next* with and without them, in turns that all
meet the same machine; and what the time of a "no" tells of a code."""

from __future__ import annotations

import multiprocessing
import random
import selectors
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from statistics import median
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from bench.crew import PIN
from bench.figures import Figure, took
from bench.web import PATIENCE, call_of, free_port, serving
from bench.wire import Wire, check, post
from kiosk.calendar import office_day
from kiosk.config import load
from kiosk.demo_dossiers import demo_dossiers
from kiosk.errors import Refused
from kiosk.office.centre import open_centre
from kiosk.office.clerks import add_clerk
from kiosk.office.dossiers import look_up
from kiosk.office.incoming import store_dossiers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from multiprocessing.connection import Connection
    from pathlib import Path

    from kiosk.office.centre import Centre

RATE: Final = 200
TURNS: Final = 8
SECONDS: Final = 1.5
"""Of a turn; at that rate fewer look-ups in all than the pages answer in a minute."""
WIRES: Final = 64
"""Enough for them, though a "no" is told late."""
FEW_WIRES: Final = 16
ANSWERS: Final = 25
"""Of each kind; in all no more than an hour allows."""
RATES: Final[Mapping[str, int | None]] = {
    "nobody": None,
    f"{RATE} look-ups a second": RATE,
    "as many as are answered": 0,
}

Told = tuple[list[float], Counter[int]]
"""The milliseconds of each answer, and how many of each status."""


@dataclass(frozen=True, slots=True)
class Strangers:
    """Where they ask for which codes, and how often in a second; 0 without a pause, None never."""

    public: int
    codes: Sequence[str]
    rate: int | None


@dataclass(frozen=True, slots=True)
class Clerk:
    """Where one works, and the requests for a number and for the next."""

    web: int
    issue: bytes
    call: bytes


def measure(config_path: Path, turns: int = TURNS) -> list[Figure]:
    """``config_path`` is an office of its own."""
    public = free_port()
    text = config_path.read_text("utf-8")
    text = text.replace("[public]\nenabled = false", "[public]\nenabled = true")
    config_path.write_text(text.replace("port = 8090", f"port = {public}"), "utf-8")
    config = load(config_path)
    centre = open_centre(config)
    demo = demo_dossiers(office_day(centre.clock(), centre.timezone))
    codes = [one.code for one in demo]
    store_dossiers(centre, demo, source="bench")
    add_clerk(centre, "bench1", "Bench", PIN)
    searched = _searches(centre, codes)
    issue = post("/api/tickets", {"service": centre.counters[1].services[0]})
    centre.database.close()
    command = ("kiosk", "run", "--role", "web", "--role", "public", "--config", str(config_path))
    called: dict[str, list[float]] = {name: [] for name in RATES}
    told: dict[str, Told] = {name: ([], Counter()) for name in RATES}
    with serving(command, config.web.port):
        _wait_for(public)
        clerk = Clerk(config.web.port, issue, call_of(config.web.port, 1))

        def turn(name: str) -> None:
            strangers = Strangers(public, codes, RATES[name])
            _turn(clerk, strangers, called[name], told[name])

        nobody, some, most = RATES
        for name in (nobody, some) * turns:
            turn(name)
        noes = _noes(public, codes)
        for _ in range(turns):
            turn(most)
    for name in (some, most):
        times, statuses = told[name]
        rate = len(times) / (turns * SECONDS)
        print(f"{name}: {rate:.0f} a second, by status {dict(sorted(statuses.items()))}")
    quiet = median(called[nobody])
    return [
        Figure(f"floor: next, {nobody} looks up", called[nobody]),
        Figure(f"next, {some}", called[some], floor=quiet, target="the same"),
        Figure(f"next, {most}", called[most], floor=quiet, target="the same"),
        *(Figure(f"a page, {name}", told[name][0]) for name in (some, most)),
        *(Figure(f"the search alone: {name}", times) for name, times in searched.items()),
        *(Figure(f"its page: {name}", times) for name, times in noes.items()),
    ]


def _searches(centre: Centre, codes: Sequence[str]) -> dict[str, list[float]]:
    """What the search itself takes, which the pages do not show."""
    found: dict[str, list[float]] = {"a wrong secret": [], "no such code": []}

    def search(code: str, asker: str) -> None:
        try:
            look_up(centre, code, "????", asker=asker)
        except Refused as refused:
            if refused.code != "no_such_dossier":
                raise

    # Each code once, by somebody else: after some wrong secrets nothing is searched any more.
    for n, code in enumerate(codes):
        asker = f"bench:{n}"
        found["a wrong secret"].append(took(partial(search, code, asker)))
        found["no such code"].append(took(partial(search, f"{code[:-4]}8{n:03d}", asker)))
    return found


def _noes(public: int, codes: Sequence[str]) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {"a wrong secret": [], "no such code": []}
    chance = random.Random(1)
    for n, known in enumerate(codes[:ANSWERS]):
        # Each code once: after five wrong secrets it would be held off.
        for name, code in zip(found, (known, f"{known[:-4]}9{n:03d}"), strict=True):
            with closing(Wire(public)) as wire:
                request = _asked(code, "????", chance)
                found[name].append(took(partial(wire.ask, request)))
    return found


def _turn(clerk: Clerk, strangers: Strangers, called: list[float], told: Told) -> None:
    """Presses *next* for a turn, while strangers ask."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    asking = context.Process(target=ask_around, args=(strangers, theirs))
    if strangers.rate is not None:
        asking.start()
        # The other end is the child's alone, so that nobody waits for one that has died.
        theirs.close()
        ours.recv()
    wire = Wire(clerk.web)
    begun = time.perf_counter()
    while time.perf_counter() - begun < SECONDS:
        check(wire.ask(clerk.issue))
        start = time.perf_counter()
        check(wire.ask(clerk.call))
        called.append((time.perf_counter() - start) * 1e3)
    wire.close()
    if strangers.rate is not None:
        times, statuses = ours.recv()
        told[0].extend(times)
        told[1].update(statuses)
        asking.join()


def ask_around(strangers: Strangers, told: Connection) -> None:
    """Each with an address of its own; half of them have a code that is there."""
    codes, rate = strangers.codes, strangers.rate
    chance = random.Random()
    free = [Wire(strangers.public) for _ in range(WIRES if rate else FEW_WIRES)]
    sent: dict[Wire, float] = {}
    times: list[float] = []
    statuses: Counter[int] = Counter()
    with selectors.DefaultSelector() as selector:
        for wire in free:
            selector.register(wire.socket, selectors.EVENT_READ, wire)
        told.send("ready")
        begun = now = time.perf_counter()
        asked = 0
        while now - begun < SECONDS or sent:
            while free and now - begun < SECONDS and (not rate or asked <= (now - begun) * rate):
                code = chance.choice(codes)
                wire, asked = free.pop(), asked + 1
                sent[wire] = time.perf_counter()
                wanted = code if chance.random() < 0.5 else _missing(code)
                wire.socket.sendall(_asked(wanted, "", chance))
            for key, _ in selector.select(0.001):
                answer = key.data.receive()
                if answer is not None:
                    times.append((time.perf_counter() - sent.pop(key.data)) * 1e3)
                    statuses[answer.status] += 1
                    free.append(key.data)
            now = time.perf_counter()
    told.send((times, statuses))
    for wire in free:
        wire.close()


def _missing(code: str) -> str:
    """A code of the same form that no dossier has."""
    return f"{code[:-4]}9999"


def _asked(code: str, secret: str, chance: random.Random) -> bytes:
    body = urlencode({"code": code, "secret": secret}).encode()
    source = ".".join(str(chance.randrange(1, 250)) for _ in range(4))
    lines = (
        "POST /tra-cuu HTTP/1.1",
        "Host: localhost",
        "Content-Type: application/x-www-form-urlencoded",
        f"X-Forwarded-For: {source}",
        f"Content-Length: {len(body)}",
    )
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            Wire(port).close()
        except ConnectionRefusedError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError("the pages for everybody do not answer")
