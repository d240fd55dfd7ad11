"""How long the long tests run: a slice in every run, all of it with ``make faults``."""

from __future__ import annotations

import os
from typing import Final

LONG: Final = os.environ.get("KIOSK_FAULTS") == "long"


def chosen(slice_of_it: int, all_of_it: int) -> int:
    return all_of_it if LONG else slice_of_it
