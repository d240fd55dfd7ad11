"""What a ticket keeps that keeps its place: its class, and what it has waited, and no more."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from kiosk.office import calls
from kiosk.office.appointments import book, check_in
from kiosk.office.clerks import add_clerk
from kiosk.office.hall import read_counter
from kiosk.office.sessions import sign_in, sign_out
from kiosk.office.tickets import follow, take_ticket
from kiosk.office.visits import come_back
from kiosk.tickets import APPOINTMENT, RETURNED
from tests.hall import MORNING
from tests.office.test_moves import next_at, take, told, with_queue

if TYPE_CHECKING:
    from collections.abc import Callable

    from kiosk.office.centre import Centre
    from tests.hall import Clock

PIN = "135790"


def finish(centre: Centre, clock: Clock, ticket: str) -> None:
    clock.forward(minutes=56)
    calls.finish(centre, 2, clerk="lan")


def transfer(centre: Centre, clock: Clock, ticket: str) -> None:
    clock.forward(minutes=56)
    calls.transfer(centre, 2, clerk="lan", service="F")


def send(centre: Centre, clock: Clock, ticket: str) -> None:
    clock.forward(minutes=56)
    calls.transfer(centre, 2, clerk="lan", to_counter=3)


def put_back(centre: Centre, clock: Clock, ticket: str) -> None:
    calls.start(centre, 2, clerk="lan")
    clock.forward(minutes=56)
    calls.return_to_line(centre, 2, clerk="lan")


def put_back_after_keeping(centre: Centre, clock: Clock, ticket: str) -> None:
    clock.forward(minutes=6)
    calls.park(centre, 2, clerk="lan")
    clock.forward(minutes=50)
    calls.return_to_line(centre, 2, clerk="lan", ticket=ticket)


def put_back_after_missing(centre: Centre, clock: Clock, ticket: str) -> None:
    clock.forward(minutes=6)
    calls.no_show(centre, 2, clerk="lan")
    clock.forward(minutes=50)
    calls.return_to_line(centre, 2, clerk="lan", ticket=ticket)


def put_back_after_a_second_call(centre: Centre, clock: Clock, ticket: str) -> None:
    clock.forward(minutes=6)
    calls.park(centre, 2, clerk="lan")
    clock.forward(minutes=40)
    calls.resume(centre, 2, ticket, clerk="lan")
    clock.forward(minutes=10)
    calls.return_to_line(centre, 2, clerk="lan")


def bring_papers(centre: Centre, clock: Clock, ticket: str) -> None:
    calls.park(centre, 2, clerk="lan", reason="supplement")
    clock.forward(minutes=56)
    come_back(with_queue(centre, supplement="place"), ticket, actor="touch")


def be_left(centre: Centre, clock: Clock, ticket: str) -> None:
    for login, counter in (("an", 1), ("lan", 2)):
        add_clerk(centre, login, login.title(), PIN)
        token = sign_in(centre, login, PIN, counter).token
    clock.forward(minutes=56)
    sign_out(centre, token)


@pytest.mark.parametrize(
    "back",
    [finish, transfer, send, put_back, put_back_after_keeping, put_back_after_missing,
     put_back_after_a_second_call, bring_papers, be_left],
)  # fmt: skip
def test_only_the_time_spent_waiting_counts_as_waited(
    centre: Centre, clock: Clock, back: Callable[[Centre, Clock, str], None]
) -> None:
    ticket = take_ticket(centre, services=["A", "F"], actor="touch").place.ticket
    clock.forward(minutes=5)
    next_at(centre)
    back(centre, clock, ticket.id)
    waiting = follow(centre, ticket.id).ticket

    assert (waiting.state.value, waiting.place) == ("waiting", ticket.place)
    assert waiting.waits_since == MORNING + timedelta(minutes=56)


def test_a_call_that_is_taken_back_leaves_the_wait_as_it_was(centre: Centre, clock: Clock) -> None:
    ticket = take(centre)
    next_at(centre)
    calls.park(centre, 2, clerk="lan")
    clock.forward(minutes=30)
    before = follow(centre, ticket.id).ticket
    calls.resume(centre, 2, ticket.id, clerk="lan")
    assert follow(centre, ticket.id).ticket.waits_since == MORNING + timedelta(minutes=30)
    calls.undo(centre, 2, clerk="lan")

    assert follow(centre, ticket.id).ticket.waits_since == before.waits_since == MORNING


def test_a_clock_that_goes_back_at_the_counter_lets_nobody_wait_longer(
    centre: Centre, clock: Clock
) -> None:
    ticket = take(centre)
    next_at(centre)
    clock.forward(minutes=-20)
    calls.return_to_line(centre, 2, clerk="lan")

    assert follow(centre, ticket.id).ticket.waits_since == ticket.waits_since


def test_an_appointment_that_was_called_early_waits_from_when_it_is_due(
    centre: Centre, clock: Clock
) -> None:
    code = book(centre, service="A", at=clock() + timedelta(minutes=30), actor="web").code
    booked = check_in(centre, code, actor="touch").place.ticket
    next_at(centre)
    clock.forward(minutes=10)
    calls.return_to_line(centre, 2, clerk="lan")
    early = follow(centre, booked.id).ticket
    next_at(centre)
    clock.forward(minutes=25)
    calls.return_to_line(centre, 2, clerk="lan")
    late = follow(centre, booked.id).ticket

    assert (early.line, early.waits_since) == (APPOINTMENT, MORNING + timedelta(minutes=30))
    assert late.waits_since == MORNING + timedelta(minutes=35)


def test_who_was_served_long_passes_no_priority_for_it(centre: Centre, clock: Clock) -> None:
    served = take(centre)
    clock.forward(minutes=5)
    next_at(centre)
    clock.forward(minutes=56)
    calls.return_to_line(centre, 2, clerk="lan")
    first = take(centre, priority="NCT")

    assert next_at(centre) == first.number
    clock.forward(minutes=56)
    take(centre, priority="NCT")
    assert next_at(centre) == served.number
    assert told(centre, "ticket.called")[-1]["why"] == {"rule": "overdue", "limit": 3600}


def test_who_waits_too_long_is_not_told_of_people_who_come_later(
    centre: Centre, clock: Clock
) -> None:
    longest, second = take(centre), take(centre)
    clock.forward(minutes=61)
    for _ in range(3):
        take(centre, priority="NCT")
    stand = [follow(centre, ticket.id).ahead for ticket in (longest, second)]

    assert stand == [0, 1]
    assert [next_at(centre), next_at(centre)] == [longest.number, second.number]


def test_who_waits_too_long_behind_a_kept_place_is_passed_by_that_place_alone(
    centre: Centre, clock: Clock
) -> None:
    kept = take(centre)
    next_at(centre)
    waited = take(centre)
    clock.forward(minutes=61)
    calls.return_to_line(centre, 2, clerk="lan")
    take(centre), take(centre, priority="NCT")
    seen = [ticket.number for ticket in read_counter(centre, 2).waiting]
    called = [next_at(centre) for _ in range(4)]

    assert called == seen == [kept.number, waited.number, "A004", "A003"]
    why = [event["why"] for event in told(centre, "ticket.called")][1:3]
    assert why == [
        {"rule": "overdue", "limit": 3600, "behind": waited.number},
        {"rule": "overdue", "limit": 3600},
    ]


def back_with_papers(centre: Centre) -> str:
    """Somebody who is called first for the missing papers, at counter 2."""
    ticket = take_ticket(centre, services=["A", "B"], actor="touch").place.ticket
    next_at(centre)
    calls.park(centre, 2, clerk="lan", reason="supplement")
    come_back(centre, ticket.id, actor="touch")
    next_at(centre)
    return ticket.id


@pytest.mark.parametrize(
    ("rule", "order"),
    [
        ("first", ["A001", "A002", "B001"]),
        ("place", ["A001", "A002", "B001"]),
        ("end", ["A002", "B001", "A001"]),
    ],
)
def test_who_fetched_papers_stands_at_the_next_step_where_the_office_wants(
    centre: Centre, clock: Clock, rule: str, order: list[str]
) -> None:
    centre = with_queue(centre, supplement=rule)
    mine, other = (
        take_ticket(centre, services=["A", "B"], actor="touch").place.ticket for _ in range(2)
    )
    next_at(centre)
    calls.park(centre, 2, clerk="lan", reason="supplement")
    take(centre, "B")
    clock.forward(minutes=20)
    come_back(centre, mine.id, actor="touch")
    for _ in (mine, other):
        next_at(centre)
        clock.forward(minutes=2)
        calls.finish(centre, 2, clerk="lan")

    assert [next_at(centre, 1) for _ in range(3)] == order


def test_who_fetched_papers_keeps_the_appointment_at_the_next_step(
    centre: Centre, clock: Clock
) -> None:
    centre = with_queue(centre, supplement="first")
    leading = replace(centre.services["A"], then=("B",))
    centre = replace(centre, services={**centre.services, "A": leading})
    code = book(centre, service="A", at=clock() + timedelta(minutes=5), actor="web").code
    mine = check_in(centre, code, actor="touch").place.ticket
    take(centre, "B", priority="NCT")
    clock.forward(minutes=5)
    next_at(centre)
    calls.park(centre, 2, clerk="lan", reason="supplement")
    come_back(centre, mine.id, actor="touch")
    next_at(centre)
    calls.finish(centre, 2, clerk="lan")

    assert next_at(centre, 1) == "A001"


@pytest.mark.parametrize(
    ("move", "to_counter"),
    [(calls.return_to_line, 2), (calls.transfer, 1)],
    ids=["returned", "transferred"],
)
def test_who_is_back_with_papers_stays_first_while_keeping_the_place(
    centre: Centre, move: Callable[..., object], to_counter: int
) -> None:
    ticket = back_with_papers(centre)
    for service in "AB":
        take(centre, service), take(centre, service, priority="NCT")
    move(centre, 2, clerk="lan", **({} if to_counter == 2 else {"service": "B"}))

    assert follow(centre, ticket).ticket.line == RETURNED
    assert next_at(centre, to_counter) == "A001"


def test_who_is_back_with_papers_is_first_for_that_service_and_place_only(centre: Centre) -> None:
    ticket = back_with_papers(centre)
    calls.finish(centre, 2, clerk="lan")
    assert follow(centre, ticket).ticket.line == ""
    next_at(centre, 1)
    calls.finish(centre, 1, clerk="lan")

    other = back_with_papers(centre)
    calls.return_to_line(centre, 2, clerk="lan", keep_place=False)
    assert follow(centre, other).ticket.line == ""


def test_without_a_limit_nobody_waits_too_long(centre: Centre, clock: Clock) -> None:
    centre = with_queue(centre, ageing=None)
    take(centre)
    clock.forward(hours=5)
    first = take(centre, priority="NCT")

    assert next_at(centre) == first.number
