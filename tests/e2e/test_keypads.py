"""Keypads of software at a running office of real processes."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

import pytest

from kiosk.config import load
from kiosk.keypads.frames import Sound
from kiosk.keypads.virtual import VirtualLine
from kiosk.office import devices
from kiosk.office.centre import open_centre
from kiosk.presses import Key
from tests.e2e.running import PIN, Hall, until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LINE = """
[[keypad_line]]
device = "{device}"

[[counter]]
number = 3
services = ["A"]
keypad = 7
led = 7
"""


@pytest.fixture
def line(tmp_path: Path) -> Iterator[VirtualLine]:
    with VirtualLine((7,), (7,), link=tmp_path / "keypads") as line:
        yield line


@pytest.fixture
def hall(tmp_path: Path, line: VirtualLine) -> Iterator[Hall]:
    hall = Hall(tmp_path, printer=9)
    text = hall.config.read_text("utf-8")
    hall.config.write_text(text + LINE.format(device=line.device), "utf-8")
    yield hall
    hall.close()


def test_a_clerk_calls_with_the_keypad_through_a_crash_of_its_process(
    hall: Hall, line: VirtualLine
) -> None:
    assert hall.kiosk("clerk", "add", "hoa", "--name", "Lê Thị Hoa", given=PIN).returncode == 0
    hall.start("web", "keypads")
    hall.wait()
    hall.wait_for_device("keypad 3", "ok")
    numbers = [hall.take()["number"] for _ in range(2)]
    keypad, board = line.keypads[7], line.boards[7]
    until(lambda: keypad.show and keypad.show.state == "X", "nobody is signed in")
    clerk = hall.sign_in("hoa", 3)
    until(lambda: keypad.show and keypad.show.text == "----", "the counter is open")
    assert line.press(7, Key.NEXT)
    until(lambda: keypad.show and keypad.show.text == numbers[0], "the keypad shows the number")
    until(lambda: board.sign and board.sign.text == numbers[0], "the board shows the number")
    until(lambda: not keypad.presses, "the press is acknowledged")
    process = hall.children()["keypads"]
    os.kill(process.pid, signal.SIGKILL)
    assert line.press(7, Key.FINISH)
    until(lambda: not keypad.presses, "the press is dealt with")
    until(lambda: keypad.show and keypad.show.state == "N", "nobody is at the counter")
    calls = hall.api.get("/api/board").json()["calls"]
    line.unplug()
    hall.wait_for_device("keypads", "fault", "unplugged")
    checked = hall.kiosk("check").stdout
    clerk.close()

    assert [call["number"] for call in calls] == numbers[:1]
    assert keypad.sounds == [Sound.DONE] * 2
    assert "0 keypads" not in checked
    row = next(told for told in checked.splitlines() if told.startswith("Call keypads"))
    assert "NOT READY" in row
    assert "Unplugged" in row
    assert "Traceback" not in hall.log()


def test_a_first_line_is_served_without_a_restart_and_the_last_one_given_up(
    tmp_path: Path, line: VirtualLine
) -> None:
    hall = Hall(tmp_path, printer=9)
    bare = hall.config.read_text("utf-8")
    hall.start()
    hall.wait()
    until(lambda: {"web", "print"} <= hall.children().keys(), "the others run")
    assert "keypads" not in hall.children()
    hall.config.write_text(bare + LINE.format(device=line.device), "utf-8")
    hall.wait_for_device("keypad 3", "ok")
    until(lambda: line.keypads[7].show, "the keypad is told what it shows")
    hall.config.write_text(bare + "[[keypad_line", "utf-8")
    os.kill(hall.children()["keypads"].pid, signal.SIGKILL)
    hall.config.write_text(bare, "utf-8")
    until(lambda: "keypads has nothing to do" in hall.log(), "its process gives up")
    until(lambda: hall.device("keypad 3") is None, "its keypads are forgotten")
    assert "keypads" not in hall.children()
    hall.config.write_text(bare + LINE.format(device=line.device), "utf-8")
    hall.wait_for_device("keypad 3", "ok")
    log = hall.log()
    hall.close()

    assert "Traceback" not in log


def test_an_office_without_a_line_starts_no_process_for_keypads_and_says_so_when_asked(
    tmp_path: Path,
) -> None:
    hall = Hall(tmp_path, printer=9)
    centre = open_centre(load(hall.config))
    for name in ("keypads", "keypad 3", "scanner"):
        devices.report(centre, name, "ok")
    centre.database.close()
    alone = hall.kiosk("run", "--role", "keypads")
    hall.start()
    hall.wait()
    until(lambda: {"web", "print"} <= hall.children().keys(), "the others run")
    until(lambda: hall.device("keypad 3") is None, "keypads of before are forgotten")
    assert hall.device("keypads") is None
    assert hall.device("scanner") is not None
    running = set(hall.children())
    hall.close()

    assert alone.returncode == 1
    assert "no [[keypad_line]]" in alone.stderr
    assert running == {"touch+board", "web", "print", "upkeep"}
