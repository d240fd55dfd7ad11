"""Locks between the processes of one machine, on open files and folders: a lock ends with the file
that holds it, however its process ends. The one place that asks the system for them (flock(2))."""

from __future__ import annotations

import fcntl
from typing import IO, Any


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
