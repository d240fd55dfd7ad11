"""What is given over the wire: the bodies of the answers, as OpenAPI describes them.

Moments carry the office's offset. Names stand in every language, so that one rendering serves
all browsers.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel

from kiosk.appointments import AppointmentState
from kiosk.office.calls import taken_back_until
from kiosk.tickets import APPOINTMENT, RETURNED, TicketState

if TYPE_CHECKING:
    from kiosk.appointments import Appointment
    from kiosk.board import Alarm, Board, DeviceHealth, Place
    from kiosk.office.centre import Centre
    from kiosk.office.hall import OpenJob
    from kiosk.tickets import Ticket

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
    """The same for the clerk at whose counter it is: with the kind of line in which it waits, and
    the dossier for which it was taken.

    That it is "priority" is told; why, which is the class, is told to nobody. A missed one is taken
    back until ``taken_back_until``. ``waits_since`` is moved on by what it was away from its line;
    ``version`` is the last event about it.
    """

    line: LineKind
    dossier: str | None
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


class AlarmAnswer(BaseModel):
    """A clerk asked for help; ``answered_by`` is who has seen it."""

    counter: int
    clerk: str
    raised_at: datetime
    answered_by: str | None


class ToldDeviceAnswer(DeviceAnswer):
    """``told`` is what happened and ``do`` what to do about it, in the asked language."""

    told: str
    do: str


class Health(BaseModel):
    status: str
    devices: tuple[ToldDeviceAnswer, ...]


def ticket(centre: Centre, known: Ticket) -> ClerkTicketAnswer:
    """For the clerk of its counter."""
    kinds: dict[str, LineKind] = {"": "ordinary", RETURNED: "returned", APPOINTMENT: "appointment"}
    facts = {
        "line": kinds.get(known.line, "priority"),
        "dossier": known.dossier,
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


def job(centre: Centre, known: OpenJob) -> JobAnswer:
    return JobAnswer(
        id=known.id,
        kiosk=known.kiosk,
        number=known.number,
        slip=known.slip,
        dossier=known.dossier,
        state=known.state,
        reason=known.reason,
        created_at=here(centre, known.created_at),
    )


def alarm(centre: Centre, known: Alarm) -> AlarmAnswer:
    return AlarmAnswer(
        counter=known.counter,
        clerk=known.clerk,
        raised_at=here(centre, known.raised_at),
        answered_by=known.answered_by,
    )


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
