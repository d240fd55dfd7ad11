"""The whole hall as its supervisor sees it: each counter, each line, and who asks for help."""

from __future__ import annotations

from collections import Counter as Counts
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from kiosk.calendar import moment
from kiosk.office import alarms, days
from kiosk.store import figures, lines, numbering, orders, staff, tickets
from kiosk.tickets import SESSION_LIFE, TicketState

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from kiosk.board import Alarm
    from kiosk.office.centre import Centre
    from kiosk.tickets import Ticket


@dataclass(frozen=True, slots=True)
class CounterState:
    """``state`` is "closed" (ordered for the day), "empty" (nobody is signed in), "paused",
    "called", "serving" or "free", and has been so ``since``, where that is known. ``services`` are
    those that it takes now, ``changed`` whether they are other ones than kiosk.toml has. ``sent``
    people wait for this counter alone, and ``kept`` are the numbers that it keeps.
    """

    number: int
    zone: str
    services: tuple[str, ...]
    changed: bool
    closed: bool
    state: str
    since: datetime | None
    login: str | None
    clerk: str | None
    ticket: Ticket | None
    reason: str
    sent: int
    kept: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LineState:
    """``longest`` is since when whoever waits longest does; ``overdue`` have waited for more than
    the service's target. ``given`` numbers of today, of a daily ``limit``, which may be ``lifted``.
    """

    service: str
    waiting: int
    longest: datetime | None
    overdue: int
    given: int
    limit: int | None
    limited: bool
    lifted: bool


@dataclass(frozen=True, slots=True)
class Overview:
    counters: tuple[CounterState, ...]
    lines: tuple[LineState, ...]
    alarms: tuple[Alarm, ...]


def read_overview(centre: Centre) -> Overview:
    now = centre.clock()
    with centre.database.read() as query:
        day = days.today(centre, query, now)
        ordered = {n: closed for n, closed, _ in orders.of_day(query, centre.code, day)}
        sessions = {
            row["counter"]: row
            for row in staff.live_sessions(query, centre.code, now - SESSION_LIFE)
            if row["counter"] is not None
        }
        here = {t.counter: t for t in tickets.all_at_counters(query, centre.code)}
        kept = figures.kept_numbers(query, centre.code, day)
        waits = lines.waits(query, centre.code, day)
        issued = numbering.given_on(query, centre.code, day)
        lifted = orders.lifted(query, centre.code, day)
        raised = alarms.alarms_in(centre, query)
    sent = Counts(to for _, to, _ in waits if to is not None)
    waiting_since: dict[str, list[datetime]] = {}
    for code, _, at in waits:
        waiting_since.setdefault(code, []).append(at)
    counters = []
    for counter in centre.counters.values():
        number = counter.number
        session, ticket = sessions.get(number), here.get(number)
        state, since = state_of(session, ticket, closed=ordered.get(number, False))
        counters.append(
            CounterState(
                number=number,
                zone=counter.zone,
                services=counter.services,
                changed=counter.services != centre.desks.configured[number].services,
                closed=ordered.get(number, False),
                state=state,
                since=since,
                login=session["clerk"] if session else None,
                clerk=session["name"] if session else None,
                ticket=ticket,
                reason=session["pause_reason"] if session and session["paused_at"] else "",
                sent=sent[number],
                kept=tuple(kept.get(number, ())),
            )
        )
    shown = []
    for service in centre.services.values():
        since_when = waiting_since.get(service.code, ())
        target = timedelta(minutes=service.target_minutes) if service.target_minutes else None
        series = issued.get(service.code)
        shown.append(
            LineState(
                service=service.code,
                waiting=len(since_when),
                longest=min(since_when, default=None),
                overdue=sum(now - at > target for at in since_when) if target else 0,
                given=series.given if series else 0,
                limit=service.daily_limit,
                limited=service.daily_limit is not None or service.session_limit is not None,
                lifted=service.code in lifted,
            )
        )
    return Overview(tuple(counters), tuple(shown), raised)


def state_of(
    session: Mapping[str, str] | None, ticket: Ticket | None, *, closed: bool
) -> tuple[str, datetime | None]:
    """As ``CounterState`` has it, and since when."""
    if ticket is not None:
        serving = ticket.state is TicketState.SERVING
        return ("serving", ticket.started_at) if serving else ("called", ticket.called_at)
    if closed:
        return "closed", None
    if session is None:
        return "empty", None
    if session["paused_at"]:
        return "paused", moment(session["paused_at"])
    return "free", None
