"""One QML engine per window, holding what its QML was given for as long as the QML lives."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtQml import QQmlApplicationEngine
from PySide6.QtQuick import QQuickImageProvider, QQuickWindow

from kiosk.look import Look
from kiosk.ui.dress import EmblemPicture, dressed

if TYPE_CHECKING:
    from collections.abc import Mapping

IMPORT_PATH: Final = str(Path(__file__).resolve().parents[2])
HOUSE: Final = Look()


class Engine:
    """Loads ``Main`` of ``module``; keeps window, view models and pictures alive until close().

    ``look`` is the office's colours and emblem.
    """

    def __init__(
        self,
        module: str,
        properties: Mapping[str, object],
        providers: Mapping[str, QQuickImageProvider] | None = None,
        component: str = "Main",
        look: Look = HOUSE,
    ) -> None:
        dress = dressed(look)
        pictures = dict(providers or {})
        if dress.picture is not None:
            pictures["emblem"] = EmblemPicture(dress.picture)
        # QML keeps no reference to a Python object that it was given (segmentation fault without).
        self._kept: list[Any] = [dict(properties), pictures]
        self._engine: QQmlApplicationEngine | None = QQmlApplicationEngine()
        self._engine.addImportPath(IMPORT_PATH)
        for name, provider in pictures.items():
            self._engine.addImageProvider(name, provider)
        self._put_on(dress.told)
        self._engine.setInitialProperties(dict(properties))
        self._engine.loadFromModule(module, component)
        roots = self._engine.rootObjects()
        if not roots:
            raise RuntimeError(f"{module} {component} did not load; Qt's messages say why")
        root = roots[0]
        assert isinstance(root, QQuickWindow)
        self._window: QQuickWindow | None = root

    @property
    def window(self) -> QQuickWindow:
        assert self._window is not None
        return self._window

    def paint(self, look: Look) -> None:
        """Other colours from now on; the emblem stays."""
        self._put_on(dressed(look).told)

    def _put_on(self, told: Mapping[str, object]) -> None:
        assert self._engine is not None
        theme: Any = self._engine.singletonInstance("kiosk.ui", "Theme")
        theme.setProperty("look", dict(told))

    def close(self) -> None:
        """Ends the QML first, then lets its view models go; harmless when repeated."""
        if self._engine is None:
            return
        self.window.hide()
        self._window = None
        engine, self._engine = self._engine, None
        engine.deleteLater()
        del engine
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        self._kept.clear()
