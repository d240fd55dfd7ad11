"""What is asked of a file of SQLite, and what its errors mean."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import quote

from kiosk.database import cells, refuse_nul
from kiosk.database.dialect import put, sqlite_words
from kiosk.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from kiosk.database import Query

_KNOWN: Final = {
    sqlite3.SQLITE_BUSY: "store_busy",
    sqlite3.SQLITE_LOCKED: "store_busy",
    sqlite3.SQLITE_FULL: "store_full",
    sqlite3.SQLITE_READONLY: "store_readonly",
    sqlite3.SQLITE_PERM: "store_readonly",
    sqlite3.SQLITE_CANTOPEN: "store_unreachable",
    sqlite3.SQLITE_IOERR: "store_io",
    sqlite3.SQLITE_CORRUPT: "store_damaged",
    sqlite3.SQLITE_NOTADB: "store_damaged",
}


class SqliteQuery:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def all(self, sql: str, **facts: object) -> list[Mapping[str, Any]]:
        refuse_nul(facts)
        return cast("list[Mapping[str, Any]]", self._connection.execute(sql, facts).fetchall())

    def tuples(self, sql: str, **facts: object) -> list[tuple[Any, ...]]:
        refuse_nul(facts)
        cursor = self._connection.cursor()
        cursor.row_factory = None
        return cursor.execute(sql, facts).fetchall()

    def one(self, sql: str, **facts: object) -> Mapping[str, Any] | None:
        refuse_nul(facts)
        return cast("Mapping[str, Any] | None", self._connection.execute(sql, facts).fetchone())

    def run(self, sql: str, **facts: object) -> int:
        refuse_nul(facts)
        return self._connection.execute(sql, facts).rowcount

    def many(self, sql: str, rows: Iterable[Mapping[str, object]]) -> None:
        wanted = list(rows)
        for row in wanted:
            refuse_nul(row)
        self._connection.executemany(sql, wanted)

    def put(self, table: str, key: Sequence[str], rows: Sequence[Mapping[str, object]]) -> None:
        if rows:
            names = tuple(rows[0])
            self._connection.executemany(put(table, tuple(key), names), cells(names, rows))

    def among(self, column: str, values: Sequence[str]) -> tuple[str, object]:
        condition = f"{column} IN (SELECT value FROM json_each(:among))"  # noqa: S608 (a name of ours)
        return condition, json.dumps(list(values))

    def words(self, table: str, words: Sequence[str]) -> tuple[str, object]:
        return sqlite_words(table, words)


class _KnownErrors:
    """SQLite's environment failures as Unavailable; a broken statement stays a bug."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if not isinstance(error, sqlite3.DatabaseError):
            return
        code = _KNOWN.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
        if code is not None and not isinstance(error, sqlite3.IntegrityError):
            raise Unavailable(code) from error


known_errors: Final = _KnownErrors()


@contextmanager
def reading(path: Path) -> Iterator[Query]:
    """A file that nobody writes, such as a copy: nothing of it is changed, nor made beside it."""
    url = f"file:{quote(str(path.absolute()))}?mode=ro&immutable=1"
    with known_errors, closing(sqlite3.connect(url, uri=True, isolation_level=None)) as connection:
        connection.row_factory = sqlite3.Row
        yield SqliteQuery(connection)
