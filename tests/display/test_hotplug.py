from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.faults.findings import found

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]


@pytest.fixture
def display() -> Iterator[str]:
    """An X server of its own, on a number that it chooses itself."""
    reader, writer = os.pipe()
    command = [
        "Xvfb",
        "-displayfd",
        str(writer),
        "-screen",
        "0",
        "1920x1080x24",
        "-nolisten",
        "tcp",
        "-noreset",
    ]
    server = subprocess.Popen(command, pass_fds=[writer], stderr=subprocess.DEVNULL)
    os.close(writer)
    try:
        with os.fdopen(reader) as pipe:
            yield f":{pipe.readline().strip()}"
    finally:
        server.terminate()
        server.wait(10)


def ran(program: str, display: str, folder: Path, *more: str) -> list[str]:
    environment = {
        **os.environ,
        "DISPLAY": display,
        "QT_QPA_PLATFORM": "xcb",
        "QT_QUICK_BACKEND": "software",
    }
    done = subprocess.run(
        [sys.executable, "-m", program, str(folder), *more],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_the_board_survives_the_unplugging_of_its_screen(display: str, tmp_path: Path) -> None:
    *told, recovery = ran("tests.display.hotplug", display, tmp_path)
    assert told == [
        "shown HALL 960 0 960 1080",
        "hidden ('board', 'fault', 'unplugged')",
        "shown again HALL ('board', 'ok', '')",
    ]
    found(
        "device",
        "the board's screen is unplugged and plugged in again",
        "xrandr on an X server without a screen",
        1,
        "a dark screen; the call goes on being said, and stands there again",
        seconds=[float(recovery)],
    )


@pytest.mark.parametrize("names", [("DESK", "HALL"), ("DESK", ""), ("", "HALL"), ("", "")])
def test_the_touch_window_comes_back_to_its_screen_and_never_covers_the_board(
    names: tuple[str, str], display: str, tmp_path: Path
) -> None:
    *told, recovery = ran("tests.display.unplugged_touch", display, tmp_path, *names)
    assert told == [
        "shown DESK [('touch', 'ok', '')]",
        "hidden ('touch', 'fault', 'unplugged') board True HALL",
        "shown again DESK ('touch', 'ok', '')",
    ]
    found(
        "device",
        "the touch window's screen is unplugged and plugged in again",
        "xrandr on an X server without a screen",
        1,
        "a dark screen, then the one that they left; the board goes on",
        seconds=[float(recovery)],
    )


def test_each_of_two_boards_follows_its_screen_by_name(display: str, tmp_path: Path) -> None:
    """Also where the two change places, and where one gets another mode."""
    assert ran("tests.display.swapped", display, tmp_path) == [
        "shown on both [('board', 'ok', ''), ('board 2', 'ok', '')]",
        "changed places",
        "another mode",
        "unplugged [True, False]",
    ]
