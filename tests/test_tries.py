from __future__ import annotations

import pytest

from kiosk import tries
from kiosk.errors import Refused, Unavailable
from kiosk.tries import (
    PINS_OF_ONE,
    PINS_OF_ONE_ELSEWHERE,
    Limit,
    Rule,
    at_most,
    ever_slower,
    trying,
)


class Watch:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def watch() -> Watch:
    return Watch()


def pause(limit: Limit, key: str = "key") -> object:
    """The seconds until the next try, which is taken when there are none."""
    try:
        limit.take(key)
    except Refused as refused:
        return refused.facts["seconds"]
    return None


def test_so_many_within_so_long_and_each_key_by_itself(watch: Watch) -> None:
    limit = Limit(at_most(2, 60), watch)
    assert [pause(limit) for _ in range(3)] == [None, None, 60]
    assert pause(limit, "other") is None
    watch.now = 59.5
    assert pause(limit) == 1
    watch.now = 60
    assert pause(limit) is None


@pytest.mark.parametrize(("rule", "free"), [(PINS_OF_ONE, 5), (PINS_OF_ONE_ELSEWHERE, 20)])
def test_pauses_double_to_the_longest_and_never_lock_out(
    watch: Watch, rule: Rule, free: int
) -> None:
    limit = Limit(rule, watch)
    assert [pause(limit) for _ in range(free)] == [None] * free
    pauses = []
    for _ in range(2000):
        held = pause(limit)
        assert isinstance(held, int)
        pauses.append(held)
        watch.now += held
        assert pause(limit) is None
    assert pauses[:8] == [1, 2, 4, 8, 16, 32, 60, 60]
    assert set(pauses[8:]) == {60}


def test_what_is_given_back_can_be_taken_again_and_what_is_forgotten_was_never(
    watch: Watch,
) -> None:
    limit = Limit(ever_slower(2, 60), watch)
    assert [pause(limit) for _ in range(2)] == [None, None]
    limit.give_back("key")
    assert [pause(limit) for _ in range(2)] == [None, 1]
    limit.forget("key")
    assert [pause(limit) for _ in range(3)] == [None, None, 1]


def test_more_given_back_than_taken_gains_nothing(watch: Watch) -> None:
    limit = Limit(at_most(1, 60), watch)
    for _ in range(3):
        limit.give_back("key")
        limit.forget("key")
    assert [pause(limit) for _ in range(2)] == [None, 60]


def test_the_keys_longest_unused_are_forgotten_first(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tries, "REMEMBERED", 3)
    limit = Limit(at_most(2, 60), watch)
    for key in ("a", "b", "a", "c", "d"):
        assert pause(limit, key) is None
    assert pause(limit, "a") == 60
    assert [pause(limit, "b") for _ in range(3)] == [None, None, 60]


@pytest.mark.parametrize(
    ("error", "left"),
    [
        (Refused("lost"), [None, 60]),
        (Refused("otherwise"), [None, None]),
        (Unavailable("disk_full"), [None, None]),
    ],
)
def test_a_try_is_used_up_only_by_the_refusal_that_counts(
    watch: Watch, error: Exception, left: list[object]
) -> None:
    limit = Limit(at_most(2, 60), watch)
    with pytest.raises(type(error)), trying((limit, "key"), lost="lost"):
        raise error
    assert [pause(limit) for _ in range(2)] == left


def test_a_try_under_way_counts_and_is_given_back_when_it_succeeds(watch: Watch) -> None:
    limit = Limit(at_most(1, 60), watch)
    with trying((limit, "key"), lost="lost"):
        assert pause(limit) == 60
    assert pause(limit) is None


def test_one_limit_that_refuses_leaves_the_others_as_they_were(watch: Watch) -> None:
    wide, narrow = Limit(at_most(1, 60), watch), Limit(at_most(1, 60), watch)
    narrow.take("key")
    with (
        pytest.raises(Refused, match="too_many_tries"),
        trying((wide, "key"), (narrow, "key"), lost="lost"),
    ):
        raise AssertionError("nothing is tried")
    assert pause(wide) is None
