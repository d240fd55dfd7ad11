"""A day at the office, played by chance: citizens, clerks, crashes, midnights, clock jumps."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from kiosk.errors import Refused
from kiosk.office import calls, jobs
from kiosk.office.calls import call_next
from kiosk.office.hall import read_board, read_counter
from kiosk.office.tickets import follow, take_ticket
from kiosk.store import events
from kiosk.tickets import ENDED, Ticket, TicketState
from tests.hall import Clock, centre_at

COUNTERS = st.sampled_from([1, 2, 3])
MOVES = {
    "recall": calls.recall,
    "start": calls.start,
    "finish": calls.finish,
    "no_show": calls.no_show,
    "park": calls.park,
}


class Day(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.clock = Clock()
        self.centre = centre_at(self.folder / "kiosk.db", self.clock)
        self.issued: dict[str, Ticket] = {}
        self.requests: dict[str, str] = {}

    def teardown(self) -> None:
        self.centre.database.close()
        shutil.rmtree(self.folder)

    @rule(service=st.sampled_from("AABBF"), priority=st.sampled_from([None, None, "NCT"]))
    def take(self, service: str, priority: str | None) -> None:
        issued = take_ticket(self.centre, service=service, actor="touch", priority=priority)
        ticket = issued.place.ticket
        same_day = [
            known.number
            for known in self.issued.values()
            if known.day == ticket.day and known.number[0] == service
        ]
        assert ticket.number == f"{service}{len(same_day) + 1:03d}"
        self.issued[ticket.id] = ticket

    @rule(request_id=st.sampled_from(["r1", "r2", "r3"]))
    def take_with_key(self, request_id: str) -> None:
        issued = take_ticket(self.centre, service="A", actor="touch", request_id=request_id)
        ticket = issued.place.ticket
        assert issued.new == (request_id not in self.requests)
        assert self.requests.setdefault(request_id, ticket.id) == ticket.id
        self.issued.setdefault(ticket.id, ticket)

    @rule(counter=COUNTERS)
    def next(self, counter: int) -> None:
        view = read_counter(self.centre, counter)
        ticket = call_next(self.centre, counter, clerk=f"clerk-{counter}")
        expected = view.waiting[0].id if view.waiting else None
        assert (ticket.id if ticket else None) == expected

    @rule(counter=COUNTERS, move=st.sampled_from(sorted(MOVES)))
    def move(self, counter: int, move: str) -> None:
        before = read_counter(self.centre, counter).current
        try:
            after = MOVES[move](self.centre, counter, clerk=f"clerk-{counter}")
        except Refused:
            assert read_counter(self.centre, counter).current == before
        else:
            assert before is not None
            assert after.id == before.id

    @rule(counter=COUNTERS, service=st.sampled_from("ABF"))
    def transfer(self, counter: int, service: str) -> None:
        if read_counter(self.centre, counter).current is not None:
            moved = calls.transfer(self.centre, counter, clerk="x", service=service)
            assert moved.number == self.issued[moved.id].number

    @rule(counter=COUNTERS)
    def resume(self, counter: int) -> None:
        view = read_counter(self.centre, counter)
        for kept in (*view.parked, *view.missed)[:1]:
            assert calls.resume(self.centre, counter, kept.id, clerk="x").id == kept.id

    @rule()
    def print_one(self) -> None:
        job = jobs.next_job(self.centre)
        if job is not None:
            jobs.mark_sending(self.centre, job.id)
            jobs.settle(self.centre, job.id, "printed", evidence="ack")

    @precondition(lambda self: jobs.next_job(self.centre) is not None)
    @rule()
    def crash_while_printing(self) -> None:
        job = jobs.next_job(self.centre)
        assert job is not None
        jobs.mark_sending(self.centre, job.id)
        self.reopen()
        assert jobs.recover(self.centre) == (job.id,)

    @rule()
    def reopen(self) -> None:
        self.centre.database.close()
        self.centre = centre_at(self.folder / "kiosk.db", self.clock)

    @rule(minutes=st.sampled_from([1, 30, -20]))
    def time_passes(self, minutes: int) -> None:
        self.clock.forward(minutes=minutes)

    @rule()
    def midnight(self) -> None:
        self.clock.forward(days=1)

    @invariant()
    def every_ticket_is_known_and_once_at_a_counter(self) -> None:
        states = {key: follow(self.centre, key).ticket for key in self.issued}
        present = [
            view.current.id
            for view in (read_counter(self.centre, n) for n in self.centre.counters)
            if view.current is not None
        ]
        assert len(present) == len(set(present))
        for key, ticket in states.items():
            at_counter = ticket.state in {TicketState.CALLED, TicketState.SERVING}
            assert at_counter == (key in present)
            assert (ticket.state in ENDED) <= (key not in present)

    @invariant()
    def the_lines_count_who_waits_today(self) -> None:
        waiting = [
            ticket
            for ticket in (follow(self.centre, key).ticket for key in self.issued)
            if ticket.state is TicketState.WAITING
        ]
        board = read_board(self.centre)
        assert sum(line.waiting for line in board.lines) == len(waiting)

    @invariant()
    def the_events_are_whole_and_tell_of_every_ticket(self) -> None:
        with self.centre.database.read() as query:
            assert events.first_broken(query, self.centre.code) is None
            told = query.all("SELECT ticket FROM event WHERE kind = 'ticket.issued'")
            papers = query.all("SELECT ticket FROM print_job")
        assert sorted(row["ticket"] for row in told) == sorted(self.issued)
        assert sorted(row["ticket"] for row in papers) == sorted(self.issued)


TestDay = Day.TestCase
TestDay.settings = settings(max_examples=15, stateful_step_count=40, deadline=None)
