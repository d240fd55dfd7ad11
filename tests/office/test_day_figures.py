"""A day in figures, told from what really happened at the counters."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from kiosk.calendar import local_day
from kiosk.day_figures import day_figures
from kiosk.office.calls import call_next, finish, no_show, start, transfer
from kiosk.office.clerks import add_clerk
from kiosk.office.figures import read_day
from kiosk.office.sessions import sign_in
from kiosk.office.tickets import take_ticket

if TYPE_CHECKING:
    from kiosk.day_figures import DayFigures
    from kiosk.office.centre import Centre
    from tests.hall import Clock

PIN = "135790"
TEN = timedelta(minutes=10)


def figures(centre: Centre, **targets: timedelta) -> DayFigures:
    day = read_day(centre, local_day(centre.clock(), centre.timezone))
    return day_figures(day, targets, centre.timezone)


def test_a_day_without_anybody_has_no_figures(centre: Centre) -> None:
    found = figures(centre)
    assert (found.whole.given, found.whole.mean_wait, found.whole.kept) == (0, None, None)
    assert (found.services, found.hours, found.counters) == ({}, {}, ())


def test_waits_services_and_misses_are_counted_where_they_happened(
    centre: Centre, clock: Clock
) -> None:
    """From 08:42: one is called after 5 minutes and served for 4, one after 20 and is missed, one
    goes on to another service, and one still waits."""
    add_clerk(centre, "hoa", "Lê Thị Hoa", PIN)
    sign_in(centre, "hoa", PIN, 1)
    for _ in range(4):
        take_ticket(centre, service="A", actor="touch")
    clock.forward(minutes=5)
    call_next(centre, 1, clerk="hoa")
    start(centre, 1, clerk="hoa")
    clock.forward(minutes=4)
    finish(centre, 1, clerk="hoa")
    clock.forward(minutes=11)
    call_next(centre, 1, clerk="hoa")
    no_show(centre, 1, clerk="hoa")
    call_next(centre, 1, clerk="hoa")
    start(centre, 1, clerk="hoa")
    clock.forward(minutes=2)
    transfer(centre, 1, service="B", clerk="hoa")
    found = figures(centre, A=TEN)

    service = found.services["A"]
    assert (service.given, service.served, service.missed) == (4, 2, 1)
    assert (service.waits, service.measured, service.kept) == (3, 3, 1)
    assert service.mean_wait == timedelta(minutes=15)
    assert service.nine_in_ten == service.longest_wait == timedelta(minutes=20)
    assert service.mean_serving == timedelta(minutes=3)
    other = found.services["B"]
    assert (other.given, other.waits, other.kept) == (1, 0, None)
    assert found.whole.given == 5
    assert {hour: flow.given for hour, flow in found.hours.items()} == {8: 4, 9: 1}
    assert {hour: flow.waits for hour, flow in found.hours.items()} == {8: 1, 9: 2}
    (counter,) = found.counters
    assert (counter.counter, counter.clerks, counter.tally.called) == (1, ("hoa",), 3)
    assert counter.serving == timedelta(minutes=6)
    assert counter.open_for == timedelta(minutes=22)


def test_the_parts_add_up_to_the_whole(centre: Centre, clock: Clock) -> None:
    add_clerk(centre, "hoa", "Lê Thị Hoa", PIN)
    sign_in(centre, "hoa", PIN, 1)
    for n in range(30):
        take_ticket(centre, service="AB"[n % 2], actor="touch")
        clock.forward(minutes=7)
        if n % 3:
            call_next(centre, 1, clerk="hoa")
    found = figures(centre, A=TEN, B=TEN)
    for name in ("given", "served", "missed", "waits", "measured", "kept"):
        whole = getattr(found.whole, name)
        assert sum(getattr(flow, name) for flow in found.services.values()) == whole
        assert sum(getattr(flow, name) or 0 for flow in found.hours.values()) == whole


def test_only_waits_that_have_a_target_can_be_within_it(centre: Centre, clock: Clock) -> None:
    """A has a target and keeps it but once; B has none, and its waits count nowhere."""
    add_clerk(centre, "hoa", "Lê Thị Hoa", PIN)
    sign_in(centre, "hoa", PIN, 1)
    for minutes in (4, 20):
        for service in "AB":
            take_ticket(centre, service=service, actor="touch")
        clock.forward(minutes=minutes)
        for _ in range(2):
            call_next(centre, 1, clerk="hoa")
    found = figures(centre, A=TEN)
    for flow in (found.whole, found.services["A"]):
        assert (flow.measured, flow.kept) == (2, 1)
    assert found.whole.waits == 4
    assert {hour: (flow.measured, flow.kept) for hour, flow in found.hours.items()} == {
        8: (1, 1),
        9: (1, 0),
    }
    assert (found.services["B"].measured, found.services["B"].kept) == (0, None)
    untold = figures(centre)
    assert (untold.whole.waits, untold.whole.measured, untold.whole.kept) == (4, 0, None)
