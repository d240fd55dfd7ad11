"""ESC/POS bytes -> the paper they make; what the preview and the virtual printer show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Iterator

LINE_ROWS = 30
_ESC, _GS, _DLE = 0x1B, 0x1D, 0x10
_PRINTABLE = 0x20
"""Below it a byte that begins no command prints nothing."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of dots as wide as the head, a bit a dot, 1 is black; ``size`` bytes asked for them."""

    rows: tuple[bytes, ...]
    size: int = 0


@dataclass(frozen=True, slots=True)
class Cut:
    """The paper is cut here."""


@dataclass(frozen=True, slots=True)
class Question:
    """A command of the print queue that wants an answer: "paper", "echo", "asb" or "identity"."""

    kind: str
    value: bytes


@dataclass(frozen=True, slots=True)
class Paper:
    """A piece of paper that was cut off."""

    picture: Image.Image


Doing: TypeAlias = Rows | Cut | Question


class Reader:
    """Takes bytes as they come and says, one thing after the other, what a printer does by them.

    A picture is printed as its rows come, not when it is whole. A printer that does not know
    ``doubles`` prints each dot once, whatever was asked.
    """

    def __init__(self, dots: int, *, doubles: bool = True) -> None:
        self._doubles = doubles
        self._across = dots // 8
        self.dots = self._across * 8
        self._waiting = bytearray()
        self._raster = (0, 0)
        """Bytes in a row and rows to come of the picture under way."""
        self._wide = self._high = False
        """Whether its dots are printed twice in either direction."""
        self._align = 0
        self._left = 0
        self.junk = 0
        """Bytes that were no command: what a printer would have printed as stray letters."""

    def feed(self, data: bytes) -> None:
        self._waiting += data

    @property
    def waiting(self) -> int:
        """Bytes that were not carried out yet."""
        return len(self._waiting)

    def next(self) -> Doing | None:
        """What comes next; None while the bytes for it have not come."""
        while True:
            across, missing = self._raster
            if missing and across:
                count = min(missing, len(self._waiting) // across)
                return self._picture(across, count) if count else None
            size = self._size() if self._waiting else None
            if size is None or len(self._waiting) < size:
                return None
            command = bytes(self._waiting[:size])
            del self._waiting[:size]
            doing = self._carry_out(command)
            if doing is not None:
                return doing

    def _size(self) -> int | None:
        """The length of the command that comes next; None while that cannot be said."""
        head = bytes(self._waiting[:8])
        if head[0] == _DLE:
            if len(head) < 2:
                return None
            return {0x04: 3, 0x05: 3, 0x14: 5}.get(head[1], 1)
        if head[0] not in (_ESC, _GS):
            return 1
        if len(head) < 2:
            return None
        name = head[:2]
        if name == b"\x1d(":
            return None if len(head) < 5 else 5 + int.from_bytes(head[3:5], "little")
        if name == b"\x1dv":
            return 8
        if name == b"\x1dV":
            if len(head) < 3:
                return None
            return 4 if head[2] in b"AB" else 3
        return _LENGTHS.get(name, 1)

    def _carry_out(self, command: bytes) -> Doing | None:
        name = command[:2]
        if name == b"\x1dv":
            self._raster = (_number(command[4:6]), _number(command[6:8]))
            mode = command[3] if self._doubles else 0
            self._wide, self._high = bool(mode & 1), bool(mode & 2)
        elif name in (b"\x1bJ", b"\x1bd"):
            return self._feed(command[2] * (1 if name == b"\x1bJ" else LINE_ROWS))
        elif command == b"\n":
            return self._feed(LINE_ROWS)
        elif name == b"\x1b@":
            self._align = self._left = 0
        elif name == b"\x1ba":
            self._align = command[2] % 48
        elif name == b"\x1dL":
            self._left = _number(command[2:4])
        elif name == b"\x1dV":
            return Cut()
        elif name in _QUESTIONS:
            return Question(_QUESTIONS[name], command[2:])
        elif command[:3] == b"\x1d(H":
            return Question("echo", command[7:])
        elif len(command) == 1 and (command[0] >= _PRINTABLE or command[0] in (_ESC, _GS)):
            self.junk += 1
        return None

    def _picture(self, across: int, count: int) -> Rows:
        size = across * count
        data = bytes(self._waiting[:size])
        del self._waiting[:size]
        self._raster = (across, self._raster[1] - count)
        width = across * (16 if self._wide else 8)
        free = max(0, self.dots - self._left - width)
        indent = self._left + {0: 0, 1: free // 2, 2: free}.get(self._align, 0)
        shift = self.dots - width - indent
        whole = (1 << self.dots) - 1
        rows = []
        for start in range(0, size, across):
            bits = int.from_bytes(data[start : start + across], "big")
            if self._wide:
                bits = 3 * int(f"{bits:b}", 4)
            bits = bits << shift if shift >= 0 else bits >> -shift
            row = (bits & whole).to_bytes(self._across, "big")
            rows += [row, row] if self._high else [row]
        return Rows(tuple(rows), size)

    def _feed(self, rows: int) -> Rows:
        return Rows((bytes(self._across),) * rows)


class Decoder:
    """Takes bytes as they come; the papers and questions in them come out of ``run``."""

    def __init__(self, dots: int) -> None:
        self._reader = Reader(dots)
        self._rows: list[bytes] = []

    def feed(self, data: bytes) -> None:
        self._reader.feed(data)

    @property
    def junk(self) -> int:
        return self._reader.junk

    def run(self) -> Iterator[Paper | Question]:
        """Carries out all that has come."""
        while (doing := self._reader.next()) is not None:
            match doing:
                case Rows(rows):
                    self._rows += rows
                case Question():
                    yield doing
                case Cut() if self._rows:
                    yield Paper(picture_of(self._rows, self._reader.dots))
                    self._rows = []


def picture_of(rows: list[bytes], dots: int) -> Image.Image:
    return Image.frombytes("1", (dots, len(rows)), b"".join(rows), "raw", "1;I")


def _number(data: bytes) -> int:
    return int.from_bytes(data, "little")


_LENGTHS = {
    b"\x1b\x00": 2,  # begun and never finished
    b"\x1d\x00": 2,
    b"\x1b@": 2,
    b"\x1bJ": 3,
    b"\x1bd": 3,
    b"\x1ba": 3,
    b"\x1b!": 3,
    b"\x1bt": 3,
    b"\x1b$": 4,
    b"\x1bB": 4,
    b"\x1bp": 5,
    b"\x1dL": 4,
    b"\x1dW": 4,
    b"\x1dP": 4,
    b"\x1dr": 3,
    b"\x1da": 3,
    b"\x1de": 3,
    b"\x1dI": 3,
}

_QUESTIONS = {b"\x1dr": "paper", b"\x1da": "asb", b"\x1dI": "identity"}
