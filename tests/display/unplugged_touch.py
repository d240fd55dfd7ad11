"""Shows the touch window on the screen DESK and the board on HALL, has DESK unplugged and plugged
in again, and prints what it saw.

Run under an X server whose xrandr knows monitors; the arguments are a folder for the store, and
what kiosk.toml names as the screens of both.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from PySide6.QtGui import QGuiApplication

from kiosk.touch.window import TouchWindow
from kiosk.touch_config import TouchConfig
from tests.display.conftest import Hall, commune
from tests.display.hotplug import DESK, xrandr
from tests.hall import Clock, centre_at

HALL = ("xrandr", "--setmonitor", "HALL", "960/300x1080/300+960+0", "screen")
"""With the server's own output, which would be a third screen else."""


def main() -> None:
    xrandr(*DESK)
    xrandr(*HALL)
    app = QGuiApplication([])
    app.setQuitOnLastWindowClosed(False)
    folder, desk, beside = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    clock = Clock()
    hall = Hall(commune(centre_at(folder / "kiosk.db", clock)), clock, folder, touch=desk)
    told: list[tuple[str, str, str]] = []
    touch = None
    try:
        board = hall.open(screen=beside, fullscreen=True)
        touch = TouchWindow(
            hall.centre,
            TouchConfig(screen=desk, fullscreen=True, speech="none"),
            hall.post,
            hall.worker,
            hall.feed,
            report=lambda *one: told.append(one),
            boards=lambda: board.screens,
        )
        window = touch.window
        touch.show()

        def shown() -> bool:
            return window.isVisible() and window.geometry().getRect() == (0, 0, 960, 1080)

        hall.until(shown)
        print("shown", window.screen().name(), told)
        xrandr("xrandr", "--delmonitor", "DESK")
        hall.until(lambda: not window.isVisible())
        hall.until(lambda: ("touch", "fault", "unplugged") in told)
        print("hidden", told[-1], "board", board.window.isVisible(), board.window.screen().name())
        told.clear()
        began = time.monotonic()
        xrandr(*DESK)
        hall.until(shown)
        recovery = time.monotonic() - began
        print("shown again", window.screen().name(), told[-1])
        print(recovery)
    finally:
        if touch is not None:
            touch.close()
        hall.close()


if __name__ == "__main__":
    main()
