"""Who asks: this machine or an enrolled device, one of the staff with a session, or the key of
another program."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Final, TypeVar
from urllib.parse import urlsplit

from fastapi import Depends, Path, Request

from kiosk.errors import Refused
from kiosk.loopback import HERE, is_loopback
from kiosk.office import enrolments, sessions
from kiosk.office.sessions import SignedIn
from kiosk.rights import Right
from kiosk.web import parts
from kiosk.web.orders import LARGEST_COUNTER

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from fastapi import Response

    from kiosk.office.centre import Centre
    from kiosk.office.enrolments import Device
    from kiosk.office.keys import Key

T = TypeVar("T")

KEY: Final = "kiosk.key"
"""Where the keyring lays the key of a call that it let through, in the ASGI scope."""

_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_DEVICE_SECONDS: Final = 400 * 24 * 3600
"""The longest that a browser keeps a cookie (RFC 6265bis 5.5)."""
_FORWARDED: Final = ("forwarded", "x-forwarded-for", "x-real-ip", "via")


@dataclass(frozen=True, slots=True)
class Visitor:
    """``here`` at this machine or an enrolled ``device``; ``token`` is what the cookie says,
    ``signed_in`` what that is worth. With a ``key`` that has the scope of the call, none of these.
    """

    here: bool
    token: str | None
    signed_in: SignedIn | None
    key: Key | None = None
    device: Device | None = None

    @property
    def actor(self) -> str:
        """As events name who did it."""
        if self.key is not None:
            return self.key.actor
        return f"clerk:{self.signed_in.clerk.login}" if self.signed_in else "web"


async def shared_parts(request: Request) -> parts.Parts:
    """As a coroutine, so that FastAPI takes no thread for it."""
    return parts.of(request)


@dataclass(frozen=True, slots=True)
class AtCounter:
    """Who calls as the clerk of a counter; what that is worth is read where the move is made."""

    shared: parts.Parts
    request: Request
    token: str
    counter: int

    async def move(self, work: Callable[[Centre, SignedIn], T]) -> T:
        """Does ``work`` for the clerk of that very counter, on the lane that writes.

        One way there instead of two: the session is read just before the move. Refused:
        not_signed_in, unknown_counter (kiosk.toml has it no longer), wrong_csrf_token, locked,
        other_counter, and what ``work`` refuses.
        """
        return await self.shared.writer.run(lambda: work(self.shared.centre, self._clerk()))

    def _clerk(self) -> SignedIn:
        clerk = sessions.session(self.shared.centre, self.token)
        if clerk is None:
            gone = sessions.counter_left_out(self.shared.centre, self.token)
            raise Refused("unknown_counter", counter=gone) if gone else Refused("not_signed_in")
        _check_csrf(self.request, clerk)
        if clerk.locked:
            raise Refused("locked")
        if clerk.counter is None:
            raise Refused("no_counter_here")
        if clerk.counter != self.counter:
            raise Refused("other_counter", counter=clerk.counter)
        return clerk


async def visitor(request: Request) -> Visitor:
    """Refused, for an unsafe call: other_site, wrong_csrf_token."""
    return await _visitor(request, bare=False)


async def bare_visitor(request: Request) -> Visitor:
    """Whoever sends a form without a token, which changes nothing of a session.

    Refused: other_site.
    """
    return await _visitor(request, bare=True)


async def _visitor(request: Request, *, bare: bool) -> Visitor:
    if (key := request.scope.get(KEY)) is not None:
        # No page of another site can send it, so neither site nor token is asked for.
        return Visitor(here=False, token=None, signed_in=None, key=key)
    shared = parts.of(request)
    centre, here = shared.centre, is_here(request, shared.centre.public_url)
    token = request.cookies.get(cookie_name(request))
    secret = None if here else request.cookies.get(device_cookie_name(request))
    signed_in = device = None
    if token or secret:
        signed_in, device = await shared.reader.run(
            lambda: (
                sessions.session(centre, token) if token else None,
                enrolments.device(centre, secret) if secret else None,
            )
        )
    if request.method not in _SAFE:
        _check_site(request)
        if signed_in is not None and not bare:
            _check_csrf(request, signed_in)
    return Visitor(here or device is not None, token, signed_in, device=device)


# These call each other, for FastAPI takes 30 to 40 us to find each dependency of a dependency.
async def anyone(request: Request) -> Visitor:
    """This machine or an enrolled device without more ado; from elsewhere only staff, and keys.

    A dead cookie must not act, nor one whose page is locked.
    """
    who = await visitor(request)
    if who.key is not None:
        return who
    acts = request.method not in _SAFE
    dead = who.token is not None and who.signed_in is None and acts
    if dead or not (who.here or who.signed_in):
        raise Refused("not_signed_in")
    if acts and who.signed_in is not None and who.signed_in.locked:
        raise Refused("locked")
    return who


def here_or(right: Right) -> Callable[[Request], Awaitable[Visitor]]:
    """As ``anyone``, but staff from elsewhere only with that right, and an enrolled device no more
    often than a hall needs it. Refused: not_allowed and too_many_orders (seconds) too."""

    async def allowed(request: Request) -> Visitor:
        who = await anyone(request)
        if not who.here and who.key is None:
            _check_right(who.signed_in, right)
        if who.device is not None:
            parts.of(request).limits.orders_of_device.take(who.device.digest)
        return who

    return allowed


async def signed_in(request: Request) -> SignedIn:
    """Whoever has a session, also a locked one. Refused: not_signed_in."""
    who = await visitor(request)
    if who.signed_in is None:
        raise Refused("not_signed_in")
    return who.signed_in


def who_may(right: Right) -> Callable[[Request], Awaitable[SignedIn]]:
    """Staff with that right. Refused: not_signed_in, locked, not_allowed."""

    async def allowed(request: Request) -> SignedIn:
        who = await signed_in(request)
        _check_right(who, right)
        return who

    return allowed


def who_may_or_key(right: Right) -> Callable[[Request], Awaitable[Visitor]]:
    """Staff with that right, or a key whose scope the call is in. Refused: as ``who_may``."""

    async def allowed(request: Request) -> Visitor:
        who = await visitor(request)
        if who.key is None:
            _check_right(who.signed_in, right)
        return who

    return allowed


async def keyed(request: Request) -> Visitor:
    """Another program, by a key whose scope the call is in. Refused: key_needed."""
    who = await visitor(request)
    if who.key is None:
        raise Refused("key_needed")
    return who


def _check_right(who: SignedIn | None, right: Right) -> None:
    if who is None:
        raise Refused("not_signed_in")
    if who.locked:
        raise Refused("locked")
    if not who.may(right):
        raise Refused("not_allowed")


def may_rate(who: Visitor, counter: int) -> bool:
    """Whether ballots from where somebody asks count for the counter."""
    return who.here and (who.device is None or who.device.counter in (None, counter))


async def at_display(request: Request, n: Annotated[int, Path(ge=1, le=LARGEST_COUNTER)]) -> None:
    """This machine or an enrolled device that is no other counter's, whoever is signed in at it,
    and never in a session's name: a display may stand beside the clerk's page in one browser.

    Refused: other_site, rate_at_display.
    """
    who = await bare_visitor(request)
    if not may_rate(who, n) or "x-csrf-token" in request.headers:
        raise Refused("rate_at_display")


async def at_board(request: Request) -> Visitor:
    """This machine or an enrolled device, whoever is signed in at it: a television signs for itself
    alone. Refused: other_site, not_signed_in."""
    who = await bare_visitor(request)
    if not who.here:
        raise Refused("not_signed_in")
    return who


async def at_counter(
    request: Request, n: Annotated[int, Path(ge=1, le=LARGEST_COUNTER)]
) -> AtCounter:
    """For an unsafe call. Refused: other_site, and not_signed_in without a cookie."""
    _check_site(request)
    token = request.cookies.get(cookie_name(request))
    if not token:
        raise Refused("not_signed_in")
    return AtCounter(parts.of(request), request, token, n)


Shared = Annotated[parts.Parts, Depends(shared_parts)]
Anyone = Annotated[Visitor, Depends(anyone)]
HereOrReception = Annotated[Visitor, Depends(here_or(Right.RECEPTION))]
HereOrAppointments = Annotated[Visitor, Depends(here_or(Right.APPOINTMENTS))]
AnyVisitor = Annotated[Visitor, Depends(visitor)]
Staff = Annotated[SignedIn, Depends(signed_in)]
Keyed = Annotated[Visitor, Depends(keyed)]
ForAppointments = Annotated[Visitor, Depends(who_may_or_key(Right.APPOINTMENTS))]
AtDisplay = Depends(at_display)
AtBoard = Annotated[Visitor, Depends(at_board)]
ForDirection = Annotated[SignedIn, Depends(who_may(Right.DIRECT))]
ForPriority = Annotated[SignedIn, Depends(who_may(Right.PRIORITY))]
ForHall = Annotated[SignedIn, Depends(who_may(Right.HALL))]
ForAudit = Annotated[SignedIn, Depends(who_may(Right.AUDIT))]
ForSettings = Annotated[SignedIn, Depends(who_may(Right.SETTINGS))]
ForReception = Annotated[SignedIn, Depends(who_may(Right.RECEPTION))]
ForIntake = Annotated[SignedIn, Depends(who_may(Right.INTAKE))]
ForSlips = Annotated[SignedIn, Depends(who_may(Right.SLIPS))]
ClerkAtCounter = Annotated[AtCounter, Depends(at_counter)]


def peer(request: Request) -> str:
    return request.client.host if request.client else ""


def source(request: Request) -> str:
    """The address that asks; behind a proxy of this machine what that says, which names it last.

    This machine is one, by whichever of its sixteen million addresses it calls itself.
    """
    address = peer(request)
    if not is_loopback(address):
        return address
    named = ",".join(request.headers.getlist("x-forwarded-for")).rpartition(",")[2].strip()
    return HERE if not named or is_loopback(named) else named


def asker(request: Request, who: Visitor) -> str:
    """Whose tries are counted together: of a key, of an enrolled device wherever it is, of this
    machine; of everybody else by address. No one can use up those of another of these."""
    if who.key is not None:
        return who.key.actor
    if who.device is not None:
        return f"device:{who.device.digest}"
    return "here" if who.here else f"address:{source(request)}"


def is_here(request: Request, public_url: str | None) -> bool:
    """Whether the call comes from this machine itself, by a name of this machine.

    A page elsewhere whose name was re-pointed to 127.0.0.1 has its own name in Host, and what a
    proxy on this machine passes on bears a header that says so.
    """
    if not is_loopback(peer(request)) or any(name in request.headers for name in _FORWARDED):
        return False
    try:
        host = urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
    except ValueError:
        return False
    public = urlsplit(public_url).hostname if public_url else None
    return is_loopback(host) or (public is not None and host == public)


def bears_cookie(request: Request) -> bool:
    """Whether the call brings the cookie of a session or of a device, whatever that is worth."""
    ours = (cookie_name(request), device_cookie_name(request))
    return any(name in request.cookies for name in ours)


def cookie_name(request: Request) -> str:
    return "__Host-kiosk_session" if _is_tls(request) else "kiosk_session"


def device_cookie_name(request: Request) -> str:
    return "__Host-kiosk_device" if _is_tls(request) else "kiosk_device"


def give_cookie(request: Request, response: Response, token: str) -> None:
    _set_cookie(request, response, cookie_name(request), token)


def give_device_cookie(request: Request, response: Response, secret: str) -> None:
    _set_cookie(request, response, device_cookie_name(request), secret, _DEVICE_SECONDS)


def _set_cookie(
    request: Request, response: Response, name: str, value: str, seconds: int | None = None
) -> None:
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        path="/",
        secure=_is_tls(request),
        httponly=True,
        samesite="strict",
    )


def take_cookie(request: Request, response: Response) -> None:
    response.delete_cookie(
        cookie_name(request),
        path="/",
        secure=_is_tls(request),
        httponly=True,
        samesite="strict",
    )


def _check_site(request: Request) -> None:
    """Browsers tell from which page a call comes: by one header, old ones by another, which counts
    where a cookie would go along."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise Refused("other_site")
    if request.cookies:
        check_origin(request)


def check_origin(request: Request) -> None:
    """For a form that bears no token, also where no cookie comes along. Refused: other_site."""
    origin = request.headers.get("origin")
    if origin is None:
        return
    ours = {f"{request.url.scheme}://{request.headers.get('host', '')}"}
    if public_url := parts.of(request).centre.public_url:
        known = urlsplit(public_url)
        ours.add(f"{known.scheme}://{known.netloc}")
    if origin not in ours:
        raise Refused("other_site")


def _check_csrf(request: Request, signed_in: SignedIn) -> None:
    given = request.headers.get("x-csrf-token", "")
    if not hmac.compare_digest(given.encode(), signed_in.csrf_token.encode()):
        raise Refused("wrong_csrf_token")


def _is_tls(request: Request) -> bool:
    return bool(request.scope["scheme"] == "https")
