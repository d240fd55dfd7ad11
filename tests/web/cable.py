"""A network cable between a browser and a server, which can be pulled: then nothing comes through,
and neither end is told."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Cable:
    """What came while it was pulled is lost, and so are the connections of that time."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._pulled = False
        self._ends: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._start(self._accept)

    def pull(self) -> None:
        self._pulled = True

    def plug(self) -> None:
        self._pulled = False

    def close(self) -> None:
        # Only a shutdown wakes who waits to accept.
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for end in self._ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        for thread in self._threads:
            thread.join(10)
            assert not thread.is_alive()

    def _start(self, work: Callable[..., None], *facts: socket.socket) -> None:
        thread = threading.Thread(target=work, args=facts)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                here, _ = self._listener.accept()
                self._ends.append(here)
                if self._pulled:
                    continue
                there = socket.create_connection(("127.0.0.1", self._to))
                self._ends.append(there)
                self._start(self._carry, here, there)
                self._start(self._carry, there, here)

    def _carry(self, source: socket.socket, goal: socket.socket) -> None:
        dead = False
        with suppress(OSError):
            while data := source.recv(65536):
                dead = dead or self._pulled
                if not dead:
                    goal.sendall(data)
        if not dead:
            with suppress(OSError):
                goal.shutdown(socket.SHUT_WR)


@contextmanager
def cable(address: str) -> Iterator[Cable]:
    made = Cable(int(address.rpartition(":")[2]))
    try:
        yield made
    finally:
        made.close()
