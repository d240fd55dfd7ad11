"""The clerk's page in a real browser: no visit ends unasked, nobody who is kept is forgotten."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from kiosk.office import calls, hall, tickets
from kiosk.tickets import SESSION_LIFE, TicketState
from tests.hall import Clock
from tests.web.browsing import settled
from tests.web.serving import served, signed_in
from tests.web.test_clerk_moves import OUTCOMES, REASONS, ask, both, call_next, told, who
from tests.web.test_clerk_page import enter, shows, take

if TYPE_CHECKING:
    from playwright.sync_api import Route

    from kiosk.office.centre import Centre

MAY_BE_DEAF = """
window.EventSource = class extends EventSource {
    addEventListener(name, hear) {
        super.addEventListener(name, (event) => window.deaf || hear(event));
    }
};
"""


@pytest.fixture
def centre(live: Centre) -> Centre:
    return replace(live, reasons=REASONS, outcomes=OUTCOMES, lock_after=SESSION_LIFE)


@both
@pytest.mark.parametrize("way", ["next", "call", "resume"])
def test_a_press_on_a_page_that_heard_nothing_ends_nobodys_visit(
    centre: Centre, page: Page, lang: str, way: str
) -> None:
    take(centre, 4)
    too_late = told(
        lang,
        "Không làm được việc này: số A002 đang được gọi đến Quầy 1.",
        "This cannot be done: A002 is being called to Counter 1.",
    )
    page.add_init_script(MAY_BE_DEAF)
    with served(centre) as address:
        enter(page, address, lang=lang)
        call_next(page, "A001", lang)
        ask(page, "g", "hold")
        page.keyboard.press("g")
        expect(who(page, "parked")).to_have_text(["A001"])
        expect(who(page)).to_have_text(["A002", "A003", "A004"])
        page.evaluate("window.deaf = true")
        other = calls.call_next(centre, 1, clerk="hoa")
        assert other is not None
        if way == "next":
            page.keyboard.press("Space")
        elif way == "resume":
            page.locator("#parked [data-resume]").first.click()
        else:
            ask(page, "n", "call")
            page.keyboard.type("a004")
            page.locator("#call-reason").select_option("urgent")
            page.locator("#call [type=submit]").click()
        alert = page.locator("#call .alert" if way == "call" else "#alert")
        expect(alert).to_have_text(too_late)
    view = hall.read_counter(centre, 1)
    assert view.current is not None
    assert view.current.id == other.id
    assert [kept.number for kept in view.parked] == ["A001"]
    assert [waiting.number for waiting in view.waiting] == ["A003", "A004"]


@both
def test_who_signs_out_while_somebody_is_served_is_asked_first(
    centre: Centre, page: Page, lang: str
) -> None:
    take(centre, 2)
    with served(centre) as address:
        enter(page, address, lang=lang)
        call_next(page, "A001", lang)
        page.keyboard.press("s")
        shows(page, "A001", told(lang, "Đang phục vụ", "Serving"))
        page.locator("#sign-out").click()
        asked = page.locator("#leaving")
        expect(asked).to_contain_text(
            told(
                lang,
                "Số A001 đang được phục vụ: đăng xuất bây giờ là kết thúc lượt này.",
                "Number A001 is being served: signing out now ends this visit.",
            )
        )
        page.keyboard.press("Enter")
        expect(asked).to_be_hidden()
        shows(page, "A001", told(lang, "Đang phục vụ", "Serving"))
        served_still = hall.read_counter(centre, 1).current
        page.locator("#sign-out").click()
        page.locator("#leaving .target").click()
        expect(page.locator("#login")).to_be_focused()
        assert served_still is not None
        assert tickets.follow(centre, served_still.id).ticket.state is TicketState.FINISHED


def test_who_signs_out_while_nobody_is_served_is_not_asked(centre: Centre, page: Page) -> None:
    take(centre)
    with served(centre) as address:
        enter(page, address)
        call_next(page, "A001")
        page.locator("#sign-out").click()
        expect(page.locator("#login")).to_be_focused()


@both
def test_a_number_that_a_closed_counter_keeps_is_told_to_every_clerk(
    centre: Centre, page: Page, lang: str
) -> None:
    take(centre)
    with served(centre) as address:
        with signed_in(address, "minh", 2) as minh:
            minh.post("/api/counters/2/next")
            minh.post("/api/counters/2/park")
            enter(page, address, lang=lang)
            expect(page.locator("#notices")).to_be_empty()
            minh.delete("/api/session")
        expect(page.locator("#notices")).to_have_text(
            told(
                lang,
                "Quầy 2 đang giữ số A001, nhưng quầy này không còn ai làm. Xin gọi bằng “Gọi số”.",
                "Counter 2 keeps A001, but nobody works there any more. Please call “By number”.",
            )
        )


@both
def test_who_is_kept_or_missed_goes_back_to_the_line(centre: Centre, page: Page, lang: str) -> None:
    take(centre, 4)
    to_the_line = told(lang, "Về hàng chờ", "To the line")
    with served(centre) as address:
        enter(page, address, lang=lang)
        call_next(page, "A001", lang)
        page.keyboard.press("v")
        expect(who(page, "missed")).to_have_text(["A001"])
        call_next(page, "A002", lang)
        ask(page, "g", "hold")
        page.keyboard.press("g")
        expect(who(page, "parked")).to_have_text(["A002"])
        call_next(page, "A003", lang)
        page.get_by_role("button", name=f"{to_the_line} A001").click()
        expect(page.locator("#missed-part")).to_be_hidden()
        expect(who(page)).to_have_text(["A004", "A001"])
        settled(page)
        page.get_by_role("button", name=f"{to_the_line} A002").focus()
        page.keyboard.press("Enter")
        expect(page.locator("#parked-part")).to_be_hidden()
        expect(who(page)).to_have_text(["A002", "A004", "A001"])
        shows(page, "A003", told(lang, "Đang gọi", "Calling"))


def test_an_answer_that_comes_after_the_stream_has_told_it_takes_nobody_out_of_the_line(
    centre: Centre, page: Page
) -> None:
    take(centre, 2)

    def answer_late(route: Route) -> None:
        answer = route.fetch()
        expect(who(page)).to_have_text(["A002", "A001"])
        route.fulfill(response=answer)

    with served(centre) as address:
        enter(page, address)
        call_next(page, "A001")
        page.keyboard.press("v")
        page.route("**/return", answer_late)
        with page.expect_response("**/return"):
            page.get_by_role("button", name="Về hàng chờ A001").click()
        expect(page.locator("#told")).to_have_text("Đã trả về hàng chờ.")
        assert who(page).all_text_contents() == ["A002", "A001"]


@both
def test_who_was_missed_too_long_ago_is_shown_so_before_a_press(
    centre: Centre, page: Page, lang: str
) -> None:
    clock = Clock()
    timed = replace(centre, clock=clock)
    take(timed, 2)
    with served(timed) as address:
        enter(page, address, lang=lang)
        call_next(page, "A001", lang)
        page.keyboard.press("v")
        expect(page.locator("#missed [data-resume]")).to_be_enabled()
        expect(page.locator("#missed .late")).to_be_hidden()
        clock.forward(minutes=61)
        take(timed)
        expect(page.locator("#missed .late")).to_have_text(
            told(lang, "quá giờ, cần lấy số mới", "too late, needs a new number")
        )
        expect(page.locator("#missed .late")).to_be_visible()
        for button in page.locator("#missed button").all():
            expect(button).to_be_hidden()
