"""Files that no program ever writes: each comes in, is set aside or refused, and nothing raises."""

from __future__ import annotations

import json
import random
from collections import Counter
from typing import TYPE_CHECKING, Final

import pytest

from kiosk.errors import Refused
from kiosk.imports import import_dossiers
from tests.faults.findings import found
from tests.faults.test_scans import SHARDS, cut_off
from tests.profile import chosen

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kiosk.office.centre import Centre

__all__ = ["cut_off"]

SEED: Final = 6011
FILES: Final = chosen(400, 20_000)
HEADERS: Final = (
    "Mã hồ sơ,Trạng thái,Chủ hồ sơ,Ngày tiếp nhận,Hẹn trả,Lệ phí,Thời hạn giải quyết",
    "MaHoSo;TrangThaiHoSo;ChuHoSo;NgayTiepNhan;NgayHenTra;KenhThucHien;SoDienThoai",
)
ROWS: Final = (
    'HS-2026-0001,4,"Nguyễn, An",13/03/2026,"ngày 23 tháng 11 năm 2026",8.000 đ,3 ngày làm việc',
    "H57.132-260804-0583,Đã xử lý xong,Lê Thị Hoa,20260313105600,46094,miễn,trong ngày",
    "HS-2026-0002;9;Trần Bình;10:56 13/03/2026;2026-03-13T10:56:00Z;2;0912345678",
)
RECORD: Final = {
    "MaHoSo": "H57.132-260804-0583",
    "TrangThaiHoSo": 4,
    "ChuHoSo": "Nguyễn Văn An",
    "NgayTiepNhan": "20260313105600",
    "DanhSachLePhi": [{"TenPhiLePhi": "Lệ phí", "HinhThucThu": 1, "Gia": 8000}],
    "DanhSachHoSoBoSung": [{"NgayBoSung": "20260806090000", "NgayHenTraMoi": "20260813110000"}],
}
STEP: Final = {"MaHoSo": "HS-1", "TrangThai": "4", "ThoiDiemXuLy": "20260805090000"}
PIECES: Final = (
    *SHARDS, b'"', b'""', b",", b";", b"\n", b"\r\n", b"{", b"}", b"[", b"]", b":", b"null",
    b"9" * 5000, b"1e999", b"-0", b'"\\ud800"', b"\\u0000", b"[" * 60, b'{"a":' * 60,
    "Mã hồ sơ".encode(), "Mã hồ sơ".encode("utf-16"), "đ".encode("cp1258"), b"0" * 20,
    b"99/99/9999",
)  # fmt: skip


def files(chance: random.Random, count: int) -> Iterator[bytes]:
    """Tables and records with pieces changed, lost, doubled and put in."""
    for _ in range(count):
        if chance.random() < 0.5:
            lines = [chance.choice(HEADERS), *(chance.choice(ROWS) for _ in range(5))]
            raw = bytearray(chance.choice(("\n", "\r\n")).join(lines).encode())
        else:
            told = [chance.choice((RECORD, STEP)) for _ in range(3)]
            raw = bytearray(json.dumps(chance.choice((told, {"data": told}, RECORD))).encode())
        for _ in range(chance.randrange(8)):
            at = chance.randrange(len(raw) + 1)
            match chance.randrange(4):
                case 0:
                    raw[at:at] = chance.choice(PIECES)
                case 1:
                    del raw[at : at + chance.randrange(1, 40)]
                case 2:
                    raw[at:at] = raw[: chance.randrange(len(raw) + 1)]
                case _ if at < len(raw):
                    raw[at] = chance.randrange(256)
        yield bytes(raw)


@pytest.mark.usefixtures("cut_off")
def test_no_file_ends_an_import_otherwise_than_it_says(centre: Centre, tmp_path: Path) -> None:
    ended: Counter[str] = Counter()
    path = tmp_path / "dossiers"
    for raw in files(random.Random(SEED), FILES):
        path.write_bytes(raw)
        try:
            report = import_dossiers(centre, path)
        except Refused as refused:
            ended[refused.code] += 1
        else:
            ended["read"] += 1
            counted = report.stored + report.unchanged + report.bad
            assert report.read == counted, raw
    assert ended["read"] > FILES // 4
    assert {"broken_json", "no_code_column"} <= ended.keys()
    found(
        "store",
        "damaged files of dossiers",
        "files by chance, cut off, garbled, hostile",
        FILES,
        "nothing",
        f"nothing; {ended['read']} were read, {FILES - ended['read']} refused with their reason",
    )
    with centre.database.read() as query:
        codes = query.tuples("SELECT code FROM dossier")
    assert all(code.isprintable() and " " not in code for (code,) in codes)
