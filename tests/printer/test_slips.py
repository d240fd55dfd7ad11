from __future__ import annotations

import os
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from kiosk.scans import TicketScan, parse
from printer.errors import SlipError
from printer.fonts import length
from printer.layout import lay_out
from printer.marks import Box, Run, area_of
from printer.raster import draw_slip
from printer.slip import HEADS, PRINTABLE_DOTS, Band, Cut, Fact, Facts, Feed, Slip, Text, pieces
from printer.slips import _KINDS, draw
from tests.printer.codes import blurred, grown, on_paper, read_codes
from tests.printer.samples import CODE, SLIPS, TICKET, codes_on

GOLDEN = Path(__file__).parent.parent / "golden" / "slips"
PAPERS = sorted(PRINTABLE_DOTS)


def picture_of(name: str, paper_mm: int) -> Image.Image:
    kind, data = SLIPS[name]
    (picture,) = draw_slip(draw(kind, data), paper_mm)
    return picture


def black_box(picture: Image.Image) -> tuple[int, int, int, int]:
    box = ImageChops.invert(picture.convert("L")).getbbox()
    assert box is not None
    return box


@pytest.mark.parametrize("name", SLIPS)
def test_each_slip_is_printed_again_with_a_mark(name: str) -> None:
    kind, data = SLIPS[name]
    again = draw(kind, {**data, "copy_mark": "BẢN IN LẠI 1"})

    assert [line.text for line in again.lines if isinstance(line, Band)] == ["BẢN IN LẠI 1"]


@pytest.mark.parametrize("paper_mm", PAPERS)
@pytest.mark.parametrize("name", SLIPS)
def test_each_slip_is_the_picture_that_was_looked_at(name: str, paper_mm: int) -> None:
    picture = picture_of(name, paper_mm)
    path = GOLDEN / f"{name}-{paper_mm}.png"
    if os.environ.get("UPDATE_GOLDEN"):
        picture.save(path, optimize=True)
    with Image.open(path) as golden:
        assert golden.size == picture.size
        assert golden.convert("1").tobytes() == picture.tobytes()


@pytest.mark.parametrize("paper_mm", PAPERS)
@pytest.mark.parametrize("name", SLIPS)
def test_each_code_reads_as_printed_after_the_ink_has_grown_and_out_of_focus(
    name: str, paper_mm: int
) -> None:
    picture = picture_of(name, paper_mm)
    for seen in (on_paper(picture), grown(picture), blurred(picture)):
        read = read_codes(seen)

        assert {text for _, text in read} == codes_on(name)
        assert {kind for kind, _ in read} <= {"]C0", "]Q1"}


@pytest.mark.parametrize("paper_mm", PAPERS)
@pytest.mark.parametrize("name", [name for name in SLIPS if not name.startswith("test")])
def test_nothing_on_a_ticket_touches_the_edge_of_the_paper(name: str, paper_mm: int) -> None:
    picture = picture_of(name, paper_mm)
    left, _, right, _ = black_box(picture)

    assert left >= 8
    assert right <= picture.width - 8


@pytest.mark.parametrize("name", ["ticket-vi", "receipt-vi"])
@pytest.mark.parametrize("paper_mm", PAPERS)
def test_a_head_of_180_dots_prints_the_same_slip(name: str, paper_mm: int) -> None:
    kind, data = SLIPS[name]
    (picture,) = draw_slip(draw(kind, data), paper_mm, 180)
    fine = picture_of(name, paper_mm)
    path = GOLDEN / f"{name}-{paper_mm}-180.png"
    if os.environ.get("UPDATE_GOLDEN"):
        picture.save(path, optimize=True)

    assert picture.width == HEADS[180][paper_mm]
    assert 0.8 < picture.height / 180 / (fine.height / 203) < 1.25
    with Image.open(path) as golden:
        assert golden.convert("1").tobytes() == picture.tobytes()


