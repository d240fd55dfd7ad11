"""The HTTP calls of a clerk at a counter: whom to call, and what becomes of who was called.

``ticket`` names the one that the clerk saw when the key was pressed. A press that is repeated
after a lost answer never does a second thing: the ticket that was meant has moved by then.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, Final

from fastapi import APIRouter, Body, Response

from kiosk.office import calls, clerks
from kiosk.web import access, answers, orders, parts
from kiosk.web.described import ERRORS, refusing

if TYPE_CHECKING:
    from collections.abc import Callable

    from kiosk.tickets import Ticket

router = APIRouter(prefix="/api/counters/{n}", responses=ERRORS)

_HERE: Final = ("nobody_here", "no_such_ticket", "illegal_move")
_PAUSED: Final = "counter_paused"

Meant = Annotated[orders.Present | None, Body()]


def _empty(why: str) -> dict[int | str, dict[str, Any]]:
    return {204: {"description": why}}


@router.post(
    "/next",
    response_model=answers.ClerkTicketAnswer,
    responses=_empty("Nobody waits") | refusing(_PAUSED, "unknown_outcome"),
)
async def call_next(
    shared: access.Shared, clerk: access.ClerkAtCounter, asked: orders.Next | None = None
) -> answers.ClerkTicketAnswer | Response:
    """Finishes the counter's present ticket and calls the next.

    A known ``request_id`` gives the first answer again; without one each press is new.
    """
    wish = asked or orders.Next()
    ticket = await shared.writer.run(
        lambda: calls.call_next(
            shared.centre,
            clerk.counter,
            clerk=clerk.clerk.login,
            request_id=wish.request_id,
            outcome=wish.outcome,
        )
    )
    return _present(shared, ticket)


@router.post(
    "/call",
    responses=refusing(
        "no_such_number",
        "number_at_counter",
        "number_ended",
        "reason_needed",
        "unknown_reason",
        _PAUSED,
    ),
)
async def call_number(
    shared: access.Shared, clerk: access.ClerkAtCounter, asked: orders.Call
) -> answers.ClerkTicketAnswer:
    """Calls a given number out of turn, for a reason; finishes the present one first."""
    ticket = await shared.writer.run(
        lambda: calls.call_ticket(
            shared.centre,
            clerk.counter,
            asked.number,
            reason=asked.reason,
            clerk=clerk.clerk.login,
        )
    )
    return answers.ticket(shared.centre, ticket)


@router.post("/recall", responses=refusing(*_HERE))
async def recall(
    shared: access.Shared, clerk: access.ClerkAtCounter, meant: Meant = None
) -> answers.ClerkTicketAnswer:
    """Asks the called person once more."""
    return await _move(shared, clerk, meant, calls.recall)


@router.post("/start", responses=refusing(*_HERE))
async def start(
    shared: access.Shared, clerk: access.ClerkAtCounter, meant: Meant = None
) -> answers.ClerkTicketAnswer:
    """Notes that the called person has come."""
    return await _move(shared, clerk, meant, calls.start)


@router.post("/finish", responses=refusing(*_HERE, "unknown_outcome"))
async def finish(
    shared: access.Shared, clerk: access.ClerkAtCounter, asked: orders.Finish | None = None
) -> answers.ClerkTicketAnswer:
    """Ends the visit, or sends it on to the next service of its journey; legal without a start."""
    outcome = asked.outcome if asked else None
    return await _move(shared, clerk, asked, partial(calls.finish, outcome=outcome))


@router.post("/no-show", responses=refusing(*_HERE, "call_again", "wait_longer"))
async def no_show(
    shared: access.Shared, clerk: access.ClerkAtCounter, meant: Meant = None
) -> answers.ClerkTicketAnswer:
    """The called person did not come: to the end of the line, or ended after the last chance."""
    return await _move(shared, clerk, meant, calls.no_show)


@router.post("/park", responses=refusing(*_HERE, "unknown_reason"))
async def park(
    shared: access.Shared, clerk: access.ClerkAtCounter, asked: orders.Park | None = None
) -> answers.ClerkTicketAnswer:
    """Keeps the ticket at this counter until it is resumed, or its owner is back with papers."""
    reason = asked.reason if asked else ""
    return await _move(shared, clerk, asked, partial(calls.park, reason=reason))


@router.post(
    "/transfer",
    responses=refusing(
        *_HERE, "transfer_where", "unknown_service", "unknown_counter", "transfer_here"
    ),
)
async def transfer(
    shared: access.Shared, clerk: access.ClerkAtCounter, asked: orders.Transfer
) -> answers.ClerkTicketAnswer:
    """Sends the ticket to a service or to a counter, with its number."""
    move = partial(
        calls.transfer,
        service=asked.service,
        to_counter=asked.counter,
        keep_place=asked.keep_place,
    )
    return await _move(shared, clerk, asked, move)


@router.post("/return", responses=refusing(*_HERE))
async def return_to_line(
    shared: access.Shared, clerk: access.ClerkAtCounter, asked: orders.Return | None = None
) -> answers.ClerkTicketAnswer:
    """Puts the present ticket, or one that was kept or missed here, back into its line."""
    keep_place = asked.keep_place if asked else True
    return await _move(shared, clerk, asked, partial(calls.return_to_line, keep_place=keep_place))


@router.post("/resume", responses=refusing("no_such_ticket", "illegal_move", "too_late", _PAUSED))
async def resume(
    shared: access.Shared, clerk: access.ClerkAtCounter, asked: orders.Resume
) -> answers.ClerkTicketAnswer:
    """Calls a ticket that was kept or missed at this counter; finishes the present one first."""
    ticket = await shared.writer.run(
        lambda: calls.resume(shared.centre, clerk.counter, asked.ticket, clerk=clerk.clerk.login)
    )
    return answers.ticket(shared.centre, ticket)


@router.post(
    "/undo",
    response_model=answers.ClerkTicketAnswer,
    responses=_empty("Taken back; nobody is at the counter now")
    | refusing("nothing_to_undo", "undo_too_late", "undo_moved"),
)
async def undo(
    shared: access.Shared, clerk: access.ClerkAtCounter
) -> answers.ClerkTicketAnswer | Response:
    """Takes the clerk's last move here back; gives who is at the counter now."""
    ticket = await shared.writer.run(
        lambda: calls.undo(shared.centre, clerk.counter, clerk=clerk.clerk.login)
    )
    return _present(shared, ticket)


