"""What a virtual printer says in which state, and which questions it knows.

DLE EOT, GS r, GS a, GS I and GS ( H after Epson's ESC/POS reference; DLE EOT 20 after Custom's
manuals of the KPM and VKP printers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

FULL_STATUS: Final = 20
"""DLE EOT 20: all of a Custom printer's state in six bytes."""

# Answers to DLE EOT 1, 2, 3, 4 and GS r; a fault that stops the queue is one with 08 in the first.
_BITS: Final[dict[str | None, tuple[int, int, int, int, int]]] = {
    None: (0x16, 0x12, 0x12, 0x12, 0x00),
    "paper_low": (0x16, 0x12, 0x12, 0x1E, 0x03),
    "paper_out": (0x1E, 0x32, 0x12, 0x7E, 0x0F),
    "cover_open": (0x1E, 0x16, 0x12, 0x12, 0x00),
    "offline_mute": (0x1E, 0x16, 0x12, 0x12, 0x00),
    "cutter": (0x1E, 0x52, 0x1A, 0x12, 0x00),
    "overheated": (0x1E, 0x52, 0x52, 0x12, 0x00),
    "silence": (0x16, 0x12, 0x12, 0x12, 0x00),
    "late": (0x16, 0x12, 0x12, 0x12, 0x00),
    "garbage": (0x16, 0x12, 0x12, 0x12, 0x00),
}
# The same as Custom's full status: paper, user, recoverable and unrecoverable errors.
_FULL: Final[dict[str | None, bytes]] = {
    "paper_low": bytes((0x04, 0, 0, 0)),
    "paper_out": bytes((0x05, 0, 0, 0)),
    "cover_open": bytes((0, 0x02, 0, 0)),
    "offline_mute": bytes((0, 0x02, 0, 0)),
    "cutter": bytes((0, 0, 0, 0x01)),
    "overheated": bytes((0, 0, 0x01, 0)),
}
FAULTS: Final = tuple(fault for fault in _BITS if fault is not None)
MUTE: Final = ("silence", "offline_mute")


@dataclass(frozen=True, slots=True)
class Model:
    """Who a printer says it is, and what it knows."""

    name: str = "VIRTUAL"
    maker: str = "KIOSK"
    serial: str = "V0000001"
    realtime: bool = True
    """DLE EOT 1 to 4"""
    echo: bool = True
    """GS ( H"""
    paper_sensor: bool = True
    """GS r"""
    auto_status: bool = True
    """GS a"""
    identity: bool = True
    """GS I"""
    full_status: bool = False
    """DLE EOT 20"""
    doubles: bool = True
    """GS v 0 with m other than 0"""


MODELS: Final = {
    "epson": Model(),
    # As many cheap ones do, it names itself after another, and prints no dot twice.
    "clone": Model(
        name="TM-T88V", maker="EPSON", serial="", echo=False, auto_status=False, doubles=False
    ),
    "custom": Model(name="VKP80III", maker="CUSTOM", echo=False, full_status=True),
    "one-way": Model(
        realtime=False, echo=False, paper_sensor=False, auto_status=False, identity=False
    ),
}


def stops(fault: str | None) -> bool:
    """Whether nothing is printed while the printer has ``fault``."""
    return bool(_BITS[fault][0] & 0x08)


def at_once(model: Model, fault: str | None, query: int) -> bytes:
    """The answer to DLE EOT ``query``; b"" where the model knows no such question."""
    if model.realtime and 1 <= query <= 4:
        return bytes([_BITS[fault][query - 1]])
    if model.full_status and query == FULL_STATUS:
        return b"\x10\x0f" + _FULL.get(fault, bytes(4))
    return b""


def in_turn(model: Model, fault: str | None, kind: str, value: bytes) -> bytes:
    """The answer to a question of the print queue; b"" where the model knows no such question."""
    match kind:
        case "paper" if model.paper_sensor:
            # GS r 1 is the paper, 2 the drawer and 4 the ink, of which it has neither.
            return {1: bytes([_BITS[fault][4]]), 2: b"\0", 4: b"\0"}.get(value[0] % 48, b"")
        case "echo" if model.echo:
            return b"\x37\x22" + value + b"\x00"
        case "identity" if model.identity:
            return _identity(model, value[0])
        case _:
            return b""


def of_itself(fault: str | None) -> bytes:
    """The four bytes that GS a asks for: at once, and whenever they change."""
    printer, cause, error, _, paper = _BITS[fault]
    cover = 0x20 if cause & 0x04 else 0
    return bytes([printer & 0x0C | 0x10 | cover, error & 0x6C, paper, 0x00])


def _identity(model: Model, which: int) -> bytes:
    texts = {65: "1.0", 66: model.maker, 67: model.name, 68: model.serial}
    if which in texts:
        return b"_" + texts[which].encode("ascii") + b"\x00"
    # 1 is the model, 2 the kind (it has a cutter), 3 the version, a byte each.
    return {1: b"\x20", 2: b"\x02", 3: b"\x01"}.get(which % 48, b"")