@pytest.mark.parametrize(
    ("url", "paper_mm", "dpi", "codes"),
    [
        ("https://a.vn/so/AK2MX9QRTB4A", 58, 203, {"]C0", "]Q1"}),
        ("https://a.vn/so/AK2MX9QRTB4A", 80, 180, {"]C0", "]Q1"}),
        ("https://a.vn/so/AK2MX9QRTB4A", 58, 180, {"]Q1"}),
        (None, 58, 180, {"]Q1"}),
    ],
)
def test_a_ticket_bears_one_qr_code_at_most_and_a_scanner_finds_it_in_each_code(
    url: str | None, paper_mm: int, dpi: int, codes: set[str]
) -> None:
    data = {**TICKET, "code": "AK2MX9QRTB4A", "url": url, "url_caption": "Quét"}
    (picture,) = draw_slip(draw("ticket", data), paper_mm, dpi)
    read = read_codes(on_paper(picture))

    assert len(read) == len(codes)
    assert {kind for kind, _ in read} == codes
    assert {parse(text.encode()) for _, text in read} == {TicketScan("AK2MX9QRTB4A")}


@pytest.mark.parametrize("name", [name for name in SLIPS if not name.startswith("test")])
def test_a_reprint_of_any_form_begins_with_its_mark(name: str) -> None:
    kind, data = SLIPS[name]
    slip = draw(kind, {**data, "copy_mark": "BẢN IN LẠI 3"})

    marks = [line for line in slip.lines if isinstance(line, Band)]
    assert [mark.text for mark in marks] == ["BẢN IN LẠI 3"]
    assert slip.lines[0] == marks[0]


@pytest.mark.parametrize("paper_mm", PAPERS)
def test_a_word_wider_than_the_paper_is_broken_and_never_clipped(paper_mm: int) -> None:
    slip = Slip((Text("Nghiêng" * 30, 4.0, floor=3.0),))
    (picture,) = draw_slip(slip, paper_mm)
    left, _, right, _ = black_box(picture)

    assert left >= 0
    assert right <= picture.width
    assert picture.height > 4 * 32


def test_decomposed_letters_print_as_composed_ones() -> None:
    composed = draw("ticket", {**TICKET, "service": "Ti\u1ebfp nh\u1eadn"})
    decomposed = draw("ticket", {**TICKET, "service": "Tie\u0302\u0301p nha\u0323\u0302n"})

    assert draw_slip(composed, 80) == draw_slip(decomposed, 80)


def test_control_characters_and_line_ends_in_a_name_do_not_print() -> None:
    plain = draw("ticket", {**TICKET, "service": "Chứng thực bản sao"})
    noisy = draw("ticket", {**TICKET, "service": "\x1bChứng\nthực\t bản\u200b sao\x00 "})

    assert draw_slip(plain, 80) == draw_slip(noisy, 80)


@pytest.mark.parametrize("number", ["A001", "A999", "A1000", "A10000", "AB12345", "W9999"])
@pytest.mark.parametrize("paper_mm", PAPERS)
def test_every_number_fits_and_is_the_largest_thing_on_the_ticket(
    number: str, paper_mm: int
) -> None:
    (picture,) = draw_slip(draw("ticket", {**TICKET, "number": number}), paper_mm)
    left, _, right, _ = black_box(picture)

    assert left >= 8
    assert right <= picture.width - 8


@pytest.mark.parametrize(
    ("kind", "change", "code", "field"),
    [
        ("invoice", {}, "unknown_slip", None),
        ("ticket", {"number": None}, "bad_slip_data", "number"),
        ("ticket", {"number": 25}, "bad_slip_data", "number"),
        ("ticket", {"lines": "one string"}, "bad_slip_data", "lines"),
        ("ticket", {"facts": [["Đến"]]}, "bad_slip_data", "facts"),
        ("ticket", {"facts": "Đến"}, "bad_slip_data", "facts"),
        ("ticket", {"surprise": "x"}, "bad_slip_data", "surprise"),
        ("ticket", {"due": ["09:30"]}, "bad_slip_data", "due"),
        ("ticket", {"order": ["code"]}, "bad_slip_data", "order"),
        ("ticket", {"order": ["number", "number"]}, "bad_slip_data", "order"),
        ("ticket", {"order": ["number", "stamp"]}, "bad_slip_data", "order"),
        ("ticket", {"number_mm": True}, "bad_slip_data", "number_mm"),
        ("ticket", {"logo_mm": 0}, "bad_slip_data", "logo_mm"),
        ("ticket", {"letters": float("nan")}, "bad_slip_data", "letters"),
    ],
)
def test_bad_data_are_refused_by_the_name_of_the_field(
    kind: str, change: dict[str, object], code: str, field: str | None
) -> None:
    with pytest.raises(SlipError) as refused:
        draw(kind, {**TICKET, **change})

    assert refused.value.code == code
    assert refused.value.facts.get("field") == field


