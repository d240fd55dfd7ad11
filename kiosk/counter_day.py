"""The day of one counter in figures: who was called, served and missed, and how long it took."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kiosk.history import NOTHING, Activity

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime, timedelta

    from kiosk.history import Day, Hold

_MISSES: Final = frozenset({"ticket.no_show", "ticket.missed"})


@dataclass(frozen=True, slots=True)
class Tally:
    """Calls and what became of them; ``waits`` counts the waits that ended here with a call.

    Who was called and sent elsewhere before coming is neither served nor missed.
    """

    called: int = 0
    served: int = 0
    missed: int = 0
    waits: int = 0
    waiting: timedelta = NOTHING
    serving: timedelta = NOTHING

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.called + other.called,
            self.served + other.served,
            self.missed + other.missed,
            self.waits + other.waits,
            self.waiting + other.waiting,
            self.serving + other.serving,
        )

    @property
    def mean_wait(self) -> timedelta | None:
        return self.waiting / self.waits if self.waits else None

    @property
    def mean_serving(self) -> timedelta | None:
        return self.serving / self.served if self.served else None

    def share(self, part: int) -> float | None:
        """Of the calls."""
        return part / self.called if self.called else None


def tallies(day: Day, counter: int) -> dict[str, Tally]:
    """By the service that the person waited for."""
    found: dict[str, Tally] = {}
    for visit in day.visits:
        for stage in visit.stages:
            here = [hold for hold in stage.holds if hold.counter == counter]
            tally = total(tally_of(hold) for hold in here)
            if here and here[0] is stage.holds[0] and stage.first_call is not None:
                tally += Tally(waits=1, waiting=stage.first_call - stage.began_at)
            if here:
                found[stage.service] = found.get(stage.service, Tally()) + tally
    return found


def total(parts: Iterable[Tally]) -> Tally:
    return sum(parts, Tally())


def tally_of(hold: Hold) -> Tally:
    """One call, and what became of it."""
    came = hold.came_at < hold.ended_at and hold.ended_by not in _MISSES
    return Tally(
        called=1,
        served=int(came and bool(hold.ended_by)),
        missed=int(hold.ended_by in _MISSES),
        serving=hold.ended_at - hold.came_at if came and hold.ended_by else NOTHING,
    )


def clerks(day: Day, counter: int) -> tuple[str, ...]:
    """The logins of who was there, in that order."""
    there = [s.clerk for s in day.stretches if s.counter == counter and s.clerk]
    return tuple(dict.fromkeys(there))


def open_times(day: Day, counter: int) -> tuple[datetime, datetime] | None:
    """From its first opening to its last closing, or to the end of the day."""
    open_ = [s for s in day.stretches if s.counter == counter and s.activity is not Activity.CLOSED]
    return (open_[0].start, open_[-1].end) if open_ else None
