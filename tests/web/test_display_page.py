"""The display at a counter in a real browser, with a clerk at work in another one."""

from __future__ import annotations

import signal
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from kiosk.calendar import utc_now
from kiosk.office import calls, direction, enrolments, ratings, sessions, tickets
from kiosk.ratings import Scale
from tests.waiting import until
from tests.web.browsing import paged
from tests.web.cable import cable
from tests.web.serving import PIN, served
from tests.web.test_clerk_kept import MAY_BE_DEAF
from tests.web.test_clerk_moves import both, told
from tests.web.test_clerk_page import Program, enter

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Route

    from kiosk.office.centre import Centre

LONG = Scale(lasts=timedelta(seconds=90))
"""Milliseconds, for what takes its time also where the page's clock is put forward."""
THANKED = 5
NOTED = 7
SILENT = 15
"""Seconds for which a thank you and a note stand, and after which a silent link is noticed."""


@pytest.fixture
def centre(live: Centre) -> Centre:
    return replace(live, rating=LONG)


def opened(page: Page, address: str, counter: int = 2, lang: str = "vi") -> None:
    page.clock.install()
    page.goto(f"{address}/counter/{counter}/display?lang={lang}")


def shows(page: Page, scene: str) -> None:
    expect(page.locator("body")).to_have_attribute("data-shows", scene)
    expect(page.locator(f"[data-scene={scene}]")).to_be_visible()
    expect(page.locator("[data-scene]:visible")).to_have_count(1)


def pass_by(page: Page, seconds: int) -> None:
    """The page's own clock goes on so far at once. What the server says next sets it right again:
    where that comes late, the rest passes as time does."""
    page.clock.fast_forward(seconds * 1000)


def call(centre: Centre, counter: int = 2) -> str:
    tickets.take_ticket(centre, service="A", actor="test")
    called = calls.call_next(centre, counter, clerk="minh")
    assert called is not None
    return called.number


def serve(centre: Centre, counter: int = 2) -> None:
    call(centre, counter)
    calls.finish(centre, counter, clerk="minh")


def counted(centre: Centre) -> dict[str, int]:
    return dict(ratings.read_ratings(centre).whole.counts)


@both
def test_a_visit_goes_by_on_the_display_and_is_rated(
    centre: Centre, browser: Browser, page: Page, lang: str
) -> None:
    tickets.take_ticket(centre, service="A", actor="test")
    with served(centre) as address, paged(browser, 1024, 600) as clerk:
        opened(page, address, 1, lang)
        shows(page, "empty")
        expect(page.locator("h1:visible")).to_have_text(
            told(lang, "Quầy chưa làm việc", "This counter is not open")
        )
        enter(clerk, address)
        shows(page, "free")
        expect(page.locator("#services")).to_contain_text("Chứng thực")
        clerk.keyboard.press("Space")
        shows(page, "called")
        expect(page.locator(".label:visible")).to_have_text(told(lang, "Mời số", "Now calling"))
        expect(page.locator(".number:visible")).to_have_text("A001")
        clerk.keyboard.press("s")
        shows(page, "serving")
        clerk.keyboard.press("x")
        shows(page, "rate")
        expect(page.locator("#question")).to_contain_text(told(lang, "Ông/Bà", "How were you"))
        expect(page.locator(".level")).to_have_text(
            ["Rất hài lòng", "Hài lòng", "Không hài lòng"]
            if lang == "vi"
            else ["Very satisfied", "Satisfied", "Dissatisfied"]
        )
        expect(page.locator(".level svg")).to_have_count(3)
        page.get_by_role("button", name=told(lang, "Hài lòng", "Satisfied"), exact=True).click()
        shows(page, "thanks")
        pass_by(page, THANKED - 1)
        shows(page, "thanks")
        pass_by(page, 1)
        shows(page, "free")
        expect(page.locator("#clerk")).to_be_hidden()
    assert counted(centre) == {"good": 1}


