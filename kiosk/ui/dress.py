"""How an office looks, as a window is given it: its colours as one map, its emblem as a picture."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from PIL import Image
from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtQuick import QQuickImageProvider
from PySide6.QtSvg import QSvgRenderer

from kiosk.emblem import KEPT_POINTS, Emblem, Unusable, read_emblem, stands_out
from kiosk.look import palettes

if TYPE_CHECKING:
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
            picture = _drawn(read_emblem(look.emblem, look.plate), look.plate)
        except Unusable as error:
            fault, look = error.fault, replace(look, emblem=None, emblem_colour="")
    told: dict[str, Any] = {name: dict(colours) for name, colours in palettes(look).items()}
    if picture is not None:
        told["emblem"] = {"source": SOURCE, "ratio": picture.width() / picture.height()}
    return Dress(told, picture, fault)


def _drawn(emblem: Emblem, plate: str) -> QImage:
    if emblem.kind == "png":
        return QImage.fromData(emblem.data)
    renderer = QSvgRenderer(QByteArray(emblem.data))
    wide = renderer.viewBoxF().size() if renderer.isValid() else QSize(0, 0).toSizeF()
    if wide.isEmpty():
        raise Unusable("broken")
    wide.scale(KEPT_POINTS, KEPT_POINTS, Qt.AspectRatioMode.KeepAspectRatio)
    picture = QImage(wide.toSize().expandedTo(QSize(1, 1)), QImage.Format.Format_RGBA8888)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    renderer.render(painter, QRectF(picture.rect()))
    painter.end()
    size = (picture.width(), picture.height())
    stride = picture.bytesPerLine()
    if not stands_out(
        Image.frombuffer("RGBA", size, bytes(picture.constBits()), "raw", "RGBA", stride, 1), plate
    ):
        raise Unusable("invisible")
    return picture


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
