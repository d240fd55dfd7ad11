"""What stands in the store now, folded into what the hall, the window and the clerks are shown."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from kiosk import turns
from kiosk.board import Board, Call, CounterView, DeviceHealth, Home, ServiceLine
from kiosk.calendar import day_start, moment
from kiosk.office import days, outbox
from kiosk.office.alarms import alarms_in
from kiosk.office.desk import recalled, undoable
from kiosk.office.figures import bounds_of, outlook
from kiosk.office.form_facts import FORM_KINDS
from kiosk.office.limits import refusal
from kiosk.office.notes import notes_by_ticket
from kiosk.office.ordered import follow_orders
from kiosk.office.slips import read_facts
from kiosk.store import (
    appointments,
    counters,
    events,
    figures,
    jobs,
    lines,
    numbering,
    orders,
    staff,
    tickets,
)
from kiosk.store.lines import LAST_PLACE
from kiosk.tickets import SESSION_LIFE, TicketState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kiosk.database import Query
    from kiosk.errors import Refused
    from kiosk.office.centre import Centre
    from kiosk.tickets import Ticket

RECENT_CALLS: Final = 40
SHOWN_WAITING: Final = 50
SHOWN_MISSED: Final = 5
SHOWN_JOBS: Final = 20
WAITING_JOBS: Final = frozenset({"queued", "sending"})
LATELY: Final = 300
"""Among so many of the last events the latest ticket is looked for."""
SILENT_AFTER: Final = timedelta(seconds=15)
"""A device whose process has not been heard for this long counts as not running."""


@dataclass(frozen=True, slots=True)
class OpenJob:
    """A slip that has not come out for certain; ``number`` is None when it is no ticket, and
    ``dossier`` when it is no form about one."""

    id: str
    kiosk: str
    number: str | None
    slip: str
    dossier: str | None
    state: str
    reason: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class OpenJobs:
    """The first of the slips that have not come out for certain, of ``total`` in all."""

    shown: tuple[OpenJob, ...]
    total: int


def read_board(centre: Centre) -> Board:
    with centre.database.read() as query:
        return _board(centre, query)


def read_home(centre: Centre) -> Home:
    with centre.database.read() as query:
        board = _board(centre, query)
        day = days.today(centre, query, board.at)
        _, ends = bounds_of(centre, date.fromisoformat(day))
        return Home(
            board,
            _printer(centre, query),
            _own(centre, query, "scanner"),
            _wrong(_own(centre, query, "clock")),
            appointments.any_booked(query, centre.code, day),
            events.last_issue(query, centre.code, board.seq - LATELY, ends),
        )


def _own(centre: Centre, query: Query, name: str) -> DeviceHealth | None:
    """A device of this kiosk that its own processes tell of, as they told last."""
    row = jobs.device(query, centre.code, centre.kiosk, name)
    return _device(dict(row), moment(row["seen_at"])) if row else None


def _wrong(known: DeviceHealth | None) -> DeviceHealth | None:
    return None if known is None or known.state == "ok" else known


def _printer(centre: Centre, query: Query) -> DeviceHealth | None:
    """The printer beside the touch window: none where the slips come out of another machine's."""
    if centre.machine is not None:
        elsewhere = outbox.printed_elsewhere(centre, query, centre.machine())
        if elsewhere is not None:
            return DeviceHealth(
                centre.kiosk, "printer", "fault", outbox.NAME_TAKEN, elsewhere, elsewhere
            )
    row = jobs.device(query, centre.code, centre.kiosk, "printer")
    return _device(dict(row), centre.clock()) if row else None


def read_counter(centre: Centre, number: int) -> CounterView:
    return read_counters(centre, (number,))[number]


