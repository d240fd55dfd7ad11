"""What the small displays at the counters show to the person in front of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from kiosk.office import days
from kiosk.office.overview import state_of
from kiosk.office.ratings import ended_visits
from kiosk.store import orders, ratings, staff, tickets
from kiosk.tickets import SESSION_LIFE

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from kiosk.database import Query
    from kiosk.office.centre import Centre
    from kiosk.office.ratings import Visit

THANKS: Final = timedelta(seconds=5)
"""How long a display says thank you for a ballot."""


@dataclass(frozen=True, slots=True)
class Question:
    """The rating of the visit of ``number`` that a display asks for, or thanks for once it is
    ``rated``, ``until`` then."""

    ballot: int
    number: str
    until: datetime
    rated: bool


@dataclass(frozen=True, slots=True)
class CounterDisplay:
    """``state`` is as in ``overview.CounterState``. ``number`` was called ``calls`` times.
    ``clerk`` is a name, and None as well where the office names nobody."""

    at: datetime
    counter: int
    state: str
    number: str | None
    calls: int
    services: tuple[str, ...]
    clerk: str | None
    question: Question | None


def read_displays(centre: Centre, numbers: Iterable[int]) -> tuple[CounterDisplay, ...]:
    """Those of these counters, all of one moment."""
    now = centre.clock()
    with centre.database.read() as query:
        day = days.today(centre, query, now)
        closed = {n for n, is_closed, _ in orders.of_day(query, centre.code, day) if is_closed}
        live = staff.live_sessions(query, centre.code, now - SESSION_LIFE)
        here = {ticket.counter: ticket for ticket in tickets.all_at_counters(query, centre.code)}
        visits = ended_visits(centre, query, now) if centre.rating.enabled else {}
        questions = {
            number: _question(centre, query, visit, now) for number, visit in visits.items()
        }
    sessions = {row["counter"]: row for row in live}
    shown = []
    for number in numbers:
        session, ticket = sessions.get(number), here.get(number)
        shown.append(
            CounterDisplay(
                at=now,
                counter=number,
                state=state_of(session, ticket, closed=number in closed)[0],
                number=ticket.number if ticket else None,
                calls=ticket.calls if ticket else 0,
                services=centre.counter(number).services,
                clerk=session["name"] if session and centre.clerk_names else None,
                question=questions.get(number),
            )
        )
    return tuple(shown)


def _question(centre: Centre, query: Query, visit: Visit, now: datetime) -> Question | None:
    rated_at = ratings.rated_at(query, centre.code, visit.ticket)
    until = rated_at + THANKS if rated_at else visit.until
    ticket = tickets.by_id(query, centre.code, visit.ticket) if now < until else None
    return Question(visit.ballot, ticket.number, until, rated_at is not None) if ticket else None
