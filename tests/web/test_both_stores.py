"""The hall over HTTP answers alike, whichever store is behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.hall import Clock, centre_of
from tests.web.serving import PIN, add_clerks, served, signed_in

if TYPE_CHECKING:
    from collections.abc import Iterator

NUL = "a\0b"


@pytest.fixture
def address(store_url: str, clock: Clock) -> Iterator[str]:
    centre = centre_of(store_url, clock)
    add_clerks(centre)
    with served(centre) as address:
        yield address
    centre.database.close()


def test_a_visit_from_the_ticket_to_its_end(address: str) -> None:
    with httpx.Client(base_url=address) as hall, signed_in(address, "hoa", 1) as hoa:
        taken = hall.post("/api/tickets", json={"service": "A", "request_id": "tap-1"})
        again = hall.post("/api/tickets", json={"service": "A", "request_id": "tap-1"})
        other = hall.post("/api/tickets", json={"service": "B", "request_id": "tap-1"})
        assert (other.status_code, other.json()["code"]) == (422, "request_differs")
        called = hoa.post("/api/counters/1/next", json={})
        board = hall.get("/api/board").json()
        finished = hoa.post("/api/counters/1/finish", json={})
        nobody = hoa.post("/api/counters/1/next", json={})

    assert [taken.status_code, called.status_code, nobody.status_code] == [201, 200, 204]
    assert again.json()["id"] == taken.json()["id"]
    assert (board["calls"][0]["number"], board["calls"][0]["counter"]) == ("A001", 1)
    assert finished.status_code == 200


def test_a_nul_in_any_text_is_refused_and_never_a_bug(address: str) -> None:
    with httpx.Client(base_url=address) as hall, signed_in(address, "hoa", 1) as hoa:

        def post(path: str, body: dict[str, Any]) -> int:
            return hoa.post(path, json=body).status_code

        statuses = {
            "service": post("/api/tickets", {"service": NUL}),
            "priority": post("/api/tickets", {"service": "A", "priority": NUL}),
            "request": post("/api/tickets", {"service": "A", "request_id": NUL}),
            "ticket": hall.get("/api/tickets/a%00b").status_code,
            "page": hall.get("/so/a%00b").status_code,
            "code": post("/api/dossiers/lookup", {"code": NUL}),
            "secret": post("/api/dossiers/lookup", {"code": "H15.50.05-1", "secret": NUL}),
            "clerk": hall.post(
                "/api/session", json={"clerk": NUL, "pin": PIN, "counter": 1}
            ).status_code,
            "pin": hall.post(
                "/api/session", json={"clerk": "minh", "pin": NUL, "counter": 1}
            ).status_code,
            "present": post("/api/counters/1/recall", {"ticket": NUL}),
            "transfer": post("/api/counters/1/transfer", {"service": NUL}),
            "resume": post("/api/counters/1/resume", {"ticket": NUL}),
        }

    assert {status // 100 for status in statuses.values()} == {4}, statuses
