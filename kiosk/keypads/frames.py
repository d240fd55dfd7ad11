"""The bytes between the host and its call keypads and number boards: docs/keypads.md.

A keypad of another make speaks its own bytes: a module beside this one, with the same functions.
"""

from __future__ import annotations

import re
from binascii import crc_hqx
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from kiosk.presses import Press

STX: Final = 0x02
ETX: Final = 0x03
EOT: Final = 0x04
LAST_ADDRESS: Final = 99
LONGEST_PAYLOAD: Final = 40
LONGEST_TEXT: Final = 16
LONGEST_NUMBER: Final = 9
LONGEST_BLINK: Final = 5
"""Seconds."""
NO_SESSION: Final = "0000"

_ANSWERS: Final = 0x80
_AROUND: Final = 7
"""Bytes of a frame besides its payload."""
_HEAD: Final = 4
_CHARSET: Final = "cp1258"
_PAYLOAD: Final = re.compile(r"[ -~Đ]*")
_PRESS: Final = re.compile(
    r"([0-9A-F]{4})([0-9A-F]{2})(\d\d)([0-9A-F]{4})([A-Z])([0-9]{0,12})", re.ASCII
)
_SHOW: Final = re.compile(
    r"([0-9A-F]{4})([0-9A-F]{2})([0-9A-F]{4})([012])([01])([CVNPXE])([ A-Z])(\d{3})(.{0,16})",
    re.ASCII,
)
_SIGN: Final = re.compile(r"([NDPC])([0-5])(.{0,9})", re.ASCII)


class Kind(StrEnum):
    """What a frame is; the first four come from the host. An idle answer is no frame."""

    POLL = "P"
    SHOW = "S"
    OPEN = "O"
    BOARD = "L"
    PRESS = "K"
    HELLO = "H"
    IDLE = ""


class Sound(StrEnum):
    NONE = "0"
    DONE = "1"
    ERROR = "2"


class State(StrEnum):
    """How the counter is, for a keypad that can only show digits."""

    CALLED = "C"
    SERVING = "V"
    NOBODY = "N"
    PAUSED = "P"
    NOT_SIGNED_IN = "X"
    STORE_AWAY = "E"


class Mode(StrEnum):
    """What a number board shows: the text, dashes, "paused" or "closed"."""

    NUMBER = "N"
    DASHES = "D"
    PAUSED = "P"
    CLOSED = "C"


@dataclass(frozen=True, slots=True)
class Frame:
    """``answers`` tells a device's frame from the host's; ``payload`` is ASCII and Đ."""

    address: int
    kind: str
    payload: str = ""
    answers: bool = False


@dataclass(frozen=True, slots=True)
class Show:
    """What a keypad shows, with the sequence of the press that is dealt with (0: none)."""

    session: str
    state: State
    acked: int = 0
    mark: str = "0000"
    sound: Sound = Sound.NONE
    lamp: bool = False
    error: str = " "
    waiting: int = 0
    text: str = ""


@dataclass(frozen=True, slots=True)
class Sign:
    """What a number board shows; it blinks for so many seconds from now."""

    mode: Mode
    blink: int = 0
    text: str = ""


def poll(address: int) -> Frame:
    return Frame(address, Kind.POLL)


def opening(address: int, session: str) -> Frame:
    return Frame(address, Kind.OPEN, session)


def showing(address: int, show: Show) -> Frame:
    head = f"{show.session}{show.acked:02X}{show.mark}{show.sound}{int(show.lamp)}"
    waiting = min(show.waiting, 999)
    text = show.text[:LONGEST_TEXT]
    return Frame(address, Kind.SHOW, f"{head}{show.state}{show.error}{waiting:03d}{text}")


def signing(address: int, sign: Sign) -> Frame:
    return Frame(address, Kind.BOARD, f"{sign.mode}{sign.blink}{sign.text[:LONGEST_NUMBER]}")


