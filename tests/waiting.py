"""Waiting for what other threads and processes do."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE: Final = 30.0
"""Seconds until what must come is given up. No measure of the program: who tests is busy."""
_LOOK: Final = threading.Event()
"""Never set: between two looks at a condition."""


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline
        _LOOK.wait(0.02)
