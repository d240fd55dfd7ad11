"""The wires to a printer; none of them ever blocks beyond its deadline."""

from __future__ import annotations

import contextlib
import os
import select
import socket
import stat
import termios
import time
from io import FileIO
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import serial

from printer.cups import Cups
from printer.decode import Decoder, Paper
from printer.errors import Lost, lost
from printer.libusb import Libusb, usb_numbers
from printer.saved import save_latest, save_slip

if TYPE_CHECKING:
    from printer.settings import PrinterSettings

CONNECT_SECONDS = 3.0
DRAIN_SECONDS = 2.0
EMPTY_READ_SECONDS = 0.02
CHUNK = 4096
BITS_A_BYTE = 10
"""On a serial line, with its start and its stop."""
AHEAD_SECONDS = 0.2
"""So much a serial line may hold that it has not carried yet."""


class Transport(Protocol):
    """A wire. Every method may raise Lost; after that only close() and open() make sense."""

    def open(self) -> None: ...

    def close(self) -> None: ...

    def fileno(self) -> int | None:
        """What to poll for answers; None when there never are any."""

    def write(self, data: bytes, deadline: float) -> int:
        """Hands over as much as fits before ``deadline`` (time.monotonic) and says how much."""

    def read(self, timeout: float) -> bytes:
        """What the printer says within ``timeout`` seconds; b"" when it says nothing."""


def open_transport(settings: PrinterSettings) -> Transport:
    """The wire that ``settings`` describe, open; Lost when the printer is not there."""
    transport = make_transport(settings)
    transport.open()
    return transport


def make_transport(settings: PrinterSettings) -> Transport:
    """The wire that ``settings`` describe, closed."""
    match settings.connection:
        case "network":
            return Network(settings.host, settings.port)
        case "serial":
            return Serial(settings.device, settings.baudrate, settings.flow)
        case "usb" if (numbers := usb_numbers(settings.device)) is not None:
            return Libusb(*numbers)
        case "usb":
            return Usb(settings.device)
        case "cups":
            return Cups(settings.device)
        case "file":
            return File(Path(settings.device))
        case "preview":
            return Preview(Path(settings.folder), settings.dots)
        case other:
            raise ValueError(f"no such connection: {other}")


class _Wire:
    """A descriptor that is never waited for beyond a deadline."""

    def __init__(self) -> None:
        self._fd = -1

    def fileno(self) -> int | None:
        return self._fd if self._fd >= 0 else None

    def write(self, data: bytes, deadline: float) -> int:
        sent = 0
        view = memoryview(data)
        try:
            while sent < len(data) and self._ready(select.POLLOUT, deadline - time.monotonic()):
                with contextlib.suppress(BlockingIOError):
                    sent += os.write(self._fd, view[sent : sent + CHUNK])
        except OSError as error:
            raise lost(error, sent=sent) from error
        return sent

    def read(self, timeout: float) -> bytes:
        try:
            if not self._ready(select.POLLIN, timeout):
                return b""
            data = os.read(self._fd, CHUNK)
        except BlockingIOError:
            return b""
        except OSError as error:
            raise lost(error) from error
        return data or self._nothing()

    def _nothing(self) -> bytes:
        raise Lost("unreachable", "the printer closed the connection")

    def _ready(self, what: int, timeout: float) -> bool:
        if self._fd < 0:
            raise Lost("unreachable", "closed")
        poll = select.poll()
        poll.register(self._fd, what)
        return bool(poll.poll(max(0, round(timeout * 1000))))


