"""Facts in columns: beside each other, beside their labels, in lists, and what people sign."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from printer import scale
from printer.fonts import length
from printer.marks import Box, Mark
from printer.paragraph import clean, paragraph, set_text
from printer.slip import (
    Align,
    Facts,
    Grid,
    GridRow,
    Items,
    Letterhead,
    Rows,
    Signatures,
    Text,
    Weight,
)

if TYPE_CHECKING:
    from printer.marks import Area, Placed

HAIRLINE: Final = 0.25
_ENDLESS: Final = 99
"""Lines of what never shrinks."""
_SHRUNK: Final = scale.LEAD / scale.VALUE
"""How far a fact's value shrinks to stand in one line."""
_BREATH: Final = 3.0
"""Millimetres on both sides of a fact beside another."""
_GRID_GAP: Final = 1.0
"""Millimetres between the figures of two columns, or they read as one."""
_FIGURES: Final = (scale.LEAD, scale.BODY, scale.FINE)
_LEAST_VALUE: Final = 32.0
"""Millimetres below which a value stands better under its label than beside it."""


def place_facts(line: Facts, area: Area, y: int) -> Placed:
    """All in letters of the same size; one to a row where one is too long to stand beside.

    Two stand no further apart than any two of them need: what is narrow is sooner sent.
    """
    count = len(line.facts)
    abreast = 2 if all(map(_in_a_line, _values(line), _places(area, count, 2, area.width))) else 1
    places = _places(area, count, abreast, area.width)
    labels = [Text(fact.label, line.label_size, lines=1) for fact in line.facts]
    labels, values = _alike(labels, places), _alike(_values(line), places)
    needs = max(map(_widest, labels + values, places * 2), default=0) + 2 * area.dots(_BREATH)
    if abreast == 2:
        places = _places(area, count, abreast, min(area.width, abreast * needs))
    marks: list[Mark] = []
    for first in range(0, count, abreast):
        y += area.dots(0.8) if first else 0
        row = slice(first, first + abreast)
        placed, y = _facts_row(labels[row], values[row], places[row], area, y)
        marks += placed
    return marks, y


def _values(line: Facts) -> list[Text]:
    floor = line.size * _SHRUNK
    return [
        Text(fact.value, line.size, Weight.EXTRABOLD, floor=floor, lines=1) for fact in line.facts
    ]


def _in_a_line(text: Text, column: Area) -> bool:
    return len(set_text(text, column.width, column.per_mm)[1]) <= 1


def _facts_row(
    labels: list[Text], values: list[Text], places: list[Area], area: Area, y: int
) -> Placed:
    above, under = _abreast(labels, places, y)
    below, bottom = _abreast(values, places, under - area.dots(0.2))
    marks = above + below
    top, end = y + area.dots(0.6), bottom - area.dots(0.2)
    if len(labels) == 2 and top < end:
        hairline = area.dots(HAIRLINE)
        middle = area.left + area.width // 2 - hairline // 2
        marks.append(Box(middle, top, middle + hairline, end))
    return marks, bottom


def _places(area: Area, count: int, abreast: int, width: int) -> list[Area]:
    """Columns of the middle ``width`` dots, each without a pad; an odd last one has its row."""
    pad, left = area.dots(1.5), (area.width - width) // 2
    places = []
    for number in range(count):
        alone = abreast == 1 or (number == count - 1 and count % 2)
        each = width if alone else width // abreast
        places.append(area.part(left + number % abreast * each + pad, each - 2 * pad))
    return places


def _widest(text: Text, column: Area) -> int:
    size, lines = set_text(text, column.width, column.per_mm)
    return max((length(words, text.weight, size) for words in lines), default=0)


def _alike(texts: list[Text], columns: list[Area]) -> list[Text]:
    """The texts at the size that the longest of them needs."""
    sizes = [
        set_text(text, column.width, column.per_mm)[0]
        for text, column in zip(texts, columns, strict=True)
    ]
    return [replace(text, size=min(sizes) / columns[0].per_mm) for text in texts]


