"""A receipt printer of software, on TCP or on a pty, that prints pictures, answers and fails.

Like an Epson it answers DLE EOT at once wherever the bytes stand, even inside a picture; everything
else waits its turn. Out of paper or with the cover open it keeps what it was sent, stops answering
the queue, and carries on by itself once it is mended.
"""

from __future__ import annotations

import contextlib
import os
import random
import selectors
import socket
import struct
import threading
import time
import tty
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from printer.decode import Decoder, Paper, Question
from printer.saved import save_slip

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from PIL import Image

# Answers to DLE EOT 1, 2, 3, 4 and GS r; a fault that stops the queue is one with 08 in the first.
_ANSWERS: dict[str | None, tuple[int, int, int, int, int]] = {
    None: (0x16, 0x12, 0x12, 0x12, 0x00),
    "paper_low": (0x16, 0x12, 0x12, 0x1E, 0x03),
    "paper_out": (0x1E, 0x32, 0x12, 0x7E, 0x0F),
    "cover_open": (0x1E, 0x16, 0x12, 0x12, 0x00),
    "cutter": (0x1E, 0x52, 0x1A, 0x12, 0x00),
    "overheated": (0x1E, 0x52, 0x52, 0x12, 0x00),
    "silence": (0x16, 0x12, 0x12, 0x12, 0x00),
    "garbage": (0x16, 0x12, 0x12, 0x12, 0x00),
}
FAULTS = tuple(fault for fault in _ANSWERS if fault is not None)
KEYS = {
    b"o": None,
    b"p": "paper_out",
    b"l": "paper_low",
    b"c": "cover_open",
    b"k": "cutter",
    b"h": "overheated",
    b"s": "silence",
    b"g": "garbage",
}
"""What each key on the control port sets; "d" hangs up on the client."""


@dataclass(frozen=True, slots=True)
class Received:
    at: float
    """time.monotonic()"""
    data: bytes


