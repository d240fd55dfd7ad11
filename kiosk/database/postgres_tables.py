"""Brings the tables of a PostgreSQL store to this program's version."""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING, Any, Final, cast

from kiosk.database.dialect import BESIDE, tables
from kiosk.database.fitting import OLDEST, check_fit
from kiosk.database.server import LONG_SECONDS, PATIENCE_SECONDS, UNHURRIED, commit
from kiosk.schema import FITS, FITTING, MIGRATIONS

if TYPE_CHECKING:
    from kiosk.database.server import Connection

log = logging.getLogger(__name__)

_MIGRATION: Final = 7_239_104_511_820_377
"""The key of the lock under which one of several migrates; offices have others."""


def bring_up_to_date(connection: Connection, place: str) -> int:
    """Of several that start at once one does it. Returns the version that the tables had (0: none).
    Refused("store_too_new")."""
    found = _version(connection)
    if found >= len(MIGRATIONS):
        check_fit(found, place, partial(_oldest, connection))
        return found
    connection.patience = LONG_SECONDS
    connection.execute(
        cast("Any", f"BEGIN; {UNHURRIED}; SELECT pg_advisory_xact_lock({_MIGRATION})")
    )
    # Not to_regclass again: while we waited for the lock, what it remembers has become old.
    connection.execute("CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL)")
    row = connection.execute("SELECT version FROM schema_version").fetchone()
    version = int(row["version"]) if row else 0
    check_fit(version, place, partial(_oldest, connection))
    for number, migration in enumerate(MIGRATIONS[version:], version + 1):
        connection.execute(cast("Any", tables(migration) + BESIDE.get(number, "")))
    if version < len(MIGRATIONS):
        connection.execute("DELETE FROM schema_version")
        connection.execute("INSERT INTO schema_version VALUES (%s)", [len(MIGRATIONS)])
        connection.execute(FITTING)
        connection.execute("DELETE FROM schema_fits")
        connection.execute("INSERT INTO schema_fits VALUES (%s)", [FITS])
    commit(connection)
    connection.patience = PATIENCE_SECONDS
    log.info("store %s is at version %d", place, max(version, len(MIGRATIONS)))
    return found


def _version(connection: Connection) -> int:
    found = connection.execute("SELECT to_regclass('schema_version') IS NOT NULL AS there")
    row = found.fetchone()
    if row is None or not row["there"]:
        return 0
    row = connection.execute("SELECT version FROM schema_version").fetchone()
    return int(row["version"]) if row else 0


def _oldest(connection: Connection) -> int | None:
    there = connection.execute("SELECT to_regclass('schema_fits') IS NOT NULL AS there").fetchone()
    row = connection.execute(OLDEST).fetchone() if there and there["there"] else None
    return int(row["oldest"]) if row else None
