"""CSV files of the one-stop software into dossiers: good rows in, bad rows set aside with a reason.

A file is streamed: nothing but one batch of it is in memory.
"""

from __future__ import annotations

import codecs
import csv
import io
import unicodedata
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO, Final, NamedTuple

from kiosk.dossiers import Dossier, Status, is_free_code, normalise_code
from kiosk.errors import Refused
from kiosk.import_words import (
    HEADERS,
    columns_of,
    read_amount,
    read_channel,
    read_moment,
    read_status,
    read_yes,
)
from kiosk.office.dossiers import store_dossiers
from kiosk.texts import operator_texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from kiosk.office.centre import Centre

_ENCODINGS: Final = ("utf-8", "cp1258")
_DELIMITERS: Final = (",", ";", "\t")
_CHUNK: Final = 1 << 16
_HEADER_WITHIN: Final = 20
_PROGRESS_ROWS: Final = 500
_LONGEST_CELL: Final = 1000
_MOMENTS: Final = tuple(field for field in HEADERS if field.endswith("_at"))
_TEXTS: Final = (
    "procedure_code",
    "field",
    "receiving_unit",
    "resolving_unit",
    "handler",
    "owner_name",
    "phone",
    "address",
    "id_number",
    "secret",
)


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


def import_dossiers(
    centre: Centre, path: Path, *, progress: Callable[[int, int], None] | None = None
) -> ImportReport:
    """Takes in a CSV file; bad rows go to ``<file>.rejected.csv`` beside it.

    ``progress`` is told the bytes read and their total. Refused: "no_such_file",
    "unreadable_file", "not_csv", "undecodable_file", "no_code_column"; and, when all good rows
    are in, "rejects_unwritable".
    """
    try:
        with ExitStack() as stack:
            file = stack.enter_context(path.open("rb"))
            reading = _Reading(path, file, centre.timezone, progress, stack)
            done = store_dossiers(centre, reading.dossiers(), source=path.name, given=reading.given)
    except FileNotFoundError:
        raise Refused("no_such_file", path=path) from None
    except OSError as error:
        raise Refused("unreadable_file", path=path, why=error.strerror) from error
    reading.settle()
    return ImportReport(reading.read, done.stored, done.unchanged, tuple(reading.rejected))


def rejected_path(path: Path) -> Path:
    """Where the rows of the file that cannot be used are set aside."""
    return path.with_name(f"{path.name}.rejected.csv")


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


class _BadRow(Exception):
    """Why a row is set aside: a catalogue key below ``dossier.reject.`` and its facts."""

    def __init__(self, key: str, **facts: object) -> None:
        super().__init__(key)
        self.key = key
        self.facts = facts


