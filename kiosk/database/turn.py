"""Whose turn it is to write, among the processes of one machine that share a store."""

from __future__ import annotations

import logging
import os
import time
from _thread import LockType, allocate_lock, start_new_thread
from queue import SimpleQueue
from typing import Final

from kiosk.errors import Unavailable
from kiosk.locks import lock, try_lock

log = logging.getLogger(__name__)

TURN_SECONDS: Final = 0.01
"""How long a process that had to wait may go on writing, one write after the other."""

KEEP_SECONDS: Final = 0.001
"""How long it may think between two of them; then the next process has its turn."""


class Turn:
    """A process's turn to write, which comes in the order in which all have asked.

    It is an flock of the store's folder, which the kernel hands on that way; SQLite's own waiting
    sleeps up to 100 ms and let one of eight busy processes wait for more than three seconds. What
    is right does not hang on it: BEGIN IMMEDIATE decides who writes.

    Who had to wait keeps it for some writes: the processor has forgotten all that a process knew
    when that comes from a wait, so that its first write takes twice as long as its second.
    """

    def __init__(self, folder: str, deadline: float) -> None:
        """Raises Unavailable: store_busy when the turn does not come before ``deadline``,
        store_unreachable when the folder is away. Where there is no flock there are no turns.
        """
        try:
            self._handle = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
        except OSError as error:
            raise Unavailable("store_unreachable") from error
        self._left: SimpleQueue[None] | None = None
        """Tells the thread that waited that a write is over; None where there was no wait."""
        try:
            free = try_lock(self._handle)
        except OSError as error:
            free = True
            log.debug("no turns among processes: %s", error)
        if not free:
            self._wait(deadline - time.monotonic())

    def again(self) -> bool:
        """Whether this process may write once more; if so, it has begun to."""
        if self._left is None:
            return False
        with self._changing:
            self._writing = not self._ended
            return self._writing

    def leave(self) -> None:
        """The write is over."""
        if self._left is None:
            os.close(self._handle)
            return
        with self._changing:
            self._writing = False
            if time.monotonic() > self._ends:
                self._end()
        self._left.put(None)

    def _end(self) -> None:
        self._ended = True
        os.close(self._handle)

    def _wait(self, seconds: float) -> None:
        """flock() knows no deadline, so a thread waits that may be left behind.

        A bare one: what ``threading.Thread`` and ``Event`` do besides takes as long as a number.
        """
        self._changing = allocate_lock()
        self._writing, self._ended, self._given_up = True, False, False
        came, left = allocate_lock(), SimpleQueue[None]()
        came.acquire()
        start_new_thread(self._hold, (came, left))
        if not came.acquire(timeout=max(seconds, 0)):
            with self._changing:
                if came.locked():
                    self._given_up = True
                    raise Unavailable("store_busy")
        self._left = left
        self._ends = time.monotonic() + TURN_SECONDS

    def _hold(self, came: LockType, left: SimpleQueue[None]) -> None:
        """Gets the turn, and ends it when the process has nothing more to write."""
        lock(self._handle)
        with self._changing:
            if self._given_up:
                self._end()
                return
            came.release()
        while not self._ended:
            left.get()
            time.sleep(KEEP_SECONDS)
            with self._changing:
                if not self._writing and not self._ended:
                    self._end()
