"""One move of one ticket: its event, and its row."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from kiosk.errors import Refused
from kiosk.office.figures import note_hold
from kiosk.store import events, tickets
from kiosk.tickets import (
    AT_COUNTER,
    Move,
    TicketState,
    after,
    begun,
    is_id,
    number_meant,
    waits_from,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from kiosk.database import Query
    from kiosk.office.centre import Centre
    from kiosk.tickets import Ticket

EVENTS: Final[Mapping[Move, str]] = {
    Move.CALL: "ticket.called",
    Move.RECALL: "ticket.recalled",
    Move.START: "ticket.started",
    Move.FINISH: "ticket.finished",
    Move.GO_ON: "ticket.went_on",
    Move.NO_SHOW: "ticket.no_show",
    Move.MISS: "ticket.missed",
    Move.PARK: "ticket.parked",
    Move.TRANSFER: "ticket.transferred",
    Move.RETURN: "ticket.returned",
    Move.CANCEL: "ticket.cancelled",
    Move.EXPIRE: "ticket.expired",
    Move.KEEP: "ticket.kept",
    Move.RELEASE: "ticket.released",
    Move.PRIORITISE: "ticket.prioritised",
}

AWAY: Final[Mapping[str, Any]] = {
    "counter": None, "calls": 0, "called_at": None, "started_at": None, "announced_at": None,
    "reason": "",
}  # fmt: skip
"""What a ticket loses that leaves a counter and waits again."""

_SEEN: Final = frozenset({TicketState.SERVING, TicketState.PARKED})
"""The states of those who have been at a counter, when they wait again."""

RELEASING: Final = frozenset(
    {Move.FINISH, Move.GO_ON, Move.NO_SHOW, Move.MISS, Move.PARK, Move.TRANSFER, Move.RETURN}
)
"""The moves after which a counter is free, and its time with the person is known."""


def record(
    centre: Centre,
    query: Query,
    ticket: Ticket,
    move: Move,
    now: datetime,
    *,
    actor: str,
    at_counter: int | None = None,
    clerk: str | None = None,
    details: Mapping[str, object] | None = None,
    to_end: bool = False,
    **changes: Any,
) -> Ticket:
    """The ticket after the move, written together with its event; Refused("illegal_move").

    ``at_counter`` is where it happened; ``changes`` are the fields that the move sets beside the
    state; ``to_end`` gives a new place at the end of the line. Who keeps the place keeps what was
    waited until the call, and no more; who is kept overnight waits from the beginning of the day.
    """
    state = after(ticket.state, move, ticket.number, ticket.counter)
    seq = events.append(
        query,
        centre.code,
        now,
        EVENTS[move],
        actor=actor,
        ticket=ticket.id,
        counter=at_counter,
        clerk=clerk,
        details={"number": ticket.number, "service": ticket.service, **(details or {})},
    )
    if to_end:
        changes |= {"place": seq, "waits_since": now}
    elif move is Move.KEEP:
        changes["waits_since"] = now
    elif move is Move.CALL or state is TicketState.WAITING:
        changes["waits_since"] = waits_from(ticket, now)
    seen = move in (Move.GO_ON, Move.TRANSFER) or ticket.state in _SEEN
    if seen and state is TicketState.WAITING and not to_end:
        changes |= begun(ticket, now)
    moved = replace(ticket, state=state, version=seq, **changes)
    tickets.update(query, centre.code, ticket, moved)
    freed = move in RELEASING and at_counter is not None and ticket.state in AT_COUNTER
    if freed and ticket.called_at is not None:
        note_hold(centre, query, ticket.service, ticket.called_at, now)
    return moved


def ticket_of_today(centre: Centre, query: Query, wanted: str, day: str) -> Ticket:
    """The ticket that is meant by its id, or by its number of that day, also typed short.

    Refused: no_such_number.
    """
    text = wanted.strip().upper()
    ticket = (
        tickets.by_id(query, centre.code, text)
        if is_id(text)
        else tickets.by_number(query, centre.code, day, number_meant(text))
    )
    if ticket is None or ticket.day != day:
        raise Refused("no_such_number", number=wanted)
    return ticket
