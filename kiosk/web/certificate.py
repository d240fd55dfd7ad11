"""The web's certificate: read from its two files, judged by its dates, taken up when renewed."""

from __future__ import annotations

import asyncio
import logging
import os
import re
import ssl
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, Final

from kiosk.errors import Unavailable
from kiosk.texts import operator_texts, told_to_technician

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

log = logging.getLogger(__name__)

LOOK_SECONDS: Final = 15.0
SOON: Final = timedelta(days=30)
STRICT: Final = timedelta(days=1)
"""How long a browser remembers that this machine speaks TLS only."""

SERVES: Final = frozenset(
    {"certificate_early", "certificate_expired", "plain_http", "public_plain_http"}
)
"""Faults of the devices "web" and "public" with which they serve, as far as they may."""

_CERTIFICATES: Final = re.compile(
    rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL
)
_KEY: Final = re.compile(
    rb"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----.+?-----END (?:[A-Z]+ )?PRIVATE KEY-----", re.DOTALL
)
_NO_CHECK_TIME: Final = ssl.VerifyFlags(0x200000)
"""X509_V_FLAG_NO_CHECK_TIME of OpenSSL, for which ssl has no name."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A certificate with those up to its authority, and its key, both PEM."""

    chain: bytes
    key: bytes


@dataclass(frozen=True, slots=True)
class Term:
    """From when until when a certificate is valid, and for which names and addresses."""

    begins: datetime
    ends: datetime
    names: tuple[str, ...]

    def judged(self, now: datetime) -> tuple[str, str]:
        """State and reason of the device "web". One of 90 days is warned of in its last third."""
        if now < self.begins:
            return "fault", "certificate_early"
        if now >= self.ends:
            return "fault", "certificate_expired"
        if now >= self.ends - min(SOON, (self.ends - self.begins) / 3):
            return "warning", "certificate_ends_soon"
        return "ok", ""


def read_pair(files: tuple[Path, Path]) -> Pair:
    """Only the PEM in both files. Unavailable: certificate_missing, certificate_unreadable (why),
    certificate_broken, key_broken (all with the path)."""
    chain, key = (_bytes_of(path) for path in files)
    certificates, private = _CERTIFICATES.findall(chain), _KEY.search(key)
    if not certificates:
        raise Unavailable("certificate_broken", path=files[0])
    if private is None or b"ENCRYPTED" in private[0]:
        raise Unavailable("key_broken", path=files[1])
    return Pair(b"\n".join(certificates) + b"\n", private[0] + b"\n")


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise Unavailable("certificate_missing", path=path) from None
    except OSError as error:
        raise Unavailable("certificate_unreadable", path=path, why=error.strerror) from error


def use(pair: Pair, context: ssl.SSLContext, files: tuple[Path, Path]) -> None:
    """Serves with the pair from the next connection on; ``files`` only name it when it is told.

    A pair that fails leaves the context without a usable one, so try it on another first.
    Unavailable: certificate_broken, key_broken, key_differs.
    """
    names = {"certificate": files[0], "secret": files[1]}
    with _named(pair.chain) as chain, _named(pair.key) as key:
        try:
            context.load_cert_chain(chain, key)
        except ssl.SSLError as error:
            if error.reason == "KEY_VALUES_MISMATCH":
                raise Unavailable("key_differs", **names) from error
            fits = _are_certificates(pair.chain)
            code, path = ("key_broken", files[1]) if fits else ("certificate_broken", files[0])
            raise Unavailable(code, path=path) from error


@contextmanager
def _named(content: bytes) -> Iterator[str]:
    """A name under which OpenSSL, which reads files only, finds what is in memory: what was tried
    is what is used, whatever becomes of the file meanwhile."""
    number = os.memfd_create("pem")
    try:
        os.write(number, content)
        yield f"/proc/self/fd/{number}"
    finally:
        os.close(number)


def _are_certificates(chain: bytes) -> bool:
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cadata=chain.decode("ascii"))
    except (ssl.SSLError, UnicodeDecodeError):
        return False
    return True


def new_context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    return context


def term_of(files: tuple[Path, Path], pair: Pair) -> Term:
    """What the certificate says, as a browser reads it that trusts it whatever the date.

    Raises as ``use``, and Unavailable: certificate_unfit (path, why) for one of another purpose.
    """
    server = new_context()
    use(pair, server, files)
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client.check_hostname = False
    client.load_verify_locations(cadata=pair.chain.decode("ascii"))
    client.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN | _NO_CHECK_TIME
    to_client, to_server = ssl.MemoryBIO(), ssl.MemoryBIO()
    browser = client.wrap_bio(to_client, to_server)
    ours = server.wrap_bio(to_server, to_client, server_side=True)
    try:
        for side in (browser, ours, browser):
            with suppress(ssl.SSLWantReadError):
                side.do_handshake()
    except ssl.SSLError as error:
        why = getattr(error, "verify_message", error.reason)
        raise Unavailable("certificate_unfit", path=files[0], why=why) from error
    told: dict[str, Any] = browser.getpeercert() or {}
    begins, ends = (
        datetime.fromtimestamp(ssl.cert_time_to_seconds(told[key]), UTC)
        for key in ("notBefore", "notAfter")
    )
    return Term(begins, ends, tuple(_plain(*each) for each in told.get("subjectAltName", ())))


def _plain(kind: str, name: str) -> str:
    """An address as people write it, not as OpenSSL does."""
    return str(ip_address(name.strip())) if kind == "IP Address" else name


def read_term(files: tuple[Path, Path]) -> Term:
    """Raises as ``read_pair`` and ``term_of``."""
    return term_of(files, read_pair(files))


class Certificate:
    """The one that the web serves with; ``tell`` hears the state and reason of the device "web".

    A renewed one is used from the next connection on. A new one that cannot be used is told, and
    the old one kept.
    """

    def __init__(
        self,
        files: tuple[Path, Path],
        clock: Callable[[], datetime],
        tell: Callable[[str, str], None],
    ) -> None:
        """Raises as ``read_term``."""
        self._files = files
        self._clock = clock
        self._tell = tell
        self._pair = read_pair(files)
        self.term = term_of(files, self._pair)
        self.context = new_context()
        use(self._pair, self.context, files)
        self._refused: str | None = None
        self.look()

    def strict_seconds(self) -> int:
        """How long browsers may insist on TLS: never beyond this certificate's end."""
        now = self._clock()
        if not self.term.begins <= now < self.term.ends:
            return 0
        return int(min(STRICT, self.term.ends - now).total_seconds())

    def look(self) -> None:
        """Takes up what the files hold now, and tells how it is. Call it on the server's loop."""
        try:
            pair = read_pair(self._files)
            if pair != self._pair:
                term = term_of(self._files, pair)
                use(pair, self.context, self._files)
                self._pair, self.term = pair, term
                log.info("the certificate was renewed; it is valid until %s", term.ends)
            refused = None
        except Unavailable as error:
            refused = error.code
            if refused != self._refused:
                log.error("the certificate in use is kept: %s", _told(error))
        self._refused = refused
        state, reason = self.term.judged(self._clock())
        if refused is not None and state != "fault":
            state, reason = "warning", refused
        self._tell(state, reason)

    async def keep(self) -> None:
        """Looks until it is cancelled."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            self.look()


def _told(error: Unavailable) -> str:
    return told_to_technician(error, operator_texts())
