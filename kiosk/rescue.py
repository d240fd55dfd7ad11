"""What becomes of a store that is damaged, or older than its own copies: who is told, and what
helps."""

from __future__ import annotations

import shlex
import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kiosk.backups import copies
from kiosk.database.sqlite_query import reading
from kiosk.errors import Refused, Unavailable
from kiosk.office import days
from kiosk.restoring import MARGIN, given_by
from kiosk.store import events, numbering

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kiosk.backups import Copy
    from kiosk.config import Config
    from kiosk.office.centre import Centre
    from kiosk.texts import Texts


_INSTALLED: Final = Path("/var/lib/kiosk")
"""Where the store of an installed hall stands; its user has no shell, so root types there."""


def newest_good(found: Iterable[Copy]) -> Copy | None:
    """The first that can be read to its end; None without one."""
    return next((copy for copy in found if _is_good(copy.path)), None)


def _is_good(copy: Path) -> bool:
    try:
        with reading(copy) as query:
            row = query.one("PRAGMA quick_check(1)")
            return row is not None and row["quick_check"] == "ok"
    except (Unavailable, sqlite3.Error):
        return False


def way_back(config: Config, centre: Centre, words: Texts) -> str:
    """What the technician types now, with the newest good copy; or that there is none."""
    if config.store_path is None:
        return words.say("cli.rescue.server")
    folder = config.beside(config.backup.folder) if config.backup.folder else None
    found = copies(folder, centre.code) if folder else []
    with suppress(Unavailable, Refused):
        found = _ahead(centre, found) or found
    copy = newest_good(found)
    if copy is None:
        return words.say("cli.rescue.none")
    at = words.when(copy.at.astimezone(config.zone))
    command = shlex.join(
        ["kiosk", "restore", str(copy.path), "--config", str(config.path.absolute())]
    )
    if config.store_path.is_relative_to(_INSTALLED):
        command = f"sudo {command}"
    return words.say("cli.rescue.copy", at=at, command=command)


def inspect_store(config: Config, centre: Centre) -> str:
    """What is wrong with the store, as a reason of its health; "" for nothing. Reads all of it.

    Where it is older than its own copies, as after its log was deleted, today's numbers go on
    beyond what these know. Unavailable, as ``read``.
    """
    if not centre.database.sound():
        return "data_damaged"
    if config.store_path is None or not config.backup.folder:
        return ""
    ahead = _ahead(centre, copies(config.beside(config.backup.folder), centre.code))
    if not ahead:
        return ""
    with centre.database.read() as query:
        day = days.today(centre, query, centre.clock())
    with centre.database.write() as query:
        for copy in ahead:
            for code, last in given_by(copy.path, centre.code, day).items():
                numbering.pass_over(query, centre.code, day, code, last + MARGIN)
    return "data_older"


def _ahead(centre: Centre, found: Sequence[Copy]) -> list[Copy]:
    """Copies that have what the store has not, but for those that were made before one was put back
    in its place."""
    ends = {}
    for copy in found:
        with suppress(Unavailable, sqlite3.Error), reading(copy.path) as query:
            ends[copy] = events.end(query, centre.code)
    with centre.database.read() as query:
        since = events.latest_of(query, centre.code, "store.restored")
        return [
            copy
            for copy, end in ends.items()
            if (since is None or copy.at > since)
            and events.digest_of(query, centre.code, end.seq) != end.digest
        ]
