"""Codes that are no ticket and no dossier may be an appointment: a scan checks it in."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from kiosk.errors import Refused
from kiosk.office.appointments import book, cancel_appointment, read_appointments
from kiosk.office.tickets import take_ticket
from kiosk.office.visits import cancel
from kiosk.scans import parse
from kiosk.touch.lookups import find
from tests.hall import Clock
from tests.touch.office import CODE, SIX, issued, office, ready_dossier, store
from tests.touch.scene import at, buttons, press, texts

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.office.centre import Centre
    from tests.touch.conftest import Open


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def centre(tmp_path: Path, clock: Clock) -> Centre:
    made = office(tmp_path / "kiosk.db", clock=clock)
    store(made, ready_dossier())
    return made


def booked(centre: Centre, code: str | None = None, **after: float) -> str:
    at = centre.clock() + timedelta(**(after or {"minutes": 48}))
    return book(centre, service="A", at=at, actor="test", code=code).code


def test_an_appointment_of_today_gives_its_ticket(open_touch: Open, centre, qtbot):
    window, _ = open_touch(centre)
    code = booked(centre)
    window.scanned(code.lower().encode())
    qtbot.waitUntil(lambda: at(window, "ticket"))

    assert {"A001", "Lịch hẹn 09:30"} <= set(texts(window.window))
    assert issued(centre) == 1


def test_a_second_scan_shows_where_the_ticket_stands_and_promises_no_paper(
    open_touch: Open, centre, qtbot
):
    window, _ = open_touch(centre)
    code = booked(centre)
    window.scanned(code.encode())
    qtbot.waitUntil(lambda: at(window, "ticket"))
    window.scanned(code.encode())
    qtbot.waitUntil(lambda: at(window, "place"))

    assert {"A001", "Lịch hẹn 09:30"} <= set(texts(window.window))
    assert issued(centre) == 1


def test_who_comes_after_the_grace_waits_with_everybody_and_is_told(
    open_touch: Open, centre, clock, qtbot
):
    code = booked(centre, minutes=10)
    clock.forward(minutes=40)
    window, _ = open_touch(centre)
    window.scanned(code.encode())
    qtbot.waitUntil(lambda: at(window, "ticket"))

    assert "Đã quá giờ hẹn 08:52. Số này chờ theo thứ tự chung." in texts(window.window)


def test_an_appointment_of_another_day_says_when_it_is(open_touch: Open, centre, clock, qtbot):
    window, _ = open_touch(centre)
    code = booked(centre, days=2)
    window.scanned(code.encode())
    qtbot.waitUntil(lambda: at(window, "appointment"))
    later = texts(window.window)
    clock.forward(days=3)
    window.scanned(code.encode())
    qtbot.waitUntil(lambda: "Lịch hẹn đã qua" in texts(window.window))

    assert "Ông/Bà có hẹn lúc 08:42 thứ Tư, 25/11. Mời quay lại đúng ngày hẹn." in later
    assert issued(centre) == 0


def test_a_cancelled_appointment_says_so(open_touch: Open, centre, qtbot):
    window, _ = open_touch(centre)
    code = booked(centre)
    cancel_appointment(centre, code, actor="test")
    window.scanned(code.encode())
    qtbot.waitUntil(lambda: at(window, "appointment"))

    assert "Lịch hẹn này đã hủy" in texts(window.window)


def test_an_appointment_for_a_service_that_is_gone_sends_to_the_counter(
    open_touch: Open, centre, qtbot
):
    code = booked(centre)
    window, _ = open_touch(replace(centre, services={s.code: s for s in SIX[1:]}))
    window.scanned(code.encode())
    qtbot.waitUntil(lambda: at(window, "appointment"))

    assert "Chưa nhận được lịch hẹn này" in texts(window.window)


def test_a_code_that_nobody_knows_is_told_and_checks_nothing_in(open_touch: Open, centre, qtbot):
    window, _ = open_touch(centre)
    booked(centre)
    window.scanned(b"K7M2X9QR")
    qtbot.waitUntil(lambda: at(window, "not_found"))

    assert "Không tìm thấy mã này" in texts(window.window)
    assert [known.ticket for known in read_appointments(centre)] == [None]


@pytest.mark.parametrize("code", ["HEN-0001", "LH20261123", "ABCDEFGHJKLM", "2611230007"])
def test_codes_of_other_software_are_found_too(centre: Centre, code: str):
    booked(centre, code)

    assert find(centre, parse(code.encode()), "vi").place.ticket.due_at is not None


def test_a_ticket_and_a_dossier_go_before_an_appointment_of_the_same_code(centre: Centre):
    ticket = take_ticket(centre, service="B", actor="test").place.ticket
    booked(centre, ticket.id)
    booked(centre, "HS-2026-04101")
    store(centre, replace(ready_dossier(), code="HS-2026-04101"))

    assert find(centre, parse(ticket.id.encode()), "vi").ticket == ticket
    assert find(centre, parse(b"HS-2026-04101"), "vi").code == "HS-2026-04101"
    assert issued(centre) == 1


def test_a_national_dossier_code_never_looks_among_the_appointments(centre: Centre):
    with pytest.raises(Refused, match="no_such_dossier"):
        find(centre, parse(CODE.replace("0007", "9999").encode()), "vi")


def test_a_cancelled_ticket_of_an_appointment_is_shown_as_such(open_touch: Open, centre, qtbot):
    window, _ = open_touch(centre)
    code = booked(centre)
    window.scanned(code.encode())
    qtbot.waitUntil(lambda: at(window, "ticket"))
    assert window.bridge.state.place is not None
    cancel(centre, window.bridge.state.place.ticket.id, actor="web")
    window.scanned(code.encode())
    qtbot.waitUntil(lambda: at(window, "place"))

    assert "Số này đã hủy" in texts(window.window)


def test_who_has_an_appointment_types_its_code_after_one_touch(open_touch: Open, centre, qtbot):
    window, seconds = open_touch(centre)
    without = {piece.name for piece in buttons(window.window.contentItem())}
    code = booked(centre, "K7Q2M9XA")
    window.bridge.refresh()
    qtbot.waitUntil(lambda: window.bridge.state.home.booked)
    window.window.grabWindow()
    press(window.window, "Tôi có lịch hẹn")
    seconds.now += 1
    for sign in "KQMXA":
        window.window.grabWindow()
        press(window.window, sign)
    press(window.window, "Nhận số")
    qtbot.waitUntil(lambda: at(window, "appointment"))
    unknown = texts(window.window)
    seconds.now += 1
    press(window.window, "Nhập mã")
    kept = window.bridge.view.keypad.entry
    window.window.grabWindow()
    press(window.window, "Xóa hết")
    for sign in code:
        if sign.isdigit() == window.bridge.state.letters:
            press(window.window, "123" if window.bridge.state.letters else "ABC")
            window.window.grabWindow()
        press(window.window, sign)
    press(window.window, "Nhận số")
    qtbot.waitUntil(lambda: at(window, "ticket"))

    assert "Tôi có lịch hẹn" not in without
    assert "Không tìm thấy lịch hẹn với mã này" in unknown
    assert kept == "KQMXA"
    assert {"A001", "Lịch hẹn 09:30"} <= set(texts(window.window))


@pytest.mark.parametrize(("shows", "there"), [("always", True), ("never", False)])
def test_an_office_says_when_the_key_for_appointments_is_there(
    open_touch: Open, centre, shows: str, there: bool
):
    booked(centre)
    window, _ = open_touch(centre, appointments=shows)

    assert ("Tôi có lịch hẹn" in {x.name for x in buttons(window.window.contentItem())}) is there


def test_the_other_keypad_takes_the_code_of_an_appointment_too(open_touch: Open, centre, qtbot):
    window, _ = open_touch(centre)
    code = booked(centre)
    window.bridge.openKeypad()
    window.bridge.fold(replace(window.bridge.state, entry=code))
    window.window.grabWindow()
    press(window.window, "Tra cứu")
    qtbot.waitUntil(lambda: at(window, "ticket"))
