from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta
from typing import TYPE_CHECKING

import pytest

from kiosk.errors import Refused
from kiosk.office import calls
from kiosk.office.appointments import book, read_appointments
from kiosk.office.calls import call_next
from kiosk.office.clerks import add_clerk
from kiosk.office.devices import report
from kiosk.office.hall import read_board, read_counter
from kiosk.office.sessions import sign_in, sign_out
from kiosk.office.tickets import follow, take_ticket
from kiosk.store import events
from kiosk.tickets import Outcome, TicketState
from tests.hall import MORNING

if TYPE_CHECKING:
    from kiosk.office.centre import Centre
    from kiosk.tickets import Ticket
    from tests.hall import Clock

PIN = "246813"
OUTCOMES = {"received": Outcome("received", {"vi": "Đã tiếp nhận"})}


def take(centre: Centre, service: str = "A") -> Ticket:
    return take_ticket(centre, service=service, actor="touch").place.ticket


def work_at(centre: Centre, counter: int, login: str = "lan") -> str:
    add_clerk(centre, login, "Nguyễn Thị Lan", PIN)
    return sign_in(centre, login, PIN, counter).token


def keeping(centre: Centre, *, keep: bool = True) -> Centre:
    return replace(centre, queue=replace(centre.queue, keep_overnight=keep))


def stored(centre: Centre, ticket: Ticket) -> str:
    with centre.database.read() as query:
        row = query.one("SELECT state FROM ticket WHERE id = :id", id=ticket.id)
    assert row is not None
    return str(row["state"])


def kinds(centre: Centre, ticket: Ticket) -> list[str]:
    with centre.database.read() as query:
        rows = query.all("SELECT kind FROM event WHERE ticket = :id ORDER BY seq", id=ticket.id)
    return [row["kind"] for row in rows]


def test_the_first_ticket_of_a_day_ends_what_waited_overnight(centre: Centre, clock: Clock) -> None:
    waited, kept, served = take(centre), take(centre), take(centre)
    clock.forward(hours=9)
    work_at(centre, 1)
    calls.call_ticket(centre, 1, kept.number, reason="x", clerk="lan")
    calls.park(centre, 1, clerk="lan")
    calls.call_ticket(centre, 1, served.number, reason="x", clerk="lan")
    clock.forward(hours=7)
    assert follow(centre, waited.id).ticket.state is TicketState.EXPIRED
    assert take(centre).number == "A001"

    assert [stored(centre, ticket) for ticket in (waited, kept)] == ["expired", "expired"]
    assert kinds(centre, waited) == ["ticket.issued", "ticket.expired"]
    assert stored(centre, served) == "called"
    call_next(centre, 1, clerk="lan")
    assert stored(centre, served) == "finished"


def test_what_a_night_left_at_a_counter_is_never_put_into_a_line_that_nobody_calls(
    centre: Centre, clock: Clock
) -> None:
    clock.forward(hours=9)
    missed, left = take(centre), take(centre)
    work_at(centre, 1)
    call_next(centre, 1, clerk="lan")
    calls.no_show(centre, 1, clerk="lan")
    call_next(centre, 1, clerk="lan")
    clock.forward(hours=7)
    take(centre)

    for move in (
        lambda: calls.park(centre, 1, clerk="lan"),
        lambda: calls.transfer(centre, 1, clerk="lan", service="B"),
        lambda: calls.return_to_line(centre, 1, clerk="lan"),
        lambda: calls.return_to_line(centre, 1, clerk="lan", ticket=missed.id),
        lambda: calls.undo(centre, 1, clerk="lan"),
    ):
        with pytest.raises(Refused):
            move()
    assert stored(centre, left) == "called"
    assert stored(centre, missed) == "no_show"


