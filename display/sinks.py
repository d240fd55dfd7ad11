"""What takes the hall's sound in, as far as that needs no sound card.

A sink takes PCM as ``display.chime`` describes it and never keeps the caller waiting.
"""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING, Final, Protocol

from display.chime import header

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Report = Callable[[str, str], None]

MOST_FILE_BYTES: Final = 100_000_000
"""Seventeen minutes of sound; a WAV file cannot hold more than 4 GiB."""


class Player(Protocol):
    """A sink, as far as who speaks needs it."""

    @property
    def is_busy(self) -> bool:
        """Whether something still plays."""

    def play(self, pcm: bytes, volume: float) -> None:
        """Starts ``pcm`` at once, as loud as ``volume`` (0 to 1); what still plays gives way."""

    def restart(self) -> None:
        """Lets go of what hangs and begins anew."""


class Sink(Player, Protocol):
    def close(self) -> None: ...


class NoSound:
    """For halls that want none."""

    is_busy = False

    def play(self, pcm: bytes, volume: float = 1.0) -> None:
        pass

    def restart(self) -> None:
        pass

    def close(self) -> None:
        pass


class FileSound:
    """Appends all that is played to one WAV file, whole after each call, and never softer.

    One that would pass ``most`` bytes is kept as ``<name>.1.wav``, in place of the one before it,
    and a new one begins.
    """

    is_busy = False

    def __init__(self, path: Path, report: Report, *, most: int = MOST_FILE_BYTES) -> None:
        self._path = path
        self._report = report
        self._most = most
        self._write(b"")

    def play(self, pcm: bytes, volume: float = 1.0) -> None:
        self._write(pcm)

    def restart(self) -> None:
        pass

    def close(self) -> None:
        pass

    def _write(self, pcm: bytes) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.touch()
            if self._path.stat().st_size + len(pcm) > self._most:
                self._path.replace(self._path.with_suffix(f".1{self._path.suffix}"))
                self._path.touch()
            self._append(pcm)
        except (OSError, ValueError) as error:
            full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
            self._report("fault", "disk_full" if full else "error")
        else:
            self._report("ok", "")

    def _append(self, pcm: bytes) -> None:
        with self._path.open("r+b") as file:
            end = max(file.seek(0, 2), len(header(0)))
            file.seek(end)
            file.write(pcm)
            file.seek(0)
            file.write(header(end + len(pcm) - len(header(0))))
