"""Be Vietnam Pro, letter by letter.

The basic layout engine composes NFC letters, places each by its advance alone, and does not depend
on a library that one machine has and the next has not; so letters can be kept instead of lines.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import fontpkg_be_vietnam_pro
from PIL import Image, ImageDraw, ImageFont

from printer.errors import SlipError
from printer.slip import Weight

if TYPE_CHECKING:
    from collections.abc import Iterator

REPLACEMENT: Final = "\ufffd"
"""Drawn as an empty box: here stands a letter that the font does not have."""

PAIRED: Final = 96
"""Dots from which on a size is drawn in rows that come twice, which a printer is sent once. The
steps are a quarter of a millimetre high, on strokes of two and more."""
_LOOKED_AT = 48
_HALF_GREY: Final = [255 if level >= 128 else 0 for level in range(256)]


class Glyph(NamedTuple):
    """A letter as a 1-bit mask, from the pen's place on the baseline; advances in dots."""

    mask: Image.Image
    left: int
    top: int
    advance: int

    @property
    def right(self) -> int:
        return self.left + self.mask.width

    @property
    def bottom(self) -> int:
        return self.top + self.mask.height


@lru_cache(maxsize=128)
def _font(weight: Weight, size: int) -> ImageFont.FreeTypeFont:
    path = Path(fontpkg_be_vietnam_pro.ROOT) / "files" / f"BeVietnamPro-{weight.value}.ttf"
    try:
        return ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.BASIC)
    except OSError as error:
        raise SlipError("font_missing", font=path.name) from error


@lru_cache(maxsize=4096)
def glyph(letter: str, weight: Weight, size: int) -> Glyph:
    if letter == REPLACEMENT:
        return _box(size)
    font = _font(weight, size)
    left, top, right, bottom = (int(edge) for edge in font.getbbox(letter, anchor="ls"))
    if size >= PAIRED:
        top, bottom = top - top % 2, bottom + bottom % 2
    grey = Image.new("L", (max(1, right - left), max(1, bottom - top)), 0)
    ImageDraw.Draw(grey).text((-left, -top), letter, font=font, fill=255, anchor="ls")
    if size >= PAIRED and grey.height > 1:
        half = grey.resize((grey.width, grey.height // 2), Image.Resampling.BOX)
        grey = half.resize(grey.size, Image.Resampling.NEAREST)
    return Glyph(black(grey), left, top, round(font.getlength(letter)))


def black(grey: Image.Image) -> Image.Image:
    """1 where ``grey`` is half grey or more."""
    return grey.point(_HALF_GREY, "1")


@lru_cache(maxsize=4096)
def draws(letter: str) -> bool:
    """Whether the font has ink for ``letter``: its mark for a missing one is blank."""
    return glyph(letter, Weight.REGULAR, _LOOKED_AT).mask.getbbox() is not None


def _box(size: int) -> Glyph:
    across, high = max(3, round(size * 0.5)), max(3, round(size * 0.7))
    line = max(1, round(size * 0.07))
    mask = Image.new("1", (across, high), 1)
    mask.paste(0, (line, line, across - line, high - line))
    side = max(1, round(size * 0.08))
    return Glyph(mask, side, -high, across + 2 * side)


def length(text: str, weight: Weight, size: int) -> int:
    """How far the pen moves over ``text``."""
    return sum(glyph(letter, weight, size).advance for letter in text)


def shapes(text: str, weight: Weight, size: int) -> Iterator[tuple[int, Glyph]]:
    """Each letter with its place on the line; a mark of no width stands over the letter before."""
    pen = base = 0
    for letter in text:
        shape = glyph(letter, weight, size)
        if shape.advance:
            base = pen
            yield pen, shape
        else:
            yield (base + pen - shape.mask.width) // 2 - shape.left, shape
        pen += shape.advance


def ink(text: str, weight: Weight, size: int) -> tuple[int, int, int, int]:
    """The box of what is black, from the start of the baseline: left, top, right, bottom."""
    placed = list(shapes(text, weight, size))
    return (
        min(x + shape.left for x, shape in placed),
        min(shape.top for _, shape in placed),
        max(x + shape.right for x, shape in placed),
        max(shape.bottom for _, shape in placed),
    )