def test_a_call_before_midnight_is_not_taken_back_after_it(centre: Centre, clock: Clock) -> None:
    clock.forward(hours=15, minutes=17, seconds=57)
    ticket = take(centre)
    call_next(centre, 1, clerk="lan")
    clock.forward(seconds=5)

    with pytest.raises(Refused, match="nothing_to_undo"):
        calls.undo(centre, 1, clerk="lan")
    assert stored(centre, ticket) == "called"


def test_those_who_are_kept_overnight_come_first_with_their_numbers(
    centre: Centre, clock: Clock
) -> None:
    centre = keeping(centre)
    old = [take(centre) for _ in range(3)]
    call_next(centre, 2, clerk="lan")
    calls.finish(centre, 2, clerk="lan")
    clock.forward(days=1)
    new = take(centre)

    assert new.number == "A004"
    assert [follow(centre, ticket.id).ahead for ticket in (*old[1:], new)] == [0, 1, 2]
    assert kinds(centre, old[1]) == ["ticket.issued", "ticket.kept"]
    called = [call_next(centre, 2, clerk="lan") for _ in range(3)]
    assert [ticket.number for ticket in called if ticket] == ["A002", "A003", "A004"]
    calls.finish(centre, 2, clerk="lan")
    clock.forward(days=1)
    assert take(centre).number == "A001"


def test_who_is_kept_overnight_is_told_so_before_the_day_begins(
    centre: Centre, clock: Clock
) -> None:
    centre = keeping(centre)
    tickets = [take(centre) for _ in range(2)]
    clock.forward(days=1)
    before = [follow(centre, ticket.id) for ticket in tickets]
    report(centre, "printer", "ok")
    line = read_board(centre).lines[0]

    assert [(place.ticket.state, place.ahead) for place in before] == [
        ("waiting", 0),
        ("waiting", 1),
    ]
    assert line.waiting == 2


def test_a_daily_limit_counts_only_the_numbers_of_the_day(centre: Centre, clock: Clock) -> None:
    centre = keeping(centre)
    take(centre, "D")
    take(centre, "D")
    clock.forward(days=1)

    assert [take(centre, "D").number for _ in range(2)] == ["D003", "D004"]
    line = next(line for line in read_board(centre).lines if line.code == "D")
    assert (line.waiting, line.refusal) == (4, "limit_reached")


def test_a_clock_that_leaps_years_ahead_ends_nobodys_wait(centre: Centre, clock: Clock) -> None:
    waiting = take(centre)
    right = clock.now
    clock.forward(days=3000)
    leapt = take(centre)
    clock.now = right

    assert follow(centre, waiting.id).ticket.state is TicketState.WAITING
    assert [leapt.number, take(centre).number] == ["A002", "A003"]
    clock.forward(days=1)
    assert take(centre).number == "A001"
    assert [stored(centre, ticket) for ticket in (waiting, leapt)] == ["expired", "expired"]


def test_a_clock_days_back_gives_no_number_that_somebody_in_the_hall_has(
    centre: Centre, clock: Clock
) -> None:
    clock.forward(days=-10)
    take(centre)
    clock.forward(days=10)
    here = [take(centre) for _ in range(3)]
    clock.forward(days=-2)
    back = take(centre)
    clock.forward(days=2)

    assert back.number == "A004"
    called = [call_next(centre, 2, clerk="lan") for _ in range(3)]
    assert [ticket.id for ticket in called if ticket] == [ticket.id for ticket in here]


@pytest.mark.parametrize("away", [timedelta(days=40), timedelta(days=-2)])
def test_keeping_people_overnight_never_stops_the_office(
    centre: Centre, clock: Clock, away: timedelta
) -> None:
    centre = keeping(centre)
    clock.forward(days=-20)
    take(centre)
    clock.forward(days=20)
    take(centre)
    clock.now += away
    take(centre)
    if away < timedelta():
        clock.now -= away
    clock.forward(days=1)
    numbers = [take(centre).number for _ in range(2)]
    waiting = [ticket.number for ticket in read_counter(centre, 2).waiting]

    assert len(waiting) == len(set(waiting))
    assert waiting[-2:] == numbers


