"""The keys of other programs: read before anything else, and shut out of all that is not theirs.

A call without ``Authorization`` passes through as if none of this were here. One that bears it is
that key's call or nobody's: it has no power of this machine, of a device or of a session.
"""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from starlette.requests import Request
from starlette.routing import Match

from kiosk.errors import Refused, Unavailable
from kiosk.office import keys
from kiosk.web import access, parts
from kiosk.web.described import scope_of
from kiosk.web.refusals import refuse, spoken_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.routing import BaseRoute
    from starlette.types import ASGIApp, Receive, Send
    from starlette.types import Scope as Connection

    from kiosk.office.keys import Key
    from kiosk.rights import Scope

_HEADER: Final = b"authorization"
_SCHEME: Final = "bearer "


class Keyring:
    """Pure ASGI, so that a stream passes through untouched.

    ``routes`` are all of the application; a key opens those that ``described.opened_by`` marks.
    """

    def __init__(self, app: ASGIApp, routes: Sequence[BaseRoute]) -> None:
        self._app = app
        self._opened = [(route, scope) for route in routes if (scope := scope_of(route))]
        self._noted: dict[str, float] = {}

    async def __call__(self, scope: Connection, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            given = [value for name, value in scope["headers"] if name == _HEADER]
            if given:
                request = Request(scope)
                try:
                    scope[access.KEY] = await self._allowed(request, given)
                except (Refused, Unavailable) as error:
                    centre = parts.of(request).centre
                    words = spoken_words(request, centre.languages)
                    await refuse(error, words, centre.wall())(scope, receive, send)
                    return
        await self._app(scope, receive, send)

    async def _allowed(self, request: Request, given: Sequence[bytes]) -> Key:
        """Refused: wrong_key, key_and_cookie, too_many_calls, key_scope, no_key_here."""
        shared = parts.of(request)
        sent = given[0].decode("latin-1")
        if len(given) > 1 or sent[: len(_SCHEME)].lower() != _SCHEME:
            raise Refused("wrong_key")
        secret = sent[len(_SCHEME) :].strip()
        known = await shared.reader.run(lambda: keys.key(shared.centre, secret))
        if known is None:
            raise Refused("wrong_key")
        if access.bears_cookie(request):
            raise Refused("key_and_cookie")
        shared.limits.calls_of_key.take(known.name)
        wanted = self._wanted(request)
        if wanted is None:
            raise Refused("no_key_here")
        if wanted not in known.scopes:
            raise Refused("key_scope", scope=wanted.value)
        await self._note(shared, known)
        return known

    def _wanted(self, request: Request) -> Scope | None:
        """The scope that opens the call; None for one that no key opens."""
        for route, scope in self._opened:
            if route.matches(request.scope)[0] is Match.FULL:
                return scope
        return None

    async def _note(self, shared: parts.Parts, known: Key) -> None:
        """That it is used, once an hour; a store that cannot be written keeps nobody out, and is
        not asked again at each call."""
        now = time.monotonic()
        seconds = keys.NOTED_EVERY.total_seconds()
        if now - self._noted.get(known.digest, now - seconds) < seconds:
            return
        self._noted[known.digest] = now
        with suppress(Unavailable, Refused):
            if not keys.is_noted(known, shared.centre.wall()):
                await shared.writer.run(lambda: keys.note_use(shared.centre, known))
