"""Terms of dossiers, by hand and against a count that looks at every minute."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.calendar import PLAIN, Calendar, read_hours
from kiosk.deadlines import (
    OFFICE_HOURS,
    Counting,
    Pause,
    Term,
    Unit,
    WorkingTime,
    due,
    put_off,
    worked,
)
from kiosk.tickets import Hours

HANOI: Final = ZoneInfo("Asia/Ho_Chi_Minh")
WORK: Final = WorkingTime(Calendar(holidays="VN"), HANOI)
MINUTE: Final = timedelta(minutes=1)
FIRST: Final = date(2026, 8, 17)


def at(text: str) -> datetime:
    """A moment of 2026 as "30/08 14:05" in the office."""
    return datetime.strptime(f"2026 {text}", "%Y %d/%m %H:%M").replace(tzinfo=HANOI)


def told(moment: datetime | None) -> str:
    return f"{moment.astimezone(HANOI):%d/%m %H:%M}" if moment else "–"


@pytest.mark.parametrize(
    ("received", "term", "ends"),
    [
        ("20/08 09:00", Term(Unit.WORKING_DAYS, 1), "21/08 09:00"),
        ("20/08 09:00", Term(Unit.WORKING_DAYS, 3), "24/08 09:00"),  # Saturday 22/8 is made up
        ("21/08 18:30", Term(Unit.WORKING_HOURS, 1), "22/08 08:30"),
        ("20/08 06:10", Term(Unit.WORKING_HOURS, 4), "20/08 11:30"),
        ("20/08 12:15", Term(Unit.WORKING_HOURS, 1), "20/08 14:00"),
        ("20/08 10:30", Term(Unit.WORKING_HOURS, 2), "20/08 14:00"),
        ("28/08 16:00", Term(Unit.WORKING_HOURS, 2), "03/09 08:30"),  # 31/8 to 2/9 are off
        ("15/10 10:00", Term(Unit.DAYS, 30), "16/11 17:00"),  # 14/11 is a Saturday
        ("16/10 17:30", Term(Unit.DAYS, 5), "26/10 17:00"),  # counts from Monday; 24/10 is one, too
        ("15/10 10:00", Term(Unit.DAYS, 5), "20/10 17:00"),
        ("20/08 15:00", Term(Unit.SAME_DAY), "20/08 17:00"),
        ("20/08 15:01", Term(Unit.SAME_DAY), "21/08 17:00"),
        ("20/08 17:00", Term(Unit.SAME_DAY), "21/08 17:00"),
        ("28/08 15:30", Term(Unit.SAME_DAY), "03/09 17:00"),
        ("30/08 15:30", Term(Unit.SAME_DAY), "03/09 17:00"),
    ],
)  # fmt: skip
def test_a_term_ends_when_the_office_works(received: str, term: Term, ends: str) -> None:
    assert told(due(WORK, at(received), term)) == ends


@pytest.mark.parametrize(
    ("term", "ends"),
    [
        (Term(Unit.WORKING_HOURS, 8), "22/10 10:00"),
        (Term(Unit.WORKING_DAYS, 1), "22/10 10:00"),
        (Term(Unit.DAYS, 1), "21/10 17:00"),
    ],
)
def test_a_term_stands_still_while_papers_are_missing(term: Term, ends: str) -> None:
    received = at("16/10 10:00")
    pauses = (
        Pause(at("16/10 15:00"), at("20/10 16:30")),
        Pause(at("17/10 09:00"), at("20/10 14:00")),
    )
    gap = Pause(at("21/10 08:00"), at("21/10 16:00"))
    assert told(due(WORK, received, term, (*pauses, gap))) == ends
    assert due(WORK, received, term, (Pause(at("16/10 15:00")),)) is None


def test_a_saturday_morning_is_half_a_working_day() -> None:
    hours = tuple(read_hours(one) for one in ("mon-sat 07:30-11:30", "mon-fri 13:00-17:00"))
    work = WorkingTime(Calendar(sessions=hours), HANOI)
    assert told(due(work, at("16/10 13:00"), Term(Unit.WORKING_DAYS, 1))) == "17/10 11:30"


def test_an_office_that_never_works_promises_nothing() -> None:
    never = Calendar(sessions=(Hours(time(8), time(9), frozenset()),))
    for unit in Unit:
        assert due(WorkingTime(never, HANOI), at("16/10 10:00"), Term(unit, 1)) is None


def test_a_day_is_as_long_as_the_office_s_own() -> None:
    short = WorkingTime(
        Calendar(sessions=(read_hours("08:00-12:00"), read_hours("13:00-16:30"))), HANOI
    )
    assert told(due(short, at("13/10 09:00"), Term(Unit.WORKING_DAYS, 10))) == "23/10 09:00"
    assert WorkingTime(PLAIN, HANOI).day_length == timedelta(hours=8)


@pytest.mark.parametrize(
    ("promised", "pauses", "moved"),
    [
        ("20/10 10:00", (), "20/10 10:00"),
        ("20/10 10:00", ("16/10 15:00 19/10 08:30",), "20/10 14:30"),  # three hours of work
        ("20/10 10:00", ("17/10 15:00 18/10 08:30",), "20/10 10:00"),  # a week-end
        ("20/10 10:00", ("14/10 09:00 14/10 10:00", "14/10 09:30 14/10 10:30"), "20/10 11:30"),
        ("20/10 10:00", ("21/10 09:00 21/10 10:00",), "20/10 10:00"),  # it was late by then
        ("16/10 00:00", ("12/10 15:00 13/10 08:30",), "19/10 00:00"),
        ("16/10 00:00", ("12/10 08:00 13/10 15:00",), "20/10 00:00"),
    ],
)
def test_a_promise_is_put_off_by_what_was_not_worked(
    promised: str, pauses: tuple[str, ...], moved: str
) -> None:
    stood = tuple(Pause(at(one[:11]), at(one[12:])) for one in pauses)
    assert told(put_off(WORK, at(promised), stood)) == moved
    assert put_off(WORK, at(promised), (*stood, Pause(at("09/10 08:00")))) is None


@pytest.mark.parametrize(
    ("done", "due_at", "by_day", "by_minute"),
    [
        ("20/10 09:59", "20/10 10:00", 0, -1),
        ("20/10 10:00", "20/10 10:00", 0, 0),
        ("20/10 10:01", "20/10 10:00", 0, 1),
        ("19/10 23:59", "20/10 10:00", -1, -1),
        ("21/10 00:00", "20/10 10:00", 1, 1),
        ("20/10 16:59", "20/10 00:00", 0, 0),
    ],
)
def test_early_on_time_and_late_go_by_the_day_or_the_minute(
    done: str, due_at: str, by_day: int, by_minute: int
) -> None:
    by = replace(WORK, counted_by=Counting.MINUTE)
    assert WORK.compared(at(done), at(due_at)) == by_day
    assert by.compared(at(done), at(due_at)) == by_minute


moments = st.integers(0, 40 * 24 * 60).map(
    lambda minutes: datetime.combine(FIRST, time(), HANOI) + minutes * MINUTE
)
pauses = st.lists(
    st.tuples(moments, st.integers(1, 4 * 24 * 60)).map(
        lambda pair: Pause(pair[0], pair[0] + pair[1] * MINUTE)
    ),
    max_size=3,
)
calendars = st.builds(
    Calendar,
    holidays=st.sampled_from(["", "VN"]),
    closed=st.frozensets(st.integers(0, 60).map(lambda n: FIRST + timedelta(n)), max_size=4),
    sessions=st.sampled_from(
        [
            (),
            (read_hours("mon-sat 07:00-11:30"), read_hours("mon-fri 13:30-17:00")),
            (read_hours("22:00-02:00"),),
            (read_hours("tue,thu 08:00-24:00"), read_hours("wed 00:00-01:00")),
        ]
    ),
)


def slow_minutes(calendar: Calendar, since: datetime, until: datetime) -> int:
    """How many minutes between the two are worked, each looked at by itself."""
    return sum(works(calendar, since + n * MINUTE) for n in range(int((until - since) / MINUTE)))


def works(calendar: Calendar, minute: datetime) -> bool:
    local = minute.astimezone(HANOI)
    hours = calendar.sessions or OFFICE_HOURS
    for back in (0, 1):
        day = local.date() - timedelta(back)
        for one in calendar.stretches(hours, day):
            start = datetime.combine(day, one.start, HANOI)
            end = datetime.combine(day + timedelta(one.ends_next_day), one.end, HANOI)
            if start <= local < end:
                return True
    return False


@given(calendars, moments, st.integers(0, 3 * 24 * 60))
def test_work_is_counted_as_one_who_counts_every_minute(
    calendar: Calendar, since: datetime, minutes: int
) -> None:
    until = since + minutes * MINUTE
    counted = worked(WorkingTime(calendar, HANOI), since, until)
    assert counted == slow_minutes(calendar, since, until) * MINUTE


@given(calendars, moments, st.integers(1, 12), pauses)
def test_a_term_is_counted_as_one_who_counts_every_minute(
    calendar: Calendar, received: datetime, hours: int, pauses: list[Pause]
) -> None:
    left, minute = hours * 60, received
    while left:
        paused = any(one.since <= minute < one.until for one in pauses if one.until)
        left -= works(calendar, minute) and not paused
        minute += MINUTE
    found = due(WorkingTime(calendar, HANOI), received, Term(Unit.WORKING_HOURS, hours), pauses)
    assert found == minute.astimezone(UTC)
