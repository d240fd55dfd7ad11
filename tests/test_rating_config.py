from __future__ import annotations

import re
import tomllib
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from kiosk.check import inspect
from kiosk.office.centre import open_centre
from kiosk.ratings import MOODS, USUAL, Scale
from kiosk.texts import texts
from tests.test_config import LEAST, SHIPPED, read, told

if TYPE_CHECKING:
    from pathlib import Path

FIVE = """
[rating]
seconds = 30
question.vi = "Ông/Bà có hài lòng không?"
levels = [
  { code = "bad" }, { code = "poor" }, { code = "fair" }, { code = "good" },
  { code = "great", name.vi = "Tuyệt vời", name.en = "Excellent" },
]
[display]
clerk_names = true
"""


def test_without_a_word_the_office_asks_in_three_levels_and_names_nobody(tmp_path: Path) -> None:
    centre = open_centre(read(tmp_path, LEAST))

    assert centre.rating == Scale()
    assert centre.rating.levels == USUAL
    assert not centre.clerk_names


def test_an_office_chooses_its_scale_and_its_words(tmp_path: Path) -> None:
    centre = open_centre(read(tmp_path, LEAST + FIVE))

    words = texts("vi")
    assert [level.name(words) for level in centre.rating.levels] == [
        "Rất không hài lòng", "Không hài lòng", "Bình thường", "Hài lòng", "Tuyệt vời",
    ]  # fmt: skip
    assert centre.rating.question(words) == "Ông/Bà có hài lòng không?"
    assert centre.rating.lasts == timedelta(seconds=30)
    assert centre.clerk_names


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            'levels = [{ code = "great" }]',
            "rating.levels: a scale has at least two levels.",
        ),
        (
            'levels = [{ code = "great" }, { code = "great" }]',
            "rating.levels: each level stands once.",
        ),
        (
            'levels = [{ code = "great" }, { code = "awful" }]',
            "rating.levels[2].code: 'awful' cannot be used; choose one of:"
            " 'great', 'good', 'fair', 'poor', 'bad'.",
        ),
        (
            'levels = [{ code = "great", name.en = "Fine" }, { code = "poor" }]',
            "rating.levels[1].name: a Vietnamese name (vi) is needed, and only these languages:"
            " vi, en.",
        ),
        (
            'levels = [{ code = "great", nam.vi = "Tốt" }, { code = "poor" }]',
            "rating.levels[1].nam: there is no such key. Did you mean “name”?",
        ),
        ("seconds = 3", "rating.seconds: must be at least 5, not 3."),
        ("seconds = 121", "rating.seconds: must be at most 120, not 121."),
        ('enabled = "no"', "rating.enabled: must be true or false, not 'no'."),
        (
            'question.en = "How was it?"',
            "rating.question: a Vietnamese name (vi) is needed, and only these languages: vi, en.",
        ),
    ],
)
def test_a_mistake_in_the_scale_is_told_with_its_place(
    tmp_path: Path, line: str, expected: str
) -> None:
    assert told(tmp_path, f"{LEAST}\n[rating]\n{line}\n") == [expected]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("", "they ask for a rating: Very satisfied, Satisfied, Dissatisfied"),
        ("[rating]\nenabled = false\n", "they ask for no rating"),
    ],
)
def test_the_check_tells_where_a_display_is_and_what_it_asks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: str, expected: str
) -> None:
    monkeypatch.setenv("LANGUAGE", "en")
    (found,) = [one for one in inspect(read(tmp_path, LEAST + more)) if "/display" in one.detail]

    assert found.ready
    assert found.detail == f"http://127.0.0.1:8080/counter/1/display; {expected}"


def test_names_of_clerks_are_a_yes_or_a_no(tmp_path: Path) -> None:
    assert told(tmp_path, f'{LEAST}\n[display]\nclerk_names = "yes"\n') == [
        "display.clerk_names: must be true or false, not 'yes'."
    ]


def test_the_shipped_file_tells_the_usual_words_and_every_level() -> None:
    block = SHIPPED.read_text("utf-8").split("\n[rating]\n")[1].split("\n[")[0]
    shown = tomllib.loads(re.sub(r"(?m)^# (?=question|levels|  \{|\])", "", block))

    for language in ("vi", "en"):
        words = texts(language)
        assert shown["question"][language] == words.say("rating.question")
        assert [level["name"][language] for level in shown["levels"]] == [
            level.name(words) for level in USUAL
        ]
    assert [level["code"] for level in shown["levels"]] == [level.code for level in USUAL]
    assert all(f'"{code}"' in block for code in MOODS)
