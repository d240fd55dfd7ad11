"""What goes wrong with a virtual printer on request, over real TCP and a real pty."""

from __future__ import annotations

import os
import select
import socket
import threading
import time
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from printer import escpos
from printer.virtual import MODELS, Model, VirtualPrinter

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PATIENCE = 5.0
PAUSE = threading.Event()
"""Never set: between two looks at a condition."""
WIRES = ["tcp", "pty"]


class Host:
    """The other end of the line."""

    def __init__(self, printer: VirtualPrinter) -> None:
        self.wire: socket.socket | None = None
        if printer.device:
            self.fd = os.open(printer.device, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        else:
            self.wire = socket.create_connection(("127.0.0.1", printer.port), timeout=PATIENCE)
            # The host's own kernel would take megabytes.
            self.wire.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
            self.wire.setblocking(False)
            self.fd = self.wire.fileno()

    def __enter__(self) -> Host:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        if self.wire is not None:
            self.wire.close()
        elif self.fd >= 0:
            os.close(self.fd)
        self.wire, self.fd = None, -1

    def offer(self, data: bytes, seconds: float) -> int:
        """How much of ``data`` the line takes before it stands still for ``seconds``."""
        sent = 0
        while sent < len(data) and select.select([], [self.fd], [], seconds)[1]:
            sent += os.write(self.fd, data[sent : sent + 1024])
        return sent

    def send(self, data: bytes) -> None:
        assert self.offer(data, PATIENCE) == len(data)

    def hear(self, size: int) -> bytes:
        heard = b""
        while len(heard) < size and select.select([self.fd], [], [], PATIENCE)[0]:
            heard += os.read(self.fd, size - len(heard))
        return heard

    def ask(self, question: bytes, size: int) -> bytes:
        self.send(question)
        return self.hear(size)

    def hears_nothing(self, seconds: float) -> bool:
        return not select.select([self.fd], [], [], seconds)[0]


def until(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline
        PAUSE.wait(0.002)


def broken(printer: VirtualPrinter, fault: str) -> None:
    """Waits until it has broken by itself."""
    until(lambda: printer.fault == fault)


def slip(mm: int, token: bytes = b"") -> bytes:
    picture = Image.new("1", (576, mm * 8), 0)
    return escpos.encode([picture]) + (escpos.fence(token) if token else b"")


def printer_on(wire: str, **change: object) -> VirtualPrinter:
    return VirtualPrinter(pty=wire == "pty", **change)  # type: ignore[arg-type]


ECHO = b'7"P001\x00\x00'
FEED = b"\x1dr\x01"


@pytest.mark.parametrize("wire", WIRES)
def test_an_echo_is_not_heard_before_the_paper_is_out(wire: str) -> None:
    with printer_on(wire, speed=100) as printer, Host(printer) as host:
        begun = time.monotonic()
        assert host.ask(slip(20, b"P001"), 8) == ECHO

        assert time.monotonic() - begun >= 0.19
        assert printer.papers[0].whole


@pytest.mark.parametrize("wire", WIRES)
def test_a_full_buffer_holds_the_host_back_until_there_is_paper(wire: str) -> None:
    with printer_on(wire, buffer=4096) as printer, Host(printer) as host:
        assert host.ask(escpos.ask(1), 1) == b"\x16"
        printer.set_fault("paper_out")
        queue = slip(1000, b"P001")
        taken = host.offer(queue, 0.3)

        assert taken < len(queue) * 0.9
        assert 4096 * 0.9 <= printer.standing.held <= 4096
        printer.set_fault(None)
        assert host.ask(queue[taken:], 8) == ECHO
        assert printer.slips[0].height == 8000
        assert printer.junk == 0


@pytest.mark.parametrize("wire", WIRES)
def test_a_slow_line_takes_its_time(wire: str) -> None:
    with printer_on(wire, baud=38400) as printer, Host(printer) as host:
        data = slip(8, b"P001")
        begun = time.monotonic()
        host.send(data)
        host.hear(8)

        assert time.monotonic() - begun >= len(data) * 10 / 38400 * 0.9
        assert len(printer.slips) == 1


@pytest.mark.parametrize("wire", WIRES)
def test_paper_that_ends_in_a_slip_goes_on_after_the_refill_though_the_host_has_gone(
    wire: str, tmp_path: Path
) -> None:
    with printer_on(wire, folder=tmp_path) as printer:
        printer.set_fault("paper_out", after_mm=15)
        with Host(printer) as host:
            assert host.ask(escpos.ask(1), 1) == b"\x16"
            host.send(slip(40, b"P001"))
            broken(printer, "paper_out")
            assert host.ask(escpos.ask(4), 1) == b"\x7e"
        printer.set_fault(None)
        (whole,) = printer.wait_for_slips(1)

        assert whole.height == 320
        assert [(one.picture.height, one.whole) for one in printer.papers] == [
            (120, False),
            (200, False),
        ]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["torn-00001.png", "torn-00002.png"]


@pytest.mark.parametrize("wire", WIRES)
@pytest.mark.parametrize("fault", ["cover_open", "overheated"])
def test_a_fault_within_a_slip_leaves_one_whole_paper(wire: str, fault: str) -> None:
    with printer_on(wire) as printer, Host(printer) as host:
        printer.set_fault(fault, after_mm=15)
        host.send(slip(40, b"P001"))
        broken(printer, fault)
        assert host.ask(escpos.ask(1), 1) == b"\x1e"
        printer.set_fault(None)

        assert host.hear(8) == ECHO
        assert [one.whole for one in printer.papers] == [True]


@pytest.mark.parametrize("wire", WIRES)
def test_a_cutter_that_jams_at_the_cut_is_told_and_cuts_when_it_is_mended(wire: str) -> None:
    with printer_on(wire) as printer, Host(printer) as host:
        printer.set_fault("cutter", at_cut=True)
        host.send(slip(40, b"P001"))
        broken(printer, "cutter")
        assert host.ask(escpos.ask(3), 1) == b"\x1a"
        assert printer.papers == []
        printer.set_fault(None)

        assert host.hear(8) == ECHO
        assert [one.whole for one in printer.papers] == [True]


def test_a_power_cycle_loses_the_buffer_tears_the_slip_and_drops_the_connection() -> None:
    with printer_on("tcp", speed=50) as printer:
        printer.set_fault("power_cycle", after_mm=10)
        with Host(printer) as host, pytest.raises(ConnectionResetError):
            host.ask(slip(40, b"P001") + slip(30, b"P002"), 1)
        (torn,) = printer.wait_for_papers(1)
        with Host(printer) as host:
            assert host.ask(slip(5, b"P001"), 8) == ECHO

        assert (torn.picture.height, torn.whole) == (80, False)
        assert [(one.picture.height, one.whole) for one in printer.papers[1:]] == [(40, True)]


def test_a_power_cycle_on_a_serial_line_is_heard_of_by_nothing_but_the_silence() -> None:
    with printer_on("pty", speed=50) as printer, Host(printer) as host:
        assert host.ask(b"\x1da\xff", 4)[0] == 0x14
        printer.set_fault("power_cycle", after_mm=10)
        host.send(slip(40, b"P001"))
        (torn,) = printer.wait_for_papers(1)
        assert host.ask(slip(5, b"P002"), 8) == b'7"P002\x00\x00'

        assert (torn.picture.height, torn.whole) == (80, False)
        printer.set_fault("paper_low")
        assert host.ask(escpos.ask(4), 1) == b"\x1e"  # and nothing of itself before


@pytest.mark.parametrize("wire", WIRES)
def test_a_silent_printer_prints_and_says_nothing(wire: str) -> None:
    with printer_on(wire) as printer, Host(printer) as host:
        printer.set_fault("silence")
        host.send(escpos.ask(1) + slip(10, b"P001"))
        printer.wait_for_slips(1)

        assert host.hears_nothing(0.05)


@pytest.mark.parametrize("wire", WIRES)
def test_an_open_printer_of_the_mute_kind_neither_prints_nor_answers(wire: str) -> None:
    with printer_on(wire) as printer, Host(printer) as host:
        printer.set_fault("offline_mute")
        host.send(escpos.ask(1) + slip(10, b"P001"))
        assert host.hears_nothing(0.05)
        assert printer.slips == []
        printer.set_fault(None)

        assert host.hear(8) == ECHO


@pytest.mark.parametrize("wire", WIRES)
def test_late_answers_come_in_order_even_when_the_fault_is_over(wire: str) -> None:
    with printer_on(wire) as printer, Host(printer) as host:
        printer.set_fault("late", seconds=0.3)
        begun = time.monotonic()
        host.send(escpos.ask(1) + b"\x1dI\x43")
        until(lambda: sum(len(one.data) for one in printer.received) == 6)
        printer.set_fault("paper_out")
        host.send(escpos.ask(1))

        assert host.hear(11) == b"\x16_VIRTUAL\x00\x1e"
        assert time.monotonic() - begun >= 0.3


def test_a_connection_is_cut_after_so_many_bytes() -> None:
    with printer_on("tcp") as printer, Host(printer) as host:
        printer.set_fault("hang_up", after=700)
        with pytest.raises(ConnectionResetError):
            host.ask(slip(10), 1)

        assert sum(len(one.data) for one in printer.received) >= 700
        assert printer.slips == []


def test_one_host_at_a_time_as_most_network_printers_have_it() -> None:
    with printer_on("tcp") as printer, Host(printer) as first:
        assert first.ask(escpos.ask(1), 1) == b"\x16"
        with Host(printer) as second:
            second.send(escpos.ask(1))
            assert second.hears_nothing(0.05)
            first.close()
            assert second.hear(1) == b"\x16"


def test_asb_speaks_of_itself_when_something_changes_and_only_then() -> None:
    with printer_on("tcp") as printer, Host(printer) as host:
        assert host.ask(b"\x1da\xff", 4).hex(" ") == "14 00 00 00"
        for fault, bits in {
            "paper_low": "14 00 03 00",
            "paper_out": "1c 00 0f 00",
            "cover_open": "3c 00 00 00",
            "cutter": "1c 08 00 00",
        }.items():
            printer.set_fault(fault)
            assert host.hear(4).hex(" ") == bits
        printer.set_fault(None)
        assert host.hear(4).hex(" ") == "14 00 00 00"
        assert host.ask(b"\x1da\x00" + FEED, 1) == b"\x00"
        printer.set_fault("paper_low")
        assert host.hears_nothing(0.05)


@pytest.mark.parametrize(
    ("fault", "bits"),
    [
        (None, "00 00 00 00"),
        ("paper_low", "04 00 00 00"),
        ("paper_out", "05 00 00 00"),
        ("cover_open", "00 02 00 00"),
        ("cutter", "00 00 00 01"),
    ],
)
def test_a_custom_printer_tells_its_full_status(fault: str | None, bits: str) -> None:
    with printer_on("tcp", model=MODELS["custom"]) as printer, Host(printer) as host:
        printer.set_fault(fault)

        assert host.ask(b"\x10\x04\x14", 6).hex(" ") == f"10 0f {bits}"


ALL = escpos.ask(1) + b"\x10\x04\x14\x1dr\x01\x1dr\x02\x1dr\x04\x1dI\x43" + escpos.fence(b"P001")


@pytest.mark.parametrize(
    ("model", "answer"),
    [
        (MODELS["epson"], b'\x16\0\0\0_VIRTUAL\x007"P001\0\0'),
        (MODELS["clone"], b"\x16\0\0\0_TM-T88V\x00\0"),
        (MODELS["custom"], b"\x16\x10\x0f\0\0\0\0\0\0\0_VKP80III\x00\0"),
        (MODELS["one-way"], b""),
        (Model(realtime=False, paper_sensor=False, identity=False), b'7"P001\0'),
    ],
)
def test_each_model_answers_what_it_knows_and_no_more(model: Model, answer: bytes) -> None:
    with printer_on("tcp", model=model) as printer, Host(printer) as host:
        assert host.ask(ALL, len(answer)) == answer
        assert host.hears_nothing(0.05)
        assert printer.junk == 0


def test_a_roll_has_an_end_and_its_use_is_told() -> None:
    with printer_on("tcp", roll_m=1.05) as printer, Host(printer) as host:
        assert host.ask(slip(60, b"P001"), 8) == b'7"P001\0\x03'
        assert host.ask(escpos.ask(4), 1) == b"\x1e"
        assert printer.standing.used_mm == 60
        host.send(slip(1000))
        broken(printer, "paper_out")
        assert host.ask(escpos.ask(4), 1) == b"\x7e"
        printer.set_fault(None)
        printer.wait_for_slips(2)

        standing = printer.standing
        assert (standing.slips, standing.torn) == (2, 2)
        assert (standing.used_mm, standing.printed_mm) == (10, 1060)


def test_mending_forgets_what_was_still_to_break() -> None:
    with printer_on("tcp") as printer, Host(printer) as host:
        printer.set_fault("paper_out", after_mm=10)
        printer.set_fault("hang_up", after=500)
        printer.set_fault("cutter", at_cut=True)
        printer.set_fault(None)

        assert host.ask(slip(40, b"P001"), 8) == ECHO
        assert printer.fault is None
