"""The dossier record of the national portal, as one-stop software sends it (HoSoDongBoDVC).

Its field names are those of the service DongBoHoSoMC; their case, and underscores in them, do not
matter. Files and papers of a dossier are never read.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from kiosk.aside import BadRow
from kiosk.dossiers import (
    Cause,
    Dossier,
    Fee,
    FeeStage,
    Postponement,
    Progress,
    Status,
    Step,
    SupplementRequest,
    is_free_code,
    normalise_code,
    plain_dashes,
)
from kiosk.import_mapping import Words
from kiosk.import_words import (
    read_amount,
    read_id_number,
    read_moment,
    read_phone,
    read_yes,
    squeeze,
)
from kiosk.plain import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime
    from zoneinfo import ZoneInfo

_LONGEST: Final = 1000
_STEP: Final = frozenset({"thoidiemxuly", "noidungxuly", "ngayketthuctheoquydinh", "chucdanh"})
"""Fields that only a record of progress has."""
FIELDS: Final[Mapping[str, str]] = {
    "code": "MaHoSo",
    "receipt_no": "SoBienNhan",
    "status": "TrangThaiHoSo",
    "procedure_name": "TenTTHC",
    "procedure_code": "MaTTHC",
    "field": "TenLinhVuc",
    "channel": "KenhThucHien",
    "receiving_unit": "NoiNopHoSo",
    "resolving_unit": "DonViXuLy",
    "handler": "NguoiXuLy",
    "owner_name": "ChuHoSo",
    "phone": "SoDienThoai",
    "address": "DiaChi",
    "id_number": "SoGiayToChuHoSo",
    "received_at": "NgayTiepNhan",
    "due_at": "NgayHenTra",
    "finished_at": "NgayKetThucXuLy",
    "returned_at": "NgayTra",
}
"""Our field -> its name in the record."""
_READ_AS: Final = {
    **FIELDS,
    "new_due_at": "NgayHenTraMoi",
    "secret": "MaTraCuu",
    "fee": "TongLePhi",
    "fee_paid": "DaThanhToan",
}
"""The same for an office's own columns, also where the portal has no name."""


class Record:
    """One record by the names of its fields, however they are written."""

    def __init__(self, told: Mapping[str, Any], zone: ZoneInfo) -> None:
        self._told = {squeeze(str(name)): value for name, value in told.items()}
        self._zone = zone

    def code(self, name: str) -> str:
        """A soft hyphen, which is no sign in other texts, is a dash in a code."""
        value = self._told.get(squeeze(name))
        return one_line(plain_dashes(value)) if isinstance(value, str) else self.text(name)

    def text(self, *names: str) -> str:
        """The first of these that says something; lists and records say nothing."""
        for name in names:
            value = self._told.get(squeeze(name))
            if isinstance(value, str | int | float | Decimal) and not isinstance(value, bool):
                said = one_line(str(value))[:_LONGEST]
                if said:
                    return said
        return ""

    @property
    def is_progress(self) -> bool:
        """Whether it tells a step (CapNhatTienDoHoSoMC) and not a dossier."""
        told = self._told
        return "trangthaihoso" not in told and not _STEP.isdisjoint(told)

    def moment(self, *names: str) -> datetime | None:
        for name in names:
            if said := self.text(name):
                try:
                    return read_moment(said, self._zone)
                except (ValueError, OverflowError):
                    raise BadRow("dossier.reject.bad_date", column=name, value=said[:60]) from None
        return None

    def records(self, name: str) -> Iterator[Record]:
        """Those of a list; one that stands alone is a list of one."""
        found = self._told.get(squeeze(name))
        for one in found if isinstance(found, list) else [found]:
            if isinstance(one, dict):
                yield Record(one, self._zone)


