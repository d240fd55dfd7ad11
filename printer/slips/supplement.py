"""The request for supplements: which papers are missing, why, and until when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from printer.slip import Fact, Slip
from printer.slips import form
from printer.slips.fields import facts, optional_fact, optional_text, text, texts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from printer.slips.form import Case, Frame

_OWN: Final = ("papers_title", "papers", "reason_title", "reasons", "due", "signers", "sign_hint")


@dataclass(frozen=True, slots=True)
class SupplementData:
    """Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ (form 02)."""

    frame: Frame
    case: Case
    papers_title: str
    papers: tuple[Fact, ...]
    """What is to be brought, and what is wrong with what there is."""
    reason_title: str
    reasons: tuple[str, ...]
    due: Fact | None
    signers: tuple[Fact, ...]
    sign_hint: str


def read(data: Mapping[str, object]) -> SupplementData:
    """The request in ``data``; SlipError("bad_slip_data") with the field's name otherwise."""
    return SupplementData(
        frame=form.read_frame(data, (*form.CASE, *_OWN)),
        case=form.read_case(data),
        papers_title=text(data, "papers_title"),
        papers=facts(data, "papers"),
        reason_title=text(data, "reason_title"),
        reasons=texts(data, "reasons"),
        due=optional_fact(data, "due"),
        signers=facts(data, "signers"),
        sign_hint=optional_text(data, "sign_hint") or "",
    )


def draw(request: SupplementData) -> Slip:
    return Slip(
        (
            *form.head(request.frame),
            *form.case(request.case),
            *form.listed(request.papers_title, request.papers),
            *form.told(request.reason_title, request.reasons),
            *(form.big(request.due) if request.due else ()),
            *form.foot(request.frame, request.signers, hint=request.sign_hint),
        )
    )
