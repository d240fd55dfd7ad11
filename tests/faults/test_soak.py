"""A day's people of a hall within twenty-four minutes: nothing grows that would not stop growing.

They take and call as many numbers as in twenty-four hours. The clock is not moved: libfaketime
makes short sleeps fail, and with them what waits for the store. ``make soak`` runs it.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import linear_regression
from typing import TYPE_CHECKING, Final

from printer.virtual import VirtualPrinter
from tests.e2e.running import PIN, Hall
from tests.faults.findings import found
from tests.faults.people import People, rows
from tests.profile import LONG

if TYPE_CHECKING:
    from collections.abc import Sequence

    import psutil

SPEED: Final = 60
"""So many times as fast as in a hall: a number every ten seconds there."""
DAY_SECONDS: Final = 24 * 3600 / SPEED
LOOK_SECONDS: Final = 10.0
WARM_SHARE: Final = 0.25
"""Of the run is left out: what is kept ready fills up once."""
MOST_GROWTH_MB: Final = 1.0
"""In an hour of the office."""
MORE_HANDLES: Final = 3
"""So many more open at one moment than at another are chance: a call, a page."""
CLERKS: Final = (("lan", 1), ("hoa", 2))


@dataclass(slots=True)
class Seen:
    """Of one process: hours of the office since it began, memory of its own in MB, open files,
    threads."""

    hours: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    handles: list[int] = field(default_factory=list)
    threads: list[int] = field(default_factory=list)

    def look(self, process: psutil.Process, hours: float) -> None:
        self.hours.append(hours)
        self.memory.append(anonymous(process.pid))
        self.handles.append(process.num_fds())
        self.threads.append(process.num_threads())

    def growth(self) -> float:
        """MB in an hour of the office, once it is warm."""
        first = int(len(self.hours) * WARM_SHARE)
        return linear_regression(self.hours[first:], self.memory[first:]).slope

    def more(self, counted: Sequence[int]) -> int:
        """How many more there are at the end than once it was warm."""
        quarter = len(counted) // 4
        return max(counted[-quarter:]) - max(counted[quarter : 2 * quarter])


def anonymous(pid: int) -> float:
    """MB that the process made itself. What it has of libraries counts as its own or not by who
    else runs at that moment."""
    told = Path(f"/proc/{pid}/status").read_text("ascii", "replace")
    return int(told.partition("RssAnon:")[2].split()[0]) / 1e3


if LONG:

    def test_a_day_of_a_hall_leaks_neither_memory_nor_handles(tmp_path: Path) -> None:
        with VirtualPrinter(tcp=0) as printer:
            hall = Hall(tmp_path, printer.port)
            for login, _ in CLERKS:
                hall.kiosk("clerk", "add", login, "--name", login, given=f"{PIN}\n")
            hall.start()
            try:
                hall.wait()
                seen, tickets = _a_day(hall, printer)
            finally:
                hall.close()
        growth = {name: one.growth() for name, one in seen.items()}
        for name, one in seen.items():
            print(
                f"{name}: {one.memory[0]:.1f} MB, after {one.hours[-1]:.1f} h {one.memory[-1]:.1f}"
                f" MB, {growth[name]:+.2f} MB/h; {max(one.handles)} open files,"
                f" {max(one.threads)} threads"
            )
        worst = max(growth, key=lambda name: growth[name])
        for name, one in seen.items():
            assert growth[name] < MOST_GROWTH_MB, name
            assert one.more(one.handles) <= MORE_HANDLES, name
            assert one.more(one.threads) <= MORE_HANDLES, name
        found(
            "soak",
            "a day of 24 hours of people at sixty times their pace",
            f"{tickets} numbers taken, called and printed, the clock not moved",
            1,
            "what one sees on any day",
            f"nothing; memory grew most in {worst}: {growth[worst]:+.2f} MB in an hour of the"
            " office, no open file was left",
        )


def _a_day(hall: Hall, printer: VirtualPrinter) -> tuple[dict[str, Seen], int]:
    seen: dict[str, Seen] = {}
    first = hall.children()
    began = time.monotonic()
    look = threading.Event()
    with People(hall, CLERKS) as people:
        while (gone := time.monotonic() - began) < DAY_SECONDS:
            look.wait(LOOK_SECONDS)
            now = hall.children()
            assert {name: one.pid for name, one in now.items()} == {
                name: one.pid for name, one in first.items()
            }, hall.log()[-2000:]
            for name, process in now.items():
                seen.setdefault(name, Seen()).look(process, gone * SPEED / 3600)
    assert not people.bugs
    # Each day's numbers begin anew, none is missing in between.
    for day, given, last in rows(hall, "SELECT day, COUNT(*), MAX(n) FROM ticket GROUP BY day"):
        assert given == last, day
    assert people.tickets
    return seen, len(people.tickets)
