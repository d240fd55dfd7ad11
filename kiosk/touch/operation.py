"""Operating the touch window without seeing or touching it: keys, and a finger that explores."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Q_ARG, QElapsedTimer, QMetaObject, QObject, QPointF, Qt, QTimer, Slot

from kiosk.touch.keys import HOLD_SECONDS, LATE_SECONDS, Keyboard, Press, Stroke, meaning
from kiosk.touch.state import Screen

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent
    from PySide6.QtQuick import QQuickItem

    from kiosk.touch.bridge import TouchBridge
    from kiosk.touch.reader import Reader
    from kiosk.touch.walk import Walk
    from kiosk.touch_config import TouchConfig

_DIRECT: Final = Qt.ConnectionType.DirectConnection
_LOOK_MS: Final = round(HOLD_SECONDS * 1000) + 5
_NAMES: Final = {
    Qt.Key.Key_Tab: "tab",
    Qt.Key.Key_Backtab: "backtab",
    Qt.Key.Key_Return: "enter",
    Qt.Key.Key_Enter: "enter",
    Qt.Key.Key_Escape: "escape",
    Qt.Key.Key_Backspace: "backspace",
    Qt.Key.Key_Delete: "backspace",
    Qt.Key.Key_Up: "up",
    Qt.Key.Key_Down: "down",
    Qt.Key.Key_Left: "left",
    Qt.Key.Key_Right: "right",
}
_SHIFTS: Final = frozenset(
    {
        Qt.Key.Key_Shift,
        Qt.Key.Key_Control,
        Qt.Key.Key_Alt,
        Qt.Key.Key_AltGr,
        Qt.Key.Key_Meta,
        Qt.Key.Key_NumLock,
        Qt.Key.Key_CapsLock,
    }
)
_MODIFIED: Final = (
    Qt.KeyboardModifier.ControlModifier
    | Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.MetaModifier
)


class Operation(QObject):
    """Takes every key press and every finger before the window does."""

    def __init__(
        self,
        bridge: TouchBridge,
        walk: Walk,
        reader: Reader,
        settings: TouchConfig,
        scanned: Callable[[bytes], None],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__()
        self._bridge = bridge
        self.walk = walk
        self._reader = reader
        self._scanned = scanned
        self._monotonic = monotonic
        self._keyboard = Keyboard(settings.double_strike_seconds)
        self._idle = settings.idle_seconds
        self._explored: QQuickItem | None = None
        self._begun = QElapsedTimer()
        self._timer = QTimer(self, singleShot=True, interval=_LOOK_MS)
        self._timer.timeout.connect(self._on_time)

    # Keys

    def key(self, event: QKeyEvent) -> None:
        """A key press: a scanner's goes to what is scanned, a person's does what it means."""
        if event.isAutoRepeat() or event.key() in _SHIFTS:
            return
        name = _NAMES.get(Qt.Key(event.key()), "")
        if name == "tab" and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            name = "backtab"
        if event.modifiers() & _MODIFIED:
            name = "modified"
        stroke = Stroke(event.text(), name)
        if meaning(stroke) is not Press.PAUSE or self.walk.types:
            self._reader.hush()
        frame, known = self._keyboard.press(stroke, self._monotonic())
        if frame is not None:
            self._scanned(frame)
        for one in known:
            self._do(one)
        self._wait()

    def close(self) -> None:
        self._timer.stop()

    def look(self) -> None:
        """Does what the key means that nothing has followed."""
        for stroke in self._keyboard.tick(self._monotonic()):
            self._do(stroke)
        self._wait()

    def _wait(self) -> None:
        if self._keyboard.holds:
            self._begun.start()
            self._timer.start()
        else:
            self._timer.stop()

    @Slot()
    def _on_time(self) -> None:
        # Held up itself, it may have come before keys that were pressed long before it.
        late = self._begun.elapsed() > _LOOK_MS + LATE_SECONDS * 1000
        if late:
            self._wait()
        else:
            self.look()

    def _do(self, stroke: Stroke) -> None:
        self._reader.keys = True
        if self._bridge.touched():
            # It only answered the warning.
            self.walk.show(ring=True)
            return
        walks = self.walk.ring and self.walk.item is not None
        self.walk.show(ring=True)
        press = meaning(stroke)
        if not walks:
            self.walk.settle(anew=True)
        if self.walk.types and (walks or stroke.text.isalnum()) and self._type(stroke, press):
            return
        match press:
            case Press.NEXT | Press.PREVIOUS:
                if walks:
                    self.walk.move(1 if press is Press.NEXT else -1)
                self._reader.say_control()
            case Press.CHOOSE:
                self._choose(walks=walks)
            case Press.STAR:
                self._star()
            case Press.BACK | Press.ERASE:
                self._back()
            case Press.REPEAT:
                self._reader.repeat()
            case Press.HELP:
                self._reader.help()
            case Press.PAUSE:
                self._reader.pause()
            case Press.QUIETER | Press.LOUDER if self._reader.on:
                self._bridge.changeVolume(1 if press is Press.LOUDER else -1)
                self._reader.say_volume()

    def _choose(self, *, walks: bool) -> None:
        """A control that was not shown yet is only shown."""
        item = self.walk.item
        if not walks or item is None or self.walk.types:
            self._reader.repeat()
        else:
            QMetaObject.invokeMethod(item, "click", _DIRECT)

    def _star(self) -> None:
        state = self._bridge.state
        if state.reads and not state.speech:
            self._bridge.switchMode("speech")
        elif state.menu:
            self._bridge.closeAccess()
        else:
            self._bridge.openAccess()

    def _back(self) -> None:
        sheet = self.walk.sheet
        if sheet is not None:
            QMetaObject.invokeMethod(sheet, "touchedBeside", _DIRECT)
        elif self._bridge.view.chrome.done:
            self._bridge.leave()
        elif self._bridge.state.page:
            self._bridge.turnPage(0)
        else:
            self._reader.say(self._reader.words_of("first_screen"))

    # Typing

    def _type(self, stroke: Stroke, press: Press | None) -> bool:
        """Whether the key belongs to what is typed."""
        item = self.walk.item
        assert item is not None
        text, signs = str(item.property("entry")), str(item.property("signs"))
        sign = stroke.text.upper() if stroke.text.upper() in signs else stroke.text.lower()
        if not stroke.name and sign and sign in signs:
            QMetaObject.invokeMethod(item, "written", _DIRECT, Q_ARG(str, sign))
        elif press in (Press.STAR, Press.ERASE) and not self._starts():
            if text:
                QMetaObject.invokeMethod(item, "erased", _DIRECT)
            elif press is Press.STAR:
                self.walk.move(1)
                self._reader.say_control(self._reader.words_of("walking"))
            else:
                return False
        elif (press is Press.BACK and stroke.name != "escape") or stroke.name == "enter":
            return self._confirm(item, text, leaves=stroke.name != "enter")
        else:
            return False
        return True

    def _starts(self) -> bool:
        """The one key that begins to speak does it on every screen."""
        state = self._bridge.state
        return state.reads and not state.speech

    def _confirm(self, item: QQuickItem, text: str, *, leaves: bool) -> bool:
        if item.property("ready"):
            QMetaObject.invokeMethod(item, "confirmed", _DIRECT)
        elif leaves and (not text or self._bridge.state.screen is Screen.KEYPAD):
            return False
        else:
            self._reader.say(self._reader.words_of("not_enough"))
        return True

    # Fingers

    def touched(self, point: QPointF) -> bool:
        """A finger goes down; True where it only finds out what is there: the second one acts."""
        self._reader.hush()
        self._reader.keys = False
        if not self._reader.on:
            self.walk.show(ring=False)
            return False
        return not self._explore(point, again=True)

    def slid(self, point: QPointF) -> None:
        """The finger that explores moves on."""
        if self._reader.on:
            self._explore(point, again=False)

    def _explore(self, point: QPointF, *, again: bool) -> bool:
        """Says what lies below; whether it is what was found before."""
        item = self.walk.at(point)
        known = item is not None and item == self._explored == self.walk.item
        if known and again:
            return True
        if item is not None and not known:
            self._explored = item
            self.walk.go(item)
            self.walk.show(ring=True)
            self._reader.say_control()
        elif item is None and again:
            self._explored = None
            self._reader.say_text(self.walk.text_at(point))
        return False

    # The next person

    def tick(self) -> None:
        """The mark of a walk that nobody goes on with is not the next person's."""
        state = self._bridge.state
        quiet = self._monotonic() - state.touched_at > self._idle
        if self.walk.ring and quiet and self._bridge.at_rest:
            self._explored = None
            self.walk.forget()
