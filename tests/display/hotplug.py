"""Shows a board on the screen HALL, has it unplugged and plugged in again, and prints what it saw.

Run under an X server whose xrandr knows monitors; the first argument is a folder for the store.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from PySide6.QtGui import QGuiApplication

from tests.display.conftest import Hall, commune
from tests.hall import Clock, centre_at

HALL = ("xrandr", "--setmonitor", "HALL", "960/300x1080/300+960+0", "none")
DESK = ("xrandr", "--setmonitor", "DESK", "960/300x1080/300+0+0", "none")


def xrandr(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)


def main() -> None:
    xrandr(*DESK)
    xrandr(*HALL)
    app = QGuiApplication([])
    app.setQuitOnLastWindowClosed(False)
    folder = Path(sys.argv[1])
    clock = Clock()
    hall = Hall(commune(centre_at(folder / "kiosk.db", clock)), clock, folder)
    try:
        board = hall.open(screen="HALL", fullscreen=True)
        window = board.window

        def shown() -> bool:
            place = window.geometry().getRect()
            return window.isVisible() and place == (960, 0, 960, 1080)

        hall.until(shown)
        print("shown", window.screen().name(), *window.geometry().getRect())
        xrandr("xrandr", "--delmonitor", "HALL")
        hall.until(lambda: not window.isVisible())
        print("hidden", hall.reports[-1])
        ticket = hall.call("A", 3)
        began = time.monotonic()
        xrandr(*HALL)
        hall.until(shown)
        hall.until(lambda: board.bridge.shown.hero.number == ticket.number)
        recovery = time.monotonic() - began
        print("shown again", window.screen().name(), hall.reports[-1])
        print(recovery)
    finally:
        hall.close()


if __name__ == "__main__":
    main()