def pressing(address: int, press: Press) -> Frame:
    tenths = min(99, int(press.seconds * 10))
    head = f"{press.session}{press.sequence:02X}{tenths:02d}{press.mark}"
    return Frame(address, Kind.PRESS, f"{head}{press.key}{press.digits}", answers=True)


def read_press(payload: str) -> Press | None:
    match = _PRESS.fullmatch(payload)
    if match is None or not int(match[2], 16):
        return None
    return Press(match[1], int(match[2], 16), match[4], match[5], match[6], int(match[3]) / 10)


def read_show(payload: str) -> Show | None:
    match = _SHOW.fullmatch(payload)
    if match is None:
        return None
    return Show(
        session=match[1],
        acked=int(match[2], 16),
        mark=match[3],
        sound=Sound(match[4]),
        lamp=match[5] == "1",
        state=State(match[6]),
        error=match[7],
        waiting=int(match[8]),
        text=match[9],
    )


def read_sign(payload: str) -> Sign | None:
    match = _SIGN.fullmatch(payload)
    return Sign(Mode(match[1]), int(match[2]), match[3]) if match else None


def encode(frame: Frame) -> bytes:
    """The frame as it goes over the line; an idle answer is two bytes."""
    address = frame.address | (_ANSWERS if frame.answers else 0)
    if frame.kind == Kind.IDLE:
        return bytes((EOT, address))
    payload = frame.payload.encode(_CHARSET)
    inner = bytes((address, ord(frame.kind), len(payload))) + payload
    return bytes((STX,)) + inner + checksum(inner).to_bytes(2, "big") + bytes((ETX,))


def checksum(data: bytes) -> int:
    """CRC-16/IBM-3740, also called CRC-16/CCITT-FALSE, of the catalogue of CRC RevEng: polynomial
    1021 (hex), begins with FFFF, not reflected; of "123456789" it is 29B1."""
    return crc_hqx(data, 0xFFFF)


class Decoder:
    """Finds the frames among the bytes of a line, whatever stands between them.

    ``noise`` counts the bytes that were part of none.
    """

    def __init__(self) -> None:
        self._held = bytearray()
        self.noise = 0

    def feed(self, data: bytes) -> list[Frame]:
        self._held += data
        found = []
        while self._held:
            length = self._length()
            if len(self._held) < length:
                break
            frame = _decoded(bytes(self._held[:length]))
            if frame is None:
                # Only this one byte: what follows it may be the true beginning.
                length, self.noise = 1, self.noise + 1
            else:
                found.append(frame)
            del self._held[:length]
        return found

    @property
    def busy(self) -> bool:
        """Whether a frame has begun that is not whole yet."""
        return bool(self._held)

    def clear(self) -> None:
        """Gives up what was begun; the line was silent since."""
        self.noise += len(self._held)
        self._held.clear()

    def _length(self) -> int:
        """How long what begins here would be, as far as that is known."""
        if self._held[0] == EOT:
            return 2
        if self._held[0] != STX:
            return 1
        if len(self._held) < _HEAD:
            return _HEAD
        return self._held[3] + _AROUND if self._held[3] <= LONGEST_PAYLOAD else 1


def _decoded(data: bytes) -> Frame | None:
    address = data[1] & ~_ANSWERS if len(data) > 1 else 0
    if not 1 <= address <= LAST_ADDRESS:
        return None
    answers = bool(data[1] & _ANSWERS)
    if data[0] == EOT:
        return Frame(address, Kind.IDLE, answers=True) if answers else None
    inner, told = data[1:-3], int.from_bytes(data[-3:-1], "big")
    if data[-1] != ETX or checksum(inner) != told:
        return None
    payload = inner[3:].decode(_CHARSET, "replace")
    if not 0x41 <= data[2] <= 0x5A or _PAYLOAD.fullmatch(payload) is None:
        return None
    return Frame(address, chr(data[2]), payload, answers)


def silenced(show: Show) -> Show:
    """The same without its sound, which is heard once."""
    return replace(show, sound=Sound.NONE)
