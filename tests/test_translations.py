"""The catalogues are complete, say the same in every language, and fit the code."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tools import translations

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_every_sentence_is_there_in_every_language_and_read_by_someone() -> None:
    found = translations.problems()

    assert not found, "\n".join(found)


def test_there_are_two_complete_languages() -> None:
    found = translations.catalogues()

    assert {"vi", "en"} <= found.keys()
    assert min(len(catalogue) for catalogue in found.values()) > 20


def catalogue(*entries: str) -> str:
    head = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
    return head + "".join(f"\n{entry}\n" for entry in entries)


def found_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, vi: str, en: str, code: str
) -> list[str]:
    places = tmp_path / "assets" / "translations"
    places.mkdir(parents=True)
    (tmp_path / "kiosk").mkdir()
    (tmp_path / "kiosk" / "page.py").write_text(code, "utf-8")
    for language, text in (("vi", vi), ("en", en)):
        (places / f"{language}.po").write_text(text, "utf-8")
    monkeypatch.setattr(translations, "ROOT", tmp_path)
    monkeypatch.setattr(translations, "CATALOGUES", places)
    return translations.problems()


HOME = 'msgid "touch.home"\nmsgstr "{n} người"'
CODE = 'texts.say("touch.home", n=1)\n'


def test_a_faultless_pair_passes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert found_in(tmp_path, monkeypatch, catalogue(HOME), catalogue(HOME), CODE) == []


def test_each_fault_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    extra = 'msgid "touch.extra"\nmsgstr "Thừa"'
    other_fact = 'msgid "touch.home"\nmsgstr "{people} people"'
    code = CODE + 'texts.say("touch.home")\ntexts.say("touch.none")\nraise Refused("closed")\n'

    found = "\n".join(
        found_in(tmp_path, monkeypatch, catalogue(HOME, extra), catalogue(other_fact), code)
    )

    for told in (
        r"en\.po: touch\.extra is missing",
        r"touch\.home tells \['people'\]",
        r"page\.py:2: touch\.home needs n",
        r"page\.py:3: there is no sentence touch\.none",
        r"there is no sentence refused\.closed",
        r"touch\.extra: nothing reads",
    ):
        assert re.search(told, found), f"{told} not in:\n{found}"


def test_a_broken_catalogue_is_told_before_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    faults = catalogue(
        HOME,
        HOME,
        '#, fuzzy\nmsgid "touch.a"\nmsgstr "ngươ\u0300i"',
        'msgid "touch.b"\nmsgstr ""',
        'msgid "touch.c"\nmsgstr "{n"',
    )

    found = "\n".join(found_in(tmp_path, monkeypatch, faults, catalogue(HOME), CODE))

    for told in ("touch.home stands 2 times", "NFC", "touch.a is fuzzy", "touch.b is empty"):
        assert told in found
    assert "touch.c has a broken brace" in found
