"""The touch window as a citizen meets it: real touches and scans, a real store behind it."""

from __future__ import annotations

import os
import threading
from dataclasses import replace
from datetime import datetime, time
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtTest import QTest

from kiosk.office.calls import call_next
from kiosk.office.devices import report
from kiosk.office.hall import read_home
from kiosk.office.jobs import mark_sending, next_job, reprint, settle
from kiosk.office.tickets import take_ticket
from kiosk.tickets import Hours
from kiosk.touch.state import Screen
from tests.hall import Clock
from tests.touch.office import CODE, SIX, TWELVE, issued, office
from tests.touch.scene import at, buttons, find, name_of, press, texts, touch

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.office.centre import Centre
    from tests.touch.conftest import Open


def test_one_tap_gives_a_ticket_with_its_number_on_the_screen(open_touch: Open, centre, qtbot):
    window, _ = open_touch(centre)
    press(window.window, name_of(window, "A"))
    qtbot.waitUntil(lambda: at(window, "ticket"))

    assert "A001" in texts(window.window)
    assert "Mời lấy phiếu ở khe bên dưới" in texts(window.window)
    assert issued(centre) == 1


def test_eight_quick_taps_of_one_finger_give_one_ticket(open_touch: Open, centre, qtbot):
    window, _ = open_touch(centre)
    spot = find(window.window, name_of(window, "B")).rect.center()
    for _ in range(8):
        touch(window.window, spot)
    qtbot.waitUntil(lambda: at(window, "ticket"))
    for _ in range(8):
        touch(window.window, spot)

    assert issued(centre) == 1
    assert at(window, "ticket")


def test_the_second_tap_of_a_double_tap_does_not_send_the_ticket_away(
    open_touch: Open, centre, qtbot
):
    window, seconds = open_touch(centre)
    press(window.window, name_of(window, "A"))
    qtbot.waitUntil(lambda: at(window, "ticket"))
    seconds.now += 0.3
    press(window.window, "Xong")
    still_there = at(window, "ticket")
    seconds.now += 0.3
    press(window.window, "Xong")

    assert still_there
    assert at(window, "home")


def test_a_touch_looks_pressed_in_the_next_frame(open_touch: Open, centre):
    window, _ = open_touch(centre)
    box = find(window.window, name_of(window, "C"))
    spot = box.rect.topLeft() + QPointF(box.rect.width() / 2, 20)
    before = window.window.grabWindow().pixelColor(spot.toPoint())
    QTest.mousePress(window.window, Qt.MouseButton.LeftButton, pos=box.rect.center().toPoint())
    pressed = window.window.grabWindow().pixelColor(spot.toPoint())
    QTest.mouseRelease(window.window, Qt.MouseButton.LeftButton, pos=QPointF(1, 1).toPoint())

    assert before != pressed


def test_a_box_being_touched_outlives_a_change_of_the_hall(open_touch: Open, centre, qtbot):
    window, _ = open_touch(centre)
    spot = find(window.window, name_of(window, "A")).rect.center().toPoint()
    QTest.mousePress(window.window, Qt.MouseButton.LeftButton, pos=spot)
    take_ticket(centre, service="A", actor="elsewhere")
    window.bridge.refresh()
    qtbot.waitUntil(lambda: "1 người chờ" in texts(window.window))
    QTest.mouseRelease(window.window, Qt.MouseButton.LeftButton, pos=spot)
    qtbot.waitUntil(lambda: at(window, "ticket"))

    assert "A002" in texts(window.window)


@pytest.mark.parametrize("screen", list(Screen))
def test_a_scan_is_answered_from_every_screen(
    open_touch: Open, centre, qtbot, screen: Screen
) -> None:
    window, _ = open_touch(centre)
    place = take_ticket(centre, service="A", actor="test").place
    window.bridge.fold(
        replace(window.bridge.state, screen=screen, place=place, answer=answer(centre))
    )
    window.scanned(CODE.encode())
    qtbot.waitUntil(lambda: at(window, "dossier"))

    assert "Đã có kết quả" in texts(window.window)


def answer(centre: Centre):
    from kiosk.office.dossiers import look_up

    return look_up(centre, CODE)