def test_who_was_left_at_a_counter_where_nobody_works_has_expired(
    centre: Centre, clock: Clock
) -> None:
    called = take(centre)
    call_next(centre, 2, clerk="lan")
    clock.forward(days=1)
    take(centre)

    assert stored(centre, called) == "expired"


def test_an_office_that_works_past_midnight_begins_its_day_later(
    centre: Centre, clock: Clock
) -> None:
    centre = replace(centre, queue=replace(centre.queue, day_starts=time(5)))
    clock.now = MORNING.replace(hour=16)  # 23:00 in the office
    take(centre)
    clock.forward(hours=3)
    assert take(centre).number == "A002"
    clock.forward(hours=3)

    assert take(centre).number == "A001"


def test_the_day_begins_once_whoever_is_first(centre: Centre, clock: Clock) -> None:
    take(centre)
    clock.forward(days=1)
    call_next(centre, 2, clerk="lan")
    take(centre)
    with centre.database.read() as query:
        rows = query.all("SELECT COUNT(*) AS n FROM event WHERE kind = 'day.began'")
        assert events.first_broken(query, centre.code) is None

    assert rows[0]["n"] == 2


def test_an_appointment_that_nobody_kept_is_marked_missed(centre: Centre, clock: Clock) -> None:
    booked = book(centre, service="A", at=clock() + timedelta(hours=1), actor="web")
    clock.forward(days=1)
    take(centre)

    assert [entry.state for entry in read_appointments(centre, booked.day)] == ["missed"]


@pytest.mark.parametrize("keep", [False, True])
@pytest.mark.parametrize("began", [False, True])
def test_who_is_at_a_counter_where_somebody_works_stays_there_and_ends_with_the_outcome(
    centre: Centre, clock: Clock, *, keep: bool, began: bool
) -> None:
    centre = replace(keeping(centre, keep=keep), outcomes=OUTCOMES)
    clock.forward(hours=15)
    work_at(centre, 2)
    served = take(centre)
    call_next(centre, 2, clerk="lan")
    if began:
        calls.start(centre, 2, clerk="lan")
    clock.forward(minutes=20)
    assert take(centre).number == ("A002" if keep else "A001")
    here = read_counter(centre, 2).current
    ended = calls.finish(centre, 2, clerk="lan", outcome="received")

    assert here is not None
    assert here.id == ended.id == served.id
    assert (ended.state, ended.outcome) == (TicketState.FINISHED, "received")
    assert "ticket.expired" not in kinds(centre, served)


@pytest.mark.parametrize("keep", [False, True])
def test_where_people_are_kept_a_journey_goes_on_over_midnight(
    centre: Centre, clock: Clock, *, keep: bool
) -> None:
    centre = keeping(centre, keep=keep)
    clock.forward(hours=15)
    work_at(centre, 2)
    visit = take_ticket(centre, services=("A", "B"), actor="touch").place.ticket
    call_next(centre, 2, clerk="lan")
    clock.forward(minutes=20)
    new = take(centre, "B")
    calls.finish(centre, 2, clerk="lan")
    here = follow(centre, visit.id).ticket

    if not keep:
        assert here.state is TicketState.FINISHED
        return
    assert (here.number, here.service, here.state, here.day) == (
        visit.number, "B", TicketState.WAITING, new.day,
    )  # fmt: skip
    assert kinds(centre, visit)[-2:] == ["ticket.went_on", "ticket.kept"]
    with pytest.raises(Refused, match="undo_moved"):
        calls.undo(centre, 2, clerk="lan")
    called = [call_next(centre, 1, clerk="hoa") for _ in range(2)]
    assert {ticket.id for ticket in called if ticket} == {visit.id, new.id}


