"""What tells of people, found when its time is over and erased in its place, in SQL.

A row that is counted somewhere stays, without the person. docs/data.md has every column.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from kiosk.calendar import moment, stamp
from kiosk.dossiers import Status

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from datetime import date, datetime

    from kiosk.database import Query
    from kiosk.retention_config import Bounds

PAGE: Final = 5000
"""How many are looked for at once; they are erased in batches that keep no tap waiting."""

PERSON: Final = ("owner_name", "phone", "address", "id_number", "secret", "handler")
"""The columns of ``dossier`` that name somebody, or open what does."""

ENDED: Final = frozenset({Status.REJECTED, Status.WITHDRAWN, Status.STOPPED, Status.RETURNED})
"""After these nobody comes for the dossier any more; a result that waits is no end."""

_ENDED: Final = f"d.status IN ({', '.join(str(int(status)) for status in sorted(ENDED))})"
_LAST: Final = "COALESCE(d.returned_at, d.finished_at, d.imported_at)"
# A date that was mistyped into the future does not keep anybody for ever.
_END: Final = f"CASE WHEN {_LAST} > d.imported_at THEN d.imported_at ELSE {_LAST} END"
_OWN: Final = "EXISTS (SELECT 1 FROM intake i WHERE i.office = d.office AND i.code = d.code)"
_MARKED: Final = "EXISTS (SELECT 1 FROM erased e WHERE e.office = d.office AND e.dossier = d.code)"
_NAMED: Final = " OR ".join(f"d.{column} IS NOT NULL" for column in PERSON)

_EMPTIED: Final = (
    f"UPDATE dossier SET {', '.join(f'{column} = NULL' for column in PERSON)}"
    " WHERE office = :office AND code = :code",
    # Where no catalogue knows it, the name of a procedure may be a sentence about somebody.
    "UPDATE dossier SET procedure_name = '' WHERE office = :office AND code = :code"
    " AND procedure_code IS NULL AND NOT EXISTS (SELECT 1 FROM procedure"
    " WHERE procedure.office = dossier.office AND procedure.name = dossier.procedure_name)",
    "UPDATE dossier_step SET handler = NULL, note = NULL, task = NULL"
    " WHERE office = :office AND dossier = :code",
    "UPDATE dossier_supplement SET text = NULL, asked_by = NULL, received_by = NULL"
    " WHERE office = :office AND dossier = :code",
    "UPDATE dossier_postponement SET reason = NULL, signer = NULL, number = NULL"
    " WHERE office = :office AND dossier = :code",
    "UPDATE dossier_paper SET name = '', note = '' WHERE office = :office AND dossier = :code",
    # The digest of the request was made of the person too.
    "UPDATE intake SET request = '', submitter = '', owner_folded = '', digits = '', taker = NULL,"
    " taken_with = NULL WHERE office = :office AND code = :code",
    "DELETE FROM sms_wish WHERE office = :office AND dossier = :code",
)


def overdue(query: Query, office: str, before: Bounds) -> list[str]:
    """The first dossiers whose people have to be gone, at most PAGE."""
    rows = query.all(
        f"SELECT d.code FROM dossier d WHERE d.office = :office AND (NOT {_MARKED} OR {_NAMED})"
        f" AND (({_ENDED} AND {_END} < CASE WHEN {_OWN} THEN :own ELSE :ended END)"
        f" OR (NOT {_ENDED} AND d.imported_at < :silent"
        " AND COALESCE(d.new_due_at, d.due_at, '') < :silent)) LIMIT :page",
        office=office,
        own=stamp(before.own),
        ended=stamp(before.ended),
        silent=stamp(before.silent),
        page=PAGE,
    )
    return [row["code"] for row in rows]


def erase(query: Query, office: str, code: str, why: str, now: datetime) -> None:
    """Nobody is told of by the dossier any more, and no import changes that."""
    for statement in _EMPTIED:
        query.run(statement, office=office, code=code)
    mark(query, office, code, why, now)


def mark(query: Query, office: str, code: str, why: str, now: datetime) -> None:
    """A request stays one, whenever the dossier's term is over."""
    query.run(
        "INSERT INTO erased (office, dossier, why, at) VALUES (:office, :code, :why, :now)"
        " ON CONFLICT (office, dossier) DO UPDATE SET at = excluded.at,"
        " why = CASE WHEN erased.why = 'request' THEN erased.why ELSE excluded.why END",
        office=office,
        code=code,
        why=why,
        now=stamp(now),
    )


