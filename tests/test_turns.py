from __future__ import annotations

from collections import Counter as Tally
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.tickets import (
    APPOINTMENT,
    RETURNED,
    Counter,
    Priority,
    Ticket,
    TicketState,
)
from kiosk.turns import Memory, Rules, ahead, choose, in_order, is_overdue, remember
from tests.hall import MORNING

HOUR = timedelta(hours=1)
ELDERLY = Priority("NCT", {"vi": "Người cao tuổi"})
PREGNANT = Priority("PNMT", {"vi": "Phụ nữ mang thai"})
SHARED = Priority("TE", {"vi": "Người đi cùng trẻ nhỏ"}, one_in=3)
RULES = Rules((ELDERLY, PREGNANT, SHARED), HOUR)
DESK = Counter(1, ("A", "B"), "hall")


def waiting(place: int, line: str = "", service: str = "A", minutes: float = 1) -> Ticket:
    since = MORNING - timedelta(minutes=minutes)
    return Ticket(
        id=f"T{place:011d}",
        number=f"{service}{place:03d}",
        service=service,
        state=TicketState.WAITING,
        place=place,
        issued_at=since,
        waits_since=since,
        line=line,
        priority=line if line not in ("", RETURNED, APPOINTMENT) else None,
    )


def called(
    people: list[Ticket], counter: Counter = DESK, rules: Rules = RULES, n: int | None = None
) -> list[int]:
    """The places in the order in which the counter calls them."""
    limit = len(people) if n is None else n
    order = in_order(people, counter, rules, Memory(), MORNING, limit)
    return [ticket.place for ticket in order]


def test_who_came_first_is_called_first_whatever_the_service() -> None:
    people = [waiting(3, service="A"), waiting(1, service="B"), waiting(2, service="A")]

    assert called(people) == [1, 2, 3]


def test_classes_go_before_everybody_in_the_order_of_the_file() -> None:
    people = [waiting(1), waiting(2, "PNMT"), waiting(3, "NCT"), waiting(4, "NCT")]

    assert called(people) == [3, 4, 2, 1]


def test_classes_that_are_always_first_go_before_a_share_wherever_they_stand() -> None:
    rules = Rules((replace(SHARED, one_in=2), ELDERLY))
    people = [waiting(1), waiting(2), waiting(3, "TE"), waiting(4, "NCT")]

    assert called(people, rules=rules) == [4, 3, 1, 2]


def test_who_comes_back_goes_first_and_then_a_due_appointment() -> None:
    people = [waiting(1, "NCT"), waiting(2, APPOINTMENT), waiting(3, RETURNED), waiting(4)]

    assert called(people) == [3, 2, 1, 4]


def test_an_appointment_waits_for_its_time_while_others_are_there() -> None:
    due = int((MORNING + timedelta(minutes=5)).timestamp())
    early = waiting(due, APPOINTMENT)
    head = choose([early, waiting(1)], DESK, RULES, Memory(), MORNING)
    alone = choose([early], DESK, RULES, Memory(), MORNING)
    later = choose([early, waiting(1)], DESK, RULES, Memory(), MORNING + timedelta(minutes=5))

    assert head is not None
    assert alone is not None
    assert later is not None
    assert (head.ticket.place, head.why["rule"]) == (1, "arrival")
    assert (alone.ticket.place, alone.why["rule"]) == (due, "early")
    assert (later.ticket.place, later.why["rule"]) == (due, "appointment")


def test_a_class_with_a_share_gets_one_call_in_three() -> None:
    people = [waiting(n) for n in range(1, 7)] + [waiting(n, "TE") for n in range(11, 14)]

    order = called(people)

    assert [place > 10 for place in order[2::3]] == [True, True, True]
    assert sum(place > 10 for place in order) == 3


def test_a_class_with_a_share_is_called_when_nobody_else_waits() -> None:
    assert called([waiting(1, "TE"), waiting(2, "TE")]) == [1, 2]


def test_who_waited_beyond_the_limit_is_passed_by_nobody() -> None:
    people = [waiting(1, minutes=61), waiting(2, "NCT"), waiting(3, RETURNED)]
    choice = choose(people, DESK, RULES, Memory(), MORNING)

    assert choice is not None
    assert choice.ticket.place == 1
    assert choice.why == {"rule": "overdue", "limit": 3600}
    assert called(people, rules=Rules(RULES.priorities, None)) == [3, 2, 1]


def test_who_waited_too_long_lets_those_before_it_in_its_line_go_first() -> None:
    head, longest = waiting(1, minutes=5), waiting(2, minutes=62)
    other, priority = waiting(3, service="B", minutes=61), waiting(4, "NCT")
    choice = choose([head, longest, other, priority], DESK, RULES, Memory(), MORNING)

    assert choice is not None
    assert choice.ticket == head
    assert choice.why == {"rule": "overdue", "limit": 3600, "behind": "A002"}
    assert called([head, longest, other, priority]) == [1, 2, 3, 4]


def test_a_class_that_the_office_has_no_more_waits_with_everybody() -> None:
    assert called([waiting(2, "OLD"), waiting(1), waiting(3)]) == [1, 2, 3]


def test_listed_services_are_called_in_the_order_of_the_list() -> None:
    desk = replace(DESK, services=("B", "A"), order="listed")

    assert called([waiting(1), waiting(2, service="B"), waiting(3, service="B")], desk) == [2, 3, 1]


