"""The words in which offices post procedures: headers, channels, counts of papers, links.

Headers are compared as those of dossiers are (``import_words.squeeze``), so that "Mã TTHC",
"ma tthc" and the MaTTHC of the national service LayThuTuc are one word.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import urlsplit

from kiosk.dossiers import Channel
from kiosk.import_words import columns_of, fold, squeeze
from kiosk.procedures import Level, RequiredDocument

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

HEADERS: Final[Mapping[str, tuple[str, ...]]] = {
    "code": (
        "Mã thủ tục",
        "Mã TTHC",
        "Mã thủ tục hành chính",
        "Mã số TTHC",
        "Mã số thủ tục",
        "Mã số",
        "procedure code",
        "code",
    ),
    "name": (
        "Tên thủ tục",
        "Tên TTHC",
        "Tên thủ tục hành chính",
        "Thủ tục hành chính",
        "Thủ tục",
        "procedure name",
        "name",
    ),
    "field": ("Lĩnh vực", "Tên lĩnh vực", "Lĩnh vực thực hiện", "field"),
    "level": (
        "Mức độ",
        "Mức độ cung cấp",
        "Mức độ dịch vụ công",
        "Mức độ trực tuyến",
        "Dịch vụ công trực tuyến",
        "level",
    ),
    "audience": (
        "Đối tượng thực hiện",
        "Đối tượng",
        "Mô tả đối tượng thực hiện",
        "audience",
    ),
    "agency": (
        "Cơ quan thực hiện",
        "Cơ quan giải quyết",
        "Cơ quan có thẩm quyền",
        "Mô tả cơ quan thực hiện",
        "agency",
    ),
    "channels": (
        "Cách thức thực hiện",
        "Hình thức nộp",
        "Cách thức nộp",
        "Kênh thực hiện",
        "channels",
    ),
    "term": ("Thời hạn giải quyết", "Thời gian giải quyết", "Thời hạn", "Thời gian", "term"),
    "fee": ("Phí, lệ phí", "Lệ phí, phí", "Lệ phí", "Phí", "Mức phí", "fee"),
    "term_1": ("Thời hạn trực tiếp", "Thời hạn giải quyết trực tiếp", "term in person"),
    "term_2": ("Thời hạn trực tuyến", "Thời hạn giải quyết trực tuyến", "term online"),
    "term_3": ("Thời hạn bưu chính", "Thời hạn giải quyết qua bưu chính", "term by post"),
    "fee_1": ("Lệ phí trực tiếp", "Phí, lệ phí trực tiếp", "Phí trực tiếp", "fee in person"),
    "fee_2": ("Lệ phí trực tuyến", "Phí, lệ phí trực tuyến", "Phí trực tuyến", "fee online"),
    "fee_3": ("Lệ phí bưu chính", "Phí, lệ phí bưu chính", "Phí bưu chính", "fee by post"),
    "documents": (
        "Thành phần hồ sơ",
        "Giấy tờ cần nộp",
        "Giấy tờ phải nộp",
        "Hồ sơ gồm",
        "Giấy tờ",
        "documents",
    ),
    "forms": (
        "Mẫu đơn, tờ khai",
        "Mẫu đơn",
        "Tờ khai",
        "Biểu mẫu",
        "Liên kết biểu mẫu",
        "Đường dẫn biểu mẫu",
        "forms",
    ),
    "result": ("Kết quả thực hiện", "Kết quả giải quyết", "Kết quả", "result"),
    "legal_basis": ("Căn cứ pháp lý", "Cơ sở pháp lý", "legal basis"),
    "conditions": (
        "Yêu cầu, điều kiện",
        "Yêu cầu, điều kiện thực hiện",
        "Yêu cầu",
        "Điều kiện",
        "conditions",
    ),
    "keywords": ("Từ khóa", "keywords"),
    "decision": (
        "Số quyết định",
        "Số quyết định công bố",
        "Quyết định công bố",
        "decision",
    ),
    "address": (
        "Địa chỉ tiếp nhận",
        "Địa chỉ tiếp nhận hồ sơ",
        "Nơi tiếp nhận",
        "Địa điểm tiếp nhận",
        "Địa điểm, nơi tiếp nhận",
        "address",
    ),
    "checked_on": ("Ngày kiểm tra", "Kiểm tra ngày", "Ngày rà soát", "Ngày cập nhật", "checked on"),
    "service": ("Mã dịch vụ", "Dịch vụ", "Tên dịch vụ", "service code", "service"),
}
"""Our field -> the headers that mean it, the surest first. ``term_1`` and its like are of one
channel alone: 1 in person, 2 online, 3 by post."""

FIELD_OF: Final[Mapping[str, tuple[int, str]]] = {
    squeeze(header): (rank, field)
    for field, known in HEADERS.items()
    for rank, header in enumerate(known)
}

_CHANNELS: Final = {
    Channel.IN_PERSON: "truc tiep",
    Channel.ONLINE: "truc tuyen|qua mang|online",
    Channel.POST: "(?:dich vu )?(?:buu chinh|buu dien)(?: cong ich)?",
}
_LABEL: Final = re.compile(
    r"(?:nop |qua |thoi han |phi |le phi |nop qua )*(?:"
    + "|".join(f"(?P<c{channel.value}>{known})" for channel, known in _CHANNELS.items())
    + r")\s*(?:[:–-]\s*|$|(?=\d|mien|khong|trong))"
)
_BULLET: Final = re.compile(r"\s*(?:[-+•*–·]|\d{1,2}[.)]|[a-zđ]\))\s+")
_LINK: Final = re.compile(r"https?://[^\s<>\"']+")
_KINDS: Final = {"originals": "ban chinh|ban goc", "copies": "ban sao|ban chup|ban photo"}
_COUNT: Final = r"(?:0*(?P<{0}>\d{{1,2}})\s*(?:{1})|(?:{1})\s*:\s*0*(?P<{0}_after>\d{{1,2}}))"
_COUNTS: Final = {kind: re.compile(_COUNT.format(kind, known)) for kind, known in _KINDS.items()}
_ONLY_COUNTS: Final = re.compile(
    r"(?:\d{1,2}|ban chinh|ban goc|ban sao|ban chup|ban photo|so luong|va|[\s:;,.+-])+"
)
_ASIDE: Final = re.compile(r"\s*\(([^()]*)\)\s*$")
LONGEST_LINK: Final = 400
"""A longer address makes no square that a phone reads from a slip."""


def columns(cells: list[str]) -> dict[str, int]:
    """Which of our fields stands in which column."""
    return columns_of(cells, FIELD_OF)


def read_level(text: str) -> Level | None:
    plain = fold(text)
    if "toan trinh" in plain or plain in ("whole", "4", "muc do 4", "muc 4"):
        return Level.WHOLE
    if "mot phan" in plain or plain in ("part", "3", "muc do 3", "muc 3"):
        return Level.PART
    return None


def channels_in(text: str) -> list[Channel]:
    """The channels that the text names, in the order of their numbers."""
    plain = fold(text)
    return [channel for channel, known in _CHANNELS.items() if re.search(known, plain)]


def by_channel(text: str) -> dict[Channel | None, str]:
    """What the parts of a text say of each channel; None: of all that are not named."""
    found: dict[Channel | None, list[str]] = {}
    for part in parts_of(text):
        plain = fold(part)
        match = _LABEL.match(plain) if len(plain) == len(part) else None
        channel = None
        if match is not None:
            channel = next(c for c in _CHANNELS if match[f"c{c.value}"])
            part = part[match.end() :].strip()
        found.setdefault(channel, []).append(part)
    return {channel: "; ".join(filter(None, parts)) for channel, parts in found.items()}


def parts_of(text: str) -> list[str]:
    """The lines of a text, or what stands between its semicolons; without bullets."""
    lines = text.split("\n") if "\n" in text else text.split(";")
    plain = (" ".join(_BULLET.sub("", line, count=1).split()) for line in lines)
    return [line for line in plain if line.strip(" .;")]


def read_document(text: str) -> RequiredDocument | None:
    """One paper of a list, with how many are wanted and the address of its form."""
    link = link_in(text)
    rest = " ".join(_LINK.sub("", text).split()).strip(" :;-–")
    plain = fold(rest)
    counts = {}
    for kind, pattern in _COUNTS.items():
        match = pattern.search(plain)
        if match:
            counts[kind] = int(match[kind] or match[f"{kind}_after"])
    while (aside := _ASIDE.search(rest)) and _ONLY_COUNTS.fullmatch(fold(aside[1]) or "-"):
        rest = rest[: aside.start()]
    name = rest.strip(" .;:-–")
    return RequiredDocument(name, **counts, form=link) if name else None


class Form(NamedTuple):
    """The address of a form, and the name of it or of the paper for which it is, or ""."""

    name: str
    link: str


def read_forms(text: str) -> Iterator[Form]:
    """Those of a list: "Tờ khai: https://…", or addresses alone."""
    for part in parts_of(text):
        if link := link_in(part):
            yield Form(_LINK.sub("", part).strip(" :;-–"), link)


def link_in(text: str) -> str:
    """The first address in the text that a phone can open, or ""."""
    match = _LINK.search(text)
    link = match[0].rstrip(").,;") if match else ""
    try:
        known = urlsplit(link)
    except ValueError:
        return ""
    return link if known.hostname and len(link) <= LONGEST_LINK else ""
