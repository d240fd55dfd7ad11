from __future__ import annotations

import re
import threading
import wave
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QObject

from display.chime import RATE, read_chime
from display.hero import PAGE_SECONDS, TOGETHER_SECONDS
from display.layout import HERO_DEGREES, ROW_DEGREES, Surface
from display.speaker import BREATH
from kiosk.errors import Unavailable
from kiosk.office.calls import call_next, no_show, recall, undo
from kiosk.office.hall import read_board
from kiosk.office.tickets import take_ticket
from kiosk.tickets import Counter
from tests.display.conftest import Hall, commune
from tests.display.looking import CELLS, QML, SIZES, assert_well_set, said, sizes_of

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path


def test_a_board_of_some_zones_shows_their_calls_and_lines_alone(hall: Hall) -> None:
    counters = {
        1: Counter(1, ("A", "B"), "left"),
        2: Counter(2, ("C", "D"), "right"),
        3: Counter(3, ("E", "F"), "right"),
    }
    hall.centre = commune(hall.centre, counters=counters)
    board = hall.open(1920, 1080, zones=("right",), sound="file")
    hall.call("A", 1)
    here = hall.call("C", 2)
    hall.until(lambda: board.bridge.shown.hero.number == here.number)
    assert board.bridge.shown.rows == ()
    assert [line.code for line in board._board.lines] == ["C", "D", "E", "F"]
    hall.call("B", 1)
    hall.until(lambda: board._board.seq == read_board(hall.centre).seq)
    assert board.bridge.shown.hero.number == here.number
    assert chimes(hall) == 1


def test_a_call_reaches_the_board_with_its_counter(hall: Hall) -> None:
    board = hall.open(1920, 1080)
    ticket = hall.call("A", 6)
    hall.until(lambda: board.bridge.shown.hero.number == ticket.number)
    assert {ticket.number, "6", "Mời công dân số", "đến Quầy"} <= set(said(hall))


def test_calls_of_the_same_instant_stand_large_together(hall: Hall) -> None:
    board = hall.open(1920, 1080, sound="file")
    for service in ("A", "B"):
        take_ticket(hall.centre, service=service, actor="test")
    first = call_next(hall.centre, 1, clerk="mai")
    second = call_next(hall.centre, 2, clerk="lan")
    hall.until(lambda: len(board.bridge.shown.cards) == 2)
    assert [card.number for card in board.bridge.shown.cards] == [second.number, first.number]
    assert {first.number, second.number} <= set(said(hall))
    assert board.bridge.shown.rows == ()
    assert_well_set(hall)
    hall.after(TOGETHER_SECONDS)
    assert [card.number for card in board.bridge.shown.cards] == [second.number]
    assert [row.number for row in board.bridge.shown.rows] == [first.number]


def test_a_second_call_is_shown_while_the_first_one_blinks(hall: Hall) -> None:
    board = hall.open(1920, 1080, sound="file")
    hall.call("A", 1)
    hall.until(lambda: board.bridge.shown.hero.blinking)
    hall.after(1)
    second = hall.call("B", 2)
    hall.until(lambda: board.bridge.shown.hero.number == second.number)
    assert all(card.blinking for card in board.bridge.shown.cards)
    assert chimes(hall) == 1
    hall.after(1)
    assert chimes(hall) == 2


@pytest.mark.parametrize(("size", "metres"), CELLS)
def test_however_many_are_called_at_once_each_stands_out(
    hall: Hall, size: str, metres: float
) -> None:
    """Cards span 0.7 degrees each, rows 22 minutes; who has no card is marked in the list, and
    where even that is too short they take turns."""
    board = hall.open(*SIZES[size], viewing_distance_m=metres)
    surface = Surface(*SIZES[size], (1210.0, 680.6), metres)
    numbers: set[str] = set()
    for counter, code in enumerate("ABCDEF", 1):
        ticket = hall.call(code, counter)
        numbers.add(ticket.number)
        hall.until(lambda number=ticket.number: board.bridge.shown.hero.number == number)
        assert_well_set(hall)
        seen: set[str] = set()
        for _ in range(2):
            shown, plan = board.bridge.shown, board.bridge.planned
            assert len(shown.cards) == plan.cards
            cards = {card.number for card in shown.cards}
            fresh = {row.number for row in shown.rows[: plan.rows] if row.fresh}
            heights = sizes_of(hall)
            assert all(heights[n] >= int(surface.spanning(HERO_DEGREES)) for n in cards)
            assert all(heights[n] >= int(surface.spanning(ROW_DEGREES)) for n in fresh)
            seen |= cards | fresh
            if counter == 6 and seen != numbers:
                hall.after(PAGE_SECONDS)
        assert seen == numbers or (counter < 6 and len(numbers) > len(cards) + plan.rows)


