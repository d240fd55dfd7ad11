"""The words in which offices write dossiers down: headers, statuses, dates, amounts.

Compared without case, diacritics, spaces and signs, so that "Mã hồ sơ", "ma ho so" and "MaHoSo"
are one word. The lists are what exports of one-stop software really hold.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, time, timedelta, timezone
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from kiosk.deadlines import Term, Unit
from kiosk.dossiers import Channel, Status

if TYPE_CHECKING:
    from collections.abc import Mapping
    from zoneinfo import ZoneInfo

HEADERS: Final[Mapping[str, tuple[str, ...]]] = {
    "code": (
        "Mã số hồ sơ",
        "Mã hồ sơ",
        "Số hồ sơ",
        "Mã HS",
        "dossier code",
        "code",
    ),
    "receipt_no": ("Số biên nhận", "Số phiếu", "receipt number"),
    "status": ("Trạng thái hồ sơ", "Trạng thái", "Tình trạng", "status"),
    "procedure_name": (
        "Tên thủ tục",
        "Tên TTHC",
        "Tên hồ sơ",
        "Thủ tục",
        "TTHC",
        "Nội dung hồ sơ",
        "Nội dung",
        "Về việc",
        "procedure name",
    ),
    "procedure_code": ("Mã thủ tục", "Mã TTHC", "procedure code"),
    "field": ("Lĩnh vực", "Tên lĩnh vực", "field"),
    "channel": ("Kênh thực hiện", "Phương thức nộp", "Hình thức nộp", "channel"),
    "receiving_unit": ("Nơi nộp hồ sơ", "Nơi tiếp nhận", "Đơn vị tiếp nhận", "receiving unit"),
    "resolving_unit": (
        "Cơ quan giải quyết",
        "Đơn vị xử lý",
        "Đơn vị chủ trì",
        "Phòng ban xử lý",
        "resolving unit",
    ),
    "handler": ("Người thụ lý", "Người xử lý", "Cán bộ", "Cán bộ thụ lý", "handler"),
    "owner_name": (
        "Chủ hồ sơ",
        "Họ tên chủ hồ sơ",
        "Công dân/Tổ chức",
        "Người nộp",
        "Họ tên",
        "Họ và tên",
        "owner name",
    ),
    "phone": ("Số điện thoại", "Điện thoại", "SĐT", "phone"),
    "address": ("Địa chỉ", "address"),
    "id_number": (
        "Số giấy tờ chủ hồ sơ",
        "Số CMND/CCCD",
        "Số CCCD",
        "Số giấy tờ",
        "Số định danh",
        "id number",
    ),
    "secret": ("Mã tra cứu", "secret"),
    "fee": ("Phí, lệ phí", "Lệ phí", "Phí", "fee"),
    "fee_paid": ("Đã nộp phí", "Đã nộp lệ phí", "Đã thanh toán", "fee paid"),
    "received_at": (
        "Ngày tiếp nhận",
        "Ngày nhận",
        "Nhận hồ sơ",
        "Ngày nhận hồ sơ",
        "Ngày nộp",
        "Ngày nộp hồ sơ",
        "received at",
    ),
    "due_at": (
        "Ngày hẹn trả",
        "Hẹn trả",
        "Ngày hẹn trả kết quả",
        "Hẹn trả kết quả",
        "Hạn trả",
        "Hạn giải quyết",
        "due at",
    ),
    "term": (
        "Thời hạn giải quyết",
        "Thời gian giải quyết",
        "Thời hạn",
        "Số ngày giải quyết",
        "term",
    ),
    "new_due_at": ("Ngày hẹn trả mới", "Ngày hẹn lại", "Hẹn lại", "new due at"),
    "finished_at": (
        "Ngày kết thúc xử lý",
        "Ngày có kết quả",
        "Ngày hoàn thành",
        "finished at",
    ),
    "returned_at": ("Ngày trả", "Ngày trả kết quả", "Ngày nhận kết quả", "returned at"),
}
"""Our field -> the headers that mean it, the surest first; ``term`` is how long the law gives, from
which the due date follows where there is none. Compared by ``squeeze``, so the names
of the national record (``MaHoSo``) and those without diacritics are the same words."""

APPOINTMENT_HEADERS: Final[Mapping[str, tuple[str, ...]]] = {
    "code": (
        "Mã lịch hẹn",
        "Mã hẹn",
        "Mã đặt lịch",
        "Mã đặt hẹn",
        "Mã đăng ký",
        "Mã phiếu hẹn",
        "Số phiếu hẹn",
        "appointment code",
        "booking code",
        "code",
    ),
    "service": (
        "Mã dịch vụ",
        "Dịch vụ",
        "Tên dịch vụ",
        "Lĩnh vực",
        "Tên lĩnh vực",
        "Thủ tục",
        "Tên thủ tục",
        "service code",
        "service",
    ),
    "at": (
        "Thời gian hẹn",
        "Ngày giờ hẹn",
        "Thời điểm hẹn",
        "Lịch hẹn",
        "appointment time",
        "due at",
        "datetime",
        "at",
    ),
    "date": ("Ngày hẹn", "Ngày đặt", "Ngày", "appointment date", "date"),
    "time": ("Giờ hẹn", "Khung giờ hẹn", "Khung giờ", "Giờ đặt", "Giờ", "time slot", "time"),
    "dossier": ("Mã số hồ sơ", "Mã hồ sơ", "Số hồ sơ", "dossier code", "dossier"),
}
"""The same for appointments. Who comes is in no list: names and telephones are never read."""

STATUSES: Final[Mapping[Status, tuple[str, ...]]] = {
    Status.REGISTERED: ("Mới đăng ký", "Mới nộp", "Chờ tiếp nhận", "registered"),
    Status.ACCEPTED: (
        "Được tiếp nhận",
        "Đã tiếp nhận",
        "Mới tiếp nhận",
        "Chờ xử lý",
        "Chưa xử lý",
        "accepted",
        "new",
    ),
    Status.REJECTED: (
        "Không được tiếp nhận",
        "Không tiếp nhận",
        "Từ chối tiếp nhận",
        "Từ chối xử lý",
        "Từ chối",
        "rejected",
        "denied",
    ),
    Status.PROCESSING: (
        "Đang xử lý",
        "Đang giải quyết",
        "Đang thụ lý",
        "Trong hạn",
        "Quá hạn",
        "Trễ hạn",
        "processing",
    ),
    Status.SUPPLEMENT_REQUIRED: (
        "Yêu cầu bổ sung giấy tờ",
        "Yêu cầu bổ sung",
        "Chờ bổ sung giấy tờ",
        "Chờ bổ sung",
        "Bổ sung hồ sơ",
        "supplement required",
        "waiting",
    ),
    Status.PAYMENT_REQUIRED: (
        "Yêu cầu thực hiện nghĩa vụ tài chính",
        "Thực hiện nghĩa vụ tài chính",
        "Chờ thanh toán",
        "Chờ nộp phí, lệ phí",
        "payment required",
        "paying",
    ),
    Status.WITHDRAWN: (
        "Công dân yêu cầu rút hồ sơ",
        "Rút hồ sơ",
        "Đã rút hồ sơ",
        "Đã rút",
        "withdrawn",
        "cancelled",
    ),
    Status.STOPPED: ("Dừng xử lý", "Dừng giải quyết", "Tạm dừng", "stopped", "unresolved"),
    Status.FINISHED: (
        "Đã xử lý xong",
        "Đã xử lý",
        "Đã có kết quả",
        "Có kết quả",
        "Chờ trả kết quả",
        "Đã giải quyết",
        "finished",
        "releasing",
    ),
    Status.RETURNED: ("Đã trả kết quả", "Đã trả", "Đã nhận kết quả", "returned", "done"),
}

CHANNELS: Final[Mapping[Channel, tuple[str, ...]]] = {
    Channel.IN_PERSON: ("Trực tiếp", "Nộp trực tiếp", "in person"),
    Channel.ONLINE: ("Trực tuyến", "Nộp trực tuyến", "Qua mạng", "online"),
    Channel.POST: ("Qua bưu chính công ích", "Bưu chính công ích", "Bưu chính", "post"),
}
_YES: Final = frozenset({"1", "x", "co", "roi", "danop", "dathu", "dathanhtoan", "true", "yes"})
_FREE_OF_CHARGE: Final = frozenset({"khong", "mien", "mienphi", "khongthu"})
_AMOUNT: Final = re.compile(r"(\d[\d.,\s]*?)(?:[.,]\d{1,2})?\s*(?:d|dong|vnd|vnđ)?")
_STATUS_NUMBER: Final = re.compile(r"0*(\d{1,2})(?:[.,]0+)?(?:\s*[-–.:]\s*\D.*)?")

_TIME: Final = (
    r"(?P<hour>\d{1,2})\s*(?::|h|gio)\s*(?P<minute>\d{1,2})?(?:\s*phut)?"
    r"(?::(?P<second>\d{1,2})(?:[.,]\d+)?)?"
)
_DAY: Final = (
    r"(?:ngay\s*)?(?P<day>\d{1,2})\s*(?:[/.-]|thang)\s*(?P<month>\d{1,2})"
    r"\s*(?:[/.-]|nam)\s*(?P<year>\d{4})"
)
_ISO: Final = r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"
_OFFSET: Final = r"(?P<offset>z|[+-]\d\d:?\d\d)?"
_NATIONAL: Final = (
    r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)"
    r"(?:(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)?)?"
)
_MOMENTS: Final = tuple(
    re.compile(pattern, re.ASCII)
    for pattern in (
        rf"{_DAY}(?:[\s,]+{_TIME})?",
        rf"{_TIME}[\s,]+{_DAY}",
        _NATIONAL,
        rf"{_ISO}(?:(?:t|\s+){_TIME}{_OFFSET})?",
    )
)
_CLOCK: Final = re.compile(
    r"(?P<hour>\d{1,2})\s*(?::|h|gio|g)\s*(?P<minute>\d{1,2})?(?:\s*phut)?(?::\d\d(?:\.\d+)?)?"
    r"\s*(?P<half>am|pm|sa|ch|sang|chieu)?"
    r"(?:\s*(?:-|–|den)\s*\d{1,2}\s*(?::|h|gio|g).*)?",
    re.ASCII,
)
_SAME_DAY: Final = re.compile(
    r"(?:giai quyet |tra ket qua )?(?:ngay )?trong ngay(?: lam viec)?(?: tiep nhan)?"
)
_TERM: Final = re.compile(
    r"(?:khong qua |toi da |trong )?(?P<amount>\d{1,3}(?:[.,]\d)?)\s*"
    r"(?P<unit>ngay lam viec|ngay|gio lam viec|gio)?",
    re.ASCII,
)
_HOURS_A_DAY: Final = 8
_SERIAL: Final = re.compile(r"[2-7]\d{4}(?:[.,]\d+)?", re.ASCII)
_SERIAL_ZERO: Final = datetime(1899, 12, 30)


def fold(text: str) -> str:
    """Lower case, without diacritics, with single spaces."""
    if text.isascii():
        return " ".join(text.lower().split())
    parts = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return " ".join("".join(c for c in parts if not unicodedata.combining(c)).split())


@lru_cache(maxsize=4096)
def squeeze(text: str) -> str:
    """Only the letters and digits of ``fold``."""
    return "".join(c for c in fold(text) if c.isalnum())


def _fields(headers: Mapping[str, tuple[str, ...]]) -> Mapping[str, tuple[int, str]]:
    return {
        squeeze(header): (rank, field)
        for field, known in headers.items()
        for rank, header in enumerate(known)
    }


_FIELD_OF: Final = _fields(HEADERS)
_APPOINTMENT_FIELD_OF: Final = _fields(APPOINTMENT_HEADERS)
_STATUS_OF: Final = {squeeze(label): s for s, labels in STATUSES.items() for label in labels}
_CHANNEL_OF: Final = {squeeze(label): c for c, labels in CHANNELS.items() for label in labels}


def columns_of(
    cells: list[str], fields: Mapping[str, tuple[int, str]] = _FIELD_OF
) -> dict[str, int]:
    """Which field stands in which column; where two columns mean one field, the surer one."""
    found: dict[str, tuple[int, int]] = {}
    for at, cell in enumerate(cells):
        known = fields.get(squeeze(cell))
        if known is not None:
            rank, field = known
            found[field] = min(found.get(field, (rank, at)), (rank, at))
    return {field: at for field, (_, at) in found.items()}


def dossier_columns_of(cells: list[str], own: Mapping[str, str] | None = None) -> dict[str, int]:
    """The same for dossiers: where nothing else tells them apart their receipt's number does. An
    office's ``own`` headers, squeezed, come before those that are known here; "" hides one."""
    named = [(own or {}).get(squeeze(cell)) for cell in cells]
    found = columns_of(
        [cell if mine is None else "" for cell, mine in zip(cells, named, strict=True)]
    )
    found |= {mine: at for at, mine in reversed(list(enumerate(named))) if mine}
    if "code" not in found and "receipt_no" in found:
        found["code"] = found.pop("receipt_no")
    return found


