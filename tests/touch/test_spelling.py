"""What is spoken has no digit in it, and says what the eye reads."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.touch.spelling import spelled

VI = {
    "Số thứ tự của Ông/Bà: A025": "Số thứ tự của Ông Bà: a không hai năm",
    "Quầy 1 · 4": "Quầy một, bốn",
    "Lúc 07:30": "Lúc bảy giờ ba mươi phút",
    "H15.50.05-261118-0007": (
        "hát một năm, năm không, không năm, hai sáu một một một tám, không không không bảy"
    ),
    "15 người, 25 phút, 115 số": "mười lăm người, hai mươi lăm phút, một trăm mười lăm số",
    "8.000 đ": "tám nghìn đồng",
    "0912345432": "không chín một hai ba bốn năm bốn ba hai",
    "101/2024/NĐ-CP": "một không một, hai không hai bốn, nờ đê, xê pê",
    "•••8": "tám",
    "N. T. T. H***": "N. T. T. H",
}
EN = {
    "Your number: A025": "Your number: ay zero two five",
    "at 7:00": "at seven o'clock",
    "32/13": "three two, one three",
}


@pytest.mark.parametrize(("text", "told"), VI.items())
def test_vietnamese(text: str, told: str) -> None:
    assert spelled(text, "vi") == told


@pytest.mark.parametrize(
    ("region", "told"),
    [
        ("north", "một trăm linh năm số, hai nghìn không trăm linh một đồng"),
        ("south", "một trăm lẻ năm số, hai ngàn không trăm lẻ một đồng"),
    ],
)
def test_the_region_of_the_voice_has_its_own_words(region: str, told: str) -> None:
    assert spelled("105 số, 2.001 đ", "vi", region) == told


@pytest.mark.parametrize(("text", "told"), EN.items())
def test_english(text: str, told: str) -> None:
    assert spelled(text, "en") == told


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Thứ Hai, 23/11/2026", ("Thứ Hai, ngày ", " tháng ", " năm ")),
        ("trước ngày 03/02", ("trước ngày ", " tháng ")),
        ("10–15 phút", (" đến ", " phút")),
        ("Lệ phí 8.000 đ", ("Lệ phí ", " đồng")),
        ("98,2 %", (" phẩy hai",)),
    ],
)
def test_dates_ranges_and_amounts_are_said_as_such(text: str, parts: tuple[str, ...]) -> None:
    told = spelled(text, "vi")
    assert all(part in told for part in parts), told
    assert "ngày ngày" not in told


@given(st.text(max_size=80), st.sampled_from(["vi", "en"]))
def test_no_engine_is_given_a_digit(text: str, language: str) -> None:
    assert not any(sign in "0123456789" for sign in spelled(text, language))
