"""A day of the office as its figures see it: the visits, and what each counter did."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

NOTHING: Final = timedelta()


@dataclass(frozen=True, slots=True)
class Event:
    """A row of the event table, as far as times follow from it."""

    seq: int
    at: datetime
    kind: str
    ticket: str | None = None
    counter: int | None = None
    clerk: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


class Activity(StrEnum):
    """What happens at a counter. WALKING: somebody is called and not there yet."""

    SERVING = "serving"
    WALKING = "walking"
    IDLE = "idle"
    PAUSED = "paused"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Hold:
    """One person at one counter, from the call until the counter is free again.

    ``ended_by`` is the kind of the event that freed it, "" while it has not come; ``came`` says
    that the person was there by then, whether or not that was noted.
    """

    ticket: str
    service: str
    counter: int
    clerk: str | None
    called_at: datetime
    started_at: datetime | None
    ended_at: datetime
    ended_by: str
    came: bool

    @property
    def came_at(self) -> datetime:
        """When serving began; the call itself where a person was served and nobody noted when."""
        if self.started_at is not None:
            return self.started_at
        return self.called_at if self.came else self.ended_at


@dataclass(frozen=True, slots=True)
class Stage:
    """One stay in one line and what followed from it, until the visit ended or changed its line.

    ``away`` passes between a missed call and the next one of the same ticket; ``first_call`` is
    when the first wait ended.
    """

    service: str
    began_at: datetime
    waiting: timedelta = NOTHING
    walking: timedelta = NOTHING
    serving: timedelta = NOTHING
    parked: timedelta = NOTHING
    away: timedelta = NOTHING
    calls: int = 0
    recalls: int = 0
    first_call: datetime | None = None
    holds: tuple[Hold, ...] = ()


@dataclass(frozen=True, slots=True)
class Visit:
    """One ticket's day. ``ended_by`` is the kind of its last event, "" for who is still here, or
    was at the end of the day and was kept overnight."""

    id: str
    number: str
    priority: str
    began_at: datetime
    until: datetime
    ended_by: str
    outcome: str | None
    stages: tuple[Stage, ...]
    due_at: datetime | None = None
    """When an appointment was due."""

    @property
    def service(self) -> str:
        return self.stages[0].service

    @property
    def waiting(self) -> timedelta:
        return sum((stage.waiting for stage in self.stages), NOTHING)

    @property
    def walking(self) -> timedelta:
        return sum((stage.walking for stage in self.stages), NOTHING)

    @property
    def serving(self) -> timedelta:
        return sum((stage.serving for stage in self.stages), NOTHING)

    @property
    def parked(self) -> timedelta:
        return sum((stage.parked for stage in self.stages), NOTHING)

    @property
    def away(self) -> timedelta:
        return sum((stage.away for stage in self.stages), NOTHING)


@dataclass(frozen=True, slots=True)
class Stretch:
    """What one counter did for a while; ``clerk`` is who was signed in, or who called."""

    counter: int
    clerk: str | None
    activity: Activity
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Day:
    """All visits in the order of their events, and what each counter did, from start to end."""

    start: datetime
    end: datetime
    visits: tuple[Visit, ...]
    stretches: tuple[Stretch, ...]

    def by_counter(self) -> dict[int, dict[Activity, timedelta]]:
        """Each counter's time by activity; the parts of each add up to the day."""
        counters = sorted({stretch.counter for stretch in self.stretches})
        return {
            counter: _added(stretch for stretch in self.stretches if stretch.counter == counter)
            for counter in counters
        }

    def by_clerk(self) -> dict[str, dict[Activity, timedelta]]:
        """Each clerk's time by activity at any counter, without the hours of being nowhere."""
        clerks = sorted({stretch.clerk for stretch in self.stretches if stretch.clerk})
        return {
            clerk: _added(stretch for stretch in self.stretches if stretch.clerk == clerk)
            for clerk in clerks
        }


def _added(stretches: Iterable[Stretch]) -> dict[Activity, timedelta]:
    parts = dict.fromkeys(Activity, NOTHING)
    for stretch in stretches:
        parts[stretch.activity] += stretch.end - stretch.start
    return parts
