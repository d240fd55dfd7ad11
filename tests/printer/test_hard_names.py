"""Names as bad as they come: the slip is sound, nothing is lost, nothing leaves the paper."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from printer import fonts
from printer.fonts import REPLACEMENT, draws
from printer.layout import lay_out
from printer.marks import Box, Dots, Run, Stamp, Stripes, area_of
from printer.paragraph import clean
from printer.raster import draw_slip
from printer.slip import (
    DOTS_PER_MM,
    HEADS,
    Align,
    Band,
    Fact,
    Facts,
    Grid,
    GridRow,
    Items,
    Letterhead,
    Line,
    Number,
    Qr,
    Rows,
    Signatures,
    Slip,
    Text,
    Weight,
    pieces,
)
from printer.slips import draw
from printer.slips.test_page import GLYPHS
from tests.printer.samples import SLIPS, TICKET

HEADS_THERE = [(dpi, paper) for dpi, papers in HEADS.items() for paper in papers]

HARD = {
    "300 letters in a word": "Nghiêng" * 43,
    "300 letters in words": "Đặng Thị Nguyệt Quế " * 15,
    "300 of the widest": "W" * 300,
    "emoji": "Nguyễn 😀 Văn 👨‍👩‍👧 An 👍🏽 🇻🇳 ❤️",
    "decomposed": unicodedata.normalize("NFD", "Nguyễn Thị Ngọc Ánh, Ấp Ở Ẵ"),
    "marks without a letter": "\u0301\u0323 a \u0302\u0302\u0302",
    "marks upon marks": "N" + "\u0301\u0323\u0302\u0309" * 20 + "i\u0302l\u0308",
    "right to left": "שלום عليكم An \u202eabc\u202c",
    "controls": "\x00\x1b@\x1dV\x00An\x7f\x10\x04\x01\r\n\t\u2028Bình\u200b\ufeff",
    "private and unassigned": "An \ue000 \U000e0fff \uffff",
    "half a pair": "An \ud83d Bình",
    "Chinese and Cyrillic": "阮文安 Нгуен",
    "nothing": "",
    "white space": " \t\u00a0\u3000\u2003 ",
}


def written(lines: tuple[Line, ...], paper: int, dpi: int) -> list[Run]:
    """The letters on the paper, each line of them proved to lie on it with everything else."""
    area = area_of(paper, dpi)
    runs = []
    marks, height = lay_out(lines, area)
    for mark in marks:
        match mark:
            case Run():
                left, top, right, bottom = fonts.ink(mark.text, mark.weight, mark.size)
                box = (mark.x + left, mark.baseline + top, mark.x + right, mark.baseline + bottom)
                runs.append(mark)
            case Box():
                box = (mark.x, mark.y, mark.right, mark.bottom)
            case Stripes():
                quiet = mark.bars.quiet
                box = (mark.x - quiet, mark.y, mark.x + mark.bars.width + quiet, mark.bottom)
            case Dots():
                side, quiet = mark.matrix.width, mark.matrix.quiet
                box = (mark.x - quiet, mark.y - quiet, mark.x + side + quiet, mark.y + side)
            case Stamp():
                box = (mark.x, mark.y, mark.x + mark.picture.width, mark.y + mark.picture.height)
        assert 0 <= box[0] <= box[2] <= area.paper, mark
        assert 0 <= box[1] <= box[3] <= height, mark
    return runs


def lines_of(text: str) -> tuple[Line, ...]:
    """Everything of a slip that bears words, all saying the same."""
    fact = Fact(text, text)
    return (
        Text(text, align=Align.LEFT),
        Text(text, 5.2, Weight.EXTRABOLD, Align.RIGHT),
        Letterhead(text, text),
        Number(text),
        Band(text),
        Facts((fact, fact, fact)),
        Rows((fact,)),
        Items((fact,)),
        Grid((text, text), (GridRow(text, ((text, text), (text, ""))),)),
        Signatures((fact, fact), text),
        Qr("https://motcua.example.vn", text),
    )


@pytest.mark.parametrize(("dpi", "paper"), HEADS_THERE)
@pytest.mark.parametrize("name", HARD)
def test_no_name_breaks_a_slip_or_leaves_the_paper(name: str, dpi: int, paper: int) -> None:
    lines = lines_of(HARD[name])

    written(lines, paper, dpi)
    (picture,) = draw_slip(Slip(lines), paper, dpi)

    assert picture.width == HEADS[dpi][paper]


def known(letter: str) -> str:
    """A letter of which the font has only the parts, as these."""
    parts = unicodedata.normalize("NFD", letter)
    return parts if not draws(letter) and all(map(draws, parts)) else letter


@given(st.text(st.characters(codec=None, exclude_categories=()), max_size=40))
@example("\ud800")
@example("i\u0302" * 5)
def test_every_letter_of_the_font_prints_and_every_other_leaves_a_box(text: str) -> None:
    composed = "".join(map(known, unicodedata.normalize("NFC", text)))
    whole = [
        letter
        for letter in composed
        if draws(letter)
        and not letter.isspace()
        and unicodedata.category(letter) not in ("Cc", "Cf")
    ]
    strange = [
        letter
        for letter in composed
        if not draws(letter)
        and not letter.isspace()
        and unicodedata.category(letter) not in ("Cc", "Cf", "Mn", "Mc", "Me", "Sk")
    ]
    runs = written((Text(text, align=Align.LEFT),), 58, 203)
    told = "".join(run.text for run in runs)

    assert [letter for letter in told if letter not in f" \u00a0{REPLACEMENT}"] == whole
    assert told.count(REPLACEMENT) >= (1 if strange else 0)


@given(st.text(max_size=300))
def test_any_name_makes_a_sound_ticket_and_a_sound_receipt(name: str) -> None:
    kind, receipt = SLIPS["receipt-vi"]
    data: dict[str, object] = {**TICKET, "service": name, "office": name, "facts": [[name, name]]}
    form = {**receipt, "facts": [[name, name]], "papers": [[name, name]], "office": name}
    for slip in (draw("ticket", data), draw(kind, form)):
        for paper in (58, 80):
            for piece in pieces(slip):
                written(piece, paper, 203)


def test_decomposed_and_composed_names_are_the_same_letters() -> None:
    name = "Nguyễn Thị Ngọc Ánh, Ấp Ở Ẵ"

    assert clean(unicodedata.normalize("NFD", name)) == name


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("An 😀", f"An {REPLACEMENT}"),
        ("👍🏽", REPLACEMENT),
        ("❤️", REPLACEMENT),
        ("שלום", REPLACEMENT * 4),
        ("a\u202eb", "ab"),
        ("a\x1b@b", "a@b"),
        ("a\r\nb\u2028c", "a b c"),
        ("\ud83d", REPLACEMENT),
        ("\ue000", REPLACEMENT),
        ("8.000\u00a0đ", "8.000\u00a0đ"),
        ("\u1e3f\u0144", "m\u0301\u0144"),
    ],
)
def test_what_cannot_print_is_seen_and_what_steers_is_not(text: str, expected: str) -> None:
    assert clean(text) == expected


def test_the_font_has_every_letter_of_the_language() -> None:
    letters = {letter for line in GLYPHS for letter in line if letter != " "}
    vowels = "AĂÂEÊIOÔƠUƯY"
    tones = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
    spoken = {unicodedata.normalize("NFC", v + t) for v in vowels + vowels.lower() for t in tones}

    assert spoken | set("BCDĐGHKLMNPQRSTVXbcdđghklmnpqrstvx₫") <= letters
    assert all(draws(letter) for letter in letters)


def test_a_letter_that_is_missing_is_seen_on_paper() -> None:
    (box,) = draw_slip(Slip((Text("😀"),)), 80)

    assert box.convert("L").getextrema() == (0, 255)


def test_a_name_shrinks_to_the_floor_and_no_further() -> None:
    for dpi, paper in HEADS_THERE:
        area = area_of(paper, dpi)
        for name in HARD.values():
            for run in written(lines_of(name), paper, dpi):
                assert run.size >= area.dots(2.5)


def test_large_figures_of_a_narrow_summary_stand_apart() -> None:
    told = ("1.234", "1.198", "236", "123,4", "135,6")
    heads = ("Gọi", "Phục vụ", "Vắng", "Chờ", "Mỗi lượt")
    grid = Grid(heads, (GridRow("Đất đai", tuple((figure, "100,0 %") for figure in told)),))
    figures = [run for run in written((grid,), 58, 203) if run.text in told]

    assert [run.text for run in figures] == list(told)
    for one, following in pairwise(figures):
        assert one.baseline == following.baseline
        end = one.x + fonts.length(one.text, one.weight, one.size)
        assert following.x - end >= DOTS_PER_MM
