"""A catalogue of procedures comes in however the office or the portal wrote it down."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest

from kiosk.deadlines import Term, Unit
from kiosk.dossiers import Channel
from kiosk.errors import Refused
from kiosk.import_procedures import CatalogueReport, aside_of, import_procedures
from kiosk.office.procedures import read_procedure, search
from kiosk.procedure_words import by_channel, read_document, read_level
from kiosk.procedures import ChannelTerms, Level, RequiredDocument

if TYPE_CHECKING:
    from kiosk.office.centre import Centre

DEMO = Path(__file__).parents[1] / "assets" / "demo" / "procedures.csv"
PORTAL = {
    "ID": "77",
    "MATTHC": "1.001193",
    "TENTTHC": "Đăng ký khai sinh",
    "LINHVUCTHUCHIEN": [{"MALINHVUC": "G15-TP08", "TENLINHVUC": "Hộ tịch"}],
    "MUCDO": "4",
    "CACHTHUCTHUCHIEN": [
        {
            "KENH": "1",
            "THOIGIAN": [
                {
                    "THOIGIANGIAIQUYET": "5",
                    "DONVITINH": "Ngày làm việc",
                    "MOTA": "nếu cần xác minh",
                    "PHILEPHI": [
                        {"SOTIEN": 8000, "DONVI": "đồng", "MOTA": "Lệ phí quá hạn"},
                        {"SOTIEN": None, "DONVI": None, "MOTA": "Miễn cho hộ nghèo"},
                    ],
                }
            ],
        },
        {"KENH": "2", "THOIGIAN": [{"THOIGIANGIAIQUYET": 1, "DONVITINH": "Ngày", "PHILEPHI": []}]},
    ],
    "THANHPHANHOSO": [
        {
            "TRUONGHOP": "Giấy tờ phải nộp",
            "GIAYTO": [
                {
                    "TENGIAYTO": "Tờ khai đăng ký khai sinh",
                    "SOBANCHINH": "1",
                    "SOBANSAO": "0",
                    "TENMAUDON": "TK.doc",
                    "URL": "https://example.vn/tk.doc",
                },
                {"TENGIAYTO": "Giấy chứng sinh", "SOBANCHINH": 1, "SOBANSAO": 0, "URL": "/a.doc"},
            ],
        }
    ],
    "KETQUATHUCHIEN": [{"MAKETQUA": "KQ1", "TENKETQUA": "Giấy khai sinh"}],
    "CANCUPHAPLY": [
        {"SOVANBAN": "60/2014/QH13", "TENVANBAN": "Luật Hộ tịch"},
        {"SOVANBAN": "123/2015/NĐ-CP", "TENVANBAN": "Nghị định"},
    ],
    "COQUANTHUCHIEN": [{"TENDONVI": "UBND cấp xã", "MADONVI": "1"}],
    "YEUCAU": "Không",
    "TUKHOA": "giấy khai sinh",
}


def put(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def counted(report: CatalogueReport) -> tuple[int, int, int, int]:
    return report.read, report.stored, report.unchanged, len(report.rejected)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize(
    "header",
    [
        "Mã thủ tục;Tên thủ tục;Lĩnh vực;Thời hạn giải quyết;Lệ phí;Căn cứ pháp lý;Ngày kiểm tra",
        "ma tthc;ten tthc;ten linh vuc;thoi gian;phi le phi;co so phap ly;ngay ra soat",
        "MaTTHC;TenTTHC;TenLinhVuc;ThoiHan;MucPhi;CanCuPhapLy;NgayCapNhat",
        "code;name;field;term;fee;legal basis;checked on",
    ],
)
def test_the_words_of_many_systems_mean_the_same(
    centre: Centre, tmp_path: Path, header: str, encoding: str
) -> None:
    row = "1.000894;Đăng ký kết hôn;Hộ tịch;03 ngày làm việc;8.000 đ;Luật Hộ tịch;01/10/2026"
    text = f"DANH MỤC THỦ TỤC\n\n{header}\n{row}\n"
    report = import_procedures(centre, put(tmp_path, "a.csv", text, encoding))
    found = read_procedure(centre, "1.000894")

    assert counted(report) == (1, 1, 0, 0)
    assert (found.name, found.field, found.legal_basis) == (
        "Đăng ký kết hôn", "Hộ tịch", "Luật Hộ tịch",
    )  # fmt: skip
    assert found.checked_on == date(2026, 10, 1)
    assert found.channels == (
        ChannelTerms(
            Channel.IN_PERSON, "03 ngày làm việc", Term(Unit.WORKING_DAYS, 3), "8.000 đ", 8000
        ),
    )


def test_each_channel_has_its_own_deadline_and_fee(centre: Centre, tmp_path: Path) -> None:
    header = "Mã TTHC,Tên TTHC,Cách thức thực hiện,Thời hạn,Lệ phí,Lệ phí trực tuyến"
    row = (
        '1.004222,Đăng ký thường trú,"Trực tiếp; Trực tuyến; Bưu chính công ích",'
        '"7 ngày làm việc; bưu chính: 9 ngày","20.000 đ; qua bưu chính: 25.000 đ",10.000 đ'
    )
    import_procedures(centre, put(tmp_path, "a.csv", f"{header}\n{row}\n"))
    channels = read_procedure(centre, "1.004222").channels

    assert [(c.channel, c.term_text, c.fee) for c in channels] == [
        (Channel.IN_PERSON, "7 ngày làm việc", 20_000),
        (Channel.ONLINE, "7 ngày làm việc", 10_000),
        (Channel.POST, "9 ngày", 25_000),
    ]


def test_papers_stand_on_lines_with_their_counts_and_forms(centre: Centre, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Mã số", "Thủ tục", "Thành phần hồ sơ", "Mẫu đơn, tờ khai", "Ngày kiểm tra"])
    papers = "1. Tờ khai (01 bản chính)\n2. Thẻ căn cước: 02 bản sao\n- Ảnh 3x4"
    sheet.append(["1.001193", "Khai sinh", papers, "https://example.vn/a", date(2026, 10, 1)])
    path = tmp_path / "a.xlsx"
    book.save(path)
    import_procedures(centre, path)
    found = read_procedure(centre, "1.001193")

    assert found.documents == (
        RequiredDocument("Tờ khai", 1, 0, "https://example.vn/a"),
        RequiredDocument("Thẻ căn cước: 02 bản sao", 0, 2),
        RequiredDocument("Ảnh 3x4"),
    )
    assert found.checked_on == date(2026, 10, 1)


@pytest.mark.parametrize(
    "wrapped",
    [
        [PORTAL],
        {"data": [PORTAL]},
        {"error_code": "0", "result": [PORTAL]},
        PORTAL,
    ],
)
def test_the_portals_own_record_is_read(centre: Centre, tmp_path: Path, wrapped: object) -> None:
    path = put(tmp_path, "a.json", json.dumps(wrapped))
    report = import_procedures(centre, path)
    found = read_procedure(centre, "1.001193")

    assert counted(report) == (1, 1, 0, 0)
    assert counted(import_procedures(centre, path)) == (1, 0, 1, 0)
    assert (found.name, found.field, found.level) == ("Đăng ký khai sinh", "Hộ tịch", Level.WHOLE)
    assert found.legal_basis == "60/2014/QH13: Luật Hộ tịch\n123/2015/NĐ-CP: Nghị định"
    assert (found.result, found.agency) == ("Giấy khai sinh", "UBND cấp xã")
    assert found.documents == (
        RequiredDocument("Tờ khai đăng ký khai sinh", 1, 0, "https://example.vn/tk.doc"),
        RequiredDocument("Giấy chứng sinh", 1, 0),
    )
    assert found.channels == (
        ChannelTerms(
            Channel.IN_PERSON,
            "5 ngày làm việc; nếu cần xác minh",
            Term(Unit.WORKING_DAYS, 5),
            "Lệ phí quá hạn: 8000 đồng; Miễn cho hộ nghèo",
        ),
        ChannelTerms(Channel.ONLINE, "1 ngày", Term(Unit.DAYS, 1)),
    )


def test_our_own_json_says_the_same(centre: Centre, tmp_path: Path) -> None:
    told = {
        "code": "1.000894",
        "name": "Đăng ký kết hôn",
        "level": "part",
        "channels": [{"channel": "in_person", "term": "5 ngày làm việc", "fee": "Miễn"}],
        "documents": [{"name": "Tờ khai", "originals": 1, "form": "https://example.vn/tk"}],
        "checked_on": "2026-10-01",
    }
    import_procedures(centre, put(tmp_path, "a.json", json.dumps([told])))
    found = read_procedure(centre, "1.000894")

    assert found.channels == (
        ChannelTerms(Channel.IN_PERSON, "5 ngày làm việc", Term(Unit.WORKING_DAYS, 5), "Miễn", 0),
    )
    assert found.documents == (RequiredDocument("Tờ khai", 1, 0, "https://example.vn/tk"),)
    assert (found.level, found.checked_on) == (Level.PART, date(2026, 10, 1))


def test_bad_rows_are_set_aside_and_told_and_the_good_ones_stored(
    centre: Centre, tmp_path: Path
) -> None:
    text = (
        "Mã TTHC,Tên TTHC,Dịch vụ,Ngày kiểm tra,Căn cứ pháp lý\n"
        "1.000001,Tốt,Hộ tịch,,\n"
        ",Không mã,,,\n"
        "?!,Mã lạ,,,\n"
        "1.000002,,,,\n"
        "1.000003,Dịch vụ lạ,Hàng không,,\n"
        "1.000004,Ngày lạ,,hôm qua,\n"
        "1.000001,Lần nữa,,,\n"
        f"1.000005,Dài quá,,,{'x' * 20_001}\n"
    )
    path = put(tmp_path, "a.csv", text)
    report = import_procedures(centre, path)

    assert counted(report) == (8, 1, 0, 7)
    assert read_procedure(centre, "1.000001").service == "B"
    reasons = [one.reason for one in report.rejected]
    assert "Hàng không" in reasons[3]
    assert "Ngày kiểm tra" in reasons[4]
    aside = aside_of(path).read_text("utf-8-sig").splitlines()
    assert len(aside) == 8
    mended = aside_of(path).rename(tmp_path / "mended.csv")
    mended.write_text(mended.read_text("utf-8-sig").replace("Hàng không", "A"), "utf-8")
    assert import_procedures(centre, mended).stored >= 1
    assert read_procedure(centre, "1.000003").service == "A"


def test_a_dry_run_tells_the_same_and_stores_nothing(centre: Centre, tmp_path: Path) -> None:
    path = put(tmp_path, "a.csv", "code,name\n1.000001,Tốt\n,Không mã\n")
    report = import_procedures(centre, path, dry=True, replacing=True)

    assert (report.read, report.stored, len(report.rejected)) == (2, 0, 1)
    assert search(centre, "").total == 0


def test_replacing_removes_what_is_listed_no_more_unless_something_was_bad(
    centre: Centre, tmp_path: Path
) -> None:
    import_procedures(centre, put(tmp_path, "a.csv", "code,name\n1.000001,Một\n1.000002,Hai\n"))
    bad = put(tmp_path, "b.csv", "code,name\n1.000001,Một\n,Không mã\n")
    unsure = import_procedures(centre, bad, replacing=True)

    assert (unsure.absent, unsure.removed) == (("1.000002",), False)
    assert search(centre, "").total == 2

    good = put(tmp_path, "c.csv", "code,name\n1.000001,Một\n")
    assert import_procedures(centre, good).removed is False
    assert import_procedures(centre, good, replacing=True).removed is True
    assert [hit.code for hit in search(centre, "").hits] == ["1.000001"]


def test_a_bad_record_is_set_aside_with_all_that_it_said(centre: Centre, tmp_path: Path) -> None:
    odd = {"MaTTHC": "1.000002", "TenTTHC": "Lạ", "CachThucThucHien": [{"Kenh": "9"}]}
    path = put(tmp_path, "a.json", json.dumps([PORTAL, odd, 7]))
    report = import_procedures(centre, path)

    assert counted(report) == (3, 1, 0, 2)
    first, _ = map(json.loads, aside_of(path).read_text("utf-8").splitlines())
    assert first["record"] == odd


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("a.csv", "Họ tên,Địa chỉ\nAn,Hà Nội\n", "no_procedure_columns"),
        ("a.json", '[{"code": "1.000001", "name": "Một"}, {', "broken_json"),
    ],
)
def test_a_file_that_is_none_is_refused(
    centre: Centre, tmp_path: Path, name: str, text: str, code: str
) -> None:
    with pytest.raises(Refused, match=code):
        import_procedures(centre, put(tmp_path, name, text))


def test_the_demo_catalogue_is_whole(centre: Centre, tmp_path: Path) -> None:
    path = tmp_path / "procedures.csv"
    path.write_bytes(DEMO.read_bytes())
    report = import_procedures(centre, path)

    assert counted(report) == (45, 45, 0, 0)
    assert [hit.code for hit in search(centre, "so do").hits] == ["1.013949", "1.012753"]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Tờ khai (bản chính: 1; bản sao: 0)", RequiredDocument("Tờ khai", 1, 0)),
        ("Hộ chiếu - 02 bản sao", RequiredDocument("Hộ chiếu - 02 bản sao", 0, 2)),
        ("Đơn (theo mẫu)", RequiredDocument("Đơn (theo mẫu)")),
        ("Tờ khai https://example.vn/a.doc", RequiredDocument("Tờ khai", form="https://example.vn/a.doc")),
        ("https://example.vn/a.doc", None),
        ("Tờ khai http://[", RequiredDocument("Tờ khai")),
        (f"Tờ khai https://example.vn/{'a' * 500}", RequiredDocument("Tờ khai")),
    ],
)  # fmt: skip
def test_a_paper_is_read_as_people_write_it(text: str, wanted: RequiredDocument | None) -> None:
    assert read_document(text) == wanted


def test_parts_of_a_text_belong_to_the_channels_they_name() -> None:
    assert by_channel("Trực tiếp: 3 ngày; Nộp trực tuyến: 2 ngày; Khác") == {
        Channel.IN_PERSON: "3 ngày",
        Channel.ONLINE: "2 ngày",
        None: "Khác",
    }
    assert by_channel("") == {}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Dịch vụ công trực tuyến toàn trình", Level.WHOLE),
        ("Một phần", Level.PART),
        ("Mức độ 4", Level.WHOLE),
        ("2", None),
        ("", None),
    ],
)
def test_a_level_is_read(text: str, wanted: Level | None) -> None:
    assert read_level(text) is wanted
