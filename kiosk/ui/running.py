"""What every process with windows does around them: how it draws, stops, and dies of a bug."""

from __future__ import annotations

import logging
import os
import signal
import socket
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QSocketNotifier, QTimer
from PySide6.QtGui import QOffscreenSurface, QOpenGLContext
from PySide6.QtQuick import QQuickWindow

from kiosk.processes import BUG, on_stop_signals

if TYPE_CHECKING:
    from types import TracebackType

    from PySide6.QtGui import QGuiApplication

log = logging.getLogger(__name__)


def draw_in_software() -> None:
    """Unless told otherwise: the same picture on every cheap PC. Before the application is made."""
    os.environ.setdefault("QT_QUICK_BACKEND", "software")
    os.environ.setdefault("QT_MESSAGE_PATTERN", "%{type} %{category}: %{message}")


def draw_with_card() -> bool:
    """Draws with the graphics card, or in software where that cannot; whether it can. After the
    application is made, before the first window.

    A window that asks for a card in vain would end the program.
    """
    surface, context = QOffscreenSurface(), QOpenGLContext()
    surface.create()
    if context.create() and context.makeCurrent(surface):
        context.doneCurrent()
        return True
    QQuickWindow.setSceneGraphBackend("software")
    return False


class Signals:
    """Lets SIGTERM through: Python runs its handlers only when the event loop wakes.

    It works until ``close``.
    """

    def __init__(self, app: QGuiApplication) -> None:
        self._ours, self._wakes = socket.socketpair()
        for end in (self._ours, self._wakes):
            end.setblocking(False)
        signal.set_wakeup_fd(self._wakes.fileno())
        # Not quit(): that asks the windows first, and they let nobody close them.
        on_stop_signals(app.exit)
        self._notifier = QSocketNotifier(self._ours.fileno(), QSocketNotifier.Type.Read, app)
        self._notifier.activated.connect(lambda: self._ours.recv(64))

    def close(self) -> None:
        signal.set_wakeup_fd(-1)
        self._notifier.setEnabled(False)
        for end in (self._ours, self._wakes):
            end.close()


def give_up(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """A bug: says so to staff's log and ends the process, which is started again at once."""
    log.critical("bug", exc_info=(kind, error, trace))
    QTimer.singleShot(0, lambda: QCoreApplication.exit(BUG))
