"""What all forms share: the office above, the title, what is signed, the words below."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

from printer import scale
from printer.slip import (
    Align,
    Band,
    Code,
    Cut,
    Fact,
    Feed,
    Items,
    Letterhead,
    Rows,
    Rule,
    Signatures,
    Text,
    Weight,
)
from printer.slips.fields import facts, optional_text, refuse_unknown, text, texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from printer.slip import Line

GAP: Final = Feed(1.8)


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around the content of every form."""

    parent: str
    office: str
    motto: tuple[str, ...]
    """The state's name and motto, or nothing on a paper that stays in the office."""
    title: str
    footer: tuple[str, ...]
    copy_mark: str | None
    """Says on a reprint that it is one."""
    dated: str
    """On what day the paper was issued, above who signs; "" where another line tells it."""


FRAME: Final = tuple(field.name for field in fields(Frame))


def read_frame(data: Mapping[str, object], own: Iterable[str]) -> Frame:
    """The frame in ``data``, which hold besides it nothing but ``own``."""
    refuse_unknown(data, [*FRAME, *own])
    return Frame(
        parent=text(data, "parent"),
        office=text(data, "office"),
        motto=texts(data, "motto"),
        title=text(data, "title"),
        footer=texts(data, "footer"),
        copy_mark=optional_text(data, "copy_mark"),
        dated=optional_text(data, "dated") or "",
    )


@dataclass(frozen=True, slots=True)
class Case:
    """The dossier that a form is about, its code as it stands in the one-stop software."""

    code: str
    facts: tuple[Fact, ...]


CASE: Final = tuple(field.name for field in fields(Case))


def read_case(data: Mapping[str, object]) -> Case:
    return Case(code=text(data, "code"), facts=facts(data, "facts"))


def head(frame: Frame, *, number: str = "") -> tuple[Line, ...]:
    mark = (Band(frame.copy_mark), Feed(1.5)) if frame.copy_mark else ()
    state = frame.motto[:1]
    return (
        *mark,
        *(Text(line, scale.BODY, Weight.SEMIBOLD) for line in state),
        *(Text(line, scale.BODY, Weight.MEDIUM) for line in frame.motto[1:]),
        *((Feed(1.2),) if state else ()),
        Letterhead(frame.parent, frame.office),
        Feed(1.4),
        Rule(0.375),
        GAP,
        Text(frame.title, scale.TITLE, Weight.EXTRABOLD, floor=scale.LEAD, lines=3),
        *((Text(number),) if number else ()),
        GAP,
    )


def case(about: Case) -> tuple[Line, ...]:
    """The code of the dossier, if it has one, for the scanner and in letters; then the facts."""
    code = (Code(about.code, about.code), Feed(1.6)) if about.code else ()
    return (*code, Rows(about.facts), GAP)


def listed(title: str, items: tuple[Fact, ...]) -> tuple[Line, ...]:
    if not items:
        return ()
    return (heading(title), Feed(0.6), Items(items), GAP)


def heading(title: str) -> Text:
    return Text(title, scale.LEAD, Weight.BOLD, Align.LEFT, floor=scale.BODY, lines=3)


def told(title: str, sentences: tuple[str, ...]) -> tuple[Line, ...]:
    """Sentences under their title, at the left and as long as they are; nothing without them."""
    if not sentences:
        return ()
    return (*((heading(title), Feed(0.6)) if title else ()), *map(words, sentences), GAP)


def words(text: str) -> Text:
    return Text(text, align=Align.LEFT, lines=99)


def big(fact: Fact) -> tuple[Line, ...]:
    """What the paper is about, between two rules."""
    return (
        Rule(),
        Feed(1.2),
        Text(fact.label, scale.BODY, Weight.MEDIUM),
        Text(fact.value, scale.VALUE, Weight.EXTRABOLD, floor=scale.LEAD, lines=2),
        Feed(1.2),
        Rule(),
        GAP,
    )


def foot(frame: Frame, signers: tuple[Fact, ...] = (), *, hint: str = "") -> tuple[Line, ...]:
    dated = (Text(frame.dated, align=Align.RIGHT), Feed(1.2)) if frame.dated else ()
    signed = (Feed(1.2), *dated, Signatures(signers, hint), GAP) if signers else ()
    closing = (Rule(), Feed(1.2)) if frame.footer else ()
    return (
        *signed,
        *closing,
        *(Text(line, scale.BODY, Weight.MEDIUM, lines=99) for line in frame.footer),
        Feed(2.0),
        Cut(),
    )
