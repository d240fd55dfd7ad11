"""Paper, speed and buffer by a clock that is handed in: nothing here waits."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from PIL import Image

from printer import escpos
from printer.decode import Question
from printer.virtual.mechanism import Finished, Mechanism, Outcome, Piece, Reached


def slip(mm: int, token: bytes = b"") -> bytes:
    picture = Image.new("1", (576, mm * 8), 0)
    return escpos.encode([picture]) + (escpos.fence(token) if token else b"")


def sizes(outcomes: list[Outcome]) -> list[tuple[int, bool]]:
    """Millimetres of each paper, and whether it is whole."""
    return [(one.picture.height // 8, one.whole) for one in outcomes if isinstance(one, Piece)]


def finished(outcomes: list[Outcome]) -> list[int]:
    return [one.picture.height // 8 for one in outcomes if isinstance(one, Finished)]


@dataclass
class Owner:
    """What stands between a mechanism and the world: it breaks when it is told to."""

    mechanism: Mechanism

    def run(self, now: float) -> list[Outcome]:
        outcomes: list[Outcome] = []
        for outcome in self.mechanism.run(now):
            outcomes.append(outcome)
            if isinstance(outcome, Reached):
                outcomes += self.mechanism.set_fault(outcome.what)
        return outcomes


def test_paper_comes_out_at_its_speed_and_answers_wait_for_the_paper_before_them() -> None:
    owner = Owner(Mechanism(576, speed=100))
    owner.mechanism.feed(slip(50, b"P001"))

    assert owner.run(10.0) == []
    assert owner.run(10.3) == []
    assert owner.mechanism.printed_mm == pytest.approx(30, abs=0.2)
    outcomes = owner.run(10.51)
    assert sizes(outcomes) == [(50, True)]
    assert [one.kind for one in outcomes if isinstance(one, Question)] == ["echo", "paper"]


def test_it_says_when_it_wants_to_go_on_and_has_nothing_to_do_at_rest() -> None:
    owner = Owner(Mechanism(576, speed=100))
    assert owner.mechanism.due is None
    owner.mechanism.feed(slip(1))
    now, turns = 5.0, 0
    owner.run(now)
    while (due := owner.mechanism.due) is not None:
        assert due > now
        now = due
        owner.run(now)
        turns += 1

    assert 1 <= turns <= 3
    assert now == pytest.approx(5.01, abs=0.002)


def test_time_at_rest_prints_nothing_ahead() -> None:
    owner = Owner(Mechanism(576, speed=100))
    owner.run(0.0)
    owner.mechanism.feed(slip(50))

    assert owner.run(60.0) == []
    assert sizes(owner.run(60.6)) == [(50, True)]


def test_what_is_not_printed_takes_room_and_paper_gives_it_back() -> None:
    mechanism = Mechanism(576, speed=100)
    whole = slip(50)
    mechanism.feed(whole)
    list(mechanism.run(0.0))
    assert mechanism.held == pytest.approx(len(whole), abs=30)
    list(mechanism.run(0.25))
    assert mechanism.held == pytest.approx(len(whole) / 2, rel=0.05)
    list(mechanism.run(0.51))
    assert mechanism.held == 0


def test_a_slip_over_the_end_of_a_roll_comes_out_in_two_torn_pieces() -> None:
    owner = Owner(Mechanism(576))
    owner.mechanism.break_after("paper_out", 20)
    owner.mechanism.feed(slip(50, b"P001"))
    assert owner.run(0.0) == [Reached("paper_out")]
    assert owner.run(9.0) == []

    old = list(owner.mechanism.set_fault(None))
    outcomes = owner.run(10.0)

    assert sizes(old) == [(20, False)]
    assert sizes(outcomes) == [(30, False)]
    assert finished(outcomes) == [50]
    assert [one.kind for one in outcomes if isinstance(one, Question)] == ["echo", "paper"]


@pytest.mark.parametrize("fault", ["cover_open", "cutter", "overheated"])
def test_other_faults_only_hold_the_paper(fault: str) -> None:
    owner = Owner(Mechanism(576))
    owner.mechanism.break_after(fault, 20)
    owner.mechanism.feed(slip(50))
    assert owner.run(0.0) == [Reached(fault)]

    assert list(owner.mechanism.set_fault(None)) == []
    assert sizes(owner.run(1.0)) == [(50, True)]


def test_a_cutter_that_jams_holds_the_printed_slip_until_it_is_mended() -> None:
    owner = Owner(Mechanism(576))
    owner.mechanism.break_at_cut("cutter")
    owner.mechanism.feed(slip(50, b"P001") + slip(30))
    assert owner.run(0.0) == [Reached("cutter")]
    assert owner.mechanism.printed_mm == 50

    assert list(owner.mechanism.set_fault(None)) == []
    assert finished(owner.run(1.0)) == [50, 30]


def test_a_power_cycle_tears_off_what_was_printed_and_loses_the_rest() -> None:
    owner = Owner(Mechanism(576, speed=100))
    owner.mechanism.feed(slip(50, b"P001") + slip(30))
    owner.run(0.0)
    owner.run(0.2)

    assert sizes(list(owner.mechanism.power_cycle())) == [(20, False)]
    assert owner.mechanism.held == 0
    assert owner.run(9.0) == []
    owner.mechanism.feed(slip(40))
    owner.run(10.0)
    assert sizes(owner.run(10.5)) == [(40, True)]


def test_a_roll_comes_to_its_end_and_says_so_before() -> None:
    owner = Owner(Mechanism(576, roll_mm=1100))
    for _ in range(2):
        owner.mechanism.feed(slip(60))
        owner.run(0.0)
    assert owner.mechanism.fault == "paper_low"
    for _ in range(17):
        owner.mechanism.feed(slip(60))
        owner.run(0.0)
    assert owner.mechanism.fault == "paper_out"
    assert owner.mechanism.used_mm == 1100

    assert sizes(list(owner.mechanism.set_fault(None))) == [(20, False)]
    assert sizes(owner.run(0.0)) == [(40, False)]
    assert (owner.mechanism.fault, owner.mechanism.used_mm) == (None, 40)
    assert owner.mechanism.printed_mm == 19 * 60
