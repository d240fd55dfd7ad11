from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from typing import TYPE_CHECKING

import pytest

from kiosk.counter_day import open_times, tallies
from kiosk.history import Activity
from kiosk.office.appointments import book, check_in
from kiosk.office.calls import call_next, finish, park, start, transfer, undo
from kiosk.office.clerks import add_clerk
from kiosk.office.figures import PACES_LIVE, read_day, read_days_before, read_events
from kiosk.office.hall import read_board
from kiosk.office.sessions import go_on, pause, sign_in, sign_out
from kiosk.office.tickets import follow, take_ticket
from kiosk.store import figures
from kiosk.tickets import Hours, Outcome

if TYPE_CHECKING:
    from kiosk.board import Place
    from kiosk.office.centre import Centre
    from tests.hall import Clock

MONDAY = date(2026, 11, 23)
TUESDAY = date(2026, 11, 24)
HOUR = 8


def take(centre: Centre, service: str = "A", priority: str | None = None) -> Place:
    return take_ticket(centre, service=service, priority=priority, actor="touch").place


def open_counter(centre: Centre, login: str, number: int) -> str:
    add_clerk(centre, login, login.title(), "135790")
    return sign_in(centre, login, "135790", number).token


def serve(centre: Centre, clock: Clock, counter: int, people: int, minutes: float = 5) -> None:
    for _ in range(people):
        take(centre)
        call_next(centre, counter, clerk="an")
        clock.forward(minutes=minutes)
        finish(centre, counter, clerk="an")


def times(centre: Centre, service: str = "A", hour: int = HOUR) -> dict[int, tuple[int, ...]]:
    with centre.database.read() as query:
        return figures.recent_times(query, centre.code, service, hour)


def test_each_time_at_a_counter_is_kept_for_its_service_and_hour(
    centre: Centre, clock: Clock
) -> None:
    serve(centre, clock, 2, 2, minutes=4)

    assert times(centre) == {-1: (240, 240), HOUR: (240, 240)}


def test_a_move_that_is_taken_back_leaves_no_time(centre: Centre, clock: Clock) -> None:
    serve(centre, clock, 2, 1, minutes=4)
    take(centre)
    call_next(centre, 2, clerk="an")
    clock.forward(minutes=7)
    finish(centre, 2, clerk="an")
    undo(centre, 2, clerk="an")
    clock.forward(minutes=1)
    transfer(centre, 2, clerk="an", service="B")

    assert times(centre)[-1] == (240, 480)
    assert times(centre, "B")[-1] == ()


def test_taking_a_call_back_takes_the_time_of_whom_it_finished_back_too(
    centre: Centre, clock: Clock
) -> None:
    take(centre), take(centre)
    call_next(centre, 2, clerk="an")
    clock.forward(minutes=3)
    call_next(centre, 2, clerk="an")
    assert times(centre)[-1] == (180,)
    undo(centre, 2, clerk="an")

    assert times(centre)[-1] == ()


def test_the_estimate_counts_who_is_here_who_waits_and_who_works(
    centre: Centre, clock: Clock
) -> None:
    open_counter(centre, "an", 2)
    serve(centre, clock, 2, 8)
    take(centre)
    call_next(centre, 2, clerk="an")
    places = [take(centre) for _ in range(5)]
    one = [place.estimate for place in places]
    open_counter(centre, "binh", 1)
    two = follow(centre, places[-1].ticket.id).estimate

    assert all(low < n * 300 + 300 and high > n * 300 for n, (low, high) in enumerate(one))
    assert two is not None
    assert two[1] < one[-1][1] * 0.8


def test_a_new_service_leans_on_the_times_of_the_office(centre: Centre, clock: Clock) -> None:
    serve(centre, clock, 2, 6)
    open_counter(centre, "an", 1)
    take(centre, "B")
    place = take(centre, "B")

    assert place.estimate is not None
    assert place.estimate[1] > 150


@pytest.mark.parametrize("passed", [PACES_LIVE, -PACES_LIVE], ids=["clock on", "clock back"])
def test_times_that_another_process_notes_soon_count(
    centre: Centre, clock: Clock, passed: timedelta
) -> None:
    other = replace(centre)
    open_counter(centre, "an", 2)
    serve(other, clock, 2, 8, minutes=2)
    before, read_at = take(centre).estimate, clock.now
    call_next(other, 2, clerk="an")
    serve(other, clock, 2, 12, minutes=8)
    clock.now = read_at + passed
    later = take(centre).estimate

    assert before is not None
    assert later is not None
    assert later[1] > 1.5 * before[1]


