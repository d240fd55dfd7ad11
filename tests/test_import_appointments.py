from __future__ import annotations

import csv
from contextlib import contextmanager
from dataclasses import replace
from datetime import time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from kiosk.database.sqlite import Sqlite
from kiosk.errors import Refused
from kiosk.import_appointments import import_appointments
from kiosk.import_words import read_clock
from kiosk.office.appointments import cancel_appointment, check_in, read_appointments
from kiosk.tables import ImportReport, rejected_path
from kiosk.texts import texts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kiosk.database import Query
    from kiosk.office.centre import Centre

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
HEADER = "Mã lịch hẹn,Họ tên,Điện thoại,Dịch vụ,Ngày hẹn,Khung giờ,Mã hồ sơ"
ROW = "K7M2P4QX,Nguyễn Văn An,0900000123,Chứng thực,23/11/2026,09:30 - 10:00,H15.50.05-261123-0001"


pytestmark = pytest.mark.usefixtures("english")


def put(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "hen.csv"
    path.write_bytes(text.encode(encoding))
    return path


def kinds(centre: Centre) -> list[str]:
    with centre.database.read() as query:
        rows = query.all("SELECT kind FROM event WHERE kind LIKE 'appointment%' ORDER BY seq")
    return [row["kind"] for row in rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_file_is_read_however_it_was_saved(
    centre: Centre, tmp_path: Path, encoding: str, delimiter: str
) -> None:
    text = f"LỊCH HẸN TUẦN 48\r\n\r\n{HEADER}\r\n{ROW}\r\n".replace(",", delimiter)
    assert import_appointments(centre, put(tmp_path, text, encoding)) == ImportReport(1, 1, 0, ())
    (booked,) = read_appointments(centre)
    assert (booked.code, booked.service, booked.day) == ("K7M2P4QX", "A", "2026-11-23")
    assert f"{booked.due_at.astimezone(HANOI):%H:%M}" == "09:30"
    assert booked.dossier == "H15.50.05-261123-0001"


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("code,service,at", "HEN-1,a,2026-11-23T09:30:00+07:00"),
        ("code,service,datetime", "hen-1,Chung thuc,2026-11-23 09:30"),
        ("Mã hẹn,Tên dịch vụ,Thời gian hẹn", "HEN-1,CHỨNG THỰC,09:30 23/11/2026"),
        ("Mã hẹn,Lĩnh vực,Ngày hẹn", "HEN-1,Chứng thực (en),23/11/2026 9h30"),
        ("Mã đặt lịch,Dịch vụ,Ngày,Giờ", "HEN-1,Chứng thực,23/11/2026,9 giờ 30"),
        ("Mã đặt lịch,Dịch vụ,Ngày hẹn,Thời gian hẹn", "HEN-1,Chứng thực,23.11.2026,9h30"),
        ("booking code,service code,date,time slot", "HEN-1,A,2026-11-23,9:30 AM - 10:00 AM"),
    ],
)
def test_the_words_of_many_systems_mean_the_same(
    centre: Centre, tmp_path: Path, header: str, row: str
) -> None:
    report = import_appointments(centre, put(tmp_path, f"{header}\n{row}\n"))
    assert report == ImportReport(1, 1, 0, ())
    (booked,) = read_appointments(centre)
    assert (booked.code, booked.service) == ("HEN-1", "A")
    assert f"{booked.due_at.astimezone(HANOI):%H:%M}" == "09:30"


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("9h", time(9)), ("9g15", time(9, 15)), ("14:30:00", time(14, 30)), ("7 giờ", time(7)),
        ("14:00 – 14:30", time(14)), ("2:30 PM", time(14, 30)), ("12:15 am", time(0, 15)),
        ("8h30 sáng", time(8, 30)), ("1h30 chiều", time(13, 30)), ("8h đến 9h", time(8)),
    ],
)  # fmt: skip
def test_an_hour_is_read_as_people_write_it(text: str, clock: time) -> None:
    assert read_clock(text) == clock


