from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.tickets import APPOINTMENT, RETURNED, Counter, Priority
from kiosk.turns import EARLY, Rules
from kiosk.waits import (
    KEPT,
    Desk,
    Line,
    Pace,
    blended,
    estimate,
    known_paces,
    noted,
    outlook,
    pace,
    taken_back,
)

RULES = Rules((Priority("NCT", {"vi": "Người cao tuổi"}),), timedelta(hours=1))
FIVE_MINUTES = Pace(40, 300.0, 120.0)
PACES = {"A": FIVE_MINUTES, "B": FIVE_MINUTES, "C": Pace(40, 900.0, 300.0)}
NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


def line(ordinary: int, elderly: int = 0) -> Line:
    """All of them came before the ticket."""
    return Line({"": ordinary, "NCT": elderly}, {"": ordinary, "NCT": elderly})


def desk(number: int, services: str, serves: str | None = None, seconds: float = 0.0) -> Desk:
    return Desk(Counter(number, tuple(services), "hall"), serves, seconds)


def middle(wait: tuple[int, int] | None) -> float:
    assert wait is not None
    return sum(wait) / 2


def test_people_before_the_ticket_each_take_their_time() -> None:
    wait = estimate("A", "", {"A": line(6)}, [desk(1, "A", "A", 150)], PACES, RULES)

    assert middle(wait) == pytest.approx(6 * 300 + 200, rel=0.1)


def test_an_idle_counter_and_an_empty_line_are_no_wait() -> None:
    wait = estimate("A", "", {"A": line(0)}, [desk(1, "A")], PACES, RULES)

    assert wait is not None
    assert wait[0] == 0


def test_two_counters_halve_the_wait() -> None:
    one = estimate("A", "", {"A": line(10)}, [desk(1, "A", "A")], PACES, RULES)
    two = estimate("A", "", {"A": line(10)}, [desk(1, "A", "A"), desk(2, "A", "A")], PACES, RULES)

    assert middle(two) == pytest.approx(middle(one) / 2, rel=0.15)


def test_people_of_another_service_at_the_same_counter_come_first_when_they_came_first() -> None:
    lines = {"A": line(2), "B": line(6)}
    shared = estimate("A", "", lines, [desk(1, "AB", "A")], PACES, RULES)
    alone = estimate("A", "", lines, [desk(1, "A", "A")], PACES, RULES)

    assert middle(shared) > middle(alone) + 5 * 300


def test_a_long_line_elsewhere_does_not_count_where_another_counter_is_free_for_mine() -> None:
    lines = {"A": line(2), "C": line(20)}
    desks = [desk(1, "AC", "C"), desk(2, "A", "A")]
    wait = estimate("A", "", lines, desks, PACES, RULES)

    assert middle(wait) < 4 * 300


def test_a_service_that_its_counter_takes_first_counts_whenever_they_came() -> None:
    listed = Desk(Counter(1, ("B", "A"), "hall", "listed"))
    later = {"A": line(0), "B": Line({"": 8}, {"": 0})}
    first = estimate("A", "", later, [listed], PACES, RULES)
    arrival = estimate("A", "", later, [desk(1, "BA")], PACES, RULES)

    assert middle(first) > 7 * 300
    assert arrival is not None
    assert arrival[0] == 0


def test_better_classes_count_also_behind_the_ticket() -> None:
    behind = {"A": Line({"": 3, "NCT": 5}, {"": 3, "NCT": 0})}
    ordinary = estimate("A", "", behind, [desk(1, "A", "A")], PACES, RULES)
    elderly = estimate("A", "NCT", behind, [desk(1, "A", "A")], PACES, RULES)
    returned = estimate("A", RETURNED, behind, [desk(1, "A", "A")], PACES, RULES)

    assert middle(ordinary) > 7 * 300
    assert middle(elderly) == middle(returned) < 2 * 300


def test_who_was_sent_to_one_counter_waits_for_that_counter() -> None:
    desks = [desk(1, "A"), Desk(Counter(2, ("C",), "hall"), "C", 0.0, sent=2)]
    wait = estimate("A", "", {"A": line(4)}, desks, PACES, RULES, counter=2)

    assert middle(wait) > 900


def test_without_anybody_at_work_or_any_times_there_is_no_honest_answer() -> None:
    assert estimate("A", "", {"A": line(2)}, [], PACES, RULES) is None
    assert estimate("A", "", {"A": line(2)}, [desk(1, "B")], PACES, RULES) is None
    assert estimate("A", "", {"A": line(2)}, [desk(1, "A")], {}, RULES) is None


def test_who_was_sent_where_its_service_is_not_taken_comes_before_its_class_there() -> None:
    for order in ("listed", "weight"):
        desks = [desk(1, "A"), Desk(Counter(3, ("B", "C"), "hall", order, (2, 1)))]
        lines = {"A": line(3), "B": Line({"": 4, "NCT": 2}, {"": 4, "NCT": 0})}
        ordinary = estimate("A", "", lines, desks, PACES, RULES, counter=3)
        elderly = estimate("A", "NCT", lines, desks, PACES, RULES, counter=3)

        assert 1.5 * 300 < middle(ordinary) < 3 * 300
        assert elderly is not None
        assert elderly[0] == 0


