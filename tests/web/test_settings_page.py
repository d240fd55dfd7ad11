"""The settings in a browser: changed by field and as a whole, applied at once, and told."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING

import httpx
import pytest
from playwright.sync_api import Page, expect

from kiosk.config import load
from kiosk.health import Health
from kiosk.office import clerks
from kiosk.office.centre import centre_on, open_centre
from kiosk.renewal import Renewal
from kiosk.rights import StaffRole
from kiosk.web.current import Current
from tests.test_settings import SHIPPED
from tests.waiting import until
from tests.web.browsing import paged
from tests.web.serving import PIN, served, signed_in
from tests.web.test_access import told
from tests.web.test_clerk_page import enter
from tests.web.test_hall_page import enter_hall

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

    from kiosk.config import Config


@pytest.fixture
def current(tmp_path: Path) -> Iterator[Current]:
    """The shipped office, whose file is followed as the web's process does."""
    path = tmp_path / "kiosk.toml"
    path.write_bytes(SHIPPED.read_bytes())
    config = load(path)
    centre = open_centre(config)
    clerks.add_clerk(centre, "hoa", "Lê Thị Hoa", PIN)
    clerks.add_clerk(centre, "trang", "Trần Thu Trang", PIN, StaffRole.SUPERVISOR)
    current = Current(centre, config)

    def exchange(config: Config) -> None:
        current.exchange(centre_on(config, centre.database), config)

    with Renewal(config, exchange, Health(centre)):
        yield current
    centre.database.close()


@pytest.fixture
def address(current: Current) -> Iterator[str]:
    with served(current) as address:
        yield address


@pytest.fixture
def boss(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address) as client:
        answer = client.post("/api/session", json={"clerk": "trang", "pin": PIN})
        client.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
        yield client


def trail(current: Current) -> list[dict[str, object]]:
    with current.centre.database.read() as query:
        rows = query.all("SELECT details FROM event WHERE kind = 'settings.changed' ORDER BY seq")
    return [json.loads(row["details"]) for row in rows]


def test_a_setting_is_changed_told_and_in_use_at_once(current: Current, boss: httpx.Client) -> None:
    digest = boss.get("/api/settings").json()["digest"]
    body = {"digest": digest, "wishes": [{"key": "service[A].daily_limit", "value": 1}]}
    answer = boss.post("/api/settings", json={**body, "dry": True})
    assert answer.json()["changes"] == [{"key": "service[A].daily_limit", "old": None, "new": 1}]
    assert trail(current) == []
    assert boss.post("/api/settings", json=body).status_code == 200
    until(lambda: current.centre.services["A"].daily_limit == 1)
    assert boss.post("/api/tickets", json={"service": "A"}).status_code == 201
    assert told(boss.post("/api/tickets", json={"service": "A"})) == (409, "limit_reached")
    assert trail(current) == [
        {"key": "service[A].daily_limit", "old": None, "new": 1, "kiosk": "kiosk-1"}
    ]
    assert told(boss.post("/api/settings", json=body)) == (409, "settings_changed")


def test_what_is_wrong_is_told_and_changes_nothing(current: Current, boss: httpx.Client) -> None:
    opened = boss.get("/api/settings").json()
    for body in (
        {"wishes": [{"key": "queue.late_minutes", "value": -1}]},
        {"text": "[office"},
        {"text": opened["text"].replace('name = "kiosk-1"', 'name = "no good name"')},
    ):
        answer = boss.post("/api/settings", json={"digest": opened["digest"], **body})
        assert told(answer) == (422, "settings_wrong")
    for key, code in (("...", "no_such_setting"), ("[a].b.c", "no_such_setting")):
        body = {"digest": opened["digest"], "wishes": [{"key": key, "value": 1}]}
        assert told(boss.post("/api/settings", json=body)) == (422, code)
    away = [{"key": "web.plain_http", "value": True}, {"key": "web.host", "value": "10.99.99.99"}]
    answer = boss.post("/api/settings", json={"digest": opened["digest"], "wishes": away})
    assert told(answer) == (503, "bad_address")
    served = boss.base_url.port
    for wishes, wrong in (
        ({"host": "10.99.99.99", "plain_http": True}, (503, "bad_address")),
        ({"port": served}, (503, "port_in_use")),
        ({"port": 8080}, (422, "settings_wrong")),
        ({"host": "0.0.0.0"}, (422, "settings_wrong")),
    ):
        keys = {"enabled": True, **wishes}
        public = [{"key": f"public.{key}", "value": value} for key, value in keys.items()]
        answer = boss.post("/api/settings", json={"digest": opened["digest"], "wishes": public})
        assert told(answer) == wrong
    nowhere = [{"key": "store.url", "value": "postgresql://kiosk@127.0.0.1:1/kiosk"}]
    answer = boss.post("/api/settings", json={"digest": opened["digest"], "wishes": nowhere})
    assert told(answer) == (503, "store_unreachable")
    answer = boss.post("/api/settings", json={"digest": "0" * 63, "wishes": []})
    assert told(answer) == (422, "malformed")
    assert boss.get("/api/settings").json()["digest"] == opened["digest"]
    assert trail(current) == []
    large = {"digest": opened["digest"], "text": "#" * 600_000}
    assert told(boss.post("/api/settings", json=large)) == (413, "too_large")


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_fields_are_saved_and_the_clerks_page_follows(
    current: Current, browser: Browser, page: Page, address: str, lang: str
) -> None:
    with paged(browser) as desk:
        enter(desk, address, 6, lang)
        enter_hall(page, address, lang=lang)
        page.goto(f"{address}/settings?lang={lang}")
        card = page.locator("#part-service-A")
        card.locator("summary").click()
        name = card.locator(f"[data-key='service[A].name.{lang}'] input")
        expect(name).not_to_have_value("")
        expect(card.locator("[type=submit]")).to_be_disabled()
        name.fill("Sao y bản chính")
        card.locator("[type=submit]").click()
        expect(card.locator(".saved")).to_be_visible()
        expect(desk.locator(".bar .services")).to_have_text("Sao y bản chính")
        expect(desk.locator("#link")).to_have_attribute("data-state", "live")
    assert [(one["key"], one["new"]) for one in trail(current)] == [
        (f"service[A].name.{lang}", "Sao y bản chính")
    ]


