from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from typing import TYPE_CHECKING

import pytest

from kiosk.errors import Refused
from kiosk.office import calls
from kiosk.office.calls import call_next
from kiosk.office.clerks import add_clerk
from kiosk.office.hall import read_board, read_counter, read_counters
from kiosk.office.sessions import sign_in
from kiosk.office.tickets import take_ticket
from kiosk.store import figures
from kiosk.tickets import Counter, TicketState
from tests.hall import centre_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from kiosk.office.centre import Centre
    from kiosk.tickets import Ticket
    from tests.hall import Clock


PIN = "135790"


def take(centre: Centre, service: str = "A", priority: str | None = None) -> Ticket:
    return take_ticket(centre, service=service, actor="touch", priority=priority).place.ticket


def call_all(url: str, counter: int) -> list[str]:
    centre = centre_of(url)
    called = []
    while (ticket := call_next(centre, counter, clerk=f"clerk-{counter}")) is not None:
        called.append(ticket.number)
    centre.database.close()
    return called


def test_two_clerks_in_two_processes_never_call_one_ticket(centre: Centre, store_url: str) -> None:
    taken = [take(centre).number for _ in range(60)]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        one, two = pool.map(call_all, [store_url, store_url], [1, 2])

    assert sorted(one + two) == taken
    assert one == sorted(one)
    assert two == sorted(two)


def test_the_longest_waiting_of_all_services_of_the_counter_is_next(centre: Centre) -> None:
    for service in ("B", "A", "B", "C"):
        take(centre, service)

    called = [call_next(centre, 1, clerk="hoa") for _ in range(4)]
    assert [ticket.number if ticket else None for ticket in called] == [
        "B001", "A001", "B002", None
    ]  # fmt: skip


def test_a_priority_class_is_called_before_those_who_came_earlier(centre: Centre) -> None:
    take(centre)
    take(centre, priority="NCT")

    called = call_next(centre, 1, clerk="hoa")
    assert called is not None
    assert called.number == "A002"


def test_a_call_ends_the_visit_of_nobody_but_whom_the_clerk_saw(centre: Centre) -> None:
    kept, gone, here, last = (take(centre) for _ in range(4))
    call_next(centre, 1, clerk="hoa", present=None)
    calls.park(centre, 1, clerk="hoa")
    call_next(centre, 1, clerk="hoa", present=None)
    call_next(centre, 1, clerk="hoa", present=gone.id)
    press = {"clerk": "hoa", "counter": 1}
    for seen, code in ((None, "illegal_move"), (gone.id, "illegal_move"), ("X", "no_such_ticket")):
        with pytest.raises(Refused, match=code):
            call_next(centre, **press, present=seen)
        with pytest.raises(Refused, match=code):
            calls.call_ticket(centre, wanted=last.id, reason="urgent", **press, present=seen)
        with pytest.raises(Refused, match=code):
            calls.resume(centre, ticket_id=kept.id, **press, present=seen)
    now = read_counter(centre, 1)
    assert now.current is not None
    assert (now.current.id, [ticket.id for ticket in now.parked]) == (here.id, [kept.id])
    assert [ticket.id for ticket in now.waiting] == [last.id]
    assert calls.resume(centre, ticket_id=kept.id, **press, present=here.id).id == kept.id


def test_next_finishes_who_is_there_even_when_nobody_waits(centre: Centre) -> None:
    ticket = take(centre)
    call_next(centre, 1, clerk="hoa")

    assert call_next(centre, 1, clerk="hoa") is None
    with centre.database.read() as query:
        row = query.one("SELECT state, ended_at FROM ticket WHERE id = :id", id=ticket.id)
    assert row is not None
    assert row["state"] == "finished"
    assert row["ended_at"] is not None


def test_a_repeated_press_gives_the_answer_of_the_first(centre: Centre) -> None:
    take(centre)
    take(centre)
    first = call_next(centre, 1, clerk="hoa", request_id="press-1")
    again = call_next(centre, 1, clerk="hoa", request_id="press-1")
    other_counter = call_next(centre, 2, clerk="an", request_id="press-1")

    assert first is not None
    assert again is not None
    assert other_counter is not None
    assert (first.number, again.number, other_counter.number) == ("A001", "A001", "A002")


