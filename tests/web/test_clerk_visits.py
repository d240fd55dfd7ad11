"""The clerk's page in a real browser: appointments, and visits that go on to other services."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from kiosk.calendar import utc_now
from kiosk.office import appointments, tickets
from tests.web.serving import served, signed_in
from tests.web.test_clerk_moves import OUTCOMES, REASONS, ask, both, call_next, told
from tests.web.test_clerk_page import enter

if TYPE_CHECKING:
    from playwright.sync_api import Route

    from kiosk.office.centre import Centre


@pytest.fixture
def centre(noon: Centre) -> Centre:
    return replace(noon, reasons=REASONS, outcomes=OUTCOMES)


@both
def test_appointments_of_today_are_booked_and_checked_in(
    centre: Centre, page: Page, lang: str
) -> None:
    soon = utc_now() + timedelta(minutes=5)
    booked = appointments.book(centre, service="A", at=soon, actor="test")
    time = f"{soon.astimezone(centre.timezone):%H:%M}"
    with served(centre) as address:
        enter(page, address, lang=lang)
        shown = page.locator("#coming")
        expect(shown).to_have_text("1")
        ask(page, "h", "appointments")
        expect(page.locator("#booked .chip")).to_have_text(booked.code)
        page.locator("#booked button").click()
        expect(page.locator("#booking-told")).to_have_text(
            told(
                lang,
                f"A001 đã vào hàng, hẹn lúc {time}.",
                f"A001 is in the line for {time}.",
            )
        )
        expect(page.locator("#booked button")).to_have_count(0)
        expect(page.locator("#booked .quiet")).to_have_text(told(lang, "đã đến", "arrived"))
        page.locator("#booking [type=submit]").click()
        expect(page.locator("#appointments .alert")).to_have_text(
            told(lang, "Xin chọn ngày và giờ.", "Please choose a date and a time.")
        )
        tomorrow = (soon + timedelta(days=1)).astimezone(centre.timezone)
        page.locator("#booking-service").select_option("B")
        page.locator("#booking-date").fill(f"{tomorrow:%Y-%m-%d}")
        page.locator("#booking-time").fill("09:30")
        page.locator("#booking [type=submit]").click()
        expect(page.locator("#booking-told")).to_contain_text(
            told(
                lang,
                f"(09:30 ngày {tomorrow:%d/%m/%Y})",
                f"(09:30 on {tomorrow:%d/%m/%Y})",
            )
        )
        page.keyboard.press("Escape")
        expect(shown).to_be_hidden()
        expect(page.locator("#waiting .chip")).to_have_text(
            told(lang, f"hẹn {time}", f"due {time}")
        )
    kept = appointments.read_appointments(centre, f"{tomorrow:%Y-%m-%d}")
    assert [(known.service, known.due_at.astimezone(centre.timezone).hour) for known in kept] == [
        ("B", 9)
    ]


def test_a_booking_whose_answer_was_lost_is_made_once(centre: Centre, page: Page) -> None:
    tomorrow = f"{(utc_now() + timedelta(days=1)).astimezone(centre.timezone):%Y-%m-%d}"

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    with served(centre) as address:
        enter(page, address)
        ask(page, "h", "appointments")
        expect(page.locator("#booked-none")).to_be_visible()
        page.route("**/api/appointments", lose, times=1)
        page.locator("#booking-date").fill(tomorrow)
        page.locator("#booking-time").fill("09:30")
        page.locator("#booking [type=submit]").click()
        expect(page.locator("#appointments .alert")).to_contain_text("Chưa nhận được trả lời")
        page.locator("#booking [type=submit]").click()
        expect(page.locator("#booking-told")).to_contain_text("09:30")
    assert len(appointments.read_appointments(centre, tomorrow)) == 1


@both
def test_a_journey_and_why_somebody_waits_are_shown(centre: Centre, page: Page, lang: str) -> None:
    rules = replace(centre, queue=replace(centre.queue, no_show_after=3))
    tickets.take_ticket(rules, services=("A", "B", "F"), actor="test")
    with served(rules) as address, signed_in(address, "minh", 2) as minh:
        enter(page, address, lang=lang)
        call_next(page, "A001", lang)
        expect(page.locator("#journey")).to_have_text(
            told(lang, "Sau đó: Hộ tịch, Trả kết quả", "Then: Hộ tịch (en), Trả kết quả (en)")
        )
        page.keyboard.press("v")
        expect(page.locator("#waiting .chip")).to_have_text(told(lang, "vắng 1 lần", "missed 1×"))
        called = minh.post("/api/counters/2/next").json()
        minh.post("/api/counters/2/park", json={"reason": "supplement"})
        minh.post(f"/api/tickets/{called['id']}/return")
        expect(page.locator("#waiting .chip").first).to_have_text(
            told(lang, "quay lại", "returned")
        )
        call_next(page, "A001", lang)
        ask(page, "x", "outcome")
        page.keyboard.press("Enter")
        expect(page.locator("#waiting .service")).to_have_text(
            told(lang, "Hộ tịch", "Hộ tịch (en)")
        )


@both
def test_a_journey_into_hours_that_are_over_is_told(centre: Centre, page: Page, lang: str) -> None:
    tickets.take_ticket(centre, services=("A", "C"), actor="test")
    with served(centre) as address:
        enter(page, address, lang=lang)
        call_next(page, "A001", lang)
        expect(page.locator("#notices")).to_have_text(
            told(lang, "Đất đai: giờ làm việc đã hết lúc 11:30.",
                 "Đất đai (en): working hours ended at 11:30.")
        )  # fmt: skip
