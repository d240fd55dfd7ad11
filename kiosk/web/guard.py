"""The outermost layer: body limit, security headers, HEAD, and no exception without its answer."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection

from kiosk.errors import Refused
from kiosk.web.methods import methods_at
from kiosk.web.refusals import bug, refuse, spoken_words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.responses import Response
    from starlette.routing import BaseRoute
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from kiosk.web.current import Current

log = logging.getLogger(__name__)

BODY_LIMIT: Final = 16 * 1024
SETTINGS_LIMIT: Final = 512 * 1024
"""As much as a whole kiosk.toml may be."""
SETTINGS_PATH: Final = "/api/settings"
DOSSIERS_LIMIT: Final = 8 * 1024 * 1024
"""What another program brings at once, some ten thousand dossiers."""
DOSSIERS_PATH: Final = "/api/dossiers"
_LIMITS: Final = {SETTINGS_PATH: SETTINGS_LIMIT, DOSSIERS_PATH: DOSSIERS_LIMIT}

HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self';"
    " font-src 'self'; img-src 'self'; media-src 'self'; connect-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


PUBLIC_HEADERS: Final = {
    **HEADERS,
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}
"""On the pages for everybody, whose addresses are told to no other site and no robot."""

Raw = Sequence[tuple[bytes, bytes]]


def raw(headers: Mapping[str, str]) -> Raw:
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]


STAFF: Final = raw(HEADERS)
PUBLIC: Final = raw(PUBLIC_HEADERS)


def secure(headers: MutableHeaders, strict_seconds: int, every: Raw = STAFF) -> None:
    """Puts the headers of every answer in; ``strict_seconds`` is 0 where it is not by TLS."""
    headers.setdefault("Cache-Control", "no-store")
    headers.raw.extend(every)
    if strict_seconds:
        headers["Strict-Transport-Security"] = f"max-age={strict_seconds}"


def _json(connection: HTTPConnection, code: str, current: Current) -> Response:
    words = spoken_words(connection, current.centre.languages)
    return bug(words) if code == "bug" else refuse(Refused(code), words)


class Guard:
    """Pure ASGI, so that a stream passes through untouched.

    ``strict_seconds`` says how long a browser that came by TLS shall come by nothing else; 0 for
    as it likes. To the ``routes`` HEAD is a GET; the server sends no body to who asked with HEAD.
    ``every`` stands on all answers; ``told`` makes those to "too_large" and "bug".
    """

    def __init__(
        self,
        app: ASGIApp,
        current: Current,
        strict_seconds: Callable[[], int],
        routes: Sequence[BaseRoute],
        every: Raw = STAFF,
        told: Callable[[HTTPConnection, str, Current], Response] = _json,
    ) -> None:
        self._app = app
        self._current = current
        self._strict_seconds = strict_seconds
        self._routes = routes
        self._every = every
        self._told = told

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if scope["method"] == "HEAD" and "HEAD" in methods_at(scope, self._routes):
            scope = {**scope, "method": "GET"}
        started = False
        received = 0
        most = _LIMITS.get(scope["path"], BODY_LIMIT)

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > most:
                raise HTTPException(413)
            return message

        async def secured(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                strict = self._strict_seconds() if scope["scheme"] == "https" else 0
                secure(MutableHeaders(scope=message), strict, self._every)
            await send(message)

        connection = HTTPConnection(scope)
        try:
            if _announced(connection) > most:
                answer = self._told(connection, "too_large", self._current)
                await answer(scope, receive, secured)
            else:
                await self._app(scope, counted, secured)
        except Exception:
            route = getattr(scope.get("route"), "path", "?")
            log.exception("bug in %s %s", scope["method"], route)
            if started:
                raise
            await self._told(connection, "bug", self._current)(scope, receive, secured)


def _announced(connection: HTTPConnection) -> int:
    length = connection.headers.get("content-length", "")
    return int(length) if length.isdecimal() else 0