def test_a_visit_goes_its_whole_way(centre: Centre, clock: Clock) -> None:
    ticket = take(centre)
    call_next(centre, 1, clerk="hoa")
    clock.forward(seconds=20)
    recalled = calls.recall(centre, 1, clerk="hoa")
    clock.forward(seconds=10)
    started = calls.start(centre, 1, clerk="hoa")
    clock.forward(minutes=5)
    finished = calls.finish(centre, 1, clerk="hoa")

    assert recalled.calls == 2
    assert started.state is TicketState.SERVING
    assert finished.state is TicketState.FINISHED
    assert [(call.number, call.times) for call in read_board(centre).calls] == [
        ("A001", 2), ("A001", 1)
    ]  # fmt: skip
    with centre.database.read() as query:
        kinds = query.all("SELECT kind FROM event WHERE ticket = :id ORDER BY seq", id=ticket.id)
    assert [row["kind"] for row in kinds] == [
        "ticket.issued", "ticket.called", "ticket.recalled", "ticket.started", "ticket.finished"
    ]  # fmt: skip


def test_a_parked_ticket_is_kept_for_its_counter_and_called_back(centre: Centre) -> None:
    ticket = take(centre)
    call_next(centre, 1, clerk="hoa")
    calls.park(centre, 1, clerk="hoa")
    view = read_counter(centre, 1)
    with pytest.raises(Refused, match="no_such_ticket"):
        calls.resume(centre, 2, ticket.id, clerk="an")
    back = calls.resume(centre, 1, ticket.id, clerk="hoa")

    assert view.current is None
    assert [kept.id for kept in view.parked] == [ticket.id]
    assert back.state is TicketState.CALLED
    with pytest.raises(Refused, match="illegal_move"):
        calls.resume(centre, 1, ticket.id, clerk="hoa")


def test_who_missed_the_call_is_called_back_with_the_same_number(centre: Centre) -> None:
    ticket = take(centre)
    call_next(centre, 1, clerk="hoa")
    calls.no_show(centre, 1, clerk="hoa")
    missed = read_counter(centre, 1).missed
    back = calls.resume(centre, 1, ticket.id, clerk="hoa")

    assert [one.id for one in missed] == [ticket.id]
    assert (back.state, back.calls, back.ended_at) == (TicketState.CALLED, 1, None)
    assert read_counter(centre, 1).missed == ()


def test_a_ticket_sent_to_another_service_keeps_its_number_and_its_place(centre: Centre) -> None:
    take(centre)
    call_next(centre, 1, clerk="hoa")
    take(centre, "F")
    moved = calls.transfer(centre, 1, clerk="hoa", service="F")
    called = call_next(centre, 3, clerk="an")

    assert (moved.number, moved.service, moved.state) == ("A001", "F", TicketState.WAITING)
    assert called is not None
    assert called.number == "A001"


def test_a_ticket_sent_to_a_counter_is_called_there_and_nowhere_else(centre: Centre) -> None:
    take(centre)
    call_next(centre, 1, clerk="hoa")
    calls.transfer(centre, 1, clerk="hoa", to_counter=3)

    assert call_next(centre, 2, clerk="bình") is None
    called = call_next(centre, 3, clerk="an")
    assert called is not None
    assert (called.number, called.counter) == ("A001", 3)


@pytest.mark.parametrize(
    "move",
    [calls.recall, calls.start, calls.finish, calls.no_show, calls.park],
    ids=lambda move: move.__name__,
)
def test_a_move_without_anybody_at_the_counter_is_refused(
    centre: Centre, move: Callable[..., Ticket]
) -> None:
    with pytest.raises(Refused, match="nobody_here"):
        move(centre, 1, clerk="hoa")


def test_who_is_being_served_can_no_longer_be_a_no_show(centre: Centre) -> None:
    take(centre)
    call_next(centre, 1, clerk="hoa")
    calls.start(centre, 1, clerk="hoa")

    for move in (calls.no_show, calls.recall, calls.start):
        with pytest.raises(Refused, match="illegal_move"):
            move(centre, 1, clerk="hoa")


@pytest.mark.parametrize(
    ("target", "code"),
    [
        ({}, "transfer_where"),
        ({"service": "A", "to_counter": 2}, "transfer_where"),
        ({"service": "Z"}, "unknown_service"),
        ({"to_counter": 9}, "unknown_counter"),
        ({"to_counter": 1}, "transfer_here"),
    ],
)
def test_a_transfer_to_nowhere_is_refused_and_moves_nothing(
    centre: Centre, target: dict[str, object], code: str
) -> None:
    ticket = take(centre)
    call_next(centre, 1, clerk="hoa")

    with pytest.raises(Refused, match=code):
        calls.transfer(centre, 1, clerk="hoa", **target)
    current = read_counter(centre, 1).current
    assert current is not None
    assert current.id == ticket.id


