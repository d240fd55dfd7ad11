"""How long a person had waited, as the event of the call says it and as the day's figures do."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from kiosk.office import calls
from kiosk.office.clerks import add_clerk
from kiosk.office.figures import read_day, read_events
from kiosk.office.sessions import sign_in, sign_out
from kiosk.office.tickets import follow, take_ticket
from kiosk.office.visits import come_back
from kiosk.tickets import TicketState
from tests.office.test_moves import next_at, take, with_queue

if TYPE_CHECKING:
    from collections.abc import Callable

    from kiosk.history import Visit
    from kiosk.office.centre import Centre
    from tests.hall import Clock

PIN = "135790"
MONDAY = date(2026, 11, 23)


def open_counter(centre: Centre, login: str, number: int) -> str:
    add_clerk(centre, login, login.title(), PIN)
    return sign_in(centre, login, PIN, number).token


def waits(centre: Centre, day: date = MONDAY) -> list[int]:
    """The minutes that each call says, of those that hold."""
    events = read_events(centre, day)
    undone = {event.details["undone"] for event in events if event.kind == "ticket.undone"}
    called = [e for e in events if e.kind == "ticket.called" and e.seq not in undone]
    return [event.details["waited"] // 60 for event in called]


def visit_of(centre: Centre, ticket: str, day: date = MONDAY) -> Visit:
    return next(visit for visit in read_day(centre, day).visits if visit.id == ticket)


def call(centre: Centre, clock: Clock, ticket: str) -> None:
    next_at(centre)


def call_twice(centre: Centre, clock: Clock, ticket: str) -> None:
    """Two calls that are taken back, one of them with another move before it."""
    next_at(centre)
    clock.forward(seconds=5)
    calls.undo(centre, 2, clerk="lan")
    clock.forward(seconds=55)
    next_at(centre)
    calls.undo(centre, 2, clerk="lan")
    clock.forward(minutes=1)
    next_at(centre)


def be_put_back(centre: Centre, clock: Clock, ticket: str) -> None:
    next_at(centre)
    clock.forward(minutes=3)
    calls.return_to_line(centre, 2, clerk="lan")
    clock.forward(minutes=7)
    next_at(centre)


def be_put_back_by_mistake(centre: Centre, clock: Clock, ticket: str) -> None:
    next_at(centre)
    clock.forward(minutes=3)
    calls.return_to_line(centre, 2, clerk="lan")
    calls.undo(centre, 2, clerk="lan")
    clock.forward(minutes=1)
    calls.return_to_line(centre, 2, clerk="lan", keep_place=False)
    clock.forward(minutes=7)
    next_at(centre)


def be_missed(centre: Centre, clock: Clock, ticket: str) -> None:
    next_at(centre)
    calls.no_show(with_queue(centre, no_show_after=2), 2, clerk="lan")
    clock.forward(minutes=4)
    next_at(centre)


def be_sent_to_a_counter_that_closes(centre: Centre, clock: Clock, ticket: str) -> None:
    token = open_counter(centre, "hoa", 1)
    next_at(centre)
    clock.forward(minutes=3)
    calls.transfer(centre, 2, clerk="lan", to_counter=1)
    clock.forward(minutes=6)
    sign_out(centre, token)
    assert follow(centre, ticket).ticket.counter is None
    clock.forward(minutes=2)
    next_at(centre)


def fetch_papers(centre: Centre, clock: Clock, ticket: str) -> None:
    next_at(centre)
    calls.park(centre, 2, clerk="lan", reason="supplement")
    clock.forward(minutes=20)
    come_back(centre, ticket, actor="touch")
    clock.forward(minutes=2)
    next_at(centre)


def be_kept(centre: Centre, clock: Clock, ticket: str) -> None:
    next_at(centre)
    calls.park(centre, 2, clerk="lan")
    clock.forward(minutes=20)
    calls.resume(centre, 2, ticket, clerk="lan")


@pytest.mark.parametrize(
    ("happens", "told"),
    [
        (call, [5]),
        (call_twice, [7]),
        (be_put_back, [5, 7]),
        (be_put_back_by_mistake, [5, 7]),
        (be_missed, [5, 4]),
        (be_sent_to_a_counter_that_closes, [5, 8]),
        (fetch_papers, [5, 2]),
        (be_kept, [5, 0]),
    ],
)
def test_a_call_says_how_long_the_person_has_stood_in_line_as_the_figures_do(
    centre: Centre, clock: Clock, happens: Callable[[Centre, Clock, str], None], told: list[int]
) -> None:
    ticket = take(centre)
    clock.forward(minutes=5)
    happens(centre, clock, ticket.id)
    clock.forward(minutes=1)
    calls.finish(centre, 2, clerk="lan")

    assert waits(centre) == told
    assert visit_of(centre, ticket.id).waiting == timedelta(minutes=sum(told))


def test_the_next_service_of_a_journey_is_a_wait_of_its_own(centre: Centre, clock: Clock) -> None:
    ticket = take_ticket(centre, services=["A", "F"], actor="touch").place.ticket
    clock.forward(minutes=5)
    next_at(centre)
    clock.forward(minutes=9)
    calls.finish(centre, 2, clerk="lan")
    clock.forward(minutes=3)
    next_at(centre, 3)
    calls.undo(centre, 3, clerk="lan")
    clock.forward(minutes=1)
    next_at(centre, 3)

    stages = visit_of(centre, ticket.id).stages
    assert waits(centre) == [5, 4]
    assert [stage.waiting for stage in stages] == [timedelta(minutes=n) for n in (5, 4)]


@pytest.mark.parametrize("left", ["waiting", "called", "parked"])
def test_the_night_is_nobodys_wait(centre: Centre, clock: Clock, left: str) -> None:
    centre = with_queue(centre, keep_overnight=True)
    ticket, tuesday = take(centre), MONDAY + timedelta(days=1)
    clock.forward(minutes=5)
    if left != "waiting":
        next_at(centre)
    if left == "parked":
        calls.park(centre, 2, clerk="lan")
    clock.forward(days=1)
    priority = take(centre, priority="NCT")
    kept = follow(centre, ticket.id).ticket
    clock.forward(minutes=10)

    assert kept.waits_since == priority.waits_since
    assert kept.state is (TicketState.PARKED if left == "parked" else TicketState.WAITING)
    assert next_at(centre) == priority.number, "nobody is overdue because of a night"
    if left == "parked":
        calls.resume(centre, 2, ticket.id, clerk="lan")
    else:
        assert next_at(centre) == ticket.number
    calls.finish(centre, 2, clerk="lan")
    waited = [10, 0 if left == "parked" else 10]
    assert waits(centre, tuesday) == waited
    visits = [visit_of(centre, each.id, tuesday) for each in (priority, ticket)]
    assert [visit.waiting for visit in visits] == [timedelta(minutes=n) for n in waited]
    assert visits[1].parked == timedelta(minutes=10 if left == "parked" else 0)
