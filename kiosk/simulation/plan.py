"""From the real office to simulated ones: its rules, its counters, and the days to be run."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import TYPE_CHECKING, Final

from kiosk.calendar import day_spans, is_open, local_day, session_start
from kiosk.errors import Refused
from kiosk.history import Activity
from kiosk.office.figures import read_day, read_days_before
from kiosk.simulation import people
from kiosk.simulation.hall import Desk, Office
from kiosk.tickets import led_to

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kiosk.calendar import Span
    from kiosk.history import Day
    from kiosk.office.centre import Centre
    from kiosk.simulation.people import Person, Rate
    from kiosk.tickets import Hours, Service

AT_WORK: Final = frozenset({Activity.IDLE, Activity.WALKING, Activity.SERVING})
TIMES_OF_DAYS: Final = 20
NAMED_DAYS: Final = 10
"""So many recorded days lend their service times to a rate table that names none."""

Shifts = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Scene:
    """One day to be simulated; ``unknown`` are the services of which nobody said who comes."""

    office: Office
    desks: tuple[Desk, ...]
    people: tuple[Person, ...]
    unknown: frozenset[str] = frozenset()


def office_on(centre: Centre, day: date) -> Office:
    """The rules of the office as they hold on that day."""

    def admits(service: Service, now: datetime, given: Sequence[datetime]) -> bool:
        hours, zone, calendar = service.hours, centre.timezone, centre.calendar
        if not is_open(hours, now, zone, calendar):
            return False
        last, limit = service.last_number, service.session_limit
        full = service.daily_limit is not None and len(given) >= service.daily_limit
        if full or (last is not None and service.first_number + len(given) > last):
            return False
        began = session_start(hours, now, zone, calendar) if limit is not None else None
        return began is None or limit is None or sum(at >= began for at in given) < limit

    starts_at = datetime.combine(day, time(), centre.timezone).astimezone(UTC)
    queue = centre.queue
    return Office(
        starts_at, centre.services, centre.rules, queue.no_show_after, queue.grace, admits
    )


def recorded_scenes(
    centre: Centre, days: Sequence[date], runs: int, seed: int
) -> tuple[tuple[Scene, ...], tuple[Scene, ...]]:
    """Each recorded day as it was, and as many days of the same kind as there are runs.

    Refused: no_recorded_days, day_not_recorded (day, known).
    """
    known = [(day, read_day(centre, day)) for day in days]
    known = [(day, told) for day, told in known if told.visits]
    took = people.times_taken(told for _, told in known)
    chance = Random(seed)  # noqa: S311 (a simulation must be repeatable)
    as_it_was = []
    for day, told in known:
        office = office_on(centre, day)
        came = people.recorded(told, office.starts_at, centre.services, took, chance)
        as_it_was.append(Scene(office, recorded_desks(centre, told, office.starts_at), came))
    if not any(scene.desks and scene.people for scene in as_it_was):
        tomorrow = local_day(centre.clock(), centre.timezone) + timedelta(days=1)
        others = [day for day in read_days_before(centre, tomorrow, NAMED_DAYS) if day not in days]
        if not others:
            raise Refused("no_recorded_days")
        listed = ", ".join(day.isoformat() for day in others)
        raise Refused("day_not_recorded", day=max(days), known=listed)
    scenes = []
    for n in range(runs):
        scene = as_it_was[n % len(as_it_was)]
        drawn = people.redrawn(scene.people, Random(f"{seed}-{n}"))  # noqa: S311
        scenes.append(Scene(scene.office, scene.desks, drawn))
    return tuple(as_it_was), tuple(scenes)


def of_one_day(rates: Sequence[Rate], day_starts: time) -> tuple[Rate, ...]:
    """The table with the hours that belong to the evening before counted on from 24."""
    return tuple(
        replace(rate, hour=rate.hour + 24) if rate.hour < day_starts.hour else rate
        for rate in rates
    )


def rated_scenes(
    centre: Centre, rates: Sequence[Rate], day: date | None, runs: int, seed: int
) -> tuple[Scene, ...]:
    """Days drawn from a rate table, with every configured counter open in its services' hours.

    Without ``day`` the next one on which the office works. Refused: rates_minutes, closed_day.
    """
    today = local_day(centre.clock(), centre.timezone)
    if day is None:
        coming = (today + timedelta(days=n) for n in range(30))
        day = next((d for d in coming if _works(centre, d)), today)
    elif not _works(centre, day):
        raise Refused("closed_day", day=day)
    office = office_on(centre, day)
    desks = _open_desks(centre, rates, day, office.starts_at)
    told = {
        code for rate in rates for code in (rate.service, *led_to(centre.services, rate.service))
    }
    past = [read_day(centre, d) for d in read_days_before(centre, today, TIMES_OF_DAYS)]
    took = people.times_taken(past)
    return tuple(
        Scene(
            office,
            desks,
            people.by_rates(
                rates,
                centre.services,
                took,
                Random(f"{seed}-{n}"),  # noqa: S311
            ),
            frozenset(centre.services) - told,
        )
        for n in range(runs)
    )


def _works(centre: Centre, day: date) -> bool:
    """Whether the day has some of the office's sessions, and some of its services' hours, if there
    are any at all."""
    hours = [stretch for service in centre.services.values() for stretch in service.hours]
    return all(_spans(centre, one, day) for one in (centre.calendar.sessions, hours) if one)


def _spans(centre: Centre, hours: Sequence[Hours], day: date) -> list[Span]:
    return day_spans(hours, day, centre.timezone, centre.calendar, centre.queue.day_starts)


def recorded_desks(centre: Centre, day: Day, starts_at: datetime) -> tuple[Desk, ...]:
    """The counters that worked on the day, when somebody was there and did not pause."""
    desks = []
    for number, counter in centre.counters.items():
        own = [s for s in day.stretches if s.counter == number and s.activity in AT_WORK]
        spans = [(s.start - starts_at, s.end - starts_at) for s in own]
        shifts = [(start.total_seconds(), end.total_seconds()) for start, end in spans]
        if shifts and not any(s.activity is Activity.IDLE for s in own):
            shifts = [(shifts[0][0], shifts[-1][1])]
        if shifts:
            desks.append(Desk(counter, _joined(shifts)))
    return tuple(desks)


def _open_desks(
    centre: Centre, rates: Sequence[Rate], day: date, starts_at: datetime
) -> tuple[Desk, ...]:
    """Without hours anywhere a counter is open from the table's first hour to its last."""
    always = ((min(r.hour for r in rates) * 3600.0, (max(r.hour for r in rates) + 1) * 3600.0),)

    def seconds(stretch: Span) -> tuple[float, float]:
        start, end = stretch
        return (start - starts_at).total_seconds(), (end - starts_at).total_seconds()

    sessions = centre.calendar.sessions
    desks = []
    for counter in centre.counters.values():
        hours = [sessions or centre.services[code].hours for code in counter.services]
        stretches = [seconds(one) for own in hours for one in _spans(centre, own, day)]
        free = not all(hours)
        shifts = _joined(sorted(stretches)) or (always if free else ())
        if shifts:
            desks.append(Desk(counter, shifts))
    return tuple(desks)


def _joined(shifts: Sequence[tuple[float, float]]) -> Shifts:
    """The shifts with those that touch or overlap made one."""
    joined: list[tuple[float, float]] = []
    for start, end in shifts:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)
