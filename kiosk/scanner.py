"""The barcode scanner: bytes of a serial line, or keys of a wedge, into whole frames.

Framing is pure and gets its time (monotonic seconds) from the caller; one thread reads the line.
Frames may hold card data: they are handed on and forgotten, and never logged.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Final

from serial import Serial, SerialException

from kiosk.scans import MAX_FRAME

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

IDLE_SECONDS: Final = 0.1
DEBOUNCE_SECONDS: Final = 1.5
KEY_SECONDS: Final = 0.05
LEAST_KEYS: Final = 6
LOOK_SECONDS: Final = 0.05
RETRY_SECONDS: Final = (0.5, 1.0, 2.0)

_STX: Final = 0x02
_ENDS: Final = frozenset(b"\r\n\t\x03\x04")


class Debounce:
    """Holds back the same code while it keeps coming: scanners left lying on a paper repeat it."""

    def __init__(self) -> None:
        # The digest of it only: what was scanned is not kept.
        self._last: int | None = None
        self._seen = 0.0

    def passes(self, frame: bytes, now: float) -> bool:
        mark = hash(frame.strip())
        again = mark == self._last and now - self._seen < DEBOUNCE_SECONDS
        self._last, self._seen = mark, now
        return not again


class Framer:
    """Cuts what a serial scanner sends into frames.

    A frame ends at CR, LF, TAB, ETX or EOT, or when nothing follows for IDLE_SECONDS. Of a frame
    longer than MAX_FRAME one byte too many is reported at once, so that it counts as unreadable,
    and the rest up to its end is dropped.
    """

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._dropping = False
        self._heard = 0.0
        self._debounce = Debounce()

    def feed(self, data: bytes, now: float) -> list[bytes]:
        frames = self.tick(now)
        if data:
            self._heard = now
        for byte in data:
            if byte in _ENDS or byte == _STX:
                frames += self._cut(now)
            elif not self._dropping:
                self._buffer.append(byte)
                if len(self._buffer) > MAX_FRAME:
                    frames += self._cut(now)
                    self._dropping = True
        return frames

    def tick(self, now: float) -> list[bytes]:
        """What a scanner without a terminator has left, once it has fallen silent."""
        quiet = now - self._heard >= IDLE_SECONDS
        return self._cut(now) if quiet and (self._buffer or self._dropping) else []

    def _cut(self, now: float) -> list[bytes]:
        frame = bytes(self._buffer)
        self._buffer.clear()
        self._dropping = False
        return [frame] if frame.strip() and self._debounce.passes(frame, now) else []


class Wedge:
    """Tells a scanner that types from a person who types: by its speed, length and last key."""

    def __init__(self) -> None:
        self._text = ""
        self._heard = 0.0
        self._debounce = Debounce()

    def key(self, text: str, now: float) -> bytes | None:
        """Takes the text of one key press; the frame when the key ended one, else None.

        Keys without text (shift, arrows) count for nothing.
        """
        if not text:
            return None
        if now - self._heard > KEY_SECONDS:
            self._text = ""
        self._heard = now
        if text not in ("\r", "\n", "\r\n", "\t"):
            if len(self._text) <= MAX_FRAME:
                self._text += text
            return None
        typed, self._text = self._text, ""
        if len(typed) < LEAST_KEYS:
            return None
        frame = typed.encode("utf-8", "replace")[: MAX_FRAME + 1]
        return frame if self._debounce.passes(frame, now) else None


class SerialScanner:
    """Reads a scanner on a serial line (USB-COM) for as long as it is started.

    The device may be absent at the start and may come and go. ``on_frame`` and ``report``
    ("ok", "" or "fault", "unplugged", once per change) are called on the scanner's own thread.
    """

    def __init__(
        self,
        device: str,
        baudrate: int,
        on_frame: Callable[[bytes], None],
        report: Callable[[str, str], None],
        *,
        retry_seconds: Sequence[float] = RETRY_SECONDS,
    ) -> None:
        self._device = device
        self._baudrate = baudrate
        self._on_frame = on_frame
        self._report = report
        self._retry_seconds = retry_seconds
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="scanner")
        self._told = ""

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Returns when the line is closed, within LOOK_SECONDS."""
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            port = self._open()
            if port is not None:
                failures = 0
                self._tell("ok", "")
                with port:
                    self._listen(port)
            if not self._stopping.is_set():
                self._tell("fault", "unplugged")
                patience = self._retry_seconds[min(failures, len(self._retry_seconds) - 1)]
                failures += 1
                self._stopping.wait(patience)

    def _open(self) -> Serial | None:
        try:
            return Serial(self._device, self._baudrate, timeout=LOOK_SECONDS, exclusive=True)
        except (SerialException, OSError):
            return None

    def _listen(self, port: Serial) -> None:
        """Reads until told to stop or until the line fails."""
        framer = Framer()
        while not self._stopping.is_set():
            try:
                # One byte is waited for; what came with it is taken along.
                data = port.read(1)
                data += port.read(port.in_waiting) if data else b""
            except (SerialException, OSError):
                return
            now = time.monotonic()
            for frame in framer.feed(data, now):
                self._on_frame(frame)

    def _tell(self, state: str, reason: str) -> None:
        if self._told != state:
            self._told = state
            self._report(state, reason)
