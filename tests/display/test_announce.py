from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from display.announce import (
    MOST_PER_CHIME,
    MOST_TOGETHER,
    MOST_WAITING,
    TOGETHER_FROM,
    Part,
    Row,
    counters_in,
    hear,
    sound,
    take,
)
from display.speech import AFTER_CHIME, Voice, read_phrase, silence
from kiosk.board import Board, Call
from kiosk.tickets import Counter

NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
HALL = range(1, 100)


def call(seq: int, number: str = "", counter: int = 0, *, ago: float = 0) -> Call:
    at = NOON - timedelta(seconds=ago)
    return Call(seq, number or f"A{seq:03d}", counter or seq, at, 1)


def board(
    *calls: Call,
    undone: frozenset[int] = frozenset(),
    answered: frozenset[int] = frozenset(),
    seq: int = 0,
) -> Board:
    latest_first = tuple(sorted(calls, key=lambda c: -c.seq))
    last = max((seq, *(c.seq for c in calls)))
    return Board(NOON, last, latest_first, (), undone, answered=answered)


def started() -> Row:
    return hear(Row(), board(), HALL)


def said(row: Row, languages: tuple[str, ...] = ("vi",), times: int = 1) -> list[Part]:
    """All that is said from now on, one after the other."""
    found: list[Part] = []
    while True:
        row, part = take(row, languages, times, follows=bool(found))
        if part is None:
            return found
        found.append(part)


def test_calls_are_said_in_the_order_in_which_they_came() -> None:
    row = hear(started(), board(call(1), call(2)), HALL)
    assert [part.calls for part in said(row)] == [(call(1),), (call(2),)]
    assert take(started(), ("vi",), 1) == (started(), None)


def test_chime_then_each_language_then_all_that_again() -> None:
    parts = said(hear(started(), board(call(1)), HALL), ("vi", "en"), 2)
    assert [(part.language, part.chime) for part in parts] == [
        ("vi", True),
        ("en", False),
        ("vi", False),
        ("en", False),
    ]


def test_more_is_said_of_a_call_only_while_nobody_else_waits() -> None:
    row, first = take(hear(started(), board(call(1)), HALL), ("vi", "en"), 2)
    row, second = take(row, ("vi", "en"), 2, follows=True)
    assert [part and part.language for part in (first, second)] == ["vi", "en"]
    row = hear(row, board(call(1), call(2)), HALL)
    parts = said(row, ("vi", "en"), 1)
    assert [(part.calls[0].seq, part.language) for part in parts] == [(2, "vi"), (2, "en")]


def test_nothing_more_is_said_of_a_call_that_was_answered() -> None:
    row, _ = take(hear(started(), board(call(1)), HALL), ("vi", "en"), 2)
    assert row.left
    assert said(hear(row, board(call(1), answered=frozenset({1})), HALL)) == []


def test_who_follows_another_has_no_chime_but_every_few_there_is_one() -> None:
    parts = said(hear(started(), board(*map(call, range(1, 8))), HALL))
    assert [part.chime for part in parts] == [True, False, False, False, True, False, False]
    assert MOST_PER_CHIME == 4
    row, _ = take(hear(started(), board(call(1), call(2)), HALL), ("vi",), 1)
    assert take(row, ("vi",), 1, follows=False)[1] == Part((call(2),), "vi", chime=True)


def test_numbers_of_one_counter_are_called_together_when_many_wait() -> None:
    calls = [call(n, counter=3 if n in (1, 4) else n + 10) for n in range(1, 7)]
    parts = said(hear(started(), board(*calls), HALL))
    assert [c.seq for c in parts[0].calls] == [1, 4]
    assert [[c.seq for c in part.calls] for part in parts[1:]] == [[2], [3], [5], [6]]
    assert TOGETHER_FROM == 6


def test_a_recall_goes_to_the_tail() -> None:
    row, _ = take(hear(started(), board(call(1, "A001", 1), call(2)), HALL), ("vi",), 1)
    row = hear(row, board(call(1, "A001", 1), call(2), call(3, "A001", 1)), HALL)
    assert [c.seq for c in row.waiting] == [2, 3]


def test_a_number_that_still_waits_to_be_said_is_not_said_twice_for_a_recall() -> None:
    row = hear(started(), board(call(1, "A001", 1), call(2), call(3, "A001", 1)), HALL)
    assert [c.seq for c in row.waiting] == [1, 2]


def test_a_call_that_was_answered_or_taken_back_is_not_said() -> None:
    row = hear(started(), board(call(1), call(2), call(3)), HALL)
    row = hear(row, board(call(2), call(3), undone=frozenset({1}), answered=frozenset({2})), HALL)
    assert [c.seq for c in row.waiting] == [3]
    assert hear(started(), board(call(1), answered=frozenset({1})), HALL).waiting == ()


