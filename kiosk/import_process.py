"""The process that takes dossiers in by itself: from a folder, and from another program's address.

It is one of its own, so that a long file makes neither a window nor a clerk wait.
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from kiosk.errors import Refused, Unavailable
from kiosk.health import Health
from kiosk.import_folder import Folder, pauses
from kiosk.import_report import told_report
from kiosk.import_url import fetch
from kiosk.imports import aside_of, import_dossiers
from kiosk.mistakes import BadConfig
from kiosk.office import import_sources
from kiosk.office.centre import open_centre
from kiosk.processes import DONE, IDLE, RENEWED, on_stop_signals, stop_with_parent
from kiosk.renewal import Renewal
from kiosk.texts import operator_texts, told_to_technician

if TYPE_CHECKING:
    from collections.abc import Callable

    from kiosk.config import Config
    from kiosk.import_mapping import Words
    from kiosk.office.centre import Centre
    from kiosk.tables import ImportReport

log = logging.getLogger(__name__)

DEVICE: Final = "import"
LOOK_SECONDS: Final = 1.0
_PAUSES: Final = (5.0, 15.0, 60.0, 300.0)
"""Seconds until what was away is tried again."""


class _Stopped(Exception):
    """Told to stop in the middle of a file, which goes on at the next start."""


def run_import(config: Config, *, child: bool = False) -> int:
    """Takes in what comes until stopped. Refused: no_import, to whoever asks for nothing else."""
    if not config.imports.has_work:
        if not child:
            raise Refused("no_import")
        return IDLE
    stop, anew = threading.Event(), threading.Event()
    on_stop_signals(stop.set)
    if child:
        stop_with_parent(stop.set)
    centre = open_centre(config)
    with Health(centre) as health, Renewal(config, partial(_renew, config, stop, anew)):
        Taking(config, centre, partial(health.report, DEVICE), stop).run()
    centre.database.close()
    return RENEWED if anew.is_set() else DONE


def _renew(before: Config, stop: threading.Event, anew: threading.Event, config: Config) -> None:
    if _ground(config) != _ground(before):
        anew.set()
        stop.set()


def _ground(config: Config) -> tuple[object, ...]:
    return (
        config.imports,
        config.office,
        config.kiosk,
        config.store,
        config.calendar,
        config.dossiers,
    )


class Taking:
    """All that one kiosk takes in; ``report`` takes a state and its reason."""

    def __init__(
        self,
        config: Config,
        centre: Centre,
        report: Callable[[str, str], None],
        stop: threading.Event,
    ) -> None:
        self._settings = config.imports
        self._beside = config.beside
        self._centre = centre
        self._report = report
        self._stop = stop
        self._texts = operator_texts()
        folder = self._settings.folder
        self._folder = Folder(config.beside(folder), centre.kiosk) if folder else None
        self._pulled = config.beside_store("pulled")
        self._pull_due = 0.0
        self._told = ""

    def run(self) -> None:
        waits = pauses(_PAUSES)
        while not self._stop.is_set():
            try:
                # Read anew each time, so that a mended file of words is in use at once.
                words = self._settings.words(self._beside)
                self._work(words)
            except _Stopped:
                break
            except BadConfig as bad:
                self._fault("import_mapping", str(bad))
                pause = next(waits)
            except Unavailable as error:
                self._fault(error.code, told_to_technician(error, self._texts))
                pause = next(waits)
            else:
                waits, pause = pauses(_PAUSES), LOOK_SECONDS
            self._stop.wait(pause)

    def _work(self, words: Words) -> None:
        if self._folder is not None:
            while not self._stop.is_set() and (path := self._folder.next()) is not None:
                self._take(self._folder, path, words)
            self._folder.clear(self._settings.keep_days, time.time())
        if self._settings.url and time.monotonic() >= self._pull_due:
            self._pull(words)
            self._pull_due = time.monotonic() + 60 * self._settings.every_minutes
        if self._folder is not None and self._folder.has_failed():
            self._report("warning", "import_failed")
        else:
            self._report("ok", "")
        self._told = ""

    def _take(self, folder: Folder, path: Path, words: Words) -> None:
        """One file of the folder. What is refused of it is told beside it."""
        local = self._centre.wall().astimezone(self._centre.timezone)
        try:
            report = import_dossiers(self._centre, path, words=words, progress=self._go_on)
        except Refused as error:
            # By its name: it does not stay where it was read.
            named = Refused(error.code, **{**error.facts, "path": path.name})
            told = told_to_technician(named, self._texts)
            log.warning("%s", told)
            folder.put_aside(path, f"{told}\n", local)
            return
        aside = aside_of(path)
        self._log(report, aside)
        lines = told_report(report, self._texts, Path(aside.name), dry=False)
        folder.put_away(path, [aside], "\n".join((*lines, "")), local)

    def _pull(self, words: Words) -> None:
        """What stands at the address, where it has changed there."""
        settings, centre = self._settings, self._centre
        key = settings.key(self._beside)
        if key is None:
            raise Unavailable("import_key_unread", path=self._beside(settings.key_file))
        known = import_sources.known(centre, settings.url)
        try:
            version = fetch(settings.url, key, known, self._pulled, self._stop.is_set)
            if version is None:
                return
            try:
                report = import_dossiers(
                    centre,
                    self._pulled,
                    words=words,
                    source=urlsplit(settings.url).hostname or "",
                    progress=self._go_on,
                )
            except Refused as error:
                raise Unavailable(
                    "import_unusable", why=told_to_technician(error, self._texts)
                ) from error
            self._log(report, aside_of(self._pulled))
            import_sources.note(centre, settings.url, version)
        finally:
            self._pulled.unlink(missing_ok=True)

    def _log(self, report: ImportReport, aside: Path) -> None:
        """The counts alone: a reason may quote a cell, and in the wrong column stands a name."""
        for line in told_report(replace(report, rejected=()), self._texts, aside, dry=False):
            log.info("%s", line)

    def _go_on(self, done: int, of: int) -> None:
        if self._stop.is_set():
            raise _Stopped

    def _fault(self, code: str, told: str) -> None:
        """Once in the log, however often it is tried."""
        if told != self._told:
            log.warning("%s", told)
            self._told = told
        self._report("fault", code)
