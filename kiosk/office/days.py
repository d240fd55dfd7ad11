"""The office day: when it begins, and what becomes of those who still wait from the day before.

The day does not go back with the clock: the last day that has begun goes on while the clock is
at most a day behind it, and while the clock stands before all days of this store, as one with a
flat battery does. So no line is lost and no series starts anew. A clock between them was set right
after it had been ahead: its own day goes on, or begins.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from kiosk.calendar import office_day, stamp
from kiosk.office.centre import SESSION_LIFE
from kiosk.office.moves import record
from kiosk.store import appointments, counters, days, events, tickets
from kiosk.tickets import Move

if TYPE_CHECKING:
    from datetime import datetime

    from kiosk.appointments import Appointment
    from kiosk.database import Query
    from kiosk.office.centre import Centre
    from kiosk.tickets import Ticket


LONGEST_CLOSURE: Final = timedelta(days=31)
"""A day that begins longer than this after the last one is taken for a clock that leapt ahead."""


def today(centre: Centre, query: Query, now: datetime) -> str:
    """The office day (ISO) that runs; changes nothing."""
    return _day(centre, query, days.latest(query, centre.code), now)


def begin(centre: Centre, query: Query, now: datetime) -> str:
    """The office day (ISO) that runs; its first use ends what is left from the days before."""
    latest = days.latest(query, centre.code)
    day = _day(centre, query, latest, now)
    if day != latest:
        if days.begin(query, centre.code, day, now):
            _end_before(centre, query, day, now, leap=_is_leap(latest, day))
        _pass_over_held(centre, query, day, latest)
    return day


def is_over(centre: Centre, query: Query, day: str, now: datetime) -> bool:
    """Whether those of that day who were not served will not be, also before a new day's first use.

    After a leap of the clock none is over yet.
    """
    running = today(centre, query, now)
    return day < running and not centre.queue.keep_overnight and not _is_leap(day, running)


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
    """After a ``leap`` nothing is ended yet: the clock may be wrong, and the line still stand here.

    Who is at a counter where somebody still works stays there: its next move ends it.
    """
    left = () if leap else tickets.left_over(query, centre.code, day)
    # What was given while the clock stood far ahead, before it was set right.
    ghosts = tickets.beyond(query, centre.code, _shifted(day, LONGEST_CLOSURE))
    for ticket in ghosts:
        _end(centre, query, ticket, now, Move.EXPIRE)
    keep, kept = centre.queue.keep_overnight, 0
    last: dict[str, int] = {}
    for ticket in left:
        carried = tickets.carry_over(query, centre.code, ticket, day) if keep else None
        _end(centre, query, ticket, now, Move.KEEP if carried else Move.EXPIRE)
        if carried:
            kept += 1
            series, n = carried
            last[series] = max(last.get(series, 0), n)
    for series, n in last.items():
        tickets.pass_over(query, centre.code, day, series, n)
    staffed = counters.staffed(query, centre.code, now - SESSION_LIFE)
    for ticket in () if leap else tickets.left_at_counters(query, centre.code, day):
        if ticket.counter not in staffed:
            _end(centre, query, ticket, now, Move.EXPIRE)
    missed = () if leap else appointments.miss_before(query, centre.code, day)
    for appointment in missed:
        note_appointment(centre, query, "appointment.missed", appointment, "day", now)
    facts = {"day": day, "left": len(left), "kept": kept, "missed_appointments": len(missed)}
    events.append(query, centre.code, now, "day.began", actor="day", details=facts)


def _end(centre: Centre, query: Query, ticket: Ticket, now: datetime, move: Move) -> None:
    ended_at = now if move is Move.EXPIRE else None
    details = {"day": ticket.day}
    record(centre, query, ticket, move, now, actor="day", details=details, ended_at=ended_at)


def _shifted(day: str, by: timedelta) -> str:
    return (date.fromisoformat(day) + by).isoformat()


def _pass_over_held(centre: Centre, query: Query, day: str, latest: str) -> None:
    """No number of the day is one that somebody in the hall holds from another day."""
    since, until = _shifted(day, -LONGEST_CLOSURE), _shifted(day, LONGEST_CLOSURE)
    held = tickets.numbers_held(query, centre.code, day, since, until, latest)
    for code, n in held.items():
        service = centre.services.get(code)
        first = service.first_number if service else 1
        tickets.pass_over(query, centre.code, day, code, max(n, first - 1))


def note_appointment(
    centre: Centre, query: Query, kind: str, about: Appointment, actor: str, now: datetime
) -> None:
    """Writes what happened to an appointment."""
    events.append(
        query,
        centre.code,
        now,
        kind,
        actor=actor,
        ticket=about.ticket,
        dossier=about.dossier,
        details={"code": about.code, "service": about.service, "due_at": stamp(about.due_at)},
    )
