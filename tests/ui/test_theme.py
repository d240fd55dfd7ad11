"""The shared look: colours that can be read, letters that are large enough, icons of one hand."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QFont, QFontDatabase, QFontInfo
from PySide6.QtQml import QQmlEngine, QQmlExpression, qmlContext, qmlEngine

from kiosk.errors import Unavailable
from kiosk.look import Look, contrast, pairs_of, palettes
from kiosk.ui import fonts
from kiosk.ui.dress import dressed
from kiosk.ui.engine import IMPORT_PATH

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtCore import QObject

ICONS = Path(__file__).resolve().parents[2] / "assets" / "icons"
OWN = Look("#7A1022", "#FFF7E6", None, "", "#FFFFFF", "#8A0F1E")
"""An office with a red of its own and a light board."""


@pytest.fixture
def theme(qapp) -> Iterator[QObject]:
    engine = QQmlEngine()
    engine.addImportPath(IMPORT_PATH)
    found = engine.singletonInstance("kiosk.ui", "Theme")
    found.setProperty("look", dressed(Look()).told)
    yield found
    engine.deleteLater()


def colours(theme: QObject, name: str) -> dict[str, str]:
    """What QML shows in that palette, by token."""
    context = qmlContext(theme) or qmlEngine(theme).rootContext()

    def read(token: str) -> str:
        place = f"board.{token}" if name == "board" else token
        answer = QQmlExpression(context, theme, f"String({place})").evaluate()
        return str(answer[0] if isinstance(answer, tuple) else answer).upper()

    return {token: read(token) for pair in pairs_of(name) for token in pair[:2]}


@pytest.mark.parametrize("look", [Look(), OWN], ids=["house", "office"])
@pytest.mark.parametrize("name", ["standard", "contrast", "board"])
def test_every_pair_that_is_shown_can_be_read(theme, name: str, look: Look):
    theme.setProperty("look", dressed(look).told)
    theme.setProperty("contrast", name == "contrast")
    shown = colours(theme, name)
    weak = [
        f"{ink} on {ground}: {ratio:.2f}"
        for ink, ground, least in pairs_of(name)
        if (ratio := contrast(shown[ink], shown[ground])) < least
    ]

    assert weak == []
    told = palettes(look)[name]
    assert shown == {token: told[token] for token in shown}


def test_the_sheets_of_colours_have_all_that_are_made(theme):
    """A token that only one side knows would be black, or be lost."""
    for name, made in palettes(Look()).items():
        context = qmlContext(theme) or qmlEngine(theme).rootContext()
        place = {"standard": "standard", "contrast": "high", "board": "board"}[name]
        answer = QQmlExpression(context, theme, f"Object.keys({place}).join(' ')").evaluate()
        known = {key for key in str(answer[0]).split() if not key.endswith("Changed")}
        assert set(made) <= known


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
