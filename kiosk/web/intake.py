"""The HTTP calls of the intake: dossiers are taken in, found, read and moved by clerks.

All of them are POST: what is asked for names people, and an address stands in logs.
"""

from __future__ import annotations

from dataclasses import fields
from functools import partial
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request

from kiosk.errors import Refused
from kiosk.office import intake, intake_view, procedures
from kiosk.office.intake import By, Wish, rules_of
from kiosk.office.intake_moves import Told, move
from kiosk.rights import Right
from kiosk.texts import texts
from kiosk.tries import trying
from kiosk.web import access
from kiosk.web import intake_bodies as bodies
from kiosk.web.answers import here_maybe
from kiosk.web.described import ERRORS, refusing
from kiosk.web.refusals import language
from kiosk.web.route import Direct

if TYPE_CHECKING:
    from kiosk.office.centre import Centre
    from kiosk.office.sessions import SignedIn

router = APIRouter(prefix="/api/intake", responses=ERRORS, route_class=Direct)

_HITS = 8


@router.post("/procedures", responses=refusing("no_such_page", "intake_elsewhere"))
async def find_procedures(
    shared: access.Shared, who: access.ForIntake, asked: bodies.ProcedureSearch
) -> bodies.HitsAnswer:
    """The procedures that a text tells as far as it is typed, accents or none; the first eight."""
    centre = shared.centre
    _check(centre, who)
    found = await shared.reader.run(partial(procedures.search, centre, asked.text, limit=_HITS))
    return bodies.hits(found.hits, found.total)


@router.post(
    "/procedure", responses=refusing("no_such_page", "intake_elsewhere", "no_such_procedure")
)
async def read_procedure(
    shared: access.Shared, who: access.ForIntake, asked: bodies.ProcedureCode
) -> bodies.PostingAnswer:
    """What a procedure needs, and by when its result would be due."""
    centre = shared.centre
    _check(centre, who)

    def read() -> bodies.PostingAnswer:
        return bodies.posting(centre, procedures.read_procedure(centre, asked.code), centre.clock())

    return await shared.reader.run(read)


@router.post(
    "",
    status_code=201,
    responses=refusing(
        "no_such_page",
        "intake_elsewhere",
        "no_such_procedure",
        "owner_needed",
        "phone_digits",
        "bad_id_number",
        "due_needed",
        "due_past",
        "intake_differs",
    ),
)
async def receive(
    shared: access.Shared, who: access.ForIntake, asked: bodies.IntakeOrder
) -> bodies.ReceivedAnswer:
    """Takes a dossier in: gives its code, and prints its receipt where this machine prints."""
    centre = shared.centre
    wish = Wish(
        procedure=asked.procedure,
        owner=asked.owner,
        phone=asked.phone,
        id_number=asked.id_number,
        address=asked.address,
        submitter=asked.submitter,
        channel=asked.channel,
        papers=tuple(one.paper() for one in asked.papers),
        fees=tuple(one.fee() for one in asked.fees),
        sets=asked.sets,
        due_at=asked.due_at,
        ticket=asked.ticket,
        request_id=asked.request_id,
    )
    done = await shared.writer.run(lambda: intake.receive(centre, wish, by=_by(who)))
    return bodies.ReceivedAnswer(
        code=done.dossier.code,
        due_at=here_maybe(centre, done.dossier.due_at),
        job=done.job,
        new=done.new,
    )


@router.post("/find", responses=refusing("no_such_page", "intake_elsewhere"))
async def find(
    request: Request, shared: access.Shared, who: access.ForIntake, asked: bodies.IntakeSearch
) -> bodies.ListedAnswer:
    """The dossiers that were taken in here; without a text those that are open."""
    centre = shared.centre
    _check(centre, who)
    found = await shared.reader.run(lambda: intake_view.find(centre, asked.text, only=asked.only))
    return bodies.listed(centre, found, texts(language(request, centre.languages)))


@router.post("/read", responses=refusing("no_such_page", "intake_elsewhere", "no_such_dossier"))
async def read(
    request: Request, shared: access.Shared, who: access.ForIntake, asked: bodies.DossierCodeOrder
) -> bodies.RecordAnswer:
    """All of one dossier; that the clerk has read it stands in the events."""
    centre = shared.centre
    _check(centre, who)
    found = await shared.writer.run(lambda: intake_view.read(centre, asked.code, by=_by(who)))
    return _record(request, centre, who, found)


@router.post(
    "/move",
    responses=refusing(
        "no_such_page",
        "intake_elsewhere",
        "no_such_dossier",
        "dossier_moved",
        "dossier_move",
        "why_needed",
        "papers_needed",
        "fee_needed",
        "taker_needed",
        "due_needed",
        "due_past",
        "fees_unpaid",
        "receipt_mismatch",
        "too_many_tries",
    ),
)
async def move_dossier(
    request: Request, shared: access.Shared, who: access.ForIntake, asked: bodies.MoveOrder
) -> bodies.RecordAnswer:
    """Moves a dossier, or promises its result anew, and prints what is handed out with that."""
    centre = shared.centre
    _check(centre, who)
    given = {one.name: getattr(asked, one.name) for one in fields(Told)}
    given |= {
        "papers": tuple(one.paper() for one in asked.papers),
        "fee": asked.fee.fee() if asked.fee else None,
    }

    def work() -> intake_view.Record:
        by = _by(who)
        moved = move(centre, asked.code, asked.move, Told(**given), by=by, version=asked.version)
        return intake_view.moved_to(centre, moved)

    # By clerk, so that nobody elsewhere uses up the tries at this dossier.
    tries = [(shared.limits.receipts_by_clerk, _by(who).actor)] if asked.secret else []
    with trying(*tries, lost="receipt_mismatch"):
        found = await shared.writer.run(work)
    return _record(request, centre, who, found)


@router.post(
    "/reprint",
    responses=refusing("no_such_page", "intake_elsewhere", "no_such_dossier", "job_waiting"),
)
async def reprint(
    shared: access.Shared, who: access.ForIntake, asked: bodies.DossierCodeOrder
) -> bodies.ReprintedAnswer:
    """Prints the receipt once more, marked as a reprint with its number."""
    centre = shared.centre
    _check(centre, who)
    job = await shared.writer.run(lambda: intake.print_again(centre, asked.code, by=_by(who)))
    return bodies.ReprintedAnswer(job=job)


def _check(centre: Centre, who: SignedIn) -> None:
    """Refused: no_such_page (other software takes dossiers in), intake_elsewhere."""
    if not rules_of(centre).takes_at(who.counter):
        raise Refused("intake_elsewhere", counter=who.counter)


def _by(who: SignedIn) -> By:
    return By(who.clerk.login, who.clerk.name, who.counter)


def _record(
    request: Request, centre: Centre, who: SignedIn, found: intake_view.Record
) -> bodies.RecordAnswer:
    words = texts(language(request, centre.languages))
    return bodies.record(centre, found, words, secret=who.may(Right.SECRETS))
