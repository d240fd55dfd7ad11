"""Copies of the office's store on another medium: made while the hall runs, looked at, kept.

A copy is one SQLite file, whatever the store is. It bears its name only once it was written to the
medium, opened again and found to be whole.
"""

from __future__ import annotations

import errno
import glob
import os
import re
import shutil
import sqlite3
import time
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from kiosk.copying import copy_rows
from kiosk.database.sqlite import Sqlite
from kiosk.errors import Refused, Unavailable
from kiosk.forgotten import among_copies, beside, note, read
from kiosk.store import events, tables

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from kiosk.office.centre import Centre

_NAME: Final = re.compile(r"kiosk-(.+)-(\d{8}T\d{6}Z)\.db")
_STAMP: Final = "%Y%m%dT%H%M%SZ"
_UNFINISHED: Final = ".part"
ABANDONED_SECONDS: Final = 3600.0
"""Nobody still writes to what has not changed for so long."""
SPARE: Final = 1.1
"""So many times the store must find room: a medium is never filled to its last byte."""

_KNOWN: Final = {
    sqlite3.SQLITE_FULL: "backup_full",
    sqlite3.SQLITE_READONLY: "backup_unwritable",
    sqlite3.SQLITE_PERM: "backup_unwritable",
    sqlite3.SQLITE_CANTOPEN: "backup_unwritable",
    sqlite3.SQLITE_IOERR: "backup_io",
    sqlite3.SQLITE_CORRUPT: "backup_damaged",
    sqlite3.SQLITE_NOTADB: "backup_damaged",
}


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy that was found to be whole when it was made, and the moment at which it began."""

    path: Path
    at: datetime


@dataclass(frozen=True, slots=True)
class Made:
    """``seq`` is the last event in it, ``size`` in bytes."""

    copy: Copy
    seq: int
    size: int
    seconds: float


def copies(folder: Path, office: str) -> list[Copy]:
    """The office's copies in the folder, the latest first; none where there is no folder."""
    found = []
    with suppress(OSError):
        for path in folder.iterdir():
            told = _NAME.fullmatch(path.name)
            if told is not None and told[1] == office:
                with suppress(ValueError):
                    at = datetime.strptime(told[2], _STAMP).replace(tzinfo=UTC)
                    found.append(Copy(path, at))
    return sorted(found, key=lambda copy: copy.at, reverse=True)


def outlived(kept: Iterable[Copy], now: datetime, hours: int, days: int) -> list[Copy]:
    """Those to delete: older than ``hours`` and not the last of their day (UTC), or older than
    ``days``. The latest of all never is, however old."""
    dropped = []
    of_day = set()
    for place, copy in enumerate(sorted(kept, key=lambda copy: copy.at, reverse=True)):
        day = copy.at.date()
        young = now - copy.at <= timedelta(hours=hours)
        last = day not in of_day and now - copy.at <= timedelta(days=days)
        of_day.add(day)
        if place and not (young or last):
            dropped.append(copy)
    return dropped


def back_up(centre: Centre, folder: Path) -> Made:
    """Copies the whole store into the folder, which must be there: a medium that is not mounted
    must not become a folder of the machine's own disk.

    Nobody in the hall waits for it. Refused: backup_no_folder. Unavailable: backup_full,
    backup_unwritable, backup_io, backup_damaged (what was written cannot be read again, or the
    store itself is damaged), backup_differs; and as the store's ``read``.
    """
    if not folder.is_dir():
        raise Refused("backup_no_folder", folder=folder)
    began = time.monotonic()
    at = centre.wall().replace(microsecond=0)
    path = folder / f"kiosk-{centre.code}-{at.astimezone(UTC):{_STAMP}}.db"
    part = path.with_name(path.name + _UNFINISHED)
    with centre.database.read() as query:
        least = events.last(query, centre.code)
    try:
        _clear(folder, centre.code)
        _check_room(centre, folder)
        if isinstance(centre.database, Sqlite):
            note(among_copies(folder, centre.code), read([beside(centre.database.path)]))
        _write(centre, part)
        seq = _check(centre, part, least)
        _settle(part, path)
    except sqlite3.DatabaseError as error:
        code = _KNOWN.get(error.sqlite_errorcode & 0xFF)
        if code is None:
            raise
        raise Unavailable(code, folder=folder) from error
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        code = "backup_full" if full else "backup_unwritable"
        raise Unavailable(code, folder=folder) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return Made(Copy(path, at), seq, path.stat().st_size, time.monotonic() - began)


def rotate(folder: Path, office: str, now: datetime, hours: int, days: int) -> list[Copy]:
    """Deletes what is outlived, and says what that was; what cannot be deleted stays."""
    gone = []
    for copy in outlived(copies(folder, office), now, hours, days):
        with suppress(OSError):
            copy.path.unlink()
            gone.append(copy)
    return gone


def same_disk(folder: Path, store: Path) -> bool:
    """Whether the copies would go with the store when its disk does."""
    with suppress(OSError):
        return folder.stat().st_dev == store.parent.stat().st_dev
    return False


def _clear(folder: Path, office: str) -> None:
    """What a power cut left of copies that were never whole; another kiosk of the office may be
    at work on one now."""
    for path in folder.glob(f"kiosk-{glob.escape(office)}-*.db{_UNFINISHED}*"):
        with suppress(FileNotFoundError):
            if time.time() - path.stat().st_mtime > ABANDONED_SECONDS:
                path.unlink()


def _check_room(centre: Centre, folder: Path) -> None:
    if isinstance(centre.database, Sqlite):
        needed = centre.database.path.stat().st_size * SPARE
        if shutil.disk_usage(folder).free < needed:
            raise Unavailable("backup_full", folder=folder)


def _write(centre: Centre, part: Path) -> None:
    if isinstance(centre.database, Sqlite):
        centre.database.save(part)
        return
    other = Sqlite(part)
    try:
        with centre.database.read() as query, other.write() as into:
            copy_rows(query, into, centre.code)
    finally:
        other.close()
    # One file, without a log beside it.
    with closing(sqlite3.connect(part)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")


def _check(centre: Centre, part: Path, least: int) -> int:
    """The last event of the copy, which the store has too and which is no older than the copy's
    beginning; each table of the office can be counted in it."""
    copy = Sqlite(part)
    try:
        if not copy.sound():
            raise Unavailable("backup_damaged", folder=part.parent)
        with copy.read() as query:
            end = events.end(query, centre.code)
            for table in tables.listed():
                tables.count(query, centre.code, table)
    finally:
        copy.close()
    with centre.database.read() as query:
        digest = events.digest_of(query, centre.code, end.seq)
    if end.seq < least or digest != end.digest:
        raise Unavailable("backup_differs", folder=part.parent)
    return end.seq


def _settle(part: Path, path: Path) -> None:
    """The finished copy under its name, also after a power cut."""
    sync(part, os.O_RDWR)
    part.replace(path)
    sync(path.parent, os.O_RDONLY)


def sync(path: Path, flags: int) -> None:
    """Waits until the file, or what is named in the folder, is on the medium."""
    number = os.open(path, flags)
    try:
        os.fsync(number)
    finally:
        os.close(number)
