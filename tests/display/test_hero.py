from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from display.hero import (
    PAGE_SECONDS,
    TOGETHER_SECONDS,
    Raised,
    Showing,
    arrived,
    hear,
    hold_seconds,
    placed,
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


def up(state: Showing) -> list[str]:
    return [raised.call.number for raised in state.up]


def test_a_call_goes_up_at_once() -> None:
    state = hear(started(), board(call(1)), now=3)
    assert state.up == (Raised(call(1), 3),)


def test_a_call_does_not_wait_for_the_one_before_it() -> None:
    state = hear(started(), board(call(1)), now=0)
    state = hear(state, board(call(1), call(2)), now=0.1)
    assert state.hero == call(2)
    assert up(state) == ["A002", "A001"]


def test_calls_of_one_instant_stand_together_the_newest_first() -> None:
    state = hear(started(), board(call(1), call(2), call(3)), now=0)
    assert up(state) == ["A003", "A002", "A001"]
    assert arrived(started(), state) == (call(1), call(2), call(3))


def test_a_call_stands_beside_later_ones_for_its_time_and_the_newest_stays() -> None:
    state = hear(started(), board(call(1)), now=0)
    state = hear(state, board(call(1), call(2)), now=5)
    assert up(tick(state, TOGETHER_SECONDS - 0.01, 4)) == ["A002", "A001"]
    assert up(tick(state, TOGETHER_SECONDS, 4)) == ["A002"]
    assert up(tick(state, 1000, 4)) == ["A002"]


def test_a_recall_comes_up_anew_and_stands_once() -> None:
    first, second = call(1, "A001"), call(2, "B001", 2)
    again = call(3, "A001")
    before = hear(started(), board(first, second), now=0)
    state = hear(before, board(second, again), now=8)
    assert state.up == (Raised(again, 8), Raised(second, 0))
    assert arrived(before, state) == (again,)


def test_a_number_sent_on_to_another_counter_stands_there_alone() -> None:
    state = hear(started(), board(call(1, "A001", 1)), now=0)
    state = hear(state, board(call(1, "A001", 1), call(2, "A001", 5)), now=2)
    assert state.up == (Raised(call(2, "A001", 5), 2),)


def test_a_start_in_the_middle_of_the_day_shows_only_the_latest_call_and_is_quiet() -> None:
    state = hear(Showing(), board(*(call(n, ago=600 - n) for n in range(1, 40))), now=0)
    assert state.up == (Raised(call(39, ago=561), 0, live=False),)
    assert arrived(Showing(), state) == ()


def test_a_start_just_after_some_calls_announces_them() -> None:
    state = hear(Showing(), board(call(7, ago=2), call(6, ago=4), call(5, ago=90)), now=0)
    assert up(state) == ["A007", "A006"]
    assert len(arrived(Showing(), state)) == 2


def test_a_new_day_takes_the_old_calls_down() -> None:
    state = hear(started(), board(call(1)), now=0)
    assert hear(state, Board(NOON, 5, (), ()), now=9).up == ()


def test_a_call_that_was_taken_back_gives_way_to_the_one_before_without_a_sound() -> None:
    state = hear(started(), board(call(1)), now=0)
    state = tick(hear(state, board(call(1), call(2)), now=9), TOGETHER_SECONDS, 4)
    assert up(state) == ["A002"]

    after = hear(state, board(call(1), seq=3, undone=frozenset({2})), now=13)
    assert after.up == (Raised(call(1), 13, live=False),)
    assert arrived(state, after) == ()
    assert hear(after, board(call(1), call(4), undone=frozenset({2})), now=20).hero == call(4)


def test_one_of_several_calls_that_is_taken_back_leaves_the_others_as_they_are() -> None:
    state = hear(started(), board(call(1), call(2), call(3)), now=0)
    after = hear(state, board(call(1), call(3), seq=4, undone=frozenset({2})), now=1)
    assert after.up == (Raised(call(3), 0), Raised(call(1), 0))
    assert arrived(state, after) == ()


def test_the_only_call_that_was_taken_back_leaves_an_idle_board() -> None:
    state = hear(started(), board(call(1)), now=0)
    after = hear(state, board(seq=2, undone=frozenset({1})), now=3)
    assert after.up == ()
    assert hear(after, board(call(3), undone=frozenset({1})), now=4).hero == call(3)


def test_a_recall_that_was_taken_back_shows_the_same_number_without_blinking() -> None:
    first, again = call(1, "A001"), call(2, "A001")
    state = hear(started(), board(first), now=0)
    state = hear(state, board(first, again), now=9)
    after = hear(state, board(first, seq=3, undone=frozenset({2})), now=10)
    assert after.up == (Raised(first, 10, live=False),)


def test_a_call_taken_back_before_it_was_heard_of_is_not_announced() -> None:
    state = hear(started(), board(call(1)), now=0)
    after = hear(state, board(call(1), seq=3, undone=frozenset({2})), now=9)
    assert after == Showing(3, state.up)


def test_a_restored_store_starts_anew_instead_of_staying_mute() -> None:
    state = hear(started(), board(call(90)), now=0)
    state = hear(state, board(call(12, ago=100)), now=9)
    assert state.hero == call(12, ago=100)
    assert hear(state, board(call(12), call(13)), now=20).hero == call(13)


@pytest.mark.parametrize(
    ("calls", "places", "seconds"), [(1, 1, 12), (3, 8, 12), (9, 8, 12), (16, 4, 20), (40, 4, 44)]
)
def test_calls_stand_longer_where_they_must_take_turns(
    calls: int, places: int, seconds: float
) -> None:
    assert hold_seconds(calls, places) == seconds


def test_what_has_no_card_stands_at_the_head_of_the_list() -> None:
    state = hear(started(), board(*(call(n) for n in range(1, 7))), now=0)
    places = placed(state, 0, cards=2, rows=5)
    assert [known.call.seq for known in places.cards] == [6, 5]
    assert [known.call.seq for known in places.rows] == [4, 3, 2, 1]


steps = st.lists(
    st.tuples(st.integers(0, 9), st.floats(0, 6), st.integers(0, 6)), min_size=1, max_size=12
)


@given(steps, st.integers(1, 3), st.integers(0, 6))
def test_every_call_is_seen_at_once_or_in_its_turn(
    steps: list[tuple[int, float, int]], cards: int, rows: int
) -> None:
    """The newest stands large from the first moment; no call is left out while the hall is calm
    for as long as it takes all to have their turn."""
    state, now, seq = started(), 0.0, 0
    calls: list[Call] = []
    seen: set[int] = set()

    def look() -> None:
        places = placed(state, now, cards, rows)
        assert len(places.cards) <= cards
        assert len(places.rows) <= rows
        seen.update(known.call.seq for known in (*places.cards, *places.rows))

    for new, pause, kept in steps:
        now += pause
        fresh = [call(seq + 1 + n) for n in range(new)]
        seq += new
        calls += fresh
        visible = calls[-(new + kept) :] if calls else []
        state = hear(tick(state, now, cards + rows), board(*visible, seq=seq), now)
        look()
        if fresh:
            assert state.hero == fresh[-1]
            assert {c.number for c in fresh} <= set(up(state))
    last = state.up
    for _ in range(round(2 * hold_seconds(len(state.up), cards + rows) / PAGE_SECONDS) + 2):
        now += PAGE_SECONDS / 2
        state = tick(state, now, cards + rows)
        look()
    if rows and visible:
        since_quiet = [known.call.seq for known in last if known.since == last[0].since]
        assert set(since_quiet) <= seen
    assert len(state.up) <= 1