def test_the_question_goes_when_nobody_touches_it(centre: Centre, page: Page) -> None:
    short = replace(centre, rating=Scale(lasts=timedelta(seconds=2)))
    with served(short) as address:
        opened(page, address)
        shows(page, "empty")
        serve(short)
        shows(page, "rate")
        shows(page, "empty")
    assert counted(centre) == {}


@both
def test_who_leaves_is_asked_while_the_next_one_is_called(
    centre: Centre, page: Page, lang: str
) -> None:
    with served(centre) as address:
        opened(page, address, lang=lang)
        for _ in range(3):
            tickets.take_ticket(centre, service="A", actor="test")
        calls.call_next(centre, 2, clerk="minh")
        shows(page, "called")
        calls.call_next(centre, 2, clerk="minh")
        shows(page, "rate")
        called = page.locator("#called-now")
        expect(called).to_have_text(told(lang, "Mời số A002", "Now calling A002"))
        expect(page.locator("#whose")).to_have_text(
            told(lang, "Số A001: cảm ơn Ông/Bà!", "A001, thank you!")
        )
        page.locator("[data-level=great]").click()
        shows(page, "thanks")
        expect(called).to_be_visible()
        pass_by(page, THANKED)
        expect(called).to_be_hidden()
        shows(page, "called")
        calls.call_next(centre, 2, clerk="minh")
        shows(page, "rate")
        expect(called).to_contain_text("A003")
        calls.start(centre, 2, clerk="minh")
        shows(page, "serving")
        expect(called).to_be_hidden()
        calls.finish(centre, 2, clerk="minh")
        shows(page, "rate")
        expect(called).to_be_hidden()
        expect(page.locator("#whose")).to_have_text(told(lang, "Cảm ơn Ông/Bà!", "Thank you!"))
    assert counted(centre) == {"great": 1}


def test_the_question_gives_way_to_the_number_that_was_called(centre: Centre, page: Page) -> None:
    short = replace(centre, rating=Scale(lasts=timedelta(seconds=2)))
    with served(short) as address:
        opened(page, address)
        serve(short)
        call(short)
        shows(page, "rate")
        shows(page, "called")
    assert counted(centre) == {}


def test_a_recall_tells_the_number_anew(centre: Centre, page: Page) -> None:
    with served(centre) as address:
        opened(page, address)
        number = call(centre)
        shows(page, "called")
        expect(page.locator(".number:visible")).to_have_text(number)
        place = page.locator("[data-scene=called] .number")
        before = place.evaluate("(node) => getComputedStyle(node).animationName")
        calls.recall(centre, 2, clerk="minh")
        other = "call" if before == "call-again" else "call-again"
        expect(place).to_have_css("animation-name", other)


def test_of_two_displays_the_first_ballot_counts_and_both_say_thank_you(
    centre: Centre, browser: Browser, page: Page
) -> None:
    with served(centre) as address, paged(browser, 480, 320) as other:
        other.add_init_script(MAY_BE_DEAF)
        for one in (page, other):
            opened(one, address)
        serve(centre)
        for one in (page, other):
            shows(one, "rate")
        other.evaluate("window.deaf = true")
        page.locator("[data-level=great]").click()
        shows(page, "thanks")
        shows(other, "rate")
        other.locator("[data-level=poor]").click()
        shows(other, "thanks")
        expect(other.locator("#note")).to_have_text("Lượt này đã được đánh giá. Xin cảm ơn Ông/Bà.")
        serve(centre)
        shows(page, "rate")
        page.locator("[data-level=good]").click()
        shows(page, "thanks")
    assert counted(centre) == {"great": 1, "good": 1}


def test_a_display_that_hears_of_a_ballot_elsewhere_says_thank_you(
    centre: Centre, browser: Browser, page: Page
) -> None:
    with served(centre) as address, paged(browser) as other:
        for one in (page, other):
            opened(one, address)
        serve(centre)
        shows(other, "rate")
        page.locator("[data-level=good]").click()
        shows(other, "thanks")
        pass_by(other, THANKED)
        shows(other, "empty")


