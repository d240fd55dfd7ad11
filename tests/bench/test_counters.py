from __future__ import annotations

import asyncio
import json
import threading
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import TYPE_CHECKING

import pytest

from bench import counters
from bench.counters import Hall
from bench.crowd import Crowd, Heard, gather
from bench.office import office
from bench.wire import post
from kiosk.calendar import utc_now

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtGui import QGuiApplication

SMALL = Hall(counters=4, supervisors=1, boards=2)


def test_a_small_hall_is_measured_as_the_full_one_is(qapp: QGuiApplication, tmp_path: Path) -> None:
    figures = {
        figure.name.removeprefix("full hall: "): figure
        for figure in counters.measure(office(tmp_path / "hall"), 2.0, SMALL)
    }

    calls = len(figures["next"].samples)
    assert calls >= 4
    for stream in ("the clerk's", "a board's", "a supervisor's"):
        told = figures[f"call to {stream} stream"].samples
        assert len(told) == calls
        assert min(told) > 0
    assert figures["streams lost"].samples == [0]
    assert figures["memory of the web"].median > 10
    assert len(figures["touch window: a frame meanwhile"].samples) > 4
    assert figures["floor: next at a bare server, the same crowd"].samples


class Handler(StreamRequestHandler):
    """Answers each press with the call of event 7, and gives each stream some frames."""

    status = 200
    frames: tuple[bytes, ...] = ()
    hangs_up = False

    def handle(self) -> None:
        while line := self.rfile.readline():
            if line.startswith(b"GET"):
                self.tell()
            elif line.startswith(b"POST"):
                status = self.status if b"/next" in line else 201
            elif line.lower().startswith(b"content-length: "):
                size = int(line.partition(b" ")[2])
            elif line == b"\r\n":
                self.rfile.read(size)
                self.answer(status)

    def answer(self, status: int) -> None:
        called = {"id": "X", "number": "A001", "version": 7}
        body = json.dumps({**called, "called_at": utc_now().isoformat()}).encode()
        head = f"HTTP/1.1 {status} Told\r\ncontent-length: {len(body)}\r\n\r\n"
        self.wfile.write(head.encode() + body)

    def tell(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
        for frame in self.frames:
            self.wfile.write(f"{len(frame):x}\r\n".encode() + frame + b"\r\n")
        if not self.hangs_up:
            self.rfile.read()


def heard_from(*frames: bytes, status: int = 200, hangs_up: bool = False) -> Heard:
    """What two clerks, a board and a supervisor hear of such a server."""
    facts = {"frames": frames, "status": status, "hangs_up": hangs_up}
    with ThreadingTCPServer(("127.0.0.1", 0), type("Told", (Handler,), facts)) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        port = server.server_address[1]
        order = post("/api/tickets", {"service": "A"})
        try:
            return asyncio.run(gather(Crowd(port, {1: (), 2: ()}, ((),), 1, (order,), 0.2, 0.2)))
        finally:
            server.shutdown()
            thread.join()


def news(seq: int) -> bytes:
    """One frame with all that the crowd listens to."""
    kinds = ("board", "counter", "hall")
    return "".join(f'event: {kind}\ndata: {{"seq":{seq}}}\n\n' for kind in kinds).encode()


def test_a_call_that_no_stream_tells_is_counted_as_untold() -> None:
    heard = heard_from(news(6))

    assert len(heard.called) >= 2
    assert heard.untold == 3 * len(heard.called)
    assert not any(heard.told.values())


def test_a_frame_that_came_before_the_answer_counts() -> None:
    heard = heard_from(news(6), b": ping\n\n", news(7))

    assert heard.untold == 0
    assert len(heard.told["hall"]) == len(heard.called)
    assert heard.shown == 0


def test_a_stream_that_ends_by_itself_is_lost() -> None:
    assert heard_from(news(6), hangs_up=True).lost == 4


def test_presses_that_find_nobody_are_told_apart() -> None:
    heard = heard_from(news(6), status=204)

    assert heard.idle == len(heard.called)
    assert heard.untold == 0


def test_an_answer_that_is_an_error_ends_the_measurement() -> None:
    with pytest.raises(ExceptionGroup, match="unhandled errors"):
        heard_from(news(6), status=503)
