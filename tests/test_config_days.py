"""The hours and days of kiosk.toml: what is understood, and which mistakes are told."""

from __future__ import annotations

from datetime import date, time
from typing import TYPE_CHECKING

import pytest

from kiosk.tickets import EVERY_DAY, Hours
from tests.test_config import LEAST, read, told

if TYPE_CHECKING:
    from pathlib import Path


def test_hours_may_name_their_days_of_the_week(tmp_path: Path) -> None:
    hours = '["mon-fri 07:30-11:30", "mon,wed,fri 13:00-16:30", "sat 07:30-11:00"]'
    text = LEAST.replace('name.vi = "Chứng thực"', f'name.vi = "Chứng thực"\nhours = {hours}')

    read_hours = read(tmp_path, text).services()["A"].hours

    assert [sorted(stretch.days) for stretch in read_hours] == [[1, 2, 3, 4, 5], [1, 3, 5], [6]]


def test_without_days_hours_hold_on_every_day(tmp_path: Path) -> None:
    text = LEAST.replace('vi = "Chứng thực"', 'vi = "Chứng thực"\nhours = ["07:30-11:30"]')

    assert read(tmp_path, text).services()["A"].hours[0].days == EVERY_DAY


def night(day_starts: str, hours: str, calendar: str = "") -> str:
    text = LEAST.replace('vi = "Chứng thực"', f'vi = "Chứng thực"\nhours = [{hours}]')
    return f'{text}\n[queue]\nday_starts = "{day_starts}"\n[calendar]\n{calendar}\n'


@pytest.mark.parametrize("day_starts", ["02:00", "04:00", "22:00"])
def test_hours_may_run_over_midnight_within_the_offices_day(
    tmp_path: Path, day_starts: str
) -> None:
    own = 'sessions = ["22:00-02:00"]\nmake_up = ["2026-08-22 22:00-02:00"]'
    config = read(tmp_path, night(day_starts, '"22:00-02:00"', own))

    assert config.services()["A"].hours == (Hours(time(22), time(2)),)
    assert config.days().sessions == (Hours(time(22), time(2)),)


@pytest.mark.parametrize(
    ("day_starts", "hours", "end", "start"),
    [
        ("00:00", "22:00-02:00", "02:00", "22:00"),
        ("01:59", "22:00-02:00", "02:00", "22:00"),
        ("22:01", "22:00-02:00", "02:00", "22:00"),
        ("00:00", "11:30-07:30", "07:30", "11:30"),
    ],
)
def test_hours_in_which_the_offices_day_ends_are_told_with_what_to_write(
    tmp_path: Path, day_starts: str, hours: str, end: str, start: str
) -> None:
    own = f'sessions = ["{hours}"]\nmake_up = ["2026-08-22 {hours}"]'
    problems = told(tmp_path, night(day_starts, f'"07:40-08:00", "{hours}"', own))
    where = ("service[1].hours[2]", "calendar.sessions[1]", "calendar.make_up[1]")

    assert [problem.partition(":")[0] for problem in problems] == list(where)
    for problem in problems:
        assert f"but at {day_starts} the office's day ends" in problem
        assert f'Set [queue] day_starts from "{end}" to "{start}"' in problem


@pytest.mark.parametrize("day_starts", ["00:00", "04:00"])
def test_a_day_may_be_written_to_midnight_and_from_it(tmp_path: Path, day_starts: str) -> None:
    hours = read(tmp_path, night(day_starts, '"22:00-24:00", "00:00-02:00"')).services()["A"].hours

    assert hours == (Hours(time(22), time()), Hours(time(), time(2)))


def test_what_one_make_up_day_leaves_to_the_next_meets_none_of_its_own(tmp_path: Path) -> None:
    own = 'make_up = ["2026-08-22 00:30-03:00", "2026-08-22 22:00-02:00"]'

    assert len(read(tmp_path, night("04:00", "", own)).days().make_up[date(2026, 8, 22)]) == 2


