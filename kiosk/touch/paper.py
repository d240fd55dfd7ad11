"""The slip that a preview printer saved last, in a small window beside the touch window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Property, QObject, QUrl, Signal
from PySide6.QtQml import QmlElement, QmlUncreatable

from kiosk.ui.engine import Engine
from printer.saved import LATEST, newest

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtQuick import QQuickWindow

    from kiosk.ui.threads import Feed

QML_IMPORT_NAME = "kiosk.touch"
QML_IMPORT_MAJOR_VERSION = 1


@QmlElement
@QmlUncreatable("The window makes it.")
class PaperBridge(QObject):  # type: ignore[operator] # PySide's stub of QmlUncreatable
    """The picture's address, "" before the first slip."""

    sourceChanged = Signal()

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = title
        self._source = ""

    def show_slip(self, path: Path) -> None:
        self._source = QUrl.fromLocalFile(str(path)).toString()
        self.sourceChanged.emit()

    @Property(str, constant=True)
    def title(self) -> str:
        return self._title

    @Property(str, notify=sourceChanged)
    def source(self) -> str:
        return self._source


class PaperWindow:
    """Opens with the first slip that appears in ``folder``, and follows the latest."""

    def __init__(self, folder: Path, feed: Feed, title: str) -> None:
        self._folder = folder
        self._feed = feed
        self._seen = self._stamp()
        self.bridge = PaperBridge(title)
        self._engine = Engine("kiosk.touch.qml", {"bridge": self.bridge}, component="Paper")
        feed.changed.connect(self.look)

    @property
    def window(self) -> QQuickWindow:
        return self._engine.window

    def look(self) -> None:
        """Shows the latest slip if it is a new one."""
        stamp = self._stamp()
        if stamp == self._seen:
            return
        self._seen = stamp
        # Not the watched picture itself: it would be shown under one address, which Qt keeps.
        latest = newest(self._folder)
        if latest is not None:
            self.bridge.show_slip(latest)
            self.window.show()

    def _stamp(self) -> tuple[int, int] | None:
        """Tells one latest slip from another without a look through the folder."""
        try:
            found = (self._folder / LATEST).stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns

    def close(self) -> None:
        self._feed.changed.disconnect(self.look)
        self._engine.close()
