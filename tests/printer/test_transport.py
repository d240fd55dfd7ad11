from __future__ import annotations

import errno
import os
import socket
import termios
import time
import tty
from contextlib import closing, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from printer.errors import Lost, lost
from printer.escpos import encode
from printer.settings import PrinterSettings
from printer.state import Pace
from printer.status import Reason
from printer.transport import AHEAD_SECONDS, Transport, make_transport, open_transport
from printer.virtual import MODELS, VirtualPrinter
from printer.worker import Worker
from tests.printer.outbox import MemoryOutbox

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOBODY = 65534


@pytest.fixture
def line() -> Iterator[tuple[int, str]]:
    """The far end of a serial line, and the device at this end."""
    master, slave = os.openpty()
    tty.setraw(slave)
    yield master, os.ttyname(slave)
    os.close(slave)
    os.close(master)


@pytest.fixture
def server() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening


def network(server: socket.socket) -> Transport:
    host, port = server.getsockname()
    return open_transport(PrinterSettings(connection="network", host=host, port=port))


def soon(seconds: float = 2.0) -> float:
    return time.monotonic() + seconds


def test_bytes_go_out_and_come_in_over_the_network(server: socket.socket) -> None:
    with closing(network(server)) as wire:
        printer, _ = server.accept()
        with printer:
            assert wire.write(b"abc", soon()) == 3
            assert printer.recv(10) == b"abc"
            printer.sendall(b"\x16")
            assert wire.read(2.0) == b"\x16"
            assert wire.read(0.0) == b""


def test_a_printer_that_reads_nothing_costs_no_more_than_the_deadline(
    server: socket.socket,
) -> None:
    with closing(network(server)) as wire:
        printer, _ = server.accept()
        with printer:
            started = time.monotonic()
            sent = wire.write(bytes(64_000_000), soon(0.2))

            assert 0 < sent < 64_000_000
            assert time.monotonic() - started < 2.0


def test_a_printer_that_hangs_up_is_lost(server: socket.socket) -> None:
    with closing(network(server)) as wire:
        printer, _ = server.accept()
        printer.close()
        with pytest.raises(Lost) as caught:
            wire.read(2.0)

        assert caught.value.reason == "unreachable"


@pytest.mark.parametrize(
    "settings",
    [
        PrinterSettings(connection="network", host="127.0.0.1", port=1),
        PrinterSettings(connection="network", host="192.168.1..50"),
        PrinterSettings(connection="serial", device="/dev/no-such-line"),
        PrinterSettings(connection="usb", device="/dev/usb/no-such-printer"),
        PrinterSettings(connection="file", device="/proc/no-such-folder/slips"),
        PrinterSettings(connection="preview", folder="/proc/no-such-folder"),
    ],
)
def test_what_is_not_there_is_lost_and_can_be_tried_again(settings: PrinterSettings) -> None:
    wire = make_transport(settings)
    for _ in range(2):
        with pytest.raises(Lost) as caught:
            wire.open()
        wire.close()
        assert caught.value.reason == "unreachable"


@pytest.mark.parametrize("connection", ["serial", "usb"])
def test_bytes_go_out_and_come_in_through_a_device(line: tuple[int, str], connection: str) -> None:
    far_end, device = line
    settings = PrinterSettings(connection=connection, device=device, flow="none")
    with closing(open_transport(settings)) as wire:
        assert wire.write(b"\x1b@\x00\x11", soon()) == 4
        assert os.read(far_end, 10) == b"\x1b@\x00\x11"
        os.write(far_end, b"\x16")
        assert wire.read(2.0) == b"\x16"
        assert wire.read(0.0) == b""


def test_a_printer_that_sends_xoff_stops_the_line_until_xon(line: tuple[int, str]) -> None:
    far_end, device = line
    settings = PrinterSettings(connection="serial", device=device, flow="xonxoff")
    with closing(open_transport(settings)) as wire:
        os.write(far_end, b"\x13")
        assert wire.write(b"slip", soon(0.2)) == 0
        os.write(far_end, b"\x11")
        assert wire.write(b"slip", soon()) == 4
        assert os.read(far_end, 10) == b"slip"


def test_a_stopped_line_is_closed_in_time_and_its_rest_is_dropped(line: tuple[int, str]) -> None:
    _, device = line
    wire = open_transport(PrinterSettings(connection="serial", device=device, flow="none"))
    wire.write(bytes(100_000), soon(0.1))
    started = time.monotonic()
    wire.close()

    assert time.monotonic() - started < 4.0


def test_an_unplugged_cable_is_lost() -> None:
    master, slave = os.openpty()
    tty.setraw(slave)
    settings = PrinterSettings(connection="serial", device=os.ttyname(slave), flow="none")
    with closing(open_transport(settings)) as wire:
        os.close(slave)
        os.close(master)
        with pytest.raises(Lost):
            wire.read(2.0)


def test_one_line_has_one_owner(line: tuple[int, str]) -> None:
    _, device = line
    settings = PrinterSettings(connection="serial", device=device, flow="none")
    with closing(open_transport(settings)), pytest.raises(Lost) as caught:
        open_transport(settings)

    assert caught.value.reason == "in_use"