class VirtualPrinter:
    """A printer at ``port`` (TCP) or ``device`` (pty) while the context lasts.

    ``echo`` and ``paper_sensor`` say whether it knows GS ( H and GS r; ``folder`` keeps each slip
    as a picture; ``control_port`` takes single keys (KEYS). It remembers the last ``keep`` slips
    and pieces of what it was sent, None for all.
    """

    def __init__(
        self,
        *,
        tcp: int | None = None,
        pty: bool = False,
        host: str = "127.0.0.1",
        dots: int = 576,
        folder: str | Path | None = None,
        control: int | None = None,
        echo: bool = True,
        paper_sensor: bool = True,
        keep: int | None = None,
    ) -> None:
        self.port = 0
        self.device = ""
        self.control_port = 0
        self.slips: list[Image.Image] = []
        self.received: list[Received] = []
        self.kicks = 0
        """Real-time commands that a picture should never hold (DLE DC4, DLE ENQ)."""
        self._host = host
        self._tcp = 0 if tcp is None and not pty else tcp
        self._pty = pty
        self._control = control
        self._folder = Path(folder) if folder is not None else None
        self._echo, self._paper_sensor = echo, paper_sensor
        self._most = keep
        self._decoder = Decoder(dots)
        self._queue: deque[bytes] = deque()
        self._tail = b""
        self._fault: str | None = None
        self._later: tuple[str, int] | None = None
        self._noise = random.Random(1)  # noqa: S311 - noise, not a secret
        self._change = threading.Condition()
        self._selector = selectors.DefaultSelector()
        self._wake_up, self._woken = socket.socketpair()
        self._client: int | None = None
        self._sockets: dict[int, socket.socket] = {}
        self._descriptors: list[int] = []
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="virtual-printer")

    def __enter__(self) -> VirtualPrinter:
        try:
            self._open()
        except OSError:
            self._close()
            raise
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._closing = True
        self._wake_up.send(b"!")
        self._thread.join()
        self._close()

    def _open(self) -> None:
        self._selector.register(self._woken, selectors.EVENT_READ, self._wake)
        if self._tcp is not None:
            self.port = self._serve(self._tcp, self._accept)
        if self._control is not None:
            self.control_port = self._serve(self._control, self._accept_control)
        if self._pty:
            self._open_pty()
        if self._folder is not None:
            self._folder.mkdir(parents=True, exist_ok=True)

    def _close(self) -> None:
        self._selector.close()
        for wire in (*self._sockets.values(), self._wake_up, self._woken):
            wire.close()
        for descriptor in self._descriptors:
            with contextlib.suppress(OSError):
                os.close(descriptor)

    @property
    def junk(self) -> int:
        """Bytes that were no command: stray letters on paper."""
        return self._decoder.junk

    @property
    def fault(self) -> str | None:
        return self._fault

    def set_fault(self, fault: str | None, *, after: int = 0) -> None:
        """Breaks (one of FAULTS) or mends the printer, now or ``after`` more bytes.

        "hang_up" with ``after`` closes the connection there.
        """
        with self._change:
            if after:
                assert fault is not None
                self._later = (fault, after)
            else:
                self._fault = fault
            self._change.notify_all()
        self._wake_up.send(b"!")

    def hang_up(self) -> None:
        """Closes the connection; on a pty, unplugs the cable."""
        self._wake_up.send(b"h")

    def wait_for_slips(self, count: int, deadline: float = 5.0) -> list[Image.Image]:
        """The first ``count`` slips; TimeoutError when they have not come in ``deadline`` s."""
        with self._change:
            if not self._change.wait_for(lambda: len(self.slips) >= count, deadline):
                raise TimeoutError(f"{len(self.slips)} of {count} slips after {deadline} s")
            return self.slips[:count]

    def _serve(self, port: int, accept: Callable[[socket.socket], None]) -> int:
        server = socket.create_server((self._host, port))
        self._sockets[server.fileno()] = server
        self._selector.register(server, selectors.EVENT_READ, accept)
        found: int = server.getsockname()[1]
        return found

    def _open_pty(self) -> None:
        master, slave = os.openpty()
        tty.setraw(slave)
        os.set_blocking(master, False)
        # The slave stays open here, so that the printer survives its client's coming and going.
        self._descriptors += [master, slave]
        self.device = os.ttyname(slave)
        self._client = master
        self._selector.register(master, selectors.EVENT_READ, self._read_pty)

    def _run(self) -> None:
        while not self._closing:
            for key, _ in self._selector.select():
                key.data(key.fileobj)

    def _wake(self, _: object) -> None:
        if b"h" in self._woken.recv(64):
            self._disconnect()
        self._work()

    def _accept(self, server: socket.socket) -> None:
        wire, _ = server.accept()
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        wire.setblocking(False)
        self._sockets[wire.fileno()] = wire
        self._client = wire.fileno()
        self._selector.register(wire, selectors.EVENT_READ, self._read_socket)

    def _accept_control(self, server: socket.socket) -> None:
        wire, _ = server.accept()
        self._sockets[wire.fileno()] = wire
        self._selector.register(wire, selectors.EVENT_READ, self._read_keys)

    def _read_keys(self, wire: socket.socket) -> None:
        keys = wire.recv(64)
        if not keys:
            self._drop(wire)
        for key in (bytes([byte]) for byte in keys):
            if key == b"d":
                self._disconnect()
            elif key in KEYS:
                self.set_fault(KEYS[key])
                wire.sendall(f"{KEYS[key] or 'ok'}\n".encode())

    def _read_socket(self, wire: socket.socket) -> None:
        try:
            data = wire.recv(65536)
        except OSError:
            data = b""
        if data:
            self._take(data)
        else:
            self._drop(wire)

    def _read_pty(self, master: int) -> None:
        try:
            self._take(os.read(master, 65536))
        except OSError:
            self._disconnect()

    def _drop(self, wire: socket.socket) -> None:
        self._selector.unregister(wire)
        del self._sockets[wire.fileno()]
        if self._client == wire.fileno():
            self._client = None
        wire.close()

    def _disconnect(self) -> None:
        client = self._client
        if client is None:
            return
        if client in self._sockets:
            wire = self._sockets[client]
            at_once = struct.pack("ii", 1, 0)
            wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
            self._drop(wire)
            return
        self._client = None
        self._selector.unregister(client)
        for descriptor in self._descriptors:
            os.close(descriptor)
        self._descriptors.clear()

    def _take(self, data: bytes) -> None:
        with self._change:
            self.received.append(Received(time.monotonic(), data))
            self._forget(self.received)
            later = self._later
            if later is not None and len(data) >= later[1]:
                self._later = None
            elif later is not None:
                self._later, later = (later[0], later[1] - len(data)), None
            self._change.notify_all()
        if later is None:
            self._swallow(data)
            return
        fault, after = later
        self._swallow(data[:after])
        if fault == "hang_up":
            self._disconnect()
            return
        self._fault = fault
        self._swallow(data[after:])

    def _swallow(self, data: bytes) -> None:
        self._queue.append(data)
        self._answer_at_once(data)
        self._work()

    def _answer_at_once(self, data: bytes) -> None:
        """Real-time commands act on arrival, wherever they stand."""
        seen = self._tail + data
        place = seen.find(b"\x10")
        while 0 <= place < len(seen) - 2:
            name, value = seen[place + 1], seen[place + 2]
            if name == 0x04 and value in (1, 2, 3, 4):
                self._say(bytes([_ANSWERS[self._fault][value - 1]]))
            elif name in (0x05, 0x14):
                self.kicks += 1
            place = seen.find(b"\x10", place + 1)
        self._tail = seen[-2:]

    def _work(self) -> None:
        """Prints what is in the queue, unless something stops it."""
        while self._queue and not _ANSWERS[self._fault][0] & 0x08:
            self._decoder.feed(self._queue.popleft())
            for outcome in self._decoder.run():
                if isinstance(outcome, Paper):
                    self._keep(outcome.picture)
                else:
                    self._answer(outcome)

    def _keep(self, picture: Image.Image) -> None:
        if self._folder is not None:
            save_slip(self._folder, picture)
        with self._change:
            self.slips.append(picture)
            self._forget(self.slips)
            self._change.notify_all()

    def _forget(self, past: list[Any]) -> None:
        if self._most is not None:
            del past[: max(0, len(past) - self._most)]

    def _answer(self, question: Question) -> None:
        printer, _, _, _, paper = _ANSWERS[self._fault]
        match question.kind:
            case "paper" if self._paper_sensor:
                self._say(bytes([paper]))
            case "echo" if self._echo:
                self._say(b"\x37\x22" + question.value + b"\x00")
            case "identity":
                self._say(b"_VIRTUAL\x00")
            case "asb" if question.value != b"\x00":
                self._say(bytes([printer & 0x2C | 0x10, 0x00, paper & 0x0F, 0x00]))

    def _say(self, answer: bytes) -> None:
        if self._fault == "silence" or self._client is None:
            return
        if self._fault == "garbage":
            noise = bytes(self._noise.choices((0x80, 0x91, 0xFF, 0xC3, 0xA0, 0x01, 0x02), k=3))
            answer = noise + answer + noise
        with contextlib.suppress(OSError):
            os.write(self._client, answer)
