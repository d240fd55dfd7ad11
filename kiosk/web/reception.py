"""The HTTP calls of the reception: a ticket found by its number, and its paper once more."""

from __future__ import annotations

from fastapi import APIRouter

from kiosk.office import jobs, tickets
from kiosk.web import access, answers, orders
from kiosk.web.described import ERRORS, refusing
from kiosk.web.route import Direct

router = APIRouter(prefix="/api/reception", responses=ERRORS, route_class=Direct)


@router.post("/find", responses=refusing("no_such_number"))
async def find(
    shared: access.Shared, who: access.ForReception, asked: orders.Find
) -> answers.PlaceAnswer:
    """Where a ticket of today stands, by the number that its owner tells."""
    centre = shared.centre
    place = await shared.reader.run(lambda: tickets.find(centre, asked.number))
    return answers.place(centre, place)


@router.post(
    "/reprint",
    responses=refusing("no_such_number", "no_slip", "job_settled", "job_waiting", "job_unreadable"),
)
async def reprint(
    shared: access.Shared, who: access.ForReception, asked: orders.Find
) -> answers.Nothing:
    """Prints the ticket's paper once more, marked as a reprint, where it was first printed."""
    login = who.clerk.login
    await shared.writer.run(lambda: jobs.reprint_ticket(shared.centre, asked.number, clerk=login))
    return answers.Nothing()
