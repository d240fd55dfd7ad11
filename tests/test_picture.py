"""The eye of the crawl itself: what is faint is seen as faint."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtQuick import QQuickWindow

from kiosk.look import contrast
from kiosk.ui.fonts import FAMILY, load_fonts
from tests.picture import Picture

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtGui import QImage

PLACE = QRectF(10, 10, 180, 40)


class Drawn:
    """A window's stand-in for its picture only: what was drawn is what it shows."""

    def __init__(self, image: QImage) -> None:
        self._image = image

    def grabWindow(self) -> QImage:
        return self._image

    def width(self) -> int:
        return self._image.width()


@pytest.fixture
def window(qapp) -> Iterator[QQuickWindow]:
    load_fonts()
    made = QQuickWindow()
    made.resize(200, 60)
    made.setColor(QColor("#FFFFFF"))
    made.show()
    yield made
    made.destroy()


def written(window: QQuickWindow, ink: str, ground: str) -> Picture:
    image = window.grabWindow()
    image.fill(QColor(ground))
    painter = QPainter(image)
    font = QFont(FAMILY)
    font.setPixelSize(24)
    painter.setFont(font)
    painter.setPen(QColor(ink))
    painter.drawText(PLACE, "Hộ tịch 025")
    painter.end()
    return Picture(Drawn(image))


@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        ("#000000", "#FFFFFF"),
        ("#777777", "#FFFFFF"),
        ("#FFD54A", "#0A2440"),
        ("#405060", "#F6F4EF"),
    ],
)
def test_soft_edges_do_not_hide_how_strong_letters_are(window, ink: str, ground: str) -> None:
    seen = written(window, ink, ground).ratio(PLACE)

    assert seen == pytest.approx(contrast(ink, ground), rel=0.03)


def test_a_place_where_nothing_is_drawn_has_no_contrast(window) -> None:
    assert written(window, "#FFFFFF", "#FFFFFF").ratio(PLACE) == 1
    assert Picture(window).ratio(QRectF(500, 500, 10, 10)) == 1


def test_a_rim_is_seen_against_what_is_around_it(window) -> None:
    image = window.grabWindow()
    for rim, least in (("#7F8A95", 3.0), ("#DDDDDD", 1.0)):
        image.fill(QColor("#FFFFFF"))
        painter = QPainter(image)
        painter.setPen(QColor(rim))
        painter.drawRect(40, 10, 100, 40)
        painter.end()
        seen = Picture(Drawn(image)).edge(QRectF(40, 10, 100, 40))
        assert seen == pytest.approx(contrast(rim, "#FFFFFF"))
        assert (seen >= 3) is (least >= 3)