def read_counters(centre: Centre, numbers: Iterable[int]) -> dict[int, CounterView]:
    """What the clerks of these counters see; the store is asked once for all of them."""
    now = centre.clock()
    desks = [centre.counter(number) for number in numbers]
    wanted = dict.fromkeys(code for counter in desks for code in counter.services)
    with centre.database.read() as query:
        day = days.today(centre, query, now)
        closed = {n: closed for n, closed, _ in orders.of_day(query, centre.code, day)}
        counts = lines.waiting_counts(query, centre.code, day)
        standing = tickets.heads(query, centre.code, day, wanted, SHOWN_WAITING)
        sent = tickets.sent(query, centre.code, day)
        here = {ticket.counter: ticket for ticket in tickets.all_at_counters(query, centre.code)}
        parked = tickets.parked(query, centre.code, day)
        missed = tickets.missed(query, centre.code, day, SHOWN_MISSED)
        states = counters.states(query, centre.code, day)
        sessions = {
            row["counter"]: row
            for row in staff.live_sessions(query, centre.code, now - SESSION_LIFE)
        }
        raised = {alarm.counter: alarm for alarm in alarms_in(centre, query)}
        noted = notes_by_ticket(centre, query)
    by_service: dict[str, list[Ticket]] = {code: [] for code in wanted}
    for ticket in standing:
        by_service[ticket.service].append(ticket)
    alike: dict[tuple[object, ...], tuple[Ticket, ...]] = {}
    views = {}
    for counter in desks:
        number = counter.number
        state, session = states.get(number), sessions.get(number)
        own = sent.get(number, ())
        # Counters that work alike call alike, but for those who were sent to one of them.
        work = (
            frozenset(counter.services) if counter.order == "arrival" else counter.services,
            counter.order,
            counter.weights,
            state["memory"] if state else None,
            own,
        )
        if work not in alike:
            waiting = [*own, *(one for code in counter.services for one in by_service[code])]
            memory = recalled(state, day)
            alike[work] = turns.in_order(waiting, counter, centre.rules, memory, now, SHOWN_WAITING)
        paused = session if session and session["paused_at"] else None
        undo, until = undoable(centre, state, session["clerk"] if session else None, day, now)
        views[number] = CounterView(
            counter=number,
            clerk=session["name"] if session else None,
            current=(current := here.get(number)),
            notes=noted.get(current.id, ()) if current else (),
            waiting=alike[work],
            waiting_total=len(own) + sum(counts.get(code, 0) for code in counter.services),
            parked=parked.get(number, ()),
            missed=missed.get(number, ()),
            paused=paused["pause_reason"] if paused else None,
            paused_since=moment(paused["paused_at"]) if paused else None,
            undo=undo,
            undo_until=until,
            closed=closed.get(number, False),
            alarm=raised.get(number),
        )
    return views


def read_devices(centre: Centre) -> tuple[DeviceHealth, ...]:
    with centre.database.read() as query:
        return _devices(centre, query)


def read_running(centre: Centre) -> dict[str, DeviceHealth]:
    """The devices of this kiosk whose process has been heard lately, by name."""
    return {
        device.name: device
        for device in read_devices(centre)
        if device.kiosk == centre.kiosk and device.reason != "not_running"
    }


def read_jobs(centre: Centre) -> tuple[OpenJob, ...]:
    """The slips of all kiosks that staff must know of, oldest first.

    What became of another day's slip nobody can tell any more; it stays in the events.
    """
    since = day_start(centre.clock(), centre.timezone, centre.queue.day_starts)
    with centre.database.read() as query:
        return tuple(
            _open_job(row)
            for row in jobs.unsettled(query, centre.code)
            if row["state"] in WAITING_JOBS or moment(row["created_at"]) >= since
        )


def read_open_jobs(centre: Centre) -> OpenJobs:
    """Of the slips of ``read_jobs`` those that are shown first: what somebody must see to, then
    those that wait, oldest first."""
    since = day_start(centre.clock(), centre.timezone, centre.queue.day_starts)
    with centre.database.read() as query:
        rows = jobs.pressing(query, centre.code, since, SHOWN_JOBS)
    return OpenJobs(tuple(map(_open_job, rows)), rows[0]["total"] if rows else 0)


def _open_job(row: Mapping[str, Any]) -> OpenJob:
    return OpenJob(
        id=row["id"],
        kiosk=row["kiosk"],
        number=row["number"],
        slip=row["slip"],
        dossier=_dossier_of(row),
        state=row["state"],
        reason=row["reason"],
        created_at=moment(row["created_at"]),
    )


