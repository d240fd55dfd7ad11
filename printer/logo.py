"""The office's logo: a PNG file as the 1-bit picture that fits a slip."""

from __future__ import annotations

import logging
from functools import lru_cache
from pathlib import Path
from typing import Final

from PIL import Image

MOST_POINTS: Final = 4000
"""Across or down; a larger picture is a photograph, or meant to fill the memory."""

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_BROKEN: Final = (OSError, SyntaxError, ValueError, EOFError)
_HALF_GREY: Final = [255 if level >= 128 else 0 for level in range(256)]

log = logging.getLogger(__name__)


def fault_of(path: Path) -> str | None:
    """What is wrong with the file: missing | no_png | too_large | broken; None for a sound one."""
    try:
        with path.open("rb") as file:
            head = file.read(24)
    except OSError:
        return "missing"
    if len(head) < 24 or not head.startswith(_SIGNATURE):
        return "no_png"
    across, down = (int.from_bytes(head[at : at + 4], "big") for at in (16, 20))
    if max(across, down) > MOST_POINTS:
        return "too_large"
    try:
        _read(path)
    except _BROKEN:
        return "broken"
    return None


def is_blank(path: Path) -> bool:
    """Whether a sound picture would print all white, or all black."""
    least, most = _read(path).point(_HALF_GREY, "1").getextrema()
    return least == most


def logo(path: str, width: int, height: int) -> Image.Image | None:
    """The picture, as large as ``width`` and ``height`` dots allow; None where it is unusable."""
    try:
        state = Path(path).stat()
    except (OSError, ValueError):
        return _fitted(path, None, width, height)
    return _fitted(path, (state.st_mtime_ns, state.st_size), width, height)


@lru_cache(maxsize=8)
def _fitted(
    path: str, stamp: tuple[int, int] | None, width: int, height: int
) -> Image.Image | None:
    fault = "missing" if stamp is None else fault_of(Path(path))
    if fault is not None:
        log.warning("slips are printed without the logo %s: %s", path, fault)
        return None
    grey = _read(Path(path))
    share = min(width / grey.width, height / grey.height)
    size = (max(1, round(grey.width * share)), max(1, round(grey.height * share)))
    return grey.resize(size, Image.Resampling.LANCZOS).point(_HALF_GREY, "1")


def _read(path: Path) -> Image.Image:
    """The picture in grey, what is transparent in white."""
    with Image.open(path, formats=["PNG"]) as opened:
        deep = opened.mode.startswith("I")  # 16 bits, which a conversion would cut at 255
        levels = opened.convert("I").point(lambda level: level * (1 / 257)) if deep else opened
        colours = (levels.convert("L") if deep else levels).convert("RGBA")
    page = Image.new("RGBA", colours.size, "white")
    page.alpha_composite(colours)
    return page.convert("L")
