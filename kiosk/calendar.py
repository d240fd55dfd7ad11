"""Days, sessions and ticket hours of the office, and how moments are written in the store."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from zoneinfo import ZoneInfo

    from kiosk.tickets import Hours

_STAMP = "%Y-%m-%dT%H:%M:%S.%fZ"
NOON = time(12)


class Session(StrEnum):
    """Buổi: the halves of the office day, as tickets and registers name them."""

    MORNING = "morning"
    AFTERNOON = "afternoon"


def utc_now() -> datetime:
    return datetime.now(UTC)


def stamp(moment: datetime) -> str:
    """The moment as 27 characters of UTC text, so that text order is time order."""
    return moment.astimezone(UTC).strftime(_STAMP)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def local_day(now: datetime, zone: ZoneInfo) -> date:
    return now.astimezone(zone).date()


def day_start(now: datetime, zone: ZoneInfo) -> datetime:
    """The midnight, in UTC, with which the office's present day began."""
    return datetime.combine(local_day(now, zone), time(), zone).astimezone(UTC)


def session_of(now: datetime, zone: ZoneInfo) -> Session:
    return Session.MORNING if now.astimezone(zone).time() < NOON else Session.AFTERNOON


def is_open(hours: Iterable[Hours], now: datetime, zone: ZoneInfo) -> bool:
    """Whether numbers are given now; no hours at all means at any time of any day."""
    stretches = tuple(hours)
    clock = now.astimezone(zone).time()
    return not stretches or any(stretch.start <= clock < stretch.end for stretch in stretches)


def next_opening(hours: Iterable[Hours], now: datetime, zone: ZoneInfo) -> datetime | None:
    """When numbers are given again, today or tomorrow; None for a service that never closes."""
    local = now.astimezone(zone)
    openings = sorted(stretch.start for stretch in hours)
    for days in (0, 1):
        for start in openings:
            opening = datetime.combine(local.date() + timedelta(days=days), start, zone)
            if opening > local:
                return opening
    return None
