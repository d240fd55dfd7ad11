"""What a supervisor orders for the day: which counters are open and for what, which limits bind,
which services give no numbers, and who is called before others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.errors import Refused
from kiosk.office import days
from kiosk.office.desk import Desk
from kiosk.office.moves import record, ticket_of_today
from kiosk.office.ordered import follow_orders
from kiosk.store import events, orders
from kiosk.tickets import APPOINTMENT, RETURNED, Move

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from kiosk.database import Query
    from kiosk.office.centre import Centre
    from kiosk.tickets import Ticket


def close_counter(centre: Centre, number: int, *, by: str) -> None:
    """Nobody is called there any more today, nor can anybody sign in there; the present visit goes
    on, and who was sent there may be called by others. Safe to repeat. Refused: unknown_counter.
    """
    counter, now = centre.counter(number), centre.clock()
    with centre.database.write() as query:
        day = days.begin(centre, query, now)
        closed, services = orders.of_counter(query, centre.code, day, number)
        if closed:
            return
        orders.set_order(query, centre.code, day, number, closed=True, services=services)
        _note(centre, query, "hall.counter_closed", by, now, counter=number)
        Desk(centre, query, counter, by, now, day).release_sent()


def open_counter(centre: Centre, number: int, *, by: str) -> None:
    """The counter may be worked at again; safe to repeat. Refused: unknown_counter."""
    centre.counter(number)
    now = centre.clock()
    with centre.database.write() as query:
        day = days.begin(centre, query, now)
        closed, services = orders.of_counter(query, centre.code, day, number)
        if closed:
            orders.set_order(query, centre.code, day, number, closed=False, services=services)
            _note(centre, query, "hall.counter_opened", by, now, counter=number)


def set_services(
    centre: Centre,
    number: int,
    services: Sequence[str],
    *,
    by: str,
    before: Sequence[str] | None = None,
) -> None:
    """The counter takes these services for the rest of the day; none: those of kiosk.toml.

    ``before`` are those that whoever orders it saw there. Refused: unknown_counter,
    unknown_service, arranged_since (counter: it takes others than ``before`` by now).
    """
    centre.counter(number)
    wanted = tuple(dict.fromkeys(centre.service(code).code for code in services))
    if wanted == centre.desks.configured[number].services:
        wanted = ()
    now = centre.clock()
    with centre.database.write() as query:
        day = days.begin(centre, query, now)
        follow_orders(centre, query, day)
        old = centre.counter(number).services
        closed, ordered = orders.of_counter(query, centre.code, day, number)
        if wanted == ordered:
            return
        if before is not None and tuple(before) != old:
            raise Refused("arranged_since", counter=number)
        orders.set_order(query, centre.code, day, number, closed=closed, services=wanted)
        new = wanted or centre.desks.configured[number].services
        _note(centre, query, "hall.services_changed", by, now,
              counter=number, old=list(old), new=list(new))  # fmt: skip
        follow_orders(centre, query, day)


def lift_limits(centre: Centre, service: str, *, by: str) -> None:
    """The limits of the service give numbers on for the rest of the day; safe to repeat.

    Refused: unknown_service.
    """
    centre.service(service)
    now = centre.clock()
    with centre.database.write() as query:
        day = days.begin(centre, query, now)
        if service not in orders.lifted(query, centre.code, day):
            orders.lift(query, centre.code, day, service)
            _note(centre, query, "hall.limit_lifted", by, now, service=service)


def bind_limits(centre: Centre, service: str, *, by: str) -> None:
    """The limits of the service bind again; safe to repeat. Refused: unknown_service."""
    centre.service(service)
    now = centre.clock()
    with centre.database.write() as query:
        day = days.begin(centre, query, now)
        if service in orders.lifted(query, centre.code, day):
            orders.bind(query, centre.code, service)
            _note(centre, query, "hall.limit_bound", by, now, service=service)


def pause_services(centre: Centre, services: Sequence[str], *, by: str) -> None:
    """These services give no numbers for the rest of the day; who has one is served, and who has an
    appointment is let in. Safe to repeat. Refused: unknown_service."""
    _set_pause(centre, services, by, paused=True)


def go_on_with(centre: Centre, services: Sequence[str], *, by: str) -> None:
    """They give numbers again; safe to repeat. Refused: unknown_service."""
    _set_pause(centre, services, by, paused=False)


def paused_services(centre: Centre) -> frozenset[str]:
    """Those that were paused for today."""
    with centre.database.read() as query:
        return orders.paused(query, centre.code, days.today(centre, query, centre.clock()))


def _set_pause(centre: Centre, services: Sequence[str], by: str, *, paused: bool) -> None:
    wanted = [centre.service(code).code for code in services]
    now = centre.clock()
    with centre.database.write() as query:
        day = days.begin(centre, query, now)
        known = orders.paused(query, centre.code, day)
        changed = [code for code in wanted if (code in known) != paused]
        for code in changed:
            if paused:
                orders.pause(query, centre.code, day, code)
            else:
                orders.go_on(query, centre.code, code)
        if changed:
            kind = "hall.services_paused" if paused else "hall.services_continued"
            _note(centre, query, kind, by, now, services=changed)


def prioritise(centre: Centre, wanted: str, priority: str, *, reason: str, by: str) -> Ticket:
    """Gives a waiting ticket (id, or number of today, also typed short) a class, for a reason.

    Its place among those of the class is the one it had. Safe to repeat. Refused: no_such_number,
    unknown_priority, reason_needed, unknown_reason, illegal_move.
    """
    centre.check_reason("priority", reason)
    if priority not in centre.priorities:
        raise Refused("unknown_priority", priority=priority)
    now = centre.clock()
    with centre.database.write() as query:
        day = days.begin(centre, query, now)
        ticket = ticket_of_today(centre, query, wanted, day)
        if ticket.priority == priority:
            return ticket
        line = ticket.line if ticket.line in (APPOINTMENT, RETURNED) else priority
        return record(
            centre, query, ticket, Move.PRIORITISE, now, actor=f"clerk:{by}",
            details={"priority": priority, "why": reason}, priority=priority, line=line,
        )  # fmt: skip


def _note(
    centre: Centre, query: Query, kind: str, by: str, now: datetime, **details: object
) -> None:
    # The counter stands in the details: in its own column it would say that somebody works there.
    events.append(query, centre.code, now, kind, actor=f"clerk:{by}", clerk=by, details=details)
