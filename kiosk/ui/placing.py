"""Keeps a window on its screen, however screens come, go, change places and modes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QGuiApplication

from display.screens import Seen

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QScreen
    from PySide6.QtQuick import QQuickWindow


class Placing(QObject):
    """``choose`` is given the screens that there are and the name of the one that the window has
    had beside others, None where it never had; it gives the window's, or None while that one is
    unplugged: then the window is hidden. ``show`` puts it there; ``told`` hears after each look
    whether it has one. A window that ``fills`` its screen does so in each of its modes."""

    def __init__(
        self,
        window: QQuickWindow,
        choose: Callable[[Sequence[Seen], str | None], Seen | None],
        show: Callable[[QScreen], None],
        told: Callable[[bool], None],
        *,
        fills: bool,
    ) -> None:
        super().__init__()
        self._window = window
        self._choose, self._show, self._told = choose, show, told
        self._fills = fills
        self._screen: QScreen | None = None
        self._kept: str | None = None
        self._following = False

    @property
    def screen(self) -> str:
        """The name of the window's screen; "" while it has none."""
        return "" if self._screen is None else self._screen.name()

    def open(self) -> None:
        app = _application()
        app.screenAdded.connect(self._on_added)
        app.screenRemoved.connect(self._on_removed)
        self._following = True
        for screen in app.screens():
            screen.geometryChanged.connect(self._on_moved)
        self._place()

    def close(self) -> None:
        if self._following:
            self._following = False
            app = _application()
            app.screenAdded.disconnect(self._on_added)
            app.screenRemoved.disconnect(self._on_removed)
            for screen in app.screens():
                screen.geometryChanged.disconnect(self._on_moved)

    def _place(self) -> None:
        screens = _plugged_in()
        primary = _application().primaryScreen()
        seen = [Seen(s.name(), s.serialNumber(), s is primary) for s in screens]
        chosen = self._choose(seen, self._kept)
        if chosen is None:
            self._screen = None
            self._window.hide()
        else:
            screen = screens[seen.index(chosen)]
            if len(screens) > 1:
                self._kept = chosen.name
            if screen is not self._screen or not self._window.isVisible():
                self._screen = screen
                self._window.setScreen(screen)
                self._show(screen)
        self._told(chosen is not None)

    @Slot("QScreen*")
    def _on_added(self, screen: QScreen) -> None:
        screen.geometryChanged.connect(self._on_moved)
        self._place()

    @Slot("QScreen*")
    def _on_removed(self, screen: QScreen) -> None:
        # The window still claims the dead screen; shown there it would never come back.
        if screen is self._screen:
            self._screen = None
            self._window.hide()
        self._place()

    @Slot()
    def _on_moved(self) -> None:
        """A screen has another mode or stands elsewhere: two may have changed places."""
        if self._screen is not None and self._fills:
            place = self._screen.geometry()
            if self._window.geometry() != place:
                self._window.setScreen(self._screen)
                self._window.setGeometry(place)


def _application() -> QGuiApplication:
    app = QGuiApplication.instance()
    assert isinstance(app, QGuiApplication)
    return app


def _plugged_in() -> list[QScreen]:
    """Without any screen Qt makes up one that has no name, where a compositor gives them names."""
    named = QGuiApplication.platformName() == "wayland"
    return [screen for screen in _application().screens() if screen.name() or not named]