def unmark(query: Query, office: str, codes: Collection[str]) -> None:
    """Their owners have come again: what is told of them from now on is kept."""
    if codes:
        condition, given = query.among("dossier", list(codes))
        query.run(f"DELETE FROM erased WHERE office = :office AND {condition}",
                  office=office, among=given)  # fmt: skip


def marked(query: Query, office: str, codes: Collection[str]) -> frozenset[str]:
    """Those of these dossiers that tell of nobody any more."""
    condition, given = query.among("dossier", list(codes))
    rows = query.all(
        f"SELECT dossier FROM erased WHERE office = :office AND {condition}",
        office=office,
        among=given,
    )
    return frozenset(row["dossier"] for row in rows)


def asked(query: Query, office: str) -> dict[str, datetime]:
    """The dossiers that somebody asked to be forgotten, and when they were."""
    rows = query.all(
        "SELECT dossier, at FROM erased WHERE office = :office AND why = 'request'",
        office=office,
    )
    return {row["dossier"]: moment(row["at"]) for row in rows}


def erased_at(query: Query, office: str, code: str) -> datetime | None:
    """When the dossier's people were erased; None where it tells of somebody, or never did."""
    row = query.one(
        "SELECT e.at FROM erased e JOIN dossier d ON d.office = e.office AND d.code = e.dossier"
        f" WHERE e.office = :office AND e.dossier = :code AND NOT ({_NAMED})",
        office=office,
        code=code,
    )
    return moment(row["at"]) if row else None


def came_again(query: Query, office: str, code: str, since: datetime) -> bool:
    """Whether the dossier is at work, and was told of after that moment: an owner who was forgotten
    then has come again."""
    row = query.one(
        f"SELECT 1 FROM dossier d WHERE d.office = :office AND d.code = :code AND NOT {_ENDED}"
        " AND d.imported_at > :since",
        office=office,
        code=code,
        since=stamp(since),
    )
    return row is not None


def linked(query: Query, office: str, before: date) -> list[str]:
    """Tickets of earlier days that tell for which dossier they were, at most PAGE."""
    rows = query.all(
        "SELECT id FROM ticket WHERE office = :office AND day < :day AND dossier IS NOT NULL"
        " AND state IN ('finished', 'no_show', 'cancelled', 'expired') LIMIT :page",
        office=office,
        day=before.isoformat(),
        page=PAGE,
    )
    return [row["id"] for row in rows]


def cut_links(query: Query, office: str, tickets: Sequence[str]) -> None:
    condition, given = query.among("id", tickets)
    query.run(
        f"UPDATE ticket SET dossier = NULL WHERE office = :office AND {condition}",
        office=office,
        among=given,
    )
    condition, given = query.among("ticket", tickets)
    query.run(
        f"UPDATE intake SET ticket = NULL WHERE office = :office AND {condition}",
        office=office,
        among=given,
    )


def cut_appointments(query: Query, office: str, before: date) -> int:
    """Those of earlier days tell for which dossier they were no more; how many did."""
    return query.run(
        "UPDATE appointment SET dossier = NULL WHERE office = :office AND day < :day"
        " AND dossier IS NOT NULL",
        office=office,
        day=before.isoformat(),
    )


def forms_of(query: Query, office: str, code: str) -> list[Mapping[str, Any]]:
    """The jobs of forms about the dossier that still say what stands on them."""
    rows = query.all(
        "SELECT details FROM event WHERE office = :office AND dossier = :code"
        " AND kind = 'form.queued'",
        office=office,
        code=code,
    )
    ids = [str(json.loads(row["details"])["job"]) for row in rows]
    if not ids:
        return []
    condition, given = query.among("id", ids)
    return query.all(
        f"SELECT * FROM print_job WHERE office = :office AND {condition} AND data <> ''"
        " AND state <> 'sending'",
        office=office,
        among=given,
    )


