from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from kiosk.calendar import Calendar, read_hours
from kiosk.errors import Refused
from kiosk.office import calls
from kiosk.office.appointments import book, check_in
from kiosk.office.calls import call_next
from kiosk.office.clerks import add_clerk
from kiosk.office.figures import read_day
from kiosk.office.sessions import sign_in, sign_out
from kiosk.office.slips import slip_data
from kiosk.office.tickets import follow, take_ticket, told_warning
from kiosk.office.visits import come_back
from kiosk.texts import texts
from kiosk.tickets import Outcome, TicketState

if TYPE_CHECKING:
    from kiosk.board import Place
    from kiosk.office.centre import Centre
    from kiosk.tickets import Ticket
    from tests.hall import Clock


def take(centre: Centre, *services: str) -> Ticket:
    return take_ticket(centre, services=services, actor="touch").place.ticket


def leading(centre: Centre, **then: tuple[str, ...]) -> Centre:
    """The office whose services lead on so."""
    led = {code: replace(centre.services[code], then=steps) for code, steps in then.items()}
    return replace(centre, services={**centre.services, **led})


def sent(centre: Centre, at: int, to: str) -> tuple[str, ...]:
    """Calls the next at the counter, sends it to the service and returns what is still to come."""
    assert call_next(centre, at, clerk="lan") is not None
    return calls.transfer(centre, at, clerk="lan", service=to).journey


def waits_for(centre: Centre, ticket: Ticket) -> tuple[TicketState, int | None]:
    here = follow(centre, ticket.id).ticket
    return here.state, here.counter


class TestTransferToAService:
    def test_the_next_step_of_the_journey_is_visited_once(self, centre: Centre) -> None:
        visit = take(centre, "A", "B")

        assert sent(centre, 2, "B") == ()
        assert call_next(centre, 1, clerk="hoa") is not None
        assert calls.finish(centre, 1, clerk="hoa").state is TicketState.FINISHED
        assert follow(centre, visit.id).step == 1

    def test_a_later_step_is_done_first_and_the_others_stay(self, centre: Centre) -> None:
        take(centre, "A", "B", "F", "B")

        assert sent(centre, 2, "F") == ("B", "B")

    def test_it_goes_on_where_that_service_leads_and_then_on_its_own_way(
        self, centre: Centre
    ) -> None:
        take(centre, "A", "D")

        assert sent(leading(centre, B=("C", "F")), 2, "B") == ("C", "F", "D")

    def test_a_step_that_stands_in_the_journey_is_not_added_again(self, centre: Centre) -> None:
        take(centre, "A", "D", "F")

        assert sent(leading(centre, B=("F", "C")), 2, "B") == ("C", "D", "F")

    def test_what_the_ticket_has_been_to_is_not_added_again(self, centre: Centre) -> None:
        centre = leading(centre, D=("A", "F", "B"))
        take(centre, "A", "B")
        call_next(centre, 2, clerk="lan")
        calls.finish(centre, 2, clerk="lan")

        assert sent(centre, 1, "D") == ("F",)

    def test_a_step_from_which_it_was_taken_back_has_not_been_visited(self, centre: Centre) -> None:
        centre = leading(centre, F=("B", "D"))
        take(centre, "A")
        assert sent(centre, 2, "B") == ()
        call_next(centre, 1, clerk="hoa")
        assert calls.transfer(centre, 1, clerk="hoa", service="A").journey == ()
        calls.undo(centre, 1, clerk="hoa")
        calls.return_to_line(centre, 1, clerk="hoa")

        assert sent(centre, 1, "F") == ("D",)

    def test_sent_within_its_service_it_goes_on_as_before(self, centre: Centre) -> None:
        take(centre, "A", "B", "A")

        assert sent(leading(centre, A=("F",)), 2, "A") == ("B", "A")

    def test_the_event_tells_what_is_still_to_come(self, centre: Centre) -> None:
        take(centre, "A", "B")
        sent(leading(centre, B=("F",)), 2, "B")

        with centre.database.read() as query:
            row = query.one("SELECT details FROM event WHERE kind = 'ticket.transferred'")
        assert row is not None
        told = json.loads(row["details"])
        assert (told["from"], told["to"], told["journey"]) == ("A", "B", ["F"])

    def test_taken_back_the_journey_is_as_before(self, centre: Centre) -> None:
        take(centre, "A", "B")
        sent(leading(centre, B=("F",)), 2, "B")
        here = calls.undo(centre, 2, clerk="lan")

        assert here is not None
        assert (here.service, here.journey) == ("A", ("B",))


