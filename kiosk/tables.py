"""CSV tables that offices send: read however they were saved, bad rows set aside with a reason.

A file is streamed: nothing but one row of it is in memory.
"""

from __future__ import annotations

import codecs
import csv
import io
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO, Final, NamedTuple

from kiosk.errors import Refused
from kiosk.plain import one_line
from kiosk.texts import operator_texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

_ENCODINGS: Final = ("utf-8", "cp1258")
_DELIMITERS: Final = (",", ";", "\t")
_CHUNK: Final = 1 << 16
_HEADER_WITHIN: Final = 20
_PROGRESS_ROWS: Final = 500
_LONGEST_CELL: Final = 1000


class Rejected(NamedTuple):
    """A row that was set aside: its line in the file, and why, in the operator's language."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """``read`` rows in all; ``stored`` were new or different, ``unchanged`` known already."""

    read: int
    stored: int
    unchanged: int
    rejected: tuple[Rejected, ...]


class Row(NamedTuple):
    """One row: its line in the file, its cells, and what stands in the known columns."""

    line: int
    cells: list[str]
    facts: Mapping[str, str]


class BadRow(Exception):
    """Why a row is set aside: the key of a sentence, and its facts."""

    def __init__(self, key: str, **facts: object) -> None:
        super().__init__(key)
        self.key = key
        self.facts = facts


def rejected_path(path: Path) -> Path:
    """Where the rows of the file that cannot be used are set aside."""
    return path.with_name(f"{path.name}.rejected.csv")


@contextmanager
def open_table(
    path: Path,
    columns_of: Callable[[list[str]], Mapping[str, int]],
    needed: frozenset[str],
    missing: str,
    progress: Callable[[int, int], None] | None = None,
) -> Iterator[Table]:
    """A CSV file whose header ``columns_of`` knows; bad rows go to ``<file>.rejected.csv``.

    ``progress`` is told the bytes read and their total. Refused: "no_such_file",
    "unreadable_file", "not_csv", "undecodable_file", ``missing`` when a ``needed`` column is not
    there; and, when all good rows are in, "rejects_unwritable".
    """
    try:
        with ExitStack() as stack:
            file = stack.enter_context(path.open("rb"))
            table = Table(path, file, columns_of, needed, missing, progress, stack)
            yield table
    except FileNotFoundError:
        raise Refused("no_such_file", path=path) from None
    except OSError as error:
        raise Refused("unreadable_file", path=path, why=error.strerror) from error
    table.settle()


class Table:
    """One file on its way in: what was read, and what was set aside."""

    def __init__(
        self,
        path: Path,
        file: BinaryIO,
        columns_of: Callable[[list[str]], Mapping[str, int]],
        needed: frozenset[str],
        missing: str,
        progress: Callable[[int, int], None] | None,
        stack: ExitStack,
    ) -> None:
        self.read = 0
        self.rejected: list[Rejected] = []
        self._path = path
        self._aside = rejected_path(path)
        self._file = file
        # A file that was cut off in the middle of a letter keeps its other rows.
        self._text = io.TextIOWrapper(file, encoding=_encoding(path), errors="replace", newline="")
        self._progress = progress
        self._stack = stack
        self._writer: Any = None
        self._unwritable = False
        self._texts = operator_texts()
        self._columns_of = columns_of
        delimiter, skip = self._find_header(needed, missing)
        self._text.seek(0)
        self._rows = csv.reader(self._text, delimiter=delimiter)
        *_, self._header = islice(self._rows, skip + 1)
        self.columns = columns_of(self._header)

    def title(self, field: str) -> str:
        """The header as the file has it."""
        return self._header[self.columns[field]].strip()

    def rows(self) -> Iterator[Row]:
        """The rows that can be told apart; sets the others aside on the way."""
        total = self._path.stat().st_size
        while True:
            line = self._rows.line_num + 1
            try:
                cells = next(self._rows)
            except StopIteration:
                break
            except csv.Error:
                self.read += 1
                self.set_aside(Row(line, [], {}), BadRow("import.reject.broken_row"))
                continue
            if not any(cells):
                continue
            self.read += 1
            facts = {
                field: one_line(cells[at])[:_LONGEST_CELL] if at < len(cells) else ""
                for field, at in self.columns.items()
            }
            yield Row(line, cells, facts)
            if self._progress and self.read % _PROGRESS_ROWS == 0:
                self._progress(self._file.tell(), total)
        if self._progress:
            self._progress(total, total)

    def set_aside(self, row: Row, why: BadRow) -> None:
        reason = self._texts.say(why.key, **why.facts)
        self.rejected.append(Rejected(row.line, reason))
        if self._unwritable:
            return
        try:
            if self._writer is None:
                # With the mark, so that spreadsheets open it in Vietnamese.
                file = self._aside.open("w", encoding="utf-8-sig", newline="")
                self._writer = csv.writer(self._stack.enter_context(file))
                titles = [self._texts.say(f"import.column.{c}") for c in ("line", "reason")]
                self._writer.writerow([*titles, *self._header])
            self._writer.writerow([row.line, reason, *row.cells])
        except OSError:
            self._unwritable = True

    def settle(self) -> None:
        """Removes what an earlier run set aside when this one set nothing aside."""
        if self._unwritable:
            raise Refused("rejects_unwritable", path=self._aside)
        if not self.rejected:
            with suppress(OSError):
                self._aside.unlink()

    def _find_header(self, needed: frozenset[str], missing: str) -> tuple[str, int]:
        """The delimiter, and how many rows (titles, say) stand above the header."""
        sample = self._text.read(_CHUNK)
        best: tuple[int, str, int] | None = None
        for delimiter in _DELIMITERS:
            rows = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
            with suppress(csv.Error):
                for at, cells in enumerate(islice(rows, _HEADER_WITHIN)):
                    columns = self._columns_of(cells)
                    if needed <= columns.keys() and (best is None or len(columns) > best[0]):
                        best = len(columns), delimiter, at
        if best is None:
            raise Refused(missing, path=self._path)
        return best[1], best[2]


def _encoding(path: Path) -> str:
    """UTF-8 or UTF-16 with their marks, UTF-8, else Windows-1258; reads the file once."""
    with path.open("rb") as file:
        head = file.read(4)
    for mark, encoding in ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16")):
        if head.startswith(mark):
            return encoding
    for encoding in _ENCODINGS:
        decoder = codecs.getincrementaldecoder(encoding)()
        with path.open("rb") as file, suppress(UnicodeDecodeError):
            while chunk := file.read(_CHUNK):
                if b"\0" in chunk or head.startswith(b"PK\x03\x04"):
                    raise Refused("not_csv", path=path)
                decoder.decode(chunk)
            return encoding
    raise Refused("undecodable_file", path=path)
