"""Setup as a page in this machine's own browser: served on loopback, to one browser, and gone when
it is done.

The address that the terminal tells opens once, and gives that browser a cookie; nobody else on the
machine gets in. Forms alone, no script; each form bears a token besides.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import secrets
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import parse_qsl

import typer
from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from kiosk.errors import Refused, Unavailable
from kiosk.look import Look, css, palettes
from kiosk.loopback import HERE
from kiosk.mistakes import BadConfig
from kiosk.processes import DONE, REFUSED
from kiosk.setup.form import Form, Walk
from kiosk.setup.keeping import end_lines, keep
from kiosk.setup.machine import numbers
from kiosk.setup.terminal import told_answer
from kiosk.texts import languages, texts, told_to_technician
from kiosk.web.connections import Patience
from kiosk.web.files import address_of, send_file
from kiosk.web.guard import Guard, secure
from kiosk.web.rendering import templates
from kiosk.web.server import serve_app
from kiosk.web.sockets import listen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from starlette.requests import HTTPConnection
    from starlette.types import Scope

    from kiosk.setup.machine import Numbers
    from kiosk.setup.sitting import Sitting
    from kiosk.texts import Texts
    from kiosk.web.current import Current

log = logging.getLogger(__name__)

COOKIE: Final = "kiosk-setup"
END_SECONDS: Final = 2.0
"""How long the page is still served when all is done: the last one has a style to fetch."""
_FILES: Final = frozenset({"clerk.css", "setup.css", "icon.svg"})


class _Dress:
    """What a page asks of an office, while there is none."""

    look = Look()


class Door:
    """Who may come in: the first who has the token, and then who has the cookie."""

    def __init__(self) -> None:
        self.token = secrets.token_urlsafe(24)
        self.csrf = secrets.token_urlsafe(24)
        self._cookie = secrets.token_urlsafe(24)
        self._used = False

    def opens(self, token: str) -> bool:
        if self._used or not hmac.compare_digest(token.encode(), self.token.encode()):
            return False
        self._used = True
        return True

    def let_in(self, answer: Response) -> None:
        answer.set_cookie(COOKIE, self._cookie, httponly=True, samesite="strict", path="/setup")

    def knows(self, request: Request) -> bool:
        given = request.cookies.get(COOKIE, "")
        return hmac.compare_digest(given.encode(), self._cookie.encode())


class Page:
    """The routes of one run. Whatever blocks runs beside the loop, one thing after the other."""

    def __init__(self, walk: Walk, door: Door, stop: threading.Event) -> None:
        self.walk = walk
        self.written = False
        self._door = door
        self._stop = stop
        self._one = asyncio.Lock()
        self.ending: tuple[list[str], list[str]] = ([], [])
        router = self.router = APIRouter(include_in_schema=False)
        router.add_api_route("/setup", self._enter, methods=["GET"])
        router.add_api_route("/setup/summary", self._summary, methods=["GET"])
        router.add_api_route("/setup/write", self._write, methods=["POST"])
        router.add_api_route("/setup/{step}", self._show, methods=["GET"])
        router.add_api_route("/setup/{step}", self._take, methods=["POST"])
        router.add_api_route("/static/{version}/{name:path}", self._send, methods=["GET"])

    @property
    def words(self) -> Texts:
        return self.walk.sitting.words

    async def _enter(self, request: Request) -> Response:
        token = request.query_params.get("token")
        if token is None:
            self._check(request)
            return RedirectResponse(self._here(), 303)
        if not self._door.knows(request) and not self._door.opens(token):
            raise Refused("setup_closed")
        answer = RedirectResponse(self._here(), 303)
        self._door.let_in(answer)
        return answer

    async def _show(self, step: str, request: Request) -> Response:
        self._check(request)
        self._speak(request)
        if step not in self.walk.open_steps():
            return RedirectResponse(self._here(), 303)
        async with self._one:
            form = await asyncio.to_thread(self.walk.shown, step)
        return self._step(step, form)

    async def _take(self, step: str, request: Request) -> Response:
        given = await self._form(request)
        if step not in self.walk.open_steps():
            return RedirectResponse(self._here(), 303)
        async with self._one:
            form = await asyncio.to_thread(self.walk.taken, step, given)
        if form is None:
            return RedirectResponse(self._here(), 303)
        return self._step(step, form, 422 if form.has_wrong else 200)

    async def _summary(self, request: Request) -> Response:
        self._check(request)
        self._speak(request)
        if self.walk.next_step() is not None:
            return RedirectResponse(self._here(), 303)
        return self._told_summary()

    async def _write(self, request: Request) -> Response:
        await self._form(request)
        if self.written:
            return self._told_end()
        if self.walk.next_step() is not None:
            return RedirectResponse(self._here(), 303)
        async with self._one:
            try:
                kept = await asyncio.to_thread(keep, self.walk.sitting)
            except BadConfig as bad:
                told = "; ".join(problem.told(self.words) for problem in bad.problems)
                return self._told_summary(told, 422)
            except (Refused, Unavailable) as error:
                return self._told_summary(told_to_technician(error, self.words), 422)
        self.written = True
        self.ending = (end_lines(kept, self.words), list(kept.short))
        asyncio.get_running_loop().call_later(END_SECONDS, self._stop.set)
        return self._told_end()

    async def _send(self, version: str, name: str) -> Response:
        if name == "look.css":
            return Response(css(palettes(_Dress.look)), media_type="text/css; charset=utf-8")
        if name not in _FILES and not name.startswith("fonts/"):
            raise Refused("no_such_page")
        return await send_file(version, name)

    def _here(self) -> str:
        return f"/setup/{self.walk.next_step() or 'summary'}"

    def _speak(self, request: Request) -> None:
        wanted = request.query_params.get("lang", "")
        if wanted in languages() and wanted != self.words.language:
            self.walk.speak(texts(wanted))

    def _check(self, request: Request) -> None:
        """Also by the host's name: a site elsewhere may have its name lead to this machine."""
        host, _, _ = request.headers.get("host", "").partition(":")
        if host not in (HERE, "localhost"):
            raise Refused("other_site")
        if not self._door.knows(request):
            raise Refused("setup_closed")

    async def _form(self, request: Request) -> dict[str, list[str]]:
        self._check(request)
        origin = request.headers.get("origin")
        if origin is not None and origin != f"http://{request.headers.get('host', '')}":
            raise Refused("other_site")
        found: dict[str, list[str]] = {}
        body = (await request.body()).decode(errors="replace")
        for name, value in parse_qsl(body, keep_blank_values=True, max_num_fields=1000):
            found.setdefault(name, []).append(value)
        token = found.pop("csrf", [""])[0]
        if not hmac.compare_digest(token.encode(), self._door.csrf.encode()):
            raise Refused("wrong_csrf_token")
        return found

    def _step(self, step: str, form: Form, status: int = 200) -> HTMLResponse:
        title = self.words.say(f"setup.step.{step}")
        facts = {
            "here": step,
            "csrf": self._door.csrf,
            "items": form.items,
            "notes": form.notes,
            "alert": form.alert,
            "finds": form.finds,
            "code": form.code,
        }
        return self._page("step", title, facts, status)

    def _told_summary(self, alert: str = "", status: int = 200) -> HTMLResponse:
        sitting = self.walk.sitting
        told = [
            (step, [
                (question.label, told_answer(question, sitting.answers.get(question.id)))
                for question in sitting.questions(step)
                if not question.trial and question.kind != "yes_no"
            ])
            for step in self.walk.steps
        ]  # fmt: skip
        facts = {
            "here": "summary",
            "csrf": self._door.csrf,
            "summary": told,
            "path": str(sitting.path.absolute()),
            "alert": alert,
        }
        return self._page("summary", self.words.say("setup.summary"), facts, status)

    def _told_end(self) -> HTMLResponse:
        lines, short = self.ending
        facts = {"here": "end", "lines": [one for one in lines if one], "alert": "; ".join(short)}
        key = "setup.page.done_short" if short else "setup.page.done"
        return self._page("end", self.words.say(key), facts)

    def _page(
        self, kind: str, title: str, facts: Mapping[str, Any], status: int = 200
    ) -> HTMLResponse:
        return HTMLResponse(
            rendered(self.words, kind, title, self.walk.steps, self.walk.sitting.done, facts),
            status,
        )


