"""The office day under a clock that jumps: no number twice, no line lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.calendar import office_day
from kiosk.office.tickets import follow, take_ticket
from kiosk.tickets import QueueRules, TicketState
from tests.hall import MORNING, Clock, centre_at

if TYPE_CHECKING:
    from kiosk.office.centre import Centre
    from kiosk.tickets import Ticket

JUMPS = st.one_of(
    st.sampled_from(
        [
            datetime(1970, 1, 1, tzinfo=UTC),
            datetime(2000, 1, 1, 0, 3, tzinfo=UTC),
            datetime(2035, 6, 1, 2, tzinfo=UTC),
            MORNING,
        ]
    ),
    st.timedeltas(timedelta(days=-2), timedelta(days=2)),
)


def take(centre: Centre) -> Ticket:
    return take_ticket(centre, service="A", actor="touch").place.ticket


def local(text: str) -> datetime:
    """A moment of the office's clock, such as "2026-11-23 08:42"."""
    return datetime.fromisoformat(f"{text}+07:00")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("2026-11-23 08:42", "2026-11-23 08:41"),
        ("2026-11-23 16:59", "2026-11-23 00:00"),
        # over midnight, and over the ends of months and years
        ("2026-11-23 00:05", "2026-11-22 23:55"),
        ("2026-12-01 00:05", "2026-11-30 23:55"),
        ("2027-01-01 00:05", "2026-12-31 23:55"),
        ("2028-03-01 00:05", "2028-02-29 23:55"),
        ("2028-02-29 00:05", "2028-02-28 23:55"),
        ("2027-03-01 09:00", "2027-02-28 09:00"),
        # a flat battery: the clock starts where the board's maker left it
        ("2026-11-23 08:42", "1970-01-01 07:00"),
        ("2026-11-23 08:42", "2000-01-01 00:00"),
    ],
)
def test_a_clock_that_jumps_back_goes_on_with_the_day_its_numbers_and_its_line(
    centre: Centre, clock: Clock, before: str, after: str
) -> None:
    clock.now = local(before)
    first = take(centre)
    clock.now = local(after)
    second = take(centre)
    waits = follow(centre, first.id)
    clock.now = local(before)
    third = take(centre)

    assert [ticket.number for ticket in (first, second, third)] == ["A001", "A002", "A003"]
    assert {ticket.day for ticket in (first, second, third)} == {first.day}
    assert (waits.ticket.state, waits.ahead) == (TicketState.WAITING, 0)


@pytest.mark.parametrize("days_there", [0, 1, 3])
def test_after_a_jump_into_the_future_the_office_comes_back_to_its_own_day(
    centre: Centre, clock: Clock, days_there: int
) -> None:
    take(centre)
    clock.now = local("2035-06-01 09:00")
    far = [take(centre)]
    for _ in range(days_there):
        clock.forward(days=1)
        far.append(take(centre))
    clock.now = MORNING + timedelta(minutes=5)
    back = take(centre)
    clock.forward(days=1)
    next_day = take(centre)

    # Whoever waited when the clock leapt may still be in the hall, so their numbers are left out.
    assert [ticket.number for ticket in far] == ["A002", *["A001"] * days_there]
    assert (back.number, back.day) == ("A002" if days_there else "A003", "2026-11-23")
    assert (next_day.number, next_day.day) == ("A001", "2026-11-24")


def test_a_clock_set_right_after_days_in_the_future_begins_the_right_day(
    centre: Centre, clock: Clock
) -> None:
    take(centre)
    clock.now = local("2035-06-01 09:00")
    take(centre)
    clock.now = MORNING + timedelta(days=2)

    assert (take(centre).number, take(centre).day) == ("A001", "2026-11-25")


def test_the_day_begins_at_its_hour_also_when_the_clock_steps_over_it_and_back(
    centre: Centre, clock: Clock
) -> None:
    centre = replace(centre, queue=QueueRules(day_starts=time(5)))
    numbers = []
    for moment in ("2027-01-01 04:55", "2027-01-01 05:01", "2027-01-01 04:58", "2027-01-01 05:02"):
        clock.now = local(moment)
        numbers.append(take(centre).number)

    assert numbers == ["A001", "A001", "A002", "A003"]


@settings(max_examples=40)
@given(st.lists(JUMPS, max_size=12))
def test_whatever_the_clock_does_no_number_is_given_twice_on_a_day(
    jumps: list[datetime | timedelta],
) -> None:
    clock = Clock()
    with TemporaryDirectory() as folder:
        centre = centre_at(Path(folder) / "kiosk.db", clock)
        given_out = [take(centre)]
        for jump in jumps:
            clock.now = jump if isinstance(jump, datetime) else clock.now + jump
            given_out += [take(centre), take(centre)]
        centre.database.close()

    by_day: dict[str, list[str]] = {}
    for ticket in given_out:
        by_day.setdefault(ticket.day, []).append(ticket.number)
    assert all(numbers == sorted(set(numbers)) for numbers in by_day.values())


@settings(max_examples=40)
@given(st.lists(st.timedeltas(timedelta(hours=-20), timedelta(hours=20)), max_size=12))
def test_small_steps_of_the_clock_never_turn_the_day_back(steps: list[timedelta]) -> None:
    clock = Clock()
    days = [date.min]
    with TemporaryDirectory() as folder:
        centre = centre_at(Path(folder) / "kiosk.db", clock)
        furthest = clock.now
        take(centre)
        for step in steps:
            clock.now = max(clock.now + step, furthest - timedelta(hours=20))
            furthest = max(furthest, clock.now)
            days.append(date.fromisoformat(take(centre).day))
        assert days == sorted(days)
        assert days[-1] == date.min or days[-1] == office_day(furthest, centre.timezone)
        centre.database.close()
