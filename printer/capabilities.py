"""What one printer can do, as it answered when it was asked; asking prints nothing.

The questions wait their turn in the printer's queue, the echo last: once it comes, what was not
answered never will be. ESC @ throws away what a printer that knows none of them took for letters.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from escpos.constants import GS, HW_INIT

from printer.escpos import PAPER_QUERY, STATUS_QUERIES

PROBE_TOKEN: Final = b"ask "
"""Echoed by GS ( H; with a space, which no slip's token has."""

_MAKER, _MODEL, _SERIAL = 66, 67, 68
NAMES: Final[bytes] = b"".join(GS + b"I" + bytes([n]) for n in (_MAKER, _MODEL, _SERIAL))
"""GS I: maker, model, serial number."""

WIDTH_SETTING: Final = 3
_WIDTH: Final[bytes] = GS + b"(E\x02\x00\x06" + bytes([WIDTH_SETTING])
_WIDTHS_MM: Final = {"2": 58, "6": 80}
"""Epson's numbers for the width that the printer is set to (GS ( E, function 6, value 3)."""

ABILITIES: Final[bytes] = b"".join(
    (
        PAPER_QUERY,
        GS + b"a\xff" + GS + b"a\x00",
        _WIDTH,
        GS + b"(H\x06\x0000" + PROBE_TOKEN,
        HW_INIT,
    )
)
"""GS r, GS a (on, which tells the state once, and off), GS ( E, GS ( H."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    status: tuple[int, ...] = STATUS_QUERIES
    """Which DLE EOT it answers."""
    echo: bool = False
    """GS ( H"""
    paper: bool = False
    """GS r"""
    auto: bool = False
    """GS a"""
    names: tuple[str, ...] = ()
    """What it said to GS I, in order: maker, model, serial number, as far as it tells."""
    paper_mm: int | None = None
    """The width that it says it is set to, if that is one of ours."""

    @property
    def fences(self) -> bool:
        """Whether it answers anything in its queue that tells how far it has come."""
        return self.echo or self.paper

    @property
    def name(self) -> str:
        return " ".join(dict.fromkeys(filter(None, self.names)))


def name_of(text: bytes) -> str:
    return text.decode("ascii", "replace").strip()


def width_of(value: bytes) -> int | None:
    return _WIDTHS_MM.get(value.decode("ascii", "replace"))
