from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from random import Random
from typing import TYPE_CHECKING

import pytest

from kiosk.folding import fold
from kiosk.history import Activity
from kiosk.office.appointments import book, check_in
from kiosk.office.calls import call_next, finish, no_show, start
from kiosk.office.figures import read_day
from kiosk.office.tickets import take_ticket
from kiosk.simulation.hall import Desk, run
from kiosk.simulation.people import Leg, Person, recorded
from kiosk.simulation.plan import office_on
from kiosk.tickets import Counter, Hours, Priority, QueueRules
from tests.hall import centre_at, service

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.history import Event
    from kiosk.office.centre import Centre
    from kiosk.simulation.hall import Run
    from tests.hall import Clock

MONDAY = date(2026, 11, 23)
HOUR = 3600.0


@pytest.fixture
def busy(centre: Centre) -> Centre:
    """An office with every kind of rule: weights, a listed order, shares, a journey, ageing."""
    return replace(
        centre,
        services={
            entry.code: entry
            for entry in (
                service("A", "Chứng thực", then=("F",)),
                service("B", "Hộ tịch"),
                service("C", "Đất đai"),
                service("F", "Trả kết quả"),
            )
        },
        counters={
            1: Counter(1, ("A", "B", "C"), "hall", "weight", (3, 1, 2)),
            2: Counter(2, ("F", "B"), "hall", "listed"),
            3: Counter(3, ("C", "A"), "hall"),
        },
        priorities={
            "NCT": Priority("NCT", {"vi": "Người cao tuổi"}),
            "UT": Priority("UT", {"vi": "Ưu tiên"}, one_in=3),
        },
        queue=QueueRules(ageing=timedelta(minutes=40), no_show_after=2),
    )


def crowd(seed: int, count: int = 60) -> list[Person]:
    chance = Random(seed)
    people = []
    for _ in range(count):
        first = chance.choice("ABCF")
        codes = [first, "F"] if first == "A" else [first]
        legs = tuple(Leg(code, chance.uniform(5, 40), chance.uniform(30, 500)) for code in codes)
        priority = chance.choice(["", "", "", "NCT", "UT"])
        people.append(Person(chance.uniform(8, 9.5) * HOUR, priority, legs, chance.random() > 0.1))
    return sorted(people, key=lambda person: person.at)


def simulated(centre: Centre, people: list[Person], until: float = 12) -> Run:
    shifts = ((8 * HOUR, until * HOUR),)
    desks = [Desk(counter, shifts) for counter in centre.counters.values()]
    return run(office_on(centre, MONDAY), desks, people)


class Store:
    """Does in the real store, at the same moments, what a simulated day did."""

    def __init__(self, centre: Centre, clock: Clock) -> None:
        self.centre = centre
        self.clock = clock

    def follow(self, event: Event) -> str | None:
        """The number that the real office gives or calls at this event."""
        self.clock.now = event.at
        if event.kind == "ticket.issued":
            return self._take(event)
        if event.counter is None or event.kind.startswith("counter."):
            return None
        if event.kind == "ticket.called":
            called = call_next(self.centre, event.counter, clerk="test")
            return called.number if called else "nobody"
        move = {
            "ticket.started": start,
            "ticket.finished": finish,
            "ticket.went_on": finish,
            "ticket.no_show": no_show,
            "ticket.missed": no_show,
        }[event.kind]
        return move(self.centre, event.counter, clerk="test").number

    def _take(self, event: Event) -> str:
        """Takes the number that the event gave."""
        priority = event.details["priority"] or None
        services = self._journey(event.details["service"])
        given = take_ticket(self.centre, services=services, priority=priority, actor="test")
        return given.place.ticket.number

    def _journey(self, code: str) -> tuple[str, ...]:
        return (code, *self.centre.services[code].then)


