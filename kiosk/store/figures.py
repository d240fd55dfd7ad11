"""What the estimate and the day's figures read: recent service times, lines, desks, events."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from kiosk.calendar import moment, stamp
from kiosk.history import Event
from kiosk.waits import Pace

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from kiosk.database import Query

ANY_HOUR = -1
"""The row of a service's recent times whatever the hour."""


def recent_times(query: Query, office: str, service: str, hour: int) -> dict[int, tuple[int, ...]]:
    """The last service times in whole seconds, latest last: at any hour, and at this one."""
    rows = query.all(
        "SELECT hour, recent FROM pace WHERE office = :office AND service = :service"
        " AND hour IN (-1, :hour)",
        office=office,
        service=service,
        hour=hour,
    )
    known = {row["hour"]: tuple(map(int, row["recent"].split())) for row in rows}
    return {ANY_HOUR: known.get(ANY_HOUR, ()), hour: known.get(hour, ())}


def set_paces(
    query: Query, office: str, service: str, known: Mapping[int, tuple[Sequence[int], Pace]]
) -> None:
    """Keeps a service's recent times and the pace that follows from them, by hour."""
    query.many(
        "INSERT INTO pace (office, service, hour, recent, n, mean, spread)"
        " VALUES (:office, :service, :hour, :recent, :n, :mean, :spread)"
        " ON CONFLICT (office, service, hour) DO UPDATE SET recent = excluded.recent,"
        " n = excluded.n, mean = excluded.mean, spread = excluded.spread",
        [
            {
                "office": office,
                "service": service,
                "hour": hour,
                "recent": " ".join(map(str, recent)),
                "n": pace.n,
                "mean": round(pace.mean),
                "spread": round(pace.spread),
            }
            for hour, (recent, pace) in known.items()
        ],
    )


def paces(
    query: Query, office: str, services: Iterable[str], hour: int
) -> tuple[dict[str, Pace], dict[str, Pace]]:
    """The pace of each service as far as it is known: at any hour, and at this one."""
    names, facts = _listed("service", services)
    rows = query.all(
        "SELECT service, hour, n, mean, spread FROM pace WHERE office = :office"
        f" AND service IN ({names}) AND hour IN (-1, :hour)",
        office=office,
        hour=hour,
        **facts,
    )
    any_hour: dict[str, Pace] = {}
    this_hour: dict[str, Pace] = {}
    for row in rows:
        found = any_hour if row["hour"] == ANY_HOUR else this_hour
        found[row["service"]] = Pace(row["n"], row["mean"], row["spread"])
    return any_hour, this_hour


def kept_numbers(query: Query, office: str, day: str) -> dict[int, list[str]]:
    """The numbers that each counter keeps until it calls them; not those who fetch papers."""
    rows = query.all(
        "SELECT counter, number FROM ticket WHERE office = :office AND day = :day"
        " AND state = 'parked' AND reason = '' ORDER BY counter, place",
        office=office,
        day=day,
    )
    kept: dict[int, list[str]] = {}
    for row in rows:
        kept.setdefault(row["counter"], []).append(row["number"])
    return kept


def days_before(query: Query, office: str, day: str, limit: int) -> tuple[str, ...]:
    """The last office days (ISO) before this one on which a number was given, latest first."""
    rows = query.all(
        "SELECT DISTINCT day FROM series WHERE office = :office AND day < :day"
        " ORDER BY day DESC LIMIT :limit",
        office=office,
        day=day,
        limit=limit,
    )
    return tuple(row["day"] for row in rows)


def events_between(query: Query, office: str, start: datetime, end: datetime) -> tuple[Event, ...]:
    """What happened to tickets and counters from ``start`` until before ``end``.

    A rating is left out: it happens to neither, and may come when its counter has closed.
    """
    last = query.one(
        "SELECT seq FROM event WHERE office = :office ORDER BY seq DESC LIMIT 1", office=office
    )
    if last is None:
        return ()
    rows = query.all(
        "SELECT seq, at, kind, ticket, counter, clerk, details FROM event"
        " WHERE office = :office AND seq >= :first AND seq < :beyond"
        " AND (ticket IS NOT NULL OR counter IS NOT NULL) AND kind <> 'ticket.rated' ORDER BY seq",
        office=office,
        first=_first_at(query, office, stamp(start), last["seq"]),
        beyond=_first_at(query, office, stamp(end), last["seq"]),
    )
    return tuple(_event(row) for row in rows)


def ends_after(query: Query, office: str, day: str, seq: int) -> tuple[Event, ...]:
    """What ended the day's visits after that sequence, or led to it at a counter."""
    rows = query.all(
        "SELECT event.seq, event.at, event.kind, event.ticket, event.counter, event.clerk,"
        " event.details FROM ticket JOIN event ON event.ticket = ticket.id"
        " WHERE ticket.office = :office AND ticket.day = :day AND ticket.version > :seq"
        " AND event.office = :office AND event.seq > :seq AND event.kind IN ('ticket.recalled',"
        " 'ticket.started', 'ticket.finished', 'ticket.no_show', 'ticket.expired',"
        " 'ticket.undone')"
        " ORDER BY event.seq",
        office=office,
        day=day,
        seq=seq,
    )
    return tuple(_event(row) for row in rows)


def _first_at(query: Query, office: str, at: str, last: int) -> int:
    """The first sequence whose event is not before that moment, by halving: they have no gaps."""
    low, high = 1, last + 1
    while low < high:
        middle = (low + high) // 2
        row = query.one(
            "SELECT at FROM event WHERE office = :office AND seq = :seq", office=office, seq=middle
        )
        if row is not None and row["at"] < at:
            low = middle + 1
        else:
            high = middle
    return low


def _event(row: Mapping[str, Any]) -> Event:
    return Event(
        seq=row["seq"],
        at=moment(row["at"]),
        kind=row["kind"],
        ticket=row["ticket"],
        counter=row["counter"],
        clerk=row["clerk"],
        details=json.loads(row["details"]),
    )


def _listed(name: str, values: Iterable[str]) -> tuple[str, dict[str, str]]:
    """Placeholders for a list of values, and what they stand for."""
    facts = {f"{name}{n}": value for n, value in enumerate(values)}
    return ", ".join(f":{key}" for key in facts), facts
