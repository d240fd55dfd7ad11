"""A day of the hall in figures: who came, how long they waited and were served, hour by hour."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from kiosk import counter_day
from kiosk.history import NOTHING, Activity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime, timedelta, tzinfo

    from kiosk.counter_day import Tally
    from kiosk.history import Day, Stage

NINE_IN_TEN: Final = 0.9


@dataclass(frozen=True, slots=True)
class Flow:
    """How one service went, or one hour, or the day. ``given`` counts the numbers, of a journey at
    each of its services; ``waits`` are those that a call ended. ``measured`` are those of services
    with a target, of which ``kept`` were not longer than it. What nobody has yet is None.
    """

    given: int
    served: int
    missed: int
    mean_wait: timedelta | None
    nine_in_ten: timedelta | None
    longest_wait: timedelta | None
    mean_serving: timedelta | None
    waits: int
    measured: int
    kept: int | None


@dataclass(frozen=True, slots=True)
class CounterFlow:
    """How one counter went. ``open_for`` is how long somebody was signed in, and of that
    ``serving`` somebody was called or served."""

    counter: int
    clerks: tuple[str, ...]
    tally: Tally
    open_for: timedelta
    serving: timedelta


@dataclass(frozen=True, slots=True)
class DayFigures:
    """``hours`` are by the hour of the day in which a person came or was called."""

    whole: Flow
    services: Mapping[str, Flow]
    hours: Mapping[int, Flow]
    counters: tuple[CounterFlow, ...]


@dataclass(slots=True)
class _Counted:
    given: int = 0
    served: int = 0
    missed: int = 0
    waits: list[timedelta] = field(default_factory=list)
    serving: list[timedelta] = field(default_factory=list)
    measured: int = 0
    kept: int = 0

    def flow(self) -> Flow:
        waits = sorted(self.waits)
        return Flow(
            given=self.given,
            served=self.served,
            missed=self.missed,
            mean_wait=_mean(waits),
            nine_in_ten=waits[math.ceil(NINE_IN_TEN * len(waits)) - 1] if waits else None,
            longest_wait=waits[-1] if waits else None,
            mean_serving=_mean(self.serving),
            waits=len(waits),
            measured=self.measured,
            kept=self.kept if self.measured else None,
        )


def day_figures(day: Day, targets: Mapping[str, timedelta | None], zone: tzinfo) -> DayFigures:
    """``targets`` are how long one should wait at most, by service."""
    whole, services, hours = _Counted(), dict[str, _Counted](), dict[int, _Counted]()
    for visit in day.visits:
        for stage in visit.stages:
            service = services.setdefault(stage.service, _Counted())
            _count(stage, targets.get(stage.service), (whole, service), hours, zone)
    return DayFigures(
        whole=whole.flow(),
        services={code: counted.flow() for code, counted in services.items()},
        hours={hour: hours[hour].flow() for hour in sorted(hours)},
        counters=tuple(_counter(day, number, times) for number, times in day.by_counter().items()),
    )


def _count(
    stage: Stage,
    target: timedelta | None,
    around: Sequence[_Counted],
    hours: dict[int, _Counted],
    zone: tzinfo,
) -> None:
    def at(moment: datetime) -> tuple[_Counted, ...]:
        hour = moment.astimezone(zone).hour
        return (*around, hours.setdefault(hour, _Counted()))

    tally = counter_day.total(counter_day.tally_of(hold) for hold in stage.holds)
    for counted in at(stage.began_at):
        counted.given += 1
    if stage.first_call is None:
        return
    for counted in at(stage.first_call):
        counted.waits.append(stage.first_call - stage.began_at)
        counted.served += int(tally.served > 0)
        counted.missed += int(tally.served == 0 and tally.missed > 0)
        counted.serving += [tally.serving] if tally.served else []
        if target is not None:
            counted.measured += 1
            counted.kept += int(stage.first_call - stage.began_at <= target)


def _counter(day: Day, number: int, times: Mapping[Activity, timedelta]) -> CounterFlow:
    at_work = (span for activity, span in times.items() if activity is not Activity.CLOSED)
    return CounterFlow(
        counter=number,
        clerks=counter_day.clerks(day, number),
        tally=counter_day.total(counter_day.tallies(day, number).values()),
        open_for=sum(at_work, NOTHING),
        serving=times[Activity.SERVING],
    )


def _mean(spans: Sequence[timedelta]) -> timedelta | None:
    return sum(spans, NOTHING) / len(spans) if spans else None
