"""How long the wait will be, and how the day went: what the office's own times say."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from kiosk import history, turns, waits
from kiosk.calendar import session_end
from kiosk.office.centre import SESSION_LIFE
from kiosk.store import figures

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kiosk.database import Query
    from kiosk.history import Day
    from kiosk.office.centre import Centre
    from kiosk.tickets import Ticket
    from kiosk.waits import Desk, Line, Pace


class Outlook:
    """The office at one moment, read once, from which any number of waits are estimated."""

    def __init__(
        self, centre: Centre, query: Query, now: datetime, desks: tuple[Desk, ...],
        lines: Mapping[str, Line],
    ) -> None:  # fmt: skip
        self._centre = centre
        self._now = now
        self._desks = desks
        self._lines = lines
        self._paces = _paces(centre, query, now) if desks else {}

    def ahead(self, ticket: Ticket) -> int:
        """How many of the same service are called before a ticket that waits for any counter."""
        line = self._lines[ticket.service]
        return turns.ahead(ticket.line, line.earlier, line.waiting, self._centre.rules)

    def wait(self, service: str, line: str, counter: int | None) -> tuple[int, int] | None:
        """The range in seconds in which a ticket of this line is called; None if unknown."""
        return waits.estimate(
            service, line, self._lines, self._desks, self._paces, self._centre.rules, counter
        )

    def warning(
        self, service: str, counters: Iterable[int], wait: tuple[int, int] | None
    ) -> tuple[str | None, datetime | None]:
        """What who waits for the service at these counters must know, and when the session ends."""
        centre = self._centre
        hours = centre.services[service].hours if service in centre.services else ()
        ends_at = session_end(hours, self._now, centre.timezone, centre.calendar)
        staffed = len({desk.counter.number for desk in self._desks}.intersection(counters))
        return waits.outlook(staffed, wait, self._now, ends_at), ends_at


def outlook(
    centre: Centre, query: Query, day: str, now: datetime, services: Iterable[str], place: int
) -> Outlook:
    """The office as whoever stands at ``place`` in a line of these services meets it."""
    desks = _desks(centre, query, day, now, place)
    shared = set(services)
    shared.update(
        code
        for desk in desks
        if shared.intersection(desk.counter.services)
        for code in desk.counter.services
    )
    lines = figures.lines(query, centre.code, day, sorted(shared), place)
    return Outlook(centre, query, now, desks, lines)


def note_hold(
    centre: Centre, query: Query, service: str, called_at: datetime, ended_at: datetime
) -> None:
    """Keeps how long a person of the service held a counter."""
    seconds = _seconds(called_at, ended_at)
    if 0 <= seconds <= waits.LONGEST_HOLD:
        for hour in (figures.ANY_HOUR, _hour(centre, called_at)):
            recent = figures.recent_times(query, centre.code, service, hour)
            recent = waits.noted(recent, seconds)
            figures.set_pace(query, centre.code, service, hour, recent, waits.pace(recent))


def take_hold_back(
    centre: Centre, query: Query, service: str, called_at: datetime, ended_at: datetime
) -> None:
    """Forgets that time again: the move that ended it was undone."""
    seconds = _seconds(called_at, ended_at)
    for hour in (figures.ANY_HOUR, _hour(centre, called_at)):
        recent = figures.recent_times(query, centre.code, service, hour)
        recent = waits.taken_back(recent, seconds)
        figures.set_pace(query, centre.code, service, hour, recent, waits.pace(recent))


def read_day(centre: Centre, day: date) -> Day:
    """How the office day went, from its first event to its last."""
    return history.fold(*_day(centre, day))


def read_events(centre: Centre, day: date) -> tuple[history.Event, ...]:
    """What happened to tickets and counters on the office day."""
    return _day(centre, day)[0]


def read_days_before(centre: Centre, day: date, limit: int) -> tuple[date, ...]:
    """The last days before this one on which the office gave numbers, latest first."""
    with centre.database.read() as query:
        days = figures.days_before(query, centre.code, day.isoformat(), limit)
    return tuple(map(date.fromisoformat, days))


def _day(centre: Centre, day: date) -> tuple[tuple[history.Event, ...], datetime, datetime]:
    start = datetime.combine(day, centre.queue.day_starts, centre.timezone).astimezone(UTC)
    with centre.database.read() as query:
        events = figures.events_between(query, centre.code, start, start + timedelta(days=1))
    if not events:
        return (), start, start
    return events, events[0].at, events[-1].at


def _paces(centre: Centre, query: Query, now: datetime) -> dict[str, Pace]:
    """Each service's pace at this hour; that of the office where a service has none."""
    hour = _hour(centre, now)
    known = figures.paces(query, centre.code, hour)
    whole = waits.of_office(known.get((code, figures.ANY_HOUR)) for code in centre.services)
    if whole is None:
        return {}
    told = {}
    for code in centre.services:
        own = waits.blended(known.get((code, figures.ANY_HOUR)), whole)
        told[code] = waits.blended(known.get((code, hour)), own)
    return told


def _desks(centre: Centre, query: Query, day: str, now: datetime, place: int) -> tuple[Desk, ...]:
    sent = figures.sent_counts(query, centre.code, day, place)
    return tuple(
        waits.Desk(
            counter,
            serves,
            max(0.0, (now - since).total_seconds()) if since else 0.0,
            sent.get(number, 0),
        )
        for number, serves, since in figures.desks(query, centre.code, now - SESSION_LIFE)
        if (counter := centre.counters.get(number)) is not None
    )


def _hour(centre: Centre, at: datetime) -> int:
    return at.astimezone(centre.timezone).hour


def _seconds(called_at: datetime, ended_at: datetime) -> int:
    return round((ended_at - called_at).total_seconds())
