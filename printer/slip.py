"""What stands on a piece of paper, in millimetres, before anyone knows how wide the paper is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

DOTS_PER_MM = 8
"""203 dpi, which all receipt printers of this class share."""

PRINTABLE_DOTS = {58: 384, 80: 576}
"""Paper width in millimetres -> dots the head can print across."""


class Align(StrEnum):
    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"


class Weight(StrEnum):
    """Weights of Be Vietnam Pro, by the name in its file names."""

    REGULAR = "Regular"
    MEDIUM = "Medium"
    SEMIBOLD = "SemiBold"
    BOLD = "Bold"
    EXTRABOLD = "ExtraBold"


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; beyond ``lines`` lines it shrinks down to ``floor`` mm, then it gets longer."""

    text: str
    size: float = 3.0
    weight: Weight = Weight.REGULAR
    align: Align = Align.CENTRE
    floor: float = 2.5
    lines: int = 2


@dataclass(frozen=True, slots=True)
class Number:
    """The number, as large as the paper allows and no larger than ``size`` mm."""

    text: str
    size: float = 22.0


@dataclass(frozen=True, slots=True)
class Band:
    """White letters on a black bar: what nobody may overlook."""

    text: str
    size: float = 3.6


@dataclass(frozen=True, slots=True)
class Fact:
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Label above value, two to a row with a line between them; an odd last one has its row."""

    facts: tuple[Fact, ...]
    label_size: float = 2.8
    size: float = 4.8


@dataclass(frozen=True, slots=True)
class Rule:
    thickness: float = 0.25


@dataclass(frozen=True, slots=True)
class Code:
    """A machine-readable code: Code 128 where it fits the paper, else QR."""

    data: str
    caption: str = ""
    height: float = 12.0


@dataclass(frozen=True, slots=True)
class Qr:
    """A QR code for a phone, its caption beside it."""

    data: str
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Ruler:
    """Marks every millimetre, longer ones every five and ten, from edge to edge."""


@dataclass(frozen=True, slots=True)
class Feed:
    height: float


@dataclass(frozen=True, slots=True)
class Cut:
    """The paper is cut here."""


Line: TypeAlias = Text | Number | Band | Facts | Rule | Code | Qr | Ruler | Feed | Cut


@dataclass(frozen=True, slots=True)
class Slip:
    lines: tuple[Line, ...]


def pieces(slip: Slip) -> tuple[tuple[Line, ...], ...]:
    """The lines of each piece of paper: what stands before each cut, and what is left after it."""
    found: list[tuple[Line, ...]] = []
    lines: list[Line] = []
    for line in slip.lines:
        if isinstance(line, Cut):
            found.append(tuple(lines))
            lines = []
        else:
            lines.append(line)
    if lines:
        found.append(tuple(lines))
    return tuple(piece for piece in found if piece)