@router.post("/pause", responses=refusing("reason_needed", "unknown_reason", "somebody_here"))
async def pause(
    shared: access.Shared, clerk: access.ClerkAtCounter, asked: orders.Pause | None = None
) -> answers.Nothing:
    """Calls nobody to this counter for a while; safe to repeat."""
    reason = asked.reason if asked else ""
    await shared.writer.run(lambda: clerks.pause(shared.centre, clerk.token, reason))
    return answers.Nothing()


@router.post("/continue")
async def go_on(shared: access.Shared, clerk: access.ClerkAtCounter) -> answers.Nothing:
    """Ends the pause; safe to repeat."""
    await shared.writer.run(lambda: clerks.go_on(shared.centre, clerk.token))
    return answers.Nothing()


def _present(shared: parts.Parts, ticket: Ticket | None) -> answers.ClerkTicketAnswer | Response:
    return answers.ticket(shared.centre, ticket) if ticket else Response(status_code=204)


async def _move(
    shared: parts.Parts,
    clerk: clerks.SignedIn,
    meant: orders.Present | None,
    move: Callable[..., Ticket],
) -> answers.ClerkTicketAnswer:
    centre, counter, login = shared.centre, clerk.counter, clerk.clerk.login
    ticket = meant.ticket if meant else None
    moved = await shared.writer.run(lambda: move(centre, counter, clerk=login, ticket=ticket))
    return answers.ticket(centre, moved)
