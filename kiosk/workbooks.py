"""Workbooks of spreadsheets (XLSX) as tables of texts, as a person would read the cells.

A workbook is a zip archive that anybody may have made: its size unpacked is looked at first, and
whatever is damaged in it is one refusal.
"""

from __future__ import annotations

import warnings
import zipfile
from contextlib import contextmanager
from datetime import date, datetime, time
from itertools import count
from typing import TYPE_CHECKING, Any, BinaryIO, Final

import openpyxl

from kiosk.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


_ZIP: Final = b"PK\x03\x04"
_OLD: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MOST_BYTES: Final = 1 << 30
"""What a workbook may hold unpacked: a million rows of ten columns are less."""
MOST_WHOLE: Final = 64 << 20
"""What a part may hold that is read at once, such as the texts that cells share; twenty times that
is what they take in memory. Sheets are read row by row."""
MOST_TIMES: Final = 200
"""How many times larger unpacked than packed; sheets of offices are ten to thirty."""
MOST_ROWS: Final = 1 << 20
"""As many as a spreadsheet has."""
MOST_COLUMNS: Final = 500


def is_workbook(path: Path) -> bool:
    """Whether the file begins as workbooks do, also those that cannot be read here."""
    with path.open("rb") as file:
        head = file.read(len(_OLD))
    return head.startswith(_ZIP) or head == _OLD


def sheets_of(path: Path, file: BinaryIO) -> list[Sheet]:
    """The sheets of the open file in their order; they are read as long as it is open.

    Refused: workbook_old (or locked with a password), workbook_too_large, unreadable_workbook.
    """
    if not zipfile.is_zipfile(path):
        file.seek(0)
        old = file.read(len(_OLD)) == _OLD
        raise Refused("workbook_old" if old else "unreadable_workbook", path=path)
    _check_size(path)
    with _reading(path):
        book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
        return [Sheet(path, sheet) for sheet in book.worksheets]


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    """What is damaged raises whatever comes first; what is only odd is no news for an operator."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except Exception:
        raise Refused("unreadable_workbook", path=path) from None


class Sheet:
    """One sheet, read row by row."""

    def __init__(self, path: Path, sheet: Any) -> None:
        self._path = path
        self._sheet = sheet

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """The number of each row, from 1, and the texts of its cells.

        Refused: unreadable_workbook.
        """
        # What the file says of its own size need not be true.
        self._sheet.reset_dimensions()
        rows = self._sheet.iter_rows(max_row=MOST_ROWS, values_only=True)
        for n in count(1):
            with _reading(self._path):
                cells = next(rows, None)
                texts = [_text(cell) for cell in (cells or ())[:MOST_COLUMNS]]
            if cells is None:
                return
            yield n, texts


def _check_size(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            packed = sum(one.compress_size for one in archive.infolist())
            size = sum(one.file_size for one in archive.infolist())
            whole = max(
                (one.file_size for one in archive.infolist() if not _is_sheet(one)), default=0
            )
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise Refused("unreadable_workbook", path=path) from None
    if whole > MOST_WHOLE or size > MOST_BYTES or size > MOST_TIMES * max(packed, 1 << 14):
        raise Refused("workbook_too_large", path=path)


def _is_sheet(member: zipfile.ZipInfo) -> bool:
    return "/worksheets/" in member.filename


def _text(cell: Any) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return "1" if cell else ""
        case float():
            return str(int(cell)) if cell.is_integer() else repr(cell)
        case datetime():
            return f"{cell:%d/%m/%Y %H:%M:%S}" if cell.time() != time() else f"{cell:%d/%m/%Y}"
        case date():
            return f"{cell:%d/%m/%Y}"
        case time():
            return f"{cell:%H:%M:%S}"
        case _:
            return str(cell)
