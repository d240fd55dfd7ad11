"""The citizen's window: on its screen, fed by touches, the scanner and the change feed."""

from __future__ import annotations

import logging
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from PySide6.QtCore import QEvent, QObject, QPointF, QSize, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QImage, QKeyEvent, QPointerEvent
from PySide6.QtQuick import QQuickImageProvider

from display.numbers import NORTH
from display.screens import choose_touch
from kiosk import app_ids
from kiosk.touch.bridge import TouchBridge
from kiosk.touch.operation import Operation
from kiosk.touch.reader import Reader, open_speaker
from kiosk.touch.walk import Walk
from kiosk.ui.engine import Engine
from kiosk.ui.placing import Placing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QScreen
    from PySide6.QtQuick import QQuickWindow

    from display.engines import Engine as SpeechEngine
    from display.screens import Seen
    from kiosk.office.centre import Centre
    from kiosk.touch.powers import Powers
    from kiosk.touch_config import TouchConfig
    from kiosk.ui.threads import Feed, GuiPost, Worker

log = logging.getLogger(__name__)

TICK_MS: Final = 200
HOLD_KEY: Final = Qt.Key.Key_F10
WINDOW_SHARE: Final = 0.85
QUIET_ZONE: Final = 4


class QrPictures(QQuickImageProvider):
    """``image://qr/<text, percent-encoded>``: whole pixels, at most ``sourceSize`` wide."""

    def __init__(self) -> None:
        super().__init__(QQuickImageProvider.ImageType.Image)

    def requestImage(self, text: str, size: QSize, wanted: QSize) -> QImage:
        # Heavy to import, and most offices have no code for phones.
        from printer.barcode import qr

        rows = qr(unquote(text))
        side = len(rows) + 2 * QUIET_ZONE
        image = QImage(side, side, QImage.Format.Format_RGB32)
        image.fill(Qt.GlobalColor.white)
        for y, row in enumerate(rows):
            for x, module in enumerate(row):
                if module == "1":
                    image.setPixel(x + QUIET_ZONE, y + QUIET_ZONE, 0)
        whole = max(1, wanted.width() // side) * side
        return image.scaled(whole, whole)


class TouchWindow(QObject):
    """Owns the window and its view model; ``scanned`` takes a scanner's frame on the GUI thread.

    ``report(name, state, reason)`` is told about "touch", whose screen may be unplugged, about
    "speech", and "speech km" where only Khmer has no voice; ``folder`` is that of a relative sound
    file; ``engine``, ``hall`` and ``region`` are as in open_speaker; ``boards`` gives those
    of choose_touch.
    """

    def __init__(
        self,
        centre: Centre,
        settings: TouchConfig,
        post: GuiPost,
        worker: Worker,
        feed: Feed,
        monotonic: Callable[[], float] = time.monotonic,
        report: Callable[[str, str, str], None] = lambda name, state, reason: None,
        folder: Path = Path(),
        engine: Callable[[str], SpeechEngine] | None = None,
        powers: Powers | None = None,
        hall: str = "",
        region: str = NORTH,
        boards: Callable[[], Sequence[str]] = tuple,
    ) -> None:
        super().__init__()
        self._settings = settings
        self._report = report
        self._boards = boards
        self._feed = feed
        self._closing = False
        self._swallowing = False
        self.bridge = TouchBridge(centre, settings, worker, monotonic, powers)
        self._engine = Engine(
            "kiosk.touch.qml",
            {"bridge": self.bridge},
            providers={"qr": QrPictures()},
            look=centre.look,
        )
        walk = Walk(self.window)
        speech = partial(report, "speech")

        def voice(language: str, state: str, reason: str) -> None:
            report(f"speech {language}", state, reason)

        opened = open_speaker(
            settings, centre.languages, post, speech, folder, engine, hall, region, voice
        )
        self.reader = Reader(self.bridge, walk, settings, opened)
        self.operation = Operation(
            self.bridge, walk, self.reader, settings, self.scanned, monotonic
        )
        self.window.installEventFilter(self)
        self.ticker = QTimer(self, interval=TICK_MS)
        self.ticker.timeout.connect(self.bridge.tick)
        self.ticker.timeout.connect(self.operation.tick)
        feed.changed.connect(self.bridge.refresh)
        self.bridge.refresh()
        self._placing = Placing(
            self.window, self._choose, self._show_on, self._told, fills=settings.fullscreen
        )

    @property
    def window(self) -> QQuickWindow:
        return self._engine.window

    def scanned(self, frame: bytes) -> None:
        self.reader.hush()
        self.bridge.scanned(frame)

    def show(self) -> None:
        """Full screen on the configured screen, else in a window of the glass's proportions; it
        stays on its screen."""
        self._placing.open()
        self.ticker.start()

    def _choose(self, screens: Sequence[Seen], kept: str | None) -> Seen | None:
        wanted, here = self._settings.screen, self._placing.screen
        chosen = choose_touch(screens, wanted, kept=kept, boards=self._boards(), here=here)
        if wanted and (chosen is None or wanted not in (chosen.name, chosen.serial)):
            known = ", ".join(screen.name for screen in screens)
            log.warning("no screen %r for the touch window; there are: %s", wanted, known)
        return chosen

    def _told(self, has_screen: bool) -> None:
        self._report("touch", *(("ok", "") if has_screen else ("fault", "unplugged")))

    def _show_on(self, screen: QScreen) -> None:
        # Read when a window is shown: so each has its own, though it is set for all.
        QGuiApplication.setDesktopFileName(app_ids.TOUCH)
        if self._settings.fullscreen:
            if QGuiApplication.platformName() == "wayland":
                # The session of the screens is the kiosk's alone; elsewhere a mouse may be wanted.
                self.window.setCursor(Qt.CursorShape.BlankCursor)
            self.window.setGeometry(screen.geometry())
            self.window.showFullScreen()
        else:
            width_mm, height_mm = self._settings.screen_mm
            room = screen.availableGeometry()
            share = min(room.width() / width_mm, room.height() / height_mm) * WINDOW_SHARE
            self.window.resize(round(width_mm * share), round(height_mm * share))
            self.window.show()

    def close(self) -> None:
        """Ends the window; only the application may, never a key or a window manager."""
        if not self._closing:
            self._closing = True
            self.ticker.stop()
            self._placing.close()
            self._feed.changed.disconnect(self.bridge.refresh)
            self.window.removeEventFilter(self)
            self.operation.close()
            self.reader.close()
            self._engine.close()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        match event.type():
            case QEvent.Type.Close:
                event.ignore()
                return not self._closing
            case QEvent.Type.TouchBegin | QEvent.Type.MouseButtonPress:
                # A touch that answers the warning must not also press what lies below it.
                self._swallowing = self.bridge.touched() or self.operation.touched(_point(event))
                return self._swallowed(event)
            case QEvent.Type.TouchUpdate | QEvent.Type.MouseMove:
                if self._swallowing:
                    self.operation.slid(_point(event))
                return self._swallowed(event)
            case (
                QEvent.Type.MouseButtonDblClick
                | QEvent.Type.TouchEnd
                | QEvent.Type.MouseButtonRelease
            ):
                return self._swallowed(event)
            case QEvent.Type.KeyPress if isinstance(event, QKeyEvent):
                self._hold(event, held=True)
                self.operation.key(event)
                return True
            case QEvent.Type.KeyRelease if isinstance(event, QKeyEvent):
                self._hold(event, held=False)
        return super().eventFilter(watched, event)

    def _swallowed(self, event: QEvent) -> bool:
        if self._swallowing:
            event.accept()
        return self._swallowing

    def _hold(self, event: QKeyEvent, *, held: bool) -> None:
        """The key that, held down, opens the way to the staff door; repeats count for nothing."""
        if event.key() == HOLD_KEY and not event.isAutoRepeat():
            self.bridge.door_bridge.hold(held)


def _point(event: QEvent) -> QPointF:
    """Where the finger is, or the first of them."""
    assert isinstance(event, QPointerEvent)
    return event.points()[0].position()
