"""One file is taken in by one program at a time."""

from __future__ import annotations

import fcntl
from contextlib import contextmanager
from typing import TYPE_CHECKING

from kiosk.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """While no other process takes in the same file. Refused: import_under_way, no_such_file,
    unreadable_file."""
    try:
        with path.open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Refused("import_under_way", path=path) from None
            yield
    except FileNotFoundError:
        raise Refused("no_such_file", path=path) from None
    except OSError as error:
        raise Refused("unreadable_file", path=path, why=error.strerror) from error
