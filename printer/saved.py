"""Slips that are kept as pictures in a folder, numbered in the order in which they came out."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from PIL import Image

LATEST = "latest.png"
"""The last slip once more, under a name that is cheap to watch."""


def save_slip(folder: Path, picture: Image.Image, *, torn: bool = False) -> Path:
    """Saves ``picture`` whole or not at all under the next free number; returns its path.

    A piece that was ``torn`` says so in its name and has its own numbers.
    """
    kind = "torn" if torn else "slip"
    taken = (path.name for path in folder.iterdir())
    mine = (_number(name) for name in taken if name.startswith(f"{kind}-"))
    number = max(mine, default=0) + 1
    path = folder / f"{kind}-{number:05}.png"
    unfinished = path.with_suffix(".part")
    with unfinished.open("xb") as file:
        try:
            picture.save(file, format="PNG")
            file.flush()
            unfinished.rename(path)
        except BaseException:
            unfinished.unlink()
            raise
    return path


def save_latest(folder: Path, saved: Path) -> None:
    """Shows the slip that was saved there as the last one."""
    latest = folder / LATEST
    unfinished = latest.with_suffix(".part")
    shutil.copyfile(saved, unfinished)
    unfinished.replace(latest)


def newest(folder: Path) -> Path | None:
    """The slip with the highest number."""
    return max(folder.glob("slip-*.png"), key=lambda path: _number(path.name), default=None)


def _number(name: str) -> int:
    digits = name.partition(".")[0].rpartition("-")[2]
    return int(digits) if digits.isdecimal() else 0
