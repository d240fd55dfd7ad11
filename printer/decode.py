"""ESC/POS bytes -> the paper they make; what the preview and the virtual printer show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Iterator

LINE_ROWS = 30
_ESC, _GS, _DLE, _LF, _CR = 0x1B, 0x1D, 0x10, 0x0A, 0x0D


@dataclass(frozen=True, slots=True)
class Paper:
    """A piece of paper that was cut off."""

    picture: Image.Image


@dataclass(frozen=True, slots=True)
class Question:
    """A command of the print queue that wants an answer: "paper", "echo", "asb" or "identity"."""

    kind: str
    value: bytes


Outcome: TypeAlias = Paper | Question | None
"""What a command brought; None for those that only print or set."""


class Decoder:
    """Takes bytes as they come; what they mean comes out of ``run``."""

    def __init__(self, dots: int) -> None:
        self._across = dots // 8
        self._dots = self._across * 8
        self._waiting = bytearray()
        self._rows: list[bytes] = []
        self._align = 0
        self._left = 0
        self.junk = 0
        """Bytes that were no command: what a printer would have printed as stray letters."""

    def feed(self, data: bytes) -> None:
        self._waiting += data

    @property
    def blank(self) -> bool:
        """Whether nothing was printed since the last cut."""
        return not self._rows

    def run(self) -> Iterator[Paper | Question]:
        """Carries out every whole command that has come."""
        while self._waiting:
            size = self._size()
            if size is None or len(self._waiting) < size:
                return
            command = bytes(self._waiting[:size])
            del self._waiting[:size]
            outcome = self._carry_out(command)
            if outcome is not None:
                yield outcome

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
            if len(head) < 8:
                return None
            return 8 + int.from_bytes(head[4:6], "little") * int.from_bytes(head[6:8], "little")
        if name == b"\x1dV":
            if len(head) < 3:
                return None
            return 4 if head[2] in b"AB" else 3
        return _LENGTHS.get(name, 1)

    def _carry_out(self, command: bytes) -> Outcome:
        name = command[:2]
        if name == b"\x1dv":
            self._print(command)
        elif name in (b"\x1bJ", b"\x1bd"):
            self._advance(command[2] * (1 if name == b"\x1bJ" else LINE_ROWS))
        elif command == b"\n":
            self._advance(LINE_ROWS)
        elif name == b"\x1b@":
            self._align = self._left = 0
        elif name == b"\x1ba":
            self._align = command[2] % 48
        elif name == b"\x1dL":
            self._left = int.from_bytes(command[2:4], "little")
        elif name == b"\x1dV":
            return self._cut()
        elif name in _QUESTIONS:
            return Question(_QUESTIONS[name], command[2:])
        elif command[:3] == b"\x1d(H":
            return Question("echo", command[7:])
        elif command[0] not in (_ESC, _GS, _DLE, _CR) or len(command) == 1:
            self.junk += 1
        return None

    def _print(self, command: bytes) -> None:
        width = int.from_bytes(command[4:6], "little")
        free = max(0, self._dots - self._left - width * 8)
        indent = self._left + {0: 0, 1: free // 2, 2: free}[self._align]
        for start in range(8, len(command), width):
            bits = int.from_bytes(command[start : start + width], "big")
            shift = self._dots - width * 8 - indent
            bits = bits << shift if shift >= 0 else bits >> -shift
            row = bits & ((1 << self._dots) - 1)
            self._rows.append(row.to_bytes(self._across, "big"))

    def _advance(self, rows: int) -> None:
        self._rows += [bytes(self._across)] * rows

    def _cut(self) -> Paper | None:
        if not self._rows:
            return None
        size = (self._dots, len(self._rows))
        picture = Image.frombytes("1", size, b"".join(self._rows), "raw", "1;I")
        self._rows = []
        return Paper(picture)


_LENGTHS = {
    b"\x1b@": 2,
    b"\x1bJ": 3,
    b"\x1bd": 3,
    b"\x1ba": 3,
    b"\x1b!": 3,
    b"\x1bt": 3,
    b"\x1b$": 4,
    b"\x1dL": 4,
    b"\x1dW": 4,
    b"\x1dP": 4,
    b"\x1dr": 3,
    b"\x1da": 3,
    b"\x1dI": 3,
}

_QUESTIONS = {b"\x1dr": "paper", b"\x1da": "asb", b"\x1dI": "identity"}
