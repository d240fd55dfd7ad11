"""The clerk's page in a real browser: what has the focus after a dialog, and what is told there."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from kiosk.calendar import utc_now
from kiosk.office import tickets
from tests.web.browsing import settled
from tests.web.serving import served, signed_in
from tests.web.test_clerk_moves import REASONS, ask, both, call_next, told
from tests.web.test_clerk_page import enter, take

if TYPE_CHECKING:
    from kiosk.office.centre import Centre


@pytest.fixture
def centre(live: Centre) -> Centre:
    return replace(live, reasons=REASONS)


@both
def test_the_page_tells_that_somebody_has_priority_and_never_why(
    centre: Centre, page: Page, lang: str
) -> None:
    tickets.take_ticket(centre, service="A", actor="test", priority="NCT")
    priority = told(lang, "ưu tiên", "priority")
    with served(centre) as address:
        enter(page, address, lang=lang)
        expect(page.locator("#waiting .chip")).to_have_text(priority)
        call_next(page, "A001", lang)
        expect(page.locator("#facts")).to_contain_text(f" · {priority}")
        names = [*centre.priorities["NCT"].names.values(), "NCT"]
        assert [name for name in names if name in page.content()] == []


@both
def test_who_waits_longer_than_the_office_wants_is_marked(
    centre: Centre, page: Page, lang: str
) -> None:
    noon = ZoneInfo(f"Etc/GMT{utc_now().hour - 12:+d}")
    soon = replace(centre.services["A"], target_minutes=30)
    centre = replace(centre, services={**centre.services, "A": soon}, timezone=noon)
    for minutes, service in ((31, "A"), (31, "B"), (29, "A")):
        ago = timedelta(minutes=minutes)
        earlier = replace(centre, clock=lambda ago=ago: utc_now() - ago)
        tickets.take_ticket(earlier, service=service, actor="test")
    with served(centre) as address:
        enter(page, address, lang=lang)
        rows = page.locator("#waiting li")
        expect(rows).to_have_count(3)
        over = told(lang, "đã quá 30 phút", "over 30 min")
        expect(rows.filter(has_text="A001").locator(".overdue")).to_have_text(over)
        expect(rows.filter(has_text="A001").locator(".overdue")).to_be_visible()
        expect(rows.filter(has_text="A002").locator(".overdue")).to_be_hidden()
        expect(rows.filter(has_text="B001").locator(".overdue")).to_have_count(0)


DIALOGS = {"transfer": "c", "hold": "g", "call": "n", "appointments": "h"}


@pytest.mark.parametrize("opened", ["its key", "the mouse", "Enter on its button"])
@pytest.mark.parametrize("dialog", DIALOGS)
def test_space_is_the_big_key_again_after_a_dialog_however_it_was_opened(
    centre: Centre, page: Page, dialog: str, opened: str
) -> None:
    take(centre, 3)
    key = DIALOGS[dialog]
    button = page.locator(f"[data-key={key.upper()}]:visible")
    shown = page.locator(f"#{dialog}")
    with served(centre) as address:
        enter(page, address)
        call_next(page, "A001")
        for number in ("A002", "A003"):
            expect(button).to_be_enabled()
            if opened == "its key":
                page.keyboard.press(key)
            elif opened == "the mouse":
                button.click()
            else:
                button.focus()
                page.keyboard.press("Enter")
            expect(shown).to_be_visible()
            if number == "A002":
                page.keyboard.press("Escape")
            else:
                shown.locator("[data-close]").click()
            expect(shown).to_be_hidden()
            expect(page.locator("#next")).to_be_focused()
            call_next(page, number)
            expect(shown).to_be_hidden()


def test_space_is_the_big_key_after_a_dialog_that_was_opened_during_a_pause(
    centre: Centre, page: Page
) -> None:
    take(centre)
    with served(centre) as address:
        enter(page, address)
        ask(page, "p", "pausing")
        page.keyboard.press("1")
        expect(page.locator("#continue")).to_be_visible()
        settled(page)
        page.locator("[data-tool=appointments]").focus()
        page.keyboard.press("Enter")
        expect(page.locator("#appointments")).to_be_visible()
        settled(page)
        page.keyboard.press("Escape")
        expect(page.locator("#appointments")).to_be_hidden()
        page.keyboard.press("p")
        expect(page.locator("#next")).to_be_enabled()
        call_next(page, "A001")


@both
def test_a_number_that_cannot_be_called_is_told_in_the_dialog(
    centre: Centre, page: Page, lang: str
) -> None:
    take(centre, 2)
    with served(centre) as address, signed_in(address, "minh", 2) as minh:
        minh.post("/api/counters/2/next")
        enter(page, address, lang=lang)
        ask(page, "n", "call")
        page.locator("#call-number").fill("A001")
        page.locator("#call-reason").select_option("urgent")
        page.locator("#call [type=submit]").click()
        alert = page.locator("#call .alert")
        expect(alert).to_have_text(
            told(lang, "Số A001 đang ở Quầy 2.", "Number A001 is at Counter 2.")
        )
        minh.post("/api/counters/2/finish")
        page.locator("#call [type=submit]").click()
        expect(alert).to_contain_text(told(lang, "Số A001 đã kết thúc", "Number A001 has ended"))
