"""Dossiers: their ten statuses, what is known of one, its codes, and what is masked."""

from __future__ import annotations

import hmac
import re
import unicodedata
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

MAX_CODE: Final = 50
LAST_DIGITS: Final = 4

_NATIONAL: Final = re.compile(
    r"(?:[0-9]{3}\.[0-9]{2}\.[0-9]{2}\.[A-Z][0-9]{2}|[A-Z][0-9]{2}(?:\.[0-9]{1,3}){0,4})"
    r"-(?:[0-9]{6}|[0-9]{8})-[0-9]{3,7}"
)
_FREE: Final = re.compile(rf"[A-Z0-9.\-/_]{{4,{MAX_CODE}}}")
_JOINTS: Final = re.compile(r"\s*([-.])\s*")
# Signs that stand for a dash without being of Unicode's dash category.
_LIKE_DASHES: Final = (
    "\N{MINUS SIGN}\N{HYPHEN BULLET}\N{MODIFIER LETTER MINUS SIGN}\N{SOFT HYPHEN}"
    "\N{HEAVY MINUS SIGN}\N{SUPERSCRIPT MINUS}\N{SUBSCRIPT MINUS}\N{BOX DRAWINGS LIGHT HORIZONTAL}"
)
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

    @property
    def group(self) -> ReportGroup | None:
        """Where reports count it; None for what the office has not taken in."""
        return _GROUPS.get(self)


class ReportGroup(StrEnum):
    """Đang xử lý, tạm dừng xử lý (its term stands still), đã xử lý."""

    OPEN = "open"
    PAUSED = "paused"
    DONE = "done"


_GROUPS: Final[Mapping[Status, ReportGroup]] = {
    Status.ACCEPTED: ReportGroup.OPEN,
    Status.PROCESSING: ReportGroup.OPEN,
    Status.SUPPLEMENT_REQUIRED: ReportGroup.PAUSED,
    Status.PAYMENT_REQUIRED: ReportGroup.PAUSED,
    Status.STOPPED: ReportGroup.PAUSED,
    Status.WITHDRAWN: ReportGroup.DONE,
    Status.FINISHED: ReportGroup.DONE,
    Status.RETURNED: ReportGroup.DONE,
}


class Channel(IntEnum):
    IN_PERSON = 1
    ONLINE = 2
    POST = 3


class FeeStage(IntEnum):
    """With what a fee is paid (HinhThucThu of the national record)."""

    RECEIPT = 1
    SUPPLEMENT = 2
    RETURN = 4


class Cause(StrEnum):
    """Why a result was promised anew."""

    SUPPLEMENT = "supplement"
    APOLOGY = "apology"
    TOLD = "told"
    """Only the new date is known."""


@dataclass(frozen=True, slots=True)
class Step:
    """One station on a dossier's way: which unit and who has it since when, for what, by when.

    ``handler``, ``task`` and ``note`` are for those who may see people.
    """

    status: Status
    unit: str | None = None
    handler: str | None = None
    at: datetime | None = None
    note: str | None = None
    task: str | None = None
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """One step of a dossier that is told by itself (CapNhatTienDoHoSoMC)."""

    code: str
    step: Step


@dataclass(frozen=True, slots=True)
class Fee:
    """A fee in đồng; ``amount`` is None where ``name`` alone tells it ("2.000 đ/trang")."""

    name: str
    amount: int | None = None
    stage: FeeStage | None = None
    paid: bool = False


@dataclass(frozen=True, slots=True)
class SupplementRequest:
    """Papers that were asked for, and when they came in; meanwhile the term stands still.

    What was asked for, and by whom, is for those who may see people.
    """

    asked_at: datetime
    text: str | None = None
    asked_by: str | None = None
    received_at: datetime | None = None
    received_by: str | None = None


@dataclass(frozen=True, slots=True)
class Postponement:
    """A result that was promised for another day; who signed for it, and why, is for those who may
    see people. ``number`` is that of the office's paper."""

    at: datetime
    due_before: datetime | None
    due_after: datetime
    cause: Cause = Cause.TOLD
    reason: str | None = None
    signer: str | None = None
    number: str | None = None


@dataclass(frozen=True, slots=True)
class Dossier:
    """A dossier as the one-stop software knows it; moments are aware, ``fee`` is in đồng: what the
    ``fees`` come to.

    A date without an hour is the office's midnight with which that day begins. ``receipt_no`` is
    the number on the paper where that is not the code (số biên nhận, số phiếu).
    """

    code: str
    status: Status
    procedure_name: str = ""
    procedure_code: str | None = None
    receipt_no: str | None = None
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
    fees: tuple[Fee, ...] = ()
    supplements: tuple[SupplementRequest, ...] = ()
    postponements: tuple[Postponement, ...] = ()

    @property
    def promised_at(self) -> datetime | None:
        """When the result is due by what was said last."""
        return self.new_due_at or self.due_at


def plain_dashes(text: str) -> str:
    """With a plain dash for each sign that looks like one."""
    if text.isascii():
        return text
    return "".join("-" if c in _LIKE_DASHES or unicodedata.category(c) == "Pd" else c for c in text)


def normalise_code(text: str) -> str:
    """The code as it is stored: NFC, upper case, plain dashes, no spaces around ``-`` and ``.``"""
    if _FREE.fullmatch(text):
        return text
    plain = plain_dashes(text)
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


def plain_phone(text: str) -> str | None:
    """A Vietnamese phone number as ten digits from 0; None for anything else."""
    digits = re.sub(r"[\s.()-]", "", text)
    plain = re.sub(r"^(?:\+|00)?84(?=[0-9]{9}$)", "0", digits)
    return plain if re.fullmatch(r"0[0-9]{9}", plain) else None


def last_digits(phone: str | None) -> str | None:
    """The three of a phone number that may be shown."""
    plain = plain_phone(phone) if phone else None
    return plain[-3:] if plain else None


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


def owns(dossier: Dossier | None, numbers: tuple[str, ...]) -> bool:
    """Whether one of a citizen card's numbers is the owner's. Takes the same steps for a dossier
    that is not there."""
    known = "".join(c for c in (dossier.id_number if dossier else None) or "" if c.isdigit())
    right = [hmac.compare_digest(_bytes(known), _bytes(number)) for number in numbers]
    return bool(known) and any(right)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")
