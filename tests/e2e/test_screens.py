"""The whole program on an X server whose screens are pulled and plugged in again."""

from __future__ import annotations

import os
import re
import subprocess
from typing import TYPE_CHECKING, Final

import pytest

from tests.e2e.running import Hall, until
from tests.e2e.screens import screen

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HALL: Final = ("--setmonitor", "HALL", "960/300x1080/300+960+0", "screen")
"""With the server's own output, which would be a third screen else."""
DESK: Final = ("--setmonitor", "DESK", "960/300x1080/300+0+0", "none")
TOUCHED, BOARD = "^Trung tâm Phục vụ", "^Bảng gọi số"
"""How the titles of both windows begin."""
TOUCH: Final = '\n[touch]\nscreen = "DESK"\nattract_seconds = 0\nspeech = "none"\n'


class Screens:
    def __init__(self, display: str) -> None:
        self.environment = {
            "DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "QT_QUICK_BACKEND": "software",
        }  # fmt: skip

    def xrandr(self, *words: str) -> None:
        subprocess.run(["xrandr", *words], check=True, env={**os.environ, **self.environment})

    def left_of(self, title: str) -> int:
        """Where the window with this title begins, in pixels."""
        told = subprocess.run(
            ["xdotool", "search", "--onlyvisible", "--name", title, "getwindowgeometry", "--shell"],
            check=True, capture_output=True, text=True, env={**os.environ, **self.environment},
        ).stdout  # fmt: skip
        (left,) = re.findall(r"(?m)^X=(-?\d+)$", told)
        return int(left)


@pytest.fixture
def screens(tmp_path: Path) -> Iterator[Screens]:
    (tmp_path / "x").mkdir()
    with screen(tmp_path / "x", 1920, 1080) as (display, _):
        yield Screens(display)


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    hall = Hall(tmp_path, 9)
    text = hall.config.read_text("utf-8").replace("[board]\n", '[board]\nscreen = "HALL"\n')
    hall.config.write_text(text + TOUCH, "utf-8")
    yield hall
    hall.close()


def states(hall: Hall) -> dict[str, str]:
    devices = hall.api.get("/healthz").json()["devices"]
    return {one["name"]: one["state"] for one in devices if one["name"] in ("touch", "board")}


def test_a_touch_screen_that_is_pulled_is_told_and_waited_for_and_the_board_goes_on(
    hall: Hall, screens: Screens
) -> None:
    screens.xrandr(*DESK)
    screens.xrandr(*HALL)
    hall.start("touch", "board", "web", **screens.environment)
    hall.wait()
    until(lambda: states(hall) == {"touch": "ok", "board": "ok"}, "both are shown")
    screens.xrandr("--delmonitor", "DESK")
    hall.wait_for_device("touch", "fault", "unplugged")
    assert states(hall) == {"touch": "fault", "board": "ok"}
    # New windows wait for it as well, and leave the board its screen.
    said = hall.log().count("touch+board is at work")
    hall.children()["touch+board"].kill()
    until(lambda: hall.log().count("touch+board is at work") > said, "the board is back")
    until(lambda: states(hall) == {"touch": "fault", "board": "ok"}, "they say so")
    screens.xrandr(*DESK)
    until(lambda: states(hall) == {"touch": "ok", "board": "ok"}, "both are shown again")


def test_a_board_that_is_switched_on_last_is_no_process_that_fails(
    hall: Hall, screens: Screens
) -> None:
    hall.start("board", "web", **screens.environment)
    hall.wait()
    until(lambda: "board is at work" in hall.log(), "it waits")
    hall.wait_for_device("board", "fault", "unplugged")
    screens.xrandr(*HALL)
    hall.wait_for_device("board", "ok")


def test_a_screen_that_is_switched_on_later_is_the_boards(hall: Hall, screens: Screens) -> None:
    """With kiosk.toml naming none: the touch window stays where people touch it."""
    text = hall.config.read_text("utf-8")
    text = text.replace('screen = "HALL"\n', "").replace('screen = "DESK"\n', "")
    hall.config.write_text(text, "utf-8")
    screens.xrandr("--setmonitor", "DESK", "960/300x1080/300+0+0", "screen")
    hall.start("touch", "board", "web", **screens.environment)
    hall.wait()
    until(lambda: states(hall) == {"touch": "ok", "board": "warning"}, "both share a screen")
    screens.xrandr("--setmonitor", "HALL", "960/300x1080/300+960+0", "none")
    until(lambda: states(hall) == {"touch": "ok", "board": "ok"}, "each has its own")
    assert (screens.left_of(TOUCHED), screens.left_of(BOARD)) == (0, 960)
