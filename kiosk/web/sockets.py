"""The socket at which the web listens, and how many connections it lets in."""

from __future__ import annotations

import errno
import logging
import socket
import time
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from kiosk.errors import Unavailable
from kiosk.loopback import is_loopback, network_of

if TYPE_CHECKING:
    from collections.abc import Callable

log = logging.getLogger(__name__)

FILES: Final = 2048
"""Open files that the web's process asks for: each connection over TLS takes 0.3 MB."""
KEPT_FILES: Final = 128
"""What the store, the log and the pages need of them."""
TOLD_SECONDS: Final = 60.0


@dataclass(frozen=True, slots=True)
class Room:
    """Connections at once: in all, of other machines together, and of one network of these
    (``network_of``)."""

    all: int
    others: int
    one: int

    @classmethod
    def within(cls, files: int) -> Room:
        """A quarter is this machine's alone, and one address has half of the rest: behind it may
        stand a whole hall."""
        most = files - KEPT_FILES
        others = most * 3 // 4
        return cls(most, others, others // 2)


def raise_files() -> int:
    """How many open files the web may count on from now: ``FILES``, or what the system allows."""
    try:
        import resource  # Windows has none, and no such limit
    except ImportError:
        return FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return wanted


class Listener(socket.socket):
    """Closes at once what finds no room. ``is_here`` tells the addresses of this machine."""

    def __init__(self, fileno: int, room: Room, is_here: Callable[[str], bool]) -> None:
        super().__init__(fileno=fileno)
        self._room = room
        self._is_here = is_here
        self._all, self._others = 0, 0
        self._of: Counter[str] = Counter()
        self._told = -TOLD_SECONDS

    def accept(self) -> tuple[socket.socket, Any]:
        """ConnectionAbortedError for one without room; an event loop goes on after it."""
        connection, address = super().accept()
        host = str(address[0])
        if not self._has_room(host):
            connection.close()
            self._tell(host)
            raise ConnectionAbortedError
        self._count(host, 1)
        return _Held(connection.detach(), lambda: self._count(host, -1)), address

    def _has_room(self, host: str) -> bool:
        if self._all >= self._room.all:
            return False
        if self._is_here(host):
            return True
        return self._others < self._room.others and self._of[network_of(host)] < self._room.one

    def _count(self, host: str, change: int) -> None:
        self._all += change
        if not self._is_here(host):
            self._others += change
        network = network_of(host)
        self._of[network] += change
        if not self._of[network]:
            del self._of[network]

    def _tell(self, host: str) -> None:
        now = time.monotonic()
        if now - self._told >= TOLD_SECONDS:
            self._told = now
            log.warning(
                "a connection from %s was refused: %d are open, %d of them its own",
                host,
                self._all,
                self._of[network_of(host)],
            )


class _Held(socket.socket):
    """A connection that gives its place back when it is closed."""

    def __init__(self, fileno: int, leave: Callable[[], None]) -> None:
        super().__init__(fileno=fileno)
        self._leave = leave

    def close(self) -> None:
        was_open = self.fileno() != -1
        super().close()
        if was_open:
            self._leave()


def listen(
    host: str,
    port: int,
    room: Room | None = None,
    *,
    is_here: Callable[[str], bool] = is_loopback,
) -> Listener:
    """The listening socket; Unavailable: port_in_use, bad_address (host, port)."""
    try:
        family, _, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.create_server(address[:2], family=family, backlog=512)
    except OSError as error:
        code = "port_in_use" if error.errno == errno.EADDRINUSE else "bad_address"
        raise Unavailable(code, host=host, port=port) from error
    # asyncio does so only for sockets made with IPPROTO_TCP; without it each answer on a kept
    # connection waits 40 ms for the other side's delayed acknowledgement.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return Listener(listener.detach(), room or Room.within(FILES), is_here)
