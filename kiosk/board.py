"""What the hall, the touch window and the clerks are shown; folded from the store, never kept."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from kiosk.tickets import Ticket


@dataclass(frozen=True, slots=True)
class Call:
    """A number asked to a counter; ``seq`` is its event, so a later call has a larger one."""

    seq: int
    number: str
    counter: int
    at: datetime
    times: int


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """One service as citizens see it before they touch it.

    ``counters`` are those that take the service, ``open_counters`` those where somebody works now.
    ``warning`` is None, or what who takes a number now must know: "no_counter" (nobody works on it
    now), "after_closing" (the line will outlast the session, which ends at ``ends_at``),
    "session_over" (the last one of today ended then) or "not_today" (it has none today).
    ``refusal`` is None, or the code that a touch would meet: "closed_hours", "limit_reached",
    "session_limit_reached", "numbers_used_up" or "service_paused"; ``opens_at`` is when numbers
    are given again.
    """

    code: str
    names: Mapping[str, str]
    icon: str
    group: str | None
    waiting: int
    counters: tuple[int, ...]
    open_counters: tuple[int, ...]
    refusal: str | None
    opens_at: datetime | None = None
    warning: str | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Board:
    """The hall at one moment: calls latest first, and the lines in configured order.

    ``undone`` are the events of the latest calls that were taken back; ``calls`` lacks them.
    ``answered`` are those of ``calls`` whose ticket is not called any more: it is being served, or
    went elsewhere, or its visit has ended.
    ``sent_to_closed`` are the counters that people were sent to and at which nobody works, with
    how many wait there; ``kept_at_closed`` those at which nobody is signed in any more, with the
    numbers that they keep.
    """

    at: datetime
    seq: int
    calls: tuple[Call, ...]
    lines: tuple[ServiceLine, ...]
    undone: frozenset[int] = frozenset()
    sent_to_closed: tuple[tuple[int, int], ...] = ()
    kept_at_closed: tuple[tuple[int, tuple[str, ...]], ...] = ()
    answered: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class DeviceHealth:
    """One device of one kiosk: ``state`` is "ok", "warning" or "fault"; ``reason`` a code or ""."""

    kiosk: str
    name: str
    state: str
    reason: str
    since: datetime
    seen_at: datetime


class SlipState(StrEnum):
    """How it stands with a ticket's paper."""

    WAITING = "waiting"
    PRINTED = "printed"
    IN_DOUBT = "in_doubt"


@dataclass(frozen=True, slots=True)
class Home:
    """What the touch window needs before a touch: the lines, whether paper comes out, and whether
    the scanner reads.

    ``booked`` says whether anybody is expected by appointment today who has not come; ``clock``
    is this machine's own where it is not right, and ``last_ticket`` when the latest of today was
    given.
    """

    board: Board
    printer: DeviceHealth | None
    scanner: DeviceHealth | None = None
    clock: DeviceHealth | None = None
    booked: bool = False
    last_ticket: datetime | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A ticket and where it stands: people ahead in its line, and the wait in seconds if known.

    ``counters`` may call it: of a new ticket all that take its service, later those at which
    somebody works, if anybody does.

    ``warning`` and ``ends_at`` are as in ServiceLine, for a ticket that waits. ``step`` counts the
    services of its journey, 1 the first. ``early`` is an appointment that is not due yet: no wait
    is known of it, and ``ahead`` are all who wait before it until then.
    """

    ticket: Ticket
    counters: tuple[int, ...]
    ahead: int
    estimate: tuple[int, int] | None
    warning: str | None = None
    ends_at: datetime | None = None
    step: int = 1
    early: bool = False


@dataclass(frozen=True, slots=True)
class Issued:
    """The answer to a tap; ``new`` is False when a known request id gave the same ticket again."""

    place: Place
    new: bool


@dataclass(frozen=True, slots=True)
class Alarm:
    """A clerk asks the supervisor for help. ``clerk`` and ``answered_by`` are names; the latter is
    None while nobody has seen it."""

    counter: int
    clerk: str
    raised_at: datetime
    answered_by: str | None


@dataclass(frozen=True, slots=True)
class Note:
    """What a clerk, by name, noted about a visit."""

    clerk: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class CounterView:
    """What one clerk sees: the person here now, who waits (next first), and who is kept.

    ``missed`` are the latest who did not come when they were called here. ``paused`` is the
    reason while the counter pauses, since ``paused_since``. ``undo`` is the last move
    (tickets.Move) while it can be taken back, which ends at ``undo_until``. ``closed`` is what a
    supervisor ordered for the day; ``alarm`` is the one that was raised here;
    ``notes`` are about the present visit, the first first.
    """

    counter: int
    clerk: str | None
    current: Ticket | None
    waiting: tuple[Ticket, ...]
    waiting_total: int
    parked: tuple[Ticket, ...]
    missed: tuple[Ticket, ...]
    paused: str | None = None
    paused_since: datetime | None = None
    undo: str | None = None
    undo_until: datetime | None = None
    closed: bool = False
    alarm: Alarm | None = None
    notes: tuple[Note, ...] = ()
