"""The clerk's page while somebody else acts: another window of the clerk, or a supervisor."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from kiosk.office import direction, hall, overview
from kiosk.office.calls import call_next as press_next
from kiosk.office.clerks import free_counter
from tests.web.browsing import settled
from tests.web.serving import served
from tests.web.test_clerk_moves import OUTCOMES, ask, both, call_next, told
from tests.web.test_clerk_page import enter, shows, take

if TYPE_CHECKING:
    from kiosk.office.centre import Centre


@pytest.fixture
def centre(live: Centre) -> Centre:
    return replace(live, outcomes=OUTCOMES)


@pytest.mark.parametrize(
    ("key", "dialog", "answer"),
    [("c", "transfer", "b"), ("g", "hold", "t"), ("g", "hold", "b"), ("x", "outcome", "1")],
)
def test_a_dialog_is_about_whom_it_was_opened_for(
    centre: Centre, page: Page, key: str, dialog: str, answer: str
) -> None:
    take(centre, 2)
    with served(centre) as address:
        enter(page, address)
        call_next(page, "A001")
        ask(page, key, dialog)
        press_next(centre, 1, clerk="hoa")
        expect(page.locator("#number")).to_have_text("A002")
        page.keyboard.press(answer)
        expect(page.locator("#alert")).to_contain_text("A001")
        shows(page, "A002", "Đang gọi")
    current = hall.read_counter(centre, 1).current
    assert current is not None
    assert (current.number, current.state.value) == ("A002", "called")


def test_a_note_is_about_whom_it_was_begun_for_and_its_words_stay(
    centre: Centre, page: Page
) -> None:
    take(centre, 2)
    with served(centre) as address:
        enter(page, address)
        call_next(page, "A001")
        ask(page, "k", "noting")
        page.keyboard.type("thiếu giấy")
        press_next(centre, 1, clerk="hoa")
        expect(page.locator("#number")).to_have_text("A002")
        page.keyboard.press("Enter")
        expect(page.locator("#noting .alert")).not_to_be_empty()
        expect(page.locator("#note-text")).to_have_value("thiếu giấy")
    assert hall.read_counter(centre, 1).notes == ()


@both
def test_what_a_supervisor_changes_is_shown_at_once(centre: Centre, page: Page, lang: str) -> None:
    take(centre, 1)
    with served(centre) as address:
        enter(page, address, lang=lang)
        call_next(page, "A001", lang)
        expect(page.locator("#taken")).to_contain_text(told(lang, "Chứng thực", "Chứng thực (en)"))
        direction.set_services(centre, 1, ["F"], by="trang")
        expect(page.locator("#taken")).to_have_text(told(lang, "Trả kết quả", "Trả kết quả (en)"))
        ask(page, "c", "transfer")
        nobody = page.locator(
            "#transfer [data-counter]", has_text=told(lang, "chưa có ai", "nobody")
        )
        expect(nobody).to_have_count(len(centre.counters) - 1)


def test_a_key_about_nobody_says_so(centre: Centre, page: Page) -> None:
    with served(centre) as address:
        enter(page, address)
        page.keyboard.press("k")
        expect(page.locator("#alert")).to_have_text("Quầy đang trống nên chưa ghi chú được.")
        page.keyboard.press("c")
        expect(page.locator("#alert")).to_have_text("Chưa có ai ở quầy.")


def test_a_number_at_a_counter_that_was_left_is_told_and_called(centre: Centre, page: Page) -> None:
    take(centre, 1)
    free_counter(centre, 2, by="trang")
    with served(centre) as address:
        press_next(centre, 2, clerk="minh")
        enter(page, address)
        expect(page.locator("#notices")).to_contain_text("Quầy 2 đang giữ số A001")
        ask(page, "n", "call")
        page.keyboard.type("a1")
        page.keyboard.press("Tab")
        page.keyboard.type("Quầy 2 đã đóng")
        page.keyboard.press("Enter")
        shows(page, "A001", "Đang gọi")
        settled(page)
        expect(page.locator("#notices")).to_be_empty()
    states = {one.number: one.state for one in overview.read_overview(centre).counters}
    assert states[2] == "empty"
