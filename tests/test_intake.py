"""The pattern of codes, and the section [intake] of kiosk.toml."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.config import load
from kiosk.dossiers import Status, is_code, is_free_code
from kiosk.intake import MOVES, Move, Pattern, is_id_number, is_phone, legal, plain_number
from kiosk.mistakes import BadConfig
from kiosk.texts import texts

DAY = date(2026, 8, 4)
UNIT = "H57.132"
SHIPPED = Path(__file__).parents[1] / "kiosk.toml"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{unit}-{yymmdd}-{n:04}", "H57.132-260804-0583"),
        ("{unit}-{yyyymmdd}-{n:07}", "H57.132-20260804-0000583"),
        ("HS/{yyyy}/{n}", "HS/2026/583"),
        ("{yy}{mm}-{n:05}", "2608-00583"),
    ],
)
def test_a_pattern_makes_codes(text: str, code: str) -> None:
    assert Pattern(text).mistake(UNIT, DAY) is None
    assert Pattern(text).code(UNIT, DAY, 583) == code
    assert is_free_code(code)


def test_the_usual_pattern_makes_codes_of_the_national_form() -> None:
    assert is_code(Pattern().code(UNIT, DAY, 1))


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("{unit}-{yymmdd}", "code_number"),
        ("{n}-{n}-{yy}", "code_number"),
        ("{yy:04}-{n}", "code_number"),
        ("{unit}-{n:04}", "code_dated"),
        ("{unit}-{mm}{dd}-{n:04}", "code_dated"),
        ("{unit}-{day}-{n}", "code_pattern"),
        ("{unit}-{yy}-{n:4}", "code_pattern"),
        ("{unit.__class__}{yy}{n}", "code_pattern"),
        ("HS {yy} {n}", "code_form"),
        ("hs-{yy}-{n}", "code_form"),
        ("X" * 45 + "{yy}{n}", "code_form"),
    ],
)
def test_a_pattern_that_makes_none_is_told(text: str, key: str) -> None:
    assert Pattern(text).mistake(UNIT, DAY) == key


@given(
    st.sampled_from(
        ["{unit}-{yymmdd}-{n:04}", "{yyyy}{n}", "{n}{yy}", "A{yy}{n}{mm}B", "{dd}-{n}-{yy}"]
    ),
    st.dates(date(2020, 1, 1), date(2060, 1, 1)),
    st.dates(date(2020, 1, 1), date(2060, 1, 1)),
    st.integers(1, 10**5),
    st.integers(1, 10**5),
)
def test_two_numbers_of_a_series_are_two_codes(
    text: str, day: date, other: date, n: int, m: int
) -> None:
    pattern = Pattern(text)
    same = pattern.series(UNIT, day) == pattern.series(UNIT, other)
    codes = pattern.code(UNIT, day, n), pattern.code(UNIT, other, m)
    assert (codes[0] == codes[1]) is (same and n == m)


def written(tmp_path: Path, section: str) -> Path:
    whole = SHIPPED.read_text("utf-8")
    start = whole.index("[intake]\n")
    end = whole.index("\n# Where dossiers come from", start)
    path = tmp_path / "kiosk.toml"
    path.write_text(f"{whole[:start]}[intake]\n{section}\n{whole[end:]}", "utf-8")
    return path


def test_it_is_off_until_the_office_says_so(tmp_path: Path) -> None:
    assert load(SHIPPED).intake.rules() is None
    rules = load(written(tmp_path, "enabled = true\ncounters = [5, 6]")).intake.rules()
    assert rules is not None
    assert (rules.takes_at(5), rules.takes_at(1), rules.takes_at(None)) == (True, False, True)


@pytest.mark.parametrize(
    ("section", "where", "part"),
    [
        ('code = "{unit}-{n}"', "intake.code", "năm"),
        ('code = "{dd}{mm}{yyyy}{n:04}"', "intake.code", "căn cước"),
        ("counters = [77]", "intake.counters", "77"),
        ("first_number = 0", "intake.first_number", ""),
        ("enabeld = true", "intake.enabeld", "enabled"),
    ],
)
def test_mistakes_are_told(tmp_path: Path, section: str, where: str, part: str) -> None:
    with pytest.raises(BadConfig) as bad:
        load(written(tmp_path, section))
    (problem,) = bad.value.problems
    assert problem.where == where
    assert part in problem.told(texts("vi"))


def test_every_move_begins_somewhere_and_no_end_has_one() -> None:
    assert set(MOVES) == set(Move)
    ends = [status for status in Status if not legal(status)]
    assert ends == [
        Status.REGISTERED, Status.REJECTED, Status.WITHDRAWN, Status.STOPPED, Status.RETURNED,
    ]  # fmt: skip


@pytest.mark.parametrize("number", ["0912 345 678", "+84 912-345-678", "(024) 3825.1234"])
def test_phones_as_people_write_them(number: str) -> None:
    assert is_phone(plain_number(number))


@pytest.mark.parametrize(
    ("number", "owner", "good"),
    [
        ("001190123456", "Lê Văn Tám", True),
        ("101190123456", "Lê Văn Tám", False),
        ("123456789", "Lê Văn Tám", True),
        ("C1234567", "Lê Văn Tám", True),
        ("12345678", "Lê Văn Tám", False),
        ("0101234567", "Lê Văn Tám", False),
        ("0101234567", "Công ty Bình Minh", True),
        ("0101234567-001", "Công ty Bình Minh", True),
        ("٠٠١١٩٠١٢٣٤٥٦", "Lê Văn Tám", False),
    ],
)
def test_numbers_of_people_and_bodies(number: str, owner: str, *, good: bool) -> None:
    assert is_id_number(number, owner) is good