def test_a_ready_result_is_one_tap_from_its_ticket(open_touch: Open, centre, qtbot):
    window, seconds = open_touch(centre)
    window.scanned(CODE.encode())
    qtbot.waitUntil(lambda: at(window, "dossier"))
    seconds.now += 1
    press(window.window, "Lấy số nhận kết quả")
    qtbot.waitUntil(lambda: at(window, "ticket"))

    assert "F001" in texts(window.window)
    assert window.bridge.state.place is not None
    assert window.bridge.state.place.ticket.dossier == CODE


def test_a_scanned_ticket_follows_the_line(open_touch: Open, centre, qtbot):
    window, _ = open_touch(centre)
    take_ticket(centre, service="A", actor="test")
    mine = take_ticket(centre, service="A", actor="test").place.ticket
    window.scanned(mine.id.encode())
    qtbot.waitUntil(lambda: at(window, "place"))
    before = "Còn 1 người trước Ông/Bà" in texts(window.window)
    call_next(centre, 6, clerk="lan")
    call_next(centre, 6, clerk="lan")
    window.bridge.refresh()
    qtbot.waitUntil(lambda: "Mời Ông/Bà đến Quầy 6" in texts(window.window))

    assert before


def test_ten_kilobytes_of_noise_are_one_polite_answer(open_touch: Open, centre):
    window, _ = open_touch(centre)
    window.scanned(os.urandom(10_000))

    assert at(window, "unreadable")
    assert "Máy chưa đọc được mã" in texts(window.window)


def test_a_citizen_card_is_not_kept(open_touch: Open, centre):
    window, _ = open_touch(centre)
    window.scanned(b"001090123456|012345678|NGUYEN VAN A|01011990|Nam|Ben Nghe|15042021")

    assert at(window, "card")
    assert "001090123456" not in repr(window.bridge.state)
    assert not any("NGUYEN" in text for text in texts(window.window))


def test_a_keyboard_scanner_is_read_and_a_person_typing_is_not(open_touch: Open, centre, qtbot):
    window, seconds = open_touch(centre)
    for sign in "slow":
        QTest.keyClick(window.window, sign)
        seconds.now += 0.4
    QTest.keyClick(window.window, Qt.Key.Key_Return)
    untouched = at(window, "home")
    for sign in CODE:
        QTest.keyClick(window.window, sign)
    QTest.keyClick(window.window, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: at(window, "dossier"))

    assert untouched


def test_a_code_is_typed_with_the_offices_part_filled_in(open_touch: Open, centre, qtbot):
    window, _ = open_touch(centre)
    press(window.window, "Nhập mã")
    for digit in "2611180007":
        press(window.window, digit)
    assert CODE in texts(window.window)
    press(window.window, "Tra cứu")
    qtbot.waitUntil(lambda: at(window, "dossier"))


def test_an_unknown_code_says_so_and_can_be_mended(open_touch: Open, centre, qtbot):
    window, seconds = open_touch(centre)
    window.scanned(b"H15.50.05-261118-9999")
    qtbot.waitUntil(lambda: at(window, "not_found"))
    seconds.now += 1
    press(window.window, "Nhập mã")

    assert "H15.50.05-261118-9999" in texts(window.window)


def test_english_is_complete_on_the_screen_and_ends_with_the_visit(open_touch: Open, centre, qtbot):
    window, seconds = open_touch(centre, idle_seconds=5, warning_seconds=5)
    press(window.window, "English")
    english = "What do you need today?" in texts(window.window)
    seconds.now += 6
    window.bridge.tick()
    warned = "Are you still there?" in texts(window.window)
    seconds.now += 5
    window.bridge.tick()

    assert english
    assert warned
    assert "Ông/Bà cần làm việc gì?" in texts(window.window)


def test_any_touch_answers_the_warning_and_does_nothing_else(open_touch: Open, centre, qtbot):
    window, seconds = open_touch(centre, personal_seconds=5, warning_seconds=5)
    window.scanned(CODE.encode())
    qtbot.waitUntil(lambda: at(window, "dossier"))
    take = find(window.window, "Lấy số nhận kết quả").rect.center()
    for _ in range(12):
        seconds.now += 8
        window.bridge.tick()
        assert window.bridge.view.warn.shown
        touch(window.window, take)
        assert not window.bridge.view.warn.shown

    assert at(window, "dossier")
    assert issued(centre) == 0