@pytest.mark.parametrize("login", ["lan", "hoa"])
def test_signing_in_first_of_all_on_a_day_expires_nobody_at_that_counter(
    centre: Centre, clock: Clock, login: str
) -> None:
    clock.forward(hours=15)
    work_at(centre, 2)
    served = take(centre)
    call_next(centre, 2, clerk="lan")
    clock.forward(minutes=20)
    if login == "lan":
        sign_in(centre, "lan", PIN, 2)
    else:
        work_at(centre, 1, login)

    assert stored(centre, served) == "called"
    assert calls.finish(centre, 2, clerk="lan").id == served.id


@pytest.mark.parametrize("began", [False, True])
def test_who_was_left_at_a_counter_where_nobody_works_is_kept_in_the_line(
    centre: Centre, clock: Clock, *, began: bool
) -> None:
    centre = keeping(centre)
    called, behind = take(centre), take(centre)
    call_next(centre, 2, clerk="lan")
    if began:
        calls.start(centre, 2, clerk="lan")
    clock.forward(hours=16)
    new = take(centre)
    back = follow(centre, called.id)
    with centre.database.read() as query:
        held = query.one("SELECT COUNT(*) AS n FROM pace")

    assert kinds(centre, called)[-2:] == ["ticket.returned", "ticket.kept"]
    assert (back.ticket.state, back.ticket.counter, back.ticket.day) == (
        TicketState.WAITING, None, new.day,
    )  # fmt: skip
    assert new.number == "A003"
    assert held is not None
    assert held["n"] == 0, "a night at a counter is no pace of the service"
    again = [call_next(centre, 2, clerk="lan") for _ in range(3)]
    assert [ticket.id for ticket in again if ticket] == [called.id, behind.id, new.id]


def test_who_was_sent_to_a_counter_and_left_there_waits_for_it_again(
    centre: Centre, clock: Clock
) -> None:
    centre = keeping(centre)
    work_at(centre, 1)
    sent = take(centre)
    call_next(centre, 1, clerk="lan")
    calls.transfer(centre, 1, clerk="lan", to_counter=2)
    call_next(centre, 2, clerk="hoa")
    clock.forward(days=1)
    take(centre, "B")

    kept = follow(centre, sent.id).ticket
    assert (kept.state, kept.counter) == (TicketState.WAITING, 2)


@pytest.mark.parametrize("keep", [False, True])
def test_who_was_forgotten_at_a_counter_is_not_finished_by_the_clerk_of_the_morning(
    centre: Centre, clock: Clock, *, keep: bool
) -> None:
    centre = keeping(centre, keep=keep)
    clock.forward(hours=9)
    work_at(centre, 2)
    forgotten = take(centre)
    call_next(centre, 2, clerk="lan")
    clock.forward(hours=7)
    new = take(centre)
    assert stored(centre, forgotten) == "called"
    clock.forward(hours=7)
    sign_in(centre, "lan", PIN, 2)

    assert stored(centre, forgotten) == ("waiting" if keep else "expired")
    called = call_next(centre, 2, clerk="lan")
    assert called is not None
    assert called.id == (forgotten.id if keep else new.id)
    assert (new.number, take(centre).number) == (("A002", "A003") if keep else ("A001", "A002"))


@pytest.mark.parametrize(
    ("keep", "began", "state"),
    [(False, False, "expired"), (True, False, "waiting"), (True, True, "finished")],
)
def test_a_clerk_who_leaves_after_the_day_began_leaves_nobody_at_the_counter(
    centre: Centre, clock: Clock, *, keep: bool, began: bool, state: str
) -> None:
    centre = keeping(centre, keep=keep)
    clock.forward(hours=15)
    token = work_at(centre, 2)
    here = take(centre)
    call_next(centre, 2, clerk="lan")
    if began:
        calls.start(centre, 2, clerk="lan")
    clock.forward(minutes=20)
    sign_out(centre, token)

    assert stored(centre, here) == state
    assert read_counter(centre, 2).current is None