def rendered(
    words: Texts,
    kind: str,
    title: str,
    steps: tuple[str, ...],
    done: list[str],
    facts: Mapping[str, Any],
) -> str:
    others = [
        (code, texts(code).say("language.name")) for code in languages() if code != words.language
    ]
    shared = {
        "centre": _Dress,
        "words": words,
        "asset": address_of,
        "other_languages": others if kind != "end" else [],
        "page": "{}",
        "script": None,
        "kind": kind,
        "title": title,
        "steps": steps if kind != "end" else (),
        "done": done,
        "alert": "",
    }
    return templates().get_template("setup.html").render({**shared, **facts})


def create_setup_app(page: Page) -> FastAPI:
    app = FastAPI(
        openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False,
        telemetry={"tracing": False, "metrics": False, "logs": False},
        routes=page.router.routes,
    )  # fmt: skip

    def told(_: HTTPConnection | None, code: str, __: Current | None = None) -> HTMLResponse:
        """A "no" as a page; there is no office whose page it could be."""
        words = page.words
        facts = {"here": "end", "lines": [words.say(f"refused.{code}")]}
        title = words.say("setup.page.no")
        statuses = {"too_large": 413, "no_such_page": 404, "wrong_method": 405, "bug": 500}
        return HTMLResponse(rendered(words, "end", title, (), [], facts), statuses.get(code, 403))

    @app.exception_handler(Refused)
    async def answer_known(_: Request, error: Refused) -> HTMLResponse:
        return told(None, error.code)

    @app.exception_handler(HTTPException)
    async def answer_status(_: Request, error: HTTPException) -> HTMLResponse:
        known = {404: "no_such_page", 405: "wrong_method", 413: "too_large"}
        return told(None, known.get(error.status_code, "no_such_page"))

    app.add_middleware(
        Guard, current=cast("Current", None), strict_seconds=_never, routes=app.routes, told=told
    )
    return app


