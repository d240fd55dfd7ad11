"""The answer that a citizen gets about a dossier: how it stands, whether it is late, what is next.

A code alone opens status, dates, units and fees; people appear only with the second factor.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from kiosk.deadlines import Pause, put_off
from kiosk.dossiers import Cause, Status, Step, last_digits, mask_name

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from kiosk.deadlines import WorkingTime
    from kiosk.dossiers import (
        Channel,
        Dossier,
        Fee,
        Postponement,
        ReportGroup,
        SupplementRequest,
    )

_PAUSED: Final = frozenset({Status.SUPPLEMENT_REQUIRED, Status.PAYMENT_REQUIRED})
"""While it waits for its owner its term stands still; a dossier that was stopped has none."""


class Outlook(StrEnum):
    """Which plain answer a citizen gets; ``dossier.answer.<outlook>.title|means|now`` says it."""

    REGISTERED = "registered"
    IN_PROGRESS = "in_progress"
    LATE = "late"
    POSTPONED = "postponed"
    SUPPLEMENT = "supplement"
    PAYMENT = "payment"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    STOPPED = "stopped"
    READY = "ready"
    RETURNED = "returned"

    @property
    def key(self) -> str:
        """Head of its catalogue keys."""
        return f"dossier.answer.{self.value}"


class Timeliness(StrEnum):
    """Trước hạn, đúng hạn, quá hạn; ``dossier.timeliness.<value>`` is its label."""

    EARLY = "early"
    ON_TIME = "on_time"
    LATE = "late"


_TIMELY: Final = {-1: Timeliness.EARLY, 0: Timeliness.ON_TIME, 1: Timeliness.LATE}


@dataclass(frozen=True, slots=True)
class DossierAnswer:
    """What one look-up shows. ``owner`` (masked) and all that may name people are None unless the
    second factor was right, which ``full`` tells.

    ``promised_at`` is by when the result is due now: what was told last, put off by the time for
    which the term stood still; None while it does.
    """

    code: str
    status: Status
    group: ReportGroup | None
    outlook: Outlook
    timeliness: Timeliness | None
    procedure_name: str
    procedure_code: str | None
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
    steps: tuple[Step, ...]
    receipt_no: str | None = None
    fees: tuple[Fee, ...] = ()
    supplements: tuple[SupplementRequest, ...] = ()
    postponements: tuple[Postponement, ...] = ()
    full: bool = False
    phone_end: str | None = None
    """The last digits of the owner's phone, by which who has it knows it again."""
    owner: str | None = None
    handler: str | None = None


_OUTLOOKS: Final[Mapping[Status, Outlook]] = {
    Status.REGISTERED: Outlook.REGISTERED,
    Status.REJECTED: Outlook.REJECTED,
    Status.SUPPLEMENT_REQUIRED: Outlook.SUPPLEMENT,
    Status.PAYMENT_REQUIRED: Outlook.PAYMENT,
    Status.WITHDRAWN: Outlook.WITHDRAWN,
    Status.STOPPED: Outlook.STOPPED,
    Status.FINISHED: Outlook.READY,
    Status.RETURNED: Outlook.RETURNED,
}


def outlook(dossier: Dossier, now: datetime, work: WorkingTime) -> Outlook:
    """Which answer fits now. One that is worked on is late once what was promised has passed: from
    the next day on, or minute, as the office counts."""
    settled = _OUTLOOKS.get(dossier.status)
    if settled is not None:
        return settled
    promised = promise(dossier, work)
    if promised is not None and work.compared(now, promised) > 0:
        return Outlook.LATE
    return Outlook.POSTPONED if dossier.new_due_at is not None else Outlook.IN_PROGRESS


def timeliness(dossier: Dossier, work: WorkingTime) -> Timeliness | None:
    """How the result stood to what the law gave it: the first date, or the one after a supplement,
    put off by the time for which the term stood still; no apology moves it. None while either is
    unknown."""
    done = dossier.finished_at or dossier.returned_at
    if done is None:
        return None
    moved = [one for one in dossier.postponements if one.cause is Cause.SUPPLEMENT]
    last = max(moved, key=lambda one: one.at, default=None)
    due = last.due_after if last else dossier.due_at
    stood = [one for one in pauses(dossier) if last is None or one.since >= last.at]
    ended = [Pause(one.since, min(one.until or done, done)) for one in stood if one.since < done]
    lawful = put_off(work, due, ended) if due else None
    if lawful is None:
        return None
    return _TIMELY[work.compared(done, lawful)]


