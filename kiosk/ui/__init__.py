"""What all windows share. Every module that uses Qt imports something from here first."""

from __future__ import annotations

import ctypes
import sys

if sys.version_info < (3, 12):
    # PySide6 6.12.0 drops a reference to None with each call that returns nothing, as though None
    # were immortal, which it is only from Python 3.12 on: after about 7000 calls the process aborts
    # ("deallocating None", measured on 3.11.7). 2**40 references more outlast every uptime.
    ctypes.c_ssize_t.from_address(id(None)).value += 1 << 40
