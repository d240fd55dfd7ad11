"""Tickets and their numbers, in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from kiosk.calendar import moment, stamp
from kiosk.tickets import Ticket, TicketState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from kiosk.database import Query

_TICKET: Final = (
    "id, number, service, state, place, issued_at, counter, priority, calls, called_at,"
    " started_at, ended_at, dossier, day"
)


def _ticket(row: Mapping[str, Any]) -> Ticket:
    return Ticket(
        id=row["id"],
        number=row["number"],
        service=row["service"],
        state=TicketState(row["state"]),
        place=row["place"],
        issued_at=moment(row["issued_at"]),
        counter=row["counter"],
        priority=row["priority"] or None,
        calls=row["calls"],
        called_at=_when(row["called_at"]),
        started_at=_when(row["started_at"]),
        ended_at=_when(row["ended_at"]),
        dossier=row["dossier"],
        day=row["day"],
    )


def _when(text: str | None) -> datetime | None:
    return moment(text) if text else None


def next_in_series(query: Query, office: str, day: str, code: str) -> int:
    row = query.one(
        "INSERT INTO series (office, day, code, last) VALUES (:office, :day, :code, 1)"
        " ON CONFLICT (office, day, code) DO UPDATE SET last = series.last + 1 RETURNING last",
        office=office,
        day=day,
        code=code,
    )
    assert row is not None
    return int(row["last"])


def issued_on(query: Query, office: str, day: str) -> dict[str, int]:
    """How many numbers each series has given on the day."""
    rows = query.all(
        "SELECT code, last FROM series WHERE office = :office AND day = :day",
        office=office,
        day=day,
    )
    return {row["code"]: row["last"] for row in rows}


def insert(
    query: Query,
    office: str,
    ticket: Ticket,
    *,
    n: int,
    kiosk: str,
    request_id: str | None,
) -> None:
    query.run(
        "INSERT INTO ticket (id, office, day, series, n, number, service, priority, state, place,"
        " kiosk, request_id, dossier, issued_at) VALUES (:id, :office, :day, :service, :n,"
        " :number, :service, :priority, :state, :place, :kiosk, :request_id, :dossier,"
        " :issued_at)",
        id=ticket.id,
        office=office,
        day=ticket.day,
        n=n,
        number=ticket.number,
        service=ticket.service,
        priority=ticket.priority or "",
        state=ticket.state.value,
        place=ticket.place,
        kiosk=kiosk,
        request_id=request_id,
        dossier=ticket.dossier,
        issued_at=stamp(ticket.issued_at),
    )


def by_id(query: Query, office: str, ticket_id: str) -> Ticket | None:
    row = query.one(
        f"SELECT {_TICKET} FROM ticket WHERE id = :id AND office = :office",
        id=ticket_id,
        office=office,
    )
    return _ticket(row) if row else None


def by_request(query: Query, office: str, request_id: str) -> Ticket | None:
    row = query.one(
        f"SELECT {_TICKET} FROM ticket WHERE office = :office AND request_id = :request_id",
        office=office,
        request_id=request_id,
    )
    return _ticket(row) if row else None


def at_counter(query: Query, office: str, counter: int) -> Ticket | None:
    row = query.one(
        f"SELECT {_TICKET} FROM ticket WHERE office = :office"
        " AND counter = :counter AND state IN ('called', 'serving')",
        office=office,
        counter=counter,
    )
    return _ticket(row) if row else None


def missed_at(query: Query, office: str, day: str, counter: int, limit: int) -> tuple[Ticket, ...]:
    """Those who did not come when this counter called, the latest first."""
    rows = query.all(
        f"SELECT {_TICKET} FROM ticket WHERE office = :office AND day = :day"
        " AND counter = :counter AND state = 'no_show' ORDER BY ended_at DESC LIMIT :limit",
        office=office,
        day=day,
        counter=counter,
        limit=limit,
    )
    return tuple(_ticket(row) for row in rows)


def parked_at(query: Query, office: str, day: str, counter: int) -> tuple[Ticket, ...]:
    rows = query.all(
        f"SELECT {_TICKET} FROM ticket WHERE office = :office AND day = :day"
        " AND counter = :counter AND state = 'parked' ORDER BY place",
        office=office,
        day=day,
        counter=counter,
    )
    return tuple(_ticket(row) for row in rows)


def heads(query: Query, office: str, day: str, services: Iterable[str]) -> tuple[Ticket, ...]:
    """The first who waits of each (service, class); cost does not grow with the line.

    Whatever classes wait are found, also one that the configuration no longer has.
    """
    found = []
    for service in services:
        normal = _head(query, office, day, service, "=", "")
        head = _head(query, office, day, service, ">", "")
        found += [normal] if normal else []
        while head is not None:
            found.append(head)
            head = _head(query, office, day, service, ">", head.priority or "")
    return tuple(found)


def _head(
    query: Query, office: str, day: str, service: str, compared: str, priority: str
) -> Ticket | None:
    """The first of the class, or with ">" of the next class that anybody waits in."""
    row = query.one(
        f"SELECT {_TICKET} FROM ticket WHERE office = :office AND day = :day"
        f" AND service = :service AND priority {compared} :priority AND state = 'waiting'"
        " AND counter IS NULL ORDER BY priority, place LIMIT 1",
        office=office,
        day=day,
        service=service,
        priority=priority,
    )
    return _ticket(row) if row else None


def sent_to(query: Query, office: str, day: str, counter: int) -> tuple[Ticket, ...]:
    """Those who wait for this very counter, oldest place first."""
    rows = query.all(
        f"SELECT {_TICKET} FROM ticket WHERE office = :office AND day = :day"
        " AND counter = :counter AND state = 'waiting' ORDER BY place",
        office=office,
        day=day,
        counter=counter,
    )
    return tuple(_ticket(row) for row in rows)


def waiting_in(query: Query, office: str, day: str, service: str, limit: int) -> tuple[Ticket, ...]:
    """The first of those who wait for the service at any counter, oldest place first."""
    rows = query.all(
        f"SELECT {_TICKET} FROM ticket WHERE office = :office AND day = :day"
        " AND service = :service AND state = 'waiting' AND counter IS NULL"
        " ORDER BY place LIMIT :limit",
        office=office,
        day=day,
        service=service,
        limit=limit,
    )
    return tuple(_ticket(row) for row in rows)


def waiting_counts(query: Query, office: str, day: str) -> dict[str, int]:
    """How many wait for each service at any counter that takes it."""
    rows = query.all(
        "SELECT service, COUNT(*) AS waiting FROM ticket"
        " WHERE office = :office AND day = :day AND state = 'waiting' AND counter IS NULL"
        " GROUP BY service",
        office=office,
        day=day,
    )
    return {row["service"]: row["waiting"] for row in rows}


def ahead_of(query: Query, office: str, ticket: Ticket, classes_before: Iterable[str]) -> int:
    """How many wait before the ticket: earlier ones of its class, and all of better classes.

    Those who were sent to one counter stand in that counter's line and in no other.
    """
    if ticket.counter is not None:
        sent = sent_to(query, office, ticket.day, ticket.counter)
        return sum(other.place < ticket.place for other in sent)
    facts: dict[str, object] = {
        "office": office,
        "day": ticket.day,
        "service": ticket.service,
        "place": ticket.place,
    }
    line = (
        "SELECT COUNT(*) AS ahead FROM ticket WHERE office = :office AND day = :day"
        " AND service = :service AND priority = :priority AND state = 'waiting'"
        " AND counter IS NULL"
    )
    row = query.one(f"{line} AND place < :place", priority=ticket.priority or "", **facts)
    ahead = int(row["ahead"]) if row else 0
    del facts["place"]
    for priority in classes_before:
        row = query.one(line, priority=priority, **facts)
        ahead += int(row["ahead"]) if row else 0
    return ahead


def update(query: Query, office: str, ticket: Ticket) -> None:
    """Writes all of a ticket that a move can change."""
    query.run(
        "UPDATE ticket SET service = :service, state = :state, place = :place,"
        " counter = :counter, calls = :calls, called_at = :called_at, started_at = :started_at,"
        " ended_at = :ended_at WHERE id = :id AND office = :office",
        id=ticket.id,
        office=office,
        service=ticket.service,
        state=ticket.state.value,
        place=ticket.place,
        counter=ticket.counter,
        calls=ticket.calls,
        called_at=stamp(ticket.called_at) if ticket.called_at else None,
        started_at=stamp(ticket.started_at) if ticket.started_at else None,
        ended_at=stamp(ticket.ended_at) if ticket.ended_at else None,
    )


def recent_service_seconds(query: Query, office: str, service: str, limit: int) -> list[float]:
    """How long each of the last people served took, from the call to the end, in seconds."""
    rows = query.all(
        "SELECT called_at, ended_at FROM ticket WHERE office = :office AND service = :service"
        " AND state = 'finished' ORDER BY ended_at DESC LIMIT :limit",
        office=office,
        service=service,
        limit=limit,
    )
    return [
        (moment(row["ended_at"]) - moment(row["called_at"])).total_seconds()
        for row in rows
        if row["called_at"] and row["ended_at"]
    ]


def recent_calls(query: Query, office: str, limit: int) -> list[Mapping[str, Any]]:
    """The latest calls and recalls of any day, latest first, with the ticket's number."""
    return query.all(
        "SELECT event.seq, event.at, event.counter, event.details, ticket.number"
        " FROM event JOIN ticket ON ticket.id = event.ticket WHERE event.office = :office"
        " AND event.kind IN ('ticket.called', 'ticket.recalled')"
        " ORDER BY event.seq DESC LIMIT :limit",
        office=office,
        limit=limit,
    )
