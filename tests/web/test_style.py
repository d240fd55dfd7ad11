"""The pages' colours: all from one place, all readable, whatever legal ones the office chose."""

from __future__ import annotations

import re
from dataclasses import replace
from importlib.resources import files
from typing import TYPE_CHECKING

import httpx
import pytest

from kiosk.look import Look, contrast, css, palettes
from tests.web.serving import served

if TYPE_CHECKING:
    from kiosk.office.centre import Centre

CSS = (files("kiosk.web") / "static" / "clerk.css").read_text("utf-8")
LOOKS = {"house": Look(), "office": Look("#7A1022", "#FFF7E6")}

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


def tokens(look: Look) -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", css(palettes(look))))


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_text_stands_out_seven_to_one_and_controls_three_to_one(look: Look) -> None:
    known = tokens(look)
    pairs = [*((one, other, 7) for one, other in TEXT), *((*pair, 3) for pair in CONTROLS)]

    weak = [pair for pair in pairs if contrast(known[pair[0]], known[pair[1]]) < pair[2]]

    assert weak == []


def test_every_colour_that_a_page_names_is_there() -> None:
    known = tokens(Look())
    for sheet in (files("kiosk.web") / "static").iterdir():
        if sheet.name.endswith(".css"):
            text = sheet.read_text("utf-8")
            named = set(re.findall(r"var\(--([a-z-]+)", text))
            own = set(re.findall(r"(?m)^\s*--([a-z-]+):", text + CSS))
            assert named <= known.keys() | own, sheet.name


def test_a_page_has_the_office_s_colours(centre: Centre) -> None:
    dressed = replace(centre, look=LOOKS["office"])
    with served(dressed) as address, httpx.Client(base_url=address) as client:
        page = client.get("/clerk").text
        sheet = client.get(re.search(r'href="([^"]+/look\.css)"', page)[1])
        other = client.get("/static/of-another-day/look.css")

    assert sheet.headers["content-type"].startswith("text/css")
    assert "immutable" in sheet.headers["cache-control"]
    assert "--navy: #7a1022;" in sheet.text
    assert "immutable" not in other.headers.get("cache-control", "")


def test_text_is_read_before_its_font_has_come() -> None:
    faces = re.findall(r"@font-face {[^}]*}", CSS)
    assert len(faces) == 5
    assert all("font-display: swap;" in face for face in faces)


def test_every_colour_is_a_token() -> None:
    for sheet in (files("kiosk.web") / "static").iterdir():
        if sheet.name.endswith((".css", ".js")):
            assert not re.findall(r"#[0-9a-fA-F]{6}\b", sheet.read_text("utf-8"))


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
