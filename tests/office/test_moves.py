from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from kiosk.errors import Refused
from kiosk.office import calls
from kiosk.office.calls import call_next
from kiosk.office.clerks import add_clerk
from kiosk.office.hall import read_board, read_counter
from kiosk.office.sessions import sign_in
from kiosk.office.tickets import follow, take_ticket
from kiosk.office.visits import cancel, come_back
from kiosk.store import events
from kiosk.tickets import Outcome, Priority, Reason, TicketState

if TYPE_CHECKING:
    from kiosk.office.centre import Centre
    from kiosk.tickets import Ticket
    from tests.hall import Clock


def take(centre: Centre, service: str = "A", priority: str | None = None) -> Ticket:
    return take_ticket(centre, service=service, actor="touch", priority=priority).place.ticket


def next_at(centre: Centre, counter: int = 2) -> str | None:
    ticket = call_next(centre, counter, clerk="lan")
    return ticket.number if ticket else None


def state(centre: Centre, ticket: Ticket) -> TicketState:
    return follow(centre, ticket.id).ticket.state


def told(centre: Centre, kind: str) -> list[dict[str, object]]:
    with centre.database.read() as query:
        rows = query.all("SELECT details FROM event WHERE kind = :kind ORDER BY seq", kind=kind)
    return [json.loads(row["details"]) for row in rows]


def with_queue(centre: Centre, **rules: object) -> Centre:
    return replace(centre, queue=replace(centre.queue, **rules))


def test_each_call_says_in_its_event_why_it_was_chosen(centre: Centre) -> None:
    take(centre)
    take(centre, priority="NCT")
    next_at(centre)
    next_at(centre)

    why = [event["why"] for event in told(centre, "ticket.called")]
    assert why == [{"rule": "priority", "class": "NCT", "one_in": 1}, {"rule": "arrival"}]


def test_who_waited_beyond_the_limit_goes_before_the_priority(centre: Centre, clock: Clock) -> None:
    take(centre)
    clock.forward(minutes=61)
    take(centre, priority="NCT")

    assert next_at(centre) == "A001"
    assert told(centre, "ticket.called")[0]["why"] == {"rule": "overdue", "limit": 3600}
    assert told(centre, "ticket.called")[0]["waited"] == 3660


def test_a_class_with_a_share_is_counted_over_calls_of_several_presses(centre: Centre) -> None:
    centre = replace(
        centre, priorities={"TE": Priority("TE", {"vi": "Người đi cùng trẻ nhỏ"}, one_in=3)}
    )
    for _ in range(4):
        take(centre)
    for _ in range(2):
        take(centre, priority="TE")

    order = [next_at(centre) for _ in range(6)]
    assert order == ["A001", "A002", "A005", "A003", "A004", "A006"]


def test_a_missed_call_sends_to_the_end_of_the_line_until_the_last_chance(centre: Centre) -> None:
    centre = with_queue(centre, no_show_after=2)
    first, second = take(centre), take(centre)
    next_at(centre)
    missed = calls.no_show(centre, 2, clerk="lan")

    assert (missed.state, missed.counter, missed.misses) == (TicketState.WAITING, None, 1)
    assert follow(centre, first.id).ahead == 1
    assert next_at(centre) == second.number
    assert next_at(centre) == first.number
    assert calls.no_show(centre, 2, clerk="lan").state is TicketState.NO_SHOW
    assert [event["misses"] for event in told(centre, "ticket.missed")] == [1]
    assert [event["misses"] for event in told(centre, "ticket.no_show")] == [2]


def test_a_missed_priority_waits_again_in_its_class(centre: Centre) -> None:
    centre = with_queue(centre, no_show_after=3)
    take(centre, priority="NCT")
    take(centre)
    next_at(centre)
    calls.no_show(centre, 2, clerk="lan")

    assert next_at(centre) == "A001"


