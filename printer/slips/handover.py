"""The note that a result was handed over, signed by both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from printer.slip import Fact, Slip
from printer.slips import form
from printer.slips.fields import facts, optional_text, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from printer.slips.form import Case, Frame

_OWN: Final = ("papers_title", "papers", "signers", "sign_hint")


@dataclass(frozen=True, slots=True)
class HandoverData:
    """Giấy biên nhận trả kết quả."""

    frame: Frame
    case: Case
    papers_title: str
    papers: tuple[Fact, ...]
    """What was handed over, and how many."""
    signers: tuple[Fact, ...]
    sign_hint: str


def read(data: Mapping[str, object]) -> HandoverData:
    """The note in ``data``; SlipError("bad_slip_data") with the field's name otherwise."""
    return HandoverData(
        frame=form.read_frame(data, (*form.CASE, *_OWN)),
        case=form.read_case(data),
        papers_title=text(data, "papers_title"),
        papers=facts(data, "papers"),
        signers=facts(data, "signers"),
        sign_hint=optional_text(data, "sign_hint") or "",
    )


def draw(note: HandoverData) -> Slip:
    return Slip(
        (
            *form.head(note.frame),
            *form.case(note.case),
            *form.listed(note.papers_title, note.papers),
            *form.foot(note.frame, note.signers, hint=note.sign_hint),
        )
    )
