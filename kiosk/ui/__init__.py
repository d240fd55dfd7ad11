"""What all windows share. Every module that uses Qt imports something from here first."""

from __future__ import annotations

import ctypes
import sys

if sys.version_info < (3, 12):
    # PySide6 6.12.0 drops a reference to None with each call that returns nothing, and one to True
    # with each signal emitted, as though they were immortal, which they are only from Python 3.12
    # on: after some hundred signals the process aborts ("bool_dealloc", "deallocating None",
    # measured on 3.11.7). 2**40 references more outlast every uptime.
    for lasting in (None, True, False):
        ctypes.c_ssize_t.from_address(id(lasting)).value += 1 << 40