def read_record(
    told: Mapping[str, Any], zone: ZoneInfo, words: Words | None = None
) -> Dossier | Progress:
    """The dossier, or the step of one, that a record tells; ``words`` are the office's own. BadRow
    where it has no code, status or date that is one."""
    own = words or Words()
    record = Record(_named(told, own), zone)
    if record.is_progress:
        return _progress(record, own)
    fees = tuple(_fees(record))
    supplements, moves = _supplements(record)
    amounts = [fee.amount for fee in fees if fee.amount is not None]
    due_at = record.moment("NgayHenTra")
    new_due_at = moves[-1].due_after if moves else record.moment("NgayHenTraMoi")
    return Dossier(
        code=read_code(record),
        status=_status(record, own),
        procedure_name=record.text("TenTTHC"),
        procedure_code=record.text("MaTTHC") or None,
        receipt_no=record.text("SoBienNhan") or None,
        field=record.text("TenLinhVuc") or None,
        channel=own.channel(record.text("KenhThucHien")),
        receiving_unit=_place(record.text("NoiNopHoSo")),
        resolving_unit=record.text("DonViXuLy") or None,
        handler=record.text("NguoiXuLy") or None,
        owner_name=record.text("ChuHoSo") or None,
        phone=read_phone(record.text("SoDienThoai")) or None,
        address=record.text("DiaChi") or None,
        id_number=_id_number(record),
        secret=record.text("MaTraCuu") or None,
        fee=sum(amounts) if amounts else read_amount(record.text("TongLePhi")),
        fee_paid=read_yes(record.text("DaThanhToan")),
        received_at=record.moment("NgayTiepNhan", "NgayNopHoSo"),
        due_at=due_at,
        new_due_at=new_due_at if new_due_at != due_at else None,
        finished_at=record.moment("NgayKetThucXuLy"),
        returned_at=record.moment("NgayTra"),
        fees=fees,
        supplements=supplements,
        postponements=moves,
    )


def _named(told: Mapping[str, Any], words: Words) -> Mapping[str, Any]:
    """The record with the office's own names, and what is so in each of them."""
    own = {
        _READ_AS[words.columns[name]]: value
        for key, value in told.items()
        if words.columns.get(name := squeeze(str(key))) in _READ_AS
    }
    fixed = {_READ_AS[name]: said for name, said in words.fixed.items() if name in _READ_AS}
    return {**fixed, **told, **own}


def _progress(record: Record, words: Words) -> Progress:
    step = Step(
        _status(record, words),
        record.text("PhongBanXuLy") or None,
        record.text("NguoiXuLy") or None,
        record.moment("ThoiDiemXuLy", "NgayBatDau"),
        note=record.text("GhiChu") or None,
        task=record.text("NoiDungXuLy") or None,
        due_at=record.moment("NgayKetThucTheoQuyDinh"),
    )
    return Progress(read_code(record), step)


def _place(text: str) -> str | None:
    """Where it was handed in; some software tells a number of its own there."""
    return None if not text or text.isdigit() else text


def read_code(record: Record) -> str:
    said = record.code("MaHoSo")
    code = normalise_code(said)
    if not code:
        raise BadRow("dossier.reject.no_code")
    if not is_free_code(code):
        raise BadRow("dossier.reject.bad_code", value=said[:60])
    return code


def _status(record: Record, words: Words) -> Status:
    said = record.text("TrangThaiHoSo", "TrangThai")
    status = words.status(said)
    if status is None:
        raise BadRow("dossier.reject.unknown_status", value=said[:60])
    return status


def _id_number(record: Record) -> str | None:
    """Of the identity card or, of an organisation, of another paper."""
    cards = (one.text("SoDinhDanh") for one in record.records("DinhDanhCHS"))
    said = next(filter(None, cards), "") or record.text("SoGiayToChuHoSo")
    return read_id_number(said, record.text("ChuHoSo")) or None


def _fees(record: Record) -> Iterator[Fee]:
    for one in record.records("DanhSachLePhi"):
        name = one.text("TenPhiLePhi", "MaPhiLePhi")
        amount = read_amount(one.text("Gia"))
        stage = one.text("HinhThucThu")
        if name or amount is not None:
            known = FeeStage(int(stage)) if stage in ("1", "2", "4") else None
            yield Fee(name, amount, known)


def _supplements(
    record: Record,
) -> tuple[tuple[SupplementRequest, ...], tuple[Postponement, ...]]:
    """The requests in the order in which they were made, and the dates that they moved."""
    asked: list[SupplementRequest] = []
    moves: list[Postponement] = []
    for one in record.records("DanhSachHoSoBoSung"):
        since, until = one.moment("NgayBoSung"), one.moment("NgayTiepNhanBoSung")
        begun = since or until
        if begun is None:
            continue
        by, taken = one.text("NguoiYeuCauBoSung"), one.text("NguoiTiepNhanBoSung")
        what = one.text("NoiDungBoSung")
        asked.append(SupplementRequest(begun, what or None, by or None, until, taken or None))
        moved = one.moment("NgayHenTraMoi")
        if moved is not None:
            before = one.moment("NgayHenTraTruoc")
            moves.append(Postponement(until or begun, before, moved, Cause.SUPPLEMENT))
    return (
        tuple(sorted(asked, key=lambda one: one.asked_at)),
        tuple(sorted(moves, key=lambda one: one.at)),
    )
