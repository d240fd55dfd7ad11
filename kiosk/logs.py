"""The program's own log: to standard error and, where asked, to files; never about a person.

What is written on purpose names no one. What an exception says may: so of an exception stand its
kind and where it happened, and its words only where the program or the system chose them. Whatever
looks like a dossier code, a citizen number or a telephone number is blotted out in every line.
"""

from __future__ import annotations

import logging
import os
import re
import sqlite3
import sys
import time
import traceback
from contextlib import suppress
from logging.handlers import TimedRotatingFileHandler
from typing import TYPE_CHECKING, Final

from kiosk.errors import Refused, Unavailable

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

log = logging.getLogger(__name__)

FORM: Final = "%(asctime)s %(levelname)s %(name)s: %(message)s"
BLOT: Final = "▒▒▒"
_BLOTTED: Final = re.compile(
    # Dossier codes: a unit, a date, a number (QĐ 985/2018 and its like).
    r"\b[A-Z]\d{2}(?:\.[A-Z0-9]+){1,4}-\d{6}-\d{3,}\b"
    # Citizen, telephone and other numbers of people, also in groups; not a part of a longer word.
    r"|(?<![\w.:/-])(?:\+?84|0)(?:[ .]?\d){9}(?!\w|[.-]\d)"
    r"|(?<![\w.:/-])\d{9}(?:\d{3})?(?!\w|[.-]\d)"
)
_RANKS: Final = (
    (logging.CRITICAL, 2),
    (logging.ERROR, 3),
    (logging.WARNING, 4),
    (logging.INFO, 6),
    (logging.NOTSET, 7),
)
_SPOKEN: Final = (Refused, Unavailable, sqlite3.Error)
"""Whose words name no value that somebody typed."""


def blotted(text: str) -> str:
    """The text without what may be a number or a code of a person's."""
    return _BLOTTED.sub(BLOT, text)


class Formatter(logging.Formatter):
    """One record, blotted; of an exception the kind, the place, and words as they are known."""

    def format(self, record: logging.LogRecord) -> str:
        # Another formatter may have left its own words about the exception there.
        before, record.exc_text = record.exc_text, None
        try:
            return blotted(super().format(record))
        finally:
            record.exc_text = before

    def formatException(
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None]
        | tuple[None, None, None],
    ) -> str:
        return told_of(ei[1]) if ei[1] is not None else ""


class _Journal(Formatter):
    """Each line with its rank in angle brackets, by which journalctl -p finds it: sd-daemon(3)."""

    def format(self, record: logging.LogRecord) -> str:
        rank = next(rank for least, rank in _RANKS if record.levelno >= least)
        return "\n".join(f"<{rank}>{line}" for line in super().format(record).splitlines())


def told_of(error: BaseException) -> str:
    """An exception and what led to it, the first cause first."""
    parts: list[str] = []
    seen: set[int] = set()
    at: BaseException | None = error
    while at is not None and id(at) not in seen:
        seen.add(id(at))
        parts.append("".join(traceback.format_tb(at.__traceback__)) + _kind(at))
        at = at.__cause__ or (None if at.__suppress_context__ else at.__context__)
    return "\n".join(reversed(parts))


def _kind(error: BaseException) -> str:
    name = type(error).__qualname__
    if isinstance(error, _SPOKEN):
        return f"{name}: {getattr(error, 'code', None) or error}"
    if isinstance(error, OSError) and error.strerror:
        return f"{name}: {error.strerror}"
    return name


def begin() -> None:
    """To standard error, as systemd and a terminal want it."""
    handler = logging.StreamHandler()
    handler.setFormatter(_Journal(FORM) if _is_journal() else Formatter(FORM))
    root = logging.getLogger()
    if not root.handlers:
        root.addHandler(handler)
        root.setLevel(logging.INFO)


def _is_journal() -> bool:
    """Whether standard error goes to the journal itself: systemd.exec(5), JOURNAL_STREAM."""
    try:
        told = os.fstat(sys.stderr.fileno())
    except (OSError, ValueError, AttributeError):
        return False
    return os.environ.get("JOURNAL_STREAM") == f"{told.st_dev}:{told.st_ino}"


def keep(folder: Path, process: str, days: int, megabytes: int) -> None:
    """To a file of this process as well: a new one each midnight, the last ``days`` of them kept.

    A day that says more than ``megabytes`` begins its file anew. A folder that cannot be written is
    told once, and the log goes to standard error alone.
    """
    path = folder / f"{process}.log"
    root = logging.getLogger()
    if any(getattr(one, "baseFilename", "") == str(path) for one in root.handlers):
        return
    try:
        folder.mkdir(exist_ok=True)
        handler = _Daily(path, days, megabytes * 1_000_000)
    except OSError as error:
        log.error("no log is kept in %s: %s", folder, error.strerror)
        return
    handler.setFormatter(Formatter(FORM))
    root.addHandler(handler)


class _Daily(TimedRotatingFileHandler):
    def __init__(self, path: Path, days: int, most: int) -> None:
        self._most = most
        super().__init__(
            path, when="midnight", backupCount=days, encoding="utf-8", errors="replace"
        )
        with suppress(OSError):
            # Of a program that did not run at midnight.
            if time.time() - path.stat().st_mtime > days * 86400:
                self.doRollover()

    def shouldRollover(self, record: logging.LogRecord) -> int:
        full = self.stream is not None and self.stream.tell() > self._most
        return 1 if full else super().shouldRollover(record)

    def handleError(self, record: logging.LogRecord) -> None:
        """The disk is full, say: the hall goes on without a log."""
