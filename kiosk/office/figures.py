"""How long the wait will be, and how the day went: what the office's own times say."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from kiosk import turns, waits
from kiosk.calendar import (
    day_spans,
    moment,
    office_day,
    on_the_clock,
    sessions_today,
    work_ends,
)
from kiosk.folding import Night, fold
from kiosk.store import figures, lines
from kiosk.store.outlook import find
from kiosk.tickets import SESSION_LIFE
from kiosk.waits import Desk

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from kiosk.calendar import Span
    from kiosk.database import Query
    from kiosk.history import Day, Event
    from kiosk.office.centre import Centre
    from kiosk.tickets import Hours, Ticket
    from kiosk.waits import Line, Pace


PACES_LIVE: Final = timedelta(seconds=10)
"""How long paces are used without a new look: each is a mean of up to forty times, so that one more
hardly changes it, and to read them would be a sixth of what a number costs."""


@dataclass(frozen=True, slots=True, eq=False)
class Outlook:
    """The office at one moment, read once, from which any number of waits are estimated."""

    _centre: Centre
    _now: datetime
    _desks: Sequence[Desk]
    _lines: Mapping[str, Line]
    _paces: Mapping[str, Pace]
    _sent: Mapping[int, int]
    _late: datetime | None = None
    _known_sessions: dict[str, Sequence[Span]] = field(default_factory=dict)

    def waiting(self, service: str) -> int:
        """How many wait for the service at any counter."""
        return sum(self._lines[service].waiting.values())

    def at_work(self, counters: Iterable[int]) -> tuple[int, ...]:
        """Those of the counters at which somebody works now."""
        open_now = {desk.counter.number for desk in self._desks}
        return tuple(number for number in counters if number in open_now)

    def sent_to_closed(self) -> tuple[tuple[int, int], ...]:
        """The counters that people were sent to and at which nobody works, with how many wait."""
        staffed = self.at_work(self._sent)
        return tuple((n, self._sent[n]) for n in sorted(self._sent) if n not in staffed)

    def ahead(self, ticket: Ticket) -> int:
        """How many of the same service are called before a ticket that waits for any counter."""
        line, mine = self._lines[ticket.service], turns.class_of(ticket, self._now)
        rules = self._centre.rules
        return turns.ahead(
            mine, line.earlier, line.waiting, rules, line.overdue, late=self._late is not None
        )

    def wait(self, service: str, line: str, counter: int | None) -> tuple[int, int] | None:
        """The range in seconds in which a ticket of this line is called; None if unknown.

        Nobody is called in the lunch gap, so it is part of the wait.
        """
        worked = waits.estimate(
            service,
            line,
            self._lines,
            self._desks,
            self._paces,
            self._centre.rules,
            counter,
            late=self._late is not None,
        )
        if worked is None:
            return None
        sessions, (low, high) = self._sessions(service), worked
        return (
            round(on_the_clock(sessions, self._now, low)),
            round(on_the_clock(sessions, self._now, high)),
        )

    def _sessions(self, service: str) -> Sequence[Span]:
        known = self._known_sessions.get(service)
        if known is None:
            centre, hours = self._centre, self._hours(service)
            starts = centre.queue.day_starts
            known = sessions_today(hours, self._now, centre.timezone, centre.calendar, starts)
            self._known_sessions[service] = known
        return known

    def _hours(self, service: str) -> tuple[Hours, ...]:
        services = self._centre.services
        return services[service].hours if service in services else ()

    def warning(
        self,
        service: str,
        counters: Iterable[int],
        wait: tuple[int, int] | None,
        *,
        booked: bool = False,
    ) -> tuple[str | None, datetime | None]:
        """What who waits for the service at these counters must know, and when the session ends.

        Who is ``booked`` comes when the office wants, also on a day without the service's hours.
        """
        now, hours = self._now, self._hours(service)
        ends_at = work_ends(self._sessions(service), now)
        done = booked or not hours or self._done_today(hours)
        staffed = len(self.at_work(counters))
        return waits.outlook(staffed, wait, now, ends_at, done_today=done), ends_at

    def _done_today(self, hours: Sequence[Hours]) -> bool:
        centre, starts = self._centre, self._centre.queue.day_starts
        today = office_day(self._now, centre.timezone, starts)
        return bool(day_spans(hours, today, centre.timezone, centre.calendar, starts))


def outlook(
    centre: Centre,
    query: Query,
    day: str,
    now: datetime,
    services: Iterable[str],
    place: int,
    counter: int | None = None,
    line: str = "",
    counters: Collection[int] | None = None,
    late: datetime | None = None,
) -> Outlook:
    """The office as whoever stands at ``place`` in a line of these services meets it.

    ``counter`` is the one to which the ticket was sent, whatever services that takes; ``line`` is
    its class, which passes others, but nobody who is overdue. Of a ticket that is overdue itself
    ``late`` is since when it waits: only who has waited longer passes it. ``counters`` are those
    that are looked at, without it those that share the work of these services.
    """
    wanted = set(services)
    if counter is not None and counter in centre.counters:
        wanted.update(centre.counters[counter].services)
    near = centre.around(frozenset(wanted))
    found = find(
        query,
        centre.code,
        day=day,
        place=place,
        created_after=now - SESSION_LIFE,
        counters=near.counters if counters is None else counters,
        lines=near.sharing,
    )
    sent = found.sent
    desks = [
        Desk(
            desk,
            serves,
            max(0.0, (now - moment(since)).total_seconds()) if since else 0.0,
            sent.get(desk.number, 0),
        )
        for number, serves, since in found.desks
        if (desk := centre.counters.get(number)) is not None
    ]
    # Only who passes others, or is passed by a share, can meet somebody overdue behind itself.
    ageing = centre.queue.ageing if line or centre.rules.shares else None
    overdue_since = late or (now - ageing if ageing else None)
    waiting = lines.lines(query, centre.code, day, found.waiting, place, now, overdue_since)
    paces = _paces(centre, query, now) if desks else {}
    return Outlook(centre, now, desks, waiting, paces, sent, late)


def note_hold(
    centre: Centre, query: Query, service: str, called_at: datetime, ended_at: datetime
) -> None:
    """Keeps how long a person of the service held a counter."""
    seconds = round((ended_at - called_at).total_seconds())
    if 0 <= seconds <= waits.LONGEST_HOLD:
        _change_times(centre, query, service, called_at, lambda known: waits.noted(known, seconds))


def take_hold_back(
    centre: Centre, query: Query, service: str, called_at: datetime, ended_at: datetime
) -> None:
    """Forgets that time again: the move that ended it was undone."""
    seconds = round((ended_at - called_at).total_seconds())
    _change_times(centre, query, service, called_at, lambda known: waits.taken_back(known, seconds))


def _change_times(
    centre: Centre,
    query: Query,
    service: str,
    called_at: datetime,
    change: Callable[[Sequence[int]], Sequence[int]],
) -> None:
    known = figures.recent_times(query, centre.code, service, _hour(centre, called_at))
    changed = {hour: change(recent) for hour, recent in known.items()}
    told = {hour: (recent, waits.pace(recent)) for hour, recent in changed.items()}
    figures.set_paces(query, centre.code, service, told)


def read_day(centre: Centre, day: date) -> Day:
    """How the office day went, from its first event to its last.

    A visit that goes on at its counter when the next day begins is one of the day on which it
    began, with its outcome and all its time. The time of the counter and its clerk belongs to the
    day in which it passes. Who was left over expires when the next day begins: that is told here,
    and takes no time.
    """
    start, end = bounds_of(centre, day)
    with centre.database.read() as query:
        events = figures.events_between(query, centre.code, start, end)
        if not events:
            return fold((), start, start)
        last = events[-1]
        later = figures.ends_after(query, centre.code, day.isoformat(), last.seq)
        before = figures.events_between(query, centre.code, start - SESSION_LIFE, start)
        after = figures.events_between(query, centre.code, end, end + SESSION_LIFE)
    night = Night(start, end, before, after)
    return fold(events, events[0].at, last.at, later, night)


def read_events(centre: Centre, day: date) -> tuple[Event, ...]:
    """What happened to tickets and counters on the office day."""
    with centre.database.read() as query:
        return figures.events_between(query, centre.code, *bounds_of(centre, day))


def read_days_before(centre: Centre, day: date, limit: int) -> tuple[date, ...]:
    """The last days before this one on which the office gave numbers, latest first."""
    with centre.database.read() as query:
        days = figures.days_before(query, centre.code, day.isoformat(), limit)
    return tuple(map(date.fromisoformat, days))


def bounds_of(centre: Centre, day: date) -> tuple[datetime, datetime]:
    """The moments, in UTC, between which the office day lies."""
    start = datetime.combine(day, centre.queue.day_starts, centre.timezone).astimezone(UTC)
    return start, start + timedelta(days=1)


def _paces(centre: Centre, query: Query, now: datetime) -> Mapping[str, Pace]:
    """Each service's pace at this hour, as it was known at most PACES_LIVE ago."""
    hour = _hour(centre, now)
    read_at, paces = centre.paces.get(hour, (now, None))
    if paces is None or not read_at <= now < read_at + PACES_LIVE:
        any_hour, this_hour = figures.paces(query, centre.code, centre.services, hour)
        paces = waits.known_paces(centre.services, any_hour, this_hour)
        centre.paces[hour] = (now, paces)
    return paces


def _hour(centre: Centre, at: datetime) -> int:
    return at.astimezone(centre.timezone).hour