def test_a_mistake_is_told_in_its_card_by_the_fields_own_name(page: Page, address: str) -> None:
    enter_hall(page, address)
    page.goto(f"{address}/settings")
    card = page.locator("#part-queue")
    card.locator("summary").click()
    field = card.locator("[data-key='queue.undo_seconds'] input")
    field.fill("9999")
    card.locator("[type=submit]").click()
    expect(card.locator(".alert")).to_contain_text("Được bỏ việc vừa làm trong (giây):")
    expect(field).to_have_value("9999")


def test_the_whole_file_is_checked_before_it_is_saved(
    current: Current, page: Page, address: str
) -> None:
    enter_hall(page, address)
    page.goto(f"{address}/settings")
    page.locator("#whole summary").click()
    text = page.locator("#text")
    expect(text).not_to_have_value("")
    whole = text.input_value()
    text.fill(whole.replace("undo_seconds = 10", "undo_seconds = ten"))
    page.locator("#check").click()
    expect(page.locator("#whole .alert")).not_to_be_empty()
    text.fill(whole.replace("undo_seconds = 10", "undo_seconds = 20"))
    page.locator("#check").click()
    expect(page.locator("#changes li")).to_have_text("queue.undo_seconds: 10 → 20")
    page.locator("#whole-form [type=submit]").click()
    expect(page.locator("#whole .saved")).to_be_visible()
    until(lambda: current.centre.queue.undo.total_seconds() == 20)


def test_what_is_in_hand_elsewhere_on_the_page_outlives_a_saved_card(
    current: Current, page: Page, address: str
) -> None:
    enter_hall(page, address)
    page.goto(f"{address}/settings")
    page.locator("#whole summary").click()
    text = page.locator("#text")
    expect(text).not_to_have_value("")
    mine = text.input_value().replace("undo_seconds = 10", "undo_seconds = 30")
    text.fill(mine)
    other = page.locator("#part-service-A [data-key='service[A].name.vi'] input")
    page.locator("#part-service-A summary").click()
    other.fill("Sao y bản chính")
    card = page.locator("#part-queue")
    card.locator("summary").click()
    card.locator("[data-key='queue.undo_seconds'] input").fill("20")
    card.locator("[type=submit]").click()
    expect(card.locator(".saved")).to_be_visible()
    until(lambda: current.centre.queue.undo.total_seconds() == 20)
    expect(other).to_have_value("Sao y bản chính")
    expect(text).to_have_value(mine)
    page.locator("#whole-form [type=submit]").click()
    expect(page.locator("#whole .alert")).to_contain_text("Có người vừa đổi cài đặt")
    assert current.centre.queue.undo.total_seconds() == 20
    expect(text).to_have_value(mine)


def test_a_page_in_whose_dialog_somebody_works_is_not_loaded_again_under_the_hands(
    current: Current, boss: httpx.Client, page: Page, address: str
) -> None:
    enter(page, address, 6)
    page.keyboard.press("n")
    page.locator("#call-number").fill("A0")
    digest = boss.get("/api/settings").json()["digest"]
    wishes = [{"key": "service[A].name.vi", "value": "Sao y"}]
    assert boss.post("/api/settings", json={"digest": digest, "wishes": wishes}).status_code == 200
    until(lambda: current.centre.services["A"].names["vi"] == "Sao y")
    boss.post("/api/tickets", json={"service": "A"})
    expect(page.locator("#waiting-total")).to_have_text("1")
    expect(page.locator("#call-number")).to_have_value("A0")
    page.keyboard.press("Escape")
    boss.post("/api/tickets", json={"service": "A"})
    expect(page.locator(".bar .services")).to_have_text("Sao y")


def test_a_clerk_may_not_change_settings(address: str) -> None:
    with signed_in(address, "hoa", 6) as hoa:
        assert told(hoa.get("/api/settings")) == (403, "not_allowed")


def test_a_counter_that_the_file_has_no_longer_is_told_so_to_its_clerk(
    current: Current, address: str
) -> None:
    assert current.config is not None
    path = current.config.path
    with signed_in(address, "hoa", 1) as hoa:
        before = path.read_text()
        path.write_text(before.replace("[[counter]]\nnumber = 1\n", "[[counter]]\nnumber = 91\n"))
        until(lambda: 1 not in current.centre.counters)
        answer = hoa.post("/api/counters/1/next")
        assert told(answer) == (404, "unknown_counter")
        assert "1" in answer.json()["message"]
        path.write_text(before)
        until(lambda: 1 in current.centre.counters)
        assert hoa.post("/api/counters/1/next").status_code == 204


def test_a_file_changed_by_hand_is_in_use_and_a_spoilt_one_is_not(current: Current) -> None:
    assert current.config is not None
    path, changed = current.config.path, threading.Event()
    current.changed = changed.set
    path.write_text(path.read_text().replace("late_minutes = 60", "late_minutes = nonsense"))
    assert not changed.wait(1.5)
    assert current.centre.queue.late.total_seconds() == 3600
    path.write_text(path.read_text().replace("late_minutes = nonsense", "late_minutes = 5"))
    assert changed.wait(10)
    assert current.centre.queue.late.total_seconds() == 300
