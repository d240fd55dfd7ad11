"""The HTTP call about dossiers: the status of one, as the owner of its code may know it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from pydantic import BaseModel

from kiosk.dossiers import Channel, Outlook, Timeliness, normalise_code
from kiosk.office import dossiers
from kiosk.rights import Scope
from kiosk.texts import texts
from kiosk.tries import trying
from kiosk.web import access, orders
from kiosk.web.answers import here_maybe
from kiosk.web.described import ERRORS, opened_by, refusing
from kiosk.web.refusals import language
from kiosk.web.route import Direct

if TYPE_CHECKING:
    from kiosk.dossiers import DossierAnswer
    from kiosk.office.centre import Centre
    from kiosk.texts import Texts

router = APIRouter(prefix="/api/dossiers", responses=ERRORS, route_class=Direct)


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
    asker, limits = access.asker(request, who), shared.limits
    if not who.here:
        limits.look_ups_from.take(asker)
    secrets = (limits.secrets_of_code, normalise_code(asked.code)), (limits.secrets_from, asker)
    with trying(*(secrets if asked.secret else ()), lost="no_such_dossier"):
        found = await shared.reader.run(
            lambda: dossiers.look_up(shared.centre, asked.code, asked.secret)
        )
    words = texts(language(request, shared.centre.languages))
    return _told(shared.centre, found, words)


def _told(centre: Centre, known: DossierAnswer, words: Texts) -> DossierStatus:
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
        received_at=here_maybe(centre, known.received_at),
        due_at=here_maybe(centre, known.due_at),
        new_due_at=here_maybe(centre, known.new_due_at),
        finished_at=here_maybe(centre, known.finished_at),
        returned_at=here_maybe(centre, known.returned_at),
        fee=known.fee,
        fee_paid=known.fee_paid,
        steps=tuple(
            StepAnswer(
                status=step.status,
                status_name=words.say(step.status.key),
                unit=step.unit,
                handler=step.handler,
                at=here_maybe(centre, step.at),
                note=step.note,
            )
            for step in known.steps
        ),
        full=known.full,
        owner=known.owner,
        handler=known.handler,
    )
