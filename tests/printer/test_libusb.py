"""The wire through libusb, on a device that pyusb could have found."""

from __future__ import annotations

import errno
import threading
import time
from collections import deque
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from printer.errors import Lost
from printer.libusb import CHUNK, Libusb, usb_numbers
from printer.settings import PrinterSettings
from printer.transport import Usb, make_transport

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

NUMBERS = (0x0DD4, 0x01A8)


@dataclass(frozen=True)
class Endpoint:
    bEndpointAddress: int
    bmAttributes: int = 2
    wMaxPacketSize: int = 64


@dataclass(frozen=True)
class Interface:
    bInterfaceNumber: int
    bInterfaceClass: int
    endpoints: tuple[Endpoint, ...]

    def __iter__(self) -> Iterator[Endpoint]:
        return iter(self.endpoints)


CUSTOM = Interface(0, 7, (Endpoint(0x81), Endpoint(0x02)))
KEYBOARD = Interface(0, 3, (Endpoint(0x83, 3),))
WITHOUT_ANSWERS = Interface(0, 7, (Endpoint(0x01),))


@dataclass
class Device:
    """Takes bytes as a printer does, in packets, and tells a time-out as pyusb does."""

    interfaces: tuple[Interface, ...] = (CUSTOM,)
    usblp: bool = True
    room: int = 1 << 20
    received: list[tuple[int, bytes]] = field(default_factory=list)
    answers: deque[bytes] = field(default_factory=deque)
    plugged: bool = True
    reading: threading.Event = field(default_factory=threading.Event)

    def get_active_configuration(self) -> Iterable[Interface]:
        return self.interfaces

    def is_kernel_driver_active(self, interface: int) -> bool:
        return self.usblp

    def detach_kernel_driver(self, interface: int) -> None:
        self.usblp = False

    def attach_kernel_driver(self, interface: int) -> None:
        self.usblp = True

    def write(self, endpoint: int, data: bytes, timeout: int) -> int:
        assert timeout > 0, "0 waits for ever"
        self._there()
        taken = data[: self.room]
        if not taken:
            raise TimeoutError(errno.ETIMEDOUT, "Operation timed out")
        self.room -= len(taken)
        self.received.append((endpoint, taken))
        return len(taken)

    def read(self, endpoint: int, size: int, timeout: int) -> Iterable[int]:
        assert (endpoint, size) == (0x81, 64)
        assert timeout > 0
        self._there()
        self.reading.set()
        if not self.answers:
            threading.Event().wait(0.005)
            raise TimeoutError(errno.ETIMEDOUT, "Operation timed out")
        return list(self.answers.popleft())

    def _there(self) -> None:
        if not self.plugged:
            raise OSError(errno.ENODEV, "No such device (it may have been disconnected)")


@dataclass
class Bus:
    device: Device | None
    released: int = 0

    def find(self, vendor: int, product: int) -> Device | None:
        assert (vendor, product) == NUMBERS
        return self.device

    def release(self, device: Device) -> None:
        self.released += 1


def soon(seconds: float = 2.0) -> float:
    return time.monotonic() + seconds


def opened(device: Device) -> Libusb:
    wire = Libusb(*NUMBERS, Bus(device))
    wire.open()
    return wire


@pytest.mark.parametrize(
    ("device", "numbers"),
    [
        ("0dd4:01a8", NUMBERS),
        ("usb:0DD4:01A8", NUMBERS),
        ("/dev/usb/lp0", None),
        ("0dd4:1a8", None),
        ("", None),
    ],
)
def test_numbers_ask_for_libusb_and_a_path_does_not(
    device: str, numbers: tuple[int, int] | None
) -> None:
    assert usb_numbers(device) == numbers
    wire = make_transport(PrinterSettings(connection="usb", device=device))
    assert isinstance(wire, Libusb if numbers else Usb)


def test_bytes_go_to_the_endpoint_that_the_descriptors_name_in_pieces() -> None:
    device = Device()
    slip = bytes(range(256)) * 40
    with closing(opened(device)) as wire:
        assert wire.write(slip, soon()) == len(slip)

    assert {endpoint for endpoint, _ in device.received} == {0x02}
    assert b"".join(data for _, data in device.received) == slip
    assert max(len(data) for _, data in device.received) <= CHUNK


def test_what_it_says_can_be_polled_for_and_read() -> None:
    device = Device()
    with closing(opened(device)) as wire:
        assert wire.read(0.0) == b""
        device.answers += [b"\x16", b"", b"\x12"]
        heard = b""
        until = soon()
        while len(heard) < 2 and time.monotonic() < until:
            assert wire.fileno() is not None
            heard += wire.read(0.5)

    assert heard == b"\x16\x12"
    assert wire.fileno() is None


def test_a_printer_that_takes_no_more_costs_no_more_than_the_deadline() -> None:
    device = Device(room=5000)
    with closing(opened(device)) as wire:
        started = time.monotonic()
        assert wire.write(bytes(9000), soon(0.2)) == 5000
        assert time.monotonic() - started < 1.0


def test_the_kernels_driver_steps_aside_and_comes_back() -> None:
    device = Device(usblp=True)
    bus = Bus(device)
    wire = Libusb(*NUMBERS, bus)
    for _ in range(2):
        wire.open()
        assert not device.usblp
        wire.close()
        assert device.usblp
    assert bus.released == 2


def test_a_driver_that_was_not_there_is_not_called() -> None:
    device = Device(usblp=False)
    opened(device).close()

    assert not device.usblp


def test_an_unplugged_printer_is_lost_for_who_writes_and_for_who_reads() -> None:
    device = Device(room=100)
    with closing(opened(device)) as wire:
        device.plugged = False
        with pytest.raises(Lost) as lost:
            wire.write(b"slip", soon())
        assert (lost.value.reason, lost.value.sent) == ("unreachable", 0)
        with pytest.raises(Lost):
            wire.read(2.0)


@pytest.mark.parametrize(
    "device",
    [None, Device((KEYBOARD,)), Device((WITHOUT_ANSWERS,)), Device(plugged=True, interfaces=())],
)
def test_what_is_not_a_printer_that_answers_is_lost_and_can_be_tried_again(
    device: Device | None,
) -> None:
    wire = Libusb(*NUMBERS, Bus(device))
    for _ in range(2):
        with pytest.raises(Lost):
            wire.open()
        wire.close()
        assert wire.fileno() is None


def test_a_printer_of_its_makers_own_class_is_found_behind_another_interface() -> None:
    own = Interface(1, 0xFF, (Endpoint(0x81), Endpoint(0x04)))
    device = Device((KEYBOARD, own))
    with closing(opened(device)) as wire:
        wire.write(b"slip", soon())

    assert device.received == [(0x04, b"slip")]


def test_a_wire_that_is_closed_says_so() -> None:
    wire = Libusb(*NUMBERS, Bus(Device()))
    with pytest.raises(Lost):
        wire.write(b"slip", soon())
    with pytest.raises(Lost):
        wire.read(0.0)


def test_a_machine_without_such_a_device_says_that_it_is_unreachable() -> None:
    with pytest.raises(Lost) as lost:
        Libusb(*NUMBERS, Bus(None)).open()

    assert lost.value.reason == "unreachable"


def test_a_machine_without_such_a_device_or_without_libusb_loses_the_printer_and_no_more() -> None:
    with pytest.raises(Lost, match=r"unreachable|libusb_missing"):
        make_transport(PrinterSettings(connection="usb", device="ffff:ffff")).open()
