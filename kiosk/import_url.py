"""Fetches a file of dossiers from another program's address, when it has changed there."""

from __future__ import annotations

import ssl
import time
from contextlib import closing
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import TYPE_CHECKING, BinaryIO, Final, NamedTuple
from urllib.parse import urlsplit

from kiosk.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable
    from http.client import HTTPResponse
    from pathlib import Path

QUIET_SECONDS: Final = 30.0
WHOLE_SECONDS: Final = 1800.0
"""How long the other program may say nothing, and how long the whole file may take."""
MOST_BYTES: Final = 4 << 30
_CHUNK: Final = 1 << 16
_REFUSING: Final = frozenset({401, 403, 404, 410})
_OK, _NOT_MODIFIED = 200, 304


class Version(NamedTuple):
    """What a server says to tell one content from the next (RFC 9110 8.8); "" for nothing."""

    etag: str = ""
    modified: str = ""


def fetch(
    url: str, key: str, known: Version, into: Path, is_over: Callable[[], bool]
) -> Version | None:
    """Writes the content to the file; None where it is the ``known`` version still.

    ``key`` goes as Authorization. No redirect is followed: the key is for this address alone.
    Unavailable: import_unreachable, import_certificate, import_refused (status), import_redirect
    (to), import_status (status), import_garbage, import_too_large, and folder_unwritable where
    ``into`` cannot be written.
    """
    parts = urlsplit(url)
    line = _line(parts.scheme, parts.hostname or "", parts.port)
    try:
        target = parts._replace(scheme="", netloc="", path=parts.path or "/", fragment="").geturl()
        line.request("GET", target, headers=_headers(key, known))
        with closing(line.getresponse()) as answer:
            if answer.status == _NOT_MODIFIED:
                return None
            _check(answer)
            _save(answer, into, is_over)
    except ssl.SSLCertVerificationError as error:
        raise Unavailable("import_certificate", why=error.verify_message) from error
    except OSError as error:
        raise Unavailable("import_unreachable", why=str(error)) from error
    except (HTTPException, ValueError) as error:
        raise Unavailable("import_garbage", why=type(error).__name__) from error
    else:
        return Version(answer.headers.get("ETag", ""), answer.headers.get("Last-Modified", ""))
    finally:
        line.close()


def _line(scheme: str, host: str, port: int | None) -> HTTPConnection:
    if scheme == "http":
        return HTTPConnection(host, port, timeout=QUIET_SECONDS)
    trusted = ssl.create_default_context()
    return HTTPSConnection(host, port, timeout=QUIET_SECONDS, context=trusted)


def _headers(key: str, known: Version) -> dict[str, str]:
    told = {
        "Accept-Encoding": "identity",
        "Authorization": key,
        "If-None-Match": known.etag,
        "If-Modified-Since": "" if known.etag else known.modified,
    }
    return {name: value for name, value in told.items() if value}


def _check(answer: HTTPResponse) -> None:
    if answer.status == _OK:
        if answer.headers.get("Content-Encoding", "identity") != "identity":
            raise Unavailable("import_garbage", why="Content-Encoding")
        return
    if answer.status in _REFUSING:
        raise Unavailable("import_refused", status=answer.status)
    if 300 <= answer.status < 400:
        raise Unavailable("import_redirect", to=answer.headers.get("Location", ""))
    raise Unavailable("import_status", status=answer.status)


def _save(answer: HTTPResponse, into: Path, is_over: Callable[[], bool]) -> None:
    """All of it, or Unavailable: a file that was cut off on the way is none."""
    until, size, length = time.monotonic() + WHOLE_SECONDS, 0, answer.length
    try:
        file = into.open("wb")
    except OSError as error:
        raise Unavailable("folder_unwritable", path=into.parent) from error
    with file:
        while chunk := answer.read1(_CHUNK):
            size += len(chunk)
            if size > MOST_BYTES:
                raise Unavailable("import_too_large", size=MOST_BYTES)
            if is_over() or time.monotonic() > until:
                raise Unavailable("import_unreachable", why="timeout")
            _write(file, chunk, into)
    if length is not None and size != length:
        raise Unavailable("import_unreachable", why=f"{size} of {length} bytes")


def _write(file: BinaryIO, chunk: bytes, into: Path) -> None:
    try:
        file.write(chunk)
    except OSError as error:
        raise Unavailable("folder_unwritable", path=into.parent) from error
