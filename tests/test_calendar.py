from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.calendar import (
    LOOK_AHEAD,
    WEEKDAYS,
    Calendar,
    day_start,
    is_open,
    next_opening,
    office_day,
    on_the_clock,
    overlapping,
    read_date,
    read_hours,
    read_make_up,
    session_now,
    session_start,
    sessions_today,
    work_ends,
)
from kiosk.tickets import EVERY_DAY, Hours

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
WEEK = tuple(
    read_hours(text) for text in ("mon-fri 07:30-11:30", "mon-fri 13:30-17:00", "sat 07:30-11:00")
)
PLAIN = Calendar()
VIETNAM = Calendar("VN")

CLOCKS = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))
MOMENTS = st.datetimes(
    datetime(2000, 1, 1), datetime(2040, 1, 1), timezones=st.sampled_from([UTC, ZONE])
)


def at(text: str) -> datetime:
    """A moment of the office's clock, such as "2026-11-23 08:42"."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def told(moment: datetime | None) -> str | None:
    return f"{moment.astimezone(ZONE):%a %d/%m/%Y %H:%M}" if moment else None


def ends_at(hours: tuple[Hours, ...], now: datetime, calendar: Calendar) -> datetime | None:
    return work_ends(sessions_today(hours, now, ZONE, calendar), now)


def passed(hours: tuple[Hours, ...], now: datetime, calendar: Calendar, minutes: int) -> float:
    """The seconds of the clock in which so many minutes are worked."""
    return on_the_clock(sessions_today(hours, now, ZONE, calendar), now, minutes * 60)


@st.composite
def weeks(draw: st.DrawFn) -> tuple[Hours, ...]:
    found = []
    for _ in range(draw(st.integers(1, 4))):
        midnight = st.just((time(), time()))
        start, end = draw(st.tuples(CLOCKS, CLOCKS).filter(lambda two: two[0] != two[1]) | midnight)
        days = draw(st.frozensets(st.integers(1, 7), min_size=1))
        found.append(Hours(start, end, days))
    return tuple(found)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    days = st.dates(date(2025, 12, 1), date(2027, 3, 1))
    closed = draw(st.frozensets(days, max_size=4))
    make_up = draw(
        st.dictionaries(days, st.sampled_from([(), (read_hours("08:00-10:00"),)]), max_size=4)
    )
    return Calendar(draw(st.sampled_from(["", "VN"])), closed, make_up)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("07:30-11:30", Hours(time(7, 30), time(11, 30), EVERY_DAY)),
        ("mon-fri 07:30-11:30", Hours(time(7, 30), time(11, 30), frozenset({1, 2, 3, 4, 5}))),
        ("sat 07:30-11:00", Hours(time(7, 30), time(11), frozenset({6}))),
        ("mon,wed,fri 13:00-16:30", Hours(time(13), time(16, 30), frozenset({1, 3, 5}))),
        ("mon-wed,sun 00:00-23:59", Hours(time(), time(23, 59), frozenset({1, 2, 3, 7}))),
        ("07:30-24:00", Hours(time(7, 30), time(), EVERY_DAY)),
        ("00:00-24:00", Hours(time(), time(), EVERY_DAY)),
        ("fri,sat 22:00-02:00", Hours(time(22), time(2), frozenset({5, 6}))),
    ],
)
def test_hours_are_read_as_people_write_them(text: str, expected: Hours) -> None:
    assert read_hours(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "7:30-11:30",
        "07:30",
        "07:30-07:30",
        "00:00-00:00",
        "24:00-24:00",
        "24:00-02:00",
        "22:00-24:01",
        "22:00-26:00",
        "fri-mon 07:30-11:30",
        "mon- 07:30-11:30",
        ", 07:30-11:30",
        "t2-t6 07:30-11:30",
        "mon-wed-fri 07:30-11:30",
        "mon fri 07:30-11:30",
    ],
)
def test_hours_that_could_be_read_in_two_ways_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="hours"):
        read_hours(text)


@given(weeks())
def test_hours_written_out_are_read_back(week: tuple[Hours, ...]) -> None:
    for hours in week:
        days = ",".join(WEEKDAYS[day - 1] for day in sorted(hours.days))
        end = "24:00" if hours.end == time() else f"{hours.end:%H:%M}"
        assert read_hours(f"{days} {hours.start:%H:%M}-{end}") == hours


@pytest.mark.parametrize("text", ["", "2026-02-30", "20260822", "22/08/2026", "2026-W30-1"])
def test_a_date_is_written_in_one_way(text: str) -> None:
    with pytest.raises(ValueError, match="date"):
        read_date(text)
    with pytest.raises(ValueError, match="make_up"):
        read_make_up(f"{text} 07:30-11:30")


def test_a_make_up_day_has_its_own_hours_or_a_mondays() -> None:
    own = Hours(time(7, 30), time(11, 30))

    assert read_make_up("2026-08-22 07:30-11:30") == (date(2026, 8, 22), own)
    assert read_make_up("2026-08-22") == (date(2026, 8, 22), None)
    with pytest.raises(ValueError, match="make_up"):
        read_make_up("2026-08-22 sat 07:30-11:30")


@given(weeks())
def test_stretches_overlap_when_they_share_a_minute_of_the_week(week: tuple[Hours, ...]) -> None:
    minutes: set[tuple[int, int]] = set()
    expected = False
    for hours in week:
        start = hours.start.hour * 60 + hours.start.minute
        end = hours.end.hour * 60 + hours.end.minute
        end += 1440 if end <= start else 0
        own = {
            ((day + minute // 1440) % 7, minute % 1440)
            for day in hours.days
            for minute in range(start, end)
        }
        expected = expected or not minutes.isdisjoint(own)
        minutes |= own

    assert (overlapping(week) is not None) == expected


def test_without_hours_a_service_is_open_on_the_first_day_of_tet_at_night() -> None:
    calendar = Calendar("VN", closed=frozenset({date(2026, 2, 17)}))

    assert is_open((), at("2026-02-17 03:00"), ZONE, calendar)
    assert next_opening((), at("2026-02-17 03:00"), ZONE, calendar) is None
    assert ends_at((), at("2026-02-17 03:00"), calendar) is None


def test_own_hours_of_a_make_up_day_bind_no_service_without_hours() -> None:
    calendar = Calendar(make_up={date(2026, 11, 23): (read_hours("08:00-09:00"),)})

    assert session_now((), at("2026-11-23 08:30"), ZONE, calendar) is None
    assert is_open((), at("2026-11-23 12:00"), ZONE, calendar)


@pytest.mark.parametrize(
    ("now", "is_it", "opens"),
    [
        ("2026-11-23 07:29", False, "Mon 23/11/2026 07:30"),
        ("2026-11-23 07:30", True, "Mon 23/11/2026 13:30"),
        ("2026-11-23 11:29", True, "Mon 23/11/2026 13:30"),
        ("2026-11-23 11:30", False, "Mon 23/11/2026 13:30"),
        # the Day of Culture
        ("2026-11-23 17:00", False, "Wed 25/11/2026 07:30"),
        ("2026-11-24 09:00", False, "Wed 25/11/2026 07:30"),
        # a Saturday, then a Sunday
        ("2026-11-28 10:59", True, "Mon 30/11/2026 07:30"),
        ("2026-11-28 13:30", False, "Mon 30/11/2026 07:30"),
        # New Year's Day is a Friday
        ("2026-12-31 18:00", False, "Sat 02/01/2027 07:30"),
        # Tết 2026: Saturday, then five days off
        ("2026-02-14 12:00", False, "Sat 21/02/2026 07:30"),
        # the Monday that was exchanged for Saturday 22 August
        ("2026-08-22 14:00", True, "Mon 24/08/2026 07:30"),
        ("2026-08-31 09:00", False, "Thu 03/09/2026 07:30"),
        # before the office's midnight, after it in UTC, and the other way round
        ("2026-11-29 23:59", False, "Mon 30/11/2026 07:30"),
        ("2026-11-30 00:00", False, "Mon 30/11/2026 07:30"),
    ],
)
def test_the_week_of_a_vietnamese_office(now: str, is_it: bool, opens: str) -> None:
    assert is_open(WEEK, at(now), ZONE, VIETNAM) == is_it
    assert told(next_opening(WEEK, at(now), ZONE, VIETNAM)) == opens


def test_without_a_country_only_the_week_and_the_lists_count() -> None:
    assert is_open(WEEK, at("2026-02-17 09:00"), ZONE, PLAIN)


def test_the_offices_lists_win_over_the_week_and_over_the_holidays() -> None:
    calendar = Calendar(
        "VN",
        closed=frozenset({date(2026, 8, 22), date(2026, 11, 25)}),
        make_up={
            date(2026, 11, 24): (),
            date(2026, 11, 29): (read_hours("08:00-10:00"),),
        },
    )

    assert told(next_opening(WEEK, at("2026-08-21 18:00"), ZONE, calendar)) == (
        "Mon 24/08/2026 07:30"
    )
    assert is_open(WEEK, at("2026-11-24 14:00"), ZONE, calendar)
    assert told(next_opening(WEEK, at("2026-11-24 17:00"), ZONE, calendar)) == (
        "Thu 26/11/2026 07:30"
    )
    assert told(next_opening(WEEK, at("2026-11-28 12:00"), ZONE, calendar)) == (
        "Sun 29/11/2026 08:00"
    )
    assert not is_open(WEEK, at("2026-11-29 10:00"), ZONE, calendar)


def test_a_make_up_day_takes_a_mondays_hours_also_where_they_differ() -> None:
    monday_only = (read_hours("mon 13:00-15:00"), read_hours("tue-sun 08:00-09:00"))
    calendar = Calendar(make_up={date(2026, 11, 28): ()})

    assert told(next_opening(monday_only, at("2026-11-27 12:00"), ZONE, calendar)) == (
        "Sat 28/11/2026 13:00"
    )


def test_an_office_that_never_opens_again_has_no_next_opening() -> None:
    today = date(2026, 11, 23)
    shut = frozenset(today + timedelta(days=days) for days in range(LOOK_AHEAD.days + 1))

    assert next_opening(WEEK, at("2026-11-23 06:00"), ZONE, Calendar(closed=shut)) is None


def test_an_opening_more_than_a_year_ahead_is_found() -> None:
    calendar = Calendar(
        closed=frozenset(date(2026, 11, 23) + timedelta(days=days) for days in range(396)),
    )

    assert told(next_opening(WEEK, at("2026-11-23 06:00"), ZONE, calendar)) == (
        "Fri 24/12/2027 07:30"
    )


def test_a_session_starts_and_ends_with_its_stretch() -> None:
    now = at("2026-11-23 08:42")

    assert session_now(WEEK, now, ZONE, VIETNAM) == WEEK[0]
    assert session_start(WEEK, now, ZONE, VIETNAM) == datetime(2026, 11, 23, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "ends"),
    [
        ("2026-11-23 07:00", "Mon 23/11/2026 11:30"),
        ("2026-11-23 11:29", "Mon 23/11/2026 11:30"),
        ("2026-11-23 12:00", "Mon 23/11/2026 17:00"),
        ("2026-11-23 17:20", "Mon 23/11/2026 17:00"),
        # the Day of Culture
        ("2026-11-24 09:00", None),
    ],
)
def test_who_waits_is_to_be_served_in_the_session_that_runs_or_comes(
    now: str, ends: str | None
) -> None:
    assert told(ends_at(WEEK, at(now), VIETNAM)) == ends


@pytest.mark.parametrize(
    ("now", "work", "minutes"),
    [
        ("2026-11-23 07:00", 10, 40),
        ("2026-11-23 09:00", 10, 10),
        ("2026-11-23 11:20", 10, 10),
        ("2026-11-23 11:20", 15, 135),
        ("2026-11-23 12:00", 15, 105),
        ("2026-11-23 16:50", 25, 25),
        ("2026-11-23 18:00", 25, 25),
        # the Day of Culture
        ("2026-11-24 09:00", 25, 25),
    ],
)
def test_a_wait_goes_on_over_lunch(now: str, work: int, minutes: int) -> None:
    assert passed(WEEK, at(now), VIETNAM, work) == minutes * 60
    assert passed((), at(now), VIETNAM, work) == work * 60


def test_the_sessions_of_the_office_count_before_the_hours_in_which_numbers_are_given() -> None:
    tickets = (read_hours("07:30-16:00"),)
    office = Calendar("VN", sessions=WEEK)

    assert told(ends_at(tickets, at("2026-11-23 15:50"), office)) == "Mon 23/11/2026 17:00"
    assert told(ends_at((), at("2026-11-23 09:00"), office)) == "Mon 23/11/2026 11:30"
    assert session_now(tickets, at("2026-11-23 16:10"), ZONE, office) is None


@given(weeks(), calendars(), MOMENTS)
def test_the_next_opening_lies_ahead_and_opens(
    week: tuple[Hours, ...], calendar: Calendar, now: datetime
) -> None:
    opening = next_opening(week, now, ZONE, calendar)

    assert opening is not None
    assert now < opening <= now + LOOK_AHEAD
    assert is_open(week, opening, ZONE, calendar)


@given(weeks(), calendars(), MOMENTS)
def test_nothing_opens_before_the_next_opening(
    week: tuple[Hours, ...], calendar: Calendar, now: datetime
) -> None:
    opening = next_opening(week, now, ZONE, calendar)
    if opening is not None and not is_open(week, now, ZONE, calendar):
        for share in range(1, 12):
            between = now + (opening - now) * share / 12
            assert not is_open(week, between, ZONE, calendar)


@given(weeks(), calendars(), MOMENTS)
def test_now_lies_within_its_session(
    week: tuple[Hours, ...], calendar: Calendar, now: datetime
) -> None:
    start = session_start(week, now, ZONE, calendar)
    end = ends_at(week, now, calendar)

    assert (start is None) == (not is_open(week, now, ZONE, calendar))
    if start is not None:
        assert end is not None
        assert start <= now < end


@pytest.mark.parametrize(
    ("now", "starts", "day"),
    [
        ("2026-11-23 00:00", time(), date(2026, 11, 23)),
        ("2026-11-23 23:59", time(), date(2026, 11, 23)),
        ("2026-11-23 04:59", time(5), date(2026, 11, 22)),
        ("2026-11-23 05:00", time(5), date(2026, 11, 23)),
        ("2026-12-01 00:30", time(5), date(2026, 11, 30)),
        ("2027-01-01 04:59", time(5), date(2026, 12, 31)),
        ("2028-03-01 03:00", time(5), date(2028, 2, 29)),
        ("2027-03-01 03:00", time(5), date(2027, 2, 28)),
    ],
)
def test_the_office_day_runs_from_its_hour_to_the_next_days(
    now: str, starts: time, day: date
) -> None:
    assert office_day(at(now), ZONE, starts) == day


@given(MOMENTS, CLOCKS, st.sampled_from(["Asia/Ho_Chi_Minh", "UTC"]))
def test_the_office_day_begins_at_most_a_day_ago_and_is_one_day(
    now: datetime, starts: time, zone_name: str
) -> None:
    zone = ZoneInfo(zone_name)
    begun = day_start(now, zone, starts)

    assert timedelta() <= now - begun < timedelta(days=1)
    assert office_day(begun, zone, starts) == office_day(now, zone, starts)
    just_before = begun - timedelta(microseconds=1)
    assert office_day(just_before, zone, starts) == office_day(now, zone, starts) - timedelta(1)


def test_the_table_of_holidays_is_loaded_only_for_an_office_with_hours() -> None:
    code = (
        "import sys\n"
        "from zoneinfo import ZoneInfo\n"
        "from kiosk.calendar import Calendar, is_open, read_hours, utc_now\n"
        "zone, vietnam = ZoneInfo('UTC'), Calendar('VN')\n"
        "assert is_open((), utc_now(), zone, vietnam)\n"
        "assert 'holidays' not in sys.modules\n"
        "is_open((read_hours('07:30-11:30'),), utc_now(), zone, vietnam)\n"
        "assert 'holidays' in sys.modules\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)

    assert not done.returncode, done.stderr
