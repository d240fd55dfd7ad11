"""Workbooks of spreadsheets as tables of texts, as a person would read the cells.

What is read is checked first: a workbook is a zip archive, and a small one may hold more than any
memory.
"""

from __future__ import annotations

import zipfile
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum

from kiosk.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_ZIP: Final = b"PK\x03\x04"
_OLD: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MOST_BYTES: Final = 512 * 1024 * 1024
"""What a workbook may hold unpacked: a million rows of twenty columns are less."""
MOST_TIMES: Final = 200
"""How many times larger unpacked than packed; sheets of offices are ten to thirty."""
MOST_COLUMNS: Final = 500


def is_workbook(path: Path) -> bool:
    """Whether the file begins as workbooks do, those of old spreadsheets too."""
    with path.open("rb") as file:
        head = file.read(len(_OLD))
    return head.startswith(_ZIP) or head == _OLD


def sheets_of(path: Path) -> list[Sheet]:
    """The sheets with cells, in their order.

    Refused: unreadable_workbook, workbook_too_large, workbook_locked (with a password).
    """
    _check_size(path)
    try:
        book = CalamineWorkbook.from_path(str(path))
        names = [one.name for one in book.sheets_metadata if one.typ is SheetTypeEnum.WorkSheet]
        return [Sheet(path, book, name) for name in names]
    except PasswordError:
        raise Refused("workbook_locked", path=path) from None
    except (CalamineError, OSError, ValueError):
        raise Refused("unreadable_workbook", path=path) from None


class Sheet:
    """One sheet; ``rows`` gives the number of each row that has cells, from 1, and their texts."""

    def __init__(self, path: Path, book: CalamineWorkbook, name: str) -> None:
        self._path = path
        self._book = book
        self._name = name

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Refused: unreadable_workbook."""
        try:
            sheet = self._book.get_sheet_by_name(self._name)
            first = sheet.start[0] if sheet.start else 0
            for n, cells in enumerate(sheet.iter_rows(), first + 1):
                yield n, [_text(cell) for cell in cells[:MOST_COLUMNS]]
        except (CalamineError, ValueError):
            raise Refused("unreadable_workbook", path=self._path) from None


def _check_size(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            packed = sum(one.compress_size for one in archive.infolist())
            size = sum(one.file_size for one in archive.infolist())
    except (zipfile.BadZipFile, NotImplementedError):
        return
    if size > MOST_BYTES or size > MOST_TIMES * max(packed, 1 << 14):
        raise Refused("workbook_too_large", path=path)


def _text(cell: Any) -> str:
    match cell:
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
        case timedelta():
            return str(cell)
        case _:
            return str(cell)
