"""Who comes in at the counter window, who is locked out, and who leaves."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from kiosk.calendar import stamp
from kiosk.counter.state import Screen
from kiosk.office import enrolments
from kiosk.office.sessions import sign_in
from tests.counter.test_window import QUARTER, here, press, take, type_in
from tests.web.serving import PIN, served

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.office.centre import Centre
    from tests.counter.conftest import OpenPc, Pc
    from tests.hall import Clock


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

    pc.reads("Tài khoản này vừa đăng nhập ở nơi khác, hoặc đã được đăng xuất, có thể do điều hành.")
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


@pytest.mark.parametrize("leap", [{"minutes": 16}, {"hours": -1}], ids=["left", "set back"])
def test_a_locked_window_shows_nothing_until_its_owner_gives_the_pin(
    open_pc: OpenPc, centre: Centre, clock: Clock, leap: dict[str, float]
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
        clock.forward(**leap)
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


def last_acted(centre: Centre) -> str:
    with centre.database.read() as query:
        row = query.one("SELECT MAX(acted_at) AS acted_at FROM staff_session")
    assert row is not None
    return str(row["acted_at"])


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
            pc.until(lambda: last_acted(known) == stamp(clock.now))

    assert pc.state.screen is Screen.DESK


def test_a_key_in_a_window_whose_clock_was_set_back_asks_for_the_pin(
    open_pc: OpenPc, centre: Centre, clock: Clock
):
    known = replace(centre, lock_after=QUARTER)
    seconds = [1000.0]
    with served(known) as address:
        pc = open_pc(address)
        pc.counter.bridge._monotonic = lambda: seconds[0]
        pc.sign_in("hoa", 1)
        pc.at_work()
        clock.forward(hours=-1)
        seconds[0] += 600
        press(pc, Qt.Key.Key_B)

        pc.until(lambda: pc.state.screen is Screen.LOCKED)


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
