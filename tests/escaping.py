"""What a person tries who wants out of a window that fills the screen."""

from __future__ import annotations

from itertools import chain, combinations
from typing import TYPE_CHECKING, Final

import psutil
from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QCloseEvent, QContextMenuEvent, QDropEvent, QGuiApplication, QWheelEvent
from PySide6.QtTest import QTest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtQuick import QQuickWindow

_MODIFIERS: Final = (
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.MetaModifier,
)
_PLACEHOLDERS: Final = (Qt.Key.Key_unknown, Qt.Key.Key_Any)
_NO_CHARACTERS: Final = 0x01000000
KEYS: Final = tuple(key for key in Qt.Key if key not in _PLACEHOLDERS)
SILENT_KEYS: Final = tuple(key for key in KEYS if key.value >= _NO_CHARACTERS)
"""Those that write no character: functions, media, power, browser, menus."""
BUTTONS: Final = (
    Qt.MouseButton.RightButton,
    Qt.MouseButton.MiddleButton,
    Qt.MouseButton.BackButton,
    Qt.MouseButton.ForwardButton,
    Qt.MouseButton.TaskButton,
)
_FINGERS: Final = QTest.createTouchDevice()


def modified() -> Iterator[Qt.KeyboardModifier]:
    """Each set of the keys that are held while another is struck, none of them included."""
    for held in chain.from_iterable(combinations(_MODIFIERS, count) for count in range(5)):
        together = Qt.KeyboardModifier.NoModifier
        for modifier in held:
            together |= modifier
        yield together


def try_everything(window: QQuickWindow, inside: Callable[[], bool]) -> list[str]:
    """Strikes every combination, then what a mouse and fingers do; what led outside.

    ``inside`` says whether the program still stands where nothing but the program may lead.
    """
    found: list[str] = []
    seen, made = _seen(window), _made()

    def look(what: str) -> None:
        if not inside() or _seen(window) != seen:
            found.append(what)

    def look_around(what: str) -> None:
        QCoreApplication.processEvents()
        look(what)
        if _made() != made:
            found.append(f"{what}: {_made()}")

    for held in modified():
        writes = held in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier)
        for key in SILENT_KEYS if writes else KEYS:
            _strike(window, key, held)
            look(f"{held} {key}")
        look_around(f"one of the keys with {held}")
    QCoreApplication.sendEvent(window, QCloseEvent())
    look("a window manager that closes it")
    middle = QPoint(window.width() // 2, window.height() // 2)
    for button in BUTTONS:
        QTest.mouseClick(window, button, Qt.KeyboardModifier.NoModifier, middle)
        look(f"{button}")
    _wheel(window, middle)
    look("wheel with Ctrl")
    _menu(window, middle)
    look("context menu")
    _drop(window, middle)
    look("a file dropped")
    for fingers in (2, 3, 4, 5):
        _swipe(window, fingers)
        look(f"swipe of {fingers} fingers")
    look_around("the mouse or the fingers")
    return found


def _strike(window: QQuickWindow, key: Qt.Key, held: Qt.KeyboardModifier) -> None:
    """QTest's own ``keyClick`` complains of keys whose text it does not know."""
    text = chr(key.value) if key.value < _NO_CHARACTERS else ""
    for press in (True, False):
        QTest.simulateEvent(window, press, key.value, held, text, False)


def _seen(window: QQuickWindow) -> tuple[object, ...]:
    """How the window stands."""
    return window.isVisible(), window.windowStates(), window.geometry()


def _made() -> tuple[object, ...]:
    """What a way out would have made: other windows, processes, something to paste elsewhere."""
    return (
        [one.title() for one in QGuiApplication.topLevelWindows() if one.isVisible()],
        [child.name() for child in psutil.Process().children(recursive=True)],
        QGuiApplication.clipboard().text(),
    )


def _wheel(window: QQuickWindow, at: QPoint) -> None:
    point, turned = QPointF(at), QPoint(0, 1200)
    QCoreApplication.sendEvent(
        window,
        QWheelEvent(
            point,
            QPointF(window.mapToGlobal(at)),
            QPoint(),
            turned,
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.ControlModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        ),
    )


def _menu(window: QQuickWindow, at: QPoint) -> None:
    for reason in (QContextMenuEvent.Reason.Mouse, QContextMenuEvent.Reason.Keyboard):
        QCoreApplication.sendEvent(
            window, QContextMenuEvent(reason, at, window.mapToGlobal(at), Qt.KeyboardModifier(0))
        )


def _drop(window: QQuickWindow, at: QPoint) -> None:
    brought = QMimeData()
    brought.setUrls([QUrl.fromLocalFile("/etc/passwd"), QUrl("https://example.invalid/")])
    brought.setText("https://example.invalid/")
    event = QDropEvent(
        QPointF(at),
        Qt.DropAction.CopyAction,
        brought,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        QEvent.Type.Drop,
    )
    QCoreApplication.sendEvent(window, event)


def _swipe(window: QQuickWindow, fingers: int) -> None:
    """From the left edge to the right, the fingers below each other."""
    step = window.height() // (fingers + 1)
    for phase, x in (("press", 1), ("move", window.width() // 2), ("release", window.width() - 2)):
        sequence = QTest.touchEvent(window, _FINGERS)
        for finger in range(fingers):
            getattr(sequence, phase)(finger, QPoint(x, step * (finger + 1)), window)
        sequence.commit()
