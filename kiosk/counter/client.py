"""How the window speaks with the server: one call, one answer, and no guess where none came.

A connection is made for each call and never used twice: of one that the server closed meanwhile
nobody could tell whether the call was heard.
"""

from __future__ import annotations

import json
import socket
import ssl
from contextlib import closing, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPSConnection, RemoteDisconnected
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping
    from http.client import HTTPResponse
    from pathlib import Path

CONNECT_SECONDS: Final = 4.0
ANSWER_SECONDS: Final = 8.0
MOST_BYTES: Final = 4_000_000

_VERIFIED: Final = {
    9: "certificate_early",
    10: "certificate_expired",
    62: "certificate_name",
    64: "certificate_name",
}
"""Why OpenSSL takes no certificate (x509_vfy.h); any other reason is that nobody vouches for it."""


@dataclass(frozen=True, slots=True)
class Said:
    """What the server answered; ``body`` is empty where it had nothing to say."""

    status: int
    body: Mapping[str, Any] = field(default_factory=dict)

    @property
    def done(self) -> bool:
        return self.status < 400

    @property
    def code(self) -> str:
        return str(self.body.get("code", ""))

    @property
    def message(self) -> str:
        return str(self.body.get("message", ""))


@dataclass(frozen=True, slots=True)
class Lost:
    """No answer came, so nobody knows whether it was done; ``why`` is a key below counter.lost."""

    why: str


class Client:
    """One server and who we are there; ``ask`` serves one thread, the rest may be read by any."""

    def __init__(self, address: str, trusted: ssl.SSLContext, device: str = "") -> None:
        parts = urlsplit(address)
        self._secure = parts.scheme == "https"
        self._host = parts.hostname or ""
        self._port = parts.port or (443 if self._secure else 80)
        self._trusted = trusted
        self._asking: socket.socket | None = None
        self._closed = False
        self.language = ""
        self.csrf = ""
        self.session = ""
        self.device = device

    def ask(self, method: str, path: str, body: Mapping[str, object] | None = None) -> Said | Lost:
        """One call; takes up the cookies that its answer gives."""
        sent = json.dumps(body).encode() if body is not None else None
        headers = {"X-CSRF-Token": self.csrf} if self.csrf else {}
        if sent is not None:
            headers["Content-Type"] = "application/json"
        try:
            with closing(self.open(method, path, headers, sent)) as connection:
                self._asking = connection.sock
                answer = connection.getresponse()
                said = _read(answer)
        except (OSError, HTTPException, ValueError) as error:
            return Lost(why(error))
        finally:
            self._asking = None
        if said.done:
            self._take_cookies(answer)
        return said

    def open(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> HTTPConnection:
        """A connection on which the call was sent; OSError when the server is not reached."""
        made = HTTPSConnection if self._secure else HTTPConnection
        connection = made(self._host, self._port)
        connection.sock = self._connect()
        try:
            cookies = self._cookies()
            known = {"Accept-Language": self.language, "Cookie": cookies, **(headers or {})}
            connection.request(method, path, body, {k: v for k, v in known.items() if v})
        except BaseException:
            connection.close()
            raise
        return connection

    def close(self) -> None:
        """Gives up the call that is under way, if any."""
        self._closed = True
        if (asking := self._asking) is not None:
            wake(asking)

    def forget(self) -> None:
        """The session is over."""
        self.session = self.csrf = ""

    def _connect(self) -> socket.socket:
        if self._closed:
            raise ConnectionAbortedError
        plain = socket.create_connection((self._host, self._port), CONNECT_SECONDS)
        try:
            plain.settimeout(ANSWER_SECONDS)
            if not self._secure:
                return plain
            return self._trusted.wrap_socket(plain, server_hostname=self._host)
        except BaseException:
            plain.close()
            raise

    def _name(self, cookie: str) -> str:
        return f"__Host-kiosk_{cookie}" if self._secure else f"kiosk_{cookie}"

    def _cookies(self) -> str:
        known = {"session": self.session, "device": self.device}
        return "; ".join(f"{self._name(name)}={value}" for name, value in known.items() if value)

    def _take_cookies(self, answer: HTTPResponse) -> None:
        for header in answer.headers.get_all("set-cookie", ()):
            with suppress(CookieError):
                given = SimpleCookie(header)
                if (session := given.get(self._name("session"))) is not None:
                    self.session = session.value
                if (device := given.get(self._name("device"))) is not None:
                    self.device = device.value


def trusting(authority: Path | None) -> ssl.SSLContext:
    """What the system trusts, or this authority beside it; OSError when its file is none."""
    context = ssl.create_default_context()
    if authority is not None:
        context.load_verify_locations(cafile=authority)
    return context


def wake(sock: socket.socket) -> None:
    """Ends a wait of another thread on this connection, below its TLS."""
    with suppress(OSError), socket.fromfd(sock.fileno(), sock.family, sock.type) as twin:
        twin.shutdown(socket.SHUT_RDWR)


def why(error: Exception) -> str:
    """What to tell of a call that got no answer, as a key below counter.lost."""
    match error:
        case ssl.SSLCertVerificationError():
            return _VERIFIED.get(error.verify_code, "certificate")
        case ssl.SSLError():
            return "no_tls"
        case socket.gaierror():
            return "unknown_host"
        case ConnectionRefusedError():
            return "refused"
        case TimeoutError():
            return "silent"
        case RemoteDisconnected() | ConnectionError():
            return "cut"
        case OSError():
            return "unreachable"
    return "not_ours"


def _read(answer: HTTPResponse) -> Said:
    """ValueError for what our server would not say."""
    raw = answer.read(MOST_BYTES)
    if answer.status == 204:
        return Said(204)
    if not answer.headers.get_content_type().endswith("json") or answer.status in range(300, 400):
        raise ValueError(answer.status)
    body = json.loads(raw)
    if not isinstance(body, dict):
        raise ValueError(answer.status)
    return Said(answer.status, body)
