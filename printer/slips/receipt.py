"""The receipt of a dossier: what was handed in, when the result is due, and how to look it up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from printer import scale
from printer.slip import Fact, Feed, Number, Qr, Rule, Slip, Text, Weight
from printer.slips import form
from printer.slips.fields import facts, optional_fact, optional_text, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from printer.slip import Line
    from printer.slips.form import Case, Frame

_OWN: Final = (
    "papers_title",
    "papers",
    "due",
    "secret",
    "secret_use",
    "phone",
    "signers",
    "sign_hint",
)


@dataclass(frozen=True, slots=True)
class ReceiptData:
    """Giấy tiếp nhận hồ sơ và hẹn trả kết quả (form 01)."""

    frame: Frame
    case: Case
    papers_title: str
    papers: tuple[Fact, ...]
    """Each paper that was handed in, and how many of which kind."""
    due: Fact | None
    """When the result is to be had; None where nobody can say."""
    secret: Fact | None
    """Six digits that open the whole answer of the look-up."""
    secret_use: str
    phone: Fact | None
    """What a phone is for here, and the address at which it finds the dossier; None without one."""
    signers: tuple[Fact, ...]
    sign_hint: str


def read(data: Mapping[str, object]) -> ReceiptData:
    """The receipt in ``data``; SlipError("bad_slip_data") with the field's name otherwise."""
    return ReceiptData(
        frame=form.read_frame(data, (*form.CASE, *_OWN)),
        case=form.read_case(data),
        papers_title=text(data, "papers_title"),
        papers=facts(data, "papers"),
        due=optional_fact(data, "due"),
        secret=optional_fact(data, "secret"),
        secret_use=optional_text(data, "secret_use") or "",
        phone=optional_fact(data, "phone"),
        signers=facts(data, "signers"),
        sign_hint=optional_text(data, "sign_hint") or "",
    )


def draw(receipt: ReceiptData) -> Slip:
    return Slip(
        (
            *form.head(receipt.frame),
            *form.case(receipt.case),
            *form.listed(receipt.papers_title, receipt.papers),
            *(form.big(receipt.due) if receipt.due else ()),
            *_secret(receipt),
            *_phone(receipt),
            *form.foot(receipt.frame, receipt.signers, hint=receipt.sign_hint),
        )
    )


def _phone(receipt: ReceiptData) -> tuple[Line, ...]:
    """The code for a phone tells a scanner the dossier too, so its bars stand alone above."""
    if receipt.phone is None:
        return ()
    code = receipt.case.code
    return (Qr(receipt.phone.value, receipt.phone.label, tells=code), form.GAP)


def _secret(receipt: ReceiptData) -> tuple[Line, ...]:
    if receipt.secret is None:
        return ()
    after_due = () if receipt.due else (Rule(), Feed(1.2))
    return (
        *after_due,
        Text(receipt.secret.label, scale.BODY, Weight.MEDIUM),
        Feed(1.0),
        Number(receipt.secret.value, scale.HERO),
        Feed(1.0),
        Text(receipt.secret_use, lines=99),
        Feed(1.2),
        Rule(),
        form.GAP,
    )
