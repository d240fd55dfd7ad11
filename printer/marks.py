"""Black marks in dots, and the area of the paper in which they stand."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, TypeAlias

from printer.slip import DENSITIES, HEADS

if TYPE_CHECKING:
    from PIL.Image import Image

    from printer.barcode import Bars, Matrix
    from printer.slip import Weight

MARGIN: Final = {58: 1.0, 80: 3.0}
"""Millimetres kept free on both sides by everything but codes."""


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


@dataclass(frozen=True, slots=True)
class Stamp:
    """A 1-bit picture as it is."""

    x: int
    y: int
    picture: Image


Mark: TypeAlias = Run | Box | Dots | Stripes | Stamp
Placed: TypeAlias = tuple[list[Mark], int]
"""The marks of one line of a slip, and the y below it."""


@dataclass(frozen=True, slots=True)
class Area:
    """Where lines may stand, in dots; ``paper`` is all that the head prints across."""

    left: int
    width: int
    paper: int
    per_mm: float

    def dots(self, mm: float) -> int:
        return round(mm * self.per_mm)

    def part(self, left: int, width: int) -> Area:
        """A column that begins ``left`` dots to the right of this area's edge."""
        return replace(self, left=self.left + left, width=width)


def area_of(paper_mm: int, dpi: int) -> Area:
    paper, per_mm = HEADS[dpi][paper_mm], DENSITIES[dpi]
    margin = round(MARGIN[paper_mm] * per_mm)
    return Area(margin, paper - 2 * margin, paper, per_mm)