class TestServicesThatAreAskedFor:
    @pytest.mark.parametrize(
        ("asked", "journey"),
        [
            ("B", "C"),
            ("BA", "CAF"),
            ("CB", "B"),
            ("AF", "F"),
            ("AA", "FA"),
            ("BAC", "AFC"),
            ("ACBAB", "FCBAB"),
        ],
    )
    def test_each_is_followed_by_where_it_leads_but_for_what_comes_anyway(
        self, centre: Centre, asked: str, journey: str
    ) -> None:
        assert take(leading(centre, A=("F",), B=("C",)), *asked).journey == tuple(journey)

    def test_asked_again_it_is_the_same_ticket_and_another_wish_is_not(
        self, centre: Centre
    ) -> None:
        led = leading(centre, A=("F",), B=("C",))
        asked = {"actor": "touch", "request_id": "once"}
        given = take_ticket(led, services=("B", "A"), **asked)

        assert not take_ticket(led, services=("B", "A"), **asked).new
        assert not take_ticket(centre, services=("B", "A"), **asked).new
        for other in (("B",), ("B", "C", "A", "F"), ("B", "A", "F")):
            with pytest.raises(Refused, match="request_differs"):
                take_ticket(led, services=other, **asked)
        assert given.place.ticket.journey == ("C", "A", "F")


class TestTransferToACounter:
    @pytest.fixture
    def visit(self, centre: Centre) -> Ticket:
        """At counter 3, to which it was sent; counters 1 and 2 take its service too."""
        ticket = take(centre, "A")
        call_next(centre, 1, clerk="hoa")
        calls.transfer(centre, 1, clerk="hoa", to_counter=3)
        call_next(centre, 3, clerk="an")
        return ticket

    def called(self, centre: Centre) -> list[int]:
        """Which counters may call it."""
        return [n for n in (1, 2, 3) if call_next(centre, n, clerk="hoa") is not None]

    def test_it_waits_for_it_again_after_a_missed_call(self, centre: Centre, visit: Ticket) -> None:
        centre = replace(centre, queue=replace(centre.queue, no_show_after=2))
        calls.no_show(centre, 3, clerk="an")

        assert waits_for(centre, visit) == (TicketState.WAITING, 3)
        assert self.called(centre) == [3]

    def test_it_waits_for_it_again_when_its_owner_comes_late(
        self, centre: Centre, visit: Ticket
    ) -> None:
        calls.no_show(centre, 3, clerk="an")
        place = come_back(centre, visit.id, actor="touch")

        assert (place.counters, place.ticket.counter) == ((3,), 3)
        assert self.called(centre) == [3]

    @pytest.mark.parametrize("keep_place", [True, False])
    def test_it_waits_for_it_again_when_it_goes_back_to_the_line(
        self, centre: Centre, visit: Ticket, *, keep_place: bool
    ) -> None:
        calls.return_to_line(centre, 3, clerk="an", keep_place=keep_place)

        assert waits_for(centre, visit) == (TicketState.WAITING, 3)
        assert self.called(centre) == [3]

    @pytest.mark.parametrize("rule", ["first", "place", "end"])
    def test_it_waits_for_it_again_with_the_missing_papers(
        self, centre: Centre, visit: Ticket, rule: str
    ) -> None:
        centre = replace(centre, queue=replace(centre.queue, supplement=rule))
        calls.park(centre, 3, clerk="an", reason="supplement")
        come_back(centre, visit.id, actor="touch")

        assert waits_for(centre, visit) == (TicketState.WAITING, 3)
        assert self.called(centre) == [3]

    def test_it_waits_for_it_again_when_another_called_it_out_of_turn(
        self, centre: Centre, visit: Ticket
    ) -> None:
        calls.return_to_line(centre, 3, clerk="an")
        calls.call_ticket(centre, 2, visit.id, reason="asked", clerk="lan")
        calls.return_to_line(centre, 2, clerk="lan")

        assert self.called(centre) == [3]

    def test_a_counter_that_is_configured_no_more_is_waited_for_no_more(
        self, centre: Centre, visit: Ticket
    ) -> None:
        calls.no_show(centre, 3, clerk="an")
        counters = {n: counter for n, counter in centre.counters.items() if n != 3}
        come_back(replace(centre, counters=counters), visit.id, actor="touch")

        assert waits_for(centre, visit) == (TicketState.WAITING, None)

    def test_a_transfer_to_a_service_ends_it(self, centre: Centre, visit: Ticket) -> None:
        calls.transfer(centre, 3, clerk="an", service="A")
        call_next(centre, 2, clerk="lan")
        calls.return_to_line(centre, 2, clerk="lan")

        assert waits_for(centre, visit) == (TicketState.WAITING, None)

    def test_one_that_is_taken_back_was_never_made(self, centre: Centre) -> None:
        visit = take(centre, "A")
        call_next(centre, 1, clerk="hoa")
        calls.transfer(centre, 1, clerk="hoa", to_counter=3)
        calls.undo(centre, 1, clerk="hoa")
        calls.return_to_line(centre, 1, clerk="hoa")

        assert waits_for(centre, visit) == (TicketState.WAITING, None)

    def test_the_next_service_of_the_journey_is_for_any_of_its_counters(
        self, centre: Centre
    ) -> None:
        visit = take(centre, "A", "B")
        call_next(centre, 2, clerk="lan")
        calls.transfer(centre, 2, clerk="lan", to_counter=3)
        call_next(centre, 3, clerk="an")
        calls.finish(centre, 3, clerk="an")
        assert call_next(centre, 1, clerk="hoa") is not None
        calls.return_to_line(centre, 1, clerk="hoa")

        assert waits_for(centre, visit) == (TicketState.WAITING, None)

    def test_who_was_called_by_a_clerk_that_goes_is_free_where_the_others_are(
        self, centre: Centre
    ) -> None:
        for n, login in ((1, "hoa"), (2, "lan")):
            add_clerk(centre, login, login, "246813")
            token = sign_in(centre, login, "246813", n).token
        visit = take(centre, "A")
        call_next(centre, 1, clerk="hoa")
        calls.transfer(centre, 1, clerk="hoa", to_counter=2)
        call_next(centre, 2, clerk="lan")
        sign_out(centre, token)
        assert waits_for(centre, visit) == (TicketState.WAITING, None)
        call_next(centre, 1, clerk="hoa")
        calls.return_to_line(centre, 1, clerk="hoa")

        assert waits_for(centre, visit) == (TicketState.WAITING, None)

    @pytest.mark.parametrize("called", [True, False])
    def test_a_clerk_that_goes_frees_also_whom_only_others_serve(
        self, centre: Centre, *, called: bool
    ) -> None:
        for n, login in ((1, "hoa"), (3, "an")):
            add_clerk(centre, login, login, "246813")
            token = sign_in(centre, login, "246813", n).token
        visit = take(centre, "A")
        call_next(centre, 1, clerk="hoa")
        calls.transfer(centre, 1, clerk="hoa", to_counter=3)
        if called:
            call_next(centre, 3, clerk="an")
        sign_out(centre, token)

        assert "A" not in centre.counters[3].services
        assert waits_for(centre, visit) == (TicketState.WAITING, None)
        assert call_next(centre, 1, clerk="hoa") is not None