def test_a_dossier_leaves_screen_and_memory_by_itself(open_touch: Open, centre, qtbot):
    window, seconds = open_touch(centre, personal_seconds=5, warning_seconds=5)
    window.scanned(CODE.encode())
    qtbot.waitUntil(lambda: at(window, "dossier"))
    seconds.now += 10
    window.bridge.tick()

    assert at(window, "home")
    assert CODE not in repr(window.bridge.state)
    assert CODE not in repr(window.bridge.view)
    assert CODE not in texts(window.window)


def test_the_ticket_screen_ends_by_itself(open_touch: Open, centre, qtbot):
    window, seconds = open_touch(centre, ticket_seconds=8)
    press(window.window, name_of(window, "A"))
    qtbot.waitUntil(lambda: at(window, "ticket"))
    seconds.now += 4
    window.bridge.tick()
    half = window.bridge.view.chrome.bar
    seconds.now += 4
    window.bridge.tick()

    assert half == 0.5
    assert at(window, "home")


def test_without_paper_the_number_is_to_be_noted(open_touch: Open, centre, qtbot):
    report(centre, "printer", "fault", "paper_out")
    window, seconds = open_touch(centre, ticket_seconds=8)
    notice = "Máy in hết giấy, nhân viên đã được báo. Số sẽ hiện trên màn hình."
    told = notice in texts(window.window)
    press(window.window, name_of(window, "A"))
    qtbot.waitUntil(lambda: at(window, "ticket"))
    seconds.now += 10
    window.bridge.tick()

    assert told
    assert at(window, "ticket")
    assert "A001" in texts(window.window)
    assert "Xin ghi lại hoặc chụp ảnh số này" in texts(window.window)


@pytest.mark.parametrize("mended", ["printer", "slip"])
def test_paper_that_comes_at_last_is_shown_as_long_as_any(
    open_touch: Open, centre, qtbot, mended: str
):
    report(centre, "printer", "fault", "paper_out")
    window, seconds = open_touch(centre, ticket_seconds=8)
    press(window.window, name_of(window, "A"))
    qtbot.waitUntil(lambda: at(window, "ticket"))
    seconds.now += 14
    if mended == "printer":
        report(centre, "printer", "ok", "")
    else:
        job = next_job(centre)
        mark_sending(centre, job.id)
        settle(centre, job.id, "printed", "ack")
    window.bridge.refresh()
    qtbot.waitUntil(lambda: "Mời lấy phiếu ở khe bên dưới" in texts(window.window))
    seconds.now += 7
    window.bridge.tick()
    assert at(window, "ticket")
    seconds.now += 1
    window.bridge.tick()
    assert at(window, "home")


@pytest.mark.parametrize("state", ["unknown", "failed"])
def test_a_ticket_whose_own_paper_is_in_doubt_is_to_be_noted(
    open_touch: Open, centre, qtbot, state: str
):
    window, seconds = open_touch(centre, ticket_seconds=8)
    press(window.window, name_of(window, "A"))
    qtbot.waitUntil(lambda: at(window, "ticket"))
    take = "Mời lấy phiếu ở khe bên dưới"
    promised = take in texts(window.window)
    job = next_job(centre)
    mark_sending(centre, job.id)
    settle(centre, job.id, state, reason="paper_out")
    window.bridge.refresh()
    qtbot.waitUntil(lambda: "Xin ghi lại hoặc chụp ảnh số này" in texts(window.window))
    said = "Phiếu có thể chưa in ra. Số này vẫn được gọi như thường." in texts(window.window)
    seconds.now += 10
    window.bridge.tick()

    assert promised
    assert said
    assert at(window, "ticket")
    reprint(centre, job.id, clerk="hoa")
    window.bridge.refresh()
    qtbot.waitUntil(lambda: take in texts(window.window))


def test_a_ticket_that_came_out_is_to_be_taken_whatever_the_printer_says_then(
    open_touch: Open, centre, qtbot
):
    window, _ = open_touch(centre)
    press(window.window, name_of(window, "A"))
    qtbot.waitUntil(lambda: at(window, "ticket"))
    job = next_job(centre)
    mark_sending(centre, job.id)
    settle(centre, job.id, "printed", evidence="ack")
    report(centre, "printer", "fault", "cover_open")
    window.bridge.refresh()
    qtbot.waitUntil(lambda: window.bridge.state.home.printer is not None)

    assert window.bridge.state.home.printer.state == "fault"
    assert "Mời lấy phiếu ở khe bên dưới" in texts(window.window)


