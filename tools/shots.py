"""A picture of every screen and every slip, to look at.    python -m tools.shots [FOLDER]

The screens are the real windows on a real store with the office of the tests; each is shown in
both languages and three sizes, and at the touch window in high contrast and large letters within
reach too. The pages are taken by the browser of the machine. tools/sheets.py puts many on one page.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from dataclasses import replace
from datetime import time as clock_time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PIL import Image, ImageDraw
from PySide6.QtCore import QCoreApplication, QEventLoop
from PySide6.QtGui import QGuiApplication

from display.window import BoardWindow
from kiosk.board_config import BoardConfig
from kiosk.calendar import utc_now
from kiosk.counter.client import trusting
from kiosk.counter.memory import Memory
from kiosk.counter.process import Counter
from kiosk.counter.settings import load_settings
from kiosk.counter.state import cut, locked
from kiosk.office.calls import call_next, undo
from kiosk.office.clerks import add_clerk
from kiosk.office.examples import KINDS, example
from kiosk.office.jobs import queue_test_page
from kiosk.office.slips import slip_data
from kiosk.office.tickets import take_ticket
from kiosk.store import jobs
from kiosk.texts import texts
from kiosk.tickets import Hours
from kiosk.touch.offers import PLAIN
from kiosk.touch.state import start
from kiosk.touch.window import TouchWindow
from kiosk.touch_config import TouchConfig
from kiosk.ui.fonts import load_fonts
from kiosk.ui.threads import Feed, GuiPost, Worker
from printer.raster import draw_slip
from printer.slips import draw
from tests.touch.contents import fill
from tests.touch.office import SIX, office
from tests.touch.screens import SCREENS, annotated
from tests.web.browsing import launched
from tests.web.serving import served
from tools.sheets import sheets

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser, ViewportSize
    from PySide6.QtQuick import QQuickWindow

    from kiosk.office.centre import Centre

LANGUAGES: Final = ("vi", "en")
TOUCH_SIZES: Final = {
    "portrait": ((1080, 1920), (268.0, 476.4)),
    "landscape": ((1920, 1080), (476.4, 268.0)),
    "small": ((1024, 768), (304.0, 228.0)),
}
BOARD_SIZES: Final = {
    "portrait": ((1080, 1920), (680.6, 1210.0)),
    "landscape": ((1920, 1080), (1210.0, 680.6)),
    "small": ((1024, 768), (610.0, 457.0)),
}
PAGE_SIZES: Final = {"desk": (1280, 800), "phone": (360, 740)}
PAPERS: Final = (58, 80)
PIN: Final = "246810"
NEVER: Final = (Hours(clock_time(0, 0), clock_time(0, 1)),)
"""Ticket hours that are over whenever somebody takes pictures."""
STALE_SECONDS: Final = 20.0
SETTLED_SECONDS: Final = 0.6
"""Motions are over by then."""
FOUND_SECONDS: Final = 2.0
"""By then the office's pictures were found and made ready."""
BLINKED_SECONDS: Final = 5.0
"""By then a new call on the board no longer blinks, and those of one moment stand together."""
STEADY_SECONDS: Final = 14.0
"""And by then the last of them stands alone."""
MORNING: Final = (4, 2, 5, 6, 1, 6)
# What the board is shown with: the counters that have called, and whether it has pictures.
BOARD_FACES: Final[dict[str, tuple[tuple[int, ...], bool]]] = {
    "calls": (MORNING, False),
    "undone": (MORNING, False),
    "together-2": (MORNING[:2], False),
    "together-3": (MORNING[:3], False),
    "together-6": (MORNING, False),
    "media": (MORNING, True),
    "idle": ((), False),
    "idle-media": ((), True),
    "closed": ((), False),
    "closed-media": ((), True),
    "stale": (MORNING, False),
}
NOTICE: Final = """# Lịch tiếp công dân của Chủ tịch

- **Thứ Năm hằng tuần**, buổi sáng từ 8 giờ đến 11 giờ 30, tại phòng tiếp công dân.
- Mời Ông/Bà mang theo căn cước và giấy tờ có liên quan.
- Nếu trùng ngày lễ, buổi tiếp dời sang ngày làm việc kế tiếp.
"""


