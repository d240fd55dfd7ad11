"""The HTTP call about dossiers: the status of one, as the owner of its code may know it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from pydantic import BaseModel

from kiosk.dossier_answers import Outlook, Timeliness
from kiosk.dossiers import Cause, Channel, FeeStage, ReportGroup
from kiosk.office import dossiers
from kiosk.rights import Scope
from kiosk.texts import texts
from kiosk.web import access, orders
from kiosk.web.answers import here, here_maybe
from kiosk.web.described import ERRORS, opened_by, refusing
from kiosk.web.refusals import language
from kiosk.web.route import Direct

if TYPE_CHECKING:
    from kiosk.dossier_answers import DossierAnswer
    from kiosk.dossiers import Dossier
    from kiosk.office.centre import Centre
    from kiosk.texts import Texts

router = APIRouter(prefix="/api/dossiers", responses=ERRORS, route_class=Direct)


class StepAnswer(BaseModel):
    """``handler``, ``task`` and ``note`` come with the secret only."""

    status: int
    status_name: str
    unit: str | None
    handler: str | None
    at: datetime | None
    note: str | None
    task: str | None
    due_at: datetime | None


class FeeAnswer(BaseModel):
    """``amount`` is in đồng; ``stage`` tells with what it is paid: 1 receipt, 2 supplement, 4
    return."""

    name: str
    amount: int | None
    stage: FeeStage | None
    paid: bool


class SupplementAnswer(BaseModel):
    """Papers that were asked for; what, and who asked and took them, comes with the secret only."""

    asked_at: datetime
    received_at: datetime | None
    text: str | None
    asked_by: str | None
    received_by: str | None


class PostponementAnswer(BaseModel):
    """A result that was promised for another day; why, and who signed, with the secret only."""

    at: datetime
    due_before: datetime | None
    due_after: datetime
    cause: Cause
    number: str | None
    reason: str | None
    signer: str | None


class DossierStatus(BaseModel):
    """``full`` tells that the secret was right; without it nothing here names a person.
    ``group`` is where reports count it, null for what the office has not taken in.

    ``promised_at`` is by when the result is due now: the last date told, put off by the time for
    which the dossier waited for its owner; null while it does.
    """

    code: str
    status: int
    status_name: str
    group: ReportGroup | None
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
    promised_at: datetime | None
    finished_at: datetime | None
    returned_at: datetime | None
    fee: int | None
    fee_paid: bool
    receipt_no: str | None
    steps: tuple[StepAnswer, ...]
    fees: tuple[FeeAnswer, ...]
    supplements: tuple[SupplementAnswer, ...]
    postponements: tuple[PostponementAnswer, ...]
    full: bool
    owner: str | None
    handler: str | None


@router.post(
    "/lookup",
    openapi_extra=opened_by(Scope.DOSSIERS),
    responses=refusing("no_such_dossier", "too_many_tries"),
)
async def look_up(
    request: Request, shared: access.Shared, who: access.Anyone, asked: orders.LookUp
) -> DossierStatus:
    """The status of a dossier; people only with the secret.

    A wrong secret answers exactly as an unknown code.
    """
    asker, centre = access.asker(request, who), shared.centre
    if not who.here:
        shared.limits.look_ups_from.take(asker)
    lane = shared.writer if asked.secret else shared.reader
    found = await lane.run(
        lambda: dossiers.look_up(centre, asked.code, asked.secret, asker=asker, actor=who.actor)
    )
    words = texts(language(request, centre.languages))
    return _told(centre, found, words)


def _told(centre: Centre, known: DossierAnswer, words: Texts) -> DossierStatus:
    return DossierStatus(
        code=known.code,
        status=known.status,
        status_name=words.say(known.status.key),
        group=known.group,
        outlook=known.outlook,
        timeliness=known.timeliness,
        procedure_code=known.procedure_code,
        procedure_name=known.procedure_name,
        field=known.field,
        channel=known.channel,
        receiving_unit=known.receiving_unit,
        resolving_unit=known.resolving_unit,
        received_at=here_maybe(centre, known.received_at),
        due_at=here_maybe(centre, known.due_at),
        new_due_at=here_maybe(centre, known.new_due_at),
        promised_at=here_maybe(centre, known.promised_at),
        finished_at=here_maybe(centre, known.finished_at),
        returned_at=here_maybe(centre, known.returned_at),
        fee=known.fee,
        fee_paid=known.fee_paid,
        receipt_no=known.receipt_no,
        **lists(centre, known, words),
        full=known.full,
        owner=known.owner,
        handler=known.handler,
    )


def lists(centre: Centre, known: DossierAnswer | Dossier, words: Texts) -> dict[str, Any]:
    """The fields of an answer that are lists: steps, fees, requests for papers, dates moved."""
    return {
        "steps": tuple(
            StepAnswer(
                status=step.status,
                status_name=words.say(step.status.key),
                unit=step.unit,
                handler=step.handler,
                at=here_maybe(centre, step.at),
                note=step.note,
                task=step.task,
                due_at=here_maybe(centre, step.due_at),
            )
            for step in known.steps
        ),
        "fees": tuple(
            FeeAnswer(name=fee.name, amount=fee.amount, stage=fee.stage, paid=fee.paid)
            for fee in known.fees
        ),
        "supplements": tuple(
            SupplementAnswer(
                asked_at=here(centre, one.asked_at),
                received_at=here_maybe(centre, one.received_at),
                text=one.text,
                asked_by=one.asked_by,
                received_by=one.received_by,
            )
            for one in known.supplements
        ),
        "postponements": tuple(
            PostponementAnswer(
                at=here(centre, one.at),
                due_before=here_maybe(centre, one.due_before),
                due_after=here(centre, one.due_after),
                cause=one.cause,
                number=one.number,
                reason=one.reason,
                signer=one.signer,
            )
            for one in known.postponements
        ),
    }
