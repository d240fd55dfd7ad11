"""The office's emblem as every window shows it, for who has no Qt: an SVG is drawn by a process of
its own, so a drawing that hangs or kills whoever draws it harms nobody else."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Final

from kiosk.emblem import FAULTS, Emblem, Unusable, read_emblem

if TYPE_CHECKING:
    from pathlib import Path

SECONDS: Final = 10.0
"""A drawing of the most parts there may be takes a tenth of it."""
_DRAWER: Final = "kiosk.ui.drawing"


def drawn_emblem(path: Path, plate: str, seconds: float = SECONDS) -> bytes:
    """A PNG of the picture, at most KEPT_POINTS each way; Unusable where it must not be shown, with
    the fault "undrawn" for a drawing that was not made in time, or not at all."""
    emblem = read_emblem(path, plate)
    return emblem.data if emblem.kind == "png" else _drawn(emblem, plate, seconds)


def drawn_fault(path: Path, plate: str) -> str | None:
    """As ``fault_of``, but for a drawing too that shows nothing once it is drawn."""
    try:
        drawn_emblem(path, plate)
    except Unusable as error:
        return error.fault
    return None


def _drawn(emblem: Emblem, plate: str, seconds: float) -> bytes:
    command = [sys.executable, "-P", "-m", _DRAWER, plate]
    try:
        done = subprocess.run(  # noqa: S603 (our own module, no shell; the colour is checked)
            command, input=emblem.data, capture_output=True, timeout=seconds, check=True
        )
    except (OSError, subprocess.SubprocessError):
        raise Unusable("undrawn") from None
    told = done.stdout[:20].decode("ascii", "replace")
    if told in FAULTS:
        raise Unusable(told)
    if not told.endswith("PNG\r\n\x1a\n", 1, 8):
        raise Unusable("undrawn")
    return done.stdout
