"""How staff come in: one way for the pages, with their script or without, and for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.errors import Refused
from kiosk.office import enrolments, identity, sessions
from kiosk.tries import trying
from kiosk.web import access

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

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
    signed_in = await _proven(
        request, shared, who, asked.clerk, asked.pin,
        lambda: sessions.sign_in(shared.centre, asked.clerk, asked.pin, asked.counter),
    )  # fmt: skip
    if who.signed_in is not None:
        await sign_out(shared, who.signed_in)
    return signed_in


async def resume(request: Request, shared: Parts, who: Visitor, clerk: SignedIn, pin: str) -> None:
    """Unlocks the page of whoever left it; a PIN alone does so at a known device.

    Refused: device_not_enrolled (any more), wrong_pin, too_many_tries (seconds).
    """
    await _proven(
        request, shared, who, clerk.clerk.login, pin,
        lambda: sessions.resume(shared.centre, clerk.token, pin),
    )  # fmt: skip


async def sign_out(shared: Parts, clerk: SignedIn) -> None:
    """Signs the clerk out, closes the counter, and tells the page that hears its session."""
    await shared.writer.run(lambda: sessions.sign_out(shared.centre, clerk.token))
    shared.feed.sign_out(clerk.token)


async def enrol(request: Request, shared: Parts, who: Visitor, code: str) -> tuple[Device, str]:
    """The device to which the code belongs, and its secret.

    Refused: wrong_device_code, too_many_tries (seconds).
    """
    tries = shared.limits.device_codes_from, access.asker(request, who)
    with trying(tries, lost="wrong_device_code"):
        return await shared.writer.run(lambda: enrolments.enrol(shared.centre, code))


async def _proven(
    request: Request,
    shared: Parts,
    who: Visitor,
    login: str,
    pin: str,
    work: Callable[[], SignedIn],
) -> SignedIn:
    """Does ``work``, which proves the PIN or password of the login, as often as it may be tried.

    This machine and each enrolled device have tries of their own, which nobody can use up without
    its cookie. All others share those of their address, and with one another those of the login.
    """
    limits, asker = shared.limits, access.asker(request, who)
    pins = limits.pins_here if who.here else limits.pins_elsewhere
    of_login: list[tuple[Limit, Hashable]] = [(pins.of_login, (login, asker))]
    if not who.here:
        of_login.append((limits.pins_of_login_elsewhere, login))
    tries = (*of_login, (pins.from_one, asker))
    if identity.is_pin(pin) and not who.here:
        with trying(*tries, lost="device_not_enrolled"):
            raise Refused("device_not_enrolled")
    with trying(*tries, lost="wrong_pin"):
        signed_in = await shared.door.run(work)
    for limit, key in of_login:
        limit.forget(key)
    return signed_in
