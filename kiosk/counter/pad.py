"""A numeric pad of the clerk's own, taken away from all other programs, so that its keys work
whatever has the focus (Linux).

It is read where the kernel offers it (``/dev/input/event*``) and grabbed: nothing that is typed on
it reaches the program in front. When it is pulled out it is looked for until it is back.
"""

from __future__ import annotations

import errno
import os
import select
import struct
import threading
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kiosk.counter.keys import BY_CODE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LOOK_SECONDS: Final = 1.0
INPUTS: Final = Path("/dev/input")

# linux/input.h: struct input_event, and two of the calls for it.
_EVENT: Final = struct.Struct("llHHi")
_EV_KEY: Final = 1
_PRESSED: Final = 1
"""0 is up again, and 2 the repetition of a key that is held."""
_GRAB: Final = 0x40044590
_NAME: Final = 0x81004506
_NAME_BYTES: Final = 256


class Presses:
    """Cuts what a pad sends into events, and gives the names of the keys that went down."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> list[str]:
        data = self._rest + data
        whole = len(data) // _EVENT.size * _EVENT.size
        self._rest = data[whole:]
        return [
            BY_CODE[code]
            for _, _, kind, code, value in _EVENT.iter_unpack(data[:whole])
            if kind == _EV_KEY and value == _PRESSED and code in BY_CODE
        ]


class Pad:
    """One thread that reads the pad; ``pressed`` and ``told`` are called on it.

    ``told`` hears what is wrong, as a key below counter.pad, and "" when the pad is at work.
    """

    def __init__(
        self,
        device: str,
        pressed: Callable[[str], None],
        told: Callable[[str], None],
        take: Callable[[str], int],
        look_seconds: float = LOOK_SECONDS,
    ) -> None:
        self._device = device
        self._pressed = pressed
        self._told = told
        self._take = take
        self._look = look_seconds
        self._state: str | None = None
        self._ends, self._ended = os.pipe()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="counter-pad")
        self._thread.start()

    def close(self) -> None:
        self._stop.set()
        os.write(self._ended, b"x")
        self._thread.join()
        for end in (self._ends, self._ended):
            os.close(end)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                with _open(self._take, self._device) as descriptor:
                    self._tell("")
                    self._read(descriptor)
            except OSError as error:
                self._tell(trouble_of(error))
                self._stop.wait(self._look)

    def _read(self, descriptor: int) -> None:
        """Until told to stop; OSError when the pad was pulled out."""
        presses = Presses()
        while True:
            ready, _, _ = select.select([descriptor, self._ends], [], [])
            if self._ends in ready:
                return
            data = os.read(descriptor, 64 * _EVENT.size)
            if not data:
                raise OSError(errno.ENODEV, "")
            for key in presses.feed(data):
                self._pressed(key)

    def _tell(self, state: str) -> None:
        if state != self._state:
            self._state = state
            self._told(state)


@contextmanager
def _open(take: Callable[[str], int], device: str) -> Iterator[int]:
    descriptor = take(device)
    try:
        yield descriptor
    finally:
        with suppress(OSError):
            os.close(descriptor)


def trouble_of(error: OSError) -> str:
    if isinstance(error, PermissionError):
        return "not_allowed"
    return "in_use" if error.errno == errno.EBUSY else "away"


def grabbed(device: str) -> int:
    """A descriptor of the pad, whose keys nobody else hears until it is closed; OSError without."""
    import fcntl

    descriptor = os.open(place_of(device), os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        fcntl.ioctl(descriptor, _GRAB, 1)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def place_of(device: str) -> str:
    """The path as given, or that of the input that calls itself so; OSError when there is none."""
    if device.startswith("/"):
        return device
    refused: OSError | None = None
    for path in sorted(INPUTS.glob("event*")):
        try:
            if name_of(path) == device:
                return str(path)
        except PermissionError as error:
            refused = error
        except OSError:
            continue
    raise refused or FileNotFoundError(errno.ENOENT, device)


def name_of(path: Path) -> str:
    """What an input calls itself, such as "SIGMACHIP USB Keyboard"; OSError when it is none."""
    import fcntl

    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        answer = fcntl.ioctl(descriptor, _NAME, bytes(_NAME_BYTES))
    finally:
        os.close(descriptor)
    return answer.split(b"\0")[0].decode("utf-8", "replace")
