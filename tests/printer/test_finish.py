"""What follows the cut, and what never does."""

from __future__ import annotations

import pytest
from PIL import Image

from printer.decode import Decoder, Paper
from printer.escpos import CUT, encode
from printer.finish import BUZZ, PRESENTER, encode_slip
from printer.raster import draw_slip
from printer.settings import PrinterSettings
from printer.slip import PRINTABLE_DOTS
from printer.slips import draw
from tests.printer.samples import SLIPS

ONE = Image.new("1", (576, 40), 0)
DRAWER = (b"\x1bp", b"\x10\x14")


def commands_of(data: bytes) -> bytes:
    """``data`` without what is dots."""
    found = b""
    while (place := data.find(b"\x1dv0")) >= 0:
        across = int.from_bytes(data[place + 4 : place + 6], "little")
        rows = int.from_bytes(data[place + 6 : place + 8], "little")
        found += data[: place + 8]
        data = data[place + 8 + across * rows :]
    return found + data


@pytest.mark.parametrize("paper_mm", sorted(PRINTABLE_DOTS))
@pytest.mark.parametrize("name", SLIPS)
def test_no_slip_opens_a_drawer_or_buzzes_unasked(name: str, paper_mm: int) -> None:
    kind, facts = SLIPS[name]
    pictures = draw_slip(draw(kind, facts), paper_mm)
    data = encode_slip(pictures, PrinterSettings(paper_mm=paper_mm))

    assert data == encode(pictures)
    assert b"\x10\x14" not in data
    assert not [one for one in (*DRAWER, BUZZ[:2]) if one in commands_of(data)]


@pytest.mark.parametrize(
    ("settings", "after"),
    [
        (PrinterSettings(), b""),
        (PrinterSettings(presenter="present"), bytes.fromhex("1d65030c")),
        (PrinterSettings(presenter="eject"), bytes.fromhex("1d6505")),
        (PrinterSettings(buzzer=True), bytes.fromhex("1b420102")),
        (PrinterSettings(presenter="eject", buzzer=True), bytes.fromhex("1d65051b420102")),
    ],
)
def test_each_cut_is_followed_by_what_was_asked_for_and_nothing_else(
    settings: PrinterSettings, after: bytes
) -> None:
    data = encode_slip([ONE, ONE], settings)

    assert data.count(CUT + after) == 2
    assert data.endswith(CUT + after)
    assert data.replace(CUT + after, CUT).count(b"\x1dv0") == encode([ONE, ONE]).count(b"\x1dv0")


@pytest.mark.parametrize("presenter", PRESENTER)
def test_a_printer_without_a_presenter_still_prints_the_same_papers(presenter: str) -> None:
    decoder = Decoder(576)
    decoder.feed(encode_slip([ONE, ONE], PrinterSettings(presenter=presenter)))
    papers = [one for one in decoder.run() if isinstance(one, Paper)]

    assert [paper.picture.tobytes() for paper in papers] == [ONE.tobytes()] * 2


@pytest.mark.parametrize("presenter", ["none", "present", "eject"])
def test_the_virtual_printer_knows_what_it_is_told_after_a_cut(presenter: str) -> None:
    settings = PrinterSettings(presenter=presenter, buzzer=True)
    decoder = Decoder(576)
    decoder.feed(encode_slip([Image.new("1", (576, 40), 0)], settings))
    papers = [one for one in decoder.run() if isinstance(one, Paper)]

    assert len(papers) == 1
    assert decoder.junk == 0
