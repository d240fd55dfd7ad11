"""Facts in columns: beside each other, beside their labels, in lists, and what people sign."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from printer import scale
from printer.fonts import length
from printer.marks import Box, Mark
from printer.paragraph import clean, paragraph, set_text
from printer.slip import Align, Fact, Facts, Grid, GridRow, Items, Rows, Signatures, Text, Weight

if TYPE_CHECKING:
    from printer.marks import Area, Placed

HAIRLINE: Final = 0.25
_ENDLESS: Final = 99
"""Lines of what never shrinks."""
_WIDEST_LABEL: Final = 0.42
"""Of the width; the value needs the rest."""


def _value(fact: Fact, size: float) -> Text:
    return Text(fact.value, size, Weight.EXTRABOLD, floor=scale.LEAD, lines=1)


def _fact(fact: Fact, line: Facts, area: Area, y: int) -> Placed:
    above, y = paragraph(Text(fact.label, line.label_size, lines=1), area, y)
    below, y = paragraph(_value(fact, line.size), area, y - area.dots(0.2))
    return above + below, y


def place_facts(line: Facts, area: Area, y: int) -> Placed:
    marks: list[Mark] = []
    hairline, pad = area.dots(HAIRLINE), area.dots(1.0)
    for first in range(0, len(line.facts), 2):
        y += area.dots(0.8) if first else 0
        row = line.facts[first : first + 2]
        column = area.width // len(row)
        inner = column - 2 * pad
        smallest = min(set_text(_value(fact, line.size), inner, area.per_mm)[0] for fact in row)
        shared = replace(line, size=smallest / area.per_mm)
        bottom = y
        for number, fact in enumerate(row):
            placed, end = _fact(fact, shared, area.part(number * column + pad, inner), y)
            marks += placed
            bottom = max(bottom, end)
        if len(row) == 2:
            middle = area.left + column - hairline // 2
            marks.append(
                Box(middle, y + area.dots(0.6), middle + hairline, bottom - area.dots(0.2))
            )
        y = bottom
    return marks, y


def place_rows(line: Rows, area: Area, y: int) -> Placed:
    size, gap = area.dots(scale.BODY), area.dots(1.8)
    label = max((length(clean(f.label), Weight.REGULAR, size) for f in line.facts), default=0)
    beside = label <= area.width * _WIDEST_LABEL
    column = area.part(label + gap, area.width - label - gap) if beside else area
    marks: list[Mark] = []
    for number, fact in enumerate(line.facts):
        y += area.dots(0.6 if beside else 0.9) if number else 0
        above, end = paragraph(_left(fact.label, Weight.REGULAR), area, y)
        value = _left(fact.value, Weight.SEMIBOLD)
        below, y = paragraph(value, column, y if beside else end - area.dots(0.2))
        marks += above + below
        y = max(y, end)
    return marks, y


def _left(text: str, weight: Weight, size: float = scale.BODY) -> Text:
    return Text(text, size, weight, Align.LEFT, lines=_ENDLESS)


def place_items(line: Items, area: Area, y: int) -> Placed:
    hang = length(f"{len(line.items)}. ", Weight.REGULAR, area.dots(scale.BODY))
    column = area.part(hang, area.width - hang)
    marks: list[Mark] = []
    for number, item in enumerate(line.items, 1):
        y += area.dots(0.5) if number > 1 else 0
        placed, _ = paragraph(_left(f"{number}.", Weight.REGULAR), area, y)
        marks += placed
        placed, y = paragraph(_left(item.label, Weight.MEDIUM), column, y)
        marks += placed
        placed, y = paragraph(
            _left(item.value, Weight.REGULAR, scale.FINE), column, y - area.dots(0.2)
        )
        marks += placed
    return marks, y


def place_grid(line: Grid, area: Area, y: int) -> Placed:
    heads = tuple((head, "") for head in line.heads)
    marks, y = _cells(heads, area, y, Weight.REGULAR, scale.FINE)
    for row in line.rows:
        y += area.dots(0.8)
        marks.append(Box(area.left, y, area.left + area.width, y + area.dots(HAIRLINE)))
        placed, y = _row(row, area, y + area.dots(0.8))
        marks += placed
    return marks, y


def _row(row: GridRow, area: Area, y: int) -> Placed:
    name, y = paragraph(_left(row.name, Weight.SEMIBOLD), area, y)
    cells, y = _cells(row.cells, area, y, Weight.BOLD, scale.LEAD)
    return name + cells, y


def _cells(
    cells: tuple[tuple[str, str], ...], area: Area, y: int, weight: Weight, size: float
) -> Placed:
    marks: list[Mark] = []
    bottom, gap = y, area.dots(0.6)
    for number, (figure, unit) in enumerate(cells):
        start, end = (area.width * edge // len(cells) for edge in (number, number + 1))
        column = area.part(start + gap // 2, end - start - gap)
        above, under = paragraph(Text(figure, size, weight, floor=scale.FINE, lines=1), column, y)
        below, under = paragraph(Text(unit, scale.FINE, lines=1), column, under - area.dots(0.3))
        marks += above + below
        bottom = max(bottom, under)
    return marks, bottom


def place_signatures(line: Signatures, area: Area, y: int) -> Placed:
    gap = area.dots(2.0)
    half = (area.width - gap) // 2
    columns = (area.part(0, half), area.part(half + gap, half))
    marks: list[Mark] = []
    for first in range(0, len(line.signers), 2):
        row = line.signers[first : first + 2]
        pairs = tuple(zip(columns[-len(row) :], row, strict=True))
        bottom = y
        for column, signer in pairs:
            title = Text(signer.label, scale.BODY, Weight.SEMIBOLD, lines=3)
            above, end = paragraph(title, column, y)
            hint, end = paragraph(Text(line.hint, scale.FINE), column, end)
            marks += above + hint
            bottom = max(bottom, end)
        room = y = bottom + area.dots(line.space)
        for column, signer in pairs:
            below, end = paragraph(Text(signer.value, scale.BODY, Weight.MEDIUM), column, room)
            marks += below
            y = max(y, end)
    return marks, y
