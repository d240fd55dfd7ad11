"""The pages for everybody, served alone: a dossier looked up, a ticket followed, and nothing else.

Whatever else is asked for is not there, in plain words: no page of staff, no call of ``/api``.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from kiosk.errors import Refused
from kiosk.web import emblem, files, follow, lookups
from kiosk.web.guard import PUBLIC, Guard
from kiosk.web.lanes import ShortLane
from kiosk.web.methods import methods_at
from kiosk.web.parts import Limits, Visitors

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from kiosk.web.current import Current

WAITING: Final = 50
"""Questions that wait for the store at most, of each kind: a tenth of a second's work."""

_FILES: Final = frozenset({"clerk.css", "follow.css", "follow.js", "lookup.css", "icon.svg"})

router = APIRouter(include_in_schema=False)


@router.get("/")
async def home() -> RedirectResponse:
    return RedirectResponse(lookups.PLACE.removeprefix("/"), 307)


@router.get("/healthz")
async def tell_alive() -> JSONResponse:
    """That it answers, and nothing about the office."""
    return JSONResponse({"status": "ok"})


@router.get("/static/{version}/{name:path}")
async def send_file(version: str, name: str, request: Request) -> Response:
    if name == "look.css":
        return await files.send_look(version, request)
    if name == "emblem":
        return await emblem.send_emblem(version, request)
    if name not in _FILES and not name.startswith("fonts/"):
        raise Refused("no_such_page")
    return await files.send_file(version, name)


def create_public_app(current: Current, strict_seconds: Callable[[], int] = lambda: 0) -> FastAPI:
    """The application; its threads live as long as the server that runs it."""

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        reader, searches = (ShortLane(f"public-{name}", WAITING) for name in ("read", "search"))
        app.state.parts = Visitors(current, reader, Limits(), searches)
        try:
            yield
        finally:
            for lane in (reader, searches):
                lane.close()

    app = FastAPI(
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=life,
        telemetry={"tracing": False, "metrics": False, "logs": False},
        routes=[*lookups.router.routes, *follow.router.routes, *router.routes],
    )

    @app.exception_handler(Refused)
    async def answer_known(request: Request, _: Refused) -> Response:
        return lookups.told_no(request, "no_page", current)

    @app.exception_handler(HTTPException)
    async def answer_status(request: Request, error: HTTPException) -> Response:
        known = {405: "wrong_method", 413: "too_large"}
        answer = lookups.told_no(request, known.get(error.status_code, "no_page"), current)
        if error.status_code == 405:
            answer.headers["Allow"] = ", ".join(methods_at(request.scope, app.routes))
        return answer

    app.add_middleware(
        Guard,
        current=current,
        strict_seconds=strict_seconds,
        routes=app.routes,
        every=PUBLIC,
        told=lookups.told_no,
    )
    return app
