"""Number boards on a real serial line show the truth, and go on showing it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from kiosk.keypads.frames import Mode
from kiosk.office import calls, sessions
from tests.keypads.crew import sign_in, take
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Callable

    from kiosk.keypads.virtual import VirtualLine
    from kiosk.office.centre import Centre


@pytest.mark.usefixtures("host")
def test_a_board_shows_the_truth_within_half_a_second_and_blinks_for_five(
    office: Centre, line: VirtualLine
) -> None:
    board = line.boards[1]

    def stands(mode: Mode, text: str = "") -> bool:
        return board.sign is not None and (board.sign.mode, board.sign.text) == (mode, text)

    def timed(change: Callable[[], object], mode: Mode, text: str = "") -> None:
        change()
        began = time.monotonic()
        until(lambda: stands(mode, text))
        assert time.monotonic() - began < 0.5

    until(lambda: stands(Mode.CLOSED))
    token = ""

    def open_counter() -> None:
        nonlocal token
        token = sign_in(office, 1)

    timed(open_counter, Mode.DASHES)
    number = take(office)
    timed(lambda: calls.call_next(office, 1, clerk="clerk-1"), Mode.NUMBER, number)
    assert board.blinks
    assert board.sign is not None
    assert board.sign.blink == 5
    timed(lambda: calls.start(office, 1, clerk="clerk-1"), Mode.NUMBER, number)
    until(lambda: board.sign is not None and board.sign.blink == 0)
    timed(lambda: calls.finish(office, 1, clerk="clerk-1"), Mode.DASHES)
    timed(lambda: sessions.pause(office, token, "break"), Mode.PAUSED)
    timed(lambda: sessions.sign_out(office, token), Mode.CLOSED)


@pytest.mark.usefixtures("host")
def test_a_board_that_is_plugged_in_shows_the_truth_within_seconds(
    office: Centre, line: VirtualLine
) -> None:
    sign_in(office, 1)
    number = take(office)
    until(lambda: line.boards[1].sign is not None)
    calls.call_next(office, 1, clerk="clerk-1")
    until(lambda: line.boards[1].sign.text == number)
    line.boards[1].sign = None
    began = time.monotonic()
    until(lambda: line.boards[1].sign is not None)

    assert time.monotonic() - began < 4
    assert line.boards[1].sign.text == number
