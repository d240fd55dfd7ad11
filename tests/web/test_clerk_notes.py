"""What stands beside a number on the clerk's page: notes, its dossier, the office's own keys."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from kiosk.calendar import local_day, utc_now
from kiosk.demo_dossiers import demo_dossiers
from kiosk.errors import Refused
from kiosk.office import calls, notes, tickets
from kiosk.office.hall import read_counter
from kiosk.office.incoming import store_dossiers
from kiosk.retention_config import NOTES_KEPT
from tests.web.browsing import paged, settled
from tests.web.serving import PIN, served
from tests.web.test_clerk_page import enter, take

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

    from kiosk.office.centre import Centre


@pytest.fixture
def centre(live: Centre) -> Centre:
    return live


def test_a_note_goes_with_the_visit_to_the_next_clerk(
    centre: Centre, browser: Browser, page: Page
) -> None:
    take(centre, 1)
    with served(centre) as address, paged(browser, 360, 740) as other:
        enter(page, address)
        page.keyboard.press("Space")
        expect(page.locator("#number")).to_have_text("A001")
        settled(page)
        page.keyboard.press("k")
        page.keyboard.press("Enter")
        expect(page.locator("#noting .alert")).to_have_text("Hãy nhập nội dung.")
        page.locator("#note-text").fill("Thiếu bản sao <b>giấy khai sinh</b>")
        page.keyboard.press("Enter")
        expect(page.locator("#notes li")).to_contain_text("Thiếu bản sao <b>giấy khai sinh</b>")
        expect(page.locator("#noting")).to_be_hidden()
        page.keyboard.press("c")
        page.keyboard.press("2")
        expect(page.locator("#number")).to_have_text("–")
        expect(page.locator("#notes li")).to_have_count(0)
        other.goto(f"{address}/clerk?lang=en")
        other.locator("#login").fill("minh")
        other.locator("#pin").fill(PIN)
        other.locator("#counter").select_option("2")
        other.keyboard.press("Enter")
        other.locator("#next").click()
        expect(other.locator("#notes li")).to_contain_text("giấy khai sinh")
        expect(other.locator("#notes li")).to_contain_text("Lê Thị Hoa")
        assert other.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_the_office_chooses_the_keys_and_the_page_shows_them(centre: Centre, page: Page) -> None:
    take(centre, 2)
    chosen = replace(centre, keys={**centre.keys, "recall": "1", "next": "9", "undo": "Z"})
    with served(chosen) as address:
        enter(page, address)
        expect(page.locator("[data-move=recall] kbd")).to_have_text("1")
        page.keyboard.press("9")
        expect(page.locator("#number")).to_have_text("A001")
        page.keyboard.press("1")
        expect(page.locator("#facts")).to_contain_text("gọi lần 2")
        page.keyboard.press("r")
        expect(page.locator("#facts")).to_contain_text("gọi lần 2")
        page.keyboard.press("Numpad9")
        expect(page.locator("#number")).to_have_text("A002")
        expect(page.locator("#waiting-total")).to_have_text("0")
        page.keyboard.press("Control+z")
        expect(page.locator("#number")).to_have_text("A001")


def test_the_dossier_for_which_a_number_was_taken_stands_beside_it(
    centre: Centre, page: Page
) -> None:
    known = replace(
        demo_dossiers(local_day(utc_now(), centre.timezone))[0], fee=8000, fee_paid=False
    )
    store_dossiers(centre, [known], source="test")
    tickets.take_ticket(centre, service="A", actor="test", dossier=known.code)
    with served(centre) as address:
        enter(page, address)
        page.keyboard.press("Space")
        expect(page.locator("#dossier")).to_contain_text(known.code)
        expect(page.locator("#dossier")).to_contain_text(known.procedure_name)
        expect(page.locator("#dossier")).to_contain_text("lệ phí 8.000 đ chưa nộp")


def test_a_note_is_kept_once_and_its_words_stand_in_no_event(centre: Centre) -> None:
    take(centre, 1)
    with pytest.raises(Refused, match="nobody_here"):
        notes.note_visit(centre, 1, "Thiếu bản sao", clerk="hoa")
    called = calls.call_next(centre, 1, clerk="hoa")
    assert called is not None
    for text in ("Thiếu bản sao", "  Thiếu   bản sao ", "Bà An, 0912 345 678"):
        notes.note_visit(centre, 1, text, clerk="hoa", ticket=called.id)
    with pytest.raises(Refused, match="note_needed"):
        notes.note_visit(centre, 1, " ", clerk="hoa")
    with pytest.raises(Refused, match="note_gone"):
        notes.note_visit(centre, 1, "Muộn rồi", clerk="hoa", ticket="A00000000000")
    told = [note.text for note in read_counter(centre, 1).notes]
    assert told == ["Thiếu bản sao", "Bà An, 0912 345 678"]
    with centre.database.read() as query:
        events = str([tuple(row) for row in query.all("SELECT * FROM event")])
    assert "Thiếu" not in events
    assert "0912 345 678" not in events


def test_a_note_is_gone_after_two_days(centre: Centre, tmp_path: Path) -> None:
    take(centre, 1)
    calls.call_next(centre, 1, clerk="hoa")
    notes.note_visit(centre, 1, "Thiếu bản sao", clerk="hoa")
    later = replace(centre, clock=lambda: utc_now() + 3 * NOTES_KEPT)
    take(later, 1)
    calls.call_next(later, 2, clerk="minh")
    notes.note_visit(later, 2, "Khác", clerk="minh")
    with centre.database.read() as query:
        assert [row["text"] for row in query.all("SELECT text FROM visit_note")] == ["Khác"]
