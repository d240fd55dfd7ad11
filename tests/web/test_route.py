"""Direct routes read what FastAPI would, and refuse in its words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import pytest
from fastapi import APIRouter, Header, Response

from kiosk.web.app import create_app
from kiosk.web.route import Direct

if TYPE_CHECKING:
    import httpx

    from kiosk.office.centre import Centre


@pytest.mark.parametrize(
    ("body", "media"),
    [
        (b"", "application/json"),
        (b"{", "application/json"),
        (b"[]", "application/json"),
        (b"\xff\xfe", "application/json"),
        (b'{"service": 7}', "application/json"),
        (b'{"service": "A"}', "text/plain"),
        (b"service=A", "application/x-www-form-urlencoded"),
    ],
)
def test_a_body_that_is_no_order_is_malformed_and_gives_no_number(
    hall: httpx.Client, body: bytes, media: str
) -> None:
    answer = hall.post("/api/tickets", content=body, headers={"Content-Type": media})
    assert (answer.status_code, answer.json()["code"]) == (422, "malformed")
    assert "body" in answer.json()["message"]
    assert hall.post("/api/tickets", json={"service": "A"}).json()["number"] == "A001"


@pytest.mark.parametrize(
    "media", ["application/json", "Application/JSON; charset=utf-8", "application/merge-patch+json"]
)
def test_json_is_read_by_any_of_its_names(hall: httpx.Client, media: str) -> None:
    answer = hall.post("/api/tickets", content=b'{"service": "A"}', headers={"Content-Type": media})
    assert answer.status_code == 201


def test_a_call_without_a_body_is_one_without_wishes(hall: httpx.Client, hoa: httpx.Client) -> None:
    hall.post("/api/tickets", json={"service": "A"})
    assert hoa.post("/api/counters/1/next").json()["number"] == "A001"
    assert hoa.post("/api/counters/1/finish", content=b"null").json()["state"] == "finished"


def test_who_may_not_call_is_refused_before_the_body_is_looked_at(hall: httpx.Client) -> None:
    answer = hall.post("/api/counters/1/next", content=b"{")
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")


def test_a_counter_that_is_no_number_is_malformed(hoa: httpx.Client) -> None:
    answer = hoa.post("/api/counters/zero/next")
    assert (answer.status_code, answer.json()["code"]) == (422, "malformed")
    assert "path.n" in answer.json()["message"]


def test_the_busiest_calls_are_direct(centre: Centre) -> None:
    direct = {route.path for route in create_app(centre).routes if isinstance(route, Direct)}
    assert {"/api/tickets", "/api/counters/{n}/next"} <= direct


def test_an_endpoint_that_takes_anything_else_is_refused_when_it_is_made() -> None:
    router = APIRouter(route_class=Direct)

    async def with_a_query(page: int) -> Response:
        return Response(str(page))

    async def with_a_header(lang: Annotated[str, Header()]) -> Response:
        return Response(lang)

    for endpoint in (with_a_query, with_a_header):
        with pytest.raises(TypeError, match="does not give"):
            router.get("/")(endpoint)
