"""What follows the cut of a slip: the presenter of a kiosk printer, the buzzer. No drawer, ever."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from escpos.constants import BUZZER, GS

from printer.escpos import encode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL import Image

    from printer.settings import PrinterSettings

PRESENTER: Final[dict[str, bytes]] = {
    "none": b"",
    "present": GS + b"e\x03\x0c",
    "eject": GS + b"e\x05",
}
"""GS e of Custom's kiosk printers (KPM, VKP), where the slip stays inside without it: presenting
pushes it out 12 steps and holds it, ejecting lets it go."""

BUZZ: Final[bytes] = BUZZER + b"\x01\x02"
"""ESC B: once, for two tenths of a second."""


def encode_slip(
    pictures: Sequence[Image.Image], settings: PrinterSettings, *, doubles: bool = False
) -> bytes:
    """The bytes that print each picture, cut, and hand the paper over as ``settings`` say."""
    after = PRESENTER[settings.presenter] + (BUZZ if settings.buzzer else b"")
    if not after:
        return encode(pictures, doubles=doubles)
    return b"".join(encode([picture], doubles=doubles) + after for picture in pictures)
