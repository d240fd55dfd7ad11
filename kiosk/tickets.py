"""Tickets, services and counters: what they are, and which moves are legal."""

from __future__ import annotations

import re
import secrets
import string
from dataclasses import dataclass
from datetime import time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from kiosk.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime

# Without I, O and U: nothing that a person who reads it aloud could mistake (after Crockford).
LETTERS = "ABCDEFGHJKLMNPQRSTVWXYZ"
ALPHABET = string.digits + LETTERS
ID_LENGTH = 12
FIRST_SECOND: Final = 10**9
"""Places from here on are those of appointments, in seconds since 1970: nowhere else is a place so
late, for no office ever has as many events."""
_USED_BYTES: Final = 256 // len(ALPHABET) * len(ALPHABET)
_CHARACTER_OF: Final = bytes(ord(ALPHABET[byte % len(ALPHABET)]) for byte in range(256))
_NONE_FOR: Final = bytes(range(_USED_BYTES, 256))
_DIGITS: Final = string.digits.encode()


class TicketState(StrEnum):
    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    PARKED = "parked"
    FINISHED = "finished"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


AT_COUNTER = frozenset({TicketState.CALLED, TicketState.SERVING})
ENDED = frozenset(
    {TicketState.FINISHED, TicketState.NO_SHOW, TicketState.CANCELLED, TicketState.EXPIRED}
)
LIVE = frozenset(TicketState) - ENDED

RETURNED = "+"
APPOINTMENT = "@"
SUPPLEMENT = "supplement"
DOSSIER_NEEDED: Final = "dossier-needed"
NOT_EARLY = "not_early"
"""Who was called before the time of an appointment and had not come: not called again before it."""


class Move(StrEnum):
    """What happens to a ticket. GO_ON ends one service of a journey and lines up for the next;
    MISS is a no-show that goes back to the end of the line; KEEP carries it over the night;
    RELEASE lets any counter call who was sent to one that closed; PRIORITISE gives it a class."""

    CALL = "call"
    RECALL = "recall"
    START = "start"
    FINISH = "finish"
    NO_SHOW = "no_show"
    PARK = "park"
    TRANSFER = "transfer"
    EXPIRE = "expire"
    GO_ON = "go_on"
    MISS = "miss"
    RETURN = "return"
    CANCEL = "cancel"
    KEEP = "keep"
    RELEASE = "release"
    PRIORITISE = "prioritise"


_MOVES: Mapping[Move, tuple[frozenset[TicketState], TicketState | None]] = {
    Move.CALL: (
        frozenset({TicketState.WAITING, TicketState.PARKED, TicketState.NO_SHOW}),
        TicketState.CALLED,
    ),
    Move.RECALL: (frozenset({TicketState.CALLED}), None),
    Move.START: (frozenset({TicketState.CALLED}), TicketState.SERVING),
    Move.FINISH: (AT_COUNTER, TicketState.FINISHED),
    Move.NO_SHOW: (frozenset({TicketState.CALLED}), TicketState.NO_SHOW),
    Move.PARK: (AT_COUNTER, TicketState.PARKED),
    Move.TRANSFER: (AT_COUNTER, TicketState.WAITING),
    Move.EXPIRE: (LIVE, TicketState.EXPIRED),
    Move.GO_ON: (AT_COUNTER, TicketState.WAITING),
    Move.MISS: (frozenset({TicketState.CALLED}), TicketState.WAITING),
    Move.RETURN: (
        AT_COUNTER | {TicketState.PARKED, TicketState.NO_SHOW},
        TicketState.WAITING,
    ),
    Move.CANCEL: (frozenset({TicketState.WAITING, TicketState.PARKED}), TicketState.CANCELLED),
    Move.KEEP: (frozenset({TicketState.WAITING, TicketState.PARKED}), None),
    Move.RELEASE: (frozenset({TicketState.WAITING}), None),
    Move.PRIORITISE: (frozenset({TicketState.WAITING}), None),
}


ILLEGAL_MOVE: Final = "illegal_move"
"""Its sentences are by state: refused.illegal_move.<state>."""


def after(
    state: TicketState, move: Move, number: str = "", counter: int | None = None
) -> TicketState:
    """The state that ``move`` leads to; what ``illegal`` says when it is not legal from here."""
    sources, target = _MOVES[move]
    if state not in sources:
        raise illegal(move, state, number, counter)
    return state if target is None else target


