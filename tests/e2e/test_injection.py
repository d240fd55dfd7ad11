"""Names that are code: in every window and on every page they are text, and load nothing.

Whatever would fetch a picture, follow an address or run a script reaches a door of this test's own.
"""

from __future__ import annotations

import socket
import threading
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final, Self

import pytest
from playwright.sync_api import expect
from PySide6.QtCore import QCoreApplication, QUrl
from PySide6.QtQml import QQmlComponent, QQmlEngine

from display.window import BoardWindow
from kiosk.board_config import BoardConfig
from kiosk.office import clerks
from kiosk.office.calls import call_next
from kiosk.office.tickets import take_ticket
from kiosk.touch.state import start
from kiosk.ui.threads import Feed, GuiPost, Worker
from tests.counter.conftest import open_pc  # noqa: F401 (a fixture)
from tests.hall import Clock, centre_at
from tests.touch.conftest import open_touch  # noqa: F401 (a fixture)
from tests.touch.contents import LONG_PROCEDURE, fill
from tests.touch.office import CODE, SIX, office, post, ready_dossier, store
from tests.touch.scene import texts
from tests.touch.screens import SCREENS
from tests.web.browsing import launched
from tests.web.serving import PIN, add_clerks, served
from tests.web.tours import TOURS
from tests.web.visits import fill as fill_desk
from tests.web.visits import furnished, visiting

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Dialog

    from kiosk.office.centre import Centre
    from tests.counter.conftest import OpenPc
    from tests.touch.conftest import Open


OURS: Final = "img[src^='{0}'], a[href^='{0}'], script[src^='{0}']"


TELLING: Final = (
    "home", "ticket", "place-waiting", "dossier-ready", "dossier-full", "dossier-more", "catalogue",
    "search-found", "procedure", "procedure-long", "procedure-long-end", "rating", "door-services",
)  # fmt: skip
"""Screens of the touch window that show what comes from elsewhere."""


class Door:
    """Listens on loopback and notes what knocks: the first line of each request."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self.knocks: list[str] = []
        self._thread = threading.Thread(target=self._listen)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()

    def _listen(self) -> None:
        while True:
            try:
                guest, _ = self._socket.accept()
            except OSError:
                return
            with guest:
                self.knocks.append(guest.recv(1000).split(b"\r\n")[0].decode("latin-1"))

    def name(self, what: str) -> str:
        """Of a thing, in every language in which a careless program might show it."""
        seen = f"{self.address}/{what}"
        return (
            f'<b>{what}</b><img src="{seen}.png" onerror="fetch(\'{seen}-error\')"><script>fetch("'
            f"{seen}-script\")</script>'\"><style>@import '{seen}.css'</style><a href='{seen}'>"
            f"{{{{7*7}}}}${{7*7}}![x]({seen}.md) %1 &lt; qrc:/x"
        )

    def person(self, what: str) -> str:
        """The same in the room that a clerk's name has."""
        return f"<b>{what}</b><img src={self.address}/p>"


@pytest.fixture
def door() -> Iterator[Door]:
    with Door() as door:
        yield door


def marked(centre: Centre, door: Door) -> Centre:
    services = {
        code: replace(one, names={"vi": door.name(f"service-{code}"), "en": door.name("english")})
        for code, one in centre.services.items()
    }
    return replace(centre, name=door.name("office"), parent=door.name("parent"), services=services)


def test_the_door_hears_what_a_careless_window_fetches(qapp, qtbot, door: Door) -> None:
    engine = QQmlEngine()
    component = QQmlComponent(engine)
    component.setData(
        b"import QtQuick\nText { textFormat: Text.StyledText }", QUrl("qrc:/careless.qml")
    )
    careless = component.create()
    careless.setProperty("text", door.name("careless"))

    qtbot.waitUntil(lambda: door.knocks != [])
    careless.deleteLater()
    assert "/careless" in door.knocks[0]


