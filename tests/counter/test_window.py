"""The counter window as a clerk meets it: real clicks and keys, a real server behind it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QCloseEvent, QGuiApplication
from PySide6.QtTest import QTest

from kiosk.counter.state import Screen
from kiosk.look import Look
from kiosk.office.alarms import answer_alarm
from kiosk.office.calls import call_next, finish
from kiosk.office.direction import close_counter
from kiosk.office.hall import read_counter
from kiosk.office.tickets import take_ticket
from kiosk.tickets import Outcome, Reason, TicketState
from tests.touch.scene import buttons
from tests.web.serving import PIN, served

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.office.centre import Centre
    from tests.counter.conftest import OpenPc, Pc

QUARTER = timedelta(minutes=15)


def take(centre: Centre, *services: str) -> None:
    for service in services:
        take_ticket(centre, service=service, actor="test")


def here(centre: Centre, counter: int = 1) -> tuple[str, str] | None:
    """The number at the counter and its state, as the store has it."""
    current = read_counter(centre, counter).current
    return (current.number, current.state.value) if current else None


def type_in(pc: Pc, text: str) -> None:
    for sign in text:
        QTest.keyClick(pc.window, sign)


def press(pc: Pc, key: Qt.Key, modifier: Qt.KeyboardModifier | None = None) -> None:
    QTest.keyClick(pc.window, key, modifier or Qt.KeyboardModifier.NoModifier)


def test_a_clerk_signs_in_by_typing_and_calls_by_a_click(open_pc: OpenPc, address, centre):
    take(centre, "A", "A")
    pc = open_pc(address, "[window]", "counter = 1")
    type_in(pc, "hoa")
    press(pc, Qt.Key.Key_Return)
    type_in(pc, PIN)
    press(pc, Qt.Key.Key_Return)
    pc.at_work()
    pc.click("Gọi số tiếp theo")
    pc.until(lambda: here(centre) == ("A001", "called"))
    pc.reads("A001")

    pc.reads("Đang gọi")
    pc.reads("Tiếp theo: A002 · 1 người chờ")
    assert pc.window.title() == "Quầy 1"


def test_each_key_of_the_window_moves_the_person_and_the_store_agrees(pc: Pc, centre):
    take(centre, "A", "A", "A")
    pc.until(lambda: pc.state.desk.waiting_total == 3)
    press(pc, Qt.Key.Key_Space)
    pc.until(lambda: here(centre) == ("A001", "called"))
    pc.idle()
    press(pc, Qt.Key.Key_R)
    pc.until(lambda: read_counter(centre, 1).current.calls == 2)
    pc.idle()
    press(pc, Qt.Key.Key_S)
    pc.until(lambda: here(centre) == ("A001", "serving"))
    pc.idle()
    press(pc, Qt.Key.Key_X)
    pc.until(lambda: here(centre) is None)
    pc.reads("Bỏ “Xong” vừa rồi")
    press(pc, Qt.Key.Key_U)
    pc.until(lambda: here(centre) == ("A001", "serving"))
    pc.idle()
    press(pc, Qt.Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier)
    pc.until(lambda: here(centre) == ("A002", "called"))
    pc.idle()
    press(pc, Qt.Key.Key_V)
    pc.until(lambda: here(centre) is None)


def test_a_key_that_means_nothing_now_does_nothing(pc: Pc, centre):
    take(centre, "A")
    for key in (Qt.Key.Key_R, Qt.Key.Key_S, Qt.Key.Key_V, Qt.Key.Key_X, Qt.Key.Key_U, Qt.Key.Key_B):
        press(pc, key)
    press(pc, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)

    assert not pc.state.busy
    assert read_counter(centre, 1).current is None


def test_keys_are_those_of_counter_toml_and_stand_on_the_buttons(open_pc: OpenPc, address, centre):
    take(centre, "A")
    pc = open_pc(address, "[keys]", 'next = "F5"', 'recall = ["+", "R"]', 'alarm = ""')
    pc.sign_in("hoa", 1)
    pc.at_work()
    pc.until(lambda: pc.state.desk.waiting_total == 1)
    press(pc, Qt.Key.Key_Space)
    press(pc, Qt.Key.Key_A)
    press(pc, Qt.Key.Key_F5)
    pc.until(lambda: here(centre) == ("A001", "called"))
    pc.idle()

    assert read_counter(centre, 1).alarm is None
    assert {"F5", "+"} <= set(pc.texts())
    press(pc, Qt.Key.Key_Plus, Qt.KeyboardModifier.KeypadModifier)
    pc.until(lambda: read_counter(centre, 1).current.calls == 2)


def test_a_transfer_goes_where_the_sheet_was_told_and_keeps_or_loses_its_place(pc: Pc, centre):
    take(centre, "A", "B")
    pc.until(lambda: pc.state.desk.waiting_total == 2)
    press(pc, Qt.Key.Key_Space)
    pc.until(lambda: here(centre) == ("A001", "called"))
    pc.idle()
    press(pc, Qt.Key.Key_C)
    assert "Chuyển đến đâu?" in pc.texts()
    pc.click("Về cuối hàng")
    press(pc, Qt.Key.Key_B)
    pc.until(lambda: here(centre) is None)
    pc.until(lambda: [p.number for p in pc.state.desk.waiting] == ["B001", "A001"])

    pc.idle()
    press(pc, Qt.Key.Key_Space)
    pc.until(lambda: here(centre) == ("B001", "called"))
    pc.idle()
    pc.click("Chuyển")
    pc.click("Quầy 2: chưa có ai làm")
    pc.until(lambda: here(centre) is None)
    pc.idle()
    assert pc.state.told == "Đã chuyển."


def test_a_sheet_is_about_whom_it_was_opened_for(pc: Pc, centre):
    """In the meantime a keypad at the counter called somebody else."""
    take(centre, "A", "A")
    pc.until(lambda: pc.state.desk.waiting_total == 2)
    press(pc, Qt.Key.Key_Space)
    pc.until(lambda: here(centre) == ("A001", "called"))
    pc.idle()
    press(pc, Qt.Key.Key_C)
    call_next(centre, 1, clerk="hoa")
    pc.until(lambda: pc.state.desk.current.number == "A002")
    press(pc, Qt.Key.Key_B)
    pc.idle()

    assert here(centre) == ("A002", "called")
    assert pc.state.alert


def test_somebody_is_kept_for_papers_and_called_again_from_the_sheet(pc: Pc, centre):
    take(centre, "A")
    pc.until(lambda: pc.state.desk.waiting_total == 1)
    press(pc, Qt.Key.Key_Space)
    pc.until(lambda: here(centre) == ("A001", "called"))
    pc.idle()
    press(pc, Qt.Key.Key_G)
    press(pc, Qt.Key.Key_B)
    pc.until(lambda: [p.reason for p in read_counter(centre, 1).parked] == ["supplement"])
    pc.until(lambda: pc.state.desk.parked)
    pc.idle()
    pc.click("1 số tạm giữ hoặc đã vắng")
    pc.click("Gọi A001")

    pc.until(lambda: here(centre) == ("A001", "called"))


def test_a_missed_one_is_put_back_into_the_line(pc: Pc, centre):
    take(centre, "A", "A")
    pc.until(lambda: pc.state.desk.waiting_total == 2)
    press(pc, Qt.Key.Key_Space)
    pc.until(lambda: here(centre) == ("A001", "called"))
    pc.idle()
    press(pc, Qt.Key.Key_V)
    pc.until(lambda: pc.state.desk.missed)
    pc.idle()
    pc.click("1 số tạm giữ hoặc đã vắng")
    pc.click("Về hàng chờ A001")

    pc.until(lambda: [p.number for p in pc.state.desk.waiting] == ["A002", "A001"])


def test_a_pause_needs_its_reason_and_nobody_here(pc: Pc, centre):
    take(centre, "A")
    press(pc, Qt.Key.Key_P)
    press(pc, Qt.Key.Key_Return)
    pc.reads("Xin ghi lý do tạm dừng.")
    type_in(pc, "an trua")
    press(pc, Qt.Key.Key_Return)
    pc.until(lambda: read_counter(centre, 1).paused == "an trua")
    pc.until(lambda: pc.state.desk.paused is not None)
    pc.idle()
    press(pc, Qt.Key.Key_Space)
    pc.click("Tiếp tục gọi số")
    pc.until(lambda: read_counter(centre, 1).paused is None)
    pc.until(lambda: pc.state.desk.paused is None and pc.state.desk.waiting_total == 1)
    pc.idle()
    press(pc, Qt.Key.Key_Space)
    pc.until(lambda: here(centre) == ("A001", "called"))
    pc.idle()
    press(pc, Qt.Key.Key_P)

    pc.reads("Quầy đang có người.")


def test_the_window_has_the_colours_of_its_office(open_pc: OpenPc, centre):
    known = replace(centre, look=Look("#7A1022", "#FFF7E6"))
    with served(known) as address:
        pc = open_pc(address)
        pc.sign_in("hoa", 1)
        pc.at_work()
        pc.until(lambda: pc.window.property("color").name() == "#fff7e6")


def test_the_office_s_reasons_and_outcomes_are_chosen_from(open_pc: OpenPc, centre):
    known = replace(
        centre,
        reasons=(Reason("lunch", {"vi": "Nghỉ trưa", "en": "Lunch"}, "pause"),),
        outcomes={"signed": Outcome("signed", {"vi": "Đã ký", "en": "Signed"})},
    )
    take(known, "A")
    with served(known) as address:
        pc = open_pc(address)
        pc.sign_in("hoa", 1)
        pc.at_work()
        press(pc, Qt.Key.Key_Space)
        pc.until(lambda: here(known) == ("A001", "called"))
        pc.idle()
        press(pc, Qt.Key.Key_X)
        pc.click("Đã ký")
        pc.until(lambda: here(known) is None)
        pc.idle()
        press(pc, Qt.Key.Key_P)
        press(pc, Qt.Key.Key_1)
        pc.until(lambda: read_counter(known, 1).paused == "lunch")

        pc.reads("Nghỉ trưa")


def test_help_is_called_and_no_longer_needed(pc: Pc, centre):
    press(pc, Qt.Key.Key_A)
    pc.until(lambda: read_counter(centre, 1).alarm is not None)
    pc.until(lambda: pc.state.desk.alarm is not None)
    answer_alarm(centre, 1, by="minh")
    pc.until(lambda: pc.state.desk.alarm.answered_by is not None)
    names = [piece.name for piece in buttons(pc.window.contentItem())]
    assert any("đang đến" in name for name in names)
    pc.idle()
    press(pc, Qt.Key.Key_A)
    pc.click("Không cần nữa")

    pc.until(lambda: read_counter(centre, 1).alarm is None)


def test_a_closed_counter_calls_nobody_and_says_why(pc: Pc, centre):
    take(centre, "A")
    close_counter(centre, 1, by="lead")
    pc.reads("Quầy đã đóng")
    press(pc, Qt.Key.Key_Space)

    pc.reads("Điều hành đã đóng quầy cho hôm nay.")
    assert not pc.state.busy
    assert here(centre) is None


def test_two_clerks_never_call_one_number(pc: Pc, open_pc: OpenPc, address, centre):
    take(centre, "A", "A")
    other = open_pc(address, name="other")
    other.sign_in("minh", 2)
    other.at_work()
    for one in (pc, other):
        one.until(lambda one=one: one.state.desk.waiting_total == 2)
    press(pc, Qt.Key.Key_Space)
    press(other, Qt.Key.Key_Space)
    pc.idle()
    other.idle()

    assert {here(centre, 1)[0], here(centre, 2)[0]} == {"A001", "A002"}


def test_the_window_speaks_the_other_language_at_once(pc: Pc, centre):
    take(centre, "A")
    pc.click("Người trực quầy")
    pc.click("English")
    pc.reads("Call the next number")
    press(pc, Qt.Key.Key_Space)
    pc.until(lambda: here(centre) == ("A001", "called"))

    pc.reads("Chứng thực (en) · just now · call\u00a01")


def test_the_bar_calls_too_and_opens_for_what_must_be_read(pc: Pc, centre):
    take(centre, "A", "A")
    tall = pc.window.height()
    pc.click("Thu nhỏ")
    pc.until(lambda: pc.window.height() < tall / 3)
    pc.click("Gọi tiếp")
    pc.until(lambda: here(centre) == ("A001", "called"))
    pc.reads("A001")
    pc.idle()
    assert pc.window.height() < tall / 3
    press(pc, Qt.Key.Key_P)
    pc.until(lambda: pc.window.height() == tall)
    pc.reads("Quầy đang có người.")
    finish(centre, 1, clerk="hoa")

    pc.until(lambda: pc.window.height() < tall / 3)


def test_a_bar_at_the_lower_edge_grows_upwards_and_goes_back(pc: Pc):
    screen = QGuiApplication.primaryScreen().availableGeometry()
    pc.click("Thu nhỏ")
    low = screen.bottom() + 1 - pc.window.height()
    pc.window.setY(low)
    pc.click("Mở rộng")
    pc.until(lambda: pc.window.y() < low)
    assert pc.window.geometry().bottom() == screen.bottom()
    pc.click("Thu nhỏ")

    pc.until(lambda: pc.window.y() == low)


def test_place_login_and_language_are_there_the_next_day(open_pc: OpenPc, address, tmp_path: Path):
    pc = open_pc(address)
    pc.sign_in("hoa", 1)
    pc.at_work()
    pc.click("Người trực quầy")
    pc.click("English")
    pc.window.setPosition(40, 60)
    pc.counter.close()
    kept = tmp_path / "pc" / "counter.json"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert PIN not in kept.read_text("utf-8")
    again = open_pc(address)

    assert (again.window.x(), again.window.y()) == (40, 60)
    assert (again.state.login, again.state.counter, again.state.language) == ("hoa", "1", "en")
    assert again.state.screen is Screen.SIGN_IN


def test_a_place_on_a_screen_that_is_gone_is_not_used(open_pc: OpenPc, address, tmp_path: Path):
    folder = tmp_path / "pc"
    folder.mkdir()
    (folder / "counter.json").write_text(json.dumps({"place": [9000, -500]}), "utf-8")
    pc = open_pc(address)

    assert QGuiApplication.primaryScreen().availableGeometry().contains(pc.window.geometry())


def test_the_window_stands_above_others_and_is_not_closed_by_a_slip(pc: Pc):
    assert pc.window.flags() & Qt.WindowType.WindowStaysOnTopHint
    event = QCloseEvent()
    QGuiApplication.sendEvent(pc.window, event)

    assert event.type() is QEvent.Type.Close
    assert not event.isAccepted()
    assert pc.window.isVisible()
    assert "Đăng xuất" in pc.texts()


def test_two_presses_are_one_call_and_another_key_waits_for_its_turn(pc: Pc, centre):
    take(centre, "A", "A", "A")
    pc.until(lambda: pc.state.desk.waiting_total == 3)
    press(pc, Qt.Key.Key_Space)
    press(pc, Qt.Key.Key_Space)
    press(pc, Qt.Key.Key_S)
    pc.until(lambda: here(centre) == ("A001", TicketState.SERVING.value))
    pc.idle()

    assert read_counter(centre, 1).waiting_total == 2
