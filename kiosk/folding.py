"""The day's events, folded into how long everybody waited, walked, was served, and was idle.

Times are folded from the order of the events, not from their clock: where the clock was set back,
no time passes until it has caught up, so that no part is ever negative and nothing counts twice.
What was undone is taken out before, together with its undoing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from kiosk.calendar import moment
from kiosk.history import Activity, Day, Event, Hold, Stage, Stretch, Visit
from kiosk.tickets import SESSION_LIFE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime, timedelta

BEGINNINGS: Final = frozenset({"ticket.issued", "ticket.kept"})
"""With these a ticket first stands in the line of a day, or is kept there without waiting;
of other days' tickets nothing is told."""

ENDINGS: Final = frozenset(
    {"ticket.finished", "ticket.no_show", "ticket.cancelled", "ticket.expired"}
)
"""What ends a visit; one that ended so may still be taken up again by a call."""

RELEASES: Final = ENDINGS | {
    "ticket.went_on",
    "ticket.missed",
    "ticket.parked",
    "ticket.transferred",
    "ticket.returned",
}
"""What sends the person who was called away from the counter."""

_CAME: Final = frozenset(
    {"ticket.finished", "ticket.went_on", "ticket.parked", "ticket.transferred"}
)
"""After these the person had come to the counter, even if nobody noted it; details say ``came``
False where a clerk left while somebody was only called."""


@dataclass(frozen=True, slots=True)
class Night:
    """What lies around a day, for counters at which somebody works when one day follows another.

    ``before`` are the last events of the day before, ``after`` the first ones of the day after,
    ``starts_at`` and ``ends_at`` the day's own limits.
    """

    starts_at: datetime
    ends_at: datetime
    before: Sequence[Event] = ()
    after: Sequence[Event] = ()


def fold(
    events: Sequence[Event],
    start: datetime,
    end: datetime,
    later: Sequence[Event] = (),
    night: Night | None = None,
) -> Day:
    """The visits and counters that the events tell of, in the order of ``seq``.

    What lasts is counted up to ``end``; both are moved where an event lies beyond them. ``later``
    events, all of them after the others, ended visits of this day when the next one had begun:
    they are told of the visits and of no counter, and who expired then did so at the end. With a
    ``night`` a counter that is at work across the day's beginning or end has its time up to there.
    """
    first = min((event.seq for event in events), default=0)
    known = max((event.seq for event in events), default=0)
    before = night.before if night else ()
    holding = _kept((*before, *events, *later))
    told = [event for event in holding if first <= event.seq <= known]
    if told:
        start, end = min(start, told[0].at), max(end, told[-1].at)
    at_work = _told(event for event in holding if event.seq < first)
    counters = {number: at_work[number] for number in _going_on(events).intersection(at_work)}
    if night and counters:
        start = min(start, night.starts_at)
    for carried in counters.values():
        carried.begin(start)
    visits: dict[str, _Visit] = {}
    for event in told:
        if event.ticket is not None and event.kind.startswith("ticket."):
            visit = visits.get(event.ticket)
            if visit is None and event.kind in BEGINNINGS:
                visit = visits[event.ticket] = _Visit(event)
            if visit is not None:
                visit.tell(event)
        if event.counter is not None:
            counter = counters.get(event.counter)
            if counter is None:
                counter = counters[event.counter] = _Counter(event.counter, start)
            counter.tell(event)
    after = [event for event in holding if event.seq > known]
    for event in after:
        visit = visits.get(event.ticket or "")
        if visit is not None:
            visit.tell(replace(event, at=end) if event.kind == "ticket.expired" else event)
    last, goes_on = end, _going_on(night.after).intersection(counters) if night else ()
    if night and goes_on:
        end = max(end, night.ends_at)
    came = _came_before(after)
    stretches = [
        stretch
        for number, counter in counters.items()
        for stretch in counter.told(end if number in goes_on else last, end, came)
    ]
    return Day(start, end, tuple(v.told(last) for v in visits.values()), tuple(stretches))


