"""The list of papers of a procedure: what to bring, how long it takes and what it costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from printer import scale
from printer.slip import Align, Fact, Feed, Qr, Rows, Slip, Text, Weight
from printer.slips import form
from printer.slips.fields import facts, optional_text, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from printer.slip import Line
    from printer.slips.form import Frame

_OWN: Final = (
    "name",
    "about",
    "papers_title",
    "papers",
    "no_papers",
    "terms_title",
    "terms",
    "facts",
    "forms",
)


@dataclass(frozen=True, slots=True)
class ProcedureData:
    """What a citizen takes home about a procedure."""

    frame: Frame
    name: str
    about: str
    """The code and the field, in small letters."""
    papers_title: str
    papers: tuple[Fact, ...]
    """What is to be brought, and how many of which kind."""
    no_papers: str
    """Where to ask when nobody has told the papers."""
    terms_title: str
    terms: tuple[Fact, ...]
    """Each way to hand it in, with its deadline and fee."""
    facts: tuple[Fact, ...]
    """Where it is handed in, what comes of it, when the posting was checked."""
    forms: tuple[Fact, ...]
    """The name of each form, and the address at which a phone finds it."""


def read(data: Mapping[str, object]) -> ProcedureData:
    """The list in ``data``; SlipError("bad_slip_data") with the field's name otherwise."""
    return ProcedureData(
        frame=form.read_frame(data, _OWN),
        name=text(data, "name"),
        about=text(data, "about"),
        papers_title=text(data, "papers_title"),
        papers=facts(data, "papers"),
        no_papers=optional_text(data, "no_papers") or "",
        terms_title=text(data, "terms_title"),
        terms=facts(data, "terms"),
        facts=facts(data, "facts"),
        forms=facts(data, "forms"),
    )


def draw(procedure: ProcedureData) -> Slip:
    empty = (form.words(procedure.no_papers), form.GAP) if procedure.no_papers else ()
    return Slip(
        (
            *form.head(procedure.frame),
            Text(procedure.name, scale.LEAD, Weight.BOLD, Align.LEFT, floor=scale.BODY, lines=99),
            Text(procedure.about, align=Align.LEFT),
            form.GAP,
            *form.listed(procedure.papers_title, procedure.papers),
            *empty,
            *_rows(procedure.terms_title, procedure.terms),
            *_rows("", procedure.facts),
            *(line for one in procedure.forms for line in _form(one)),
            *form.foot(procedure.frame),
        )
    )


def _rows(title: str, rows: tuple[Fact, ...]) -> tuple[Line, ...]:
    if not rows:
        return ()
    return (*((form.heading(title), Feed(0.6)) if title else ()), Rows(rows), form.GAP)


def _form(one: Fact) -> tuple[Line, ...]:
    return (Qr(one.value, one.label), form.GAP)
