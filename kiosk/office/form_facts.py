"""Forms from what a person typed: which facts a form needs besides those of the dossier."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final, NamedTuple

from kiosk.errors import Refused
from kiosk.office.forms import Apology, Form, Handover, Paper, Receipt, Refusal, Supplement

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Given:
    """``citizen`` hands papers in or collects the result, ``clerk`` signs for the office."""

    citizen: str = ""
    clerk: str = ""
    paper: tuple[str, ...] = ()
    """Each as "name", "name=how many" or "name=originals/certified/copies"."""
    reason: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()
    number: str = ""
    until: datetime | None = None
    sets: int = 0
    days: int = 0


class _Facts(NamedTuple):
    needed: tuple[str, ...]
    other: tuple[str, ...] = ()


_FACTS: Final = {
    "receipt": _Facts(("citizen", "clerk"), ("paper", "until", "sets", "days")),
    "supplement": _Facts(("clerk", "paper", "reason"), ("until",)),
    "refusal": _Facts(("clerk", "reason"), ("citizen", "advice")),
    "apology": _Facts(("clerk", "reason"), ("number",)),
    "handover": _Facts(("citizen", "clerk"), ("paper",)),
}
FORM_KINDS: Final = tuple(_FACTS)

_KINDS: Final = re.compile(r"(\d{1,3})/(\d{1,3})/(\d{1,3})", re.ASCII)

LONGEST: Final = 300
"""Letters of one typed fact: as many as the longest names have. More is metres of paper, behind
which others wait for their numbers."""

MOST: Final = 30
"""Papers, reasons or pieces of advice on one form."""


def form_of(kind: str, given: Given) -> Form:
    """Refused: form_lacks, form_has_no (kind, options), form_too_long (options, longest, most),
    paper_nameless (paper).
    """
    for one in fields(given):
        check_length(one.name, getattr(given, one.name))
    known = {one.name for one in fields(given) if getattr(given, one.name)}
    facts = _FACTS[kind]
    if lacking := [name for name in facts.needed if name not in known]:
        raise Refused("form_lacks", kind=kind, options=_options(lacking))
    if surplus := known.difference(*facts):
        raise Refused("form_has_no", kind=kind, options=_options(sorted(surplus)))
    papers = tuple(_paper(text) for text in given.paper)
    match kind:
        case "receipt":
            return Receipt(
                given.citizen, given.clerk, papers, given.until, given.sets or 1, given.days
            )
        case "supplement":
            return Supplement(papers, given.reason, given.clerk, given.until)
        case "refusal":
            return Refusal(given.reason, given.clerk, given.advice, given.citizen)
        case "apology":
            return Apology(given.reason, given.clerk, given.number)
        case _:
            return Handover(given.citizen, given.clerk, papers)


def check_length(name: str, told: object) -> None:
    """Refused("form_too_long") for a fact, or a list of them, that no form shall bear."""
    texts = told if isinstance(told, tuple) else (told,)
    longest = max((len(text) for text in texts if isinstance(text, str)), default=0)
    if longest > LONGEST or len(texts) > MOST:
        raise Refused("form_too_long", options=_options([name]), longest=LONGEST, most=MOST)


def _paper(text: str) -> Paper:
    name, _, told = text.partition("=")
    name, told = name.strip(), told.strip()
    if not name:
        raise Refused("paper_nameless", paper=text)
    if told.isascii() and told.isdecimal():
        return Paper(name, count=int(told))
    if kinds := _KINDS.fullmatch(told):
        originals, certified, copies = map(int, kinds.groups())
        return Paper(name, originals=originals, certified=certified, copies=copies)
    return Paper(name, note=told)


def _options(names: Iterable[str]) -> str:
    return ", ".join(f"--{name}" for name in names)
