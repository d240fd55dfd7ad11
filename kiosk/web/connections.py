"""One connection of the web: it has so long for each request, and its mistakes are told as JSON."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

if TYPE_CHECKING:
    import asyncio

    from starlette.responses import Response
    from starlette.types import Scope

HEAD_LIMIT: Final = 64 * 1024
"""Bytes of a request before its body."""

Refusal = Callable[[str, "Scope"], "Response"]
"""The answer with that code to what came of a request: its headers and query."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds for a request to come: for all before its body, the handshake of TLS likewise, and
    then for all of its body. However slowly it comes, it has no more."""

    head: float = 10.0
    body: float = 30.0


class Connection(HttpToolsProtocol):
    """Closes when a request does not come whole in time; an answer under way has all the time.

    A connection that waits for its next request is uvicorn's to close (``timeout_keep_alive``).
    """

    def __init__(self, patience: Patience, refusal: Refusal, **facts: Any) -> None:
        super().__init__(**facts)
        self._patience = patience
        self._refusal = refusal
        self._in_body = False
        self._head_bytes = 0
        self._awaited: Literal["head", "body"] | None = None
        self._limit: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._await(self._missing())

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        missing = self._missing()
        if missing != self._awaited:
            self._await(missing)
        self._head_bytes = self._head_bytes + len(data) if missing == "head" else 0
        if self._head_bytes > HEAD_LIMIT:
            self._refuse("too_large")

    def connection_lost(self, exc: Exception | None) -> None:
        self._await(None)
        super().connection_lost(exc)

    def on_headers_complete(self) -> None:
        self._in_body = True
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._in_body = False
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """Called for what is no HTTP."""
        self._refuse("not_http")

    def _missing(self) -> Literal["head", "body"] | None:
        """What the other side owes us now."""
        if self.transport.is_closing():
            return None
        if self._in_body:
            return "body"
        return "head" if self.cycle is None or self.cycle.response_complete else None

    def _await(self, part: Literal["head", "body"] | None) -> None:
        if self._limit is not None:
            self._limit.cancel()
        self._awaited, self._limit = part, None
        if part is not None:
            seconds = self._patience.head if part == "head" else self._patience.body
            self._limit = self.loop.call_later(seconds, self._expire)

    def _expire(self) -> None:
        if self._in_body and self.flow.read_paused:
            # It is the application that does not take what came.
            self._await("body")
        elif self._in_body and not self.cycle.response_complete:
            self._refuse("too_slow", self.scope["query_string"])
        else:
            self.transport.abort()

    def _refuse(self, code: str, query: bytes = b"") -> None:
        """In the midst of an answer there is nothing left to say."""
        if self.cycle and self.cycle.response_started and not self.cycle.response_complete:
            self.transport.abort()
            return
        told = {"type": "http", "headers": self.headers or [], "query_string": query}
        answer = self._refusal(code, told)
        headers = [
            *self.server_state.default_headers,
            *answer.raw_headers,
            (b"connection", b"close"),
        ]
        lines = [name + b": " + value + b"\r\n" for name, value in headers]
        status = STATUS_LINE[answer.status_code]
        self.transport.write(b"".join([status, *lines, b"\r\n", bytes(answer.body)]))
        self.transport.close()
