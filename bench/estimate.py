"""How far the told wait is from the real one, beside the naive "people x mean".

Days are replayed event by event: at each number the estimate is made from what the store knew at
that moment, and compared with when the number was called. Simulated days of two offices, and the
recorded days of the store in which ``kiosk bench estimate --config`` looks.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from statistics import fmean, median
from typing import TYPE_CHECKING, Any

from kiosk import turns, waits
from kiosk.calendar import local_day
from kiosk.config import load
from kiosk.folding import RELEASES
from kiosk.office.centre import open_centre
from kiosk.office.figures import read_days_before, read_events
from kiosk.simulation.hall import Desk, run
from kiosk.simulation.people import Rate, by_rates
from kiosk.simulation.plan import office_on

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime
    from pathlib import Path

    from kiosk.history import Event
    from kiosk.office.centre import Centre
    from kiosk.waits import Pace

ANY_HOUR = -1
RECENT = 20
WARM_UP = 2
SIMULATED_DAYS = 12
MONDAY = date(2026, 11, 23)
SHIFTS = ((7.5 * 3600, 11.5 * 3600), (13.5 * 3600, 17 * 3600))
RUSH = {7: 0.5, 8: 1.2, 9: 1.3, 10: 0.9, 13: 0.8, 14: 1.1, 15: 0.9, 16: 0.5}
PEOPLE = {"A": (9, 5), "B": (4, 7), "C": (5, 15), "D": (3, 8), "E": (4, 8), "F": (10, 3)}
"""People per hour of each service, and their mean minutes."""

POOLED = {1: "AB", 2: "ABD", 3: "CF", 4: "C", 5: "EFD", 6: "FA"}
"""The same people at counters that share their services."""

BACK_IN_LINE = frozenset(
    {"ticket.went_on", "ticket.missed", "ticket.returned", "ticket.transferred"}
)


@dataclass(frozen=True, slots=True)
class Told:
    """What was told at a number, in seconds, and what came."""

    ticket: str
    range: tuple[int, int] | None
    naive: float | None
    naive_shared: float | None
    real: float


class Replay:
    """The store's state at each event, as far as a wait depends on it."""

    def __init__(self, centre: Centre) -> None:
        self._centre = centre
        self._recent: dict[tuple[str, int], tuple[int, ...]] = defaultdict(tuple)
        self._known: dict[tuple[str, int], Pace] = {}
        self.told: list[Told] = []
        self._begin()

    def _begin(self) -> None:
        self._waiting: dict[str, tuple[str, str, int, datetime]] = {}
        self._class: dict[str, str] = {}
        self._here: dict[int, tuple[str, str, datetime]] = {}
        self._open: set[int] = set()
        self._asked: dict[str, tuple[datetime, Any]] = {}

    def day(self, events: Sequence[Event]) -> None:
        undone = {event.details["undone"] for event in events if event.kind == "ticket.undone"}
        self._begin()
        for event in events:
            if event.seq not in undone and event.kind != "ticket.undone":
                self._follow(event)

    def _follow(self, event: Event) -> None:
        kind, number, ticket = event.kind, event.counter, event.ticket
        if kind in ("counter.opened", "counter.continued") and number is not None:
            self._open.add(number)
        elif kind in ("counter.closed", "counter.paused") and number is not None:
            self._open.discard(number)
            self._forget_unstaffed()
        elif kind == "ticket.issued" and ticket is not None:
            line = str(event.details.get("priority") or "")
            self._class[ticket] = line
            self._waiting[ticket] = (str(event.details["service"]), line, event.seq, event.at)
            self._asked[ticket] = (event.at, self._tell(ticket, event.at))
        elif kind == "ticket.called" and ticket is not None and number is not None:
            service = self._waiting.pop(ticket, ("",))[0]
            self._here[number] = (ticket, service, event.at)
            asked = self._asked.pop(ticket, None)
            if asked is not None:
                self.told.append(Told(ticket, *asked[1], (event.at - asked[0]).total_seconds()))
        elif kind in RELEASES and ticket is not None:
            self._asked.pop(ticket, None)
            self._release(event, ticket, number)

    def _forget_unstaffed(self) -> None:
        """Nobody works on them now: they were told so, and their wait says nothing of the pace."""
        counters = self._centre.counters
        staffed = {code for number in self._open for code in counters[number].services}
        for ticket in [one for one in self._asked if self._waiting[one][0] not in staffed]:
            del self._asked[ticket]

    def _release(self, event: Event, ticket: str, number: int | None) -> None:
        held = self._here.get(number or 0)
        self._waiting.pop(ticket, None)
        if held is None or held[0] != ticket:
            return
        del self._here[number or 0]
        hour = held[2].astimezone(self._centre.timezone).hour
        seconds = round((event.at - held[2]).total_seconds())
        for at in (ANY_HOUR, hour):
            key = (held[1], at)
            self._recent[key] = waits.noted(self._recent[key], seconds)
            self._known[key] = waits.pace(self._recent[key])
        goal = event.details.get("to")
        if event.kind in BACK_IN_LINE:
            service = goal if isinstance(goal, str) else held[1]
            self._waiting[ticket] = (service, self._class.get(ticket, ""), event.seq, event.at)

    def _tell(self, ticket: str, now: datetime) -> tuple[Any, float | None, float | None]:
        service, line, place, _ = self._waiting[ticket]
        ageing = self._centre.rules.ageing if line else None
        lines: dict[str, waits.Line] = defaultdict(lambda: waits.Line({}, {}))
        for code, theirs, at, since in self._waiting.values():
            counts = lines[code]
            counts.waiting[theirs] = counts.waiting.get(theirs, 0) + (at != place)
            counts.earlier[theirs] = counts.earlier.get(theirs, 0) + (at < place)
            late = ageing is not None and now - since > ageing
            counts.overdue[theirs] = counts.overdue.get(theirs, 0) + late
        desks = [
            waits.Desk(
                self._centre.counters[number],
                self._here[number][1] if number in self._here else None,
                (now - self._here[number][2]).total_seconds() if number in self._here else 0.0,
            )
            for number in sorted(self._open)
        ]
        found = waits.estimate(service, line, lines, desks, self._paces(now), self._centre.rules)
        own = self._recent[service, ANY_HOUR][-RECENT:]
        if not own:
            return found, None, None
        counts = lines[service]
        ahead = turns.ahead(
            line, counts.earlier, counts.waiting, self._centre.rules, counts.overdue
        )
        taking = [desk for desk in desks if service in desk.counter.services]
        naive = ahead * fmean(own)
        return found, naive, naive / max(len(taking), 1)

    def _paces(self, now: datetime) -> dict[str, Pace]:
        hour = now.astimezone(self._centre.timezone).hour
        known = self._known
        return waits.known_paces(
            self._centre.services,
            {code: pace for (code, at), pace in known.items() if at == ANY_HOUR},
            {code: pace for (code, at), pace in known.items() if at == hour},
        )


