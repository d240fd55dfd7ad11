"""The HTTP calls of a clerk at a counter: whom to call, and what becomes of who was called.

``ticket`` names the one that the clerk saw when the key was pressed. A press that is repeated
after a lost answer never does a second thing: the ticket that was meant has moved by then. In a
call, which ends the present visit, ``present`` names that one.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeVar

from fastapi import APIRouter, Body, Response

from kiosk.office import alarms, calls, notes, sessions
from kiosk.web import access, answers, orders
from kiosk.web.described import ERRORS, refusing
from kiosk.web.route import Direct

if TYPE_CHECKING:
    from collections.abc import Callable

    from kiosk.tickets import Ticket

T = TypeVar("T")

router = APIRouter(prefix="/api/counters/{n}", responses=ERRORS, route_class=Direct)

_HERE: Final = ("nobody_here", "no_such_ticket", "illegal_move")
_CLOSED: Final = ("counter_paused", "counter_closed")

Meant = Annotated[orders.Present | None, Body()]


def _empty(why: str) -> dict[int | str, dict[str, Any]]:
    return {204: {"description": why}}


@router.post(
    "/next",
    response_model=answers.ClerkTicketAnswer,
    responses=_empty("Nobody waits")
    | refusing(*_CLOSED, "unknown_outcome", "no_such_ticket", "illegal_move"),
)
async def call_next(
    desk: access.ClerkAtCounter, asked: orders.Next | None = None
) -> answers.ClerkTicketAnswer | Response:
    """Finishes the counter's present ticket and calls the next.

    A known ``request_id`` gives the first answer again; without one each press is new.
    """
    wish = asked or orders.Next()
    move = partial(
        calls.call_next, request_id=wish.request_id, outcome=wish.outcome, present=wish.present
    )
    return _present(desk, await _moved(desk, move))


@router.post(
    "/call",
    responses=refusing(
        "no_such_number",
        "number_at_counter",
        "number_ended",
        "reason_needed",
        "unknown_reason",
        "no_such_ticket",
        "illegal_move",
        *_CLOSED,
    ),
)
async def call_number(desk: access.ClerkAtCounter, asked: orders.Call) -> answers.ClerkTicketAnswer:
    """Calls a given number out of turn, for a reason; finishes the present one first."""
    move = partial(
        calls.call_ticket, wanted=asked.number, reason=asked.reason, present=asked.present
    )
    return answers.ticket(desk.shared.centre, await _moved(desk, move))


@router.post("/recall", responses=refusing(*_HERE))
async def recall(desk: access.ClerkAtCounter, meant: Meant = None) -> answers.ClerkTicketAnswer:
    """Asks the called person once more."""
    return await _move(desk, meant, calls.recall)


@router.post("/start", responses=refusing(*_HERE))
async def start(desk: access.ClerkAtCounter, meant: Meant = None) -> answers.ClerkTicketAnswer:
    """Notes that the called person has come."""
    return await _move(desk, meant, calls.start)


@router.post("/finish", responses=refusing(*_HERE, "unknown_outcome"))
async def finish(
    desk: access.ClerkAtCounter, asked: orders.Finish | None = None
) -> answers.ClerkTicketAnswer:
    """Ends the visit, or sends it on to the next service of its journey; legal without a start."""
    outcome = asked.outcome if asked else None
    return await _move(desk, asked, partial(calls.finish, outcome=outcome))


@router.post("/no-show", responses=refusing(*_HERE, "call_again", "wait_longer"))
async def no_show(desk: access.ClerkAtCounter, meant: Meant = None) -> answers.ClerkTicketAnswer:
    """The called person did not come: to the end of the line, or ended after the last chance."""
    return await _move(desk, meant, calls.no_show)


@router.post("/park", responses=refusing(*_HERE, "other_day", "unknown_reason"))
async def park(
    desk: access.ClerkAtCounter, asked: orders.Park | None = None
) -> answers.ClerkTicketAnswer:
    """Keeps the ticket at this counter until it is resumed, or its owner is back with papers."""
    reason = asked.reason if asked else ""
    return await _move(desk, asked, partial(calls.park, reason=reason))


@router.post(
    "/transfer",
    responses=refusing(
        *_HERE, "other_day", "transfer_where", "unknown_service", "unknown_counter", "transfer_here"
    ),
)
async def transfer(
    desk: access.ClerkAtCounter, asked: orders.Transfer
) -> answers.ClerkTicketAnswer:
    """Sends the ticket to a service or to a counter, with its number."""
    move = partial(
        calls.transfer,
        service=asked.service,
        to_counter=asked.counter,
        keep_place=asked.keep_place,
    )
    return await _move(desk, asked, move)


@router.post("/return", responses=refusing(*_HERE, "other_day", "too_late"))
async def return_to_line(
    desk: access.ClerkAtCounter, asked: orders.Return | None = None
) -> answers.ClerkTicketAnswer:
    """Puts the present ticket, or one that was kept or missed here, back into its line."""
    keep_place = asked.keep_place if asked else True
    return await _move(desk, asked, partial(calls.return_to_line, keep_place=keep_place))


@router.post("/resume", responses=refusing("no_such_ticket", "illegal_move", "too_late", *_CLOSED))
async def resume(desk: access.ClerkAtCounter, asked: orders.Resume) -> answers.ClerkTicketAnswer:
    """Calls a ticket that was kept or missed at this counter; finishes the present one first."""
    move = partial(calls.resume, ticket_id=asked.ticket, present=asked.present)
    return answers.ticket(desk.shared.centre, await _moved(desk, move))


@router.post(
    "/undo",
    response_model=answers.ClerkTicketAnswer,
    responses=_empty("Taken back; nobody is at the counter now")
    | refusing("nothing_to_undo", "undo_too_late", "undo_moved", *_CLOSED),
)
async def undo(desk: access.ClerkAtCounter) -> answers.ClerkTicketAnswer | Response:
    """Takes the clerk's last move here back; gives who is at the counter now."""
    return _present(desk, await _moved(desk, calls.undo))


