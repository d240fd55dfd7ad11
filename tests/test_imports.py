from __future__ import annotations

import csv
import threading
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from kiosk.dossier_answers import Outlook
from kiosk.dossiers import Channel, Status
from kiosk.errors import Refused
from kiosk.imports import import_dossiers
from kiosk.office.dossiers import look_up
from kiosk.office.tickets import take_ticket
from kiosk.tables import ImportReport, rejected_path
from kiosk.texts import languages, texts

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.office.centre import Centre

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
CODE = "H57.132-260804-0583"
HEADER = "Mã số hồ sơ,Chủ hồ sơ,Điện thoại,Tên thủ tục,Ngày tiếp nhận,Ngày hẹn trả,Trạng thái"
ROW = f"{CODE},Nguyễn Văn An,0900000123,Cấp bản sao trích lục,10:56 13/03/2026,23/11/2026,4"


pytestmark = pytest.mark.usefixtures("english")


def put(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "dossiers.csv"
    path.write_bytes(text.encode(encoding))
    return path


def rows(centre: Centre, table: str) -> list[dict[str, object]]:
    with centre.database.read() as query:
        return [dict(row) for row in query.all(f"SELECT * FROM {table} ORDER BY 1, 2")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_file_is_read_however_it_was_saved(
    centre: Centre, tmp_path: Path, encoding: str, delimiter: str, newline: str
) -> None:
    text = f"{HEADER}{newline}{ROW}{newline}".replace(",", delimiter)
    assert import_dossiers(centre, put(tmp_path, text, encoding)) == ImportReport(1, 1, 0, ())
    answer = look_up(centre, CODE, "0123")
    assert (answer.status, answer.owner) == (Status.PROCESSING, "N. V. A***")
    assert answer.procedure_name == "Cấp bản sao trích lục"
    assert answer.received_at == datetime(2026, 3, 13, 10, 56, tzinfo=HANOI)
    assert answer.due_at == datetime(2026, 11, 23, tzinfo=HANOI)


def test_windows_1258_comes_out_composed(centre: Centre, tmp_path: Path) -> None:
    # In that code page the tone of a letter stands as a sign after it.
    text = f"Mã hồ sơ,Thủ tục\n{CODE},Chứng thực chữ ký\n"
    for composed, parted in (
        ("ồ", "ô\u0300"), ("ủ", "u\u0309"), ("ụ", "u\u0323"), ("ứ", "ư\u0301"),
        ("ự", "ư\u0323"), ("ữ", "ư\u0303"), ("ý", "y\u0301"), ("ã", "a\u0303"),
    ):  # fmt: skip
        text = text.replace(composed, parted)
    assert import_dossiers(centre, put(tmp_path, text, "cp1258")).stored == 1
    assert look_up(centre, CODE).procedure_name == "Chứng thực chữ ký"


def test_titles_above_the_header_and_quoted_cells_are_understood(
    centre: Centre, tmp_path: Path
) -> None:
    text = (
        "UBND PHƯỜNG TRUNG TÂM,,\n\nSỔ THEO DÕI HỒ SƠ,,\n"
        'TT,"Mã\nhồ sơ","Công dân/ Tổ chức",Nội dung\n'
        f'1,{CODE},"Công ty ""Hoa, Lá""","dòng một\n dòng hai"\n,,,\n'
    )
    assert import_dossiers(centre, put(tmp_path, text)) == ImportReport(1, 1, 0, ())
    assert look_up(centre, CODE).procedure_name == "dòng một dòng hai"


def test_running_it_twice_changes_nothing(centre: Centre, tmp_path: Path) -> None:
    path = put(tmp_path, f"{HEADER}\n{ROW}\n{ROW.replace('0583', '0584')}\n")
    assert import_dossiers(centre, path).stored == 2
    before = [rows(centre, table) for table in ("dossier", "dossier_step", "event")]
    assert import_dossiers(centre, path) == ImportReport(2, 0, 2, ())
    assert [rows(centre, table) for table in ("dossier", "dossier_step", "event")] == before


def test_good_rows_go_in_and_bad_rows_are_set_aside_with_reason_and_line(
    centre: Centre, tmp_path: Path
) -> None:
    bad = [
        ",A,,P,,,4",
        "H57;1,A,,P,,,4",
        '"H57 1",A,,P,,,4',
        "HS-1,A,,P,31/02/2026,,4",
        "HS-2,A,,P,,,Bay lên trời",
        "HS-3,A,,P,,,11",
        ROW,
    ]
    path = put(tmp_path, "\n".join([HEADER, ROW, *bad, ROW.replace("0583", "0584")]) + "\n")
    report = import_dossiers(centre, path)
    assert (report.read, report.stored) == (9, 2)
    said = texts("en")
    assert [tuple(each) for each in report.rejected] == [
        (3, said.say("dossier.reject.no_code")),
        (4, said.say("dossier.reject.bad_code", value="H57;1")),
        (5, said.say("dossier.reject.bad_code", value="H57 1")),
        (6, said.say("dossier.reject.bad_date", column="Ngày tiếp nhận", value="31/02/2026")),
        (7, said.say("dossier.reject.unknown_status", value="Bay lên trời")),
        (8, said.say("dossier.reject.unknown_status", value="11")),
        (9, said.say("dossier.reject.repeated_code")),
    ]
    aside = rejected_path(path)
    with aside.open(encoding="utf-8-sig", newline="") as file:
        table = list(csv.reader(file))
    assert table[0] == ["Row", "Reason", *HEADER.split(",")]
    assert table[-1] == ["9", report.rejected[-1].reason, *ROW.split(",")]
    assert len(table) == 8
    import_dossiers(centre, put(tmp_path, f"{HEADER}\n{ROW}\n"))
    assert not aside.exists()


def test_rows_that_cannot_be_set_aside_are_told_and_the_good_ones_are_in(
    centre: Centre, tmp_path: Path
) -> None:
    path = put(tmp_path, f"{HEADER}\n,A\n{ROW}\n")
    rejected_path(path).mkdir()
    with pytest.raises(Refused, match="rejects_unwritable"):
        import_dossiers(centre, path)
    assert look_up(centre, CODE).status is Status.PROCESSING


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "no_code_column"),
        (b"a,b\n1,2\n", "no_code_column"),
        (b"PK\x03\x04rest of a workbook", "unreadable_workbook"),
        (b"M\x00a\x00", "not_csv"),
        (bytes(range(1, 256)), "undecodable_file"),
    ],
)
def test_a_file_that_is_no_table_of_dossiers_is_refused_as_a_whole(
    centre: Centre, tmp_path: Path, content: bytes, code: str
) -> None:
    path = tmp_path / "dossiers.csv"
    path.write_bytes(content)
    with pytest.raises(Refused) as refused:
        import_dossiers(centre, path)
    assert refused.value.code == code
    assert rows(centre, "event") == []


