"""Days, sessions and ticket hours of the office, and how moments are written in the store."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final, TypeAlias

from kiosk.tickets import EVERY_DAY, Hours

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from zoneinfo import ZoneInfo

NOON = time(12)
NIGHTFALL = time(18)
MIDNIGHT: Final = time()
Span: TypeAlias = tuple[datetime, datetime]
"""From when to when, in UTC."""

LOOK_AHEAD: Final = timedelta(days=400)
"""How far ahead an opening is looked for: a year and the longest holidays."""
WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CLOCK: Final = r"(?:[01]\d|2[0-3]):[0-5]\d"
_MONDAY: Final = 1
_DAY: Final = timedelta(days=1)
_WEEK: Final = timedelta(days=7)


class Session(StrEnum):
    """Buổi: the parts of the office day, as tickets and registers name them."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days on which the week's hours do not hold.

    ``holidays`` is the country whose public holidays count ("VN"; "" for none). ``make_up`` days
    are open although the week or a holiday says no, in their own hours or, where there are none,
    in a Monday's. ``closed`` days are closed whatever else says. Both lists win over the holidays,
    because every built-in table of them is wrong some day. ``sessions`` are the stretches in which
    the office works, where numbers are given in other ones.
    """

    holidays: str = ""
    closed: frozenset[date] = frozenset()
    make_up: Mapping[date, tuple[Hours, ...]] = field(default_factory=dict)
    sessions: tuple[Hours, ...] = ()

    def stretches(self, hours: Sequence[Hours], day: date) -> tuple[Hours, ...]:
        """What of a service's ``hours`` begins on the day, in order."""
        if not hours or day in self.closed:
            return ()
        weekday = day.isoweekday()
        if day in self.make_up:
            if own := self.make_up[day]:
                return _in_order(own)
            weekday = _MONDAY
        elif self.holidays:
            off, worked = _table(self.holidays, day.year)
            if day in off:
                return ()
            weekday = _MONDAY if day in worked else weekday
        return _in_order(stretch for stretch in hours if weekday in stretch.days)


PLAIN: Final = Calendar()
"""Only the week counts."""


def _in_order(stretches: Iterable[Hours]) -> tuple[Hours, ...]:
    return tuple(sorted(stretches, key=lambda stretch: stretch.start))


@cache
def _table(country: str, year: int) -> tuple[frozenset[date], frozenset[date]]:
    """The year's public holidays, and the weekend days worked in exchange for some of them."""
    from holidays import country_holidays  # a tenth of a second that most offices never need

    found = country_holidays(country, years=year, expand=False)
    return frozenset(found), frozenset(found.weekend_workdays) - frozenset(found)


def utc_now() -> datetime:
    return datetime.now(UTC)


# A move writes its one moment half a dozen times.
@lru_cache(maxsize=64)
def stamp(moment: datetime) -> str:
    """The moment as 27 characters of UTC text, so that text order is time order."""
    return f"{moment.astimezone(UTC).isoformat(timespec='microseconds')[:26]}Z"


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def local_day(now: datetime, zone: ZoneInfo) -> date:
    return now.astimezone(zone).date()


def office_day(now: datetime, zone: ZoneInfo, starts: time = MIDNIGHT) -> date:
    """The day whose numbers are given now: it runs from ``starts`` to the next day's ``starts``."""
    local = now.astimezone(zone)
    return local.date() - timedelta(days=local.time() < starts)


def day_start(now: datetime, zone: ZoneInfo, starts: time = MIDNIGHT) -> datetime:
    """The moment, in UTC, with which the office's present day began."""
    return datetime.combine(office_day(now, zone, starts), starts, zone).astimezone(UTC)


def session_of(now: datetime, zone: ZoneInfo) -> Session:
    clock = now.astimezone(zone).time()
    if clock < NOON:
        return Session.MORNING
    return Session.AFTERNOON if clock < NIGHTFALL else Session.EVENING


def session_now(
    hours: Sequence[Hours], now: datetime, zone: ZoneInfo, calendar: Calendar
) -> Hours | None:
    """The stretch of the hours that runs now; it may have begun on the day before."""
    running = _running(hours, now, zone, calendar)
    return running[1] if running else None


def session_start(
    hours: Sequence[Hours], now: datetime, zone: ZoneInfo, calendar: Calendar
) -> datetime | None:
    """When the stretch that runs now began, in UTC; None when none runs."""
    running = _running(hours, now, zone, calendar)
    return span(running[1], running[0], zone)[0] if running else None


def _running(
    hours: Sequence[Hours], now: datetime, zone: ZoneInfo, calendar: Calendar
) -> tuple[date, Hours] | None:
    """The stretch that runs now, and the day on which it began."""
    local = now.astimezone(zone)
    day, clock = local.date(), local.time()
    for stretch in calendar.stretches(hours, day):
        if stretch.start <= clock and (clock < stretch.end or stretch.ends_next_day):
            return day, stretch
    for stretch in calendar.stretches(hours, day - _DAY):
        if stretch.ends_next_day and clock < stretch.end:
            return day - _DAY, stretch
    return None


def work_ends(sessions: Sequence[Span], now: datetime) -> datetime | None:
    """When the session ends in which who waits now is to be served; None on a day without.

    It is the one of these that runs or comes next; after the last one, when that ended.
    """
    ends = [end for _, end in sessions]
    return next((end for end in ends if end > now), ends[-1] if ends else None)