def test_a_pausing_counter_is_no_counter(centre: Centre) -> None:
    token = open_counter(centre, "an", 2)
    assert take(centre).warning is None
    sign_out(centre, token)

    assert take(centre).warning == "no_counter"
    assert [line.warning for line in read_board(centre).lines][:2] == ["no_counter", "no_counter"]


def test_a_ticket_sent_where_its_service_is_not_taken_is_told_its_place(
    centre: Centre, clock: Clock
) -> None:
    listed = replace(centre.counters[3], order="listed")
    centre = replace(centre, counters={**centre.counters, 3: listed})
    for login, number in (("an", 2), ("binh", 3)):
        open_counter(centre, login, number)
    serve(centre, clock, 2, 8)
    first, second = (take(centre).ticket.id for _ in range(2))
    for _ in range(2):
        call_next(centre, 2, clerk="an")
        transfer(centre, 2, clerk="an", to_counter=3)
    take(centre, "D")
    places = [follow(centre, ticket) for ticket in (first, second)]

    assert [place.ahead for place in places] == [0, 1]
    assert [place.warning for place in places] == [None, None]
    assert places[0].estimate is not None
    assert places[1].estimate is not None
    assert places[1].estimate[0] > 60


def test_an_appointment_before_its_time_is_nobodys_predecessor_and_is_told_no_wait(
    centre: Centre, clock: Clock
) -> None:
    open_counter(centre, "an", 2)
    serve(centre, clock, 2, 8)
    take(centre), take(centre)
    later, sooner = (
        book(centre, service="A", at=clock() + timedelta(minutes=m), actor="web").code
        for m in (120, 60)
    )
    mine, other = (check_in(centre, code, actor="touch").place for code in (later, sooner))
    newcomer = take(centre)

    assert (mine.ahead, other.ahead, newcomer.ahead) == (2, 2, 2)
    assert (mine.early, mine.estimate) == (True, None)
    assert newcomer.estimate is not None
    assert newcomer.estimate[0] < 2 * 300
    assert [follow(centre, place.ticket.id).ahead for place in (mine, other)] == [4, 3]
    assert read_board(centre).lines[0].waiting == 5
    clock.forward(minutes=60)
    due, still, behind = (follow(centre, p.ticket.id) for p in (other, mine, newcomer))
    assert (due.ahead, due.early, due.estimate is not None) == (0, False, True)
    assert (still.ahead, still.early, behind.ahead) == (4, True, 3)


def test_among_those_who_were_sent_to_a_counter_a_due_appointment_comes_first(
    centre: Centre, clock: Clock
) -> None:
    code = book(centre, service="A", at=clock() + timedelta(minutes=20), actor="web").code
    booked = check_in(centre, code, actor="touch").place.ticket.id
    call_next(centre, 2, clerk="an")
    plain = take(centre).ticket.id
    transfer(centre, 2, clerk="an", to_counter=1)
    call_next(centre, 2, clerk="an")
    transfer(centre, 2, clerk="an", to_counter=1)

    assert [follow(centre, ticket).ahead for ticket in (booked, plain)] == [0, 1]


def test_who_may_not_be_called_before_the_session_ends_is_told_so(
    centre: Centre, clock: Clock
) -> None:
    morning = replace(centre.services["A"], hours=(Hours(time(7, 30), time(10, 30)),))
    centre = replace(centre, services={**centre.services, "A": morning})
    open_counter(centre, "an", 2)
    serve(centre, clock, 2, 6, minutes=10)
    warnings = [take(centre) for _ in range(8)]

    assert warnings[0].warning is None
    assert warnings[-1].warning == "after_closing"
    assert warnings[-1].ends_at == clock.now.replace(hour=3, minute=30)
    assert read_board(centre).lines[0].warning == "after_closing"


