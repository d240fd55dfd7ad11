"""The ballots of citizens, one for each served ticket, in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from kiosk.calendar import moment, stamp

if TYPE_CHECKING:
    from datetime import datetime

    from kiosk.database import Query
    from kiosk.tickets import Ticket


class Counted(NamedTuple):
    """How many ballots of a level a clerk got at a counter; ``name`` is the clerk's."""

    counter: int
    clerk: str
    name: str
    level: str
    ballots: int


def insert(query: Query, office: str, ticket: Ticket, clerk: str, level: str, at: datetime) -> bool:
    """False when the ticket has been rated before."""
    return bool(
        query.run(
            "INSERT INTO rating (office, ticket, day, counter, clerk, level, rated_at)"
            " VALUES (:office, :ticket, :day, :counter, :clerk, :level, :at)"
            " ON CONFLICT (office, ticket) DO NOTHING",
            office=office,
            ticket=ticket.id,
            day=ticket.day,
            counter=ticket.counter,
            clerk=clerk,
            level=level,
            at=stamp(at),
        )
    )


def rated_at(query: Query, office: str, ticket: str) -> datetime | None:
    row = query.one(
        "SELECT rated_at FROM rating WHERE office = :office AND ticket = :ticket",
        office=office,
        ticket=ticket,
    )
    return moment(row["rated_at"]) if row else None


def counted(query: Query, office: str, first: str, last: str) -> list[Counted]:
    """The ballots of the office days from ``first`` to ``last``, both included."""
    rows: list[tuple[Any, ...]] = query.tuples(
        "SELECT rating.counter, rating.clerk, clerk.name, rating.level, COUNT(*) FROM rating"
        " LEFT JOIN clerk ON clerk.office = rating.office AND clerk.login = rating.clerk"
        " WHERE rating.office = :office AND rating.day >= :first AND rating.day <= :last"
        " GROUP BY rating.counter, rating.clerk, clerk.name, rating.level"
        " ORDER BY rating.counter, rating.clerk, rating.level",
        office=office,
        first=first,
        last=last,
    )
    return [
        Counted(counter, clerk, name or clerk, level, ballots)
        for counter, clerk, name, level, ballots in rows
    ]
