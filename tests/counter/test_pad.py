"""A numeric pad, read as the kernel gives it: struct input_event from a pipe in a folder.

No input device can be made here, so that the grab itself (EVIOCGRAB) is not tried; the numbers of
the calls are those that a C compiler gives for linux/input.h.
"""

from __future__ import annotations

import errno
import os
import struct
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from kiosk.counter import pad as pads
from kiosk.counter.pad import Pad, Presses, grabbed, place_of, trouble_of
from kiosk.counter.state import Screen
from kiosk.office.hall import read_counter
from tests.counter.test_window import QUARTER, here, take
from tests.waiting import until
from tests.web.serving import PIN, served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kiosk.office.centre import Centre
    from tests.counter.conftest import OpenPc, Pc
    from tests.hall import Clock

PAD_DIGITS = dict(zip("7894561230", (71, 72, 73, 75, 76, 77, 79, 80, 81, 82), strict=True))
ENTER, PLUS, MINUS, STAR, KP1, KP2, KP0, DOT, BACK = 96, 78, 74, 55, 79, 80, 82, 83, 14


def event(kind: int, code: int, value: int) -> bytes:
    return struct.pack("llHHi", 1700000000, 0, kind, code, value)


def stroke(code: int) -> bytes:
    """A key that goes down, repeats, and comes up, each with its report and its scan code."""
    report = event(0, 0, 0)
    return b"".join(event(4, 4, 0x70058) + event(1, code, value) + report for value in (1, 2, 2, 0))


class Plug:
    """A pad as a named pipe, which can be pulled out and put back."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._end = -1

    def put_in(self) -> None:
        os.mkfifo(self.path)
        self._end = os.open(self.path, os.O_RDWR | os.O_NONBLOCK)

    def pull_out(self) -> None:
        self.path.unlink()
        os.close(self._end)

    def press(self, *codes: int) -> None:
        for code in codes:
            os.write(self._end, stroke(code))

    def take(self, device: str) -> int:
        return os.open(device, os.O_RDONLY | os.O_NONBLOCK)


@pytest.fixture
def plug(tmp_path: Path) -> Iterator[Plug]:
    made = Plug(tmp_path / "pad")
    made.put_in()
    yield made
    if made.path.exists():
        made.pull_out()


def test_a_key_counts_once_however_long_it_is_held_and_however_its_bytes_come() -> None:
    data = stroke(ENTER) + stroke(PLUS) + event(1, 999, 1) + stroke(KP1)
    assert Presses().feed(data) == ["Enter", "+", "1"]
    presses, found = Presses(), []
    for at in range(len(data)):
        found += presses.feed(data[at : at + 1])

    assert found == ["Enter", "+", "1"]


def test_a_pad_is_read_told_when_it_goes_and_taken_up_when_it_is_back(plug: Plug) -> None:
    pressed: list[str] = []
    told: list[str] = []
    pad = Pad(str(plug.path), pressed.append, told.append, plug.take, look_seconds=0.02)
    try:
        until(lambda: told == [""])
        plug.press(ENTER, MINUS)
        until(lambda: pressed == ["Enter", "-"])
        plug.pull_out()
        until(lambda: told == ["", "away"])
        plug.put_in()
        until(lambda: told == ["", "away", ""])
        plug.press(STAR)
        until(lambda: pressed == ["Enter", "-", "*"])
    finally:
        pad.close()
    assert not pad._thread.is_alive()


def test_why_a_pad_is_not_there_is_told_apart(tmp_path: Path) -> None:
    assert trouble_of(FileNotFoundError(errno.ENOENT, "x")) == "away"
    assert trouble_of(OSError(errno.ENODEV, "x")) == "away"
    assert trouble_of(PermissionError(errno.EACCES, "x")) == "not_allowed"
    assert trouble_of(OSError(errno.EBUSY, "x")) == "in_use"
    with pytest.raises(FileNotFoundError):
        grabbed(str(tmp_path / "none"))


def test_what_is_no_input_device_is_not_taken_for_one(tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "event0").write_text("", "utf-8")
    monkeypatch.setattr(pads, "INPUTS", tmp_path)
    with pytest.raises(OSError, match=r".") as refused:
        grabbed(str(tmp_path / "event0"))
    assert trouble_of(refused.value) == "away"
    with pytest.raises(FileNotFoundError):
        place_of("SIGMACHIP USB Keyboard")


@pytest.fixture
def pc(open_pc: OpenPc, address: str, plug: Plug) -> Pc:
    """Signed in at counter 1, with a pad that reads the plug."""
    opened = open_pc(address, "[pad]", f'device = "{plug.path}"', take_pad=plug.take)
    opened.sign_in("hoa", 1)
    opened.at_work()
    return opened


def test_a_pad_calls_whatever_has_the_focus(pc: Pc, plug: Plug, centre) -> None:
    take(centre, "A", "A")
    pc.until(lambda: pc.state.desk.waiting_total == 2)
    plug.press(ENTER)
    pc.until(lambda: here(centre) == ("A001", "called"))
    pc.idle()
    plug.press(PLUS)
    pc.until(lambda: read_counter(centre, 1).current.calls == 2)
    pc.idle()
    plug.press(DOT)
    pc.until(lambda: here(centre) == ("A001", "serving"))
    pc.idle()
    plug.press(STAR, KP2)
    pc.until(lambda: here(centre) is None)
    pc.idle()
    plug.press(ENTER, ENTER, ENTER)
    pc.until(lambda: here(centre) == ("A002", "called"))
    pc.until(lambda: not pc.state.busy and pc.state.desk.waiting_total == 0)


def test_a_pad_that_is_pulled_out_is_told_in_the_window(pc: Pc, plug: Plug) -> None:
    plug.pull_out()
    pc.reads("Không thấy bàn phím số.")
    plug.put_in()

    pc.until(lambda: pc.state.pad == "")
    assert not any("bàn phím số" in text for text in pc.texts())


def test_the_pin_of_a_locked_window_can_be_typed_on_the_pad(
    open_pc: OpenPc, plug: Plug, centre: Centre, clock: Clock
) -> None:
    known = replace(centre, lock_after=QUARTER)
    with served(known) as address:
        pc = open_pc(address, "[pad]", f'device = "{plug.path}"', take_pad=plug.take)
        pc.sign_in("hoa", 1)
        pc.at_work()
        clock.forward(minutes=16)
        take(known, "A")
        pc.until(lambda: pc.state.screen is Screen.LOCKED)
        plug.press(KP1, KP2, BACK, KP0, ENTER)
        pc.reads("Mã PIN hoặc mật khẩu không đúng.")
        plug.press(*(PAD_DIGITS[digit] for digit in PIN), ENTER)

        pc.until(lambda: pc.state.screen is Screen.DESK)


def test_a_pad_that_is_only_a_keyboard_works_while_the_window_has_the_focus(
    open_pc: OpenPc, address: str, centre
) -> None:
    take(centre, "A")
    opened = open_pc(address, "[keys]", 'next = "5"')
    opened.sign_in("hoa", 1)
    opened.at_work()
    opened.until(lambda: opened.state.desk.waiting_total == 1)
    QTest.keyClick(opened.window, Qt.Key.Key_Clear, Qt.KeyboardModifier.KeypadModifier)

    opened.until(lambda: here(centre) == ("A001", "called"))


def test_the_reader_ends_at_once_when_told_to(plug: Plug) -> None:
    pad = Pad(str(plug.path) + "-none", lambda key: None, lambda state: None, grabbed, 60)
    ended = threading.Thread(target=pad.close)
    ended.start()
    ended.join(5)

    assert not ended.is_alive()
