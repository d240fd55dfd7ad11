from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta
from typing import TYPE_CHECKING

import pytest

from kiosk.calendar import Calendar
from kiosk.errors import Refused
from kiosk.office import calls
from kiosk.office.appointments import book, cancel_appointment, check_in, read_appointments
from kiosk.office.calls import call_next
from kiosk.office.hall import read_counter
from kiosk.office.tickets import follow, take_ticket
from kiosk.office.visits import come_back
from kiosk.tickets import Hours, TicketState

if TYPE_CHECKING:
    from collections.abc import Callable

    from kiosk.office.centre import Centre
    from tests.hall import Clock

HALF_AN_HOUR = timedelta(minutes=30)


def next_at(centre: Centre, counter: int = 2) -> str | None:
    ticket = call_next(centre, counter, clerk="lan")
    return ticket.number if ticket else None


def test_an_appointment_is_called_at_its_time_before_those_who_came_first(
    centre: Centre, clock: Clock
) -> None:
    booked = book(centre, service="A", at=clock() + HALF_AN_HOUR, actor="web")
    mine = check_in(centre, booked.code.lower(), actor="touch").place
    for _ in range(3):
        take_ticket(centre, service="A", actor="touch", priority="NCT")
    before = next_at(centre)
    clock.forward(minutes=30)

    assert mine.ticket.number == "A001"
    assert before == "A002"
    assert [next_at(centre), next_at(centre)] == ["A001", "A003"]


def test_of_two_appointments_the_earlier_is_called_first_whoever_came_first(
    centre: Centre, clock: Clock
) -> None:
    later = book(centre, service="A", at=clock() + HALF_AN_HOUR, actor="web")
    sooner = book(centre, service="A", at=clock() + HALF_AN_HOUR / 2, actor="web")
    second = check_in(centre, later.code, actor="touch").place.ticket.number
    first = check_in(centre, sooner.code, actor="touch").place.ticket.number
    clock.forward(minutes=40)

    assert [next_at(centre), next_at(centre)] == [first, second]


def test_checking_in_twice_gives_the_same_ticket(centre: Centre, clock: Clock) -> None:
    booked = book(centre, service="A", at=clock() + HALF_AN_HOUR, actor="web")
    one = check_in(centre, booked.code, actor="touch")
    two = check_in(centre, booked.code, actor="touch")

    assert (one.new, two.new) == (True, False)
    assert one.place.ticket.id == two.place.ticket.id


@pytest.mark.parametrize(("late", "line"), [(15, "@"), (16, "")])
def test_within_the_grace_the_appointment_holds_and_later_one_waits_with_everybody(
    centre: Centre, clock: Clock, late: int, line: str
) -> None:
    booked = book(centre, service="A", at=clock() + HALF_AN_HOUR, actor="web")
    clock.forward(minutes=30 + late)

    assert check_in(centre, booked.code, actor="touch").place.ticket.line == line


def test_an_appointment_is_above_limits_and_ticket_hours(centre: Centre, clock: Clock) -> None:
    for _ in range(2):
        take_ticket(centre, service="D", actor="touch")
    full = book(centre, service="D", at=clock() + HALF_AN_HOUR, actor="web")
    clock.forward(hours=1.5)
    morning = book(centre, service="C", at=clock() + timedelta(hours=1), actor="web")
    clock.forward(hours=1.3)

    assert check_in(centre, full.code, actor="touch").place.ticket.number == "D003"
    assert check_in(centre, morning.code, actor="touch").place.ticket.number == "C001"


def test_a_booking_that_is_sent_again_is_the_same_booking(centre: Centre, clock: Clock) -> None:
    at = clock() + HALF_AN_HOUR
    first, second = (
        book(centre, service="A", at=at, actor="web", code="HEN-1234") for _ in range(2)
    )

    assert first == second
    assert read_appointments(centre) == (first,)


