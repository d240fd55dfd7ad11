"""Signs of life: a process shows its supervisor that its work goes on; else it is ended.

What a process does stands in parts: a thread, an event loop, what its windows show. Each beats
from where its work is done. A thread of its own looks at all of them and writes a tick on the pipe
that the supervisor gave, twice a second, as long as none is late; else it writes which one is.
"""

from __future__ import annotations

import os
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

BEAT_SECONDS: Final = 0.5
"""Between two ticks, and between two beats of a part that has nothing else to do."""
WORK_SECONDS: Final = 30.0
"""A part that asks the store or a device: the store gives up after three seconds (five, where it is
a server), a printer after less than ten, and some of that may come together."""
STORE_SECONDS: Final = 60.0
"""A round of writing that has not come back by then never will: each statement gives up sooner."""
MIGRATION_SECONDS: Final = 1800.0
"""Until the first beat of a part that asks the store, which may be brought up to date by that: two
million tickets on a slow disk."""
START_SECONDS: Final = 60.0
"""Until a process is at work: windows on the slowest PC, with nothing of the program in memory."""
SETTLE_SECONDS: Final = 5.0
"""From ready until the first work is done and all that it needs is in memory."""
END_SECONDS: Final = 15.0
"""From the end of the work to the end of the process."""

READY: Final = b"ready"
TICK: Final = b"tick"
LATE: Final = b"late "


@dataclass(frozen=True, slots=True)
class Restart:
    """Why the process was started again: its forerunner "hung" or "died"; how often that has
    happened today."""

    why: str
    times: int

    def __str__(self) -> str:
        return f"{self.why}:{self.times}"

    @classmethod
    def read(cls, text: str) -> Restart:
        """ValueError."""
        why, _, times = text.partition(":")
        return cls(why, int(times))


class Part:
    """One thing that a process does; it beats at least as often as its patience says."""

    def __init__(
        self,
        name: str = "",
        patience: float = WORK_SECONDS,
        first: float = WORK_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = name
        self._patience = patience
        self._clock = clock
        self._due = clock() + first

    def beat(self) -> None:
        self._due = self._clock() + self._patience

    @property
    def late(self) -> bool:
        return self._clock() > self._due

    @contextmanager
    def at_length(self, seconds: float) -> Iterator[None]:
        """Work that lawfully takes long: inside, a beat is due after so many seconds only."""
        patience, self._patience = self._patience, seconds
        self.beat()
        try:
            yield
        finally:
            self._patience = patience
            self.beat()


class Life:
    """The parts of one process and their tick.

    ``process`` is its name, ``tells`` the pipe of the supervisor, where there is one; ``start`` are
    the seconds until it must be ``ready``; ``settled`` is called SETTLE_SECONDS later.
    """

    def __init__(
        self,
        process: str = "",
        tells: int | None = None,
        restart: Restart | None = None,
        *,
        start: float = START_SECONDS,
        settled: Callable[[], None] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.process = process
        self.restart = restart
        self._tells = tells
        self._settled = settled
        self._settled_at: float | None = None
        self._clock = clock
        self._lock = threading.Lock()
        self._parts: list[Part] = []
        self._start: Part | None = self._add(Part("start", start, start, clock))
        if tells is not None:
            os.set_blocking(tells, False)
            # A daemon: it is to tick until the very end, and nothing is lost with it.
            threading.Thread(target=self._run, name="life", daemon=True).start()

    @contextmanager
    def part(self, name: str, patience: float, first: float | None = None) -> Iterator[Part]:
        """A part for as long as it is held, with ``first`` seconds until its first beat."""
        part = self._add(Part(name, patience, patience if first is None else first, self._clock))
        try:
            yield part
        finally:
            self._remove(part)

    def ready(self) -> None:
        """The process is at work, or waits for what only others can do. Harmless when repeated."""
        start, self._start = self._start, None
        if start is not None:
            self._remove(start)
            self._settled_at = self._clock() + SETTLE_SECONDS
            self._tell(READY)

    def ends(self) -> None:
        """The work is over, and so is the process within END_SECONDS."""
        self._add(Part("end", END_SECONDS, END_SECONDS, self._clock))

    def late(self) -> str | None:
        """The name of a part that is late."""
        with self._lock:
            return next((part.name for part in self._parts if part.late), None)

    def _add(self, part: Part) -> Part:
        with self._lock:
            self._parts.append(part)
        return part

    def _remove(self, part: Part) -> None:
        with self._lock:
            self._parts.remove(part)

    def _run(self) -> None:
        pause = threading.Event()
        while True:
            late = self.late()
            self._tell(TICK if late is None else LATE + late.encode())
            if self._settled_at is not None and self._clock() >= self._settled_at:
                self._settled_at = None
                if self._settled is not None:
                    self._settled()
            pause.wait(BEAT_SECONDS)

    def _tell(self, word: bytes) -> None:
        """Nobody waits for a supervisor that does not listen; without one the process ends."""
        if self._tells is not None:
            with suppress(OSError):
                os.write(self._tells, word + b"\n")
