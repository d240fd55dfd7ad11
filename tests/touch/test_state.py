"""A visit's state and its time, without Qt."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.touch.state import (
    MAX_ENTRY,
    Pace,
    Screen,
    State,
    go,
    is_double,
    limits,
    over,
    start,
    time_left,
    typed,
)

PACE = Pace(idle=30, warning=20, personal=20, ticket=8)
NEW = State("vi", "vi")


def test_an_untouched_home_screen_waits_for_ever():
    assert limits(NEW, PACE, paper=True) is None
    assert not over(NEW, PACE, 1e9, paper=True)


@pytest.mark.parametrize("change", ["big", "contrast", "reach", "menu"])
def test_what_a_visitor_changed_at_home_is_put_back(change: str):
    assert limits(replace(NEW, **{change: True}), PACE, paper=True) is not None


def test_another_language_at_home_is_put_back():
    assert limits(replace(NEW, language="en"), PACE, paper=True) == (30, 20)


@pytest.mark.parametrize(
    ("screen", "paper", "expected"),
    [
        (Screen.TICKET, True, (8, 0)),
        (Screen.TICKET, False, (30, 20)),
        (Screen.DOSSIER, True, (20, 20)),
        (Screen.PLACE, True, (20, 20)),
        (Screen.KEYPAD, True, (20, 20)),
        (Screen.GROUP, True, (30, 20)),
        (Screen.CLOSED, True, (30, 20)),
    ],
)
def test_each_screen_has_its_time(screen: Screen, paper: bool, expected: tuple[float, float]):
    assert limits(replace(NEW, screen=screen), PACE, paper=paper) == expected


def test_big_text_gives_twice_the_time_to_read():
    big = replace(NEW, screen=Screen.DOSSIER, big=True)

    assert limits(big, PACE, paper=True) == (40, 20)


def test_the_bar_runs_then_the_warning_then_the_visit_ends():
    state = go(NEW, Screen.DOSSIER, 100)

    assert time_left(state, PACE, 110, paper=True) == (0.5, None)
    assert time_left(state, PACE, 130, paper=True) == (0.0, 0.5)
    assert not over(state, PACE, 139.9, paper=True)
    assert over(state, PACE, 140, paper=True)


def test_nobody_is_sent_home_while_the_store_is_asked():
    state = replace(go(NEW, Screen.DOSSIER, 100), busy_since=100)

    assert not over(state, PACE, 1000, paper=True)


def test_a_new_visit_keeps_nothing_of_the_last():
    used = replace(NEW, language="en", screen=Screen.KEYPAD, entry="H15", big=True, reach=True)

    assert start(used, 7) == replace(NEW, touched_at=7, shown_at=7)


def test_half_a_second_after_a_screen_appears_taps_are_not_meant_for_it():
    state = go(NEW, Screen.TICKET, 10)

    assert is_double(state, 10.49)
    assert not is_double(state, 10.5)


def test_the_dash_after_the_date_comes_by_itself():
    state = replace(NEW, entry="H15.50.05-")
    for key in "2611180007":
        state = typed(state, key, "H15.50.05")

    assert state.entry == "H15.50.05-261118-0007"


def test_codes_of_other_offices_are_typed_as_they_are():
    state = NEW
    for key in "HS-2026-04101":
        state = typed(state, key, "H15.50.05")

    assert state.entry == "HS-2026-04101"


@given(st.text(alphabet="0123456789-.ABC/_", max_size=80))
def test_an_entry_never_grows_beyond_its_field(keys: str):
    state = NEW
    for key in keys:
        state = typed(state, key, "H15")

    assert len(state.entry) <= MAX_ENTRY + 1
