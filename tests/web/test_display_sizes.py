"""The display at a counter on every screen that offices have: nothing is cut, keys are wide."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from kiosk.office import calls, direction, sessions, tickets
from kiosk.ratings import MOODS, Level
from tests.hall import service
from tests.web.browsing import paged
from tests.web.serving import PIN, served
from tests.web.test_clerk_moves import both
from tests.web.test_display_page import LONG, THANKED, call, opened, pass_by, serve, shows

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from kiosk.office.centre import Centre

TOUCH = 118
"""Pixels of 20 mm on a tablet of 10.1 inches with 1280 x 800."""
FACES = tuple(Level(mood) for mood in MOODS)
CUT = """
() => [...document.querySelectorAll("html, header, main, main > :not([hidden]), .level")]
    .filter((node) => node.scrollWidth > node.clientWidth + 1
        || node.scrollHeight > node.clientHeight + 1)
    .map((node) => node.outerHTML.slice(0, 80))
"""
SIZES = [(480, 320), (320, 480), (360, 640), (800, 480), (1024, 600), (1280, 800), (800, 1280)]


@pytest.fixture
def centre(live: Centre) -> Centre:
    return replace(live, rating=LONG)


@both
def test_every_scene_fits_every_size(centre: Centre, page: Page, lang: str) -> None:
    crowded = replace(
        centre,
        rating=replace(LONG, levels=FACES),
        clerk_names=True,
        parent="Ủy ban nhân dân phường Trung Tâm, thành phố Nghĩa Lộ",
        name="Trung tâm Phục vụ hành chính công và hỗ trợ chuyển đổi số phường Trung Tâm",
        services={
            **centre.services,
            "A": service("A", "Chứng thực bản sao, chữ ký, hợp đồng và giao dịch dân sự"),
        },
    )
    with served(crowded) as address:

        def fits(scene: str) -> None:
            shows(page, scene)
            for width, height in SIZES:
                page.set_viewport_size({"width": width, "height": height})
                cut = page.evaluate(CUT)
                assert cut == [], (scene, width, height, cut)

        page.emulate_media(reduced_motion="reduce")  # a number that grows for a moment is not cut
        opened(page, address, lang=lang)
        fits("empty")
        session = sessions.sign_in(crowded, "minh", PIN, 2)
        fits("free")
        expect(page.locator("#clerk-name")).to_have_text("Trần Văn Minh")
        sessions.pause(crowded, session.token, "break")
        fits("paused")
        sessions.go_on(crowded, session.token)
        serve(crowded)
        fits("rate")
        call(crowded)
        expect(page.locator("#called-now")).to_be_visible()
        fits("rate")
        page.locator("[data-level=bad]").click()
        fits("thanks")
        pass_by(page, THANKED)
        fits("called")
        calls.start(crowded, 2, clerk="minh")
        fits("serving")
        direction.close_counter(crowded, number=2, by="trang")
        calls.finish(crowded, 2, clerk="minh")
        shows(page, "rate")
        page.locator("[data-level=great]").click()
        shows(page, "thanks")
        pass_by(page, THANKED)
        fits("closed")


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (800, 1280)])
def test_keys_are_two_centimetres_on_a_tablet(
    centre: Centre, browser: Browser, width: int, height: int
) -> None:
    five = replace(centre, rating=replace(LONG, levels=FACES))
    with served(five) as address, paged(browser, width, height) as page:
        opened(page, address)
        serve(five)
        for called in (False, True):
            if called:
                call(five)
            expect(page.locator("#called-now")).to_be_visible(visible=called)
            shows(page, "rate")
            for key in page.locator(".level").all():
                box = key.bounding_box()
                assert box is not None
                assert min(box["width"], box["height"]) >= TOUCH


@pytest.mark.parametrize("number", ["A012", "A1000", "ĐKKD1000"])
def test_the_longest_number_fits(centre: Centre, browser: Browser, number: str) -> None:
    code = number.rstrip("0123456789")
    long = replace(
        centre,
        services={code: service(code, "Đăng ký", first_number=int(number.removeprefix(code)))},
        counters={2: replace(centre.counters[2], services=(code,))},
    )
    with served(long) as address, paged(browser, 480, 320) as page:
        opened(page, address)
        tickets.take_ticket(long, service=code, actor="test")
        calls.call_next(long, 2, clerk="minh")
        shows(page, "called")
        place = page.locator(".number:visible")
        expect(place).to_have_text(number)
        box = place.bounding_box()
        assert box is not None
        assert box["width"] <= 480
        assert box["width"] >= 280
