"""One file is taken in by one program at a time."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Final

from kiosk.errors import Refused
from kiosk.locks import try_lock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PATIENCE_SECONDS: Final = 5.0
"""A small file is done with by then."""
_LOOK_SECONDS: Final = 0.05


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """While no other process takes in the same file. Refused: import_under_way (it does for longer
    than one cares to wait), no_such_file, unreadable_file."""
    try:
        with path.open("rb") as file:
            if not _locked(file, time.monotonic() + PATIENCE_SECONDS):
                raise Refused("import_under_way", path=path)
            yield
    except FileNotFoundError:
        raise Refused("no_such_file", path=path) from None
    except OSError as error:
        raise Refused("unreadable_file", path=path, why=error.strerror) from error


def _locked(file: IO[bytes], until: float) -> bool:
    while True:
        if try_lock(file):
            return True
        if time.monotonic() >= until:
            return False
        time.sleep(_LOOK_SECONDS)
