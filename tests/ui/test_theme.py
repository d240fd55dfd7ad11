"""The shared look: colours that can be read, letters that are large enough, icons of one hand."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontInfo
from PySide6.QtQml import QQmlEngine, QQmlExpression, qmlContext, qmlEngine

from kiosk.errors import Unavailable
from kiosk.ui import fonts
from kiosk.ui.engine import IMPORT_PATH

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtCore import QObject

ICONS = Path(__file__).resolve().parents[2] / "assets" / "icons"
TEXT, CONTROL = 7.0, 3.0
TOUCH_PAIRS = [
    *((ink, "ground", TEXT) for ink in ("ink", "muted", "navy")),
    *((ink, "card", TEXT) for ink in ("ink", "muted", "navy", "ready", "warning")),
    *((ink, "pressed", TEXT) for ink in ("ink", "muted", "navy")),
    ("warning", "warningTint", TEXT),
    *(("onDark", ground, TEXT) for ground in ("navy", "navyPressed", "ready", "warning")),
    *(("onDarkQuiet", ground, TEXT) for ground in ("navy", "ready", "warning")),
    ("navy", "tint", CONTROL),
    ("muted", "tint", CONTROL),
    ("onDark", "emblem", CONTROL),
    ("border", "card", CONTROL),
    ("border", "ground", CONTROL),
    ("onDarkBorder", "navy", CONTROL),
]
TIME_BAR = ("navy", "line", CONTROL)  # in high contrast the bar has a frame instead
BOARD_PAIRS = [
    ("text", "ground", TEXT),
    ("text", "row", TEXT),
    ("quiet", "ground", TEXT),
    ("quiet", "row", TEXT),
    ("call", "row", TEXT),
    ("call", "ground", TEXT),
    ("callInk", "call", TEXT),
]


@pytest.fixture
def theme(qapp) -> Iterator[QObject]:
    engine = QQmlEngine()
    engine.addImportPath(IMPORT_PATH)
    found = engine.singletonInstance("kiosk.ui", "Theme")
    yield found
    engine.deleteLater()


def luminance(colour: QColor) -> float:
    def channel(value: float) -> float:
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue = (channel(v) for v in (colour.redF(), colour.greenF(), colour.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: QColor, other: QColor) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("more", [False, True], ids=["standard", "contrast"])
def test_every_pair_of_the_touch_window_can_be_read(theme, more: bool):
    theme.setProperty("contrast", more)
    weak = [
        f"{ink} on {ground}: {ratio:.2f}"
        for ink, ground, least in (TOUCH_PAIRS if more else [*TOUCH_PAIRS, TIME_BAR])
        if (ratio := contrast(theme.property(ink), theme.property(ground))) < least
    ]

    assert weak == []


def test_every_pair_of_the_board_can_be_read(theme):
    context = qmlContext(theme) or qmlEngine(theme).rootContext()

    def colour(name: str) -> QColor:
        answer = QQmlExpression(context, theme, f"String(board.{name})").evaluate()
        return QColor(answer[0] if isinstance(answer, tuple) else answer)

    weak = [
        f"{ink} on {ground}: {ratio:.2f}"
        for ink, ground, least in BOARD_PAIRS
        if (ratio := contrast(colour(ink), colour(ground))) < least
    ]

    assert weak == []


def test_the_smallest_letters_are_large_enough_at_arms_length(theme):
    assert theme.property("caption") >= 4.8
    assert theme.property("bigCaps") == pytest.approx(7.33, abs=0.01)


def test_touch_targets_are_as_wide_as_a_finger(theme):
    assert theme.property("target") >= 20


def test_the_face_is_loaded_in_all_its_weights(qapp):
    fonts.load_fonts()

    assert fonts.FAMILY in QFontDatabase.families()
    assert QFontInfo(QFont(fonts.FAMILY)).exactMatch()
    assert {"Medium", "Bold", "ExtraBold"} <= set(QFontDatabase.styles(fonts.FAMILY))


def test_a_missing_face_is_told_and_not_replaced(monkeypatch):
    monkeypatch.setattr(fonts, "PACKAGE", "no_such_font_package")
    with pytest.raises(Unavailable, match="font_missing"):
        fonts.font_files()


def test_a_missing_weight_names_its_file(monkeypatch):
    monkeypatch.setattr(fonts, "STYLES", ("Regular", "Wobbly"))
    with pytest.raises(Unavailable, match=r"BeVietnamPro-Wobbly\.ttf"):
        fonts.font_files()


@pytest.mark.parametrize("icon", sorted(ICONS.glob("*.svg")), ids=lambda path: path.stem)
def test_icons_are_one_family(icon: Path):
    text = icon.read_text("utf-8")

    assert 'viewBox="0 0 24 24"' in text
    assert 'stroke-width="2"' in text
    assert 'fill="none"' in text
    assert not re.search(r"<(text|image|style|script)|href", text)
