"""A program that takes webhooks: a real HTTP server that fails on request."""

from __future__ import annotations

import json
import ssl
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Answer = Callable[["Handler"], None]


@dataclass
class Got:
    """One request as it came, whatever was answered."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def told(self) -> dict[str, Any]:
        return dict(json.loads(self.body))

    @property
    def seq(self) -> int:
        return int(self.told["seq"])


@dataclass
class Receiver:
    """``got`` is all that came, ``taken`` what was answered with 200; ``answer`` says how."""

    url: str = ""
    got: list[Got] = field(default_factory=list)
    taken: list[Got] = field(default_factory=list)
    answer: Answer | None = None
    port: int = 0

    def seqs(self) -> list[int]:
        return [got.seq for got in self.taken]

    def kinds(self) -> list[str]:
        return [got.told["event"] for got in self.taken]


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        got = Got(self.path, dict(self.headers), body)
        receiver = self.server.receiver
        receiver.got.append(got)
        if receiver.answer is not None:
            receiver.answer(self)
            return
        receiver.taken.append(got)
        self.say(200, b"taken")

    def say(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    receiver: Receiver

    def handle_error(self, *_: object) -> None:
        """A kiosk that hangs up is what some tests are about."""


@contextmanager
def receiving(
    receiver: Receiver | None = None, certificate: Path | None = None
) -> Iterator[Receiver]:
    """Runs one, anew at the same port where it had run before; with a certificate over TLS."""
    receiver = receiver or Receiver()
    server = Server(("127.0.0.1", receiver.port), Handler)
    server.receiver = receiver
    receiver.port = server.server_address[1]
    scheme = "http"
    if certificate is not None:
        scheme = "https"
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
    receiver.url = receiver.url or f"{scheme}://127.0.0.1:{receiver.port}/kiosk?hall=1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