def on_the_clock(sessions: Iterable[Span], now: datetime, work: float) -> float:
    """Seconds from now until ``work`` seconds have been worked today, the lunch gap and all.

    What these sessions do not hold comes right after the last one.
    """
    passed = 0.0
    for begins, ends in sessions:
        start = max(0.0, (begins - now).total_seconds())
        end = (ends - now).total_seconds()
        if end <= 0:
            continue
        passed = max(passed, start)
        if work <= end - passed:
            return passed + work
        work, passed = work - (end - passed), end
    return passed + work


def sessions_today(
    hours: Sequence[Hours],
    now: datetime,
    zone: ZoneInfo,
    calendar: Calendar,
    starts: time = MIDNIGHT,
) -> list[Span]:
    """The sessions of the office day in order, before them one of the day before that still runs.

    The office's own sessions count before the hours in which a service gives numbers.
    """
    told, today = calendar.sessions or hours, office_day(now, zone, starts)
    before = day_spans(told, today - _DAY, zone, calendar, starts)
    running = [one for one in before if one[1] > now]
    return running + day_spans(told, today, zone, calendar, starts)


def day_spans(
    hours: Sequence[Hours], day: date, zone: ZoneInfo, calendar: Calendar, starts: time = MIDNIGHT
) -> list[Span]:
    """The stretches that begin on the office day, in order; those that touch are one."""
    spans = [span(one, day, zone) for one in calendar.stretches(hours, day)]
    if starts != MIDNIGHT:
        spans += [span(one, day + _DAY, zone) for one in calendar.stretches(hours, day + _DAY)]
        first, last = (datetime.combine(day + n * _DAY, starts, zone) for n in (0, 1))
        spans = [one for one in spans if first <= one[0] < last]
    joined: list[Span] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def span(stretch: Hours, day: date, zone: ZoneInfo) -> Span:
    """The moments, in UTC, at which a stretch that begins on the day begins and ends."""
    last = day + _DAY if stretch.ends_next_day else day
    start = datetime.combine(day, stretch.start, zone)
    end = datetime.combine(last, stretch.end, zone)
    return start.astimezone(UTC), end.astimezone(UTC)


def is_open(hours: Sequence[Hours], now: datetime, zone: ZoneInfo, calendar: Calendar) -> bool:
    """Whether numbers are given now; no hours at all means at any time of any day."""
    return not hours or session_now(hours, now, zone, calendar) is not None


def next_opening(
    hours: Sequence[Hours], now: datetime, zone: ZoneInfo, calendar: Calendar
) -> datetime | None:
    """The local moment at which the next stretch begins; None when none does within a year.

    A service without hours never closes, so it never opens: None.
    """
    local = now.astimezone(zone)
    for days in range(LOOK_AHEAD.days + 1 if hours else 0):
        day = local.date() + timedelta(days=days)
        for stretch in calendar.stretches(hours, day):
            opening = datetime.combine(day, stretch.start, zone)
            if opening > local:
                return opening
    return None


def read_hours(text: str) -> Hours:
    """Hours as people write them; ValueError("hours").

    "07:30-11:30" (every day), "mon-fri 07:30-11:30", "mon,wed,fri 13:00-16:30", "07:30-24:00" (to
    midnight), "fri 22:00-02:00" (to Saturday).
    """
    match = re.fullmatch(rf"(?:([a-z,-]+) )?({_CLOCK})-({_CLOCK}|24:00)", text)
    if match is None:
        raise ValueError("hours")
    days = EVERY_DAY if match[1] is None else _weekdays(match[1])
    if match[2] == match[3]:
        raise ValueError("hours")
    end = MIDNIGHT if match[3] == "24:00" else time.fromisoformat(match[3])
    return Hours(time.fromisoformat(match[2]), end, days)


def _weekdays(text: str) -> frozenset[int]:
    days: set[int] = set()
    for part in text.split(","):
        first, dash, last = part.partition("-")
        ends = (first, last if dash else first)
        if not set(ends) <= set(WEEKDAYS):
            raise ValueError("hours")
        start, end = (WEEKDAYS.index(end) + 1 for end in ends)
        if end < start:
            raise ValueError("hours")
        days.update(range(start, end + 1))
    return frozenset(days)


def read_date(text: str) -> date:
    """A date such as "2026-12-31"; ValueError("date")."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        raise ValueError("date")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError("date") from None


def read_make_up(text: str) -> tuple[date, Hours | None]:
    """A day, and its own hours if it has any; ValueError("make_up").

    "2026-08-22" (in a Monday's hours), "2026-08-22 07:30-11:30".
    """
    day, _, hours = text.partition(" ")
    try:
        stretch = read_hours(hours) if hours else None
        if stretch is not None and stretch.days != EVERY_DAY:
            raise ValueError("hours")
        return read_date(day), stretch
    except ValueError:
        raise ValueError("make_up") from None


def overlapping(stretches: Sequence[Hours]) -> tuple[int, int] | None:
    """The first two, by index, that share a moment of the week."""
    for later, stretch in enumerate(stretches):
        for earlier, other in enumerate(stretches[:later]):
            if any(
                start < ends + week and starts + week < end
                for start, end in _in_week(stretch)
                for starts, ends in _in_week(other)
                for week in (-_WEEK, timedelta(), _WEEK)
            ):
                return earlier, later
    return None


def _in_week(stretch: Hours) -> list[tuple[timedelta, timedelta]]:
    """From when to when it runs, counted from the beginning of the week."""
    start, end = (
        timedelta(hours=clock.hour, minutes=clock.minute) for clock in (stretch.start, stretch.end)
    )
    last = end + _DAY if stretch.ends_next_day else end
    return [(day * _DAY + start, day * _DAY + last) for day in sorted(stretch.days)]
