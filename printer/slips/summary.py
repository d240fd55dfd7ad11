"""The day of one counter: how many were called, served and missed, and how long it took."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from printer import scale
from printer.slip import Fact, Facts, Feed, Grid, GridRow, Rows, Rule, Slip, Text, Weight
from printer.slips import form
from printer.slips.fields import facts, grid_rows, optional_text, text, texts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from printer.slip import Line
    from printer.slips.form import Frame

_OWN: Final = ("counter", "day", "totals", "facts", "heads", "services", "signers", "sign_hint")


@dataclass(frozen=True, slots=True)
class SummaryData:
    """The end-of-day summary of a counter."""

    frame: Frame
    counter: str
    day: str
    totals: tuple[Fact, ...]
    facts: tuple[Fact, ...]
    """Smaller ones: who worked there, from when until when, shares."""
    heads: tuple[str, ...]
    services: tuple[GridRow, ...]
    signers: tuple[Fact, ...]
    sign_hint: str


def read(data: Mapping[str, object]) -> SummaryData:
    """The summary in ``data``; SlipError("bad_slip_data") with the field's name otherwise."""
    return SummaryData(
        frame=form.read_frame(data, _OWN),
        counter=text(data, "counter"),
        day=text(data, "day"),
        totals=facts(data, "totals"),
        facts=facts(data, "facts"),
        heads=texts(data, "heads"),
        services=grid_rows(data, "services"),
        signers=facts(data, "signers"),
        sign_hint=optional_text(data, "sign_hint") or "",
    )


def draw(summary: SummaryData) -> Slip:
    return Slip(
        (
            *form.head(summary.frame),
            Text(summary.counter, scale.VALUE, Weight.EXTRABOLD, floor=scale.LEAD),
            Text(summary.day),
            form.GAP,
            Rule(),
            Feed(1.2),
            Facts(summary.totals),
            Feed(1.4),
            Rule(),
            form.GAP,
            Rows(summary.facts),
            form.GAP,
            *_by_service(summary),
            *form.foot(summary.frame, summary.signers, hint=summary.sign_hint),
        )
    )


def _by_service(summary: SummaryData) -> tuple[Line, ...]:
    if not summary.services:
        return ()
    return (Rule(), Feed(1.2), Grid(summary.heads, summary.services), form.GAP)
