"""What people are told when something of this machine fails: real faults, and in two seconds."""

from __future__ import annotations

import os
import socket
import time
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import pytest

from kiosk import troubles
from kiosk.calendar import utc_now
from kiosk.check import inspect
from kiosk.config import load
from kiosk.office.appointments import book
from kiosk.office.centre import open_centre
from kiosk.office.clerks import add_clerk
from kiosk.office.devices import clock_state, report
from kiosk.office.hall import read_devices
from kiosk.office.tickets import take_ticket
from kiosk.printing import Outbox
from kiosk.rights import StaffRole
from kiosk.scanner import SerialScanner
from kiosk.texts import operator_texts
from printer.settings import PrinterSettings
from printer.virtual import VirtualPrinter
from printer.worker import Worker
from tests.hall import Clock
from tests.test_config import LEAST
from tests.touch.office import CODE, issued, office, ready_dossier, store
from tests.touch.scene import at, find, name_of, press, texts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kiosk.office.centre import Centre
    from kiosk.touch.window import TouchWindow
    from tests.touch.conftest import Open

TOLD_SECONDS: Final = 2.0
NOTICES: Final = {
    "paper_out": "Máy in hết giấy, nhân viên đã được báo. Số sẽ hiện trên màn hình.",
    "cover_open": "Nắp máy in đang mở, nhân viên đã được báo. Số sẽ hiện trên màn hình.",
    "cutter": "Máy in bị kẹt giấy, nhân viên đã được báo. Số sẽ hiện trên màn hình.",
    "silent": "Máy tạm thời không in được phiếu. Số sẽ hiện trên màn hình.",
}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def centre(tmp_path: Path, clock: Clock) -> Centre:
    made = office(tmp_path / "kiosk.db", clock=clock)
    store(made, ready_dossier())
    return made


@contextmanager
def fed(window: TouchWindow) -> Iterator[None]:
    """The window is told of changes as in a hall."""
    window._feed.start()
    try:
        yield
    finally:
        window._feed.close()


def told(window: TouchWindow, qtbot, sentence: str) -> float:
    """Seconds until the window says so."""
    started = time.monotonic()
    qtbot.waitUntil(lambda: sentence in texts(window.window))
    return time.monotonic() - started


def test_each_fault_of_the_printer_is_told_within_two_seconds_and_ends(
    open_touch: Open, centre, qtbot
) -> None:
    window, _ = open_touch(centre)
    with VirtualPrinter() as printer:
        settings = PrinterSettings(connection="network", host="127.0.0.1", port=printer.port)
        worker = Worker(
            settings,
            Outbox(centre),
            lambda state, reason: report(centre, "printer", state, reason),
        )
        worker.start()
        try:
            with fed(window):
                qtbot.waitUntil(
                    lambda: getattr(window.bridge.state.home.printer, "state", "") == "ok"
                )
                for fault in ("paper_out", "cover_open", "cutter"):
                    printer.set_fault(fault)
                    assert told(window, qtbot, NOTICES[fault]) < TOLD_SECONDS, fault
                    printer.set_fault(None)
                    qtbot.waitUntil(lambda: window.bridge.view.home.notice == "")
        finally:
            worker.stop()


@pytest.mark.parametrize("reason", ["unreachable", "silent", "overheated", "error"])
def test_any_other_fault_of_the_printer_has_a_sentence_too(
    open_touch: Open, centre, reason: str
) -> None:
    report(centre, "printer", "fault", reason)
    window, _ = open_touch(centre)

    assert NOTICES["silent"] in texts(window.window)


def test_an_office_that_gives_no_number_without_paper_sends_people_to_the_desk(
    open_touch: Open, centre, qtbot
) -> None:
    window, seconds = open_touch(centre, without_paper="stop")
    box = name_of(window, "A")
    report(centre, "printer", "fault", "paper_out")
    press(window.window, box)
    qtbot.waitUntil(lambda: at(window, "ticket"))
    window.bridge.refresh()
    qtbot.waitUntil(lambda: window.bridge.stopped)
    seconds.now += 1
    press(window.window, "Xong")
    seen = texts(window.window)
    code = book(centre, service="A", at=centre.clock() + timedelta(hours=1), actor="test").code
    window.scanned(code.encode())
    qtbot.waitUntil(lambda: window.bridge.state.busy_since is None)
    for_appointment = at(window, "stopped")
    window.scanned(CODE.encode())
    qtbot.waitUntil(lambda: at(window, "dossier"))
    seconds.now += 1
    press(window.window, "Lấy số nhận kết quả")

    assert "Ngừng cấp phiếu – mời tới quầy hướng dẫn" in seen
    assert "Mã sự cố cho nhân viên: paper_out" in seen
    assert for_appointment
    assert at(window, "stopped")
    # The one that was under way when the paper ended.
    assert issued(centre) == 1
    report(centre, "printer", "ok")
    window.bridge.refresh()
    qtbot.waitUntil(lambda: not window.bridge.stopped)
    window.scanned(code.encode())
    qtbot.waitUntil(lambda: at(window, "ticket"))