@pytest.mark.parametrize("day_starts", ["04:00Z", "25:00", "4"])
def test_a_day_that_starts_at_no_clock_hides_no_other_mistake(
    tmp_path: Path, day_starts: str
) -> None:
    (problem,) = told(tmp_path, night(day_starts, '"22:00-02:00"'))

    assert problem.startswith("queue.day_starts")


def test_days_off_and_make_up_days_may_be_text_or_dates(tmp_path: Path) -> None:
    days = read(
        tmp_path,
        LEAST
        + """
[calendar]
holidays = ""
closed = ["2026-12-31", 2027-01-02]
make_up = ["2026-08-22", "2027-02-20 07:30-11:30", "2027-02-20 13:30-17:00"]
""",
    ).days()

    assert days.holidays == ""
    assert days.closed == {date(2026, 12, 31), date(2027, 1, 2)}
    assert days.make_up == {
        date(2026, 8, 22): (),
        date(2027, 2, 20): (Hours(time(7, 30), time(11, 30)), Hours(time(13, 30), time(17))),
    }


@pytest.mark.parametrize(
    ("service", "section", "expected"),
    [
        ('hours = ["mo-fri 07:30-11:30"]', "", "service[1].hours[1]: 'mo-fri 07:30-11:30' must"),
        ('hours = ["fri-mon 07:30-11:30"]', "", "service[1].hours[1]: 'fri-mon 07:30-11:30' must"),
        (
            'hours = ["mon-fri 07:30-11:30", "sat 07:30-11:00", "fri 11:00-12:00"]',
            "",
            "service[1].hours: 'fri 11:00-12:00' overlaps 'mon-fri 07:30-11:30'.",
        ),
        (
            'hours = ["fri 22:00-02:00", "sat 01:00-05:00"]',
            '[queue]\nday_starts = "06:00"',
            "service[1].hours: 'sat 01:00-05:00' overlaps 'fri 22:00-02:00'.",
        ),
        ("session_limit = 5", "", "service[1].session_limit: a limit per session needs hours."),
        (
            "first_number = 500\nlast_number = 499",
            "",
            "service[1].last_number: 499 is less than the first number 500.",
        ),
        (
            "last_number = 500",
            '[queue]\novernight = "keep"',
            'service[1].last_number: with overnight = "keep" the numbers go on',
        ),
        ("", 'closed = ["31/12/2026"]', "calendar.closed[1]: '31/12/2026' must be a date such as"),
        ("", 'closed = ["2026-02-30"]', "calendar.closed[1]: '2026-02-30' must be a date such as"),
        ("", 'make_up = ["2026-08-22 7-11"]', "calendar.make_up[1]: '2026-08-22 7-11' must read"),
        (
            "",
            'closed = ["2026-08-22"]\nmake_up = ["2026-08-22 07:30-11:30"]',
            "calendar.make_up[1]: 2026-08-22 stands in closed too.",
        ),
        (
            "",
            'make_up = ["2026-08-22", "2026-08-22 07:30-11:30"]',
            "calendar.make_up: '2026-08-22' stands twice.",
        ),
        (
            "",
            'make_up = ["2026-08-22 07:30-11:30", "2026-08-22 11:00-12:00"]',
            "calendar.make_up: '2026-08-22 11:00-12:00' overlaps '2026-08-22 07:30-11:30'.",
        ),
        ("", 'holidays = "TH"', "calendar.holidays: 'TH' cannot be used; choose one of: 'VN', ''."),
    ],
)
def test_a_mistake_about_days_is_told_with_its_place_and_an_example(
    tmp_path: Path, service: str, section: str, expected: str
) -> None:
    text = LEAST.replace('name.vi = "Chứng thực"', f'name.vi = "Chứng thực"\n{service}')

    (problem,) = told(tmp_path, f"{text}\n[calendar]\n{section}\n")

    assert problem.startswith(expected)