@pytest.mark.parametrize("text", ["sáng", "25:00", "9:75", "13:00 PM", "0h SA", "9", "9:30 x"])
def test_what_is_no_hour_is_told_so(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_clock(text)


def test_the_same_again_changes_nothing_and_another_time_moves_the_booking(
    centre: Centre, tmp_path: Path
) -> None:
    path = put(tmp_path, f"{HEADER}\n{ROW}\nHEN-2,,,B,24/11/2026,14h,\n")
    assert import_appointments(centre, path) == ImportReport(2, 2, 0, ())
    before = kinds(centre)
    assert import_appointments(centre, path) == ImportReport(2, 0, 2, ())
    assert kinds(centre) == before
    assert before == ["appointment.booked", "appointment.booked", "appointments.imported"]
    moved = put(tmp_path, f"{HEADER}\n{ROW.replace('09:30', '15:00')}\nHEN-2,,,B,24/11/2026,14h,\n")
    assert import_appointments(centre, moved) == ImportReport(2, 1, 1, ())
    (booked,) = read_appointments(centre)
    assert f"{booked.due_at.astimezone(HANOI):%H:%M}" == "15:00"
    assert kinds(centre)[3:] == ["appointment.moved", "appointments.imported"]


def test_what_became_of_a_booking_here_stays_until_it_is_given_another_time(
    centre: Centre, tmp_path: Path
) -> None:
    second = ROW.replace("K7M2P4QX", "HEN-2")
    path = put(tmp_path, f"{HEADER}\n{ROW}\n{second}\n")
    import_appointments(centre, path)
    cancel_appointment(centre, "K7M2P4QX", actor="test")
    check_in(centre, "HEN-2", actor="test")
    assert import_appointments(centre, path).stored == 0
    assert [known.state for known in read_appointments(centre)] == ["arrived", "cancelled"]
    later = put(tmp_path, f"{HEADER}\n{ROW}\n{second}\n".replace("09:30", "11:00"))
    report = import_appointments(centre, later)
    assert report.stored == 1
    assert report.rejected == ((3, texts("en").say("refused.appointment_used")),)
    assert {known.code: known.state for known in read_appointments(centre)} == {
        "HEN-2": "arrived",
        "K7M2P4QX": "booked",
    }


def test_bad_rows_are_set_aside_with_reason_and_line(centre: Centre, tmp_path: Path) -> None:
    bad = [
        ",An,,A,23/11/2026,9h,",
        "?!,An,,A,23/11/2026,9h,",
        "HEN-3,An,,,23/11/2026,9h,",
        "HEN-4,An,,Bay lên trời,23/11/2026,9h,",
        "HEN-5,An,,A,31/02/2026,9h,",
        "HEN-6,An,,A,23/11/2026,,",
        "HEN-7,An,,A,22/11/2026,9h,",
        "HEN-8,An,,Đất đai,23/11/2026,15h,",
        ROW,
    ]
    path = put(tmp_path, "\n".join([HEADER, ROW, *bad]) + "\n")
    report = import_appointments(centre, path)
    assert (report.read, report.stored) == (10, 1)
    say = texts("en").say
    assert [tuple(each) for each in report.rejected] == [
        (3, say("appointment.reject.no_code")),
        (4, say("appointment.reject.bad_code", value="?!")),
        (5, say("appointment.reject.no_service")),
        (6, say("appointment.reject.unknown_service", value="Bay lên trời")),
        (7, say("appointment.reject.bad_time", value="31/02/2026 9h")),
        (8, say("appointment.reject.bad_time", value="23/11/2026")),
        (9, say("refused.appointment_past")),
        (10, say("refused.closed_then")),
        (11, say("appointment.reject.repeated_code")),
    ]
    with rejected_path(path).open(encoding="utf-8-sig", newline="") as file:
        table = list(csv.reader(file))
    assert table[0][:2] == ["Row", "Reason"]
    assert len(table) == 10
    import_appointments(centre, put(tmp_path, f"{HEADER}\n{ROW}\n"))
    assert not rejected_path(path).exists()


@pytest.mark.parametrize(
    "header",
    ["Dịch vụ,Ngày hẹn", "Mã lịch hẹn,Ngày hẹn", "Mã lịch hẹn,Dịch vụ", "Mã lịch hẹn,Dịch vụ,Giờ"],
)
def test_a_file_without_a_needed_column_is_refused(
    centre: Centre, tmp_path: Path, header: str
) -> None:
    with pytest.raises(Refused, match="no_appointment_columns"):
        import_appointments(centre, put(tmp_path, f"{header}\nx,y,z\n"))


def test_nobodys_name_is_kept(centre: Centre, tmp_path: Path) -> None:
    import_appointments(centre, put(tmp_path, f"{HEADER}\n{ROW}\n"))
    with centre.database.read() as query:
        rows = [*query.all("SELECT * FROM appointment"), *query.all("SELECT * FROM event")]
    kept = " ".join(str(value) for row in rows for value in dict(row).values())
    for private in ("Nguyễn", "An", "0900000123"):
        assert private not in kept.replace("ANY", "")


class Watched(Sqlite):
    """The same store, which counts what each write brought."""

    writes: int = 0

    @contextmanager
    def write(self) -> Iterator[Query]:
        self.writes += 1
        with super().write() as query:
            yield query


def test_a_long_file_comes_in_short_writes(centre: Centre, tmp_path: Path) -> None:
    store = Watched(tmp_path / "long.db")
    store.prepare()
    store.writes = 0
    start = centre.clock() + timedelta(hours=1)
    lines = [f"HEN-{n},A,{(start + timedelta(minutes=n)).isoformat()}" for n in range(1, 131)]
    path = put(tmp_path, "code,service,at\n" + "\n".join(lines) + "\n")
    report = import_appointments(replace(centre, database=store), path)
    store.close()
    assert report == ImportReport(130, 130, 0, ())
    assert store.writes >= 4
