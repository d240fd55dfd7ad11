"""Figures and trail in a browser, and what they say over HTTP."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from kiosk.calendar import utc_now
from kiosk.office import calls, clerks, direction, tickets
from kiosk.rights import StaffRole
from tests.hall import Clock
from tests.web.browsing import paged
from tests.web.serving import PIN, served, signed_in
from tests.web.test_hall_page import centre, enter_hall

if TYPE_CHECKING:
    import httpx
    from playwright.sync_api import Browser

    from kiosk.office.centre import Centre

__all__ = ["centre"]

AS_WIDE: Final = """() => [...document.querySelectorAll(".plot")].every((place) =>
    place.querySelector("svg")?.viewBox.baseVal.width === place.clientWidth)"""
LINES: Final = """(one) => {
    const range = document.createRange();
    range.selectNodeContents(one);
    return range.getClientRects().length;
}"""
LETTERS: Final = """[...document.querySelectorAll(".bars text")].map((text) => {
    const [one, svg] = [text, text.ownerSVGElement].map((node) => node.getBoundingClientRect());
    const scale = svg.width / text.ownerSVGElement.viewBox.baseVal.width;
    const outside = Math.max(svg.left - one.left, one.right - svg.right, one.bottom - svg.bottom);
    return [parseFloat(getComputedStyle(text).fontSize) * scale, outside];
})"""
"""How large the letters of the pictures are on the screen, and how far they stand out of them."""


@pytest.fixture
def boss(centre: Centre, hall: httpx.Client) -> httpx.Client:
    answer = hall.post("/api/session", json={"clerk": "trang", "pin": PIN})
    hall.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
    return hall


def work(centre: Centre) -> None:
    for _ in range(2):
        tickets.take_ticket(centre, service="A", actor="touch")
    calls.call_next(centre, 2, clerk="minh")
    calls.finish(centre, 2, clerk="minh")


def test_a_day_is_told_in_figures(centre: Centre, boss: httpx.Client) -> None:
    work(centre)
    told = boss.get("/api/hall/figures").json()
    assert told["whole"]["given"] == 2
    assert told["services"][0]["service"] == "A"
    assert told["counters"][0]["clerks"] == ["Trần Văn Minh"]
    empty = boss.get("/api/hall/figures", params={"day": "2020-01-01"}).json()
    assert (empty["whole"]["given"], empty["hours"]) == (0, [])
    assert boss.get("/api/hall/figures", params={"day": "tomorrow"}).status_code == 422
    for path in ("/api/hall/figures", "/api/hall/ratings", "/api/events", "/api/appointments"):
        for day in ("0001-01-01", "9999-12-31"):
            assert boss.get(path, params={"day": day, "first": day}).status_code == 422, path


def test_only_waits_that_have_a_target_are_measured(centre: Centre, boss: httpx.Client) -> None:
    work(centre)
    told = boss.get("/api/hall/figures").json()
    assert (told["whole"]["waits"], told["whole"]["measured"], told["whole"]["kept"]) == (
        1,
        0,
        None,
    )


def test_a_clerk_is_found_by_what_they_did_at_no_counter(
    centre: Centre, boss: httpx.Client, address: str
) -> None:
    clerks.add_clerk(centre, "an", "Vũ Bình An", PIN, StaffRole.RECEPTION)
    with signed_in(address, "an", None) as desk:
        assert desk.post("/api/tickets", json={"service": "A"}).status_code == 201
    found = boss.get("/api/events", params={"clerk": "an"}).json()["events"]
    assert [event["kind"] for event in found] == [
        "ticket.issued", "clerk.signed_in", "clerk.added",
    ]  # fmt: skip
    assert [event["name"] for event in found] == ["Vũ Bình An", "Vũ Bình An", None]
    assert found[2]["told"] == ["cán bộ: Vũ Bình An", "vai trò: tiếp đón"]


def test_the_trail_tells_no_id_by_which_a_ticket_could_be_followed(
    centre: Centre, boss: httpx.Client
) -> None:
    ticket = tickets.take_ticket(centre, service="A", actor="touch").place.ticket
    answer = boss.get("/api/events", params={"group": "ticket"})
    (event,) = answer.json()["events"]
    assert (event["kind"], event["number"], event["actor"]) == ("ticket.issued", "A001", "touch")
    assert ticket.id not in answer.text
    assert boss.get("/api/events", params={"number": "A9"}).json()["code"] == "no_such_number"
    for wrong in ({"group": "x'; --"}, {"before": 0}, {"counter": "one"}):
        assert boss.get("/api/events", params=wrong).status_code == 422


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_figures_are_shown_as_pictures_and_tables(
    centre: Centre, page: Page, lang: str
) -> None:
    work(centre)
    with served(centre) as address:
        enter_hall(page, address, lang=lang)
        page.goto(f"{address}/figures?lang={lang}")
        expect(page.locator("#whole-given [data-figure]")).to_have_text("2")
        expect(page.locator("#services tr")).to_have_count(1)
        expect(page.locator("#plot-people rect")).to_have_count(2)
        page.locator("#day").fill("2020-01-01")
        expect(page.locator("#services-none")).to_be_visible()
        page.locator("#today").click()
        expect(page.locator("#services tr")).to_have_count(1)


def test_the_trail_is_searched(centre: Centre, page: Page) -> None:
    work(centre)
    direction.set_services(centre, 2, ["A", "F"], by="trang")
    with served(centre) as address:
        enter_hall(page, address)
        page.goto(f"{address}/audit")
        expect(page.locator("#events tr").first).to_contain_text("Đăng nhập")
        page.locator("#audit-group").select_option("hall")
        page.get_by_role("button", name="Tìm").click()
        row = page.locator("#events tr")
        expect(row).to_have_count(1)
        expect(row).to_contain_text("Đổi dịch vụ của quầy")
        expect(row).to_contain_text("trước: Chứng thực · sau: Chứng thực, Trả kết quả")
        expect(row).to_contain_text("Trần Thu Trang")
        page.locator("#audit-group").select_option("")
        page.locator("#audit-number").fill("a1")
        page.keyboard.press("Enter")
        expect(page.locator("#events tr")).to_have_count(3)
        page.locator("#audit-number").fill("a9")
        page.keyboard.press("Enter")
        expect(page.locator("#alert")).to_contain_text("a9")


def test_a_long_trail_goes_on_where_it_stopped(centre: Centre, page: Page) -> None:
    for _ in range(120):
        tickets.take_ticket(centre, service="A", actor="touch")
    with served(centre) as address:
        enter_hall(page, address)
        page.goto(f"{address}/audit")
        expect(page.locator("#events tr")).to_have_count(100)
        page.locator("#older").click()
        expect(page.locator("#events tr").nth(120)).to_be_visible()
        expect(page.locator("#older")).to_be_hidden()


def test_who_may_not_look_back_is_led_to_the_own_page(centre: Centre, page: Page) -> None:
    clerks.add_clerk(centre, "an", "Vũ Bình An", PIN, StaffRole.RECEPTION)
    with served(centre) as address:
        enter_hall(page, address, "an")
        for place in ("figures", "audit", "hall"):
            page.goto(f"{address}/{place}")
            expect(page).to_have_url(f"{address}/reception?lang=vi")


@pytest.mark.parametrize("place", ["figures", "audit"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_pages_fit_every_width(
    centre: Centre, browser: Browser, place: str, width: int
) -> None:
    work(centre)
    with served(centre) as address, paged(browser, width, 740) as page:
        enter_hall(page, address)
        page.goto(f"{address}/{place}")
        expect(page.locator("table tbody tr").first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_on_a_phone_an_event_stands_on_lines_of_its_own(
    centre: Centre, browser: Browser, lang: str
) -> None:
    work(centre)
    direction.set_services(centre, 2, ["A", "F"], by="trang")
    with served(centre) as address, paged(browser, 360, 740) as page:
        enter_hall(page, address, lang=lang)
        page.goto(f"{address}/audit?lang={lang}")
        row = page.locator("#events tr").nth(1)
        expect(row).to_contain_text("Trần Thu Trang")
        cells = ("th", ".deed", ".who", ".counter", ".more")
        line = {name: row.locator(name).bounding_box() for name in cells}
        top = {name: box["y"] for name, box in line.items() if box}
        assert top["th"] == pytest.approx(top[".deed"], abs=4)
        assert top["th"] < top[".who"] < top[".more"]
        assert top[".who"] == pytest.approx(top[".counter"], abs=4)
        assert all(box and box["x"] + box["width"] <= 360 for box in line.values())
        expect(row.locator(".counter")).to_have_css("display", "block")
        page.set_viewport_size({"width": 1280, "height": 740})
        expect(row.locator(".counter")).to_have_css("display", "table-cell")


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_letters_of_the_pictures_are_as_large_on_a_phone(
    centre: Centre, browser: Browser, lang: str
) -> None:
    """Ten hours from noon: there is room for fewer of their names, and none is cut off."""
    clock = Clock(utc_now())
    noon = ZoneInfo(f"Etc/GMT{clock.now.hour - 12:+d}")
    office = replace(centre, clock=clock, timezone=noon)
    for _ in range(10):
        tickets.take_ticket(office, service="A", actor="touch")
        clock.forward(hours=1)
    calls.call_next(office, 2, clerk="minh")
    with served(office) as address, paged(browser, 360, 740) as page:
        enter_hall(page, address, lang=lang)
        page.goto(f"{address}/figures?lang={lang}")
        named = page.locator("#plot-people text[text-anchor=middle]")
        for width, most in ((360, 6), (1280, 11)):
            page.set_viewport_size({"width": width, "height": 740})
            page.wait_for_function(AS_WIDE)
            assert 3 <= named.count() <= most
            sizes = page.evaluate(LETTERS)
            assert min(size for size, *_ in sizes) >= 11
            assert all(outside <= 0 for _, outside in sizes)
        name = page.locator("#counters td.wordy").first
        expect(name).to_have_text("Trần Văn Minh")
        page.set_viewport_size({"width": 360, "height": 740})
        assert name.evaluate(LINES) == 1