def test_an_appointment_that_is_not_due_counts_for_nobody_else() -> None:
    lines = {"A": Line({"": 3, EARLY: 9}, {"": 3, EARLY: 0}), "B": Line({EARLY: 5}, {})}
    alone = {"A": Line({"": 3}, {"": 3})}

    for line in ("", "NCT", APPOINTMENT):
        told, known = (
            estimate("A", line, of, [desk(1, "AB")], PACES, RULES) for of in (lines, alone)
        )
        assert told == known


COUNTS = st.dictionaries(
    st.sampled_from(["", "NCT", "XXX", RETURNED, APPOINTMENT, EARLY]), st.integers(0, 20)
)


@given(
    st.sampled_from(["", "NCT", "XXX", RETURNED, APPOINTMENT, EARLY]),
    st.dictionaries(st.sampled_from("ABC"), st.tuples(COUNTS, COUNTS), min_size=3),
    st.lists(
        st.tuples(
            st.permutations("ABC"),
            st.integers(1, 3),
            st.sampled_from(["arrival", "listed", "weight"]),
            st.integers(0, 3),
        ),
        min_size=1,
        max_size=4,
    ),
    st.none() | st.integers(1, 5),
)
def test_whatever_waits_and_wherever_the_ticket_was_sent_there_is_a_range_or_no_answer(
    mine: str,
    waits: dict[str, tuple[dict[str, int], dict[str, int]]],
    open_at: list[tuple[list[str], int, str, int]],
    sent_to: int | None,
) -> None:
    lines = {
        code: Line(waiting, {at: min(n, waiting.get(at, 0)) for at, n in earlier.items()})
        for code, (waiting, earlier) in waits.items()
    }
    desks = [
        Desk(Counter(n, tuple(codes[:taken]), "hall", order, (3, 1, 2)[:taken]), sent=sent)
        for n, (codes, taken, order, sent) in enumerate(open_at, 1)
    ]
    wait = estimate("A", mine, lines, desks, PACES, RULES, sent_to)

    callers = [desk.counter for desk in desks if sent_to in (None, desk.counter.number)]
    may = any(sent_to is not None or "A" in counter.services for counter in callers)
    assert (wait is not None) == may
    if wait is not None:
        assert 0 <= wait[0] < wait[1]


@given(
    st.integers(0, 60),
    st.integers(0, 60),
    st.lists(st.tuples(st.sampled_from(["A", "AB", "B", "ABC"]), st.floats(0, 3000)), max_size=6),
)
def test_a_range_is_a_range_and_grows_with_the_line(
    before: int, others: int, open_at: list[tuple[str, float]]
) -> None:
    desks = [desk(n, services, services[0], at) for n, (services, at) in enumerate(open_at, 1)]

    def wait(people: int) -> tuple[int, int] | None:
        lines = {"A": line(people), "B": line(others), "C": line(0)}
        return estimate("A", "", lines, desks, PACES, RULES)

    now, later = wait(before), wait(before + 1)

    assert (now is None) == (not any("A" in services for services, _ in open_at))
    if now is not None and later is not None:
        assert 0 <= now[0] < now[1]
        assert middle(later) >= middle(now)


def test_somebody_who_was_forgotten_at_a_counter_spoils_no_pace() -> None:
    usual = [240, 300, 360] * 5

    assert pace([*usual, 3 * 3600]).mean < 1.2 * pace(usual).mean
    assert pace([]).n == 0


@given(st.lists(st.integers(0, 14_400), max_size=KEPT - 1), st.integers(0, 14_400))
def test_a_time_that_is_taken_back_leaves_no_trace(recent: list[int], seconds: int) -> None:
    assert taken_back(noted(recent, seconds), seconds) == tuple(recent)


def test_only_the_latest_times_are_kept() -> None:
    recent: tuple[int, ...] = ()
    for seconds in range(100):
        recent = noted(recent, seconds)

    assert recent == tuple(range(100 - KEPT, 100))


def test_an_hour_with_few_times_leans_on_the_day_and_a_new_service_on_the_office() -> None:
    day, hour = Pace(40, 300, 100), Pace(1, 900, 0)

    assert 300 < blended(hour, day).mean < 400
    assert blended(None, day) == day
    paces = known_paces(["A", "N"], {"A": day}, {})
    assert paces["N"].mean == 300
    assert known_paces(["N"], {}, {}) == {}
    assert known_paces(["A", "N"], {"A": Pace(2, 60, 10)}, {}) == {}


def test_people_are_warned_of_an_absent_counter_and_of_the_end_of_the_session() -> None:
    noon = NOW + timedelta(minutes=90)

    def warned(counters: int, wait: tuple[int, int] | None, ends_at: datetime | None) -> str | None:
        return outlook(counters, wait, NOW, ends_at, done_today=True)

    assert warned(0, None, noon) == "no_counter"
    assert warned(2, (4000, 7000), noon) == "after_closing"
    assert warned(2, (3700, 7000), noon) is None
    assert warned(2, (0, 60), NOW - timedelta(minutes=1)) == "session_over"
    assert warned(2, None, NOW) == "session_over"
    assert warned(0, None, NOW) == "session_over"
    assert warned(2, (5500, 7000), None) is None
    assert warned(2, None, noon) is None


@pytest.mark.parametrize("counters", [0, 2])
def test_what_is_not_done_today_is_told_so_whoever_works(counters: int) -> None:
    assert outlook(counters, (0, 60), NOW, None, done_today=False) == "not_today"