class Network(_Wire):
    """Raw TCP, port 9100 as a rule; the connection stays open between slips."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__()
        self._address = (host, port)
        self._socket: socket.socket | None = None

    def open(self) -> None:
        try:
            wire = socket.create_connection(self._address, timeout=CONNECT_SECONDS)
        except (OSError, UnicodeError) as error:
            # Whatever the errno, no device's rights are meant; and what no name can be
            # ("192.168.1..50") fails before anybody is asked for it.
            raise Lost("unreachable", str(error)) from error
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for option, value in (("TCP_KEEPIDLE", 10), ("TCP_KEEPINTVL", 5), ("TCP_KEEPCNT", 3)):
            if hasattr(socket, option):
                wire.setsockopt(socket.IPPROTO_TCP, getattr(socket, option), value)
        wire.setblocking(False)
        self._socket, self._fd = wire, wire.fileno()

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
        self._socket, self._fd = None, -1


class Serial(_Wire):
    """A serial line; pyserial sets it up, the bytes go through the descriptor.

    It takes no more than the line carries: what the kernel would keep for seconds is as good as
    written to whoever waits for the printer, and each question stands behind it.
    """

    def __init__(self, device: str, baudrate: int, flow: str) -> None:
        super().__init__()
        self._bytes_a_second = baudrate / BITS_A_BYTE
        self._idle_at = 0.0
        """When the line will have carried all that it took."""
        self._port = serial.Serial(
            baudrate=baudrate,
            rtscts=flow == "rtscts",
            xonxoff=flow == "xonxoff",
            timeout=0,
            exclusive=True,
        )
        self._port.port = device

    def open(self) -> None:
        try:
            self._port.open()
        except OSError as error:
            raise lost(error) from error
        except ValueError as error:
            raise Lost("unreachable", str(error)) from error
        self._fd = self._port.fileno()
        self._ignore_breaks()

    def _ignore_breaks(self) -> None:
        """A printer that is switched off leaves a break on the line, which would read as a NUL: the
        answer to GS r of a printer that has paper."""
        attributes = termios.tcgetattr(self._fd)
        attributes[0] |= termios.IGNBRK
        termios.tcsetattr(self._fd, termios.TCSANOW, attributes)

    def write(self, data: bytes, deadline: float) -> int:
        sent = 0
        while sent < len(data) and (now := time.monotonic()) <= deadline:
            room = AHEAD_SECONDS - max(0.0, self._idle_at - now)
            if room <= 0:
                time.sleep(min(AHEAD_SECONDS / 4, deadline - now))
                continue
            size = max(1, int(room * self._bytes_a_second))
            try:
                took = super().write(data[sent : sent + size], deadline)
            except Lost as error:
                raise Lost(error.reason, error.detail, sent=sent + error.sent) from error
            if not took:
                break
            sent += took
            self._idle_at = max(self._idle_at, now) + took / self._bytes_a_second
        return sent

    def close(self) -> None:
        if self._fd < 0:
            return
        self._fd = -1
        with contextlib.suppress(OSError):
            self._drain()
        with contextlib.suppress(OSError):
            self._port.close()

    def _drain(self) -> None:
        """Lets the last bytes out, but does not let a stopped printer hold the line open."""
        until = time.monotonic() + DRAIN_SECONDS
        while self._port.out_waiting and time.monotonic() < until:
            time.sleep(EMPTY_READ_SECONDS)
        self._port.reset_output_buffer()


class Usb(_Wire):
    """A USB printer through the kernel's usblp driver (/dev/usb/lp0)."""

    def __init__(self, device: str) -> None:
        super().__init__()
        self._device = device

    def open(self) -> None:
        try:
            self._fd = os.open(self._device, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY)
        except OSError as error:
            raise lost(error) from error

    def close(self) -> None:
        if self._fd >= 0:
            with contextlib.suppress(OSError):
                os.close(self._fd)
        self._fd = -1

    def _nothing(self) -> bytes:
        # Some printers behind usblp are always readable and say nothing; unplugging is an error,
        # not an empty answer.
        time.sleep(EMPTY_READ_SECONDS)
        return b""


class File:
    """Appends the bytes to a file, or a device; on a disk they are safe before they count."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def open(self) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file().close()
        except OSError as error:
            raise lost(error) from error

    def close(self) -> None:
        """Nothing is held open between writes."""

    def fileno(self) -> int | None:
        return None

    def write(self, data: bytes, deadline: float) -> int:
        sent = 0
        try:
            with self._file() as file:
                sent = file.write(data)
                # What is no file on a disk (a device, a pipe) knows no fsync and says EINVAL.
                if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                    os.fsync(file.fileno())
        except OSError as error:
            raise lost(error, sent=sent) from error
        return sent

    def read(self, timeout: float) -> bytes:
        return b""

    def _file(self) -> FileIO:
        return FileIO(self._path, "ab", opener=_open_plainly)


def _open_plainly(path: str, flags: int) -> int:
    """A terminal that is opened as a file does not become the one that can hang us up."""
    return os.open(path, flags | os.O_NOCTTY, 0o666)


class Preview:
    """Saves what the bytes would print as a picture per slip, and the newest as latest.png."""

    def __init__(self, folder: Path, dots: int) -> None:
        self._folder = folder
        self._dots = dots
        self._decoder = Decoder(dots)

    def open(self) -> None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise lost(error) from error
        self._decoder = Decoder(self._dots)

    def close(self) -> None:
        """Nothing is held open between slips."""

    def fileno(self) -> int | None:
        return None

    def write(self, data: bytes, deadline: float) -> int:
        self._decoder.feed(data)
        sent = 0
        try:
            for outcome in self._decoder.run():
                if isinstance(outcome, Paper):
                    saved = save_slip(self._folder, outcome.picture)
                    sent = len(data)
                    save_latest(self._folder, saved)
        except OSError as error:
            raise lost(error, sent=sent) from error
        return len(data)

    def read(self, timeout: float) -> bytes:
        return b""
