"""What simulated days come to: waits, people left over, the counters' work, and what one counter
more or less would change."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import sqrt
from statistics import fmean, median, stdev
from typing import TYPE_CHECKING, Final

from kiosk.folding import fold
from kiosk.history import Activity
from kiosk.simulation.hall import Desk, run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from kiosk.history import Day
    from kiosk.simulation.hall import Run, Wait
    from kiosk.simulation.plan import Scene

SURE: Final = 2.1
"""Standard errors on both sides of a mean that hold 95 of 100 truths, at about twenty runs."""

SLIGHT: Final = 60.0
"""A change of the mean wait by less, in seconds, is no reason to move anybody."""

Services = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WaitFigures:
    """The waits of one service and class over all runs, in seconds; counts are of a day.

    ``over`` is the share of 1 that waited beyond the target. ``left`` were not called by closing;
    their wait counts until then. ``refused`` came when no number was given, and are none of the
    ``people``.
    """

    service: str | None
    priority: str | None
    people: float
    median: float
    ninety: float
    longest: float
    over: float
    left: float
    refused: float


@dataclass(frozen=True, slots=True)
class Use:
    """A counter's work: the share of its open time with a person there, and open hours a day."""

    counter: int
    services: Services
    busy: float
    open_hours: float
    people: float


@dataclass(frozen=True, slots=True)
class Change:
    """What other staffing changes: the mean wait of some services, in seconds, and people left.

    ``spread`` is half of the interval in which the true change lies with 95 of 100.
    """

    seconds: float
    spread: float
    left: float

    @property
    def clear(self) -> bool:
        return abs(self.seconds) > max(self.spread, SLIGHT)


@dataclass(frozen=True, slots=True)
class Staffing:
    """The counters that take the same services: how many, their mean wait, and the alternatives.

    ``people`` is how many a day wait for these services. ``fewer`` is None where a service would
    be left without any counter. Where some of the services are ``unknown``, because nobody of
    theirs was simulated, both changes are None.
    """

    services: Services
    counters: tuple[int, ...]
    people: float
    mean: float
    more: Change | None
    fewer: Change | None
    unknown: Services = ()


@dataclass(frozen=True, slots=True)
class Study:
    """All that a simulation says; ``lines`` is how many wait, by minute of the day, for each run.

    ``untold`` are the services of which nobody said who comes.
    """

    runs: int
    target: float
    untold: Services
    whole: WaitFigures
    waits: tuple[WaitFigures, ...]
    uses: tuple[Use, ...]
    staffing: tuple[Staffing, ...]
    lines: tuple[tuple[int, ...], ...]


def study(
    scenes: Sequence[Scene], target: float, progress: Callable[[float], None] = lambda _: None
) -> Study:
    """Runs each day as it is, and with one counter more and less of each set of services.

    ``progress`` hears from time to time which share of the work is done.
    """
    untold = {code for scene in scenes for code in scene.unknown}
    base = [run(scene.office, scene.desks, scene.people) for scene in scenes]
    waits = [wait for day in base for wait in day.waits]
    refused = [kind for day in base for kind in day.refused]
    turned_away = {code for code, _ in refused} - {wait.service for wait in waits}
    sets = sorted({desk.counter.services for scene in scenes for desk in scene.desks})
    staffing = []
    for n, services in enumerate(sets):
        progress((2 * n + 1) / (2 * len(sets) + 1))
        unknown = tuple(code for code in services if code in untold | turned_away)
        staffing.append(_staffing(scenes, base, services, unknown))
    progress(1.0)
    kinds = sorted({*((wait.service, wait.priority) for wait in waits), *refused})
    told = [
        _figures(
            kind, [w for w in waits if (w.service, w.priority) == kind], refused.count(kind),
            target, len(base),
        )
        for kind in kinds
    ]  # fmt: skip
    folded = [
        fold(day.events(), scene.office.starts_at, scene.office.starts_at)
        for scene, day in zip(scenes, base, strict=True)
    ]
    return Study(
        runs=len(base),
        target=target,
        untold=tuple(sorted(untold)),
        whole=_figures((None, None), waits, len(refused), target, len(base)),
        waits=tuple(told),
        uses=_uses(scenes, folded),
        staffing=tuple(staffing),
        lines=tuple(_line(day) for day in folded),
    )


def _figures(
    kind: tuple[str | None, str | None],
    waits: Sequence[Wait],
    refused: int,
    target: float,
    runs: int,
) -> WaitFigures:
    seconds = sorted(wait.seconds for wait in waits)
    if not seconds:
        return WaitFigures(*kind, 0, 0, 0, 0, 0, 0, refused / runs)
    return WaitFigures(
        *kind,
        people=len(seconds) / runs,
        median=median(seconds),
        ninety=seconds[min(len(seconds) - 1, int(len(seconds) * 0.9))],
        longest=seconds[-1],
        over=sum(wait > target for wait in seconds) / len(seconds),
        left=sum(not wait.called for wait in waits) / runs,
        refused=refused / runs,
    )


