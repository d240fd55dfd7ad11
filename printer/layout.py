"""Where everything on a slip stands: lines in millimetres -> marks in dots."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from printer import scale
from printer.barcode import Bars, fit, fit_qr
from printer.fonts import ink
from printer.logo import logo
from printer.marks import Box, Dots, Mark, Run, Stamp, Stripes
from printer.paragraph import clean, paragraph
from printer.slip import (
    Band,
    Code,
    Cut,
    Facts,
    Feed,
    Grid,
    Items,
    Letterhead,
    Line,
    Logo,
    Number,
    Qr,
    Rows,
    Rule,
    Ruler,
    Signatures,
    Text,
    Weight,
)
from printer.tables import (
    place_facts,
    place_grid,
    place_items,
    place_letterhead,
    place_rows,
    place_signatures,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from printer.barcode import Matrix
    from printer.marks import Area, Placed

PHONE_QR_DOTS: Final = 4


def _number(line: Number, area: Area, y: int) -> Placed:
    text, weight = clean(line.text), Weight.EXTRABOLD
    if not text:
        return [], y
    size = _number_size(text, area.dots(line.size), area.width)
    if size < area.dots(scale.FINE):
        return paragraph(Text(text, scale.BODY, weight), area, y)
    ink_left, top, ink_right, bottom = ink(text, weight, size)
    x = area.left + (area.width - (ink_right - ink_left)) // 2 - ink_left
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


def _band(line: Band, area: Area, y: int) -> Placed:
    pad = area.dots(0.5)
    inner = Text(line.text, line.size, Weight.EXTRABOLD, lines=1)
    placed, bottom = paragraph(inner, area.part(pad, area.width - 2 * pad), y + pad, white=True)
    return [Box(area.left, y, area.left + area.width, bottom + pad), *placed], bottom + pad


def _logo(line: Logo, area: Area, y: int) -> Placed:
    picture = logo(line.path, area.width, area.dots(line.height))
    if picture is None:
        return [], y
    x = area.left + (area.width - picture.width) // 2
    return [Stamp(x, y, picture)], y + picture.height


def _code(line: Code, area: Area, y: int) -> Placed:
    drawn = fit(line.data, area.paper)
    x = _even_middle(drawn, area)
    marks: list[Mark] = []
    if isinstance(drawn, Bars):
        bottom = y + area.dots(line.height)
        marks.append(Stripes(x, y, bottom, drawn))
        under = bottom + area.dots(0.4)
    else:
        y += drawn.quiet
        bottom = y + drawn.width
        marks.append(Dots(x, y, drawn))
        bottom += drawn.quiet
        under = bottom - area.dots(0.4)
    below, end = paragraph(Text(line.caption, line.size), area, under)
    return marks + below, end if below else bottom


def _qr(line: Qr, area: Area, y: int) -> Placed:
    """The caption stands below: beside it each row of the code would be as wide as both."""
    matrix = fit_qr(line.data, area.width, most=PHONE_QR_DOTS)
    top = y + matrix.quiet
    bottom = top + matrix.width + matrix.quiet
    caption = Text(line.caption, line.size, Weight.MEDIUM, floor=line.size)
    below, end = paragraph(caption, area, bottom - area.dots(0.4))
    return [Dots(_even_middle(matrix, area), top, matrix), *below], end if below else bottom


def _even_middle(code: Bars | Matrix, area: Area) -> int:
    """On an even dot, so that modules of even width are pairs of dots, which are sent once."""
    return (area.paper - code.width) // 4 * 2


def _ruler(area: Area, y: int) -> Placed:
    paper = area.paper
    marks: list[Mark] = [Box(0, y, paper, y + 2)]
    for mm in range(int(paper / area.per_mm) + 1):
        x = min(area.dots(mm), paper - 1)
        height = 5.0 if mm % 10 == 0 else 3.0 if mm % 5 == 0 else 1.5
        marks.append(Box(x, y, x + 1, y + area.dots(height)))
        if mm % 10 == 0 and mm > 0 and x + area.dots(4) < paper:
            size = area.dots(scale.FINE)
            marks.append(Run(x + 3, y + area.dots(5.2), str(mm), Weight.REGULAR, size))
    return marks, y + area.dots(5.6)


def _place(line: Line, area: Area, y: int) -> Placed:
    match line:
        case Text():
            return paragraph(line, area, y)
        case Letterhead():
            return place_letterhead(line, area, y)
        case Number():
            return _number(line, area, y)
        case Band():
            return _band(line, area, y)
        case Facts():
            return place_facts(line, area, y)
        case Rows():
            return place_rows(line, area, y)
        case Items():
            return place_items(line, area, y)
        case Grid():
            return place_grid(line, area, y)
        case Signatures():
            return place_signatures(line, area, y)
        case Logo():
            return _logo(line, area, y)
        case Rule():
            bottom = y + max(1, area.dots(line.thickness))
            return [Box(area.left, y, area.left + area.width, bottom)], bottom
        case Code():
            return _code(line, area, y)
        case Qr():
            return _qr(line, area, y)
        case Ruler():
            return _ruler(area, y)
        case Feed():
            return [], y + area.dots(line.height)
        case Cut():
            return [], y


def lay_out(lines: Iterable[Line], area: Area) -> Placed:
    """The marks and the height of the paper, on which the marks of capitals and tails are whole."""
    shown = _without_doubles(tuple(lines), area)
    marks, bottom = _down(shown, area, 0)
    above = min((_edges(run)[0] for run in _runs(marks) if run.baseline < 2 * run.size), default=0)
    if above < 0:
        marks, bottom = _down(shown, area, -above)
    last = [_edges(run)[1] for run in _runs(marks) if run.baseline > bottom - run.size]
    return marks, max([bottom, *last])


def _without_doubles(lines: tuple[Line, ...], area: Area) -> tuple[Line, ...]:
    """The lines without a code that a QR code beside it tells, where it would be a second one."""
    told = {line.tells for line in lines if isinstance(line, Qr)} - {""}

    def single(line: Line) -> Line:
        if not isinstance(line, Code) or line.data not in told:
            return line
        bars = isinstance(fit(line.data, area.paper), Bars)
        return line if bars else Text(line.caption, line.size)

    return tuple(map(single, lines)) if told else lines


def _down(lines: Iterable[Line], area: Area, y: int) -> Placed:
    marks: list[Mark] = []
    for line in lines:
        placed, y = _place(line, area, y)
        marks += placed
    return marks, y


def _runs(marks: Iterable[Mark]) -> Iterator[Run]:
    return (mark for mark in marks if isinstance(mark, Run))


def _edges(run: Run) -> tuple[int, int]:
    _, top, _, bottom = ink(run.text, run.weight, run.size)
    return run.baseline + top, run.baseline + bottom
