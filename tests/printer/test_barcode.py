from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from printer.barcode import Bars, Matrix, code128, fit, fit_qr
from printer.errors import SlipError
from printer.raster import draw_slip
from printer.slip import PRINTABLE_DOTS, Code, Slip
from tests.printer.codes import on_paper, read_codes

if TYPE_CHECKING:
    from PIL import Image

TICKET_IDS = st.text("0123456789ABCDEFGHJKLMNPQRSTVWXYZ", min_size=12, max_size=12)
PRINTABLE = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=24)


def printed(code: str, paper_mm: int) -> Image.Image:
    (picture,) = draw_slip(Slip((Code(code),)), paper_mm)
    return on_paper(picture)


@given(TICKET_IDS)
@example("000000000000")
@example("A00000000000")
@example("00000000000A")
@example("990000000000")
@example("ZZZZZZ1234ZZ")
def test_every_ticket_id_is_code_128_on_both_papers_and_reads_back(code: str) -> None:
    for paper_mm in PRINTABLE_DOTS:
        assert read_codes(printed(code, paper_mm)) == {("]C0", code)}


@given(PRINTABLE.filter(lambda text: text == text.strip()))
@example("1")
@example("12345")
@example("99")
@example("A1234567B")
@example("000.00.16.H40-261120-0001")
@example("Y=")
@example("&q+\\")
def test_every_printable_code_reads_back_from_whichever_code_fits(code: str) -> None:
    read = read_codes(printed(code, 80))

    # A reader of everything finds Interleaved 2 of 5 and Codabar, which have no check digit, by
    # chance.
    assert {text for kind, text in read if not kind.startswith(("]I", "]F"))} == {code}


@given(PRINTABLE, st.sampled_from(sorted(PRINTABLE_DOTS.values())))
def test_bars_are_two_dots_modules_three_and_the_quiet_zones_fit(code: str, width: int) -> None:
    drawn = fit(code, width)

    assert drawn.dots >= (2 if isinstance(drawn, Bars) else 3)
    assert drawn.width + 2 * drawn.quiet <= width


@pytest.mark.parametrize(
    ("code", "width", "kind"),
    [
        ("K72MX9QRTB4A", 384, Bars),
        ("24010123456789", 384, Bars),
        ("H40.12-231016-0001", 384, Matrix),
        ("H40.12-231016-0001", 576, Bars),
        ("000.00.16.H40-261120-0001", 576, Matrix),
        ("Hồ sơ", 576, Matrix),
    ],
)
def test_a_code_too_wide_for_bars_becomes_qr(code: str, width: int, kind: type) -> None:
    assert isinstance(fit(code, width), kind)


def test_a_qr_code_that_needs_modules_below_three_dots_is_refused() -> None:
    with pytest.raises(SlipError, match="code_too_long"):
        fit_qr("x" * 2000, 384)


@pytest.mark.parametrize(
    ("code", "modules"),
    [
        ("A012", 79),
        ("24010123456789", 112),
        ("VN-0123456789012", 156),
        ("H40.12-231016-0001", 211),
        ("000.00.00.H40-231016-00123", 299),
    ],
)
def test_code_128_is_as_short_as_it_can_be(code: str, modules: int) -> None:
    assert len(code128(code)) == modules


@pytest.mark.parametrize("text", ["", "tiếng Việt", "a\nb"])
def test_code_128_refuses_what_it_cannot_say(text: str) -> None:
    with pytest.raises(SlipError, match="code_unencodable"):
        code128(text)