def test_what_cannot_be_booked_or_kept_says_why(centre: Centre, clock: Clock) -> None:
    at = clock() + HALF_AN_HOUR
    book(centre, service="A", at=at, actor="web", code="HEN-1234")
    for code, wrong in {
        "appointment_exists": {"code": "hen-1234", "at": at + HALF_AN_HOUR},
        "bad_appointment_code": {"code": "?"},
        "appointment_past": {"at": clock()},
        "closed_then": {"service": "C", "at": clock() + timedelta(hours=6)},
        "unknown_service": {"service": "Z"},
    }.items():
        with pytest.raises(Refused, match=code):
            book(centre, **{"service": "A", "at": at, "actor": "web", **wrong})
    tomorrow = book(centre, service="A", at=at + timedelta(days=1), actor="web")
    gone = book(centre, service="A", at=at, actor="web")
    assert cancel_appointment(centre, gone.code, actor="web").state == "cancelled"
    for code, refusal in {
        "NEVER": "no_such_appointment",
        "": "no_such_appointment",
        tomorrow.code: "appointment_other_day",
        gone.code: "appointment_cancelled",
    }.items():
        with pytest.raises(Refused, match=refusal):
            check_in(centre, code, actor="touch")
    check_in(centre, "HEN-1234", actor="touch")
    with pytest.raises(Refused, match="appointment_used"):
        cancel_appointment(centre, "HEN-1234", actor="web")


def test_the_day_lists_its_appointments_by_their_time(centre: Centre, clock: Clock) -> None:
    codes = [
        book(centre, service="A", at=clock() + HALF_AN_HOUR * n, actor="web").code
        for n in (3, 1, 2)
    ]

    listed = [entry.code for entry in read_appointments(centre)]
    assert listed == [codes[1], codes[2], codes[0]]


def test_an_appointment_that_misses_its_call_waits_with_everybody(
    centre: Centre, clock: Clock
) -> None:
    booked = book(centre, service="A", at=clock() + HALF_AN_HOUR, actor="web")
    check_in(centre, booked.code, actor="touch")
    other = take_ticket(centre, service="A", actor="touch").place.ticket
    clock.forward(minutes=30)
    next_at(centre)
    calls.return_to_line(centre, 2, clerk="lan", keep_place=False)

    assert [ticket.number for ticket in read_counter(centre, 2).waiting] == [other.number, "A001"]
    assert read_counter(centre, 2).waiting[1].state is TicketState.WAITING


def leave_to_next_step(centre: Centre) -> None:
    calls.finish(centre, 2, clerk="lan")


def leave_by_transfer(centre: Centre) -> None:
    calls.transfer(centre, 2, clerk="lan", service="B")


def leave_for_papers(centre: Centre) -> None:
    centre = replace(centre, queue=replace(centre.queue, supplement="place"))
    kept = calls.park(centre, 2, clerk="lan", reason="supplement")
    come_back(centre, kept.id, actor="touch")


def leave_for_the_line(centre: Centre) -> None:
    calls.return_to_line(centre, 2, clerk="lan")


@pytest.mark.parametrize(
    ("leave", "counter"),
    [(leave_to_next_step, 1), (leave_by_transfer, 1), (leave_for_papers, 2),
     (leave_for_the_line, 2)],
)  # fmt: skip
def test_who_was_seen_before_the_time_waits_for_it_no_more(
    centre: Centre, clock: Clock, leave: Callable[[Centre], None], counter: int
) -> None:
    leading = replace(centre.services["A"], then=("B",))
    centre = replace(centre, services={**centre.services, "A": leading})
    booked = book(centre, service="A", at=clock() + timedelta(hours=1), actor="web")
    mine = check_in(centre, booked.code, actor="touch").place.ticket
    assert next_at(centre) == "A001"
    calls.start(centre, 2, clerk="lan")
    clock.forward(minutes=5)
    leave(centre)
    clock.forward(minutes=1)
    others = [
        take_ticket(centre, service=service, actor="touch").place.ticket.number
        for service in ("A", "B")
    ]
    place = follow(centre, mine.id)

    assert (place.early, place.ahead) == (False, 0)
    assert place.ticket.waits_since == clock() - timedelta(minutes=1)
    assert next_at(centre, counter) == "A001"
    assert others == ["A002", "B001"]


