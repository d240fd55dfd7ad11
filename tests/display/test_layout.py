from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from display.layout import (
    CAP_HEIGHT,
    HERO_DEGREES,
    ROW_DEGREES,
    Surface,
    Words,
    pages,
    plan,
)

WORDS = Words(
    number=2.9,
    counter=1.45,
    to_counter=4.9,
    name=28,
    notice=34,
    waiting=4.5,
    services=((8, 6, 6, 11, 10, 8), (8, 8, 5, 11, 8, 9)),
)
FIFTY_FIVE_INCH = (1210.0, 680.0)
SIZES = [(1920, 1080), (1080, 1920), (1024, 768), (1280, 720), (3840, 2160)]


@pytest.mark.parametrize(
    ("metres", "hero_mm", "row_mm", "ticker_mm"),
    [(5, 61, 32, 17), (10, 122, 64, 33), (15, 183, 96, 50)],
)
def test_sizes_are_those_of_the_standards_for_each_distance(
    metres: float, hero_mm: int, row_mm: int, ticker_mm: int
) -> None:
    surface = Surface(1920, 1080, FIFTY_FIVE_INCH, metres)
    per_mm = surface.per_mm / CAP_HEIGHT
    assert round(surface.spanning(HERO_DEGREES) / per_mm) == hero_mm
    assert round(surface.spanning(ROW_DEGREES) / per_mm) == row_mm
    assert round(surface.ticker / per_mm) == ticker_mm


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("metres", [2, 4, 6, 8])
def test_a_large_screen_keeps_every_promise_in_every_format(
    size: tuple[int, int], metres: float
) -> None:
    surface = Surface(*size, FIFTY_FIVE_INCH, metres)
    found = plan(surface, WORDS, second=True)
    assert not found.far
    assert found.number_px >= surface.spanning(HERO_DEGREES) * 0.999
    assert found.row_px >= surface.spanning(ROW_DEGREES) * 0.999
    assert found.ticker_px >= surface.ticker * 0.999
    assert found.rows >= 3


@pytest.mark.parametrize(("metres", "rows"), [(3, 8), (6, 5), (10, 4)])
def test_the_number_of_rows_follows_from_the_distance(metres: float, rows: int) -> None:
    surface = Surface(1920, 1080, FIFTY_FIVE_INCH, metres)
    assert plan(surface, WORDS, second=True).rows == rows


def test_what_stands_around_gives_way_to_the_call_when_people_sit_far_away() -> None:
    found = plan(Surface(1920, 1080, FIFTY_FIVE_INCH, 10), WORDS, second=True)
    assert (found.strip_lines, found.has_notice, found.far) == (0, False, False)


def test_a_screen_too_small_for_its_distance_says_so() -> None:
    assert plan(Surface(1024, 768, (304, 228), 10), WORDS, second=True).far


@given(
    st.sampled_from(SIZES),
    st.floats(1, 50),
    st.floats(100, 4000),
    st.floats(2.5, 6.5),
    st.floats(0.7, 2.3),
    st.floats(5, 90),
    st.lists(st.floats(4, 40), max_size=30),
    st.booleans(),
)
def test_nothing_stands_on_anything_else(
    size: tuple[int, int],
    metres: float,
    screen: float,
    number: float,
    counter: float,
    name: float,
    services: list[float],
    second: bool,
) -> None:
    words = Words(number, counter, 4.9, name, 36, 4.5, (tuple(services),))
    found = plan(Surface(*size, (screen, screen * 0.6), metres), words, second=second)
    width, height = size
    bottom = found.header + found.hero_height
    if found.rows:
        listed = found.head + found.rows * (found.row_height + found.row_gap) - found.row_gap
        assert listed <= found.list_height + 0.01
        if not found.beside:
            bottom += found.gap + listed
    if found.beside:
        assert found.hero_width + found.list_width + 2 * found.margin < width
    strip = found.strip if found.strip_lines else 0
    notice = found.notice if found.has_notice else 0
    assert bottom + strip + notice <= height + 0.01
    inner = found.hero_width - 2 * found.hero_pad
    assert found.number_px * number <= inner + 0.01
    assert found.row_px * (number + counter) < found.list_width


@given(
    st.lists(st.floats(1, 40), max_size=40),
    st.floats(20, 60),
    st.floats(0, 10),
    st.integers(1, 4),
)
def test_every_service_stands_on_one_page_once(
    widths: list[float], room: float, indent: float, lines: int
) -> None:
    found = pages(widths, room, indent, lines)
    assert [n for page in found for line in page for n in line] == list(range(len(widths)))
    for page in found:
        assert 1 <= len(page) <= lines
        for at, line in enumerate(page):
            left = room - (0 if at else indent)
            assert sum(widths[n] for n in line) <= left or len(line) == 1


def test_a_strip_without_lines_has_no_pages() -> None:
    assert pages([3, 4], 20, 2, 0) == ()
