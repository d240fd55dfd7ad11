"""Locks between the processes of one machine, on open files and folders: a lock ends with the file
that holds it, however its process ends. The one place that asks the system for them (flock(2) and
fcntl(2))."""

from __future__ import annotations

import fcntl
import os
import struct
from typing import IO, Any, Final


def lock(file: IO[Any] | int) -> None:
    """Waits until nobody else holds it. OSError where the file's system knows no locks."""
    fcntl.flock(file, fcntl.LOCK_EX)


def try_lock(file: IO[Any] | int) -> bool:
    """Whether it is ours now; False when another one holds it. OSError as above."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


_FLOCK: Final = struct.Struct("hhqqi4x")
"""``struct flock`` of fcntl(2) where a long has 64 bits: type, whence, start, length, pid."""


def holder(file: IO[Any], byte: int) -> int | None:
    """The process that holds a record lock (fcntl(2)) on this byte, whoever runs it; 0 where it
    has no number here, as in another container. None where nobody does.

    Closing ``file`` ends the record locks that this very process has on it.
    """
    wanted = _FLOCK.pack(fcntl.F_WRLCK, os.SEEK_SET, byte, 1, 0)
    kind, _, _, _, pid = _FLOCK.unpack(fcntl.fcntl(file, fcntl.F_GETLK, wanted))
    return None if kind == fcntl.F_UNLCK else max(pid, 0)
