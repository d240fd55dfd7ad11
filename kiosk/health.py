"""The signs of life that one process gives of its devices."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from kiosk.disks import LOG
from kiosk.errors import Refused, Unavailable
from kiosk.life import MIGRATION_SECONDS, STORE_SECONDS, Life
from kiosk.office import devices, restarts

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from types import TracebackType

    from kiosk.office.centre import Centre

log = logging.getLogger(__name__)

REPEAT_SECONDS: Final = 5.0


@dataclass(frozen=True, slots=True)
class Trouble:
    """The code of what keeps the store away, and the moment at which that was found."""

    code: str
    since: datetime


class Outage:
    """Remembers when the store's trouble began, whatever it turns into until it ends."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self.trouble: Trouble | None = None

    def note(self, code: str | None) -> None:
        """What the last use of the store met; None when all was well."""
        if code is None:
            self.trouble = None
        else:
            since = self.trouble.since if self.trouble else self._clock()
            self.trouble = Trouble(code, since)


class Health:
    """Takes what devices say from any thread and writes it to the store on a thread of its own.

    That thread is a part of ``life``; that the process was started again is a device of its own.

    Nobody who reports waits for the store; a store that is away is told of once, and what was
    said meanwhile is written when it is back.
    """

    def __init__(self, centre: Centre, life: Life | None = None) -> None:
        self._centre = centre
        self._life = life or Life()
        self._said: dict[str, tuple[str, str]] = {}
        # What a process that died told of, or kiosk.toml has no more.
        self._gone = {devices.FEED, *({LOG} - centre.disks.keys())}
        self._lock = threading.Lock()
        self._news = threading.Event()
        self._stopped = False
        self._clock_differs = False
        self._was_deaf = False
        self._outage = Outage(centre.wall)
        self._thread = threading.Thread(target=self._run, name="health")
        self._notes: list[Callable[[], None]] = []
        self._calm_at = self._tell_restart(self._life)

    def __enter__(self) -> Health:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._calm_at is not None:
            # Whoever is not started again, or tomorrow, would leave it standing.
            self.forget(f"{restarts.DEVICE}{self._life.process}")
        self._stopped = True
        self._news.set()
        self._thread.join()

    def report(self, name: str, state: str, reason: str = "") -> None:
        with self._lock:
            before = self._said.get(name)
            self._said[name] = (state, reason)
            self._gone.discard(name)
        if before != (state, reason):
            log.info("%s: %s %s", name, state, reason)
            self._news.set()

    def withdraw(self, name: str) -> None:
        """Says nothing more of the device: another machine does."""
        with self._lock:
            self._said.pop(name, None)

    def forget(self, name: str) -> None:
        """Drops it from the record too: there is nothing to tell of it any more."""
        with self._lock:
            self._said.pop(name, None)
            self._gone.add(name)
        self._news.set()

    def trouble(self) -> Trouble | None:
        """What kept the last sign of life from being written, if anything did."""
        return self._outage.trouble

    def _tell_restart(self, life: Life) -> float | None:
        """Says that this process was started again, and returns when that is history (monotonic
        seconds)."""
        if not life.process:
            return None
        name, restart = f"{restarts.DEVICE}{life.process}", life.restart
        if restart is None:
            self.forget(name)
            return None
        reason = restarts.reason_of(restart.why, restart.times)
        self._notes.append(
            partial(restarts.note, self._centre, name, reason, restart.times),
        )
        self.report(name, restarts.state_of(reason), reason)
        return time.monotonic() + restarts.CALM_SECONDS

    def _run(self) -> None:
        with self._life.part("store", STORE_SECONDS, MIGRATION_SECONDS) as part:
            while True:
                self._news.clear()
                ending = self._stopped
                if self._calm_at is not None and time.monotonic() >= self._calm_at:
                    self._calm_at = None
                    self.forget(f"{restarts.DEVICE}{self._life.process}")
                self._write()
                part.beat()
                if ending:
                    return
                self._news.wait(REPEAT_SECONDS)

    def _write(self) -> None:
        with self._lock:
            said, gone = dict(self._said), set(self._gone)
        try:
            while self._notes:
                self._notes[0]()
                del self._notes[0]
            for name in gone:
                devices.forget(self._centre, name)
            with self._lock:
                self._gone -= gone
            own = devices.machine_states(self._centre)
            if (trouble := self._outage.trouble) is not None:
                devices.report_outage(self._centre, trouble.code, trouble.since)
            devices.report_all(self._centre, {**own, **self._deaf(), **said})
            self._tell_clock(own[devices.CLOCK] != devices.ALL_WELL)
        except (Unavailable, Refused) as error:
            if self._outage.trouble is None:
                log.warning("health cannot be written: %s", error)
            self._outage.note(error.code)
        else:
            if self._outage.trouble is not None:
                log.info("health can be written again")
            self._outage.note(None)

    def _deaf(self) -> dict[str, tuple[str, str]]:
        """The feed of changes, as long as this process does not hear it; the process that hears it
        again takes that back."""
        if self._centre.database.deaf:
            self._was_deaf = True
            return {devices.FEED: ("warning", "feed_deaf")}
        if self._was_deaf:
            devices.forget(self._centre, devices.FEED)
            self._was_deaf = False
        return {}

    def _tell_clock(self, differs: bool) -> None:
        if differs != self._clock_differs:
            told = "differs from the store's" if differs else "is right again"
            log.warning("the clock of this machine %s", told)
        self._clock_differs = differs
