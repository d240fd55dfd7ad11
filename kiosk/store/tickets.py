"""Tickets and their numbers, in SQL."""

from __future__ import annotations

from dataclasses import replace
from functools import cache, lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from kiosk.calendar import moment, stamp
from kiosk.store import lines
from kiosk.tickets import Ticket, TicketState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from kiosk.database import Query

_TICKET: Final = (
    "id, number, service, state, place, issued_at, counter, priority, calls, called_at,"
    " started_at, ended_at, dossier, day, line, waits_since, due_at, journey, announced_at,"
    " misses, reason, outcome, version"
)
_COLUMNS: Final = tuple(_TICKET.split(", "))
_MOMENTS: Final = (
    "issued_at", "called_at", "started_at", "ended_at", "waits_since", "due_at", "announced_at",
)  # fmt: skip


def _all(query: Query, sql: str, **facts: object) -> tuple[Ticket, ...]:
    """The tickets whose _TICKET this selects."""
    return tuple(map(_ticket, query.tuples(sql, **facts)))


def _one(query: Query, sql: str, **facts: object) -> Ticket | None:
    rows = query.tuples(sql, **facts)
    return _ticket(rows[0]) if rows else None


# Each change is shown to all of the staff; most of those who wait are what they were a moment ago.
@lru_cache(maxsize=4096)
def _ticket(row: tuple[Any, ...]) -> Ticket:
    facts = dict(zip(_COLUMNS, row, strict=True))
    facts |= {name: _when(facts[name]) for name in _MOMENTS}
    facts["state"] = TicketState(facts["state"])
    facts["priority"] = facts["priority"] or None
    facts["journey"] = tuple(facts["journey"].split())
    return Ticket(**facts)


def _when(text: str | None) -> datetime | None:
    return moment(text) if text else None


def _stamp(at: datetime | None) -> str | None:
    return stamp(at) if at else None


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
        " kiosk, request_id, dossier, issued_at, line, waits_since, due_at, journey, version)"
        " VALUES (:id, :office, :day, :service, :n, :number, :service, :priority, :state, :place,"
        " :kiosk, :request_id, :dossier, :issued_at, :line, :waits_since, :due_at, :journey,"
        " :version)",
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
        line=ticket.line,
        waits_since=_stamp(ticket.waits_since),
        due_at=_stamp(ticket.due_at),
        journey=" ".join(ticket.journey),
        version=ticket.version,
    )
    lines.count(query, office, None, lines.key_of(ticket))


def issued_last(query: Query, office: str, day: str) -> datetime | None:
    """When the latest ticket of the day was given, by a clock that may have been set back since."""
    row = query.one(
        "SELECT MAX(issued_at) AS at FROM ticket WHERE office = :office AND day = :day",
        office=office,
        day=day,
    )
    return moment(row["at"]) if row and row["at"] else None


def by_id(query: Query, office: str, ticket_id: str) -> Ticket | None:
    return _one(
        query,
        f"SELECT {_TICKET} FROM ticket WHERE id = :id AND office = :office",
        id=ticket_id,
        office=office,
    )


def by_request(query: Query, office: str, request_id: str) -> Ticket | None:
    return _one(
        query,
        f"SELECT {_TICKET} FROM ticket WHERE office = :office AND request_id = :request_id",
        office=office,
        request_id=request_id,
    )


def waiting_with(query: Query, office: str, day: str, dossier: str | None) -> Ticket | None:
    """The first that waits with the dossier."""
    return _one(
        query,
        f"SELECT {_TICKET} FROM ticket WHERE office = :office AND day = :day"
        " AND state = 'waiting' AND dossier = :dossier ORDER BY place LIMIT 1",
        office=office,
        day=day,
        dossier=dossier,
    )


def by_number(query: Query, office: str, day: str, number: str) -> Ticket | None:
    return _one(
        query,
        f"SELECT {_TICKET} FROM ticket WHERE office = :office AND day = :day AND number = :number",
        office=office,
        day=day,
        number=number,
    )


def left_over(query: Query, office: str, day: str) -> tuple[Ticket, ...]:
    """Those who wait, or are kept, since a day before this one, in the order of their places."""
    return _live(query, office, "day < :day", day=day)


_AT_ONCE: Final = 100  # lines in one question: SQLite takes at most 500
# In the order of the index that knows the live ones; else SQLite reads all of the past.
_LIVE: Final = (("waiting", "service, line, place"), ("parked", "counter, place"))
_AT_COUNTERS: Final = "counter > 0 AND state IN ('called', 'serving') ORDER BY counter"