def test_only_the_counters_of_the_zone_are_said() -> None:
    counters = {1: Counter(1, ("A",), "land"), 2: Counter(2, ("A",), "hall")}
    assert counters_in(counters, ()) == {1, 2}
    zone = counters_in(counters, ("land",))
    row = hear(started(), board(call(1), call(2)), zone)
    assert [c.counter for c in row.waiting] == [1]
    assert hear(row, board(call(1), call(2)), zone) == row


def test_a_restart_says_no_old_calls_but_those_of_the_last_seconds() -> None:
    row = hear(Row(), board(call(1, ago=300), call(2, ago=11), call(3, ago=9)), HALL)
    assert [c.seq for c in row.waiting] == [3]
    restored = hear(Row(seen=50, waiting=(call(49),)), board(call(2, ago=60)), HALL)
    assert restored == Row(seen=2)


def test_the_row_is_bounded_and_counts_what_it_lost() -> None:
    calls = [call(n) for n in range(1, MOST_WAITING + 6)]
    row = hear(started(), board(*calls), range(1000))
    assert (len(row.waiting), row.lost) == (MOST_WAITING, 5)
    assert row.waiting[0] == call(6)


def test_nothing_is_said_twice_for_the_same_boards() -> None:
    seen = board(call(1), call(2))
    row, _ = take(hear(started(), seen, HALL), ("vi",), 1)
    assert hear(row, seen, HALL) == row


Step = tuple[str, int]


@given(
    st.lists(
        st.tuples(st.sampled_from(["call", "recall", "answer", "undo", "say"]), st.integers(1, 6)),
        max_size=60,
    )
)
def test_every_call_is_said_once_or_was_answered_or_is_said_by_its_twin(steps: list[Step]) -> None:
    row, made = started(), []
    undone: set[int] = set()
    answered: set[int] = set()
    heard: list[Call] = []
    for kind, counter in steps:
        own = [c for c in made if c.counter == counter]
        if kind == "say":
            row, one = take(row, ("vi",), 1)
            heard += one.calls if one else ()
            continue
        if kind == "call":
            made.append(call(len(made) + 1, counter=counter))
        elif own and kind == "recall":
            made.append(call(len(made) + 1, own[-1].number, counter))
        elif own:
            {"answer": answered, "undo": undone}[kind].add(own[-1].seq)
        visible = [c for c in made if c.seq not in undone][-40:]
        gone = {"undone": frozenset(undone), "answered": frozenset(answered)}
        row = hear(row, board(*visible, **gone, seq=len(made)), HALL)
    for one in said(row):
        heard += one.calls
    seqs = [c.seq for c in heard]
    assert len(set(seqs)) == len(seqs)
    spoken = {(c.number, c.counter) for c in heard}
    for c in made:
        assert c.seq in seqs or c.seq in undone | answered or (c.number, c.counter) in spoken


def voice(language: str) -> Voice:
    names = [*(f"number-{n}" for n in range(10)), "letter-a", f"phrase-{language}", "phrase-many"]
    clips = {name: bytes([n + 1]) * 2 for n, name in enumerate(names)}
    return Voice(
        language, read_phrase(f"{language} {{so}} {{quay}}"), read_phrase("many {so} {quay}"), clips
    )


def test_a_chime_comes_before_the_words() -> None:
    vi, en, chime = voice("vi"), voice("en"), b"CC"
    six = (call(1, "A025", 6),)
    assert sound(Part(six, "vi", chime=True), [vi, en], chime) == (
        chime + silence(AFTER_CHIME) + vi.say(["A025"], 6)
    )
    assert sound(Part(six, "en"), [vi, en], chime) == en.say(["A025"], 6)
    assert sound(Part(six, "", chime=True), [], chime) == chime


def test_numbers_to_one_counter_are_said_in_one_phrase() -> None:
    vi = voice("vi")
    both = Part((call(1, "A001", 3), call(2, "A002", 3)), "vi")
    assert sound(both, [vi], b"") == vi.say(["A001", "A002"], 3)
    assert len(vi.say(["A001", "A002"], 3)) > len(vi.say(["A001"], 3))


def test_a_number_without_clips_still_has_its_chime() -> None:
    part = Part((call(1, "Đ001", 3),), "vi")
    assert sound(part, [voice("vi")], b"CC") == b"CC"
    assert sound(replace(part, chime=True), [voice("vi")], b"CC") == b"CC"


@pytest.mark.parametrize("count", range(1, 12))
def test_no_phrase_holds_too_many_numbers(count: int) -> None:
    calls = [call(n, counter=1) for n in range(1, count + 1)]
    found = said(hear(started(), board(*calls), HALL))
    assert max(len(part.calls) for part in found) <= MOST_TOGETHER
    assert [c.seq for part in found for c in part.calls] == list(range(1, count + 1))
