"""What people wait for: tap to paper, press to board, scan to answer; real windows and processes.

The windows run in this process so that their frames can be timed; web and print run as they do
in an office. The printer is the virtual one on TCP, the scanner a serial line.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from http.client import HTTPConnection
from statistics import median
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QEventLoop
from PySide6.QtGui import QGuiApplication

from bench.figures import Figure, took
from bench.floor import bare_sqlite
from display.window import BoardWindow
from kiosk.calendar import local_day, utc_now
from kiosk.config import load
from kiosk.demo_dossiers import demo_dossiers
from kiosk.office.centre import open_centre
from kiosk.office.clerks import add_clerk
from kiosk.office.incoming import store_dossiers
from kiosk.office.tickets import take_ticket
from kiosk.scanner import SerialScanner
from kiosk.touch.state import DOUBLE_TAP_SECONDS, Screen
from kiosk.touch.tour import press
from kiosk.touch.window import TouchWindow
from kiosk.ui.fonts import load_fonts
from kiosk.ui.threads import Feed, GuiPost, Worker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from PySide6.QtQuick import QQuickWindow

    from kiosk.office.centre import Centre
    from printer.virtual import VirtualPrinter

ROUNDS = 40
PATIENCE = 20.0
PIN = "135790"
FENCE = b"\x1d(H"


class Bench:
    """Both windows on the event loop of this process, and the office behind them."""

    def __init__(self, config_path: Path, printer: VirtualPrinter, scanner: str) -> None:
        self.config = load(config_path)
        self.printer = printer
        self.centre: Centre = open_centre(self.config)
        add_clerk(self.centre, "bench", "Bench", PIN)
        today = local_day(utc_now(), self.centre.timezone)
        self.dossiers = demo_dossiers(today)
        store_dossiers(self.centre, self.dossiers, source="bench")
        self.post = GuiPost()
        self.worker = Worker(self.post)
        self.feed = Feed(self.centre.database, self.post)
        self.touch = TouchWindow(self.centre, self.config.touch, self.post, self.worker, self.feed)
        self.board = BoardWindow(
            self.centre,
            self.config.board,
            self.post,
            self.worker,
            self.feed,
            lambda *_: None,
            touch="",
        )
        self.scanner = SerialScanner(
            scanner,
            9600,
            lambda frame: self.post.post(lambda: self.touch.scanned(frame)),
            lambda *_: None,
        )
        self.feed.start()
        self.scanner.start()
        self.touch.show()
        self.board.show()

    def close(self) -> None:
        self.scanner.stop()
        self.feed.close()
        self.worker.close()
        self.post.close()
        self.board.close()
        self.touch.close()
        self.centre.database.close()

    def home(self) -> None:
        """Home again, past the half second in which a second touch does not count."""
        self.rest(DOUBLE_TAP_SECONDS + 0.1)
        if self.touch.bridge.state.screen is not Screen.HOME:
            self.touch.bridge.leave()
            self.until(lambda: self.touch.bridge.state.screen is Screen.HOME)
            self.rest(DOUBLE_TAP_SECONDS + 0.1)

    def until(self, true: Callable[[], Any]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not true():
            if time.monotonic() > deadline:
                raise TimeoutError("the hall did not get there")
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)

    def rest(self, seconds: float) -> None:
        ending = time.monotonic() + seconds
        self.until(lambda: time.monotonic() >= ending)

    def frame_showing(
        self, window: QQuickWindow, shown: Callable[[], bool], act: Callable[[], float]
    ) -> float:
        """Milliseconds from the moment that ``act`` returns to the first frame that shows it."""
        at: list[float] = []

        def framed() -> None:
            if shown() and not at:
                at.append(time.perf_counter())

        window.frameSwapped.connect(framed)
        start = act()
        self.until(lambda: at)
        window.frameSwapped.disconnect(framed)
        return (at[0] - start) * 1e3


def measure(config_path: Path, printer: VirtualPrinter, far: int, scanner: str) -> list[Figure]:
    _app = QGuiApplication.instance() or QGuiApplication(sys.argv[:1])
    load_fonts()
    bare = bare_sqlite(config_path.parent / "floor.db")
    floor = median(took(bare) for _ in range(300))
    with _processes(config_path) as port:
        bench = Bench(config_path, printer, scanner)
        try:
            frame = frames(bench)
            http = _bare_http()
            wire = _bare_wire(printer_bytes(bench))
            paper = _tap_to_paper(bench)
            calls = _next_to_board(bench, port)
            scans = scan_to_answer(bench, far)
        finally:
            bench.close()
    still = sorted(frame)[len(frame) // 2]
    call = sorted(http)[len(http) // 2]
    sent = sorted(wire)[len(wire) // 2]
    return [
        Figure("floor: one frame of the touch window", frame),
        Figure("floor: HTTP round trip to a bare server", http),
        Figure("floor: the slip's bytes over TCP", wire),
        Figure("tap to last byte at the printer", paper, "ms", floor + sent, "median <= 80 ms"),
        Figure("HTTP next to the board's frame", calls, "ms", floor + call + still,
               "p99 <= 100 ms"),
        Figure("scan to the frame with the status", scans, "ms", still, "median <= 80 ms"),
    ]  # fmt: skip


@contextmanager
def _processes(config_path: Path) -> Iterator[int]:
    config = load(config_path)
    process = subprocess.Popen(
        [sys.executable, "-m", "kiosk", "run", "--role", "web", "--role", "print",
         "--config", str(config_path)],
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    deadline = time.monotonic() + PATIENCE
    try:
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", config.web.port)) == 0:
                    break
            time.sleep(0.05)
        yield config.web.port
    finally:
        process.terminate()
        process.wait(20)


def printer_bytes(bench: Bench) -> int:
    """How many bytes one slip is, from one that is printed first."""
    before = sum(len(piece.data) for piece in bench.printer.received)
    take_ticket(bench.centre, service="A", actor="bench")
    bench.until(lambda: len(bench.printer.slips) == 1)
    return sum(len(piece.data) for piece in bench.printer.received) - before


def frames(bench: Bench) -> list[float]:
    samples = []
    bench.rest(1.0)
    for _ in range(ROUNDS):

        def act() -> float:
            start = time.perf_counter()
            bench.touch.window.update()
            return start

        samples.append(bench.frame_showing(bench.touch.window, lambda: True, act))
    return samples


def _tap_to_paper(bench: Bench) -> list[float]:
    samples = []
    name = bench.centre.services["A"].names["vi"]
    for _ in range(ROUNDS):
        bench.home()
        slips, received = len(bench.printer.slips), len(bench.printer.received)
        start = time.monotonic()
        press(bench.touch.window, name)
        bench.until(lambda n=slips: len(bench.printer.slips) > n)
        pieces = list(bench.printer.received)[received:]
        last = max(piece.at for piece in pieces if FENCE in piece.data)
        samples.append((last - start) * 1e3)
    return samples


def _next_to_board(bench: Bench, port: int) -> list[float]:
    web = HTTPConnection("127.0.0.1", port)
    counter = bench.centre.counters_of("A")[0]
    signed, cookie = _post(
        web, "/api/session", f'{{"clerk": "bench", "pin": "{PIN}", "counter": {counter}}}'
    )
    token = signed.split('"csrf_token":"')[1].split('"')[0]
    headers = {"Cookie": cookie.split(";")[0], "X-CSRF-Token": token}
    path = f"/api/counters/{counter}/next"
    samples = []
    for _ in range(ROUNDS):
        bench.rest(0.3)
        started: list[float] = []
        called: list[str] = []

        def press_next(started: list[float] = started, called: list[str] = called) -> None:
            started.append(time.perf_counter())
            called.append(_post(web, path, "{}", headers)[0].split('"number":"')[1].split('"')[0])

        thread = threading.Thread(target=press_next)

        def shown(called: list[str] = called) -> bool:
            return bool(called) and called[0] == bench.board.bridge.property("hero")["number"]

        def act(thread: threading.Thread = thread, started: list[float] = started) -> float:
            thread.start()
            bench.until(lambda: started)
            return started[0]

        samples.append(bench.frame_showing(bench.board.window, shown, act))
        thread.join()
    return samples


def scan_to_answer(bench: Bench, far: int) -> list[float]:
    samples = []
    for dossier in bench.dossiers[:ROUNDS]:
        bench.home()

        def shown(code: str = dossier.code) -> bool:
            state = bench.touch.bridge.state
            answer = state.answer
            return state.screen is Screen.DOSSIER and answer is not None and answer.code == code

        def act(code: str = dossier.code) -> float:
            start = time.perf_counter()
            os.write(far, f"{code}\r".encode())
            return start

        samples.append(bench.frame_showing(bench.touch.window, shown, act))
    return samples


def _post(
    web: HTTPConnection, path: str, body: str, headers: dict[str, str] | None = None
) -> tuple[str, str]:
    web.request("POST", path, body, {"Content-Type": "application/json", **(headers or {})})
    answer = web.getresponse()
    text = answer.read().decode()
    if answer.status >= 300:
        raise RuntimeError(f"{path}: {answer.status} {text}")
    return text, answer.headers.get("Set-Cookie", "")


def _bare_http() -> list[float]:
    """A server that answers every request with the same few bytes."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        wire, _ = server.accept()
        with wire:
            while wire.recv(65536):
                wire.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")

    thread = threading.Thread(target=serve)
    thread.start()
    web = HTTPConnection("127.0.0.1", server.getsockname()[1])
    samples = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        web.request("POST", "/", "{}")
        web.getresponse().read()
        samples.append((time.perf_counter() - start) * 1e3)
    web.close()
    thread.join()
    server.close()
    return samples


def _bare_wire(count: int) -> list[float]:
    server = socket.create_server(("127.0.0.1", 0))
    client = socket.create_connection(server.getsockname())
    wire, _ = server.accept()
    samples = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        client.sendall(bytes(count))
        left = count
        while left:
            left -= len(wire.recv(65536))
        samples.append((time.perf_counter() - start) * 1e3)
    for end in (client, wire, server):
        end.close()
    return samples
