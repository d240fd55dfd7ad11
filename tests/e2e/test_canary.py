"""A canary walks through the hall: one person whose name, phone and numbers stand nowhere else.

Whatever the public sees or hears, and all that is written down beside the dossier itself, is then
searched for them.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import httpx
import pytest

from display.window import BoardWindow
from kiosk.board_config import BoardConfig
from kiosk.imports import import_dossiers
from kiosk.office.devices import report
from kiosk.office.jobs import next_job
from kiosk.store.tables import listed
from kiosk.touch.window import TouchWindow
from kiosk.touch_config import TouchConfig
from kiosk.ui.fonts import load_fonts
from kiosk.ui.threads import Feed, GuiPost, Worker
from printer.raster import draw_slip
from printer.slips import draw
from tests.hall import MORNING, Clock, Seconds
from tests.touch.office import SIX, office
from tests.touch.scene import at, press, texts
from tests.web.serving import add_clerks, served, signed_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from PySide6.QtQuick import QQuickWindow

    from kiosk.office.centre import Centre

CODE: Final = "H15.50.05-261101-0001"
NAME: Final = "Đinh Hoàng Yến Canary"
PHONE: Final = "0987001234"
WISHED: Final = "0912777555"
NUMBER: Final = "079199008877"
OLD: Final = "023456789"
SECRET: Final = "ZQ7KXW"
STRANGER: Final = "046188009911"
ADDRESS: Final = "Ngõ Chim Yến 77"
HANDLER: Final = "Tô Vành Khuyên"
CANARIES: Final = (
    "Canary", "Hoàng Yến", "Chim Yến", PHONE, WISHED, NUMBER, OLD, SECRET, STRANGER, "Vành Khuyên",
)  # fmt: skip
CARD: Final = f"{NUMBER}|{OLD}|{NAME}|01011991|Nữ|{ADDRESS}|15042021"
KEEPS_PEOPLE: Final = ("dossier", "sms_wish")
"""Tables that hold what is known of people; nothing of theirs is shown unmasked."""
CSV: Final = (
    "Mã số hồ sơ,Chủ hồ sơ,Điện thoại,Số CCCD,Địa chỉ,Tên thủ tục,Cán bộ,Ngày tiếp nhận,"
    "Ngày hẹn trả,Trạng thái,Mã tra cứu\n"
    f"{CODE},{NAME},{PHONE},{NUMBER},{ADDRESS},Trích lục hộ tịch,{HANDLER},"
    f"13/11/2026,16/11/2026,4,{SECRET}\n"
)


class Public:
    """All that was seen, heard or written, by where it was."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str]] = []

    def look(self, where: str, window: QQuickWindow) -> None:
        self.seen += [(where, text) for text in texts(window)]

    def read(self, where: str, answer: httpx.Response) -> None:
        self.seen.append((f"{where} ({answer.request.url})", answer.text))
        self.seen.append(("an address", str(answer.request.url)))
        self.seen.append(("headers", repr(answer.headers)))

    def leaks(self) -> list[str]:
        return [
            f"{canary} in {where}: {text[:120]}"
            for where, text in self.seen
            for canary in CANARIES
            if canary.casefold() in text.casefold()
        ]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def centre(tmp_path: Path, clock: Clock) -> Iterator[Centre]:
    services = tuple(replace(service, ask="dossier" * (service.code == "B")) for service in SIX)
    made = office(tmp_path / "kiosk.db", services, clock, public_url="https://mc.example.vn")
    add_clerks(made)
    report(made, "printer", "ok")
    yield made
    made.database.close()


def everything(centre: Centre) -> list[tuple[str, str]]:
    """All rows of all tables that are not about people."""
    found = []
    with centre.database.read() as query:
        for table in listed():
            if not table.startswith(KEEPS_PEOPLE):
                rows = query.all(f"SELECT * FROM {table}")
                found += [(f"the table {table}", repr(dict(row))) for row in rows]
    return found


