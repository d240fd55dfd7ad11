"""The procedures over the network: found as one types, told whole, limited for strangers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kiosk.office.procedures import store_procedures
from tests.office.test_procedures import CATALOGUE, WHOLE

if TYPE_CHECKING:
    import httpx

    from kiosk.office.centre import Centre


@pytest.fixture(autouse=True)
def posted(centre: Centre) -> None:
    store_procedures(centre, [(one, WHOLE) for one in CATALOGUE], source="test")


def test_what_is_typed_finds_procedures_and_tells_the_fields(hall: httpx.Client) -> None:
    found = hall.get("/api/procedures", params={"q": "ket hon"}).json()

    assert found["total"] == 3
    assert found["procedures"][0] == {
        "code": "1.000894",
        "name": "Đăng ký kết hôn",
        "field": "Hộ tịch",
    }
    assert {"name": "Hộ tịch", "count": 3} in found["fields"]


def test_a_field_lists_its_procedures_page_by_page(hall: httpx.Client) -> None:
    pages = [
        hall.get("/api/procedures", params={"field": "ho tich", "limit": 2, "offset": offset})
        for offset in (0, 2)
    ]

    assert [len(page.json()["procedures"]) for page in pages] == [2, 1]
    assert hall.get("/api/procedures").json()["total"] == len(CATALOGUE)


def test_one_is_told_whole_with_the_service_of_its_number(hall: httpx.Client) -> None:
    told = hall.get("/api/procedures/1.000894").json()

    assert told["service"] == "B"
    assert told["documents"][0]["form"] == "https://example.vn/to-khai"
    assert told["channels"][0]["term_unit"] == "working_days"
    assert told["checked_on"] == "2026-10-01"
    assert hall.get("/api/procedures/c08_xphcdb").json()["service"] is None


def test_what_is_not_there_or_no_question_is_told_so(hall: httpx.Client) -> None:
    missing = hall.get("/api/procedures/9.999999", params={"lang": "en"})

    assert (missing.status_code, missing.json()["code"]) == (404, "no_such_procedure")
    assert missing.json()["message"] == "There is no such procedure in the catalogue."
    for bad in ({"limit": 0}, {"offset": -1}, {"q": "a" * 201}, {"limit": "x"}):
        assert hall.get("/api/procedures", params=bad).status_code == 422
    assert hall.get("/api/procedures", params={"q": '" OR *'}).json()["total"] == 0
    assert hall.get("/api/procedures", params={"q": "\0"}).status_code in (200, 422)


def test_strangers_cannot_ask_without_end_and_this_machine_can(
    hall: httpx.Client, hoa: httpx.Client
) -> None:
    hoa.headers["X-Forwarded-For"] = "203.0.113.7"
    asked = [hoa.get("/api/procedures/1.000894").status_code for _ in range(302)]

    assert asked == [200] * 300 + [429] * 2
    assert {hall.get("/api/procedures/1.000894").status_code for _ in range(310)} == {200}
