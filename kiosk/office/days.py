"""The office day: when it begins, and what becomes of those who are left from the day before.

Who waits or is kept expires, or is carried over with the number. So does who was called to a
counter where nobody works any more: back to the line first. Who is at a counter where somebody is
signed in stays there, and the visit ends as it would have; it remains one of the day on which it
began, with its outcome (``figures.read_day``).

The day does not go back with the clock: the last day that has begun goes on while the clock is
at most a day behind it, and while the clock stands before all days of this store, as one with a
flat battery does. So no line is lost and no series starts anew. A clock between them was set right
after it had been ahead: its own day goes on, or begins.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from kiosk.calendar import office_day, stamp
from kiosk.office.journeys import sent_to
from kiosk.office.moves import AWAY, record
from kiosk.retention_config import WISHES_KEPT
from kiosk.store import appointments, counters, days, events, lookups, numbering, tickets
from kiosk.tickets import AT_COUNTER, SESSION_LIFE, Move, line_kept

if TYPE_CHECKING:
    from datetime import datetime

    from kiosk.appointments import Appointment
    from kiosk.database import Query
    from kiosk.office.centre import Centre
    from kiosk.store.events import End
    from kiosk.tickets import Series, Ticket


LONGEST_CLOSURE: Final = timedelta(days=31)
"""A day that begins longer than this after the last one is taken for a clock that leapt ahead."""


def today(centre: Centre, query: Query, now: datetime) -> str:
    """The office day (ISO) that runs; changes nothing."""
    return _day(centre, query, days.latest(query, centre.code), now)


def begin(centre: Centre, query: Query, now: datetime) -> str:
    """The office day (ISO) that runs; its first use ends what is left from the days before."""
    return _begin(centre, query, days.latest(query, centre.code), now)


def begin_number(
    centre: Centre, query: Query, code: str, now: datetime
) -> tuple[str, End, Series | None]:
    """The same for a number of the series, with where its event comes in and what is given."""
    latest, end, given = days.before_number(query, centre.code, code)
    day = _begin(centre, query, latest, now)
    if day == latest:
        return day, end, given
    return day, events.end(query, centre.code), numbering.given(query, centre.code, day, code)


def _begin(centre: Centre, query: Query, latest: str, now: datetime) -> str:
    day = _day(centre, query, latest, now)
    if day != latest:
        if days.begin(query, centre.code, day, now):
            lookups.drop_wishes(query, centre.code, now - WISHES_KEPT)
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
    """After a ``leap`` nothing is ended: the clock may be wrong, and the line still stand here."""
    staffed = counters.staffed(query, centre.code, now - SESSION_LIFE)
    at_counters = tickets.left_at_counters(query, centre.code, day)
    deserted = [ticket for ticket in at_counters if ticket.counter not in staffed]
    left = [] if leap else [*tickets.left_over(query, centre.code, day), *deserted]
    # What was given while the clock stood far ahead, before it was set right.
    ghosts = tickets.beyond(query, centre.code, _shifted(day, LONGEST_CLOSURE))
    for ticket in ghosts:
        _expire(centre, query, ticket, now)
    kept, last = 0, dict[str, int]()
    for ticket in left:
        carried = _carry_over(centre, query, ticket, day, now)
        if carried:
            kept += 1
            series, n = carried
            last[series] = max(last.get(series, 0), n)
    for series, n in last.items():
        numbering.pass_over(query, centre.code, day, series, n)
    missed = () if leap else appointments.miss_before(query, centre.code, day)
    for appointment in missed:
        note_appointment(centre, query, "appointment.missed", appointment, "day", now)
    facts = {"day": day, "left": len(left), "kept": kept, "missed_appointments": len(missed)}
    events.append(query, centre.code, now, "day.began", actor="day", details=facts)


def leave_behind(centre: Centre, query: Query, ticket: Ticket, day: str, now: datetime) -> None:
    """Does for one of another day what the beginning of the day would have done."""
    carried = _carry_over(centre, query, ticket, day, now)
    if carried:
        numbering.pass_over(query, centre.code, day, *carried)


def clear(centre: Centre, query: Query, counter: int, day: str, now: datetime) -> None:
    """Leaves behind who was forgotten at a counter whose clerk's session has ended by itself."""
    here = tickets.at_counter(query, centre.code, counter)
    if here is None or here.day >= day or _is_leap(here.day, day):
        return
    if counter not in counters.staffed(query, centre.code, now - SESSION_LIFE):
        leave_behind(centre, query, here, day, now)


def _carry_over(
    centre: Centre, query: Query, ticket: Ticket, day: str, now: datetime
) -> tuple[str, int] | None:
    """Its series and number in the line of this day; None for one that has expired."""
    if not centre.queue.keep_overnight:
        _expire(centre, query, ticket, now)
        return None
    if ticket.state in AT_COUNTER:
        changes = {**AWAY, "counter": sent_to(centre, query, ticket), "line": line_kept(ticket)}
        ticket = record(
            centre, query, ticket, Move.RETURN, now, actor="day", details={"kept_place": True},
            **changes,
        )  # fmt: skip
    carried = tickets.carry_over(query, centre.code, ticket, day)
    if carried is None:
        _expire(centre, query, ticket, now)
        return None
    details = {"day": ticket.day, "to": day, "state": ticket.state.value}
    record(centre, query, ticket, Move.KEEP, now, actor="day", details=details)
    return carried


def _expire(centre: Centre, query: Query, ticket: Ticket, now: datetime) -> None:
    details = {"day": ticket.day}
    record(centre, query, ticket, Move.EXPIRE, now, actor="day", details=details, ended_at=now)


def _shifted(day: str, by: timedelta) -> str:
    return (date.fromisoformat(day) + by).isoformat()


def _pass_over_held(centre: Centre, query: Query, day: str, latest: str) -> None:
    """No number of the day is one that somebody in the hall holds from another day."""
    since, until = _shifted(day, -LONGEST_CLOSURE), _shifted(day, LONGEST_CLOSURE)
    held = tickets.numbers_held(
        query, centre.code, day, since, until, latest, at_counters=centre.queue.keep_overnight
    )
    for code, n in held.items():
        service = centre.services.get(code)
        first = service.first_number if service else 1
        numbering.pass_over(query, centre.code, day, code, max(n, first - 1))


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