def test_a_double_tap_is_one_ballot(centre: Centre, page: Page) -> None:
    sent = []
    page.on("request", lambda asked: sent.append(asked) if asked.method == "POST" else None)
    with served(centre) as address:
        opened(page, address)
        serve(centre)
        page.locator("[data-level=poor]").dblclick()
        shows(page, "thanks")
        expect(page.locator("#note")).to_be_hidden()
    assert len(sent) == 1
    assert counted(centre) == {"poor": 1}


def test_a_ballot_after_the_next_visit_began_is_refused(centre: Centre, page: Page) -> None:
    page.add_init_script(MAY_BE_DEAF)
    with served(centre) as address:
        opened(page, address)
        serve(centre)
        shows(page, "rate")
        page.evaluate("window.deaf = true")
        call(centre)
        calls.start(centre, 2, clerk="minh")
        page.locator("[data-level=great]").click()
        expect(page.locator("#note")).to_have_text(
            "Phiếu đánh giá của lượt này đã đóng. Xin cảm ơn Ông/Bà."
        )
        page.evaluate("window.deaf = false")
        calls.finish(centre, 2, clerk="minh")
        shows(page, "rate")
        pass_by(page, NOTED)
        expect(page.locator("#note")).to_be_hidden()
    assert counted(centre) == {}


def test_a_visit_that_is_taken_back_takes_the_question_away(centre: Centre, page: Page) -> None:
    with served(centre) as address:
        opened(page, address)
        serve(centre)
        page.locator("[data-level=great]").click()
        shows(page, "thanks")
        calls.undo(centre, 2, clerk="minh")
        shows(page, "called")
        calls.finish(centre, 2, clerk="minh")
        shows(page, "thanks")
        pass_by(page, THANKED)
        shows(page, "empty")
    assert counted(centre) == {"great": 1}


def test_pause_and_close_are_told(centre: Centre, page: Page) -> None:
    with served(centre) as address:
        opened(page, address)
        session = sessions.sign_in(centre, "minh", PIN, 2)
        shows(page, "free")
        sessions.pause(centre, session.token, "break")
        shows(page, "paused")
        expect(page.locator("main")).not_to_contain_text("break")
        direction.close_counter(centre, number=2, by="trang")
        shows(page, "closed")
        direction.open_counter(centre, number=2, by="trang")
        sessions.go_on(centre, session.token)
        shows(page, "free")


def test_a_display_that_lost_its_server_shows_no_number(
    centre: Centre, page: Page, tmp_path: Path
) -> None:
    number = call(centre)
    program = Program(tmp_path / "kiosk.db")
    try:
        opened(page, program.address)
        shows(page, "called")
        program.stop()
        shows(page, "lost")
        expect(page.locator("main")).not_to_contain_text(number, use_inner_text=True)
        calls.finish(centre, 2, clerk="minh")
        program.start()
        shows(page, "rate")
        page.locator("[data-level=good]").click()
        shows(page, "thanks")
    finally:
        program.stop(signal.SIGTERM)
    assert counted(centre) == {"good": 1}


def test_a_ballot_on_a_pulled_cable_is_told_and_given_once_later(
    centre: Centre, page: Page
) -> None:
    with served(centre) as address, cable(address) as wire:
        opened(page, wire.address)
        serve(centre)
        shows(page, "rate")
        wire.pull()
        page.locator("[data-level=great]").click()
        expect(page.locator("#note")).to_have_text("Chưa gửi được. Mời Ông/Bà chạm lại.")
        pass_by(page, SILENT)
        shows(page, "lost")
        assert counted(centre) == {}
        wire.plug()
        pass_by(page, SILENT)
        shows(page, "rate")
        page.locator("[data-level=great]").click()
        shows(page, "thanks")
    assert counted(centre) == {"great": 1}