def test_a_missing_file_and_a_folder_are_refused(centre: Centre, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no_such_file"):
        import_dossiers(centre, tmp_path / "none.csv")
    with pytest.raises(Refused, match="unreadable_file"):
        import_dossiers(centre, tmp_path)


def test_every_refusal_of_a_file_is_said_in_every_language() -> None:
    for language in languages():
        for code in (
            "no_such_file",
            "unreadable_file",
            "not_csv",
            "undecodable_file",
            "unreadable_workbook",
            "workbook_too_large",
            "workbook_old",
            "no_code_column",
            "rejects_unwritable",
        ):
            assert "x.csv" in texts(language).say(f"refused.{code}", path="x.csv", why="y")


def test_a_half_written_file_keeps_its_whole_rows(centre: Centre, tmp_path: Path) -> None:
    path = tmp_path / "dossiers.csv"
    whole = f"{HEADER}\n{ROW}\nHS-2026-9,Nguyễn".encode()
    path.write_bytes(whole[:-2])
    report = import_dossiers(centre, path)
    assert (report.read, report.stored, report.bad) == (2, 1, 1)
    assert look_up(centre, CODE).status is Status.PROCESSING


def test_an_open_quote_does_not_swallow_the_import(centre: Centre, tmp_path: Path) -> None:
    filler = "\n".join(f"HS-{n:06d},A,,P,,,4" for n in range(9000))
    report = import_dossiers(centre, put(tmp_path, f'{HEADER}\n{ROW}\nHS-X,"A\n{filler}\n'))
    assert report.rejected[0] == (3, texts("en").say("import.reject.broken_row"))
    assert report.stored > 1


def test_markup_and_control_signs_stay_plain_text(centre: Centre, tmp_path: Path) -> None:
    path = put(tmp_path, f"Mã hồ sơ,Thủ tục\n{CODE},<b>Hộ\u202e\x07 tịch</b>\n")
    import_dossiers(centre, path)
    assert look_up(centre, CODE).procedure_name == "<b>Hộ tịch</b>"


def test_a_register_without_statuses_tells_them_by_its_dates(
    centre: Centre, tmp_path: Path
) -> None:
    text = (
        "Mã hồ sơ,Ngày trả,Ngày kết thúc xử lý\n"
        "HS-1,20/11/2026,19/11/2026\nHS-2,,19/11/2026\nHS-3,,\n"
    )
    import_dossiers(centre, put(tmp_path, text))
    assert [look_up(centre, f"HS-{n}").outlook for n in (1, 2, 3)] == [
        Outlook.RETURNED,
        Outlook.READY,
        Outlook.IN_PROGRESS,
    ]


def test_progress_ends_at_the_whole_file(centre: Centre, tmp_path: Path) -> None:
    path = put(tmp_path, "\n".join([HEADER, *(f"HS-{n:05d},,,P,,,4" for n in range(1200))]))
    seen: list[tuple[int, int]] = []
    import_dossiers(centre, path, progress=lambda done, total: seen.append((done, total)))
    size = path.stat().st_size
    assert seen == sorted(seen)
    assert seen[-1] == (size, size)
    assert len(seen) >= 3


def test_taps_go_on_while_a_file_comes_in(centre: Centre, tmp_path: Path) -> None:
    path = put(tmp_path, "\n".join([HEADER, *(f"HS-{n:06d},An,,P,,,4" for n in range(5000))]))
    running = threading.Event()
    report: list[ImportReport] = []

    def take_in() -> None:
        report.append(import_dossiers(centre, path, progress=lambda *_: running.set()))

    worker = threading.Thread(target=take_in)
    worker.start()
    running.wait(10)
    taken = 0
    while worker.is_alive():
        take_ticket(centre, service="A", actor="touch")
        taken += 1
    worker.join()
    assert report[0].stored == 5000
    assert taken >= 2


def test_channels_are_kept(centre: Centre, tmp_path: Path) -> None:
    text = "Mã hồ sơ,Hình thức nộp\nHS-1,Trực tuyến\nHS-2,3\nHS-3,khác\n"
    import_dossiers(centre, put(tmp_path, text))
    assert [look_up(centre, f"HS-{n}").channel for n in (1, 2, 3)] == [
        Channel.ONLINE,
        Channel.POST,
        None,
    ]


GOOD = "".join(f"HS-{n:05d},An,,P,,,4\n" for n in range(1, 300))


@pytest.mark.parametrize(
    ("torn", "read"),
    [
        ('HS-00000,"An,,P,,,4\n', 300),
        ('HS-00000,An,"0900,P,,,4\nHS-90000,An,,"P, Q",,,4\n', 301),
        (f'HS-00000,"{"x" * 200_000},,P,,,4\n', 300),
        ('HS-00000,An,,"P,,,4\r\n', 300),
        ('HS-00000,"An,,P,,,4\nHS-90001,Bình",,P,,,4\n', 301),
    ],
    ids=[
        "a quote",
        "before a quoted cell",
        "longer than any cell",
        "at the end of a cell",
        "two of them",
    ],
)
def test_a_quote_that_nobody_closed_costs_its_own_row_alone(
    centre: Centre, tmp_path: Path, torn: str, read: int
) -> None:
    report = import_dossiers(centre, put(tmp_path, f"{HEADER}\n{torn}{GOOD}"))
    assert (report.read, report.stored, report.bad) == (read, read - 1, 1)
    assert report.rejected == ((2, texts("en").say("import.reject.broken_row")),)
    aside = rejected_path(tmp_path / "dossiers.csv").read_text("utf-8-sig").splitlines()
    assert aside[1].startswith("2,")
    assert ",HS-00000," in aside[1]


def test_a_quote_that_is_open_at_the_end_is_told_too(centre: Centre, tmp_path: Path) -> None:
    report = import_dossiers(centre, put(tmp_path, f'{HEADER}\n{GOOD}HS-00000,"An,,P,,,4'))
    assert (report.stored, [bad.line for bad in report.rejected]) == (299, [301])


def test_a_cell_may_have_several_lines(centre: Centre, tmp_path: Path) -> None:
    text = (
        f'{HEADER}\n{GOOD}HS-1001,"An, ""Bé""\r\nvà Bình,\n con",,"P,\nQ",,,4\nHS-1002,An,,P,,,4\n'
    )
    report = import_dossiers(centre, put(tmp_path, text))
    assert (report.stored, report.bad) == (301, 0)
    assert look_up(centre, "HS-1001").procedure_name == "P, Q"


def test_where_nothing_is_said_of_the_status_it_stays(centre: Centre, tmp_path: Path) -> None:
    import_dossiers(centre, put(tmp_path, "Mã hồ sơ,Trạng thái\nHS-1,9\nHS-2,4\n"))
    text = "Mã hồ sơ,Ngày trả,Lĩnh vực\nHS-1,,Hộ tịch\nHS-2,20/11/2026,\nHS-3,,\n"
    report = import_dossiers(centre, put(tmp_path, text))
    assert (report.stored, report.new) == (3, 1)
    told = [look_up(centre, f"HS-{n}").status for n in (1, 2, 3)]
    assert told == [Status.FINISHED, Status.RETURNED, Status.ACCEPTED]
    assert [step.status for step in look_up(centre, "HS-1").steps] == [Status.FINISHED]


@pytest.mark.parametrize("dash", "-–—‐‑\xad−⁃")
def test_codes_have_dashes_of_every_kind(centre: Centre, tmp_path: Path, dash: str) -> None:
    code = CODE.replace("-", f" {dash} ")
    import_dossiers(centre, put(tmp_path, f"Mã hồ sơ,Trạng thái\n{code},4\n"))
    assert look_up(centre, CODE).code == CODE


@pytest.mark.parametrize(
    ("owner", "id_number", "phone", "secret"),
    [
        ("Nguyễn Văn An", "1090123456", "912345678", "001090123456"),
        ("Nguyễn Văn An", "10090123456", "912345678", "010090123456"),
        ("Nguyễn Văn An", "1090123456", "912345678", "0912345678"),
        ("Công ty An Bình", "3700123456", "", "3700123456"),
        ("Nguyễn Văn An", "123456789", "", "123456789"),
    ],
)
def test_zeros_that_a_spreadsheet_has_cut_off_are_put_back(
    centre: Centre, tmp_path: Path, owner: str, id_number: str, phone: str, secret: str
) -> None:
    header = "Mã hồ sơ,Trạng thái,Chủ hồ sơ,Số CCCD,SĐT"
    import_dossiers(centre, put(tmp_path, f"{header}\nHS-1,4,{owner},{id_number},{phone}\n"))
    assert look_up(centre, "HS-1", secret).full


@pytest.mark.parametrize("damage", [b"\xff", b"\x90", b"\xe1\xba"])
def test_a_few_damaged_bytes_cost_their_own_rows_alone(
    centre: Centre, tmp_path: Path, damage: bytes
) -> None:
    rows = "".join(f"HS-{n:03d},4,Nguyễn Thị Hồng\n" for n in range(1, 21)).encode()
    path = tmp_path / "dossiers.csv"
    path.write_bytes(b"MaHoSo,TrangThaiHoSo,ChuHoSo\nHS-000,4,B" + damage + b"nh\n" + rows)
    report = import_dossiers(centre, path)
    assert (report.stored, report.bad) == (20, 1)
    assert report.rejected == ((2, texts("en").say("import.reject.bad_letters")),)
    with centre.database.read() as query:
        owners = query.all("SELECT DISTINCT owner_name FROM dossier")
    assert [row["owner_name"] for row in owners] == ["Nguyễn Thị Hồng"]
