"""What the window does when the server is slow, away, another one, or not to be trusted."""

from __future__ import annotations

import re
import socket
import threading
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from kiosk.authority import pem_of
from kiosk.calendar import utc_now
from kiosk.counter import work
from kiosk.counter.client import trusting
from kiosk.counter.state import Link, Screen
from kiosk.office.hall import read_counter
from kiosk.web.certificate import Certificate
from tests.counter.test_window import here, take
from tests.web.certificates import EXPIRED, given
from tests.web.serving import served

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from kiosk.office.centre import Centre
    from tests.counter.conftest import OpenPc


class Wire:
    """A proxy in the way to the server, which can swallow answers or everything."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self.swallows: Callable[[bytes], bool] = lambda sent: False
        self.swallowed = 0
        self._run(self._accept)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def cut(self) -> None:
        """Every connection that is open now."""
        for end in self._open:
            with _quiet():
                end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        with _quiet():
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()
        for thread in self._threads:
            thread.join(10)
        for end in self._open:
            end.close()

    def _run(self, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with _quiet():
            while True:
                here, _ = self._listener.accept()
                self._run(lambda here=here: self._carry(here))

    def _carry(self, here: socket.socket) -> None:
        self._open.append(here)
        with _quiet():
            asked = _whole(here)
            there = socket.create_connection(("127.0.0.1", self._port))
            self._open.append(there)
            there.sendall(asked)
            if self.swallows(asked):
                there.recv(65536)
                self.swallowed += 1
                here.shutdown(socket.SHUT_RDWR)
                return
            self._run(lambda: self._copy(here, there))
            self._copy(there, here)

    def _copy(self, source: socket.socket, target: socket.socket) -> None:
        with _quiet():
            while data := source.recv(65536):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)


def _whole(client: socket.socket) -> bytes:
    """A request with its body, which comes in a packet of its own."""
    asked = b""
    while data := client.recv(65536):
        asked += data
        head, end, body = asked.partition(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
        if end and len(body) >= (int(length[1]) if length else 0):
            break
    return asked


@contextmanager
def _quiet() -> Iterator[None]:
    with suppress(OSError):
        yield


@pytest.fixture
def wire(address: str) -> Iterator[Wire]:
    made = Wire(int(address.rpartition(":")[2]))
    yield made
    made.close()


def space(pc) -> None:
    QTest.keyClick(pc.window, Qt.Key.Key_Space)


def test_an_answer_that_is_lost_calls_nobody_twice(open_pc: OpenPc, wire: Wire, centre: Centre):
    take(centre, "A", "A")
    pc = open_pc(wire.address)
    pc.sign_in("hoa", 1)
    pc.at_work()
    answers = iter([True, True])
    wire.swallows = lambda sent: b"/next " in sent and next(answers, False)
    space(pc)
    pc.until(lambda: pc.state.busy == "")

    assert wire.swallowed == 2
    assert here(centre) == ("A001", "called")
    assert pc.state.desk.current.number == "A001"
    assert read_counter(centre, 1).waiting_total == 1


def test_a_hand_that_trembles_calls_one_number(
    open_pc: OpenPc, address: str, centre: Centre, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(work, "TWICE_SECONDS", 60.0)
    take(centre, "A", "A")
    pc = open_pc(address)
    pc.sign_in("hoa", 1)
    pc.at_work()
    for _ in range(3):
        space(pc)
        pc.until(lambda: here(centre) == ("A001", "called") and pc.state.busy == "")
    QTest.keyClick(pc.window, Qt.Key.Key_S)
    pc.until(lambda: here(centre) == ("A001", "serving") and pc.state.busy == "")
    space(pc)
    pc.until(lambda: here(centre) == ("A002", "called"))


def test_who_presses_again_after_every_answer_was_lost_sees_what_is_true_first(
    open_pc: OpenPc, wire: Wire, centre: Centre
):
    take(centre, "A", "A", "A")
    pc = open_pc(wire.address)
    pc.sign_in("hoa", 1)
    pc.at_work()
    wire.swallows = lambda sent: b"/next " in sent
    space(pc)
    pc.until(lambda: wire.swallowed == 3 and not pc.state.busy)
    pc.until(lambda: pc.state.desk.current is not None and pc.state.unfinished is None)
    assert here(centre) == ("A001", "called")
    assert pc.state.link is Link.LIVE
    wire.swallows = lambda sent: False
    space(pc)
    pc.until(lambda: here(centre) == ("A002", "called"))


def test_a_lost_answer_to_a_move_is_told_and_the_truth_shown(
    open_pc: OpenPc, wire: Wire, centre: Centre
):
    take(centre, "A")
    pc = open_pc(wire.address)
    pc.sign_in("hoa", 1)
    pc.at_work()
    space(pc)
    pc.until(lambda: here(centre) == ("A001", "called"))
    pc.until(lambda: pc.state.busy == "")
    wire.swallows = lambda sent: b"/start " in sent
    QTest.keyClick(pc.window, Qt.Key.Key_S)
    pc.until(lambda: here(centre) == ("A001", "serving"))
    pc.until(lambda: pc.state.desk.current.state.value == "serving")

    pc.until(lambda: pc.state.link is Link.LIVE and not pc.state.busy)


def test_the_window_goes_on_when_the_server_was_started_anew(open_pc: OpenPc, centre: Centre):
    take(centre, "A", "A")
    with served(centre) as address:
        port = int(address.rpartition(":")[2])
        pc = open_pc(address)
        pc.sign_in("hoa", 1)
        pc.at_work()
        space(pc)
        pc.until(lambda: here(centre) == ("A001", "called"))
        pc.until(lambda: pc.state.busy == "")
    pc.reads("Mất kết nối, đang nối lại…")
    pc.reads("Máy chủ chưa chạy.")
    pc.reads("A001")
    space(pc)
    pc.reads("Chưa nhận được trả lời vì mất kết nối.")
    with served(centre, port):
        pc.until(lambda: pc.state.link is Link.LIVE)
        pc.until(lambda: not pc.state.busy)
        assert here(centre) == ("A001", "called")
        space(pc)
        pc.until(lambda: here(centre) == ("A002", "called"))


def test_a_stream_that_is_cut_is_followed_anew(open_pc: OpenPc, wire: Wire, centre: Centre):
    pc = open_pc(wire.address)
    pc.sign_in("hoa", 1)
    pc.at_work()
    for number in (1, 2, 3):
        wire.cut()
        take(centre, "A")
        pc.until(lambda n=number: pc.state.desk.waiting_total == n)

    assert pc.state.screen is Screen.DESK


def test_a_server_that_is_not_there_is_told_before_anybody_signs_in(open_pc: OpenPc):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    pc = open_pc(f"http://127.0.0.1:{port}")
    pc.reads("Máy chủ chưa chạy.")
    pc.sign_in("hoa", 1)

    pc.reads("Chưa nhận được trả lời")
    assert pc.state.screen is Screen.SIGN_IN


def test_another_program_at_the_address_is_told_as_that(open_pc: OpenPc):
    def answer(listener: socket.socket) -> None:
        with _quiet():
            while True:
                client, _ = listener.accept()
                with client:
                    client.recv(65536)
                    client.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\nhi")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=answer, args=(listener,))
        thread.start()
        pc = open_pc(f"http://127.0.0.1:{listener.getsockname()[1]}")
        pc.reads("Câu trả lời không đúng của phần mềm này.")
        with _quiet():
            listener.shutdown(socket.SHUT_RDWR)
    thread.join(10)


def certificate(folder: Path, age: timedelta = timedelta()) -> tuple[Certificate, Path]:
    """What the server shows, and the file of the authority that gave it."""
    made, authority = given(folder, age), folder / "ca.pem"
    authority.write_bytes(pem_of(made.authority.certificate))
    return Certificate(made.files, utc_now, lambda *_: None), authority


def test_a_certificate_that_nobody_vouches_for_is_refused_and_told(
    open_pc: OpenPc, centre: Centre, tmp_path: Path
):
    made, authority = certificate(tmp_path)
    with served(centre, certificate=made) as address:
        stranger = open_pc(address, name="stranger")
        stranger.reads("Máy này không tin chứng thư của máy chủ.")
        stranger.sign_in("hoa", 1)
        stranger.until(lambda: not stranger.state.busy)
        assert stranger.state.screen is Screen.SIGN_IN
        pc = open_pc(address, trusted=trusting(authority))
        pc.sign_in("hoa", 1)
        pc.at_work()
        take(centre, "A")
        pc.until(lambda: pc.state.desk.waiting_total == 1)
        space(pc)
        pc.until(lambda: here(centre) == ("A001", "called"))


def test_an_expired_certificate_is_told_as_that(open_pc: OpenPc, centre: Centre, tmp_path: Path):
    made, authority = certificate(tmp_path, age=EXPIRED)
    with served(centre, certificate=made) as address:
        pc = open_pc(address, trusted=trusting(authority))

        pc.reads("Chứng thư của máy chủ đã hết hạn.")


def test_https_where_the_server_speaks_plain_is_told(open_pc: OpenPc, address: str):
    pc = open_pc(address.replace("http://", "https://"))

    pc.reads("Máy chủ không trả lời bằng https ở địa chỉ này.")
