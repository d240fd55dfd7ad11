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
from kiosk.dossiers import Channel, Status, is_organisation
from kiosk.import_labels import APPOINTMENT_HEADERS, CHANNELS, HEADERS, STATUSES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from zoneinfo import ZoneInfo

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
_PHONE_DIGITS: Final = 10
_CITIZEN_DIGITS: Final = 12
"""Of a citizen's identity number, which begins with that of a province, 001 to 096."""
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


def read_phone(text: str) -> str:
    """With the zero that a spreadsheet takes for nothing at the head of a number."""
    return f"0{text}" if len(text) == _PHONE_DIGITS - 1 and _is_cut(text) else text


def read_id_number(text: str, owner: str) -> str:
    """With the zeros at the head of a citizen's number; of a company ten digits are a tax code."""
    if _CITIZEN_DIGITS - 2 <= len(text) < _CITIZEN_DIGITS and _is_cut(text):
        return text if is_organisation(owner) else text.zfill(_CITIZEN_DIGITS)
    return text


def _is_cut(text: str) -> bool:
    return text.isascii() and text.isdecimal() and text[0] != "0"


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
