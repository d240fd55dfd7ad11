"""The queue ticket: the number first, where to go and how long, the code that answers questions.

Which parts it has, and in which order, is the office's choice. An appointment's ticket has its time
large besides.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final, Literal, get_args

from printer import scale
from printer.errors import SlipError
from printer.slip import (
    Band,
    Code,
    Cut,
    Fact,
    Facts,
    Feed,
    Letterhead,
    Logo,
    Number,
    Qr,
    Rule,
    Slip,
    Text,
    Weight,
)
from printer.slips.fields import (
    facts,
    number,
    optional_fact,
    optional_text,
    optional_texts,
    refuse_unknown,
    text,
    texts,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from printer.slip import Line

Part = Literal[
    "logo",
    "office",
    "heading",
    "number",
    "service",
    "appointment",
    "facts",
    "notes",
    "times",
    "code",
    "phone",
    "farewell",
]
"""What can stand on a ticket."""
PARTS: Final[tuple[Part, ...]] = get_args(Part)
"""In their usual order."""

_RULED: Final = {"office": 0.375, "facts": 0.25}
"""Parts with a line to whatever stands beside them, in millimetres."""
_TIGHT: Final = {("service", "appointment"): 1.2, ("logo", "office"): 1.2}
_GAP: Final = 1.8


@dataclass(frozen=True, slots=True)
class TicketData:
    """All that stands on a ticket, as sentences in the citizen's language."""

    parent: str
    office: str
    heading: str
    number: str
    service: str
    facts: tuple[Fact, ...]
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
    due: Fact | None = None
    """The same with its time large."""
    journey: str = ""
    """Where the same ticket goes on afterwards."""
    warning: str = ""
    """What the person must know before sitting down to wait."""
    order: tuple[str, ...] = PARTS
    logo: str | None = None
    """Path of a PNG file."""
    logo_mm: float = 14.0
    number_mm: float = scale.NUMBER
    letters: float = 1.0
    """The sizes of all other letters are multiplied by this, down to the smallest of the scale."""


def read(data: Mapping[str, object]) -> TicketData:
    """The ticket in ``data``; SlipError("bad_slip_data") with the field's name otherwise."""
    refuse_unknown(data, [field.name for field in fields(TicketData)])
    return TicketData(
        parent=text(data, "parent"),
        office=text(data, "office"),
        heading=text(data, "heading"),
        number=text(data, "number"),
        service=text(data, "service"),
        facts=facts(data, "facts"),
        lines=texts(data, "lines"),
        code=text(data, "code"),
        caption=text(data, "caption"),
        farewell=texts(data, "farewell"),
        url=optional_text(data, "url"),
        url_caption=optional_text(data, "url_caption") or "",
        copy_mark=optional_text(data, "copy_mark"),
        appointment=optional_text(data, "appointment") or "",
        due=optional_fact(data, "due"),
        journey=optional_text(data, "journey") or "",
        warning=optional_text(data, "warning") or "",
        order=_order(data),
        logo=optional_text(data, "logo"),
        logo_mm=number(data, "logo_mm", 14.0),
        number_mm=number(data, "number_mm", scale.NUMBER),
        letters=number(data, "letters", 1.0),
    )


def _order(data: Mapping[str, object]) -> tuple[str, ...]:
    order = optional_texts(data, "order")
    if order is None:
        return PARTS
    if "number" not in order or len(set(order)) < len(order) or not set(order) <= set(PARTS):
        raise SlipError("bad_slip_data", field="order")
    return order


def draw(ticket: TicketData) -> Slip:
    """The mark of a reprint stands first, whatever the order of the parts."""
    parts = _parts(ticket)
    shown = [(name, parts[name]) for name in ticket.order if parts[name]]
    mark = (
        (Band(ticket.copy_mark, scale.LEAD * ticket.letters), Feed(1.5)) if ticket.copy_mark else ()
    )
    lines: list[Line] = [*mark]
    for place, (name, part) in enumerate(shown):
        lines += _between(shown[place - 1][0], name) if place else ()
        lines += part
    return Slip((*lines, Feed(2.0), Cut()))


def _between(one: str, other: str) -> tuple[Line, ...]:
    rules = [_RULED[name] for name in (one, other) if name in _RULED]
    if rules and (one, other) not in _TIGHT:
        return (Feed(1.4), Rule(max(rules)), Feed(1.4))
    return (Feed(_TIGHT.get((one, other), _GAP)),)


def _parts(ticket: TicketData) -> dict[str, tuple[Line, ...]]:
    """Names shrink before they take many lines; sentences take the lines that they need."""
    size = ticket.letters
    fine, body = (max(scale.FINE, least * size) for least in (scale.FINE, scale.BODY))
    lead, title = scale.LEAD * size, scale.TITLE * size
    office = (Letterhead(ticket.parent, ticket.office, body, fine),)
    told = [note for note in (ticket.journey, ticket.warning) if note]
    return {
        "logo": (Logo(ticket.logo, ticket.logo_mm),) if ticket.logo else (),
        "office": office if ticket.parent or ticket.office else (),
        "heading": _text(ticket.heading, lead, body, Weight.SEMIBOLD),
        "number": (Number(ticket.number, ticket.number_mm),),
        "service": _text(ticket.service, title, body, Weight.BOLD, lines=3),
        "appointment": _appointment(ticket, lead),
        "facts": (Facts(ticket.facts, body, scale.VALUE * size),) if ticket.facts else (),
        "notes": _spaced(_text(note, lead, lead, Weight.SEMIBOLD) for note in told),
        "times": tuple(Text(line, body, floor=body) for line in ticket.lines),
        "code": (Code(ticket.code, ticket.caption, size=body),),
        "phone": (
            (Qr(ticket.url, ticket.url_caption, body, tells=ticket.code),) if ticket.url else ()
        ),
        "farewell": tuple(Text(line, body, Weight.MEDIUM, floor=body) for line in ticket.farewell),
    }


def _text(text: str, size: float, floor: float, weight: Weight, lines: int = 2) -> tuple[Text, ...]:
    return (Text(text, size, weight, floor=floor, lines=lines),) if text else ()


def _appointment(ticket: TicketData, lead: float) -> tuple[Line, ...]:
    if ticket.due is None:
        return _text(ticket.appointment, lead, lead, Weight.SEMIBOLD)
    return (
        Text(ticket.due.label, lead, Weight.SEMIBOLD),
        Feed(1.2),
        Number(ticket.due.value, ticket.number_mm / 2),
    )


def _spaced(notes: Iterable[tuple[Text, ...]]) -> tuple[Line, ...]:
    lines: list[Line] = []
    for note in notes:
        lines += [Feed(1.2), *note] if lines else note
    return tuple(lines)
