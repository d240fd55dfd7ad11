"""The HTTP calls of a supervisor: what is ordered in the hall, and what happened in it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Path

from kiosk.office import alarms, clerks, direction
from kiosk.web import access, answers, orders
from kiosk.web.described import ERRORS, refusing
from kiosk.web.orders import LARGEST_COUNTER
from kiosk.web.route import Direct

if TYPE_CHECKING:
    from collections.abc import Callable

    from kiosk.office.sessions import SignedIn
    from kiosk.web.parts import Parts

router = APIRouter(prefix="/api/hall", responses=ERRORS, route_class=Direct)

Number = Annotated[int, Path(ge=1, le=LARGEST_COUNTER)]


@router.post("/counters/{n}/close", responses=refusing("unknown_counter"))
async def close_counter(
    shared: access.Shared, who: access.ForDirection, n: Number
) -> answers.Nothing:
    """Nobody is called there any more today; the present visit goes on. Safe to repeat."""
    return await _ordered(shared, who, partial(direction.close_counter, number=n))


@router.post("/counters/{n}/open", responses=refusing("unknown_counter"))
async def open_counter(
    shared: access.Shared, who: access.ForDirection, n: Number
) -> answers.Nothing:
    """The counter may be worked at again; safe to repeat."""
    return await _ordered(shared, who, partial(direction.open_counter, number=n))


@router.post(
    "/counters/{n}/services",
    responses=refusing("unknown_counter", "unknown_service", "arranged_since"),
)
async def set_services(
    shared: access.Shared, who: access.ForDirection, n: Number, asked: orders.Services
) -> answers.Nothing:
    """The counter takes these services for the rest of the day; none: those of kiosk.toml."""
    order = partial(direction.set_services, number=n, services=asked.services, before=asked.before)
    return await _ordered(shared, who, order)


@router.post("/counters/{n}/free", responses=refusing("unknown_counter"))
async def free_counter(
    shared: access.Shared, who: access.ForDirection, n: Number
) -> answers.Nothing:
    """Signs out the clerk who has gone; who is there stays for whoever signs in next."""
    return await _ordered(shared, who, partial(clerks.free_counter, number=n))


@router.post("/services/{code}/lift", responses=refusing("unknown_service"))
async def lift_limits(
    shared: access.Shared, who: access.ForDirection, code: orders.ServiceCode
) -> answers.Nothing:
    """The limits of the service give numbers on for the rest of the day; safe to repeat."""
    return await _ordered(shared, who, partial(direction.lift_limits, service=code))


@router.post("/services/{code}/bind", responses=refusing("unknown_service"))
async def bind_limits(
    shared: access.Shared, who: access.ForDirection, code: orders.ServiceCode
) -> answers.Nothing:
    """The limits of the service bind again; safe to repeat."""
    return await _ordered(shared, who, partial(direction.bind_limits, service=code))


@router.post("/services/{code}/pause", responses=refusing("unknown_service"))
async def pause_service(
    shared: access.Shared, who: access.ForDirection, code: orders.ServiceCode
) -> answers.Nothing:
    """The service gives no numbers for the rest of the day; safe to repeat. Who has one, or an
    appointment, is served."""
    return await _ordered(shared, who, partial(direction.pause_services, services=(code,)))


@router.post("/services/{code}/continue", responses=refusing("unknown_service"))
async def continue_service(
    shared: access.Shared, who: access.ForDirection, code: orders.ServiceCode
) -> answers.Nothing:
    """The service gives numbers again; safe to repeat."""
    return await _ordered(shared, who, partial(direction.go_on_with, services=(code,)))


@router.post("/alarms/{n}/answer")
async def answer_alarm(
    shared: access.Shared, who: access.ForDirection, n: Number
) -> answers.Nothing:
    """Somebody has seen the alarm of that counter and is on the way; safe to repeat."""
    return await _ordered(shared, who, partial(alarms.answer_alarm, counter=n))


@router.delete("/alarms/{n}")
async def end_alarm(shared: access.Shared, who: access.ForDirection, n: Number) -> answers.Nothing:
    """The alarm of that counter is over; safe to repeat."""
    return await _ordered(shared, who, partial(alarms.end_alarm, counter=n))


@router.post(
    "/priority",
    responses=refusing(
        "no_such_number", "unknown_priority", "reason_needed", "unknown_reason", "illegal_move"
    ),
)
async def prioritise(
    shared: access.Shared, who: access.ForPriority, asked: orders.Prioritise
) -> answers.ClerkTicketAnswer:
    """Gives a waiting ticket a class, for a reason; safe to repeat."""
    centre, login = shared.centre, who.clerk.login
    moved = await shared.writer.run(
        lambda: direction.prioritise(
            centre, asked.number, asked.priority, reason=asked.reason, by=login
        )
    )
    return answers.ticket(centre, moved)


async def _ordered(shared: Parts, who: SignedIn, order: Callable[..., object]) -> answers.Nothing:
    login = who.clerk.login
    await shared.writer.run(lambda: order(shared.centre, by=login))
    return answers.Nothing()
