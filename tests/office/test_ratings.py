"""Ballots: one for each served ticket, in its time, and nobody changes them."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from kiosk.errors import Refused
from kiosk.office import calls, counter_displays, ratings, sessions, tickets
from kiosk.office.clerks import add_clerk
from kiosk.office.figures import read_day
from kiosk.ratings import Level, Scale
from kiosk.store import events
from tests.hall import OFFICE, centre_of

if TYPE_CHECKING:
    from kiosk.office.centre import Centre
    from kiosk.office.counter_displays import CounterDisplay
    from kiosk.tickets import Ticket
    from tests.hall import Clock

PIN = "246810"


def take(centre: Centre, service: str = "A") -> Ticket:
    return tickets.take_ticket(centre, service=service, actor="test").place.ticket


def shown(centre: Centre, counter: int = 2) -> CounterDisplay:
    (display,) = counter_displays.read_displays(centre, (counter,))
    return display


def asked(centre: Centre, counter: int = 2) -> int:
    """The ballot that the display of the counter asks for."""
    question = shown(centre, counter).question
    assert question is not None
    assert not question.rated
    return question.ballot


def serve(centre: Centre, counter: int = 2, clerk: str = "minh", service: str = "A") -> Ticket:
    take(centre, service)
    calls.call_next(centre, counter, clerk=clerk)
    return calls.finish(centre, counter, clerk=clerk)


def refusal(centre: Centre, ballot: int, level: str = "great", counter: int = 2) -> str:
    with pytest.raises(Refused) as refused:
        ratings.rate_at_counter(centre, counter, ballot, level)
    return refused.value.code


def test_a_ballot_stands_in_the_events_without_a_name(centre: Centre, clock: Clock) -> None:
    ticket = serve(centre)
    clock.forward(seconds=4)
    ratings.rate_at_counter(centre, 2, asked(centre), "good")

    with centre.database.read() as query:
        (row,) = query.all("SELECT * FROM event WHERE kind = 'ticket.rated'")
        assert (row["ticket"], row["counter"], row["clerk"]) == (ticket.id, 2, None)
        assert (row["actor"], json.loads(row["details"])) == ("display", {"level": "good"})
        assert events.first_broken(query, OFFICE) is None
    told = ratings.read_ratings(centre)
    assert told.whole.counts == {"good": 1}
    assert ratings.read_ratings(centre, told.last, told.first - timedelta(days=2)) == replace(
        told, first=told.first - timedelta(days=2)
    )
    assert tickets.follow(centre, ticket.id).ticket == ticket


def test_a_ticket_is_rated_once_whoever_asks(centre: Centre, clock: Clock) -> None:
    ticket = serve(centre)
    ballot = asked(centre)
    ratings.rate_at_counter(centre, 2, ballot, "great")

    assert refusal(centre, ballot, "poor") == "already_rated"
    with pytest.raises(Refused, match="already_rated"):
        ratings.rate(centre, ticket.id, "poor", actor="touch")
    assert ratings.read_ratings(centre).whole.counts == {"great": 1}
    question = shown(centre).question
    assert question is not None
    assert question.rated
    clock.forward(seconds=6)
    assert shown(centre).question is None


def cast(url: str, clock: Clock, ballot: int, level: str) -> str:
    centre = centre_of(url, clock)
    try:
        ratings.rate_at_counter(centre, 2, ballot, level)
        return level
    except Refused as refused:
        return refused.code
    finally:
        centre.database.close()


def test_of_two_ballots_at_one_moment_one_counts(
    centre: Centre, clock: Clock, store_url: str
) -> None:
    serve(centre)
    ballot = asked(centre)
    levels = ["great", "good", "poor"] * 3
    with ThreadPoolExecutor(len(levels)) as pool:
        came = list(pool.map(lambda level: cast(store_url, clock, ballot, level), levels))

    counted = [answer for answer in came if answer != "already_rated"]
    assert len(counted) == 1
    assert ratings.read_ratings(centre).whole.counts == {counted[0]: 1}


def test_a_ballot_comes_after_the_visit_and_before_the_next_one_begins(centre: Centre) -> None:
    take(centre)
    calls.call_next(centre, 2, clerk="minh")
    assert shown(centre).question is None
    calls.start(centre, 2, clerk="minh")
    assert shown(centre).question is None
    ticket = calls.finish(centre, 2, clerk="minh")
    ballot = asked(centre)
    assert ballot == ticket.version
    take(centre)
    calls.call_next(centre, 2, clerk="minh")
    assert asked(centre) == ballot
    calls.start(centre, 2, clerk="minh")

    assert shown(centre).question is None
    assert refusal(centre, ballot) == "rating_over"


def test_a_second_call_ends_the_question_about_who_left_before(centre: Centre) -> None:
    serve(centre)
    ballot = asked(centre)
    for _ in range(2):
        take(centre)
        calls.call_next(centre, 2, clerk="minh")
        calls.recall(centre, 2, clerk="minh")
        calls.no_show(centre, 2, clerk="minh")

    assert shown(centre).question is None
    assert refusal(centre, ballot) == "rating_over"


def test_one_press_that_finishes_and_calls_asks_who_leaves_while_the_next_one_comes(
    centre: Centre, clock: Clock
) -> None:
    take(centre)
    take(centre)
    calls.call_next(centre, 2, clerk="minh")
    calls.call_next(centre, 2, clerk="minh")

    question = shown(centre).question
    assert question is not None
    assert (shown(centre).number, question.number) == ("A002", "A001")
    clock.forward(seconds=9)
    assert asked(centre) == question.ballot
    clock.forward(seconds=1)
    assert shown(centre).question is None
    clock.forward(seconds=5)
    ratings.rate_at_counter(centre, 2, question.ballot, "great")
    assert ratings.read_ratings(centre).counters[2].counts == {"great": 1}


@pytest.mark.parametrize("how", ["start", "park", "no_show", "transfer"])
def test_what_becomes_of_the_next_one_ends_the_question(centre: Centre, how: str) -> None:
    serve(centre)
    ballot = asked(centre)
    take(centre)
    calls.call_next(centre, 2, clerk="minh")
    if how == "transfer":
        calls.transfer(centre, 2, clerk="minh", service="B")
    else:
        if how == "no_show":
            calls.recall(centre, 2, clerk="minh")
        getattr(calls, how)(centre, 2, clerk="minh")

    assert shown(centre).question is None
    assert refusal(centre, ballot) == "rating_over"


def test_a_call_does_not_make_the_time_to_rate_longer(centre: Centre, clock: Clock) -> None:
    serve(centre)
    ballot = asked(centre)
    clock.forward(seconds=15)
    take(centre)
    calls.call_next(centre, 2, clerk="minh")
    clock.forward(seconds=4)
    assert asked(centre) == ballot
    clock.forward(seconds=1)
    assert shown(centre).question is None
    clock.forward(seconds=6)
    assert refusal(centre, ballot) == "rating_over"


def test_a_ballot_long_after_the_next_call_is_refused(centre: Centre, clock: Clock) -> None:
    serve(centre)
    ballot = asked(centre)
    take(centre)
    calls.call_next(centre, 2, clerk="minh")
    clock.forward(seconds=16)

    assert refusal(centre, ballot) == "rating_over"


def test_a_call_that_was_taken_back_asks_again(centre: Centre) -> None:
    serve(centre)
    ballot = asked(centre)
    take(centre)
    calls.call_next(centre, 2, clerk="minh")
    calls.undo(centre, 2, clerk="minh")

    assert asked(centre) == ballot
    ratings.rate_at_counter(centre, 2, ballot, "great")


def test_the_question_goes_by_itself_and_a_ballot_may_be_a_little_late(
    centre: Centre, clock: Clock
) -> None:
    serve(centre)
    ballot = asked(centre)
    clock.forward(seconds=19)
    assert asked(centre) == ballot
    clock.forward(seconds=1)
    assert shown(centre).question is None
    clock.forward(seconds=5)
    ratings.rate_at_counter(centre, 2, ballot, "poor")

    serve(centre)
    ballot = asked(centre)
    clock.forward(seconds=26)
    assert refusal(centre, ballot) == "rating_over"


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_clock_that_jumps_ends_the_question_and_no_more(
    centre: Centre, clock: Clock, hours: int
) -> None:
    serve(centre)
    ballot = asked(centre)
    clock.forward(hours=hours)

    assert shown(centre).question is None
    assert refusal(centre, ballot) == "rating_over"
    serve(centre)
    ratings.rate_at_counter(centre, 2, asked(centre), "great")


def test_an_end_that_was_taken_back_keeps_its_ballot_and_asks_no_second_time(
    centre: Centre, clock: Clock
) -> None:
    ticket = serve(centre)
    ballot = asked(centre)
    ratings.rate_at_counter(centre, 2, ballot, "poor")
    assert calls.undo(centre, 2, clerk="minh") is not None
    assert (shown(centre).state, shown(centre).question) == ("called", None)
    assert refusal(centre, ballot, "great") == "rating_over"
    with pytest.raises(Refused, match="not_served"):
        ratings.rate(centre, ticket.id, "great", actor="touch")
    clock.forward(seconds=8)
    calls.finish(centre, 2, clerk="minh")

    assert shown(centre).question is None
    with pytest.raises(Refused, match="already_rated"):
        ratings.rate(centre, ticket.id, "great", actor="touch")
    assert ratings.read_ratings(centre).whole.counts == {"poor": 1}


def test_an_end_that_was_taken_back_before_a_ballot_asks_when_it_ends_again(
    centre: Centre, clock: Clock
) -> None:
    serve(centre)
    before = asked(centre)
    calls.undo(centre, 2, clerk="minh")
    assert refusal(centre, before) == "rating_over"
    calls.finish(centre, 2, clerk="minh")

    assert asked(centre) != before
    assert refusal(centre, before) == "rating_over"
    ratings.rate_at_counter(centre, 2, asked(centre), "great")


def test_a_journey_is_rated_at_its_end(centre: Centre) -> None:
    tickets.take_ticket(centre, service="A", services=("A", "F"), actor="test")
    calls.call_next(centre, 2, clerk="minh")
    went = calls.finish(centre, 2, clerk="minh")
    assert shown(centre, 2).question is None
    with pytest.raises(Refused, match="not_served"):
        ratings.rate(centre, went.id, "great", actor="touch")
    calls.call_next(centre, 3, clerk="lan")
    calls.finish(centre, 3, clerk="lan")

    assert shown(centre, 2).question is None
    ratings.rate_at_counter(centre, 3, asked(centre, 3), "great")
    assert ratings.read_ratings(centre).counters.keys() == {3}


@pytest.mark.parametrize("how", ["no_show", "park", "transfer"])
def test_who_was_not_served_to_the_end_is_not_asked(centre: Centre, how: str) -> None:
    take(centre)
    calls.call_next(centre, 2, clerk="minh")
    if how == "transfer":
        calls.transfer(centre, 2, clerk="minh", service="B")
    else:
        getattr(calls, how)(centre, 2, clerk="minh")

    assert shown(centre).question is None


def test_the_visit_that_ends_with_its_clerks_day_is_rated_too(centre: Centre) -> None:
    add_clerk(centre, "minh", "Trần Văn Minh", PIN)
    session = sessions.sign_in(centre, "minh", PIN, 2)
    take(centre)
    calls.call_next(centre, 2, clerk="minh")
    calls.start(centre, 2, clerk="minh")
    sessions.sign_out(centre, session.token)

    assert shown(centre).state == "empty"
    ratings.rate_at_counter(centre, 2, asked(centre), "great")
    (clerk,) = ratings.read_ratings(centre).clerks
    assert (clerk.login, clerk.name) == ("minh", "Trần Văn Minh")


@pytest.mark.parametrize(
    ("scale", "level", "code"),
    [
        (Scale(enabled=False), "great", "rating_off"),
        (Scale(), "fair", "unknown_level"),
        (Scale(levels=(Level("good"), Level("bad"))), "great", "unknown_level"),
    ],
)
def test_only_the_offices_scale_counts(centre: Centre, scale: Scale, level: str, code: str) -> None:
    other = replace(centre, rating=scale)
    ticket = serve(other)

    assert refusal(other, ticket.version, level) == code
    assert (shown(other).question is None) == (not scale.enabled)


def test_a_ballot_belongs_to_its_own_counter(centre: Centre) -> None:
    serve(centre, 2)
    serve(centre, 1, "hoa")

    assert refusal(centre, asked(centre, 2), counter=1) == "rating_over"
    assert refusal(centre, 10**9) == "rating_over"
    assert refusal(centre, 1, counter=77) == "unknown_counter"
    with pytest.raises(Refused, match="no_such_ticket"):
        ratings.rate(centre, "K00000000000", "great", actor="touch")


def test_any_served_ticket_can_be_rated_by_its_id_later(centre: Centre, clock: Clock) -> None:
    ticket = serve(centre)
    clock.forward(minutes=20)
    ratings.rate(centre, ticket.id, "good", actor="touch")

    assert ratings.read_ratings(centre).counters[2].counts == {"good": 1}


def test_ballots_are_counted_by_counter_clerk_and_day(centre: Centre, clock: Clock) -> None:
    for clerk, name in (("minh", "Trần Văn Minh"), ("hoa", "Lê Thị Hoa")):
        add_clerk(centre, clerk, name, PIN)
    for counter, clerk, levels in (
        (2, "minh", ("great", "great", "poor")),
        (1, "hoa", ("good",)),
        (1, "minh", ("poor",)),
    ):
        for level in levels:
            serve(centre, counter, clerk)
            ratings.rate_at_counter(centre, counter, asked(centre, counter), level)
    clock.forward(days=1)
    serve(centre)
    ratings.rate_at_counter(centre, 2, asked(centre), "great")

    monday, tuesday = date(2026, 11, 23), date(2026, 11, 24)
    told = ratings.read_ratings(centre, monday)
    assert (told.whole.ballots, told.whole.satisfied) == (5, 60.0)
    assert {n: one.satisfied for n, one in told.counters.items()} == {1: 50.0, 2: 66.7}
    assert {one.name: one.tally.ballots for one in told.clerks} == {
        "Trần Văn Minh": 4, "Lê Thị Hoa": 1,
    }  # fmt: skip
    assert ratings.read_ratings(centre).whole.counts == {"great": 1}
    both = ratings.read_ratings(centre, monday, tuesday)
    assert both.whole.counts == {"great": 3, "good": 1, "poor": 2}
    assert ratings.read_ratings(centre, tuesday + timedelta(days=1)).whole.ballots == 0


def test_a_rating_is_no_work_in_the_figures_of_the_day(centre: Centre, clock: Clock) -> None:
    add_clerk(centre, "minh", "Trần Văn Minh", PIN)
    session = sessions.sign_in(centre, "minh", PIN, 2)
    serve(centre)
    ballot = asked(centre)
    sessions.sign_out(centre, session.token)
    clock.forward(seconds=9)
    before = read_day(centre, date(2026, 11, 23))
    ratings.rate_at_counter(centre, 2, ballot, "great")

    assert read_day(centre, date(2026, 11, 23)) == before


def test_a_display_names_the_clerk_only_where_the_office_says_so(centre: Centre) -> None:
    add_clerk(centre, "minh", "Trần Văn Minh", PIN)
    sessions.sign_in(centre, "minh", PIN, 2)

    assert shown(centre).clerk is None
    assert shown(replace(centre, clerk_names=True)).clerk == "Trần Văn Minh"
    assert shown(replace(centre, clerk_names=True), 1).clerk is None


def test_a_display_tells_how_its_counter_is(centre: Centre) -> None:
    add_clerk(centre, "minh", "Trần Văn Minh", PIN)
    assert shown(centre).state == "empty"
    session = sessions.sign_in(centre, "minh", PIN, 2)
    assert (shown(centre).state, shown(centre).services) == ("free", ("A",))
    sessions.pause(centre, session.token, "break")
    assert shown(centre).state == "paused"
    sessions.go_on(centre, session.token)
    take(centre)
    calls.call_next(centre, 2, clerk="minh")
    calls.recall(centre, 2, clerk="minh")
    assert (shown(centre).state, shown(centre).number, shown(centre).calls) == ("called", "A001", 2)
    calls.start(centre, 2, clerk="minh")
    assert shown(centre).state == "serving"
