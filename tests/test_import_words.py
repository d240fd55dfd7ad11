"""What stands in the cells of a file, read as offices write it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import fields
from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.deadlines import Term, Unit
from kiosk.dossiers import Dossier, Status
from kiosk.import_labels import HEADERS
from kiosk.import_words import (
    columns_of,
    dossier_columns_of,
    fold,
    read_amount,
    read_moment,
    read_status,
    read_term,
)
from kiosk.imports import import_dossiers
from kiosk.store.dossiers import LISTS
from kiosk.texts import texts

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.office.centre import Centre
from tests.test_imports import CODE, HANOI, put, rows

pytestmark = pytest.mark.usefixtures("english")

MOMENT = datetime(2026, 3, 13, 10, 56, tzinfo=HANOI)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("20260313105600", MOMENT),
        ("202603131056", MOMENT),
        ("20260313", MOMENT.replace(hour=0, minute=0)),
        ("13/03/2026", MOMENT.replace(hour=0, minute=0)),
        ("13-3-2026", MOMENT.replace(hour=0, minute=0)),
        ("13.03.2026", MOMENT.replace(hour=0, minute=0)),
        ("10:56 13/03/2026", MOMENT),
        ("13/03/2026 10:56", MOMENT),
        ("13/03/2026 10:56:07", MOMENT.replace(second=7)),
        ("ngày 13 tháng 03 năm 2026", MOMENT.replace(hour=0, minute=0)),
        ("10 giờ 56 phút, ngày 13/03/2026", MOMENT),
        ("10 giờ 56 phút, Ngày 13 tháng 3 năm 2026", MOMENT),
        ("10h56 13/03/2026", MOMENT),
        ("9 giờ, ngày 13/03/2026", MOMENT.replace(hour=9, minute=0)),
        ("2026-03-13", MOMENT.replace(hour=0, minute=0)),
        ("2026-03-13 10:56:00", MOMENT),
        ("2026-03-13T03:56:00.000Z", MOMENT),
        ("2026-03-13T10:56:00+07:00", MOMENT),
        ("2026-03-12T22:26:00-0530", MOMENT),
        ("46094", MOMENT.replace(hour=0, minute=0)),
        ("46094.4555555556", MOMENT),
        ("46094,4555555556", MOMENT),
    ],
)
def test_dates_are_read_in_every_style_of_the_offices(text: str, expected: datetime) -> None:
    assert read_moment(text, HANOI) == expected


@pytest.mark.parametrize(
    "text", ["31/02/2026", "13/13/2026", "25:00 13/03/2026", "mai", "1", "13/03/26", "99999", "٣"]
)
def test_what_is_no_date_is_not_guessed(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_moment(text, HANOI)


@given(st.text(st.sampled_from("0123456789:/-.,h tTzZ+giophutngaynamơờ"), max_size=30))
def test_no_text_breaks_the_reading_of_dates(text: str) -> None:
    with suppress(ValueError, OverflowError):
        assert read_moment(text, HANOI).tzinfo is not None


@pytest.mark.parametrize("status", Status)
def test_a_status_is_read_by_number_and_by_the_portals_label(status: Status) -> None:
    label = texts("vi").say(status.key)
    plain = fold(label)
    number = status.value
    for text in (str(number), f"0{number}", f"{number}.0", f"{number} - {label}"):
        assert read_status(text) is status
    for text in (label, label.upper(), plain, status.name.lower()):
        assert read_status(text) is status


def test_a_field_of_ours_is_known_by_every_header() -> None:
    ours = {field.name for field in fields(Dossier)} - set(LISTS)
    assert set(HEADERS) == ours | {"term"}
    for field, known in HEADERS.items():
        for header in known:
            assert columns_of([header.upper()]) == {field: 0}
    record = ["MaHoSo", "TenTTHC", "ChuHoSo", "SoDienThoai", "NgayTiepNhan", "NgayHenTra"]
    assert list(columns_of(record)) == [
        "code", "procedure_name", "owner_name", "phone", "received_at", "due_at",
    ]  # fmt: skip
    both = dossier_columns_of(["Số biên nhận", "Mã hồ sơ", "Ghi chú"])
    assert both == {"receipt_no": 0, "code": 1}
    assert dossier_columns_of(["Số biên nhận", "Ghi chú"]) == {"code": 0}


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("03 ngày làm việc", Term(Unit.WORKING_DAYS, 3)),
        ("Không quá 05 (năm) ngày làm việc", Term(Unit.WORKING_DAYS, 5)),
        ("15 NGÀY", Term(Unit.DAYS, 15)),
        ("0,5 ngày làm việc", Term(Unit.WORKING_HOURS, 4)),
        ("4 giờ làm việc", Term(Unit.WORKING_HOURS, 4)),
        ("Trong ngày", Term(Unit.SAME_DAY)),
        ("Ngay trong ngày làm việc", Term(Unit.SAME_DAY)),
        ("7", Term(Unit.WORKING_DAYS, 7)),
        ("3 ngày làm việc hoặc 5 ngày nếu phải xác minh", None),
        ("theo tỉnh", None),
        ("", None),
    ],
)
def test_how_long_the_law_gives_is_read_as_offices_write_it(text: str, term: Term | None) -> None:
    assert read_term(text) == term


def test_a_due_date_that_is_missing_follows_from_what_the_law_gives(
    centre: Centre, tmp_path: Path
) -> None:
    header = "Mã hồ sơ,Ngày tiếp nhận,Ngày hẹn trả,Thời hạn giải quyết"
    rows_told = (
        f"{CODE},10:56 13/03/2026,,3 ngày làm việc",
        "H57.132-260804-0584,10:56 13/03/2026,20/03/2026,3 ngày làm việc",
        "H57.132-260804-0585,,,3 ngày làm việc",
        "H57.132-260804-0586,15:30 13/03/2026,,trong ngày",
    )
    import_dossiers(centre, put(tmp_path, "\n".join((header, *rows_told))))
    due = {row["code"][-4:]: row["due_at"] for row in rows(centre, "dossier")}
    assert due == {
        "0583": "2026-03-18T03:56:00.000000Z",
        "0584": "2026-03-19T17:00:00.000000Z",
        "0585": None,
        "0586": "2026-03-16T10:00:00.000000Z",
    }


@pytest.mark.parametrize(
    ("text", "dong"),
    [
        ("8.000 đ", 8000),
        ("8,000", 8000),
        ("100000", 100_000),
        ("8000.00", 8000),
        ("1.250.000 đồng", 1_250_000),
        ("Miễn phí", 0),
        ("", None),
        ("2.000 đ/trang", None),
        ("9" * 40, None),
    ],
)
def test_amounts_are_read_in_dong(text: str, dong: int | None) -> None:
    assert read_amount(text) == dong
