"""What a clerk does with the tickets at a counter: each move is one transaction.

``ticket`` names the one that the clerk saw when the key was pressed; a move is refused when
somebody else is at the counter by then.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kiosk import turns
from kiosk.calendar import local_day
from kiosk.errors import Refused
from kiosk.store import counters, events, tickets
from kiosk.tickets import Move, Ticket, TicketState, after

if TYPE_CHECKING:
    from datetime import datetime

    from kiosk.database import Query
    from kiosk.office.centre import Centre

_EVENTS = {
    Move.CALL: "ticket.called",
    Move.RECALL: "ticket.recalled",
    Move.START: "ticket.started",
    Move.FINISH: "ticket.finished",
    Move.NO_SHOW: "ticket.no_show",
    Move.PARK: "ticket.parked",
    Move.TRANSFER: "ticket.transferred",
    Move.EXPIRE: "ticket.expired",
}


def call_next(
    centre: Centre, counter: int, *, clerk: str, request_id: str | None = None
) -> Ticket | None:
    """Finishes the counter's present ticket and calls the next; None when nobody waits.

    A known ``request_id`` gives the answer of the first press again.
    """
    centre.counter(counter)
    now = centre.clock()
    day = local_day(now, centre.timezone).isoformat()
    with centre.database.write() as query:
        if request_id is not None:
            answer = counters.asked(query, centre.code, day, counter, request_id)
            if answer is not None:
                known = answer["ticket"]
                return tickets.by_id(query, centre.code, known) if known else None
        end_present(centre, query, counter, clerk=clerk, now=now)
        ticket = next_waiting(centre, query, counter, now)
        if ticket is not None:
            ticket = _moved(centre, query, ticket, Move.CALL, counter, clerk=clerk, now=now)
        if request_id is not None:
            called = ticket.id if ticket else None
            counters.remember(query, centre.code, day, counter, request_id, called)
        counters.touch_session(query, centre.code, counter, clerk, now)
        return ticket


def next_waiting(centre: Centre, query: Query, counter: int, now: datetime) -> Ticket | None:
    """Whose turn it is at the counter, without calling anybody."""
    day = local_day(now, centre.timezone).isoformat()
    priorities = tuple(centre.priorities)
    services = centre.counter(counter).services
    heads = tickets.heads(query, centre.code, day, services)
    sent = tickets.sent_to(query, centre.code, day, counter)
    return turns.next_of((*heads, *sent), priorities)


def recall(centre: Centre, counter: int, *, clerk: str, ticket: str | None = None) -> Ticket:
    """Asks the called person once more."""
    return _move_present(centre, counter, Move.RECALL, clerk, ticket)


def start(centre: Centre, counter: int, *, clerk: str, ticket: str | None = None) -> Ticket:
    """Notes that the called person has come."""
    return _move_present(centre, counter, Move.START, clerk, ticket)


def finish(centre: Centre, counter: int, *, clerk: str, ticket: str | None = None) -> Ticket:
    return _move_present(centre, counter, Move.FINISH, clerk, ticket)


def no_show(centre: Centre, counter: int, *, clerk: str, ticket: str | None = None) -> Ticket:
    return _move_present(centre, counter, Move.NO_SHOW, clerk, ticket)


def park(centre: Centre, counter: int, *, clerk: str, ticket: str | None = None) -> Ticket:
    """Keeps the ticket at this counter until it is resumed."""
    return _move_present(centre, counter, Move.PARK, clerk, ticket)


def transfer(
    centre: Centre,
    counter: int,
    *,
    clerk: str,
    service: str | None = None,
    to_counter: int | None = None,
    ticket: str | None = None,
) -> Ticket:
    """Sends the present ticket to a service or to a counter; it keeps its number and place."""
    if (service is None) == (to_counter is None):
        raise Refused("transfer_where")
    if service is not None:
        centre.service(service)
    if to_counter is not None:
        centre.counter(to_counter)
        if to_counter == counter:
            raise Refused("transfer_here", counter=counter)
    centre.counter(counter)
    now = centre.clock()
    with centre.database.write() as query:
        present = _present(centre, query, counter, Move.TRANSFER, ticket)
        moved = _moved(centre, query, present, Move.TRANSFER, counter, clerk=clerk, now=now,
                       service=service, to_counter=to_counter)  # fmt: skip
        counters.touch_session(query, centre.code, counter, clerk, now)
        return moved


def resume(centre: Centre, counter: int, ticket_id: str, *, clerk: str) -> Ticket:
    """Calls a ticket that this counter keeps, or whose owner was missing here and has come.

    Finishes the present one first.
    """
    centre.counter(counter)
    now = centre.clock()
    with centre.database.write() as query:
        ticket = tickets.by_id(query, centre.code, ticket_id)
        if ticket is None or ticket.counter != counter:
            raise Refused("no_such_ticket")
        if ticket.state not in (TicketState.PARKED, TicketState.NO_SHOW):
            raise Refused("illegal_move", move=Move.CALL.value, state=ticket.state.value)
        end_present(centre, query, counter, clerk=clerk, now=now)
        called = _moved(centre, query, ticket, Move.CALL, counter, clerk=clerk, now=now)
        counters.touch_session(query, centre.code, counter, clerk, now)
        return called


def end_present(centre: Centre, query: Query, counter: int, *, clerk: str, now: datetime) -> None:
    """Finishes whoever is at the counter; a ticket that was left there on another day expires."""
    present = tickets.at_counter(query, centre.code, counter)
    if present is not None:
        today = present.day == local_day(now, centre.timezone).isoformat()
        move = Move.FINISH if today else Move.EXPIRE
        _moved(centre, query, present, move, counter, clerk=clerk, now=now)


def leave_present(centre: Centre, query: Query, counter: int, *, clerk: str, now: datetime) -> None:
    """The clerk goes: who is being served is finished, who was only called is kept here."""
    present = tickets.at_counter(query, centre.code, counter)
    if present is not None and present.state is TicketState.CALLED:
        _moved(centre, query, present, Move.PARK, counter, clerk=clerk, now=now)
    else:
        end_present(centre, query, counter, clerk=clerk, now=now)


def _move_present(
    centre: Centre, counter: int, move: Move, clerk: str, meant: str | None
) -> Ticket:
    centre.counter(counter)
    now = centre.clock()
    with centre.database.write() as query:
        present = _present(centre, query, counter, move, meant)
        moved = _moved(centre, query, present, move, counter, clerk=clerk, now=now)
        counters.touch_session(query, centre.code, counter, clerk, now)
        return moved


def _present(centre: Centre, query: Query, counter: int, move: Move, meant: str | None) -> Ticket:
    """Who is at the counter; refused when that is not the ticket that the clerk meant."""
    present = tickets.at_counter(query, centre.code, counter)
    if meant is not None and (present is None or present.id != meant):
        known = tickets.by_id(query, centre.code, meant)
        if known is None:
            raise Refused("no_such_ticket")
        raise Refused("illegal_move", move=move.value, state=known.state.value)
    if present is None:
        raise Refused("nobody_here", move=move.value)
    return present


def _moved(
    centre: Centre,
    query: Query,
    ticket: Ticket,
    move: Move,
    counter: int,
    *,
    clerk: str,
    now: datetime,
    service: str | None = None,
    to_counter: int | None = None,
) -> Ticket:
    state = after(ticket.state, move)
    moved = replace(ticket, state=state)
    if move is Move.CALL:
        moved = replace(
            moved,
            counter=counter,
            calls=ticket.calls + 1,
            called_at=now,
            started_at=None,
            ended_at=None,
        )
    elif move is Move.RECALL:
        moved = replace(moved, calls=ticket.calls + 1)
    elif move is Move.START:
        moved = replace(moved, started_at=now)
    elif move is Move.TRANSFER:
        moved = replace(
            moved, service=service or ticket.service, counter=to_counter, calls=0,
            called_at=None, started_at=None,
        )  # fmt: skip
    elif move in (Move.FINISH, Move.NO_SHOW, Move.EXPIRE):
        moved = replace(moved, ended_at=now)
    tickets.update(query, centre.code, moved)
    details: dict[str, object] = {"number": ticket.number, "calls": moved.calls}
    if move is Move.TRANSFER:
        details |= {"from": ticket.service, "service": moved.service, "to": to_counter}
    events.append(
        query,
        centre.code,
        now,
        _EVENTS[move],
        actor=f"clerk:{clerk}",
        ticket=ticket.id,
        counter=counter,
        clerk=clerk,
        details=details,
    )
    return moved
