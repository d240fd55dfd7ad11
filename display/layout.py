"""How large everything on the call board must be, and how many rows that leaves room for.

Sizes follow from where people sit: a called number spans at least 0.7 degrees (EN 301 549, 5.1.4),
a row of the list 22 minutes of arc, other text is 1 cm high for each 3 m. Text sizes are font
pixels; widths of sentences are given in em (1 em = the font size).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

HERO_DEGREES: Final = 0.7
ROW_DEGREES: Final = 22 / 60
TICKER_MM_PER_M: Final = 10 / 3
CAP_HEIGHT: Final = 0.74  # of Be Vietnam Pro: height of a capital or a digit, in em
LINE_HEIGHT: Final = 1.27  # of Be Vietnam Pro: ascent and descent, in em
COUNTER_SHARE: Final = 0.62  # of the counter's digits, in the size of the number
ROW_PITCH: Final = 1.32  # height of a row, in its font size
STRIP_GAP: Final = 1.0  # between two services of the waiting strip, in em
MOST_ROWS: Final = 8
ENOUGH_ROWS: Final = 5
FEW_ROWS: Final = 3
MOST_PANE: Final = 0.4  # of the screen
PANE_LINES: Final = 5  # of small text, in the least pane
PANE_EM: Final = 12


@dataclass(frozen=True, slots=True)
class Surface:
    """The board's screen: its pixels, its size in millimetres and how far away people sit."""

    width: float
    height: float
    screen_mm: tuple[float, float]
    distance_m: float

    @property
    def per_mm(self) -> float:
        """Pixels in a millimetre; by the diagonal, so that a turned screen needs no other entry."""
        return math.hypot(self.width, self.height) / math.hypot(*self.screen_mm)

    @property
    def side(self) -> float:
        return min(self.width, self.height)

    @property
    def ticker(self) -> float:
        return TICKER_MM_PER_M * self.distance_m * self.per_mm / CAP_HEIGHT

    def spanning(self, degrees: float) -> float:
        """The font size whose capitals span this angle."""
        return math.radians(degrees) * self.distance_m * 1000 * self.per_mm / CAP_HEIGHT


