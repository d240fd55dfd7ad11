"""The HTTP calls of the kiosk: tickets, sessions, counters, board, changes, look-ups."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, Final

from fastapi import APIRouter, Body, Request, Response
from fastapi.responses import StreamingResponse

from kiosk.dossiers import normalise_code
from kiosk.errors import Refused
from kiosk.office import calls, clerks, dossiers, hall, tickets
from kiosk.texts import texts
from kiosk.tickets import is_id
from kiosk.web import access, answers, parts
from kiosk.web.limits import trying
from kiosk.web.refusals import language

if TYPE_CHECKING:
    from collections.abc import Callable

    from kiosk.tickets import Ticket

_TITLES: Final = {
    401: "Sign in first, or the PIN is wrong",
    403: "Not allowed for who asks",
    404: "No such thing",
    409: "Too late: it is otherwise by now",
    413: "More than 16 kB",
    422: "Malformed",
    429: "Too many tries",
    503: "Something is not there now; nothing was changed",
}

ERRORS: Final[dict[int | str, dict[str, Any]]] = {
    status: {"model": answers.Error, "description": title} for status, title in _TITLES.items()
}

# The same for calls whose answer is not JSON: FastAPI would give an error their media type.
ERRORS_BESIDE_TEXT: Final[dict[int | str, dict[str, Any]]] = {
    status: {
        "description": title,
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
    }
    for status, title in _TITLES.items()
}

router = APIRouter(prefix="/api", responses=ERRORS)


@router.post("/tickets", status_code=201)
async def take_ticket(
    request: Request, shared: access.Shared, who: access.Anyone, order: answers.TicketOrder
) -> answers.PlaceAnswer:
    """Gives the next number of a service; a known ``request_id`` gives the same ticket again."""
    centre = shared.centre
    actor = f"clerk:{who.signed_in.clerk.login}" if who.signed_in else "web"
    issued = await shared.writer.run(
        lambda: tickets.take_ticket(
            centre,
            service=order.service,
            actor=actor,
            language=language(request, centre.languages),
            priority=order.priority,
            request_id=order.request_id,
        )
    )
    return answers.place(centre, issued.place)


@router.get("/tickets/{ticket_id}")
async def follow_ticket(
    shared: access.Shared, who: access.Anyone, ticket_id: str
) -> answers.PlaceAnswer:
    """Where a ticket stands: its state, its counters, and how many are before it."""
    wanted = ticket_id.upper()
    if not is_id(wanted):
        raise Refused("no_such_ticket")
    place = await shared.reader.run(lambda: tickets.follow(shared.centre, wanted))
    return answers.place(shared.centre, place)


@router.post("/session")
async def sign_in(
    request: Request,
    response: Response,
    shared: access.Shared,
    who: access.AnyVisitor,
    asked: answers.SignIn,
) -> answers.Session:
    """Signs a clerk in and opens the counter."""
    source, limits = access.source(request), shared.limits
    tries = ((limits.pins_of_login, asked.clerk), (limits.pins_from, source))
    with trying(*tries, lost="wrong_pin"):
        signed_in = await shared.door.run(
            lambda: clerks.sign_in(shared.centre, asked.clerk, asked.pin, asked.counter)
        )
    limits.pins_of_login.forget(asked.clerk)
    if who.signed_in is not None:
        before = who.signed_in
        await shared.writer.run(lambda: clerks.sign_out(shared.centre, before.token))
        shared.feed.sign_out(before.token)
    access.give_cookie(request, response, signed_in.token)
    return answers.Session(csrf_token=signed_in.csrf_token)


@router.delete("/session")
async def sign_out(
    request: Request, response: Response, shared: access.Shared, clerk: access.SignedInClerk
) -> answers.Nothing:
    """Signs the clerk out and closes the counter."""
    await shared.writer.run(lambda: clerks.sign_out(shared.centre, clerk.token))
    shared.feed.sign_out(clerk.token)
    access.take_cookie(request, response)
    return answers.Nothing()


@router.post(
    "/counters/{n}/next",
    response_model=answers.TicketAnswer,
    responses={204: {"description": "Nobody waits"}},
)
async def call_next(
    shared: access.Shared, clerk: access.ClerkAtCounter, asked: answers.Next | None = None
) -> answers.TicketAnswer | Response:
    """Finishes the counter's present ticket and calls the next.

    A known ``request_id`` gives the first answer again; without one each press is new.
    """
    request_id = asked.request_id if asked else None
    ticket = await shared.writer.run(
        lambda: calls.call_next(
            shared.centre, clerk.counter, clerk=clerk.clerk.login, request_id=request_id
        )
    )
    return answers.ticket(shared.centre, ticket) if ticket else Response(status_code=204)


Meant = Annotated[answers.Present | None, Body()]


@router.post("/counters/{n}/recall")
async def recall(
    shared: access.Shared, clerk: access.ClerkAtCounter, meant: Meant = None
) -> answers.TicketAnswer:
    """Asks the called person once more."""
    return await _move(shared, clerk, meant, calls.recall)


@router.post("/counters/{n}/start")
async def start(
    shared: access.Shared, clerk: access.ClerkAtCounter, meant: Meant = None
) -> answers.TicketAnswer:
    """Notes that the called person has come."""
    return await _move(shared, clerk, meant, calls.start)


@router.post("/counters/{n}/finish")
async def finish(
    shared: access.Shared, clerk: access.ClerkAtCounter, meant: Meant = None
) -> answers.TicketAnswer:
    """Ends the visit; legal without a start."""
    return await _move(shared, clerk, meant, calls.finish)


@router.post("/counters/{n}/no-show")
async def no_show(
    shared: access.Shared, clerk: access.ClerkAtCounter, meant: Meant = None
) -> answers.TicketAnswer:
    """Ends the ticket of a called person who did not come."""
    return await _move(shared, clerk, meant, calls.no_show)


@router.post("/counters/{n}/park")
async def park(
    shared: access.Shared, clerk: access.ClerkAtCounter, meant: Meant = None
) -> answers.TicketAnswer:
    """Keeps the ticket at this counter until it is resumed."""
    return await _move(shared, clerk, meant, calls.park)


@router.post("/counters/{n}/transfer")
async def transfer(
    shared: access.Shared, clerk: access.ClerkAtCounter, asked: answers.Transfer
) -> answers.TicketAnswer:
    """Sends the ticket to a service or to a counter, with its number and its place."""

    move = partial(calls.transfer, service=asked.service, to_counter=asked.counter)
    return await _move(shared, clerk, asked, move)


@router.post("/counters/{n}/resume")
async def resume(
    shared: access.Shared, clerk: access.ClerkAtCounter, asked: answers.Resume
) -> answers.TicketAnswer:
    """Calls a ticket that this counter keeps; finishes the present one first."""
    ticket = await shared.writer.run(
        lambda: calls.resume(shared.centre, clerk.counter, asked.ticket, clerk=clerk.clerk.login)
    )
    return answers.ticket(shared.centre, ticket)


@router.get("/board")
async def read_board(shared: access.Shared, who: access.Anyone) -> answers.BoardAnswer:
    """The hall: current and recent calls, and who waits for each service."""
    return answers.board(
        shared.centre, await shared.reader.run(lambda: hall.read_board(shared.centre))
    )


@router.get(
    "/changes",
    response_class=StreamingResponse,
    responses=ERRORS_BESIDE_TEXT
    | {
        200: {
            "description": "Events ``board`` (as GET /api/board), for a clerk also ``counter``;"
            " ``unavailable`` {code}; ``signed-out``, the last of a session",
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        }
    },
)
async def follow_changes(shared: access.Shared, who: access.Anyone) -> StreamingResponse:
    """Server-sent events: the whole state at once, and again after each change."""
    return StreamingResponse(
        shared.feed.stream(who.token),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


@router.post("/dossiers/lookup")
async def look_up(
    request: Request, shared: access.Shared, who: access.Anyone, asked: answers.LookUp
) -> answers.DossierStatus:
    """The status of a dossier; people only with the secret.

    A wrong secret answers exactly as an unknown code.
    """
    source, limits = access.source(request), shared.limits
    if not who.here:
        limits.look_ups_from.take(source)
    secrets = (limits.secrets_of_code, normalise_code(asked.code)), (limits.secrets_from, source)
    with trying(*(secrets if asked.secret else ()), lost="no_such_dossier"):
        found = await shared.reader.run(
            lambda: dossiers.look_up(shared.centre, asked.code, asked.secret)
        )
    words = texts(language(request, shared.centre.languages))
    return answers.dossier(shared.centre, found, words)


async def _move(
    shared: parts.Parts,
    clerk: clerks.SignedIn,
    meant: answers.Present | None,
    move: Callable[..., Ticket],
) -> answers.TicketAnswer:
    centre, counter, login = shared.centre, clerk.counter, clerk.clerk.login
    ticket = meant.ticket if meant else None
    moved = await shared.writer.run(lambda: move(centre, counter, clerk=login, ticket=ticket))
    return answers.ticket(centre, moved)
