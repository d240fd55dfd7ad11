"""Draws the office's emblem with Qt. Run as a program it takes an SVG that ``kiosk.emblem`` found
harmless, and gives a PNG of it or the fault that it has."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from PIL import Image
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from kiosk.emblem import KEPT_POINTS, Emblem, Unusable, check_seen
from kiosk.errors import Unavailable
from kiosk.ui.fonts import load_fonts

if TYPE_CHECKING:
    from typing import BinaryIO


def drawn(emblem: Emblem, plate: str) -> QImage:
    """The picture, at most KEPT_POINTS each way; Unusable where nothing of it is seen on
    ``plate``."""
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
    check_seen(
        Image.frombuffer("RGBA", size, bytes(picture.constBits()), "raw", "RGBA", stride, 1), plate
    )
    return picture


def _answer(source: BinaryIO, plate: str, answer: BinaryIO) -> None:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    app = QGuiApplication([])
    with suppress(Unavailable):
        load_fonts()
    try:
        picture = drawn(Emblem("svg", source.read()), plate)
    except Unusable as error:
        answer.write(error.fault.encode())
    else:
        saved = QBuffer()
        saved.open(QIODevice.OpenModeFlag.WriteOnly)
        picture.save(saved, "PNG")  # type: ignore[call-overload] # it takes a str alone
        answer.write(saved.data().data())
    answer.flush()
    app.quit()


if __name__ == "__main__":
    _answer(sys.stdin.buffer, sys.argv[1], sys.stdout.buffer)
