"""The HTTP calls of staff about themselves: signing in and out, a locked page, a new device."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from kiosk.office import sessions
from kiosk.rights import Right, StaffRole
from kiosk.web import access, answers, entrance, orders
from kiosk.web.described import BY_NOBODY_YET, ERRORS, refusing
from kiosk.web.route import Direct

if TYPE_CHECKING:
    from kiosk.office.sessions import SignedIn

router = APIRouter(prefix="/api", responses=ERRORS, route_class=Direct)


class Session(BaseModel):
    """``counter`` is None for who sits at none; ``rights`` are what the post may do."""

    csrf_token: str
    name: str
    role: StaffRole
    counter: int | None
    rights: tuple[Right, ...]


class DeviceName(BaseModel):
    """As the technician called it, and the counter at which it stands."""

    name: str
    counter: int | None


@router.post(
    "/session",
    response_model=Session,
    openapi_extra=BY_NOBODY_YET,
    responses=refusing(
        "wrong_pin",
        "device_not_enrolled",
        "unknown_counter",
        "counter_needed",
        "no_counter_for",
        "counter_taken",
        "too_many_tries",
    ),
)
async def sign_in(
    request: Request, shared: access.Shared, who: access.AnyVisitor, asked: orders.SignIn
) -> JSONResponse:
    """Signs one of the staff in, and opens the counter that is named."""
    signed_in = await entrance.sign_in(request, shared, who, asked)
    answer = JSONResponse(_told(signed_in).model_dump())
    access.give_cookie(request, answer, signed_in.token)
    return answer


@router.delete("/session", response_model=answers.Nothing)
async def sign_out(request: Request, shared: access.Shared, clerk: access.Staff) -> JSONResponse:
    """Signs whoever asks out and closes the counter, also from a locked page."""
    await entrance.sign_out(shared, clerk)
    answer = JSONResponse(answers.Nothing().model_dump())
    access.take_cookie(request, answer)
    return answer


@router.post(
    "/session/resume", responses=refusing("wrong_pin", "device_not_enrolled", "too_many_tries")
)
async def resume(
    request: Request,
    shared: access.Shared,
    clerk: access.Staff,
    who: access.AnyVisitor,
    asked: orders.Unlock,
) -> answers.Nothing:
    """Unlocks a page that nobody touched for the time of [web] lock_minutes."""
    await entrance.resume(request, shared, who, clerk, asked.pin)
    return answers.Nothing()


@router.post("/session/stay", responses=refusing("locked"))
async def stay(shared: access.Shared, clerk: access.Staff) -> answers.Nothing:
    """Tells that somebody is at work on the page, which is not locked then."""
    await shared.writer.run(lambda: sessions.stay(shared.centre, clerk.token))
    return answers.Nothing()


@router.post(
    "/device",
    response_model=DeviceName,
    openapi_extra=BY_NOBODY_YET,
    responses=refusing("wrong_device_code", "too_many_tries"),
)
async def enrol(
    request: Request, shared: access.Shared, who: access.AnyVisitor, asked: orders.Enrolment
) -> JSONResponse:
    """Enrols the device that asks, by the code of ``kiosk device add``; gives it a cookie."""
    device, secret = await entrance.enrol(request, shared, who, asked.code)
    told = DeviceName(name=device.name, counter=device.counter)
    answer = JSONResponse(told.model_dump())
    access.give_device_cookie(request, answer, secret)
    return answer


def _told(known: SignedIn) -> Session:
    return Session(
        csrf_token=known.csrf_token,
        name=known.clerk.name,
        role=known.clerk.role,
        counter=known.counter,
        rights=tuple(right for right in Right if known.may(right)),
    )