class TestWhereServicesLead:
    def test_each_step_is_followed_by_where_that_leads(self, centre: Centre) -> None:
        centre = leading(centre, A=("B", "D"), B=("F", "A"), F=("B",))

        assert take(centre, "A").journey == ("B", "F", "D")
        assert take(centre, "B").journey == ("F", "A", "D")
        assert take(centre, "A", "F").journey == ("B", "D", "F")

    def test_so_it_is_for_who_has_an_appointment_or_is_sent_there(
        self, centre: Centre, clock: Clock
    ) -> None:
        centre = leading(centre, A=("B",), B=("F",))
        at = clock.now + timedelta(minutes=30)
        code = book(centre, service="A", at=at, actor="web").code
        booked = check_in(centre, code, actor="touch").place.ticket

        assert booked.journey == ("B", "F")
        centre = leading(centre, A=(), D=("A",), B=("F",))
        centre = leading(centre, A=("B",))
        take(centre, "C")
        assert call_next(centre, 3, clerk="an") is not None
        assert calls.transfer(centre, 3, clerk="an", service="D").journey == ("A", "B", "F")


class TestOutcomes:
    @pytest.mark.parametrize(
        ("given", "counts"),
        [(("a", "b"), "b"), (("a", None), "a"), ((None, "b"), "b"), ((None, None), None)],
    )
    def test_the_last_one_that_is_given_counts(
        self, centre: Centre, clock: Clock, given: tuple[str | None, str | None], counts: str | None
    ) -> None:
        outcomes = {code: Outcome(code, {"vi": code}) for code in "ab"}
        centre = replace(centre, outcomes=outcomes)
        visit = take(centre, "A", "B")
        for counter, outcome in zip((2, 1), given, strict=True):
            call_next(centre, counter, clerk="lan")
            clock.forward(minutes=5)
            ended = calls.finish(centre, counter, clerk="lan", outcome=outcome)
        (told,) = read_day(centre, clock.now.date()).visits

        assert ended.state is TicketState.FINISHED
        assert follow(centre, visit.id).ticket.outcome == counts
        assert told.outcome == counts

    def test_it_stays_when_the_next_step_is_missed(self, centre: Centre, clock: Clock) -> None:
        centre = replace(centre, outcomes={"a": Outcome("a", {"vi": "a"})})
        visit = take(centre, "A", "B")
        call_next(centre, 2, clerk="lan")
        calls.finish(centre, 2, clerk="lan", outcome="a")
        call_next(centre, 1, clerk="lan")
        calls.no_show(centre, 1, clerk="lan")
        (told,) = read_day(centre, clock.now.date()).visits

        assert follow(centre, visit.id).ticket.outcome == "a"
        assert (told.ended_by, told.outcome) == ("ticket.no_show", "a")


