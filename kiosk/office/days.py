"""The office day: when it begins, and what becomes of those who still wait from the day before.

The day does not go back with the clock: the last day that has begun goes on while the clock is
at most a day behind it, and while the clock stands before all days of this store, as one with a
flat battery does. So no line is lost and no series starts anew. A clock between them was set right
after it had been ahead: its own day goes on, or begins.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from kiosk.calendar import office_day
from kiosk.office.moves import record
from kiosk.store import appointments, days, events, tickets
from kiosk.tickets import Move

if TYPE_CHECKING:
    from datetime import datetime

    from kiosk.database import Query
    from kiosk.office.centre import Centre


LONGEST_CLOSURE: Final = timedelta(days=31)
"""A day that begins longer than this after the last one is taken for a clock that leapt ahead."""


def today(centre: Centre, query: Query, now: datetime) -> str:
    """The office day (ISO) that runs; changes nothing."""
    return _day(centre, query, days.latest(query, centre.code), now)


def begin(centre: Centre, query: Query, now: datetime) -> str:
    """The office day (ISO) that runs; its first use ends what is left from the days before."""
    latest = days.latest(query, centre.code)
    day = _day(centre, query, latest, now)
    if day != latest and days.begin(query, centre.code, day, now):
        _end_before(centre, query, day, now, leap=_is_leap(latest, day))
    return day


def _day(centre: Centre, query: Query, latest: str, now: datetime) -> str:
    clock = office_day(now, centre.timezone, centre.queue.day_starts)
    if clock.isoformat() >= latest:
        return clock.isoformat()
    behind = latest <= (clock + timedelta(days=1)).isoformat()
    flat = clock.isoformat() < days.earliest(query, centre.code)
    return latest if behind or flat else clock.isoformat()


def _is_leap(latest: str, day: str) -> bool:
    return bool(latest) and date.fromisoformat(day) - date.fromisoformat(latest) > LONGEST_CLOSURE


def _end_before(centre: Centre, query: Query, day: str, now: datetime, *, leap: bool) -> None:
    """Who is at a counter stays there: the counter's next move ends it.

    After a ``leap`` nothing is ended yet: the clock may be wrong, and the line still stand here.
    """
    left = () if leap else tickets.left_over(query, centre.code, day)
    keep = centre.queue.keep_overnight
    move = Move.KEEP if keep else Move.EXPIRE
    last: dict[str, int] = {}
    for ticket in left:
        details = {"day": ticket.day}
        record(centre, query, ticket, move, now, actor="day", details=details,
               ended_at=None if keep else now)  # fmt: skip
        if keep:
            series, n = tickets.carry_over(query, centre.code, ticket.id, day)
            last[series] = max(last.get(series, 0), n)
    for series, n in last.items():
        tickets.begin_series(query, centre.code, day, series, n)
    missed = 0 if leap else appointments.miss_before(query, centre.code, day)
    facts = {"day": day, "left": len(left), "kept": keep, "missed_appointments": missed}
    events.append(query, centre.code, now, "day.began", actor="day", details=facts)
