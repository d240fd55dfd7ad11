"""What a printer says, byte by byte, and what it means; silence and noise are part of the language.

Every answer bears its kind in fixed bits (after Epson's ESC/POS reference), so the parser needs no
idea of what was asked and finds its feet again after any noise:

    DLE EOT 1-4         0xx1xx10   one byte
    ASB (GS a)          0xx1xx00   and three of 0xx0xxxx
    GS r                0xx0xxxx   one byte
    GS ( H              37 22 d1 d2 d3 d4 00
    GS I                5f … 00
    GS ( E, function 6  37 27 a 1f … 00
    XON, XOFF           11, 13     anywhere
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

LONGEST = 80
"""Bytes after which a block that never ends is noise."""


class PrinterState(StrEnum):
    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"
    UNKNOWN = "unknown"


class Reason(StrEnum):
    NONE = ""
    PAPER_OUT = "paper_out"
    PAPER_LOW = "paper_low"
    COVER_OPEN = "cover_open"
    CUTTER = "cutter"
    OVERHEATED = "overheated"
    ERROR = "error"
    SILENT = "silent"
    UNREACHABLE = "unreachable"
    DISK_FULL = "disk_full"
    NOT_ALLOWED = "not_allowed"
    IN_USE = "in_use"
    LIBUSB_MISSING = "libusb_missing"
    CUPS_MISSING = "cups_missing"


@dataclass(frozen=True, slots=True)
class PrinterStatus:
    state: PrinterState
    reason: Reason = Reason.NONE


UNKNOWN = PrinterStatus(PrinterState.UNKNOWN)
OK = PrinterStatus(PrinterState.OK)
PAPER_LOW = PrinterStatus(PrinterState.WARNING, Reason.PAPER_LOW)
CAN_PRINT = frozenset({PrinterState.OK, PrinterState.WARNING})


def fault(reason: Reason) -> PrinterStatus:
    return PrinterStatus(PrinterState.FAULT, reason)


@dataclass(frozen=True, slots=True)
class RealTime:
    """The answer to one DLE EOT; which one only the asker knows."""

    bits: int


@dataclass(frozen=True, slots=True)
class PaperSensor:
    """The answer to GS r 1."""

    bits: int

    @property
    def out(self) -> bool:
        return bool(self.bits & 0x0C)


@dataclass(frozen=True, slots=True)
class Echo:
    """The answer to GS ( H."""

    token: bytes


@dataclass(frozen=True, slots=True)
class AutoStatus:
    """The four bytes that GS a makes a printer send by itself."""

    bits: bytes


@dataclass(frozen=True, slots=True)
class Identity:
    """The answer to GS I."""

    text: bytes


@dataclass(frozen=True, slots=True)
class Setting:
    """The answer to GS ( E: the ``value``, in digits, of what the printer is set to."""

    what: int
    value: bytes


@dataclass(frozen=True, slots=True)
class Flow:
    """XON (ready) or XOFF."""

    ready: bool


Reply: TypeAlias = RealTime | PaperSensor | Echo | AutoStatus | Identity | Setting | Flow

_BLOCKS = {0x37: 12, 0x5F: LONGEST}
"""First byte of a block that ends with 00 -> its greatest length."""
_ECHO_LENGTH = 7


class Parser:
    """Turns the printer's bytes, cut anywhere and mixed with noise, into replies."""

    def __init__(self) -> None:
        self._held = bytearray()

    def feed(self, data: bytes) -> tuple[Reply, ...]:
        replies: list[Reply] = []
        for byte in data:
            self._take(byte, replies)
        return tuple(replies)

    def _take(self, byte: int, replies: list[Reply]) -> None:
        if byte in (0x11, 0x13):
            replies.append(Flow(byte == 0x11))
            return
        if self._held and not self._continues(byte):
            # What was held was noise (or cut short): this byte is looked at afresh.
            self._held.clear()
        if self._held:
            self._held.append(byte)
            self._finish(replies)
        elif byte in _BLOCKS or _is_auto_status(byte):
            self._held.append(byte)
        elif byte & 0x93 == 0x12:
            replies.append(RealTime(byte))
        elif _is_paper_sensor(byte):
            replies.append(PaperSensor(byte))

    def _continues(self, byte: int) -> bool:
        first, place = self._held[0], len(self._held)
        if first == 0x37:
            if place == 1:
                return byte in (0x22, 0x27)
            if self._held[1] == 0x22:
                return byte == 0 if place == _ECHO_LENGTH - 1 else 0x20 <= byte <= 0x7E
            if place in (2, 3):
                return byte == 0x1F if place == 3 else 0x30 <= byte <= 0x39
            return byte == 0 or 0x30 <= byte <= 0x39
        if first == 0x5F:
            return byte == 0 or 0x20 <= byte <= 0x7E
        return byte & 0x90 == 0

    def _finish(self, replies: list[Reply]) -> None:
        held = bytes(self._held)
        if held[0] in _BLOCKS:
            if held[-1] == 0:
                replies.append(_block(held))
                self._held.clear()
            elif len(held) >= _BLOCKS[held[0]]:
                self._held.clear()
        elif len(held) == 4:
            replies.append(AutoStatus(held))
            self._held.clear()


def _block(held: bytes) -> Reply:
    if held[0] == 0x5F:
        return Identity(held[1:-1])
    return Echo(held[2:6]) if held[1] == 0x22 else Setting(held[2] - 0x30, held[4:-1])


def _is_auto_status(byte: int) -> bool:
    return byte & 0x93 == 0x10


def _is_paper_sensor(byte: int) -> bool:
    """Both bits of a sensor are equal; a byte where they differ is noise."""
    return byte & 0x90 == 0 and byte & 0x03 in (0x00, 0x03) and byte & 0x0C in (0x00, 0x0C)


WELL = 0x12
"""The answer to any DLE EOT in which nothing is amiss."""


def judge(printer: int, cause: int, error: int, paper: int) -> PrinterStatus:
    """The state of a printer from its answers to DLE EOT 1, 2, 3 and 4; the worst cause wins."""
    return _worst(
        (has_open_cover(2, cause), Reason.COVER_OPEN),
        (lacks_paper(2, cause) or lacks_paper(4, paper), Reason.PAPER_OUT),
        (error & 0x08, Reason.CUTTER),
        (error & 0x40, Reason.OVERHEATED),
        (error & 0x24 or cause & 0x40 or printer & 0x08, Reason.ERROR),
        low=paper & 0x0C,
    )


def lacks_paper(query: int, bits: int) -> bool:
    """Whether the answer to DLE EOT ``query`` says that paper is out, whatever else is amiss."""
    return bool(bits & {2: 0x20, 4: 0x60}.get(query, 0))


def auto_lacks_paper(bits: bytes) -> bool:
    """The same of what a printer sends by itself."""
    return bool(bits[2] & 0x0C)


def has_open_cover(query: int, bits: int) -> bool:
    """Whether the answer to DLE EOT ``query`` says that the cover is open."""
    return query == 2 and bool(bits & 0x04)


def auto_has_open_cover(bits: bytes) -> bool:
    """The same of what a printer sends by itself."""
    return bool(bits[0] & 0x20)


def judge_auto(bits: bytes) -> PrinterStatus:
    """The same from the four bytes that a printer sends by itself."""
    printer, error, paper, _ = bits
    return _worst(
        (auto_has_open_cover(bits), Reason.COVER_OPEN),
        (auto_lacks_paper(bits), Reason.PAPER_OUT),
        (error & 0x08, Reason.CUTTER),
        (error & 0x40, Reason.OVERHEATED),
        (error & 0x24 or printer & 0x08, Reason.ERROR),
        low=paper & 0x03,
    )


def _worst(*causes: tuple[int, Reason], low: int) -> PrinterStatus:
    for bits, reason in causes:
        if bits:
            return fault(reason)
    return PAPER_LOW if low else OK
