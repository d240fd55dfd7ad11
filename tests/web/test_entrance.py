"""The sign-in where its script has not come yet: a clerk may be quicker than the network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.web.serving import PIN, served, signed_in

if TYPE_CHECKING:
    import httpx
    from playwright.sync_api import Page

    from kiosk.office.centre import Centre


@pytest.fixture
def centre(live: Centre) -> Centre:
    return live


def send(client: httpx.Client, lang: str = "vi", **form: str) -> httpx.Response:
    return client.post("/clerk", params={"lang": lang}, data=form)


RIGHT = {"clerk": "hoa", "pin": PIN, "counter": "1"}


@pytest.mark.parametrize(
    ("lang", "wrong"),
    [
        ("vi", "Tên đăng nhập hoặc mã PIN, mật khẩu không đúng."),
        ("en", "The login, or the PIN or password, is not right."),
    ],
)
def test_who_is_quicker_than_the_script_is_signed_in(
    centre: Centre, page: Page, lang: str, wrong: str
) -> None:
    page.route("**/sign_in.js*", lambda route: route.abort())
    with served(centre) as address:
        page.goto(f"{address}/clerk?lang={lang}")
        page.locator("#login").fill("hoa")
        page.locator("#pin").fill("000000")
        page.locator("#counter").select_option("1")
        page.keyboard.press("Enter")
        expect(page.locator("#alert")).to_have_text(wrong)
        expect(page.locator("#login")).to_have_value("hoa")
        expect(page.locator("#counter")).to_have_value("1")
        expect(page.locator("#pin")).to_have_value("")
        expect(page.locator("#pin")).to_be_focused()
        page.keyboard.type(PIN)
        page.keyboard.press("Enter")
        expect(page.locator("#link")).to_have_attribute("data-state", "live")
        expect(page.locator("html")).to_have_attribute("lang", lang)


def test_the_bare_form_gives_the_same_guarded_cookie(hall: httpx.Client) -> None:
    answer = send(hall, **RIGHT)
    assert (answer.status_code, answer.headers["location"]) == (303, "/clerk?lang=vi")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert hall.get("/api/board").json()["lines"][0]["open_counters"] == [1]


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"pin": "000000"}, 401),
        ({"counter": "9"}, 404),
        ({"counter": "2"}, 409),
        ({"counter": "eins"}, 422),
        ({"counter": "9" * 5000}, 422),
        ({"counter": ""}, 422),
        ({"clerk": " "}, 422),
        ({"role": "chief"}, 422),
    ],
)
def test_what_fits_not_is_told_on_the_page(
    hall: httpx.Client, changed: dict[str, str], status: int
) -> None:
    with signed_in(str(hall.base_url), "minh", 2):
        answer = send(hall, **RIGHT | changed)
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")
    assert 'role="alert">' in answer.text
    assert 'role="alert"></p>' not in answer.text
    assert "set-cookie" not in answer.headers
    assert PIN not in answer.text


def test_markup_in_what_was_typed_stays_text(hall: httpx.Client) -> None:
    answer = send(hall, **RIGHT | {"clerk": '"><script>alert(1)</script>'})
    assert answer.status_code == 401
    assert "<script>alert" not in answer.text


def test_bytes_that_are_no_text_are_told_too(hall: httpx.Client) -> None:
    answer = hall.post("/clerk", content=b"clerk=%ff\xff&pin=1&counter=1")
    assert answer.status_code == 401


def test_guessing_by_the_bare_form_is_slowed_down_as_well(hall: httpx.Client) -> None:
    statuses = [send(hall, **RIGHT | {"pin": f"00000{n}"}).status_code for n in range(7)]
    assert statuses == [401] * 5 + [429] * 2


def test_another_site_signs_nobody_in(hall: httpx.Client) -> None:
    for header in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "http://elsewhere.example"}):
        answer = hall.post("/clerk", data=RIGHT, headers=header)
        assert answer.status_code == 403
        assert "set-cookie" not in answer.headers
    assert hall.get("/api/board").json()["lines"][0]["open_counters"] == []


def test_the_form_of_a_second_tab_takes_nobody_s_session_away(hall: httpx.Client) -> None:
    assert send(hall, **RIGHT).status_code == 303
    answer = send(hall, clerk="minh", pin=PIN, counter="2")
    assert answer.status_code == 403
    assert hall.get("/api/board").json()["lines"][0]["open_counters"] == [1]
