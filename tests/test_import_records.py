"""The dossier records of the national portal, as JSON, into the store."""

from __future__ import annotations

import json
import shutil
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.__main__ import app
from kiosk.dossiers import (
    Cause,
    Channel,
    Fee,
    FeeStage,
    Postponement,
    Status,
    SupplementRequest,
)
from kiosk.errors import Refused
from kiosk.imports import aside_of, import_dossiers
from kiosk.national import read_record
from kiosk.office.dossiers import look_up
from kiosk.records import Records, aside_path
from kiosk.tables import BadRow, ImportReport

if TYPE_CHECKING:
    from kiosk.office.centre import Centre

HANOI: Final = ZoneInfo("Asia/Ho_Chi_Minh")
CODE: Final = "H57.132-260804-0583"
RECORD: Final[dict[str, Any]] = {
    "MaHoSo": CODE,
    "SoBienNhan": "26.10229",
    "MaTTHC": "2.000635",
    "TenTTHC": "Cấp bản sao  trích lục hộ tịch",
    "MaLinhVuc": "G03-HT01",
    "TenLinhVuc": "Hộ tịch",
    "KenhThucHien": 2,
    "ChuHoSo": "Nguyễn Văn An",
    "LoaiDoiTuong": "1",
    "DinhDanhCHS": [{"LoaiDinhDanh": 1, "SoDinhDanh": "001090123456"}],
    "SoDienThoai": "0900000123",
    "NgayTiepNhan": "20260804105600",
    "NgayHenTra": "20260811170000",
    "TrangThaiHoSo": "4",
    "DonViXuLy": "UBND phường Trung Tâm",
    "NoiNopHoSo": "1",
    "TaiLieuNop": [{"TenTepDinhKem": "cccd.pdf", "DuongDanTaiTepTin": "https://x.example/cccd"}],
    "DanhSachLePhi": [
        {"TenPhiLePhi": "Lệ phí", "HinhThucThu": 1, "Gia": 8000, "LoaiPhiLePhi": 1},
        {"TenPhiLePhi": "Phí gửi", "HinhThucThu": "4", "Gia": "12.000"},
    ],
    "DanhSachHoSoBoSung": [
        {
            "HoSoBoSungId": 7,
            "NguoiYeuCauBoSung": "Trần Thị Bình",
            "NoiDungBoSung": "Bản sao giấy khai sinh",
            "NgayBoSung": "20260806090000",
            "NguoiTiepNhanBoSung": "Lê Hoa",
            "NgayTiepNhanBoSung": "20260807150000",
            "NgayHenTraTruoc": "20260811170000",
            "NgayHenTraMoi": "20260813110000",
        }
    ],
}


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 8, day, hour, minute, tzinfo=HANOI)


pytestmark = pytest.mark.usefixtures("english")


def put(folder: Path, told: object, *, raw: str | None = None) -> Path:
    path = folder / "dossiers.json"
    path.write_text(json.dumps(told, ensure_ascii=False) if raw is None else raw, "utf-8")
    return path


def test_a_record_tells_all_but_the_files() -> None:
    known = read_record(RECORD, HANOI)
    assert (known.code, known.receipt_no, known.status) == (CODE, "26.10229", Status.PROCESSING)
    assert known.procedure_name == "Cấp bản sao trích lục hộ tịch"
    assert (known.procedure_code, known.field, known.channel) == (
        "2.000635", "Hộ tịch", Channel.ONLINE,
    )  # fmt: skip
    assert (known.owner_name, known.id_number) == ("Nguyễn Văn An", "001090123456")
    assert (known.receiving_unit, known.resolving_unit) == (None, "UBND phường Trung Tâm")
    assert (known.received_at, known.due_at) == (at(4, 10, 56), at(11, 17))
    assert known.new_due_at == at(13, 11)
    assert known.fees == (
        Fee("Lệ phí", 8000, FeeStage.RECEIPT),
        Fee("Phí gửi", 12_000, FeeStage.RETURN),
    )
    assert known.fee == 20_000
    assert known.supplements == (
        SupplementRequest(at(6, 9), "Bản sao giấy khai sinh", "Trần Thị Bình", at(7, 15), "Lê Hoa"),
    )
    assert known.postponements == (
        Postponement(at(7, 15), at(11, 17), at(13, 11), Cause.SUPPLEMENT),
    )
    assert "cccd" not in repr(known)


def test_names_of_fields_may_be_written_otherwise() -> None:
    other = {name.upper(): value for name, value in RECORD.items()}
    spelt = {f"{name[:2]}_{name[2:]}": value for name, value in RECORD.items()}
    assert read_record(other, HANOI) == read_record(spelt, HANOI) == read_record(RECORD, HANOI)


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"MaHoSo": ""}, "dossier.reject.no_code"),
        ({"MaHoSo": None}, "dossier.reject.no_code"),
        ({"MaHoSo": ["x"]}, "dossier.reject.no_code"),
        ({"MaHoSo": "<b>mã</b>"}, "dossier.reject.bad_code"),
        ({"TrangThaiHoSo": 11}, "dossier.reject.unknown_status"),
        ({"TrangThaiHoSo": True}, "dossier.reject.unknown_status"),
        ({"NgayHenTra": "20261331000000"}, "dossier.reject.bad_date"),
        ({"DanhSachHoSoBoSung": {"NgayBoSung": "x"}}, "dossier.reject.bad_date"),
    ],
)
def test_a_record_that_tells_no_dossier_says_why(facts: dict[str, Any], why: str) -> None:
    with pytest.raises(BadRow) as bad:
        read_record({**RECORD, **facts}, HANOI)
    assert bad.value.key == why


