"""Dossiers: their ten statuses and codes, what is masked, and the answer that a citizen gets.

A code alone opens status, dates, units and fee; people appear only with the second factor.
"""

from __future__ import annotations

import hmac
import re
import unicodedata
from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

MAX_CODE: Final = 50
LAST_DIGITS: Final = 4

_NATIONAL: Final = re.compile(
    r"(?:[0-9]{3}\.[0-9]{2}\.[0-9]{2}\.[A-Z][0-9]{2}|[A-Z][0-9]{2}(?:\.[0-9]{1,3}){0,4})"
    r"-(?:[0-9]{6}|[0-9]{8})-[0-9]{3,7}"
)
_FREE: Final = re.compile(rf"[A-Z0-9.\-/_]{{4,{MAX_CODE}}}")
_JOINTS: Final = re.compile(r"\s*([-.])\s*")
# Signs that stand for a dash without being of Unicode's dash category.
_LIKE_DASHES: Final = "\N{MINUS SIGN}\N{HYPHEN BULLET}\N{MODIFIER LETTER MINUS SIGN}"
# How no person's name begins.
_ORGANISATIONS: Final = (
    "ban quản lý ",
    "bệnh viện ",
    "chi nhánh ",
    "công ty ",
    "cty ",
    "cơ sở ",
    "dntn ",
    "doanh nghiệp ",
    "hộ kinh doanh ",
    "htx ",
    "hợp tác xã ",
    "liên hiệp ",
    "ngân hàng ",
    "nhà thờ ",
    "tập đoàn ",
    "tổ chức ",
    "tổng công ty ",
    "trung tâm ",
    "trường cao đẳng ",
    "trường mầm non ",
    "trường mẫu giáo ",
    "trường thcs ",
    "trường thpt ",
    "trường tiểu học ",
    "trường trung ",
    "trường đại học ",
    "ubnd ",
    "ủy ban ",
    "uỷ ban ",
    "văn phòng công ",
    "văn phòng luật ",
    "văn phòng đại diện ",
    "văn phòng đăng ký ",
    "viện kiểm sát ",
    "viện nghiên cứu ",
    "xí nghiệp ",
)
_FOREIGN: Final = (" ltd", " ltd.", " jsc", " inc", " inc.", " company", " corporation", " corp.")


class Status(IntEnum):
    """The numbers and names of the national portal (trạng thái hồ sơ)."""

    REGISTERED = 1
    ACCEPTED = 2
    REJECTED = 3
    PROCESSING = 4
    SUPPLEMENT_REQUIRED = 5
    PAYMENT_REQUIRED = 6
    WITHDRAWN = 7
    STOPPED = 8
    FINISHED = 9
    RETURNED = 10

    @property
    def key(self) -> str:
        """Catalogue key of its short label."""
        return f"dossier.status.{self.name.lower()}"


class Channel(IntEnum):
    IN_PERSON = 1
    ONLINE = 2
    POST = 3


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


@dataclass(frozen=True, slots=True)
class Step:
    """One station on a dossier's way; ``handler`` and ``note`` are for those who may see people."""

    status: Status
    unit: str | None = None
    handler: str | None = None
    at: datetime | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Dossier:
    """A dossier as the one-stop software knows it; moments are aware, ``fee`` is in đồng.

    A date without an hour is the office's midnight with which that day begins.
    """

    code: str
    status: Status
    procedure_name: str = ""
    procedure_code: str | None = None
    field: str | None = None
    channel: Channel | None = None
    receiving_unit: str | None = None
    resolving_unit: str | None = None
    handler: str | None = None
    owner_name: str | None = None
    phone: str | None = None
    address: str | None = None
    id_number: str | None = None
    secret: str | None = None
    fee: int | None = None
    fee_paid: bool = False
    received_at: datetime | None = None
    due_at: datetime | None = None
    new_due_at: datetime | None = None
    finished_at: datetime | None = None
    returned_at: datetime | None = None
    steps: tuple[Step, ...] = ()

    @property
    def promised_at(self) -> datetime | None:
        """When the result is due by what was said last."""
        return self.new_due_at or self.due_at


@dataclass(frozen=True, slots=True)
class DossierAnswer:
    """What one look-up shows. ``owner`` (masked), ``handler`` and the people and notes in ``steps``
    are None unless the second factor was right, which ``full`` tells."""

    code: str
    status: Status
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
    finished_at: datetime | None
    returned_at: datetime | None
    fee: int | None
    fee_paid: bool
    steps: tuple[Step, ...]
    full: bool = False
    owner: str | None = None
    handler: str | None = None


def normalise_code(text: str) -> str:
    """The code as it is stored: NFC, upper case, plain dashes, no spaces around ``-`` and ``.``"""
    plain = "".join(
        "-" if c in _LIKE_DASHES or unicodedata.category(c) == "Pd" else c for c in text
    )
    return _JOINTS.sub(r"\1", unicodedata.normalize("NFC", plain.upper())).strip()