def measure(shipped: Path, recorded: Path | None) -> str:
    """The table of errors in minutes: on simulated days of the shipped office, on recorded ones."""
    centre = open_centre(load(shipped))
    pooled = replace(
        centre,
        counters={
            number: replace(centre.counters[number], services=tuple(codes))
            for number, codes in POOLED.items()
        },
    )
    rows = [("days", "how", "numbers", "|error| median", "90 %", "bias", "in range", "width")]
    rows += _rows("simulated: a line each", _simulated(centre))
    rows += _rows("simulated: shared counters", _simulated(pooled))
    rows += _rows("simulated: a counter closes", _simulated(pooled, closes=True))
    centre.database.close()
    if recorded is not None:
        rows += _rows("recorded by this office", _recorded(recorded))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def _simulated(centre: Centre, *, closes: bool = False) -> list[Told]:
    replay = Replay(centre)
    for n in range(SIMULATED_DAYS):
        chance = Random(n)
        rates = [
            Rate(hour, code, people * rush * share, mean, priority)
            for hour, rush in RUSH.items()
            for code, (people, mean) in PEOPLE.items()
            for priority, share in (("", 0.85), (next(iter(centre.priorities)), 0.15))
        ]
        people = by_rates(rates, centre.services, {}, chance)
        away = chance.choice(list(centre.counters)) if closes else None
        desks = [
            Desk(counter, ((SHIFTS[0][0], 9.5 * 3600), SHIFTS[1]) if number == away else SHIFTS)
            for number, counter in centre.counters.items()
        ]
        day = run(office_on(centre, MONDAY + timedelta(days=n)), desks, people)
        replay.day(day.events())
        if n + 1 == WARM_UP:
            replay.told.clear()
    return replay.told


def _recorded(path: Path) -> list[Told]:
    """Nothing of an office without a store: to open it would make it."""
    config = load(path)
    if config.store_path is not None and not config.store_path.exists():
        return []
    centre = open_centre(config)
    replay = Replay(centre)
    tomorrow = local_day(centre.clock(), centre.timezone) + timedelta(days=1)
    for day in reversed(read_days_before(centre, tomorrow, 20)):
        replay.day(read_events(centre, day))
    centre.database.close()
    return replay.told


def _rows(name: str, told: Iterable[Told]) -> list[tuple[str, ...]]:
    """Ours and the naive ones, over the same numbers: those of which all had something to say."""
    known = [one for one in told if one.range is not None and one.naive is not None]
    known = [one for one in known if one.real > 0 or (one.range and one.range[0] > 0)]

    def row(how: str, middle: Callable[[Told], float]) -> list[str]:
        errors = [(middle(one) - one.real) / 60 for one in known]
        far = sorted(map(abs, errors))
        return [
            name, how, str(len(known)), f"{median(far):.1f} min",
            f"{far[int(len(far) * 0.9)]:.1f}", f"{fmean(errors):+.1f}",
        ]  # fmt: skip

    if not known:
        return []
    inside = fmean(one.range[0] <= one.real <= one.range[1] for one in known if one.range)
    width = median(one.range[1] - one.range[0] for one in known if one.range) / 60
    return [
        (*row("range (its middle)", lambda one: sum(one.range or ()) / 2),
         f"{inside:.0%}", f"{width:.1f} min"),
        (*row("people x mean", lambda one: one.naive or 0.0), "", ""),
        (*row("people x mean / counters", lambda one: one.naive_shared or 0.0), "", ""),
    ]  # fmt: skip
