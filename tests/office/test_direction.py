"""What a supervisor orders in the hall, and what clerks and citizens meet then."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from kiosk.errors import Refused
from kiosk.office.alarms import answer_alarm, end_alarm, raise_alarm
from kiosk.office.appointments import book, check_in
from kiosk.office.calls import call_next, call_ticket, finish, start, transfer, undo
from kiosk.office.clerks import add_clerk, free_counter
from kiosk.office.direction import (
    bind_limits,
    close_counter,
    go_on_with,
    lift_limits,
    open_counter,
    pause_services,
    paused_services,
    prioritise,
    set_services,
)
from kiosk.office.hall import read_board, read_counter
from kiosk.office.overview import read_overview
from kiosk.office.sessions import session, sign_in
from kiosk.office.tickets import follow, take_ticket
from kiosk.store import events
from kiosk.tickets import Reason

if TYPE_CHECKING:
    from kiosk.office.centre import Centre
    from kiosk.tickets import Ticket
    from tests.hall import Clock

PIN = "135790"
BOSS = "truong"


@pytest.fixture
def at_work(centre: Centre) -> Centre:
    """Hoa works at counter 1 (A and B), Minh at counter 2 (A)."""
    for login, counter in (("hoa", 1), ("minh", 2)):
        add_clerk(centre, login, login.title(), PIN)
        sign_in(centre, login, PIN, counter)
    return centre


def take(centre: Centre, service: str = "A", **more: str) -> Ticket:
    return take_ticket(centre, service=service, actor="test", **more).place.ticket


def told(centre: Centre) -> list[tuple[str, dict[str, object]]]:
    with centre.database.read() as query:
        rows = query.all("SELECT kind, clerk, details FROM event ORDER BY seq")
    return [
        (row["kind"], json.loads(row["details"]))
        for row in rows
        if row["kind"].startswith(("hall.", "alarm.")) or row["kind"] == "ticket.prioritised"
    ]


def test_another_process_calls_as_it_was_ordered(at_work: Centre) -> None:
    """The keypads have a process of their own, and read no state but that of their presses."""
    keypads = replace(at_work, counters=dict(at_work.desks.configured))
    for service in ("A", "D"):
        take(at_work, service)
    set_services(at_work, 2, ["D"], by=BOSS)
    assert keypads.counter(2).services != ("D",)
    called = call_next(keypads, 2, clerk="minh")
    assert called is not None
    assert called.number == "D001"
    assert call_next(keypads, 2, clerk="minh") is None


@pytest.mark.parametrize("serving", [False, True])
def test_who_is_at_a_counter_that_its_clerk_has_left_is_called_elsewhere(
    at_work: Centre, serving: bool
) -> None:
    take(at_work)
    called = call_next(at_work, 1, clerk="hoa")
    assert called is not None
    if serving:
        start(at_work, 1, clerk="hoa")
    with pytest.raises(Refused) as here:
        call_ticket(at_work, 2, "A001", reason="gấp", clerk="minh")
    assert (here.value.code, here.value.facts["counter"]) == ("number_at_counter", 1)
    free_counter(at_work, 1, by=BOSS)
    close_counter(at_work, 1, by=BOSS)
    assert read_board(at_work).kept_at_closed == ((1, ("A001",)),)

    again = call_ticket(at_work, 2, "A001", reason="gấp", clerk="minh")
    assert (again.state.value, again.counter) == ("called", 2)
    assert read_board(at_work).kept_at_closed == ()
    with at_work.database.read() as query:
        assert events.first_broken(query, at_work.code) is None
    undo(at_work, 2, clerk="minh")
    assert follow(at_work, called.id).ticket.state.value == "waiting"
    assert read_counter(at_work, 1).current is None


def test_a_closed_counter_ends_its_visit_and_calls_nobody(at_work: Centre) -> None:
    first, _ = take(at_work), take(at_work)
    call_next(at_work, 2, clerk="minh")
    close_counter(at_work, 2, by=BOSS)
    close_counter(at_work, 2, by=BOSS)

    assert read_counter(at_work, 2).closed
    assert finish(at_work, 2, clerk="minh").id == first.id
    with pytest.raises(Refused, match="counter_closed"):
        call_next(at_work, 2, clerk="minh")
    with pytest.raises(Refused, match="counter_closed"):
        sign_in(at_work, "minh", PIN, 2)
    assert read_board(at_work).lines[0].open_counters == (1,)
    states = {counter.number: counter.state for counter in read_overview(at_work).counters}
    assert states == {1: "free", 2: "closed", 3: "empty"}
    assert told(at_work) == [("hall.counter_closed", {"counter": 2})]

    open_counter(at_work, 2, by=BOSS)
    assert call_next(at_work, 2, clerk="minh") is not None
    assert read_board(at_work).lines[0].open_counters == (1, 2)


def test_who_was_sent_to_a_counter_that_closes_may_be_called_by_others(at_work: Centre) -> None:
    ticket = take(at_work)
    call_next(at_work, 1, clerk="hoa")
    transfer(at_work, 1, to_counter=2, clerk="hoa")
    close_counter(at_work, 2, by=BOSS)
    called = call_next(at_work, 1, clerk="hoa")
    assert called is not None
    assert called.id == ticket.id


def test_an_order_is_for_the_day(at_work: Centre, clock: Clock) -> None:
    close_counter(at_work, 2, by=BOSS)
    set_services(at_work, 3, ["A"], by=BOSS)
    clock.forward(days=1)
    assert read_board(at_work).lines[0].counters == (1, 2)
    sign_in(at_work, "minh", PIN, 2)


def test_a_counter_takes_other_services_at_once_and_everybody_is_told_so(at_work: Centre) -> None:
    sign_in(at_work, "minh", PIN, 2)
    land = take(at_work, "F")
    set_services(at_work, 2, ["F", "A", "F"], by=BOSS)

    called = call_next(at_work, 2, clerk="minh")
    assert called is not None
    assert called.id == land.id
    line = next(line for line in read_board(at_work).lines if line.code == "F")
    assert (line.counters, line.open_counters) == ((2, 3), (2,))
    assert follow(at_work, take(at_work, "F").id).counters == (2,)
    state = read_overview(at_work).counters[1]
    assert (state.services, state.changed) == (("F", "A"), True)

    set_services(at_work, 2, ["A"], by=BOSS)
    assert not read_overview(at_work).counters[1].changed
    assert [details for _, details in told(at_work)] == [
        {"counter": 2, "old": ["A"], "new": ["F", "A"]},
        {"counter": 2, "old": ["F", "A"], "new": ["A"]},
    ]


def test_another_process_follows_the_order_when_it_reads_anew(at_work: Centre) -> None:
    other = replace(at_work, counters=dict(at_work.counters))
    set_services(at_work, 3, ["A"], by=BOSS)
    assert other.counters_of("A") == (1, 2)
    assert read_board(other).lines[0].counters == (1, 2, 3)
    assert other.counters_of("A") == (1, 2, 3)


@pytest.mark.parametrize("services", [["Z"], ["A", "nothing"]])
def test_a_service_that_is_none_is_refused(at_work: Centre, services: list[str]) -> None:
    with pytest.raises(Refused, match="unknown_service"):
        set_services(at_work, 2, services, by=BOSS)
    assert told(at_work) == []


def test_lifted_limits_give_numbers_for_the_rest_of_the_day(centre: Centre, clock: Clock) -> None:
    for _ in range(2):
        take(centre, "D")
    with pytest.raises(Refused, match="limit_reached"):
        take(centre, "D")
    lift_limits(centre, "D", by=BOSS)
    assert take(centre, "D").number == "D003"
    assert read_overview(centre).lines[3].lifted
    bind_limits(centre, "D", by=BOSS)
    with pytest.raises(Refused, match="limit_reached"):
        take(centre, "D")
    lift_limits(centre, "D", by=BOSS)
    clock.forward(days=1)
    for _ in range(2):
        take(centre, "D")
    with pytest.raises(Refused, match="limit_reached"):
        take(centre, "D")


def test_lifted_limits_give_no_number_twice(centre: Centre) -> None:
    short = replace(centre.services["D"], last_number=2)
    centre = replace(centre, services={**centre.services, "D": short})
    for _ in range(2):
        take(centre, "D")
    lift_limits(centre, "D", by=BOSS)
    with pytest.raises(Refused, match="numbers_used_up"):
        take(centre, "D")


def test_a_paused_service_gives_no_number_until_it_goes_on_or_the_day_ends(
    at_work: Centre, clock: Clock
) -> None:
    known = take(at_work)
    pause_services(at_work, ("A", "D"), by=BOSS)
    pause_services(at_work, ("A",), by=BOSS)
    for service in "AD":
        with pytest.raises(Refused, match="service_paused"):
            take(at_work, service)
    assert take(at_work, "B").number == "B001"
    assert {row.code: row.refusal for row in read_board(at_work).lines}["A"] == "service_paused"
    called = call_next(at_work, 2, clerk="minh")
    assert called is not None
    assert called.id == known.id
    go_on_with(at_work, ("A", "B"), by=BOSS)
    assert take(at_work).number == "A002"
    assert paused_services(at_work) == {"D"}
    kinds = [kind for kind, _ in told(at_work)]
    assert kinds == ["hall.services_paused", "hall.services_continued"]
    assert told(at_work)[-1][1] == {"services": ["A"]}
    clock.forward(days=1)
    assert take(at_work, "D").number == "D001"
    with pytest.raises(Refused, match="unknown_service"):
        pause_services(at_work, ("Z",), by=BOSS)


def test_a_pause_keeps_nobody_out_who_has_an_appointment(centre: Centre) -> None:
    code = book(centre, service="A", at=centre.clock() + timedelta(hours=1), actor="test").code
    pause_services(centre, ("A",), by=BOSS)

    assert check_in(centre, code, actor="touch").new


def test_who_is_given_a_class_is_called_before_the_others(at_work: Centre) -> None:
    at_work = replace(at_work, reasons=(Reason("baby", {"vi": "Con nhỏ"}, "priority"),))
    first, second = take(at_work), take(at_work)
    with pytest.raises(Refused, match="reason_needed"):
        prioritise(at_work, "A002", "NCT", reason="", by=BOSS)
    with pytest.raises(Refused, match="unknown_reason"):
        prioritise(at_work, "A002", "NCT", reason="friend", by=BOSS)
    with pytest.raises(Refused, match="unknown_priority"):
        prioritise(at_work, "A002", "VIP", reason="baby", by=BOSS)
    for _ in range(2):
        prioritise(at_work, "a2", "NCT", reason="baby", by=BOSS)

    assert follow(at_work, first.id).ahead == 1
    called = [call_next(at_work, 2, clerk="minh") for _ in range(2)]
    assert [ticket.id for ticket in called if ticket] == [second.id, first.id]
    assert told(at_work) == [
        (
            "ticket.prioritised",
            {"number": "A002", "service": "A", "priority": "NCT", "why": "baby"},
        )
    ]


def test_nobody_is_given_a_class_who_does_not_wait(at_work: Centre) -> None:
    take(at_work)
    call_next(at_work, 2, clerk="minh")
    with pytest.raises(Refused, match="illegal_move"):
        prioritise(at_work, "A001", "NCT", reason="help", by=BOSS)
    with pytest.raises(Refused, match="no_such_number"):
        prioritise(at_work, "A009", "NCT", reason="help", by=BOSS)


def test_the_class_goes_along_when_the_ticket_comes_back_to_its_line(at_work: Centre) -> None:
    take(at_work)
    second = take(at_work)
    prioritise(at_work, "A002", "NCT", reason="help", by=BOSS)
    called = call_next(at_work, 1, clerk="hoa")
    assert called is not None
    assert called.id == second.id
    transfer(at_work, 1, service="B", clerk="hoa")
    assert read_counter(at_work, 1).waiting[0].id == second.id
    assert read_counter(at_work, 1).waiting[0].line == "NCT"


def test_an_alarm_is_seen_until_it_is_over_and_once(at_work: Centre) -> None:
    add_clerk(at_work, BOSS, "Trần Thu Trang", PIN)
    for _ in range(2):
        raise_alarm(at_work, 2, clerk="minh")
    alarm = read_counter(at_work, 2).alarm
    assert alarm is not None
    assert (alarm.clerk, alarm.answered_by) == ("Minh", None)
    for _ in range(2):
        answer_alarm(at_work, 2, by=BOSS)
    (seen,) = read_overview(at_work).alarms
    assert (seen.counter, seen.answered_by) == (2, "Trần Thu Trang")
    for _ in range(2):
        end_alarm(at_work, 2, by="minh")
    assert read_overview(at_work).alarms == ()
    assert [kind for kind, _ in told(at_work)] == ["alarm.raised", "alarm.answered", "alarm.ended"]


def test_the_overview_tells_each_counter_and_each_line(at_work: Centre, clock: Clock) -> None:
    slow = replace(at_work.services["A"], target_minutes=10)
    at_work = replace(at_work, services={**at_work.services, "A": slow})
    for _ in range(3):
        take(at_work)
    called = call_next(at_work, 1, clerk="hoa")
    assert called is not None
    clock.forward(minutes=11)
    take(at_work)
    seen = read_overview(at_work)
    hoa, minh, empty = seen.counters
    assert (hoa.state, hoa.clerk, hoa.since) == ("called", "Hoa", called.called_at)
    assert hoa.ticket is not None
    assert hoa.ticket.id == called.id
    assert (minh.state, empty.state, empty.clerk) == ("free", "empty", None)
    line = seen.lines[0]
    assert (line.waiting, line.overdue, line.given) == (3, 2, 4)
    assert line.longest == clock() - timedelta(minutes=11)


def test_a_counter_is_freed_for_the_next_clerk_and_keeps_its_visit(at_work: Centre) -> None:
    take(at_work)
    called = call_next(at_work, 2, clerk="minh")
    token = sign_in(at_work, "minh", PIN, 2).token
    free_counter(at_work, 2, by=BOSS)
    free_counter(at_work, 2, by=BOSS)
    assert session(at_work, token) is None
    sign_in(at_work, "hoa", PIN, 2)
    assert read_counter(at_work, 2).current == called