def test_what_is_spoken_stays_in_view(hall: Hall) -> None:
    """Six are called at once; the last of them is said when its call is old news."""
    board = hall.open(1920, 1080, sound="file")
    called = {hall.call(code, counter).number for counter, code in enumerate("ABCDEF", 1)}
    hall.until(lambda: len(board.speaker.waiting) + len(board.speaker.speaking) == len(called))
    spoken: set[str] = set()
    for _ in called:
        now = {call.number for call in board.speaker.speaking}
        assert now <= set(said(hall))
        assert_well_set(hall)
        spoken |= now
        hall.after(len(read_chime()) / 2 / RATE + BREATH)
    assert spoken == called
    assert board.speaker.speaking == ()


def test_a_recall_comes_up_again_and_chimes_again(hall: Hall) -> None:
    board = hall.open(1920, 1080, sound="file")
    ticket = hall.call("A", 1)
    hall.until(lambda: board.bridge.shown.hero.number == ticket.number)
    hall.after(6)
    assert not board.bridge.shown.hero.blinking
    recall(hall.centre, 1, clerk="mai")
    hall.until(lambda: board.bridge.shown.hero.blinking)
    assert chimes(hall) == 2
    assert board.bridge.shown.rows == ()


def test_a_call_that_was_taken_back_leaves_the_board_without_a_chime(hall: Hall) -> None:
    board = hall.open(1920, 1080, sound="file")
    first = hall.call("A", 1)
    hall.until(lambda: board.bridge.shown.hero.number == first.number)
    hall.after(6)
    second = hall.call("A", 2)
    hall.until(lambda: board.bridge.shown.hero.number == second.number)
    undo(hall.centre, 2, clerk="mai")
    hall.until(lambda: board.bridge.shown.hero.number == first.number)

    assert second.number not in said(hall)
    assert not board.bridge.shown.hero.blinking
    assert chimes(hall) == 2


def test_the_first_call_of_the_day_taken_back_leaves_the_welcome(hall: Hall) -> None:
    board = hall.open(1920, 1080, sound="file")
    ticket = hall.call("A", 1)
    hall.until(lambda: board.bridge.shown.hero.number == ticket.number)
    undo(hall.centre, 1, clerk="mai")
    hall.until(lambda: "Kính chào Ông/Bà" in said(hall))

    assert ticket.number not in said(hall)
    assert chimes(hall) == 1


def test_who_missed_the_call_stays_among_the_calls_and_makes_no_sound(hall: Hall) -> None:
    board = hall.open(1920, 1080, sound="file")
    ticket = hall.call("A", 1)
    hall.until(lambda: board.bridge.shown.hero.number == ticket.number)
    hall.after(6)
    no_show(hall.centre, 1, clerk="mai")
    hall.until(lambda: board._board.seq == read_board(hall.centre).seq)

    assert board.bridge.shown.hero.number == ticket.number
    assert not board.bridge.shown.hero.blinking
    assert chimes(hall) == 1


def chimes(hall: Hall) -> float:
    with wave.open(str(hall.folder / "calls.wav")) as file:
        return file.getnframes() * file.getsampwidth() / len(read_chime())


def test_the_chime_starts_with_the_frame_that_shows_the_call(hall: Hall) -> None:
    board = hall.open(1920, 1080, sound="file")
    assert chimes(hall) == 0
    heard_at_change: list[float] = []
    board.bridge.heroChanged.connect(lambda: heard_at_change.append(chimes(hall)))
    hall.call("A", 1)
    hall.until(lambda: bool(heard_at_change), seconds=0.3)
    assert heard_at_change == [1]


def test_a_start_in_the_middle_of_the_day_does_not_replay_the_morning(hall: Hall) -> None:
    tickets = [hall.call("A", counter) for counter in range(1, 7)]
    hall.clock.forward(minutes=3)
    board = hall.open(1920, 1080, sound="file")
    assert board.bridge.shown.hero.number == tickets[-1].number
    assert not board.bridge.shown.hero.blinking
    hall.after(30)
    assert board.bridge.shown.hero.number == tickets[-1].number
    assert chimes(hall) == 0


