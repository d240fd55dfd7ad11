from __future__ import annotations

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from display.numbers import ALPHABET, LARGEST, number_clips, said, ticket_clips, words

HARD_VI = {
    0: "không",
    1: "một",
    4: "bốn",
    5: "năm",
    10: "mười",
    11: "mười một",
    14: "mười bốn",
    15: "mười lăm",
    19: "mười chín",
    20: "hai mươi",
    21: "hai mươi mốt",
    24: "hai mươi tư",
    25: "hai mươi lăm",
    31: "ba mươi mốt",
    44: "bốn mươi tư",
    51: "năm mươi mốt",
    55: "năm mươi lăm",
    99: "chín mươi chín",
    100: "một trăm",
    101: "một trăm linh một",
    104: "một trăm linh bốn",
    105: "một trăm linh năm",
    110: "một trăm mười",
    111: "một trăm mười một",
    115: "một trăm mười lăm",
    121: "một trăm hai mươi mốt",
    205: "hai trăm linh năm",
    555: "năm trăm năm mươi lăm",
    999: "chín trăm chín mươi chín",
    1000: "một nghìn",
    1001: "một nghìn không trăm linh một",
    1005: "một nghìn không trăm linh năm",
    1010: "một nghìn không trăm mười",
    1015: "một nghìn không trăm mười lăm",
    1021: "một nghìn không trăm hai mươi mốt",
    1100: "một nghìn một trăm",
    1105: "một nghìn một trăm linh năm",
    2025: "hai nghìn không trăm hai mươi lăm",
    4444: "bốn nghìn bốn trăm bốn mươi tư",
    5000: "năm nghìn",
    9999: "chín nghìn chín trăm chín mươi chín",
    10_000: "mười nghìn",
    21_005: "hai mươi mốt nghìn không trăm linh năm",
    100_000: "một trăm nghìn",
    1_000_000: "một không không không không không không",
}
HARD_EN = {
    0: "zero",
    13: "thirteen",
    20: "twenty",
    21: "twenty one",
    40: "forty",
    100: "one hundred",
    101: "one hundred and one",
    115: "one hundred and fifteen",
    1000: "one thousand",
    1001: "one thousand and one",
    1015: "one thousand and fifteen",
    1100: "one thousand one hundred",
    9999: "nine thousand nine hundred and ninety nine",
    12_345: "twelve thousand three hundred and forty five",
}


@pytest.mark.parametrize(("n", "wanted"), HARD_VI.items())
def test_hard_numbers_are_said_as_a_vietnamese_says_them(n: int, wanted: str) -> None:
    assert said(number_clips(n, "vi"), "vi") == wanted


@pytest.mark.parametrize("region", ["central", "south"])
def test_the_south_and_the_centre_have_words_of_their_own(region: str) -> None:
    clips = number_clips(1005, "vi")
    assert said(clips, "vi", region) == "một ngàn không trăm lẻ năm"
    assert said(number_clips(2115, "vi"), "vi", region) == "hai ngàn một trăm mười lăm"


@pytest.mark.parametrize(("n", "wanted"), HARD_EN.items())
def test_hard_numbers_are_said_as_an_englishman_says_them(n: int, wanted: str) -> None:
    assert said(number_clips(n, "en"), "en") == wanted


UNITS = {word: n for n, word in enumerate(words("vi")[f"number-{n}"] for n in range(10))}


def meant(spoken: str) -> int:
    """What a listener understands; a reader of its own, from left to right."""
    total = part = 0
    for word in re.findall(r"không trăm|\w+", spoken):
        if word == "nghìn":
            total, part = part * 1000, 0
        elif word == "trăm":
            part *= 100
        elif word == "mười":
            part += 10
        elif word == "mươi":
            part += part % 10 * 9
        elif word not in ("linh", "không trăm"):
            part += {"mốt": 1, "tư": 4, "lăm": 5, **UNITS}[word]
    return total + part


def test_every_number_to_9999_is_understood_and_no_two_sound_alike() -> None:
    heard = {n: said(number_clips(n, "vi"), "vi") for n in range(10_000)}
    assert {n: meant(spoken) for n, spoken in heard.items()} == {n: n for n in range(10_000)}
    for n, spoken in heard.items():
        assert not re.search(r"mười (mốt|tư|năm)|mươi (một|bốn|năm)\b|mười mươi", spoken), n
        assert ("mốt" in spoken) == (n % 10 == 1 and n % 100 > 20), n
        assert ("lăm" in spoken) == (n % 10 == 5 and n % 100 > 10), n
        assert ("linh" in spoken) == (n > 100 and 0 < n % 100 < 10), n
        assert ("không trăm" in spoken) == (n > 1000 and 0 < n % 1000 < 100), n
    assert len({number_clips(n, "en") for n in range(10_000)}) == 10_000


@given(st.integers(0, LARGEST), st.sampled_from(["vi", "en", "xx"]))
def test_every_number_is_made_of_words_that_are_there(n: int, language: str) -> None:
    assert set(number_clips(n, language)) <= words(language).keys()


def test_a_ticket_is_said_sign_by_sign() -> None:
    assert said(ticket_clips("A025"), "vi") == "a không hai năm"
    assert said(ticket_clips("Đ115"), "vi") == "đê một một năm"
    assert said(ticket_clips("TTHC1000"), "vi") == "tê tê hát xê một không không không"
    assert said(ticket_clips("A025"), "en") == "ay zero two five"


@pytest.mark.parametrize("language", ["vi", "en", "xx"])
def test_every_letter_has_a_name_and_in_vietnamese_one_of_its_own(language: str) -> None:
    assert set(ALPHABET) == {*string.ascii_uppercase, "Đ"}
    assert set(ticket_clips("".join(ALPHABET))) <= words(language).keys()
    named = [words("vi")[clip] for clip in ticket_clips("".join(ALPHABET))]
    assert len(set(named)) == len(named)
