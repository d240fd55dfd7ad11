"""The counter window: where it stands, what its keys are, and what it keeps for the next day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeyEvent

from kiosk.counter.keys import BY_CODE
from kiosk.counter.state import Screen
from kiosk.ui.engine import HOUSE, Engine

if TYPE_CHECKING:
    from PySide6.QtQuick import QQuickWindow

    from kiosk.counter.bridge import CounterBridge
    from kiosk.counter.memory import Memory

TICK_MS: Final = 250
PROBE_MS: Final = 4000
SETTLED_MS: Final = 500
MARGIN: Final = 16
"""Logical pixels between a new window and the corner of the screen."""

X11_CODES: Final = 8
"""How much greater X11 and Wayland number the kernel's keys."""

_KEYS: Final = {
    Qt.Key.Key_Return: "Enter",
    Qt.Key.Key_Enter: "Enter",
    Qt.Key.Key_Space: "Space",
    Qt.Key.Key_Escape: "Esc",
    Qt.Key.Key_Backspace: "Backspace",
    Qt.Key.Key_End: "End",
}
_PAD_KEYS: Final = {
    Qt.Key.Key_Insert: "0",
    Qt.Key.Key_End: "1",
    Qt.Key.Key_Down: "2",
    Qt.Key.Key_PageDown: "3",
    Qt.Key.Key_Left: "4",
    Qt.Key.Key_Clear: "5",
    Qt.Key.Key_Right: "6",
    Qt.Key.Key_Home: "7",
    Qt.Key.Key_Up: "8",
    Qt.Key.Key_PageUp: "9",
    Qt.Key.Key_Delete: ".",
}
"""A numeric pad without Num Lock."""


class CounterWindow(QObject):
    """Owns the window; ``bridge`` is its view model."""

    def __init__(self, bridge: CounterBridge, memory: Memory) -> None:
        super().__init__()
        self.bridge = bridge
        self._memory = memory
        self._closing = False
        self._lifted = 0
        self._look = HOUSE
        self._engine = Engine("kiosk.counter.qml", {"bridge": bridge})
        self.window.installEventFilter(self)
        self.window.heightChanged.connect(self._keep_inside)
        self.ticker = QTimer(self, interval=TICK_MS)
        self.ticker.timeout.connect(bridge.tick)
        self.prober = QTimer(self, interval=PROBE_MS)
        self.prober.timeout.connect(bridge.work.probe)
        self._settling = QTimer(self, interval=SETTLED_MS, singleShot=True)
        self._settling.timeout.connect(self.keep)
        bridge.folded.connect(self._settle)
        bridge.folded.connect(self._paint)
        bridge.quitAsked.connect(self._quit)

    @property
    def window(self) -> QQuickWindow:
        return self._engine.window

    def show(self) -> None:
        """Where it stood the day before, as far as that is on a screen; else below on the right."""
        screen = QGuiApplication.primaryScreen().availableGeometry()
        corner = screen.bottomRight() - QPoint(MARGIN, MARGIN)
        size = self.window.size()
        place = corner - QPoint(size.width(), size.height())
        if (kept := self._memory.kept.place) is not None:
            place = QPoint(*kept)
        self.window.setPosition(_inside(QRect(place, size)))
        self.window.show()
        self.ticker.start()
        self.prober.start()
        self.bridge.work.probe()

    def close(self) -> None:
        if not self._closing:
            self.keep()
            self._closing = True
            for timer in (self.ticker, self.prober, self._settling):
                timer.stop()
            self.bridge.folded.disconnect(self._settle)
            self.bridge.folded.disconnect(self._paint)
            self.window.heightChanged.disconnect(self._keep_inside)
            self.window.removeEventFilter(self)
            self._engine.close()

    def keep(self) -> None:
        """What the next day begins with; the secret of an enrolled PC as soon as it is given."""
        place = self.window.position() + QPoint(0, self._lifted)
        self._memory.keep(self.bridge.kept(self._memory.kept, (place.x(), place.y())))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        match event.type():
            case QEvent.Type.Close:
                event.ignore()
                if not self._closing:
                    self._quit()
                return not self._closing
            case QEvent.Type.Move:
                self._settle()
            case QEvent.Type.MouseButtonPress | QEvent.Type.TouchBegin:
                self.bridge.touched()
            case QEvent.Type.KeyPress if isinstance(event, QKeyEvent):
                return self._key(event)
        return super().eventFilter(watched, event)

    def _key(self, event: QKeyEvent) -> bool:
        """True for a key that is a move; one in a field, or on a key that has the focus, goes on
        to the window."""
        self.bridge.touched()
        name = name_of(event)
        held = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
        held |= Qt.KeyboardModifier.MetaModifier
        item: Any = self.window.activeFocusItem()
        if item is not None and not item.isVisible():
            # What had the focus on a screen that is no longer shown.
            item = None
        if event.modifiers() & held or name is None:
            return False
        if item is not None and item.inherits("QQuickTextInput") and name != "Esc":
            return False
        on_key = item is not None and item.inherits("QQuickAbstractButton")
        if on_key and item.property("visualFocus") and name in ("Space", "Enter"):
            return False
        return True if event.isAutoRepeat() else self.bridge.key(name)

    def _quit(self) -> None:
        """Who works at the counter signs out first; the window does not vanish by a slip."""
        if self.bridge.state.screen in (Screen.SIGN_IN, Screen.ENROL):
            QGuiApplication.exit(0)
        elif self.bridge.state.screen is Screen.DESK:
            self.bridge.openSheet("menu")

    def _settle(self) -> None:
        if not self._settling.isActive():
            self._settling.start()

    def _paint(self) -> None:
        """The office's colours, as soon as the server has told them."""
        office = self.bridge.state.office
        if office is not None and office.look != self._look:
            self._look = office.look
            self._engine.paint(self._look)

    def _keep_inside(self) -> None:
        """A bar at the lower edge grows upwards, and goes back where it was."""
        place = self.window.position() + QPoint(0, self._lifted)
        inside = _inside(QRect(place, self.window.size()))
        self._lifted = place.y() - inside.y()
        self.window.setPosition(inside)


def name_of(event: QKeyEvent) -> str | None:
    """The key by its place on the keyboard where that is told, else by what it types."""
    if (name := BY_CODE.get(event.nativeScanCode() - X11_CODES)) is not None:
        return name
    key, pad = event.key(), event.modifiers() & Qt.KeyboardModifier.KeypadModifier
    if pad and key in _PAD_KEYS:
        return _PAD_KEYS[Qt.Key(key)]
    if key in _KEYS:
        return _KEYS[Qt.Key(key)]
    if Qt.Key.Key_F1 <= key <= Qt.Key.Key_F12:
        return f"F{key - Qt.Key.Key_F1 + 1}"
    return chr(key) if 0x20 < key < 0x7F else None


def _inside(wanted: QRect) -> QPoint:
    """The nearest place at which the window is whole on a screen that is plugged in."""
    screen = QGuiApplication.screenAt(wanted.center()) or QGuiApplication.primaryScreen()
    room = screen.availableGeometry()
    x = max(room.left(), min(wanted.left(), room.right() + 1 - wanted.width()))
    y = max(room.top(), min(wanted.top(), room.bottom() + 1 - wanted.height()))
    return QPoint(x, y)