def _live(query: Query, office: str, which: str, **facts: object) -> tuple[Ticket, ...]:
    found = [
        ticket
        for state, order in _LIVE
        for ticket in _all(
            query,
            f"SELECT {_TICKET} FROM ticket WHERE office = :office AND {which}"
            f" AND state = '{state}' ORDER BY day, {order}",
            office=office,
            **facts,
        )
    ]
    return tuple(sorted(found, key=lambda ticket: ticket.place))


def beyond(query: Query, office: str, day: str) -> tuple[Ticket, ...]:
    """Those who wait, or are kept, in the lines of days after this one."""
    return _live(query, office, "day > :day", day=day)


def numbers_held(
    query: Query,
    office: str,
    day: str,
    since: str,
    until: str,
    latest: str,
    *,
    at_counters: bool,
) -> dict[str, int]:
    """The highest number of each series with which people of other days wait or are kept, or
    are at a counter.

    Of the days from ``since`` to ``until``, and of the ``latest``.
    """
    held: dict[str, int] = {}
    which = [f"state = '{state}' ORDER BY day, {order}" for state, order in _LIVE]
    if at_counters:
        which.append(_AT_COUNTERS)
    for live in which:
        rows = query.all(
            "SELECT series, n FROM ticket WHERE office = :office AND day <> :day"
            " AND (day BETWEEN :since AND :until OR day = :latest)"
            f" AND {live}",
            office=office,
            day=day,
            since=since,
            until=until,
            latest=latest,
        )
        for row in rows:
            held[row["series"]] = max(held.get(row["series"], 0), row["n"])
    return held


def carry_over(query: Query, office: str, ticket: Ticket, day: str) -> tuple[str, int] | None:
    """Moves a ticket to another day's line and returns its series and its number there.

    None, and nothing moved, when that day has given the same number already.
    """
    row = query.one(
        "UPDATE ticket SET day = :day WHERE id = :id AND office = :office"
        " AND NOT EXISTS (SELECT 1 FROM ticket AS given WHERE given.office = ticket.office"
        " AND given.day = :day AND given.series = ticket.series AND given.n = ticket.n)"
        " RETURNING series, n",
        id=ticket.id,
        office=office,
        day=day,
    )
    if row is None:
        return None
    carried = lines.key_of(replace(ticket, day=day))
    lines.count(query, office, lines.key_of(ticket), carried)
    return (row["series"], row["n"])


def left_at_counters(query: Query, office: str, day: str) -> tuple[Ticket, ...]:
    """Those who are at a counter since a day before this one."""
    return _all(
        query,
        f"SELECT {_TICKET} FROM ticket WHERE office = :office AND day < :day AND {_AT_COUNTERS}",
        office=office,
        day=day,
    )


def all_at_counters(query: Query, office: str) -> tuple[Ticket, ...]:
    return _all(
        query,
        f"SELECT {_TICKET} FROM ticket WHERE office = :office AND {_AT_COUNTERS}",
        office=office,
    )


def at_counter(query: Query, office: str, counter: int) -> Ticket | None:
    return _one(
        query,
        f"SELECT {_TICKET} FROM ticket WHERE office = :office"
        " AND counter = :counter AND state IN ('called', 'serving')",
        office=office,
        counter=counter,
    )


def missed(query: Query, office: str, day: str, limit: int) -> dict[int, tuple[Ticket, ...]]:
    """Of those who did not come, by the counter that called them: the latest, latest first."""
    found = _all(
        query,
        f"SELECT {_TICKET} FROM (SELECT ticket.*, ROW_NUMBER() OVER (PARTITION BY counter"
        " ORDER BY ended_at DESC) AS nth FROM ticket WHERE office = :office AND day = :day"
        " AND state = 'no_show') AS missed WHERE nth <= :limit ORDER BY counter, nth",
        office=office,
        day=day,
        limit=limit,
    )
    return _by_counter(found)


def parked(query: Query, office: str, day: str) -> dict[int, tuple[Ticket, ...]]:
    """Those who are kept, by their counter, oldest place first."""
    return _of_counters(query, office, day, "parked")


def sent(query: Query, office: str, day: str) -> dict[int, tuple[Ticket, ...]]:
    """Those who wait for one counter alone, by that counter, oldest place first."""
    return _of_counters(query, office, day, "waiting")


def _of_counters(query: Query, office: str, day: str, state: str) -> dict[int, tuple[Ticket, ...]]:
    found = _all(
        query,
        f"SELECT {_TICKET} FROM ticket WHERE office = :office AND day = :day"
        f" AND counter IS NOT NULL AND state = '{state}' ORDER BY counter, place",
        office=office,
        day=day,
    )
    return _by_counter(found)


