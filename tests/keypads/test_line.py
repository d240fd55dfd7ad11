"""Keypads and number boards on a real serial line, down to the store."""

from __future__ import annotations

import sqlite3
import statistics
import threading
import time
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING

import pytest

from kiosk.errors import Unavailable
from kiosk.keypads import frames
from kiosk.keypads.frames import Sound, State
from kiosk.keypads.virtual import VirtualBoard, VirtualKeypad, VirtualLine
from kiosk.office.hall import read_counter
from kiosk.presses import Key
from tests.keypads.crew import Host, called, deaf, link, shown, shows, sign_in, take
from tests.keypads.crew import press as press_key
from tests.waiting import until

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.office.centre import Centre


@pytest.mark.usefixtures("host")
def test_two_keypads_pressed_at_once_call_two_numbers(office: Centre, line: VirtualLine) -> None:
    for counter in (1, 2):
        sign_in(office, counter)
    numbers = [take(office) for _ in range(3)]
    for address in (1, 2):
        until(lambda address=address: line.keypads[address].show is not None)
        until(lambda address=address: shown(line, address).waiting == 3)
        assert shown(line, address).lamp
    assert line.press(1, Key.NEXT)
    assert line.press(2, Key.NEXT)
    until(lambda: {shown(line, 1).text, shown(line, 2).text} == set(numbers[:2]))

    assert sorted(called(office)) == numbers[:2]
    until(lambda: shown(line, 1).waiting == 1)
    assert [keypad.sounds for keypad in line.keypads.values()] == [[Sound.DONE], [Sound.DONE]]


def test_the_keys_do_what_stands_on_them(office: Centre, line: VirtualLine, host: Host) -> None:
    sign_in(office, 1)
    numbers = [take(office) for _ in range(4)]
    shows(line, 1, "----")

    press = partial(press_key, host, line, 1)
    press(Key.NEXT)
    press(Key.START)
    until(lambda: shown(line, 1).state is State.SERVING)
    press(Key.FINISH)
    shows(line, 1, "----")
    press(Key.FINISH)
    until(lambda: shown(line, 1).error == "H")
    shows(line, 1, "----")
    press(Key.NEXT)
    press(Key.RECALL)
    press(Key.NO_SHOW)
    shows(line, 1, "----")
    press(Key.NEXT)
    press(Key.TRANSFER, "2")
    shows(line, 1, "----")
    assert read_counter(office, 2).waiting[0].number == numbers[2]
    press(Key.NEXT)
    press(Key.TRANSFER, "02")
    shows(line, 1, "----")
    assert read_counter(office, 1).waiting[0].service == "B"
    press(Key.PAUSE)
    until(lambda: shown(line, 1).state is State.PAUSED)
    press(Key.NEXT)
    shows(line, 1, "PAUSED")
    press(Key.PAUSE)
    shows(line, 1, "----")

    assert called(office) == [numbers[0], numbers[1], numbers[1], numbers[2], numbers[3]]


def test_a_lost_answer_neither_loses_nor_doubles_a_press(
    office: Centre, line: VirtualLine, host: Host
) -> None:
    sign_in(office, 1)
    numbers = [take(office) for _ in range(12)]
    shows(line, 1, "----")
    for n, number in enumerate(numbers, 1):
        line.lose_answers(1, n % 4)
        assert line.press(1, Key.NEXT)
        shows(line, 1, number)
        until(lambda n=n: len(line.keypads[1].acked) == n)
        host.let_go(1)

    assert called(office) == numbers


def test_a_press_that_the_host_did_and_could_not_acknowledge_is_not_done_again_after_its_restart(
    office: Centre, line: VirtualLine
) -> None:
    sign_in(office, 1)
    numbers = [take(office) for _ in range(3)]
    with ExitStack() as longer_than_the_host:
        with Host(office, line.device):
            shows(line, 1, "----")
            line.lose_answers(1, 0)
            longer_than_the_host.enter_context(deaf(line, 1))
            assert line.press(1, Key.NEXT)
            until(lambda: called(office) == numbers[:1])
        assert line.keypads[1].presses
    with Host(office, line.device):
        until(lambda: not line.keypads[1].presses)
        shows(line, 1, numbers[0])

    assert called(office) == numbers[:1]


def test_a_keypad_that_lost_its_power_counts_anew_and_its_presses_are_new(
    office: Centre, line: VirtualLine, host: Host
) -> None:
    sign_in(office, 1)
    numbers = [take(office) for _ in range(4)]
    shows(line, 1, "----")
    sessions = set()
    for number in numbers:
        host.let_go(1)
        assert line.press(1, Key.NEXT)
        shows(line, 1, number)
        until(lambda: not line.keypads[1].presses)
        sessions.add(line.keypads[1].session)
        line.power_cycle(1)
        until(lambda: bool(line.keypads[1].session) and line.keypads[1].show is not None)

    assert called(office) == numbers
    assert len(sessions) == 4


def test_a_cable_that_is_pulled_and_put_back_loses_nothing_and_says_so(
    office: Centre, line: VirtualLine, host: Host
) -> None:
    sign_in(office, 1)
    numbers = [take(office), take(office)]
    shows(line, 1, "----")
    until(lambda: host.said.get("keypad 2") == ("ok", ""))
    line.unplug()
    until(lambda: host.said["keypads"] == ("fault", "unplugged"))
    assert host.said["keypad 1"] == ("fault", "line_away")
    assert line.press(1, Key.NEXT)
    line.plug()
    shows(line, 1, numbers[0])
    until(lambda: host.said["keypad 1"] == ("ok", ""))

    assert host.said["keypads"] == ("ok", "")
    assert called(office) == numbers[:1]


