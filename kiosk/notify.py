"""What a service manager is told: ready, alive, how things are.

As sd_notify(3) and sd_watchdog_enabled(3) of systemd describe it; its socket is a plain one.
Without NOTIFY_SOCKET in the environment nobody asked, and nothing is told.
"""

from __future__ import annotations

import logging
import os
import socket
import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, MutableMapping

log = logging.getLogger(__name__)

_SEND_SECONDS: Final = 0.1
_STARTS_SECONDS: Final = 30
"""How much longer it may take to be ready, counted from each time that this is said."""
_NAMES: Final = ("NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID")


class Manager:
    """The service manager that started this process; what it gave is taken out of the environment,
    so that no child speaks in our name."""

    def __init__(
        self,
        environment: MutableMapping[str, str] = os.environ,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        address, microseconds, process = (environment.pop(name, "") for name in _NAMES)
        # An address that begins with "@" stands in the abstract namespace of Linux (unix(7)).
        self._address = f"\0{address[1:]}" if address.startswith("@") else address
        ours = not process or process == str(os.getpid())
        given = int(microseconds) if microseconds.isdecimal() and ours else 0
        self._every = given / 2e6
        """Twice as often as it is asked for, as the manual advises; 0 for never."""
        self._clock = clock
        self._due = 0.0
        self._status = ""
        self._failed = self._ready = False

    @property
    def asked(self) -> bool:
        return bool(self._address)

    def ready(self) -> None:
        self._ready = True
        self._send("READY=1")

    def stopping(self) -> None:
        self._send("STOPPING=1")

    def status(self, told: str) -> None:
        """One line; the same again is not sent again."""
        if told != self._status and self._send(f"STATUS={told}"):
            self._status = told

    def alive(self) -> None:
        """Call it as often as you like: it is told when it is due.

        Until all is ready it asks for time too: a store may be brought up to date first.
        """
        told = "WATCHDOG=1"
        if not self._ready:
            told += f"\nEXTEND_TIMEOUT_USEC={_STARTS_SECONDS * 1_000_000}"
        if self._every and (now := self._clock()) >= self._due and self._send(told):
            self._due = now + self._every

    def _send(self, told: str) -> bool:
        """Whether it was taken; nobody waits long for that."""
        if not self._address:
            return False
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as door:
                door.settimeout(_SEND_SECONDS)
                door.sendto(told.encode(), self._address)
        except OSError as error:
            if not self._failed:
                log.warning("the service manager cannot be told: %s", error)
            self._failed = True
            return False
        self._failed = False
        return True