class Gallery:
    """Where the pictures go, and how many there are."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.count = 0
        folder.mkdir(parents=True, exist_ok=True)

    def path(self, *name: object) -> Path:
        self.count += 1
        return self.folder / ("-".join(map(str, name)) + ".png")

    def grab(self, window: QQuickWindow, *name: object) -> None:
        window.grabWindow().save(str(self.path(*name)))


def take_touch(gallery: Gallery, folder: Path) -> None:
    for services in {id(shown.services): shown.services for shown in SCREENS.values()}.values():
        centre = office(
            folder / f"touch-{id(services)}.db", services, public_url="https://motcua.example.vn"
        )
        fill(centre)
        post = GuiPost()
        worker = Worker(post)
        feed = Feed(centre.database, post)
        for size, (pixels, millimetres) in TOUCH_SIZES.items():
            config = TouchConfig(screen_mm=millimetres, fullscreen=False, speech="none")
            touch = TouchWindow(centre, config, post, worker, feed)
            touch.show()
            touch.ticker.stop()
            touch.window.resize(*pixels)
            _until(partial(_has_read, touch))
            for name, shown in SCREENS.items():
                if shown.services is services:
                    for language in LANGUAGES:
                        state = start(touch.bridge.state, time.monotonic())
                        touch.bridge.offers = PLAIN
                        touch.bridge.fold(
                            replace(state, language=language, store_down=False, speaks=True)
                        )
                        shown.go(centre, touch.bridge)
                        _rest(SETTLED_SECONDS)
                        gallery.grab(touch.window, "touch", name, size, language)
                    state = replace(touch.bridge.state, big=True, contrast=True, reach=True)
                    touch.bridge.fold(replace(state, language=LANGUAGES[0]))
                    _rest(SETTLED_SECONDS)
                    gallery.grab(touch.window, "easy", name, size, LANGUAGES[0])
            touch.close()
        worker.close()
        post.close()
        centre.database.close()


def _has_read(touch: TouchWindow) -> bool:
    return touch.bridge.state.home is not None


def take_board(gallery: Gallery, folder: Path) -> None:
    media = folder / "board-media"
    fill_media(media)
    for language in LANGUAGES:
        order = (language, *(other for other in LANGUAGES if other != language))
        for face, (calls, pictures) in BOARD_FACES.items():
            centre = office(folder / f"board-{face}-{language}.db", SIX)
            centre = replace(centre, languages=order, clock=utc_now)
            if face.startswith("closed"):
                shut = {
                    code: replace(known, hours=NEVER) for code, known in centre.services.items()
                }
                centre = replace(centre, services=shut)
            if calls:
                fill(centre)
                for counter in calls:
                    call_next(centre, counter, clerk="hoa")
            if face == "undone":
                undo(centre, 6, clerk="hoa")
            for size, (pixels, millimetres) in BOARD_SIZES.items():
                look = BoardConfig(
                    screen_mm=millimetres,
                    fullscreen=False,
                    sound="none",
                    media=str(media) if pictures else "",
                )
                _one_board(gallery, centre, look, pixels, ("board", face, size, language))
            centre.database.close()


def _one_board(
    gallery: Gallery,
    centre: Centre,
    config: BoardConfig,
    pixels: tuple[int, int],
    name: tuple[str, ...],
) -> None:
    """The calls of before it opened stand there together, or as they do a quarter of a minute
    later."""
    post = GuiPost()
    worker = Worker(post)
    feed = Feed(centre.database, post)
    late = 0.0
    board = BoardWindow(
        centre, config, post, worker, feed, lambda *_: None, clock=lambda: time.monotonic() + late
    )
    board.show()
    board.window.resize(*pixels)
    feed.start()
    _rest(FOUND_SECONDS if config.media else SETTLED_SECONDS)
    if "stale" in name:
        feed.close()
        _rest(SETTLED_SECONDS)
        late = STALE_SECONDS
    else:
        late = BLINKED_SECONDS if "together" in name[1] else STEADY_SECONDS
        feed.first.emit()
    _rest(SETTLED_SECONDS)
    gallery.grab(board.window, *name)
    feed.close()
    worker.close()
    board.close()
    post.close()


def fill_media(folder: Path) -> None:
    """A picture and a notice, as an office would lay them into the board's folder."""
    folder.mkdir(exist_ok=True)
    picture = Image.new("RGB", (1600, 900), "#E9EEF5")
    ink = ImageDraw.Draw(picture)
    for at, colour in enumerate(("#0E2F52", "#0B5D3B", "#B3152B", "#FFD54A")):
        ink.rounded_rectangle((120 + at * 360, 640 - at * 130, 400 + at * 360, 780), 40, colour)
    picture.save(folder / "1-picture.png")
    (folder / "2-hours.md").write_text(NOTICE, "utf-8")
    (folder / "ticker.txt").write_text("Thứ Bảy, trung tâm làm việc buổi sáng.\n", "utf-8")
    (folder / "ticker.en.txt").write_text("Open on Saturday mornings.\n", "utf-8")


