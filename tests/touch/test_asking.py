"""Services that ask for a dossier before they give a number: real touches and scans."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kiosk.office.calls import call_next
from kiosk.office.tickets import take_ticket
from kiosk.touch.state import Screen
from tests.hall import Clock
from tests.touch.office import issued
from tests.touch.scene import at, buttons, name_of, press, texts
from tests.touch.visit import (
    CARD,
    OPEN,
    key,
    office_of_owners,
    type_in,
)

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.office.centre import Centre
    from kiosk.touch.window import TouchWindow
    from tests.hall import Seconds
    from tests.touch.conftest import Open


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def centre(tmp_path: Path, clock: Clock) -> Centre:
    return office_of_owners(tmp_path, clock)


@pytest.fixture
def window(open_touch: Open, centre: Centre) -> tuple[TouchWindow, Seconds]:
    return open_touch(centre)


def asks(window, code: str, qtbot) -> None:
    touch, _ = window
    key(window, name_of(touch, code))
    qtbot.waitUntil(lambda: at(touch, "ask"))


def test_a_service_that_asks_puts_the_scanned_dossier_on_the_ticket(window, centre, qtbot):
    touch, _ = window
    asks(window, "C", qtbot)
    touch.scanned(b"]C1" + OPEN.encode() + b"\r\n")
    qtbot.waitUntil(lambda: at(touch, "ticket"))
    called = call_next(centre, 1, clerk="hoa")

    assert called is not None
    assert (called.service, called.dossier) == ("C", OPEN)


def test_who_has_no_dossier_passes_the_question_over_where_that_is_allowed(window, qtbot):
    touch, _ = window
    asks(window, "C", qtbot)
    key(window, "Tôi chưa có hồ sơ")
    qtbot.waitUntil(lambda: at(touch, "ticket"))

    assert touch.bridge.state.place.ticket.dossier is None


def test_where_a_dossier_is_needed_there_is_no_way_past(window, centre, qtbot):
    touch, _ = window
    asks(window, "D", qtbot)
    keys = [piece.name for piece in buttons(touch.window.contentItem())]
    key(window, "Quay lại")
    qtbot.waitUntil(lambda: at(touch, "home"))
    key(window, name_of(touch, "A"))
    qtbot.waitUntil(lambda: at(touch, "ticket"))

    assert "Tôi chưa có hồ sơ" not in keys
    assert touch.bridge.state.place.ticket.number == "A001"
    assert issued(centre) == 1


def test_an_unknown_code_is_told_and_may_be_typed_again(window, centre, qtbot):
    touch, _ = window
    asks(window, "D", qtbot)
    touch.scanned(b"H15.50.05-261101-9999")
    qtbot.waitUntil(lambda: touch.bridge.state.problem == "not_found")
    told = " ".join(texts(touch.window))
    key(window, "Nhập mã")
    qtbot.waitUntil(lambda: at(touch, "keypad"))
    kept = touch.bridge.state.entry
    for _ in range(4):
        press(touch.window, "Xóa một ký tự")
    type_in(window, OPEN[-4:])
    key(window, "Tra cứu")
    qtbot.waitUntil(lambda: at(touch, "ticket"))

    assert "Không tìm thấy mã H15.50.05-261101-9999." in told
    assert kept == "H15.50.05-261101-9999"
    assert touch.bridge.state.place.ticket.dossier == OPEN


def test_a_card_or_noise_instead_of_the_receipt_is_told_without_losing_the_service(window, qtbot):
    touch, _ = window
    asks(window, "D", qtbot)
    for frame, problem in ((CARD, "card"), (b"<b>noise</b>", "unreadable")):
        touch.scanned(frame)
        assert (touch.bridge.state.screen, touch.bridge.state.problem) == (Screen.ASK, problem)
        assert touch.bridge.state.asking == "D"
    key(window, "Nhập mã")
    key(window, "Quay lại")

    assert at(touch, "ask")


def test_a_ticket_instead_of_the_receipt_shows_where_it_stands(window, centre, qtbot):
    touch, _ = window
    mine = take_ticket(centre, service="A", actor="test").place.ticket
    asks(window, "C", qtbot)
    touch.scanned(mine.id.encode())
    qtbot.waitUntil(lambda: at(touch, "place"))

    assert "A001" in texts(touch.window)
    assert issued(centre) == 1
