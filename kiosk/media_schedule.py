"""When the files of the board's folder are shown: schedule.toml in that folder."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from kiosk.calendar import read_date, read_hours
from kiosk.notices import Flaw
from kiosk.tickets import EVERY_DAY, Hours

if TYPE_CHECKING:
    from collections.abc import Mapping

SCHEDULE: Final = "schedule.toml"
SECONDS: Final = 12.0
_LEAST, _MOST = 3.0, 600.0
_KEYS: Final = frozenset({"from", "until", "hours", "seconds"})
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class When:
    """From the first to the last day, both included, in these hours; always without any of them.
    ``seconds`` is how long one picture, one page of a notice, or a video stands; None for SECONDS,
    and for a video that is played its length."""

    first: date | None = None
    last: date | None = None
    hours: tuple[Hours, ...] = ()
    seconds: float | None = None

    def holds(self, local: datetime) -> bool:
        """Whether the file is shown at this moment of the office's clock."""
        day = local.date()
        if (self.first and day < self.first) or (self.last and day > self.last):
            return False
        return not self.hours or any(_within(hours, local) for hours in self.hours)


def _within(hours: Hours, local: datetime) -> bool:
    clock, today, before = local.time(), local.isoweekday(), (local - _DAY).isoweekday()
    if not hours.ends_next_day:
        return today in hours.days and hours.start <= clock < hours.end
    begun = today in hours.days and clock >= hours.start
    return begun or (before in hours.days and clock < hours.end)


def read_schedule(text: str) -> tuple[Mapping[str, When], list[Flaw]]:
    """By file what the text says, and what of it cannot be used.

    A file whose entry is wrong is better not shown than shown on a wrong day: its ``When`` is over.
    """
    try:
        entries = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return {}, [Flaw(SCHEDULE, "device.media_schedule_unreadable")]
    found, flaws = {}, []
    for name, entry in entries.items():
        when = _when(entry)
        found[name] = when or NEVER
        if when is None:
            flaws.append(Flaw(name, "device.media_schedule_entry"))
    return found, flaws


def _when(entry: object) -> When | None:
    if not isinstance(entry, dict) or entry.keys() - _KEYS:
        return None
    hours, seconds = entry.get("hours", []), entry.get("seconds")
    try:
        first, last = _date(entry.get("from")), _date(entry.get("until"))
        stretches = tuple(read_hours(each) for each in _strings(hours))
    except ValueError:
        return None
    if seconds is not None:
        if isinstance(seconds, bool) or not isinstance(seconds, int | float):
            return None
        if not _LEAST <= seconds <= _MOST:
            return None
        seconds = float(seconds)
    return None if first and last and last < first else When(first, last, stretches, seconds)


def _strings(given: Any) -> list[str]:
    listed = given if isinstance(given, list) else [given]
    return [str(each) for each in listed]


def _date(given: Any) -> date | None:
    """A day as TOML writes it, or in quotes. A moment is none."""
    if given is None or (isinstance(given, date) and not isinstance(given, datetime)):
        return given
    return read_date(str(given))


NEVER: Final = When(date.min, date.min, (Hours(*(datetime.min.time(),) * 2, EVERY_DAY),))