SECOND: Final = {"MaHoSo": "H57.132-260804-0584", "TrangThaiHoSo": "Đã xử lý xong"}


@pytest.mark.parametrize(
    "raw",
    [
        json.dumps([RECORD, SECOND]),
        "\ufeff" + json.dumps([RECORD, SECOND], ensure_ascii=False, indent=2),
        json.dumps(
            {"session": "x", "madonvi": "H57", "service": "DongBoHoSoMC", "data": [RECORD, SECOND]}
        ),
        f"{json.dumps(RECORD)}\n{json.dumps(SECOND)}\n",
        json.dumps({"of": {"data": 7}, "data": [RECORD, SECOND], "more": [3], "last": {"x": [4]}}),
        json.dumps(RECORD) + json.dumps(SECOND, indent=1),
        json.dumps({"errors": [], "head": "x" * 20_000, "Data": [RECORD, SECOND]}),
        json.dumps({"result": {"total": 2, "items": [RECORD, SECOND]}}),
    ],
    ids=[
        "list",
        "list with a mark",
        "envelope",
        "lines",
        "envelope with more",
        "one by one",
        "envelope behind much else",
        "envelope in an envelope",
    ],
)
def test_records_come_in_however_they_are_put_together(
    centre: Centre, tmp_path: Path, raw: str
) -> None:
    path = put(tmp_path, None, raw=raw)
    assert import_dossiers(centre, path) == ImportReport(2, 2, 0, ())
    assert look_up(centre, CODE, "3456").owner == "N. V. A***"
    assert look_up(centre, SECOND["MaHoSo"]).status is Status.FINISHED
    assert import_dossiers(centre, path) == ImportReport(2, 0, 2, ())
    assert [one.name for one in tmp_path.iterdir() if "rejected" in one.name] == []


def test_bad_records_are_set_aside_with_their_number_and_reason(
    centre: Centre, tmp_path: Path
) -> None:
    path = put(tmp_path, [SECOND, {"MaHoSo": "x"}, 7, "text", None, RECORD])
    report = import_dossiers(centre, path)
    assert (report.read, report.stored) == (6, 2)
    assert [bad.line for bad in report.rejected] == [2, 3, 4, 5]
    told = [json.loads(line) for line in aside_path(path).read_text("utf-8").splitlines()]
    assert [one["record"] for one in told] == [{"MaHoSo": "x"}, 7, "text", None]
    assert all(one["reason"] for one in told)
    put(tmp_path, None, raw=f"[{'[' * 100_000}{']' * 100_000}, {json.dumps(SECOND)}]")
    assert [bad.line for bad in import_dossiers(centre, path).rejected] == [1]
    assert json.loads(aside_path(path).read_text("utf-8"))["record"] is None
    put(tmp_path, [SECOND])
    assert import_dossiers(centre, path).rejected == ()
    assert not aside_path(path).exists()


def test_a_file_is_tried_before_it_is_taken_in(centre: Centre, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    records = put(tmp_path, [RECORD, {"MaHoSo": "x"}])
    table = tmp_path / "dossiers.csv"
    table.write_text(f"Mã hồ sơ,Trạng thái\n{CODE},4\nH57.132-260804-0584,99\n", "utf-8")
    for path in (records, table):
        report = import_dossiers(
            centre, path, dry=True, progress=lambda done, of: told.append((done, of))
        )
        assert (report.read, report.new, report.bad) == (2, 1, 1)
        assert aside_of(path).exists()
        assert told[-1] == (path.stat().st_size, path.stat().st_size)
    with centre.database.read() as query:
        assert query.all("SELECT code FROM dossier") == []
        assert query.all("SELECT seq FROM event") == []


def test_the_command_tries_and_takes_in(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = put(tmp_path, [RECORD, 7])
    config = tmp_path / "kiosk.toml"
    shutil.copy(Path(__file__).parents[1] / "kiosk.toml", config)
    for more, told in (
        (["--dry-run"], "Read 2 rows and stored nothing. It would be: 1 new dossiers, 0 changed"),
        ([], "Read 2 rows: 1 new dossiers, 0 changed, 0 as before."),
        ([], "Read 2 rows: 0 new dossiers, 0 changed, 1 as before."),
    ):
        words = ["import", "dossiers", str(path), "--config", str(config), *more]
        with pytest.raises(SystemExit) as ended:
            app(words)
        assert ended.value.code == 0
        said = capsys.readouterr().out
        assert told in said
        assert str(aside_of(path)) in said


@pytest.mark.parametrize(
    ("raw", "n", "taken"),
    [
        (json.dumps([SECOND, RECORD])[:-40], 2, 1),
        (json.dumps(SECOND) + "\n{", 2, 1),
        ("[", 1, 0),
        ('{"MaHoSo": "\ud83d', 1, 0),
        ("[{]", 1, 0),
        ("[NaN]", 1, 0),
        (f'[{{"MaHoSo": {"9" * 5000}}}]', 1, 0),
    ],
)
def test_a_file_that_breaks_off_keeps_what_was_whole(
    centre: Centre, tmp_path: Path, raw: str, n: int, taken: int
) -> None:
    path = tmp_path / "dossiers.json"
    path.write_bytes(raw.encode("utf-8", "surrogatepass"))
    with pytest.raises(Refused) as refused:
        import_dossiers(centre, path)
    assert (refused.value.code, refused.value.facts["n"]) == ("broken_json", n)
    with centre.database.read() as query:
        (row,) = query.all("SELECT COUNT(*) AS n FROM dossier")
    assert row["n"] == taken


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from([*RECORD, "NgayHenTraMoi", "Gia", "SoDinhDanh"]) | st.text(max_size=8),
            inner,
            max_size=6,
        )
    ),
    max_leaves=20,
)


