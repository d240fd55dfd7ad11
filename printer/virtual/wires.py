"""The lines between a virtual printer and its host; what is not read holds the host back."""

from __future__ import annotations

import contextlib
import os
import socket
import struct
import termios
import tty

CHUNK = 65536
LEAST_WINDOW = 2048


class Tcp:
    """One connection, accepted."""

    def __init__(self, wire: socket.socket) -> None:
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        wire.setblocking(False)
        self._wire = wire

    def fileno(self) -> int:
        return self._wire.fileno()

    def read(self, most: int) -> bytes | None:
        """At most so many bytes; None when there are none now, b"" when the host has gone."""
        try:
            return self._wire.recv(min(most, CHUNK))
        except BlockingIOError:
            return None
        except OSError:
            return b""

    def write(self, data: bytes) -> None:
        # Who does not listen misses it, as on a real line.
        with contextlib.suppress(OSError):
            self._wire.send(data)

    def close(self) -> None:
        self._wire.close()

    def reset(self) -> None:
        """Hangs up at once; what was not read is lost."""
        at_once = struct.pack("ii", 1, 0)
        self._wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
        self._wire.close()


class Pty:
    """A serial line; ``device`` is the host's end of it."""

    def __init__(self) -> None:
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        os.set_blocking(self._master, False)
        # The slave stays open here, so that the printer survives its host's coming and going.
        self.device = os.ttyname(self._slave)

    def fileno(self) -> int:
        return self._master

    def read(self, most: int) -> bytes | None:
        try:
            return os.read(self._master, min(most, CHUNK))
        except BlockingIOError:
            return None
        except OSError:
            return b""

    def write(self, data: bytes) -> None:
        with contextlib.suppress(OSError):
            os.write(self._master, data)

    def close(self) -> None:
        """Unplugs it."""
        for descriptor in (self._master, self._slave):
            with contextlib.suppress(OSError):
                os.close(descriptor)

    def clear(self) -> None:
        """Loses what is on the line."""
        termios.tcflush(self._slave, termios.TCOFLUSH)


def listen(host: str, port: int, buffer: int | None) -> socket.socket:
    """A server whose connections take little more than ``buffer`` bytes that nobody reads."""
    server = socket.create_server((host, port), backlog=8)
    if buffer is not None:
        # Set before a connection comes: it takes its window from here.
        window = max(LEAST_WINDOW, min(buffer, CHUNK))
        server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
    return server