def test_a_no_show_needs_its_calls_and_its_pause(centre: Centre, clock: Clock) -> None:
    centre = with_queue(centre, least_calls=2, least_pause=timedelta(seconds=45))
    take(centre)
    next_at(centre)
    with pytest.raises(Refused) as once:
        calls.no_show(centre, 2, clerk="lan")
    clock.forward(seconds=60)
    calls.recall(centre, 2, clerk="lan")
    clock.forward(seconds=15)
    with pytest.raises(Refused) as soon:
        calls.no_show(centre, 2, clerk="lan")
    clock.forward(seconds=30)

    assert (once.value.code, once.value.facts) == ("call_again", {"calls": 1, "least": 2})
    assert (soon.value.code, soon.value.facts) == ("wait_longer", {"seconds": 30})
    assert calls.no_show(centre, 2, clerk="lan").state is TicketState.NO_SHOW


def test_the_calls_of_who_was_kept_here_are_counted_anew(centre: Centre) -> None:
    centre = with_queue(centre, least_calls=2)
    ticket = take(centre)
    next_at(centre)
    calls.recall(centre, 2, clerk="lan")
    calls.start(centre, 2, clerk="lan")
    calls.park(centre, 2, clerk="lan")
    again = calls.resume(centre, 2, ticket.id, clerk="lan")
    with pytest.raises(Refused, match="call_again"):
        calls.no_show(centre, 2, clerk="lan")
    assert again.calls == 1
    calls.recall(centre, 2, clerk="lan")

    assert calls.no_show(centre, 2, clerk="lan").state is TicketState.NO_SHOW


def test_a_latecomer_is_taken_back_within_the_tolerance_only(centre: Centre, clock: Clock) -> None:
    ticket = take(centre)
    next_at(centre)
    calls.no_show(centre, 2, clerk="lan")
    clock.forward(minutes=60)
    assert calls.resume(centre, 2, ticket.id, clerk="lan").state is TicketState.CALLED
    calls.no_show(centre, 2, clerk="lan")
    clock.forward(minutes=61)

    with pytest.raises(Refused, match="too_late"):
        calls.resume(centre, 2, ticket.id, clerk="lan")
    for keep_place in (True, False):
        with pytest.raises(Refused, match="too_late") as late:
            calls.return_to_line(centre, 2, clerk="lan", ticket=ticket.id, keep_place=keep_place)
        assert late.value.facts == {"minutes": 60}
    with pytest.raises(Refused, match="too_late"):
        calls.return_to_line(centre, 2, clerk="lan", ticket=ticket.id)
    with pytest.raises(Refused, match="too_late"):
        come_back(centre, ticket.id, actor="touch")
    assert state(centre, ticket) is TicketState.NO_SHOW


def test_who_missed_the_call_goes_to_the_end_of_the_line_alone(centre: Centre) -> None:
    missed, other = take(centre), take(centre)
    next_at(centre)
    calls.no_show(centre, 2, clerk="lan")

    assert come_back(centre, missed.id, actor="touch").ahead == 1
    assert come_back(centre, missed.id, actor="touch").ahead == 1
    assert [next_at(centre), next_at(centre)] == [other.number, missed.number]


@pytest.mark.parametrize(
    ("rule", "order"),
    [("first", ["A001", "A002", "A003"]), ("place", ["A002", "A001", "A003"]),
     ("end", ["A002", "A003", "A001"])],
)  # fmt: skip
def test_who_brings_the_missing_papers_is_called_as_the_office_wants(
    centre: Centre, rule: str, order: list[str]
) -> None:
    centre = with_queue(centre, supplement=rule)
    sent_away = take(centre)
    next_at(centre)
    calls.park(centre, 2, clerk="lan", reason="supplement")
    others = [take(centre, priority="NCT"), take(centre)]
    come_back(centre, sent_away.id, actor="touch")

    assert [next_at(centre) for _ in range(3)] == order
    assert told(centre, "ticket.returned")[0]["to"] == rule
    assert [ticket.number for ticket in others] == ["A002", "A003"]


