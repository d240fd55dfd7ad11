"""What stands on a piece of paper, in millimetres, before anyone knows how wide the paper is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

from printer import scale

DPI: Final = 203
"""Of nearly all receipt printers; some older ones have 180."""

DOTS_PER_MM: Final = 8

DENSITIES: Final = {203: float(DOTS_PER_MM), 180: 180 / 25.4}
"""Dots per inch -> dots per millimetre."""

HEADS: Final = {203: {58: 384, 80: 576}, 180: {58: 360, 80: 512}}
"""Dots per inch -> paper width in millimetres -> dots the head can print across."""

PRINTABLE_DOTS: Final = HEADS[DPI]


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
    size: float = scale.BODY
    weight: Weight = Weight.REGULAR
    align: Align = Align.CENTRE
    floor: float = scale.FINE
    lines: int = 2


@dataclass(frozen=True, slots=True)
class Letterhead:
    """An office under the body above it, in letters of one size, as official papers have it."""

    parent: str
    office: str
    size: float = scale.BODY
    floor: float = scale.FINE


@dataclass(frozen=True, slots=True)
class Number:
    """The number, as large as the paper allows and no larger than ``size`` mm."""

    text: str
    size: float = scale.NUMBER


@dataclass(frozen=True, slots=True)
class Band:
    """White letters on a black bar: what nobody may overlook."""

    text: str
    size: float = scale.LEAD


@dataclass(frozen=True, slots=True)
class Fact:
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Label above value, two to a row with a line between them; an odd last one has its row."""

    facts: tuple[Fact, ...]
    label_size: float = scale.BODY
    size: float = scale.VALUE


@dataclass(frozen=True, slots=True)
class Rows:
    """A fact to a row: the label beside its value, or above it where that leaves too little."""

    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Items:
    """A numbered list: each entry with what is said of it, or ""."""

    items: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """Columns of figures, each figure over its unit or share; a row's name stands above it."""

    heads: tuple[str, ...]
    rows: tuple[GridRow, ...]


@dataclass(frozen=True, slots=True)
class GridRow:
    name: str
    cells: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Signatures:
    """Who signs: the title above the room for a signature, the name below; one alone stands right.

    ``space`` is the height of that room in millimetres.
    """

    signers: tuple[Fact, ...]
    hint: str = ""
    space: float = 13.0


@dataclass(frozen=True, slots=True)
class Logo:
    """A PNG file at most ``height`` mm high and no wider than the lines; nothing if unusable."""

    path: str
    height: float = 14.0


@dataclass(frozen=True, slots=True)
class Rule:
    thickness: float = 0.25


@dataclass(frozen=True, slots=True)
class Code:
    """A machine-readable code: Code 128 where it fits the paper, else QR."""

    data: str
    caption: str = ""
    height: float = 9.0
    size: float = scale.BODY
    """Of the caption."""


@dataclass(frozen=True, slots=True)
class Qr:
    """A QR code for a phone, its caption below it."""

    data: str
    caption: str = ""
    size: float = scale.BODY
    """Of the caption."""
    tells: str = ""
    """What a scanner finds in it too: a ``Code`` of that stands as bars, or as its caption alone,
    for nobody knows which of two QR codes is meant."""


@dataclass(frozen=True, slots=True)
class Ruler:
    """Marks every millimetre, longer ones every five and ten, from edge to edge."""


@dataclass(frozen=True, slots=True)
class Feed:
    height: float


@dataclass(frozen=True, slots=True)
class Cut:
    """The paper is cut here."""


Line: TypeAlias = (
    Text
    | Letterhead
    | Number
    | Band
    | Facts
    | Rows
    | Items
    | Grid
    | Signatures
    | Logo
    | Rule
    | Code
    | Qr
    | Ruler
    | Feed
    | Cut
)


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
