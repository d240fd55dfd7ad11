"""Whole tables of one office, a page of rows after another, in SQL."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from kiosk.schema import MIGRATIONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kiosk.database import Query

_PAGE: Final = 1000


@cache
def listed() -> dict[str, tuple[str, ...]]:
    """Each table and what keys its rows within the office."""
    found = {}
    made = "\n".join(MIGRATIONS)
    gone = set(re.findall(r"DROP TABLE (\w+)", made))
    for name, body in re.findall(r"(?s)CREATE TABLE (\w+) \((.*?)\n\)", made):
        if name in gone:
            continue
        several = re.search(r"PRIMARY KEY \((.+?)\)", body)
        alone = re.search(r"(?m)^\s*(\w+) .*PRIMARY KEY", body)
        assert several or alone, name
        columns = several[1].split(", ") if several else [alone[1]] if alone else []
        found[name] = tuple(column for column in columns if column != "office")
    return found


def pages(query: Query, office: str, table: str) -> Iterator[list[Mapping[str, Any]]]:
    """All rows of the office, in the order of their key."""
    key = listed()[table]
    columns, after = ", ".join(key), ", ".join(f":{column}" for column in key)
    last: dict[str, object] = {}
    while True:
        further = f" AND ({columns}) > ({after})" if last else ""
        rows = query.all(
            f"SELECT * FROM {table} WHERE office = :office{further} ORDER BY {columns} LIMIT :page",
            office=office,
            page=_PAGE,
            **last,
        )
        if rows:
            yield rows
        if len(rows) < _PAGE:
            return
        last = {column: rows[-1][column] for column in key}


def insert(query: Query, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    columns = list(rows[0].keys())
    query.many(
        f"INSERT INTO {table} ({', '.join(columns)})"
        f" VALUES ({', '.join(f':{column}' for column in columns)})",
        [dict(row) for row in rows],
    )


def count(query: Query, office: str, table: str) -> int:
    row = query.one(f"SELECT COUNT(*) AS n FROM {table} WHERE office = :office", office=office)
    return int(row["n"]) if row else 0


def holds(query: Query, office: str) -> bool:
    """Whether any table has a row of the office."""
    return any(
        query.one(f"SELECT 1 AS n FROM {table} WHERE office = :office LIMIT 1", office=office)
        for table in listed()
    )
