from __future__ import annotations

import re
from importlib.resources import files

import pytest

CSS = (files("kiosk.web") / "static" / "clerk.css").read_text("utf-8")
TOKENS = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", CSS))

TEXT = [
    ("ink", "card"),
    ("ink", "ground"),
    ("ink", "tint"),
    ("navy", "card"),
    ("navy", "ground"),
    ("navy", "tint"),
    ("muted", "card"),
    ("muted", "ground"),
    ("ready", "card"),
    ("warning", "card"),
    ("warning", "warning-ground"),
    ("on-navy", "navy"),
    ("on-navy", "navy-deep"),
    ("on-navy", "muted"),
    ("quiet-on-navy", "navy"),
    ("quiet-on-navy", "navy-deep"),
]
CONTROLS = [("border", "card"), ("ink", "card"), ("quiet-on-navy", "navy"), ("ink", "ground")]


def luminance(colour: str) -> float:
    channels = (int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5))
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(TOKENS[one]), luminance(TOKENS[other])), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("text", "ground"), TEXT)
def test_text_stands_out_seven_to_one(text: str, ground: str) -> None:
    assert contrast(text, ground) >= 7


@pytest.mark.parametrize(("border", "ground"), CONTROLS)
def test_controls_stand_out_three_to_one(border: str, ground: str) -> None:
    assert contrast(border, ground) >= 3


def test_text_is_read_before_its_font_has_come() -> None:
    faces = re.findall(r"@font-face {[^}]*}", CSS)
    assert len(faces) == 5
    assert all("font-display: swap;" in face for face in faces)


def test_every_colour_is_a_token() -> None:
    rules = CSS.split("}", 6)[-1]
    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b", re.sub(r"--[a-z-]+: #[0-9a-f]{6};", "", rules))


def test_nothing_is_loaded_from_elsewhere() -> None:
    for name in ("static", "templates"):
        for entry in (files("kiosk.web") / name).iterdir():
            text = entry.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
            assert "http:" not in text
            assert "https:" not in text
            assert not re.search(r"\bstyle=|\bon[a-z]+=|<script(?! type=\"module\" src=)", text), (
                entry
            )
            assert "innerHTML" not in text