def test_a_ballot_whose_answer_was_lost_is_thanked_for(centre: Centre, page: Page) -> None:
    lost = []

    def lose(route: Route) -> None:
        lost.append(route.fetch())
        route.abort()

    with served(centre) as address:
        page.route("**/rating", lose)
        opened(page, address)
        serve(centre)
        with page.expect_event("requestfailed"):
            page.locator("[data-level=great]").click()
        shows(page, "thanks")
    assert len(lost) == 1
    assert counted(centre) == {"great": 1}


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_clock_that_is_an_hour_off_changes_nothing(
    centre: Centre, page: Page, hours: int
) -> None:
    short = replace(centre, rating=Scale(lasts=timedelta(seconds=6)))
    with served(short) as address:
        opened(page, address)
        page.clock.set_system_time(utc_now() + timedelta(hours=hours))
        serve(short)
        shows(page, "rate")
        shows(page, "empty")
        serve(short)
        shows(page, "rate")
        page.locator("[data-level=great]").click()
        shows(page, "thanks")
        pass_by(page, THANKED)
        shows(page, "empty")
    assert counted(centre) == {"great": 1}


def test_the_keyboard_alone_is_enough(centre: Centre, page: Page) -> None:
    with served(centre) as address:
        opened(page, address)
        shows(page, "empty")
        page.keyboard.press("Tab")
        serve(centre)
        shows(page, "rate")
        page.keyboard.press("Tab")
        expect(page.locator("[data-level=great]")).to_be_focused()
        page.keyboard.press("Tab")
        expect(page.locator("[data-level=good]")).to_be_focused()
        page.keyboard.press("Enter")
        shows(page, "thanks")
        expect(page.locator("button:visible, a:visible, input:visible")).to_have_count(0)
    assert counted(centre) == {"good": 1}


def test_a_tablet_is_enrolled_once_and_asks_for_a_code_again_when_it_was_removed(
    centre: Centre, page: Page
) -> None:
    page.set_extra_http_headers({"X-Forwarded-For": "203.0.113.7"})
    with served(centre) as address:
        opened(page, address)
        page.locator("#code").fill(enrolments.add_device(centre, "Bảng quầy 2", 2))
        page.keyboard.press("Enter")
        shows(page, "empty")
        number = call(centre)
        shows(page, "called")
        enrolments.remove_device(centre, "Bảng quầy 2")
        expect(page.locator("#code")).to_be_visible()
        expect(page.locator("body")).not_to_contain_text(number)


def test_where_no_ballot_would_count_nobody_is_asked(centre: Centre, page: Page) -> None:
    page.set_extra_http_headers({"X-Forwarded-For": "203.0.113.7"})
    with served(centre) as address:
        opened(page, address)
        page.locator("#code").fill(enrolments.add_device(centre, "Bảng quầy 1", 1))
        page.keyboard.press("Enter")
        shows(page, "empty")
        number = call(centre)
        shows(page, "called")
        calls.finish(centre, 2, clerk="minh")
        shows(page, "empty")
        expect(page.locator("body")).not_to_contain_text(number, use_inner_text=True)


def test_nothing_moves_for_who_wants_no_motion(centre: Centre, page: Page) -> None:
    with served(centre) as address:
        opened(page, address)
        call(centre)
        shows(page, "called")
        number = page.locator(".number:visible")
        expect(number).not_to_have_css("animation-name", "none")
        page.emulate_media(reduced_motion="reduce")
        expect(number).to_have_css("animation-name", "none")


def test_the_display_beside_the_clerks_page_in_one_browser_rates(
    centre: Centre, page: Page
) -> None:
    tickets.take_ticket(centre, service="A", actor="test")
    with served(centre) as address:
        enter(page, address)
        display = page.context.new_page()
        opened(display, address, 1)
        shows(display, "free")
        page.keyboard.press("Space")
        shows(display, "called")
        page.keyboard.press("x")
        shows(display, "rate")
        display.locator("[data-level=great]").click()
        shows(display, "thanks")
        until(lambda: counted(centre) == {"great": 1})
