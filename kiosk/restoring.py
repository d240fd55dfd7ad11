"""A copy of the store put back in its place: looked at first, what stood there kept beside it.

No number is given twice: the day's series go on after what the old store gave, or, where that
cannot be read any more, beyond what any day of the copy has reached.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kiosk import set_aside
from kiosk.backups import copies, sync
from kiosk.calendar import local_day
from kiosk.database.sqlite import Sqlite
from kiosk.database.sqlite_query import reading
from kiosk.errors import Refused, Unavailable
from kiosk.forgotten import Forgotten, among_copies, beside, read
from kiosk.locks import holder
from kiosk.office import days
from kiosk.office.erasing import erase_overdue
from kiosk.retention_config import RetentionConfig
from kiosk.store import erasure, events, lookups, numbering, tables

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from kiosk.office.centre import Centre

MARGIN: Final = 50
"""How far beyond the most that a day of the copy has given a series goes on where nothing else is
known: more people than come to one service while a copy is overdue."""
_BESIDE: Final = ("", "-wal", "-shm")
_ALIVE: Final = 128
"""The byte of the index ("-shm") that each connection of SQLite keeps locked as long as it is open:
its "dead man switch" (UNIX_SHM_DMS in os_unix.c)."""
_USUAL: Final = RetentionConfig()


@dataclass(frozen=True, slots=True)
class Restored:
    """``until`` is the moment of the copy's last event, ``lost`` how many events the old store had
    after it (None: it could not be read), ``kept`` where the old store lies now (None: there was
    none), ``series`` the last number given by service, after which today's numbers go on.
    ``erased`` is how many dossiers of it tell of nobody any more: their time was over, or somebody
    had asked."""

    until: datetime | None
    lost: int | None
    kept: Path | None
    series: Mapping[str, int]
    erased: int = 0


@dataclass(frozen=True, slots=True)
class _Old:
    """What the old store gave today, by series, and how many events only it has (None: not known);
    ``whole`` where that can be trusted."""

    given: Mapping[str, int] = field(default_factory=dict)
    lost: int | None = None
    whole: bool = False


def restore(centre: Centre, copy: Path, kept_for: RetentionConfig = _USUAL) -> Restored:
    """Puts the copy in the place of the centre's store, whole or not at all. What was erased since
    it was made, or would have been, is erased in it before anybody sees it.

    Refused: restore_postgres, restore_no_file (path), restore_running (pid, path), restore_damaged
    (path), restore_broken (path, seq), restore_other_office (path, office), store_too_new.
    Unavailable: restore_failed (path, why), with the old store in its place.
    """
    store = centre.database
    if not isinstance(store, Sqlite):
        raise Refused("restore_postgres", path=copy)
    path = store.path
    if not copy.is_file():
        raise Refused("restore_no_file", path=copy)
    store.close()
    if (pid := used_by(path)) is not None:
        raise Refused("restore_running", path=path, pid=pid)
    fresh = path.with_name(f"{path.name}.restoring")
    for end in _BESIDE:
        fresh.with_name(fresh.name + end).unlink(missing_ok=True)
    try:
        shutil.copyfile(copy, fresh)
        until, last = _look(centre, fresh, copy)
        old = _old(centre, path, last)
        given = old.given if old.whole else _floor(centre, fresh, old, copy.parent)
        series = _go_on(centre, fresh, given)
        lists = (beside(path), among_copies(copy.parent, centre.code))
        erased = _erase_again(centre, fresh, kept_for, read(lists) | _asked(centre, path))
        _as_store(fresh)
        kept = _swap(centre, path, fresh)
    except BaseException as error:
        for ending in _BESIDE:
            with suppress(OSError):
                fresh.with_name(fresh.name + ending).unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise Unavailable("restore_failed", path=path, why=error.strerror) from error
        raise
    return Restored(until, old.lost, kept, series, erased)


def used_by(path: Path) -> int | None:
    """A process that has the file open: the hall, which must not lose it beneath its feet.

    Linux tells; which files another person's process has, or one with more rights, it tells root
    alone. But whoever has the store open holds a lock in its index too, which anybody is told of.
    """
    wanted = {str(path.with_name(path.name + end)) for end in _BESIDE}
    for each in Path("/proc").glob("[0-9]*/fd/*"):
        with suppress(OSError):
            if str(each.readlink()) in wanted:
                return int(each.parts[2])
    with suppress(OSError), path.with_name(f"{path.name}-shm").open("rb") as index:
        return holder(index, _ALIVE)
    return None


def _look(centre: Centre, fresh: Path, copy: Path) -> tuple[datetime | None, events.End]:
    """Brings the tables up to date and proves the whole of it."""
    database = Sqlite(fresh)
    try:
        database.prepare()
        if not database.whole():
            raise Refused("restore_damaged", path=copy)
        with database.read() as query:
            if not tables.holds(query, centre.code):
                raise Refused("restore_other_office", path=copy, office=centre.code)
            broken = events.first_broken(query, centre.code)
            if broken is not None:
                raise Refused("restore_broken", path=copy, seq=broken)
            end = events.end(query, centre.code)
            return events.at(query, centre.code, end.seq), end
    except Unavailable as error:
        raise Refused("restore_damaged", path=copy) from error
    finally:
        database.close()


def _old(centre: Centre, path: Path, end: events.End) -> _Old:
    """What is known of the old store, as far as it can be read. One that has not all that the copy
    has is no continuation of it: one that was emptied, or made anew in its place."""
    if not path.is_file() or not path.stat().st_size:
        return _Old()
    database = Sqlite(path)
    given: dict[str, int] = {}
    try:
        with database.read() as query:
            day = days.today(centre, query, centre.clock())
            given = numbering.of_day(query, centre.code, day)
            last = events.last(query, centre.code)
            goes_on = events.digest_of(query, centre.code, end.seq) == end.digest
        if goes_on and database.sound():
            return _Old(given, max(0, last - end.seq), whole=True)
    except (Refused, Unavailable, sqlite3.Error):
        pass
    finally:
        database.close()
    return _Old(given)


def _floor(centre: Centre, fresh: Path, old: _Old, folder: Path) -> dict[str, int]:
    """Beyond what nobody in the hall can hold a number of today, where the old store cannot be
    trusted: the most that any day of the copy, the rest of the old store, or a later copy knows."""
    database = Sqlite(fresh)
    there = replace(centre, database=database)
    try:
        with database.read() as query:
            day = days.today(there, query, centre.clock())
            most = {code: numbering.most(query, centre.code, code) for code in centre.services}
    finally:
        database.close()
    known = [old.given, *(given_by(copy.path, centre.code, day)
                          for copy in copies(folder, centre.code))]  # fmt: skip
    for given in known:
        most |= {code: max(n, most.get(code, 0)) for code, n in given.items()}
    return {code: n + MARGIN for code, n in most.items()}


def given_by(copy: Path, office: str, day: str) -> dict[str, int]:
    """The numbers that a copy knows of that day; none where it cannot be read."""
    try:
        with reading(copy) as query:
            return numbering.of_day(query, office, day)
    except (Unavailable, sqlite3.Error):
        return {}


def _go_on(centre: Centre, fresh: Path, given: Mapping[str, int]) -> dict[str, int]:
    """Today's series in the copy, after what was given."""
    database = Sqlite(fresh)
    there = replace(centre, database=database)
    try:
        with database.write() as query:
            now = centre.clock()
            day = days.today(there, query, now)
            for code, last in given.items():
                numbering.pass_over(query, centre.code, day, code, last)
            series = numbering.of_day(query, centre.code, day)
            details = {"series": series}
            events.append(
                query, centre.code, now, "store.restored", actor="operator", details=details
            )
    finally:
        database.close()
    return dict(series)