def _never() -> int:
    return 0


@contextmanager
def opened(sitting: Sitting, steps: tuple[str, ...], shown: Numbers) -> Iterator[Opened]:
    """The page on a free port of loopback, not served yet."""
    door, stop = Door(), threading.Event()
    page = Page(Walk(sitting, steps, shown), door, stop)
    listener = listen(HERE, 0)
    port = listener.getsockname()[1]
    try:
        yield Opened(page, door, stop, f"http://{HERE}:{port}/setup?token={door.token}",
                     lambda started: _serve(page, listener, stop, started))  # fmt: skip
    finally:
        listener.close()


class Opened:
    def __init__(
        self,
        page: Page,
        door: Door,
        stop: threading.Event,
        address: str,
        serve: Callable[[Callable[[], None]], None],
    ) -> None:
        self.page, self.door, self.stop, self.address, self.serve = page, door, stop, address, serve


def _serve(page: Page, listener: Any, stop: threading.Event, started: Callable[[], None]) -> None:
    def refusal(code: str, _: Scope) -> Response:
        answer = Response(page.words.say(f"refused.{code}"), 400, media_type="text/plain")
        secure(answer.headers, 0)
        return answer

    app = create_setup_app(page)
    serve_app(app, listener, refusal, stop=stop, started=started, patience=Patience())


def run_page(sitting: Sitting, steps: tuple[str, ...]) -> int:
    """Serves until it is written, or Ctrl-C; returns the exit code."""
    words = sitting.words
    with numbers() as shown, opened(sitting, steps, shown) as ready:
        _, _, port = ready.address.partition(f"{HERE}:")
        port = port.partition("/")[0]
        typer.echo(words.say("setup.page.open", url=ready.address))
        typer.echo(words.say("setup.page.ssh", port=port))
        ready.serve(lambda: None)
        if not ready.page.written:
            typer.echo(words.say("setup.stopped", path=sitting.path))
            return REFUSED
        lines, short = ready.page.ending
        for line in (*lines, *short):
            typer.echo(line)
    return REFUSED if short else DONE
