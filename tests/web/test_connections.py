"""Connections that bring no whole request, too many of them, and what is no HTTP at all."""

from __future__ import annotations

import gc
import json
import socket
import ssl
import subprocess
import sys
import threading
from collections import deque
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING, Final

import httpx
import pytest

from kiosk.calendar import utc_now
from kiosk.office.tickets import take_ticket
from kiosk.texts import texts
from kiosk.web.certificate import Certificate
from kiosk.web.connections import HEAD_LIMIT, Patience
from kiosk.web.guard import HEADERS
from kiosk.web.sockets import FILES, Room, listen
from tests.waiting import until
from tests.web.certificates import given
from tests.web.serving import served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kiosk.office.centre import Centre

SHORT: Final = Patience(head=1, body=1)
LONG: Final = Patience(head=60, body=60)
HEAD_SHORT: Final = Patience(head=1, body=60)
BODY_SHORT: Final = Patience(head=60, body=0.3)
POST: Final = b"POST /api/tickets HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
HEALTH: Final = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"

both_ways = pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])


@contextmanager
def open_web(
    centre: Centre, folder: Path, patience: Patience, *, tls: bool = False
) -> Iterator[str]:
    certificate = None
    if tls:
        certificate = Certificate(given(folder).files, utc_now, lambda *_: None)
    with served(centre, certificate=certificate, patience=patience) as address:
        yield address


def connected(address: str, source: str = "127.0.0.1") -> socket.socket:
    url = httpx.URL(address)
    plain = socket.create_connection((url.host, url.port), 10, (source, 0))
    if url.scheme == "http":
        return plain
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context.wrap_socket(plain)


def rest(connection: socket.socket) -> bytes:
    """All until the server closes."""
    came = b""
    try:
        while more := connection.recv(65536):
            came += more
    except (ConnectionResetError, ssl.SSLEOFError):
        pass
    return came


def answered(connection: socket.socket) -> bytes:
    """The next answer, with its body; the connection stays."""
    came = b""
    while b"\r\n\r\n" not in came:
        came += connection.recv(65536)
    head, _, body = came.partition(b"\r\n\r\n")
    length = next(
        int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.startswith(b"content-len")
    )
    while len(body) < length:
        body += connection.recv(65536)
    return head


def told(answer: bytes) -> tuple[int, str, str]:
    """Status, code and sentence of an answer that ends its connection in the contract's form."""
    head, _, body = answer.partition(b"\r\n\r\n")
    status, *lines = head.decode("ascii").split("\r\n")
    headers = httpx.Headers([tuple(line.split(": ", 1)) for line in lines])
    assert headers["content-type"] == "application/json"
    assert headers["connection"] == "close"
    assert headers["cache-control"] == "no-store"
    assert {name: headers[name] for name in HEADERS} == HEADERS
    said = json.loads(body)
    assert set(said) == {"code", "message"}
    return int(status.split()[1]), said["code"], said["message"]


@both_ways
@pytest.mark.parametrize("sent", [b"", b"GET /healthz HT", HEALTH[:-2]])
def test_a_connection_without_a_whole_head_is_closed(
    centre: Centre, tmp_path: Path, sent: bytes, *, tls: bool
) -> None:
    with open_web(centre, tmp_path, HEAD_SHORT, tls=tls) as address:
        with connected(address) as one:
            one.sendall(sent)
            assert rest(one) == b""
        with connected(address) as another:
            another.sendall(HEALTH)
            assert answered(another).startswith(b"HTTP/1.1 200")
            # What uvicorn takes for a sign of life, and the beginning of a head.
            another.sendall(b"\r\n" + sent)
            assert rest(another) == b""


def test_who_never_shakes_hands_by_tls_is_closed(centre: Centre, tmp_path: Path) -> None:
    with open_web(centre, tmp_path, HEAD_SHORT, tls=True) as address:
        url = httpx.URL(address)
        with socket.create_connection((url.host, url.port), 10) as mute:
            assert rest(mute) == b""


