"""What goes over the wire: the bodies that are asked for and given, as OpenAPI describes them.

Moments carry the office's offset. Names stand in every language, so that one rendering serves
all browsers.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, Field, StringConstraints

from kiosk.dossiers import Channel, Outlook, Timeliness
from kiosk.tickets import TicketState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kiosk.board import Board, CounterView, DeviceHealth, Place
    from kiosk.dossiers import DossierAnswer
    from kiosk.office.centre import Centre
    from kiosk.office.hall import OpenJob
    from kiosk.texts import Texts
    from kiosk.tickets import Ticket

LARGEST_COUNTER = 9999

Code = Annotated[str, StringConstraints(min_length=1, max_length=32)]
RequestId = Annotated[str, StringConstraints(pattern=r"^[!-~]{1,64}$")]
CounterNumber = Annotated[int, Field(ge=1, le=LARGEST_COUNTER)]


class Error(BaseModel):
    """Why not: a stable code, and a sentence in the asked language."""

    code: str
    message: str


class TicketOrder(BaseModel):
    service: Code
    priority: Code | None = None
    request_id: RequestId | None = None


class SignIn(BaseModel):
    clerk: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    pin: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    counter: CounterNumber


class Next(BaseModel):
    request_id: RequestId | None = None


class Present(BaseModel):
    """The ticket that the clerk means: when another one is at the counter, the move is refused."""

    ticket: Code | None = None


class Transfer(Present):
    """Exactly one of service and counter."""

    service: Code | None = None
    counter: CounterNumber | None = None


class Resume(BaseModel):
    ticket: Code


class LookUp(BaseModel):
    code: Annotated[str, StringConstraints(min_length=1, max_length=512)]
    secret: Annotated[str, StringConstraints(max_length=64)] | None = None


class Session(BaseModel):
    csrf_token: str


class Nothing(BaseModel):
    pass


class TicketAnswer(BaseModel):
    id: str
    number: str
    service: str
    state: TicketState
    counter: int | None
    priority: str | None
    calls: int
    issued_at: datetime
    called_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None


class PlaceAnswer(TicketAnswer):
    """A ticket and where it stands; ``counters`` are those where it may be called."""

    counters: tuple[int, ...]
    ahead: int
    estimate_seconds: tuple[int, int] | None


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


class BoardAnswer(BaseModel):
    """The hall: calls latest first, and who waits for each service, in configured order."""

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
    """A slip that has not come out for certain."""

    number: str | None
    slip: str
    state: str
    reason: str
    created_at: datetime


class CounterAnswer(BaseModel):
    """What one clerk sees, in the event ``counter`` of the stream."""

    at: datetime
    counter: int
    clerk: str | None
    current: TicketAnswer | None
    waiting: tuple[TicketAnswer, ...]
    waiting_total: int
    parked: tuple[TicketAnswer, ...]
    missed: tuple[TicketAnswer, ...]
    devices: tuple[DeviceAnswer, ...]
    jobs: tuple[JobAnswer, ...]


class Health(BaseModel):
    status: str
    devices: tuple[DeviceAnswer, ...]


class StepAnswer(BaseModel):
    status: int
    status_name: str
    unit: str | None
    handler: str | None
    at: datetime | None
    note: str | None


class DossierStatus(BaseModel):
    """``full`` tells that the secret was right; without it nothing here names a person."""

    code: str
    status: int
    status_name: str
    outlook: Outlook
    timeliness: Timeliness | None
    procedure_code: str | None
    procedure_name: str
    field: str | None
    channel: Channel | None
    receiving_unit: str | None
    resolving_unit: str | None
    received_at: datetime | None
    due_at: datetime | None
    new_due_at: datetime | None
    finished_at: datetime | None
    returned_at: datetime | None
    fee: int | None
    fee_paid: bool
    steps: tuple[StepAnswer, ...]
    full: bool
    owner: str | None
    handler: str | None


def ticket(centre: Centre, known: Ticket) -> TicketAnswer:
    return TicketAnswer.model_validate(_ticket(centre, known))


def place(centre: Centre, known: Place) -> PlaceAnswer:
    return PlaceAnswer.model_validate(
        {
            **_ticket(centre, known.ticket),
            "counters": known.counters,
            "ahead": known.ahead,
            "estimate_seconds": known.estimate,
        }
    )


def board(centre: Centre, known: Board) -> BoardAnswer:
    return BoardAnswer(
        at=_here(centre, known.at),
        seq=known.seq,
        calls=tuple(
            CallAnswer(
                seq=call.seq,
                number=call.number,
                counter=call.counter,
                at=_here(centre, call.at),
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
                opens_at=_maybe(centre, line.opens_at),
            )
            for line in known.lines
        ),
    )


def counter_view(
    centre: Centre, view: CounterView, devices: Iterable[DeviceHealth], jobs: Iterable[OpenJob]
) -> CounterAnswer:
    return CounterAnswer(
        at=_here(centre, centre.clock()),
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
                number=job.number,
                slip=job.slip,
                state=job.state,
                reason=job.reason,
                created_at=_here(centre, job.created_at),
            )
            for job in jobs
        ),
    )


def device(centre: Centre, known: DeviceHealth) -> DeviceAnswer:
    return DeviceAnswer(
        name=known.name,
        state=known.state,
        reason=known.reason,
        kiosk=known.kiosk,
        since=_here(centre, known.since),
    )


def dossier(centre: Centre, known: DossierAnswer, words: Texts) -> DossierStatus:
    return DossierStatus(
        code=known.code,
        status=known.status,
        status_name=words.say(known.status.key),
        outlook=known.outlook,
        timeliness=known.timeliness,
        procedure_code=known.procedure_code,
        procedure_name=known.procedure_name,
        field=known.field,
        channel=known.channel,
        receiving_unit=known.receiving_unit,
        resolving_unit=known.resolving_unit,
        received_at=_maybe(centre, known.received_at),
        due_at=_maybe(centre, known.due_at),
        new_due_at=_maybe(centre, known.new_due_at),
        finished_at=_maybe(centre, known.finished_at),
        returned_at=_maybe(centre, known.returned_at),
        fee=known.fee,
        fee_paid=known.fee_paid,
        steps=tuple(
            StepAnswer(
                status=step.status,
                status_name=words.say(step.status.key),
                unit=step.unit,
                handler=step.handler,
                at=_maybe(centre, step.at),
                note=step.note,
            )
            for step in known.steps
        ),
        full=known.full,
        owner=known.owner,
        handler=known.handler,
    )


def _ticket(centre: Centre, known: Ticket) -> dict[str, object]:
    return {
        "id": known.id,
        "number": known.number,
        "service": known.service,
        "state": known.state,
        "counter": known.counter,
        "priority": known.priority,
        "calls": known.calls,
        "issued_at": _here(centre, known.issued_at),
        "called_at": _maybe(centre, known.called_at),
        "started_at": _maybe(centre, known.started_at),
        "ended_at": _maybe(centre, known.ended_at),
    }


def _here(centre: Centre, moment: datetime) -> datetime:
    return moment.astimezone(centre.timezone)


def _maybe(centre: Centre, moment: datetime | None) -> datetime | None:
    return _here(centre, moment) if moment else None
