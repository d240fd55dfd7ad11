"""The touch window while its store fails."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kiosk.office.tickets import take_ticket
from tests.touch.failing import Failing
from tests.touch.scene import at, name_of, press, texts

if TYPE_CHECKING:
    from tests.touch.conftest import Open


def test_a_store_that_fails_sends_people_to_the_counter_until_it_is_back(
    open_touch: Open, centre, qtbot
):
    failing = Failing(centre.database)
    window, _ = open_touch(replace(centre, database=failing))
    failing.down = True
    window.bridge.refresh()
    qtbot.waitUntil(lambda: at(window, "unavailable"))
    told = "Mời Ông/Bà đến quầy hướng dẫn để lấy số." in texts(window.window)
    failing.down = False
    window.bridge.refresh()
    qtbot.waitUntil(lambda: at(window, "home"))

    assert told


def test_a_retry_after_a_failure_is_the_same_wish(open_touch: Open, centre, qtbot):
    failing = Failing(centre.database)
    window, seconds = open_touch(replace(centre, database=failing))
    failing.down = True
    press(window.window, name_of(window, "A"))
    qtbot.waitUntil(lambda: at(window, "unavailable"))
    wish = window.bridge.state.wish
    failing.down = False
    seconds.now += 1
    press(window.window, "Thử lại")
    qtbot.waitUntil(lambda: at(window, "ticket"))
    assert wish is not None
    again = take_ticket(centre, service="A", actor="test", request_id=wish.request_id)

    assert not again.new
    assert again.place.ticket.number == "A001"


def test_a_disk_that_is_full_but_can_be_read_invites_nobody_to_take_a_number(
    open_touch: Open, centre, qtbot
):
    failing = Failing(centre.database)
    window, seconds = open_touch(replace(centre, database=failing))
    failing.full = True
    press(window.window, name_of(window, "A"))
    qtbot.waitUntil(lambda: at(window, "unavailable"))
    seconds.now += 1
    window.bridge.leave()
    window.bridge.refresh()
    qtbot.waitUntil(lambda: window.bridge.state.store_down)
    assert at(window, "unavailable")
    assert "Mã sự cố cho nhân viên: store_full" in texts(window.window)
    failing.full = False
    window.bridge.refresh()
    qtbot.waitUntil(lambda: at(window, "home"))
    seconds.now += 1
    press(window.window, name_of(window, "A"))
    qtbot.waitUntil(lambda: at(window, "ticket"))