def test_a_closed_service_says_when_it_opens(open_touch: Open, tmp_path: Path):
    later = (Hours(time(13), time(16)),)
    services = (replace(SIX[0], hours=later), *SIX[1:])
    centre = office(tmp_path / "kiosk.db", services)
    window, _ = open_touch(centre)
    seen = "Mở lại lúc 13:00" in texts(window.window)
    press(window.window, name_of(window, "A"))

    assert seen
    assert at(window, "closed")
    assert "Mời Ông/Bà quay lại từ 13:00." in texts(window.window)
    assert issued(centre) == 0


def test_a_limit_met_meanwhile_is_told_after_the_tap(open_touch: Open, tmp_path: Path, qtbot):
    centre = office(tmp_path / "kiosk.db", (replace(SIX[0], daily_limit=1), *SIX[1:]))
    window, _ = open_touch(centre)
    take_ticket(centre, service="A", actor="elsewhere")
    press(window.window, name_of(window, "A"))
    qtbot.waitUntil(lambda: at(window, "limit"))

    assert issued(centre) == 1


def test_many_services_open_in_drawers_within_two_taps(open_touch: Open, tmp_path: Path, qtbot):
    centre = office(tmp_path / "kiosk.db", TWELVE)
    window, seconds = open_touch(centre)
    press(window.window, name_of(window, "kinh-te"))
    seconds.now += 1
    press(window.window, name_of(window, "M"))
    qtbot.waitUntil(lambda: at(window, "ticket"))

    assert "M001" in texts(window.window)


def test_a_page_that_was_turned_turns_back_by_itself(open_touch: Open, tmp_path: Path):
    services = tuple(replace(service, group=None) for service in TWELVE)
    window, seconds = open_touch(office(tmp_path / "kiosk.db", services), "small")
    first = [piece.name for piece in buttons(window.window.contentItem())]
    press(window.window, "Xem thêm")
    second = [piece.name for piece in buttons(window.window.contentItem())]
    seconds.now += 100
    window.bridge.tick()
    again = [piece.name for piece in buttons(window.window.contentItem())]

    assert name_of(window, "A") in first
    assert name_of(window, "A") not in second
    assert again == first


def test_markup_in_a_name_stays_text(open_touch: Open, tmp_path: Path):
    evil = '<b>Đất</b> <img src="http://example.invalid/x.png">'
    centre = office(tmp_path / "kiosk.db", (replace(SIX[0], names={"vi": evil}), *SIX[1:]))
    window, _ = open_touch(replace(centre, name=evil))

    assert texts(window.window).count(evil) == 2
    window.window.grabWindow()


def test_only_the_program_closes_the_window(open_touch: Open, centre, qapp):
    window, _ = open_touch(centre)
    event = QCloseEvent()
    qapp.sendEvent(window.window, event)
    QTest.keyClick(window.window, Qt.Key.Key_F4, Qt.KeyboardModifier.AltModifier)
    for key in (Qt.Key.Key_Escape, Qt.Key.Key_F11, Qt.Key.Key_Q, Qt.Key.Key_W, Qt.Key.Key_Menu):
        QTest.keyClick(window.window, key, Qt.KeyboardModifier.ControlModifier)

    assert not event.isAccepted()
    assert event.type() is QEvent.Type.Close
    assert window.window.isVisible()
    assert at(window, "home")


def test_the_clock_moves_with_the_minute(open_touch: Open, tmp_path: Path):
    clock = Clock()
    centre = office(tmp_path / "kiosk.db", clock=clock)
    window, _ = open_touch(centre)
    clock.forward(minutes=1)
    window.bridge.tick()

    assert window.bridge.view.chrome.clock == "08:43"
    assert read_home(centre).board.lines


def test_no_wait_for_the_store_is_the_windows(open_touch: Open, tmp_path: Path):
    """Only the worker asks the clock for which one may have to wait."""
    clock, askers = Clock(), set()

    def waits() -> datetime:
        askers.add(threading.current_thread())
        return clock()

    centre = replace(office(tmp_path / "kiosk.db"), clock=waits, glance=clock)
    window, _ = open_touch(centre)
    window.bridge.tick()

    assert window.bridge.view.chrome.clock == "08:42"
    assert askers
    assert threading.main_thread() not in askers
