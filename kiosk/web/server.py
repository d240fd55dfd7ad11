"""The web server of one kiosk: one process, one event loop, stopped quickly and in order."""

from __future__ import annotations

import asyncio
import logging
import signal
import threading
from contextlib import contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, Final

import uvicorn
from starlette.requests import HTTPConnection

from kiosk.errors import Refused
from kiosk.life import BEAT_SECONDS, MIGRATION_SECONDS, Life
from kiosk.web.app import create_app
from kiosk.web.connections import Connection, Patience
from kiosk.web.current import Current
from kiosk.web.guard import STAFF, Raw, secure
from kiosk.web.refusals import refuse, spoken_words
from kiosk.web.sockets import listen

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator

    from fastapi import FastAPI
    from fastapi.responses import JSONResponse
    from starlette.types import Scope

    from kiosk.health import Trouble
    from kiosk.office.centre import Centre
    from kiosk.web.certificate import Certificate
    from kiosk.web.connections import Refusal

log = logging.getLogger(__name__)

GRACE_SECONDS: Final = 2
LOOP_SECONDS: Final = 10.0
"""The event loop beats twice a second; on a full machine it stands behind everything else."""


class _Server(uvicorn.Server):
    """Ends the open event streams before it waits for them, and dies of no signal.

    A certificate is looked at while it serves, on its own loop: connections are made there too.
    The listeners are opened here, for uvicorn would wait a minute for each handshake.
    """

    def __init__(
        self,
        config: uvicorn.Config,
        started: Callable[[], None],
        ending: Callable[[], None],
        certificate: Certificate | None,
        patience: Patience,
        refusal: Refusal,
        beat: Callable[[], None],
    ) -> None:
        super().__init__(config)
        self._beat = beat
        self._patience = patience
        self._refusal = refusal
        self._told_started = started
        self._tell_ending = ending
        self._certificate = certificate
        self._keeping: asyncio.Task[None] | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=[])
        if self.started:
            for listener in sockets or []:
                self.servers.append(await self._open(listener))
            if self._certificate is not None:
                self._keeping = asyncio.create_task(self._certificate.keep())
                self._keeping.add_done_callback(self._end)
            self._told_started()
            self._live(asyncio.get_running_loop())

    def _live(self, loop: asyncio.AbstractEventLoop) -> None:
        self._beat()
        loop.call_later(BEAT_SECONDS, self._live, loop)

    async def _open(self, listener: socket.socket) -> asyncio.Server:
        return await asyncio.get_running_loop().create_server(
            lambda: Connection(
                self._patience,
                self._refusal,
                config=self.config,
                server_state=self.server_state,
                app_state=self.lifespan.state,
            ),
            sock=listener,
            ssl=self.config.ssl,
            backlog=self.config.backlog,
            ssl_handshake_timeout=self._patience.head if self.config.ssl else None,
        )

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._tell_ending()
        await super().shutdown(sockets)
        # Who came while the others were ended has heard nothing of it.
        await _some_turns()
        for late in list(self.server_state.connections):
            late.transport.abort()
        await _some_turns()
        if self._keeping is not None:
            self._keeping.cancel()
            with suppress(asyncio.CancelledError):
                await self._keeping

    def _end(self, keeping: asyncio.Task[None]) -> None:
        """It ends before the server only by a bug, which ``shutdown`` raises."""
        self.should_exit = True

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {
            number: signal.signal(number, self.handle_exit)
            for number in (signal.SIGINT, signal.SIGTERM)
        }
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def serve(
    office: Centre | Current,
    host: str,
    port: int,
    *,
    listener: socket.socket | None = None,
    stop: threading.Event | None = None,
    life: Life | None = None,
    started: Callable[[], None] = lambda: None,
    trouble: Callable[[], Trouble | None] = lambda: None,
    certificate: Certificate | None = None,
    patience: Patience | None = None,
) -> None:
    """Serves until SIGTERM, SIGINT or ``stop``; raises as ``listen`` before anything starts.

    ``listener`` is a socket of ``listen`` made beforehand; ``started`` is called once the first
    call would be answered. ``trouble`` gives what keeps the store from being written. With a
    ``certificate`` it speaks TLS only. ``patience`` is how long a request may take to come.
    """
    listener = listener or listen(host, port)
    current = office if isinstance(office, Current) else Current(office)
    strict_seconds = certificate.strict_seconds if certificate else lambda: 0
    app = create_app(current, trouble, strict_seconds)
    serve_app(
        app,
        listener,
        partial(refusal, current, strict_seconds),
        stop=stop,
        life=life,
        started=started,
        ending=lambda: app.state.parts.feed.end_streams(),
        certificate=certificate,
        patience=patience or Patience(),
    )


def serve_app(
    app: FastAPI,
    listener: socket.socket,
    refusal: Refusal,
    *,
    stop: threading.Event | None = None,
    life: Life | None = None,
    started: Callable[[], None] = lambda: None,
    ending: Callable[[], None] = lambda: None,
    certificate: Certificate | None = None,
    patience: Patience,
    idle_seconds: int = 30,
) -> None:
    """Serves until SIGTERM, SIGINT or ``stop``. ``ending`` is called before the connections are
    waited for; one without a request is closed after ``idle_seconds``. The loop is a part of
    ``life``."""
    life = life or Life()
    config = uvicorn.Config(
        app,
        http=Connection,
        loop="asyncio",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        timeout_keep_alive=idle_seconds,
        ws="none",
        lifespan="on",
        ssl_context_factory=(lambda *_: certificate.context) if certificate else None,
    )
    scheme = "https" if certificate else "http"
    log.info("the web answers at %s port %d by %s", *listener.getsockname()[:2], scheme)

    def begun() -> None:
        life.ready()
        started()

    # What the first answers are made of may wait for a store that is brought up to date.
    with life.part("loop", LOOP_SECONDS, MIGRATION_SECONDS) as part:
        server = _Server(config, begun, ending, certificate, patience, refusal, part.beat)
        if stop is not None:
            threading.Thread(
                target=_watch, args=(server, stop), name="web-stop", daemon=True
            ).start()
        server.run(sockets=[listener])


async def _some_turns() -> None:
    """Lets the event loop make and end the connections that it has in hand."""
    for _ in range(10):
        await asyncio.sleep(0)


def refusal(
    current: Current,
    strict_seconds: Callable[[], int],
    code: str,
    scope: Scope,
    every: Raw = STAFF,
) -> JSONResponse:
    """The answer with that code to what came of a request."""
    answer = refuse(Refused(code), spoken_words(HTTPConnection(scope), current.centre.languages))
    secure(answer.headers, strict_seconds(), every)
    return answer


def _watch(server: uvicorn.Server, stop: threading.Event) -> None:
    stop.wait()
    server.should_exit = True
