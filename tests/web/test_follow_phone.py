"""The page of one ticket as a phone shows it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, Route, expect

from kiosk.office import calls, sessions
from kiosk.tickets import ENDED, TicketState
from tests.hall import service
from tests.web.browsing import CONTRAST, PLAIN, paged
from tests.web.following import bring, serve_five, take
from tests.web.serving import PIN, served

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from kiosk.office.centre import Centre
    from tests.hall import Clock

LONG = "Đăng ký thành lập hộ kinh doanh và cấp đổi giấy chứng nhận"
WIDE = "MMMM"
UNKNOWN = "A00000000000"
LOOKED_AT = "document.dispatchEvent(new Event('visibilitychange'))"
"""As when the phone comes out of a pocket."""


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_state_fits_a_small_phone_and_is_read_with_ease(
    centre: Centre, clock: Clock, browser: Browser, lang: str
) -> None:
    serve_five(centre, clock)
    services = {**centre.services, "A": service("A", LONG), WIDE: service(WIDE, LONG)}
    crowded = replace(centre, services=services)
    with served(crowded) as address, paged(browser, 360, 740) as page:
        wide = take(crowded, WIDE)
        wanted = [bring(crowded, clock, state) for state in TicketState if state not in ENDED]
        for asked in (UNKNOWN, wide, *wanted):
            page.goto(f"{address}/so/{asked}?lang={lang}")
            expect(page.locator("html")).to_have_attribute("lang", lang)
            page.evaluate("document.fonts.ready")
            assert page.evaluate(PLAIN) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= 360
            assert page.evaluate(CONTRAST) >= 7
            for place in page.locator("h1, .number").all():
                box = place.bounding_box()
                assert box is not None
                assert box["y"] + box["height"] <= 740
            link = page.get_by_role("link").bounding_box()
            assert link is not None
            assert link["height"] >= 44


def test_a_phone_that_is_only_looked_at_shows_the_call(
    centre: Centre, clock: Clock, browser: Browser
) -> None:
    wanted = take(centre)
    sessions.sign_in(centre, "hoa", PIN, 1)
    with served(centre) as address, paged(browser, 360, 740) as page:
        page.goto(f"{address}/so/{wanted}")
        expect(page.locator("h1")).to_have_text("Ông/Bà là người tiếp theo")
        expect(page.locator("footer")).to_contain_text("Tự cập nhật sau 10 giây")
        page.evaluate("window.loaded = 'once'")
        calls.call_next(centre, 1, clerk="hoa")
        expect(page.locator("h1")).to_have_text("Mời Ông/Bà đến Quầy 1")
        assert page.evaluate("window.loaded") == "once"
        expect(page).to_have_title("A001 · Mời Ông/Bà đến Quầy 1")
        page.get_by_role("link", name="English").click()
        expect(page.locator("h1")).to_have_text("Please go to Counter 1")


@pytest.mark.parametrize("lost", ["the network", "a proxy's own page"])
def test_what_stands_on_a_phone_stays_while_nothing_new_comes(
    centre: Centre, page: Page, lost: str
) -> None:
    wanted = take(centre)
    sessions.sign_in(centre, "hoa", PIN, 1)
    with served(centre) as address:
        page.goto(f"{address}/so/{wanted}")
        calls.call_next(centre, 1, clerk="hoa")

        def lose(route: Route) -> None:
            if lost == "the network":
                route.abort()
            else:
                route.fulfill(status=502, body="<h1>Bad gateway</h1>", content_type="text/html")

        page.route("**/so/**", lose)
        with page.expect_event("requestfinished" if lost != "the network" else "requestfailed"):
            page.evaluate(LOOKED_AT)
        expect(page.locator("h1")).to_have_text("Ông/Bà là người tiếp theo")
        page.unroute("**/so/**")
        page.evaluate(LOOKED_AT)
        expect(page.locator("h1")).to_have_text("Mời Ông/Bà đến Quầy 1")
        calls.finish(centre, 1, clerk="hoa")
        page.evaluate(LOOKED_AT)
        expect(page.locator("footer")).not_to_contain_text("Tự cập nhật")
