"""Who comes on a simulated day, when, for what, and how long each of them takes.

A person brings the own service times along, so that two staffings meet the very same people
(common random numbers): what differs then comes from the staffing.
"""

from __future__ import annotations

import csv
import re
import tomllib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from kiosk.errors import Refused
from kiosk.import_words import squeeze
from kiosk.tickets import led_to

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path
    from random import Random

    from kiosk.history import Day, Stage
    from kiosk.tickets import Service

COLUMNS: Final = ("hour", "service", "people")
MORE_COLUMNS: Final = ("minutes", "priority")
_HEADINGS: Final = {
    squeeze(name): column
    for column, names in {
        "hour": ("hour", "giờ"),
        "service": ("service", "dịch vụ", "mã dịch vụ"),
        "people": ("people", "người", "số người", "số lượt"),
        "minutes": ("minutes", "phút", "số phút"),
        "priority": ("priority", "ưu tiên", "lớp ưu tiên"),
    }.items()
    for name in names
}
MOST_PEOPLE: Final = 10_000
MOST_MINUTES: Final = 480
JITTER: Final = 300.0
"""A person drawn from a recorded day comes within so many seconds of the recorded moment."""

USUAL_WALK: Final = 20.0
"""From the call to the counter in seconds, where nothing was recorded."""

USUAL_SPREAD: Final = 0.6
"""The coefficient of variation of service times, where only their mean is known."""


@dataclass(frozen=True, slots=True)
class Leg:
    """One service of a visit: the walk to its counter and the time there, in seconds."""

    service: str
    walk: float
    serve: float


@dataclass(frozen=True, slots=True)
class Person:
    """``at`` counts seconds from the day's start, and so does ``due``, the time of an appointment;
    who does not come when called is waited for."""

    at: float
    priority: str
    legs: tuple[Leg, ...]
    comes: bool = True
    due: float | None = None


@dataclass(frozen=True, slots=True)
class Rate:
    """People per hour for one service and class; ``minutes`` is their mean time, if known."""

    hour: int
    service: str
    people: float
    minutes: float | None = None
    priority: str = ""


def recorded(
    day: Day,
    starts_at: datetime,
    services: Collection[str],
    took: Mapping[str, Sequence[float]],
    chance: Random,
) -> tuple[Person, ...]:
    """The people of a recorded day, with the times that they took; ``starts_at`` is its midnight.

    Who was never called takes a time of those in ``took`` (seconds, by service): a person who
    gave up or was left over wanted to be served too.
    """
    people = []
    for visit in day.visits:
        seen = [stage for stage in visit.stages if stage.holds and stage.service in services]
        missed = visit.ended_by == "ticket.no_show" and not visit.serving
        if seen:
            legs = tuple(_leg(stage) for stage in seen)
        elif took.get(visit.service) and visit.service in services:
            legs = (Leg(visit.service, USUAL_WALK, chance.choice(took[visit.service])),)
        else:
            continue
        at = (visit.began_at - starts_at).total_seconds()
        due = (visit.due_at - starts_at).total_seconds() if visit.due_at else None
        people.append(Person(at, visit.priority, legs, comes=not missed, due=due))
    return _sorted(people)


def times_taken(days: Iterable[Day]) -> dict[str, list[float]]:
    """How long people were served at a counter, in seconds, by service."""
    took: dict[str, list[float]] = {}
    for day in days:
        for visit in day.visits:
            for stage in visit.stages:
                if stage.serving:
                    took.setdefault(stage.service, []).append(stage.serving.total_seconds())
    return took


def redrawn(people: Sequence[Person], chance: Random) -> tuple[Person, ...]:
    """Another day of the same kind: as many people as chance sends, drawn from the recorded ones.

    Each comes about when the one did from whom it was drawn, so that the rush of an hour, its
    services and its classes stay together (a Poisson process with the recorded rates).
    """
    if not people:
        return ()
    return _sorted(
        replace(drawn, at=max(0.0, drawn.at + chance.uniform(-JITTER, JITTER)))
        for drawn in chance.choices(people, k=_poisson(len(people), chance))
    )


def by_rates(
    rates: Sequence[Rate],
    services: Mapping[str, Service],
    took: Mapping[str, Sequence[float]],
    chance: Random,
) -> tuple[Person, ...]:
    """A day of the rate table; Refused("rates_minutes") where no time of a service is known."""
    minutes = {rate.service: rate.minutes for rate in rates if rate.minutes is not None}

    def leg(service: str, mean: float | None) -> Leg:
        if mean is not None:
            shape = 1 / USUAL_SPREAD**2
            return Leg(service, USUAL_WALK, chance.gammavariate(shape, mean * 60 / shape))
        if took.get(service):
            return Leg(service, USUAL_WALK, chance.choice(took[service]))
        raise Refused("rates_minutes", service=service)

    people = []
    for rate in rates:
        first = rate.minutes if rate.minutes is not None else minutes.get(rate.service)
        for _ in range(_poisson(rate.people, chance)):
            then = led_to(services, rate.service)
            legs = (leg(rate.service, first), *(leg(code, minutes.get(code)) for code in then))
            people.append(Person(rate.hour * 3600 + chance.random() * 3600, rate.priority, legs))
    return _sorted(people)