def test_a_day_is_read_from_its_events(centre: Centre, clock: Clock) -> None:
    token = open_counter(centre, "an", 2)
    take(centre)
    clock.forward(minutes=6)
    call_next(centre, 2, clerk="an")
    clock.forward(minutes=1)
    start(centre, 2, clerk="an")
    clock.forward(minutes=5)
    finish(centre, 2, clerk="an")
    clock.forward(minutes=8)
    sign_out(centre, token)
    clock.forward(days=1)
    take(centre)

    day = read_day(centre, MONDAY)

    (visit,) = day.visits
    assert (visit.waiting, visit.walking, visit.serving) == tuple(
        timedelta(minutes=n) for n in (6, 1, 5)
    )
    assert day.by_clerk()["an"][Activity.IDLE] == timedelta(minutes=6 + 8)
    assert [event.kind for event in read_events(centre, MONDAY)][-1] == "counter.closed"
    assert read_days_before(centre, date(2026, 11, 30), 9) == (date(2026, 11, 24), MONDAY)


def test_a_day_without_events_is_empty(centre: Centre) -> None:
    assert read_day(centre, MONDAY).visits == ()
    take(centre)

    assert read_day(centre, date(2026, 11, 20)).visits == ()


@pytest.mark.parametrize("nights", [1, 3])
def test_who_was_left_over_has_expired_in_the_figures_of_that_day(
    centre: Centre, clock: Clock, nights: int
) -> None:
    token = open_counter(centre, "an", 2)
    served, parked, left = take(centre), take(centre), take(centre)
    for _ in range(2):
        call_next(centre, 2, clerk="an")
    park(centre, 2, clerk="an")
    waited = take(centre)
    call_next(centre, 2, clerk="an")
    clock.forward(hours=1)
    sign_out(centre, token)
    before = read_day(centre, MONDAY)
    clock.forward(days=nights)
    take(centre)
    day = read_day(centre, MONDAY)

    assert {visit.id: visit.ended_by for visit in day.visits} == {
        served.ticket.id: "ticket.finished",
        parked.ticket.id: "ticket.expired",
        left.ticket.id: "ticket.expired",
        waited.ticket.id: "ticket.expired",
    }
    assert [visit.ended_by for visit in before.visits] == ["ticket.finished", "", "", ""]
    assert (day.start, day.end, day.stretches) == (before.start, before.end, before.stretches)
    assert [replace(visit, ended_by="") for visit in day.visits] == [
        replace(visit, ended_by="") for visit in before.visits
    ]


@pytest.mark.parametrize("keep", [False, True])
def test_a_visit_that_ends_after_midnight_is_one_of_the_day_before_with_its_outcome_and_time(
    centre: Centre, clock: Clock, *, keep: bool
) -> None:
    outcomes = {"received": Outcome("received", {"vi": "Đã tiếp nhận"})}
    queue = replace(centre.queue, keep_overnight=keep)
    centre = replace(centre, outcomes=outcomes, queue=queue)
    clock.forward(hours=15)
    open_counter(centre, "an", 2)
    late = take(centre)
    call_next(centre, 2, clerk="an")
    clock.forward(minutes=20)
    today = take(centre)
    start(centre, 2, clerk="an")
    under_way = read_day(centre, MONDAY)
    clock.forward(minutes=5)
    finish(centre, 2, clerk="an")
    undo(centre, 2, clerk="an")
    clock.forward(minutes=10)
    finish(centre, 2, clerk="an", outcome="received")
    call_next(centre, 2, clerk="an")
    day, next_day = read_day(centre, MONDAY), read_day(centre, TUESDAY)

    (before,), (visit,) = under_way.visits, day.visits
    assert (before.ended_by, before.walking) == ("", timedelta(minutes=20))
    assert (visit.id, visit.ended_by, visit.outcome) == (
        late.ticket.id, "ticket.finished", "received",
    )  # fmt: skip
    assert (visit.walking, visit.serving) == (timedelta(minutes=20), timedelta(minutes=15))
    assert (day.end, day.stretches) == (under_way.end, under_way.stretches)
    assert tallies(day, 2)["A"].served == 1
    assert [visit.id for visit in next_day.visits] == [today.ticket.id]
    assert next_day.by_clerk()["an"] == {
        **dict.fromkeys(Activity, timedelta()),
        Activity.WALKING: timedelta(minutes=2),
        Activity.SERVING: timedelta(minutes=15),
    }