def appointment_columns_of(cells: list[str]) -> dict[str, int]:
    return columns_of(cells, _APPOINTMENT_FIELD_OF)


def read_status(text: str) -> Status | None:
    number = _STATUS_NUMBER.fullmatch(text)
    if number:
        return Status(int(number[1])) if 1 <= int(number[1]) <= 10 else None
    return _STATUS_OF.get(squeeze(text))


def read_channel(text: str) -> Channel | None:
    if text in ("1", "2", "3"):
        return Channel(int(text))
    return _CHANNEL_OF.get(squeeze(text))


def read_amount(text: str) -> int | None:
    """Đồng; "miễn" is 0; None for what is no single amount ("2.000 đ/trang")."""
    if squeeze(text) in _FREE_OF_CHARGE:
        return 0
    amount = _AMOUNT.fullmatch(fold(text))
    digits = re.sub(r"\D", "", amount[1]) if amount else ""
    return int(digits) if digits and len(digits) <= 12 else None


def read_term(text: str) -> Term | None:
    """How long the law gives: "03 ngày làm việc", "15 ngày", "4 giờ làm việc", "trong ngày"; a bare
    number is of working days. None for what is no single term."""
    plain = re.sub(r"\([^)]*\)", " ", fold(text))
    if _SAME_DAY.fullmatch(plain.strip()):
        return Term(Unit.SAME_DAY)
    match = _TERM.fullmatch(plain.strip())
    if match is None:
        return None
    amount, unit = float(match["amount"].replace(",", ".")), match["unit"] or ""
    if "gio" in unit:
        return Term(Unit.WORKING_HOURS, round(amount))
    if unit == "ngay":
        return Term(Unit.DAYS, round(amount))
    if amount.is_integer():
        return Term(Unit.WORKING_DAYS, int(amount))
    return Term(Unit.WORKING_HOURS, round(amount * _HOURS_A_DAY))


