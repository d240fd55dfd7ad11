"""The HTTP calls about the procedures that are posted: found as one types, and one as a whole."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel

from kiosk.deadlines import Unit
from kiosk.dossiers import Channel
from kiosk.office import procedures
from kiosk.procedures import Level
from kiosk.rights import Scope
from kiosk.web import access
from kiosk.web.described import ERRORS, opened_by, refusing

if TYPE_CHECKING:
    from kiosk.office.centre import Centre
    from kiosk.procedures import Procedure
    from kiosk.web.access import Visitor
    from kiosk.web.parts import Parts

router = APIRouter(prefix="/api/procedures", responses=ERRORS)

PAGE = 50
MOST = 200


class ProcedureHit(BaseModel):
    code: str
    name: str
    field: str


class ProcedureField(BaseModel):
    """A field and how many procedures it has."""

    name: str
    count: int


class ProceduresFound(BaseModel):
    """Some of the ``total`` that are found, the nearest first; and all the fields there are."""

    total: int
    procedures: tuple[ProcedureHit, ...]
    fields: tuple[ProcedureField, ...]


class ChannelAnswer(BaseModel):
    """``channel`` is 1 in person, 2 online, 3 by post. The texts are the catalogue's own;
    ``term_unit``, ``term_amount`` and ``fee`` (đồng) what they say where that is one thing."""

    channel: Channel
    term: str
    term_unit: Unit | None
    term_amount: int | None
    fee_text: str
    fee: int | None


class DocumentAnswer(BaseModel):
    """A paper to hand in, how many of it, and the address of its form, or ""."""

    name: str
    originals: int
    copies: int
    form: str


class ProcedureAnswer(BaseModel):
    """``service`` is where a number is taken for it, null where none is; "" is not told."""

    code: str
    name: str
    field: str
    level: Level | None
    audience: str
    agency: str
    channels: tuple[ChannelAnswer, ...]
    documents: tuple[DocumentAnswer, ...]
    result: str
    legal_basis: str
    conditions: str
    keywords: str
    decision: str
    address: str
    checked_on: date | None
    service: str | None


@router.get("", openapi_extra=opened_by(Scope.BOARD), responses=refusing("too_many_tries"))
async def find_procedures(
    request: Request,
    shared: access.Shared,
    who: access.Anyone,
    q: Annotated[str, Query(max_length=200)] = "",
    field: Annotated[str, Query(max_length=200)] = "",
    limit: Annotated[int, Query(ge=1, le=MOST)] = PAGE,
    offset: Annotated[int, Query(ge=0, le=100_000)] = 0,
) -> ProceduresFound:
    """What a text finds as far as it is typed: each word may be the beginning of one, in any order
    and without accents; also a code, or its digits. Without ``q`` all of a ``field``, or all."""
    _count(request, shared, who)
    centre = shared.centre
    found, fields = await shared.reader.run(
        lambda: (
            procedures.search(centre, q, field=field, limit=limit, offset=offset),
            procedures.read_fields(centre),
        )
    )
    return ProceduresFound(
        total=found.total,
        procedures=tuple(ProcedureHit(**hit._asdict()) for hit in found.hits),
        fields=tuple(ProcedureField(name=one.name, count=one.size) for one in fields),
    )


@router.get(
    "/{code}",
    openapi_extra=opened_by(Scope.BOARD),
    responses=refusing("no_such_procedure", "too_many_tries"),
)
async def read_procedure(
    request: Request,
    shared: access.Shared,
    who: access.Anyone,
    code: Annotated[str, Path(max_length=60)],
) -> ProcedureAnswer:
    """One procedure: its papers, deadlines, fees, legal basis, and where its number is taken."""
    _count(request, shared, who)
    found = await shared.reader.run(lambda: procedures.read_procedure(shared.centre, code))
    return _told(shared.centre, found)


def _count(request: Request, shared: Parts, who: Visitor) -> None:
    if not who.here:
        shared.limits.searches_from.take(access.asker(request, who))


def _told(centre: Centre, known: Procedure) -> ProcedureAnswer:
    service = procedures.service_of(centre, known)
    return ProcedureAnswer(
        code=known.code,
        name=known.name,
        field=known.field,
        level=known.level,
        audience=known.audience,
        agency=known.agency,
        channels=tuple(
            ChannelAnswer(
                channel=one.channel,
                term=one.term_text,
                term_unit=one.term.unit if one.term else None,
                term_amount=one.term.amount if one.term else None,
                fee_text=one.fee_text,
                fee=one.fee,
            )
            for one in known.channels
        ),
        documents=tuple(
            DocumentAnswer(name=p.name, originals=p.originals, copies=p.copies, form=p.form)
            for p in known.documents
        ),
        result=known.result,
        legal_basis=known.legal_basis,
        conditions=known.conditions,
        keywords=known.keywords,
        decision=known.decision,
        address=known.address,
        checked_on=known.checked_on,
        service=service.code if service else None,
    )