def test_a_clerk_who_works_over_midnight_has_the_time_of_each_day(
    centre: Centre, clock: Clock
) -> None:
    clock.forward(hours=14)
    token = open_counter(centre, "an", 2)
    clock.forward(minutes=70)
    take(centre)
    call_next(centre, 2, clerk="an")
    clock.forward(minutes=20)
    finish(centre, 2, clerk="an")
    clock.forward(minutes=40)
    take(centre)
    call_next(centre, 2, clerk="an")
    clock.forward(minutes=5)
    finish(centre, 2, clerk="an")
    clock.forward(minutes=55)
    sign_out(centre, token)
    clock.forward(hours=9)
    open_counter(centre, "binh", 2)
    day, night, later = (read_day(centre, date(2026, 11, 23) + timedelta(days=n)) for n in range(3))

    assert [one.by_clerk().get("an", {}).get(Activity.IDLE) for one in (day, night)] == [
        timedelta(minutes=70),
        timedelta(minutes=40 + 55),
    ]
    assert [one.by_clerk()["an"][Activity.SERVING] for one in (day, night)] == [
        timedelta(minutes=8),
        timedelta(minutes=12 + 5),
    ]
    assert open_times(night, 2) == (day.end, day.end + timedelta(minutes=112))
    assert night.by_counter()[2][Activity.CLOSED] == timedelta(hours=9)
    assert later.stretches == ()


@pytest.mark.parametrize("left_somebody", [False, True])
def test_a_clerk_who_did_not_sign_out_is_not_at_work_before_signing_in_again(
    centre: Centre, clock: Clock, *, left_somebody: bool
) -> None:
    token = open_counter(centre, "an", 2)
    clock.forward(hours=3)
    pause(centre, token, "lunch")
    clock.forward(hours=2)
    go_on(centre, token)
    if left_somebody:
        take(centre)
        call_next(centre, 2, clerk="an")
    clock.forward(hours=18)
    opened = clock.now
    sign_in(centre, "an", "135790", 2)
    clock.forward(minutes=30)
    take(centre)
    call_next(centre, 2, clerk="an")
    clock.forward(minutes=5)
    finish(centre, 2, clerk="an")
    day = read_day(centre, TUESDAY)

    assert day.start == opened
    assert day.by_clerk()["an"] == {
        **dict.fromkeys(Activity, timedelta()),
        Activity.IDLE: timedelta(minutes=30),
        Activity.SERVING: timedelta(minutes=5),
    }


def test_who_is_kept_overnight_ends_on_the_day_that_ends_the_visit(
    centre: Centre, clock: Clock
) -> None:
    keeping = replace(centre, queue=replace(centre.queue, keep_overnight=True))
    kept = take(keeping)
    clock.forward(days=1)
    take(keeping)
    clock.forward(days=1)
    take(centre)
    monday, tuesday = read_day(centre, MONDAY), read_day(centre, TUESDAY)

    assert [(visit.id, visit.ended_by) for visit in monday.visits] == [(kept.ticket.id, "")]
    assert [visit.ended_by for visit in tuesday.visits] == ["ticket.expired"] * 2
    assert kept.ticket.id in {visit.id for visit in tuesday.visits}


def test_who_was_only_called_when_the_clerk_left_was_not_served(
    centre: Centre, clock: Clock
) -> None:
    token = open_counter(centre, "an", 2)
    take(centre)
    call_next(centre, 2, clerk="an")
    clock.forward(minutes=9)
    sign_out(centre, token)
    day = read_day(centre, MONDAY)

    assert (day.visits[0].walking, day.visits[0].serving) == (timedelta(minutes=9), timedelta())
    assert day.by_clerk()["an"][Activity.SERVING] == timedelta()


@pytest.mark.parametrize("days", [1, 2])
def test_a_ticket_of_the_night_before_is_no_visit_of_the_day(
    centre: Centre, clock: Clock, days: int
) -> None:
    take(centre)
    parked = take(centre)
    call_next(centre, 2, clerk="an")
    park(centre, 2, clerk="an")
    clock.forward(days=days)
    today = take(centre)

    visits = read_day(centre, MONDAY + timedelta(days=days)).visits

    assert parked.ticket.number == "A002"
    assert [visit.id for visit in visits] == [today.ticket.id]