def test_a_ticket_that_is_merely_kept_does_not_come_back_by_itself(centre: Centre) -> None:
    ticket = take(centre)
    next_at(centre)
    calls.park(centre, 2, clerk="lan")

    with pytest.raises(Refused, match="illegal_move"):
        come_back(centre, ticket.id, actor="touch")


def test_a_transfer_keeps_the_place_or_goes_to_the_end(centre: Centre) -> None:
    early, late = take(centre), take(centre)
    waiting = take(centre, "B")
    next_at(centre)
    calls.transfer(centre, 2, clerk="lan", service="B")
    next_at(centre)
    calls.transfer(centre, 2, clerk="lan", service="B", keep_place=False)

    assert [next_at(centre, 1) for _ in range(3)] == [early.number, waiting.number, late.number]


def test_a_called_ticket_goes_back_to_its_line(centre: Centre) -> None:
    first, second = take(centre), take(centre)
    next_at(centre)
    calls.return_to_line(centre, 2, clerk="lan")
    assert follow(centre, first.id).ahead == 0
    next_at(centre)
    calls.return_to_line(centre, 2, clerk="lan", keep_place=False)

    assert [next_at(centre), next_at(centre)] == [second.number, first.number]


def test_a_kept_ticket_goes_back_to_its_line(centre: Centre) -> None:
    kept, other = take(centre), take(centre)
    next_at(centre)
    calls.park(centre, 2, clerk="lan")
    next_at(centre)
    back = calls.return_to_line(centre, 2, clerk="lan", ticket=kept.id)

    assert back.state is TicketState.WAITING
    assert state(centre, other) is TicketState.CALLED


def test_a_missed_ticket_goes_back_to_its_place_within_the_tolerance(
    centre: Centre, clock: Clock
) -> None:
    missed, other = take(centre), take(centre)
    next_at(centre)
    calls.no_show(centre, 2, clerk="lan")
    clock.forward(minutes=60)
    calls.return_to_line(centre, 2, clerk="lan", ticket=missed.id)

    assert [next_at(centre), next_at(centre)] == [missed.number, other.number]


def test_one_ticket_goes_through_all_services_of_a_visit(centre: Centre) -> None:
    visit = take_ticket(centre, services=["A", "B", "F"], actor="touch").place.ticket
    take(centre, "B")
    next_at(centre)
    went_on = calls.finish(centre, 2, clerk="lan")

    assert (went_on.state, went_on.service, went_on.journey) == (TicketState.WAITING, "B", ("F",))
    assert next_at(centre, 1) == visit.number
    assert next_at(centre, 1) == "B001"
    assert next_at(centre, 3) == visit.number
    assert calls.finish(centre, 3, clerk="hoa").state is TicketState.FINISHED
    assert [event["to"] for event in told(centre, "ticket.went_on")] == ["B", "F"]


def test_a_service_leads_on_to_another(centre: Centre) -> None:
    services = {**centre.services, "A": replace(centre.services["A"], then=("F",))}
    centre = replace(centre, services=services)
    take(centre)
    next_at(centre)

    assert calls.finish(centre, 2, clerk="lan").service == "F"


def test_a_number_is_called_out_of_turn_with_a_reason_only(centre: Centre) -> None:
    centre = replace(centre, reasons=(Reason("urgent", {"vi": "Khẩn cấp"}, "call"),))
    add_clerk(centre, "lan", "Lan", "135790")
    sign_in(centre, "lan", "135790", 2)
    take(centre)
    wanted = take(centre)
    with pytest.raises(Refused, match="reason_needed"):
        calls.call_ticket(centre, 2, wanted.number, reason=" ", clerk="lan")
    with pytest.raises(Refused, match="unknown_reason"):
        calls.call_ticket(centre, 2, wanted.number, reason="friend", clerk="lan")
    called = calls.call_ticket(centre, 2, wanted.number.lower(), reason="urgent", clerk="lan")

    assert (called.id, called.counter) == (wanted.id, 2)
    assert told(centre, "ticket.called")[0]["why"] == {"rule": "manual", "reason": "urgent"}
    with pytest.raises(Refused, match="number_at_counter") as elsewhere:
        calls.call_ticket(centre, 1, wanted.id, reason="urgent", clerk="hoa")
    assert elsewhere.value.facts["counter"] == 2
    calls.finish(centre, 2, clerk="lan")
    with pytest.raises(Refused, match="number_ended"):
        calls.call_ticket(centre, 1, wanted.id, reason="urgent", clerk="hoa")
    with pytest.raises(Refused, match="no_such_number"):
        calls.call_ticket(centre, 1, "A999", reason="urgent", clerk="hoa")


