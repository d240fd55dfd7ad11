"""The clerk's page in a real browser."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import httpx
import pytest
from playwright.sync_api import Page, expect

from kiosk.calendar import utc_now
from kiosk.office import clerks, devices, hall, tickets
from kiosk.web.sockets import listen
from tests.hall import service
from tests.web.browsing import paged, settled, sign_in
from tests.web.serving import PIN, served, signed_in

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Route

    from kiosk.office.centre import Centre


@pytest.fixture
def centre(live: Centre) -> Centre:
    return live


def take(centre: Centre, times: int = 1, service: str = "A") -> None:
    for _ in range(times):
        tickets.take_ticket(centre, service=service, actor="test")


def enter(page: Page, address: str, counter: int = 1, lang: str = "vi") -> None:
    sign_in(page, address, "hoa", str(counter), lang)
    expect(page.locator("#next")).to_be_enabled()


def shows(page: Page, number: str, state: str) -> None:
    expect(page.locator("#number")).to_have_text(number)
    expect(page.locator("#present-state")).to_have_text(state)


def test_a_day_at_the_counter_goes_by_keyboard_alone(centre: Centre, page: Page) -> None:
    take(centre, 4)
    with served(centre) as address:
        page.goto(f"{address}/")
        expect(page).to_have_title("Đăng nhập · Trung tâm Phục vụ hành chính công")
        page.keyboard.type("hoa")
        page.keyboard.press("Tab")
        page.keyboard.type(PIN)
        page.keyboard.press("Tab")
        page.keyboard.press("Home")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.locator("#next-up")).to_have_text("Tiếp theo: A001")
        page.keyboard.press("Space")
        shows(page, "A001", "Đang gọi")
        expect(page.locator("#waiting-total")).to_have_text("3")
        page.keyboard.press("r")
        expect(page.locator("#facts")).to_contain_text("gọi lần 2")
        page.keyboard.press("S")
        shows(page, "A001", "Đang phục vụ")
        expect(page.locator("[data-move=recall]")).to_be_disabled()
        page.keyboard.press("x")
        shows(page, "–", "Chưa gọi ai")
        page.keyboard.press("Enter")
        shows(page, "A002", "Đang gọi")
        page.keyboard.press("v")
        shows(page, "–", "Chưa gọi ai")
        page.keyboard.press("Space")
        shows(page, "A003", "Đang gọi")
        page.keyboard.press("g")
        expect(page.locator("#hold")).to_be_visible()
        page.keyboard.press("Enter")
        expect(page.locator("#parked .who")).to_have_text("A003")
        settled(page)
        page.locator("#parked [data-resume]").focus()
        page.keyboard.press("Enter")
        shows(page, "A003", "Đang gọi")
        page.keyboard.press("c")
        expect(page.locator("#transfer")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator("#transfer")).to_be_hidden()
        page.keyboard.press("c")
        expect(page.locator("#transfer")).to_be_visible()
        page.keyboard.press("2")
        shows(page, "–", "Chưa gọi ai")
        page.keyboard.press("Space")
        shows(page, "A004", "Đang gọi")
        settled(page)
        page.keyboard.press("Space")
        expect(page.locator("#next-up")).to_have_text("Chưa có ai chờ")
        shows(page, "–", "Chưa gọi ai")
        settled(page)
        page.locator("#sign-out").focus()
        page.keyboard.press("Enter")
        expect(page.locator("#login")).to_be_focused()
        expect(page.locator("#alert")).to_be_empty()


def test_a_hand_that_trembles_calls_one_number(centre: Centre, page: Page) -> None:
    take(centre, 4)
    page.clock.install()
    with served(centre) as address:
        enter(page, address)
        page.clock.pause_at(utc_now() + timedelta(seconds=1))
        for press in (lambda: page.keyboard.press("Space"), page.locator("#next").click):
            press()
            expect(page.locator("[data-busy]")).to_have_count(0)
        shows(page, "A001", "Đang gọi")
        page.clock.run_for(399)
        page.keyboard.press("Enter")
        page.clock.run_for(1)
        expect(page.locator("[data-busy]")).to_have_count(0)
        shows(page, "A001", "Đang gọi")
        page.keyboard.press("Space")
        shows(page, "A002", "Đang gọi")
        page.keyboard.press("v")
        shows(page, "–", "Chưa gọi ai")
        page.keyboard.press("Space")
        shows(page, "A003", "Đang gọi")
    assert [call.number for call in hall.read_board(centre).calls] == ["A003", "A002", "A001"]


def test_what_others_do_appears_by_itself(centre: Centre, page: Page) -> None:
    with served(centre) as address:
        enter(page, address)
        take(centre, 2)
        expect(page.locator("#waiting .who")).to_have_text(["A001", "A002"])
        with signed_in(address, "minh", 2) as minh:
            minh.post("/api/counters/2/next")
        expect(page.locator("#waiting .who")).to_have_text(["A002"])
        devices.report(centre, "printer", "fault", "paper_out")
        expect(page.locator("#notices")).to_contain_text("Máy in phiếu: Hết giấy.")
        devices.report(centre, "printer", "ok")
        expect(page.locator("#notices")).not_to_contain_text("Hết giấy")


def test_a_line_without_any_counter_is_told_to_every_clerk(page: Page, centre: Centre) -> None:
    take(centre, service="F")
    with served(centre) as address:
        enter(page, address)

        expect(page.locator("#notices")).to_contain_text("Trả kết quả: có người chờ")


def test_who_was_sent_to_a_counter_where_nobody_works_is_told_to_every_clerk(
    page: Page, centre: Centre
) -> None:
    take(centre)
    with served(centre) as address:
        enter(page, address)
        with signed_in(address, "minh", 2) as minh:
            minh.post("/api/counters/2/next")
            minh.post("/api/counters/2/transfer", json={"counter": 3})

        expect(page.locator("#notices")).to_have_text(
            "1 người được chuyển đến Quầy 3, nhưng quầy này chưa có ai làm."
        )


def test_two_presses_in_one_breath_are_one(centre: Centre, page: Page) -> None:
    take(centre, 3)
    with served(centre) as address:
        enter(page, address)
        page.locator("#next").evaluate("key => { key.click(); key.click(); }")
        shows(page, "A001", "Đang gọi")
        expect(page.locator("#waiting-total")).to_have_text("2")


def press_during(page: Page, path: str, *keys: str, refusal: object = None) -> None:
    """Lets the next call of this path wait for its answer until these keys have been pressed."""

    def hold(route: Route) -> None:
        for key in keys:
            page.keyboard.press(key)
        if refusal:
            route.fulfill(status=409, json=refusal)
        else:
            route.continue_()

    page.route(path, hold, times=1)


def test_who_missed_a_call_is_called_back_and_keys_wait_for_an_answer(
    centre: Centre, page: Page
) -> None:
    take(centre, 3)
    with served(centre) as address:
        enter(page, address)
        expect(page.locator("#waiting .wait").first).to_have_text("vừa đến")
        page.keyboard.press("Space")
        shows(page, "A001", "Đang gọi")
        expect(page.locator("#facts")).to_contain_text("· vừa đến ·")
        press_during(page, "**/no-show", "x", "Space", "v")
        page.keyboard.press("v")
        shows(page, "A002", "Đang gọi")
        expect(page.locator("#missed-part h2")).to_have_text("Đã vắng")
        expect(page.locator("#missed .who")).to_have_text("A001")
        settled(page)
        page.get_by_role("button", name="Gọi lại A001").focus()
        press_during(page, "**/resume", "s", "Enter", "Space")
        page.keyboard.press("Enter")
        shows(page, "A001", "Đang phục vụ")
        expect(page.locator("#missed-part")).to_be_hidden()
        expect(page.locator("#waiting .who")).to_have_text("A003")


def test_a_refusal_ends_what_was_pressed_after_it(centre: Centre, page: Page) -> None:
    take(centre, 2)
    refusal = {"code": "illegal_move", "message": "Không được."}
    with served(centre) as address:
        enter(page, address)
        page.keyboard.press("Space")
        shows(page, "A001", "Đang gọi")
        press_during(page, "**/recall", "x", refusal=refusal)
        page.keyboard.press("r")
        expect(page.locator("#alert")).to_have_text("Không được.")
        shows(page, "A001", "Đang gọi")
        with signed_in(address, "minh", 2) as minh:
            minh.post("/api/counters/2/next")
        expect(page.locator("#waiting-total")).to_have_text("0")
        expect(page.locator("#alert")).to_be_empty()
        shows(page, "A001", "Đang gọi")


def test_a_lost_answer_calls_nobody_twice(centre: Centre, page: Page) -> None:
    take(centre, 3)
    asked: list[str | None] = []

    def lose_first(route: Route) -> None:
        asked.append(route.request.post_data)
        answer = route.fetch()
        if len(asked) == 1:
            route.abort()
        else:
            route.fulfill(response=answer)

    with served(centre) as address:
        # Before the page is there: a route that is laid later may miss its first request.
        page.route(re.compile(r"/next$"), lose_first)
        enter(page, address)
        page.keyboard.press("Space")
        expect(page.locator("#waiting-total")).to_have_text("2")
        expect(page.locator("#next")).to_be_enabled()
        shows(page, "A001", "Đang gọi")
    assert len(asked) == 2
    assert asked[0] == asked[1]


class Program:
    """The web as a process of its own, which can be killed and started again."""

    def __init__(self, path: Path) -> None:
        with listen("127.0.0.1", 0) as free:
            self.port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self._command = [sys.executable, "-m", "tests.web.serving", str(path), str(self.port)]
        self.start()

    def start(self) -> None:
        self._process = subprocess.Popen(
            self._command, stdout=subprocess.PIPE, text=True, env=dict(os.environ)
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "up\n"

    def stop(self, how: signal.Signals = signal.SIGKILL) -> None:
        self._process.send_signal(how)
        self._process.communicate(timeout=10)


def test_a_killed_server_is_told_and_found_again(
    centre: Centre, page: Page, tmp_path: Path
) -> None:
    take(centre, 2)
    program = Program(tmp_path / "kiosk.db")
    try:
        enter(page, program.address)
        page.keyboard.press("Space")
        shows(page, "A001", "Đang gọi")
        program.stop()
        expect(page.locator("#link")).to_have_text("Mất kết nối, đang nối lại…")
        page.keyboard.press("s")
        expect(page.locator("#alert")).to_contain_text("Chưa nhận được trả lời")
        take(centre)
        program.start()
        expect(page.locator("#link")).to_have_text("Đã kết nối")
        expect(page.locator("#waiting-total")).to_have_text("2")
        shows(page, "A001", "Đang gọi")
        page.keyboard.press("s")
        shows(page, "A001", "Đang phục vụ")
    finally:
        program.stop(signal.SIGTERM)


def test_a_session_that_ends_elsewhere_shows_the_sign_in(centre: Centre, page: Page) -> None:
    with served(centre) as address:
        page.goto(f"{address}/clerk")
        page.locator("#login").fill("hoa")
        page.locator("#pin").fill(PIN)
        page.locator("#counter").select_option("1")
        page.keyboard.press("Enter")
        expect(page.locator("#next")).to_be_enabled()
        clerks.disable_clerk(centre, "hoa")
        expect(page.locator("#alert")).to_have_text(
            "Tài khoản này vừa đăng nhập ở nơi khác, hoặc đã được đăng xuất, có thể do điều hành."
        )
        expect(page.locator("#counter")).to_have_value("1")
        page.locator("#login").fill("hoa")
        page.locator("#pin").fill(PIN)
        page.keyboard.press("Enter")
        expect(page.locator("#alert")).to_have_text(
            "Tên đăng nhập hoặc mã PIN, mật khẩu không đúng."
        )


def test_a_counter_must_be_chosen_where_none_is_remembered(centre: Centre, page: Page) -> None:
    with served(centre) as address:
        page.goto(f"{address}/clerk")
        expect(page.locator("#counter")).to_have_value("")
        page.locator("#login").fill("hoa")
        page.locator("#pin").fill(PIN)
        page.keyboard.press("Enter")
        expect(page.locator("#alert")).to_contain_text("chọn quầy")
        expect(page.locator("#counter")).to_be_focused()


def test_markup_in_names_is_only_text(centre: Centre, page: Page) -> None:
    evil = "<img src=x onerror=alert(1)>\"'&{{7*7}}</script>"
    clerks.add_clerk(centre, "mara", evil, PIN)
    services = {"A": service("A", evil), **{c: s for c, s in centre.services.items() if c != "A"}}
    marked = replace(centre, name=evil, parent=evil, services=services)
    take(marked)
    with served(marked) as address:
        page.goto(f"{address}/clerk")
        expect(page.locator(".office .name")).to_have_text(evil)
        page.locator("#login").fill("mara")
        page.locator("#pin").fill(PIN)
        page.locator("#counter").select_option("1")
        page.keyboard.press("Enter")
        expect(page.locator(".bar .clerk")).to_have_text(evil)
        expect(page.locator("#next")).to_be_enabled()
        page.keyboard.press("Space")
        expect(page.locator("#facts")).to_contain_text("<img src=x")
        assert page.locator("img").count() == 0


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize(("width", "height"), [(360, 740), (768, 1024), (1024, 768), (1280, 800)])
def test_everything_fits_and_the_big_key_is_in_sight(
    centre: Centre, browser: Browser, lang: str, width: int, height: int
) -> None:
    take(centre, 20)
    devices.report(centre, "printer", "fault", "paper_out")
    with served(centre) as address, paged(browser, width, height) as page:
        enter(page, address, lang=lang)
        page.keyboard.press("Space")
        expect(page.locator("#number")).to_have_text("A001")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        box = page.locator("#next").bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= height
        for button in page.locator("button:visible, a:visible").all():
            size = button.bounding_box()
            assert size is not None
            assert size["height"] >= 44
            assert button.evaluate("b => b.scrollWidth <= b.clientWidth"), button.inner_text()
        expect(page.locator("html")).to_have_attribute("lang", lang)


def test_focus_is_seen_on_every_control(centre: Centre, page: Page) -> None:
    take(centre)
    with served(centre) as address:
        enter(page, address)
        page.keyboard.press("Space")
        shows(page, "A001", "Đang gọi")
        settled(page)
        page.locator("h1").click()
        reached = set()
        for _ in range(14):
            page.keyboard.press("Tab")
            found = page.evaluate(
                "() => { const a = document.activeElement, s = getComputedStyle(a);"
                " return [a.id || a.dataset.move || a.tagName, s.outlineStyle, s.outlineWidth]; }"
            )
            if found[0] != "BODY":
                assert found[1:] == ["solid", "3px"], found
            reached.add(found[0])
    moves = {"recall", "start", "no-show", "transfer", "park", "finish"}
    assert moves | {"next", "sign-out"} <= reached


def test_the_language_is_changed_without_signing_in_again(centre: Centre, page: Page) -> None:
    with served(centre) as address:
        enter(page, address)
        page.get_by_role("link", name="English").click()
        expect(page.locator("#next-what")).to_have_text("Call the next number")
        expect(page.locator("#link")).to_have_text("Connected")


def test_the_pages_bring_their_own_type(centre: Centre, page: Page) -> None:
    loaded = "performance.getEntriesByType('resource').map(({ name }) => name)"
    with served(centre) as address:
        enter(page, address)
        assert page.evaluate("document.fonts.check('700 20px \"Be Vietnam Pro\"')")
        (bold,) = [name for name in page.evaluate(loaded) if name.endswith("Pro-Bold.ttf")]
        font = httpx.get(bold)
        older = httpx.get(bold.replace(bold.split("/")[4], "0123456789ab"))
    assert font.headers["content-type"] == "font/ttf"
    assert "immutable" in font.headers["cache-control"]
    # A page from before an update gets what there is now, and keeps it for no other one.
    assert (older.status_code, older.headers["cache-control"]) == (200, "no-store")
