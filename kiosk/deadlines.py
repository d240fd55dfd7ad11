"""By when a dossier is to be resolved: terms, the hours that count for them, and what stops them.

A term runs in the office's sessions: what is handed in after closing counts from the next opening,
and in the lunch gap from the afternoon. While a dossier waits for papers or for a payment its term
stands still (statuses 5 and 6).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from kiosk.calendar import LOOK_AHEAD, MIDNIGHT, Calendar, Span, day_spans
from kiosk.tickets import Hours

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from zoneinfo import ZoneInfo

_WEEKDAYS: Final = frozenset(range(1, 6))
OFFICE_HOURS: Final = (
    Hours(time(7, 30), time(11, 30), _WEEKDAYS),
    Hours(time(13), time(17), _WEEKDAYS),
)
"""Where the calendar has no sessions: the hours that most offices work."""

CUT_OFF: Final = time(15)
"""What is received after it, and is to be done on the same day, may be done on the next working
day: "nhận hồ sơ sau 15 giờ mà không giải quyết được ngay thì trả kết quả trong ngày làm việc tiếp
theo" (Nghị định 23/2015/NĐ-CP, and the decrees on civil status)."""

FULL_DAY: Final = timedelta(hours=8)
"""A working day of a calendar that has none: Điều 105 Bộ luật Lao động 2019."""

LONGEST: Final = timedelta(days=3660)
"""Nothing stands still for more than ten years; what says so has a date that is wrong."""

_DAY: Final = timedelta(days=1)


class Unit(StrEnum):
    WORKING_HOURS = "working_hours"
    WORKING_DAYS = "working_days"
    DAYS = "days"
    SAME_DAY = "same_day"


@dataclass(frozen=True, slots=True)
class Term:
    """How long a procedure may take; ``amount`` says nothing of the same day."""

    unit: Unit
    amount: int = 0


@dataclass(frozen=True, slots=True)
class Pause:
    """A stretch in which the term stood still; it still does without ``until``."""

    since: datetime
    until: datetime | None = None


class Counting(StrEnum):
    """By what a result is early, on time or late; provinces differ."""

    DAY = "day"
    MINUTE = "minute"


@dataclass(frozen=True, slots=True)
class WorkingTime:
    """When the office works, and by what it counts."""

    calendar: Calendar
    zone: ZoneInfo
    counted_by: Counting = Counting.DAY

    def spans(self, day: date) -> list[Span]:
        """The sessions that begin on the day, in order, in UTC."""
        return day_spans(self.calendar.sessions or OFFICE_HOURS, day, self.zone, self.calendar)

    @property
    def day_length(self) -> timedelta:
        """What a working day is worth: the longest of the week, so that a Saturday morning is only
        a part of one."""
        hours = self.calendar.sessions or OFFICE_HOURS
        lengths = [
            sum((_length(one) for one in hours if weekday in one.days), timedelta())
            for weekday in range(1, 8)
        ]
        return max(lengths) or FULL_DAY

    def compared(self, done: datetime, due: datetime) -> int:
        """-1 where it was done before it was due, 0 just then, 1 afterwards. What is due on a day,
        without an hour, is due all day long."""
        by_day = self.counted_by is Counting.DAY or is_day(due, self.zone)
        first, second = (done, due) if not by_day else (_local(self, done), _local(self, due))
        return (first > second) - (first < second)


def is_day(moment: datetime, zone: ZoneInfo) -> bool:
    """Whether it stands for a day without an hour: the midnight with which that begins."""
    return moment.astimezone(zone).time() == MIDNIGHT


def due(
    work: WorkingTime, received: datetime, term: Term, pauses: Sequence[Pause] = ()
) -> datetime | None:
    """When the term ends, in UTC; None while it stands still, or where the office works on no day.

    Working hours and days end by the minute. Calendar days end with the last session of their last
    day or, where nobody works on that, of the next working day (Điều 148 khoản 5 Bộ luật Dân sự
    2015); so does the same day. Pauses may overlap.
    """
    if any(pause.until is None for pause in pauses):
        return None
    match term.unit:
        case Unit.WORKING_HOURS:
            return _worked_off(work, received, timedelta(hours=term.amount), pauses)
        case Unit.WORKING_DAYS:
            return _worked_off(work, received, term.amount * work.day_length, pauses)
        case Unit.DAYS:
            begun = _worked_off(work, received, timedelta())
            if begun is None:
                return None
            days = term.amount + _days_paused(work, pauses)
            return _closing(work, _local(work, begun) + days * _DAY)
        case Unit.SAME_DAY:
            return _same_day(work, received, pauses)


