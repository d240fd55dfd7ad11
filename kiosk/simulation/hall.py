"""A day of the hall in simulated time: SimPy lets people come and clerks work, the rules decide.

Whose turn it is comes from ``turns.choose`` with each counter's own memory, which moves a ticket
may make from ``tickets.after``: the same functions as at the counters. Only the lines stand in
memory instead of in the store.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import simpy

from kiosk import turns
from kiosk.history import Event
from kiosk.tickets import (
    APPOINTMENT,
    Move,
    Service,
    Ticket,
    TicketState,
    after,
    begun,
    numbered,
    waits_from,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping, Sequence
    from datetime import datetime

    from kiosk.simulation.people import Person
    from kiosk.tickets import Counter

    Process = Generator[simpy.Event, None, None]


@dataclass(frozen=True, slots=True)
class Desk:
    """A counter and when somebody works there: start and end in seconds from the day's start."""

    counter: Counter
    shifts: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Office:
    """What the simulated hall takes from the real one.

    ``admits`` says whether a number of the service is given at that moment, after those that were
    given at these moments.
    """

    starts_at: datetime
    services: Mapping[str, Service]
    rules: turns.Rules
    no_show_after: int
    grace: timedelta
    admits: Callable[[Service, datetime, Sequence[datetime]], bool]


@dataclass(frozen=True, slots=True)
class Wait:
    """One wait for one service, in seconds; ``called`` is False when closing came first."""

    service: str
    priority: str
    seconds: float
    called: bool


@dataclass(frozen=True, slots=True)
class Run:
    """A simulated day. ``refused`` are service and class of who came when no number was given."""

    waits: tuple[Wait, ...]
    refused: tuple[tuple[str, str], ...]
    events: Callable[[], tuple[Event, ...]]


@dataclass(slots=True)
class _Visit:
    """A person in the hall; ``leg`` counts the service, ``called`` is whether its wait is over."""

    person: Person
    ticket: Ticket
    waits_from: float
    leg: int = 0
    called: bool = False


@dataclass(slots=True)
class _Note:
    """What an event will say, with the cheap facts only: most runs need no events."""

    at: float
    kind: str
    ticket: str | None = None
    counter: int | None = None
    details: dict[str, object] = field(default_factory=dict)


def run(office: Office, desks: Sequence[Desk], people: Sequence[Person]) -> Run:
    """Lets the people, in the order in which they come, through the hall with these counters."""
    hall = _Hall(office, desks)
    hall.env.process(hall.arrivals(people))
    for desk in desks:
        hall.env.process(hall.clerk(desk))
    hall.env.run()
    return Run(hall.all_waits(), tuple(hall.refused), hall.events)


