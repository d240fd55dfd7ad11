"""What becomes of a dossier that was taken in here: each move by a clerk, with its slip."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from kiosk.dossiers import (
    Cause,
    Dossier,
    Fee,
    FeeStage,
    Postponement,
    Status,
    Step,
    SupplementRequest,
    normalise_code,
    opens,
)
from kiosk.errors import Refused
from kiosk.intake import MOVES, Move
from kiosk.office.form_jobs import is_past, queue
from kiosk.office.forms import Apology, Form, Handover, Paper, Refusal, Supplement, form_data
from kiosk.office.intake import known, put, rules_of, standing, total_of, whole
from kiosk.plain import one_line
from kiosk.store import events
from kiosk.store import intake as store
from kiosk.texts import texts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from typing import Any

    from kiosk.database import Query
    from kiosk.office.centre import Centre
    from kiosk.office.intake import By

_REASONED: Final = frozenset({Move.ASK_PAPERS, Move.REFUSE, Move.STOP, Move.POSTPONE})
_KINDS: Final[Mapping[Move, str]] = {
    Move.HAND_OVER: "dossier.handed_over",
    Move.POSTPONE: "dossier.postponed",
}


@dataclass(frozen=True, slots=True)
class Told:
    """What a clerk says with a move; which of it a move needs, ``move`` tells.

    ``note`` is the reason, or what is to be done; ``handler`` and ``unit`` have the dossier from
    now on. ``until`` is by when papers are to be brought, or the new date of the result. ``taker``
    takes the result, by ``authority`` where that is not the owner; ``secret`` is what the taker
    says, and ``paid`` that what was owed was paid now. ``signer`` and ``number`` are of an apology.
    """

    note: str = ""
    papers: tuple[Paper, ...] = ()
    until: datetime | None = None
    handler: str = ""
    unit: str = ""
    fee: Fee | None = None
    taker: str = ""
    authority: str = ""
    secret: str = ""
    paid: bool = False
    signer: str = ""
    number: str = ""


def move(
    centre: Centre, code: str, wanted: Move, told: Told = Told(), *, by: By, version: int | None
) -> Dossier:
    """Moves the dossier, or promises its result anew; queues the slip that goes with it.

    ``version`` is what the clerk saw; None where whatever is there is meant. Refused: no_such_page,
    no_such_dossier, dossier_moved (status; somebody was quicker), dossier_move (status; not legal
    now), why_needed, papers_needed, fee_needed, taker_needed, due_needed, due_past, fees_unpaid
    (before the result is handed over), receipt_mismatch (what the taker says is not the secret).
    """
    rules_of(centre)
    code = normalise_code(code)
    told = _plain(told)
    with centre.database.write() as query:
        row = known(centre, query, code)
        dossier = whole(centre, query, code)
        if version is not None and row["version"] != version:
            raise Refused("dossier_moved", status=dossier.status)
        begins, leads_to = MOVES[wanted]
        if dossier.status not in begins:
            raise Refused("dossier_move", status=dossier.status)
        _check(centre, dossier, wanted, told)
        moved = _moved(dossier, wanted, leads_to, told, centre.clock(), by)
        _keep(centre, query, dossier, moved, wanted, told, by)
        return moved


def _plain(told: Told) -> Told:
    names = ("note", "handler", "unit", "taker", "authority", "signer", "number")
    plain: dict[str, Any] = {name: one_line(getattr(told, name)) for name in names}
    papers = tuple(replace(one, name=one_line(one.name)) for one in told.papers)
    return replace(told, papers=tuple(one for one in papers if one.name), **plain)


def _check(centre: Centre, dossier: Dossier, wanted: Move, told: Told) -> None:
    if wanted in _REASONED and not told.note:
        raise Refused("why_needed")
    if wanted is Move.ASK_PAPERS and not told.papers:
        raise Refused("papers_needed")
    if wanted is Move.ASK_PAYMENT and not (told.fee and told.fee.name and told.fee.amount):
        raise Refused("fee_needed")
    if wanted is Move.POSTPONE and told.until is None:
        raise Refused("due_needed")
    if told.until is not None and is_past(centre, told.until):
        raise Refused("due_past")
    if wanted is Move.HAND_OVER:
        if not told.taker:
            raise Refused("taker_needed")
        if told.secret and not opens(dossier, told.secret):
            raise Refused("receipt_mismatch")
        if not told.paid and any(not one.paid and one.amount for one in dossier.fees):
            raise Refused("fees_unpaid")


def _moved(
    dossier: Dossier, wanted: Move, leads_to: Status | None, told: Told, now: datetime, by: By
) -> Dossier:
    """The dossier as it is afterwards."""
    if wanted is Move.POSTPONE:
        assert told.until is not None
        promised = Postponement(
            now,
            dossier.promised_at,
            told.until,
            Cause.APOLOGY,
            told.note,
            told.signer or by.name,
            told.number or None,
        )
        postponements = (*dossier.postponements, promised)
        return replace(dossier, new_due_at=told.until, postponements=postponements)
    assert leads_to is not None
    handler, unit = told.handler or by.name, told.unit or dossier.resolving_unit
    step = Step(leads_to, unit, handler, now, note=told.note or None, due_at=_due(dossier, told))
    after = replace(dossier, status=leads_to, handler=handler, steps=(*dossier.steps, step))
    match wanted:
        case Move.BEGIN:
            step = replace(step, note=None, task=told.note or None)
            return replace(after, resolving_unit=unit, steps=(*dossier.steps, step))
        case Move.ASK_PAPERS:
            asked = SupplementRequest(now, told.note, by.name)
            return replace(after, supplements=(*dossier.supplements, asked))
        case Move.TAKE_PAPERS:
            return replace(after, supplements=_answered(dossier, now, by))
        case Move.ASK_PAYMENT:
            assert told.fee is not None
            fee = replace(told.fee, stage=FeeStage.SUPPLEMENT, paid=False)
            return _with_fees(after, (*dossier.fees, fee))
        case Move.TAKE_PAYMENT:
            return _with_fees(after, _paid(dossier, but=FeeStage.RETURN))
        case Move.FINISH:
            return replace(after, finished_at=now)
        case Move.HAND_OVER:
            return _with_fees(replace(after, returned_at=now), _paid(dossier, but=None))
        case _:
            return after


def _due(dossier: Dossier, told: Told) -> datetime | None:
    """By when whoever has it now is to be done."""
    return told.until or dossier.promised_at


def _answered(dossier: Dossier, now: datetime, by: By) -> tuple[SupplementRequest, ...]:
    return tuple(
        one if one.received_at else replace(one, received_at=now, received_by=by.name)
        for one in dossier.supplements
    )


def _paid(dossier: Dossier, *, but: FeeStage | None) -> tuple[Fee, ...]:
    """The fees, all paid but those of that stage."""
    return tuple(
        one if but is not None and one.stage is but else replace(one, paid=True)
        for one in dossier.fees
    )


def _with_fees(dossier: Dossier, fees: tuple[Fee, ...]) -> Dossier:
    all_paid = bool(fees) and all(one.paid for one in fees)
    return replace(dossier, fees=fees, fee=total_of(fees), fee_paid=all_paid)


def _keep(
    centre: Centre,
    query: Query,
    before: Dossier,
    moved: Dossier,
    wanted: Move,
    told: Told,
    by: By,
) -> None:
    put(centre, query, moved)
    goes_out, changed = wanted is Move.HAND_OVER, moved.status is not before.status
    details = {
        "move": wanted.value,
        **({"status": int(moved.status), "was": int(before.status)} if changed else {}),
        **({"authorised": bool(told.authority), "proved": bool(told.secret)} if goes_out else {}),
    }
    seq = events.append(
        query,
        centre.code,
        centre.clock(),
        _KINDS.get(wanted, "dossier.moved"),
        actor=by.actor,
        counter=by.counter,
        clerk=by.login,
        dossier=moved.code,
        details=details,
    )
    facts: dict[str, object] = {"version": seq, **standing(centre, moved)}
    if goes_out:
        facts |= {"taker": told.taker, "taken_with": told.authority or None}
    store.change(query, centre.code, moved.code, **facts)
    form = _form(wanted, told, by)
    if form is not None:
        data = form_data(centre, moved, form, texts(centre.languages[0]))
        queue(
            centre, query, form.kind, data, actor=by.actor, dossier=moved.code, counter=by.counter
        )


def _form(wanted: Move, told: Told, by: By) -> Form | None:
    """The slip that a move hands out."""
    match wanted:
        case Move.ASK_PAPERS:
            return Supplement(told.papers, (told.note,), by.name, told.until)
        case Move.REFUSE:
            return Refusal((told.note,), by.name)
        case Move.POSTPONE:
            return Apology((told.note,), told.signer or by.name, told.number)
        case Move.HAND_OVER:
            return Handover(told.taker, by.name, told.papers)
        case _:
            return None