def test_who_was_seen_before_the_time_and_then_misses_a_call_has_missed_one(
    centre: Centre, clock: Clock
) -> None:
    leading = replace(centre.services["A"], then=("B",))
    centre = replace(centre, services={**centre.services, "A": leading})
    booked = book(centre, service="A", at=clock() + timedelta(hours=1), actor="web")
    check_in(centre, booked.code, actor="touch")
    next_at(centre)
    calls.finish(centre, 2, clerk="lan")
    assert next_at(centre, 1) == "A001"

    assert calls.no_show(centre, 1, clerk="lan").state is TicketState.NO_SHOW


@pytest.mark.parametrize(("hour", "open_then"), [(11, True), (12, False), (16, True), (20, False)])
def test_the_offices_own_sessions_say_when_one_may_come(
    centre: Centre, hour: int, open_then: bool
) -> None:
    sessions = (Hours(time(7, 30), time(11, 30)), Hours(time(13, 30), time(17)))
    morning = replace(centre.services["A"], hours=(Hours(time(7, 30), time(10, 30)),))
    centre = replace(
        centre,
        calendar=Calendar(sessions=sessions),
        services={**centre.services, "A": morning},
    )
    at = centre.clock().astimezone(centre.timezone).replace(hour=hour, minute=0)
    for service in ("A", "B"):
        if open_then:
            assert book(centre, service=service, at=at, actor="test").service == service
        else:
            with pytest.raises(Refused, match="closed_then"):
                book(centre, service=service, at=at, actor="test")


def test_who_is_called_before_the_time_of_an_appointment_and_has_not_come_keeps_it(
    centre: Centre, clock: Clock
) -> None:
    centre = replace(centre, queue=replace(centre.queue, no_show_after=1))
    booked = book(centre, service="A", at=clock() + HALF_AN_HOUR, actor="web")
    mine = check_in(centre, booked.code, actor="touch").place.ticket
    clock.forward(minutes=10)
    assert next_at(centre) == mine.number
    clock.forward(minutes=1)
    waits = calls.no_show(centre, 2, clerk="lan")

    assert (waits.state, waits.line, waits.misses) == (TicketState.WAITING, "@", 0)
    assert next_at(centre) is None
    assert [one.number for one in read_counter(centre, 2).waiting] == [mine.number]
    assert follow(centre, mine.id).early

    clock.forward(minutes=19)
    take_ticket(centre, service="A", actor="touch")
    assert next_at(centre) == mine.number
    clock.forward(minutes=1)
    assert calls.no_show(centre, 2, clerk="lan").state is TicketState.NO_SHOW


def test_a_later_call_of_who_was_called_too_early_may_be_missed_as_any_other(
    centre: Centre, clock: Clock
) -> None:
    """Undone, kept or called by hand: what was noted of the early call does not stick."""
    booked = book(centre, service="A", at=clock() + HALF_AN_HOUR, actor="web")
    mine = check_in(centre, booked.code, actor="touch").place.ticket
    next_at(centre)
    calls.no_show(centre, 2, clerk="lan")
    called = calls.call_ticket(centre, 2, mine.number, reason="came", clerk="lan")
    assert called.reason == ""
    calls.undo(centre, 2, clerk="lan")

    assert next_at(centre) is None
    calls.call_ticket(centre, 2, mine.number, reason="came", clerk="lan")
    calls.start(centre, 2, clerk="lan")
    assert calls.finish(centre, 2, clerk="lan").state is TicketState.FINISHED
