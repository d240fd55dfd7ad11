"""Tickets for a phone to follow, in every state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.office import calls, sessions, tickets, visits
from kiosk.tickets import TicketState
from tests.web.serving import PIN

if TYPE_CHECKING:
    from collections.abc import Callable

    from kiosk.office.centre import Centre
    from tests.hall import Clock


def take(centre: Centre, code: str = "A") -> str:
    return tickets.take_ticket(centre, service=code, actor="test").place.ticket.id


def serve_five(centre: Centre, clock: Clock) -> None:
    """As many as an estimate needs; afterwards counter 1 is open and empty."""
    for _ in range(5):
        take(centre)
    sessions.sign_in(centre, "hoa", PIN, 1)
    for _ in range(5):
        calls.call_next(centre, 1, clerk="hoa")
        clock.forward(minutes=4)
        calls.finish(centre, 1, clerk="hoa")


def bring(centre: Centre, clock: Clock, state: TicketState, code: str = "A") -> str:
    """A ticket in that state; one that waits has three people before it."""
    if state is TicketState.WAITING:
        for _ in range(3):
            take(centre, code)
        return take(centre, code)
    wanted = take(centre, code)
    if state is TicketState.EXPIRED:
        clock.forward(days=1)
        return wanted
    if state is TicketState.CANCELLED:
        visits.cancel(centre, wanted, actor="test")
        return wanted
    calls.call_next(centre, 1, clerk="hoa")
    moves: dict[TicketState, Callable[..., object]] = {
        TicketState.SERVING: calls.start,
        TicketState.FINISHED: calls.finish,
        TicketState.NO_SHOW: calls.no_show,
        TicketState.PARKED: calls.park,
    }
    if state in moves:
        moves[state](centre, 1, clerk="hoa")
    return wanted
