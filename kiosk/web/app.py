"""The web application of one kiosk."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from kiosk.errors import Refused, Unavailable
from kiosk.web import (
    api,
    appointments,
    boards,
    counters,
    displays,
    dossiers,
    emblem,
    files,
    follow,
    hall,
    health,
    incoming,
    insight,
    intake,
    jobs,
    office,
    pages,
    parts,
    procedures,
    ratings,
    reception,
    session,
    settings,
    staff_pages,
)
from kiosk.web.current import Current
from kiosk.web.guard import Guard
from kiosk.web.keyring import Keyring
from kiosk.web.methods import methods_at
from kiosk.web.metrics import Calls, Counting
from kiosk.web.openapi import Described
from kiosk.web.refusals import malformed, refuse, refuse_status, spoken_words

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from fastapi import FastAPI, Request
    from fastapi.responses import JSONResponse

    from kiosk.health import Trouble
    from kiosk.office.centre import Centre

_ROUTED: Final = (
    counters,
    api,
    session,
    appointments,
    jobs,
    hall,
    ratings,
    displays,
    boards,
    reception,
    insight,
    settings,
    dossiers,
    incoming,
    procedures,
    intake,
    office,
    health,
    pages,
    staff_pages,
    follow,
    emblem,
    files,
)


def create_app(
    office: Centre | Current,
    trouble: Callable[[], Trouble | None] = lambda: None,
    strict_seconds: Callable[[], int] = lambda: 0,
) -> FastAPI:
    """The application; its threads live as long as the server that runs it."""
    current = office if isinstance(office, Current) else Current(office)
    calls = Calls()

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        shared = parts.build(current, trouble, calls)
        app.state.parts = shared
        shared.feed.open()
        shared.copies.open()
        try:
            yield
        finally:
            shared.close()

    app = Described(
        title="Motcua kiosk",
        version="1",
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=life,
        telemetry={"tracing": False, "metrics": False, "logs": False},
        # As one list: FastAPI searches an included router twice at each call.
        routes=[route for module in _ROUTED for route in module.router.routes],
    )

    @app.exception_handler(Refused)
    @app.exception_handler(Unavailable)
    async def answer_known(request: Request, error: Refused | Unavailable) -> JSONResponse:
        words = spoken_words(request, current.centre.languages)
        to_clerk = request.scope.get("route") in counters.router.routes
        return refuse(error, words, current.centre.wall(), to_clerk=to_clerk)

    @app.exception_handler(RequestValidationError)
    async def answer_malformed(request: Request, error: RequestValidationError) -> JSONResponse:
        words = spoken_words(request, current.centre.languages)
        return refuse(malformed(error, request.scope["route"]), words)

    @app.exception_handler(HTTPException)
    async def answer_status(request: Request, error: HTTPException) -> JSONResponse:
        answer = refuse_status(error.status_code, spoken_words(request, current.centre.languages))
        answer.headers.update(error.headers or {})
        if error.status_code == 405:
            answer.headers["Allow"] = ", ".join(methods_at(request.scope, app.routes))
        return answer

    app.add_middleware(Keyring, routes=app.routes)
    app.add_middleware(Guard, current=current, strict_seconds=strict_seconds, routes=app.routes)
    app.add_middleware(Counting, calls=calls)
    return app
