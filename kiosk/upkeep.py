"""The process that keeps the office: makes copies of its store by itself and deletes old ones, and
tells the technician what broke.

It is one of its own, so that neither a window nor a clerk waits for a slow medium.
"""

from __future__ import annotations

import logging
import time
from contextlib import nullcontext
from functools import partial
from typing import TYPE_CHECKING, Final

from kiosk import alerts
from kiosk.alerting import Alerting
from kiosk.backups import back_up, copies, rotate, same_disk
from kiosk.disks import COPIES, apart, judged, look
from kiosk.errors import Refused, Unavailable
from kiosk.life import MIGRATION_SECONDS, WORK_SECONDS, Part
from kiosk.office import devices
from kiosk.office.centre import open_centre
from kiosk.processes import IDLE
from kiosk.serving import serve_office
from kiosk.texts import operator_texts, told_to_technician

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable
    from pathlib import Path

    from kiosk.config import Config
    from kiosk.health import Health
    from kiosk.life import Life
    from kiosk.office.centre import Centre

log = logging.getLogger(__name__)

DEVICE: Final = "backup"
LOOK_SECONDS: Final = 1.0
LONG_SECONDS: Final = 3600.0
"""For one copy: some gigabytes to a slow stick, read back once."""
RETRY_SECONDS: Final = 60.0
"""Until what could not be copied is tried again: a medium is plugged in, a share comes back."""


def run_upkeep(config: Config, life: Life) -> int:
    """Keeps the office until stopped."""
    unused = _unused(config)
    if not (config.backup.folder or config.alerts.has_roads):
        _forget(config, unused)
        return IDLE

    def work(centre: Centre, health: Health, stop: threading.Event) -> None:
        for name in unused:
            health.forget(name)
        tells = config.alerts.has_roads
        with (
            Alerting(config, centre, health) if tells else nullcontext(),
            life.part("upkeep", WORK_SECONDS, MIGRATION_SECONDS) as part,
        ):
            if config.backup.folder:
                Keeping(config, centre, health.report, stop, part).run()
            else:
                while not stop.wait(LOOK_SECONDS):
                    part.beat()

    return serve_office(config, _ground, work, life)


def _ground(config: Config) -> tuple[object, ...]:
    return (
        config.backup, config.alerts, config.disk, config.office, config.kiosk, config.store,
    )  # fmt: skip


def _unused(config: Config) -> list[str]:
    """What this process told of before kiosk.toml took it away, if it did."""
    copies = [] if config.backup.folder else [DEVICE, COPIES]
    return copies if config.alerts.has_roads else [*copies, alerts.DEVICE]


def _forget(config: Config, names: list[str]) -> None:
    centre = open_centre(config)
    try:
        for name in names:
            devices.forget(centre, name)
    except (Unavailable, Refused) as error:
        log.warning("put off until the next start: %s", error)
    finally:
        centre.database.close()


class Keeping:
    """The copies of one kiosk; ``report`` takes the name of a device, its state and its reason;
    ``part`` is beaten."""

    def __init__(
        self,
        config: Config,
        centre: Centre,
        report: Callable[[str, str, str], None],
        stop: threading.Event,
        part: Part | None = None,
    ) -> None:
        self._part = part or Part()
        self._settings = config.backup
        self._folder: Path = config.beside(config.backup.folder)
        self._store = config.store_path
        self._centre = centre
        self._report_device = report
        self._report = partial(report, DEVICE)
        self._stop = stop
        self._told = ""
        self._disks = apart({**config.disks, COPIES: self._folder})

    def run(self) -> None:
        left = self._seconds_left()
        if left:
            self._tell_well()
        due = time.monotonic() + left
        while not self._stop.wait(LOOK_SECONDS):
            self._part.beat()
            self._tell_room()
            if time.monotonic() >= due:
                with self._part.at_length(LONG_SECONDS):
                    made = self.copy()
                every = 60.0 * self._settings.every_minutes
                due = time.monotonic() + (every if made else min(every, RETRY_SECONDS))

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