@contextmanager
def without_rights() -> Iterator[None]:
    """As a user who may do nothing, where the tests run as one who may do everything."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(before)


@pytest.mark.parametrize("connection", ["usb", "serial", "file"])
def test_a_device_that_the_user_may_not_open_is_told_as_that(
    tmp_path: Path, connection: str
) -> None:
    device = tmp_path / "lp0"
    device.touch(mode=0o000)
    settings = PrinterSettings(connection=connection, device=str(device), flow="none")
    with without_rights(), pytest.raises(Lost) as caught:
        open_transport(settings)

    assert caught.value.reason == "not_allowed"


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (errno.EACCES, "not_allowed"),
        (errno.EPERM, "not_allowed"),
        (errno.EBUSY, "in_use"),
        (errno.EAGAIN, "in_use"),
        (errno.ENOSPC, "disk_full"),
        (errno.ENODEV, "unreachable"),
        (None, "unreachable"),
    ],
)
def test_what_the_system_says_is_told_as_a_reason(number: int | None, reason: str) -> None:
    error = OSError("no number") if number is None else OSError(number, os.strerror(number))

    assert lost(error).reason == Reason(reason)


def test_the_baudrate_and_the_flow_control_reach_the_line(line: tuple[int, str]) -> None:
    _, device = line
    settings = PrinterSettings(connection="serial", device=device, flow="xonxoff", baudrate=38400)
    with closing(open_transport(settings)) as wire:
        descriptor = wire.fileno()
        assert descriptor is not None
        flags, _, _, _, speed, _, _ = termios.tcgetattr(descriptor)

        assert speed == termios.B38400
        assert flags & termios.IXON
        assert flags & termios.IGNBRK, "a break would read as the answer of a printer with paper"


def test_a_file_is_appended_to(tmp_path: Path) -> None:
    path = tmp_path / "new" / "slips.bin"
    for data in (b"one", b"two"):
        with closing(open_transport(PrinterSettings(connection="file", device=str(path)))) as wire:
            assert wire.write(data, soon()) == 3

    assert path.read_bytes() == b"onetwo"


def test_a_file_that_fails_after_the_bytes_went_out_says_that_they_did(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: int) -> None:
        raise OSError(errno.EIO, "the disk does not answer")

    wire = open_transport(PrinterSettings(connection="file", device=str(tmp_path / "slips.bin")))
    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(Lost) as caught:
        wire.write(b"slip", soon())

    assert caught.value.sent == len((tmp_path / "slips.bin").read_bytes()) == 4


def test_a_terminal_that_takes_the_bytes_as_a_file_loses_nothing(
    line: tuple[int, str],
) -> None:
    far_end, device = line
    with closing(open_transport(PrinterSettings(connection="file", device=device))) as wire:
        assert wire.write(b"slip", soon()) == 4
    assert os.read(far_end, 10) == b"slip"


def test_a_preview_is_a_picture_per_slip_and_the_latest(tmp_path: Path) -> None:
    settings = PrinterSettings(folder=str(tmp_path), paper_mm=58)
    for height in (40, 60):
        with closing(open_transport(settings)) as wire:
            wire.write(encode([Image.new("1", (384, height), 0)]), soon())

    pictures = sorted(tmp_path.glob("*.png"))
    assert [path.name for path in pictures] == ["latest.png", "slip-00001.png", "slip-00002.png"]
    sizes = []
    for path in pictures:
        with Image.open(path) as picture:
            sizes.append(picture.size)
    assert sizes == [(384, 60), (384, 40), (384, 60)]


def test_an_unknown_connection_is_a_bug_in_the_caller() -> None:
    with pytest.raises(ValueError, match="carrier pigeon"):
        make_transport(PrinterSettings(connection="carrier pigeon"))


@pytest.mark.parametrize("model", ["epson", "clone"])
def test_a_slow_line_is_no_silent_printer(model: str) -> None:
    """At 9600 baud the bytes of a slip are on their way for seconds after they were handed over."""
    outbox = MemoryOutbox()
    line = PrinterSettings(connection="serial", baudrate=9600, flow="none")
    printer = VirtualPrinter(pty=True, baud=9600, buffer=4096, speed=250, model=MODELS[model])
    with printer:
        worker = Worker(replace(line, device=printer.device), outbox, outbox.report, pace=Pace())
        worker.start()
        try:
            outbox.until_report("ok")
            outbox.add("A025", order=("number", "code"))
            worker.poke()
            record = outbox.records["A025"]
            outbox.until(lambda: record.state in ("printed", "unknown"), "an end", 40.0)
        finally:
            worker.stop()

    assert (record.state, record.reason) == ("printed", "")
    assert {state for state, _ in outbox.reports} == {"ok"}
    assert len(printer.slips) == 1


def test_a_serial_line_takes_no_more_than_it_carries(line: tuple[int, str]) -> None:
    master, device = line
    transport = open_transport(
        PrinterSettings(connection="serial", device=device, flow="none", baudrate=9600)
    )
    begun = time.monotonic()
    took = transport.write(bytes(4000), begun + 0.5)
    passed = time.monotonic() - begun
    transport.close()

    carried = 9600 / 10 * passed
    assert carried * 0.5 < took <= carried + AHEAD_SECONDS * 960 + 1
    assert len(os.read(master, 8000)) == took
