"""The apology for a late result, with the new date large."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from printer import scale
from printer.slip import Fact, Slip, Text, Weight
from printer.slips import form
from printer.slips.fields import facts, optional_fact, optional_text, text, texts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from printer.slips.form import Case, Frame

_OWN: Final = (
    "number",
    "addressee",
    "lines",
    "due",
    "reason_title",
    "reasons",
    "signers",
    "sign_hint",
)


@dataclass(frozen=True, slots=True)
class ApologyData:
    """Văn bản xin lỗi và đề nghị gia hạn thời gian giải quyết (form 04)."""

    frame: Frame
    case: Case
    number: str
    """The office's own number of the paper, or ""."""
    addressee: tuple[str, ...]
    lines: tuple[str, ...]
    """The apology itself."""
    due: Fact | None
    reason_title: str
    reasons: tuple[str, ...]
    signers: tuple[Fact, ...]
    sign_hint: str


def read(data: Mapping[str, object]) -> ApologyData:
    """The apology in ``data``; SlipError("bad_slip_data") with the field's name otherwise."""
    return ApologyData(
        frame=form.read_frame(data, (*form.CASE, *_OWN)),
        case=form.read_case(data),
        number=optional_text(data, "number") or "",
        addressee=texts(data, "addressee"),
        lines=texts(data, "lines"),
        due=optional_fact(data, "due"),
        reason_title=text(data, "reason_title"),
        reasons=texts(data, "reasons"),
        signers=facts(data, "signers"),
        sign_hint=optional_text(data, "sign_hint") or "",
    )


def draw(apology: ApologyData) -> Slip:
    return Slip(
        (
            *form.head(apology.frame, number=apology.number),
            *(Text(line, scale.LEAD, Weight.SEMIBOLD, lines=1) for line in apology.addressee),
            form.GAP,
            *form.case(apology.case),
            *form.told(apology.reason_title, apology.reasons),
            *form.told("", apology.lines),
            *(form.big(apology.due) if apology.due else ()),
            *form.foot(apology.frame, apology.signers, hint=apology.sign_hint),
        )
    )
