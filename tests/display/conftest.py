from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QCoreApplication, QEventLoop

from display.window import BoardWindow
from kiosk.board_config import BoardConfig
from kiosk.office.calls import call_next
from kiosk.office.tickets import take_ticket
from kiosk.tickets import Counter, Service
from kiosk.ui.fonts import load_fonts
from kiosk.ui.threads import Feed, GuiPost, Worker
from kiosk.voice_config import SILENT, VoiceConfig
from tests.hall import Clock, Seconds, centre_at
from tests.waiting import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from display.voices import Order
    from kiosk.office.centre import Centre
    from kiosk.tickets import Ticket

COMMUNE = (
    ("A", "Chứng thực", "Certification"),
    ("B", "Hộ tịch", "Civil status"),
    ("C", "Đất đai", "Land"),
    ("D", "Đăng ký kinh doanh", "Business registration"),
    ("E", "Chính sách, xã hội", "Social policy"),
    ("F", "Trả kết quả", "Result pick-up"),
)
OFFICE = "Trung tâm Phục vụ hành chính công phường Trung Tâm"


def services(*named: tuple[str, str, str]) -> dict[str, Service]:
    return {code: Service(code, {"vi": vi, "en": en}, "ticket") for code, vi, en in named}


@dataclass
class Hall:
    """A real store and a real board on it; ``steady`` is what the board lasts by."""

    centre: Centre
    clock: Clock
    folder: Path
    steady: Seconds = field(default_factory=Seconds)
    reports: list[tuple[str, str, str]] = field(default_factory=list)
    board: BoardWindow | None = None
    voice: VoiceConfig = SILENT
    order: Order | None = None
    touch: str | None = None

    def open(self, width: int = 0, height: int = 0, **settings: object) -> BoardWindow:
        given = {"fullscreen": False, "sound": "none", **settings}
        self.post = GuiPost()
        self.worker = Worker(self.post)
        self.feed = Feed(self.centre.database, self.post)
        self.board = BoardWindow(
            self.centre,
            BoardConfig(**given),
            self.post,
            self.worker,
            self.feed,
            lambda *told: self.reports.append(told),
            voice=self.voice,
            order=self.order,
            touch=self.touch,
            folder=self.folder,
            clock=self.steady,
        )
        if width:
            self.board.window.resize(width, height)
        self.feed.start()
        self.board.show()
        if width:
            self.board.window.resize(width, height)
        self.until(lambda: self.board._board is not None)
        return self.board

    def close(self) -> None:
        if self.board is None:
            return
        self.feed.close()
        self.worker.close()
        self.board.close()
        self.post.close()
        self.board = None

    def call(self, service: str, counter: int) -> Ticket:
        """Issues a number and calls it to the counter."""
        take_ticket(self.centre, service=service, actor="test")
        ticket = call_next(self.centre, counter, clerk="mai")
        assert ticket is not None
        return ticket

    def until(self, holds: Callable[[], bool], seconds: float = PATIENCE) -> None:
        deadline = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < deadline, "it did not come to hold"
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)

    def after(self, seconds: float) -> None:
        """Lets the clocks go on and the board look at them."""
        self.steady.now += seconds
        self.clock.forward(seconds=seconds)
        self.board.look()


def commune(centre: Centre, **changes: object) -> Centre:
    """A commune's centre: six services, six counters that take all of them."""
    entries = services(*COMMUNE)
    counters = {n: Counter(n, tuple(entries), "hall") for n in range(1, 7)}
    facts = {"name": OFFICE, "services": entries, "counters": counters, **changes}
    return replace(centre, **facts)


@pytest.fixture
def hall(qapp: object, tmp_path: Path) -> Iterator[Hall]:
    load_fonts()
    clock = Clock()
    hall = Hall(commune(centre_at(tmp_path / "kiosk.db", clock)), clock, tmp_path)
    yield hall
    hall.close()
    hall.centre.database.close()
