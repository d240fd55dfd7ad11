from __future__ import annotations

import logging
import struct
import zlib
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from printer.layout import lay_out
from printer.logo import MOST_POINTS, fault_of, logo
from printer.marks import Stamp, area_of
from printer.raster import draw_slip
from printer.slip import Logo, Slip, Text
from printer.slips import draw
from tests.printer.samples import LOGO, TICKET

if TYPE_CHECKING:
    from pathlib import Path


def png_of(across: int, down: int) -> bytes:
    """The head of a PNG that says how large it is, and nothing after it."""
    head = b"IHDR" + struct.pack(">IIBBBBB", across, down, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head))


BAD = {
    "missing": None,
    "no_png": b"GIF89a" + b"\0" * 40,
    "empty": b"",
    "too_large": png_of(10_000, 10_000),
    "too_wide": png_of(10_000, 20),
    "broken": png_of(100, 100),
    "cut off": LOGO.read_bytes()[:200],
    "garbled": LOGO.read_bytes()[:60] + b"\xff" * 400,
    "no size": png_of(0, 0),
}
FAULTS = {"empty": "no_png", "too_wide": "too_large", "cut off": "broken", "garbled": "broken"}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_picture_is_told_and_the_ticket_prints_without_it(
    name: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path, data = tmp_path / "logo.png", BAD[name]
    if data is not None:
        path.write_bytes(data)

    with caplog.at_level(logging.ERROR):
        (slip,) = draw_slip(draw("ticket", {**TICKET, "logo": str(path)}), 80)
    (usual,) = draw_slip(draw("ticket", TICKET), 80)

    assert fault_of(path) == FAULTS.get(name, "broken" if name == "no size" else name)
    assert slip.crop((0, slip.height - usual.height, usual.width, slip.height)) == usual


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_pictures_of_every_depth_are_cut_at_half_grey(mode: str, tmp_path: Path) -> None:
    path = tmp_path / "logo.png"
    grey = Image.linear_gradient("L")
    if mode == "I;16":
        levels = b"".join(struct.pack("<H", level * 257) for level in grey.tobytes())
        Image.frombytes("I;16", grey.size, levels).save(path)
    else:
        grey.convert(mode).save(path)

    picture = logo(str(path), 200, 100)

    assert picture is not None
    assert picture.mode == "1"
    assert picture.size == (100, 100)
    top, bottom = picture.crop((0, 0, 100, 40)), picture.crop((0, 60, 100, 100))
    assert top.getextrema() == (0, 0)
    assert bottom.getextrema() == (255, 255)


def test_what_is_transparent_is_white(tmp_path: Path) -> None:
    path = tmp_path / "logo.png"
    Image.new("RGBA", (50, 50), (0, 0, 0, 0)).save(path)
    picture = logo(str(path), 100, 100)

    assert picture is not None
    assert picture.getextrema() == (255, 255)


@pytest.mark.parametrize(("across", "down"), [(MOST_POINTS, 1), (1, MOST_POINTS), (300, 200)])
def test_a_picture_of_any_shape_stays_within_the_lines(
    across: int, down: int, tmp_path: Path
) -> None:
    path = tmp_path / "logo.png"
    Image.new("L", (across, down), 0).save(path)
    for paper in (58, 80):
        area = area_of(paper, 203)
        marks, _ = lay_out((Logo(str(path), 14),), area)
        (stamp,) = marks
        assert isinstance(stamp, Stamp)
        assert area.left <= stamp.x
        assert stamp.x + stamp.picture.width <= area.left + area.width
        assert stamp.picture.height <= 14 * 8


def test_a_picture_that_is_exchanged_is_read_anew(tmp_path: Path) -> None:
    path = tmp_path / "logo.png"
    slip = Slip((Logo(str(path)), Text("A")))
    without = draw_slip(slip, 80)
    Image.new("L", (80, 80), 0).save(path)

    assert draw_slip(slip, 80) != without