@router.post("/pause", responses=refusing("reason_needed", "unknown_reason", "somebody_here"))
async def pause(desk: access.ClerkAtCounter, asked: orders.Pause | None = None) -> answers.Nothing:
    """Calls nobody to this counter for a while; safe to repeat."""
    reason = asked.reason if asked else ""
    await desk.move(lambda centre, clerk: sessions.pause(centre, clerk.token, reason))
    return answers.Nothing()


@router.post("/continue")
async def go_on(desk: access.ClerkAtCounter) -> answers.Nothing:
    """Ends the pause; safe to repeat."""
    await desk.move(lambda centre, clerk: sessions.go_on(centre, clerk.token))
    return answers.Nothing()


@router.post("/note", responses=refusing("nobody_here", "note_gone", "note_needed"))
async def note(desk: access.ClerkAtCounter, asked: orders.NoteOrder) -> answers.Nothing:
    """Keeps a note with the present visit, for the clerk who has it next; gone after two days."""
    await desk.move(
        lambda centre, clerk: notes.note_visit(
            centre, desk.counter, asked.text, clerk=clerk.clerk.login, ticket=asked.ticket
        )
    )
    return answers.Nothing()


@router.post("/alarm")
async def raise_alarm(desk: access.ClerkAtCounter) -> answers.Nothing:
    """Asks the supervisor for help, unseen and unheard in the hall; safe to repeat."""
    await desk.move(
        lambda centre, clerk: alarms.raise_alarm(centre, desk.counter, clerk=clerk.clerk.login)
    )
    return answers.Nothing()


@router.delete("/alarm")
async def withdraw_alarm(desk: access.ClerkAtCounter) -> answers.Nothing:
    """The alarm is over; safe to repeat."""
    await desk.move(
        lambda centre, clerk: alarms.end_alarm(centre, desk.counter, by=clerk.clerk.login)
    )
    return answers.Nothing()


def _present(desk: access.AtCounter, ticket: Ticket | None) -> answers.ClerkTicketAnswer | Response:
    return answers.ticket(desk.shared.centre, ticket) if ticket else Response(status_code=204)


async def _move(
    desk: access.AtCounter, meant: orders.Present | None, move: Callable[..., Ticket]
) -> answers.ClerkTicketAnswer:
    moved = await _moved(desk, partial(move, ticket=meant.ticket if meant else None))
    return answers.ticket(desk.shared.centre, moved)


async def _moved(desk: access.AtCounter, move: Callable[..., T]) -> T:
    return await desk.move(
        lambda centre, clerk: move(centre, desk.counter, clerk=clerk.clerk.login)
    )
