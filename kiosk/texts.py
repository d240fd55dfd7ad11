"""Every sentence, by key and language; one gettext catalogue per language in assets/translations.

A key is dotted and says where it stands (``touch.home.question``). Facts stand in braces. Dates,
numbers and money follow the language's own habits (CLDR, by Babel).
"""

from __future__ import annotations

import os
from functools import cache, lru_cache
from gettext import c2py
from importlib.resources import files
from io import BytesIO
from typing import TYPE_CHECKING, Final

from babel import Locale, dates, numbers
from babel.messages.pofile import read_po

from kiosk.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date as Day
    from datetime import datetime, time

    from kiosk.errors import Unavailable

FIRST: Final = "vi"


class Texts:
    """The sentences of one language. An unknown key or a missing fact is a bug and raises."""

    def __init__(self, language: str) -> None:
        self.language = language
        source = files("assets") / "translations" / f"{language}.po"
        self._locale = Locale.parse(language)
        catalogue = read_po(BytesIO(source.read_bytes()), locale=self._locale)
        self._plural = c2py(catalogue.plural_expr)
        self._sentences: dict[str, tuple[str, ...]] = {}
        for message in catalogue:
            if message.id:
                key = message.id if isinstance(message.id, str) else message.id[0]
                text = message.string or ""
                self._sentences[key] = (text,) if isinstance(text, str) else tuple(text)

    def say(self, key: str, **facts: object) -> str:
        return self._sentences[key][0].format(**facts)

    def count(self, key: str, n: int, **facts: object) -> str:
        """The sentence in the plural form for ``n``, which it may show as {n}."""
        forms = self._sentences[key]
        return forms[self._plural(n) if len(forms) > 1 else 0].format(n=self.number(n), **facts)

    def has(self, key: str) -> bool:
        return key in self._sentences

    def under(self, prefix: str) -> dict[str, str]:
        """The plain sentences whose key starts with ``prefix``, without it: what a page needs."""
        return {
            key.removeprefix(prefix): forms[0]
            for key, forms in self._sentences.items()
            if key.startswith(prefix) and len(forms) == 1 and "{" not in forms[0]
        }

    def keys(self) -> frozenset[str]:
        return frozenset(self._sentences)

    def name(self, names: Mapping[str, str]) -> str:
        """The name in this language, or in the first language that has one."""
        return names.get(self.language) or names.get(FIRST) or next(iter(names.values()))

    def number(self, value: float) -> str:
        """Below a thousand whole numbers are plain digits in every language here."""
        if isinstance(value, int) and 0 <= value < 1000:
            return str(value)
        return _decimal(value, self._locale)

    def percent(self, share: float) -> str:
        """A share of 1 with one decimal, as reports want it: 0.982 is "98,2 %"."""
        figure = numbers.format_decimal(share * 100, "#,##0.0", locale=self._locale)
        return f"{figure} %" if self.language == FIRST else f"{figure}%"

    def money(self, dong: int) -> str:
        """An amount in Vietnamese dong: "8.000 đ", "VND 8,000"."""
        figure = self.number(dong)
        return f"{figure} đ" if self.language == FIRST else f"VND {figure}"

    def date(self, day: Day) -> str:
        return _date(day, self._locale)

    def official_date(self, day: Day) -> str:
        """As official papers write it (NĐ 30/2020/NĐ-CP, Phụ lục I): "03 tháng 02 năm 2027"."""
        if self.language != FIRST:
            return self.date(day)
        month = f"{day.month:02}" if day.month < 3 else f"{day.month}"
        return f"{day.day:02} tháng {month} năm {day.year}"

    def short_date(self, day: Day) -> str:
        return dates.format_date(day, "dd/MM", locale=self._locale)

    def long_date(self, day: Day) -> str:
        """With the day of the week: "Thứ Hai, 23/11/2026"."""
        return dates.format_date(day, "EEEE, dd/MM/yyyy", locale=self._locale)

    def month(self, month: int) -> str:
        """Its name: "tháng 11", "November"."""
        return str(dates.get_month_names("wide", "format", self._locale)[month])

    def clock(self, moment: datetime | time) -> str:
        return f"{moment:%H:%M}"

    def when(self, at: datetime, now: datetime | None = None) -> str:
        """The hour, and the day too unless it is that of ``now``: "07:30 thứ Hai, 23/11"."""
        if now is not None and at.date() == now.astimezone(at.tzinfo).date():
            return self.clock(at)
        day = dates.format_date(at, "EEEE, dd/MM", locale=self._locale).replace("Thứ", "thứ")
        return self.say("common.when", clock=self.clock(at), day=day)


# Every ticket bears these two, and Babel takes longer for them than the store for its row.
@lru_cache(maxsize=1000)
def _decimal(value: float, locale: Locale) -> str:
    return numbers.format_decimal(value, locale=locale)


@lru_cache(maxsize=10)
def _date(day: Day, locale: Locale) -> str:
    return dates.format_date(day, "dd/MM/yyyy", locale=locale)


@cache
def texts(language: str) -> Texts:
    return Texts(language)


@cache
def languages() -> tuple[str, ...]:
    """The languages that have a catalogue, the first language first."""
    found = sorted(
        entry.name.removesuffix(".po")
        for entry in (files("assets") / "translations").iterdir()
        if entry.name.endswith(".po")
    )
    return tuple(sorted(found, key=lambda language: (language != FIRST, language)))


def operator_texts() -> Texts:
    """The technician's language: that of the terminal when we speak it, else the first."""
    for variable in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        wanted = os.environ.get(variable, "")[:2]
        if wanted in languages():
            return texts(wanted)
    return texts(FIRST)


def told_to_technician(error: Refused | Unavailable, words: Texts) -> str:
    """Its sentence, before it the store that failed and after it the cause, as far as known."""
    kind = "refused" if isinstance(error, Refused) else "unavailable"
    store = f"{error.facts['store']}: " if "store" in error.facts else ""
    sentence = words.say(f"{kind}.{error.code}", **error.facts)
    why = str(error.facts.get("why", ""))
    return f"{store}{sentence}" + (f" ({why})" if why not in sentence else "")
