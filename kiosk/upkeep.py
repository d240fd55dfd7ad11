"""The process that keeps the office: erases what tells of people when its time is over, makes
copies of the store by itself and deletes old ones, and tells the technician what broke.

It is one of its own, so that neither a window nor a clerk waits for a slow medium.
"""

from __future__ import annotations

import logging
import shutil
import time
from contextlib import nullcontext, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kiosk import alerts, reserve
from kiosk.alerting import Alerting
from kiosk.backups import back_up, copies, rotate, same_disk
from kiosk.disks import COPIES, apart, judged, look
from kiosk.errors import Refused, Unavailable
from kiosk.installation.booted import UPDATE
from kiosk.installation.places import UNFINISHED
from kiosk.leftovers import pictures, sweep
from kiosk.life import MIGRATION_SECONDS, WORK_SECONDS
from kiosk.office.erasing import erase_overdue, is_due
from kiosk.rescue import inspect_store, way_back
from kiosk.serving import serve_office
from kiosk.streaming import DEVICE as STREAM
from kiosk.streaming import Streaming
from kiosk.texts import operator_texts, told_to_technician

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable

    from kiosk.config import Config
    from kiosk.health import Health
    from kiosk.life import Life
    from kiosk.office.centre import Centre
    from kiosk.retention_config import Bounds

log = logging.getLogger(__name__)

DEVICE: Final = "backup"
ERASER: Final = "retention"
DATA: Final = "data"
RESERVE: Final = "reserve"
LOOK_SECONDS: Final = 1.0
LONG_SECONDS: Final = 3600.0
"""For one look: some gigabytes copied to a slow stick and read back, or looked through."""
INSPECT_SECONDS: Final = 24 * 3600.0
"""Between two looks through the whole store."""
UPDATE_SECONDS: Final = 600.0
"""No update that goes on takes as long from its switch to its end: at most two minutes there, and
two back."""
RETRY_SECONDS: Final = 60.0
"""Until what could not be done is tried again: a medium is plugged in, a share comes back."""


def run_upkeep(config: Config, life: Life) -> int:
    """Keeps the office until stopped."""

    def work(centre: Centre, health: Health, stop: threading.Event) -> None:
        for name in _unused(config):
            health.forget(name)
        stream = None
        if config.backup.stream and config.store_path is not None:
            stream = Streaming(config, partial(health.report, STREAM))
        tasks = [
            Updating(health).look,
            Reserving(config, health).look,
            Inspecting(config, centre, health).look,
            Erasing(config, centre, health, stop, stream).look,
        ]
        if stream is not None:
            tasks.append(stream.look)
        if config.backup.folder:
            tasks.append(Keeping(config, centre, health.report).look)
        tells = config.alerts.has_roads
        try:
            with (
                Alerting(config, centre, health) if tells else nullcontext(),
                life.part("upkeep", WORK_SECONDS, MIGRATION_SECONDS) as part,
            ):
                while not stop.wait(LOOK_SECONDS):
                    part.beat()
                    with part.at_length(LONG_SECONDS):
                        for each in tasks:
                            each()
        finally:
            if stream is not None:
                stream.stop()

    return serve_office(config, _ground, work, life)


def _ground(config: Config) -> tuple[object, ...]:
    return (
        config.alerts,
        config.backup,
        config.disk,
        config.retention,
        config.office,
        config.kiosk,
        config.store,
        config.imports,
        config.printer,
    )


def _unused(config: Config) -> list[str]:
    """What this process told of before kiosk.toml took it away, if it did."""
    unused = [] if config.backup.folder else [DEVICE, COPIES]
    unused += [] if config.backup.stream and config.store_path is not None else [STREAM]
    return unused if config.alerts.has_roads else [*unused, alerts.DEVICE]


class Updating:
    """An update that the power broke off: it stands in the health record until somebody finishes
    it. ``note`` is there while one is under way."""

    def __init__(self, health: Health, note: Path = Path(UNFINISHED)) -> None:
        self._health, self._note = health, note
        self._is_told = False
        health.forget(UPDATE)

    def look(self) -> None:
        begun = float("inf")
        with suppress(OSError):
            begun = self._note.stat().st_mtime
        broken = time.time() - begun > UPDATE_SECONDS
        if broken:
            self._health.report(UPDATE, "fault", "update_unfinished")
        elif self._is_told:
            self._health.forget(UPDATE)
        self._is_told = broken


class Reserving:
    """The room that is kept for the day on which the disk is full; it stands in the health record
    only while that is used up."""

    def __init__(self, config: Config, health: Health) -> None:
        self._config = config
        self._store = config.store_path
        self._health = health
        self._had = reserve.place(self._store).exists() if self._store else False
        self._is_told = False

    def look(self) -> None:
        if self._store is None:
            return
        with suppress(OSError):
            there = reserve.keep(self._store)
            if there:
                if self._is_told or not self._had:
                    self._health.forget(RESERVE)
                self._had, self._is_told = True, False
            elif shutil.disk_usage(self._store.parent).free < reserve.AMPLE:
                self._used_up(self._store)

    def _used_up(self, store: Path) -> None:
        if shutil.disk_usage(store.parent).free < reserve.LOW:
            reserve.thin_out(pictures(self._config), reserve.LOW)
        if not self._is_told:
            log.error("the disk is full; room for %d tickets is left", reserve.tickets_left(store))
            self._is_told = True
        self._health.report(RESERVE, "warning", "reserve_given")