def _dossier_of(job: Mapping[str, Any]) -> str | None:
    """The code of the dossier that a form is about; a test page shows an invented one."""
    code = (read_facts(job["data"]) or {}).get("code") if job["slip"] in FORM_KINDS else None
    return code if isinstance(code, str) else None


def _board(centre: Centre, query: Query) -> Board:
    now = centre.clock()
    day = days.today(centre, query, now)
    follow_orders(centre, query, day)
    seen = outlook(centre, query, day, now, centre.services, LAST_PLACE, counters=centre.counters)
    issued = numbering.given_on(query, centre.code, day)
    since = day_start(now, centre.timezone, centre.queue.day_starts)
    paused = orders.paused(query, centre.code, day)
    shown = []
    for service in centre.services.values():
        taking = centre.counters_of(service.code)
        refused = refusal(centre, query, service, issued.get(service.code), day, now, paused)
        warning, ends_at = seen.warning(service.code, taking, seen.wait(service.code, "", None))
        shown.append(
            ServiceLine(
                code=service.code,
                names=service.names,
                icon=service.icon,
                group=service.group,
                waiting=seen.waiting(service.code),
                counters=taking,
                open_counters=seen.at_work(taking),
                refusal=refused.code if refused else None,
                opens_at=_opens_at(refused),
                warning=warning,
                ends_at=ends_at,
            )
        )
    calls, undone = _calls(centre, query, since)
    present = tickets.all_at_counters(query, centre.code)
    seq = events.last(query, centre.code)
    return Board(
        now,
        seq,
        calls,
        tuple(shown),
        undone,
        seen.sent_to_closed(),
        _kept_at_closed(centre, query, day, now, present),
        _answered(calls, present),
    )


def _kept_at_closed(
    centre: Centre, query: Query, day: str, now: datetime, present: Sequence[Ticket]
) -> tuple[tuple[int, tuple[str, ...]], ...]:
    """Nobody will call them unless somebody is told, nor end the visit of who is at such a counter;
    a clerk who pauses comes back to them."""
    kept = figures.kept_numbers(query, centre.code, day)
    for here in present:
        if here.counter is not None and here.day == day:
            kept.setdefault(here.counter, []).insert(0, here.number)
    staffed = counters.staffed(query, centre.code, now - SESSION_LIFE) if kept else frozenset()
    return tuple((n, tuple(numbers)) for n, numbers in kept.items() if n not in staffed)


def _opens_at(refused: Refused | None) -> datetime | None:
    at = refused.facts["opens_at"] if refused else None
    return at if isinstance(at, datetime) else None


def _calls(
    centre: Centre, query: Query, since: datetime
) -> tuple[tuple[Call, ...], frozenset[int]]:
    """The calls since then, latest first, and the events of those that were taken back."""
    calls, undone = [], set()
    for row in tickets.recent_calls(query, centre.code, RECENT_CALLS):
        at, details = moment(row["at"]), json.loads(row["details"])
        if row["kind"] == "ticket.undone":
            undone.add(details["undone"])
        elif at >= since and row["seq"] not in undone:
            calls.append(Call(row["seq"], row["number"], row["counter"], at, details["calls"]))
    return tuple(calls), frozenset(undone)


def _answered(calls: Sequence[Call], present: Sequence[Ticket]) -> frozenset[int]:
    """The calls whose ticket is not called to that counter any more."""
    called = {(t.number, t.counter) for t in present if t.state is TicketState.CALLED}
    return frozenset(call.seq for call in calls if (call.number, call.counter) not in called)


def _devices(centre: Centre, query: Query) -> tuple[DeviceHealth, ...]:
    now = centre.clock()
    return tuple(_device(dict(row), now) for row in jobs.devices(query, centre.code))


def _device(row: dict[str, str], now: datetime) -> DeviceHealth:
    seen_at = moment(row["seen_at"])
    silent = now - seen_at > SILENT_AFTER
    return DeviceHealth(
        kiosk=row["kiosk"],
        name=row["name"],
        state="fault" if silent else row["state"],
        reason="not_running" if silent else row["reason"],
        since=seen_at if silent else moment(row["since"]),
        seen_at=seen_at,
    )
