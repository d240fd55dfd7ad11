"""Appointments: booked ahead, checked in on the day, called at their time."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from datetime import UTC
from itertools import islice
from time import monotonic
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from kiosk.appointments import Appointment, AppointmentState, new_code, normalise_code
from kiosk.board import Issued
from kiosk.calendar import is_open, office_day
from kiosk.errors import Refused
from kiosk.office import days
from kiosk.office.batches import WRITE_SECONDS
from kiosk.office.tickets import issue, place_of
from kiosk.store import appointments, events, numbering, tickets
from kiosk.tickets import APPOINTMENT, Ticket, TicketState, led_to, new_id, numbered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from kiosk.database import Query
    from kiosk.office.centre import Centre

_BATCH: Final = 50

Row = TypeVar("Row")


def book(
    centre: Centre,
    *,
    service: str,
    at: datetime,
    actor: str,
    code: str | None = None,
    dossier: str | None = None,
) -> Appointment:
    """Books a visit; without ``code`` one is made.

    The same code for the same service and time gives the booking again. Refused: unknown_service,
    bad_appointment_code, appointment_past, closed_then, appointment_exists.
    """
    known = normalise_code(code) if code is not None else new_code()
    if known is None:
        raise Refused("bad_appointment_code", value=code)
    centre.service(service)
    wanted = _wanted(centre, known, service, at, dossier)
    now = centre.clock()
    with centre.database.write() as query:
        found = appointments.by_code(query, centre.code, known)
        if found is None:
            _check_time(centre, wanted, now)
            appointments.insert(query, centre.code, wanted, now)
            days.note_appointment(centre, query, "appointment.booked", wanted, actor, now)
            return wanted
        if found.state is not AppointmentState.BOOKED or not _same(found, wanted):
            raise Refused("appointment_exists", value=known)
        return found


class Asked(NamedTuple):
    """An appointment as another system has it; ``code`` as ``normalise_code`` gives it."""

    code: str
    service: str
    at: datetime
    dossier: str | None


def take_in(centre: Centre, query: Query, asked: Asked, *, actor: str, now: datetime) -> bool:
    """Makes the booking as another system has it, inside a transaction; False if it is so already.

    One that is known moves to the new service and time; what became of it here meanwhile stays,
    as long as the other system says nothing new. Refused: appointment_past, closed_then,
    appointment_used.
    """
    wanted = _wanted(centre, *asked)
    found = appointments.by_code(query, centre.code, asked.code)
    if found is not None and _same(found, wanted):
        return False
    if found is not None and found.state is AppointmentState.ARRIVED:
        raise Refused("appointment_used")
    _check_time(centre, wanted, now)
    if found is None:
        appointments.insert(query, centre.code, wanted, now)
        days.note_appointment(centre, query, "appointment.booked", wanted, actor, now)
    else:
        appointments.update(query, centre.code, wanted)
        days.note_appointment(centre, query, "appointment.moved", wanted, actor, now)
    return True


@dataclass(frozen=True, slots=True)
class Stored:
    """How many were new or had moved, and how many were as they stand."""

    stored: int
    unchanged: int


def store_appointments(
    centre: Centre,
    rows: Iterable[tuple[Asked, Row]],
    *,
    source: str,
    refused: Callable[[Row, Refused], None],
) -> Stored:
    """Takes appointments in, in short writes, so that taps go on, and tells it in one event.

    ``source`` names the file; the row of what cannot be taken is handed to ``refused``.
    """
    stored = unchanged = 0
    source_rows = iter(rows)
    while batch := deque(islice(source_rows, _BATCH)):
        while batch:
            bad: list[tuple[Row, Refused]] = []
            new = same = 0
            with centre.database.write() as query:
                now, ends = centre.clock(), monotonic() + WRITE_SECONDS
                while batch and (not new + same + len(bad) or monotonic() < ends):
                    asked, row = batch.popleft()
                    try:
                        changed = take_in(centre, query, asked, actor="import", now=now)
                    except Refused as why:
                        bad.append((row, why))
                    else:
                        new, same = new + changed, same + (not changed)
            stored, unchanged = stored + new, unchanged + same
            for row, refusal in bad:
                refused(row, refusal)
    if stored:
        details = {"source": source, "stored": stored, "unchanged": unchanged}
        with centre.database.write() as query:
            now, kind = centre.clock(), "appointments.imported"
            events.append(query, centre.code, now, kind, actor="import", details=details)
    return Stored(stored, unchanged)


def check_in(centre: Centre, code: str, *, actor: str, language: str = "vi") -> Issued:
    """Gives the ticket of an appointment; asked again it is the same ticket.

    Until the grace is over the ticket is called at its time; later it waits with everybody.
    Limits and ticket hours do not bind it: the office has promised it. Refused:
    no_such_appointment, appointment_other_day (day), appointment_cancelled, unknown_service (the
    office has it no more).
    """
    now = centre.clock()
    with centre.database.write() as query:
        found = _known(centre, query, code)
        day, end, given = days.begin_number(centre, query, found.service, now)
        if found.ticket is not None:
            known = tickets.by_id(query, centre.code, found.ticket)
            if known is not None:
                return Issued(place_of(centre, query, known, now, day), new=False)
        if found.state is AppointmentState.CANCELLED:
            raise Refused("appointment_cancelled")
        clock_day = office_day(now, centre.timezone, centre.queue.day_starts).isoformat()
        if found.day not in (day, clock_day):
            raise Refused("appointment_other_day", due_at=found.due_at.astimezone(centre.timezone))
        in_time = now <= found.due_at + centre.queue.grace
        service = centre.service(found.service)
        n = numbering.give_next(query, centre.code, day, service.code, given, service.first_number)
        ticket = Ticket(
            id=new_id(),
            number=numbered(service.code, n),
            service=service.code,
            state=TicketState.WAITING,
            place=int(found.due_at.timestamp()) if in_time else end.seq + 1,
            issued_at=now,
            dossier=found.dossier,
            day=day,
            line=APPOINTMENT if in_time else "",
            waits_since=max(now, found.due_at) if in_time else now,
            due_at=found.due_at,
            journey=tuple(led_to(centre.services, service.code)),
            version=end.seq + 1,
        )
        issued = issue(centre, query, ticket, n=n, end=end, actor=actor, language=language)
        arrived = replace(found, state=AppointmentState.ARRIVED, ticket=ticket.id)
        appointments.set_state(query, centre.code, found.code, arrived.state, arrived.ticket)
        days.note_appointment(centre, query, "appointment.arrived", arrived, actor, now)
        return issued


def is_expected(centre: Centre, code: str) -> bool:
    """Whether checking in by this code would give a ticket that there is not yet."""
    known = normalise_code(code)
    with centre.database.read() as query:
        found = appointments.by_code(query, centre.code, known) if known else None
        return (
            found is not None
            and found.ticket is None
            and found.state is not AppointmentState.CANCELLED
            and found.day == days.today(centre, query, centre.clock())
        )


def cancel_appointment(centre: Centre, code: str, *, actor: str) -> Appointment:
    """Refused: no_such_appointment, appointment_used."""
    now = centre.clock()
    with centre.database.write() as query:
        found = _known(centre, query, code)
        if found.state is AppointmentState.ARRIVED:
            raise Refused("appointment_used")
        if found.state is not AppointmentState.CANCELLED:
            state = AppointmentState.CANCELLED
            appointments.set_state(query, centre.code, found.code, state)
            days.note_appointment(centre, query, "appointment.cancelled", found, actor, now)
        return _known(centre, query, found.code)


def read_appointments(centre: Centre, day: str | None = None) -> tuple[Appointment, ...]:
    """The appointments of an office day (ISO; the one that runs), by their time."""
    with centre.database.read() as query:
        wanted = day or days.today(centre, query, centre.clock())
        return appointments.of_day(query, centre.code, wanted)


def _wanted(
    centre: Centre, code: str, service: str, at: datetime, dossier: str | None
) -> Appointment:
    day = office_day(at, centre.timezone, centre.queue.day_starts).isoformat()
    return Appointment(code, service, day, at.astimezone(UTC), dossier=dossier)


def _same(found: Appointment, wanted: Appointment) -> bool:
    facts = (wanted.service, wanted.due_at, wanted.dossier)
    return (found.service, found.due_at, found.dossier) == facts


def _check_time(centre: Centre, wanted: Appointment, now: datetime) -> None:
    if wanted.due_at <= now:
        raise Refused("appointment_past")
    hours = centre.calendar.sessions or centre.services[wanted.service].hours
    if not is_open(hours, wanted.due_at, centre.timezone, centre.calendar):
        raise Refused("closed_then")


def _known(centre: Centre, query: Query, code: str) -> Appointment:
    known = normalise_code(code)
    found = appointments.by_code(query, centre.code, known) if known else None
    if found is None:
        raise Refused("no_such_appointment")
    return found
