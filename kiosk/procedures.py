"""Procedures as an office posts them: what they need, how long they take and what they cost.

Their codes and the fields of a posting are those of the national portal (Thông tư 03/2025/TT-VPCP).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from kiosk.import_words import fold

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from kiosk.deadlines import Term
    from kiosk.dossiers import Channel

NATIONAL: Final = re.compile(
    r"\d\.\d{6}(?:\.\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2}(?:\.\d{2})?)?", re.ASCII
)
"""A code of the national portal, perhaps with the unit for which it holds there."""
_FREE: Final = re.compile(r"[A-Z0-9][A-Z0-9._/-]{1,49}", re.ASCII)
"""Some portals keep codes of their own, such as C08_XPHCDB."""

MOST_WORDS: Final = 8
"""Of what is typed; more tell nothing more."""
LONGEST_WORD: Final = 40


class Level(StrEnum):
    """How much of it can be done online: all of it ("toàn trình"), or a part ("một phần")."""

    WHOLE = "whole"
    PART = "part"


@dataclass(frozen=True, slots=True)
class ChannelTerms:
    """How long it takes and what it costs by one channel.

    ``term`` and ``fee`` (đồng) are what the texts say where they say one thing only; the texts are
    what people are shown.
    """

    channel: Channel
    term_text: str = ""
    term: Term | None = None
    fee_text: str = ""
    fee: int | None = None


@dataclass(frozen=True, slots=True)
class RequiredDocument:
    """A paper to hand in, and how many of it; ``form`` is the address of its form, "" without."""

    name: str
    originals: int = 0
    copies: int = 0
    form: str = ""


@dataclass(frozen=True, slots=True)
class Procedure:
    """One posting; "" and () stand for what nobody has told.

    ``service`` is the code of the service at which it is handed in, where the office said so of
    this very procedure. ``checked_on`` is the day on which somebody compared it with the law.
    """

    code: str
    name: str
    field: str = ""
    level: Level | None = None
    audience: str = ""
    agency: str = ""
    result: str = ""
    legal_basis: str = ""
    conditions: str = ""
    keywords: str = ""
    decision: str = ""
    address: str = ""
    service: str = ""
    checked_on: date | None = None
    channels: tuple[ChannelTerms, ...] = ()
    documents: tuple[RequiredDocument, ...] = ()


def normalise_code(text: str) -> str:
    """As codes are stored: capitals without spaces."""
    return "".join(text.upper().split())


def is_code(code: str) -> bool:
    """Whether it is one, of the national portal or another."""
    return bool(NATIONAL.fullmatch(code) or _FREE.fullmatch(code))


def words_in(text: str) -> list[str]:
    """The words of a text as they are typed: lower case with their accents (NFC)."""
    lower = unicodedata.normalize("NFC", text.lower())
    parts = "".join(c if c.isalnum() else " " for c in lower).split()
    return [part[:LONGEST_WORD] for part in parts]


def folded(text: str) -> str:
    """The words of a text without accents, d for đ, a space between them."""
    return " ".join(words_in(fold(text)))


def typed_words(text: str) -> tuple[str, ...]:
    """The first words of what somebody typed."""
    return tuple(words_in(text)[:MOST_WORDS])


def without_accents(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(fold(word) for word in words)


def search_words(procedure: Procedure) -> str:
    """All words by which it is found, with a space between them, the code's first.

    Each stands there without accents and, if it has any, with them: who types none finds both, and
    who types them finds what has them.
    """
    code = words_in(procedure.code)
    joined = "".join(code)
    told = " ".join((procedure.name, procedure.field, procedure.keywords))
    plain, accented = words_in(fold(told)), words_in(told)
    number = code[1].lstrip("0") if len(code) > 1 else ""
    others = dict.fromkeys(word for word in (joined, number, *plain, *accented) if word)
    return " ".join((*code, *(word for word in others if word not in code)))
