"""A dossier as a record of the national portal (HoSoDongBoDVC), the way ``national`` reads it.

What the record has no place for stays here: the secret, whether a fee is paid, and whose reason it
was that a result was promised anew. Moments are told to the second.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from kiosk.national import FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from kiosk.dossiers import Dossier, Fee, Postponement, Step, SupplementRequest

SERVICE: Final = "DongBoHoSoMC"
"""The service of the portal that takes dossiers in."""

_STAMP: Final = "%Y%m%d%H%M%S"


def records(dossier: Dossier, zone: ZoneInfo) -> Iterator[dict[str, Any]]:
    """The dossier's own record, and one of progress (CapNhatTienDoHoSoMC) for each step."""
    yield _record(dossier, zone)
    for step in dossier.steps:
        yield _progress(dossier.code, step, zone)


def moment_of(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).strftime(_STAMP)


def _record(dossier: Dossier, zone: ZoneInfo) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for field, name in FIELDS.items():
        value = getattr(dossier, field)
        if field.endswith("_at"):
            value = moment_of(value, zone) if value else None
        elif field in ("status", "channel"):
            value = str(int(value)) if value else None
        told[name] = value or None
    told["NgayNopHoSo"] = told["NgayTiepNhan"]
    if dossier.new_due_at is not None:
        told["NgayHenTraMoi"] = moment_of(dossier.new_due_at, zone)
    told["DanhSachLePhi"] = [_fee(fee) for fee in dossier.fees]
    moves = {one.at: one for one in dossier.postponements}
    told["DanhSachHoSoBoSung"] = [
        _supplement(one, moves.get(one.received_at or one.asked_at), zone)
        for one in dossier.supplements
    ]
    return {name: value for name, value in told.items() if value not in (None, [])}


def _fee(fee: Fee) -> dict[str, Any]:
    told = {
        "TenPhiLePhi": fee.name,
        "Gia": None if fee.amount is None else str(fee.amount),
        "HinhThucThu": str(int(fee.stage)) if fee.stage else None,
    }
    return {name: value for name, value in told.items() if value}


def _supplement(
    asked: SupplementRequest, moved: Postponement | None, zone: ZoneInfo
) -> dict[str, Any]:
    told = {
        "NgayBoSung": moment_of(asked.asked_at, zone),
        "NoiDungBoSung": asked.text,
        "NguoiYeuCauBoSung": asked.asked_by,
        "NgayTiepNhanBoSung": moment_of(asked.received_at, zone) if asked.received_at else None,
        "NguoiTiepNhanBoSung": asked.received_by,
    }
    if moved is not None:
        before = moved.due_before
        told["NgayHenTraTruoc"] = moment_of(before, zone) if before else None
        told["NgayHenTraMoi"] = moment_of(moved.due_after, zone)
    return {name: value for name, value in told.items() if value}


def _progress(code: str, step: Step, zone: ZoneInfo) -> dict[str, Any]:
    told: dict[str, Any] = {
        "MaHoSo": code,
        "TrangThai": str(int(step.status)),
        "NguoiXuLy": step.handler,
        "PhongBanXuLy": step.unit,
        "ThoiDiemXuLy": moment_of(step.at, zone) if step.at else "",
        "NoiDungXuLy": step.task,
        "GhiChu": step.note,
        "NgayKetThucTheoQuyDinh": moment_of(step.due_at, zone) if step.due_at else None,
    }
    # By this name the reader tells a step from a dossier, also where nobody knows when it was.
    return {name: value for name, value in told.items() if value or name == "ThoiDiemXuLy"}
