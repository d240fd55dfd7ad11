"""What a clerk does with the tickets at a counter: each move is one transaction.

``ticket`` names the one that the clerk saw when the key was pressed; a move is refused when
somebody else is at the counter by then. For a call, which ends the present visit, that one is
``present``: None when the clerk saw nobody, ANYBODY when whoever is there is meant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.errors import Refused
from kiosk.office.desk import ANYBODY, at_desk
from kiosk.office.journeys import journey_from, sent_to
from kiosk.office.moves import AWAY, ticket_of_today
from kiosk.store import counters, tickets
from kiosk.tickets import (
    AT_COUNTER,
    NOT_EARLY,
    SESSION_LIFE,
    SUPPLEMENT,
    Move,
    TicketState,
    illegal,
    is_early,
    line_kept,
)

if TYPE_CHECKING:
    from datetime import datetime

    from kiosk.office.centre import Centre
    from kiosk.office.desk import Desk
    from kiosk.tickets import Ticket

_CALLABLE = frozenset({TicketState.WAITING, TicketState.PARKED, TicketState.NO_SHOW})


def call_next(
    centre: Centre,
    counter: int,
    *,
    clerk: str,
    request_id: str | None = None,
    outcome: str | None = None,
    present: str | None = ANYBODY,
) -> Ticket | None:
    """Ends the counter's present visit, with its outcome, and calls the next; None: nobody waits.

    A known ``request_id`` gives the answer of the first press again. Refused: counter_paused,
    unknown_outcome.
    """
    _check_outcome(centre, outcome)
    with at_desk(centre, counter, clerk, calling=True) as desk:
        if request_id is not None:
            answer = counters.asked(desk.query, centre.code, desk.day, counter, request_id)
            if answer is not None:
                known = answer["ticket"]
                return tickets.by_id(desk.query, centre.code, known) if known else None
        desk.end_present(outcome, seen=present)
        ticket = desk.call_next()
        if request_id is not None:
            called = ticket.id if ticket else None
            counters.remember(desk.query, centre.code, desk.day, counter, request_id, called)
        return ticket


def call_ticket(
    centre: Centre,
    counter: int,
    wanted: str,
    *,
    reason: str,
    clerk: str,
    present: str | None = ANYBODY,
) -> Ticket:
    """Calls a given ticket (id, or number of today, also typed short) out of turn; ends the present
    visit first. One that is at another counter only where nobody works there any more.

    Refused: no_such_number, number_at_counter (counter), number_ended, reason_needed,
    unknown_reason, counter_paused.
    """
    centre.check_reason("call", reason)
    with at_desk(centre, counter, clerk, calling=True) as desk:
        ticket = ticket_of_today(centre, desk.query, wanted, desk.day)
        left = ticket.state in AT_COUNTER and _is_left(desk, ticket)
        if ticket.state in AT_COUNTER and not left:
            raise Refused("number_at_counter", number=ticket.number, counter=ticket.counter)
        if ticket.state not in _CALLABLE and not left:
            raise Refused("number_ended", number=ticket.number)
        desk.end_present(seen=present)
        if left:
            ticket = desk.take_over(ticket)
        return desk.call(ticket, {"rule": "manual", "reason": reason})


def recall(centre: Centre, counter: int, *, clerk: str, ticket: str | None = None) -> Ticket:
    """Asks the called person once more."""
    with at_desk(centre, counter, clerk) as desk:
        here = desk.present(Move.RECALL, ticket)
        calls = here.calls + 1
        return desk.move(here, Move.RECALL, {"calls": calls}, calls=calls, announced_at=desk.now)


def start(centre: Centre, counter: int, *, clerk: str, ticket: str | None = None) -> Ticket:
    """Notes that the called person has come."""
    with at_desk(centre, counter, clerk) as desk:
        return desk.move(desk.present(Move.START, ticket), Move.START, started_at=desk.now)


def finish(
    centre: Centre,
    counter: int,
    *,
    clerk: str,
    ticket: str | None = None,
    outcome: str | None = None,
) -> Ticket:
    """Ends the visit, or sends the ticket on to the next service of its journey.

    Refused: unknown_outcome.
    """
    _check_outcome(centre, outcome)
    with at_desk(centre, counter, clerk) as desk:
        return desk.end(desk.present(Move.FINISH, ticket), outcome)


def no_show(centre: Centre, counter: int, *, clerk: str, ticket: str | None = None) -> Ticket:
    """The called person did not come: to the end of the line, or ended after the last chance.

    Who was called before the time of an appointment has missed nothing, and keeps it. Who was sent
    to a counter waits for that one again.

    Refused: call_again (calls, least), wait_longer (seconds).
    """
    with at_desk(centre, counter, clerk) as desk:
        here = desk.present(Move.NO_SHOW, ticket)
        queue = centre.queue
        if here.state is TicketState.CALLED:
            if here.calls < queue.least_calls:
                raise Refused("call_again", calls=here.calls, least=queue.least_calls)
            pause = abs(desk.now - (here.announced_at or desk.now))
            if pause < queue.least_pause:
                left = (queue.least_pause - pause).total_seconds()
                raise Refused("wait_longer", seconds=max(1, round(left)))
        if _called_early(here) and here.day == desk.day:
            details = {"calls": here.calls, "kept_place": True, "early": True}
            waits_for = sent_to(centre, desk.query, here)
            changes = {**AWAY, "counter": waits_for, "reason": NOT_EARLY}
            return desk.move(here, Move.RETURN, details, **changes)
        misses = here.misses + 1
        details = {"calls": here.calls, "misses": misses}
        if misses < queue.no_show_after and here.day == desk.day:
            waits_for, line = sent_to(centre, desk.query, here), here.priority or ""
            changes = {**AWAY, "counter": waits_for, "misses": misses, "line": line}
            return desk.move(here, Move.MISS, details, to_end=True, **changes)
        return desk.move(here, Move.NO_SHOW, details, ended_at=desk.now, misses=misses)


def park(
    centre: Centre, counter: int, *, clerk: str, ticket: str | None = None, reason: str = ""
) -> Ticket:
    """Keeps the ticket at this counter until it is resumed, or until its owner comes back.

    ``reason`` is "" or "supplement": papers are missing, and whoever brings them is called as
    ``[queue] supplement`` says. Refused: other_day (number), unknown_reason.
    """
    if reason not in ("", SUPPLEMENT):
        raise Refused("unknown_reason", reason=reason)
    with at_desk(centre, counter, clerk) as desk:
        here = desk.present(Move.PARK, ticket)
        return desk.move(here, Move.PARK, {"reason": reason} if reason else {}, reason=reason)


def transfer(
    centre: Centre,
    counter: int,
    *,
    clerk: str,
    service: str | None = None,
    to_counter: int | None = None,
    ticket: str | None = None,
    keep_place: bool = True,
) -> Ticket:
    """Sends the present ticket to a service or to a counter, with its number.

    From the service it goes on as ``journey_from`` says; the counter is the one for which it waits
    until its present service is done, also after a missed call or with missing papers.

    Refused: other_day (number), transfer_where, unknown_service, unknown_counter, transfer_here.
    """
    if (service is None) == (to_counter is None):
        raise Refused("transfer_where")
    if service is not None:
        centre.service(service)
    if to_counter is not None:
        centre.counter(to_counter)
        if to_counter == counter:
            raise Refused("transfer_here", counter=counter)
    with at_desk(centre, counter, clerk) as desk:
        here = desk.present(Move.TRANSFER, ticket)
        goal = service or here.service
        journey = journey_from(centre, desk.query, here, goal)
        details = {
            "from": here.service,
            "to": to_counter or goal,
            "kept_place": keep_place,
            **({"journey": journey} if journey != here.journey else {}),
        }
        line = line_kept(here) if keep_place else here.priority or ""
        changes = {**AWAY, "service": goal, "journey": journey, "counter": to_counter, "line": line}
        return desk.move(here, Move.TRANSFER, details, to_end=not keep_place, **changes)


def return_to_line(
    centre: Centre,
    counter: int,
    *,
    clerk: str,
    ticket: str | None = None,
    keep_place: bool = True,
) -> Ticket:
    """Puts the present ticket, or one that is kept or was missed here, back into its line.

    Who was sent to a counter waits for that one again.

    Refused: other_day (number), too_late (minutes).
    """
    with at_desk(centre, counter, clerk) as desk:
        kept = _kept_here(desk, ticket) if ticket is not None else None
        if kept is not None:
            check_late(centre, kept, desk.now)
        here = kept or desk.present(Move.RETURN, ticket)
        check_late(centre, here, desk.now)
        details = {"kept_place": keep_place}
        line = line_kept(here) if keep_place else here.priority or ""
        waits_for = sent_to(centre, desk.query, here)
        changes = {**AWAY, "counter": waits_for, "line": line, "ended_at": None}
        return desk.move(here, Move.RETURN, details, to_end=not keep_place, **changes)


def resume(
    centre: Centre,
    counter: int,
    ticket_id: str,
    *,
    clerk: str,
    present: str | None = ANYBODY,
) -> Ticket:
    """Calls a ticket that this counter keeps, or whose owner was missing here and has come.

    Ends the present visit first. Refused: no_such_ticket, illegal_move, too_late (minutes).
    """
    with at_desk(centre, counter, clerk, calling=True) as desk:
        ticket = tickets.by_id(desk.query, centre.code, ticket_id)
        if ticket is None or ticket.counter != counter or ticket.day != desk.day:
            raise Refused("no_such_ticket")
        if ticket.state not in (TicketState.PARKED, TicketState.NO_SHOW):
            raise illegal(Move.CALL, ticket.state, ticket.number, ticket.counter)
        check_late(centre, ticket, desk.now)
        desk.end_present(seen=present)
        return desk.call(ticket, {"rule": "resumed", "after": ticket.state.value})


def undo(centre: Centre, counter: int, *, clerk: str) -> Ticket | None:
    """Takes the clerk's last move at this counter back; returns who is at the counter now.

    Refused: counter_paused, nothing_to_undo, undo_too_late (seconds), undo_moved.
    """
    with at_desk(centre, counter, clerk, calling=True) as desk:
        desk.undo()
        return tickets.at_counter(desk.query, centre.code, counter)


def may_come_back(centre: Centre, ticket: Ticket, now: datetime) -> bool:
    """Whether its owner can put the ticket back into the line without a clerk.

    With papers that were missing; or after a missed call, within the tolerance, and once only
    after the call that ended the ticket.
    """
    if ticket.state is TicketState.PARKED:
        return ticket.reason == SUPPLEMENT
    missed = ticket.state is TicketState.NO_SHOW and ticket.misses <= centre.queue.no_show_after
    return missed and not is_late(centre, ticket, now)


def taken_back_until(centre: Centre, ticket: Ticket) -> datetime | None:
    """When the office's tolerance after its missed call ends; None for one that is not missed."""
    if ticket.state is not TicketState.NO_SHOW or ticket.ended_at is None:
        return None
    return ticket.ended_at + centre.queue.late


