"""Workbooks of dossiers, as offices keep and send them, into the store."""

from __future__ import annotations

import csv
import io
import random
import zipfile
from collections import Counter
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any, Final

import pytest
import xlsxwriter

from kiosk.dossiers import Status
from kiosk.errors import Refused
from kiosk.imports import import_dossiers
from kiosk.office.dossiers import look_up
from kiosk.tables import ImportReport, rejected_path
from kiosk.workbooks import MOST_COLUMNS

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.office.centre import Centre

CODE: Final = "H57.132-260804-0583"
HEADER: Final = ("Mã số hồ sơ", "Chủ hồ sơ", "Ngày nhận", "Hẹn trả", "Trạng thái", "Lệ phí")
ROW: Final = (CODE, "Nguyễn Văn An", datetime(2026, 3, 13, 10, 56), date(2026, 11, 23), 4, 8000)


pytestmark = pytest.mark.usefixtures("english")


def write(path: Path, *sheets: tuple[tuple[Any, ...], ...]) -> Path:
    """A workbook with these sheets of rows; dates as spreadsheets keep them."""
    with xlsxwriter.Workbook(path, {"default_date_format": "dd/mm/yyyy hh:mm"}) as book:
        for rows in sheets:
            sheet = book.add_worksheet()
            for n, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    sheet.write(n, column, cell)
    return path


def test_a_workbook_is_read_on_whichever_sheet_its_table_stands(
    centre: Centre, tmp_path: Path
) -> None:
    notes = (("Ghi chú của phòng",), ("Tháng 11",))
    table = (("DANH SÁCH HỒ SƠ",), (), HEADER, ROW, (), ("bad code!", "x", None, None, 4))
    path = write(tmp_path / "hoso.xlsx", notes, table)
    report = import_dossiers(centre, path)
    assert (report.read, report.stored, [bad.line for bad in report.rejected]) == (2, 1, [6])
    known = look_up(centre, CODE)
    assert (known.status, known.fee) == (Status.PROCESSING, 8000)
    assert known.received_at == datetime(2026, 3, 13, 3, 56, tzinfo=UTC)
    assert known.due_at == datetime(2026, 11, 22, 17, tzinfo=UTC)
    with rejected_path(path).open(encoding="utf-8-sig", newline="") as file:
        aside = list(csv.reader(file))
    assert aside[0][2:] == list(HEADER)
    assert aside[1][0] == "6"
    assert import_dossiers(centre, path).unchanged == 1


def test_cells_say_what_a_person_reads_in_them(centre: Centre, tmp_path: Path) -> None:
    header = ("Mã hồ sơ", "Trạng thái", "Số điện thoại", "Ngày trả", "Mã tra cứu", "Đã nộp phí")
    rows = (
        (2026_0001, 9.0, 900000123, datetime(2026, 11, 20), 482913, True),
        ("HS-2026-2", "Đã trả kết quả", "0900 000 123", "20/11/2026 9:30", "0042", False),
        ("HS-2026-3", 10, None, 46346.5, None, None),
    )
    path = write(tmp_path / "hoso.xlsx", (header, *rows))
    assert import_dossiers(centre, path) == ImportReport(3, 3, 0, ())
    first, second, third = (
        look_up(centre, code, secret)
        for code, secret in (("20260001", "482913"), ("HS-2026-2", "0042"), ("HS-2026-3", None))
    )
    assert (first.status, first.full, first.fee_paid) == (Status.FINISHED, True, True)
    assert (second.status, second.full, second.fee_paid) == (Status.RETURNED, True, False)
    assert third.returned_at == datetime(2026, 11, 20, 5, tzinfo=UTC)


def test_a_workbook_of_two_hundred_columns_is_read(centre: Centre, tmp_path: Path) -> None:
    more = tuple(f"Cột {n}" for n in range(200))
    path = write(tmp_path / "wide.xlsx", ((*HEADER, *more), (*ROW, *more)))
    assert import_dossiers(centre, path).stored == 1
    wider = tuple(f"Cột {n}" for n in range(MOST_COLUMNS))
    path = write(tmp_path / "wider.xlsx", ((*wider, *HEADER), (*wider, *ROW)))
    with pytest.raises(Refused, match="no_code_column"):
        import_dossiers(centre, path)


