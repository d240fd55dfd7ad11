"""What citizens do with their own ticket: give it up, or come back to the line with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.errors import Refused
from kiosk.office import days
from kiosk.office.calls import check_late, may_come_back
from kiosk.office.journeys import sent_to
from kiosk.office.moves import AWAY, record
from kiosk.office.tickets import place_of
from kiosk.store import tickets
from kiosk.tickets import RETURNED, SUPPLEMENT, Move, TicketState, illegal, line_kept

if TYPE_CHECKING:
    from datetime import datetime

    from kiosk.board import Place
    from kiosk.database import Query
    from kiosk.office.centre import Centre
    from kiosk.tickets import Ticket


def cancel(centre: Centre, ticket_id: str, *, actor: str) -> Place:
    """Gives the ticket up; asking again changes nothing.

    Refused: no_such_ticket, illegal_move (it is at a counter, or ended otherwise).
    """
    now = centre.clock()
    with centre.database.write() as query:
        day = days.begin(centre, query, now)
        ticket = _known(centre, query, ticket_id)
        if ticket.state is not TicketState.CANCELLED:
            ticket = record(centre, query, ticket, Move.CANCEL, now, actor=actor, ended_at=now)
        return place_of(centre, query, ticket, now, day)


def come_back(centre: Centre, ticket_id: str, *, actor: str) -> Place:
    """Back to the line: with the papers that were missing, or after a missed call.

    Who was sent to a counter waits for that one again. Who waits already stays in place.

    Refused: no_such_ticket, illegal_move, too_late (minutes), missed_too_often.
    """
    now = centre.clock()
    with centre.database.write() as query:
        day = days.begin(centre, query, now)
        ticket = _known(centre, query, ticket_id)
        if ticket.state is not TicketState.WAITING:
            ticket = _back(centre, query, ticket, now, day, actor)
        return place_of(centre, query, ticket, now, day)


def _back(
    centre: Centre, query: Query, ticket: Ticket, now: datetime, day: str, actor: str
) -> Ticket:
    supplement = ticket.state is TicketState.PARKED and ticket.reason == SUPPLEMENT
    missed = ticket.state is TicketState.NO_SHOW and ticket.day == day
    if not (supplement or missed):
        raise illegal(Move.RETURN, ticket.state, ticket.number, ticket.counter)
    check_late(centre, ticket, now)
    if not may_come_back(centre, ticket, now):
        raise Refused("missed_too_often")
    how = centre.queue.supplement if supplement else "end"
    own = ticket.priority or ""
    return record(
        centre,
        query,
        ticket,
        Move.RETURN,
        now,
        actor=actor,
        details={"after": SUPPLEMENT if supplement else "missed", "to": how},
        to_end=how == "end",
        line=RETURNED if how == "first" else line_kept(ticket) if how == "place" else own,
        ended_at=None,
        **{**AWAY, "counter": sent_to(centre, query, ticket)},
    )


def _known(centre: Centre, query: Query, ticket_id: str) -> Ticket:
    ticket = tickets.by_id(query, centre.code, ticket_id)
    if ticket is None:
        raise Refused("no_such_ticket")
    return ticket