def take_slips(gallery: Gallery, folder: Path) -> None:
    centre = office(folder / "slips.db", SIX)
    fill(centre)
    taken = take_ticket(centre, service="A", actor="test").place
    place = replace(taken, estimate=(600, 900), warning=None)
    followed = replace(centre, public_url="https://motcua.example.vn")
    for language in LANGUAGES:
        words = texts(language)
        for name, at, known in (
            ("ticket", centre, place),
            ("ticket-phone", followed, place),
            ("ticket-noted", followed, annotated(centre, place)),
        ):
            slip = draw("ticket", slip_data(at, known, words))
            for paper in PAPERS:
                (picture,) = draw_slip(slip, paper)
                picture.save(gallery.path("slip", name, paper, language))
        page = _data_of(centre, queue_test_page(centre, words))
        others = {kind: draw(*example(centre, kind, words)) for kind in KINDS if kind != "test"}
        for name, slip in {**others, "test-page": draw("test", page)}.items():
            for paper in PAPERS:
                (picture,) = draw_slip(slip, paper)
                picture.save(gallery.path("slip", f"example-{name}", paper, language))
    centre.database.close()


def _data_of(centre: Centre, job_id: str) -> dict[str, object]:
    with centre.database.read() as query:
        row = jobs.by_id(query, centre.code, job_id)
    assert row is not None
    return dict(json.loads(row["data"]))


def take_pages(gallery: Gallery, folder: Path) -> None:
    centre = replace(office(folder / "pages.db", SIX), clock=utc_now)
    fill(centre)
    for _ in range(3):
        take_ticket(centre, service="A", actor="test")
    add_clerk(centre, "hoa", "Lê Thị Hoa", PIN)
    with served(centre) as address, launched() as browser:
        for language in LANGUAGES:
            for size, (width, height) in PAGE_SIZES.items():
                view: ViewportSize = {"width": width, "height": height}
                page = browser.new_context(viewport=view).new_page()
                page.goto(f"{address}/clerk?lang={language}")
                page.screenshot(path=gallery.path("clerk", "sign-in", size, language))
                page.locator("[name=clerk]").fill("hoa")
                page.locator("[name=pin]").fill(PIN)
                page.locator("[name=counter]").select_option("6")
                page.locator("[type=submit]").first.click()
                page.wait_for_load_state("load")
                page.locator("#next:not([disabled])").wait_for()
                page.keyboard.press("Space")
                page.locator("#timer").wait_for()
                page.screenshot(path=gallery.path("clerk", "at-work", size, language))
                page.context.close()
        _take_follow(gallery, centre, browser, address)
    centre.database.close()