def _abreast(texts: list[Text], columns: list[Area], y: int) -> Placed:
    marks: list[Mark] = []
    bottom = y
    for text, column in zip(texts, columns, strict=True):
        placed, end = paragraph(text, column, y)
        marks += placed
        bottom = max(bottom, end)
    return marks, bottom


def place_letterhead(line: Letterhead, area: Area, y: int) -> Placed:
    texts = [
        Text(line.parent, line.size, floor=line.floor),
        Text(line.office, line.size, Weight.BOLD, floor=line.floor),
    ]
    marks: list[Mark] = []
    for text in _alike(texts, [area, area]):
        placed, y = paragraph(text, area, y)
        marks += placed
    return marks, y


def place_rows(line: Rows, area: Area, y: int) -> Placed:
    size, gap = area.dots(scale.BODY), area.dots(1.8)
    label = max((length(clean(f.label), Weight.REGULAR, size) for f in line.facts), default=0)
    beside = area.width - label - gap >= area.dots(_LEAST_VALUE)
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
    columns, size = _columns(line, area)
    heads = [Text(head, scale.FINE, lines=1) for head in line.heads]
    marks, y = _abreast(heads, columns[: len(heads)], y)
    for row in line.rows:
        y += area.dots(0.8)
        marks.append(Box(area.left, y, area.left + area.width, y + area.dots(HAIRLINE)))
        name, y = paragraph(_left(row.name, Weight.SEMIBOLD), area, y + area.dots(0.8))
        cells, y = _row(row, columns, y, size)
        marks += name + cells
    return marks, y


def _columns(line: Grid, area: Area) -> tuple[list[Area], float]:
    """As wide as what stands in them with the rest of the width in equal parts, and the size of
    all figures: the largest at which no two of them touch."""
    count = max([len(line.heads), *(len(row.cells) for row in line.rows)])
    gaps = area.dots(_GRID_GAP) * (count - 1)
    for size in _FIGURES:
        needs = _needs(line, area, count, size)
        if sum(needs) + gaps <= area.width:
            break
    else:
        needs = [0] * count
    spare = (area.width - sum(needs)) / max(1, count)
    columns, left = [], 0.0
    for need in needs:
        columns.append(area.part(round(left), int(need + spare)))
        left += need + spare
    return columns, size


def _needs(line: Grid, area: Area, count: int, size: float) -> list[int]:
    """The widest thing in each column, in dots."""
    needs = [0] * count
    for n, head in enumerate(line.heads):
        needs[n] = length(clean(head), Weight.REGULAR, area.dots(scale.FINE))
    for row in line.rows:
        for n, (figure, unit) in enumerate(row.cells):
            wide = length(clean(figure), Weight.BOLD, area.dots(size))
            under = length(clean(unit), Weight.REGULAR, area.dots(scale.FINE))
            needs[n] = max(needs[n], wide, under)
    return needs


def _row(row: GridRow, columns: list[Area], y: int, size: float) -> Placed:
    places = columns[: len(row.cells)]
    figures = [
        Text(figure, size, Weight.BOLD, floor=scale.FINE, lines=1) for figure, _ in row.cells
    ]
    above, under = _abreast(figures, places, y)
    units = [Text(unit, scale.FINE, lines=1) for _, unit in row.cells]
    below, bottom = _abreast(units, places, under - round(0.3 * places[0].per_mm) if places else y)
    return above + below, bottom


def place_signatures(line: Signatures, area: Area, y: int) -> Placed:
    gap = area.dots(2.0)
    half = (area.width - gap) // 2
    columns = (area.part(0, half), area.part(half + gap, half))
    marks: list[Mark] = []
    for first in range(0, len(line.signers), 2):
        row = line.signers[first : first + 2]
        places = list(columns[-len(row) :])
        titles = [Text(one.label, scale.BODY, Weight.SEMIBOLD, lines=3) for one in row]
        above, under = _abreast(titles, places, y)
        hints, bottom = _abreast([Text(line.hint, scale.FINE)] * len(row), places, under)
        names = [Text(one.value, scale.BODY, Weight.MEDIUM, lines=1) for one in row]
        below, y = _abreast(names, places, bottom + area.dots(line.space))
        marks += above + hints + below
    return marks, y