def is_code(text: str) -> bool:
    """Whether a normalised text has the national form (old and new unit codes)."""
    return _NATIONAL.fullmatch(text) is not None


def is_free_code(text: str) -> bool:
    """Whether a normalised text may be a code of local form; every national code is one too."""
    return _FREE.fullmatch(text) is not None


def is_organisation(name: str) -> bool:
    """Whether an owner's name is one of a company, a body or a school, by how such names begin, or
    end in other languages."""
    known = unicodedata.normalize("NFC", name).casefold().strip()
    return known.startswith(_ORGANISATIONS) or known.endswith(_FOREIGN)


def mask_name(name: str) -> str:
    """Initials only: "Nguyễn Văn An" becomes "N. V. A***"."""
    words = unicodedata.normalize("NFC", name).split()
    initials = [next((c for c in word if c.isalnum()), "") for word in words]
    known = [initial.upper() for initial in initials if initial]
    return f"{'. '.join(known)}***" if known else "***"


def opens(dossier: Dossier | None, secret: str) -> bool:
    """Whether the second factor is right: the receipt's secret, or the last four digits, or all,
    of the owner's ID or phone. Takes the same steps for a dossier that is not there."""
    given = unicodedata.normalize("NFC", secret).strip().upper()
    accepted = [(dossier.secret if dossier else None) or ""]
    for number in (dossier.id_number, dossier.phone) if dossier else (None, None):
        digits = "".join(c for c in number or "" if c.isdigit())
        long_enough = len(digits) > LAST_DIGITS
        accepted += [digits, digits[-LAST_DIGITS:]] if long_enough else ["", ""]
    right = [
        hmac.compare_digest(_bytes(known.strip().upper()), _bytes(given)) for known in accepted
    ]
    return bool(given) and any(right)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def outlook(dossier: Dossier, now: datetime, zone: ZoneInfo) -> Outlook:
    """Which answer fits now. A dossier is late from the day after its due date."""
    match dossier.status:
        case Status.ACCEPTED | Status.PROCESSING:
            today = now.astimezone(zone).date()
            due, new_due = (
                moment.astimezone(zone).date() if moment else None
                for moment in (dossier.due_at, dossier.new_due_at)
            )
            if new_due is not None:
                return Outlook.LATE if new_due < today else Outlook.POSTPONED
            return Outlook.LATE if due is not None and due < today else Outlook.IN_PROGRESS
        case Status.REGISTERED:
            return Outlook.REGISTERED
        case Status.REJECTED:
            return Outlook.REJECTED
        case Status.SUPPLEMENT_REQUIRED:
            return Outlook.SUPPLEMENT
        case Status.PAYMENT_REQUIRED:
            return Outlook.PAYMENT
        case Status.WITHDRAWN:
            return Outlook.WITHDRAWN
        case Status.STOPPED:
            return Outlook.STOPPED
        case Status.FINISHED:
            return Outlook.READY
        case Status.RETURNED:
            return Outlook.RETURNED


def timeliness(dossier: Dossier, zone: ZoneInfo) -> Timeliness | None:
    """How the result stood to the first due date, by calendar day; None while either is unknown."""
    done = dossier.finished_at or dossier.returned_at
    if done is None or dossier.due_at is None:
        return None
    day, due = done.astimezone(zone).date(), dossier.due_at.astimezone(zone).date()
    if day == due:
        return Timeliness.ON_TIME
    return Timeliness.EARLY if day < due else Timeliness.LATE


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


def answer(dossier: Dossier, now: datetime, zone: ZoneInfo, *, full: bool) -> DossierAnswer:
    """What may be shown: with ``full`` also people, the owner's name always masked."""
    steps = known_steps(dossier)
    return DossierAnswer(
        code=dossier.code,
        status=dossier.status,
        outlook=outlook(dossier, now, zone),
        timeliness=timeliness(dossier, zone),
        procedure_name=dossier.procedure_name,
        procedure_code=dossier.procedure_code,
        field=dossier.field,
        channel=dossier.channel,
        receiving_unit=dossier.receiving_unit,
        resolving_unit=dossier.resolving_unit,
        received_at=dossier.received_at,
        due_at=dossier.due_at,
        new_due_at=dossier.new_due_at,
        finished_at=dossier.finished_at,
        returned_at=dossier.returned_at,
        fee=dossier.fee,
        fee_paid=dossier.fee_paid,
        steps=steps if full else tuple(replace(s, handler=None, note=None) for s in steps),
        full=full,
        owner=mask_name(dossier.owner_name) if full and dossier.owner_name else None,
        handler=dossier.handler if full else None,
    )
