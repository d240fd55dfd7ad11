"""A page that nobody touched is locked: nothing acts or is shown until its clerk gives the PIN."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from kiosk.office import calls, clerks, tickets
from kiosk.rights import StaffRole
from tests.hall import centre_at
from tests.web.serving import PIN, add_clerks, served, signed_in
from tests.web.test_access import told
from tests.web.test_clerk_kept import MAY_BE_DEAF
from tests.web.test_clerk_page import enter
from tests.web.test_feed import Stream

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import httpx

    from kiosk.office.centre import Centre
    from tests.hall import Clock


@pytest.fixture
def centre(tmp_path: Path, clock: Clock) -> Iterator[Centre]:
    centre = centre_at(tmp_path / "kiosk.db", clock)
    add_clerks(centre)
    yield centre
    centre.database.close()


def test_after_a_quarter_of_an_hour_without_a_touch_only_the_pin_helps(
    centre: Centre, clock: Clock, hoa: httpx.Client
) -> None:
    tickets.take_ticket(centre, service="A", actor="test")
    called = hoa.post("/api/counters/1/next").json()
    clock.forward(minutes=14, seconds=59)
    assert hoa.post("/api/counters/1/recall").status_code == 200
    clock.forward(minutes=15)
    assert told(hoa.post("/api/counters/1/finish")) == (401, "locked")
    assert told(hoa.get("/api/appointments")) == (401, "locked")
    assert told(hoa.post("/api/tickets", json={"service": "A"})) == (401, "locked")
    assert told(hoa.post("/api/session/stay")) == (401, "locked")
    assert told(hoa.post("/api/session/resume", json={"pin": "000000"})) == (401, "wrong_pin")
    assert hoa.post("/api/session/resume", json={"pin": PIN}).status_code == 200
    assert hoa.post("/api/counters/1/finish").json()["id"] == called["id"]


def test_a_locked_trail_names_nobody(centre: Centre, clock: Clock, hall: httpx.Client) -> None:
    clerks.add_clerk(centre, "trang", "Trần Thu Trang", PIN, StaffRole.SUPERVISOR)
    hall.post("/api/session", json={"clerk": "trang", "pin": PIN})
    assert "Trần Văn Minh" in hall.get("/audit").text
    clock.forward(minutes=16)
    assert "Trần Văn Minh" not in hall.get("/audit").text


def test_who_works_on_the_page_is_not_locked_out(clock: Clock, hoa: httpx.Client) -> None:
    for _ in range(3):
        clock.forward(minutes=14)
        assert hoa.post("/api/session/stay").status_code == 200
    assert hoa.post("/api/counters/1/next").status_code == 204


def test_a_locked_page_can_be_left(clock: Clock, hoa: httpx.Client, address: str) -> None:
    clock.forward(minutes=16)
    assert hoa.delete("/api/session").status_code == 200
    with signed_in(address, "minh", 1) as minh:
        assert minh.post("/api/counters/1/next").status_code == 204


def test_guessing_at_a_locked_page_is_slowed_down(clock: Clock, hoa: httpx.Client) -> None:
    clock.forward(minutes=16)
    answers = {told(hoa.post("/api/session/resume", json={"pin": "000000"})) for _ in range(7)}
    assert answers == {(401, "wrong_pin"), (429, "too_many_tries")}


@pytest.mark.parametrize(
    ("seconds", "locked"),
    [(-3, False), (-60, False), (-61, True), (-3600, True), (-86_400, True), (899, False)],
)
def test_whose_last_touch_lies_ahead_gives_the_pin_unless_the_clock_was_but_corrected(
    clock: Clock, hoa: httpx.Client, seconds: int, *, locked: bool
) -> None:
    clock.forward(seconds=seconds)
    with hoa.stream("GET", "/api/changes", timeout=20) as answer:
        stream = Stream(answer)
        stream.until("locked" if locked else "counter")
        stream.close()
    if locked:
        for call, path in (
            ("GET", "/api/appointments"),
            ("POST", "/api/counters/1/next"),
            ("POST", "/api/tickets"),
            ("POST", "/api/session/stay"),
        ):
            body = {"service": "A"} if path == "/api/tickets" else None
            assert told(hoa.request(call, path, json=body)) == (401, "locked")
        assert told(hoa.post("/api/session/resume", json={"pin": "000000"})) == (401, "wrong_pin")
        assert hoa.post("/api/session/resume", json={"pin": PIN}).status_code == 200
    assert hoa.post("/api/session/stay").status_code == 200
    assert hoa.post("/api/counters/1/next").status_code == 204
    assert hoa.get("/api/appointments").status_code == 200


def test_a_stream_that_is_open_while_the_clock_is_set_back_is_locked(
    centre: Centre, clock: Clock, hoa: httpx.Client
) -> None:
    with hoa.stream("GET", "/api/changes", timeout=20) as answer:
        stream = Stream(answer)
        stream.until("counter")
        clock.forward(hours=-1)
        tickets.take_ticket(centre, service="A", actor="test")
        stream.until("locked")
        assert hoa.post("/api/session/resume", json={"pin": PIN}).status_code == 200
        stream.until("counter")
        stream.close()


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_locked_page_shows_nothing_and_goes_on_where_it_was(
    centre: Centre, clock: Clock, page: Page, lang: str
) -> None:
    with served(centre) as address:
        enter(page, address, lang=lang)
        tickets.take_ticket(centre, service="A", actor="test")
        page.keyboard.press("Space")
        expect(page.locator("#number")).to_have_text("A001")
        clock.forward(minutes=16)
        calls.recall(centre, 1, clerk="hoa")
        clock.forward(minutes=16)
        tickets.take_ticket(centre, service="A", actor="test")
        lock = page.locator("#lock")
        expect(lock).to_be_visible()
        # No key reaches the counter, and Esc opens nothing.
        for key in ("Space", "Escape", "Escape", "x"):
            page.keyboard.press(key)
        expect(lock).to_be_visible()
        page.locator("#lock-pin").fill("000000")
        page.keyboard.press("Enter")
        expect(lock.locator(".alert")).not_to_be_empty()
        page.locator("#lock-pin").fill(PIN)
        page.keyboard.press("Enter")
        expect(lock).to_be_hidden()
        expect(page.locator("#number")).to_have_text("A001")
        page.keyboard.press("Space")
        expect(page.locator("#number")).to_have_text("A002")


def test_a_page_that_is_opened_while_it_is_locked_asks_for_the_pin(
    centre: Centre, clock: Clock, page: Page
) -> None:
    with served(centre) as address:
        enter(page, address)
        clock.forward(minutes=16)
        page.reload()
        expect(page.locator("#lock")).to_be_visible()
        page.locator("#lock-pin").fill(PIN)
        page.keyboard.press("Enter")
        expect(page.locator("#lock")).to_be_hidden()
        expect(page.locator("#next")).to_be_enabled()


def test_a_press_that_comes_too_late_asks_for_the_pin(
    centre: Centre, clock: Clock, page: Page
) -> None:
    """The page has not heard yet that it is locked."""
    page.add_init_script(MAY_BE_DEAF)
    with served(centre) as address:
        enter(page, address)
        page.evaluate("window.deaf = true")
        clock.forward(minutes=16)
        page.keyboard.press("Space")
        expect(page.locator("#lock")).to_be_visible()
        page.locator("#lock-leave").click()
        expect(page.locator("#login")).to_be_visible()