class _Hall:
    def __init__(self, office: Office, desks: Sequence[Desk]) -> None:
        self.env = simpy.Environment()
        self.refused: list[tuple[str, str]] = []
        self._office = office
        self._closes = max((end for desk in desks for _, end in desk.shifts), default=0.0)
        self._lines: dict[str, dict[str, list[tuple[int, str, Ticket]]]] = {}
        self._longest: dict[str, list[tuple[datetime, str]]] = {}
        self._waiting: dict[str, Ticket] = {}
        self._visits: dict[str, _Visit] = {}
        self._given: dict[str, list[datetime]] = {}
        self._idle: dict[int, tuple[Counter, simpy.Event]] = {}
        self._waits: list[Wait] = []
        self._notes: list[_Note] = []

    def arrivals(self, people: Sequence[Person]) -> Process:
        for person in people:
            if person.at > self.env.now:
                yield self.env.timeout(person.at - self.env.now)
            self._issue(person)

    def clerk(self, desk: Desk) -> Process:
        counter, memory = desk.counter, turns.Memory()
        for start, end in desk.shifts:
            if start > self.env.now:
                yield self.env.timeout(start - self.env.now)
            if self.env.now >= end:
                continue
            self._note("counter.opened", None, counter.number)
            self.env.process(self._closing(counter, end))
            while self.env.now < end:
                heads = self._heads(counter)
                choice = turns.choose(heads, counter, self._office.rules, memory, self._moment())
                if choice is None:
                    woken = self.env.event()
                    self._idle[counter.number] = (counter, woken)
                    yield woken
                    continue
                memory = turns.remember(memory, choice.ticket, heads, counter, self._office.rules)
                yield from self._serve(choice, counter)
            self._note("counter.closed", None, counter.number)

    def all_waits(self) -> tuple[Wait, ...]:
        """Every wait, with those that closing ended."""
        left = [
            Wait(
                ticket.service,
                ticket.priority or "",
                max(0.0, self._closes - visit.waits_from),
                False,
            )
            for lines in self._lines.values()
            for line in lines.values()
            for _, _, ticket in line
            for visit in (self._visits[ticket.id],)
            if not visit.called and visit.waits_from <= self._closes
        ]
        return (*self._waits, *left)

    def events(self) -> tuple[Event, ...]:
        """The day as the store would have it, for whoever counts or replays it."""
        return tuple(
            Event(
                seq,
                self._office.starts_at + timedelta(seconds=note.at),
                note.kind,
                note.ticket,
                note.counter,
                None if note.counter is None else f"clerk-{note.counter}",
                note.details,
            )
            for seq, note in enumerate(self._notes, 1)
        )

    def _issue(self, person: Person) -> None:
        service, now = self._office.services[person.legs[0].service], self._moment()
        given = self._given.setdefault(service.code, [])
        if person.due is None and not self._office.admits(service, now, given):
            self.refused.append((service.code, person.priority))
            return
        number = numbered(service.code, service.first_number + len(given))
        given.append(now)
        facts = {"number": number, "service": service.code, "priority": person.priority}
        place = self._note("ticket.issued", number, None, **facts)
        ticket = Ticket(
            id=number, number=number, service=service.code, state=TicketState.WAITING,
            place=place, issued_at=now, priority=person.priority or None, line=person.priority,
            waits_since=now, journey=tuple(leg.service for leg in person.legs[1:]),
        )  # fmt: skip
        self._visits[number] = _Visit(person, ticket, max(self.env.now, person.due or 0.0))
        self._line_up(ticket if person.due is None else self._booked(ticket, person.due))

    def _booked(self, ticket: Ticket, due: float) -> Ticket:
        """As it checks in: called at its time, or after the grace waiting with everybody."""
        due_at = self._office.starts_at + timedelta(seconds=due)
        if ticket.issued_at > due_at + self._office.grace:
            return replace(ticket, due_at=due_at)
        since, place = max(ticket.issued_at, due_at), int(due_at.timestamp())
        return replace(ticket, due_at=due_at, line=APPOINTMENT, place=place, waits_since=since)

    def _serve(self, choice: turns.Choice, counter: Counter) -> Process:
        ticket = choice.ticket
        visit = self._visits[ticket.id]
        leg = visit.person.legs[visit.leg]
        heapq.heappop(self._lines[ticket.service][ticket.line])
        del self._waiting[ticket.id]
        waited = max(0.0, self.env.now - visit.waits_from)
        if not visit.called:
            visit.called = True
            self._waits.append(Wait(ticket.service, ticket.priority or "", waited, True))
        state = after(ticket.state, Move.CALL)
        ticket = replace(ticket, state=state, called_at=self._moment())
        facts = {"number": ticket.number, "calls": ticket.calls + 1, "why": choice.why}
        self._note("ticket.called", ticket.id, counter.number, **facts)
        yield self.env.timeout(leg.walk)
        if not visit.person.comes:
            self._miss(visit, ticket, state, counter)
            return
        self._note("ticket.started", ticket.id, counter.number)
        state = after(state, Move.START)
        yield self.env.timeout(leg.serve)
        if ticket.journey:
            self._go_on(visit, ticket, state, counter)
        else:
            after(state, Move.FINISH)
            self._note("ticket.finished", ticket.id, counter.number)

    def _miss(self, visit: _Visit, ticket: Ticket, state: TicketState, counter: Counter) -> None:
        if ticket.misses + 1 >= self._office.no_show_after:
            after(state, Move.NO_SHOW)
            self._note("ticket.no_show", ticket.id, counter.number)
            return
        place = self._note("ticket.missed", ticket.id, counter.number)
        state = after(state, Move.MISS)
        misses = ticket.misses + 1
        self._again(
            visit, ticket, state=state, place=place, waits_since=self._moment(), misses=misses,
            line=ticket.priority or "",
        )  # fmt: skip

    def _go_on(self, visit: _Visit, ticket: Ticket, state: TicketState, counter: Counter) -> None:
        service, *journey = ticket.journey
        self._note("ticket.went_on", ticket.id, counter.number, to=service)
        visit.leg, visit.called = visit.leg + 1, False
        state, since = after(state, Move.GO_ON), waits_from(ticket, self._moment())
        changes = {"waits_since": since, **begun(ticket, self._moment())}
        self._again(visit, ticket, state=state, service=service, journey=tuple(journey), **changes)

    def _again(self, visit: _Visit, ticket: Ticket, **changed: Any) -> None:
        """Puts a ticket that leaves the counter into a line again."""
        visit.waits_from = self.env.now
        self._line_up(replace(ticket, **changed))

    def _line_up(self, ticket: Ticket) -> None:
        line = self._lines.setdefault(ticket.service, {}).setdefault(ticket.line, [])
        heapq.heappush(line, (ticket.place, ticket.id, ticket))
        self._waiting[ticket.id] = ticket
        since = ticket.waits_since or ticket.issued_at
        heapq.heappush(self._longest.setdefault(ticket.service, []), (since, ticket.id))
        waiting = [number for number, (counter, _) in self._idle.items()
                   if ticket.service in counter.services]  # fmt: skip
        for number in waiting:
            self._idle.pop(number)[1].succeed()

    def _heads(self, counter: Counter) -> tuple[Ticket, ...]:
        heads = [
            line[0][2]
            for service in counter.services
            for line in self._lines.get(service, {}).values()
            if line
        ]
        longest = [
            ticket
            for service in counter.services
            if (ticket := self._waiting_longest(service)) is not None
        ]
        return (*heads, *longest)

    def _waiting_longest(self, service: str) -> Ticket | None:
        line = self._longest.get(service, [])
        while line:
            since, name = line[0]
            ticket = self._waiting.get(name)
            if ticket is not None and (ticket.service, ticket.waits_since) == (service, since):
                return ticket
            heapq.heappop(line)
        return None

    def _closing(self, counter: Counter, end: float) -> Process:
        """Wakes an idle clerk at the end of the shift."""
        yield self.env.timeout(end - self.env.now)
        idle = self._idle.pop(counter.number, None)
        if idle is not None:
            idle[1].succeed()

    def _moment(self) -> datetime:
        return self._office.starts_at + timedelta(seconds=self.env.now)

    def _note(self, kind: str, ticket: str | None, counter: int | None, **details: object) -> int:
        self._notes.append(_Note(self.env.now, kind, ticket, counter, details))
        return len(self._notes)
