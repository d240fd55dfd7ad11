"""A citizen scans the own ticket: every state told, given up or brought back by one calm touch."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from kiosk.office.calls import call_next, finish, no_show, park
from kiosk.office.ratings import AFTERWARDS
from kiosk.office.tickets import follow, take_ticket
from kiosk.office.visits import come_back
from kiosk.tickets import SUPPLEMENT, QueueRules, TicketState
from tests.hall import Clock
from tests.touch.failing import Failing
from tests.touch.keying import strike
from tests.touch.office import SIX, office
from tests.touch.scene import at, buttons, find, press, texts, touch

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.office.centre import Centre
    from kiosk.tickets import Ticket
    from kiosk.touch.window import TouchWindow
    from tests.touch.conftest import Open


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def centre(tmp_path: Path, clock: Clock) -> Centre:
    services = (replace(SIX[0], then=("F",)), *SIX[1:])
    return office(tmp_path / "kiosk.db", services, clock)


def scan(window: TouchWindow, ticket: Ticket, qtbot, screen: str = "place") -> None:
    window.scanned(ticket.id.encode())
    qtbot.waitUntil(lambda: at(window, screen))


def taken(centre: Centre, service: str = "A") -> Ticket:
    return take_ticket(centre, service=service, actor="test").place.ticket


def called(centre: Centre, counter: int = 6) -> Ticket:
    ticket = call_next(centre, counter, clerk="lan")
    assert ticket is not None
    return ticket


def events(centre: Centre, kind: str) -> int:
    with centre.database.read() as query:
        row = query.one("SELECT count(*) AS n FROM event WHERE kind = :kind", kind=kind)
    assert row is not None
    return int(row["n"])


def names(window: TouchWindow) -> list[str]:
    return [piece.name for piece in buttons(window.window.contentItem())]


def test_a_waiting_ticket_tells_its_journey_and_can_be_given_up(open_touch: Open, centre, qtbot):
    window, seconds = open_touch(centre)
    mine = taken(centre)
    scan(window, mine, qtbot)
    said = texts(window.window)
    seconds.now += 1
    press(window.window, "Hủy số này")
    asked = texts(window.window)
    seconds.now += 1
    press(window.window, "Hủy số")
    qtbot.waitUntil(lambda: "Đã hủy số của Ông/Bà" in texts(window.window))

    assert "Bước 1/2 · Sau đó đến: Trả kết quả" in said
    assert {"Hủy số A001?", "Nếu chưa chắc, mời Ông/Bà giữ số."} <= set(asked)
    assert follow(centre, mine.id).ticket.state is TicketState.CANCELLED
    assert "Hủy số này" not in names(window)


def test_a_number_is_kept_unless_the_person_is_sure(open_touch: Open, centre, qtbot):
    window, seconds = open_touch(centre)
    mine = taken(centre)
    scan(window, mine, qtbot)
    for way_back in ("Giữ số", "Quay lại"):
        seconds.now += 1
        press(window.window, "Hủy số này")
        seconds.now += 1
        press(window.window, way_back)
        assert at(window, "place")

    assert follow(centre, mine.id).ticket.state is TicketState.WAITING


def test_a_double_tap_never_gives_a_number_up(open_touch: Open, centre, qtbot):
    window, seconds = open_touch(centre)
    mine = taken(centre)
    scan(window, mine, qtbot)
    seconds.now += 1
    spot = find(window.window, "Hủy số này").rect.center()
    touch(window.window, spot)
    sure = find(window.window, "Hủy số").rect.center()
    for point in (spot, sure):
        touch(window.window, point)

    assert at(window, "cancel")
    assert events(centre, "ticket.cancelled") == 0


def test_many_quick_taps_give_the_number_up_once(open_touch: Open, centre, qtbot):
    window, seconds = open_touch(centre)
    scan(window, taken(centre), qtbot)
    seconds.now += 1
    press(window.window, "Hủy số này")
    seconds.now += 1
    sure = find(window.window, "Hủy số").rect.center()
    for _ in range(6):
        touch(window.window, sure)
    qtbot.waitUntil(lambda: at(window, "place"))
    for _ in range(6):
        touch(window.window, sure)

    assert at(window, "place")
    assert events(centre, "ticket.cancelled") == 1


def test_a_ticket_called_meanwhile_is_shown_instead_of_the_question(
    open_touch: Open, centre, qtbot
):
    window, seconds = open_touch(centre)
    scan(window, taken(centre), qtbot)
    seconds.now += 1
    press(window.window, "Hủy số này")
    called(centre)
    window.bridge.refresh()
    qtbot.waitUntil(lambda: "Mời Ông/Bà đến Quầy 6" in texts(window.window))
    seconds.now += 1
    press(window.window, "Xong")

    assert at(window, "home")


def test_a_ticket_called_in_the_same_moment_is_not_cancelled_and_says_so(
    open_touch: Open, centre, qtbot
):
    window, seconds = open_touch(centre)
    mine = taken(centre)
    scan(window, mine, qtbot)
    seconds.now += 1
    press(window.window, "Hủy số này")
    called(centre)
    seconds.now += 1
    press(window.window, "Hủy số")
    sentence = "Số này vừa thay đổi nên chưa làm được. Mời Ông/Bà xem lại."
    qtbot.waitUntil(lambda: sentence in texts(window.window))
    qtbot.waitUntil(lambda: "Mời Ông/Bà đến Quầy 6" in texts(window.window))

    assert follow(centre, mine.id).ticket.state is TicketState.CALLED


def test_a_store_that_fails_leaves_the_ticket_and_says_what_to_do(open_touch: Open, centre, qtbot):
    failing = Failing(centre.database)
    window, seconds = open_touch(replace(centre, database=failing))
    mine = taken(centre)
    scan(window, mine, qtbot)
    seconds.now += 1
    press(window.window, "Hủy số này")
    failing.down = True
    seconds.now += 1
    press(window.window, "Hủy số")
    sentence = "Máy chưa làm được việc này. Mời thử lại hoặc hỏi quầy hướng dẫn."
    qtbot.waitUntil(lambda: sentence in texts(window.window))
    failing.down = False
    seconds.now += 1
    press(window.window, "Hủy số này")
    seconds.now += 1
    press(window.window, "Hủy số")
    qtbot.waitUntil(lambda: "Đã hủy số của Ông/Bà" in texts(window.window))

    assert follow(centre, mine.id).ticket.state is TicketState.CANCELLED


def test_who_missed_the_call_comes_back_to_the_end_of_the_line(
    open_touch: Open, centre, clock, qtbot
):
    window, seconds = open_touch(centre)
    mine = taken(centre)
    called(centre)
    clock.forward(minutes=2)
    no_show(centre, 6, clerk="lan")
    taken(centre)
    clock.forward(minutes=30)
    scan(window, mine, qtbot)
    said = texts(window.window)
    seconds.now += 1
    back = find(window.window, "Tôi đã quay lại").rect.center()
    for _ in range(5):
        touch(window.window, back)
    qtbot.waitUntil(lambda: "Còn 1 người trước Ông/Bà" in texts(window.window))

    assert "Ông/Bà đã lỡ lượt gọi lúc\N{NO-BREAK SPACE}08:42" in said
    assert "Ông/Bà đã vào lại hàng chờ. Mời ngồi chờ và để ý bảng gọi số." in texts(window.window)
    assert events(centre, "ticket.returned") == 1


def test_a_call_missed_too_long_ago_asks_for_a_new_number(open_touch: Open, centre, clock, qtbot):
    window, _ = open_touch(centre)
    mine = taken(centre)
    called(centre)
    no_show(centre, 6, clerk="lan")
    clock.forward(minutes=60)
    scan(window, mine, qtbot)
    offered = "Tôi đã quay lại" in names(window)
    clock.forward(seconds=1)
    window.bridge.tick()

    assert offered
    assert "Tôi đã quay lại" not in names(window)
    assert "Số này không dùng được nữa. Mời Ông/Bà lấy số mới." in texts(window.window)


def test_who_came_back_once_and_missed_again_is_not_offered_what_would_be_refused(
    open_touch: Open, centre, qtbot
):
    window, _ = open_touch(centre)
    mine = taken(centre)
    called(centre)
    no_show(centre, 6, clerk="lan")
    come_back(centre, mine.id, actor="test")
    called(centre)
    no_show(centre, 6, clerk="lan")
    scan(window, mine, qtbot)

    assert "Tôi đã quay lại" not in names(window)
    assert "Số này không dùng được nữa. Mời Ông/Bà lấy số mới." in texts(window.window)


def test_a_missed_call_with_another_chance_waits_on_and_is_told(
    open_touch: Open, centre, clock, qtbot
):
    centre = replace(centre, queue=QueueRules(no_show_after=2))
    window, _ = open_touch(centre)
    mine = taken(centre)
    called(centre)
    no_show(centre, 6, clerk="lan")
    scan(window, mine, qtbot)

    assert "Ông/Bà là người tiếp theo" in texts(window.window)
    assert any("đã lỡ một lượt gọi" in text for text in texts(window.window))


def test_missing_papers_are_brought_back_with_one_touch(open_touch: Open, centre, qtbot):
    window, seconds = open_touch(centre)
    mine = taken(centre)
    called(centre)
    park(centre, 6, clerk="lan", reason=SUPPLEMENT)
    scan(window, mine, qtbot)
    said = texts(window.window)
    seconds.now += 1
    press(window.window, "Tôi đã quay lại")
    qtbot.waitUntil(lambda: "Ông/Bà là người tiếp theo" in texts(window.window))

    assert "Đã có đủ giấy tờ? Chạm để quay lại hàng chờ." in said
    assert follow(centre, mine.id).ticket.state is TicketState.WAITING


def test_a_parked_ticket_says_which_counter_keeps_it(open_touch: Open, centre, qtbot):
    window, _ = open_touch(centre)
    mine = taken(centre)
    called(centre)
    park(centre, 6, clerk="lan")
    scan(window, mine, qtbot)

    assert "Quầy 6 giữ số của Ông/Bà" in texts(window.window)
    assert "Tôi đã quay lại" not in names(window)


def test_the_second_step_of_a_journey_is_told(open_touch: Open, centre, qtbot):
    window, _ = open_touch(centre)
    mine = taken(centre)
    called(centre)
    finish(centre, 6, clerk="lan")
    scan(window, mine, qtbot)

    assert "Bước 2/2" in texts(window.window)
    assert "Trả kết quả" in texts(window.window)


def test_the_language_can_be_changed_on_the_ticket_and_on_the_question(
    open_touch: Open, centre, qtbot
):
    window, seconds = open_touch(centre)
    scan(window, taken(centre), qtbot)
    seconds.now += 1
    press(window.window, "English")
    english = "Step 1 of 2 · Then go to: Collect results" in texts(window.window)
    press(window.window, "Cancel this number")
    seconds.now += 1
    asked = {"Keep my number", "Cancel it"} <= set(names(window))
    press(window.window, "Tiếng Việt")

    assert english
    assert asked
    assert {"Giữ số", "Hủy số"} <= set(names(window))


def test_the_question_ends_by_itself_and_the_number_is_kept(open_touch: Open, centre, qtbot):
    window, seconds = open_touch(centre, personal_seconds=5, warning_seconds=5)
    mine = taken(centre)
    scan(window, mine, qtbot)
    seconds.now += 1
    press(window.window, "Hủy số này")
    seconds.now += 6
    window.bridge.tick()
    warned = window.bridge.view.warn.shown
    seconds.now += 5
    window.bridge.tick()

    assert warned
    assert at(window, "home")
    assert window.bridge.state.place is None
    assert follow(centre, mine.id).ticket.state is TicketState.WAITING


def test_a_number_is_given_up_with_the_keyboard_alone(open_touch: Open, centre, qtbot):
    window, seconds = open_touch(centre)
    mine = taken(centre)
    scan(window, mine, qtbot)
    for name in ("Hủy số này", "Hủy số"):
        reach(window, seconds, name)
        strike(window, seconds, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: "Đã hủy số của Ông/Bà" in texts(window.window))

    assert follow(centre, mine.id).ticket.state is TicketState.CANCELLED


def reach(window: TouchWindow, seconds, name: str) -> None:
    """Presses Tab until the key of that name has the focus."""
    wanted = find(window.window, name).item
    for _ in range(20):
        strike(window, seconds, Qt.Key.Key_Tab)
        if window.window.activeFocusItem() == wanted:
            return
    raise AssertionError(f"Tab never reaches {name!r}")


def test_an_ended_ticket_offers_nothing_to_touch(open_touch: Open, centre, clock, qtbot):
    window, _ = open_touch(centre)
    mine = taken(centre, "B")
    called(centre, 5)
    finish(centre, 5, clerk="lan")
    old = taken(centre)
    clock.now += AFTERWARDS + timedelta(seconds=1)
    scan(window, mine, qtbot)
    finished = texts(window.window)
    clock.now += timedelta(days=1)
    scan(window, old, qtbot)
    qtbot.waitUntil(lambda: "Số này đã hết hạn" in texts(window.window))

    assert "Số này đã phục vụ xong" in finished
    assert not {"Tôi đã quay lại", "Hủy số này"} & set(names(window))