def _going_on(events: Iterable[Event]) -> set[int]:
    """The counters at which somebody worked before these events and works on: who opens one begins
    there, whether or not the last one there had signed out."""
    first: dict[int, str] = {}
    for event in sorted(events, key=lambda event: event.seq):
        if event.counter is not None:
            first.setdefault(event.counter, event.kind)
    return {number for number, kind in first.items() if kind != "counter.opened"}


def _told(events: Iterable[Event]) -> dict[int, _Counter]:
    """The counters as they are after these events."""
    counters: dict[int, _Counter] = {}
    for event in events:
        if event.counter is not None:
            counter = counters.get(event.counter)
            if counter is None:
                counter = counters[event.counter] = _Counter(event.counter, event.at)
            counter.tell(event)
    return counters


def _kept(events: Sequence[Event]) -> list[Event]:
    """The events that hold, in order, on a clock that never goes back."""
    undone = {event.details["undone"] for event in events if event.kind == "ticket.undone"}
    told: list[Event] = []
    for event in sorted(events, key=lambda event: event.seq):
        if event.kind == "ticket.undone" or event.seq in undone:
            continue
        late = bool(told) and event.at < told[-1].at
        told.append(replace(event, at=told[-1].at) if late else event)
    return told


def _came(event: Event) -> bool:
    return event.kind in _CAME and event.details.get("came") is not False


def _came_before(events: Iterable[Event]) -> set[str | None]:
    """The tickets whose owners had come before these events, though nobody noted when."""
    first: dict[str | None, Event] = {}
    for event in events:
        if event.kind == "ticket.started" or event.kind in RELEASES:
            first.setdefault(event.ticket, event)
    return {ticket for ticket, event in first.items() if _came(event)}


class _Visit:
    """The fold of one ticket: in what state it is, and since when."""

    def __init__(self, first: Event) -> None:
        self._first = first
        self._number = str(first.details.get("number", ""))
        self._priority = str(first.details.get("priority") or "")
        self._stages: list[Stage] = []
        self._stage = Stage(str(first.details.get("service", "")), first.at)
        parked = first.details.get("state") == "parked"
        self._state = "parked" if parked else "waiting"
        self._since = first.at
        self._called: Event | None = None
        self._started_at: datetime | None = None
        self._ended_by = ""
        self._outcome: str | None = None
        self._last = first.at

    def tell(self, event: Event) -> None:
        kind = event.kind
        if event.at < self._last:
            event = replace(event, at=self._last)
        self._last = event.at
        if kind == "ticket.called":
            self._release(event.at, "ticket.called", came=False)
            self._pass(event.at)
            self._state, self._called, self._started_at = "called", event, None
            self._ended_by = ""
            stage = self._stage
            self._stage = replace(
                stage, calls=stage.calls + 1, first_call=stage.first_call or event.at
            )
        elif kind == "ticket.recalled":
            self._stage = replace(self._stage, recalls=self._stage.recalls + 1)
        elif kind == "ticket.started":
            self._started_at = event.at
        elif kind in RELEASES:
            self._release(event.at, kind, came=_came(event))
            self._pass(event.at)
            self._leave(event)

    def told(self, end: datetime) -> Visit:
        end = max(end, self._last)
        self._release(end, "", came=False)
        if not self._ended_by:
            self._pass(end)
        due = self._first.details.get("due_at")
        return Visit(
            id=self._first.ticket or "",
            number=self._number,
            priority=self._priority,
            began_at=self._first.at,
            until=self._since,
            ended_by=self._ended_by,
            outcome=self._outcome,
            stages=(*self._stages, self._stage),
            due_at=moment(str(due)) if due else None,
        )

    def _pass(self, at: datetime) -> None:
        """Counts the time in a state in which nobody holds a counter."""
        part = {"waiting": "waiting", "parked": "parked", "ended": "away"}[self._state]
        self._add(part, at - self._since)
        self._since = at

    def _add(self, part: str, time: timedelta) -> None:
        self._stage = replace(self._stage, **{part: getattr(self._stage, part) + time})

    def _release(self, at: datetime, kind: str, *, came: bool) -> None:
        """Counts the time at a counter, if the ticket is at one."""
        if self._called is None:
            return
        hold = Hold(
            ticket=self._first.ticket or "",
            service=self._stage.service,
            counter=self._called.counter or 0,
            clerk=self._called.clerk,
            called_at=self._called.at,
            started_at=self._started_at,
            ended_at=at,
            ended_by=kind,
            came=came,
        )
        self._add("walking", hold.came_at - hold.called_at)
        self._add("serving", at - hold.came_at)
        self._stage = replace(self._stage, holds=(*self._stage.holds, hold))
        self._called, self._state, self._since = None, "waiting", at

    def _leave(self, event: Event) -> None:
        kind = event.kind
        self._state, self._ended_by = "waiting", ""
        if kind in ENDINGS:
            self._state, self._ended_by = "ended", kind
        elif kind == "ticket.parked":
            self._state = "parked"
        elif kind in ("ticket.went_on", "ticket.transferred"):
            self._stages.append(self._stage)
            goal = event.details.get("to")
            service = goal if isinstance(goal, str) else self._stage.service
            self._stage = Stage(service, event.at)
        self._outcome = event.details.get("outcome") or self._outcome