def stale_forms(query: Query, office: str, before: datetime) -> list[Mapping[str, Any]]:
    """Forms of that age which never came out for certain and still say what stands on them; one
    that is on its way is left alone."""
    return query.all(
        "SELECT * FROM print_job WHERE office = :office AND ticket IS NULL AND data <> ''"
        " AND slip <> 'test' AND state IN ('queued', 'unknown', 'failed') AND created_at < :before"
        " ORDER BY place LIMIT :page",
        office=office,
        before=stamp(before),
        page=PAGE,
    )


def drop_notes(query: Query, office: str, before: datetime) -> int:
    return query.run(
        "DELETE FROM visit_note WHERE office = :office AND at < :before",
        office=office,
        before=stamp(before),
    )


def drop_tries(query: Query, office: str, before: datetime) -> int:
    return query.run(
        "DELETE FROM secret_try WHERE office = :office AND at < :before",
        office=office,
        before=stamp(before),
    )


def people(query: Query, office: str, page: int = 1000) -> Iterator[Mapping[str, Any]]:
    """Whoever is known: code, status, phone, id_number and ``own`` of each dossier, in order."""
    after = ""
    while True:
        rows = query.all(
            f"SELECT d.code, d.status, d.phone, d.id_number, {_OWN} AS own FROM dossier d"
            " WHERE d.office = :office AND d.code > :after"
            " AND (d.phone IS NOT NULL OR d.id_number IS NOT NULL) ORDER BY d.code LIMIT :page",
            office=office,
            after=after,
            page=page,
        )
        yield from rows
        if len(rows) < page:
            return
        after = rows[-1]["code"]


def wishes(query: Query, office: str) -> list[Mapping[str, Any]]:
    """Who is to be told: dossier and phone."""
    return query.all("SELECT dossier, phone FROM sms_wish WHERE office = :office", office=office)


def own_since(query: Query, office: str, code: str) -> datetime | None:
    """The end of a dossier that was taken in here, from which its term counts; None for another."""
    row = query.one(
        f"SELECT {_END} AS ended FROM dossier d WHERE d.office = :office AND d.code = :code"
        f" AND {_OWN}",
        office=office,
        code=code,
    )
    return moment(row["ended"]) if row else None


def days_begun(query: Query, office: str, since: date, until: date) -> int:
    """How many office days began from ``since`` on and before ``until``."""
    row = query.one(
        "SELECT COUNT(*) AS n FROM office_day WHERE office = :office AND day >= :since"
        " AND day < :until",
        office=office,
        since=since.isoformat(),
        until=until.isoformat(),
    )
    return int(row["n"]) if row else 0


def counted(query: Query, office: str, day: date) -> tuple[dict[str, int], bool]:
    """What was erased that day so far, by kind, and whether all was."""
    row = query.one(
        "SELECT counted, ended_at FROM erasure WHERE office = :office AND day = :day",
        office=office,
        day=day.isoformat(),
    )
    return (json.loads(row["counted"]), row["ended_at"] is not None) if row else ({}, False)


def keep(
    query: Query,
    office: str,
    day: date,
    told: Mapping[str, int],
    now: datetime,
    ended: datetime | None,
) -> None:
    query.run(
        "INSERT INTO erasure (office, day, began_at, ended_at, counted)"
        " VALUES (:office, :day, :now, :ended, :counted)"
        " ON CONFLICT (office, day) DO UPDATE SET ended_at = excluded.ended_at,"
        " counted = excluded.counted",
        office=office,
        day=day.isoformat(),
        now=stamp(now),
        ended=stamp(ended) if ended else None,
        counted=json.dumps(dict(told), sort_keys=True),
    )


def last_run(query: Query, office: str) -> datetime | None:
    """When the last one ended."""
    row = query.one("SELECT MAX(ended_at) AS at FROM erasure WHERE office = :office", office=office)
    return moment(row["at"]) if row and row["at"] else None
