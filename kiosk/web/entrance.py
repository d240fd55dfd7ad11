"""How staff come in: one way for the pages, with their script or without, and for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.errors import Refused
from kiosk.office import enrolments, identity, sessions
from kiosk.tries import trying
from kiosk.web import access

if TYPE_CHECKING:
    from collections.abc import Hashable

    from fastapi import Request

    from kiosk.office.enrolments import Device
    from kiosk.office.sessions import SignedIn
    from kiosk.tries import Limit
    from kiosk.web import orders
    from kiosk.web.access import Visitor
    from kiosk.web.parts import Parts


async def sign_in(request: Request, shared: Parts, who: Visitor, asked: orders.SignIn) -> SignedIn:
    """Signs somebody in and opens the counter; the session that the browser had before ends.

    Refused: device_not_enrolled (whether the PIN is right or not), too_many_tries (seconds), and
    what ``sessions.sign_in`` says.
    """
    account = _account(request, asked.clerk)
    tries = _tries(request, shared, account)
    if identity.is_pin(asked.pin) and not who.here:
        with trying(*tries, lost="device_not_enrolled"):
            raise Refused("device_not_enrolled")
    with trying(*tries, lost="wrong_pin"):
        signed_in = await shared.door.run(
            lambda: sessions.sign_in(shared.centre, asked.clerk, asked.pin, asked.counter)
        )
    shared.limits.pins_of_login.forget(account)
    if who.signed_in is not None:
        await sign_out(shared, who.signed_in)
    return signed_in


async def resume(request: Request, shared: Parts, clerk: SignedIn, pin: str, *, here: bool) -> None:
    """Unlocks the page of whoever left it; a PIN alone does so at a known device (``here``).

    Refused: device_not_enrolled (any more), wrong_pin, too_many_tries (seconds).
    """
    account = _account(request, clerk.clerk.login)
    tries = _tries(request, shared, account)
    if identity.is_pin(pin) and not here:
        with trying(*tries, lost="device_not_enrolled"):
            raise Refused("device_not_enrolled")
    with trying(*tries, lost="wrong_pin"):
        await shared.door.run(lambda: sessions.resume(shared.centre, clerk.token, pin))
    shared.limits.pins_of_login.forget(account)


async def sign_out(shared: Parts, clerk: SignedIn) -> None:
    """Signs the clerk out, closes the counter, and tells the page that hears its session."""
    await shared.writer.run(lambda: sessions.sign_out(shared.centre, clerk.token))
    shared.feed.sign_out(clerk.token)


async def enrol(request: Request, shared: Parts, code: str) -> tuple[Device, str]:
    """The device to which the code belongs, and its secret.

    Refused: wrong_device_code, too_many_tries (seconds).
    """
    limits = shared.limits
    with trying((limits.device_codes_from, access.source(request)), lost="wrong_device_code"):
        return await shared.writer.run(lambda: enrolments.enrol(shared.centre, code))


def _account(request: Request, login: str) -> tuple[str, str]:
    """What wrong tries at a login count for: from each address by itself, so that nobody can keep
    somebody from signing in by guessing from elsewhere."""
    return login, access.source(request)


def _tries(
    request: Request, shared: Parts, account: tuple[str, str]
) -> tuple[tuple[Limit, Hashable], ...]:
    limits = shared.limits
    return (limits.pins_of_login, account), (limits.pins_from, access.source(request))