def test_a_workbook_without_such_a_table_is_refused(centre: Centre, tmp_path: Path) -> None:
    path = write(tmp_path / "other.xlsx", ((), ("a", "b"), (1, time(8, 30))))
    with pytest.raises(Refused, match="no_code_column"):
        import_dossiers(centre, path)
    with pytest.raises(Refused, match="no_code_column"):
        import_dossiers(centre, write(tmp_path / "empty.xlsx", ()))


def packed(names: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in names.items():
            archive.writestr(name, content)
    return file.getvalue()


def test_what_is_no_workbook_or_a_trap_is_refused_and_nothing_stored(
    centre: Centre, tmp_path: Path
) -> None:
    good = write(tmp_path / "good.xlsx", (HEADER, ROW)).read_bytes()
    with zipfile.ZipFile(io.BytesIO(good)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    bomb = {**parts, "xl/worksheets/sheet1.xml": b" " * 80_000_000}
    entities = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><worksheet>&a;</worksheet>'
    cases = (
        (packed({"notes.txt": b"no workbook"}), "unreadable_workbook"),
        (good[: len(good) // 2], "unreadable_workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "workbook_old"),
        (packed(bomb), "workbook_too_large"),
        (packed({**parts, "xl/worksheets/sheet1.xml": entities}), "unreadable_workbook"),
        (packed({**parts, "xl/worksheets/sheet1.xml": b"<worksheet><sheetData><row"}), None),
    )
    for n, (content, code) in enumerate(cases):
        path = tmp_path / f"case-{n}.xlsx"
        path.write_bytes(content)
        with pytest.raises(Refused) as refused:
            import_dossiers(centre, path)
        assert code is None or refused.value.code == code, n
    with centre.database.read() as query:
        assert query.all("SELECT code FROM dossier") == []


def test_whatever_is_damaged_in_a_workbook_is_one_refusal(centre: Centre, tmp_path: Path) -> None:
    """A damaged size of a sheet once ended the process in which it was read."""
    good = write(tmp_path / "good.xlsx", (HEADER, ROW, ROW))
    with zipfile.ZipFile(good) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    chance = random.Random(7)
    put_in = (b"9" * 14, b'<c r="ZZZZZ9999999999">', b'r="9999999"', b"-1", b"<", b"\0", b"")
    ends = Counter[str]()
    path = tmp_path / "damaged.xlsx"
    for n in range(400):
        names = chance.sample(sorted(parts), 1 + n % 2)
        damaged = dict(parts)
        for name in names:
            at = chance.randrange(len(parts[name]))
            rest = parts[name][at + chance.randrange(20) :]
            damaged[name] = parts[name][:at] + chance.choice(put_in) + rest
        path.write_bytes(packed(damaged))
        try:
            import_dossiers(centre, path, dry=True)
            ends["read"] += 1
        except Refused as refused:
            ends[refused.code] += 1
    assert ends["read"] > 10
    assert ends["unreadable_workbook"] > 100
    assert ends.keys() <= {"read", "unreadable_workbook", "no_code_column", "workbook_too_large"}


def test_a_workbook_whose_texts_fill_the_memory_is_refused(centre: Centre, tmp_path: Path) -> None:
    path = tmp_path / "hoso.xlsx"
    write(path, (HEADER, ROW))
    with zipfile.ZipFile(path) as whole:
        members = {name: whole.read(name) for name in whole.namelist()}
    members["xl/sharedStrings.xml"] = b"<sst>" + b"<si><t>x</t></si>" * 5_000_000 + b"</sst>"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as larger:
        for name, data in members.items():
            larger.writestr(name, data)
        # What makes it seem less packed.
        larger.writestr("xl/media/a.bin", random.Random(1).randbytes(1 << 20))
    with pytest.raises(Refused) as refused:
        import_dossiers(centre, path)
    assert refused.value.code == "workbook_too_large"
