"""The supervisor's page in a browser: the hall as it is, and what is ordered in it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from kiosk.calendar import utc_now
from kiosk.office import (
    alarms,
    calls,
    clerks,
    devices,
    hall,
    overview,
    ratings,
    sessions,
    tickets,
)
from kiosk.office.direction import pause_services
from kiosk.office.hall import SILENT_AFTER
from kiosk.ratings import Scale
from kiosk.rights import StaffRole
from kiosk.tickets import Reason
from tests.web.browsing import paged, settled, sign_in
from tests.web.serving import PIN, served
from tests.web.test_clerk_page import enter

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from kiosk.office.centre import Centre

REASONS = (Reason("baby", {"vi": "Có con nhỏ đi cùng", "en": "With a small child"}, "priority"),)


@pytest.fixture
def centre(live: Centre) -> Centre:
    centre = replace(live, reasons=REASONS)
    clerks.add_clerk(centre, "trang", "Trần Thu Trang", PIN, StaffRole.SUPERVISOR)
    clerks.add_clerk(centre, "binh", "Ngô Thanh Bình", PIN, StaffRole.TECHNICIAN)
    sessions.sign_in(centre, "minh", PIN, 2)
    return centre


def enter_hall(page: Page, address: str, login: str = "trang", lang: str = "vi") -> None:
    sign_in(page, address, login, "none", lang)


def tally(name: str) -> str:
    return f"#tally-{name} [data-figure]"


def test_the_supervisor_sees_the_hall_as_it_changes(centre: Centre, page: Page) -> None:
    with served(centre) as address:
        enter_hall(page, address)
        expect(page).to_have_title("Điều hành · Trung tâm Phục vụ hành chính công")
        desk = page.locator("#counters li").nth(1)
        expect(desk).to_contain_text("Trần Văn Minh")
        expect(desk.locator(".state")).to_have_text("Sẵn sàng")
        for _ in range(3):
            tickets.take_ticket(centre, service="A", actor="test")
        expect(page.locator(tally("waiting"))).to_have_text("3")
        calls.call_next(centre, 2, clerk="minh")
        expect(desk.locator(".ticket")).to_have_text("A001")
        expect(desk.locator(".state")).to_have_text("Đang gọi")
        expect(desk.locator(".timer")).to_have_text("00:01")
        row = page.locator("#lines tr").first
        expect(row.locator(".waiting")).to_have_text("2")
        expect(page.locator(tally("open"))).to_have_text("1/3")


def test_a_counter_is_closed_and_its_clerk_told_while_somebody_is_there(
    centre: Centre, browser: Browser, page: Page
) -> None:
    for _ in range(2):
        tickets.take_ticket(centre, service="A", actor="test")
    with served(centre) as address, paged(browser) as boss:
        enter(page, address)
        page.keyboard.press("Space")
        expect(page.locator("#number")).to_have_text("A001")
        enter_hall(boss, address)
        boss.get_by_role("button", name="Sắp xếp Quầy 1").click()
        boss.get_by_role("button", name="Đóng quầy hôm nay").click()
        expect(boss.locator("#counter")).to_be_hidden()
        expect(page.locator("#next-what")).to_have_text("Quầy đã đóng")
        expect(page.locator("#next")).to_be_disabled()
        expect(page.locator("#number")).to_have_text("A001")
        page.keyboard.press("x")
        expect(page.locator("#number")).to_have_text("–")
        page.keyboard.press("Space")
        expect(boss.locator("#counters li").first.locator(".state")).to_have_text("Đã đóng")
        assert hall.read_counter(centre, 1).current is None

        boss.get_by_role("button", name="Sắp xếp Quầy 1").click()
        boss.get_by_role("button", name="Mở lại quầy").click()
        expect(page.locator("#next")).to_be_enabled()
        page.keyboard.press("Space")
        expect(page.locator("#number")).to_have_text("A002")


def test_services_of_a_counter_are_changed_for_the_day(centre: Centre, page: Page) -> None:
    with served(centre) as address:
        enter_hall(page, address)
        page.get_by_role("button", name="Sắp xếp Quầy 2").click()
        page.get_by_label("Chứng thực").uncheck()
        page.get_by_role("button", name="Đổi dịch vụ").click()
        expect(page.locator("#counter .alert")).to_have_text("Hãy chọn ít nhất một dịch vụ.")
        page.get_by_label("Trả kết quả").check()
        page.get_by_label("Chứng thực").check()
        page.get_by_role("button", name="Đổi dịch vụ").click()
        expect(page.locator("#counters li").nth(1)).to_contain_text(
            "Hôm nay nhận: Chứng thực, Trả kết quả"
        )
        assert centre.counters[2].services == ("A", "F")


def test_two_who_arrange_one_counter_do_not_undo_each_other(
    centre: Centre, browser: Browser, page: Page
) -> None:
    with served(centre) as address, paged(browser) as other:
        clerks.add_clerk(centre, "trung", "Lý Trung", PIN, StaffRole.SUPERVISOR)
        enter_hall(other, address, "trung")
        enter_hall(page, address)
        for each in (page, other):
            each.get_by_role("button", name="Sắp xếp Quầy 2").click()
            expect(each.locator("#counter")).to_be_visible()
        page.get_by_label("Trả kết quả").check()
        page.get_by_role("button", name="Đổi dịch vụ").click()
        expect(page.locator("#counter")).to_be_hidden()
        expect(other.locator("#counters li").nth(1)).to_contain_text("Trả kết quả")
        other.get_by_label("Hộ tịch").check()
        other.get_by_role("button", name="Đổi dịch vụ").click()
        expect(other.locator("#counter .alert")).to_contain_text("vừa được người khác sắp xếp lại")
        expect(other.get_by_label("Trả kết quả")).to_be_checked()
        settled(other)
        other.get_by_label("Hộ tịch").check()
        other.get_by_role("button", name="Đổi dịch vụ").click()
        expect(other.locator("#counter")).to_be_hidden()
        assert centre.counters[2].services == ("A", "F", "B")


def test_an_alarm_is_quiet_and_goes_from_the_clerk_to_the_supervisor_and_back(
    centre: Centre, browser: Browser, page: Page
) -> None:
    with served(centre) as address, paged(browser) as boss:
        enter_hall(boss, address)
        enter(page, address)
        page.keyboard.press("a")
        page.keyboard.press("Escape")
        expect(boss.locator("#alarms li")).to_contain_text("Quầy 1: Lê Thị Hoa cần hỗ trợ")
        expect(boss).to_have_title("(1) Điều hành · Trung tâm Phục vụ hành chính công")
        boss.get_by_role("button", name="Tôi đến ngay").click()
        expect(page.locator("#alarm-what")).to_have_text("Trần Thu Trang đang đến")
        settled(page)
        page.keyboard.press("a")
        expect(page.locator("#alarming")).to_be_visible()
        page.keyboard.press("t")
        expect(page.locator("#alarm-what")).to_have_text("Báo điều hành")
        expect(boss.locator("#alarms li")).to_have_count(0)
        assert overview.read_overview(centre).alarms == ()


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_number_is_put_first_for_a_reason(centre: Centre, page: Page, lang: str) -> None:
    for _ in range(2):
        tickets.take_ticket(centre, service="A", actor="test")
    with served(centre) as address:
        enter_hall(page, address, lang=lang)
        page.locator("#priority-open").click()
        page.locator("#priority-number").fill("a9")
        page.locator("#prioritise [type=submit]").click()
        expect(page.locator("#priority .alert")).not_to_be_empty()
        page.locator("#priority-reason").select_option("baby")
        page.locator("#prioritise [type=submit]").click()
        expect(page.locator("#priority .alert")).to_contain_text("a9")
        page.locator("#priority-number").fill("a2")
        page.locator("#prioritise [type=submit]").click()
        expect(page.locator("#priority")).to_be_hidden()
    called = calls.call_next(centre, 2, clerk="minh")
    assert called is not None
    assert called.number == "A002"


def test_a_limit_is_lifted_and_binds_again(centre: Centre, page: Page) -> None:
    for _ in range(2):
        tickets.take_ticket(centre, service="D", actor="test")
    with served(centre) as address:
        enter_hall(page, address)
        row = page.locator("#lines tr").nth(3)
        expect(row).to_contain_text("Hết số hôm nay")
        row.get_by_role("button", name="Bỏ giới hạn hôm nay").click()
        expect(row).to_contain_text("Đã bỏ giới hạn")
        tickets.take_ticket(centre, service="D", actor="test")
        expect(row.locator(".given")).to_have_text("3/2")
        settled(page)
        row.get_by_role("button", name="Đặt lại giới hạn").click()
        expect(row).to_contain_text("Hết số hôm nay")
        # Behind the staff door of the touch window somebody paused a service.
        pause_services(centre, ("B",), by="hoa")
        paused = page.locator("#lines tr").nth(1)
        expect(paused).to_contain_text("Tạm ngừng cấp số")
        settled(page)
        paused.get_by_role("button", name="Cấp số trở lại").click()
        expect(paused).not_to_contain_text("Tạm ngừng cấp số")


@pytest.mark.parametrize(
    ("lang", "share", "ballots", "at_counter"),
    [
        ("vi", "66,7 %", "3 phiếu", "Hài lòng 66,7 % · 3 phiếu"),
        ("en", "66.7%", "Ratings: 3", "Satisfied 66.7% · ratings: 3"),
    ],
)
def test_the_supervisor_reads_how_satisfied_people_are(
    centre: Centre, page: Page, lang: str, share: str, ballots: str, at_counter: str
) -> None:
    with served(centre) as address:
        enter_hall(page, address, lang=lang)
        expect(page.locator(tally("rating"))).to_have_text("–")
        expect(page.locator(".rated:visible")).to_have_count(0)
        for level in ("great", "good", "poor"):
            tickets.take_ticket(centre, service="A", actor="test")
            calls.call_next(centre, 2, clerk="minh")
            ended = calls.finish(centre, 2, clerk="minh")
            ratings.rate_at_counter(centre, 2, ended.version, level)
        expect(page.locator(tally("rating"))).to_have_text(share)
        expect(page.locator("#ballots")).to_have_text(ballots)
        expect(page.locator(".rated:visible")).to_have_text([at_counter])


def test_an_office_that_asks_for_no_rating_has_no_card_for_it(centre: Centre, page: Page) -> None:
    with served(replace(centre, rating=Scale(enabled=False))) as address:
        enter_hall(page, address)
        expect(page.locator(tally("open"))).to_have_text("1/3")
        expect(page.locator("#tally-rating")).to_have_count(0)


def test_a_technician_sees_the_hall_and_changes_nothing_in_it(centre: Centre, page: Page) -> None:
    alarms.raise_alarm(centre, 2, clerk="minh")
    with served(centre) as address:
        enter_hall(page, address, "binh")
        expect(page.locator("#alarms li")).to_contain_text("Trần Văn Minh")
        expect(page.locator("#alarms button")).to_have_count(0)
        expect(page.locator("#counters li")).to_have_count(3)
        expect(page.locator("#counters button")).to_have_count(0)
        page.goto(f"{address}/reception")
        expect(page).to_have_url(f"{address}/hall?lang=vi")


def test_the_page_goes_on_after_the_server_was_away(centre: Centre, page: Page) -> None:
    with served(centre) as address:
        port = int(address.rpartition(":")[2])
        enter_hall(page, address)
    expect(page.locator("#link")).to_have_attribute("data-state", "lost")
    with served(centre, port):
        expect(page.locator("#link")).to_have_attribute("data-state", "live")
        tickets.take_ticket(centre, service="A", actor="test")
        expect(page.locator(tally("waiting"))).to_have_text("1")


def test_the_supervisor_is_told_of_a_board_that_has_fallen_silent(
    centre: Centre, page: Page
) -> None:
    late = replace(centre, clock=lambda: centre.clock() + SILENT_AFTER + timedelta(seconds=1))
    with served(late) as address:
        devices.report(late, "board", "ok")
        devices.report(centre, "board 2", "ok")  # that long ago
        enter_hall(page, address)
        notice = page.locator("#notices")
        expect(notice).to_contain_text("Bảng gọi số 2: Chương trình điều khiển không chạy.")
        expect(notice).not_to_contain_text("Bảng gọi số:")
        devices.report(late, "board 2", "ok")
        expect(notice).not_to_contain_text("Bảng gọi số")


def test_who_signs_out_leaves_no_page_behind(centre: Centre, page: Page) -> None:
    with served(centre) as address:
        enter_hall(page, address)
        page.get_by_role("button", name="Đăng xuất").click()
        expect(page.locator("#login")).to_be_visible()
        page.goto(f"{address}/hall")
        expect(page.locator("#login")).to_be_visible()


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_the_page_fits_every_width(centre: Centre, browser: Browser, width: int) -> None:
    for _ in range(12):
        tickets.take_ticket(centre, service="A", actor="test")
    with served(centre) as address, paged(browser, width, 740) as page:
        enter_hall(page, address)
        expect(page.locator("#counters li")).to_have_count(3)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_staff_read_of_each_device_what_is_the_matter_what_to_do_and_since_when(
    centre: Centre, page: Page
) -> None:
    now = utc_now()
    # Nobody renews what is told here, however long the browser takes.
    centre = replace(centre, clock=lambda: now)
    devices.report_all(
        centre,
        {
            "printer": ("fault", "paper_out"),
            "disk": ("warning", "disk_low"),
            "scanner": ("ok", ""),
            "keypad 3": ("fault", "silent"),
            "clock": ("ok", ""),
        },
    )
    with served(centre) as address:
        enter_hall(page, address, "binh")
        cards = page.locator("#devices-broken li")
        expect(cards).to_have_count(3)
        expect(cards.first.locator("h3")).to_have_text("Bàn phím gọi số ở quầy 3")
        expect(cards.nth(1)).to_contain_text("Hết giấy.")
        expect(cards.nth(1).locator(".mend")).to_have_text("Hãy thay cuộn giấy.")
        expect(cards.nth(1)).to_contain_text(re.compile(r"từ \d\d:\d\d"))
        expect(cards.nth(2).locator(".state")).to_have_text("Cảnh báo")
        expect(page.locator("#devices-well li")).to_have_text(
            ["Đồng hồ của máy", "Máy quét mã vạch"]
        )
        expect(page.locator("#devices-told")).to_have_text("Cần xem: 3")
        expect(page.locator("#notices li")).to_have_count(0)
        devices.report_all(centre, dict.fromkeys(("printer", "disk", "keypad 3"), ("ok", "")))
        expect(page.locator("#devices-told")).to_have_text("Tất cả 5 thiết bị đều sẵn sàng")
        expect(page.locator("#devices-broken")).to_be_hidden()