@given(st.dictionaries(st.sampled_from(list(RECORD)), json_values))
def test_no_record_whatever_stands_in_it_is_a_fault(facts: dict[str, Any]) -> None:
    with suppress(BadRow):
        assert read_record({**RECORD, **facts}, HANOI).code


def test_a_long_file_is_told_of_while_it_is_read(tmp_path: Path) -> None:
    path = put(tmp_path, [{**SECOND, "MaHoSo": f"H57.132-260804-{n:04d}"} for n in range(1200)])
    told: list[tuple[int, int]] = []
    records = Records(path, lambda done, total: told.append((done, total)))
    assert len(list(records.each())) == 1200
    size = path.stat().st_size
    assert [total for _, total in told] == [size] * 3
    assert told[-1][0] == size


STEP = {
    "MaHoSo": CODE,
    "NguoiXuLy": "Trần Thị Bình",
    "ChucDanh": "Công chức",
    "ThoiDiemXuLy": "20260805090000",
    "PhongBanXuLy": "Tư pháp",
    "NoiDungXuLy": "Thẩm định hồ sơ",
    "TrangThai": "4",
    "NgayKetThucTheoQuyDinh": "20260807170000",
}


def steps_of(centre: Centre, code: str = CODE) -> list[tuple[Status, str | None, str | None]]:
    return [(one.status, one.unit, one.task) for one in look_up(centre, code, "3456").steps]


def test_records_of_progress_add_steps(centre: Centre, tmp_path: Path) -> None:
    import_dossiers(centre, put(tmp_path, [{**RECORD, "TrangThaiHoSo": "2"}]))
    done = {**STEP, "ThoiDiemXuLy": "20260806150000", "TrangThai": "9", "NoiDungXuLy": "Ký"}
    path = put(tmp_path, [done, STEP])
    assert import_dossiers(centre, path) == ImportReport(2, 2, 0)
    assert [(one[0], one[2]) for one in steps_of(centre)] == [
        (Status.ACCEPTED, None),
        (Status.PROCESSING, "Thẩm định hồ sơ"),
        (Status.FINISHED, "Ký"),
    ]
    told = look_up(centre, CODE, "3456")
    assert (told.status, told.handler) == (Status.FINISHED, "Trần Thị Bình")
    assert told.steps[1].due_at == datetime(2026, 8, 7, 17, tzinfo=HANOI)
    assert import_dossiers(centre, path) == ImportReport(2, 0, 2)
    assert [one.task for one in look_up(centre, CODE).steps] == [None, None, None]


def test_progress_of_an_unknown_dossier_waits_for_the_rest(centre: Centre, tmp_path: Path) -> None:
    assert import_dossiers(centre, put(tmp_path, [STEP])).new == 1
    assert look_up(centre, CODE).status is Status.PROCESSING
    assert import_dossiers(centre, put(tmp_path, [{**RECORD, "TrangThaiHoSo": "4"}])).stored == 1
    assert look_up(centre, CODE).procedure_name == "Cấp bản sao trích lục hộ tịch"
    assert steps_of(centre) == [(Status.PROCESSING, "Tư pháp", "Thẩm định hồ sơ")]


def test_a_step_takes_the_place_of_what_its_dossier_only_hinted_at(
    centre: Centre, tmp_path: Path
) -> None:
    import_dossiers(centre, put(tmp_path, [{**RECORD, "TrangThaiHoSo": "2"}]))
    import_dossiers(centre, put(tmp_path, [{**RECORD, "TrangThaiHoSo": "4"}]))
    import_dossiers(centre, put(tmp_path, [STEP]))
    assert [one[0] for one in steps_of(centre)] == [Status.ACCEPTED, Status.PROCESSING]
    assert steps_of(centre)[1][2] == "Thẩm định hồ sơ"
