"""Keypads and their lines in kiosk.toml."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from kiosk.config import CounterConfig, KeypadLineConfig
from tests.test_config import LEAST, SHIPPED, read, told

if TYPE_CHECKING:
    from pathlib import Path

LINES = (
    LEAST
    + """
keypad = 3
led = 3
[[counter]]
number = 2
keypad = 4
line = 2
[[counter]]
number = 3
[[keypad_line]]
device = "/dev/ttyUSB0"
[[keypad_line]]
device = "/dev/ttyUSB1"
baudrate = 9600
"""
)


def test_keypads_and_boards_stand_on_the_first_line_or_on_the_one_named(tmp_path: Path) -> None:
    config = read(tmp_path, LINES)

    assert [(c.keypad, c.led, c.line) for c in config.counter] == [
        (3, 3, 1),
        (4, None, 2),
        (None, None, 1),
    ]
    assert [(line.device, line.baudrate) for line in config.keypad_line] == [
        ("/dev/ttyUSB0", 19200),
        ("/dev/ttyUSB1", 9600),
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("keypad = 4\nline = 2", "keypad = 3", "counter[2].keypad: 3 stands twice."),
        ("keypad = 4\nline = 2", "led = 3", "counter[2].led: 3 stands twice."),
        ("keypad = 4", "keypad = 0", "counter[2].keypad: must be at least 1, not 0."),
        ("keypad = 4", "keypad = 100", "counter[2].keypad: must be at most 99, not 100."),
        (
            "line = 2",
            "line = 3",
            "counter[2].line: there is no line 3: the file has 2 [[keypad_line]].",
        ),
        ("ttyUSB1", "ttyUSB0", "keypad_line[2].device: '/dev/ttyUSB0' stands twice."),
        (
            "9600",
            "4800",
            "keypad_line[2].baudrate: 4800 cannot be used; choose one of:"
            " 9600, 19200, 38400, 57600, 115200.",
        ),
        ('device = "/dev/ttyUSB1"\n', "", "keypad_line[2].device: this key is needed."),
    ],
)
def test_a_mistake_about_keypads_is_told_with_its_place(
    tmp_path: Path, old: str, new: str, expected: str
) -> None:
    assert told(tmp_path, LINES.replace(old, new)) == [expected]


def test_a_keypad_needs_a_line(tmp_path: Path) -> None:
    (problem,) = told(tmp_path, f"{LEAST}keypad = 3\n")

    assert problem == "counter[1].keypad: there is no line 1: the file has 0 [[keypad_line]]."


def test_the_shipped_file_tells_the_keys_of_keypads() -> None:
    text = SHIPPED.read_text("utf-8")
    for key in KeypadLineConfig.model_fields:
        assert re.search(rf"^# {key} = ", text.split("[[keypad_line]]")[2], re.MULTILINE), key
    for key in CounterConfig.model_fields:
        assert re.search(rf"^(# )?{key} = ", text.split("[[counter]]")[1], re.MULTILINE), key