def promise(dossier: Dossier, work: WorkingTime) -> datetime | None:
    """By when the result is due now; None while the term stands still, or where nobody said.

    A new date takes in what was before it was told; where nobody knows when that was, all.
    """
    known = pauses(dossier)
    if dossier.new_due_at is None:
        return put_off(work, dossier.due_at, known) if dossier.due_at else None
    told = max((one.at for one in dossier.postponements), default=None)
    since = [one for one in known if one.until is None or (told is not None and one.since >= told)]
    return put_off(work, dossier.new_due_at, since)


def pauses(dossier: Dossier) -> tuple[Pause, ...]:
    """The stretches in which the term stood still: from the request for papers to their receipt,
    and from a status that waits for the owner to the next one. The last one may still run."""
    asked = [Pause(one.asked_at, one.received_at) for one in dossier.supplements]
    dated = [step for step in dossier.steps if step.at is not None]
    waited = [
        Pause(step.at, following.at)
        for step, following in pairwise(dated)
        if step.status in _PAUSED and step.at is not None
    ]
    known = [*asked, *waited]
    if dossier.status not in _PAUSED:
        # It goes on: what nobody wrote the end of has one.
        return tuple(pause for pause in known if pause.until is not None)
    if dated and dated[-1].status in _PAUSED and dated[-1].at is not None:
        known.append(Pause(dated[-1].at))
    return tuple(known)


def known_steps(dossier: Dossier) -> tuple[Step, ...]:
    """The steps it came with, or those that its dates and status tell."""
    if dossier.steps:
        return dossier.steps
    steps = []
    if dossier.received_at is not None:
        steps.append(Step(Status.ACCEPTED, dossier.receiving_unit, at=dossier.received_at))
    if dossier.status is Status.RETURNED and dossier.finished_at is not None:
        steps.append(Step(Status.FINISHED, dossier.resolving_unit, at=dossier.finished_at))
    if not steps or dossier.status is not Status.ACCEPTED:
        steps.append(present_step(dossier))
    return tuple(steps)


def present_step(dossier: Dossier) -> Step:
    """The step that its present status is, with the date that the status is known to have."""
    at = {
        Status.ACCEPTED: dossier.received_at,
        Status.FINISHED: dossier.finished_at,
        Status.RETURNED: dossier.returned_at,
    }.get(dossier.status)
    return Step(dossier.status, dossier.resolving_unit, dossier.handler, at)


def answer(dossier: Dossier, now: datetime, work: WorkingTime, *, full: bool) -> DossierAnswer:
    """What may be shown: with ``full`` also people, the owner's name always masked."""
    return DossierAnswer(
        code=dossier.code,
        status=dossier.status,
        group=dossier.status.group,
        outlook=outlook(dossier, now, work),
        timeliness=timeliness(dossier, work),
        procedure_name=dossier.procedure_name,
        procedure_code=dossier.procedure_code,
        field=dossier.field,
        channel=dossier.channel,
        receiving_unit=dossier.receiving_unit,
        resolving_unit=dossier.resolving_unit,
        received_at=dossier.received_at,
        due_at=dossier.due_at,
        new_due_at=dossier.new_due_at,
        promised_at=promise(dossier, work),
        finished_at=dossier.finished_at,
        returned_at=dossier.returned_at,
        fee=dossier.fee,
        fee_paid=dossier.fee_paid,
        steps=tuple(one if full else _open_step(one) for one in known_steps(dossier)),
        receipt_no=dossier.receipt_no,
        fees=dossier.fees,
        supplements=tuple(one if full else _open_request(one) for one in dossier.supplements),
        postponements=tuple(one if full else _open_promise(one) for one in dossier.postponements),
        full=full,
        phone_end=last_digits(dossier.phone) if full else None,
        owner=mask_name(dossier.owner_name) if full and dossier.owner_name else None,
        handler=dossier.handler if full else None,
    )


def _open_step(step: Step) -> Step:
    return replace(step, handler=None, note=None, task=None)


def _open_request(request: SupplementRequest) -> SupplementRequest:
    return replace(request, text=None, asked_by=None, received_by=None)


def _open_promise(promised: Postponement) -> Postponement:
    return replace(promised, reason=None, signer=None)
