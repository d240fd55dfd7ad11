"""How numbers are said: a ticket's letter by letter and digit by digit, a counter's as a number.

What is said is a row of clip names: "letter-a" (of Đ "letter-dd"), "number-0" to "number-9", and
what a language needs besides. In Vietnamese "number-x5" is *lăm*, the five behind a ten,
"number-x10" is *mươi*, the ten behind a digit, and "number-and" is *linh* or *lẻ*.
"""

from __future__ import annotations

from typing import Final

LARGEST: Final = 999_999
"""What is larger is said digit by digit."""
NORTH: Final = "north"

_DIGITS_VI: Final = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_VI: Final = {
    **{f"number-{n}": word for n, word in enumerate(_DIGITS_VI)},
    "number-x1": "mốt",
    "number-x4": "tư",
    "number-x5": "lăm",
    "number-10": "mười",
    "number-x10": "mươi",
    "number-x100": "trăm",
    "number-x1000": "nghìn",
    "number-and": "linh",
}
_VI_ELSEWHERE: Final = {"number-x1000": "ngàn", "number-and": "lẻ"}
_LETTERS_VI: Final = {
    "A": "a", "B": "bê", "C": "xê", "D": "dê", "Đ": "đê", "E": "e", "F": "ép phờ", "G": "gờ",
    "H": "hát", "I": "i", "J": "gi", "K": "ca", "L": "lờ", "M": "mờ", "N": "nờ", "O": "o",
    "P": "pê", "Q": "quy", "R": "rờ", "S": "sờ", "T": "tê", "U": "u", "V": "vê", "W": "vê kép",
    "X": "ích", "Y": "y dài", "Z": "dét",
}  # fmt: skip

_TEENS_EN: Final = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen",
)  # fmt: skip
_TENS_EN: Final = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_EN: Final = {
    **{f"number-{n}": word for n, word in enumerate(_TEENS_EN)},
    **{f"number-{n * 10}": word for n, word in enumerate(_TENS_EN, 2)},
    "number-x100": "hundred",
    "number-x1000": "thousand",
    "number-and": "and",
}
_LETTERS_EN: Final = {
    "A": "ay", "B": "bee", "C": "cee", "D": "dee", "Đ": "dee", "E": "ee", "F": "eff", "G": "gee",
    "H": "aitch", "I": "eye", "J": "jay", "K": "kay", "L": "ell", "M": "em", "N": "en", "O": "oh",
    "P": "pea", "Q": "cue", "R": "are", "S": "ess", "T": "tea", "U": "you", "V": "vee",
    "W": "double you", "X": "ex", "Y": "why", "Z": "zed",
}  # fmt: skip

ALPHABET: Final = tuple(_LETTERS_VI)


def letter_clip(letter: str) -> str:
    return "letter-dd" if letter == "Đ" else f"letter-{letter.lower()}"


def words(language: str, region: str = NORTH) -> dict[str, str]:
    """Every clip of letters and numbers, with the words that are spoken in it."""
    if language == "vi":
        numbers = _VI if region == NORTH else _VI | _VI_ELSEWHERE
        letters = _LETTERS_VI
    elif language == "en":
        numbers, letters = _EN, _LETTERS_EN
    else:
        numbers = {f"number-{n}": str(n) for n in range(10)}
        letters = {letter: letter for letter in ALPHABET}
    return {**numbers, **{letter_clip(letter): word for letter, word in letters.items()}}


def ticket_clips(number: str) -> tuple[str, ...]:
    """A ticket's number, sign by sign: A025 is "a", "không", "hai", "năm"."""
    return tuple(f"number-{sign}" if sign.isdigit() else letter_clip(sign) for sign in number)


def number_clips(n: int, language: str) -> tuple[str, ...]:
    """A whole number as the language says it; of one that has no speller here, its digits."""
    spell = {"vi": _vietnamese, "en": _english}.get(language)
    if spell is None or not 0 <= n <= LARGEST:
        return tuple(f"number-{digit}" for digit in str(abs(n)))
    return tuple(f"number-{part}" for part in spell(n))


def said(clips: tuple[str, ...], language: str, region: str = NORTH) -> str:
    """The words of the clips, as one reads them."""
    known = words(language, region)
    return " ".join(known[clip] for clip in clips)


def _vietnamese(n: int) -> tuple[str, ...]:
    thousands, rest = divmod(n, 1000)
    if not thousands:
        return _hundreds(rest)
    behind = _hundreds(rest, whole=True) if rest else ()
    return (*_hundreds(thousands), "x1000", *behind)


def _hundreds(n: int, *, whole: bool = False) -> tuple[str, ...]:
    """Below a thousand. ``whole``: behind thousands the hundreds are said even when there are none,
    as in "một nghìn không trăm linh một"."""
    hundreds, rest = divmod(n, 100)
    if not hundreds and not whole:
        return _tens(rest)
    head = (str(hundreds), "x100")
    if not rest:
        return head
    return (*head, "and", str(rest)) if rest < 10 else (*head, *_tens(rest))


def _tens(n: int) -> tuple[str, ...]:
    tens, ones = divmod(n, 10)
    if not tens:
        return (str(ones),)
    head = ("10",) if tens == 1 else (str(tens), "x10")
    if not ones:
        return head
    changed = {5: "x5"} if tens == 1 else {1: "x1", 4: "x4", 5: "x5"}
    return (*head, changed.get(ones, str(ones)))


def _english(n: int) -> tuple[str, ...]:
    if n < 20:
        return (str(n),)
    if n < 100:
        tens, ones = divmod(n, 10)
        return (str(tens * 10), *((str(ones),) if ones else ()))
    if n < 1000:
        hundreds, rest = divmod(n, 100)
        return (str(hundreds), "x100", *(("and", *_english(rest)) if rest else ()))
    thousands, rest = divmod(n, 1000)
    behind = ("and", *_english(rest)) if 0 < rest < 100 else _english(rest) if rest else ()
    return (*_english(thousands), "x1000", *behind)
