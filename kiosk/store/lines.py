"""How many wait in each line: counted as they come and go, and read from there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from kiosk.calendar import moment, stamp
from kiosk.tickets import APPOINTMENT, TicketState
from kiosk.turns import EARLY
from kiosk.waits import Line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from kiosk.database import Query
    from kiosk.tickets import Ticket

LAST_PLACE: Final = 2**62
"""Behind everybody in every line."""

Key: TypeAlias = tuple[str, str, str]
"""Day, service and class: what ``waiting_line`` counts, so that nobody reads a whole line."""


def key_of(ticket: Ticket) -> Key | None:
    """The line in which a ticket waits for any counter."""
    if ticket.state is not TicketState.WAITING or ticket.counter is not None:
        return None
    return (ticket.day, ticket.service, ticket.line)


def count(query: Query, office: str, before: Key | None, now: Key | None) -> None:
    """Counts a ticket that left one line and stands in another one."""
    if before == now:
        return
    for line, by in ((before, -1), (now, 1)):
        if line is not None:
            query.run(
                "INSERT INTO waiting_line (office, day, service, line, waiting)"
                " VALUES (:office, :day, :service, :line, 1)"
                " ON CONFLICT (office, day, service, line)"
                " DO UPDATE SET waiting = waiting_line.waiting + :by",
                office=office,
                day=line[0],
                service=line[1],
                line=line[2],
                by=by,
            )


def waiting_counts(query: Query, office: str, day: str) -> dict[str, int]:
    """How many wait for each service at any counter that takes it."""
    rows = query.all(
        "SELECT service, line, waiting FROM waiting_line WHERE office = :office AND day = :day",
        office=office,
        day=day,
    )
    counts: dict[str, int] = {}
    for row in rows:
        counts[row["service"]] = counts.get(row["service"], 0) + row["waiting"]
    return {service: waiting for service, waiting in counts.items() if waiting}


def standing(query: Query, office: str, day: str, services: Iterable[str]) -> list[tuple[str, str]]:
    """The lines (service and class) of these services in which somebody waits at any counter,
    in the order of the services."""
    names, named = _listed(services)
    if not named:
        return []
    rows = query.all(
        "SELECT service, line FROM waiting_line"
        f" WHERE office = :office AND day = :day AND service IN ({names}) AND waiting > 0",
        office=office,
        day=day,
        **named,
    )
    order = {service: n for n, service in enumerate(named.values())}
    return sorted(
        ((row["service"], row["line"]) for row in rows), key=lambda line: (order[line[0]], line[1])
    )


def lines(
    query: Query,
    office: str,
    day: str,
    waiting: Mapping[str, Mapping[str, int]],
    place: int,
    now: datetime,
    overdue_since: datetime | None = None,
) -> dict[str, Line]:
    """Of those who are ``waiting`` for each service, by class: all, and who has an earlier place.

    Appointments stand at the second at which they are due; those to come are EARLY. Who waits
    since before ``overdue_since`` is counted as overdue, without it nobody.
    """
    found = {code: Line(dict(counts), dict(counts)) for code, counts in waiting.items()}
    if place < LAST_PLACE:
        _count_earlier(query, office, day, place, found)
    if overdue_since is not None:
        _count_overdue(query, office, day, overdue_since, found)
    for code in [code for code, line in found.items() if APPOINTMENT in line.waiting]:
        _part_early(query, office, day, code, now, found[code])
    return found


def _count_earlier(
    query: Query,
    office: str,
    day: str,
    place: int,
    found: Mapping[str, Line],
) -> None:
    names, named = _listed(found)
    rows = query.all(
        "SELECT service, line, COUNT(*) AS earlier FROM ticket WHERE office = :office"
        f" AND day = :day AND service IN ({names})"
        " AND state = 'waiting' AND counter IS NULL AND place < :place GROUP BY service, line",
        office=office,
        day=day,
        place=place,
        **named,
    )
    for line in found.values():
        line.earlier.update(dict.fromkeys(line.earlier, 0))
    for row in rows:
        found[row["service"]].earlier[row["line"]] = row["earlier"]


def _count_overdue(
    query: Query,
    office: str,
    day: str,
    since: datetime,
    found: Mapping[str, Line],
) -> None:
    """The same for those whom nobody passes any more.

    Grouped by what no index has, or SQLite reads the whole lines in the order of their index.
    """
    names, named = _listed(found)
    rows = query.all(
        "SELECT service, line || '' AS line, COUNT(*) AS overdue FROM ticket WHERE office = :office"
        f" AND day = :day AND service IN ({names})"
        " AND waits_since < :since AND state = 'waiting' AND counter IS NULL"
        " GROUP BY service, line || ''",
        office=office,
        day=day,
        since=stamp(since),
        **named,
    )
    for row in rows:
        found[row["service"]].overdue[row["line"]] = row["overdue"]


def _part_early(
    query: Query, office: str, day: str, service: str, now: datetime, line: Line
) -> None:
    """Counts the appointments that are still to come by themselves."""
    row = query.one(
        "SELECT COUNT(*) AS due FROM ticket WHERE office = :office AND day = :day"
        " AND service = :service AND line = :line AND state = 'waiting' AND counter IS NULL"
        " AND place <= :now",
        office=office,
        day=day,
        service=service,
        line=APPOINTMENT,
        now=int(now.timestamp()),
    )
    assert row is not None
    waiting, earlier = line.waiting[APPOINTMENT], line.earlier[APPOINTMENT]
    line.waiting[APPOINTMENT], line.waiting[EARLY] = row["due"], waiting - row["due"]
    line.earlier[APPOINTMENT] = min(earlier, row["due"])
    line.earlier[EARLY] = max(0, earlier - row["due"])


def _listed(services: Iterable[str]) -> tuple[str, dict[str, str]]:
    """Placeholders for the services, and what they stand for."""
    named = {f"service{n}": service for n, service in enumerate(services)}
    return ", ".join(f":{name}" for name in named), named


def waits(query: Query, office: str, day: str) -> list[tuple[str, int | None, datetime]]:
    """Of all who wait: the service, the counter to which they were sent, and since when."""
    rows = query.tuples(
        "SELECT service, counter, waits_since FROM ticket"
        " WHERE office = :office AND day = :day AND state = 'waiting'",
        office=office,
        day=day,
    )
    return [(service, counter, moment(since)) for service, counter, since in rows]
