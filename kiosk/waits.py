"""How long the wait will be: a range in seconds, from the office's own recent service times.

What is counted for each person is the time for which a call holds the counter, whatever came of
it: also who never came has kept the counter for a while. A counter's work before a ticket is all
that stands before it in any line of that counter; lines that several counters share fill the
emptier counter first.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import sqrt
from typing import TYPE_CHECKING, Final, NamedTuple

from kiosk import turns

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from kiosk.tickets import Counter

KEPT: Final = 40
"""So many recent times are kept for each service, and for each of its hours."""

LONGEST_HOLD: Final = 4 * 3600
"""Who seems to have been at a counter for longer was forgotten there; in seconds."""

ENOUGH: Final = 5
"""Fewer times than this in the whole office make no honest estimate."""

_HALF_TRUST: Final = 12
"""With so many times of its own an hour (or a service) counts as much as what it is part of."""

_FENCE: Final = 3.0
"""Beyond the upper quarter by so many times the middle half: somebody was forgotten there."""

_BAND: Final = 0.84
"""20 to 80 of 100 waits: the normal quantile of 0.8."""

_DRIFT: Final = 0.25
"""How far, as a share, the pace of the next hour is from that of the last ones."""

NO_COUNTER: Final = "no_counter"
AFTER_CLOSING: Final = "after_closing"
SESSION_OVER: Final = "session_over"
NOT_TODAY: Final = "not_today"
WARNINGS: Final = frozenset({NO_COUNTER, AFTER_CLOSING, SESSION_OVER, NOT_TODAY})
DONE: Final = frozenset({SESSION_OVER, NOT_TODAY})
"""The warnings of those whom nobody is bound to call any more today."""


class Pace(NamedTuple):
    """How long a person holds a counter: ``n`` times with their mean and spread, in seconds."""

    n: int
    mean: float
    spread: float


@dataclass(slots=True)
class Line:
    """Who waits for one service, by class: all, those with an earlier place than the ticket, and
    those who have waited beyond the ageing limit."""

    waiting: dict[str, int]
    earlier: dict[str, int]
    overdue: dict[str, int] = field(default_factory=dict)


class Desk(NamedTuple):
    """A counter at which somebody works: who is there now, and for how many seconds.

    ``sent`` counts those who wait for this very counter and come before the ticket.
    """

    counter: Counter
    serves: str | None = None
    seconds: float = 0.0
    sent: int = 0


def noted(recent: Sequence[int], seconds: int) -> tuple[int, ...]:
    """The recent times with one more; the oldest goes."""
    return (*recent, seconds)[-KEPT:]


def taken_back(recent: Sequence[int], seconds: int) -> tuple[int, ...]:
    """The recent times without the latest that was so long: its move was undone."""
    for at in range(len(recent) - 1, -1, -1):
        if recent[at] == seconds:
            return (*recent[:at], *recent[at + 1 :])
    return tuple(recent)


def pace(recent: Sequence[int]) -> Pace:
    """The mean and spread, after cutting back what is far out of the usual (Tukey, 1977)."""
    n = len(recent)
    if not n:
        return Pace(0, 0.0, 0.0)
    ordered = sorted(recent)
    low, high = ordered[n // 4], ordered[(3 * n - 1) // 4]
    fence = high + _FENCE * max(high - low, 1)
    usual = [min(seconds, fence) for seconds in ordered]
    mean = sum(usual) / n
    return Pace(n, mean, sqrt(sum((seconds - mean) ** 2 for seconds in usual) / n))


def blended(own: Pace | None, whole: Pace) -> Pace:
    """A pace of its own as far as its number of times is trusted, else that of the whole."""
    if own is None or not own.n:
        return whole
    trust = own.n / (own.n + _HALF_TRUST)
    return Pace(
        max(own.n, whole.n),
        trust * own.mean + (1 - trust) * whole.mean,
        trust * own.spread + (1 - trust) * whole.spread,
    )


def of_office(paces: Iterable[Pace]) -> Pace | None:
    """The pace of all services together, each by its number of times; None when too few."""
    known = [pace for pace in paces if pace.n]
    n = sum(pace.n for pace in known)
    if n < ENOUGH:
        return None
    mean = sum(pace.n * pace.mean for pace in known) / n
    variance = sum(pace.n * (pace.spread**2 + (pace.mean - mean) ** 2) for pace in known) / n
    return Pace(n, mean, sqrt(variance))


def known_paces(
    services: Iterable[str],
    any_hour: Mapping[str, Pace],
    this_hour: Mapping[str, Pace],
) -> dict[str, Pace]:
    """Each service's pace at this hour; that of the office where a service has too few times."""
    whole = of_office(any_hour.values())
    told = {}
    for code in services:
        own = any_hour.get(code)
        if own is None or own.n < ENOUGH:
            own = blended(own, whole) if whole is not None else None
        if own is not None:
            told[code] = blended(this_hour.get(code), own)
    return told


