"""Who holds the ticket of an ended visit under the scanner is asked how it was, once, in time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from kiosk.office.calls import call_next, finish
from kiosk.office.clerks import add_clerk
from kiosk.office.ratings import AFTERWARDS, may_rate, rate, read_ratings
from kiosk.office.sessions import sign_in
from kiosk.office.tickets import follow, take_ticket
from kiosk.ratings import MOODS, Level, Scale
from tests.hall import Clock
from tests.touch.failing import Failing
from tests.touch.office import office
from tests.touch.scene import at, buttons, press, texts

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.office.centre import Centre
    from kiosk.tickets import Ticket
    from kiosk.touch.window import TouchWindow
    from tests.touch.conftest import Open

QUESTION = "Ông/Bà đánh giá như thế nào về thái độ phục vụ tại quầy?"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def centre(tmp_path: Path, clock: Clock) -> Centre:
    return office(tmp_path / "kiosk.db", clock=clock)


def served(centre: Centre) -> Ticket:
    add_clerk(centre, "lan", "Lan", "135790")
    sign_in(centre, "lan", "135790", 6)
    ticket = take_ticket(centre, service="A", actor="test").place.ticket
    call_next(centre, 6, clerk="lan")
    finish(centre, 6, clerk="lan")
    return ticket


def scan(window: TouchWindow, ticket: Ticket, qtbot, screen: str) -> None:
    window.scanned(ticket.id.encode())
    qtbot.waitUntil(lambda: at(window, screen) and window.bridge.state.busy_since is None)


def names(window: TouchWindow) -> set[str]:
    window.window.grabWindow()
    return {piece.name for piece in buttons(window.window.contentItem())}


def test_a_scan_after_the_visit_asks_once_and_thanks(
    open_touch: Open, centre, clock: Clock, qtbot
) -> None:
    ticket = served(centre)
    window, seconds = open_touch(centre, ticket_seconds=8)
    clock.forward(minutes=3)
    scan(window, ticket, qtbot, "rating")
    asked = {QUESTION, "Số A001"} <= set(texts(window.window))
    levels = names(window)
    seconds.now += 1
    press(window.window, "Hài lòng")
    qtbot.waitUntil(lambda: "Cảm ơn Ông/Bà đã đánh giá" in texts(window.window))
    seconds.now += 8
    window.bridge.tick()
    ended = at(window, "home")
    scan(window, ticket, qtbot, "place")

    assert asked
    assert {"Rất hài lòng", "Hài lòng", "Không hài lòng", "Bỏ qua"} <= levels
    assert read_ratings(centre).whole.counts == {"good": 1}
    assert ended
    assert "Đánh giá" not in names(window)


def test_who_skips_it_may_come_back_to_it(open_touch: Open, centre, qtbot) -> None:
    ticket = served(centre)
    window, seconds = open_touch(centre)
    scan(window, ticket, qtbot, "rating")
    seconds.now += 1
    press(window.window, "Bỏ qua")
    shown = texts(window.window)
    seconds.now += 1
    window.window.grabWindow()
    press(window.window, "Đánh giá")

    assert "Số này đã phục vụ xong" in shown
    assert at(window, "rating")


def test_the_question_leaves_by_itself(open_touch: Open, centre, qtbot) -> None:
    ticket = served(centre)
    window, seconds = open_touch(centre, personal_seconds=20, warning_seconds=20)
    scan(window, ticket, qtbot, "rating")
    seconds.now += 25
    window.bridge.tick()
    warned = window.bridge.view.warn.shown
    seconds.now += 20
    window.bridge.tick()

    assert warned
    assert at(window, "home")
    assert read_ratings(centre).whole.ballots == 0


@pytest.mark.parametrize("why", ["late", "off", "rated"])
def test_nobody_is_asked_too_late_twice_or_where_the_office_does_not(
    open_touch: Open, centre, clock: Clock, qtbot, why: str
) -> None:
    ticket = served(centre)
    if why == "late":
        clock.forward(seconds=AFTERWARDS.total_seconds() + 1)
    elif why == "off":
        centre = replace(centre, rating=Scale(enabled=False))
    else:
        rate(centre, ticket.id, "poor", actor="display")
    window, _ = open_touch(centre)
    scan(window, ticket, qtbot, "place")

    assert "Đánh giá" not in names(window)


def test_a_ballot_that_comes_too_late_counts_nothing(
    open_touch: Open, centre, clock: Clock, qtbot
) -> None:
    ticket = served(centre)
    window, seconds = open_touch(centre)
    scan(window, ticket, qtbot, "rating")
    clock.forward(minutes=20)
    seconds.now += 1
    press(window.window, "Hài lòng")
    qtbot.waitUntil(lambda: "Lượt này không còn đánh giá được nữa." in texts(window.window))

    assert read_ratings(centre).whole.ballots == 0


def test_a_ballot_that_could_not_be_kept_may_be_given_again(
    open_touch: Open, centre, qtbot
) -> None:
    ticket = served(centre)
    failing = Failing(centre.database)
    scale = Scale(levels=tuple(map(Level, MOODS)))
    window, seconds = open_touch(replace(centre, rating=scale, database=failing))
    scan(window, ticket, qtbot, "rating")
    failing.down = True
    seconds.now += 1
    window.window.grabWindow()
    press(window.window, "Bình thường")
    qtbot.waitUntil(
        lambda: "Máy chưa ghi được đánh giá. Mời Ông/Bà chạm lại." in texts(window.window)
    )
    failing.down = False
    seconds.now += 1
    window.window.grabWindow()
    press(window.window, "Rất không hài lòng")
    qtbot.waitUntil(lambda: window.bridge.view.rating.thanked)

    assert read_ratings(centre).whole.counts == {"bad": 1}


def test_a_visit_of_yesterday_is_over(centre, clock: Clock) -> None:
    ticket = served(centre)
    soon = may_rate(centre, follow(centre, ticket.id).ticket)
    clock.now -= timedelta(hours=1)
    set_back = may_rate(centre, follow(centre, ticket.id).ticket)

    assert (soon, set_back) == (True, False)
