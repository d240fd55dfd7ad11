"""Hours that run to midnight and over it: whatever is asked within them, they are one session."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

import pytest

from kiosk.calendar import (
    Calendar,
    is_open,
    next_opening,
    overlapping,
    read_hours,
    session_now,
    session_start,
)
from kiosk.errors import Refused
from kiosk.office.calls import call_next, finish
from kiosk.office.clerks import add_clerk
from kiosk.office.sessions import sign_in
from kiosk.office.tickets import follow, take_ticket
from kiosk.simulation.people import Rate
from kiosk.simulation.plan import of_one_day, rated_scenes
from tests.test_calendar import ZONE, at, ends_at, passed, told

if TYPE_CHECKING:
    from kiosk.office.centre import Centre
    from kiosk.tickets import Hours
    from tests.hall import Clock

PLAIN = Calendar()
NIGHTS = (read_hours("mon-fri 22:00-02:00"),)
TO_MIDNIGHT = (read_hours("mon-fri 22:00-24:00"), read_hours("tue-sat 00:00-02:00"))
ROUND_THE_CLOCK = (read_hours("00:00-24:00"),)


@pytest.mark.parametrize("week", [NIGHTS, TO_MIDNIGHT])
@pytest.mark.parametrize(
    ("now", "is_it", "opens"),
    [
        ("2026-11-23 01:00", False, "Mon 23/11/2026 22:00"),
        ("2026-11-23 21:59", False, "Mon 23/11/2026 22:00"),
        ("2026-11-23 22:00", True, "Tue 24/11/2026 22:00"),
        ("2026-11-23 23:59", True, "Tue 24/11/2026 22:00"),
        ("2026-11-24 00:00", True, "Tue 24/11/2026 22:00"),
        ("2026-11-24 01:59", True, "Tue 24/11/2026 22:00"),
        ("2026-11-24 02:00", False, "Tue 24/11/2026 22:00"),
        ("2026-11-28 01:59", True, "Mon 30/11/2026 22:00"),
        ("2026-11-28 23:00", False, "Mon 30/11/2026 22:00"),
        ("2026-11-29 00:30", False, "Mon 30/11/2026 22:00"),
    ],
)
def test_the_nights_of_a_week(week: tuple[Hours, ...], now: str, is_it: bool, opens: str) -> None:
    assert is_open(week, at(now), ZONE, PLAIN) == is_it
    assert told(next_opening(NIGHTS, at(now), ZONE, PLAIN)) == opens


@pytest.mark.parametrize("now", ["2026-11-23 22:00", "2026-11-23 23:59", "2026-11-24 01:59"])
def test_a_night_is_one_session_on_both_sides_of_midnight(now: str) -> None:
    began, ends = datetime(2026, 11, 23, 15, tzinfo=UTC), datetime(2026, 11, 23, 19, tzinfo=UTC)

    assert session_now(NIGHTS, at(now), ZONE, PLAIN) == NIGHTS[0]
    assert session_start(NIGHTS, at(now), ZONE, PLAIN) == began
    assert ends_at(NIGHTS, at(now), PLAIN) == ends


def test_written_as_two_stretches_a_night_is_two_sessions_without_a_gap() -> None:
    midnight = at("2026-11-24 00:00")
    before = midnight - timedelta(microseconds=1)

    assert session_now(TO_MIDNIGHT, before, ZONE, PLAIN) == TO_MIDNIGHT[0]
    assert session_now(TO_MIDNIGHT, midnight, ZONE, PLAIN) == TO_MIDNIGHT[1]
    assert session_start(TO_MIDNIGHT, midnight, ZONE, PLAIN) == midnight
    assert next_opening(TO_MIDNIGHT, before, ZONE, PLAIN) == midnight


@pytest.mark.parametrize("now", ["2026-11-23 00:00", "2026-11-23 12:00", "2026-11-23 23:59"])
def test_a_day_from_midnight_to_midnight_is_open_throughout(now: str) -> None:
    assert is_open(ROUND_THE_CLOCK, at(now), ZONE, PLAIN)
    assert session_start(ROUND_THE_CLOCK, at(now), ZONE, PLAIN) == at("2026-11-23 00:00")
    assert ends_at(ROUND_THE_CLOCK, at(now), PLAIN) == at("2026-11-24 00:00")


def test_a_closed_day_closes_the_night_that_begins_on_it_only() -> None:
    calendar = Calendar(closed=frozenset({date(2026, 11, 24)}))

    assert is_open(NIGHTS, at("2026-11-24 01:00"), ZONE, calendar)
    assert not is_open(NIGHTS, at("2026-11-24 22:30"), ZONE, calendar)
    assert not is_open(NIGHTS, at("2026-11-25 01:00"), ZONE, calendar)
    assert ends_at(NIGHTS, at("2026-11-24 12:00"), calendar) is None


def test_a_make_up_night_runs_into_the_day_after() -> None:
    calendar = Calendar(make_up={date(2026, 11, 28): (read_hours("20:00-01:00"),)})

    assert is_open(NIGHTS, at("2026-11-29 00:59"), ZONE, calendar)
    assert not is_open(NIGHTS, at("2026-11-29 01:00"), ZONE, calendar)


@pytest.mark.parametrize(
    ("now", "work", "minutes"),
    [
        ("2026-11-23 21:50", 10, 20),
        ("2026-11-23 23:50", 30, 30),
        ("2026-11-24 01:50", 10, 10),
        ("2026-11-24 01:50", 15, 20 * 60 + 15),
        ("2026-11-24 03:00", 15, 19 * 60 + 15),
    ],
)
def test_a_wait_goes_on_over_midnight(now: str, work: int, minutes: int) -> None:
    assert passed(NIGHTS, at(now), PLAIN, work) == minutes * 60


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        (("fri 22:00-02:00", "sat 01:00-03:00"), (0, 1)),
        (("fri 22:00-02:00", "sat 02:00-03:00"), None),
        (("sun 22:00-02:00", "mon 01:00-03:00"), (0, 1)),
        (("mon 01:00-03:00", "sun 22:00-02:00"), (0, 1)),
        (("22:00-24:00", "00:00-02:00"), None),
        (("22:00-24:00", "23:00-24:00"), (0, 1)),
        (("00:00-24:00", "08:00-09:00"), (0, 1)),
        (("mon 00:00-24:00", "tue 00:00-24:00"), None),
    ],
)
def test_nights_overlap_also_on_the_day_after(
    texts: tuple[str, ...], found: tuple[int, int] | None
) -> None:
    assert overlapping([read_hours(text) for text in texts]) == found


def open_at_night(centre: Centre, *texts: str) -> Centre:
    hours = tuple(map(read_hours, texts))
    service = replace(centre.services["A"], hours=hours, session_limit=3)
    queue = replace(centre.queue, day_starts=time(4))
    return replace(centre, services={**centre.services, "A": service}, queue=queue)


def test_a_limit_counts_the_whole_night_and_the_numbers_go_on_over_midnight(
    centre: Centre, clock: Clock
) -> None:
    centre = open_at_night(centre, "22:00-02:00")
    clock.now = at("2026-11-23 23:30").astimezone(UTC)
    given = [take(centre), take(centre)]
    clock.forward(hours=1)
    given.append(take(centre))
    with pytest.raises(Refused, match="session_limit_reached") as full:
        take(centre)

    assert given == ["A001", "A002", "A003"]
    assert full.value.facts["opens_at"] == at("2026-11-24 22:00")
    clock.now = at("2026-11-24 22:00").astimezone(UTC)
    assert take(centre) == "A001"


def test_two_stretches_give_each_their_own_limit_and_one_series_of_numbers(
    centre: Centre, clock: Clock
) -> None:
    centre = open_at_night(centre, "22:00-24:00", "00:00-02:00")
    clock.now = at("2026-11-23 23:59").astimezone(UTC)
    given = [take(centre) for _ in range(3)]
    with pytest.raises(Refused, match="session_limit_reached") as full:
        take(centre)
    assert full.value.facts["opens_at"] == at("2026-11-24 00:00")
    clock.forward(minutes=1)
    given += [take(centre) for _ in range(3)]

    assert given == [f"A00{n}" for n in range(1, 7)]
    with pytest.raises(Refused, match="session_limit_reached"):
        take(centre)


@pytest.mark.parametrize("texts", [("22:00-02:00",), ("22:00-24:00", "00:00-02:00")])
@pytest.mark.parametrize(
    ("now", "warning", "ends"),
    [
        ("2026-11-23 23:50", None, "2026-11-24 02:00"),
        ("2026-11-24 01:50", "after_closing", "2026-11-24 02:00"),
        ("2026-11-24 02:10", "session_over", "2026-11-24 02:00"),
    ],
)
def test_who_comes_at_night_is_told_of_this_night_and_not_of_the_next(
    centre: Centre, clock: Clock, texts: tuple[str, ...], now: str, warning: str, ends: str
) -> None:
    centre = open_at_night(centre, *texts)
    clock.now = at("2026-11-23 22:05").astimezone(UTC)
    for number, login in enumerate(("hoa", "lan"), 1):
        add_clerk(centre, login, login, "246813")
        sign_in(centre, login, "246813", number)
    always = replace(centre.services["A"], hours=(), session_limit=None)
    free = replace(centre, services={**centre.services, "A": always})
    for _ in range(6):
        take(free)
        call_next(centre, 2, clerk="lan")
        clock.forward(minutes=9)
        finish(centre, 2, clerk="lan")
    for _ in range(4):
        take(free)
    clock.now = at(now).astimezone(UTC)
    last = take_ticket(free, service="A", actor="touch").place.ticket
    place = follow(centre, last.id)

    assert place.estimate is not None
    assert 10 * 60 < place.estimate[0] < place.estimate[1] < 60 * 60
    assert place.warning == warning
    assert place.ends_at == at(ends)


def test_stretches_that_touch_are_one_session() -> None:
    touching = (read_hours("07:30-12:00"), read_hours("12:00-17:00"))
    apart = (read_hours("07:30-11:30"), read_hours("13:30-17:00"))
    now = at("2026-11-23 11:20")

    assert ends_at(touching, now, PLAIN) == at("2026-11-23 17:00")
    assert ends_at(apart, now, PLAIN) == at("2026-11-23 11:30")


def take(centre: Centre) -> str:
    return take_ticket(centre, service="A", actor="touch").place.ticket.number


@pytest.mark.parametrize("texts", [("22:00-02:00",), ("22:00-24:00", "00:00-02:00")])
def test_a_simulated_night_is_worked_to_its_end(centre: Centre, texts: tuple[str, ...]) -> None:
    centre = open_at_night(centre, *texts)
    table = [Rate(23, "A", 5, 3.0), Rate(1, "A", 5, 3.0), Rate(3, "A", 1, 3.0)]
    rates = of_one_day(table, time(4))
    (scene,) = rated_scenes(centre, rates, date(2026, 11, 23), 1, 1)
    shifts = {desk.counter.number: desk.shifts for desk in scene.desks}

    assert [rate.hour for rate in rates] == [23, 25, 27]
    assert [rate.hour for rate in of_one_day(table, time())] == [23, 1, 3]
    assert shifts[2] == ((22 * 3600, 26 * 3600),)
    assert {person.at // 3600 for person in scene.people} <= {23, 25, 27}
    assert max(person.at for person in scene.people) > 24 * 3600
