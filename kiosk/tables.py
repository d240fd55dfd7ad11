"""Tables that offices send: read however they were saved, bad rows set aside with a reason.

A CSV file is streamed: nothing but one row of it is in memory.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import deque
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO, Final, NamedTuple, Protocol

from kiosk.aside import Aside, BadRow, Lines
from kiosk.errors import Refused
from kiosk.plain import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from kiosk.aside import Rejected
    from kiosk.workbooks import Sheet

_MOSTLY: Final = 5
_KEY: Final = "code"
"""The field that tells the rows of every table apart."""
_CODE_LIKE: Final = re.compile(r'\s*"?(?=[^"]*\d)[\w.\-/]{4,}"?\s*')
_DELIMITERS: Final = (",", ";", "\t")
_CHUNK: Final = 1 << 16
_NO_LETTER: Final = "\N{REPLACEMENT CHARACTER}"
_HEADER_WITHIN: Final = 20
_PROGRESS_ROWS: Final = 500
_LONGEST_CELL: Final = 1000


@dataclass(frozen=True, slots=True)
class ImportReport:
    """``read`` rows in all; ``stored`` were new or different, ``unchanged`` known already, ``bad``
    set aside; ``rejected`` are the first of those. ``new`` of the stored ones were not known at
    all; ``own`` were taken in here and left alone. Of a table ``columns`` are the headers that
    were read, with their fields, and ``unread`` the others.
    """

    read: int
    stored: int
    unchanged: int
    rejected: tuple[Rejected, ...] = ()
    bad: int = 0
    new: int = field(default=0, compare=False)
    own: int = field(default=0, compare=False)
    columns: tuple[tuple[str, str], ...] = field(default=(), compare=False)
    unread: tuple[str, ...] = field(default=(), compare=False)


class Row(NamedTuple):
    """One row: its line in the file, its cells, and what stands in the known columns."""

    line: int
    cells: list[str]
    facts: Mapping[str, str]


def rejected_path(path: Path) -> Path:
    """Where the rows of the file that cannot be used are set aside."""
    return path.with_name(f"{path.name}.rejected.csv")


class Torn(list[str]):
    """The cells of a row that cannot be told apart, as far as they can be guessed; ``why`` is the
    key of the sentence."""

    why = "import.reject.broken_row"


class Garbled(Torn):
    """The cells of a row with bytes that are no letters."""

    why = "import.reject.bad_letters"


class Source(Protocol):
    """One way to read a file as rows: with that delimiter, or that sheet of it."""

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """The number in the file of each row and its cells; Torn for one that is broken."""

    def watch(self, key: int, width: int) -> None:
        """From now on rows have so many cells, and what tells them apart stands in that one."""

    def done(self) -> int:
        """Bytes of the file that are read."""


class _Swallowed(Exception):
    """A quote that is never closed has swallowed the row that follows."""


class _Csv:
    """A quote that somebody forgot to close does not swallow the rows behind it: where a row goes
    on over a line that is a whole row itself, only its first line is broken."""

    def __init__(self, text: io.TextIOWrapper, file: BinaryIO, delimiter: str) -> None:
        self._text = text
        self._file = file
        self._delimiter = delimiter
        self._again: deque[str] = deque()
        self._taken: list[str] = []
        self._key: int | None = None
        self._gaps = 0

    def watch(self, key: int, width: int) -> None:
        self._key, self._gaps = key, width - 1

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        self._text.seek(0)
        self._again.clear()
        line = 1
        rows = self._reader()
        while True:
            self._taken = []
            try:
                cells = next(rows)
                if (len(self._taken) > 1 or len(cells) <= self._gaps) and _is_open(self._taken):
                    raise _Swallowed
            except StopIteration:
                return
            except (csv.Error, _Swallowed):
                first, *others = self._taken
                self._again.extendleft(reversed(others))
                yield line, Torn(first.rstrip("\r\n").split(self._delimiter))
                line, rows = line + 1, self._reader()
            else:
                garbled = any(_NO_LETTER in one for one in self._taken)
                yield line, Garbled(cells) if garbled else cells
                line += len(self._taken)

    def _reader(self) -> Iterator[list[str]]:
        return csv.reader(self._lines(), delimiter=self._delimiter)

    def _lines(self) -> Iterator[str]:
        """Those of the row that is read now are noted. Raises _Swallowed."""
        taken = self._taken
        while True:
            line = self._again.popleft() if self._again else next(self._text, None)
            if line is None:
                return
            if taken is self._taken and taken and self._is_whole(line):
                self._again.appendleft(line)
                raise _Swallowed
            taken = self._taken
            taken.append(line)
            yield line

    def _is_whole(self, line: str) -> bool:
        """Whether a line within a row is a row of its own: it has as many cells, and a code where
        rows have theirs."""
        if self._key is None:
            return False
        cells = line.rstrip("\r\n").split(self._delimiter)
        return len(cells) > self._gaps and _CODE_LIKE.fullmatch(cells[self._key]) is not None

    def done(self) -> int:
        return self._file.tell()


def _is_open(lines: Sequence[str]) -> bool:
    return bool(sum(line.count('"') for line in lines) % 2)


class _Workbook:
    def __init__(self, path: Path, sheet: Sheet) -> None:
        self._path = path
        self._sheet = sheet

    def watch(self, key: int, width: int) -> None:
        """Cells of a workbook are apart."""

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        yield from self._sheet.rows()

    def done(self) -> int:
        # How much of it is unpacked by now only its archive knows.
        return self._path.stat().st_size


def _sources(path: Path, file: BinaryIO) -> list[Source]:
    """The ways in which the file may be read."""
    # A library that offices with CSV never need.
    from kiosk.workbooks import is_workbook, sheets_of

    if is_workbook(path):
        return [_Workbook(path, sheet) for sheet in sheets_of(path, file)]
    # A file that was cut off in the middle of a letter keeps its other rows.
    text = io.TextIOWrapper(file, encoding=_encoding(path), errors="replace", newline="")
    return [_Csv(text, file, delimiter) for delimiter in _DELIMITERS]


@contextmanager
def open_table(
    path: Path,
    columns_of: Callable[[list[str]], Mapping[str, int]],
    needed: frozenset[str],
    missing: str,
    progress: Callable[[int, int], None] | None = None,
) -> Iterator[Table]:
    """A CSV file or a workbook whose header ``columns_of`` knows, on whichever sheet; bad rows go
    to ``<file>.rejected.csv``.

    ``progress`` is told the bytes read and their total. Refused: "no_such_file",
    "unreadable_file", "not_csv", "undecodable_file", as ``workbooks.sheets_of``, ``missing`` when a
    ``needed`` column is not there; and, when all good rows are in, "rejects_unwritable".
    """
    try:
        with ExitStack() as stack:
            file = stack.enter_context(path.open("rb"))
            sources = _sources(path, file)
            table = Table(path, sources, columns_of, needed, missing, progress)
            stack.callback(table.aside.close)
            yield table
    except FileNotFoundError:
        raise Refused("no_such_file", path=path) from None
    except OSError as error:
        raise Refused("unreadable_file", path=path, why=error.strerror) from error
    table.aside.settle()


class Table:
    """One file on its way in: what was read, and what was set aside."""

    def __init__(
        self,
        path: Path,
        sources: Sequence[Source],
        columns_of: Callable[[list[str]], Mapping[str, int]],
        needed: frozenset[str],
        missing: str,
        progress: Callable[[int, int], None] | None,
    ) -> None:
        self.read = 0
        self._path = path
        self._progress = progress
        self._columns_of = columns_of
        self._source, skip = self._find_header(sources, needed, missing)
        self._rows = self._source.rows()
        *_, (_, header) = islice(self._rows, skip + 1)
        self._header = header
        self.columns = columns_of(self._header)
        self._source.watch(self.columns[_KEY], len(self._header))
        self.aside = Aside(rejected_path(path), Lines(self._header), path)

    @property
    def unread(self) -> tuple[str, ...]:
        """The headers of columns that are not read."""
        known = frozenset(self.columns.values())
        cells = enumerate(self._header)
        return tuple(cell.strip() for at, cell in cells if at not in known and cell.strip())

    def title(self, field: str) -> str:
        """The header as the file has it."""
        return self._header[self.columns[field]].strip()

    def rows(self, known: Collection[int] = ()) -> Iterator[Row]:
        """The rows that can be told apart; sets the others aside on the way. Those at the ``known``
        lines were set aside before."""
        total = self._path.stat().st_size
        columns = tuple(self.columns.items())
        width = 1 + max((at for _, at in columns), default=0)
        for line, cells in self._rows:
            if line in known:
                self.read += 1
                continue
            if isinstance(cells, Torn):
                self.read += 1
                self.set_aside(Row(line, cells, {}), BadRow(cells.why))
                continue
            if not any(cells):
                continue
            self.read += 1
            # A row may be shorter than its header.
            told = cells if len(cells) >= width else [*cells, *[""] * (width - len(cells))]
            facts = {name: _tidied(told[at]) for name, at in columns}
            yield Row(line, cells, facts)
            if self._progress and self.read % _PROGRESS_ROWS == 0:
                self._progress(self._source.done(), total)
        if self._progress:
            self._progress(total, total)

    def set_aside(self, row: Row, why: BadRow) -> None:
        self.aside.put(row.line, why, row.cells)

    def report(self, stored: int, unchanged: int) -> ImportReport:
        aside = self.aside
        return ImportReport(self.read, stored, unchanged, aside.rejected, aside.count)

    def _find_header(
        self, sources: Sequence[Source], needed: frozenset[str], missing: str
    ) -> tuple[Source, int]:
        """Where most columns are known, and how many rows (titles, say) stand above the header."""
        best: tuple[int, Source, int] | None = None
        for source in sources:
            for at, (_, cells) in enumerate(islice(source.rows(), _HEADER_WITHIN)):
                columns = self._columns_of(cells)
                if needed <= columns.keys() and (best is None or len(columns) > best[0]):
                    best = len(columns), source, at
        if best is None:
            raise Refused(missing, path=self._path)
        return best[1], best[2]


def _tidied(cell: str) -> str:
    # What has letters of its own is said again and again, and takes longer.
    return (one_line(cell) if cell.isascii() else _tidied_words(cell))[:_LONGEST_CELL]


_tidied_words: Final = lru_cache(maxsize=8192)(one_line)


def _encoding(path: Path) -> str:
    """UTF-8 or UTF-16 with their marks, UTF-8, also with a few bytes that are none, else
    Windows-1258; reads the file once where it is whole."""
    with path.open("rb") as file:
        head = file.read(4)
    for mark, encoding in ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16")):
        if head.startswith(mark):
            return encoding
    for encoding in ("utf-8", "cp1258"):
        decoder = codecs.getincrementaldecoder(encoding)()
        with path.open("rb") as file, suppress(UnicodeDecodeError):
            while chunk := file.read(_CHUNK):
                if b"\0" in chunk:
                    raise Refused("not_csv", path=path)
                decoder.decode(chunk)
            return encoding
        if encoding == "utf-8" and _is_mostly_utf8(path):
            return encoding
    raise Refused("undecodable_file", path=path)


def _is_mostly_utf8(path: Path) -> bool:
    """Whether far more of its letters are UTF-8 than are not: by chance hardly any is."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    good = bad = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            text = decoder.decode(chunk)
            damaged = text.count(_NO_LETTER)
            bad += damaged
            good += len(text) - len(text.encode("ascii", "ignore")) - damaged
    return good > _MOSTLY * bad
