"""Tickets, services and counters: what they are, and which moves are legal."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from kiosk.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, time

# Without I, O and U: nothing that a person who reads it aloud could mistake (after Crockford).
LETTERS = "ABCDEFGHJKLMNPQRSTVWXYZ"
ALPHABET = "0123456789" + LETTERS
ID_LENGTH = 12


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


class Move(StrEnum):
    CALL = "call"
    RECALL = "recall"
    START = "start"
    FINISH = "finish"
    NO_SHOW = "no_show"
    PARK = "park"
    TRANSFER = "transfer"
    EXPIRE = "expire"


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
    Move.EXPIRE: (AT_COUNTER, TicketState.EXPIRED),
}


def after(state: TicketState, move: Move) -> TicketState:
    """The state that ``move`` leads to; Refused("illegal_move") when it is not legal from here."""
    sources, target = _MOVES[move]
    if state not in sources:
        raise Refused("illegal_move", move=move.value, state=state.value)
    return state if target is None else target


@dataclass(frozen=True, slots=True)
class Hours:
    """A stretch of a day, ``start`` included and ``end`` not, in the office's local time."""

    start: time
    end: time


@dataclass(frozen=True, slots=True)
class Service:
    """What citizens choose; ``code`` is its letter and the head of its numbers."""

    code: str
    names: Mapping[str, str]
    icon: str
    group: str | None = None
    hours: tuple[Hours, ...] = ()
    daily_limit: int | None = None
    returns_results: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """A drawer of services on the home screen, used when they do not fit one page."""

    code: str
    names: Mapping[str, str]
    icon: str


@dataclass(frozen=True, slots=True)
class Counter:
    number: int
    services: tuple[str, ...]
    zone: str


@dataclass(frozen=True, slots=True)
class Priority:
    code: str
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Ticket:
    """One person's place. ``place`` orders the line; it is the sequence of the issuing event.

    ``day`` is the office's date of issue (ISO). A waiting ticket with a ``counter`` was sent to
    that counter and no other may call it.
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


def numbered(code: str, n: int) -> str:
    """The number as people read it: the service's code and at least three digits (A025, A1000)."""
    return f"{code}{n:03d}"


def new_id() -> str:
    """A ticket's id: 12 characters, 59 random bits, a letter first so that it is no card number."""
    return secrets.choice(LETTERS) + "".join(secrets.choice(ALPHABET) for _ in range(ID_LENGTH - 1))


def is_id(text: str) -> bool:
    return len(text) == ID_LENGTH and text[0] in LETTERS and all(c in ALPHABET for c in text)
