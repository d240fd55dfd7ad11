"""A queue of CUPS, which takes bytes and tells nothing about the paper."""

from __future__ import annotations

import os
import subprocess
from typing import Final

from printer.errors import Lost, lost

_SECONDS: Final = 5.0
"""For lp, whose server may be another machine; it takes a slip whole or not at all, so the deadline
of a single write would be too short."""


class Cups:
    """Hands each write to ``lp`` as one raw job; "sent" is all that can be said of it then."""

    def __init__(self, queue: str) -> None:
        self._queue = queue

    def open(self) -> None:
        done = self._run(["lpstat", "-p", self._queue])
        told = done.stdout.decode("utf-8", "replace")
        if done.returncode or " disabled since " in told:
            raise Lost("unreachable", told or done.stderr.decode("utf-8", "replace"))

    def close(self) -> None:
        """Nothing is held open between slips."""

    def fileno(self) -> int | None:
        return None

    def write(self, data: bytes, deadline: float) -> int:
        try:
            done = self._run(["lp", "-d", self._queue, "-o", "raw"], data)
        except subprocess.TimeoutExpired as error:
            # Whether the queue has it nobody knows.
            raise Lost("silent", str(error), sent=len(data)) from error
        if done.returncode:
            raise Lost("unreachable", done.stderr.decode("utf-8", "replace"))
        return len(data)

    def read(self, timeout: float) -> bytes:
        return b""

    def _run(self, command: list[str], data: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        try:
            return subprocess.run(  # noqa: S603 (no shell; the programs of CUPS)
                command,
                input=data,
                capture_output=True,
                timeout=_SECONDS,
                env={**os.environ, "LC_ALL": "C"},
                check=False,
            )
        except FileNotFoundError as error:
            raise Lost("cups_missing", str(error)) from error
        except OSError as error:
            raise lost(error) from error
