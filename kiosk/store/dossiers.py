"""Dossiers and their steps, in SQL."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import datetime
from enum import Enum
from functools import lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

from kiosk.calendar import moment, stamp
from kiosk.dossiers import (
    Cause,
    Channel,
    Dossier,
    Fee,
    FeeStage,
    Postponement,
    Status,
    Step,
    SupplementRequest,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from kiosk.database import Query

LISTS: Final[Mapping[str, tuple[str, type]]] = {
    "steps": ("dossier_step", Step),
    "fees": ("dossier_fee", Fee),
    "supplements": ("dossier_supplement", SupplementRequest),
    "postponements": ("dossier_postponement", Postponement),
}
"""The fields of a dossier that have a table of their own, with a row for each entry in order."""

COLUMNS: Final = tuple(field.name for field in fields(Dossier) if field.name not in LISTS)
"""The dossier's own columns, named as its fields are; the store adds office and imported_at."""

StoredRow = dict[str, Any]
"""A dossier's own columns as they are stored: all of COLUMNS."""

UNTOLD: Final = 0
"""In the place of a status: a table that has none says nothing of it."""

_OWN: Final = attrgetter(*COLUMNS)
_MOMENTS: Final = tuple(name for name in COLUMNS if name.endswith("_at"))


def find(query: Query, office: str, code: str) -> Dossier | None:
    """The dossier without what has a table of its own."""
    row = query.one(
        "SELECT * FROM dossier WHERE office = :office AND code = :code", office=office, code=code
    )
    return to_dossier(row) if row else None


def count(query: Query, office: str) -> int:
    row = query.one("SELECT COUNT(*) AS n FROM dossier WHERE office = :office", office=office)
    return int(row["n"]) if row else 0


def find_rows(query: Query, office: str, codes: Sequence[str]) -> dict[str, StoredRow]:
    """What is stored of these dossiers, by code, in the form that ``to_row`` gives."""
    # Files have new codes in order, as they were given: then one look tells that none is known.
    among = query.one(
        "SELECT 1 AS n FROM dossier WHERE office = :office AND code BETWEEN :least AND :most"
        " LIMIT 1",
        office=office,
        least=min(codes, default=""),
        most=max(codes, default=""),
    )
    if among is None:
        return {}
    condition, given = query.among("code", codes)
    rows = query.all(
        f"SELECT {', '.join(COLUMNS)} FROM dossier WHERE office = :office AND {condition}",
        office=office,
        among=given,
    )
    return {row["code"]: dict(row) for row in rows}


def lists(query: Query, office: str, code: str) -> dict[str, Any]:
    """What the dossier has in LISTS, by field: tuples."""
    # Most have none of them, and each question is a way to the server and back.
    there = query.one(_LISTED, office=office, code=code)
    assert there is not None
    return {
        name: _listed(query, office, code, *LISTS[name]) if there[name] else () for name in LISTS
    }


_LISTED: Final = "SELECT " + ", ".join(
    f"EXISTS (SELECT 1 FROM {table} WHERE office = :office AND dossier = :code) AS {name}"
    for name, (table, _) in LISTS.items()
)


def page(
    query: Query,
    office: str,
    after: str,
    since: datetime | None,
    until: datetime | None,
    size: int,
) -> list[Dossier]:
    """So many dossiers behind that code, in the order of codes, each whole; with bounds those that
    were received from ``since`` on and before ``until``."""
    facts: dict[str, object] = {"office": office, "after": after, "size": size}
    where = ["office = :office", "code > :after"]
    if since is not None:
        where.append("received_at >= :since")
        facts["since"] = stamp(since)
    if until is not None:
        where.append("received_at < :until")
        facts["until"] = stamp(until)
    rows = query.all(
        f"SELECT * FROM dossier WHERE {' AND '.join(where)} ORDER BY code LIMIT :size", **facts
    )
    return [replace(to_dossier(row), **lists(query, office, row["code"])) for row in rows]


def _listed(query: Query, office: str, code: str, table: str, kind: type) -> tuple[Any, ...]:
    rows = query.all(
        f"SELECT * FROM {table} WHERE office = :office AND dossier = :code ORDER BY n",
        office=office,
        code=code,
    )
    return tuple(_entry(kind, row) for row in rows)


def _entry(kind: type, row: Mapping[str, Any]) -> Any:
    return kind(**{name: _READ.get(name, _same)(row[name]) for name in _names(kind)})


def _names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def upsert(query: Query, office: str, rows: Iterable[Mapping[str, object]], now: datetime) -> None:
    facts = {"office": office, "imported_at": stamp(now)}
    query.put("dossier", ("office", "code"), [{**row, **facts} for row in rows])


def replace_list(query: Query, office: str, code: str, field: str, entries: Sequence[Any]) -> None:
    """Puts these in the place of all that stood in that field of the dossier."""
    table, kind = LISTS[field]
    names = _names(kind)
    query.run(
        f"DELETE FROM {table} WHERE office = :office AND dossier = :code", office=office, code=code
    )
    query.many(
        f"INSERT INTO {table} (office, dossier, n, {', '.join(names)})"
        f" VALUES (:office, :dossier, :n, {', '.join(f':{name}' for name in names)})",
        [
            {"office": office, "dossier": code, "n": n}
            | {name: _written(getattr(entry, name)) for name in names}
            for n, entry in enumerate(entries, 1)
        ],
    )


def _written(value: Any) -> Any:
    match value:
        case datetime():
            return stamp(value)
        case bool():
            return int(value)
        case Enum():
            return value.value
        case _:
            return value


def to_row(dossier: Dossier) -> StoredRow:
    # Of a million rows each look at a field counts.
    row = dict(zip(COLUMNS, _OWN(dossier), strict=True))
    for name in _MOMENTS:
        if row[name] is not None:
            row[name] = _stamped(row[name])
    row["status"] = int(dossier.status)
    row["channel"] = int(dossier.channel) if dossier.channel else None
    row["fee_paid"] = int(dossier.fee_paid)
    return row


# Rows of one day have their dates in common.
_stamped = lru_cache(maxsize=4096)(stamp)


def brought(dossier: Dossier) -> dict[str, tuple[Any, ...]]:
    """Those of LISTS that say something."""
    return {name: found for name in LISTS if (found := getattr(dossier, name))}


def to_dossier(row: Mapping[str, Any]) -> Dossier:
    return Dossier(**{name: _READ.get(name, _same)(row[name]) for name in COLUMNS})


def _moment(text: str | None) -> datetime | None:
    return moment(text) if text else None


def _same(value: Any) -> Any:
    return value


_READ: Final[Mapping[str, Callable[[Any], Any]]] = {
    **{
        name: _moment
        for kind in (Dossier, Step, Fee, SupplementRequest, Postponement)
        for name in _names(kind)
        if name in ("at", "due_before", "due_after") or name.endswith("_at")
    },
    "status": Status,
    "cause": Cause,
    "channel": lambda value: Channel(value) if value else None,
    "stage": lambda value: FeeStage(value) if value else None,
    "fee_paid": bool,
    "paid": bool,
}
"""How columns are read that are not kept as they are, by name, in all of these tables."""
