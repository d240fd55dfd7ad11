"""What a scanner reads off a printed picture, also after the ink has grown."""

from __future__ import annotations

import zxingcpp
from PIL import Image, ImageChops, ImageFilter

PAPER = 24
"""Dots of white paper beside what the head prints."""


def on_paper(picture: Image.Image) -> Image.Image:
    page = Image.new("L", (picture.width + 2 * PAPER, picture.height + 2 * PAPER), 255)
    page.paste(picture.convert("L"), (PAPER, PAPER))
    return page


def grown(picture: Image.Image) -> Image.Image:
    """The picture at four times its size, each edge of black a quarter of a dot further out."""
    page = on_paper(picture)
    large = page.resize((page.width * 4, page.height * 4), Image.Resampling.NEAREST)
    for right, down in ((1, 0), (-1, 0), (0, 1), (0, -1)):
        large = ImageChops.darker(large, ImageChops.offset(large, right, down))
    return large


def blurred(picture: Image.Image) -> Image.Image:
    """The paper as a camera sees it that is a little out of focus."""
    page = on_paper(picture)
    large = page.resize((page.width * 2, page.height * 2), Image.Resampling.NEAREST)
    return large.filter(ImageFilter.GaussianBlur(1.5))


def read_codes(picture: Image.Image) -> set[tuple[str, str]]:
    """Symbology identifier and text of each code on the picture."""
    found = zxingcpp.read_barcodes(picture)
    return {(code.symbology_identifier, code.text) for code in found}
