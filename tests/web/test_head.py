"""HEAD where GET is, and a 405 that names every method of its address."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from fastapi.routing import APIRoute

from kiosk.web.app import create_app
from kiosk.web.guard import HEADERS

if TYPE_CHECKING:
    import httpx

    from kiosk.office.centre import Centre

STREAMS = ("/api/changes", "/api/counters/1/display")


def filled(path: str) -> str:
    for name, value in (("n", "1"), ("code", "A"), ("counter", "1"), ("name:path", "kiosk.css")):
        path = path.replace(f"{{{name}}}", value)
    return path


def test_every_get_but_a_stream_is_answered_to_head_without_its_body(
    centre: Centre, hoa: httpx.Client
) -> None:
    seen = 0
    for route in create_app(centre).routes:
        path = filled(getattr(route, "path", ""))
        if "GET" not in (getattr(route, "methods", None) or ()) or path in STREAMS:
            continue
        seen += 1
        got, head = hoa.get(path), hoa.head(path)
        assert (head.status_code, head.content) == (got.status_code, b""), path
        changing = {"content-length", "date", "etag", "set-cookie"}
        assert {name: value for name, value in head.headers.items() if name not in changing} == {
            name: value for name, value in got.headers.items() if name not in changing
        }, path
        # One that says more stands beside them; of two both count.
        for name, value in HEADERS.items():
            assert value in head.headers.get_list(name), path
    assert seen > 20


def test_head_tells_the_length_and_the_connection_goes_on(hall: httpx.Client) -> None:
    for _ in range(3):
        head = hall.head("/api/board")
        assert head.headers["content-length"] == str(len(hall.get("/api/board").content))
    assert hall.head("/nowhere").status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("HEAD", "/api/changes", "GET"),
        ("HEAD", "/api/counters/1/display", "GET"),
        ("HEAD", "/api/tickets", "POST"),
        ("PUT", "/api/session", "DELETE, POST"),
        ("POST", "/healthz", "GET, HEAD"),
        ("DELETE", "/api/tickets/K7M2P4QX3R5T", "GET, HEAD"),
        ("POST", "/api/openapi.json", "GET, HEAD"),
    ],
)
def test_a_405_names_all_methods_of_its_address(
    hall: httpx.Client, method: str, path: str, allowed: str
) -> None:
    answer = hall.request(method, path)
    assert (answer.status_code, answer.headers["Allow"]) == (405, allowed)


def test_the_description_of_the_calls_tells_no_head(centre: Centre, hall: httpx.Client) -> None:
    described = hall.get("/api/openapi.json").json()["paths"]
    assert not any("head" in methods for methods in described.values())
    gets = {r.path for r in create_app(centre).routes if isinstance(r, APIRoute)}
    assert set(described) <= gets
