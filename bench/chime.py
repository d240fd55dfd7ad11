"""How long after a clerk's call the hall hears the chime: a real store, window and loudspeaker."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEventLoop
from PySide6.QtGui import QGuiApplication

from bench.office import office
from display.window import BoardWindow
from kiosk.config import load
from kiosk.office.calls import call_next
from kiosk.office.centre import open_centre
from kiosk.office.tickets import take_ticket
from kiosk.ui.fonts import load_fonts
from kiosk.ui.threads import Feed, GuiPost, Worker

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kiosk.config import Config
    from kiosk.office.centre import Centre

SETTLE_SECONDS: Final = 0.4


class Ear:
    """A sink that notes when it is given the first sample."""

    is_busy = False

    def __init__(self) -> None:
        self.at: float | None = None

    def play(self, pcm: bytes, volume: float) -> None:
        self.at = time.perf_counter()

    def restart(self) -> None:
        pass


def board_hears(folder: Path, calls: int) -> list[float]:
    """Milliseconds of each call; the clerk calls on a thread of its own, as the web does."""
    app = QGuiApplication.instance() or QGuiApplication([])
    load_fonts()
    config, centre = _office(folder)
    post, ahead = GuiPost(), [0.0]
    worker, feed = Worker(post), Feed(centre.database, post)
    order = config.voice.order(centre.services, centre.counters, config.beside)
    board = BoardWindow(
        centre,
        config.board,
        post,
        worker,
        feed,
        lambda *_: None,
        voice=config.voice,
        order=order,
        clock=lambda: time.monotonic() + ahead[0],
    )
    ear = Ear()
    board.speaker.attach(ear)
    feed.start()
    board.show()
    found = []

    def live(until: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 20
        while not until() and time.monotonic() < deadline:
            app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)

    begun = time.monotonic()
    live(lambda: time.monotonic() > begun + 4 * SETTLE_SECONDS)
    for n in range(calls):
        ear.at, called = None, []
        clerk = threading.Thread(target=lambda at=called, n=n: at.append(_call(centre, n)))
        clerk.start()
        live(lambda: ear.at is not None)
        clerk.join()
        assert ear.at is not None
        found.append((ear.at - called[0]) * 1e3)
        # The announcement ends at once: what is measured is a hall in which nothing is being said.
        ahead[0] += 60.0
        until = time.monotonic() + SETTLE_SECONDS
        live(lambda until=until: time.monotonic() > until)
    feed.close()
    worker.close()
    board.close()
    post.close()
    centre.database.close()
    return found


def reader_sees(folder: Path, calls: int) -> list[float]:
    """The same calls, until who only waits for changes of the store has been told."""
    _, centre = _office(folder)
    seen, stop = threading.Event(), threading.Event()

    def read() -> None:
        for _ in centre.database.changes(stop):
            seen.set()

    reader = threading.Thread(target=read)
    reader.start()
    found = []
    for n in range(calls):
        time.sleep(SETTLE_SECONDS / 4)
        seen.clear()
        began = _call(centre, n)
        seen.wait(5)
        found.append((time.perf_counter() - began) * 1e3)
    stop.set()
    reader.join()
    centre.database.close()
    return found


def _office(folder: Path) -> tuple[Config, Centre]:
    config = load(office(folder))
    centre = open_centre(config)
    centre.database.prepare()
    return config, centre


def _call(centre: Centre, n: int) -> float:
    """A number is taken and soon after called; returns the moment at which the clerk pressed."""
    counter = list(centre.counters)[n % len(centre.counters)]
    service = centre.counters[counter].services[0]
    take_ticket(centre, service=service, actor="bench")
    time.sleep(0.05 + n * 37 % 100 / 400)
    began = time.perf_counter()
    call_next(centre, counter, clerk="bench")
    return began
