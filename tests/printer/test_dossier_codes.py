"""Real forms of dossier codes, on every paper and head: whatever carries them, they read back."""

from __future__ import annotations

import pytest

from printer.barcode import Bars, fit
from printer.raster import draw_slip
from printer.slip import HEADS, Code, Slip
from printer.slips import draw
from tests.printer.codes import blurred, grown, on_paper, read_codes
from tests.printer.samples import SLIPS

CODES = (
    "000.00.06.H56-231027-0361",
    "000.17.22.H56-210531-0001",
    "H56.14-240823-0001",
    "000.00.19.H47-260105-0001",
    "H57.132-260804-0583",
    "H15.50.05.13-261008-0975",
    "G09.20-20260609-0092637",
    "000.00.00.H40-231016-00123",
    "H40.12-231016-0001",
    "HS-2026-04101",
    "2608040583",
    "H15.50.05.13-20261008-0000975/BO-SUNG_LAN-2/LIEN-3",
)
"""As seen in offices (old and new unit codes, a ministry's), then local ones and the longest."""

HEADS_THERE = [(dpi, paper) for dpi, papers in HEADS.items() for paper in papers]


@pytest.mark.parametrize(("dpi", "paper"), HEADS_THERE)
@pytest.mark.parametrize("code", CODES)
def test_a_dossier_code_reads_back_exactly(code: str, dpi: int, paper: int) -> None:
    (picture,) = draw_slip(Slip((Code(code, code),)), paper, dpi)
    expected = "]C0" if isinstance(fit(code, HEADS[dpi][paper]), Bars) else "]Q1"

    for seen in (on_paper(picture), grown(picture), blurred(picture)):
        assert read_codes(seen) == {(expected, code)}


@pytest.mark.parametrize("paper", [58, 80])
@pytest.mark.parametrize("code", CODES)
def test_the_receipt_bears_the_code_exactly_as_it_is(code: str, paper: int) -> None:
    kind, data = SLIPS["receipt-vi"]
    (picture,) = draw_slip(draw(kind, {**data, "code": code}), paper)

    assert {text for _, text in read_codes(on_paper(picture))} == {code}


@pytest.mark.parametrize("paper", [58, 80])
@pytest.mark.parametrize("name", SLIPS)
def test_every_code_reads_from_a_head_of_180_dots_too(name: str, paper: int) -> None:
    (fine,) = draw_slip(draw(*SLIPS[name]), paper)
    (picture,) = draw_slip(draw(*SLIPS[name]), paper, 180)
    expected = {text for _, text in read_codes(on_paper(fine))}
    kind, data = SLIPS[name]
    if paper == 58 and kind == "ticket" and data["url"] in expected:
        expected.discard(str(data["code"]))  # the phone's code tells it, and there are no bars

    for seen in (on_paper(picture), grown(picture), blurred(picture)):
        assert {text for _, text in read_codes(seen)} == expected


def test_papers_without_a_code_have_none() -> None:
    kind, data = SLIPS["refusal-vi"]
    (picture,) = draw_slip(draw(kind, {**data, "code": ""}), 80)

    assert read_codes(on_paper(picture)) == set()
