"""Dossiers that were taken in here: their numbers, their papers, and who is to do what, in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from kiosk.calendar import stamp

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from kiosk.database import Query

_COLUMNS: Final = (
    "code",
    "request_id",
    "request",
    "version",
    "clerk",
    "counter",
    "ticket",
    "submitter",
    "sets",
    "term_days",
    "owner_folded",
    "digits",
    "is_open",
    "promised_at",
    "job",
    "receipts",
)
_PAPER: Final = ("name", "originals", "certified", "copies", "note")
_CHANGED: Final = frozenset(
    {"version", "is_open", "promised_at", "job", "receipts", "taker", "taken_with"}
)


def next_number(query: Query, office: str, series: str, first: int) -> int:
    """The next number of the series, ``first`` where it has given none."""
    row = query.all(
        "INSERT INTO dossier_series (office, series, last) VALUES (:office, :series, :first)"
        " ON CONFLICT (office, series) DO UPDATE SET last = dossier_series.last + 1"
        " RETURNING last",
        office=office,
        series=series,
        first=first,
    )[0]
    return int(row["last"])


def insert(query: Query, office: str, facts: Mapping[str, object]) -> None:
    """``facts`` has every column but the office and what is known of who takes the result."""
    query.run(
        f"INSERT INTO intake (office, {', '.join(_COLUMNS)})"
        f" VALUES (:office, {', '.join(f':{name}' for name in _COLUMNS)})",
        office=office,
        **facts,
    )


def insert_papers(
    query: Query, office: str, code: str, papers: Sequence[Mapping[str, object]]
) -> None:
    """Each has a name, how many originals, certified and plain copies, and a note."""
    query.many(
        f"INSERT INTO dossier_paper (office, dossier, n, {', '.join(_PAPER)})"
        f" VALUES (:office, :dossier, :n, {', '.join(f':{name}' for name in _PAPER)})",
        [{"office": office, "dossier": code, "n": n, **one} for n, one in enumerate(papers, 1)],
    )


def papers(query: Query, office: str, code: str) -> list[Mapping[str, Any]]:
    return query.all(
        f"SELECT {', '.join(_PAPER)} FROM dossier_paper"
        " WHERE office = :office AND dossier = :code ORDER BY n",
        office=office,
        code=code,
    )


def change(query: Query, office: str, code: str, **facts: object) -> None:
    """Sets columns of a dossier that was taken in; only those that may change."""
    assert facts.keys() <= _CHANGED
    told = ", ".join(f"{name} = :{name}" for name in facts)
    query.run(
        f"UPDATE intake SET {told} WHERE office = :office AND code = :code",
        office=office,
        code=code,
        **facts,
    )


def find(query: Query, office: str, code: str) -> Mapping[str, Any] | None:
    return query.one(
        "SELECT * FROM intake WHERE office = :office AND code = :code", office=office, code=code
    )


def by_request(query: Query, office: str, request_id: str) -> Mapping[str, Any] | None:
    return query.one(
        "SELECT * FROM intake WHERE office = :office AND request_id = :request_id",
        office=office,
        request_id=request_id,
    )


def own_codes(query: Query, office: str, codes: Collection[str]) -> frozenset[str]:
    """Those of these codes that were given here."""
    condition, given = query.among("code", list(codes))
    rows = query.all(
        f"SELECT code FROM intake WHERE office = :office AND {condition}",
        office=office,
        among=given,
    )
    return frozenset(row["code"] for row in rows)


def link_ticket(query: Query, office: str, ticket: str, code: str) -> None:
    """From now on the ticket is for this dossier."""
    query.run(
        "UPDATE ticket SET dossier = :code WHERE office = :office AND id = :ticket",
        office=office,
        ticket=ticket,
        code=code,
    )


def tallies(query: Query, office: str, late: datetime, soon: datetime) -> Mapping[str, Any]:
    """Of the open ones: ``total``, ``late`` (promised before that moment), ``today`` (from then on
    and before ``soon``) and ``ready`` (their result waits)."""
    row = query.one(
        "SELECT COUNT(*) AS total,"
        " COUNT(CASE WHEN d.status IN (2, 4) AND i.promised_at < :late THEN 1 END) AS late,"
        " COUNT(CASE WHEN d.status IN (2, 4) AND i.promised_at >= :late AND i.promised_at < :soon"
        " THEN 1 END) AS today,"
        " COUNT(CASE WHEN d.status = 9 THEN 1 END) AS ready"
        " FROM intake i JOIN dossier d ON d.office = i.office AND d.code = i.code"
        " WHERE i.office = :office AND i.is_open = 1",
        office=office,
        late=stamp(late),
        soon=stamp(soon),
    )
    assert row is not None
    return row


def search(
    query: Query,
    office: str,
    *,
    words: Sequence[str] = (),
    code: str = "",
    digits: str = "",
    only: str = "",
    late: datetime,
    soon: datetime,
    limit: int,
) -> list[Mapping[str, Any]]:
    """Those taken in whose owner has words that begin with each of ``words``, or whose code ends
    with or has ``code``, or whose phone or ID ends with ``digits``; each with their ``total``.

    ``only`` is "late", "today" or "ready", as in ``tallies``, "open", or "" for all of them. What
    is promised first comes first; of those that are done, what was received last.
    """
    facts: dict[str, object] = {"office": office, "limit": limit}
    found = [f"' ' || i.owner_folded LIKE :word{n}" for n in range(len(words))]
    facts |= {f"word{n}": f"% {word}%" for n, word in enumerate(words)}
    either = [f"({' AND '.join(found)})"] if found else []
    if code:
        either.append("i.code LIKE :code")
        facts["code"] = f"%{code}%"
    if digits:
        either.append("' ' || i.digits || ' ' LIKE :digits")
        facts["digits"] = f"%{digits} %"
    where = ["i.office = :office", *([f"({' OR '.join(either)})"] if either else [])]
    if only:
        where.append("i.is_open = 1")
    if only == "ready":
        where.append("d.status = 9")
    if only in ("late", "today"):
        where.append("d.status IN (2, 4)")
        where.append(
            "i.promised_at < :late"
            if only == "late"
            else "i.promised_at >= :late AND i.promised_at < :soon"
        )
        facts |= {"late": stamp(late)} | ({"soon": stamp(soon)} if only == "today" else {})
    return query.all(
        "SELECT i.code, i.promised_at, i.is_open, d.status, d.procedure_name, d.owner_name,"
        " d.phone, d.received_at, COUNT(*) OVER () AS total FROM intake i"
        " JOIN dossier d ON d.office = i.office AND d.code = i.code"
        f" WHERE {' AND '.join(where)} ORDER BY i.is_open DESC,"
        " CASE WHEN i.is_open = 1 THEN COALESCE(i.promised_at, '9') END, d.received_at DESC, i.code"
        " LIMIT :limit",
        **facts,
    )