def estimate(
    service: str,
    line: str,
    lines: Mapping[str, Line],
    desks: Sequence[Desk],
    paces: Mapping[str, Pace],
    rules: turns.Rules,
    counter: int | None = None,
    *,
    late: bool = False,
) -> tuple[int, int] | None:
    """From now until the call, as the range in which six of ten waits end, in seconds.

    ``lines`` are those of all services of the counters that take ``service``, ``desks`` all
    counters at which somebody works; ``counter`` is the only one that may call a ticket that was
    sent to it. Of one that is overdue itself (``late``) the lines count who has waited longer. None
    when nobody works on the service, or its pace is not known.
    """
    if counter is None:
        mine = [desk for desk in desks if service in desk.counter.services]
    else:
        mine = [desk for desk in desks if desk.counter.number == counter]
    if not mine or service not in paces:
        return None
    usual = paces[service]
    levels, variances, takers = _free(desks, paces, usual)
    works: dict[tuple[int, ...], tuple[float, float]] = {}
    for code in {code for desk in mine for code in desk.counter.services}:
        if code not in lines or not lines[code].waiting:
            continue
        people = _before(code, service, line, lines, mine, rules, late=late)
        if people:
            theirs = paces.get(code, usual)
            work, variance = works.get(takers[code], (0.0, 0.0))
            works[takers[code]] = (
                work + people * theirs.mean,
                variance + people * theirs.spread**2,
            )
    own = takers[service] if counter is None else (counter,)
    for others in sorted(works.keys() - {own}, key=lambda others: (len(others), others)):
        _pour(levels, variances, others, *works[others])
    work, variance = works.get(own, (0.0, 0.0))
    # Who calls the ticket is the first to be free: the others are then in the middle of a service.
    still = (usual.mean**2 + usual.spread**2) / (2 * usual.mean) if usual.mean else 0.0
    numbers = [desk.counter.number for desk in mine]
    for number in numbers:
        levels[number] -= still
    filled, level = _pour(levels, variances, numbers, work + still, variance)
    spread = sum(variances[number] for number in filled) / len(filled) ** 2
    return _band(level, spread, usual.mean / (len(filled) + 1))


def outlook(
    open_counters: int,
    estimated: tuple[int, int] | None,
    now: datetime,
    ends_at: datetime | None,
    *,
    done_today: bool,
) -> str | None:
    """What a person must know beforehand: NOT_TODAY, SESSION_OVER, NO_COUNTER, AFTER_CLOSING, or
    nothing.

    ``ends_at`` is the end of the session in which the ticket waits, if it has one. The line
    outlasts it when the middle of the range does.
    """
    if not done_today:
        return NOT_TODAY
    left = (ends_at - now).total_seconds() if ends_at else None
    if left is not None and left <= 0:
        return SESSION_OVER
    if not open_counters:
        return NO_COUNTER
    outlasts = left is not None and estimated is not None and sum(estimated) / 2 > left
    return AFTER_CLOSING if outlasts else None


def _before(
    code: str,
    service: str,
    line: str,
    lines: Mapping[str, Line],
    mine: Sequence[Desk],
    rules: turns.Rules,
    *,
    late: bool,
) -> float:
    """How many who wait for ``code`` are called before the ticket, at the counters for both."""
    theirs, own = lines[code], lines.get(service)
    if code == service:
        return turns.ahead(line, theirs.earlier, theirs.waiting, rules, theirs.overdue, late=late)
    if late:
        return sum(theirs.overdue.values())
    counter = next(desk.counter for desk in mine if code in desk.counter.services)
    if counter.order == "arrival" or line in turns.BY_PLACE:
        return turns.ahead(line, theirs.earlier, theirs.waiting, rules, theirs.overdue)
    better = turns.ahead(line, {}, theirs.waiting, rules, theirs.overdue)
    if service not in counter.services:
        return better
    same = theirs.waiting.get(line, 0)
    if counter.order == "listed":
        first = counter.services.index(code) < counter.services.index(service)
        return better + (same if first else 0)
    weights = dict(zip(counter.services, counter.weights, strict=False))
    share = weights.get(code, 1) / weights.get(service, 1)
    ahead = own.earlier.get(line, 0) if own else 0
    return better + min(same, (ahead + 1) * share)


def _free(
    desks: Sequence[Desk], paces: Mapping[str, Pace], usual: Pace
) -> tuple[dict[int, float], dict[int, float], dict[str, tuple[int, ...]]]:
    """When each counter will have served who is there and who was sent to it, with the variance;
    and the counters that work on each service."""
    levels: dict[int, float] = {}
    variances: dict[int, float] = {}
    takers: dict[str, tuple[int, ...]] = {}
    for counter, serves, seconds, sent in desks:
        mean = paces.get(serves, usual).mean if serves is not None else 0.0
        # What is left for a person served for so long, as if there were two equal steps to take.
        left = mean * (mean + seconds) / (mean + 2 * seconds) if mean else 0.0
        number = counter.number
        levels[number] = left + sent * usual.mean
        variances[number] = left**2 / 2 + sent * usual.spread**2
        for code in counter.services:
            takers[code] = (*takers.get(code, ()), number)
    return levels, variances, takers


def _pour(
    levels: dict[int, float],
    variances: dict[int, float],
    counters: Sequence[int],
    work: float,
    variance: float,
) -> tuple[Sequence[int], float]:
    """Shares seconds of work out among the counters so that the emptiest fill up first.

    Returns the counters that are level then, and their level in seconds.
    """
    emptiest = sorted(counters, key=levels.__getitem__)
    total, level, n = 0.0, 0.0, 0
    for n, number in enumerate(emptiest, 1):
        total += levels[number]
        level = (work + total) / n
        if n == len(emptiest) or level <= levels[emptiest[n]]:
            break
    filled = emptiest[:n]
    for number in filled if work else ():
        variances[number] += (level - levels[number]) / work * variance
        levels[number] = level
    return filled, level


def _band(mean: float, variance: float, least: float) -> tuple[int, int]:
    """The range of a gamma distribution around the mean, after Wilson and Hilferty (1931).

    ``least`` is the upper end where the counter is free now.
    """
    if mean <= 0:
        return (0, max(1, round(least)))
    shape = mean**2 / (variance + (_DRIFT * mean) ** 2)
    step = _BAND / (3 * sqrt(shape))
    low, high = (max(1 - 1 / (9 * shape) + sign * step, 0.0) ** 3 * mean for sign in (-1, 1))
    return round(low), max(round(high), round(low) + 1)