def illegal(move: Move, state: TicketState, number: str, counter: int | None) -> Refused:
    """Why a ticket cannot be moved so: it is told by its state, its number and its counter."""
    return Refused(ILLEGAL_MOVE, move=move.value, state=state.value, number=number, counter=counter)


SESSION_LIFE: Final = timedelta(hours=12)
"""A clerk who did not sign out is gone after this; so is the counter's being open."""

EVERY_DAY: frozenset[int] = frozenset(range(1, 8))


@dataclass(frozen=True, slots=True)
class Hours:
    """A stretch of a day, ``start`` included and ``end`` not, in the office's local time.

    One that ends no later than it starts ends on the next day, with 00:00 at midnight. ``days`` are
    the days of the week on which it begins, 1 (Monday) to 7.
    """

    start: time
    end: time
    days: frozenset[int] = EVERY_DAY

    @property
    def ends_next_day(self) -> bool:
        return self.end <= self.start


@dataclass(frozen=True, slots=True)
class Service:
    """What citizens choose; ``code`` is its letter and the head of its numbers.

    ``then`` are the services to which the same ticket goes on afterwards: a journey. A day's
    numbers run from ``first_number`` to ``last_number``; ``session_limit`` counts those of the
    stretch of ``hours`` that runs. Nobody should wait longer than ``target_minutes`` for it.
    ``fields`` are those of the procedures that are handed in there. With ``ask`` "dossier" a
    citizen may name a dossier before the number, with DOSSIER_NEEDED must.
    """

    code: str
    names: Mapping[str, str]
    icon: str
    group: str | None = None
    hours: tuple[Hours, ...] = ()
    daily_limit: int | None = None
    returns_results: bool = False
    then: tuple[str, ...] = ()
    session_limit: int | None = None
    first_number: int = 1
    last_number: int | None = None
    target_minutes: int | None = None
    fields: tuple[str, ...] = ()
    takes_supplements: bool = False
    ask: str = ""

    @property
    def needs_dossier(self) -> bool:
        """Whether no number is given to who has no dossier."""
        return self.ask == DOSSIER_NEEDED


def led_to(services: Mapping[str, Service], code: str, known: Collection[str] = ()) -> list[str]:
    """Where a ticket goes on from the service: each step is followed by where that leads in turn.

    What is ``known`` has been or is to come anyway, and is left out.
    """
    steps: list[str] = []
    for then in services[code].then if code in services else ():
        if then != code and then not in known and then not in steps:
            steps += [then, *led_to(services, then, {code, then, *known, *steps})]
    return steps


@dataclass(frozen=True, slots=True)
class Series:
    """What a service has given on one office day: all numbers from ``first`` to ``last``."""

    first: int
    last: int

    @property
    def given(self) -> int:
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class Group:
    """A drawer of services on the home screen, used when they do not fit one page."""

    code: str
    names: Mapping[str, str]
    icon: str


@dataclass(frozen=True, slots=True)
class Counter:
    """``order`` says which of its services comes first: "arrival" (whoever came first), "listed"
    (as they stand here) or "weight" (in the proportion of ``weights``, which stand in parallel)."""

    number: int
    services: tuple[str, ...]
    zone: str
    order: str = "arrival"
    weights: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Priority:
    """People who are called earlier: always first, or with ``one_in`` n > 1 one call of n."""

    code: str
    names: Mapping[str, str]
    one_in: int = 1


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a number is called out of turn (``kind`` "call"), a counter pauses ("pause"), or somebody
    is called before others ("priority")."""

    code: str
    names: Mapping[str, str]
    kind: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a visit ended, in the office's own list."""

    code: str
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class QueueRules:
    """What the office allows in its queue; kiosk.toml ``[queue]`` says what each one means."""

    day_starts: time = time()
    keep_overnight: bool = False
    ageing: timedelta | None = timedelta(minutes=60)
    late: timedelta = timedelta(minutes=60)
    no_show_after: int = 1
    least_calls: int = 1
    least_pause: timedelta = timedelta()
    undo: timedelta = timedelta(seconds=10)
    supplement: str = "first"
    grace: timedelta = timedelta(minutes=15)

    @property
    def late_minutes(self) -> int:
        """How long a missed number is taken back; 0 for not at all."""
        return round(self.late.total_seconds() / 60)