def _staffing(
    scenes: Sequence[Scene],
    base: Sequence[Run],
    services: Services,
    unknown: Services,
) -> Staffing:
    more = fewer = None
    if not unknown:
        more = [
            run(scene.office, with_one_more(scene.desks, services), scene.people)
            for scene in scenes
        ]
    if not unknown and not any(alone(scene.desks, services) for scene in scenes):
        fewer = [
            run(scene.office, with_one_less(scene.desks, services), scene.people)
            for scene in scenes
        ]
    counters = sorted(
        {
            desk.counter.number
            for scene in scenes
            for desk in scene.desks
            if desk.counter.services == services
        }
    )
    return Staffing(
        services=services,
        counters=tuple(counters),
        people=fmean(sum(wait.service in services for wait in day.waits) for day in base),
        mean=fmean(_mean(day, services) for day in base),
        more=_change(base, more, services) if more is not None else None,
        fewer=_change(base, fewer, services) if fewer is not None else None,
        unknown=unknown,
    )


def with_one_more(desks: Sequence[Desk], services: Services) -> tuple[Desk, ...]:
    """The counters and a copy of the first that takes these services."""
    known = next((desk for desk in desks if desk.counter.services == services), None)
    if known is None:
        return tuple(desks)
    number = max(desk.counter.number for desk in desks) + 1
    return (*desks, Desk(replace(known.counter, number=number), known.shifts))


def with_one_less(desks: Sequence[Desk], services: Services) -> tuple[Desk, ...]:
    """The counters without the last that takes these services."""
    same = [desk for desk in desks if desk.counter.services == services]
    return tuple(desk for desk in desks if not same or desk is not same[-1])


def alone(desks: Sequence[Desk], services: Services) -> bool:
    """Whether some service has no counter any more when one of these closes."""
    left = {code for desk in with_one_less(desks, services) for code in desk.counter.services}
    return not set(services) <= left


def _change(base: Sequence[Run], other: Sequence[Run], services: Services) -> Change:
    """The same people under both: their own differences, day by day."""
    changes = [
        _mean(now, services) - _mean(then, services) for then, now in zip(base, other, strict=True)
    ]
    spread = SURE * stdev(changes) / sqrt(len(changes)) if len(changes) > 1 else float("inf")
    left = fmean(_left(now) - _left(then) for then, now in zip(base, other, strict=True))
    return Change(fmean(changes), spread, left)


def _mean(day: Run, services: Services) -> float:
    seconds = [wait.seconds for wait in day.waits if wait.service in services]
    return fmean(seconds) if seconds else 0.0


def _left(day: Run) -> int:
    return sum(not wait.called for wait in day.waits)


def _uses(scenes: Sequence[Scene], folded: Sequence[Day]) -> tuple[Use, ...]:
    counters = {d.counter.number: d.counter for scene in scenes for d in scene.desks}
    uses = []
    for number, counter in sorted(counters.items()):
        busy = opened = 0.0
        people = 0
        for day in folded:
            for stretch in day.stretches:
                if stretch.counter == number and stretch.activity is not Activity.CLOSED:
                    seconds = (stretch.end - stretch.start).total_seconds()
                    opened += seconds
                    busy += seconds if stretch.activity is not Activity.IDLE else 0.0
                    people += stretch.activity is Activity.SERVING
        share = busy / opened if opened else 0.0
        hours, served = opened / 3600 / len(folded), people / len(folded)
        uses.append(Use(number, counter.services, share, hours, served))
    return tuple(uses)


def _line(day: Day) -> tuple[int, ...]:
    """How many wait at each minute from the day's start."""
    changes: dict[int, int] = {}
    for visit in day.visits:
        for stage in visit.stages:
            until = stage.first_call or visit.until
            for at, step in ((stage.began_at, 1), (until, -1)):
                minute = int((at - day.start).total_seconds() // 60)
                changes[minute] = changes.get(minute, 0) + step
    waiting, line = 0, []
    for minute in range(max(changes, default=0) + 1):
        waiting += changes.get(minute, 0)
        line.append(waiting)
    return tuple(line)


def mean_and_band(lines: Iterable[Sequence[int]]) -> list[tuple[float, float, float]]:
    """By minute: the mean of all runs, and the range that holds eight of ten of them."""
    known = list(lines)
    told = []
    for minute in range(max((len(line) for line in known), default=0)):
        values = sorted(line[minute] if minute < len(line) else 0 for line in known)
        tenth = len(values) // 10
        told.append((fmean(values), float(values[tenth]), float(values[-1 - tenth])))
    return told
