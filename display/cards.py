"""How several calls share the area of one, and what stands there while nobody is called; pure."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from display.layout import (
    COUNTER_SHARE,
    FEW_ROWS,
    HERO_DEGREES,
    LINE_HEIGHT,
    MOST_PANE,
    PANE_EM,
    PANE_LINES,
    ROW_PITCH,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from display.layout import Plan, Surface, Words

MOST_CARDS: Final = 3
"""More at once are a list: the eye takes in three things at a glance."""
WELCOME_EM: Final = 0.09  # of the card's width
WELCOME_SHARES: Final = (1.0, 0.52, 0.4, 0.4)
"""Of the welcome's lines, in its size: headline, what is told, and both in the second language."""


@dataclass(frozen=True, slots=True)
class Area:
    x: float = 0.0
    y: float = 0.0
    width: float = 0.0
    height: float = 0.0


@dataclass(frozen=True, slots=True)
class Areas:
    """Where cards (or the welcome), list and pane stand, in pixels; one without width is hidden."""

    cards: Area
    listed: Area
    pane: Area


def sharing(surface: Surface, words: Words, one: Plan, *, second: bool) -> tuple[Plan, ...]:
    """The plans for one call, for two, and so on, as many as stand large enough beside each other.

    Every number spans what the standard asks of a single one. Header, list and all that stands
    around stay where they are; only where the list stands below may the cards take rows from it.
    """
    found = [one]
    for cards in range(2, MOST_CARDS + 1):
        best = max(
            (
                _shared(surface, words, area, cards, columns, second=second)
                for area in _areas(one)
                for columns in (1, cards)
            ),
            key=lambda plan: plan.number_px,
        )
        if best.number_px < surface.spanning(HERO_DEGREES) * 0.999:
            break
        found.append(best)
    return tuple(found)


def _areas(one: Plan) -> tuple[Plan, ...]:
    """The plan as it is; and where the list stands below, with no more rows than it needs."""
    if one.beside or one.rows <= FEW_ROWS:
        return (one,)
    height = one.row_px * ROW_PITCH
    listed = one.head + FEW_ROWS * (height + one.row_gap) - one.row_gap
    taken = one.list_height - listed
    grown = replace(
        one,
        rows=FEW_ROWS,
        row_height=height,
        list_height=listed,
        hero_height=one.hero_height + taken,
    )
    return one, grown


def _shared(
    surface: Surface, words: Words, area: Plan, cards: int, columns: int, *, second: bool
) -> Plan:
    side, ticker = surface.side, area.ticker_px
    gap, head = area.gap * 0.6, area.head
    lines = cards // columns
    width = (area.hero_width - (columns - 1) * gap) / columns
    height = (area.hero_height - head - (lines - 1) * gap) / lines
    pad = min(width * 0.05, side * 0.03)
    inner, room = width - 2 * pad, height - 2 * pad
    inline = columns == 1
    word = min(area.lead_px, inner * (0.25 if inline else 0.42) / words.to_counter)
    word_second = min(ticker, word * 0.9)
    word_lines = (word + (word_second if second else 0)) * LINE_HEIGHT
    if inline:
        number = inner / (words.number + 0.6 + COUNTER_SHARE * (words.counter + 0.9))
        number = min(number, room, (room - word_lines) / COUNTER_SHARE)
        counter = number * COUNTER_SHARE
    else:
        number = min(inner / words.number, room / (1 + COUNTER_SHARE * 1.05))
        words_room = inner - words.to_counter * word - word * 0.6
        counter = min(number * COUNTER_SHARE, words_room / (words.counter + 0.9))
    return replace(
        area,
        cards=cards,
        columns=columns,
        inline=inline,
        hero_pad=pad,
        number_px=max(number, 1.0),
        counter_px=max(counter, 1.0),
        word_px=word,
        word_second_px=word_second,
        card_head=head,
        card_gap=gap,
        card_width=width,
        card_height=height,
    )


def areas(surface: Surface, plan: Plan, *, calling: bool, listed: bool, pane: bool) -> Areas:
    """Where everything stands now. While nobody is called the office's own pictures get more room,
    beside or below the welcome; still no more than their share of the screen."""
    left, top = plan.margin, plan.header
    cards = Area(left, top, plan.hero_width, plan.hero_height)
    if plan.beside:
        beside = Area(surface.width - left - plan.list_width, top, plan.list_width)
        rows = replace(beside, height=plan.list_height)
    else:
        rows = Area(left, top + plan.hero_height + plan.gap, plan.list_width, plan.list_height)
    below = Area(rows.x, rows.y + rows.height + plan.gap, plan.pane_width, plan.pane_height)
    bottom = max(
        cards.y + cards.height,
        rows.y + rows.height if plan.rows else 0.0,
        below.y + below.height if plan.pane_height else 0.0,
    )
    if calling:
        return Areas(
            cards,
            rows if listed and plan.rows else Area(),
            below if pane and plan.pane_height else Area(),
        )
    whole = Area(left, top, surface.width - 2 * left, bottom - top)
    if listed and plan.rows:
        room = replace(cards, height=bottom - top) if plan.beside else cards
    else:
        rows, room = Area(), whole
    if rows.width and plan.pane_height:
        return Areas(room, rows, below if pane else Area())
    return _calm(surface, plan, room, rows) if pane else Areas(room, rows, Area())


def _calm(surface: Surface, plan: Plan, room: Area, rows: Area) -> Areas:
    """Welcome and pane share the room, side by side where it is wide."""
    most = MOST_PANE * surface.width * surface.height
    gap, least = plan.gap, plan.ticker_px
    if room.width > room.height * 1.2:
        width = min(room.width * 0.56, most / room.height)
        pane = Area(room.x + room.width - width, room.y, width, room.height)
        card = replace(room, width=room.width - width - gap)
    else:
        height = min(room.height * 0.55, most / room.width)
        pane = Area(room.x, room.y + room.height - height, room.width, height)
        card = replace(room, height=room.height - height - gap)
    if pane.height < least * LINE_HEIGHT * PANE_LINES or pane.width < least * PANE_EM:
        return Areas(room, rows, Area())
    return Areas(card, rows, pane)


def welcome_px(plan: Plan, card: Area, told: Sequence[float], icon: float = 1.5) -> float:
    """The size of the welcome's headline at which all of its lines fit the card.

    ``told``: how wide they are in em, as in WELCOME_SHARES; 0 for a line that is not there.
    """
    inner = card.width - 2 * plan.hero_pad
    room = card.height - 2 * plan.hero_pad
    large = min(card.width * WELCOME_EM, card.height * 0.17)
    while large > 8 and _welcome_height(plan, large, inner, told, icon) > room:
        large *= 0.95
    return large


def line_px(plan: Plan, large: float, at: int) -> float:
    """The size of the welcome's line ``at``; small text keeps its least size while it can."""
    least = (large, plan.lead_px, plan.ticker_px, plan.ticker_px)[at]
    return max(large * WELCOME_SHARES[at], min(least, large))


def _welcome_height(
    plan: Plan, large: float, inner: float, told: Sequence[float], icon: float
) -> float:
    height = large * icon + plan.ticker_px * 1.6
    for at, em in enumerate(told):
        if em:
            size = line_px(plan, large, at)
            lines = 1 if at == 0 else math.ceil(em * size * 1.06 / inner)
            height += lines * size * LINE_HEIGHT + plan.ticker_px * 0.25
    return height
