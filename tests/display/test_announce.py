from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from display.announce import (
    MOST_TOGETHER,
    MOST_WAITING,
    ONCE_FROM,
    ONE_LANGUAGE_FROM,
    TOGETHER_FROM,
    Announcement,
    Row,
    counters_in,
    hear,
    sound,
    take,
)
from display.speech import AFTER_CHIME, BETWEEN_PHRASES, Voice, read_phrase, silence
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


def said(row: Row, languages: tuple[str, ...] = ("vi",), times: int = 1) -> list[Announcement]:
    found = []
    while row.waiting:
        row, announcement = take(row, languages, times)
        assert announcement is not None
        found.append(announcement)
    return found


def test_calls_are_said_in_the_order_in_which_they_came() -> None:
    row = hear(started(), board(call(1), call(2)), HALL)
    assert [one.calls for one in said(row)] == [(call(1),), (call(2),)]
    assert take(started(), ("vi",), 1) == (started(), None)


def test_what_is_said_gets_shorter_as_the_row_grows() -> None:
    row = hear(started(), board(*map(call, range(1, 9))), HALL)
    shapes = [(len(one.calls), one.languages, one.times) for one in said(row, ("vi", "en"), 2)]
    assert shapes == [(4, ("vi",), 1), (4, ("vi", "en"), 1)]
    few = hear(started(), board(call(1), call(2)), HALL)
    assert [(one.languages, one.times) for one in said(few, ("vi", "en"), 2)] == [
        (("vi", "en"), 2)
    ] * 2
    assert ONCE_FROM == TOGETHER_FROM == 3
    assert ONE_LANGUAGE_FROM == 5


def test_numbers_of_one_counter_are_called_together() -> None:
    calls = [call(1, counter=3), call(2, counter=5), call(3, counter=3), call(4, counter=6)]
    (one,) = said(hear(started(), board(*calls), HALL))
    assert one.numbers == ((3, ("A001", "A003")), (5, ("A002",)), (6, ("A004",)))


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


def test_chime_then_each_language_in_order_then_again() -> None:
    vi, en, chime = voice("vi"), voice("en"), b"CC"
    one = Announcement((call(1, "A025", 6),), ("vi", "en"), 2)
    words = [vi.say(["A025"], 6), en.say(["A025"], 6)] * 2
    wanted = chime + silence(AFTER_CHIME) + silence(BETWEEN_PHRASES).join(words)
    assert sound(one, [vi, en], chime) == wanted
    assert sound(one, [], chime) == chime


def test_numbers_to_one_counter_are_said_in_one_phrase() -> None:
    calls = (call(1, "A001", 3), call(2, "A002", 3), call(3, "A003", 4))
    vi = voice("vi")
    wanted = silence(AFTER_CHIME) + silence(BETWEEN_PHRASES).join(
        [vi.say(["A001", "A002"], 3), vi.say(["A003"], 4)]
    )
    assert sound(Announcement(calls, ("vi",)), [vi], b"") == wanted


def test_a_number_without_clips_still_has_its_chime() -> None:
    calls = (call(1, "Đ001", 3), call(2, "A002", 4))
    vi = voice("vi")
    assert sound(Announcement(calls[:1], ("vi",)), [vi], b"CC") == b"CC"
    assert sound(Announcement(calls, ("vi",)), [vi], b"") == silence(AFTER_CHIME) + vi.say(
        ["A002"], 4
    )


@pytest.mark.parametrize("count", range(1, 12))
def test_no_announcement_holds_too_many_calls(count: int) -> None:
    row = hear(started(), board(*map(call, range(1, count + 1))), HALL)
    found = said(row)
    assert max(len(one.calls) for one in found) <= MOST_TOGETHER
    assert [c.seq for one in found for c in one.calls] == list(range(1, count + 1))
