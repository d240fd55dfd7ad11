"""The page on which everybody looks a dossier up, as a phone shows it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest
from playwright.sync_api import expect

from kiosk.office import calls, incoming, sessions
from tests.web.browsing import CONTRAST, PLAIN, paged
from tests.web.following import take
from tests.web.serving import PIN, served_publicly
from tests.web.test_public import CODE, DOSSIER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from kiosk.office.centre import Centre

LONG: Final = "Cấp Giấy chứng nhận quyền sử dụng đất, quyền sở hữu tài sản gắn liền với đất lần đầu"


@pytest.fixture
def address(centre: Centre) -> Iterator[str]:
    incoming.store_dossiers(
        centre,
        [replace(DOSSIER, procedure_name=LONG, resolving_unit="Chi nhánh Văn phòng Đăng ký đất")],
        source="test",
    )
    with served_publicly(centre) as address:
        yield address


@pytest.mark.parametrize(
    ("lang", "wrong", "title", "handler", "other"),
    [
        (
            "vi",
            "Không tìm thấy hồ sơ",
            "được hẹn lại",
            "Người đang giải quyết",
            "new due date",
        ),
        ("en", "No such dossier", "new due date", "Clerk in charge", "được hẹn lại"),
    ],
)
def test_a_phone_without_script_gets_from_the_form_to_the_answer_by_keyboard(
    browser: Browser, address: str, lang: str, wrong: str, title: str, handler: str, other: str
) -> None:
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, java_script_enabled=False, locale=lang
    )
    page = context.new_page()
    page.goto(f"{address}/")
    expect(page.locator("html")).to_have_attribute("lang", lang)
    page.locator("#code").focus()
    page.keyboard.type(CODE.lower())
    page.keyboard.press("Tab")
    page.keyboard.type("0000")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text(wrong)
    expect(page.locator("#code")).to_have_value(CODE.lower())
    expect(page.locator("#secret")).to_have_value("")
    page.locator("#secret").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text(title)
    expect(page.get_by_text(handler)).to_have_count(0)
    page.locator("#secret").focus()
    page.keyboard.type("k7q2")
    page.keyboard.press("Enter")
    expect(page.get_by_text(handler)).to_be_visible()
    assert page.url == f"{address}/tra-cuu?lang={lang}"
    page.get_by_role("navigation").get_by_role("button").click()
    expect(page.locator("h1")).to_contain_text(other)
    assert CODE not in page.url
    context.close()


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_it_fits_a_small_phone_and_is_read_with_ease(
    browser: Browser, address: str, lang: str
) -> None:
    with paged(browser, 360, 740) as page:
        for asked, secret in (("", ""), (CODE, ""), (CODE, "K7Q2"), (CODE, "0000"), ("x", "")):
            page.goto(f"{address}/tra-cuu?lang={lang}")
            if asked:
                page.locator("#code").fill(asked)
                page.locator("#secret").fill(secret)
                page.keyboard.press("Enter")
                expect(page.locator(".now")).to_be_visible()
            page.wait_for_load_state()
            page.evaluate("document.fonts.ready")
            assert page.evaluate(PLAIN) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= 360
            assert page.evaluate(CONTRAST) >= 7
            for one in page.locator("a, button, input:not([type=hidden])").all():
                box = one.bounding_box()
                assert box is not None
                assert box["height"] >= 44


def test_on_paper_it_is_the_answer_alone(browser: Browser, address: str) -> None:
    with paged(browser) as page:
        page.goto(f"{address}/tra-cuu?MaHoSo={CODE}")
        page.emulate_media(media="print")
        expect(page.get_by_text(CODE)).to_be_visible()
        expect(page.locator("form.ask")).to_be_hidden()
        expect(page.get_by_role("navigation")).to_be_hidden()
        assert page.evaluate(CONTRAST) >= 7


def test_the_field_leads_a_ticket_to_its_place_and_that_leads_back(
    centre: Centre, browser: Browser, address: str
) -> None:
    take(centre)
    wanted = take(centre)
    sessions.sign_in(centre, "hoa", PIN, 1)
    calls.call_next(centre, 1, clerk="hoa")
    with paged(browser, 360, 740) as page:
        page.goto(f"{address}/tra-cuu")
        page.locator("#code").fill(f" {wanted.lower()} ")
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text("Ông/Bà là người tiếp theo")
        expect(page.locator("dl")).to_contain_text("Đang gọi A001 · Quầy 1")
        expect(page.locator("[data-told]")).to_be_visible()
        page.evaluate("window.loaded = 'once'")
        calls.finish(centre, 1, clerk="hoa")
        calls.call_next(centre, 1, clerk="hoa")
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        expect(page.locator("h1")).to_have_text("Mời Ông/Bà đến Quầy 1")
        assert page.evaluate("window.loaded") == "once"
        page.get_by_role("link", name="Tra cứu hồ sơ").click()
        expect(page.locator("#code")).to_have_value("")