def test_no_name_phone_or_number_of_a_person_is_shown_said_printed_or_written_down(
    qapp, qtbot, centre: Centre, clock: Clock, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    load_fonts()
    (tmp_path / "dossiers.csv").write_text(CSV, "utf-8")
    taken_in = import_dossiers(centre, tmp_path / "dossiers.csv")
    assert taken_in.stored == 1
    public = Public()
    post, seconds = GuiPost(), Seconds()
    worker = Worker(post)
    feed = Feed(centre.database, post)
    touch = TouchWindow(
        centre, TouchConfig(fullscreen=False, speech="none"), post, worker, feed, seconds
    )
    sound = BoardConfig(fullscreen=False, sound="file")
    board = BoardWindow(centre, sound, post, worker, feed, lambda *_: None, folder=tmp_path)
    feed.start()
    touch.show()
    touch.ticker.stop()
    board.show()
    try:
        qtbot.waitUntil(lambda: touch.bridge.state.home is not None)
        with served(centre) as address:
            _visit(touch, seconds, clock, qtbot, public)
            _serve(address, board, qtbot, public)
            _ask_elsewhere(address, clock, public)
        qtbot.waitUntil(lambda: (tmp_path / "calls.wav").exists())
    finally:
        feed.close()
        worker.close()
        touch.close()
        board.close()
        post.close()
    public.seen += everything(centre)
    public.seen += [("the log", record.getMessage()) for record in caplog.records]
    public.seen += [("an exception", str(r.exc_info)) for r in caplog.records if r.exc_info]
    public.seen += [("a file's name", path.name) for path in tmp_path.rglob("*")]
    public.seen.append(("the sound", (tmp_path / "calls.wav").read_bytes().decode("latin-1")))
    public.seen += _slips(centre)

    assert public.leaks() == []
    shown = [text for _, text in public.seen]
    assert "Chủ hồ sơ: Đ. H. Y. C***" in shown
    assert any("Trích lục hộ tịch" in text for text in shown)
    looked_at = {"the touch window", "the board", "the log", "the table event", "the apology"}
    assert looked_at <= {where for where, _ in public.seen}


def _visit(touch: TouchWindow, seconds: Seconds, clock: Clock, qtbot, public: Public) -> None:
    """At the touch window: the receipt, a stranger's card, the own one, paper, a wish, a number."""

    def until(screen: str) -> None:
        def there() -> bool:
            return at(touch, screen) and touch.bridge.state.busy_since is None

        qtbot.waitUntil(there)
        seconds.now += 1
        public.look("the touch window", touch.window)
        public.seen.append(("the state", repr(touch.bridge.state)))

    def scan(text: str, screen: str) -> None:
        touch.scanned(text.encode())
        until(screen)

    def tap(name: str) -> None:
        seconds.now += 1
        # What was just shown has been laid out by then.
        touch.window.grabWindow()
        press(touch.window, name)

    def key(name: str, screen: str) -> None:
        tap(name)
        until(screen)

    scan(CARD, "card")
    scan(f"https://dvc.example.vn/tra-cuu?MHS={CODE}&SGT={NUMBER}", "dossier")
    scan(CARD.replace(NUMBER, STRANGER).replace(OLD, ""), "prove")
    clock.forward(seconds=5)
    for digit in "1357":
        press(touch.window, digit)
    key("Xem", "prove")
    key("Quay lại", "dossier")
    clock.forward(seconds=5)
    # What the owner alone sees: the masked name, and who handles it.
    touch.scanned(CARD.encode())
    qtbot.waitUntil(lambda: touch.bridge.view.dossier.owner != "")
    public.seen.append(("the owner's screen", touch.bridge.view.dossier.owner))
    assert HANDLER in " ".join(texts(touch.window))
    tap("In phiếu xin lỗi")
    qtbot.waitUntil(lambda: touch.bridge.view.dossier.done != "")
    tap("Nhắn tin cho tôi")
    qtbot.waitUntil(lambda: at(touch, "phone"))
    for digit in WISHED:
        press(touch.window, digit)
    tap("Ghi số này")
    qtbot.waitUntil(lambda: at(touch, "dossier"))
    key("Xong", "home")
    key(next(c.spoken for c in touch.bridge.view.home.cards if c.key == "B"), "ask")
    scan(CARD, "ask")
    scan(CODE, "ticket")
    public.seen.append(("the code for phones", touch.bridge.view.ticket.qr))


def _serve(address: str, board: BoardWindow, qtbot, public: Public) -> None:
    """At the counter: the number is called, seen and heard; the pages that anybody may open."""
    with httpx.Client(base_url=address) as phone, signed_in(address, "hoa", 5) as clerk:
        called = clerk.post("/api/counters/5/next", json={})
        assert called.json()["dossier"] == CODE
        public.read("the clerk's call", called)
        qtbot.waitUntil(lambda: "B001" in texts(board.window))
        public.look("the board", board.window)
        public.read("the board over HTTP", phone.get("/api/board"))
        public.read("the ticket", phone.get(f"/api/tickets/{called.json()['id']}"))
        public.read("the page for phones", phone.get(f"/so/{called.json()['id']}"))
        public.read("the display", phone.get("/counter/5/display"))
        public.read("the clerk's page", clerk.get("/clerk"))


def _ask_elsewhere(address: str, clock: Clock, public: Public) -> None:
    """Over HTTP: the code, a wrong secret, and an ID number typed where a code belongs."""
    with httpx.Client(base_url=address) as client:
        clock.forward(seconds=60)
        for body in (
            {"code": CODE},
            {"code": CODE, "secret": "0000"},
            {"code": NUMBER, "secret": PHONE},
            {"code": NUMBER},
        ):
            public.read("a look-up", client.post("/api/dossiers/lookup", json=body))
        clock.forward(seconds=60)
        opened = client.post("/api/dossiers/lookup", json={"code": CODE, "secret": SECRET})
        assert opened.json()["handler"] == HANDLER
        assert "Canary" not in opened.text
        assert MORNING + timedelta(seconds=60) < clock.now


def _slips(centre: Centre) -> list[tuple[str, str]]:
    """What the papers say; each of them draws."""
    found = []
    while (job := next_job(centre)) is not None:
        assert draw_slip(draw(job.slip, job.data), 80)
        found.append((f"the {job.slip}", repr(job.data)))
        with centre.database.write() as query:
            query.run("UPDATE print_job SET state = 'printed' WHERE id = :id", id=job.id)
    assert {where for where, _ in found} == {"the apology", "the ticket"}
    return found