def test_a_move_meant_for_somebody_who_has_gone_is_refused(centre: Centre) -> None:
    gone = take(centre)
    call_next(centre, 1, clerk="hoa")
    present = take(centre)
    call_next(centre, 1, clerk="hoa")

    for move in (calls.recall, calls.no_show, calls.finish):
        with pytest.raises(Refused) as refusal:
            move(centre, 1, clerk="hoa", ticket=gone.id)
        assert refusal.value.facts["state"] == "finished"
    with pytest.raises(Refused, match="no_such_ticket"):
        calls.finish(centre, 1, clerk="hoa", ticket="A00000000000")
    assert calls.finish(centre, 1, clerk="hoa", ticket=present.id).id == present.id


def test_a_ticket_sent_to_a_counter_stands_in_no_other_line(centre: Centre) -> None:
    take(centre)
    call_next(centre, 1, clerk="hoa")
    calls.transfer(centre, 1, clerk="hoa", to_counter=3)
    issued = take_ticket(centre, service="A", actor="touch")

    assert issued.place.ahead == 0
    assert read_counter(centre, 1).waiting_total == 1
    assert read_counter(centre, 3).waiting_total == 1


def test_a_class_that_was_taken_out_of_the_configuration_is_still_called(centre: Centre) -> None:
    take(centre, priority="NCT")
    without = replace(centre, priorities={})

    called = call_next(without, 1, clerk="hoa")
    assert called is not None
    assert called.number == "A001"


def test_a_person_left_at_a_counter_overnight_expires_and_spoils_no_estimate(
    centre: Centre, clock: Clock
) -> None:
    left = take(centre)
    call_next(centre, 1, clerk="hoa")
    clock.forward(days=3)
    take(centre)
    call_next(centre, 1, clerk="hoa")

    with centre.database.read() as query:
        assert figures.paces(query, centre.code, "A", 8) == ({}, {})
        kinds = query.all("SELECT kind FROM event WHERE ticket = :id ORDER BY seq", id=left.id)
    assert [row["kind"] for row in kinds][-1] == "ticket.expired"


def test_an_unknown_counter_is_refused(centre: Centre) -> None:
    with pytest.raises(Refused, match="unknown_counter"):
        call_next(centre, 9, clerk="hoa")


def test_a_clerk_sees_who_waits_with_the_next_first(centre: Centre) -> None:
    for service, priority in (("A", None), ("B", None), ("C", None), ("B", "NCT")):
        take(centre, service, priority)
    view = read_counter(centre, 1)

    assert [ticket.number for ticket in view.waiting] == ["B002", "A001", "B001"]
    assert view.waiting_total == 3


def test_counters_that_are_read_at_once_show_what_each_shows_alone(centre: Centre) -> None:
    works = {
        1: Counter(1, ("A", "B"), "hall"),
        2: Counter(2, ("B", "A"), "hall"),
        3: Counter(3, ("B", "A"), "hall", order="listed"),
        4: Counter(4, ("A", "B"), "hall", order="weight", weights=(3, 1)),
        5: Counter(5, ("A", "B"), "hall", order="weight", weights=(3, 1)),
    }
    centre = replace(centre, counters=works)
    for number in works:
        add_clerk(centre, f"clerk{number}", "Lê Thị Hoa", PIN)
        sign_in(centre, f"clerk{number}", PIN, number)
    for code in "AABBABAB":
        take_ticket(centre, service=code, actor="test")
    called = call_next(centre, 4, clerk="clerk4")
    calls.transfer(centre, 4, clerk="clerk4", to_counter=2)
    call_next(centre, 5, clerk="clerk5")
    calls.park(centre, 5, clerk="clerk5")
    missed = call_next(centre, 5, clerk="clerk5")
    calls.no_show(centre, 5, clerk="clerk5")

    views = read_counters(centre, works)

    assert views == {number: read_counter(centre, number) for number in works}
    assert called is not None
    assert missed is not None
    assert views[2].waiting[0].id == called.id
    assert called.id not in {ticket.id for ticket in views[1].waiting}
    assert [ticket.id for ticket in views[5].missed] == [missed.id]
    assert views[1].waiting != views[3].waiting
