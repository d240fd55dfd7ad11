"""Print jobs and devices, in SQL."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from pydantic_core import to_json

from kiosk.calendar import stamp

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from kiosk.database import Query

_UNSETTLED: Final = "print_job.state IN ('queued', 'sending', 'unknown', 'failed')"
"""As the index of these has it: SQLite uses that only where a statement says the same."""

_OPEN: Final = (
    "print_job.*, ticket.number FROM print_job LEFT JOIN ticket ON ticket.id = print_job.ticket"
    f" WHERE print_job.office = :office AND {_UNSETTLED}"
    " AND print_job.reason NOT IN ('reprinted', 'dropped')"
)
"""What is selected of the jobs that have not come out for certain."""

DECIDED: Final = ("confirmed", "reprinted", "dropped")
"""The reasons with which staff have settled a job for good."""


def insert(
    query: Query,
    office: str,
    *,
    job_id: str,
    kiosk: str,
    place: int,
    ticket: str | None,
    slip: str,
    data: Mapping[str, object],
    now: datetime,
    copy: int = 0,
) -> None:
    query.run(
        "INSERT INTO print_job (id, office, kiosk, place, ticket, slip, data, copy, state,"
        " created_at)"
        " VALUES (:id, :office, :kiosk, :place, :ticket, :slip, :data, :copy, 'queued', :now)",
        id=job_id,
        office=office,
        kiosk=kiosk,
        place=place,
        ticket=ticket,
        slip=slip,
        data=to_json(data).decode(),
        copy=copy,
        now=stamp(now),
    )


def next_queued(query: Query, office: str, kiosk: str) -> Mapping[str, Any] | None:
    return query.one(
        "SELECT * FROM print_job WHERE office = :office AND kiosk = :kiosk"
        f" AND {_UNSETTLED} AND state = 'queued' ORDER BY place LIMIT 1",
        office=office,
        kiosk=kiosk,
    )


def by_id(query: Query, office: str, job_id: str) -> Mapping[str, Any] | None:
    return query.one(
        "SELECT * FROM print_job WHERE office = :office AND id = :id", office=office, id=job_id
    )


def unsettled(query: Query, office: str) -> list[Mapping[str, Any]]:
    """Jobs that have not come out for certain: queued, on the way, unknown or failed."""
    return query.all(f"SELECT {_OPEN} ORDER BY print_job.place", office=office)


def pressing(query: Query, office: str, since: datetime, limit: int) -> list[Mapping[str, Any]]:
    """The first of the unsettled jobs, each with the ``total`` of all: those that are unknown or
    failed since then, and then those that wait, oldest first."""
    on_the_way = "print_job.state IN ('queued', 'sending')"
    return query.all(
        f"SELECT COUNT(*) OVER () AS total, {_OPEN}"
        f" AND ({on_the_way} OR print_job.created_at >= :since)"
        f" ORDER BY CASE WHEN {on_the_way} THEN 1 ELSE 0 END, print_job.place LIMIT :limit",
        office=office,
        since=stamp(since),
        limit=limit,
    )


def lost_since(query: Query, office: str, kiosk: str, since: datetime) -> bool:
    """Whether a job became unknown since then, whatever staff have decided about it."""
    row = query.one(
        "SELECT id FROM print_job WHERE office = :office AND kiosk = :kiosk"
        f" AND {_UNSETTLED}"
        " AND state = 'unknown' AND ended_at >= :since LIMIT 1",
        office=office,
        kiosk=kiosk,
        since=stamp(since),
    )
    return row is not None


def unsettled_of(query: Query, office: str, kiosk: str, ticket: str) -> list[str]:
    """The states of the ticket's slips here that have not come out for certain, but for those of
    which another one came."""
    rows = query.all(
        "SELECT state FROM print_job WHERE office = :office AND kiosk = :kiosk"
        f" AND {_UNSETTLED} AND ticket = :ticket AND reason <> 'reprinted'",
        office=office,
        kiosk=kiosk,
        ticket=ticket,
    )
    return [row["state"] for row in rows]


def last_of(query: Query, office: str, ticket: str) -> str | None:
    """The last slip of a ticket: one under way or in doubt, else the last that its events tell."""
    row = query.one(
        f"SELECT id FROM print_job WHERE office = :office AND ticket = :ticket AND {_UNSETTLED}"
        " AND reason <> 'reprinted' ORDER BY place DESC LIMIT 1",
        office=office,
        ticket=ticket,
    )
    if row is not None:
        return str(row["id"])
    told = query.all(
        "SELECT seq, details FROM event WHERE office = :office AND ticket = :ticket"
        " AND kind IN ('job.printed', 'job.confirmed')",
        office=office,
        ticket=ticket,
    )
    printed = max(told, key=lambda row: int(row["seq"]), default=None)
    return str(json.loads(printed["details"])["job"]) if printed else None


def set_reason(query: Query, office: str, job_id: str, reason: str) -> None:
    query.run(
        "UPDATE print_job SET reason = :reason WHERE id = :id AND office = :office",
        id=job_id,
        office=office,
        reason=reason,
    )


def set_state(
    query: Query,
    office: str,
    job_id: str,
    state: str,
    now: datetime,
    *,
    evidence: str = "",
    reason: str = "",
    millimetres: int | None = None,
) -> None:
    """``millimetres`` of paper stay as they were unless they are given."""
    moment_column = "sending_at" if state == "sending" else "ended_at"
    query.run(
        f"UPDATE print_job SET state = :state, evidence = :evidence, reason = :reason,"
        f" {moment_column} = :now, millimetres = COALESCE(:millimetres, millimetres)"
        f" WHERE id = :id AND office = :office",
        id=job_id,
        office=office,
        state=state,
        evidence=evidence,
        reason=reason,
        millimetres=millimetres,
        now=stamp(now),
    )


def forget(query: Query, office: str, job_id: str) -> None:
    """Keeps nothing of what a form says, for it names people; a ticket names none."""
    query.run(
        "UPDATE print_job SET data = '' WHERE id = :id AND office = :office"
        " AND ticket IS NULL AND slip <> 'test'",
        id=job_id,
        office=office,
    )


def device(query: Query, office: str, kiosk: str, name: str) -> Mapping[str, Any] | None:
    return query.one(
        "SELECT * FROM device WHERE office = :office AND kiosk = :kiosk AND name = :name",
        office=office,
        kiosk=kiosk,
        name=name,
    )


def devices(query: Query, office: str) -> list[Mapping[str, Any]]:
    return query.all(
        "SELECT * FROM device WHERE office = :office ORDER BY kiosk, name", office=office
    )


def set_device(
    query: Query,
    office: str,
    kiosk: str,
    name: str,
    state: str,
    reason: str,
    since: datetime,
    now: datetime,
) -> None:
    query.run(
        "INSERT INTO device (office, kiosk, name, state, reason, since, seen_at)"
        " VALUES (:office, :kiosk, :name, :state, :reason, :since, :now)"
        " ON CONFLICT (office, kiosk, name) DO UPDATE SET state = excluded.state,"
        " reason = excluded.reason, since = excluded.since, seen_at = excluded.seen_at",
        office=office,
        kiosk=kiosk,
        name=name,
        state=state,
        reason=reason,
        since=stamp(since),
        now=stamp(now),
    )


def delete_device(query: Query, office: str, kiosk: str, name: str) -> None:
    query.run(
        "DELETE FROM device WHERE office = :office AND kiosk = :kiosk AND name = :name",
        office=office,
        kiosk=kiosk,
        name=name,
    )