@pytest.mark.parametrize(
    ("first", "number", "typed"),
    [
        (2, "A002", ("A2", "a2", "a002", " A002 ", "A02", "a 2", "A0002")),
        (999, "A999", ("A999", "a999", "A0999")),
        (1000, "A1000", ("A1000", "a1000", " a 1000", "A01000")),
        (12345, "A12345", ("a12345",)),
    ],
)
def test_a_number_typed_short_or_small_is_the_very_same_ticket(
    centre: Centre, first: int, number: str, typed: tuple[str, ...]
) -> None:
    service = replace(centre.services["A"], first_number=first)
    centre = replace(centre, services={**centre.services, "A": service})
    wanted = take(centre)
    assert wanted.number == number
    for text in typed:
        called = calls.call_ticket(centre, 2, text, reason="urgent", clerk="lan")
        assert called.id == wanted.id, text
        calls.return_to_line(centre, 2, clerk="lan")
    for text in ("A", "2", "A20", f"{number}0", f"B{first}", "A2A", "A-2", "A" + "9" * 30):
        with pytest.raises(Refused, match="no_such_number"):
            calls.call_ticket(centre, 2, text, reason="urgent", clerk="lan")


def test_an_id_that_looks_like_a_number_stays_an_id(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n, wanted in enumerate(("ABCDEFGHJKL1", "ABCD00000001"), 1):
        monkeypatch.setattr("kiosk.office.tickets.new_id", lambda wanted=wanted: wanted)
        take(centre)
        called = calls.call_ticket(centre, 2, wanted, reason="urgent", clerk="lan")
        assert (called.id, called.number) == (wanted, f"A00{n}")


def test_a_short_number_is_found_whatever_the_services_code(centre: Centre) -> None:
    codes = ("Đ", "ĐKKD")
    services = {code: replace(centre.services["A"], code=code) for code in codes}
    counter = replace(centre.counters[2], services=codes)
    centre = replace(centre, services=services, counters={2: counter})
    for code in codes:
        wanted = take(centre, code)
        called = calls.call_ticket(centre, 2, f"{code.lower()}1", reason="urgent", clerk="lan")
        assert (called.id, called.number) == (wanted.id, f"{code}001")
        calls.finish(centre, 2, clerk="lan")


def test_the_outcome_of_a_visit_is_kept(centre: Centre) -> None:
    centre = replace(centre, outcomes={"received": Outcome("received", {"vi": "Đã tiếp nhận"})})
    take(centre)
    next_at(centre)
    with pytest.raises(Refused, match="unknown_outcome"):
        calls.finish(centre, 2, clerk="lan", outcome="lost")

    assert calls.finish(centre, 2, clerk="lan", outcome="received").outcome == "received"
    assert told(centre, "ticket.finished")[0]["outcome"] == "received"


def test_a_citizen_gives_the_ticket_up_and_nobody_calls_it(centre: Centre) -> None:
    ticket, other = take(centre), take(centre)
    assert cancel(centre, ticket.id, actor="touch").ticket.state is TicketState.CANCELLED
    assert cancel(centre, ticket.id, actor="touch").ticket.state is TicketState.CANCELLED

    assert [next_at(centre), next_at(centre)] == [other.number, None]
    assert len(told(centre, "ticket.cancelled")) == 1
    with pytest.raises(Refused, match="illegal_move"):
        cancel(centre, other.id, actor="touch")
    with pytest.raises(Refused, match="no_such_ticket"):
        cancel(centre, "X" * 12, actor="touch")


class TestUndo:
    def test_a_call_is_taken_back_with_the_visit_that_it_ended(self, centre: Centre) -> None:
        first, second = take(centre), take(centre)
        next_at(centre)
        calls.start(centre, 2, clerk="lan")
        next_at(centre)
        here = calls.undo(centre, 2, clerk="lan")

        assert here is not None
        assert (here.id, here.state, here.ended_at) == (first.id, TicketState.SERVING, None)
        assert state(centre, second) is TicketState.WAITING
        assert [call.number for call in read_board(centre).calls] == [first.number]
        assert next_at(centre, 1) == second.number

    @pytest.mark.parametrize("move", [calls.finish, calls.no_show, calls.park, calls.start])
    def test_each_move_is_taken_back(self, centre: Centre, move: object) -> None:
        take(centre)
        before = call_next(centre, 2, clerk="lan")
        assert callable(move)
        move(centre, 2, clerk="lan")
        after = calls.undo(centre, 2, clerk="lan")

        assert before is not None
        assert after is not None
        assert replace(after, version=0) == replace(before, version=0)

    def test_a_transfer_is_taken_back_until_somebody_else_calls(self, centre: Centre) -> None:
        ticket = take(centre)
        next_at(centre)
        calls.transfer(centre, 2, clerk="lan", service="B")
        next_at(centre, 1)

        with pytest.raises(Refused, match="undo_moved"):
            calls.undo(centre, 2, clerk="lan")
        assert state(centre, ticket) is TicketState.CALLED

    def test_a_journey_that_came_round_to_the_same_counter(self, centre: Centre) -> None:
        visit = take_ticket(centre, services=["A", "B"], actor="touch").place.ticket
        next_at(centre, 1)
        next_at(centre, 1)
        here = calls.undo(centre, 1, clerk="lan")

        assert here is not None
        assert (here.id, here.service, here.journey) == (visit.id, "A", ("B",))

    def test_only_once_only_soon_and_only_by_the_same_clerk(
        self, centre: Centre, clock: Clock
    ) -> None:
        take(centre)
        next_at(centre)
        with pytest.raises(Refused, match="nothing_to_undo"):
            calls.undo(centre, 2, clerk="hoa")
        calls.undo(centre, 2, clerk="lan")
        with pytest.raises(Refused, match="nothing_to_undo"):
            calls.undo(centre, 2, clerk="lan")
        next_at(centre)
        assert read_counter(centre, 2).undo == "call"
        clock.forward(seconds=11)
        assert read_counter(centre, 2).undo is None
        with pytest.raises(Refused, match="undo_too_late"):
            calls.undo(centre, 2, clerk="lan")

    def test_the_share_of_a_class_is_as_before(self, centre: Centre) -> None:
        priorities = {"TE": Priority("TE", {"vi": "Người đi cùng trẻ nhỏ"}, one_in=2)}
        centre = replace(centre, priorities=priorities)
        for priority in (None, None, None, "TE"):
            take(centre, priority=priority)
        order = [next_at(centre), next_at(centre)]
        calls.undo(centre, 2, clerk="lan")

        assert [*order, next_at(centre)] == ["A001", "A004", "A004"]

    def test_every_event_that_is_taken_back_is_named(self, centre: Centre) -> None:
        take(centre)
        take(centre)
        next_at(centre)
        next_at(centre)
        calls.undo(centre, 2, clerk="lan")

        with centre.database.read() as query:
            last = query.all("SELECT seq, kind FROM event ORDER BY seq DESC LIMIT 4")
            assert events.first_broken(query, centre.code) is None
        undone = told(centre, "ticket.undone")
        assert [event["undone"] for event in undone] == [last[2]["seq"], last[3]["seq"]]
        assert [event["kind"] for event in undone] == [last[2]["kind"], last[3]["kind"]]
