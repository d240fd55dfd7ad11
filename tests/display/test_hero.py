from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from display.hero import (
    HOLD_SECONDS,
    SHORTEST_SECONDS,
    Showing,
    due,
    hear,
    hold_seconds,
    tick,
)
from kiosk.board import Board, Call

NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)


def call(seq: int, number: str = "", counter: int = 1, *, ago: float = 0) -> Call:
    return Call(seq, number or f"A{seq:03d}", counter, NOON - timedelta(seconds=ago), 1)


def board(*calls: Call, seq: int | None = None, undone: frozenset[int] = frozenset()) -> Board:
    latest_first = tuple(sorted(calls, key=lambda c: -c.seq))
    last = seq if seq is not None else max(c.seq for c in calls)
    return Board(NOON, last, latest_first, (), undone)


def started() -> Showing:
    return hear(Showing(), Board(NOON, 0, (), ()), now=0)


def test_a_call_in_an_idle_hall_goes_up_at_once() -> None:
    state = hear(started(), board(call(1)), now=3)
    assert (state.hero, state.since, state.live, state.line) == (call(1), 3, True, ())


def test_two_calls_of_one_instant_both_go_up_one_after_the_other() -> None:
    state = hear(started(), board(call(1), call(2)), now=0)
    assert (state.hero, state.line) == (call(1), (call(2),))
    assert tick(state, HOLD_SECONDS - 0.01) == state
    assert tick(state, HOLD_SECONDS).hero == call(2)


def test_a_recall_goes_to_the_tail() -> None:
    first, second = call(1, "A001"), call(2, "B001", 2)
    again = call(3, "A001")
    state = hear(started(), board(first, second), now=0)
    state = hear(state, board(second, again), now=1)
    assert state.line == (second, again)


def test_a_call_that_was_answered_meanwhile_still_goes_up() -> None:
    state = hear(started(), board(call(1), call(2)), now=0)
    state = hear(state, board(call(1), seq=9), now=1)
    assert tick(state, 10).hero == call(2)


def test_a_start_in_the_middle_of_the_day_shows_only_the_latest_call_and_is_quiet() -> None:
    state = hear(Showing(), board(*(call(n, ago=600 - n) for n in range(1, 40))), now=0)
    assert state.hero == call(39, ago=561)
    assert not state.live
    assert state.line == ()


def test_a_start_just_after_a_call_announces_it() -> None:
    assert hear(Showing(), board(call(7, ago=2)), now=0).live


def test_a_new_day_takes_the_old_call_down() -> None:
    state = hear(started(), board(call(1)), now=0)
    assert hear(state, Board(NOON, 5, (), ()), now=9).hero is None


def test_a_call_that_was_taken_back_gives_way_to_the_one_before_without_a_sound() -> None:
    state = hear(started(), board(call(1)), now=0)
    state = hear(state, board(call(1), call(2)), now=9)
    assert (state.hero, state.live) == (call(2), True)

    after = hear(state, board(call(1), seq=3, undone=frozenset({2})), now=11)
    assert (after.hero, after.live, after.line) == (call(1), False, ())
    assert hear(after, board(call(1), call(4), undone=frozenset({2})), now=20).hero == call(4)


def test_the_only_call_that_was_taken_back_leaves_an_idle_board() -> None:
    state = hear(started(), board(call(1)), now=0)
    after = hear(state, board(seq=2, undone=frozenset({1})), now=3)
    assert (after.hero, after.live, due(after)) == (None, False, None)
    assert hear(after, board(call(3), undone=frozenset({1})), now=4).hero == call(3)


def test_the_call_behind_one_that_was_taken_back_goes_up_at_once() -> None:
    state = hear(started(), board(call(1), call(2)), now=0)
    after = hear(state, board(call(2), seq=3, undone=frozenset({1})), now=1)
    assert (after.hero, after.since, after.live, after.line) == (call(2), 1, True, ())


def test_a_call_taken_back_while_it_waits_never_goes_up() -> None:
    state = hear(started(), board(call(1), call(2), call(3)), now=0)
    after = hear(state, board(call(1), call(3), seq=4, undone=frozenset({2})), now=1)
    assert (after.hero, after.since, after.line) == (call(1), 0, (call(3),))


def test_a_recall_that_was_taken_back_shows_the_same_number_without_blinking() -> None:
    first, again = call(1, "A001"), call(2, "A001")
    state = hear(started(), board(first), now=0)
    state = hear(state, board(first, again), now=9)
    after = hear(state, board(first, seq=3, undone=frozenset({2})), now=10)
    assert (after.hero, after.live) == (first, False)


def test_a_call_taken_back_before_it_was_heard_of_is_not_announced() -> None:
    state = hear(started(), board(call(1)), now=0)
    assert hear(state, board(call(1), seq=3, undone=frozenset({2})), now=9) == replace(
        state, seen=3
    )


def test_a_restored_store_starts_anew_instead_of_staying_mute() -> None:
    state = hear(started(), board(call(90)), now=0)
    state = hear(state, board(call(12, ago=100)), now=9)
    assert state.hero == call(12, ago=100)
    assert hear(state, board(call(12), call(13)), now=20).hero == call(13)


@pytest.mark.parametrize(("waiting", "seconds"), [(1, 5), (2, 4.25), (3, 3.5), (5, 2), (50, 2)])
def test_the_time_of_a_call_shortens_as_the_line_grows(waiting: int, seconds: float) -> None:
    assert hold_seconds(waiting) == seconds


steps = st.lists(
    st.tuples(st.integers(0, 4), st.floats(0, 12), st.integers(0, 6)), min_size=1, max_size=40
)


@given(steps)
def test_every_call_goes_up_exactly_once_in_order_and_for_its_time(
    steps: list[tuple[int, float, int]],
) -> None:
    state, now, seq = started(), 0.0, 0
    calls: list[Call] = []
    shown: list[tuple[Call, float]] = []

    def look(after: Showing) -> Showing:
        if after.hero is not None and (not shown or shown[-1][0] != after.hero):
            shown.append((after.hero, now))
        return after

    for new, pause, kept in steps:
        now += pause
        fresh = [call(seq + 1 + n) for n in range(new)]
        seq += new
        calls += fresh
        visible = calls[-(new + kept) :] if calls else []
        state = look(hear(state, Board(NOON, seq, tuple(reversed(visible)), ()), now))
        if not visible and not state.line:
            assert state.hero is None
    while (at := due(state)) is not None:
        now = max(now, at)
        state = look(tick(state, now))
    assert [c for c, _ in shown] == calls
    for (_, up), (_, after) in pairwise(shown):
        assert after - up >= SHORTEST_SECONDS - 1e-9
