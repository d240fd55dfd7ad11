"""The queue ticket: the number first, where to go and how long, the code that answers questions."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from printer.slip import Band, Code, Cut, Fact, Facts, Feed, Number, Qr, Rule, Slip, Text, Weight
from printer.slips.fields import facts, optional_text, refuse_unknown, text, texts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from printer.slip import Line


@dataclass(frozen=True, slots=True)
class TicketData:
    """All that stands on a ticket, as sentences in the citizen's language."""

    parent: str
    office: str
    heading: str
    number: str
    service: str
    facts: tuple[tuple[str, str], ...]
    """Label and value: where to go, how many are ahead."""
    lines: tuple[str, ...]
    """Small print under the facts: the estimate, when it was printed."""
    code: str
    """The ticket's id, which its barcode carries."""
    caption: str
    farewell: tuple[str, ...]
    url: str | None = None
    """Where a phone can follow the ticket."""
    url_caption: str = ""
    copy_mark: str | None = None
    """Says on a reprint that it is one."""
    appointment: str = ""
    """When the person is expected."""
    journey: str = ""
    """Where the same ticket goes on afterwards."""
    warning: str = ""
    """What the person must know before sitting down to wait."""


def read(data: Mapping[str, object]) -> TicketData:
    """The ticket in ``data``; SlipError("bad_slip_data") with the field's name otherwise."""
    refuse_unknown(data, [field.name for field in fields(TicketData)])
    return TicketData(
        parent=text(data, "parent"),
        office=text(data, "office"),
        heading=text(data, "heading"),
        number=text(data, "number"),
        service=text(data, "service"),
        facts=tuple((fact.label, fact.value) for fact in facts(data, "facts")),
        lines=texts(data, "lines"),
        code=text(data, "code"),
        caption=text(data, "caption"),
        farewell=texts(data, "farewell"),
        url=optional_text(data, "url"),
        url_caption=optional_text(data, "url_caption") or "",
        copy_mark=optional_text(data, "copy_mark"),
        appointment=optional_text(data, "appointment") or "",
        journey=optional_text(data, "journey") or "",
        warning=optional_text(data, "warning") or "",
    )


def draw(ticket: TicketData) -> Slip:
    return Slip(
        (
            *_head(ticket),
            *_number(ticket),
            *_facts(ticket),
            *_notes(ticket),
            *_foot(ticket),
            Cut(),
        )
    )


def _head(ticket: TicketData) -> tuple[Line, ...]:
    mark = (Band(ticket.copy_mark), Feed(1.5)) if ticket.copy_mark else ()
    return (
        *mark,
        Text(ticket.parent, 3.0, Weight.MEDIUM, floor=2.6),
        Text(ticket.office, 3.75, Weight.BOLD, floor=3.0, lines=3),
        Feed(1.5),
        Rule(0.375),
        Feed(1.5),
    )


def _number(ticket: TicketData) -> tuple[Line, ...]:
    due = (Feed(1.2), Text(ticket.appointment, 3.6, Weight.SEMIBOLD, floor=3.0))
    return (
        Text(ticket.heading, 3.4, Weight.SEMIBOLD, floor=3.0),
        Feed(1.8),
        Number(ticket.number),
        Feed(2.2),
        Text(ticket.service, 4.5, Weight.BOLD, floor=3.4, lines=3),
        *(due if ticket.appointment else ()),
        Feed(1.8),
        Rule(),
    )


def _facts(ticket: TicketData) -> tuple[Line, ...]:
    if not ticket.facts:
        return (Feed(1.5),)
    shown = tuple(Fact(label, value) for label, value in ticket.facts)
    return (Feed(1.2), Facts(shown), Feed(1.4), Rule(), Feed(1.5))


def _notes(ticket: TicketData) -> tuple[Line, ...]:
    told = [note for note in (ticket.journey, ticket.warning) if note]
    shown = [(Text(note, 3.4, Weight.SEMIBOLD, floor=3.0, lines=3), Feed(1.2)) for note in told]
    return tuple(line for note in shown for line in note)


def _foot(ticket: TicketData) -> tuple[Line, ...]:
    phone = (Feed(1.0), Qr(ticket.url, ticket.url_caption)) if ticket.url else ()
    return (
        *(Text(line, 3.0) for line in ticket.lines),
        Feed(2.0),
        Code(ticket.code, ticket.caption),
        *phone,
        Feed(1.5),
        *(Text(line, 3.1, Weight.MEDIUM) for line in ticket.farewell),
        Feed(2.0),
    )
