"""The refusal of a dossier: why it was not taken, and what can be done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from printer.slip import Fact, Slip
from printer.slips import form
from printer.slips.fields import facts, optional_text, text, texts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from printer.slips.form import Case, Frame

_OWN: Final = ("reason_title", "reasons", "advice_title", "advice", "signers", "sign_hint")


@dataclass(frozen=True, slots=True)
class RefusalData:
    """Phiếu từ chối tiếp nhận giải quyết hồ sơ (form 03)."""

    frame: Frame
    case: Case
    reason_title: str
    reasons: tuple[str, ...]
    advice_title: str
    advice: tuple[str, ...]
    signers: tuple[Fact, ...]
    sign_hint: str


def read(data: Mapping[str, object]) -> RefusalData:
    """The refusal in ``data``; SlipError("bad_slip_data") with the field's name otherwise."""
    return RefusalData(
        frame=form.read_frame(data, (*form.CASE, *_OWN)),
        case=form.read_case(data),
        reason_title=text(data, "reason_title"),
        reasons=texts(data, "reasons"),
        advice_title=text(data, "advice_title"),
        advice=texts(data, "advice"),
        signers=facts(data, "signers"),
        sign_hint=optional_text(data, "sign_hint") or "",
    )


def draw(refusal: RefusalData) -> Slip:
    return Slip(
        (
            *form.head(refusal.frame),
            *form.case(refusal.case),
            *form.told(refusal.reason_title, refusal.reasons),
            *form.told(refusal.advice_title, refusal.advice),
            *form.foot(refusal.frame, refusal.signers, hint=refusal.sign_hint),
        )
    )
