"""What programs of the staff are told of the office."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import httpx

from kiosk.office.direction import set_services
from kiosk.tickets import Outcome, Reason
from tests.web.serving import served, signed_in

if TYPE_CHECKING:
    from kiosk.office.centre import Centre


def test_the_office_is_told_with_its_names_and_what_its_counters_take_now(centre: Centre) -> None:
    known = replace(
        centre,
        names={"en": "One-stop shop"},
        outcomes={"signed": Outcome("signed", {"vi": "Đã ký", "en": "Signed"})},
        reasons=(Reason("lunch", {"vi": "Nghỉ trưa", "en": "Lunch"}, "pause"),),
    )
    set_services(known, 2, ["F"], by="lead")
    with served(known) as address, httpx.Client(base_url=address) as client:
        told = client.get("/api/office").json()

    assert told["names"] == {"vi": "Trung tâm Phục vụ hành chính công", "en": "One-stop shop"}
    assert told["languages"] == ["vi", "en"]
    assert told["services"][0] == {
        "code": "A",
        "names": {"vi": "Chứng thực", "en": "Chứng thực (en)"},
    }
    assert {"number": 1, "services": ["A", "B"]} in told["counters"]
    assert {"number": 2, "services": ["F"]} in told["counters"]
    assert told["outcomes"] == [{"code": "signed", "names": {"vi": "Đã ký", "en": "Signed"}}]
    assert told["reasons"] == [
        {"code": "lunch", "names": {"vi": "Nghỉ trưa", "en": "Lunch"}, "kind": "pause"}
    ]


def test_a_stranger_is_told_nothing_of_the_office(address: str) -> None:
    with httpx.Client(base_url=address, headers={"X-Forwarded-For": "10.0.0.9"}) as stranger:
        answer = stranger.get("/api/office")

    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")


def test_who_signs_in_is_told_by_which_name(address: str) -> None:
    with signed_in(address, "hoa", 1) as clerk:
        answer = clerk.post(
            "/api/session", json={"clerk": "hoa", "pin": "246810", "counter": 1}
        ).json()

    assert answer["name"] == "Lê Thị Hoa"
