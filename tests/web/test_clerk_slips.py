"""Slips in doubt on the clerk's page, in a real browser."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from kiosk.calendar import utc_now
from kiosk.office import jobs
from kiosk.office.hall import read_jobs
from kiosk.office.tickets import take_ticket
from kiosk.texts import texts
from tests.hall import centre_at
from tests.web.browsing import paged
from tests.web.serving import add_clerks, served
from tests.web.test_clerk_page import enter

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

    from kiosk.office.centre import Centre


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[Centre]:
    """Where it is noon, with three slips that nobody knows of, one that could not be drawn, and
    one of the kiosk beside it."""
    zone = ZoneInfo(f"Etc/GMT{utc_now().hour - 12:+d}")
    centre = replace(centre_at(tmp_path / "kiosk.db", utc_now), timezone=zone)
    add_clerks(centre)
    for state in ("unknown", "unknown", "unknown", "failed"):
        take_ticket(centre, service="A", actor="touch")
        job = jobs.next_job(centre)
        assert job is not None
        jobs.mark_sending(centre, job.id)
        why = "silent" if state == "unknown" else "bad_slip_data field=number"
        jobs.settle(centre, job.id, state, reason=why)
    beside = replace(centre, kiosk="kiosk-2")
    take_ticket(beside, service="A", actor="touch")
    job = jobs.next_job(beside)
    assert job is not None
    jobs.mark_sending(beside, job.id)
    jobs.recover(beside)
    yield centre
    centre.database.close()


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_clerk_says_what_became_of_each_slip(centre: Centre, browser: Browser, lang: str) -> None:
    words = texts(lang)
    with served(centre) as address, paged(browser) as page:
        enter(page, address, lang=lang)
        page.keyboard.press("i")
        dialog = page.get_by_role("dialog", name=words.say("web.slips.title"))
        rows = dialog.get_by_role("listitem")
        expect(rows).to_have_count(5)
        why = ["silent"] * 3 + ["undrawable", "interrupted"]
        whys = [words.say(f"web.slips.why.{one}") for one in why]
        expect(dialog.locator(".why")).to_have_text(whys)
        expect(rows.nth(3)).not_to_contain_text("kiosk-")
        expect(rows.nth(4).locator(".chip").last).to_have_text("kiosk-2")
        expect(page.locator("#notices")).to_contain_text("A003, A005 (kiosk-2)")
        for said, number in (("printed", "A001"), ("drop", "A003"), ("reprint", "A002")):
            name = f"{words.say(f'web.slips.{said}')} {number}"
            dialog.get_by_role("button", name=name, exact=True).click()
            expect(dialog.get_by_role("button", name=name, exact=True)).to_have_count(0)
            row = rows.filter(has_text=number)
            expect(row).to_contain_text(words.say(f"web.slips.done.{said}"))
        page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()

    assert [(job.number, job.state) for job in read_jobs(centre)] == [
        ("A004", "failed"),
        ("A005", "unknown"),
        ("A002", "queued"),
    ]
    reprint = jobs.next_job(centre)
    assert reprint is not None
    assert reprint.data is not None
    assert reprint.data["copy_mark"] == "BẢN IN LẠI 1"


def test_of_many_slips_the_first_are_shown_and_the_next_when_those_are_done(
    centre: Centre, browser: Browser
) -> None:
    for _ in range(18):
        take_ticket(centre, service="A", actor="touch")
        job = jobs.next_job(centre)
        assert job is not None
        jobs.mark_sending(centre, job.id)
        jobs.settle(centre, job.id, "unknown", reason="silent")
    more = "Còn những phiếu khác."
    with served(centre) as address, paged(browser) as page:
        enter(page, address)
        expect(page.locator("#slips-count")).to_have_text("20+")
        page.keyboard.press("i")
        dialog = page.get_by_role("dialog", name="Phiếu in cần xem lại")
        expect(dialog.get_by_role("listitem")).to_have_count(20)
        expect(dialog).to_contain_text(more)
        for number in ("A001", "A002", "A003"):
            dialog.get_by_role("button", name=f"Đã có giấy {number}", exact=True).click()
            expect(dialog.locator("li", has_text=number)).to_contain_text("Đã ghi")
        expect(dialog.get_by_role("listitem")).to_have_count(23)
        expect(dialog.get_by_text(more)).to_be_hidden()


def test_a_slip_of_the_hand_is_mended_where_it_was_made(centre: Centre, browser: Browser) -> None:
    again = "In lại A003"
    with served(centre) as address, paged(browser) as page:
        enter(page, address)
        page.keyboard.press("i")
        dialog = page.get_by_role("dialog", name="Phiếu in cần xem lại")
        dialog.get_by_role("button", name="Bỏ phiếu này A003", exact=True).click()
        expect(dialog.get_by_role("button", name="Đã có giấy A003", exact=True)).to_have_count(0)
        expect(page.locator("#slips-count")).to_have_text("4")
        dialog.get_by_role("button", name=again, exact=True).click()
        expect(dialog.get_by_role("button", name=again, exact=True)).to_have_count(0)
    reprint = jobs.next_job(centre)
    assert reprint is not None
    assert reprint.data is not None
    assert (reprint.data["number"], reprint.copy) == ("A003", 1)


def test_no_row_moves_under_the_hand_and_keys_go_on_from_row_to_row(
    centre: Centre, browser: Browser
) -> None:
    with served(centre) as address, paged(browser) as page:
        enter(page, address)
        page.keyboard.press("i")
        rows = page.locator("#slip-list li")
        expect(rows).to_have_count(5)
        button = page.get_by_role("button", name="Đã có giấy A002", exact=True)
        button.focus()
        where = button.bounding_box()
        first = read_jobs(centre)[0]
        jobs.confirm(centre, first.id, clerk="minh")  # elsewhere
        expect(rows.first).to_contain_text("Đã xong")
        expect(button).to_be_focused()
        assert button.bounding_box() == where

        page.keyboard.press("Enter")
        expect(rows.nth(1)).to_contain_text("Đã ghi: có giấy")
        key = page.get_by_role("button", name="Đã có giấy A003", exact=True)
        expect(key).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.locator("#slips")).to_be_hidden()
        expect(page.locator("#slips-count")).to_have_text("3")
        page.keyboard.press("i")
        expect(rows).to_have_count(3)


def test_a_list_that_is_longer_than_the_screen_stays_where_it_was_scrolled_to(
    centre: Centre, browser: Browser
) -> None:
    with served(centre) as address, paged(browser, 1280, 420) as page:
        enter(page, address)
        page.locator("#slips-open").click()
        rows = page.locator("#slip-list li")
        expect(rows).to_have_count(5)
        last = page.get_by_role("button", name="Bỏ phiếu này A004", exact=True)
        last.scroll_into_view_if_needed()
        scrolled = page.locator("#slips").evaluate("dialog => dialog.scrollTop")
        where = rows.nth(3).bounding_box()
        assert scrolled > 0
        last.click()
        expect(rows.nth(3)).to_contain_text("Đã bỏ")
        key = page.get_by_role("button", name="Đã có giấy A005", exact=True)
        expect(key).to_be_focused()
        assert page.locator("#slips").evaluate("dialog => dialog.scrollTop") == scrolled
        assert rows.nth(3).bounding_box() == where

        page.keyboard.press("Enter")
        key = page.get_by_role("button", name="Đã có giấy A003", exact=True)
        expect(key).to_be_focused()
