"""The way of a ticket through the office: where its journey leads, and to whom it was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.store import events
from kiosk.tickets import led_to

if TYPE_CHECKING:
    from kiosk.database import Query
    from kiosk.office.centre import Centre
    from kiosk.tickets import Ticket


def journey_from(centre: Centre, query: Query, ticket: Ticket, service: str) -> tuple[str, ...]:
    """What is still to come for a ticket that a clerk sends to the service.

    It goes on first where that service leads (its ``then``), leaving out what it has been to
    already, then to what was left of its own journey; a step to which it is sent now is done there.
    Sent within its service, it goes on as before.
    """
    if service == ticket.service:
        return ticket.journey
    left = list(ticket.journey)
    if service in left:
        left.remove(service)
    behind = {
        details["service"]
        for kind, details in events.course(query, centre.code, ticket.id)
        if kind != "ticket.released"
    }
    known = behind.union(left, (ticket.service, service))
    return (*led_to(centre.services, service, known), *left)


def sent_to(centre: Centre, query: Query, ticket: Ticket) -> int | None:
    """The counter for which the ticket waits whenever it waits for its present service.

    That is where a clerk sent it, until it is sent elsewhere, goes on to another service, or is
    released when that counter closes. None for any counter, also when that one is configured no
    more.
    """
    counter = None
    for kind, details in events.course(query, centre.code, ticket.id):
        goal = details["to"] if kind == "ticket.transferred" else None
        counter = goal if isinstance(goal, int) else None
    return counter if counter in centre.counters else None
