"""Our SQL as PostgreSQL wants it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

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
"""What a migration (from 1) needs here alone, after it.

2: a table that is new has no statistics, and then the planner likes the smallest index best. Empty
request ids, all alike, made a very small one, with which it read all the tickets of the office.
"""


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
