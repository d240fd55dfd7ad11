"""Videos of the board's folder: a still of each, and how long it is.

A program of its own takes the still (``display.still``), with a time and a memory that end: what a
damaged video does to it, it does to it alone. Of the file only the first bytes are read here.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

log = logging.getLogger(__name__)

VIDEOS: Final = frozenset({".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi"})
LONGEST_VIDEO: Final = 180.0
"""Seconds that a video stands, unless the schedule says otherwise."""
STILL_SECONDS: Final = 20.0
"""In which a still is taken, on a slow PC that has just been switched on."""
_LOOK_SECONDS: Final = 0.05
_YOUNG_SECONDS: Final = 2.0
"""So long after its last change a file may still be on its way here."""
_BROKEN: Final = "device.media_video_broken"
_REASONS: Final = {
    2: _BROKEN,
    3: "device.media_video_large",
    4: "device.media_video_program",
    5: "device.media_disk",
}
"""By what the program ends with."""


@dataclass(frozen=True, slots=True)
class Film:
    """``still`` is a JPEG of ``size`` pixels; the video has ``seconds``, 0 for who knows."""

    still: Path
    size: tuple[int, int]
    seconds: float


class Films:
    """What is known of the videos: each is looked at once, until it changes.

    ``most`` of them are looked at in one round, all without it; ``is_over`` ends a look early.
    """

    def __init__(
        self, most: int | None = None, is_over: Callable[[], bool] = lambda: False
    ) -> None:
        self._most = most
        self._is_over = is_over
        self._left: float = 0
        self._found: dict[str, Film | str] = {}

    def begin(self, most: int | None = None) -> None:
        """A new round."""
        most = self._most if most is None else most
        self._left = float("inf") if most is None else most

    def of(self, file: IO[bytes], changed: float, still: Path) -> Film | str | None:
        """The video in ``file``, last ``changed`` then (POSIX seconds), whose still goes to
        ``still``; or the key of why it cannot be shown; None when it has not been looked at yet."""
        mark = still.name
        known = self._found.get(mark)
        if isinstance(known, str) or (known is not None and known.still.exists()):
            return known
        if self._most is not None and 0 <= time.time() - changed < _YOUNG_SECONDS:
            return None
        if not _is_video(file):
            found: Film | str = _BROKEN
        elif self._left < 1:
            return None
        else:
            self._left -= 1
            taken = _take(file, still, self._is_over)
            if taken is None:
                return None
            found = taken
        self._found[mark] = found
        return found


def _is_video(file: IO[bytes]) -> bool:
    """Whether it begins as MP4, QuickTime, Matroska or AVI does. Lists of other files, which a
    player would follow, and files of nothing begin otherwise."""
    try:
        head = file.read(12)
    except OSError:
        return False
    return (
        head[4:8] in {b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"}
        or head[:4] == b"\x1a\x45\xdf\xa3"
        or (head[:4] == b"RIFF" and head[8:12] == b"AVI ")
    )


def _take(file: IO[bytes], still: Path, is_over: Callable[[], bool]) -> Film | str | None:
    """A still of it; None when it was told to stop."""
    part = still.with_suffix(".part")
    number = file.fileno()
    # Handed over open: what stands in the folder may be another file by now.
    command = [sys.executable, "-P", "-m", "display.still", f"/proc/self/fd/{number}", str(part)]
    end = time.monotonic() + STILL_SECONDS
    try:
        process = subprocess.Popen(  # noqa: S603 (ours)
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            pass_fds=(number,),
        )
    except OSError:
        return _REASONS[4]
    with process:
        while process.poll() is None:
            if is_over() or time.monotonic() > end:
                process.kill()
            with suppress(subprocess.TimeoutExpired):
                process.wait(_LOOK_SECONDS)
        assert process.stdout is not None
        told = process.stdout.read(1000)
    if is_over():
        return None
    if process.returncode != 0:
        if process.returncode not in _REASONS:
            log.warning("%s: no still could be taken (%d)", still.name, process.returncode)
        return _REASONS.get(process.returncode, _BROKEN)
    try:
        facts = json.loads(told)
        part.replace(still)
    except (ValueError, OSError):
        return "device.media_disk"
    return Film(still, (facts["width"], facts["height"]), facts["seconds"])
