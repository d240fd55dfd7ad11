"""One POST to another program: with a deadline, no redirect, and little of its answer read.

The standard library's client alone waits anew for each byte that trickles in.
"""

from __future__ import annotations

import io
import socket
import ssl
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from http.client import HTTPConnection, HTTPException
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from kiosk.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Mapping

CONNECT_SECONDS: Final = 5.0
ANSWER_SECONDS: Final = 10.0
"""From the beginning to the end of the answer's headers."""

READ_BYTES: Final = 4096
_READ_SECONDS: Final = 1.0
_PORTS: Final = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Answer:
    """``head`` is the beginning of its body; ``seconds`` passed until its headers were there."""

    status: int
    reason: str
    head: bytes
    seconds: float


class _Timed:
    """As much of a socket as http.client uses, until a moment; whoever has the line closes it."""

    def __init__(self, line: socket.socket, until: float) -> None:
        self._line = line
        self.until = until

    def sendall(self, data: bytes) -> None:
        self._line.settimeout(self._left())
        self._line.sendall(data)

    def read_into(self, buffer: memoryview) -> int:
        self._line.settimeout(self._left())
        return self._line.recv_into(buffer)

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Reading(self))

    def close(self) -> None:
        """The client does so when it has seen the headers, and reads on."""

    def _left(self) -> float:
        left = self.until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


class _Reading(io.RawIOBase):
    def __init__(self, timed: _Timed) -> None:
        super().__init__()
        self._timed = timed

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        return self._timed.read_into(buffer)


class Poster:
    """Makes one call after another, on a connection of its own each; ``cut`` is for any thread."""

    def __init__(self) -> None:
        self._line: socket.socket | None = None
        self._is_cut = False

    def cut(self) -> None:
        """Ends the call under way, and lets no other begin."""
        self._is_cut = True
        line = self._line
        if line is not None:
            with suppress(OSError):
                # Below TLS, which is the other thread's.
                socket.socket.shutdown(line, socket.SHUT_RDWR)

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """What the program answered, whatever its status.

        Unavailable: webhook_unreachable, webhook_silent, webhook_certificate, webhook_garbage
        (why). Finding the address of a name is the one thing that has no deadline of ours.
        """
        began = time.monotonic()
        try:
            line = self._connected(url)
            try:
                return self._asked(url, line, headers, body, began)
            finally:
                self._line = None
                line.close()
        except TimeoutError as error:
            raise Unavailable("webhook_silent", why="timeout") from error
        except ssl.SSLCertVerificationError as error:
            raise Unavailable("webhook_certificate", why=error.verify_message) from error
        except (OSError, UnicodeError) as error:
            raise Unavailable("webhook_unreachable", why=str(error)) from error
        except (HTTPException, ValueError) as error:
            raise Unavailable("webhook_garbage", why=type(error).__name__) from error

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        """Trusts whom the system trusts, or the file that SSL_CERT_FILE names."""
        return ssl.create_default_context()

    def _connected(self, url: str) -> socket.socket:
        parts = urlsplit(url)
        host = parts.hostname or ""
        place = (host, parts.port or _PORTS[parts.scheme])
        plain = socket.create_connection(place, CONNECT_SECONDS)
        # Headers and body go out one by one; without this the second waits for the first's answer.
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._line = plain
        if parts.scheme == "http":
            return plain
        try:
            self._line = self._tls.wrap_socket(plain, server_hostname=host)
        except BaseException:
            plain.close()
            raise
        return self._line

    def _asked(
        self, url: str, line: socket.socket, headers: Mapping[str, str], body: bytes, began: float
    ) -> Answer:
        if self._is_cut:
            raise ConnectionAbortedError
        parts = urlsplit(url)
        asking = HTTPConnection(parts.hostname or "", parts.port or _PORTS[parts.scheme])
        # With it the port is left out of Host.
        asking.default_port = _PORTS[parts.scheme]
        timed = _Timed(line, began + ANSWER_SECONDS)
        asking.sock = timed
        target = parts._replace(scheme="", netloc="", path=parts.path or "/", fragment="").geturl()
        asking.request("POST", target, body, dict(headers))
        answer = asking.getresponse()
        seconds = time.monotonic() - began
        timed.until = time.monotonic() + _READ_SECONDS
        head = b""
        with suppress(OSError, HTTPException):
            head = answer.read(READ_BYTES)
        return Answer(answer.status, answer.reason, head, seconds)