@dataclass(frozen=True, slots=True)
class Words:
    """How wide the sentences are, in em; of those that take turns, the widest.

    ``notice`` is 0 where there is nothing to say.
    ``services`` holds the waiting strip's entries for each language in turn.
    """

    number: float
    counter: float
    to_counter: float
    name: float
    notice: float
    waiting: float
    services: tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Where things stand, in pixels; ``*_px`` are font sizes.

    ``beside``: the list stands beside the call, else below it. ``inline``: the counter stands
    beside the number, else below it. ``strip_lines`` and ``rows`` may be 0: not shown.
    ``far``: the screen is too small for its distance, some text is smaller than it should be.
    ``pane_*``: the office's own pictures and notices, below the list; 0 where they have no room.
    ``cards`` calls share the area of the hero in ``columns``, below a heading of ``card_head``
    (0 for a single one, which bears it itself).
    """

    beside: bool
    inline: bool
    far: bool
    margin: float
    gap: float
    radius: float
    header: float
    name_px: float
    name_lines: int
    clock_px: float
    ticker_px: float
    hero_width: float
    hero_height: float
    hero_pad: float
    lead_px: float
    word_px: float
    word_second_px: float
    number_px: float
    counter_px: float
    list_width: float
    list_height: float
    head: float
    rows: int
    row_gap: float
    row_height: float
    row_px: float
    strip_lines: int
    strip: float
    has_notice: bool
    notice_lines: int
    notice: float
    pane_width: float = 0.0
    pane_height: float = 0.0
    cards: int = 1
    columns: int = 1
    card_head: float = 0.0
    card_gap: float = 0.0
    card_width: float = 0.0
    card_height: float = 0.0


@dataclass(frozen=True, slots=True)
class _Frame:
    """What stands around call and list; ``body`` is the height that it leaves them."""

    width: float
    margin: float
    gap: float
    header: float
    name_px: float
    name_lines: int
    ticker: float
    strip_lines: int
    strip: float
    has_notice: bool
    notice_lines: int
    notice: float
    body: float


def plan(
    surface: Surface, words: Words, *, second: bool, stale: bool = False, pane: bool = False
) -> Plan:
    """The best arrangement: the call large enough first, then a list, then all that stands around.

    ``second``: the call says its words in a second language too. ``stale``: the notice says that
    the board is not current, so it stands there in any case. ``pane``: there are pictures or
    notices to show; they get what call and list can spare, or nothing.
    """
    need = surface.spanning(HERO_DEGREES)
    tall = surface.height > surface.width
    frames = [
        _frame(surface, words, strip=strip, notice=notice)
        for strip, notice in ((4 if tall else 2, True), (1, True), (0, True), (0, False))
        if (words.notice or not notice) and (notice or not stale)
    ]
    ways = [(True, False), (False, False)]
    if pane or not tall:
        ways.append((False, True))
    candidates = [
        _arranged(surface, words, frame, second=second, beside=beside, inline=inline)
        for frame in frames
        for beside, inline in ways
    ]
    if pane:
        candidates += [
            with_pane for found in candidates if (with_pane := _with_pane(surface, found))
        ]

    def worth(found: Plan) -> tuple[float, ...]:
        return (
            found.number_px >= need * 0.999,
            min(found.rows, FEW_ROWS),
            found.pane_height > 0 and not found.far,
            math.floor(min(1.0, found.number_px / need) * 10 + 1e-9),
            found.has_notice,
            found.strip_lines > 0,
            min(found.rows, ENOUGH_ROWS) if not pane else 0,
            found.pane_height * found.pane_width,
            found.strip_lines,
            found.number_px + found.counter_px,
        )

    return max(candidates, key=worth)


def _with_pane(surface: Surface, found: Plan) -> Plan | None:
    """The same with as few rows as may be, and the pane below them; None where it would be small.

    Rows and call keep their sizes.
    """
    height = found.row_px * ROW_PITCH
    rows = min(found.rows, FEW_ROWS)
    listed = found.head + rows * (height + found.row_gap) - found.row_gap
    width, left = found.list_width, found.list_height - listed - found.gap
    left = min(left, MOST_PANE * surface.width * surface.height / width, width * 1.1)
    least = found.ticker_px
    if rows < FEW_ROWS or left < least * LINE_HEIGHT * PANE_LINES or width < least * PANE_EM:
        return None
    listed = found.list_height - found.gap - left
    height = min((listed - found.head + found.row_gap) / rows - found.row_gap, found.row_px * 1.8)
    return replace(
        found,
        rows=rows,
        row_height=height,
        list_height=listed,
        pane_width=width,
        pane_height=left,
    )


def pages(
    widths: Sequence[float], room: float, indent: float, lines: int
) -> tuple[tuple[tuple[int, ...], ...], ...]:
    """Which entries of the waiting strip stand on which line of which page, by index.

    Lines fill in order; the first of each page has ``indent`` less room (its heading), and may hold
    nothing else. An entry wider than a line gets one of its own. ``widths`` include the gap behind
    each entry.
    """
    if lines < 1 or not widths:
        return ()
    found: list[list[list[int]]] = [[[]]]
    left = room - indent
    for index, width in enumerate(widths):
        if width > left and found[-1][-1] and len(found[-1]) == lines:
            found.append([[]])
            left = room - indent
        below = found[-1][-1] or len(found[-1]) == 1
        if width > left and below and len(found[-1]) < lines:
            found[-1].append([])
            left = room
        found[-1][-1].append(index)
        left -= width
    return tuple(tuple(tuple(line) for line in page) for page in found)


def strip_room(surface_width: float, margin: float, ticker_px: float) -> float:
    """The width of the waiting strip's lines in em; the last gap may stand outside."""
    return (surface_width - 2 * margin) * 0.98 / ticker_px + STRIP_GAP


def _frame(surface: Surface, words: Words, *, strip: int, notice: bool) -> _Frame:
    side = surface.side
    margin, gap = side * 0.05, side * 0.03
    width = surface.width - 2 * margin
    ticker = min(max(surface.ticker, side * 0.03), side * 0.07)
    line = ticker * LINE_HEIGHT
    name = min(ticker, side * 0.042)
    name_room = width - name * (2.6 + 5.6)
    name_lines = min(3, math.ceil(words.name * name * 0.95 / name_room))
    header = max(name * 2.7, name_lines * name * LINE_HEIGHT + name)
    lines, strip_height = 0, 0.0
    if strip and any(words.services):
        room, indent = strip_room(surface.width, margin, ticker), words.waiting + STRIP_GAP
        needed = max(len(pages(w, room, indent, 99)[0]) for w in words.services if w)
        lines = min(strip, needed)
        strip_height = lines * line * 1.08 + ticker * 0.5
    notice_lines = min(3, max(1, math.ceil(words.notice * ticker * 1.05 / (width - 1.9 * ticker))))
    notice_height = notice_lines * line + ticker * 0.8
    body = surface.height - header - strip_height - gap * (0.7 if lines else 1)
    if notice:
        body -= notice_height
    return _Frame(
        width=width,
        margin=margin,
        gap=gap,
        header=header,
        name_px=name,
        name_lines=name_lines,
        ticker=ticker,
        strip_lines=lines,
        strip=strip_height,
        has_notice=notice,
        notice_lines=notice_lines,
        notice=notice_height,
        body=body,
    )