@dataclass(frozen=True, slots=True)
class Ticket:
    """One person's place.

    ``place`` orders the line: the sequence of the event that put the ticket there, for an
    appointment the second at which it is due, or from which it was seen. ``line`` is the class in
    which it waits: "" for everybody, the code of a priority, RETURNED or APPOINTMENT.
    ``waits_since`` is when its waiting began, moved on by all that it was away from the line, for
    who was kept overnight by all before the day began. ``day`` is the office day (ISO) in whose
    line it stands. A waiting ticket with a ``counter`` was sent to that counter and no other may
    call it. ``journey`` are the services still to come, ``misses`` the calls that nobody followed,
    ``announced_at`` the last call or recall, ``reason`` why it is kept, ``version`` the sequence of
    the last event about it.
    """

    id: str
    number: str
    service: str
    state: TicketState
    place: int
    issued_at: datetime
    counter: int | None = None
    priority: str | None = None
    calls: int = 0
    called_at: datetime | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    dossier: str | None = None
    day: str = ""
    line: str = ""
    waits_since: datetime | None = None
    due_at: datetime | None = None
    journey: tuple[str, ...] = ()
    announced_at: datetime | None = None
    misses: int = 0
    reason: str = ""
    outcome: str | None = None
    version: int = 0


def line_kept(ticket: Ticket) -> str:
    """The class in which a ticket waits that keeps its place: who was due or back stays it."""
    return ticket.line if ticket.line in (APPOINTMENT, RETURNED) else ticket.priority or ""


def line_after(ticket: Ticket) -> str:
    """The same for the next service of a journey: the papers were missing for the last one."""
    booked = ticket.line == RETURNED and ticket.place >= FIRST_SECOND
    return APPOINTMENT if booked or ticket.line == APPOINTMENT else ticket.priority or ""


def is_early(ticket: Ticket, at: datetime) -> bool:
    """Whether it waits for the time of its appointment."""
    return ticket.line == APPOINTMENT and ticket.place > at.timestamp()


def begun(ticket: Ticket, now: datetime) -> dict[str, Any]:
    """What changes for one who came before the time of the appointment and was seen all the same:
    it is due from now on, wherever it leads."""
    early = ticket.place >= FIRST_SECOND and ticket.place > now.timestamp()
    return {"place": int(now.timestamp()), "waits_since": now} if early else {}


def waits_from(ticket: Ticket, now: datetime) -> datetime:
    """Since when it waits if it stands in line again now: its time since the call does not count.

    While it is away from the line, ``called_at`` is when its waiting stopped.
    """
    since = ticket.waits_since or ticket.issued_at
    if ticket.state is TicketState.WAITING or ticket.called_at is None:
        return since
    return since + max(timedelta(), now - max(since, ticket.called_at))


def numbered(code: str, n: int) -> str:
    """The number as people read it: the service's code and at least three digits (A025, A1000)."""
    return f"{code}{n:03d}"


def counter_runs(counters: Iterable[int]) -> str:
    """Counter numbers as people say them: runs of three and more as "1–4", the rest "6 · 8"."""
    runs: list[list[int]] = []
    for number in sorted(set(counters)):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    parts: list[str] = []
    for run in runs:
        if len(run) > 2:
            parts.append(f"{run[0]}–{run[-1]}")
        else:
            parts += [str(number) for number in run]
    return " · ".join(parts)


def number_meant(text: str) -> str:
    """The number that a person means who types it short or small: a2 and A02 are A002."""
    typed = "".join(text.split()).upper()
    match = re.fullmatch(r"(\D+)([0-9]{1,9})", typed)
    return numbered(match[1], int(match[2])) if match else typed


def new_id() -> str:
    """A ticket's id: 12 characters, 59 random bits."""
    return random_code(ID_LENGTH)


def random_code(length: int) -> str:
    """Characters by chance, a letter first so that it is no card number.

    A byte for which there is no character is left out, so that none is favoured.
    """
    found = b""
    while len(found) < length:
        found = secrets.token_bytes(4 * length).translate(_CHARACTER_OF, _NONE_FOR).lstrip(_DIGITS)
    return found[:length].decode()


def is_id(text: str) -> bool:
    return len(text) == ID_LENGTH and text[0] in LETTERS and all(c in ALPHABET for c in text)
