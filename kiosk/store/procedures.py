"""Procedures, what they need and their search, in SQL."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kiosk.calendar import stamp
from kiosk.deadlines import Term, Unit
from kiosk.dossiers import Channel
from kiosk.procedures import (
    ChannelTerms,
    Level,
    Procedure,
    RequiredDocument,
    folded,
    search_words,
    without_accents,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from kiosk.database import Query

_TEXTS: Final = (
    "code",
    "name",
    "field",
    "audience",
    "agency",
    "result",
    "legal_basis",
    "conditions",
    "keywords",
    "decision",
    "address",
    "service",
)
_COLUMNS: Final = (*_TEXTS, "level", "checked_on", "name_folded", "field_folded", "words")
_CHANNEL: Final = ("n", "channel", "term_text", "term_unit", "term_amount", "fee_text", "fee")
_DOCUMENT: Final = ("n", "name", "originals", "copies", "form")


class Hit(NamedTuple):
    """What a list of procedures shows of each."""

    code: str
    name: str
    field: str


class Field(NamedTuple):
    """A field of procedures and how many it has; ``key`` is its name as fields are compared."""

    key: str
    name: str
    size: int


def fields(query: Query, office: str) -> list[Field]:
    """The fields by name; those that differ in accents or case only are one."""
    rows = query.all(
        "SELECT field_folded, MAX(field) AS name, COUNT(*) AS n FROM procedure"
        " WHERE office = :office AND field_folded <> '' GROUP BY field_folded"
        " ORDER BY field_folded",
        office=office,
    )
    return [Field(row["field_folded"], row["name"], int(row["n"])) for row in rows]


def count(query: Query, office: str) -> int:
    row = query.one("SELECT COUNT(*) AS n FROM procedure WHERE office = :office", office=office)
    return int(row["n"]) if row else 0


def search(
    query: Query, office: str, words: Sequence[str], field: str, limit: int, offset: int = 0
) -> tuple[tuple[Hit, ...], int]:
    """Those with words that begin with each of ``words``, in any order, and how many there are.

    First those whose name begins so, then those whose name has all the words, then the others; of
    these the shorter names first, for the plain case has the short one.
    ``field`` is the key of one, or "" for all.
    """
    where, facts = ["office = :office"], {"office": office, "limit": limit, "offset": offset}
    order = "name_folded, code"
    told: dict[str, object] = {}
    if field:
        where.append("field_folded = :field")
        told["field"] = field
    if words:
        condition, told["words"] = query.words("procedure", words)
        where.append(condition)
        plain = without_accents(words)
        in_name = " AND ".join(f"' ' || name_folded LIKE :word{n}" for n in range(len(plain)))
        told |= {f"word{n}": f"% {word}%" for n, word in enumerate(plain)}
        told["begins"] = f"{' '.join(plain)}%"
        rank = f"CASE WHEN name_folded LIKE :begins THEN 0 WHEN {in_name} THEN 1 ELSE 2 END"
        order = f"{rank}, LENGTH(name_folded), {order}"
    rows = query.all(
        "SELECT code, name, field, COUNT(*) OVER () AS total FROM procedure"
        f" WHERE {' AND '.join(where)} ORDER BY {order} LIMIT :limit OFFSET :offset",
        **facts,
        **told,
    )
    hits = tuple(Hit(row["code"], row["name"], row["field"]) for row in rows)
    return hits, int(rows[0]["total"]) if rows else 0


def find(query: Query, office: str, code: str) -> Procedure | None:
    return find_all(query, office, (code,)).get(code)


def find_all(query: Query, office: str, codes: Sequence[str]) -> dict[str, Procedure]:
    """Those of these procedures that are stored, by code."""

    def rows(table: str, key: str, order: str) -> list[Mapping[str, Any]]:
        condition, given = query.among(key, codes)
        return query.all(
            f"SELECT * FROM {table} WHERE office = :office AND {condition} ORDER BY {order}",
            office=office,
            among=given,
        )

    found = rows("procedure", "code", "code")
    if not found:
        return {}
    channels: dict[str, list[ChannelTerms]] = {}
    for row in rows("procedure_channel", "procedure", "procedure, n"):
        channels.setdefault(row["procedure"], []).append(_terms(row))
    documents: dict[str, list[RequiredDocument]] = {}
    for row in rows("procedure_document", "procedure", "procedure, n"):
        one = RequiredDocument(row["name"], row["originals"], row["copies"], row["form"])
        documents.setdefault(row["procedure"], []).append(one)
    return {
        row["code"]: Procedure(
            **{name: row[name] for name in _TEXTS},
            level=Level(row["level"]) if row["level"] else None,
            checked_on=date.fromisoformat(row["checked_on"]) if row["checked_on"] else None,
            channels=tuple(channels.get(row["code"], ())),
            documents=tuple(documents.get(row["code"], ())),
        )
        for row in found
    }


def codes(query: Query, office: str) -> list[str]:
    rows = query.all(
        "SELECT code FROM procedure WHERE office = :office ORDER BY code", office=office
    )
    return [str(row["code"]) for row in rows]


def put(query: Query, office: str, procedures: Iterable[Procedure], now: datetime) -> None:
    """Puts each in the place of the one that has its code."""
    given = tuple(procedures)
    facts = {"office": office, "imported_at": stamp(now)}
    query.put("procedure", ("office", "code"), [{**_row(one), **facts} for one in given])
    _replace(query, office, "procedure_channel", _CHANNEL, {p.code: _channels(p) for p in given})
    _replace(query, office, "procedure_document", _DOCUMENT, {p.code: _documents(p) for p in given})


def remove(query: Query, office: str, wanted: Iterable[str]) -> None:
    rows = [{"office": office, "code": code} for code in wanted]
    for table in ("procedure_channel", "procedure_document"):
        query.many(f"DELETE FROM {table} WHERE office = :office AND procedure = :code", rows)
    query.many("DELETE FROM procedure WHERE office = :office AND code = :code", rows)


def _replace(
    query: Query,
    office: str,
    table: str,
    columns: Sequence[str],
    given: Mapping[str, list[dict[str, object]]],
) -> None:
    query.many(
        f"DELETE FROM {table} WHERE office = :office AND procedure = :procedure",
        [{"office": office, "procedure": code} for code in given],
    )
    query.many(
        f"INSERT INTO {table} (office, procedure, {', '.join(columns)})"
        f" VALUES (:office, :procedure, {', '.join(f':{name}' for name in columns)})",
        [
            {"office": office, "procedure": code, **row}
            for code, rows in given.items()
            for row in rows
        ],
    )


def _row(procedure: Procedure) -> dict[str, object]:
    day = procedure.checked_on
    return {name: getattr(procedure, name) for name in _TEXTS} | {
        "level": procedure.level.value if procedure.level else None,
        "checked_on": day.isoformat() if day else None,
        "name_folded": folded(procedure.name),
        "field_folded": folded(procedure.field),
        "words": search_words(procedure),
    }


def _channels(procedure: Procedure) -> list[dict[str, object]]:
    return [
        {
            "n": n,
            "channel": int(one.channel),
            "term_text": one.term_text,
            "term_unit": one.term.unit.value if one.term else None,
            "term_amount": one.term.amount if one.term else None,
            "fee_text": one.fee_text,
            "fee": one.fee,
        }
        for n, one in enumerate(procedure.channels, 1)
    ]


def _terms(row: Mapping[str, Any]) -> ChannelTerms:
    term = Term(Unit(row["term_unit"]), row["term_amount"]) if row["term_unit"] else None
    return ChannelTerms(
        Channel(row["channel"]), row["term_text"], term, row["fee_text"], row["fee"]
    )


def _documents(procedure: Procedure) -> list[dict[str, object]]:
    return [
        {"n": n, "name": p.name, "originals": p.originals, "copies": p.copies, "form": p.form}
        for n, p in enumerate(procedure.documents, 1)
    ]