class Broken:
    """A store that cannot be read while ``down``."""

    def __init__(self, real: object) -> None:
        self.real = real
        self.down = False

    def read(self) -> object:
        if self.down:
            raise Unavailable("store_busy")
        return self.real.read()

    def __getattr__(self, name: str) -> object:
        return getattr(self.real, name)


def test_a_board_that_cannot_read_says_so_after_ten_seconds_and_mends_itself(
    hall: Hall, caplog: pytest.LogCaptureFixture
) -> None:
    store = Broken(hall.centre.database)
    hall.centre = commune(hall.centre, database=store)
    board = hall.open(1920, 1080)
    ticket = hall.call("A", 1)
    hall.until(lambda: board.bridge.shown.hero.number == ticket.number)
    hall.until(lambda: not board._reading)
    store.down = True
    board._read()
    hall.until(lambda: not board._reading)
    hall.after(9.9)
    assert not board.bridge.shown.stale
    hall.after(0.2)
    assert board.bridge.shown.notice in said(hall)
    assert board.bridge.shown.stale
    store.down = False
    board._read()
    hall.until(lambda: not board.bridge.shown.stale)
    assert [record.levelname for record in caplog.records if "store" in record.message] == [
        "WARNING"
    ]


def test_health_of_board_and_sound_is_told_at_once_and_again(hall: Hall) -> None:
    hall.open(1920, 1080, sound="file")
    assert {("board", "ok", ""), ("sound", "ok", "")} <= set(hall.reports)
    hall.reports.clear()
    hall.after(6)
    assert {("board", "ok", ""), ("sound", "ok", "")} == set(hall.reports)


def test_a_missing_screen_is_a_fault_and_the_board_stays_off_other_screens(hall: Hall) -> None:
    board = hall.open(screen="HALL-9")
    assert not board.window.isVisible()
    assert ("board", "fault", "unplugged") in hall.reports


def test_markup_in_names_is_shown_as_it_is_written(hall: Hall) -> None:
    hall.centre = commune(hall.centre, name="<b>Một</b> &amp; <img src=x>")
    hall.open(1920, 1080)
    assert "<b>Một</b> &amp; <img src=x>" in said(hall)


@pytest.mark.parametrize("path", sorted(QML.glob("*.qml")), ids=lambda path: path.stem)
def test_texts_are_plain_and_nothing_is_touched_or_layered(path: Path) -> None:
    source = path.read_text("utf-8")
    assert source.startswith("pragma ComponentBehavior: Bound\n")
    for word in (r"Text \{", r"Label \{", "MouseArea", r"\blayer\.", "textFormat", "elide"):
        assert not re.search(word, source.replace("Text.", "")), word


def test_it_closes_while_reads_are_under_way(hall: Hall) -> None:
    hall.open(1920, 1080)
    hall.board._read()
    hall.close()


def test_what_did_not_change_says_nothing(hall: Hall) -> None:
    board = hall.open(1920, 1080)
    heard: list[str] = []
    for name in ("hero", "rows", "strip", "notice", "plan"):
        getattr(board.bridge, f"{name}Changed").connect(lambda name=name: heard.append(name))
    hall.clock.forward(minutes=1)
    board.look()
    assert board.bridge.shown.clock == "08:43"
    assert heard == []
    take_ticket(hall.centre, service="A", actor="test")
    hall.until(lambda: bool(heard))
    assert heard == ["strip"]


def test_no_wait_for_the_store_is_the_boards(hall: Hall) -> None:
    """Only the worker asks the clock for which one may have to wait."""
    askers = set()

    def waits() -> datetime:
        askers.add(threading.current_thread())
        return hall.clock()

    hall.centre = replace(hall.centre, clock=waits, glance=hall.clock)
    board = hall.open()

    assert board.bridge.shown.clock == "08:42"
    assert askers
    assert threading.main_thread() not in askers


def test_the_call_blinks_at_most_twice_a_second(hall: Hall) -> None:
    board = hall.open(1920, 1080)
    timers = [
        child
        for child in board.window.findChildren(QObject)
        if child.inherits("QQmlTimer") and child.property("repeat")
    ]
    assert [2 * timer.property("interval") >= 500 for timer in timers] == [True]
    hall.call("A", 1)
    hall.until(lambda: timers[0].property("running"))
    hall.after(4.6)
    assert not timers[0].property("running")