def test_a_head_without_an_end_is_refused(centre: Centre, tmp_path: Path) -> None:
    with open_web(centre, tmp_path, LONG) as address, connected(address) as one:
        one.sendall(HEALTH[:-2] + b"A: " + b"a" * HEAD_LIMIT)
        assert told(rest(one))[:2] == (413, "too_large")


@both_ways
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_body_that_stalls_is_told_so_and_nothing_is_done(
    centre: Centre, tmp_path: Path, lang: str, *, tls: bool
) -> None:
    with open_web(centre, tmp_path, BODY_SHORT, tls=tls) as address:
        with connected(address) as one:
            language = b"Accept-Language: " + lang.encode() + b"\r\n"
            one.sendall(POST + language + b"Content-Length: 100\r\n\r\n{")
            said = texts(lang).say("refused.too_slow")
            assert told(rest(one)) == (408, "too_slow", said)
        assert take_ticket(centre, service="A", actor="test").place.ticket.number == "A001"


def test_a_body_that_nobody_waits_for_is_not_waited_for(centre: Centre, tmp_path: Path) -> None:
    with open_web(centre, tmp_path, BODY_SHORT) as address, connected(address) as one:
        one.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n\r\n{")
        assert answered(one).startswith(b"HTTP/1.1 200")
        assert rest(one) == b""


@both_ways
def test_streams_and_kept_connections_outlive_every_limit(
    centre: Centre, tmp_path: Path, *, tls: bool
) -> None:
    with (
        open_web(centre, tmp_path, SHORT, tls=tls) as address,
        httpx.Client(base_url=address, verify=False) as client,
        client.stream("GET", "/api/changes") as stream,
        connected(address) as kept,
    ):
        lines = stream.iter_lines()
        assert next(line for line in lines if line.startswith("data:"))
        kept.sendall(HEALTH)
        assert answered(kept).startswith(b"HTTP/1.1 200")
        for _ in range(2):
            with connected(address) as slow:
                assert rest(slow) == b""
        take_ticket(centre, service="A", actor="test")
        assert "A" in next(line for line in lines if line.startswith("data:"))
        kept.sendall(HEALTH)
        assert answered(kept).startswith(b"HTTP/1.1 200")


def health(address: str) -> int:
    return httpx.get(f"{address}/healthz", verify=False).status_code


@both_ways
def test_one_address_has_its_share_others_theirs_and_this_machine_always_room(
    centre: Centre, tmp_path: Path, *, tls: bool
) -> None:
    room = Room(all=8, others=6, one=4)
    listener = listen("127.0.0.1", 0, room, is_here=lambda host: host == "127.0.0.1")
    certificate = Certificate(given(tmp_path).files, utc_now, lambda *_: None) if tls else None
    with (
        served(centre, certificate=certificate, patience=LONG, listener=listener) as address,
        ExitStack() as opened,
    ):
        port = httpx.URL(address).port

        def came(source: str) -> socket.socket:
            """A connection of which the server has heard nothing yet."""
            plain = socket.create_connection(("127.0.0.1", port), 10, (source, 0))
            return opened.enter_context(plain)

        held = [came("127.0.0.2") for _ in range(4)]
        assert rest(came("127.0.0.2")) == b""
        more = [came("127.0.0.3") for _ in range(2)]
        assert rest(came("127.0.0.3")) == b""
        assert health(address) == 200
        for one in (*held, *more):
            one.setblocking(False)
            with pytest.raises(BlockingIOError):
                one.recv(1)
        until(lambda: listener._all == len(held) + len(more))  # the place of the call is free again
        here = [came("127.0.0.1") for _ in range(2)]
        assert rest(came("127.0.0.1")) == b""
        here.pop().close()
        until(lambda: answers(address))
        held.pop().close()
        until(lambda: answers(address, "127.0.0.4"))


def answers(address: str, source: str = "127.0.0.1") -> bool:
    try:
        with connected(address, source) as one:
            one.sendall(HEALTH.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
            return rest(one).startswith(b"HTTP/1.1 200")
    except (ConnectionError, ssl.SSLError):
        return False


def test_more_idle_connections_than_files_keep_nobody_else_out(centre: Centre) -> None:
    files = 256
    room = Room.within(files)
    listener = listen("127.0.0.1", 0, room, is_here=lambda host: host == "127.0.0.1")
    with served(centre, patience=LONG, listener=listener) as address, ExitStack() as opened:
        for _ in range(files + 50):
            opened.enter_context(connected(address, "127.0.0.2"))
        assert health(address) == 200
        assert answers(address, "127.0.0.3")


def test_a_share_of_the_room_is_left_for_everybody() -> None:
    for files in (1024, FILES):
        room = Room.within(files)
        assert 100 < room.one < room.others < room.all < files


@pytest.mark.parametrize(("soft", "hard", "had"), [(1024, 4096, 2048), (256, 1024, 1024)])
def test_the_process_takes_the_files_that_it_may(soft: int, hard: int, had: int) -> None:
    code = (
        "import resource; from kiosk.web.sockets import raise_files\n"
        f"resource.setrlimit(resource.RLIMIT_NOFILE, ({soft}, {hard}))\n"
        "print(raise_files(), *resource.getrlimit(resource.RLIMIT_NOFILE))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(had), str(had), str(hard)]


@pytest.mark.parametrize(
    "sent",
    [
        b"FOO /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Language: en\r\n\r\n",
        POST + b"Content-Length: 99999999999999999999999\r\n\r\n",
        POST + b"Content-Length: x\r\n\r\n",
        POST + b"Transfer-Encoding: chunked\r\n\r\nxyz\r\n",
        b"CONNECT kiosk:443 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ],
    ids=["method", "too_long", "no_length", "chunk", "connect", "tls"],
)
def test_what_is_no_http_is_answered_in_the_form_of_every_no(address: str, sent: bytes) -> None:
    for first in (b"", HEALTH):
        with connected(address) as one:
            if first:
                one.sendall(first)
                answered(one)
            one.sendall(sent)
            said = texts("vi").say("refused.not_http")
            assert told(rest(one)) == (400, "not_http", said)


def test_what_is_no_http_is_told_in_the_asked_language_and_with_strict_transport(
    centre: Centre, tmp_path: Path
) -> None:
    with open_web(centre, tmp_path, LONG, tls=True) as address, connected(address) as one:
        one.sendall(POST + b"Accept-Language: en\r\nContent-Length: x\r\n\r\n")
        answer = rest(one)
        assert told(answer)[2] == texts("en").say("refused.not_http")
        assert b"strict-transport-security: max-age=" in answer.lower()


def test_garbage_behind_a_call_is_not_laid_into_its_stream(address: str) -> None:
    with connected(address) as one:
        one.sendall(b"GET /api/changes HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        came = b""
        while b"event: board" not in came:
            came += one.recv(65536)
        one.sendall(b"garbage\r\n\r\n")
        assert b"HTTP/1.1 400" not in rest(one)


@pytest.mark.parametrize("again", range(5))
def test_who_connects_while_the_web_ends_is_let_go(centre: Centre, again: int) -> None:
    """A connection that stayed open is told as a warning, and so as a failure, when it is swept."""
    came: deque[socket.socket] = deque()

    def connect_until_refused(port: int) -> None:
        with suppress(OSError):
            while True:
                came.append(socket.create_connection(("127.0.0.1", port), 1))
                if len(came) > 150:
                    came.popleft().close()

    with served(centre) as address:
        port = httpx.URL(address).port
        assert port is not None
        crowd = [threading.Thread(target=connect_until_refused, args=(port,)) for _ in range(2)]
        for one in crowd:
            one.start()
        assert health(address) == 200
    for one in crowd:
        one.join()
    for connection in came:
        connection.close()
    gc.collect()