def test_no_window_of_the_hall_runs_or_fetches_what_a_name_says(
    open_touch: Open,  # noqa: F811
    qtbot,
    door: Door,
    tmp_path: Path,
) -> None:
    clock = Clock()
    centre = marked(office(tmp_path / "kiosk.db", SIX, clock, public_url="https://mc.vn"), door)
    fill(centre)
    dossier = ready_dossier()
    steps = tuple(
        replace(one, unit=door.name("unit"), note=door.name("note"), task=door.name("task"))
        for one in dossier.steps
    )
    store(centre, replace(dossier, procedure_name=door.name("dossier"), steps=steps))
    post(
        centre,
        replace(
            LONG_PROCEDURE,
            name=door.name("procedure"),
            conditions=door.name("conditions"),
            agency=door.name("agency"),
        ),
    )
    touch, _ = open_touch(centre)
    post_office = GuiPost()
    worker, feed = Worker(post_office), Feed(centre.database, post_office)
    board = BoardWindow(
        centre, BoardConfig(fullscreen=False, sound="none"), post_office, worker, feed,
        lambda *_: None,
    )  # fmt: skip
    seen: set[str] = set()
    try:
        feed.start()
        board.show()
        for name in TELLING:
            touch.bridge.fold(start(touch.bridge.state, touch.bridge.now()))
            SCREENS[name].go(centre, touch.bridge)
            touch.window.grabWindow()
            seen |= {f"{name}: {text}" for text in texts(touch.window)}
        touch.scanned(door.name("scanned").encode())
        qtbot.waitUntil(lambda: touch.bridge.state.busy_since is None)
        called = call_next(centre, 2, clerk="mai")
        assert called is not None
        qtbot.waitUntil(lambda: called.number in texts(board.window))
        board.window.grabWindow()
        seen |= {f"board: {text}" for text in texts(board.window)}
        for _ in range(10):
            QCoreApplication.processEvents()
    finally:
        feed.close()
        worker.close()
        board.close()
        post_office.close()

    assert door.knocks == []
    for shown in ("home: <b>service-A</b>", "board: <b>office</b>", "dossier-ready: <b>dossier</b>",
                  "procedure-long: <b>procedure</b>"):  # fmt: skip
        assert any(text.startswith(shown) for text in seen), shown
    assert CODE in " ".join(seen)


def test_no_counter_window_does(open_pc: OpenPc, door: Door, tmp_path: Path) -> None:  # noqa: F811
    centre = marked(centre_at(tmp_path / "kiosk.db", Clock()), door)
    add_clerks(centre)
    clerks.add_clerk(centre, "mara", door.person("clerk"), PIN)
    take_ticket(centre, service="A", actor="test")
    with served(centre) as address:
        pc = open_pc(address)
        pc.sign_in("mara", 1)
        pc.at_work()
        pc.click("Gọi số tiếp theo")
        pc.reads("A001")
        pc.window.grabWindow()
        pc.counter.close()

    assert door.knocks == []


def _note(said: list[str], dialog: Dialog) -> None:
    said.append(dialog.message)
    dialog.dismiss()


def test_no_page_does(door: Door, tmp_path: Path) -> None:
    clock = Clock()
    centre = centre_at(tmp_path / "kiosk.db", clock)
    add_clerks(centre)
    centre = marked(furnished(centre), door)
    with centre.database.write() as query:
        query.run("UPDATE clerk SET name = :name", name=door.person("clerk"))
    fill_desk(centre)
    read = []
    with launched() as browser:
        for tour in TOURS:
            with visiting(centre, clock, browser, tour, "vi", 1280) as visit:
                page = visit.page
                said: list[str] = []
                page.on("dialog", partial(_note, said))
                if tour.login:
                    expect(page.locator("#link")).to_have_attribute("data-state", "live")
                page.wait_for_load_state()
                assert page.locator(OURS.format(door.address)).count() == 0, tour
                assert said == [], tour
                read.append((tour.name, page.locator("body").inner_text()))

    assert door.knocks == []
    assert {name for name, text in read if "<b>office</b>" in text} >= {"/clerk", "/tra-cuu"}
    assert any("<b>service-A</b>" in text for name, text in read if name == "/hall trang")
