"""The boards and sizes that tests look at, and what must hold of every one of them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF

from kiosk.office.tickets import take_ticket
from tests.display.conftest import COMMUNE, Hall
from tests.profile import LONG

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtQuick import QQuickItem

SIZES = {
    "portrait": (1080, 1920),
    "landscape": (1920, 1080),
    "small": (1024, 768),
    "720p": (1280, 720),
    "4K": (3840, 2160),
}
METRES = (3, 6, 10)
LANGUAGES = (("vi", "en"), ("vi",), ("en", "vi"))
CELLS = [
    (size, metres)
    for at, size in enumerate(SIZES)
    for row, metres in enumerate(METRES)
    if LONG or (at + row) % 3
]
"""Each size at two distances, each distance on at least three sizes; all in `make faults`."""
MANY = (
    *COMMUNE,
    ("G", "Lao động, thương binh và xã hội", "Labour and social affairs"),
    ("H", "Giao thông vận tải", "Transport"),
    ("K", "Giáo dục và đào tạo", "Education and training"),
    ("L", "Tiếp nhận hồ sơ đất đai, môi trường và xây dựng", "Land and construction dossiers"),
    ("TTHC", "Thủ tục hành chính liên thông", "Joined procedures"),
)
QML = Path(__file__).parents[2] / "display" / "qml"
LONG_OFFICE = "Trung tâm Phục vụ hành chính công đặc khu Phú Quốc và các phường, xã lân cận"


def items(item: QQuickItem) -> Iterator[QQuickItem]:
    for child in item.childItems():
        if child.isVisible():
            yield child
            yield from items(child)


def labels(hall: Hall) -> list[QQuickItem]:
    root = hall.board.window.contentItem()
    for _ in range(2):  # what is set in a line moves what is set below it
        for item in items(root):
            item.ensurePolished()
    return [item for item in items(root) if item.inherits("QQuickText") and item.property("text")]


def said(hall: Hall) -> list[str]:
    return [item.property("text") for item in labels(hall)]


def sizes_of(hall: Hall) -> dict[str, int]:
    """The height of each text's font as it is drawn, in pixels."""
    return {
        item.property("text"): item.property("fontInfo").property("pixelSize").toInt()
        for item in labels(hall)
    }


def assert_well_set(hall: Hall) -> None:
    """No text is cut, elided, outside the window or its card, or on another text."""
    window = QRectF(0, 0, hall.board.window.width(), hall.board.window.height())
    boxes: list[tuple[str, QRectF]] = []
    for item in labels(hall):
        text, box = item.property("text"), item.mapRectToScene(core(item))
        assert not item.property("truncated"), text
        assert item.property("contentWidth") <= item.width() + 1.5, text
        assert item.property("contentHeight") <= item.height() + 1.5, text
        for card in cards_of(item):
            edge = card.mapRectToScene(card.boundingRect()).adjusted(-1, -1, 1, 1)
            assert edge.contains(box), (text, card.metaObject().className())
        assert window.adjusted(-1, -1, 1, 1).contains(box), text
        for other, taken in boxes:
            assert not box.intersects(taken), (text, other)
        boxes.append((text, box))


def cards_of(item: QQuickItem) -> Iterator[QQuickItem]:
    """What the text stands on: coloured cards, and the parts of the board that QML files make."""
    while item := item.parentItem():
        if item.inherits("QQuickRectangle") or "_QMLTYPE_" in item.metaObject().className():
            yield item


def core(item: QQuickItem) -> QRectF:
    """The part of the text that holds ink: lines have air above and below."""
    height = item.property("contentHeight")
    capitals = re.fullmatch("[A-Z0-9]+", item.property("text"))
    air = item.property("font").pixelSize() * (0.25 if capitals else 0.1)
    top = (item.height() - height) / 2 if item.height() > height else 0.0
    width = item.property("contentWidth")
    return QRectF(0, top + air, width, height - 2 * air)


def a_morning(hall: Hall) -> None:
    codes = list(hall.centre.services)
    for counter, code in zip(hall.centre.counters, codes * 3, strict=False):
        hall.call(code, counter)
    for times, code in enumerate(codes):
        for _ in range(times):
            take_ticket(hall.centre, service=code, actor="test")
