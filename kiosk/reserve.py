"""Room on the store's disk that nothing else can take, given up when it ends, so that the day ends
well.

A file of blocks beside the store. Whoever meets a full disk removes it: then there is room for some
ten thousand tickets, which is weeks in a ward and a day in a province, and time to make more.
"""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

BYTES: Final = 16 << 20
LOW: Final = 4 << 20
"""With less than this free, the next writes may fail: it is given up before they do."""
AMPLE: Final = 4 * BYTES
"""Only with this free is it made: it must not be what fills the disk."""
TICKET_BYTES: Final = 1600
"""Of a ticket that was called, with its events and its slip, as ``bench`` measures it."""


def place(store: Path) -> Path:
    return store.with_name(f"{store.name}.reserve")


def give_up(store: Path) -> bool:
    """Whether there was one to give up."""
    try:
        place(store).unlink()
    except OSError:
        return False
    return True


def keep(store: Path, size: int = BYTES) -> bool:
    """Makes it where there is ample room and gives it up where there is little; whether it is
    there. OSError when the disk cannot be looked at."""
    path = place(store)
    free = shutil.disk_usage(store.parent).free
    if path.exists():
        return not (free < LOW and give_up(store))
    if free < AMPLE:
        return False
    unfinished = path.with_name(f"{path.name}.part")
    try:
        with unfinished.open("wb") as file:
            # Blocks of its own, and not a hole.
            os.posix_fallocate(file.fileno(), 0, size)
            os.fsync(file.fileno())
        unfinished.replace(path)
    except OSError:
        with suppress(OSError):
            unfinished.unlink()
        return False
    return True


def tickets_left(store: Path) -> int:
    """For how many tickets there is room now."""
    return shutil.disk_usage(store.parent).free // TICKET_BYTES


def thin_out(pictures: list[Path], wanted: int) -> int:
    """Deletes the oldest of the pictures, but for the last ten, until so many bytes are freed."""
    freed = 0
    for path in pictures[:-10]:
        if freed >= wanted:
            break
        with suppress(OSError):
            size = path.stat().st_size
            path.unlink()
            freed += size
    return freed