@pytest.mark.parametrize("weights", [(3, 1), (1, 1), (1, 4), (5, 2)])
def test_services_by_weight_are_called_in_proportion(weights: tuple[int, int]) -> None:
    desk = replace(DESK, order="weight", weights=weights)
    people = [waiting(n, service="A" if n % 2 else "B") for n in range(1, 201)]
    rounds = 10 * sum(weights)

    services = Tally("A" if place % 2 else "B" for place in called(people, desk, n=rounds))

    assert services == {"A": 10 * weights[0], "B": 10 * weights[1]}


def test_a_service_that_nobody_wanted_does_not_catch_up_afterwards() -> None:
    desk = replace(DESK, order="weight", weights=(1, 1))
    memory = Memory()
    for place in range(50):
        alone = waiting(place)
        memory = remember(memory, alone, [alone], desk, RULES)
    people = [waiting(n, service="A" if n % 2 else "B") for n in range(1, 21)]

    order = in_order(people, desk, RULES, memory, MORNING, 6)

    assert Tally(ticket.service for ticket in order) == {"A": 3, "B": 3}


LINES = st.sampled_from(["", "", "NCT", "PNMT", "TE", RETURNED, APPOINTMENT])
PEOPLE = st.lists(st.tuples(LINES, st.sampled_from("AB"), st.integers(0, 120)), max_size=25).map(
    # As in the office: whoever came earlier has the earlier place.
    lambda drawn: [
        waiting(n, line, service, minutes)
        for n, (line, service, minutes) in enumerate(
            sorted(drawn, key=lambda person: -person[2]), 1
        )
    ]
)
DESKS = st.sampled_from(
    [DESK, replace(DESK, order="listed"), replace(DESK, order="weight", weights=(2, 1))]
)


@given(PEOPLE, DESKS)
def test_everybody_is_called_once_and_the_overdue_before_all_others(
    people: list[Ticket], desk: Counter
) -> None:
    order = called(people, desk)
    overdue = [ticket.place for ticket in people if MORNING - ticket.issued_at > HOUR]

    assert sorted(order) == sorted(ticket.place for ticket in people)
    assert order[: len(overdue)] == sorted(overdue)


def who_came_back(drawn: list[tuple[str, str, int]]) -> list[Ticket]:
    """Whoever was away and kept the place has waited less than those behind it."""
    return [waiting(n, *each) for n, each in enumerate(drawn, 1)]


MIXED = st.lists(st.tuples(LINES, st.sampled_from("AB"), st.integers(0, 120)), max_size=25).map(
    who_came_back
)


@given(MIXED, DESKS)
def test_while_somebody_waits_too_long_that_line_alone_is_called(
    people: list[Ticket], desk: Counter
) -> None:
    left = {ticket.place: ticket for ticket in people}
    for place in called(people, desk):
        overdue = [t for t in left.values() if MORNING - t.issued_at > HOUR]
        ticket = left.pop(place)
        if overdue:
            longest = min(overdue, key=lambda t: (t.issued_at, t.place))
            assert (ticket.service, ticket.line) == (longest.service, longest.line)


@given(PEOPLE | MIXED, DESKS)
def test_within_a_service_and_class_nobody_is_passed(people: list[Ticket], desk: Counter) -> None:
    line_of = {ticket.place: (ticket.service, ticket.line) for ticket in people}
    lines: dict[tuple[str, str], list[int]] = {}
    for place in called(people, desk):
        lines.setdefault(line_of[place], []).append(place)

    assert all(places == sorted(places) for places in lines.values())


@given(PEOPLE, st.sampled_from([None, HOUR]))
def test_the_people_ahead_are_those_called_before_in_absolute_classes(
    people: list[Ticket], ageing: timedelta | None
) -> None:
    rules = Rules((ELDERLY, PREGNANT), ageing)
    people = [replace(ticket, service="A") for ticket in people if ticket.line != "TE"]
    late = [ticket for ticket in people if is_overdue(ticket, rules, MORNING)]
    order = called(people, rules=rules)
    for ticket in people:
        mine = ticket in late
        waited = (ticket.issued_at, ticket.place)
        before = [t for t in late if not mine or (t.issued_at, t.place) < waited]
        earlier = Tally(t.line for t in people if t.place < ticket.place)
        everybody, overdue = Tally(t.line for t in people), Tally(t.line for t in before)
        told = ahead(ticket.line, earlier, everybody, rules, overdue, late=mine)
        assert told == order.index(ticket.place)


@given(PEOPLE)
def test_nobody_who_has_a_share_is_told_fewer_than_the_overdue(people: list[Ticket]) -> None:
    people = [replace(ticket, service="A") for ticket in people]
    late = [ticket for ticket in people if is_overdue(ticket, RULES, MORNING)]
    for ticket in people:
        if ticket not in late:
            earlier = Tally(t.line for t in people if t.place < ticket.place)
            everybody, overdue = Tally(t.line for t in people), Tally(t.line for t in late)
            assert ahead(ticket.line, earlier, everybody, RULES, overdue) >= len(late)


@given(st.integers(0, 20), st.integers(0, 20), st.integers(2, 6))
def test_the_people_ahead_of_a_share_are_told_to_within_one_round(
    everybody: int, shared: int, one_in: int
) -> None:
    rules = Rules((replace(SHARED, one_in=one_in),), None)
    people = [waiting(n) for n in range(1, everybody + 1)]
    people += [waiting(100 + n, "TE") for n in range(1, shared + 1)]
    order = called(people, rules=rules)
    for ticket in people:
        earlier = Tally(t.line for t in people if t.place < ticket.place and t.line == ticket.line)
        told = ahead(ticket.line, earlier, Tally(t.line for t in people), rules)
        assert abs(told - order.index(ticket.place)) <= one_in - 1