def test_a_press_that_has_grown_old_is_told_and_not_done(
    office: Centre, line: VirtualLine, host: Host
) -> None:
    sign_in(office, 1)
    take(office)
    shows(line, 1, "----")
    line.keypads[1].on = False
    until(lambda: host.said["keypad 1"] == ("fault", "silent"))
    keypad = line.keypads[1]
    keypad.on = True
    assert line.press(1, Key.NEXT)
    keypad.presses[0] = (keypad.presses[0][0], time.monotonic() - 6)
    shows(line, 1, "LATE, REPEAT")
    assert called(office) == []
    shows(line, 1, "----")

    assert not keypad.presses
    assert Sound.ERROR in keypad.sounds


@pytest.mark.usefixtures("host")
def test_where_nobody_is_signed_in_the_keypad_says_so_and_nothing_moves(
    office: Centre, line: VirtualLine
) -> None:
    take(office)
    shows(line, 1, "NOT SIGNED IN")
    assert line.press(1, Key.NEXT)
    until(lambda: line.keypads[1].sounds == [Sound.ERROR])
    assert shown(line, 1).error == "S"
    assert called(office) == []
    sign_in(office, 1)
    shows(line, 1, "----")


def test_while_the_store_is_away_a_press_is_told_as_not_done(
    office: Centre, line: VirtualLine, tmp_path: Path
) -> None:
    sign_in(office, 1)
    number = take(office)
    with Host(office, line.device):
        shows(line, 1, "----")
        other = sqlite3.connect(tmp_path / "kiosk.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        assert line.press(1, Key.NEXT)
        shows(line, 1, "ERROR: NOT DONE")
        assert shown(line, 1).error == "E"
        assert not line.keypads[1].presses
        other.execute("ROLLBACK")
        other.close()
        assert called(office) == []
        shows(line, 1, "----")
        assert line.press(1, Key.NEXT)
        shows(line, 1, number)


def test_a_store_that_cannot_be_read_is_on_every_keypad_and_boards_are_told_nothing(
    office: Centre, line: VirtualLine, tmp_path: Path
) -> None:
    sign_in(office, 1)
    with Host(office, line.device):
        shows(line, 1, "----")
        place = tmp_path / "kiosk.db"
        place.rename(tmp_path / "away.db")
        until(lambda: shown(line, 1).state is State.STORE_AWAY)
        assert line.press(1, Key.NEXT)
        until(lambda: line.keypads[1].sounds == [Sound.ERROR])
        (tmp_path / "away.db").rename(place)
        shows(line, 1, "----")


def test_a_press_of_which_the_store_cannot_say_whether_it_stands_is_asked_again(
    office: Centre, line: VirtualLine
) -> None:
    """The commit went through and the answer to it was lost: the one case without a real fault."""
    sign_in(office, 1)
    numbers = [take(office), take(office)]
    store = office.database
    batch, lost = store.batch, threading.Event()

    class Batch:
        def __init__(self) -> None:
            self._batch = batch()

        def __enter__(self) -> None:
            self._batch.__enter__()

        def __exit__(self, *error: object) -> None:
            self._batch.__exit__(*error)  # type: ignore[arg-type]
            if not lost.is_set():
                lost.set()
                raise Unavailable("store_unsure")

    store.batch = Batch  # type: ignore[method-assign, assignment]
    with Host(office, line.device):
        shows(line, 1, "----")
        assert line.press(1, Key.NEXT)
        until(lambda: not line.keypads[1].presses)
        shows(line, 1, numbers[0])

    assert called(office) == numbers[:1]
    assert line.keypads[1].sounds[-1] == Sound.DONE


def test_twelve_keypads_at_19200_baud_are_all_answered_and_how_fast_is_told(
    office: Centre, tmp_path: Path
) -> None:
    every = range(1, 13)
    for counter in every:
        sign_in(office, counter)
    numbers = [take(office) for _ in range(24)]
    answered = threading.Event()

    def changed(device: VirtualKeypad | VirtualBoard) -> None:
        if isinstance(device, VirtualKeypad) and device.show.sound is Sound.DONE:
            answered.set()

    playing = VirtualLine(every, every, link=link(tmp_path), baudrate=19200, changed=changed)
    with playing as line, Host(office, line.device, every, every, baudrate=19200):
        for address in every:
            shows(line, address, "----")
        for again in range(2):
            took = []
            for address in every:
                # At any moment of the round, not always right after an answer.
                threading.Event().wait((7 * address + again) % 13 / 100)
                answered.clear()
                began = time.monotonic()
                assert line.press(address, Key.NEXT)
                assert answered.wait(5)
                took.append(time.monotonic() - began)
            print(
                f"answered after {statistics.median(took) * 1000:.0f} ms (median), "
                f"{max(took) * 1000:.0f} ms (longest)"
            )
    # A round of polls, half of it in the middle; then the press and what is shown.
    poll, press, show = (
        len(frames.encode(frames.poll(1))) + 2,
        len(frames.encode(frames.pressing(1, frames.Press("7F3A", 1, "0000", "N")))),
        27,
    )
    floor = (12 * poll / 2 + press + show + 7) * 10 / 19200 + 8 * 0.001
    print(f"the line's own floor: {floor * 1000:.0f} ms")

    assert sorted(called(office)) == numbers
