"""What one clerk sees of the counter, in the event ``counter`` of the stream."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from pydantic import BaseModel

from kiosk.appointments import AppointmentState
from kiosk.office.restarts import DEVICE as PROCESS
from kiosk.waits import AFTER_CLOSING, NOT_TODAY, SESSION_OVER
from kiosk.web.answers import (
    AlarmAnswer,
    ClerkTicketAnswer,
    DeviceAnswer,
    JobAnswer,
    alarm,
    device,
    here,
    here_maybe,
    job,
    ticket,
)
from kiosk.webhooks import DEVICE as WEBHOOK

if TYPE_CHECKING:
    from collections.abc import Collection, Container, Iterable

    from kiosk.appointments import Appointment
    from kiosk.board import Board, CounterView, DeviceHealth, ServiceLine
    from kiosk.office.centre import Centre
    from kiosk.office.hall import OpenJobs
    from kiosk.tickets import Ticket

SHOWN_APPOINTMENTS: Final = 20
"""How many of those still to come one counter is shown."""

KEPT_PEOPLE: Final = 4000
"""More who waited are not kept in mind."""

People = dict[tuple[str, int], bytes]
"""The JSON of tickets by their id and version."""

_SHARED: Final = {"waiting", "devices", "jobs"}
"""What counters have in common, of a CounterAnswer."""


class ComingAnswer(BaseModel):
    """An appointment of today whose owner has not arrived yet."""

    code: str
    service: str
    due_at: datetime


class PauseAnswer(BaseModel):
    """``reason`` is what the clerk gave; ``since`` is when the counter stopped calling."""

    reason: str
    since: datetime


class UndoAnswer(BaseModel):
    """The last move, while it can be taken back: until then."""

    move: str
    until: datetime


class WarningAnswer(BaseModel):
    """Who staff must look after: a line, with ``warning`` as in LineAnswer; or at a ``counter`` at
    which nobody works, ``people`` who were sent there ("sent_to_closed") or whose ``numbers`` are
    kept there ("kept_at_closed")."""

    warning: str
    service: str | None = None
    ends_at: datetime | None = None
    counter: int | None = None
    people: int | None = None
    numbers: tuple[str, ...] = ()


class NoteAnswer(BaseModel):
    """What a clerk, by name, noted about the present visit."""

    clerk: str
    at: datetime
    text: str


class CounterAnswer(BaseModel):
    """What one clerk sees, in the event ``counter`` of the stream.

    ``warnings`` are the lines of this counter's services that will outlast the session, or in which
    people wait when it is over; those of any service in which people wait and nobody works; where
    the present ticket goes on next, when that service is not done any more today; and every counter
    at which nobody works and that people were sent to or that keeps their numbers.
    ``services`` are those that the counter takes now, ``working`` the counters at which somebody
    works. ``appointments`` are the next ones of today for this counter's services, of
    ``appointments_total`` in all; ``jobs`` are the first of ``jobs_total`` slips that staff must
    know of: those that failed or may have, then those that wait. ``seq`` is the last event it
    knows: a move's answer whose ``version`` is greater is newer. A page made for another ``mark``
    is out of date.
    """

    at: datetime
    seq: int
    mark: str
    counter: int
    services: tuple[str, ...]
    working: tuple[int, ...]
    clerk: str | None
    current: ClerkTicketAnswer | None
    waiting: tuple[ClerkTicketAnswer, ...]
    waiting_total: int
    parked: tuple[ClerkTicketAnswer, ...]
    missed: tuple[ClerkTicketAnswer, ...]
    paused: PauseAnswer | None
    undo: UndoAnswer | None
    closed: bool
    alarm: AlarmAnswer | None
    notes: tuple[NoteAnswer, ...]
    appointments: tuple[ComingAnswer, ...]
    appointments_total: int
    warnings: tuple[WarningAnswer, ...]
    devices: tuple[DeviceAnswer, ...]
    jobs: tuple[JobAnswer, ...]
    jobs_total: int


class Desks:
    """Tells the counters what their clerks see, in bytes of JSON; ``appointments`` (of today) and
    ``hall`` are those of the whole office.

    What counters share is nearly all of it: that is told once, and laid into each. ``people`` keeps
    what was told of who waits for the next time: most of them wait on.
    """

    def __init__(
        self,
        centre: Centre,
        devices: Iterable[DeviceHealth],
        jobs: OpenJobs,
        appointments: Collection[Appointment],
        hall: Board,
        mark: str,
        people: People,
    ) -> None:
        self._centre = centre
        self._jobs = jobs
        self._appointments = appointments
        self._hall = hall
        self._mark = mark
        # What another program does not take, or what has mended itself, is no clerk's to mend.
        theirs = (WEBHOOK, PROCESS)
        ours = (device(centre, known) for known in devices if not known.name.startswith(theirs))
        shown = (job(centre, known) for known in jobs.shown)
        around = {"devices": _listed(map(_json, ours)), "jobs": _listed(map(_json, shown))}
        parts = (b',"%s":%s' % (name.encode(), told) for name, told in around.items())
        self._around = b"".join(parts)
        if len(people) > KEPT_PEOPLE:
            people.clear()
        self._people = people
        self._lists: dict[int, tuple[tuple[Ticket, ...], bytes]] = {}

    def told(self, view: CounterView) -> bytes:
        """The CounterAnswer of a counter."""
        own = _own(self._centre, view, self._appointments, self._jobs, self._hall, self._mark)
        told = own.model_dump_json(exclude=_SHARED).encode()
        return b'%s,"waiting":%s%s}' % (told[:-1], self._waiting(view.waiting), self._around)

    def _waiting(self, waiting: tuple[Ticket, ...]) -> bytes:
        """Counters that call alike are shown the very same people."""
        known = self._lists.get(id(waiting))
        if known is None:
            known = self._lists[id(waiting)] = waiting, _listed(map(self._person, waiting))
        return known[1]

    def _person(self, known: Ticket) -> bytes:
        """A ticket that was not written since is what it was."""
        key = (known.id, known.version)
        if key not in self._people:
            self._people[key] = _json(ticket(self._centre, known))
        return self._people[key]


def _own(
    centre: Centre,
    view: CounterView,
    appointments: Collection[Appointment],
    jobs: OpenJobs,
    hall: Board,
    mark: str,
) -> CounterAnswer:
    """The answer of one counter, without what it shares with others."""
    services = centre.counter(view.counter).services
    expected, total = coming(centre, appointments, services)
    return CounterAnswer(
        at=here(centre, centre.clock()),
        seq=hall.seq,
        mark=mark,
        counter=view.counter,
        services=services,
        working=tuple(sorted({n for line in hall.lines for n in line.open_counters})),
        clerk=view.clerk,
        current=ticket(centre, view.current) if view.current else None,
        waiting=(),
        waiting_total=view.waiting_total,
        parked=tuple(ticket(centre, known) for known in view.parked),
        missed=tuple(ticket(centre, known) for known in view.missed),
        devices=(),
        jobs=(),
        jobs_total=jobs.total,
        paused=_pause(centre, view),
        undo=_undo(centre, view),
        closed=view.closed,
        notes=tuple(
            NoteAnswer(clerk=note.clerk, at=here(centre, note.at), text=note.text)
            for note in view.notes
        ),
        alarm=alarm(centre, view.alarm) if view.alarm else None,
        appointments=expected,
        appointments_total=total,
        warnings=warnings_for(centre, hall, services, view.current),
    )


def _json(answer: BaseModel) -> bytes:
    return answer.model_dump_json().encode()


def _listed(values: Iterable[bytes]) -> bytes:
    return b"[%s]" % b",".join(values)


def coming(
    centre: Centre, appointments: Iterable[Appointment], services: Container[str]
) -> tuple[tuple[ComingAnswer, ...], int]:
    """The next appointments whose owners have not arrived, and how many there are in all."""
    booked = [
        known
        for known in appointments
        if known.state is AppointmentState.BOOKED and known.service in services
    ]
    next_ones = (
        ComingAnswer(code=known.code, service=known.service, due_at=here(centre, known.due_at))
        for known in booked[:SHOWN_APPOINTMENTS]
    )
    return tuple(next_ones), len(booked)


def warnings_for(
    centre: Centre, hall: Board, services: Container[str], present: Ticket | None = None
) -> tuple[WarningAnswer, ...]:
    """Who must be looked after by whoever takes these services, and serves that ticket now."""
    known = [code for code in present.journey if code in centre.services] if present else []
    lines = (
        WarningAnswer(
            warning=line.warning, service=line.code, ends_at=here_maybe(centre, line.ends_at)
        )
        for line in hall.lines
        if line.warning and _concerns(line, services, known[0] if known else None)
    )
    sent = (
        WarningAnswer(warning="sent_to_closed", counter=counter, people=people)
        for counter, people in hall.sent_to_closed
    )
    kept = (
        WarningAnswer(
            warning="kept_at_closed", counter=counter, people=len(numbers), numbers=numbers
        )
        for counter, numbers in hall.kept_at_closed
    )
    return (*lines, *sent, *kept)


def _concerns(line: ServiceLine, services: Container[str], goes_on_to: str | None) -> bool:
    """Whether the warning of a line is for a clerk who takes these services."""
    if line.warning in (SESSION_OVER, NOT_TODAY) and line.code == goes_on_to:
        return True
    if line.warning == AFTER_CLOSING:
        return line.code in services
    looked_after = bool(line.open_counters) and line.code not in services
    return line.waiting > 0 and not looked_after


def _pause(centre: Centre, view: CounterView) -> PauseAnswer | None:
    if view.paused is None or view.paused_since is None:
        return None
    return PauseAnswer(reason=view.paused, since=here(centre, view.paused_since))


def _undo(centre: Centre, view: CounterView) -> UndoAnswer | None:
    if view.undo is None or view.undo_until is None:
        return None
    return UndoAnswer(move=view.undo, until=here(centre, view.undo_until))
