"""How an office looks, as a window is given it: its colours as one map, its emblem as a picture."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtQuick import QQuickImageProvider

from kiosk.emblem import Unusable, read_emblem
from kiosk.look import palettes
from kiosk.ui.drawing import drawn

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from kiosk.look import Look

SOURCE: Final = "image://emblem/own"


@dataclass(frozen=True)
class Dress:
    """``told`` is what Theme takes as ``look``; ``fault`` why the office's emblem is not shown."""

    told: dict[str, Any]
    picture: QImage | None = None
    fault: str = ""


def dressed(look: Look) -> Dress:
    """Reads the emblem anew where its file has changed."""
    try:
        stamp = look.emblem.stat().st_mtime_ns if look.emblem else 0
    except (OSError, ValueError):
        stamp = 0
    return _dressed(look, stamp)


@lru_cache(maxsize=8)
def _dressed(look: Look, _stamp: int) -> Dress:
    picture, fault = None, ""
    if look.emblem is not None:
        try:
            picture = drawn(read_emblem(look.emblem, look.plate), look.plate)
        except Unusable as error:
            fault, look = error.fault, replace(look, emblem=None, emblem_colour="")
    told: dict[str, Any] = {name: dict(colours) for name, colours in palettes(look).items()}
    if picture is not None:
        told["emblem"] = {"source": SOURCE, "ratio": picture.width() / picture.height()}
    return Dress(told, picture, fault)


class EmblemPicture(QQuickImageProvider):
    """``image://emblem/own``, as large as ``sourceSize`` allows."""

    def __init__(self, picture: QImage) -> None:
        super().__init__(QQuickImageProvider.ImageType.Image)
        self._picture = picture

    def requestImage(self, _name: str, _size: QSize, wanted: QSize) -> QImage:
        room = wanted if wanted.isValid() and not wanted.isEmpty() else self._picture.size()
        return self._picture.scaled(
            room, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