def _by_counter(found: Iterable[Ticket]) -> dict[int, tuple[Ticket, ...]]:
    """Of tickets that stand counter by counter."""
    grouped = groupby(found, key=lambda ticket: ticket.counter)
    return {counter: tuple(its) for counter, its in grouped if counter is not None}


def heads(
    query: Query, office: str, day: str, services: Iterable[str], each: int = 1
) -> tuple[Ticket, ...]:
    """The first who waits of each (service, class), or ``each`` so many, earliest place first; cost
    does not grow with the line.

    Whatever classes wait are found, also one that the configuration no longer has.
    """
    standing = lines.standing(query, office, day, services)
    found: list[Ticket] = []
    for start in range(0, len(standing), _AT_ONCE):
        some = standing[start : start + _AT_ONCE]
        facts = {f"service{n}": line[0] for n, line in enumerate(some)}
        facts |= {f"line{n}": line[1] for n, line in enumerate(some)}
        found += _all(query, _firsts(len(some)), office=office, day=day, each=each, **facts)
    return tuple(found)


@cache
def _firsts(count: int) -> str:
    """Asks for the first of each of so many lines at once; over a network each question costs."""
    return " UNION ALL ".join(
        f"SELECT * FROM (SELECT {_TICKET} FROM ticket WHERE office = :office AND day = :day"
        f" AND service = :service{n} AND line = :line{n} AND state = 'waiting'"
        f" AND counter IS NULL ORDER BY place LIMIT :each) AS first{n}"
        for n in range(count)
    )


def waiting_longest(
    query: Query, office: str, day: str, services: Iterable[str], before: datetime
) -> tuple[Ticket, ...]:
    """Of each service who has waited longest, of those who wait since before that moment."""
    facts = {f"service{n}": service for n, service in enumerate(services)}
    each = (
        f"SELECT * FROM (SELECT {_TICKET} FROM ticket WHERE office = :office AND day = :day"
        f" AND service = :{name} AND waits_since < :before AND state = 'waiting'"
        f" AND counter IS NULL ORDER BY waits_since, place LIMIT 1) AS of_{name}"
        for name in facts
    )
    sql = " UNION ALL ".join(each)
    return _all(query, sql, office=office, day=day, before=stamp(before), **facts)


def sent_to(query: Query, office: str, day: str, counter: int) -> tuple[Ticket, ...]:
    """Those who wait for this very counter, oldest place first."""
    return _all(
        query,
        f"SELECT {_TICKET} FROM ticket WHERE office = :office AND day = :day"
        " AND counter = :counter AND state = 'waiting' ORDER BY place",
        office=office,
        day=day,
        counter=counter,
    )


def update(query: Query, office: str, before: Ticket, ticket: Ticket) -> None:
    """Writes all of a ticket that a move can change; ``before`` is what stands in the store."""
    lines.count(query, office, lines.key_of(before), lines.key_of(ticket))
    query.run(
        "UPDATE ticket SET service = :service, state = :state, place = :place,"
        " counter = :counter, calls = :calls, called_at = :called_at, started_at = :started_at,"
        " ended_at = :ended_at, line = :line, waits_since = :waits_since, journey = :journey,"
        " announced_at = :announced_at, misses = :misses, reason = :reason, outcome = :outcome,"
        " priority = :priority, version = :version WHERE id = :id AND office = :office",
        id=ticket.id,
        office=office,
        service=ticket.service,
        state=ticket.state.value,
        place=ticket.place,
        counter=ticket.counter,
        calls=ticket.calls,
        called_at=_stamp(ticket.called_at),
        started_at=_stamp(ticket.started_at),
        ended_at=_stamp(ticket.ended_at),
        line=ticket.line,
        waits_since=_stamp(ticket.waits_since),
        journey=" ".join(ticket.journey),
        announced_at=_stamp(ticket.announced_at),
        misses=ticket.misses,
        reason=ticket.reason,
        outcome=ticket.outcome,
        priority=ticket.priority or "",
        version=ticket.version,
    )


def recent_calls(query: Query, office: str, limit: int) -> list[Mapping[str, Any]]:
    """The latest calls and recalls of any day, latest first, with the ticket's number.

    Events of the kind "ticket.undone" stand among them; they name what is to be left out.
    """
    return query.all(
        "SELECT event.seq, event.at, event.kind, event.counter, event.details, ticket.number"
        " FROM event JOIN ticket ON ticket.id = event.ticket WHERE event.office = :office"
        " AND event.kind IN ('ticket.called', 'ticket.recalled', 'ticket.undone')"
        " ORDER BY event.seq DESC LIMIT :limit",
        office=office,
        limit=limit,
    )
