"""The desk by the door in a browser: numbers given, found and printed again."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, Route, expect

from kiosk.calendar import utc_now
from kiosk.errors import Refused
from kiosk.office import appointments, clerks, jobs, tickets
from kiosk.rights import StaffRole
from kiosk.tickets import TicketState
from tests.web.browsing import paged
from tests.web.serving import PIN, served
from tests.web.test_hall_page import REASONS, enter_hall

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from kiosk.office.centre import Centre


@pytest.fixture
def centre(live: Centre) -> Centre:
    centre = replace(live, reasons=REASONS)
    clerks.add_clerk(centre, "an", "Vũ Bình An", PIN, StaffRole.RECEPTION)
    return centre


def print_all(centre: Centre) -> list[str]:
    """The printer prints what waits; gives the kinds of slips with their marks."""
    done = []
    while job := jobs.next_job(centre):
        jobs.mark_sending(centre, job.id)
        jobs.settle(centre, job.id, "printed", evidence="ack")
        done.append(job.id)
    return done


def details(centre: Centre, kind: str) -> list[dict[str, object]]:
    with centre.database.read() as query:
        rows = query.all("SELECT details FROM event WHERE kind = :kind ORDER BY seq", kind=kind)
    return [json.loads(row["details"]) for row in rows]


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_number_is_given_by_one_key(centre: Centre, page: Page, lang: str) -> None:
    with served(centre) as address:
        enter_hall(page, address, "an", lang)
        expect(page.locator("#services button").first).to_contain_text("0")
        page.keyboard.press("2")
        expect(page.locator("#given strong")).to_have_text("B001")
        page.keyboard.press("2")
        expect(page.locator("#given strong")).to_have_text("B002")
        expect(page.locator("#last li")).to_have_count(2)
    assert len(print_all(centre)) == 2
    assert [told["number"] for told in details(centre, "ticket.issued")] == ["B001", "B002"]


def test_a_class_takes_a_reason_and_goes_with_one_number_only(centre: Centre, page: Page) -> None:
    with served(centre) as address:
        enter_hall(page, address, "an")
        page.get_by_label("Người cao tuổi").check()
        page.keyboard.press("Escape")
        page.locator("[data-service=A]").click()
        expect(page.locator("#alert")).to_have_text("Hãy chọn lý do ưu tiên.")
        page.locator("#class-reason").select_option("baby")
        page.locator("[data-service=A]").click()
        expect(page.locator("#given strong")).to_have_text("A001")
        expect(page.get_by_label("Thường")).to_be_checked()
        page.locator("[data-service=A]").click()
        expect(page.locator("#given strong")).to_have_text("A002")
    first, second = details(centre, "ticket.issued")
    assert (first["priority"], first["why"]) == ("NCT", "baby")
    assert "priority" not in second


def test_a_lost_answer_gives_one_number(centre: Centre, page: Page) -> None:
    with served(centre) as address:
        enter_hall(page, address, "an")
        lost = 0

        def lose(route: Route) -> None:
            nonlocal lost
            lost += 1
            route.fetch()
            route.abort()

        page.route("**/api/tickets", lose, times=1)
        page.locator("[data-service=A]").click()
        expect(page.locator("#alert")).not_to_be_empty()
        page.locator("[data-service=A]").click()
        expect(page.locator("#given strong")).to_have_text("A001")
    assert lost == 1
    assert len(details(centre, "ticket.issued")) == 1


def test_a_number_is_found_and_printed_again_with_its_mark(centre: Centre, page: Page) -> None:
    ticket = tickets.take_ticket(centre, service="A", actor="test").place.ticket
    with served(centre) as address:
        enter_hall(page, address, "an")
        page.keyboard.press("t")
        page.locator("#find-number").fill("a7")
        page.keyboard.press("Enter")
        expect(page.locator("#find .alert")).to_contain_text("a7")
        page.locator("#find-number").fill("a1")
        page.keyboard.press("Enter")
        expect(page.locator("#found")).to_contain_text("A001 · Chứng thực · đang chờ")
        page.get_by_role("button", name="In lại", exact=True).click()
        expect(page.locator("#find .alert")).not_to_be_empty()
        print_all(centre)
        page.get_by_role("button", name="In lại", exact=True).click()
        expect(page.locator("#found")).to_have_text("Đang in lại phiếu")
        page.locator("#find-number").fill("a1")
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Hủy số").click()
        expect(page.locator("#found")).to_contain_text("đã hủy")
    job = jobs.next_job(centre)
    assert job is not None
    assert "BẢN IN LẠI 1" in str(job.data)
    assert tickets.follow(centre, ticket.id).ticket.state is TicketState.CANCELLED


def test_every_reprint_is_counted_on(centre: Centre) -> None:
    tickets.take_ticket(centre, service="A", actor="test")
    with pytest.raises(Refused, match="job_waiting"):
        jobs.reprint_ticket(centre, "A001", clerk="an")
    for n in (1, 2, 3):
        print_all(centre)
        jobs.reprint_ticket(centre, "a1", clerk="an")
        job = jobs.next_job(centre)
        assert job is not None
        assert f"BẢN IN LẠI {n}" in str(job.data)
    with pytest.raises(Refused, match="no_such_number"):
        jobs.reprint_ticket(centre, "A002", clerk="an")


def test_who_has_an_appointment_is_checked_in(centre: Centre, page: Page) -> None:
    at = utc_now() + timedelta(seconds=5)
    appointments.book(centre, service="A", at=at, actor="test", code="K7M2P4QX")
    with served(centre) as address:
        enter_hall(page, address, "an")
        page.keyboard.press("h")
        page.locator("[data-check-in]").click()
        expect(page.locator("#booking-told")).to_contain_text("A001")


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_the_page_fits_every_width(centre: Centre, browser: Browser, width: int) -> None:
    with served(centre) as address, paged(browser, width, 740) as page:
        enter_hall(page, address, "an")
        page.locator("[data-service=A]").click()
        expect(page.locator("#given strong")).to_have_text("A001")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