def _arranged(
    surface: Surface, words: Words, frame: _Frame, *, second: bool, beside: bool, inline: bool
) -> Plan:
    side, gap, ticker, body = surface.side, frame.gap, frame.ticker, frame.body
    list_width = (frame.width - gap) * 0.45 if beside else frame.width
    hero_width = frame.width - gap - list_width if beside else frame.width
    pad = min(hero_width * 0.06, side * 0.045)
    inner = hero_width - 2 * pad

    row_need = surface.spanning(ROW_DEGREES)
    row = max(row_need, side * 0.06)
    row = min(row, list_width / (words.number + words.counter + 1.3), side * 0.2)
    row_gap = gap * 0.4
    head = ticker * LINE_HEIGHT * 1.15

    def list_of(rows: int) -> float:
        return head + rows * (row * ROW_PITCH + row_gap) - row_gap

    lead = max(ticker, side * 0.046)
    leads = lead * LINE_HEIGHT + (ticker * LINE_HEIGHT if second else 0)
    below = 0.0 if inline else COUNTER_SHARE * 1.05
    word = min(lead, inner * (0.25 if inline else 0.42) / words.to_counter)
    word_second = min(ticker, word * 0.9)
    word_lines = (word + (word_second if second else 0)) * LINE_HEIGHT
    if inline:
        number = inner / (words.number + 0.6 + COUNTER_SHARE * (words.counter + 0.9))
    else:
        number = inner / words.number

    def card(number_px: float) -> float:
        beneath = word_lines + number_px * COUNTER_SHARE if inline else 0.0
        return leads + 2 * pad + max(number_px * (1.0 + below), beneath)

    def number_in(height: float) -> float:
        return (height - 2 * pad - leads) / (1.0 + below)

    if beside:
        number = min(number, number_in(body))
    else:
        need = surface.spanning(HERO_DEGREES)
        enough = number_in(body - gap - list_of(ENOUGH_ROWS))
        number = min(number, max(enough, need, number * 0.66), number_in(body))
    number = max(number, 1.0)
    hero_height = body if beside else min(body, card(number))
    counter = number * COUNTER_SHARE
    if beside:
        left = hero_height - 2 * pad - leads - number * 1.1
        counter = max(counter, min(number * 0.85, left / 1.05))
    if not inline:
        words_room = inner - words.to_counter * word - word * 0.6
        counter = min(counter, words_room / (words.counter + 0.9))

    list_height = body if beside else max(0.0, body - gap - hero_height)
    rows = max(
        0, min(MOST_ROWS, int((list_height - head + row_gap) // (row * ROW_PITCH + row_gap)))
    )
    row_height = row * ROW_PITCH
    if rows:
        row_height = min((list_height - head + row_gap) / rows - row_gap, row * 1.8)
    far = (
        number < surface.spanning(HERO_DEGREES) * 0.999
        or row < row_need * 0.999
        or ticker < surface.ticker * 0.999
        or rows == 0
    )
    return Plan(
        beside=beside,
        inline=inline,
        far=far,
        margin=frame.margin,
        gap=gap,
        radius=side * 0.04,
        header=frame.header,
        name_px=frame.name_px,
        name_lines=frame.name_lines,
        clock_px=frame.name_px * 1.45,
        ticker_px=ticker,
        hero_width=hero_width,
        hero_height=hero_height,
        hero_pad=pad,
        lead_px=lead,
        word_px=word,
        word_second_px=word_second,
        number_px=number,
        counter_px=counter,
        list_width=list_width,
        list_height=list_height,
        head=head,
        rows=rows,
        row_gap=row_gap,
        row_height=row_height,
        row_px=row,
        strip_lines=frame.strip_lines,
        strip=frame.strip,
        has_notice=frame.has_notice,
        notice_lines=frame.notice_lines,
        notice=frame.notice,
        card_width=hero_width,
        card_height=hero_height,
    )
