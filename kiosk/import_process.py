"""The process that takes dossiers in by itself: from a folder, and from another program's address.

It is one of its own, so that a long file makes neither a window nor a clerk wait.
"""

from __future__ import annotations

import logging
import time
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from kiosk.errors import Refused, Unavailable
from kiosk.import_folder import Folder, pauses
from kiosk.import_report import told_report
from kiosk.import_url import fetch
from kiosk.imports import aside_of, import_dossiers
from kiosk.life import MIGRATION_SECONDS, WORK_SECONDS, Part
from kiosk.mistakes import BadConfig
from kiosk.office import import_sources
from kiosk.processes import IDLE
from kiosk.serving import serve_office
from kiosk.texts import operator_texts, told_to_technician

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable

    from kiosk.config import Config
    from kiosk.health import Health
    from kiosk.import_mapping import Words
    from kiosk.life import Life
    from kiosk.office.centre import Centre
    from kiosk.tables import ImportReport

log = logging.getLogger(__name__)

DEVICE: Final = "import"
LOOK_SECONDS: Final = 1.0
LONG_SECONDS: Final = 900.0
"""Until the first rows of a source, and between its batches: the largest workbook is unpacked and
read for its width, a slow server sends a whole file."""
_PAUSES: Final = (5.0, 15.0, 60.0, 300.0)
"""Seconds until what was away is tried again."""


class _Stopped(Exception):
    """Told to stop in the middle of a file, which goes on at the next start."""


def run_import(config: Config, life: Life) -> int:
    """Takes in what comes until stopped."""
    if not config.imports.has_work:
        return IDLE

    def work(centre: Centre, health: Health, stop: threading.Event) -> None:
        with life.part("import", WORK_SECONDS, MIGRATION_SECONDS) as part:
            Taking(config, centre, partial(health.report, DEVICE), stop, part).run()

    return serve_office(config, _ground, work, life)


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
    """All that one kiosk takes in; ``report`` takes a state and its reason, ``part`` is beaten."""

    def __init__(
        self,
        config: Config,
        centre: Centre,
        report: Callable[[str, str], None],
        stop: threading.Event,
        part: Part | None = None,
    ) -> None:
        self._part = part or Part()
        self._settings = config.imports
        self._beside = config.beside
        self._centre = centre
        self._report = report
        self._stop = stop
        self._texts = operator_texts()
        folder = self._settings.folder
        self._folder = Folder(config.beside(folder), centre.kiosk) if folder else None
        self._pulled = config.beside_store("pulled")
        self._faults: dict[str, str] = {}
        self._told: dict[str, str] = {}

    def run(self) -> None:
        """Each source has its own pauses: one that is away does not hold the other up."""
        sources: list[tuple[str, float, Callable[[Words], None]]] = []
        if self._folder is not None:
            sources.append(("folder", LOOK_SECONDS, partial(self._look, self._folder)))
        if self._settings.url:
            sources.append(("url", 60.0 * self._settings.every_minutes, self._pull))
        due = dict.fromkeys((name for name, _, _ in sources), 0.0)
        waits = {name: pauses(_PAUSES) for name in due}
        while not self._stop.is_set():
            self._part.beat()
            for name, every, work in sources:
                if time.monotonic() < due[name] or self._stop.is_set():
                    continue
                try:
                    # Read anew each time, so that a mended file of words is in use at once.
                    with self._part.at_length(LONG_SECONDS):
                        work(self._settings.words(self._beside))
                except _Stopped:
                    return
                except BadConfig as bad:
                    pause = self._fault(name, "import_mapping", str(bad), next(waits[name]))
                except Unavailable as error:
                    told = told_to_technician(error, self._texts)
                    pause = self._fault(name, error.code, told, next(waits[name]))
                else:
                    waits[name], pause = pauses(_PAUSES), every
                    self._faults.pop(name, None)
                    self._told.pop(name, None)
                due[name] = time.monotonic() + pause
                if all(due.values()):
                    self._tell()
            self._stop.wait(LOOK_SECONDS)

    def _tell(self) -> None:
        if self._faults:
            self._report("fault", next(iter(self._faults.values())))
        elif self._folder is not None and self._folder.has_failed():
            self._report("warning", "import_failed")
        else:
            self._report("ok", "")

    def _fault(self, source: str, code: str, told: str, pause: float) -> float:
        """Told once in the log, however often it is tried; returns the pause until then."""
        if self._told.get(source) != told:
            log.warning("%s", told)
            self._told[source] = told
        self._faults[source] = code
        return pause

    def _look(self, folder: Folder, words: Words) -> None:
        while not self._stop.is_set() and (path := folder.next()) is not None:
            self._take(folder, path, words)
        folder.clear(self._settings.keep_days, time.time())

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
        self._log(report, path.name, Path(aside.name))
        lines = told_report(report, self._texts, Path(aside.name), dry=False)
        told = "\n".join((*lines, ""))
        if report.bad and report.bad == report.read:
            folder.put_aside(path, told, local, [aside])
        else:
            folder.put_away(path, told, local, [aside])

    def _pull(self, words: Words) -> None:
        """What stands at the address, where it has changed there."""
        settings, centre = self._settings, self._centre
        host = urlsplit(settings.url).hostname or ""
        key = settings.key(self._beside)
        if key is None:
            raise Unavailable("import_key_unread", path=self._beside(settings.key_file))
        known = import_sources.known(centre, settings.url, words)
        try:
            version = fetch(settings.url, key, known, self._pulled, self._stop.is_set)
            if version is None:
                return
            try:
                report = import_dossiers(
                    centre,
                    self._pulled,
                    words=words,
                    source=host,
                    progress=self._go_on,
                )
            except Refused as error:
                raise Unavailable(
                    "import_unusable", why=told_to_technician(error, self._texts)
                ) from error
            self._log(report, host, aside_of(self._pulled))
            if report.bad and report.bad == report.read:
                why = self._texts.say("import.none_usable")
                raise Unavailable("import_unusable", why=why)
            import_sources.note(centre, settings.url, words, version)
        finally:
            self._pulled.unlink(missing_ok=True)

    def _log(self, report: ImportReport, name: str, aside: Path) -> None:
        """The counts alone: a reason may quote a cell, and in the wrong column stands a name."""
        for line in told_report(replace(report, rejected=()), self._texts, aside, dry=False):
            log.info("%s: %s", name, line)

    def _go_on(self, done: int, of: int) -> None:
        self._part.beat()
        if self._stop.is_set():
            raise _Stopped
