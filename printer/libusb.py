"""A USB printer without the kernel's usblp driver, through libusb."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import select
import threading
import time
from typing import TYPE_CHECKING, Any, Final, Protocol

from printer.errors import Lost, lost

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

CHUNK: Final = 4096
_READ_SECONDS: Final = 0.2
_JOIN_SECONDS: Final = 2.0
_PRINTER: Final = 0x07
_VENDOR: Final = 0xFF
_BULK: Final = 0x02
_IN: Final = 0x80


class Device(Protocol):
    """What is used of pyusb's."""

    def get_active_configuration(self) -> Iterable[Any]: ...

    def is_kernel_driver_active(self, interface: int) -> bool: ...

    def detach_kernel_driver(self, interface: int) -> None: ...

    def attach_kernel_driver(self, interface: int) -> None: ...

    def write(self, endpoint: int, data: bytes, timeout: int) -> int: ...

    def read(self, endpoint: int, size: int, timeout: int) -> Iterable[int]: ...


class Bus(Protocol):
    def find(self, vendor: int, product: int) -> Device | None: ...

    def release(self, device: Device) -> None: ...


class Pyusb:
    """The machine's own USB."""

    def find(self, vendor: int, product: int) -> Device | None:
        try:
            import usb.core

            found: Device | None = usb.core.find(idVendor=vendor, idProduct=product)
        except (ImportError, ValueError) as error:
            raise Lost("libusb_missing", str(error)) from error
        return found

    def release(self, device: Device) -> None:
        import usb.util

        usb.util.dispose_resources(device)


def usb_numbers(device: str) -> tuple[int, int] | None:
    """Vendor and product of "0dd4:01a8" or "usb:0dd4:01a8"; None for a path."""
    match = re.fullmatch(r"(?:usb:)?([0-9A-Fa-f]{4}):([0-9A-Fa-f]{4})", device)
    return (int(match[1], 16), int(match[2], 16)) if match else None


class Libusb:
    """The first device with these numbers; its endpoints are those that its descriptors name.

    libusb has nothing that could be polled, so a thread listens and passes on what it hears.
    """

    def __init__(self, vendor: int, product: int, bus: Bus | None = None) -> None:
        self._numbers = vendor, product
        self._bus: Bus = bus or Pyusb()
        self._device: Device | None = None
        self._detached: int | None = None
        self._out = 0
        self._heard = -1
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None

    def open(self) -> None:
        try:
            device = self._bus.find(*self._numbers)
            if device is None:
                raise Lost("unreachable", "no USB device {:04x}:{:04x}".format(*self._numbers))
            self._device = device
            interface, self._out, in_, size = _endpoints(device)
            if device.is_kernel_driver_active(interface):
                device.detach_kernel_driver(interface)
                self._detached = interface
        except OSError as error:
            raise lost(error) from error
        self._closing.clear()
        self._heard, passed_on = os.pipe()
        self._thread = threading.Thread(
            target=self._listen, args=(device, in_, size, passed_on), name="usb"
        )
        self._thread.start()

    def close(self) -> None:
        """Gives the device back to the kernel's driver, if that had it."""
        self._closing.set()
        if self._thread is not None:
            self._thread.join(_JOIN_SECONDS)
            os.close(self._heard)
        self._thread, self._heard = None, -1
        if self._device is not None:
            with contextlib.suppress(OSError):
                self._bus.release(self._device)
                if self._detached is not None:
                    self._device.attach_kernel_driver(self._detached)
        self._device = self._detached = None

    def fileno(self) -> int | None:
        return self._heard if self._heard >= 0 else None

    def write(self, data: bytes, deadline: float) -> int:
        device = self._device
        if device is None or self._thread is None:
            raise Lost("unreachable", "closed")
        sent = 0
        try:
            while sent < len(data) and (left := deadline - time.monotonic()) > 0:
                piece = data[sent : sent + CHUNK]
                sent += device.write(self._out, piece, _milliseconds(left))
        except OSError as error:
            if error.errno != errno.ETIMEDOUT:
                raise lost(error, sent=sent) from error
        return sent

    def read(self, timeout: float) -> bytes:
        if self._heard < 0:
            raise Lost("unreachable", "closed")
        poll = select.poll()
        poll.register(self._heard, select.POLLIN)
        if not poll.poll(max(0, round(timeout * 1000))):
            return b""
        data = os.read(self._heard, CHUNK)
        if not data:
            raise Lost("unreachable", "the printer is unplugged")
        return data

    def _listen(self, device: Device, endpoint: int, size: int, passed_on: int) -> None:
        try:
            while not self._closing.is_set():
                with _silence():
                    data = bytes(device.read(endpoint, size, _milliseconds(_READ_SECONDS)))
                    os.write(passed_on, data)
                    if not data:
                        self._closing.wait(_READ_SECONDS)
        except OSError:
            pass  # whoever reads finds the end
        finally:
            os.close(passed_on)


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    """A printer that says nothing is none that is gone."""
    try:
        yield
    except OSError as error:
        if error.errno != errno.ETIMEDOUT:
            raise


def _milliseconds(seconds: float) -> int:
    """At least 1: libusb waits for ever on 0."""
    return max(1, round(seconds * 1000))


def _endpoints(device: Device) -> tuple[int, int, int, int]:
    """Interface, endpoint out, endpoint in and its packet size; a printer's interface first."""
    interfaces = [
        one
        for wanted in (_PRINTER, _VENDOR)
        for one in device.get_active_configuration()
        if one.bInterfaceClass == wanted
    ]
    for interface in interfaces:
        bulk = [one for one in interface if one.bmAttributes & 0x03 == _BULK]
        out = next((one for one in bulk if not one.bEndpointAddress & _IN), None)
        in_ = next((one for one in bulk if one.bEndpointAddress & _IN), None)
        if out is not None and in_ is not None:
            number: int = interface.bInterfaceNumber
            return number, out.bEndpointAddress, in_.bEndpointAddress, in_.wMaxPacketSize
    raise Lost("unreachable", "no printer's endpoints")
