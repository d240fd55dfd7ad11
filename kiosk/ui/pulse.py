"""The pulse of a process with windows: its GUI thread, its renderer, and its worker."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtQuick import QQuickWindow
from shiboken6 import Shiboken

from kiosk.life import BEAT_SECONDS

if TYPE_CHECKING:
    from kiosk.errors import Refused, Unavailable
    from kiosk.life import Part
    from kiosk.ui.threads import Worker

SCREEN_SECONDS: Final = 4.0
"""A picture that stands for longer is a fault, on any PC: people touch a window that does not move
at most three times."""


class _Screen(QObject):
    """One window: ``fresh`` when the frame that was last asked for has been shown."""

    def __init__(self, window: QQuickWindow) -> None:
        super().__init__()
        self._window = window
        self.fresh = True
        # By a slot, so that a render thread of its own hands the news over and waits for nobody.
        window.frameSwapped.connect(self._swapped)

    @property
    def shown(self) -> bool:
        """Whether anybody can see it: a compositor asks nothing of a window that is covered."""
        return Shiboken.isValid(self._window) and self._window.isExposed()

    def ask(self) -> None:
        self.fresh = False
        self._window.update()

    @Slot()
    def _swapped(self) -> None:
        self.fresh = True


class Pulse:
    """Beats ``screens`` on the GUI thread, and only while each frame that it asked for is shown;
    ``asking`` on the worker, behind what that has in hand."""

    def __init__(self, screens: Part, asking: Part, worker: Worker) -> None:
        self._screens_part = screens
        self._asking_part = asking
        self._worker = worker
        self._screens: dict[int, _Screen] = {}
        self._asked = False
        self._timer = QTimer(interval=round(BEAT_SECONDS * 1000))
        self._timer.timeout.connect(self.beat)
        self._timer.start()

    def beat(self) -> None:
        self._find()
        shown = [screen for screen in self._screens.values() if screen.shown]
        if all(screen.fresh for screen in shown):
            self._screens_part.beat()
            for screen in shown:
                screen.ask()
        if not self._asked:
            self._asked = True
            self._worker.submit(lambda: None, self._answered, self._refused)

    def close(self) -> None:
        self._timer.stop()
        self._screens.clear()

    def _find(self) -> None:
        """Windows come and go with their screens."""
        windows = [
            one for one in QGuiApplication.topLevelWindows() if isinstance(one, QQuickWindow)
        ]
        found = {Shiboken.getCppPointer(window)[0]: window for window in windows}
        for gone in self._screens.keys() - found.keys():
            del self._screens[gone]
        for number, window in found.items():
            if number not in self._screens:
                self._screens[number] = _Screen(window)

    def _answered(self, _: None) -> None:
        self._asked = False
        self._asking_part.beat()

    def _refused(self, error: Refused | Unavailable) -> None:
        """Nothing was asked that could be."""
