"""The HTTP calls of citizens and devices: tickets, board, changes."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse

from kiosk.errors import Refused
from kiosk.office import hall, tickets, visits
from kiosk.rights import Scope
from kiosk.tickets import is_id
from kiosk.web import access, answers, orders
from kiosk.web.described import ERRORS, ERRORS_BESIDE_TEXT, opened_by, refusing
from kiosk.web.examples import CHANGES
from kiosk.web.refusals import language
from kiosk.web.route import Direct

router = APIRouter(prefix="/api", responses=ERRORS, route_class=Direct)


@router.post(
    "/tickets",
    status_code=201,
    openapi_extra=opened_by(Scope.TICKETS),
    responses=refusing(
        "unknown_service",
        "unknown_priority",
        "reason_needed",
        "unknown_reason",
        "service_needed",
        "dossier_needed",
        "no_such_dossier",
        "closed_hours",
        "limit_reached",
        "session_limit_reached",
        "numbers_used_up",
        "service_paused",
        "request_differs",
        "too_many_orders",
    ),
)
async def take_ticket(
    request: Request, shared: access.Shared, who: access.HereOrReception, order: orders.TicketOrder
) -> answers.PlaceAnswer:
    """Gives the next number of a service; a known ``request_id`` gives the same ticket again,
    and none where it was used for something else.

    With ``services`` the one ticket goes through all of them. Where a service needs a dossier, only
    staff who are signed in give a number without.
    """
    centre = shared.centre
    by_staff = who.signed_in is not None or who.key is not None
    if order.priority and not order.reason and by_staff and centre.has_reasons("priority"):
        raise Refused("reason_needed")
    issued = await shared.writer.run(
        lambda: tickets.take_ticket(
            centre,
            service=order.service,
            services=order.services,
            actor=who.actor,
            language=language(request, centre.languages),
            priority=order.priority,
            reason=order.reason,
            request_id=order.request_id,
            dossier=order.dossier,
            excused=who.signed_in is not None,
        )
    )
    return answers.place(centre, issued.place)


@router.get(
    "/tickets/{ticket_id}",
    openapi_extra=opened_by(Scope.TICKETS),
    responses=refusing("no_such_ticket"),
)
async def follow_ticket(
    shared: access.Shared, who: access.Anyone, ticket_id: str
) -> answers.PlaceAnswer:
    """Where a ticket stands: its state, its counters, and how many are before it."""
    wanted = _id(ticket_id)
    place = await shared.reader.run(lambda: tickets.follow(shared.centre, wanted))
    return answers.place(shared.centre, place)


@router.post(
    "/tickets/{ticket_id}/cancel",
    openapi_extra=opened_by(Scope.TICKETS),
    responses=refusing("no_such_ticket", "illegal_move", "too_many_orders"),
)
async def cancel_ticket(
    shared: access.Shared, who: access.HereOrReception, ticket_id: str
) -> answers.PlaceAnswer:
    """Its owner gives it up; asking again changes nothing."""
    wanted = _id(ticket_id)
    place = await shared.writer.run(lambda: visits.cancel(shared.centre, wanted, actor=who.actor))
    return answers.place(shared.centre, place)


@router.post(
    "/tickets/{ticket_id}/return",
    openapi_extra=opened_by(Scope.TICKETS),
    responses=refusing(
        "no_such_ticket", "illegal_move", "too_late", "missed_too_often", "too_many_orders"
    ),
)
async def return_ticket(
    shared: access.Shared, who: access.HereOrReception, ticket_id: str
) -> answers.PlaceAnswer:
    """Its owner is back, with the missing papers or after a missed call.

    Who waits already stays in place.
    """
    wanted = _id(ticket_id)
    place = await shared.writer.run(
        lambda: visits.come_back(shared.centre, wanted, actor=who.actor)
    )
    return answers.place(shared.centre, place)


@router.get("/board", openapi_extra=opened_by(Scope.BOARD))
async def read_board(shared: access.Shared, who: access.Anyone) -> answers.BoardAnswer:
    """The hall: current and recent calls, and who waits for each service."""
    return answers.board(
        shared.centre, await shared.reader.run(lambda: hall.read_board(shared.centre))
    )


@router.get(
    "/changes",
    openapi_extra=opened_by(Scope.BOARD),
    response_class=StreamingResponse,
    responses=ERRORS_BESIDE_TEXT
    | {
        200: {
            "description": "Events ``board`` (as GET /api/board), for a clerk also ``counter``, or"
            " ``locked`` while a page asks for the PIN; ``unavailable`` {code}; ``signed-out``,"
            " the last of a session, and of a key or a device that was removed",
            "content": {"text/event-stream": {"schema": {"type": "string"}, "example": CHANGES}},
        }
    },
)
async def follow_changes(shared: access.Shared, who: access.Anyone) -> StreamingResponse:
    """Server-sent events: the whole state at once, and again after each change."""
    return StreamingResponse(
        shared.feed.stream(who.token, who.key, who.device),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


def _id(text: str) -> str:
    wanted = text.upper()
    if not is_id(wanted):
        raise Refused("no_such_ticket")
    return wanted
