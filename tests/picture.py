"""Contrast as it is on the picture of a window, whatever its colours were meant to be.

The ground of a rectangle is its commonest colour, the ink the colour that stands out most from it:
letters have soft edges, so everything between the two is the edge of a letter.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from PIL import Image
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage

from kiosk.look import CONTROL, TEXT, contrast

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtQuick import QQuickItem, QQuickWindow

    from tests.touch.scene import Piece

Colour = tuple[int, int, int]

LEAST_INK = 3
"""Pixels that a colour must have to count as ink, where there are many; fewer are a speck."""


class Picture:
    """What the window shows now; rectangles are in the window's own pixels."""

    def __init__(self, window: QQuickWindow) -> None:
        shot = window.grabWindow().convertToFormat(QImage.Format.Format_RGBX8888)
        size, stride = (shot.width(), shot.height()), shot.bytesPerLine()
        bits = bytes(shot.constBits())
        self.image = Image.frombuffer("RGBX", size, bits, "raw", "RGBX", stride, 1).convert("RGB")
        self._scale = shot.width() / window.width()

    def colours(self, rect: QRectF) -> list[tuple[int, Colour]]:
        """The colours in the rectangle with how many pixels each has, the commonest first."""
        edges = (rect.left(), rect.top(), rect.right(), rect.bottom())
        left, top, right, bottom = (round(edge * self._scale) for edge in edges)
        left, top = max(0, left), max(0, top)
        right, bottom = min(self.image.width, right), min(self.image.height, bottom)
        if right <= left or bottom <= top:
            return []
        part = self.image.crop((left, top, right, bottom))
        found = part.getcolors(part.width * part.height) or []
        return sorted(found, reverse=True)

    def ratio(self, rect: QRectF) -> float:
        """How much what is drawn in the rectangle stands out; 1 where nothing is."""
        found = self.colours(rect)
        if not found:
            return 1.0
        ground = found[0][1]
        least = min(LEAST_INK, 1 + sum(pixels for pixels, _ in found) // 500)
        return max(_contrast(ground, colour) for pixels, colour in found if pixels >= least)

    def edge(self, rect: QRectF) -> float:
        """How much the left edge of a control stands out from what lies outside it."""
        middle, reach = rect.center().y(), 6 / self._scale
        outside = self.colours(QRectF(rect.left() - 2 * reach, middle - 2, reach, 4))
        across = self.colours(QRectF(rect.left() - 1, middle - 2, reach, 4))
        if not outside or not across:
            return 21.0
        return max(_contrast(outside[0][1], colour) for _, colour in across)


@lru_cache(maxsize=50000)
def _contrast(one: Colour, other: Colour) -> float:
    return contrast("#" + bytes(one).hex(), "#" + bytes(other).hex())


def faint_words(picture: Picture, words: Iterable[Piece]) -> list[str]:
    """The words that stand out less than seven to one; what cannot be used now is left out."""
    return [
        f"contrast of {ratio:.2f}: {piece.name}"
        for piece in words
        if not is_dimmed(piece.item) and (ratio := picture.ratio(piece.rect)) < TEXT
    ]


def faint_icons(picture: Picture, items: Iterable[QQuickItem]) -> list[str]:
    """The icons that stand out less than three to one."""
    return [
        f"contrast of {ratio:.2f}: the icon {item.property('glyph')}"
        for item in items
        if item.inherits("QQuickIconImage") and item.property("glyph") and not is_dimmed(item)
        if (ratio := picture.ratio(item.mapRectToScene(item.boundingRect()))) < CONTROL
    ]


def faint_edges(picture: Picture, keys: Iterable[Piece]) -> list[str]:
    """The buttons whose rim or ground stands out less than three to one from what is around.

    Boxes that are cards are known by their icon and words; a choice in a frame by the frame.
    """
    return [
        f"edge of {ratio:.2f}: {piece.name}"
        for piece in keys
        if piece.item.inherits("QQuickButton") and not is_dimmed(piece.item)
        if _has_ground(piece.item) and (ratio := picture.edge(piece.rect)) < CONTROL
    ]


def _has_ground(item: QQuickItem) -> bool:
    ground = item.property("background")
    return ground is None or ground.opacity() > 0


def is_dimmed(item: QQuickItem | None) -> bool:
    """Whether it is drawn half-transparent, as what cannot be used now."""
    while item is not None:
        if item.opacity() < 1:
            return True
        item = item.parentItem()
    return False
