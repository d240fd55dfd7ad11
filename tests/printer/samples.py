"""Tickets as an outbox row holds them, in both languages and at their worst."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.office.examples import example
from kiosk.texts import texts
from printer.slips.test_page import DOSSIER_CODES
from tests.hall import centre_at

if TYPE_CHECKING:
    from kiosk.office.centre import Centre

PUBLIC = "https://motcua.phuongtrungtam.example.vn"


def _office(public_url: str | None = None) -> Centre:
    """Whose papers the examples are; its store is never opened."""
    return replace(
        centre_at(Path("never-opened.db")),
        code="H57.132",
        names={"en": "Public Administration Service Centre"},
        parents={"en": "People's Committee of Trung Tâm Ward"},
        public_url=public_url,
    )


def _example(kind: str, language: str, public_url: str | None = None) -> dict[str, object]:
    return example(_office(public_url), kind, texts(language))[1]


TICKET = _example("ticket", "vi")
TICKET_EN = _example("ticket", "en", PUBLIC)
REPRINT = _example("reprint", "vi", PUBLIC)
CODE = str(TICKET["code"])

NOTED: dict[str, object] = {
    **TICKET,
    "appointment": "Lịch hẹn 09:30",
    "journey": "Sau đó đến: Hộ\u00a0tịch, Trả\u00a0kết\u00a0quả",
    "warning": "Có thể phải chờ quá 11:30. Xin hỏi quầy hướng dẫn.",
}

NOTED_EN: dict[str, object] = {
    **TICKET_EN,
    "appointment": "The appointment at 09:30 has passed. You wait in the general line.",
    "journey": "Then go to: Civil status, Collect results",
    "warning": "The wait may go past 11:30. Please ask at the help desk.",
}

LONG_NAMES: dict[str, object] = {
    **REPRINT,
    "copy_mark": None,
    "parent": "ỦY BAN NHÂN DÂN XÃ NGHĨA LỘ VÀ CÁC THÔN ĐẶC BIỆT KHÓ KHĂN VÙNG ĐỒNG BÀO DÂN TỘC",
    "office": (
        "BỘ PHẬN TIẾP NHẬN VÀ TRẢ KẾT QUẢ GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH THUỘC "
        "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG"
    ),
    "number": "A10000",
    "caption": "A10000 · buổi chiều",
    "lines": TICKET["lines"],
    "service": (
        "Đăng ký biến động quyền sử dụng đất, quyền sở hữu tài sản gắn liền với đất trong các "
        "trường hợp chuyển đổi, chuyển nhượng, thừa kế, tặng cho, góp vốn"
    ),
    "facts": [["Đến", "Quầy 11, 12 hoặc 13"], ["Chờ trước", "128 người"], ["Buổi", "Chiều"]],
}

LOGO = Path(__file__).parent / "logo.png"

CHOSEN: dict[str, object] = {
    **REPRINT,
    "copy_mark": None,
    "lines": TICKET["lines"],
    "order": ["heading", "number", "service", "facts", "phone", "office", "logo", "farewell"],
    "logo": str(LOGO),
    "logo_mm": 12,
    "number_mm": 16,
    "letters": 1.2,
    "farewell": ["Mời Ông/Bà ngồi chờ ở dãy ghế bên trái."],
}

LARGE: dict[str, object] = {**REPRINT, "letters": 1.5}

SLIPS: dict[str, tuple[str, dict[str, object]]] = {
    "ticket-vi": ("ticket", TICKET),
    "ticket-en": ("ticket", TICKET_EN),
    "ticket-reprint": ("ticket", REPRINT),
    "ticket-reprint-en": ("ticket", _example("reprint", "en", PUBLIC)),
    "ticket-noted": ("ticket", NOTED),
    "ticket-noted-en": ("ticket", NOTED_EN),
    "ticket-long": ("ticket", LONG_NAMES),
    "ticket-chosen": ("ticket", CHOSEN),
    "ticket-large": ("ticket", LARGE),
    "test-page": ("test", _example("test", "vi")),
    "test-page-en": ("test", _example("test", "en")),
}


for _kind in (
    "appointment", "receipt", "supplement", "refusal", "apology", "handover", "procedure", "summary"
):  # fmt: skip
    for _language in ("vi", "en"):
        SLIPS[f"{_kind}-{_language}"] = example(_office(), _kind, texts(_language))
SLIPS["receipt-reprint"] = (
    "receipt",
    {**SLIPS["receipt-vi"][1], "copy_mark": "BẢN IN LẠI 2"},
)


def codes_on(name: str) -> set[str]:
    """What a scanner finds on the slip."""
    kind, data = SLIPS[name]
    shown = data.get("order", ("code", "phone"))
    codes = {str(data[field]) for field in ("code", "url") if data.get(field)}
    if kind == "ticket" and "code" not in shown:
        codes.discard(CODE)
    codes |= {link for _, link in data.get("forms", ())}
    return codes | (set(DOSSIER_CODES) if kind == "test" else set())
