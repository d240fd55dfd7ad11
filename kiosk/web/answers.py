"""What is given over the wire: the bodies of the answers, as OpenAPI describes them.

Moments carry the office's offset. Names stand in every language, so that one rendering serves
all browsers.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final, Literal

from pydantic import BaseModel

from kiosk.appointments import AppointmentState
from kiosk.office.calls import taken_back_until
from kiosk.tickets import APPOINTMENT, RETURNED, TicketState
from kiosk.waits import AFTER_CLOSING, NOT_TODAY, SESSION_OVER

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from kiosk.appointments import Appointment
    from kiosk.board import Board, CounterView, DeviceHealth, Place, ServiceLine
    from kiosk.office.centre import Centre
    from kiosk.office.hall import OpenJob
    from kiosk.tickets import Ticket

SHOWN_APPOINTMENTS: Final = 20
"""How many of those still to come one counter is shown."""

LineKind = Literal["ordinary", "priority", "returned", "appointment"]


class Error(BaseModel):
    """Why not: a stable code, and a sentence in the asked language."""

    code: str
    message: str


class Nothing(BaseModel):
    pass


class TicketAnswer(BaseModel):
    """What whoever has the ticket may know: never its class, nor what the class is for.

    ``journey`` are the services still to come after this one; ``due_at`` is the time of its
    appointment; ``reason`` is "supplement" while missing papers are awaited.
    """

    id: str
    number: str
    service: str
    state: TicketState
    counter: int | None
    calls: int
    issued_at: datetime
    called_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    due_at: datetime | None
    journey: tuple[str, ...]
    reason: str
    misses: int


class ClerkTicketAnswer(TicketAnswer):
    """The same for the clerk at whose counter it is: with the kind of line in which it waits.

    That it is "priority" is told; why, which is the class, is told to nobody. A missed one is taken
    back until ``taken_back_until``. ``waits_since`` is moved on by what it was away from its line;
    ``version`` is the last event about it.
    """

    line: LineKind
    outcome: str | None
    taken_back_until: datetime | None
    waits_since: datetime
    version: int


class PlaceAnswer(TicketAnswer):
    """A ticket and where it stands; ``counters`` are those where it may be called.

    ``warning`` is null, "no_counter" (nobody works on it now), "after_closing" (the line will
    outlast the session, which ends at ``ends_at``), "session_over" (the last one of today ended
    then) or "not_today" (it has none today). ``step`` counts the services of its journey.
    """

    counters: tuple[int, ...]
    ahead: int
    estimate_seconds: tuple[int, int] | None
    warning: str | None
    ends_at: datetime | None
    step: int


class CallAnswer(BaseModel):
    seq: int
    number: str
    counter: int
    at: datetime
    times: int


class LineAnswer(BaseModel):
    service: str
    names: dict[str, str]
    waiting: int
    counters: tuple[int, ...]
    open_counters: tuple[int, ...]
    refusal: str | None
    opens_at: datetime | None
    warning: str | None
    ends_at: datetime | None


class BoardAnswer(BaseModel):
    """The hall: calls latest first, and who waits for each service, in configured order.

    The ``warning`` of a line is what who takes a number now must know, as in a ticket's answer.
    """

    at: datetime
    seq: int
    calls: tuple[CallAnswer, ...]
    lines: tuple[LineAnswer, ...]


class DeviceAnswer(BaseModel):
    name: str
    state: str
    reason: str
    kiosk: str
    since: datetime


class JobAnswer(BaseModel):
    """A slip that has not come out for certain; ``id`` names it in /api/jobs."""

    id: str
    kiosk: str
    number: str | None
    slip: str
    dossier: str | None
    state: str
    reason: str
    created_at: datetime


class AppointmentAnswer(BaseModel):
    """``day`` is the office day. The id of the ticket is known to its owner alone."""

    code: str
    service: str
    day: str
    due_at: datetime
    state: AppointmentState
    dossier: str | None


class AppointmentsAnswer(BaseModel):
    appointments: tuple[AppointmentAnswer, ...]


class ComingAnswer(BaseModel):
    """An appointment of today whose owner has not arrived yet."""

    code: str
    service: str
    due_at: datetime


class PauseAnswer(BaseModel):
    """``reason`` is what the clerk gave; ``since`` is when the counter stopped calling."""

    reason: str
    since: datetime


class UndoAnswer(BaseModel):
    """The last move, while it can be taken back: until then."""

    move: str
    until: datetime


class WarningAnswer(BaseModel):
    """Who staff must look after: a line, with ``warning`` as in LineAnswer; or at a ``counter`` at
    which nobody works, ``people`` who were sent there ("sent_to_closed") or whose ``numbers`` are
    kept there ("kept_at_closed")."""

    warning: str
    service: str | None = None
    ends_at: datetime | None = None
    counter: int | None = None
    people: int | None = None
    numbers: tuple[str, ...] = ()


class CounterAnswer(BaseModel):
    """What one clerk sees, in the event ``counter`` of the stream.

    ``warnings`` are the lines of this counter's services that will outlast the session, or in which
    people wait when it is over; those of any service in which people wait and nobody works; where
    the present ticket goes on next, when that service is not done any more today; and every counter
    at which nobody works and that people were sent to or that keeps their numbers.
    ``appointments`` are the next ones of today for this counter's services, of
    ``appointments_total`` in all. ``seq`` is the last event that it knows of: a move's answer whose
    ``version`` is greater is newer.
    """

    at: datetime
    seq: int
    counter: int
    clerk: str | None
    current: ClerkTicketAnswer | None
    waiting: tuple[ClerkTicketAnswer, ...]
    waiting_total: int
    parked: tuple[ClerkTicketAnswer, ...]
    missed: tuple[ClerkTicketAnswer, ...]
    paused: PauseAnswer | None
    undo: UndoAnswer | None
    appointments: tuple[ComingAnswer, ...]
    appointments_total: int
    warnings: tuple[WarningAnswer, ...]
    devices: tuple[DeviceAnswer, ...]
    jobs: tuple[JobAnswer, ...]


class Health(BaseModel):
    status: str
    devices: tuple[DeviceAnswer, ...]


def ticket(centre: Centre, known: Ticket) -> ClerkTicketAnswer:
    """For the clerk of its counter."""
    kinds: dict[str, LineKind] = {"": "ordinary", RETURNED: "returned", APPOINTMENT: "appointment"}
    facts = {
        "line": kinds.get(known.line, "priority"),
        "outcome": known.outcome,
        "taken_back_until": here_maybe(centre, taken_back_until(centre, known)),
        "waits_since": here(centre, known.waits_since or known.issued_at),
        "version": known.version,
    }
    return ClerkTicketAnswer.model_validate({**_ticket(centre, known), **facts})


def place(centre: Centre, known: Place) -> PlaceAnswer:
    return PlaceAnswer.model_validate(
        {
            **_ticket(centre, known.ticket),
            "counters": known.counters,
            "ahead": known.ahead,
            "estimate_seconds": known.estimate,
            "warning": known.warning,
            "ends_at": here_maybe(centre, known.ends_at),
            "step": known.step,
        }
    )


def board(centre: Centre, known: Board) -> BoardAnswer:
    return BoardAnswer(
        at=here(centre, known.at),
        seq=known.seq,
        calls=tuple(
            CallAnswer(
                seq=call.seq,
                number=call.number,
                counter=call.counter,
                at=here(centre, call.at),
                times=call.times,
            )
            for call in known.calls
        ),
        lines=tuple(
            LineAnswer(
                service=line.code,
                names=dict(line.names),
                waiting=line.waiting,
                counters=line.counters,
                open_counters=line.open_counters,
                refusal=line.refusal,
                opens_at=here_maybe(centre, line.opens_at),
                warning=line.warning,
                ends_at=here_maybe(centre, line.ends_at),
            )
            for line in known.lines
        ),
    )


def appointment(centre: Centre, known: Appointment) -> AppointmentAnswer:
    return AppointmentAnswer(
        code=known.code,
        service=known.service,
        day=known.day,
        due_at=here(centre, known.due_at),
        state=known.state,
        dossier=known.dossier,
    )


def counter_view(
    centre: Centre,
    view: CounterView,
    devices: Iterable[DeviceHealth],
    jobs: Iterable[OpenJob],
    appointments: Iterable[Appointment],
    hall: Board,
) -> CounterAnswer:
    """``appointments`` (of today) and ``hall`` are those of the whole office."""
    services = centre.counter(view.counter).services
    coming = [
        known
        for known in appointments
        if known.state is AppointmentState.BOOKED and known.service in services
    ]
    return CounterAnswer(
        at=here(centre, centre.clock()),
        seq=hall.seq,
        counter=view.counter,
        clerk=view.clerk,
        current=ticket(centre, view.current) if view.current else None,
        waiting=tuple(ticket(centre, known) for known in view.waiting),
        waiting_total=view.waiting_total,
        parked=tuple(ticket(centre, known) for known in view.parked),
        missed=tuple(ticket(centre, known) for known in view.missed),
        devices=tuple(device(centre, known) for known in devices),
        jobs=tuple(
            JobAnswer(
                id=job.id,
                kiosk=job.kiosk,
                number=job.number,
                slip=job.slip,
                dossier=job.dossier,
                state=job.state,
                reason=job.reason,
                created_at=here(centre, job.created_at),
            )
            for job in jobs
        ),
        paused=_pause(centre, view),
        undo=_undo(centre, view),
        appointments=tuple(
            ComingAnswer(code=known.code, service=known.service, due_at=here(centre, known.due_at))
            for known in coming[:SHOWN_APPOINTMENTS]
        ),
        appointments_total=len(coming),
        warnings=_warnings(centre, hall, services, view.current),
    )


def _warnings(
    centre: Centre, hall: Board, services: Container[str], present: Ticket | None
) -> tuple[WarningAnswer, ...]:
    known = [code for code in present.journey if code in centre.services] if present else []
    lines = (
        WarningAnswer(
            warning=line.warning, service=line.code, ends_at=here_maybe(centre, line.ends_at)
        )
        for line in hall.lines
        if line.warning and _concerns(line, services, known[0] if known else None)
    )
    sent = (
        WarningAnswer(warning="sent_to_closed", counter=counter, people=people)
        for counter, people in hall.sent_to_closed
    )
    kept = (
        WarningAnswer(
            warning="kept_at_closed", counter=counter, people=len(numbers), numbers=numbers
        )
        for counter, numbers in hall.kept_at_closed
    )
    return (*lines, *sent, *kept)


def _concerns(line: ServiceLine, services: Container[str], goes_on_to: str | None) -> bool:
    """Whether the warning of a line is for a clerk who takes these services."""
    if line.warning in (SESSION_OVER, NOT_TODAY) and line.code == goes_on_to:
        return True
    if line.warning == AFTER_CLOSING:
        return line.code in services
    looked_after = bool(line.open_counters) and line.code not in services
    return line.waiting > 0 and not looked_after


def _pause(centre: Centre, view: CounterView) -> PauseAnswer | None:
    if view.paused is None or view.paused_since is None:
        return None
    return PauseAnswer(reason=view.paused, since=here(centre, view.paused_since))


def _undo(centre: Centre, view: CounterView) -> UndoAnswer | None:
    if view.undo is None or view.undo_until is None:
        return None
    return UndoAnswer(move=view.undo, until=here(centre, view.undo_until))


def device(centre: Centre, known: DeviceHealth) -> DeviceAnswer:
    return DeviceAnswer(
        name=known.name,
        state=known.state,
        reason=known.reason,
        kiosk=known.kiosk,
        since=here(centre, known.since),
    )


def _ticket(centre: Centre, known: Ticket) -> dict[str, object]:
    return {
        "id": known.id,
        "number": known.number,
        "service": known.service,
        "state": known.state,
        "counter": known.counter,
        "calls": known.calls,
        "issued_at": here(centre, known.issued_at),
        "called_at": here_maybe(centre, known.called_at),
        "started_at": here_maybe(centre, known.started_at),
        "ended_at": here_maybe(centre, known.ended_at),
        "due_at": here_maybe(centre, known.due_at),
        "journey": known.journey,
        "reason": known.reason,
        "misses": known.misses,
    }


def here(centre: Centre, moment: datetime) -> datetime:
    """With the office's offset."""
    return moment.astimezone(centre.timezone)


def here_maybe(centre: Centre, moment: datetime | None) -> datetime | None:
    return here(centre, moment) if moment else None
