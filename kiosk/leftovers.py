"""Files beside the store that tell of people, and are removed when their time is over."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from kiosk import set_aside
from kiosk.import_folder import FAILED
from kiosk.imports import aside_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kiosk.config import Config
    from kiosk.retention_config import Bounds

PICTURES: Final = ("slip-*.png", "torn-*.png", "latest.png")
"""As ``printer.saved`` calls them."""


@dataclass(frozen=True, slots=True)
class Swept:
    """How many files were removed, and the first one that could not be."""

    removed: int
    stuck: Path | None = None


def sweep(config: Config, before: Bounds) -> Swept:
    removed, stuck = 0, None
    for path in _outlived(config, before):
        try:
            path.unlink(missing_ok=True)
            removed += 1
        except OSError:
            stuck = stuck or path
    return Swept(removed, stuck)


def pictures(config: Config) -> list[Path]:
    """The pictures of slips, the oldest first; none where slips go to paper."""
    if config.printer.connection != "preview":
        return []
    folder = config.beside(config.printer.folder)
    found = {path for name in PICTURES for path in folder.glob(name)}
    return [path for _, path in sorted((_changed(path), path) for path in found)]


def _outlived(config: Config, before: Bounds) -> Iterator[Path]:
    slips, files = before.slips.timestamp(), before.files.timestamp()
    yield from (path for path in pictures(config) if _changed(path) < slips)
    if config.printer.connection == "file":
        printed = config.beside(config.printer.device)
        if printed.is_file() and _changed(printed) < slips:
            yield printed
    if config.imports.folder:
        failed = config.beside(config.imports.folder) / FAILED
        with suppress(OSError):
            yield from [path for path in failed.iterdir() if path.is_file()
                        and path.stat().st_ctime < files]  # fmt: skip
    pulled = config.beside_store("pulled")
    yield from (path for path in (pulled, aside_of(pulled))
                if path.exists() and _changed(path) < files)  # fmt: skip
    yield from _stores_set_aside(config, before.now)


def _stores_set_aside(config: Config, now: datetime) -> Iterator[Path]:
    """Stores from before a copy was put back, or before an update: as long as copies are kept."""
    store = config.store_path
    if store is None:
        return
    for path, at in set_aside.there_are(store):
        if now - at > timedelta(days=config.backup.keep_days):
            yield path


def _changed(path: Path) -> float:
    """Seconds since 1970; a file that is gone meanwhile is as old as can be."""
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
