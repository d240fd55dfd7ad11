"""The counter window as a clerk meets it: real clicks and keys, a real server behind it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QCloseEvent, QGuiApplication
from PySide6.QtTest import QTest

from kiosk.counter.state import Screen
from kiosk.office import enrolments
from kiosk.office.alarms import answer_alarm
from kiosk.office.calls import call_next, finish
from kiosk.office.direction import close_counter
from kiosk.office.hall import read_counter
from kiosk.office.sessions import sign_in
from kiosk.office.tickets import take_ticket
from kiosk.tickets import Outcome, Reason, TicketState
from tests.touch.scene import buttons
from tests.web.serving import PIN, served

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.office.centre import Centre
    from tests.counter.conftest import OpenPc, Pc
    from tests.hall import Clock


QUARTER = timedelta(minutes=15)


def take(centre: Centre, *services: str) -> None:
    for service in services:
        take_ticket(centre, service=service, actor="test")


def here(centre: Centre, counter: int = 1) -> tuple[str, str] | None:
    """The number at the counter and its state, as the store has it."""
    current = read_counter(centre, counter).current
    return (current.number, current.state.value) if current else None


@pytest.fixture
def pc(open_pc: OpenPc, address: str) -> Pc:
    """Signed in at counter 1."""
    opened = open_pc(address)
    opened.sign_in("hoa", 1)
    opened.at_work()
    return opened


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
    pc.click("Quầy 2")
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


def test_a_wrong_pin_is_told_and_the_right_one_opens(open_pc: OpenPc, address):
    pc = open_pc(address)
    pc.sign_in("hoa", 1, pin="000000")
    pc.reads("Tên đăng nhập hoặc mã PIN, mật khẩu không đúng.")
    assert pc.state.screen is Screen.SIGN_IN
    pc.sign_in("hoa", 1)

    pc.at_work()


def test_what_is_left_out_at_the_sign_in_is_asked_for(open_pc: OpenPc, address):
    pc = open_pc(address)
    for login, counter in (("", "1"), ("hoa", ""), ("hoa", "một"), ("hoa", "²")):
        pc.counter.bridge.signIn(login, PIN, counter)
        assert "Hãy nhập tên đăng nhập, mã PIN và chọn quầy." in pc.texts()
        assert not pc.state.busy


def test_a_taken_counter_is_refused_with_the_name_of_who_works_there(
    pc: Pc, open_pc: OpenPc, address
):
    other = open_pc(address, name="other")
    other.sign_in("minh", 1)

    other.reads("Lê Thị Hoa")
    assert other.state.screen is Screen.SIGN_IN


def test_a_clerk_who_signs_in_elsewhere_is_signed_out_here(pc: Pc, centre):
    sign_in(centre, "hoa", PIN, 2)

    pc.reads("Tài khoản này vừa đăng nhập ở nơi khác hoặc đã đăng xuất.")
    assert pc.state.screen is Screen.SIGN_IN
    assert pc.state.desk is None


def test_another_clerk_takes_an_idle_counter_over(open_pc: OpenPc, centre: Centre, clock: Clock):
    known = replace(centre, lock_after=QUARTER)
    with served(known) as address:
        pc = open_pc(address)
        pc.sign_in("hoa", 1)
        pc.at_work()
        clock.forward(minutes=16)
        sign_in(known, "minh", PIN, 1)

        pc.reads("Tài khoản này vừa đăng nhập ở nơi khác")


def test_a_locked_window_shows_nothing_until_its_owner_gives_the_pin(
    open_pc: OpenPc, centre: Centre, clock: Clock
):
    known = replace(centre, lock_after=QUARTER)
    take(known, "A", "A")
    with served(known) as address:
        pc = open_pc(address)
        pc.sign_in("hoa", 1)
        pc.at_work()
        press(pc, Qt.Key.Key_Space)
        pc.until(lambda: here(known) == ("A001", "called"))
        pc.idle()
        clock.forward(minutes=16)
        take(known, "B")
        pc.until(lambda: pc.state.screen is Screen.LOCKED)
        assert not any("A00" in text for text in pc.texts())
        press(pc, Qt.Key.Key_Space)
        press(pc, Qt.Key.Key_Return)
        pc.counter.bridge.press("next")
        assert here(known) == ("A001", "called")
        type_in(pc, "999999")
        press(pc, Qt.Key.Key_Return)
        pc.reads("Mã PIN hoặc mật khẩu không đúng.")
        type_in(pc, PIN)
        press(pc, Qt.Key.Key_Return)
        pc.until(lambda: pc.state.screen is Screen.DESK and pc.state.desk is not None)

        pc.reads("A001")
        assert here(known) == ("A001", "called")


def test_a_clerk_at_work_keeps_the_window_open(open_pc: OpenPc, centre: Centre, clock: Clock):
    known = replace(centre, lock_after=QUARTER)
    seconds = [1000.0]
    with served(known) as address:
        pc = open_pc(address)
        bridge = pc.counter.bridge
        bridge._monotonic = lambda: seconds[0]
        pc.sign_in("hoa", 1)
        pc.at_work()
        for _ in range(3):
            clock.forward(minutes=10)
            seconds[0] += 600
            press(pc, Qt.Key.Key_B)
            before = bridge.work._stayed
            pc.until(lambda: bridge.work._stayed == seconds[0])
            assert before <= seconds[0]
            take(known, "A")
            pc.until(lambda n=pc.state.desk.waiting_total: pc.state.desk.waiting_total > n)

    assert pc.state.screen is Screen.DESK


def test_signing_out_while_somebody_is_served_asks_first(pc: Pc, centre):
    take(centre, "A")
    pc.until(lambda: pc.state.desk.waiting_total == 1)
    press(pc, Qt.Key.Key_Space)
    pc.until(lambda: here(centre) == ("A001", "called"))
    pc.idle()
    press(pc, Qt.Key.Key_S)
    pc.until(lambda: here(centre) == ("A001", "serving"))
    pc.idle()
    pc.click("Người trực quầy")
    pc.click("Đăng xuất")
    pc.reads("Số A001 đang được phục vụ")
    assert pc.state.screen is Screen.DESK
    pc.click("Kết thúc lượt và đăng xuất")

    pc.until(lambda: pc.state.screen is Screen.SIGN_IN)
    assert not pc.state.ended
    assert here(centre) is None


def test_the_window_speaks_the_other_language_at_once(pc: Pc, centre):
    take(centre, "A")
    pc.click("Người trực quầy")
    pc.click("English")
    pc.reads("Call the next number")
    press(pc, Qt.Key.Key_Space)
    pc.until(lambda: here(centre) == ("A001", "called"))

    pc.reads("Chứng thực (en) · just now · call 1")


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


def test_a_pc_is_enrolled_once_and_then_a_pin_is_enough(
    open_pc: OpenPc, address, centre: Centre, tmp_path: Path
):
    code = enrolments.add_device(centre, "Quầy 2", counter=2)
    pc = open_pc(address)
    pc.click("Đăng ký máy này")
    type_in(pc, "AAAA-AAAA")
    press(pc, Qt.Key.Key_Return)
    pc.until(lambda: pc.state.alert)
    pc.counter.bridge.enrol(code)
    pc.until(lambda: pc.state.screen is Screen.SIGN_IN)
    assert pc.state.counter == "2"
    pc.counter.close()
    kept = json.loads((tmp_path / "pc" / "counter.json").read_text("utf-8"))
    again = open_pc(address)

    assert list(kept["devices"]) == [address]
    assert enrolments.device(centre, kept["devices"][address]) is not None
    assert again.counter._client.device == kept["devices"][address]
    assert "Đăng ký máy này" not in again.texts()


def test_two_presses_are_one_call_and_another_key_waits_for_its_turn(pc: Pc, centre):
    take(centre, "A", "A", "A")
    pc.until(lambda: pc.state.desk.waiting_total == 3)
    press(pc, Qt.Key.Key_Space)
    press(pc, Qt.Key.Key_Space)
    press(pc, Qt.Key.Key_S)
    pc.until(lambda: here(centre) == ("A001", TicketState.SERVING.value))
    pc.idle()

    assert read_counter(centre, 1).waiting_total == 2
