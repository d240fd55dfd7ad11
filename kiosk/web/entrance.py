"""How a clerk comes in: one way for the page, with its script or without, and for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.office import clerks
from kiosk.web import access
from kiosk.web.limits import trying

if TYPE_CHECKING:
    from fastapi import Request

    from kiosk.office.clerks import SignedIn
    from kiosk.web import orders
    from kiosk.web.access import Visitor
    from kiosk.web.parts import Parts


async def sign_in(request: Request, shared: Parts, who: Visitor, asked: orders.SignIn) -> SignedIn:
    """Signs a clerk in and opens the counter; the session that the browser had before ends.

    Refused: wrong_pin, unknown_counter, counter_taken, too_many_tries (seconds).
    """
    limits = shared.limits
    tries = ((limits.pins_of_login, asked.clerk), (limits.pins_from, access.source(request)))
    with trying(*tries, lost="wrong_pin"):
        signed_in = await shared.door.run(
            lambda: clerks.sign_in(shared.centre, asked.clerk, asked.pin, asked.counter)
        )
    limits.pins_of_login.forget(asked.clerk)
    if who.signed_in is not None:
        await sign_out(shared, who.signed_in)
    return signed_in


async def sign_out(shared: Parts, clerk: SignedIn) -> None:
    """Signs the clerk out, closes the counter, and tells the page that hears its session."""
    await shared.writer.run(lambda: clerks.sign_out(shared.centre, clerk.token))
    shared.feed.sign_out(clerk.token)