@pytest.mark.parametrize("seed", range(4))
def test_the_simulation_calls_the_same_numbers_in_the_same_order_as_the_store(
    busy: Centre, clock: Clock, seed: int
) -> None:
    events = simulated(busy, crowd(seed)).events()
    store = Store(busy, clock)

    told = [(event, store.follow(event)) for event in events]

    calls = [event for event in events if event.kind == "ticket.called"]
    assert len({event.details["why"]["rule"] for event in calls}) >= 5
    assert len({event.kind for event in events if event.ticket}) == 7
    for event, number in told:
        assert number in (None, event.ticket), event


def test_the_same_people_meet_the_same_day_every_time(busy: Centre) -> None:
    assert simulated(busy, crowd(7)).events() == simulated(busy, crowd(7)).events()


def test_who_was_not_called_by_closing_has_waited_until_then(busy: Centre) -> None:
    people = [Person(8 * HOUR, "", (Leg("B", 0, 7200),)) for _ in range(4)]

    waits = simulated(busy, people, until=9).waits

    assert sorted(wait.seconds for wait in waits) == [0, 0, HOUR, HOUR]
    assert [wait.called for wait in waits] == [True, True, False, False]


def test_nobody_gets_a_number_outside_the_hours_or_beyond_the_limits(busy: Centre) -> None:
    hours = (Hours(time(8), time(9)), Hours(time(10), time(11)))
    limited = replace(busy.services["B"], hours=hours, daily_limit=5, session_limit=3)
    centre = replace(busy, services={**busy.services, "B": limited})
    minutes = (470, 481, 482, 483, 484, 550, 601, 602, 603, 604)
    people = [Person(60.0 * minute, "", (Leg("B", 0, 10),)) for minute in minutes]

    day = simulated(centre, people)

    assert len(day.waits) == 5
    assert day.refused == (("B", ""),) * 5


def test_the_simulated_events_are_folded_as_recorded_ones_are(busy: Centre) -> None:
    day = simulated(busy, crowd(1))
    events = day.events()
    told = fold(events, events[0].at, events[-1].at)

    first = [stage.waiting for visit in told.visits for stage in visit.stages if stage.first_call]
    called = sorted(round(wait.seconds) for wait in day.waits if wait.called)

    assert len(first) == len(called)
    assert told.by_counter()[1][Activity.SERVING] > timedelta(minutes=30)


def test_an_idle_clerk_calls_at_once_and_leaves_in_time(tmp_path: Path, clock: Clock) -> None:
    centre = centre_at(tmp_path / "idle.db", clock)
    people = [Person(8.5 * HOUR, "", (Leg("A", 10, 60),))]

    day = simulated(centre, people)
    ends = [event.at for event in day.events() if event.kind == "counter.closed"]

    assert [wait.seconds for wait in day.waits] == [0]
    assert len(set(ends)) == 1
    centre.database.close()


def test_an_appointment_is_called_at_its_time_and_one_too_late_waits_with_everybody(
    busy: Centre,
) -> None:
    walk_ins = [Person(8 * HOUR + n, "", (Leg("B", 0, 600),)) for n in range(24)]
    early = Person(8 * HOUR + 60, "", (Leg("B", 0, 600),), due=8.5 * HOUR)
    late = Person(9 * HOUR, "", (Leg("B", 0, 600),), due=8 * HOUR)
    calls = [
        event
        for event in simulated(
            busy, sorted([*walk_ins, early, late], key=lambda person: person.at)
        ).events()
        if event.kind == "ticket.called"
    ]
    (booked,) = [call for call in calls if call.details["why"]["rule"] == "appointment"]

    assert time(8, 30) <= booked.at.astimezone(busy.timezone).time() < time(8, 41)
    assert calls[-1].details["number"] == "B026"


def test_a_recorded_appointment_comes_again_with_its_time(busy: Centre, clock: Clock) -> None:
    due = clock.now + timedelta(minutes=40)
    booking = book(busy, service="B", at=due, actor="test")
    check_in(busy, booking.code, actor="test")
    call_next(busy, 2, clerk="an")
    day = read_day(busy, MONDAY)

    (person,) = recorded(day, day.visits[0].began_at, busy.services, {}, Random(1))

    assert person.due == 40 * 60
