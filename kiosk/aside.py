"""What of a file cannot be used: set aside in a file beside it, each row with its reason."""

from __future__ import annotations

import csv
import json
import os
import shutil
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kiosk.errors import Refused
from kiosk.texts import operator_texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from typing import TextIO

SHOWN: Final = 100
"""Of how many the reasons are told; all of them stand in the file."""


class Rejected(NamedTuple):
    """A row that was set aside: its line in the file, and why, in the operator's language."""

    line: int
    reason: str


class BadRow(Exception):
    """Why a row is set aside: the key of a sentence, and its facts."""

    def __init__(self, key: str, **facts: object) -> None:
        super().__init__(key)
        self.key = key
        self.facts = facts


class Lines:
    """The rows of a table, under its own header; with a mark, so that spreadsheets open it in
    Vietnamese."""

    encoding: Final = "utf-8-sig"

    def __init__(self, header: Sequence[str]) -> None:
        self._header = header

    def begin(self, file: TextIO) -> None:
        words = operator_texts()
        titles = [words.say(f"import.column.{column}") for column in ("line", "reason")]
        csv.writer(file).writerow([*titles, *self._header])

    def write(self, file: TextIO, bad: Rejected, row: Any) -> None:
        csv.writer(file).writerow([*bad, *row])

    def read(self, file: TextIO) -> Iterator[tuple[Rejected, Any]]:
        rows = csv.reader(file)
        next(rows, None)
        for line, reason, *row in rows:
            yield Rejected(int(line), reason), row


class Objects:
    """Records, one a line."""

    encoding: Final = "utf-8"

    def begin(self, file: TextIO) -> None:
        """They have no head."""

    def write(self, file: TextIO, bad: Rejected, row: Any) -> None:
        told = {"n": bad.line, "reason": bad.reason, "record": row}
        file.write(json.dumps(told, ensure_ascii=False, default=str) + "\n")

    def read(self, file: TextIO) -> Iterator[tuple[Rejected, Any]]:
        for line in file:
            told = json.loads(line)
            yield Rejected(told["n"], told["reason"]), told["record"]


class Aside:
    """The file at ``path``, which is there only when something of the ``source`` was set aside."""

    def __init__(self, path: Path, form: Lines | Objects, source: Path) -> None:
        self.path = path
        self._source = source
        self.count = 0
        self._first: list[Rejected] = []
        self._form = form
        self._file: TextIO | None = None
        self._later: deque[int] = deque()
        self._unwritable = False
        self._texts = operator_texts()

    @property
    def rejected(self) -> tuple[Rejected, ...]:
        """The first of them."""
        return tuple(self._first)

    def put(self, line: int, why: BadRow, row: Any) -> None:
        self._note(Rejected(line, self._texts.say(why.key, **why.facts)), row)

    def _note(self, bad: Rejected, row: Any) -> None:
        self.count += 1
        self._later.append(bad.line)
        if len(self._first) < SHOWN:
            self._first.append(bad)
        if self._unwritable:
            return
        try:
            if self._file is None:
                self._file = self.path.open("w", encoding=self._form.encoding, newline="")
                with suppress(OSError):
                    # Nobody may read it who may not read where it comes from.
                    shutil.copymode(self._source, self.path)
                self._form.begin(self._file)
            self._form.write(self._file, bad, row)
        except OSError:
            self._unwritable = True

    def take_up(self, last: int, count: int) -> frozenset[int] | None:
        """Goes on with what an earlier run set aside: the lines of the ``count`` rows up to the one
        at ``last``; None, and nothing taken up, where the file has not all of them."""
        if not count:
            return frozenset()
        old = self.path.with_name(f"{self.path.name}.old")
        lines: set[int] = set()
        try:
            self.path.replace(old)
            with old.open(encoding=self._form.encoding, newline="") as file:
                for bad, row in self._form.read(file):
                    if bad.line <= last:
                        self._note(bad, row)
                        lines.add(bad.line)
        except (OSError, ValueError, KeyError, TypeError, csv.Error):
            lines.clear()
        with suppress(OSError):
            old.unlink()
        if len(lines) == count and not self._unwritable:
            return frozenset(lines)
        self._forget()
        return None

    def _forget(self) -> None:
        self.close()
        self.count = 0
        self._first.clear()
        self._later.clear()
        self._unwritable = False

    def secure(self, last: int) -> int:
        """Brings what was set aside to the disk; how many rows it is up to the one at ``last``."""
        if self._file is not None and self._later:
            try:
                self._file.flush()
                os.fsync(self._file.fileno())
            except OSError:
                self._unwritable = True
        while self._later and self._later[0] <= last:
            self._later.popleft()
        return self.count - len(self._later)

    def close(self) -> None:
        if self._file is not None:
            try:
                self._file.close()
            except OSError:
                self._unwritable = True
            self._file = None

    def settle(self) -> None:
        """The file was read to its end: removes what an earlier run set aside when this one set
        nothing aside. Refused: rejects_unwritable."""
        self.close()
        if self._unwritable:
            raise Refused("rejects_unwritable", path=self.path)
        if not self.count:
            with suppress(OSError):
                self.path.unlink()
