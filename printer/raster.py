"""A slip as the 1-bit picture that will be printed, dot for dot.

Text is antialiased and cut at half grey, which reads best at 203 dpi; nothing is ever dithered.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from PIL import Image

from printer.fonts import shapes
from printer.layout import lay_out
from printer.marks import Box, Dots, Mark, Run, Stamp, Stripes, area_of
from printer.slip import DPI, Slip, pieces

if TYPE_CHECKING:
    from collections.abc import Iterable

    from printer.barcode import Bars, Matrix


def _write(picture: Image.Image, run: Run) -> None:
    for x, shape in shapes(run.text, run.weight, run.size):
        place = (run.x + x + shape.left, run.baseline + shape.top)
        picture.paste(int(run.white), place, shape.mask)


@lru_cache(maxsize=64)
def _modules(matrix: Matrix) -> Image.Image:
    side = len(matrix.rows)
    small = Image.new("1", (side, side), 1)
    small.putdata([0 if dark == "1" else 1 for row in matrix.rows for dark in row])
    return small.resize((matrix.width, matrix.width), Image.Resampling.NEAREST)


def _stripes(bars: Bars, height: int) -> Image.Image:
    row = Image.new("1", (len(bars.modules), 1), 1)
    row.putdata([0 if module == "1" else 1 for module in bars.modules])
    return row.resize((bars.width, height), Image.Resampling.NEAREST)


def _paint(marks: Iterable[Mark], dots: int, height: int) -> Image.Image:
    picture = Image.new("1", (dots, max(1, height)), 1)
    for mark in marks:
        match mark:
            case Run():
                _write(picture, mark)
            case Box():
                picture.paste(0, (mark.x, mark.y, mark.right, mark.bottom))
            case Stripes():
                picture.paste(_stripes(mark.bars, mark.bottom - mark.y), (mark.x, mark.y))
            case Dots():
                picture.paste(_modules(mark.matrix), (mark.x, mark.y))
            case Stamp():
                picture.paste(mark.picture, (mark.x, mark.y))
    return picture


def draw_slip(slip: Slip, paper_mm: int, dpi: int = DPI) -> tuple[Image.Image, ...]:
    """Each piece of paper as a 1-bit picture as wide as the head prints: 0 is black, 1 white."""
    area = area_of(paper_mm, dpi)
    laid_out = (lay_out(piece, area) for piece in pieces(slip))
    return tuple(_paint(marks, area.paper, height) for marks, height in laid_out)