def read_rates(path: Path, services: Iterable[str], priorities: Iterable[str]) -> tuple[Rate, ...]:
    """The table of a CSV file (hour, service, people; minutes, priority) or TOML ([[rate]]).

    ``priority`` is the code of a class; a CSV file's columns may be named in Vietnamese. Refused:
    no_such_file, rates_unreadable, rates_columns (missing), rates_unknown (columns), rates_row
    (row, the line of the file or the n-th [[rate]], column, value, usable).
    """
    known, classes = set(services), {"", *priorities}
    usable = {
        "hour": "0–23", "service": ", ".join(sorted(known)), "people": f"0–{MOST_PEOPLE}",
        "minutes": f"1–{MOST_MINUTES}", "priority": ", ".join(sorted(classes - {""})) or "–",
    }  # fmt: skip
    rates = []
    for n, row in _rows(path):

        def refuse(column: str, n: int = n, row: Mapping[str, Any] = row) -> Refused:
            facts = {"value": row.get(column, ""), "usable": usable[column]}
            return Refused("rates_row", path=path, row=n, column=column, **facts)

        hour, people = _hour(row.get("hour")), _figure(row.get("people"))
        minutes = _figure(row.get("minutes")) if row.get("minutes") else None
        service = str(row.get("service") or "").strip()
        priority = str(row.get("priority") or "").strip()
        if hour is None:
            raise refuse("hour")
        if service not in known:
            raise refuse("service")
        if people is None or not 0 <= people <= MOST_PEOPLE:
            raise refuse("people")
        if row.get("minutes") and (minutes is None or not 0 < minutes <= MOST_MINUTES):
            raise refuse("minutes")
        if priority not in classes:
            raise refuse("priority")
        rates.append(Rate(hour, service, people, minutes, priority))
    if not rates:
        raise Refused("rates_unreadable", path=path)
    return tuple(rates)


def _rows(path: Path) -> list[tuple[int, Mapping[str, Any]]]:
    """Each with its line, or in TOML with how many there are up to it."""
    try:
        text = path.read_text("utf-8-sig")
        if path.suffix.lower() == ".toml":
            rows: list[Any] = tomllib.loads(text).get("rate", [])
            numbered = list(enumerate(rows, 1))
        else:
            heading = text.partition("\n")[0]
            mark = max(",;\t", key=heading.count)
            reader = csv.DictReader(text.splitlines(), delimiter=mark)
            named = [_HEADINGS.get(squeeze(name), name) for name in reader.fieldnames or ()]
            reader.fieldnames = named
            numbered = [(reader.line_num, row) for row in reader]
    except FileNotFoundError as error:
        raise Refused("no_such_file", path=path) from error
    except (OSError, ValueError, TypeError, csv.Error) as error:
        raise Refused("rates_unreadable", path=path) from error
    if not all(isinstance(row, dict) for _, row in numbered):
        raise Refused("rates_unreadable", path=path)
    missing = [column for column in COLUMNS if numbered and column not in numbered[0][1]]
    if missing:
        raise Refused("rates_columns", path=path, columns=", ".join(missing))
    columns = dict.fromkeys(column for _, row in numbered for column in row)
    unknown = [column for column in columns if column not in (*COLUMNS, *MORE_COLUMNS)]
    if unknown:
        told = ", ".join("?" if column is None else str(column) for column in unknown)
        known = ", ".join((*COLUMNS, *MORE_COLUMNS))
        raise Refused("rates_unknown", path=path, columns=told, known=known)
    return numbered


def _hour(value: object) -> int | None:
    """An hour as people write it: 8, 08:00 or 8h."""
    match = re.fullmatch(r"(\d{1,2})(?:[:h](?:00)?)?", str(value).strip())
    return int(match[1]) if match and int(match[1]) < 24 else None


def _figure(value: object) -> float | None:
    """A number as people write it: 12, 12.5 or 12,5."""
    try:
        return float(str(value).strip().replace(",", "."))
    except ValueError:
        return None


def _leg(stage: Stage) -> Leg:
    return Leg(stage.service, stage.walking.total_seconds(), stage.serving.total_seconds())


def _sorted(people: Iterable[Person]) -> tuple[Person, ...]:
    return tuple(sorted(people, key=lambda person: person.at))


def _poisson(mean: float, chance: Random) -> int:
    """How many come when ``mean`` do on average: arrivals an exponential time apart."""
    count, passed = 0, chance.expovariate(1.0)
    while passed < mean:
        count, passed = count + 1, passed + chance.expovariate(1.0)
    return count