@pytest.mark.parametrize(
    "kind", ["receipt", "supplement", "refusal", "apology", "handover", "summary"]
)
def test_a_form_refuses_each_field_that_is_missing_or_of_another_shape(kind: str) -> None:
    _, data = SLIPS[f"{kind}-vi"]
    optional = {
        "copy_mark", "due", "secret", "secret_use", "phone", "sign_hint", "number", "dated",
    }  # fmt: skip
    for field in data:
        shapes: list[object] = [25, [["a"]]]
        for shape in shapes if field in optional else [*shapes, None]:
            with pytest.raises(SlipError) as refused:
                draw(kind, {**data, field: shape})
            assert refused.value.facts == {"field": field}
    with pytest.raises(SlipError) as refused:
        draw(kind, {**data, "surprise": "x"})
    assert refused.value.facts == {"field": "surprise"}


@pytest.mark.parametrize("cells", [[["Gọi"]], [["Gọi", "5"]], [["Gọi", [["5"]]]], ["Gọi"], "Gọi"])
def test_a_table_of_another_shape_is_refused(cells: object) -> None:
    with pytest.raises(SlipError, match="bad_slip_data field=services"):
        draw("summary", {**SLIPS["summary-vi"][1], "services": cells})


@pytest.mark.parametrize("code", ["", "điện tử" * 400])
def test_a_code_that_nothing_can_carry_is_refused(code: str) -> None:
    with pytest.raises(SlipError):
        draw_slip(draw("ticket", {**TICKET, "code": code}), 80)


def test_a_ticket_without_facts_lines_and_names_still_prints() -> None:
    bare = {**TICKET, "facts": [], "lines": [], "farewell": [], "parent": "", "service": ""}
    (picture,) = draw_slip(draw("ticket", bare), 58)

    assert read_codes(on_paper(picture)) == {("]C0", CODE)}


@pytest.mark.parametrize("paper_mm", PAPERS)
def test_facts_of_several_rows_stand_in_two_columns_and_an_odd_last_one_in_the_middle(
    paper_mm: int,
) -> None:
    area = area_of(paper_mm, 203)
    values = ("42", "38", "4", "90,5 %", "8,4 phút")
    marks, _ = lay_out([Facts(tuple(Fact("Số", value) for value in values))], area)
    runs = {mark.text: mark for mark in marks if isinstance(mark, Run)}
    left, right, also_left, also_right, last = (
        runs[value].x + length(value, runs[value].weight, runs[value].size) / 2 for value in values
    )

    assert abs(left - also_left) <= 1
    assert abs(right - also_right) <= 1
    assert abs((left + right) / 2 - area.paper / 2) <= 1
    assert abs(last - area.paper / 2) <= 1
    assert len({mark.x for mark in marks if isinstance(mark, Box)}) == 1


def test_every_cut_ends_a_piece_of_paper_and_empty_pieces_do_not_print() -> None:
    slip = Slip((Feed(1), Cut(), Cut(), Text("hai")))

    assert pieces(slip) == ((Feed(1),), (Text("hai"),))
    assert len(draw_slip(slip, 80)) == 2


def test_every_kind_of_slip_has_a_golden_picture() -> None:
    assert {kind for kind, _ in SLIPS.values()} == _KINDS.keys()