@lru_cache(maxsize=1024)
def read_yes(text: str) -> bool:
    return squeeze(text) in _YES


@lru_cache(maxsize=8192)
def read_moment(text: str, zone: ZoneInfo) -> datetime:
    """The moment in UTC, read as the office's local time; ValueError for what is none.

    A date without an hour is the midnight with which that day begins.
    """
    plain = fold(text)
    for pattern in _MOMENTS:
        match = pattern.fullmatch(plain)
        if match is not None:
            return _moment(match.groupdict(), zone)
    if _SERIAL.fullmatch(plain):
        seconds = round(float(plain.replace(",", ".")) * 86_400)
        return (_SERIAL_ZERO + timedelta(seconds=seconds)).replace(tzinfo=zone).astimezone(UTC)
    raise ValueError(text)


def read_clock(text: str) -> time:
    """The hour of a day, or the one with which a stretch begins; ValueError for what is none.

    "9h30", "09:30", "14:00 - 14:30", "2:30 PM".
    """
    match = _CLOCK.fullmatch(fold(text))
    if match is None:
        raise ValueError(text)
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    half = match["half"]
    if half and not 1 <= hour <= 12:
        raise ValueError(text)
    if half:
        hour = hour % 12 + (12 if half in ("pm", "ch", "chieu") else 0)
    return time(hour, minute)


def _moment(parts: Mapping[str, str | None], zone: ZoneInfo) -> datetime:
    year = int(parts["year"] or 0)
    if not 1900 <= year <= 2100:
        raise ValueError(year)
    month, day = int(parts["month"] or 0), int(parts["day"] or 0)
    hour, minute = int(parts.get("hour") or 0), int(parts.get("minute") or 0)
    read = datetime(year, month, day, hour, minute, int(parts.get("second") or 0), tzinfo=zone)
    if offset := parts.get("offset"):
        digits = offset.removeprefix("z").replace(":", "") or "+0000"
        shift = timedelta(hours=int(digits[1:3]), minutes=int(digits[3:5]))
        read = read.replace(tzinfo=timezone(-shift if digits[0] == "-" else shift))
    return read.astimezone(UTC)
