"""Text in lines: cleaned, wrapped, then shrunk to a floor, and never clipped."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Final

from printer.fonts import REPLACEMENT, draws, length
from printer.marks import Mark, Placed, Run
from printer.slip import Align, Text, Weight

if TYPE_CHECKING:
    from collections.abc import Iterator

    from printer.marks import Area

LEADING: Final = 1.32
"""Baseline to baseline, in font sizes; a capital with two marks needs 1.17 above its own."""
RISE: Final = 1.06
FALL: Final = 0.26
"""Above the first and below the last baseline, in font sizes."""

_STEERING: Final = frozenset({"Cc", "Cf"})
"""Control characters and those that only steer others: they print nothing."""
_CLINGING: Final = frozenset({"Mn", "Mc", "Me", "Sk"})
"""What belongs to the letter before it: one replacement stands for both."""


@lru_cache(maxsize=2048)
def clean(text: str) -> str:
    """``text`` in one line of letters that the font has, composed where it has them composed.

    A box stands for a letter that it has in no way; a no-break space stays what it is.
    """
    shown: list[str] = []
    for letter in _letters(text):
        kind = unicodedata.category(letter)
        if letter == "\u00a0":
            shown.append(letter)
        elif letter.isspace():
            shown.append(" ")
        elif kind in _STEERING or "\ufe00" <= letter <= "\ufe0f":
            continue
        elif kind[0] not in "CZ" and draws(letter):
            if kind[0] == "M" and shown[-1:] in ([], [" "]):
                shown.append("\u00a0")  # else it would hang out of the line
            shown.append(letter)
        elif kind not in _CLINGING or shown[-1:] != [REPLACEMENT]:
            shown.append(REPLACEMENT)
    return " ".join(word for word in "".join(shown).split(" ") if word)


def lacking(text: str) -> str:
    """The letters of ``text`` for which ``clean`` puts a box."""
    return "".join(
        letter
        for letter in unicodedata.normalize("NFC", text)
        if not letter.isspace() and REPLACEMENT in clean(letter)
    )


def _letters(text: str) -> Iterator[str]:
    for letter in unicodedata.normalize("NFC", text):
        parts = unicodedata.normalize("NFD", letter)
        if len(parts) > 1 and not draws(letter) and all(map(draws, parts)):
            yield from parts
        else:
            yield letter


def _words(text: str, weight: Weight, size: int, width: int) -> list[str]:
    """The words of ``text``, those wider than ``width`` broken where they must be."""
    words: list[str] = []
    for word in text.split(" "):
        fits = length(word, weight, size) <= width
        words += [word] if fits else _broken(word, weight, size, width)
    return [word for word in words if word]


def _broken(word: str, weight: Weight, size: int, width: int) -> list[str]:
    pieces: list[str] = [""]
    used = 0
    for letter in word:
        advance = length(letter, weight, size)
        if pieces[-1] and used + advance > width:
            pieces.append("")
            used = 0
        pieces[-1] += letter
        used += advance
    return pieces


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
def set_text(line: Text, width: int, per_mm: float) -> tuple[int, tuple[str, ...]]:
    """The size in dots and the lines of a paragraph."""
    size = round(line.size * per_mm)
    floor = round(min(line.floor, line.size) * per_mm)
    text = clean(line.text)
    while True:
        words = _words(text, line.weight, size, width)
        lines = _wrap(words, line.weight, size, width)
        unbroken = len(words) == len([word for word in text.split(" ") if word])
        if size <= floor or (len(lines) <= line.lines and unbroken):
            return size, tuple(lines)
        size -= 1


def paragraph(line: Text, area: Area, y: int, *, white: bool = False) -> Placed:
    size, lines = set_text(line, area.width, area.per_mm)
    if not lines:
        return [], y
    marks: list[Mark] = []
    baseline = y + round(size * RISE)
    for number, text in enumerate(lines):
        free = area.width - length(text, line.weight, size)
        x = area.left + {Align.LEFT: 0, Align.CENTRE: free // 2, Align.RIGHT: free}[line.align]
        base = baseline + round(number * size * LEADING)
        marks.append(Run(x, base, text, line.weight, size, white))
    return marks, baseline + round((len(lines) - 1) * size * LEADING) + round(size * FALL)