class _Reading:
    """One file on its way in: what was read, and what was set aside."""

    def __init__(
        self,
        path: Path,
        file: BinaryIO,
        zone: ZoneInfo,
        progress: Callable[[int, int], None] | None,
        stack: ExitStack,
    ) -> None:
        self.read = 0
        self.rejected: list[Rejected] = []
        self._path = path
        self._aside = rejected_path(path)
        self._zone = zone
        self._file = file
        # A file that was cut off in the middle of a letter keeps its other rows.
        self._table = io.TextIOWrapper(file, encoding=_encoding(path), errors="replace", newline="")
        self._progress = progress
        self._stack = stack
        self._writer: Any = None
        self._unwritable = False
        self._texts = operator_texts()
        self._seen: set[int] = set()
        delimiter, skip = self._find_header()
        self._table.seek(0)
        self._rows = csv.reader(self._table, delimiter=delimiter)
        *_, self._header = islice(self._rows, skip + 1)
        self._columns = columns_of(self._header)
        self.given = frozenset(self._columns)
        if self.given & {"returned_at", "finished_at"}:
            self.given |= {"status"}

    def _find_header(self) -> tuple[str, int]:
        """The delimiter, and how many rows (titles, say) stand above the header."""
        sample = self._table.read(_CHUNK)
        best: tuple[int, str, int] | None = None
        for delimiter in _DELIMITERS:
            rows = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
            with suppress(csv.Error):
                for at, cells in enumerate(islice(rows, _HEADER_WITHIN)):
                    columns = columns_of(cells)
                    if "code" in columns and (best is None or len(columns) > best[0]):
                        best = len(columns), delimiter, at
        if best is None:
            raise Refused("no_code_column", path=self._path)
        return best[1], best[2]

    def dossiers(self) -> Iterator[Dossier]:
        """The good rows; sets the others aside on the way."""
        total = self._path.stat().st_size
        while True:
            line = self._rows.line_num + 1
            cells: list[str] = []
            try:
                cells = next(self._rows)
                if not any(cells):
                    continue
                self.read += 1
                yield self._dossier(cells)
            except StopIteration:
                break
            except csv.Error:
                self.read += 1
                self._set_aside(line, cells, _BadRow("broken_row"))
            except _BadRow as bad:
                self._set_aside(line, cells, bad)
            if self._progress and self.read % _PROGRESS_ROWS == 0:
                self._progress(self._file.tell(), total)
        if self._progress:
            self._progress(total, total)

    def _dossier(self, cells: list[str]) -> Dossier:
        row = {
            field: _clean(cells[at]) if at < len(cells) else ""
            for field, at in self._columns.items()
        }
        code = normalise_code(row["code"])
        if not code:
            raise _BadRow("no_code")
        if not is_free_code(code):
            raise _BadRow("bad_code", value=row["code"][:60])
        # By hash, which is half the memory of the codes themselves.
        if hash(code) in self._seen:
            raise _BadRow("repeated_code")
        moments = {field: self._moment(field, row) for field in _MOMENTS}
        texts: dict[str, Any] = {field: row.get(field) or None for field in _TEXTS}
        dossier = Dossier(
            code=code,
            status=_status(row),
            procedure_name=row.get("procedure_name", ""),
            channel=read_channel(row.get("channel", "")),
            fee=read_amount(row.get("fee", "")),
            fee_paid=read_yes(row.get("fee_paid", "")),
            **texts,
            **moments,
        )
        self._seen.add(hash(code))
        return dossier

    def _moment(self, field: str, row: Mapping[str, str]) -> Any:
        text = row.get(field)
        if not text:
            return None
        try:
            return read_moment(text, self._zone)
        except (ValueError, OverflowError):
            column = self._header[self._columns[field]].strip()
            raise _BadRow("bad_date", column=column, value=text[:60]) from None

    def _set_aside(self, line: int, cells: list[str], bad: _BadRow) -> None:
        reason = self._texts.say(f"dossier.reject.{bad.key}", **bad.facts)
        self.rejected.append(Rejected(line, reason))
        if self._unwritable:
            return
        try:
            if self._writer is None:
                # With the mark, so that spreadsheets open it in Vietnamese.
                file = self._aside.open("w", encoding="utf-8-sig", newline="")
                self._writer = csv.writer(self._stack.enter_context(file))
                titles = [self._texts.say(f"dossier.reject.column.{c}") for c in ("line", "reason")]
                self._writer.writerow([*titles, *self._header])
            self._writer.writerow([line, reason, *cells])
        except OSError:
            self._unwritable = True

    def settle(self) -> None:
        """Removes what an earlier run set aside when this one set nothing aside."""
        if self._unwritable:
            raise Refused("rejects_unwritable", path=self._aside)
        if not self.rejected:
            with suppress(OSError):
                self._aside.unlink()


def _clean(cell: str) -> str:
    """Composed, on one line, without control and direction signs."""
    if not cell.isprintable():
        cell = "".join(c if c.isprintable() else " " for c in cell)
    if not cell.isascii():
        cell = unicodedata.normalize("NFC", cell)
    return " ".join(cell.split())[:_LONGEST_CELL]


def _status(row: Mapping[str, str]) -> Status:
    """As the file says; registers without statuses tell it by their dates."""
    said = row.get("status")
    if said:
        status = read_status(said)
        if status is None:
            raise _BadRow("unknown_status", value=said[:60])
        return status
    if row.get("returned_at"):
        return Status.RETURNED
    return Status.FINISHED if row.get("finished_at") else Status.ACCEPTED
