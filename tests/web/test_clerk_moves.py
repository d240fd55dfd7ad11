"""The clerk's page in a real browser: the moves beyond the noon visit, in both languages."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from kiosk.calendar import utc_now
from kiosk.office import appointments, hall
from kiosk.tickets import Outcome, Reason
from tests.web.browsing import paged, settled
from tests.web.serving import served
from tests.web.test_clerk_page import enter, shows, take

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Route

    from kiosk.office.centre import Centre

LANGUAGES = ("vi", "en")


both = pytest.mark.parametrize("lang", LANGUAGES)


def reason(code: str, vi: str, en: str, kind: str) -> Reason:
    return Reason(code, {"vi": vi, "en": en}, kind)


REASONS = (
    reason("urgent", "Việc khẩn cấp", "Urgent matter", "call"),
    reason("break", "Nghỉ giải lao", "Break", "pause"),
    reason("meeting", "Họp", "Meeting", "pause"),
)


OUTCOMES = {
    "received": Outcome("received", {"vi": "Đã tiếp nhận hồ sơ", "en": "Dossier received"}),
    "advised": Outcome("advised", {"vi": "Đã hướng dẫn", "en": "Advice given"}),
}


@pytest.fixture
def centre(noon: Centre) -> Centre:
    return replace(noon, reasons=REASONS, outcomes=OUTCOMES)


def told(lang: str, vi: str, en: str) -> str:
    return {"vi": vi, "en": en}[lang]


def who(page: Page, part: str = "waiting") -> Locator:
    return page.locator(f"#{part} .who")


def ask(page: Page, key: str, dialog: str) -> None:
    """Presses the key and waits for what it asks: a key pressed too early waits for an answer."""
    settled(page)
    page.keyboard.press(key)
    expect(page.locator(f"#{dialog}")).to_be_visible()


def call_next(page: Page, number: str, lang: str = "vi") -> None:
    page.keyboard.press("Space")
    shows(page, number, told(lang, "Đang gọi", "Calling"))
    settled(page)


@both
def test_a_counter_pauses_for_a_reason_and_goes_on(centre: Centre, page: Page, lang: str) -> None:
    take(centre, 2)
    with served(centre) as address:
        enter(page, address, lang=lang)
        call_next(page, "A001", lang)
        page.keyboard.press("p")
        expect(page.locator("#pausing")).to_be_hidden()
        expect(page.locator("#alert")).to_contain_text(
            told(lang, "Quầy đang có người.", "Somebody is at the counter.")
        )
        page.keyboard.press("v")
        expect(page.locator("#number")).to_have_text("–")
        ask(page, "p", "pausing")
        page.keyboard.press("1")
        shows(
            page,
            told(lang, "Nghỉ giải lao", "Break"),
            told(lang, "Quầy đang tạm dừng", "The counter pauses"),
        )
        expect(page.locator("#facts")).to_have_text(
            re.compile(told(lang, r"^từ \d\d:\d\d$", r"^since \d\d:\d\d$"))
        )
        expect(page.locator("#timer")).to_be_visible()
        expect(page.locator("#next")).to_be_disabled()
        expect(page.locator("#next-up")).to_contain_text(
            told(lang, "Tiếp tục gọi số", "Continue calling")
        )
        for button in ("#call-open", "#missed [data-resume]"):
            expect(page.locator(button)).to_be_disabled()
        page.keyboard.press("Space")
        page.locator("#continue").click()
        shows(page, "–", told(lang, "Chưa gọi ai", "Nobody called"))
        call_next(page, "A002", lang)
    view = hall.read_counter(centre, 1)
    assert view.paused is None


def test_without_a_list_any_words_are_a_reason(noon: Centre, page: Page) -> None:
    take(noon, 2)
    with served(noon) as address:
        enter(page, address)
        ask(page, "p", "pausing")
        page.keyboard.press("Enter")
        expect(page.locator("#pausing .alert")).to_have_text("Xin ghi lý do tạm dừng.")
        page.keyboard.type("Nhận vật tư, x")
        page.keyboard.press("Enter")
        expect(page.locator("#number")).to_have_text("Nhận vật tư, x")
        settled(page)
        page.keyboard.press("p")
        shows(page, "–", "Chưa gọi ai")
        ask(page, "n", "call")
        page.keyboard.type("A002")
        page.keyboard.press("Tab")
        page.keyboard.type("Cần gấp")
        page.keyboard.press("Enter")
        shows(page, "A002", "Đang gọi")
        settled(page)  # until then the dialog is open, and has the keys
        page.keyboard.press("x")
        shows(page, "–", "Chưa gọi ai")


@both
@pytest.mark.parametrize("key", ["u", "Control+z"])
def test_the_last_move_is_taken_back_while_its_seconds_run(
    centre: Centre, page: Page, lang: str, key: str
) -> None:
    take(centre, 2)
    with served(centre) as address:
        enter(page, address, lang=lang)
        expect(page.locator("#undo")).to_be_hidden()
        call_next(page, "A001", lang)
        call_next(page, "A002", lang)
        expect(page.locator("#undo")).to_contain_text(
            told(lang, "Bỏ lượt gọi vừa rồi", "Take the call back")
        )
        expect(page.locator("#undo-left")).to_have_text(re.compile(r"^(10|9|8) (giây|s)$"))
        page.keyboard.press(key)
        shows(page, "A001", told(lang, "Đang gọi", "Calling"))
        expect(who(page)).to_have_text(["A002"])
        expect(page.locator("#undo")).to_be_hidden()


@pytest.mark.parametrize("late", [False, True])
def test_a_call_from_an_empty_counter_is_taken_back_and_nobody_is_there(
    centre: Centre, page: Page, late: bool
) -> None:
    take(centre, 1)

    def answer_late(route: Route) -> None:
        answer = route.fetch()
        expect(who(page)).to_have_text(["A001"])
        route.fulfill(response=answer)

    with served(centre) as address:
        enter(page, address)
        call_next(page, "A001")
        if late:
            page.route("**/undo", answer_late)
        expect(page.locator("#undo")).to_be_visible()
        page.keyboard.press("u")
        shows(page, "–", "Chưa gọi ai")
        settled(page)
        expect(page.locator("#told")).to_have_text("Đã bỏ bước vừa rồi.")
        expect(page.locator("#alert")).to_be_empty()
        expect(who(page)).to_have_text(["A001"])


def test_what_cannot_be_taken_back_any_more_is_not_offered(centre: Centre, page: Page) -> None:
    brief = replace(centre, queue=replace(centre.queue, undo=timedelta(seconds=1)))
    take(brief, 1)
    with served(brief) as address:
        enter(page, address)
        call_next(page, "A001")
        expect(page.locator("#undo")).to_be_visible()
        expect(page.locator("#undo")).to_be_hidden()
        page.keyboard.press("u")
        shows(page, "A001", "Đang gọi")
        expect(page.locator("#alert")).to_be_empty()


@both
def test_a_ticket_waits_at_the_counter_for_papers_or_in_its_line(
    centre: Centre, page: Page, lang: str
) -> None:
    take(centre, 3)
    with served(centre) as address:
        enter(page, address, lang=lang)
        call_next(page, "A001", lang)
        ask(page, "g", "hold")
        page.keyboard.press("b")
        expect(page.locator("#parked .chip")).to_have_text(
            told(lang, "chờ giấy tờ", "papers missing")
        )
        call_next(page, "A002", lang)
        ask(page, "g", "hold")
        page.keyboard.press("t")
        expect(who(page)).to_have_text(["A002", "A003"])
        call_next(page, "A002", lang)
        ask(page, "g", "hold")
        page.locator("#hold .target").last.click()
        expect(who(page)).to_have_text(["A003", "A002"])
        page.locator("#parked [data-resume]").click()
        shows(page, "A001", told(lang, "Đang gọi", "Calling"))
        ask(page, "g", "hold")
        page.keyboard.press("g")
        expect(who(page, "parked")).to_have_text(["A001"])
        expect(page.locator("#parked .chip")).to_have_count(0)


@both
def test_a_transfer_keeps_the_place_or_goes_to_the_end(
    centre: Centre, page: Page, lang: str
) -> None:
    take(centre, 3)
    with served(centre) as address:
        enter(page, address, lang=lang)
        call_next(page, "A001", lang)
        ask(page, "c", "transfer")
        page.keyboard.press("End")
        expect(page.get_by_label(told(lang, "Về cuối hàng", "End of the line"))).to_be_checked()
        page.keyboard.press("a")
        expect(who(page)).to_have_text(["A002", "A003", "A001"])
        call_next(page, "A002", lang)
        ask(page, "c", "transfer")
        expect(page.get_by_label(told(lang, "Giữ thứ tự", "Keep the place"))).to_be_checked()
        page.keyboard.press("b")
        expect(who(page)).to_have_text(["A002", "A003", "A001"])
        call_next(page, "A002", lang)
        ask(page, "c", "transfer")
        page.keyboard.press("2")
        expect(who(page)).to_have_text(["A003", "A001"])


@both
def test_a_visit_ends_with_an_outcome_or_with_enter_without(
    centre: Centre, page: Page, lang: str
) -> None:
    take(centre, 2)
    with served(centre) as address:
        enter(page, address, lang=lang)
        call_next(page, "A001", lang)
        ask(page, "x", "outcome")
        expect(page.locator("#outcome .target")).to_have_text(
            [
                re.compile(told(lang, "Xong, không ghi kết quả", "Finish without an outcome")),
                re.compile(told(lang, "Đã tiếp nhận hồ sơ", "Dossier received")),
                re.compile(told(lang, "Đã hướng dẫn", "Advice given")),
            ]
        )
        page.keyboard.press("2")
        shows(page, "–", told(lang, "Chưa gọi ai", "Nobody called"))
        call_next(page, "A002", lang)
        ask(page, "x", "outcome")
        page.keyboard.press("Enter")
        shows(page, "–", told(lang, "Chưa gọi ai", "Nobody called"))
    with centre.database.read() as query:
        ended = query.all("SELECT number, state, outcome FROM ticket ORDER BY number")
    assert [dict(row) for row in ended] == [
        {"number": "A001", "state": "finished", "outcome": "advised"},
        {"number": "A002", "state": "finished", "outcome": None},
    ]


@both
def test_a_number_is_called_out_of_turn_for_a_reason(centre: Centre, page: Page, lang: str) -> None:
    take(centre, 3)
    with served(centre) as address:
        enter(page, address, lang=lang)
        call_next(page, "A001", lang)
        ask(page, "n", "call")
        expect(page.locator("#call-ends")).to_contain_text("A001")
        page.keyboard.type("a777")
        page.keyboard.press("Enter")
        expect(page.locator("#call .alert")).to_have_text(
            told(lang, "Xin nhập số và lý do.", "Please give the number and a reason.")
        )
        page.locator("#call-reason").select_option("urgent")
        page.locator("#call [type=submit]").click()
        expect(page.locator("#call .alert")).to_contain_text("A777".lower())
        page.locator("#call-number").fill("a3")
        page.keyboard.press("Enter")
        expect(page.locator("#call")).to_be_hidden()
        shows(page, "A003", told(lang, "Đang gọi", "Calling"))
        expect(who(page)).to_have_text(["A002"])


@both
@pytest.mark.parametrize(("width", "height"), [(390, 844), (1366, 768), (1920, 1080)])
def test_every_dialog_fits_and_closes_with_escape(
    centre: Centre, browser: Browser, lang: str, width: int, height: int
) -> None:
    take(centre, 3)
    appointments.book(centre, service="A", at=utc_now() + timedelta(minutes=5), actor="test")
    with served(centre) as address, paged(browser, width, height) as page:
        enter(page, address, lang=lang)
        for key, dialog in (("n", "call"), ("h", "appointments"), ("p", "pausing")):
            page.keyboard.press(key)
            fits(page, dialog, width, height)
        call_next(page, "A001", lang)
        for key, dialog in (("c", "transfer"), ("g", "hold"), ("x", "outcome")):
            page.keyboard.press(key)
            fits(page, dialog, width, height)
        shows(page, "A001", told(lang, "Đang gọi", "Calling"))


def fits(page: Page, dialog: str, width: int, height: int) -> None:
    shown = page.locator(f"#{dialog}")
    expect(shown).to_be_visible()
    settled(page)
    box = shown.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["y"] >= 0
    assert box["x"] + box["width"] <= width
    assert box["y"] + box["height"] <= height
    assert shown.evaluate("d => d.scrollWidth <= d.clientWidth"), dialog
    for control in shown.locator("button:visible, input:visible, select:visible").all():
        inner = control.bounding_box()
        assert inner is not None
        if control.get_attribute("type") != "radio":
            assert inner["height"] >= 44
        assert inner["x"] + inner["width"] <= box["x"] + box["width"] - 8
    page.keyboard.press("Escape")
    expect(shown).to_be_hidden()
