"""A third language is only a file: put there, named in kiosk.toml, and everything speaks it."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from kiosk.check import inspect
from kiosk.config import load
from kiosk.counter.settings import load_settings
from kiosk.mistakes import BadConfig
from kiosk.office.slips import slip_data
from kiosk.office.tickets import take_ticket
from kiosk.texts import FIRST, add_languages, languages, operator_texts, texts
from tests.hall import centre_at
from tests.speaking import PSEUDO, pseudo_spoken
from tests.web.serving import served
from tools import pseudo
from tools.translations import facts_in

if TYPE_CHECKING:
    from collections.abc import Iterator

SHIPPED = Path(__file__).parents[1] / "kiosk.toml"
HEAD = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n'
KHMER = (
    HEAD
    + """
msgid "language.name"
msgstr "ភាសាខ្មែរ"

msgid "touch.done"
msgstr "រួចរាល់"

msgid "touch.back"
msgstr ""

msgid "common.counter"
msgstr "បញ្ជរ {counter} {price}"

msgid "common.appointment"
msgstr "{time.__class__}"

msgid "no.such.key"
msgstr "?"
"""
)


@pytest.fixture(autouse=True)
def none_left(tmp_path: Path) -> Iterator[None]:
    yield
    add_languages(tmp_path / "none")


def office(folder: Path, speaks: str, **files: str) -> Path:
    """A kiosk.toml whose office speaks these, with catalogues beside it."""
    (folder / "translations").mkdir()
    for name, text in files.items():
        (folder / "translations" / f"{name}.po").write_text(text, "utf-8")
    path = folder / "kiosk.toml"
    text = SHIPPED.read_text("utf-8").replace('languages = ["vi", "en"]', f"languages = {speaks}")
    path.write_text(text, "utf-8")
    return path


def test_a_file_and_its_name_in_the_list_make_a_language(tmp_path: Path) -> None:
    config = load(office(tmp_path, '["vi", "km"]', km=KHMER))

    assert config.office.languages == ("vi", "km")
    assert languages() == ("vi", "en", "km")
    assert texts("km").say("language.name") == "ភាសាខ្មែរ"
    assert texts("km").name({"vi": "Hộ tịch", "km": "អត្រានុកូលដ្ឋាន"}) == "អត្រានុកូលដ្ឋាន"


def test_what_it_does_not_say_is_said_in_the_first_language(tmp_path: Path) -> None:
    load(office(tmp_path, '["vi", "km"]', km=KHMER))
    km, vi = texts("km"), texts(FIRST)

    assert km.say("touch.back") == vi.say("touch.back")
    assert km.count("common.people", 3) == vi.count("common.people", 3)
    assert km.say("common.counter", counter=2) == vi.say("common.counter", counter=2), (
        "a sentence with a fact that nobody gives"
    )
    assert km.say("common.appointment", time="08:00") == vi.say("common.appointment", time="08:00")
    assert not km.has("no.such.key")
    assert km.keys() == {"language.name", "touch.done"}


def test_the_technician_is_told_how_complete_it_is_and_what_paper_lacks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGUAGE", "en")
    found = inspect(load(office(tmp_path, '["vi", "km"]', km=KHMER)))

    (khmer,) = [finding for finding in found if "km.po" in finding.detail]
    assert not khmer.ready
    assert f"2 of {len(texts(FIRST).keys())} sentences" in khmer.detail
    assert "The font lacks these characters" in khmer.detail


@pytest.mark.parametrize("raw", ['msgid "a', "\0\0"])
def test_a_file_that_cannot_be_read_is_a_mistake_with_its_path(tmp_path: Path, raw: str) -> None:
    path = office(tmp_path, '["vi", "km"]', km=raw)

    with pytest.raises(BadConfig) as bad:
        load(path)

    (problem,) = bad.value.problems
    assert problem.told(texts("en")).startswith(
        f"office.languages: the language file {tmp_path / 'translations' / 'km.po'} cannot be read"
    )


def test_a_language_without_a_file_is_told_with_those_that_there_are(tmp_path: Path) -> None:
    with pytest.raises(BadConfig) as bad:
        load(office(tmp_path, '["vi", "zh"]', km=KHMER))

    assert [problem.told(texts("en")) for problem in bad.value.problems] == [
        "office.languages[2]: there is no language 'zh'; there are: vi, en, km. "
        "To add it, put translations/zh.po beside this file."
    ]


def test_our_own_languages_stay_whole_and_another_office_has_its_own(tmp_path: Path) -> None:
    load(office(tmp_path, '["vi", "km"]', km=KHMER, en=KHMER))
    assert texts("en").say("touch.done") != "រួចរាល់"

    load(SHIPPED)
    assert languages() == ("vi", "en")


def test_a_clerk_s_pc_has_one_by_a_file_too(tmp_path: Path) -> None:
    office(tmp_path, "[]", km=KHMER)
    path = tmp_path / "counter.toml"
    path.write_text('[window]\nserver = "http://x"\nlanguage = "km"\n', "utf-8")

    assert load_settings(path).window.language == "km"


def test_the_made_language_has_every_sentence_longer_with_its_facts() -> None:
    sentences = texts(FIRST)
    for key in sentences.keys():  # noqa: SIM118 (a method of its own)
        text = sentences._sentences[key][0]
        made = pseudo.pseudo(text)
        assert facts_in((made,)) == facts_in((text,))
        if made != text:
            assert made.strip().startswith("[")
            assert made.removesuffix(": ").endswith("]")
            shown = [re.sub(r"\{[^{}]*\}", "", one) for one in (text, made)]
            assert len(shown[1]) >= 1.4 * len(shown[0].strip())


def test_paper_pages_and_mistakes_speak_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", PSEUDO)
    with pseudo_spoken(tmp_path):
        words = texts(PSEUDO)
        centre = replace(centre_at(tmp_path / "kiosk.db"), languages=(FIRST, PSEUDO))
        place = take_ticket(centre, service="A", actor="test", language=PSEUDO).place
        slip = str(slip_data(centre, place, words))
        assert words.say("slip.go_to") in slip

        with served(centre) as address:
            page = httpx.get(f"{address}/so/{place.ticket.id}?lang={PSEUDO}").text
        assert f'lang="{PSEUDO}"' in page
        assert words.say("language.name") not in page, "the page is in that language itself"
        assert "[" in page

        assert operator_texts() is words
        assert words.say("config.missing").startswith("[")
