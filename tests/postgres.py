"""The tests' PostgreSQL server, its clock, and a cable to it that can be cut."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from tools.postgres import Server

if TYPE_CHECKING:
    from datetime import timedelta

__all__ = ["Cable", "Server", "set_clock"]


class Cable:
    """Carries bytes to a server, and can be pulled out without either side being told."""

    def __init__(self, port: int) -> None:
        self._far = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._flowing = threading.Event()
        self._flowing.set()
        self._ends: list[socket.socket] = []
        self._break_at: bytes | None = None
        self._swallow = False
        threading.Thread(target=self._accept, daemon=True).start()

    def pull_out(self) -> None:
        self._flowing.clear()

    def plug_in(self) -> None:
        self._flowing.set()

    def break_after(self, words: bytes) -> None:
        """Breaks every connection once the server has answered these bytes; nobody hears it."""
        self._break_at = words

    def close(self) -> None:
        self._flowing.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._break()

    def _break(self) -> None:
        for end in self._ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self._ends.clear()

    def _accept(self) -> None:
        while True:
            try:
                near = self._listener.accept()[0]
            except OSError:
                return
            try:
                far = socket.create_connection(("127.0.0.1", self._far))
            except OSError:
                near.close()
                continue
            self._ends += [near, far]
            for pair in ((near, far, True), (far, near, False)):
                threading.Thread(target=self._carry, args=pair, daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket, towards: bool) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                self._flowing.wait()
                if towards and self._break_at is not None and self._break_at in data:
                    self._break_at, self._swallow = None, True
                elif not towards and self._swallow:
                    self._swallow = False
                    self._break()
                    return
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)


def set_clock(server: Server, url: str, ahead: timedelta) -> None:
    """Lets the server's clock, as new connections to this database read it, be ahead of the truth.

    A function of ours is found before the server's own.
    """
    name = url.rpartition("/")[2]
    server.run(
        "CREATE OR REPLACE FUNCTION public.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS"
        f" $$ SELECT pg_catalog.clock_timestamp() + interval '{ahead.total_seconds()} s' $$",
        name,
    )
    server.run(f"ALTER DATABASE {name} SET search_path = public, pg_catalog")