def _take_follow(gallery: Gallery, centre: Centre, browser: Browser, address: str) -> None:
    """The page of a ticket on a phone: while it waits, and when it is called."""
    width, height = PAGE_SIZES["phone"]
    take_ticket(centre, service="E", actor="test")
    called = call_next(centre, 3, clerk="hoa")
    assert called is not None
    waiting = take_ticket(centre, service="A", actor="test").place.ticket
    page = browser.new_context(viewport={"width": width, "height": height}).new_page()
    for language in LANGUAGES:
        for face, ticket in (("waiting", waiting), ("called", called)):
            page.goto(f"{address}/so/{ticket.id}?lang={language}")
            page.evaluate("document.fonts.ready")
            page.screenshot(path=gallery.path("follow", face, "phone", language))
    page.context.close()


def take_counter(gallery: Gallery, folder: Path) -> None:
    """The counter window of a clerk's PC, each of its faces; the same at one and a half times the
    size with QT_SCALE_FACTOR=1.5."""
    centre = replace(office(folder / "counter.db", SIX), clock=utc_now)
    fill(centre)
    for _ in range(3):
        take_ticket(centre, service="A", actor="test")
    add_clerk(centre, "hoa", "Lê Thị Hoa", PIN)
    with served(centre) as address:
        for language in LANGUAGES:
            settings = load_settings(None, server=address, counter=6, language=language)
            made = Counter(settings, Memory(folder / f"counter-{language}"), trusting(None))
            made.window.show()
            _counter_faces(gallery, made, language)
            made.close()
    centre.database.close()


def _counter_faces(gallery: Gallery, made: Counter, language: str) -> None:
    bridge = made.bridge

    def grab(face: str) -> None:
        _rest(SETTLED_SECONDS)
        gallery.grab(made.window.window, "counter", face, language)

    def press(action: str) -> None:
        bridge.press(action)
        _until(lambda: not bridge.state.busy)

    grab("sign-in")
    bridge.enrolInstead()
    grab("enrolment")
    bridge.enrolInstead()
    bridge.signIn("hoa", "000000", "6")
    _until(lambda: bridge.state.alert)
    grab("wrong-pin")
    bridge.signIn("hoa", PIN, "6")
    _until(lambda: bridge.state.desk and bridge.state.office)
    grab("nobody")
    press("next")
    grab("called")
    bridge.shrink(True)
    grab("bar")
    bridge.shrink(False)
    press("pause")
    grab("alert")
    for sheet in ("transfer", "hold", "notices", "menu"):
        bridge.openSheet(sheet)
        grab(sheet)
        bridge.closeSheet()
    press("start")
    grab("serving")
    press("no_show")
    press("finish")
    press("next")
    press("no_show")
    _rest(SETTLED_SECONDS)
    bridge.openSheet("kept")
    grab("kept")
    bridge.closeSheet()
    press("pause")
    grab("pausing")
    bridge.give("Họp" if language == "vi" else "Meeting")
    _until(lambda: bridge.state.desk and bridge.state.desk.paused)
    grab("paused")
    bridge.fold(replace(cut(bridge.state, "silent"), pad="away"))
    grab("lost")
    made.changes.rest()
    bridge.fold(locked(bridge.state))
    grab("locked")


def _until(true: Callable[[], object], seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            raise TimeoutError("the window did not get there")
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 10)


def _rest(seconds: float) -> None:
    ending = time.monotonic() + seconds
    _until(lambda: time.monotonic() >= ending, seconds + 10)


def main(folder: Path) -> None:
    _app = QGuiApplication(sys.argv[:1])
    load_fonts()
    gallery = Gallery(folder)
    with tempfile.TemporaryDirectory(prefix="kiosk-shots-") as name:
        for take in (take_slips, take_board, take_touch, take_pages, take_counter):
            take(gallery, Path(name))
    index = folder.absolute() / "sheets" / "index.html"
    print(
        f"{gallery.count} pictures in {folder.absolute()}, on {len(sheets(folder))} sheets: {index}"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("shots"))
