"""The rating of a visit: one ballot for each served ticket, which nobody changes afterwards.

After a visit the display at its counter asks for a while, and for a shorter one beside the number
that was called next: until its owner is there. What was rated stays rated, also when the clerk
takes the end of the visit back; when that ends once more, its owner is not asked again.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from kiosk.calendar import moment
from kiosk.errors import Refused
from kiosk.office import days
from kiosk.office.moves import EVENTS, RELEASING
from kiosk.ratings import Tally, tally
from kiosk.store import events, ratings, tickets
from kiosk.tickets import Move, TicketState

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from kiosk.database import Query
    from kiosk.office.centre import Centre
    from kiosk.tickets import Ticket

DEALT_WITH: Final = frozenset(EVENTS[move] for move in (Move.START, *(RELEASING - {Move.RETURN})))
"""Events of a counter after which whoever was called there is dealt with, so that the one who left
before has gone. A return may be about somebody who was kept there."""

AFTER_A_CALL: Final = timedelta(seconds=10)
"""How long whoever leaves is asked while the next one walks up to the counter."""

AFTERWARDS: Final = timedelta(minutes=15)
"""How long after the visit its owner may rate it with the ticket, on the way out: a paper that was
left behind is worth nothing soon."""

ON_THE_WAY: Final = timedelta(seconds=5)
"""How much later than the display stops to ask a ballot may come in."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit that has just ended at a counter, and ``until`` when its display asks for a rating.

    ``ballot`` tells it from all others and tells nothing of its ticket: it is the sequence of the
    event that ended it.
    """

    ballot: int
    ticket: str
    until: datetime


@dataclass(frozen=True, slots=True)
class ClerkTally:
    login: str
    name: str
    tally: Tally


@dataclass(frozen=True, slots=True)
class Ratings:
    """The ballots of the office days from ``first`` to ``last``, in all and apart."""

    first: date
    last: date
    whole: Tally
    counters: Mapping[int, Tally]
    clerks: tuple[ClerkTally, ...]


def rate(centre: Centre, ticket: str, level: str, *, actor: str) -> None:
    """Notes how the owner of a served ticket found it; who that is stands nowhere.

    Refused: rating_off, unknown_level, no_such_ticket, not_served, already_rated.
    """
    _check(centre, level)
    with centre.database.write() as query:
        _cast(centre, query, ticket, level, centre.clock(), actor)


def may_rate(centre: Centre, ticket: Ticket) -> bool:
    """Whether the owner of the ticket may say now how the visit was."""
    if not centre.rating.enabled or not _ended_lately(ticket, centre.clock()):
        return False
    with centre.database.read() as query:
        return ratings.rated_at(query, centre.code, ticket.id) is None


def rate_afterwards(centre: Centre, ticket: str, level: str, *, actor: str) -> None:
    """Notes the ballot of who has the ticket at hand, soon after the visit.

    Refused: rating_off, unknown_level, no_such_ticket, rating_over, not_served, already_rated.
    """
    _check(centre, level)
    now = centre.clock()
    with centre.database.write() as query:
        known = tickets.by_id(query, centre.code, ticket)
        if known is not None and not _ended_lately(known, now - ON_THE_WAY):
            raise Refused("rating_over")
        _cast(centre, query, ticket, level, now, actor)


def _ended_lately(ticket: Ticket, now: datetime) -> bool:
    ended = ticket.ended_at
    served = ticket.state is TicketState.FINISHED and ended is not None
    return served and ended is not None and abs(now - ended) <= AFTERWARDS


def rate_at_counter(centre: Centre, counter: int, ballot: int, level: str) -> None:
    """Notes the ballot about the visit that has just ended at the counter.

    Refused: unknown_counter, rating_off, unknown_level, rating_over (the next one is there, or it
    was too long ago), already_rated.
    """
    centre.counter(counter)
    _check(centre, level)
    now = centre.clock()
    with centre.database.write() as query:
        visit = ended_visits(centre, query, now).get(counter)
        if visit is None or visit.ballot != ballot or now > visit.until + ON_THE_WAY:
            raise Refused("rating_over")
        _cast(centre, query, visit.ticket, level, now, "display")


def ended_visits(centre: Centre, query: Query, now: datetime) -> dict[int, Visit]:
    """By counter, the visit that ended there within the time to rate it and was its ticket's last;
    none where two people were called since, or one who is dealt with by now. What was taken back
    never happened."""
    found: dict[int, Visit] = {}
    undone: set[int] = set()
    passed: set[int] = set()
    called: dict[int, datetime] = {}
    for row in events.latest(query, centre.code, now, centre.rating.lasts + ON_THE_WAY):
        kind, counter, at = row["kind"], row["counter"], moment(row["at"])
        if kind == "ticket.undone":
            undone.add(json.loads(row["details"])["undone"])
        if row["seq"] in undone or counter is None or counter in passed:
            continue
        if kind == "ticket.called" and counter not in called:
            called[counter] = at
        elif kind == "ticket.called" or kind in DEALT_WITH:
            passed.add(counter)
        if kind == "ticket.finished":
            until = at + centre.rating.lasts
            if counter in called:
                until = min(until, called[counter] + AFTER_A_CALL)
            found[counter] = Visit(row["seq"], row["ticket"], until)
    return found


def read_ratings(centre: Centre, first: date | None = None, last: date | None = None) -> Ratings:
    """The ballots from the office day ``first`` (None: today) to ``last`` (None: the same day),
    or from ``last`` to ``first`` where that is the earlier one."""
    with centre.database.read() as query:
        day = first or date.fromisoformat(days.today(centre, query, centre.clock()))
        begin, end = sorted((day, last or day))
        rows = ratings.counted(query, centre.code, begin.isoformat(), end.isoformat())
    numbers = sorted({row.counter for row in rows})
    clerks = sorted({(row.name, row.clerk) for row in rows})
    return Ratings(
        begin,
        end,
        tally((row.level, row.ballots) for row in rows),
        {n: tally((row.level, row.ballots) for row in rows if row.counter == n) for n in numbers},
        tuple(
            ClerkTally(
                login, name, tally((row.level, row.ballots) for row in rows if row.clerk == login)
            )
            for name, login in clerks
        ),
    )


def _check(centre: Centre, level: str) -> None:
    if not centre.rating.enabled:
        raise Refused("rating_off")
    if not centre.rating.has(level):
        raise Refused("unknown_level", level=level)


def _cast(
    centre: Centre, query: Query, ticket_id: str, level: str, now: datetime, actor: str
) -> None:
    ticket = tickets.by_id(query, centre.code, ticket_id)
    if ticket is None:
        raise Refused("no_such_ticket")
    clerk = events.finished_by(query, centre.code, ticket.id)
    if ticket.state is not TicketState.FINISHED or clerk is None:
        raise Refused("not_served")
    if not ratings.insert(query, centre.code, ticket, clerk, level, now):
        raise Refused("already_rated")
    events.append(
        query,
        centre.code,
        now,
        "ticket.rated",
        actor=actor,
        ticket=ticket.id,
        counter=ticket.counter,
        details={"level": level},
    )