def _asked(centre: Centre, path: Path) -> Forgotten:
    """The dossiers that people had asked the old store to forget, where it can be read."""
    if not path.is_file():
        return Forgotten()
    database = Sqlite(path)
    try:
        with database.read() as query:
            return Forgotten(erasure.asked(query, centre.code))
    except (Refused, Unavailable, sqlite3.Error):
        return Forgotten()
    finally:
        database.close()


def _erase_again(centre: Centre, fresh: Path, kept_for: RetentionConfig, asked: Forgotten) -> int:
    database = Sqlite(fresh)
    there = replace(centre, database=database)
    try:
        with database.write() as query:
            for code in asked.wishes:
                lookups.drop_wish(query, centre.code, code)
            gone = [
                code
                for code, at in asked.dossiers.items()
                if not erasure.came_again(query, centre.code, code, at)
                and erasure.erased_at(query, centre.code, code) is None
            ]
            today = local_day(there.clock(), there.timezone)
            before = erasure.counted(query, centre.code, today)[0].get("dossiers", 0)
        # Of the whole day, with what the copy itself knows of.
        return erase_overdue(there, kept_for, asked=gone).get("dossiers", 0) - before
    finally:
        database.close()


def _as_store(fresh: Path) -> None:
    """One file on the disk, with the log beside it from the next use on."""
    with closing(sqlite3.connect(fresh)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("PRAGMA journal_mode = WAL")
    sync(fresh, os.O_RDWR)


def _swap(centre: Centre, path: Path, fresh: Path) -> Path | None:
    """The old store aside with what belongs to it, and the new one in its place.

    At no moment is there none, nor an old log beside a new file: the power may go at any step.
    """
    kept: Path | None = None
    if path.exists():
        kept = set_aside.name_of(path, centre.database.wall())
        # What the log has is in the file then, unless the file is beyond that.
        with suppress(sqlite3.Error), closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        os.link(path, kept)
        for end in _BESIDE[1:]:
            with suppress(FileNotFoundError):
                path.with_name(path.name + end).rename(kept.with_name(kept.name + end))
    fresh.replace(path)
    sync(path.parent, os.O_RDONLY)
    return kept
