"""The HTTP calls about appointments: booked ahead, checked in on the day."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from kiosk.office import appointments
from kiosk.rights import Scope
from kiosk.web import access, answers, orders
from kiosk.web.described import ERRORS, opened_by, refusing
from kiosk.web.refusals import language
from kiosk.web.route import Direct

router = APIRouter(prefix="/api/appointments", responses=ERRORS)
booking = APIRouter(prefix="/api/appointments", responses=ERRORS, route_class=Direct)
"""Reads who asks before the body."""

AppointmentCode = Annotated[str, Path(max_length=64)]


@booking.post(
    "",
    status_code=201,
    openapi_extra=opened_by(Scope.APPOINTMENTS),
    responses=refusing(
        "unknown_service",
        "bad_appointment_code",
        "appointment_past",
        "closed_then",
        "appointment_exists",
        "too_many_orders",
    ),
)
async def book(
    shared: access.Shared, who: access.HereOrAppointments, asked: orders.Booking
) -> answers.AppointmentAnswer:
    """Books a visit; the same code for the same service and time gives the booking again."""
    booked = await shared.writer.run(
        lambda: appointments.book(
            shared.centre,
            service=asked.service,
            at=asked.at,
            actor=who.actor,
            code=asked.code,
            dossier=asked.dossier,
        )
    )
    return answers.appointment(shared.centre, booked)


@router.get("", openapi_extra=opened_by(Scope.APPOINTMENTS, staff_alone=True))
async def read_appointments(
    shared: access.Shared,
    who: access.ForAppointments,
    day: orders.FirstDay = None,
) -> answers.AppointmentsAnswer:
    """The appointments of a day by their time, whatever became of them; for staff and keys."""
    centre = shared.centre
    wanted = day.isoformat() if day else None
    found = await shared.reader.run(lambda: appointments.read_appointments(centre, wanted))
    told = tuple(answers.appointment(centre, known) for known in found)
    return answers.AppointmentsAnswer(appointments=told)


@router.post(
    "/{code}/check-in",
    status_code=201,
    openapi_extra=opened_by(Scope.APPOINTMENTS),
    responses={
        200: {"model": answers.PlaceAnswer, "description": "Its owner was here already"},
        **refusing(
            "no_such_appointment",
            "appointment_other_day",
            "appointment_cancelled",
            "unknown_service",
            "too_many_orders",
        ),
    },
)
async def check_in(
    request: Request,
    response: Response,
    shared: access.Shared,
    who: access.HereOrAppointments,
    code: AppointmentCode,
) -> answers.PlaceAnswer:
    """Gives the ticket of an appointment; asked again it is the same ticket."""
    centre = shared.centre
    spoken = language(request, centre.languages)
    issued = await shared.writer.run(
        lambda: appointments.check_in(centre, code, actor=who.actor, language=spoken)
    )
    response.status_code = 201 if issued.new else 200
    return answers.place(centre, issued.place)


@router.delete(
    "/{code}",
    openapi_extra=opened_by(Scope.APPOINTMENTS, staff_alone=True),
    responses=refusing("no_such_appointment", "appointment_used"),
)
async def cancel(
    shared: access.Shared, who: access.ForAppointments, code: AppointmentCode
) -> answers.AppointmentAnswer:
    """Calls the appointment off, by staff or a key; asking again changes nothing."""
    cancelled = await shared.writer.run(
        lambda: appointments.cancel_appointment(shared.centre, code, actor=who.actor)
    )
    return answers.appointment(shared.centre, cancelled)


router.routes.extend(booking.routes)
