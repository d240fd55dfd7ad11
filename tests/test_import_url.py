"""Files of dossiers that are fetched from an address."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from kiosk.errors import Unavailable
from kiosk.import_url import Version, fetch

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("english")


@dataclass
class Server:
    """Another program: what it answers, and what it was asked."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)
    url: str = ""
    cut: bool = False


@contextmanager
def serving(server: Server) -> Iterator[Server]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server.asked.append({name.lower(): value for name, value in self.headers.items()})
            etag = server.headers.get("ETag")
            same = etag is not None and self.headers.get("If-None-Match") == etag
            self.send_response(304 if same else server.status)
            for name, value in server.headers.items():
                self.send_header(name, value)
            if same:
                self.end_headers()
                return
            self.send_header("Content-Length", str(len(server.body) + 7 * server.cut))
            self.end_headers()
            self.wfile.write(server.body)

        def log_message(self, *_: object) -> None:
            """Nothing: the tests look at ``asked``."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listener:
        server.url = f"http://127.0.0.1:{listener.server_port}/dossiers?token=x"
        thread = threading.Thread(target=listener.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            listener.shutdown()
            thread.join()


def test_what_has_changed_at_an_address_is_fetched(tmp_path: Path) -> None:
    into = tmp_path / "pulled"
    with serving(Server(b"[1]", headers={"ETag": '"7"', "Last-Modified": "Sun"})) as server:
        version = fetch(server.url, "Bearer abc", Version(), into, lambda: False)
        assert (version, into.read_bytes()) == (Version('"7"', "Sun"), b"[1]")
        assert fetch(server.url, "", Version('"7"', "Sun"), into, lambda: False) is None
    assert server.asked[0]["authorization"] == "Bearer abc"
    assert "if-none-match" not in server.asked[0]
    assert server.asked[1]["if-none-match"] == '"7"'
    assert "authorization" not in server.asked[1]


@pytest.mark.parametrize(
    ("server", "code"),
    [
        (Server(status=401), "import_refused"),
        (Server(status=404), "import_refused"),
        (Server(status=500), "import_status"),
        (Server(status=302, headers={"Location": "http://elsewhere.example/"}), "import_redirect"),
        (Server(b"half", cut=True), "import_unreachable"),
        (Server(b"x", headers={"Content-Encoding": "gzip"}), "import_garbage"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_what_cannot_be_fetched_is_told(tmp_path: Path, server: Server, code: str) -> None:
    with serving(server), pytest.raises(Unavailable) as told:
        fetch(server.url, "", Version(), tmp_path / "pulled", lambda: False)
    assert told.value.code == code


def test_an_address_where_nobody_answers_is_told(tmp_path: Path) -> None:
    with serving(Server()) as server:
        pass
    with pytest.raises(Unavailable) as told:
        fetch(server.url, "", Version(), tmp_path / "pulled", lambda: False)
    assert told.value.code == "import_unreachable"