def put_off(work: WorkingTime, promised: datetime, pauses: Sequence[Pause]) -> datetime | None:
    """The promise, later by the working time for which the term stood still before it ended.

    None while it stands still. A day without an hour stays one, and moves by whole working days.
    """
    counted = [pause for pause in pauses if pause.since < promised]
    if any(pause.until is None for pause in counted):
        return None
    lost = sum((worked(work, *span) for span in _merged(counted)), timedelta())
    if not lost:
        return promised
    if not is_day(promised, work.zone):
        return _worked_off(work, promised, lost)
    days, day = math.ceil(lost / work.day_length), _local(work, promised)
    for _ in range(days):
        closing = _closing(work, day + _DAY)
        if closing is None:
            return None
        day = _local(work, closing)
    return datetime.combine(day, MIDNIGHT, work.zone).astimezone(UTC)


def _merged(pauses: Sequence[Pause]) -> Iterator[Span]:
    """The pauses that have ended in order, what overlaps as one."""
    ended = sorted((pause.since, pause.until) for pause in pauses if pause.until)
    reached = None
    for since, until in ended:
        begins = since if reached is None else max(since, reached)
        if until > begins:
            yield begins, until
            reached = until


def worked(work: WorkingTime, since: datetime, until: datetime) -> timedelta:
    """The working time between two moments; of more than LONGEST only what lies within it."""
    until = min(until, since + LONGEST)
    total = timedelta()
    day, last = _local(work, since) - _DAY, _local(work, until)
    while day <= last:
        for begins, ends in work.spans(day):
            total += max(min(ends, until) - max(begins, since), timedelta())
        day += _DAY
    return total


def _worked_off(
    work: WorkingTime, received: datetime, needed: timedelta, pauses: Sequence[Pause] = ()
) -> datetime | None:
    """The moment at which so much has been worked outside the pauses; at once where nothing is
    needed and somebody works."""
    for begins, ends in _spans_from(work, received):
        for start, end in _outside(begins, ends, pauses):
            if needed <= end - start:
                return start + needed
            needed -= end - start
    return None


def _spans_from(work: WorkingTime, moment: datetime) -> Iterator[Span]:
    """The sessions from the moment on, the one that runs cut off; they end where none comes within
    LOOK_AHEAD."""
    day = _local(work, moment) - _DAY
    idle = 0
    while idle <= LOOK_AHEAD.days:
        idle += 1
        for begins, ends in work.spans(day):
            if ends > moment:
                idle = 0
                yield max(begins, moment), ends
        day += _DAY


def _outside(begins: datetime, ends: datetime, pauses: Sequence[Pause]) -> Iterator[Span]:
    """What of the stretch no pause covers."""
    for since, until in _merged(pauses):
        if until <= begins:
            continue
        if since >= ends:
            break
        if since > begins:
            yield begins, since
        begins = until
    if begins < ends:
        yield begins, ends


def _same_day(work: WorkingTime, received: datetime, pauses: Sequence[Pause]) -> datetime | None:
    """The end of the working day on which it counts as received."""
    begun = _worked_off(work, received, timedelta(), pauses)
    if begun is None:
        return None
    day = _local(work, begun)
    late = begun.astimezone(work.zone).time() > CUT_OFF
    return _closing(work, day + _DAY if late else day)


def _days_paused(work: WorkingTime, pauses: Sequence[Pause]) -> int:
    """The days by which the pauses put the end off; one that two pauses cover counts once."""
    days: set[date] = set()
    for pause in pauses:
        if pause.until is not None:
            first = _local(work, pause.since)
            days.update(first + n * _DAY for n in range((_local(work, pause.until) - first).days))
    return len(days)


def _closing(work: WorkingTime, day: date) -> datetime | None:
    """When the last session of the day, or of the next working day, ends."""
    for n in range(LOOK_AHEAD.days):
        if spans := work.spans(day + n * _DAY):
            return spans[-1][1]
    return None


def _local(work: WorkingTime, moment: datetime) -> date:
    return moment.astimezone(work.zone).date()


def _length(hours: Hours) -> timedelta:
    day = date(2000, 1, 3)
    end = day + _DAY if hours.ends_next_day else day
    return datetime.combine(end, hours.end) - datetime.combine(day, hours.start)
