"""The stream of changes: heard all the time, and asked for again whenever it falls silent."""

from __future__ import annotations

import json
import random
import threading
from contextlib import closing
from http.client import HTTPException
from typing import TYPE_CHECKING, Any, Final

from kiosk.counter.client import wake, why

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator, Mapping
    from http.client import HTTPResponse

    from kiosk.counter.client import Client

SILENCE_SECONDS: Final = 15.0
"""The server says something every ten seconds."""
PAUSES: Final = (0.5, 1.0, 2.0, 4.0)
READ_BYTES: Final = 65536

BEGUN: Final = "begun"
LOST: Final = "lost"
OVER: Final = "over"
"""What is told beside the server's own events: a connection that answered; none, with ``why``; and
a session that the server does not know, with its ``code``."""


class Events:
    """Cuts a stream of server-sent events; ``feed`` gives the whole ones, comments as ""."""

    def __init__(self) -> None:
        self._rest = b""
        self._name = ""
        self._data: list[str] = []

    def feed(self, data: bytes) -> Iterator[tuple[str, str]]:
        *lines, self._rest = (self._rest + data).split(b"\n")
        for raw in lines:
            line = raw.removesuffix(b"\r").decode("utf-8", "replace")
            field, _, value = line.partition(":")
            value = value.removeprefix(" ")
            if line.startswith(":"):
                yield "", ""
            elif field == "event":
                self._name = value
            elif field == "data":
                self._data.append(value)
            elif not line:
                name, said = self._name, "\n".join(self._data)
                self._name, self._data = "", []
                if name:
                    yield name, said


class Changes:
    """One thread that hears the stream; ``hear`` is called on it, with a name and what it says."""

    def __init__(self, client: Client, hear: Callable[[str, Mapping[str, Any]], None]) -> None:
        self._client = client
        self._hear = hear
        self._stop = threading.Event()
        self._hurry = threading.Event()
        self._wanted = threading.Event()
        self._lock = threading.Lock()
        self._sock: socket.socket | None = None
        self._thread = threading.Thread(target=self._run, name="counter-changes")
        self._thread.start()

    def follow(self) -> None:
        """Begins, or begins anew at once: what is said from then on is the state by now."""
        self._wanted.set()
        self._hurry.set()
        self._wake()

    def rest(self) -> None:
        """Hears nothing until ``follow``."""
        self._wanted.clear()
        self._wake()

    def close(self) -> None:
        self._stop.set()
        self.follow()
        self._thread.join()

    def _wake(self) -> None:
        with self._lock:
            if self._sock is not None:
                wake(self._sock)

    def _run(self) -> None:
        failures = 0
        while True:
            self._wanted.wait()
            if self._stop.is_set():
                return
            self._hurry.clear()
            try:
                lost = self._listen()
                failures = 0
            except (OSError, HTTPException, ValueError) as error:
                lost = why(error)
            if lost is None or self._hurry.is_set() or not self._wanted.is_set():
                continue
            self._hear(LOST, {"why": lost})
            pause = PAUSES[min(failures, len(PAUSES) - 1)]
            failures += 1
            # A server that is back is not asked by all counters in the same moment.
            self._hurry.wait(pause * random.uniform(0.75, 1.25))  # noqa: S311 (no secret)

    def _listen(self) -> str | None:
        """Hears until the stream ends, and says why it did; None when nobody wants it any more."""
        with closing(self._client.open("GET", "/api/changes")) as connection:
            sock = connection.sock
            assert sock is not None
            sock.settimeout(SILENCE_SECONDS)
            with self._lock:
                self._sock = sock
            try:
                if self._hurry.is_set():
                    return None
                return self._hear_all(connection.getresponse())
            finally:
                with self._lock:
                    self._sock = None

    def _hear_all(self, answer: HTTPResponse) -> str | None:
        if answer.status != 200:
            return self._refused(answer.status, answer.read(READ_BYTES))
        self._hear(BEGUN, {})
        events = Events()
        while data := answer.read1(READ_BYTES):
            for name, said in events.feed(data):
                if not self._wanted.is_set():
                    return None
                self._hear(name, json.loads(said) if said else {})
                if name == "signed-out":
                    self._wanted.clear()
                    return None
        return "cut"

    def _refused(self, status: int, body: bytes) -> str | None:
        """A session that is over is asked for no more; any other "no" may pass."""
        said = json.loads(body)
        code = str(said.get("code", "")) if isinstance(said, dict) else ""
        if status == 401:
            self._wanted.clear()
            self._hear(OVER, {"code": code})
            return None
        return "busy" if status >= 500 else "not_ours"