class TestHoursAndLimits:
    """Service C is done from 07:30 to 11:30 and at counter 3, like D and F; it is 08:42."""

    @pytest.fixture
    def centre(self, centre: Centre) -> Centre:
        add_clerk(centre, "an", "An", "246813")
        sign_in(centre, "an", "246813", 3)
        return centre

    def gone_on(self, centre: Centre, clock: Clock, to: str = "C", **later: float) -> Place:
        """Takes a number for A, is done there so much later, and goes on."""
        ticket = take(centre, "A", to)
        call_next(centre, 2, clerk="lan")
        clock.forward(**later)
        calls.finish(centre, 2, clerk="lan")
        place = follow(centre, ticket.id)
        assert place.ticket.service == to
        return place

    def with_hours(self, centre: Centre, *hours: str) -> Centre:
        land = replace(centre.services["C"], hours=tuple(map(read_hours, hours)))
        return replace(centre, services={**centre.services, "C": land})

    def test_nobody_who_has_a_number_is_sent_away_by_a_limit(
        self, centre: Centre, clock: Clock
    ) -> None:
        for _ in range(2):
            take(centre, "D")
        with pytest.raises(Refused, match="limit_reached"):
            take(centre, "D")

        place = self.gone_on(centre, clock, "D")
        assert (place.ticket.state, place.warning) == (TicketState.WAITING, None)
        assert [call_next(centre, 3, clerk="an") is not None for _ in range(3)] == [True] * 3

    def test_in_its_hours_nothing_is_told(self, centre: Centre, clock: Clock) -> None:
        assert self.gone_on(centre, clock, minutes=20).warning is None

    def test_after_its_hours_it_goes_on_and_is_told_when_they_ended(
        self, centre: Centre, clock: Clock
    ) -> None:
        place = self.gone_on(centre, clock, hours=3)

        assert (place.ticket.state, place.warning) == (TicketState.WAITING, "session_over")
        told = "Giờ làm việc đã hết lúc 11:30. Xin hỏi quầy hướng dẫn."
        assert told_warning(centre, place, texts("vi")) == told
        assert slip_data(centre, place, texts("vi"))["warning"] == told
        assert call_next(centre, 3, clerk="an") is not None

    def test_between_two_sessions_it_waits_for_the_second(
        self, centre: Centre, clock: Clock
    ) -> None:
        centre = self.with_hours(centre, "07:30-11:30", "13:30-16:30")

        assert self.gone_on(centre, clock, hours=3).warning is None

    def test_the_office_works_longer_than_the_service_gives_numbers(
        self, centre: Centre, clock: Clock
    ) -> None:
        centre = replace(centre, calendar=Calendar(sessions=(read_hours("07:30-17:00"),)))
        assert self.gone_on(centre, clock, hours=3).warning is None

        place = self.gone_on(centre, clock, hours=6)
        assert told_warning(centre, place, texts("en")).startswith("Working hours ended at 17:00.")

    @pytest.mark.parametrize("sessions", [(), ("07:30-17:00",)])
    def test_on_a_day_without_its_hours_it_is_told_so(
        self, centre: Centre, clock: Clock, sessions: tuple[str, ...]
    ) -> None:
        centre = self.with_hours(centre, "tue,thu 07:30-11:30")
        works = Calendar(sessions=tuple(map(read_hours, sessions)))
        place = self.gone_on(replace(centre, calendar=works), clock)

        told = "Hôm nay không làm việc này. Xin hỏi quầy hướng dẫn."
        assert told_warning(centre, place, texts("vi")) == told

    def test_a_transfer_is_told_the_same(self, centre: Centre, clock: Clock) -> None:
        visit = take(centre, "A")
        clock.forward(hours=3)
        sent(centre, 2, "C")

        assert follow(centre, visit.id).warning == "session_over"

    def test_who_has_an_appointment_is_expected_on_a_day_without_hours_too(
        self, centre: Centre, clock: Clock
    ) -> None:
        centre = self.with_hours(centre, "tue,thu 07:30-11:30")
        centre = replace(centre, calendar=Calendar(sessions=(read_hours("07:30-17:00"),)))
        at = clock() + timedelta(minutes=5)
        code = book(centre, service="C", at=at, actor="web").code

        assert check_in(centre, code, actor="touch").place.warning is None
