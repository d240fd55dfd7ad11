"""Where everything on a slip stands: lines in millimetres -> marks in dots."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, TypeAlias

from printer.barcode import Bars, Matrix, fit, fit_qr
from printer.fonts import ink, length
from printer.slip import (
    DOTS_PER_MM,
    PRINTABLE_DOTS,
    Align,
    Band,
    Code,
    Cut,
    Fact,
    Facts,
    Feed,
    Line,
    Number,
    Qr,
    Rule,
    Ruler,
    Text,
    Weight,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

MARGIN = 3.0
"""Millimetres kept free on both sides by everything but codes."""
NARROW_MARGIN = 1.0
LEADING = 1.26
"""Baseline to baseline, in font sizes; a capital with two marks above still clears a descender."""
RISE, FALL = 1.02, 0.26
"""Above the first and below the last baseline, in font sizes."""

PHONE_QR_DOTS = 4


@dataclass(frozen=True, slots=True)
class Run:
    """Letters on a baseline; ``x`` is their left edge."""

    x: int
    baseline: int
    text: str
    weight: Weight
    size: int
    white: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """A black rectangle; its right and lower edges do not belong to it."""

    x: int
    y: int
    right: int
    bottom: int


@dataclass(frozen=True, slots=True)
class Dots:
    """A matrix of modules, each ``dots`` wide."""

    x: int
    y: int
    matrix: Matrix


@dataclass(frozen=True, slots=True)
class Stripes:
    """The bars of a Code 128, down to ``bottom``."""

    x: int
    y: int
    bottom: int
    bars: Bars


Mark: TypeAlias = Run | Box | Dots | Stripes
Placed: TypeAlias = tuple[list[Mark], int]
"""The marks of one line of a slip, and the y below it."""


def _dots(mm: float) -> int:
    return round(mm * DOTS_PER_MM)


def _clean(text: str) -> str:
    """NFC, one line, no control characters; a no-break space stays what it is."""
    shown = (" " if letter.isspace() and letter != "\u00a0" else letter for letter in text)
    kept = "".join(letter for letter in shown if unicodedata.category(letter)[0] != "C")
    return unicodedata.normalize("NFC", " ".join(kept.split(" "))).strip(" ")


def _words(text: str, weight: Weight, size: int, width: int) -> list[str]:
    """The words of ``text``, those wider than ``width`` broken where they must be."""
    words: list[str] = []
    for word in text.split(" "):
        rest = word
        while len(rest) > 1 and length(rest, weight, size) > width:
            end = next(
                n for n in range(len(rest) - 1, 0, -1) if _fits(rest[:n], weight, size, width)
            )
            words.append(rest[:end])
            rest = rest[end:]
        words.append(rest)
    return [word for word in words if word]


def _fits(text: str, weight: Weight, size: int, width: int) -> bool:
    return len(text) == 1 or length(text, weight, size) <= width


def _greedy(lengths: list[int], space: int, width: int) -> list[int]:
    """How many words stand on each line."""
    counts: list[int] = []
    used = 0
    for word in lengths:
        if counts and used + space + word <= width:
            counts[-1] += 1
            used += space + word
        else:
            counts.append(1)
            used = word
    return counts


def _wrap(words: list[str], weight: Weight, size: int, width: int) -> list[str]:
    """As few lines as possible, and those as even as possible, so that no word hangs alone."""
    lengths = [length(word, weight, size) for word in words]
    space = length(" ", weight, size)
    counts = _greedy(lengths, space, width)
    if len(counts) > 1:
        low, high = max(lengths), width
        while low < high:
            middle = (low + high) // 2
            if len(_greedy(lengths, space, middle)) > len(counts):
                low = middle + 1
            else:
                high = middle
        counts = _greedy(lengths, space, low)
    rest = iter(words)
    return [" ".join(islice(rest, count)) for count in counts]


@lru_cache(maxsize=512)
def _set(line: Text, width: int) -> tuple[int, tuple[str, ...]]:
    """The size in dots and the lines of a paragraph: wrapped, then shrunk, never clipped."""
    size, floor = _dots(line.size), _dots(min(line.floor, line.size))
    text = _clean(line.text)
    while True:
        words = _words(text, line.weight, size, width)
        lines = _wrap(words, line.weight, size, width)
        unbroken = len(words) == len([word for word in text.split(" ") if word])
        if size <= floor or (len(lines) <= line.lines and unbroken):
            return size, tuple(lines)
        size -= 1


def _paragraph(line: Text, left: int, width: int, y: int, *, white: bool = False) -> Placed:
    size, lines = _set(line, width)
    if not lines:
        return [], y
    marks: list[Mark] = []
    baseline = y + round(size * RISE)
    for number, text in enumerate(lines):
        free = width - length(text, line.weight, size)
        x = left + {Align.LEFT: 0, Align.CENTRE: free // 2, Align.RIGHT: free}[line.align]
        base = baseline + round(number * size * LEADING)
        marks.append(Run(x, base, text, line.weight, size, white))
    return marks, baseline + round((len(lines) - 1) * size * LEADING) + round(size * FALL)


def _number(line: Number, left: int, width: int, y: int) -> Placed:
    text, weight = _clean(line.text), Weight.EXTRABOLD
    if not text:
        return [], y
    size = _number_size(text, _dots(line.size), width)
    ink_left, top, ink_right, bottom = ink(text, weight, size)
    x = left + (width - (ink_right - ink_left)) // 2 - ink_left
    return [Run(x, y - top, text, weight, size)], y - top + bottom


def _number_size(text: str, most: int, width: int) -> int:
    """In steps of four dots, so that all numbers of a day share a few fonts."""
    ink_left, _, ink_right, _ = ink(text, Weight.EXTRABOLD, 96)
    size = min(most, 96 * width // max(1, ink_right - ink_left)) // 4 * 4
    while size > 8 and _ink_width(text, size) > width:
        size -= 4
    return size


def _ink_width(text: str, size: int) -> int:
    left, _, right, _ = ink(text, Weight.EXTRABOLD, size)
    return right - left


def _band(line: Band, left: int, width: int, y: int) -> Placed:
    pad = _dots(0.5)
    inner = Text(line.text, line.size, Weight.EXTRABOLD, floor=2.5, lines=1)
    marks, bottom = _paragraph(inner, left + pad, width - 2 * pad, y + pad, white=True)
    return [Box(left, y, left + width, bottom + pad), *marks], bottom + pad


def _value(fact: Fact, size: float) -> Text:
    return Text(fact.value, size, Weight.EXTRABOLD, floor=3.0, lines=1)


def _fact(fact: Fact, line: Facts, left: int, width: int, y: int) -> Placed:
    label = Text(fact.label, line.label_size, floor=2.4, lines=1)
    above, y = _paragraph(label, left, width, y)
    below, y = _paragraph(_value(fact, line.size), left, width, y - _dots(0.2))
    return above + below, y


def _facts(line: Facts, left: int, width: int, y: int) -> Placed:
    marks: list[Mark] = []
    hairline, pad = _dots(0.25), _dots(1.0)
    for first in range(0, len(line.facts), 2):
        y += _dots(0.8) if first else 0
        row = line.facts[first : first + 2]
        column = width // len(row)
        smallest = min(_set(_value(fact, line.size), column - 2 * pad)[0] for fact in row)
        shared = replace(line, size=smallest / DOTS_PER_MM)
        bottom = y
        for number, fact in enumerate(row):
            x = left + number * column
            placed, end = _fact(fact, shared, x + pad, column - 2 * pad, y)
            marks += placed
            bottom = max(bottom, end)
        if len(row) == 2:
            middle = left + column - hairline // 2
            marks.append(Box(middle, y + _dots(0.6), middle + hairline, bottom - _dots(0.2)))
        y = bottom
    return marks, y


def _code(line: Code, left: int, width: int, y: int) -> Placed:
    paper = 2 * left + width
    drawn = fit(line.data, paper)
    x = (paper - drawn.width) // 2
    marks: list[Mark] = []
    if isinstance(drawn, Bars):
        bottom = y + _dots(line.height)
        marks.append(Stripes(x, y, bottom, drawn))
    else:
        y += drawn.quiet
        bottom = y + drawn.width
        marks.append(Dots(x, y, drawn))
        bottom += drawn.quiet
    caption = Text(line.caption, 2.8)
    below, end = _paragraph(caption, left, width, bottom + _dots(0.4))
    return marks + below, end if below else bottom


def _qr(line: Qr, left: int, width: int, y: int) -> Placed:
    matrix = fit_qr(line.data, width, most=PHONE_QR_DOTS)
    side = matrix.width + 2 * matrix.quiet
    if not line.caption or side + _dots(18) > width:
        top = y + matrix.quiet
        marks: list[Mark] = [Dots(left + (width - matrix.width) // 2, top, matrix)]
        y += side
        below, end = _paragraph(Text(line.caption, 2.8, lines=3), left, width, y)
        return marks + below, end if below else y
    text = Text(line.caption, 3.0, Weight.MEDIUM, Align.LEFT, lines=4)
    size, lines = _set(text, width - side)
    beside = max(length(words, text.weight, size) for words in lines)
    x = left + max(0, width - side - beside) // 2
    _, height = _paragraph(text, 0, width - side, 0)
    top = y + matrix.quiet
    middle = top + (matrix.width - height) // 2
    placed, end = _paragraph(text, x + side, width - side, max(y, middle))
    return [Dots(x + matrix.quiet, top, matrix), *placed], max(y + side, end)


def _ruler(left: int, width: int, y: int) -> Placed:
    paper = 2 * left + width
    marks: list[Mark] = [Box(0, y, paper, y + 2)]
    for mm in range(paper // DOTS_PER_MM + 1):
        x = min(mm * DOTS_PER_MM, paper - 1)
        height = 5.0 if mm % 10 == 0 else 3.0 if mm % 5 == 0 else 1.5
        marks.append(Box(x, y, x + 1, y + _dots(height)))
        if mm % 10 == 0 and mm > 0 and x + _dots(3) < paper:
            marks.append(Run(x + 3, y + _dots(5.2), str(mm), Weight.REGULAR, _dots(2.4)))
    return marks, y + _dots(5.6)


def _place(line: Line, left: int, width: int, y: int) -> Placed:
    match line:
        case Text():
            return _paragraph(line, left, width, y)
        case Number():
            return _number(line, left, width, y)
        case Band():
            return _band(line, left, width, y)
        case Facts():
            return _facts(line, left, width, y)
        case Rule():
            bottom = y + max(1, _dots(line.thickness))
            return [Box(left, y, left + width, bottom)], bottom
        case Code():
            return _code(line, left, width, y)
        case Qr():
            return _qr(line, left, width, y)
        case Ruler():
            return _ruler(left, width, y)
        case Feed():
            return [], y + _dots(line.height)
        case Cut():
            return [], y


def lay_out(lines: Iterable[Line], dots: int) -> Placed:
    left = _dots(MARGIN if dots > PRINTABLE_DOTS[58] else NARROW_MARGIN)
    marks: list[Mark] = []
    y = 0
    for line in lines:
        placed, y = _place(line, left, dots - 2 * left, y)
        marks += placed
    return marks, y
