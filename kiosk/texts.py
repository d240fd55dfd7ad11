"""Every sentence, by key and language; one gettext catalogue per language in assets/translations.

A key is dotted and says where it stands (``touch.home.question``). Facts stand in braces. Dates,
numbers and money follow the language's own habits (CLDR, by Babel).

An office adds a language by a file: ``translations/km.po`` beside its kiosk.toml. What that does
not say yet, or says with facts that the first language does not have, is said in the first one.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from functools import cache, lru_cache
from gettext import c2py
from importlib.resources import files
from io import BytesIO
from string import Formatter
from typing import TYPE_CHECKING, Final

from babel import Locale, UnknownLocaleError, dates, numbers
from babel.messages.pofile import PoFileError, read_po

from kiosk.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date as Day
    from datetime import datetime, time
    from pathlib import Path

    from kiosk.errors import Unavailable

FIRST: Final = "vi"
BROKEN: Final = (OSError, UnicodeError, PoFileError, ValueError, KeyError, IndexError)
"""What reading a catalogue can meet."""

_added: dict[str, Path] = {}
_stamps: dict[str, tuple[int, int] | None] = {}


FILE: Final = re.compile(r"([a-z]{2,3}(?:_[A-Z]{2})?)\.po")
"""The name of a catalogue: the language's code as CLDR has it, or one of its own."""

Sentences = Mapping[str, tuple[str, ...]]


class Texts:
    """The sentences of one language. An unknown key or a missing fact is a bug and raises."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._locale = _locale(language)
        self._plural, own = _read(language, self._locale)
        self._own: Sentences = own
        self._sentences = own
        if language != FIRST:
            first = texts(FIRST)._sentences
            if language in _added:
                self._own = {k: forms for k, forms in own.items() if _fits(forms, first.get(k))}
            self._sentences = {**first, **self._own}

    def say(self, key: str, **facts: object) -> str:
        return self._sentences[key][0].format(**facts)

    def count(self, key: str, n: int, **facts: object) -> str:
        """The sentence in the plural form for ``n``, which it may show as {n}."""
        forms = self._sentences[key]
        form = min(self._plural(n), len(forms) - 1)
        return forms[form].format(n=self.number(n), **facts)

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
        """Of what is said in this language itself."""
        return frozenset(self._own)

    def letters(self) -> str:
        """Every letter of what is said in this language itself."""
        return "".join(sorted(set().union(*(set(text) for f in self._own.values() for text in f))))

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


def _locale(language: str) -> Locale:
    """Its habits; those of the first language for one that CLDR does not know."""
    try:
        return Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        return Locale.parse(FIRST)


def _read(language: str, locale: Locale) -> tuple[Callable[[int], int], Sentences]:
    """How plurals are chosen, and the sentences; none at all where the file cannot be read."""
    try:
        catalogue = read_po(BytesIO(_source(language)), locale=locale, abort_invalid=True)
        plural = c2py(catalogue.plural_expr)
    except BROKEN:
        if language not in _added:
            raise
        return (lambda _: 0), {}
    own: dict[str, tuple[str, ...]] = {}
    for message in catalogue:
        key = message.id if isinstance(message.id, str) else message.id[0] if message.id else ""
        text = message.string or ""
        forms = (text,) if isinstance(text, str) else tuple(text)
        if key and all(forms) and forms:
            own[key] = forms
    return plural, own


def _source(language: str) -> bytes:
    if language in _added:
        return _added[language].read_bytes()
    return (files("assets") / "translations" / f"{language}.po").read_bytes()


def _fits(forms: tuple[str, ...], first: tuple[str, ...] | None) -> bool:
    """Whether it asks for nothing that the first language's sentence is not given."""
    if first is None:
        return False
    given = {part for text in first for part in _asked(text)}
    given |= {(name, "", None) for name, _, _ in given}
    try:
        return all(part in given for text in forms for part in _asked(text))
    except ValueError:
        return False


def _asked(text: str) -> Iterator[tuple[str, str, str | None]]:
    for _, name, shape, turned in Formatter().parse(text):
        if name is not None:
            yield name, shape or "", turned


def add_languages(folder: Path) -> None:
    """Takes every ``xx.po`` of the folder as one more language, in place of those added before.

    A name that we have is ours: nobody's half of a catalogue may take the place of a whole one.
    """
    try:
        paths = sorted(folder.iterdir())
    except OSError:
        paths = []
    named = ((FILE.fullmatch(path.name), path) for path in paths)
    found = {name[1]: path for name, path in named if name and name[1] not in _shipped()}
    stamps = {language: _stamp(path) for language, path in found.items()}
    if stamps != _stamps:
        _added.clear()
        _added.update(found)
        _stamps.clear()
        _stamps.update(stamps)
        languages.cache_clear()
        texts.cache_clear()


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        now = path.stat()
    except OSError:
        return None
    return now.st_mtime_ns, now.st_size


def added_languages() -> Mapping[str, Path]:
    """The files of the languages that the office added, by code."""
    return dict(_added)


def flaw_of(language: str) -> str:
    """Why an added language's file cannot be read; "" where it can."""
    if language in _added:
        try:
            read_po(BytesIO(_source(language)), locale=_locale(language), abort_invalid=True)
        except BROKEN as error:
            return str(error) or type(error).__name__
    return ""


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
    return tuple(sorted({*_shipped(), *_added}, key=lambda one: (one != FIRST, one)))


@cache
def _shipped() -> frozenset[str]:
    return frozenset(
        entry.name.removesuffix(".po")
        for entry in (files("assets") / "translations").iterdir()
        if entry.name.endswith(".po")
    )


def operator_texts() -> Texts:
    """The technician's language: that of the terminal when we speak it, else the first."""
    for variable in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        wanted = re.match(r"[a-z]*", os.environ.get(variable, ""))
        if wanted and wanted[0] in languages():
            return texts(wanted[0])
    return texts(FIRST)


def told_to_technician(error: Refused | Unavailable, words: Texts) -> str:
    """Its sentence, before it the store that failed and after it the cause, as far as known."""
    kind = "refused" if isinstance(error, Refused) else "unavailable"
    store = f"{error.facts['store']}: " if "store" in error.facts else ""
    sentence = words.say(f"{kind}.{error.code}", **error.facts)
    why = str(error.facts.get("why", ""))
    return f"{store}{sentence}" + (f" ({why})" if why not in sentence else "")
