"""A mail server: real SMTP on a real socket, with STARTTLS and a sign-in, that fails on request."""

from __future__ import annotations

import base64
import email
import email.policy
import socketserver
import ssl
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage
    from pathlib import Path

USER, PASSWORD = "kiosk", "mật khẩu rất dài"


@dataclass
class Mailbox:
    """``got`` are the messages taken, ``to`` their addressees; ``refuses`` is the command that is
    answered with 550, ``offers`` what the server can."""

    port: int = 0
    got: list[EmailMessage] = field(default_factory=list)
    to: list[list[str]] = field(default_factory=list)
    secure: list[bool] = field(default_factory=list)
    offers: tuple[str, ...] = ("STARTTLS", "AUTH PLAIN")
    refuses: str = ""
    certificate: tuple[Path, Path] | None = None

    def text(self, at: int = -1) -> str:
        return self.got[at].get_content()


class _Handler(socketserver.StreamRequestHandler):
    server: _Server
    timeout = 20

    def handle(self) -> None:
        box = self.server.box
        to: list[str] = []
        secure = False
        self._say("220 box ready")
        while line := self.rfile.readline():
            verb, _, rest = line.decode().strip().partition(" ")
            if box.refuses and line.decode().upper().startswith(box.refuses):
                self._say("550 no")
                continue
            match verb.upper():
                case "EHLO":
                    offers = [one for one in box.offers if not (secure and one == "STARTTLS")]
                    for one in ("box", *offers[:-1]):
                        self._say(f"250-{one}")
                    self._say(f"250 {offers[-1] if offers else 'HELP'}")
                case "STARTTLS" if box.certificate:
                    self._say("220 go on")
                    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                    context.load_cert_chain(*box.certificate)
                    self.connection = context.wrap_socket(self.connection, server_side=True)
                    self.rfile = self.connection.makefile("rb")
                    self.wfile = self.connection.makefile("wb", buffering=0)
                    secure = True
                case "AUTH":
                    known = base64.b64decode(rest.partition(" ")[2]).decode().split("\0")
                    self._say("235 ok" if known == ["", USER, PASSWORD] else "535 no")
                case "RCPT":
                    to.append(rest.partition(":")[2].strip("<>"))
                    self._say("250 ok")
                case "DATA":
                    self._say("354 go on")
                    whole = b"".join(iter(self.rfile.readline, b".\r\n"))
                    box.got.append(email.message_from_bytes(whole, policy=email.policy.default))
                    box.to.append(to)
                    box.secure.append(secure)
                    to = []
                    self._say("250 taken")
                case "QUIT":
                    self._say("221 bye")
                    return
                case _:
                    self._say("250 ok")

    def finish(self) -> None:
        super().finish()
        # After STARTTLS it is another one than the server's own.
        self.connection.close()

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    box: Mailbox

    def handle_error(self, *_: object) -> None:
        """A client that hangs up is what some tests are about."""


@contextmanager
def receiving_mail(box: Mailbox) -> Iterator[Mailbox]:
    """Runs one, anew at the same port where it had run before."""
    server = _Server(("127.0.0.1", box.port), _Handler)
    server.box = box
    box.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield box
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
