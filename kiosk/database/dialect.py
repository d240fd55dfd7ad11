"""Our SQL as PostgreSQL wants it, and what only one of the two databases has."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from kiosk.dossier_schema import PROCEDURES
from kiosk.schema import MIGRATIONS

if TYPE_CHECKING:
    from collections.abc import Sequence

_TOKENS: Final = re.compile(
    r"""(?P<kept>'(?:[^']|'')*' | "[^"]*" | --[^\n]* | ::)
      | :(?P<name>[A-Za-z_]\w*)
      | (?P<percent>%)""",
    re.VERBOSE,
)

BESIDE: Final = {
    2: "ALTER TABLE ticket DROP CONSTRAINT ticket_office_request_id_key;"
    " CREATE UNIQUE INDEX ticket_request ON ticket (office, request_id)"
    " WHERE request_id IS NOT NULL;",
}
"""What a migration (from 1) needs in PostgreSQL alone, after it.

2: a table that is new has no statistics, and then the planner likes the smallest index best. Empty
request ids, all alike, made a very small one, with which it read all the tickets of the office.
"""

_FORGET: Final = (
    "DELETE FROM procedure_words WHERE procedure_words MATCH '\"' || old.code || '\"'"
    " AND office = old.office AND code = old.code;"
)
_KEEP: Final = (
    "INSERT INTO procedure_words (words, office, code) VALUES (new.words, new.office, new.code);"
)
BESIDE_IN_SQLITE: Final = {
    MIGRATIONS.index(PROCEDURES) + 1: (
        "CREATE VIRTUAL TABLE procedure_words USING fts5(words, office UNINDEXED, code UNINDEXED,"
        " tokenize = 'unicode61 remove_diacritics 0', prefix = '1 2 3')",
        f"CREATE TRIGGER procedure_kept AFTER INSERT ON procedure BEGIN {_KEEP} END",
        f"CREATE TRIGGER procedure_gone AFTER DELETE ON procedure BEGIN {_FORGET} END",
        "CREATE TRIGGER procedure_changed AFTER UPDATE ON procedure"
        f" WHEN old.words <> new.words BEGIN {_FORGET} {_KEEP} END",
    ),
}
"""The same in SQLite. A row's words begin with its code, by which they are found again."""


def sqlite_words(table: str, words: Sequence[str]) -> tuple[str, str]:
    """The condition with ``:words`` that a row has words that begin with these, and its fact."""
    found = f"SELECT office, code FROM {table}_words WHERE {table}_words MATCH :words"
    return f"(office, code) IN ({found})", " AND ".join(f'"{word}"*' for word in words)


def postgres_words(table: str, words: Sequence[str]) -> tuple[str, list[str]]:
    """The same for PostgreSQL, which looks through the words of the office's rows: of a catalogue
    that takes a few milliseconds, and the planner left every index on them alone."""
    return f"' ' || {table}.words LIKE ALL (CAST(:words AS TEXT[]))", [f"% {w}%" for w in words]


@lru_cache(maxsize=100)
def put(table: str, key: tuple[str, ...], names: tuple[str, ...], source: str = "") -> str:
    """The statement that writes rows in the place of those with their key: from another table, the
    ``source``, or one by one, in SQLite."""
    values = f"VALUES ({', '.join('?' * len(names))})"
    changed = ", ".join(f"{name} = excluded.{name}" for name in names if name not in key)
    columns = ", ".join(names)
    return (
        f"INSERT INTO {table} ({columns}) "
        f"{f'SELECT {columns} FROM {source}' if source else values}"
        f" ON CONFLICT ({', '.join(key)}) DO UPDATE SET {changed}"
    )


@lru_cache(maxsize=1000)
def translated(sql: str) -> tuple[str, bool]:
    """The text with ``%(name)s`` for each ``:name``, and whether there was any.

    Without parameters it is left as it is, because then the driver leaves ``%`` alone.
    """
    found = False

    def told(match: re.Match[str]) -> str:
        nonlocal found
        if match["name"]:
            found = True
            return f"%({match['name']})s"
        return match[0].replace("%", "%%")

    text = _TOKENS.sub(told, sql)
    return (text, True) if found else (sql, False)


def tables(migration: str) -> str:
    """The migration with every TEXT compared byte by byte, as SQLite does in any locale."""
    return re.sub(r"\bTEXT\b", 'TEXT COLLATE "C"', migration)
