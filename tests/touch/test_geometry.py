"""Every screen, in every size and language: nothing cut, outside, crowded or small."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, product
from typing import TYPE_CHECKING

import pytest

from kiosk.touch.offers import PLAIN
from kiosk.touch.state import start
from tests.touch.conftest import SIZES
from tests.touch.office import office
from tests.touch.scene import Piece, buttons, labels, shown, told
from tests.touch.screens import SCREENS, fill

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtCore import QRectF
    from PySide6.QtQuick import QQuickItem, QQuickWindow

    from kiosk.touch.state import State
    from kiosk.touch.window import TouchWindow
    from tests.touch.conftest import Open

CAPITALS_PER_EM = 0.74
LONG = 60
"""Letters of a name."""


def _faults(touch: TouchWindow, px_per_mm: float, least_capitals_mm: float) -> list[str]:
    root = touch.window.contentItem()
    sheet = _top_sheet(root)
    keys, words = buttons(sheet), labels(sheet)
    window = touch.window.contentItem().boundingRect()
    return [
        *_outside(window, keys, words),
        *_small(keys, px_per_mm),
        *_crowded(keys, px_per_mm),
        *_cut(words, px_per_mm, least_capitals_mm),
        *_overlapping(words, px_per_mm),
        *_spilled(sheet),
    ]


def _top_sheet(root: QQuickItem) -> QQuickItem:
    """What lies on top: a sheet over everything when there is one, else the whole window."""
    sheets = [
        item
        for item in root.childItems()
        if item.isVisible() and "Sheet" in item.metaObject().className()
    ]
    return sheets[-1] if sheets else root


def _outside(window: QRectF, keys: list[Piece], words: list[Piece]) -> list[str]:
    return [
        f"outside the window: {piece.name}"
        for piece in (*keys, *words)
        if not window.adjusted(-1, -1, 1, 1).contains(piece.rect)
    ]


def _spilled(root: QQuickItem) -> list[str]:
    """The words of a coloured panel that stand over its edge."""
    return [
        f"over the edge of its panel: {piece.name}"
        for panel in shown(root)
        if "AnswerPanel" in panel.metaObject().className()
        for piece in labels(panel)
        if not panel.mapRectToScene(panel.boundingRect()).contains(piece.rect)
    ]


def _small(keys: list[Piece], px_per_mm: float) -> list[str]:
    faults = []
    for key in keys:
        least = 20 if "ServiceBox" in key.item.metaObject().className() else 15
        side = min(key.rect.width(), key.rect.height()) / px_per_mm
        if side < least - 0.3:
            faults.append(f"{side:.1f} mm is too small to touch: {key.name}")
        if not key.name:
            faults.append("a button without a name")
    return faults


def _crowded(keys: list[Piece], px_per_mm: float) -> list[str]:
    faults = []
    for one, other in combinations(keys, 2):
        gap = max(
            one.rect.left() - other.rect.right(),
            other.rect.left() - one.rect.right(),
            one.rect.top() - other.rect.bottom(),
            other.rect.top() - one.rect.bottom(),
        )
        if gap / px_per_mm < 2.7:
            faults.append(f"{gap / px_per_mm:.1f} mm between {one.name!r} and {other.name!r}")
    return faults


def _cut(words: list[Piece], px_per_mm: float, least_capitals_mm: float) -> list[str]:
    faults = []
    for piece in words:
        item = piece.item
        # Only the long names of procedures may lose their end, and only in big letters.
        ended = len(piece.name) > LONG and least_capitals_mm > 5
        if item.property("truncated") and not ended:
            faults.append(f"truncated: {piece.name}")
        wide = item.property("contentWidth") > item.width() + 2
        high = item.property("contentHeight") > item.height() + 2
        if wide or high:
            size = f"{item.property('contentWidth'):.0f}x{item.property('contentHeight'):.0f}"
            box = f"{item.width():.0f}x{item.height():.0f}"
            faults.append(f"{size} in a box of {box}: {piece.name}")
        capitals = told(item, "fontInfo.pixelSize") * CAPITALS_PER_EM / px_per_mm
        if capitals < least_capitals_mm - 0.1:
            faults.append(f"capitals of {capitals:.2f} mm: {piece.name}")
    return faults


def _overlapping(words: list[Piece], px_per_mm: float) -> list[str]:
    faults = []
    for one, other in combinations(words, 2):
        both = one.rect.intersected(other.rect)
        if both.height() > 2.2 * px_per_mm and both.width() > 1 * px_per_mm:
            faults.append(f"{one.name!r} lies over {other.name!r}")
    return faults


def _grab(window: QQuickWindow) -> bool:
    return not window.grabWindow().isNull()


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize(
    ("size", "mode"),
    [*product(SIZES, ["standard", "big"]), ("portrait", "reach")],
)
def test_every_screen_is_whole_legible_and_touchable(
    open_touch: Open, tmp_path: Path, qtbot, size: str, language: str, mode: str
) -> None:
    faults: list[str] = []
    for services in {id(each.services): each.services for each in SCREENS.values()}.values():
        centre = office(
            tmp_path / f"{len(services)}{id(services)}.db", services, public_url="https://mc.vn"
        )
        fill(centre)
        touch, _ = open_touch(centre, size)
        px_per_mm = touch.window.width() / SIZES[size][1][0]
        for name, screen in SCREENS.items():
            if screen.services is not services:
                continue
            touch.bridge.offers = PLAIN
            touch.bridge.fold(_visit(touch, language, mode))
            screen.go(centre, touch.bridge)
            qtbot.wait(1)
            assert _grab(touch.window)
            least = 7.33 if mode == "big" else 4.8
            faults += [f"{name}: {fault}" for fault in _faults(touch, px_per_mm, least)]
    assert not faults, "\n".join(faults)


def _visit(touch: TouchWindow, language: str, mode: str) -> State:
    state = start(touch.bridge.state, touch.bridge.now())
    big = mode == "big"
    return replace(
        state,
        language=language,
        big=big,
        contrast=big,
        reach=mode == "reach",
        store_down=False,
        speaks=True,
    )
