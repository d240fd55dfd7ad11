"""A hall with keypads of software: a real store, a real pty, and the process's own threads."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Self

from kiosk.keypads.line import Line
from kiosk.keypads.showing import words_of
from kiosk.keypads.station import HELD_SECONDS, Board, Station
from kiosk.keypads.work import Work
from kiosk.office import clerks, sessions
from kiosk.office.hall import read_board
from kiosk.office.tickets import take_ticket
from kiosk.presses import Keypad
from kiosk.texts import texts
from kiosk.tickets import Counter
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from kiosk.keypads.frames import Show
    from kiosk.keypads.virtual import VirtualLine
    from kiosk.office.centre import Centre
    from kiosk.presses import Key

PIN = "135790"


def hall_of(centre: Centre, counters: int) -> Centre:
    """The same office with so many counters for everything."""
    known = {n: Counter(n, ("A", "B"), "hall") for n in range(1, counters + 1)}
    return replace(centre, counters=known)


@dataclass
class Host:
    """What the process of the keypads runs, for one line; started and stopped at will."""

    centre: Centre
    device: str
    keypads: Iterable[int] = (1, 2)
    boards: Iterable[int] = (1, 2)
    baudrate: int = 115200
    said: dict[str, tuple[str, str]] = field(default_factory=dict)
    told: list[tuple[str, str, str]] = field(default_factory=list)

    def __enter__(self) -> Self:
        now, words = time.monotonic(), words_of(texts("en"))
        numbers = sorted({*self.keypads, *self.boards})
        self.work = Work(self.centre, numbers)
        self.line = Line(
            self.device,
            self.baudrate,
            [Station(Keypad(1, n, n), words, now) for n in self.keypads],
            [Board(n, n) for n in self.boards],
            self.work,
            self._report,
            clock=self.centre.wall,
            retry_seconds=(0.02,),
        )
        self._stop = threading.Event()
        self._feed = threading.Thread(target=self._follow, name="follow")
        self.work.start([self.line])
        self.line.start()
        self._feed.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._feed.join()
        self.line.stop()
        self.work.stop()

    def let_go(self, address: int) -> None:
        """Waits until the same key again is another press, and no key held down."""
        station = self.line._stations[address]
        until(lambda: station.pressed[1] < time.monotonic() - HELD_SECONDS)

    def _follow(self) -> None:
        for _ in self.centre.database.changes(self._stop):
            self.work.look()

    def _report(self, name: str, state: str, reason: str) -> None:
        self.said[name] = (state, reason)
        self.told.append((name, state, reason))


def sign_in(centre: Centre, counter: int) -> str:
    """A clerk at the counter; the token."""
    clerks.add_clerk(centre, f"clerk-{counter}", f"Clerk {counter}", PIN)
    return sessions.sign_in(centre, f"clerk-{counter}", PIN, counter).token


def take(centre: Centre, service: str = "A") -> str:
    return take_ticket(centre, service=service, actor="touch").place.ticket.number


def shown(line: VirtualLine, address: int) -> Show:
    show = line.keypads[address].show
    assert show is not None
    return show


def shows(line: VirtualLine, address: int, text: str) -> None:
    """Waits until the keypad shows it."""

    def holds() -> bool:
        show = line.keypads[address].show
        return show is not None and show.text == text

    until(holds)


def press(host: Host, line: VirtualLine, address: int, key: Key, digits: str = "") -> None:
    """A press that is another one than the last, until it is acknowledged."""
    host.let_go(address)
    keypad = line.keypads[address]
    acked = len(keypad.acked)
    assert line.press(address, key, digits)
    until(lambda: len(keypad.acked) == acked + 1)


def called(centre: Centre) -> list[str]:
    """Every call of the day, the first first."""
    return [call.number for call in reversed(read_board(centre).calls)]


class deaf:
    """The keypad tells its presses and does not hear what it is shown."""

    def __init__(self, line: VirtualLine, address: int) -> None:
        self._keypad = line.keypads[address]

    def __enter__(self) -> None:
        self._take = self._keypad._take
        self._keypad._take = lambda show: None

    def __exit__(self, *_: object) -> None:
        self._keypad._take = self._take


def link(folder: Path) -> Path:
    return folder / "keypads"