def is_late(centre: Centre, ticket: Ticket, now: datetime) -> bool:
    """Whether its missed call is longer ago than the office tolerates."""
    until = taken_back_until(centre, ticket)
    return until is not None and now > until


def check_late(centre: Centre, ticket: Ticket, now: datetime) -> None:
    """Refused("too_late") for one whose missed call is too long ago."""
    if is_late(centre, ticket, now):
        raise Refused("too_late", minutes=centre.queue.late_minutes)


def _called_early(ticket: Ticket) -> bool:
    """Whether it has an appointment, and was called before that was due."""
    return ticket.called_at is not None and is_early(ticket, ticket.called_at)


def _check_outcome(centre: Centre, outcome: str | None) -> None:
    if outcome is not None and outcome not in centre.outcomes:
        raise Refused("unknown_outcome", outcome=outcome)


def _is_left(desk: Desk, ticket: Ticket) -> bool:
    """Whether the ticket is at another counter, at which nobody works any more."""
    if ticket.counter is None or ticket.counter == desk.counter.number:
        return False
    since = desk.now - SESSION_LIFE
    return counters.clerk_at(desk.query, desk.centre.code, ticket.counter, since) is None


def _kept_here(desk: Desk, ticket_id: str) -> Ticket | None:
    ticket = tickets.by_id(desk.query, desk.centre.code, ticket_id)
    away = (TicketState.PARKED, TicketState.NO_SHOW)
    here = ticket is not None and (ticket.counter, ticket.day) == (desk.counter.number, desk.day)
    return ticket if ticket is not None and here and ticket.state in away else None
