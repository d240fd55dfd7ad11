"""Looking at a window's scene as a person would: what can be touched, what can be read, where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, QPointF, QRectF
from PySide6.QtGui import QAccessible
from PySide6.QtQml import QJSValue, QQmlExpression, qmlContext
from PySide6.QtTest import QTest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtQuick import QQuickItem, QQuickWindow

    from kiosk.touch.window import TouchWindow

_FINGER = QTest.createTouchDevice()


@dataclass(frozen=True)
class Piece:
    """A button or a text: its words and where it stands in the window."""

    name: str
    rect: QRectF
    item: QQuickItem


def shown(item: QQuickItem) -> Iterator[QQuickItem]:
    """The item and all below it that can be seen."""
    if item.isVisible() and item.opacity() > 0:
        yield item
        for child in item.childItems():
            yield from shown(child)


def told(item: QQuickItem, expression: str) -> Any:
    """What QML itself answers; some properties have types that Python cannot read."""
    context = qmlContext(item)
    assert context is not None
    answer = QQmlExpression(context, item, expression).evaluate()
    value = answer[0] if isinstance(answer, tuple) else answer
    return value.toVariant() if isinstance(value, QJSValue) else value


def _rect(item: QQuickItem) -> QRectF:
    return item.mapRectToScene(QRectF(0, 0, item.width(), item.height()))


def buttons(root: QQuickItem) -> list[Piece]:
    """Everything that a finger can press and that a screen reader would name."""
    found = []
    for item in shown(root):
        if item.inherits("QQuickAbstractButton"):
            face = QAccessible.queryAccessibleInterface(item)
            if face is not None and not told(item, "Accessible.ignored"):
                found.append(Piece(face.text(QAccessible.Text.Name), _rect(item), item))
    return found


def read(item: QQuickItem) -> str:
    """The words of a text, without the signs that only hold them together."""
    return str(item.property("text")).replace("\u2060", "")


def labels(root: QQuickItem) -> list[Piece]:
    """Every text, with the rectangle that its letters fill."""
    found = []
    for item in shown(root):
        if item.inherits("QQuickLabel") and item.property("text"):
            width, height = item.property("contentWidth"), item.property("contentHeight")
            across, down = told(item, "[effectiveHorizontalAlignment, verticalAlignment]")
            left = (item.width() - width) * {1: 0.0, 2: 1.0, 4: 0.5}[int(across)]
            top = (item.height() - height) * {32: 0.0, 64: 1.0, 128: 0.5}[int(down)]
            rect = item.mapRectToScene(QRectF(left, top, width, height))
            found.append(Piece(read(item), rect, item))
    return found


def find(window: QQuickWindow, name: str) -> Piece:
    for piece in buttons(window.contentItem()):
        if piece.name == name:
            return piece
    known = [piece.name for piece in buttons(window.contentItem())]
    raise AssertionError(f"no button {name!r}; there are {known}")


def touch(window: QQuickWindow, point: QPointF | QPoint) -> None:
    """A finger down and up."""
    spot = QPoint(round(point.x()), round(point.y()))
    QTest.touchEvent(window, _FINGER).press(0, spot).commit()
    QTest.touchEvent(window, _FINGER).release(0, spot).commit()


def press(window: QQuickWindow, name: str) -> None:
    """Touches the button that a screen reader calls ``name``."""
    touch(window, find(window, name).rect.center())


def texts(window: QQuickWindow) -> list[str]:
    return [piece.name for piece in labels(window.contentItem())]


def name_of(window: TouchWindow, code: str) -> str:
    return next(card.spoken for card in window.bridge.view.home.cards if card.key == code)


def at(window: TouchWindow, screen: str) -> bool:
    return window.bridge.view.screen == screen
