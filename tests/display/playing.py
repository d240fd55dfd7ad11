"""A board that plays a video, gives way to calls, and is left with a video that breaks off; prints
what it saw. Run under an X server with Mesa; the argument is a folder for the store.
"""

from __future__ import annotations

import logging
import sys
from pathlib import Path

from PIL import Image, ImageColor
from PySide6.QtCore import QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtMultimedia import QMediaPlayer

from kiosk.ui.fonts import load_fonts
from kiosk.ui.running import draw_with_card
from tests.display.conftest import Hall, commune
from tests.display.films import COLOURS, film
from tests.display.test_video import middle_of_pane
from tests.hall import Clock, centre_at

PATIENCE = 30.0


class Lines(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.told: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.told.append(record.getMessage())


def main() -> None:
    app = QGuiApplication([])
    app.setQuitOnLastWindowClosed(False)
    print("drawn by a card", draw_with_card())
    load_fonts()
    folder = Path(sys.argv[1])
    media = folder / "media"
    media.mkdir()
    film(media / "giới thiệu #1.avi", seconds=6, size=(320, 180))
    clock = Clock()
    hall = Hall(commune(centre_at(folder / "kiosk.db", clock)), clock, folder)
    lines = Lines()
    logging.getLogger("display").addHandler(lines)

    def seen(colour: str) -> str:
        wanted = ImageColor.getrgb(colour)
        hall.until(
            lambda: all(abs(a - b) < 14 for a, b in zip(middle_of_pane(hall), wanted, strict=True)),
            PATIENCE,
        )
        return colour

    def players() -> list[QMediaPlayer]:
        return hall.board.window.findChildren(QMediaPlayer)

    try:
        board = hall.open(1280, 720, media="media", video="play")
        hall.until(lambda: bool(players()), PATIENCE)
        print("played", seen(COLOURS[0]), seen(COLOURS[1]))
        print("silent", players()[0].audioOutput() is None)
        for counter, code in enumerate("ABCDEF", 1):
            hall.call(code, counter)
        hall.until(lambda: not board.bridge.property("areas")["pane"]["width"], PATIENCE)
        hall.until(lambda: not players(), PATIENCE)
        print("stopped for calls")
        hall.after(100)
        hall.after(500)
        hall.until(lambda: bool(players()), PATIENCE)
        print("played again", seen(COLOURS[0]))
        Image.new("RGB", (640, 360), "#0E2F52").save(media / "b.png")
        hall.until(lambda: len(board._media.items) == 2, PATIENCE)
        before = len(lines.told)
        # As where a network folder goes away under the player.
        players()[0].setSource(QUrl.fromLocalFile("/nowhere/gone.avi"))
        hall.until(lambda: ("board", "warning", "media_video_stopped") in hall.reports, PATIENCE)
        hall.after(12)
        told = [each for each in hall.reports if each[2] == "media_video_stopped"][:1]
        print("told", told, "once", len(lines.told) - before)
        slide = board.bridge.property("slide")
        print("goes on", "picture" if slide["picture"] and not slide["video"] else slide)
    finally:
        hall.close()


if __name__ == "__main__":
    main()
