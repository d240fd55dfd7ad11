"""From the command, and from the death of the windows, to the first touch that is answered."""

from __future__ import annotations

import signal
import sqlite3
import time
from typing import TYPE_CHECKING, Final

from tests.e2e.running import Hall, until
from tests.e2e.screens import screen, touch
from tests.faults.findings import found
from tests.faults.people import rows
from tests.profile import LONG, chosen

if TYPE_CHECKING:
    from pathlib import Path

TIMES: Final = chosen(1, 20)
WIDTH, HEIGHT = 1080, 1920
SERVICE: Final = (540, 900)
"""A pixel of the button of a service on the first screen."""
STARTED_SECONDS: Final = 3.0
RECOVERED_SECONDS: Final = 5.0
"""The issue's limits, on a machine that has nothing else to do."""


def test_a_touch_is_answered_soon_after_the_start_and_after_the_windows_died(
    tmp_path: Path,
) -> None:
    """Answered is a touch whose number is in the store, for it stands on the screen by the same
    act."""
    started, recovered = [], []
    with screen(tmp_path, WIDTH, HEIGHT) as (display, _):
        for n in range(TIMES):
            folder = tmp_path / f"hall-{n}"
            folder.mkdir()
            hall = Hall(folder, printer=9)
            try:
                begun = time.monotonic()
                hall.start(DISPLAY=display, QT_QPA_PLATFORM="xcb")
                started.append(answered(hall, display, begun))
                hall.wait()
                windows = hall.children()["touch+board"]
                begun = time.monotonic()
                windows.send_signal(signal.SIGKILL)
                windows.wait(10)
                recovered.append(answered(hall, display, begun))
                assert hall.stop() == 0
            finally:
                hall.close()
    found(
        "start", "cold start", "kiosk run, with no store yet", TIMES,
        "the first screen, and its first number", seconds=started, target=STARTED_SECONDS,
    )  # fmt: skip
    found(
        "process", "kill -9 of the windows, until a touch is answered", "SIGKILL", TIMES,
        "a dark screen, then the first one", seconds=recovered, target=RECOVERED_SECONDS,
    )  # fmt: skip
    if LONG:
        assert max(started) <= STARTED_SECONDS
        assert max(recovered) <= RECOVERED_SECONDS


def answered(hall: Hall, display: str, begun: float) -> float:
    """Touches until one gives a number; seconds since it began."""
    before = numbers(hall)

    def gives() -> bool:
        touch(display, *SERVICE)
        return numbers(hall) > before

    until(gives, "a touch is answered")
    return time.monotonic() - begun


def numbers(hall: Hall) -> int:
    try:
        return int(rows(hall, "SELECT COUNT(*) FROM ticket")[0][0])
    except sqlite3.OperationalError:
        return 0  # no store yet
