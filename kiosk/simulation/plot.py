"""The simulation as one picture: the line over the day, waits by service, and staffing.

Drawn with Pillow, which is on every kiosk already, in the face of the windows.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import fontpkg_be_vietnam_pro
from PIL import Image, ImageDraw, ImageFont

from kiosk.simulation.figures import mean_and_band
from kiosk.simulation.report import minutes, not_simulated

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from kiosk.simulation.figures import Change, Study
    from kiosk.texts import Texts
    from kiosk.tickets import Service

WIDTH: Final = 1800
MARGIN: Final = 70
ROW: Final = 64
NOTE: Final = 40
LINE_HEIGHT: Final = 420
INK: Final = "#16202a"
QUIET: Final = "#5b6873"
RULE: Final = "#d9dfe4"
BAND: Final = "#bcd4ea"
STRONG: Final = "#12518a"
SOFT: Final = "#8fb6d8"
GOOD: Final = "#2f7d4f"
BAD: Final = "#b1442c"
LABELS: Final = 470
"""How far the names at the left of bars reach, in dots."""

Where = tuple[float, float]


class _Frame(NamedTuple):
    """Where a chart stands: left and right edge, top and bottom, in dots."""

    left: float
    top: float
    right: float
    bottom: float


def draw(
    study: Study, services: Mapping[str, Service], words: Texts, source: str, path: Path
) -> None:
    """Saves the picture as PNG; ``source`` says what was simulated.

    The height follows the number of services and counter groups.
    """
    rows = _wait_rows(study)
    notes = not_simulated(study, services, words)
    line_top = 260 + NOTE * len(notes)
    line_bottom = line_top + LINE_HEIGHT
    waits_top = line_bottom + 210
    staffing_top = waits_top + len(rows) * ROW + 200
    height = staffing_top + len(study.staffing) * ROW + 150
    picture = Image.new("RGB", (WIDTH, height), "white")
    pen = ImageDraw.Draw(picture)
    _write(pen, (MARGIN, 40), words.say("cli.simulate.plot.title"), 44, INK, bold=True)
    _write(pen, (MARGIN, 104), source, 26, QUIET)
    for n, note in enumerate(notes, 1):
        _write(pen, (MARGIN, 104 + NOTE * n), _cut(note, WIDTH - 2 * MARGIN), 26, BAD)
    _line_chart(pen, study, words, _Frame(MARGIN + 60, line_top, WIDTH - MARGIN, line_bottom))
    frame = _Frame(MARGIN + LABELS, waits_top, WIDTH - MARGIN - 120, waits_top + len(rows) * ROW)
    _wait_chart(pen, study, services, words, frame)
    bottom = staffing_top + len(study.staffing) * ROW
    frame = _Frame(MARGIN + LABELS, staffing_top, WIDTH - MARGIN - 120, bottom)
    _staffing_chart(pen, study, services, words, frame)
    picture.save(path, "PNG", optimize=True)


def _line_chart(pen: ImageDraw.ImageDraw, study: Study, words: Texts, frame: _Frame) -> None:
    band = mean_and_band(study.lines)
    busy = [minute for minute, (_, _, high) in enumerate(band) if high > 0] or [0, 60]
    first = max(0, busy[0] // 60) * 60
    last = min((busy[-1] // 60 + 1) * 60, first + 24 * 60)
    top = _round_up(max((high for _, _, high in band), default=1.0))
    legend = [
        (STRONG, words.say("cli.simulate.plot.mean")),
        (BAND, words.say("cli.simulate.plot.band")),
    ]
    _heading(pen, (MARGIN, frame.top), words.say("cli.simulate.plot.line"), legend)

    def at(minute: float, people: float) -> Where:
        x = frame.left + (minute - first) / max(last - first, 1) * (frame.right - frame.left)
        return x, frame.bottom - people / top * (frame.bottom - frame.top)

    for part in range(5):
        value = top * part / 4
        _, y = at(first, value)
        pen.line([(frame.left, y), (frame.right, y)], RULE, 2)
        _write(pen, (frame.left - 14, y), words.number(round(value, 1)), 24, QUIET, anchor="rm")
    for minute in range(first, last + 1, 60):
        x, y = at(minute, 0)
        pen.line([(x, y), (x, y + 8)], QUIET, 2)
        clock = f"{minute // 60 % 24:02d}:00"
        _write(pen, (x, y + 16), clock, 24, QUIET, anchor="ma")
    shown = range(first, min(last, len(band) - 1) + 1)
    if len(shown) > 1:
        upper = [at(minute, band[minute][2]) for minute in shown]
        lower = [at(minute, band[minute][1]) for minute in reversed(shown)]
        pen.polygon([*upper, *lower], fill=BAND)
        pen.line([at(minute, band[minute][0]) for minute in shown], STRONG, 5, joint="curve")


def _wait_rows(study: Study) -> list[tuple[str, float, float]]:
    """Each service with its median and nine-of-ten wait in seconds, over all classes."""
    found: dict[str, list[tuple[float, float, float]]] = {}
    for waits in study.waits:
        if waits.service is not None and waits.people:
            found.setdefault(waits.service, []).append((waits.people, waits.median, waits.ninety))
    return [(service, *max(known)[1:]) for service, known in found.items()]


def _wait_chart(
    pen: ImageDraw.ImageDraw,
    study: Study,
    services: Mapping[str, Service],
    words: Texts,
    frame: _Frame,
) -> None:
    rows = _wait_rows(study)
    legend = [
        (STRONG, words.say("cli.simulate.plot.half")),
        (SOFT, words.say("cli.simulate.plot.ninety")),
    ]
    _heading(pen, (MARGIN, frame.top), words.say("cli.simulate.plot.waits"), legend)
    top = _round_up(max([study.target, *(ninety for _, _, ninety in rows)]) / 60) * 60
    across = _scale(pen, frame, top, words)
    for n, (service, half, ninety) in enumerate(rows):
        y = frame.top + (n + 0.5) * ROW
        _label(pen, frame, y, service, services, words)
        pen.rectangle([frame.left, y - 19, across(ninety), y + 19], fill=SOFT)
        pen.rectangle([frame.left, y - 19, across(half), y + 19], fill=STRONG)
        _write(pen, (across(ninety) + 12, y), minutes(ninety, words), 26, INK, anchor="lm")
    x = across(study.target)
    _dashed(pen, x, frame.top - 12, frame.bottom)
    target = words.say("cli.simulate.plot.target", target=minutes(study.target, words))
    _write(pen, (x, frame.top - 12), target, 24, BAD, anchor="md")


def _staffing_chart(
    pen: ImageDraw.ImageDraw,
    study: Study,
    services: Mapping[str, Service],
    words: Texts,
    frame: _Frame,
) -> None:
    legend = [
        (INK, words.say("cli.simulate.plot.now")),
        (GOOD, words.say("cli.simulate.plot.more")),
        (BAD, words.say("cli.simulate.plot.fewer")),
    ]
    _heading(pen, (MARGIN, frame.top), words.say("cli.simulate.plot.staffing"), legend)
    longest = [group.mean for group in study.staffing]
    longest += [group.mean + group.fewer.seconds for group in study.staffing if group.fewer]
    top = _round_up(max(longest, default=60.0) / 60) * 60
    across = _scale(pen, frame, top, words)
    for n, group in enumerate(study.staffing):
        y = frame.top + (n + 0.5) * ROW
        _label(pen, frame, y, ", ".join(group.services), services, words)
        if group.more is None:
            note = words.say("cli.simulate.not_simulated", services=", ".join(group.unknown))
            _write(pen, (frame.left + 20, y), note, 22, QUIET, anchor="lm")
            continue
        if group.fewer is None:
            note = words.say("cli.simulate.plot.impossible")
            _write(pen, (WIDTH - MARGIN + 10, y), note, 22, QUIET, anchor="rm")
        else:
            _arrow(pen, across, y + 9, group.mean, group.fewer, BAD)
        _arrow(pen, across, y - 9, group.mean, group.more, GOOD)
        x = across(group.mean)
        pen.ellipse([x - 11, y - 11, x + 11, y + 11], fill=INK)


def _arrow(
    pen: ImageDraw.ImageDraw,
    across: Callable[[float], float],
    y: float,
    mean: float,
    change: Change,
    colour: str,
) -> None:
    """From the mean to the changed mean, with a thin line over its uncertainty."""
    start, end = across(mean), across(max(0.0, mean + change.seconds))
    low, high = (across(max(0.0, mean + change.seconds + s * change.spread)) for s in (-1, 1))
    pen.line([(start, y), (end, y)], colour, 7)
    pen.line([(low, y), (high, y)], colour, 2)
    for x in (low, high):
        pen.line([(x, y - 7), (x, y + 7)], colour, 2)
    pen.ellipse([end - 8, y - 8, end + 8, y + 8], fill=colour)


def _scale(
    pen: ImageDraw.ImageDraw, frame: _Frame, top: float, words: Texts
) -> Callable[[float], float]:
    """Draws the axis of minutes; returns where so many seconds stand."""

    def across(seconds: float) -> float:
        return frame.left + min(seconds / top, 1.05) * (frame.right - frame.left)

    for part in range(5):
        x = across(top * part / 4)
        pen.line([(x, frame.top), (x, frame.bottom)], RULE, 2)
        told = minutes(top * part / 4, words)
        _write(pen, (x, frame.bottom + 12), told, 24, QUIET, anchor="ma")
    return across


def _label(
    pen: ImageDraw.ImageDraw,
    frame: _Frame,
    y: float,
    codes: str,
    services: Mapping[str, Service],
    words: Texts,
) -> None:
    """The code and the name of a service; of several services their codes."""
    known = services.get(codes)
    text = f"{codes}  {words.name(known.names)}" if known else codes
    _write(pen, (frame.left - 20, y), _cut(text, LABELS - 30), 26, INK, anchor="rm")


def _cut(text: str, width: float) -> str:
    """The text in letters of 26 dots, as far as ``width`` holds it."""
    while len(text) > 3 and _font(26, bold=False).getlength(text) > width:
        text = f"{text.rstrip('…')[:-1].rstrip()}…"
    return text


def _heading(
    pen: ImageDraw.ImageDraw, at: Where, text: str, legend: Sequence[tuple[str, str]]
) -> None:
    x, y = at[0], at[1] - 98
    _write(pen, (x, y), text, 32, INK, bold=True)
    x += _font(32, bold=True).getlength(text) + 50
    for colour, meaning in legend:
        pen.rectangle([x, y + 10, x + 26, y + 32], fill=colour)
        _write(pen, (x + 36, y + 21), meaning, 24, QUIET, anchor="lm")
        x += 36 + _font(24, bold=False).getlength(meaning) + 36


def _dashed(pen: ImageDraw.ImageDraw, x: float, top: float, bottom: float) -> None:
    for y in range(round(top), round(bottom), 18):
        pen.line([(x, y), (x, min(y + 10, bottom))], BAD, 3)


def _write(
    pen: ImageDraw.ImageDraw,
    at: Where,
    text: str,
    size: int,
    colour: str,
    *,
    bold: bool = False,
    anchor: str = "la",
) -> None:
    pen.text(at, text, font=_font(size, bold=bold), fill=colour, anchor=anchor)


@cache
def _font(size: int, *, bold: bool) -> ImageFont.FreeTypeFont:
    style = "Bold" if bold else "Regular"
    path = Path(fontpkg_be_vietnam_pro.ROOT) / "files" / f"BeVietnamPro-{style}.ttf"
    return ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.BASIC)


def _round_up(value: float) -> float:
    """The next value whose quarters read well."""
    step = 4.0
    for step in (4, 8, 12, 20, 40, 60, 80, 120, 160, 200, 400, 800, 1200, 2000, 4000):
        if value <= step:
            return float(step)
    return float(-(-value // 4000) * 4000)