class Inspecting:
    """The store, looked through at the start and each day, beside the hall: it stands in the health
    record only while something is wrong with it, and the log names what puts it right."""

    def __init__(self, config: Config, centre: Centre, health: Health) -> None:
        self._config = config
        self._centre = centre
        self._health = health
        self._due = 0.0
        self._told = ""

    def look(self) -> None:
        if time.monotonic() < self._due:
            return
        words = operator_texts()
        try:
            reason = inspect_store(self._config, self._centre)
        except (Refused, Unavailable) as error:
            # It is away, which is told by whoever needs it; damaged it says so at once.
            self._due = time.monotonic() + RETRY_SECONDS
            reason = "data_damaged" if error.code == "store_damaged" else ""
        else:
            self._due = time.monotonic() + INSPECT_SECONDS
        if reason and reason != self._told:
            told = words.say(f"device.{reason}")
            log.error("%s: %s %s", self._centre.database.place, told,
                      way_back(self._config, self._centre, words))  # fmt: skip
            # One that lost its end and works on is no fault any more: its own copies tell of that
            # as long as they are kept.
            state = "warning" if reason == "data_older" else "fault"
            self._health.report(DATA, state, reason)
        elif not reason:
            self._health.forget(DATA)
        self._told = reason


class Erasing:
    """What tells of people, erased once a day; it stands in the health record only while it cannot
    be."""

    def __init__(
        self,
        config: Config,
        centre: Centre,
        health: Health,
        stop: threading.Event,
        stream: Streaming | None = None,
    ) -> None:
        self._config = config
        self._centre = centre
        self._health = health
        self._stop = stop
        self._stream = stream
        self._due = 0.0
        self._told = ""
        self._stuck: Path | None = None
        self._left = True
        """Whether bytes of what was erased, now or by a process before, may be left in the log."""
        health.forget(ERASER)

    def look(self) -> None:
        if time.monotonic() < self._due:
            return
        self._due = time.monotonic() + RETRY_SECONDS
        try:
            if is_due(self._centre):
                self._erase()
            if self._left:
                self._scrub()
        except (Refused, Unavailable) as error:
            if self._told != error.code:
                log.error("%s", told_to_technician(error, operator_texts()))
                self._told = error.code
                self._health.report(ERASER, "fault", "retention_failed")
        else:
            if self._told:
                self._told = ""
                self._tell_files()

    def _erase(self) -> None:
        erased = erase_overdue(
            self._centre, self._config.retention, sweep=self._sweep, stopped=self._stop.is_set
        )
        if self._stop.is_set():
            return
        self._left = True
        log.info("erased: %s", ", ".join(f"{n} {kind}" for kind, n in erased.items()) or "nothing")
        if self._stuck is not None:
            log.error("cannot be removed: %s", self._stuck)
        self._told = ""
        self._tell_files()

    def _tell_files(self) -> None:
        """All went well, but for a file that stays."""
        if self._stuck is not None:
            self._health.report(ERASER, "warning", "retention_files")
        else:
            self._health.forget(ERASER)

    def _scrub(self) -> None:
        if self._stream is not None:
            # It reads the log all the time, and begins anew with what is there then.
            self._stream.stop()
        if self._centre.database.scrub():
            self._left = False

    def _sweep(self, before: Bounds) -> int:
        swept = sweep(self._config, before)
        self._stuck = swept.stuck
        return swept.removed


class Keeping:
    """The copies of one kiosk; ``report`` takes the name of a device, its state and its reason."""

    def __init__(
        self, config: Config, centre: Centre, report: Callable[[str, str, str], None]
    ) -> None:
        self._settings = config.backup
        self._folder: Path = config.beside(config.backup.folder)
        self._store = config.store_path
        self._centre = centre
        self._report_device = report
        self._report = partial(report, DEVICE)
        self._told = ""
        self._disks = apart({**config.disks, COPIES: self._folder})
        left = self._seconds_left()
        if left:
            self._tell_well()
        self._due = time.monotonic() + left

    def look(self) -> None:
        self._tell_room()
        if time.monotonic() >= self._due:
            made = self.copy()
            every = 60.0 * self._settings.every_minutes
            self._due = time.monotonic() + (every if made else min(every, RETRY_SECONDS))

    def _tell_room(self) -> None:
        """The room on the medium, where that is a disk of its own and there."""
        if COPIES in self._disks and (room := look(self._folder)) is not None:
            self._report_device(COPIES, *judged(room, self._centre.disk_rules))

    def copy(self) -> bool:
        """Makes a copy and deletes what is outlived; says whether that went well."""
        try:
            made = back_up(self._centre, self._folder)
        except (Refused, Unavailable) as error:
            if error.code != self._told:
                log.error("%s", told_to_technician(error, operator_texts()))
            self._told = error.code
            self._report("fault", error.code)
            return False
        settings = self._settings
        gone = rotate(
            self._folder, self._centre.code, made.copy.at, settings.keep_hours, settings.keep_days
        )
        log.info(
            "%s: event %d, %d bytes in %.1f s; %d older ones deleted",
            made.copy.path.name, made.seq, made.size, made.seconds, len(gone),
        )  # fmt: skip
        self._told = ""
        self._tell_well()
        return True

    def _tell_well(self) -> None:
        if self._store is not None and same_disk(self._folder, self._store):
            self._report("warning", "backup_same_disk")
        else:
            self._report("ok", "")

    def _seconds_left(self) -> float:
        """Until the next copy is due, after the latest one that there is."""
        found = copies(self._folder, self._centre.code)
        if not found:
            return 0.0
        age = (self._centre.wall() - found[0].at).total_seconds()
        return max(0.0, 60.0 * self._settings.every_minutes - age)