def test_a_scanner_that_is_gone_is_told_and_comes_back_by_itself(
    open_touch: Open, centre, tmp_path: Path, qtbot
) -> None:
    window, seconds = open_touch(centre)
    device = tmp_path / "scanner"

    def plug() -> tuple[int, int]:
        master, slave = os.openpty()
        device.unlink(missing_ok=True)
        device.symlink_to(os.ttyname(slave))
        return master, slave

    frames: list[bytes] = []
    scanner = SerialScanner(
        str(device),
        9600,
        frames.append,
        lambda state, reason: report(centre, "scanner", state, reason),
        retry_seconds=(0.05,),
    )
    master, slave = plug()
    scanner.start()
    try:
        with fed(window):
            qtbot.waitUntil(lambda: window.bridge.state.home.scanner is not None)
            os.close(master)
            os.close(slave)
            device.unlink()
            took = told(window, qtbot, "Máy quét hỏng, mời nhập mã")
            seconds.now += 1
            press(window.window, "Nhập mã")
            typing = at(window, "keypad")
            seconds.now += 1
            press(window.window, "Quay lại")
            master, slave = plug()
            qtbot.waitUntil(lambda: "Xem kết quả hồ sơ" in texts(window.window))
            os.write(master, CODE.encode() + b"\r")
            qtbot.waitUntil(lambda: bool(frames))
    finally:
        scanner.stop()
        os.close(master)
        os.close(slave)

    assert took < TOLD_SECONDS
    assert typing
    assert frames == [CODE.encode()]


@pytest.mark.parametrize(
    "back",
    [timedelta(hours=3), timedelta(hours=30), datetime(2000, 1, 1, 0, 3, tzinfo=UTC)],
    ids=["hours", "a day", "a flat battery"],
)
def test_a_clock_that_was_set_back_is_told_and_starts_no_numbers_anew(
    open_touch: Open, centre, clock: Clock, qtbot, back: timedelta | datetime
) -> None:
    for _ in range(3):
        take_ticket(centre, service="A", actor="test")
    window, seconds = open_touch(centre)
    right = clock.now
    clock.now = right - back if isinstance(back, timedelta) else back
    window.bridge.tick()
    sentence = "Đồng hồ máy sai, nhân viên đã được báo. Số vẫn đúng thứ tự."
    at_once = sentence in texts(window.window)
    noted = clock_state(centre)
    report(centre, "clock", *noted)
    press(window.window, name_of(window, "A"))
    qtbot.waitUntil(lambda: at(window, "ticket"))
    number = window.bridge.state.place.ticket.number
    seconds.now += 1
    press(window.window, "Xong")
    window.bridge.refresh()
    qtbot.waitUntil(lambda: window.bridge.state.home.clock is not None)
    still = sentence in texts(window.window)
    (device,) = read_devices(centre)
    clock.now = right + timedelta(minutes=1)
    report(centre, "clock", *clock_state(centre))
    window.bridge.refresh()
    qtbot.waitUntil(lambda: sentence not in texts(window.window))

    assert at_once
    assert noted == ("fault", "clock_back")
    assert number == "A004"
    assert still
    assert (device.name, device.state, device.reason) == ("clock", "fault", "clock_back")
    assert clock_state(centre) == ("ok", "")


def test_a_clock_that_was_set_right_after_it_had_been_ahead_is_no_fault(
    open_touch: Open, centre, clock: Clock
) -> None:
    take_ticket(centre, service="A", actor="test")
    clock.forward(days=40)
    take_ticket(centre, service="A", actor="test")
    clock.forward(days=-40)
    window, _ = open_touch(centre)
    window.bridge.tick()

    assert clock_state(centre) == ("ok", "")
    assert window.bridge.view.home.notice == ""


def test_without_a_network_this_machine_gives_numbers_on(
    open_touch: Open, centre, qtbot, monkeypatch
) -> None:
    """No web, no server, no name: nothing of it is asked for between touch and ticket."""

    def unreachable(*_: object) -> None:
        raise OSError(101, "Network is unreachable")

    add_clerk(centre, "lan", "Lan", "135790", StaffRole.CLERK)
    monkeypatch.setattr(socket.socket, "connect", unreachable)
    monkeypatch.setattr(socket.socket, "bind", unreachable)
    monkeypatch.setattr(socket, "getaddrinfo", unreachable)
    window, seconds = open_touch(centre)
    press(window.window, name_of(window, "A"))
    qtbot.waitUntil(lambda: at(window, "ticket"))
    seconds.now += 1
    window.scanned(CODE.encode())
    qtbot.waitUntil(lambda: at(window, "dossier"))

    assert issued(centre) == 1
    assert find(window.window, "Lấy số nhận kết quả")


def test_check_tells_of_a_clock_that_was_set_back(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.toml"
    path.write_text(LEAST, "utf-8")
    config = load(path)
    centre = open_centre(config)
    ahead = replace(centre, clock=lambda: utc_now() + timedelta(hours=1))
    before = {found.detail for found in inspect(config)}
    take_ticket(ahead, service=next(iter(centre.services)), actor="test")
    after = {found.detail for found in inspect(config) if not found.ready}
    centre.database.close()
    sentence = troubles.told("clock_back", operator_texts())

    assert sentence not in before
    assert sentence in after