class _Counter:
    """The fold of one counter: who is signed in, whether paused, and who is there."""

    def __init__(self, number: int, start: datetime) -> None:
        self._number = number
        self._since = start
        self._open = False
        self._ends_at: datetime | None = None
        """When the session of who is signed in ends by itself, which no event tells."""
        self._paused = False
        self._clerk: str | None = None
        self._called: Event | None = None
        self._started_at: datetime | None = None
        self._handed_over: list[tuple[str | None, datetime]] = []
        """Who had the present visit before whoever has it now, and until when."""
        self._stretches: list[Stretch] = []

    def tell(self, event: Event) -> None:
        kind = event.kind
        if kind == "ticket.called":
            self._release(event.at, came=True)
            self._pass(event.at)
            self._called, self._started_at = event, None
        elif kind == "ticket.started" and self._is_here(event):
            self._started_at = event.at
        elif kind in RELEASES and self._is_here(event):
            self._release(event.at, came=_came(event))
        elif kind.startswith("counter."):
            if self._called is None:
                self._pass(event.at)
            else:
                self._handed_over.append((self._clerk or self._called.clerk, event.at))
            self._open = kind != "counter.closed"
            if kind == "counter.opened":
                self._ends_at = event.at + SESSION_LIFE
            self._paused = kind == "counter.paused"
            self._clerk = event.clerk if self._open else None

    def begin(self, start: datetime) -> None:
        """Leaves to the day before what was before; who is signed in and who is there stay."""
        self._stretches.clear()
        self._since = start

    def told(self, last: datetime, end: datetime, came: Collection[str | None]) -> list[Stretch]:
        """All of it: until ``last`` as it is, then closed until the ``end``; who is there then and
        among those who ``came`` was served, though nobody noted when that began."""
        here = self._called.ticket if self._called else None
        self._release(last, came=here in came)
        self._pass(last)
        self._push(None, Activity.CLOSED, end)
        return self._stretches

    def _is_here(self, event: Event) -> bool:
        return self._called is not None and self._called.ticket == event.ticket

    def _pass(self, at: datetime) -> None:
        activity = Activity.IDLE if self._open else Activity.CLOSED
        if self._paused:
            activity = Activity.PAUSED
        if self._open and self._ends_at is not None and self._ends_at < at:
            self._push(self._clerk, activity, self._ends_at)
            self._open, self._paused, self._clerk = False, False, None
            activity = Activity.CLOSED
        self._push(self._clerk, activity, at)

    def _release(self, at: datetime, *, came: bool) -> None:
        """Only now it is known when the person came, whoever was at the counter meanwhile."""
        if self._called is None:
            return
        came_at = self._started_at or (self._called.at if came else at)
        for clerk, until in (*self._handed_over, (self._clerk or self._called.clerk, at)):
            self._push(clerk, Activity.WALKING, min(came_at, until))
            self._push(clerk, Activity.SERVING, until)
        self._called = None
        self._handed_over.clear()

    def _push(self, clerk: str | None, activity: Activity, end: datetime) -> None:
        if end > self._since:
            self._stretches.append(Stretch(self._number, clerk, activity, self._since, end))
            self._since = end
