"""Boards on the screens LEFT and RIGHT, which then change places and get another mode; prints what
it saw. Run under an X server whose xrandr knows monitors; the argument is a folder for the store.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtGui import QGuiApplication

from tests.display.conftest import Hall, commune
from tests.display.hotplug import xrandr
from tests.hall import Clock, centre_at

PLACES = {"LEFT": "960/300x1080/300+0+0", "RIGHT": "960/300x1080/300+960+0"}


def main() -> None:
    for name, place in PLACES.items():
        xrandr("xrandr", "--setmonitor", name, place, "none")
    app = QGuiApplication([])
    app.setQuitOnLastWindowClosed(False)
    folder = Path(sys.argv[1])
    clock = Clock()
    hall = Hall(commune(centre_at(folder / "kiosk.db", clock)), clock, folder)

    def put(name: str, place: str) -> None:
        """Out of its socket and into another one; Qt must have seen each."""
        xrandr("xrandr", "--delmonitor", name)
        hall.until(lambda: name not in [screen.name() for screen in app.screens()])
        xrandr("xrandr", "--setmonitor", name, place, "none")
        hall.until(lambda: name in [screen.name() for screen in app.screens()])

    def at(right: tuple[int, ...], left: tuple[int, ...]) -> bool:
        windows = [face.window for face in hall.board.faces]
        places = [window.geometry().getRect() for window in windows]
        return all(window.isVisible() for window in windows) and places == [right, left]

    try:
        board = hall.open(screen=("RIGHT", "LEFT"), fullscreen=True)
        hall.until(lambda: at((960, 0, 960, 1080), (0, 0, 960, 1080)))
        ticket = hall.call("A", 3)
        hall.until(lambda: all(f.bridge.shown.hero.number == ticket.number for f in board.faces))
        print("shown on both", sorted(set(hall.reports)))
        put("LEFT", PLACES["RIGHT"])
        put("RIGHT", PLACES["LEFT"])
        hall.until(lambda: at((0, 0, 960, 1080), (960, 0, 960, 1080)))
        print("changed places")
        put("RIGHT", "800/300x600/200+0+0")
        hall.until(lambda: at((0, 0, 800, 600), (960, 0, 960, 1080)))
        hall.until(lambda: board.faces[0].bridge.planned.hero_height < 600)
        print("another mode")
        hall.reports.clear()
        xrandr("xrandr", "--delmonitor", "LEFT")
        hall.until(lambda: ("board 2", "fault", "unplugged") in hall.reports)
        print("unplugged", [face.window.isVisible() for face in board.faces])
    finally:
        hall.close()


if __name__ == "__main__":
    main()
