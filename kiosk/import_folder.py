"""A folder into which other programs lay files: those that are finished are taken, one by one."""

from __future__ import annotations

import fcntl
import time
from contextlib import suppress
from itertools import count
from typing import TYPE_CHECKING, Final

from kiosk.errors import Unavailable
from kiosk.plain import readable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime
    from pathlib import Path

SETTLED_SECONDS: Final = 5.0
"""How long nothing of a file must have changed before it is taken for finished."""

DONE: Final = "done"
FAILED: Final = "failed"
_KINDS: Final = frozenset(
    {".csv", ".json", ".jsonl", ".ndjson", ".tsv", ".txt", ".xls", ".xlsm", ".xlsx"}
)
"""How files of data end; whatever else lies in the folder is left there."""
_DAY: Final = 24 * 3600
_LONGEST_NAME: Final = 180
"""Bytes of a file's name; 255 are possible, and what is laid beside it has more."""


class Folder:
    """The folder as one kiosk watches it.

    A file is taken by moving it into a hidden folder of this kiosk's own, so that no other one
    takes it too; from there it goes to ``done`` or ``failed``, with a report beside it. What a
    run before left there is taken up first.
    """

    def __init__(
        self, folder: Path, kiosk: str, seconds: Callable[[], float] = time.monotonic
    ) -> None:
        self._folder = folder
        self._taking = folder / f".taking-{kiosk}"
        self._seconds = seconds
        self._seen: dict[str, tuple[tuple[int, int, int], float]] = {}

    def next(self) -> Path | None:
        """A file that may be read now; None while there is none.

        Unavailable: import_folder_missing, import_folder_own, import_folder_unwritable.
        """
        if not self._folder.is_dir():
            raise Unavailable("import_folder_missing", path=self._folder)
        if holds_settings(self._folder):
            raise Unavailable("import_folder_own", path=self._folder)
        try:
            for folder in (self._taking, self._folder / DONE, self._folder / FAILED):
                folder.mkdir(exist_ok=True)
            left = sorted(path for path in self._taking.iterdir() if _is_candidate(path))
            return left[0] if left else self._taken()
        except OSError as error:
            raise Unavailable("import_folder_unwritable", path=self._folder) from error

    def _taken(self) -> Path | None:
        for path in self._finished():
            taken = self._taking / _brief(path.name)
            with suppress(FileNotFoundError):  # another kiosk was first
                path.rename(taken)
                return taken
        return None

    def _finished(self) -> Iterable[Path]:
        """Those that nobody writes any more, the oldest first."""
        now = self._seconds()
        found: list[tuple[int, Path]] = []
        there = {path.name: path for path in self._folder.iterdir() if _is_candidate(path)}
        self._seen = {name: seen for name, seen in self._seen.items() if name in there}
        for name, path in there.items():
            with suppress(FileNotFoundError):
                told = path.stat()
                state = told.st_size, told.st_mtime_ns, told.st_ino
                known, since = self._seen.get(name, (None, now))
                if known != state:
                    self._seen[name] = state, now
                elif now - since >= SETTLED_SECONDS and not _is_written(path):
                    found.append((told.st_mtime_ns, path))
        return [path for _, path in sorted(found)]

    def put_away(self, path: Path, report: str, now: datetime, beside: Iterable[Path] = ()) -> None:
        """Moves a file that was read to ``done``, with what was set ``beside`` it."""
        self._move(path, beside, report, now, DONE)

    def put_aside(
        self, path: Path, report: str, now: datetime, beside: Iterable[Path] = ()
    ) -> None:
        """The same for a file of which nothing could be used, to ``failed``."""
        self._move(path, beside, report, now, FAILED)

    def _move(
        self, path: Path, beside: Iterable[Path], report: str, now: datetime, where: str
    ) -> None:
        try:
            to = self._folder / where
            head = f"{now:%Y-%m-%d %H%M%S} "
            for n in count(2):
                if not (to / f"{head}{path.name}").exists():
                    break
                head = f"{now:%Y-%m-%d %H%M%S} {n} "
            told = to / f"{head}{path.name}.report.txt"
            told.write_text(report, "utf-8-sig", errors="replace")
            for one in beside:
                if one.exists():
                    one.replace(to / f"{head}{one.name}")
            path.replace(to / f"{head}{path.name}")
        except OSError as error:
            raise Unavailable("import_folder_unwritable", path=self._folder) from error

    def has_failed(self) -> bool:
        """Whether files that could not be read wait for somebody."""
        with suppress(OSError):
            return any(_is_candidate(path) for path in (self._folder / FAILED).iterdir())
        return False

    def clear(self, days: int, now: float) -> None:
        """Removes what has lain in ``done`` for so many days; ``now`` in seconds since 1970."""
        with suppress(OSError):
            for path in (self._folder / DONE).iterdir():
                if path.is_file() and path.stat().st_ctime < now - days * _DAY:
                    path.unlink()


def holds_settings(folder: Path) -> bool:
    """Whether it is a folder of ours, out of which nothing may be taken."""
    return (folder / "kiosk.toml").exists()


def _brief(name: str) -> str:
    """The name as it can be kept here: in letters that can be read, and short enough to have more
    beside it; its end tells of what kind it is."""
    name = readable(name)
    while len(name.encode()) > _LONGEST_NAME:
        middle = len(name) // 2
        name = name[:middle] + name[middle + 1 :]
    return name


def _is_candidate(path: Path) -> bool:
    """Whether it may be a file of data: no hidden one, no lock of an office program, and none that
    was written here. Programs call what they still write otherwise."""
    name = path.name.lower()
    ours = name.endswith((".report.txt", ".rejected.csv", ".rejected.jsonl"))
    hidden = name.startswith((".", "~"))
    return path.suffix.lower() in _KINDS and not (ours or hidden) and path.is_file()


def _is_written(path: Path) -> bool:
    """Whether some program has it open for writing; where the system cannot tell, its quiet of
    SETTLED_SECONDS tells."""
    try:
        with path.open("rb") as file:
            fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_RDLCK)
            fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def pauses(steps: Iterable[float]) -> Iterator[float]:
    """Seconds to wait after each failure in a row; the last one for all that follow."""
    last = 0.0
    for last in steps:
        yield last
    while True:
        yield last
