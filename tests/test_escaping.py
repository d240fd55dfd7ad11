"""The try of all ways out sees those that there are."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtQuick import QQuickWindow

from tests.escaping import try_everything

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QGuiApplication


class Careless(QObject):
    """Does one thing at one key, as programs do."""

    def __init__(self, key: Qt.Key, act: Callable[[], object]) -> None:
        super().__init__()
        self._key, self._act = key, act

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            if event.key() == self._key and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self._act()
            return True
        return event.type() is QEvent.Type.Close


def test_ways_out_are_seen(qapp: QGuiApplication) -> None:
    window, other = QQuickWindow(), QQuickWindow()
    started: list[subprocess.Popen[bytes]] = []

    def start() -> None:
        if not started:
            started.append(
                subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
            )

    ways: dict[Qt.Key, Callable[[], object]] = {
        Qt.Key.Key_F11: window.showNormal,
        Qt.Key.Key_W: window.hide,
        Qt.Key.Key_N: other.show,
        Qt.Key.Key_T: start,
        Qt.Key.Key_C: lambda: qapp.clipboard().setText("Nguyễn Văn A"),
    }
    found = {}
    for key, act in ways.items():
        window.showFullScreen()
        careless = Careless(key, act)
        window.installEventFilter(careless)
        found[key] = try_everything(window, lambda: True)
        window.removeEventFilter(careless)
        other.hide()
    for process in started:
        process.communicate()
    qapp.clipboard().clear()
    window.destroy()
    other.destroy()

    assert all(found.values()), [key for key, seen in found.items() if not seen]
