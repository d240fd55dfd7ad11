from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.ratings import MOODS, SATISFIED, USUAL, Level, Scale, Tally, tally
from kiosk.texts import texts

COUNTS = st.dictionaries(st.sampled_from(MOODS), st.integers(0, 100_000))


def test_shares_are_of_all_ballots_with_one_decimal() -> None:
    told = Tally({"great": 540, "good": 17, "poor": 10})

    assert told.ballots == 567
    assert [told.share(code) for code in ("great", "good", "poor", "bad")] == [95.2, 3.0, 1.8, 0.0]
    assert told.satisfied == 98.2


@pytest.mark.parametrize(("n", "of", "share"), [(1, 8, 12.5), (1, 16, 6.3), (5, 16, 31.3)])
def test_a_half_goes_upwards(n: int, of: int, share: float) -> None:
    assert Tally({"great": n, "poor": of - n}).satisfied == share


def test_without_ballots_there_is_no_share() -> None:
    assert Tally({}).satisfied is None
    assert Tally({"great": 0}).share("great") is None


@given(COUNTS)
def test_shares_add_up_as_told(counts: dict[str, int]) -> None:
    told = Tally(counts)
    shares = {code: told.share(code) for code in MOODS}
    if not told.ballots:
        assert set(shares.values()) == {None}
        return
    tenths = {code: round((share or 0) * 10) for code, share in shares.items()}
    for code, n in tenths.items():
        exact = Fraction(1000 * counts.get(code, 0), told.ballots)
        assert abs(n - exact) <= Fraction(1, 2)
        assert shares[code] == n / 10
    # Each may be half a tenth off, but for those of nobody and those of everybody.
    rounded = sum(0 < counts.get(code, 0) < told.ballots for code in MOODS)
    assert abs(sum(tenths.values()) - 1000) * 2 <= rounded
    satisfied = sum(n for code, n in counts.items() if code in SATISFIED)
    assert told.satisfied is not None
    assert abs(told.satisfied - 100 * satisfied / told.ballots) <= 0.05 + 1e-9
    assert (told.satisfied == 100.0) >= (satisfied == told.ballots)


@given(st.lists(st.tuples(st.sampled_from(MOODS), st.integers(0, 50))))
def test_a_tally_loses_no_ballot(rows: list[tuple[str, int]]) -> None:
    assert tally(rows).ballots == sum(n for _, n in rows)


def test_a_level_is_called_as_the_office_says_or_as_usual() -> None:
    assert [level.name(texts("vi")) for level in USUAL] == [
        "Rất hài lòng", "Hài lòng", "Không hài lòng",
    ]  # fmt: skip
    stars = Level("great", {"vi": "5 sao", "en": "5 stars"})
    assert (stars.name(texts("vi")), stars.name(texts("en"))) == ("5 sao", "5 stars")
    assert Level("bad", {"vi": "1 sao"}).name(texts("en")) == "1 sao"
    assert Scale(questions={"vi": "Ông/Bà thấy thế nào?"}).question(texts("vi")) == (
        "Ông/Bà thấy thế nào?"
    )
    assert "Ông/Bà" in Scale().question(texts("vi"))
