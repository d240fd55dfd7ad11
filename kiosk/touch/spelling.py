"""A text as it is to be spoken: numbers, dates, hours, amounts and codes in words; pure.

Speech engines misread digits (15, 25 and 115 in Vietnamese), so they are given none.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from display.numbers import ALPHABET, NORTH, number_clips, said, ticket_clips
from kiosk.texts import FIRST, texts

if TYPE_CHECKING:
    from kiosk.texts import Texts

_TOKEN: Final = re.compile(r"[^\W_]*\d[^\W_]*(?:[-./:,_][^\W_]+)*")
_RANGE: Final = re.compile(r"(?<![\w./:-])(\d{1,4})\s?–\s?(\d{1,4})(?![\w./:-])")
_DATE: Final = re.compile(r"(\d{1,2})/(\d{1,2})(?:/(\d{4}))?")
_CLOCK: Final = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_THOUSANDS: Final = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_SHARE: Final = re.compile(r"(\d{1,3})[.,](\d{1,2})")
_WHOLE: Final = re.compile(r"0|[1-9]\d{0,3}")
# "VND 8,000" and "8.000 đ", as texts.money writes them.
_MONEY: Final = re.compile(r"VND (\d[\d.,]*)|(\d[\d.,]*) đ(?!\w)")
_BETWEEN: Final = re.compile(r"(?<=[^\W\d_])/(?=[^\W\d_])")
_SIGNS: Final = str.maketrans({"·": ",", "•": " ", "…": " ", "*": " ", "_": " ", "–": ","})


def spelled(text: str, language: str, region: str = NORTH) -> str:
    """The text without a digit in it, in the words of the language, and of its region."""
    words = texts(language)
    told = _RANGE.sub(lambda m: words.say("said.range", low=m[1], high=m[2]), text)
    told = _MONEY.sub(lambda m: words.say("said.money", amount=m[1] or m[2]), told)
    told = _TOKEN.sub(lambda m: _after(m.string[: m.start()], _token(m[0], words, region)), told)
    return " ".join(_BETWEEN.sub(" ", told).translate(_SIGNS).split()).replace(" ,", ",")


def number(value: int, language: str, region: str = NORTH) -> str:
    """As the hall says it, too."""
    return said(number_clips(value, language), language, region)


def one_by_one(code: str, language: str) -> str:
    """A number or code sign by sign; what parts it is a pause."""
    parts = [part for part in re.split(r"[^\w]|_", code) if part]
    return ", ".join(" ".join(_sign(sign, language) for sign in part) for part in parts)


def _after(before: str, told: str) -> str:
    """A date without its first word where the text says that itself: "ngày 23/11"."""
    first, _, rest = told.partition(" ")
    said = before.split()[-1:]
    return rest if rest and said and said[0].lower() == first.lower() else told


def _token(token: str, words: Texts, region: str) -> str:
    if match := _DATE.fullmatch(token):
        return _date(int(match[1]), int(match[2]), match[3], words, region) or one_by_one(
            token, words.language
        )
    if match := _CLOCK.fullmatch(token):
        hour, minute = (number(int(part), words.language, region) for part in match.groups())
        key = "said.hour" if int(match[2]) == 0 else "said.clock"
        return words.say(key, hour=hour, minute=minute)
    if _THOUSANDS.fullmatch(token):
        return number(int(re.sub(r"\D", "", token)), words.language, region)
    if match := _SHARE.fullmatch(token):
        whole = number(int(match[1]), words.language, region)
        return words.say("said.share", whole=whole, part=one_by_one(match[2], words.language))
    if _WHOLE.fullmatch(token):
        return number(int(token), words.language, region)
    return one_by_one(token, words.language)


def _date(day: int, month: int, year: str | None, words: Texts, region: str) -> str:
    """ "" where it is none."""
    if not (1 <= day <= 31 and 1 <= month <= 12):
        return ""
    language = words.language
    named = number(month, language) if language == FIRST else words.month(month)
    facts = {"day": number(day, language), "month": named}
    if year is None:
        return words.say("said.day", **facts)
    return words.say("said.date", **facts, year=number(int(year), language, region))


def _sign(sign: str, language: str) -> str:
    known = sign.upper() in ALPHABET or sign in "0123456789"
    return said(ticket_clips(sign.upper()), language) if known else sign
