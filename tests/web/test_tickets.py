from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import httpx
import pytest

from kiosk.dossiers import Dossier, Status
from kiosk.office.incoming import store_dossiers
from tests.web.serving import served, signed_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kiosk.office.centre import Centre
    from tests.hall import Clock


def take(client: httpx.Client, service: str = "A", **more: object) -> httpx.Response:
    return client.post("/api/tickets", json={"service": service, **more})


def test_a_ticket_is_given_without_sign_in_on_this_machine(hall: httpx.Client) -> None:
    answer = take(hall)
    assert answer.status_code == 201
    ticket = answer.json()
    assert ticket["number"] == "A001"
    assert ticket["service"] == "A"
    assert ticket["ahead"] == 0
    assert ticket["estimate_seconds"] is None
    assert len(ticket["id"]) == 12
    assert datetime.fromisoformat(ticket["issued_at"]).utcoffset() == timedelta(hours=7)


def test_a_known_request_gives_the_same_ticket_again(hall: httpx.Client) -> None:
    first = take(hall, request_id="tap-1").json()
    assert take(hall, request_id="tap-1").json()["id"] == first["id"]
    assert take(hall, request_id="tap-2").json()["number"] == "A002"


def test_a_ticket_tells_where_it_stands(hall: httpx.Client, hoa: httpx.Client) -> None:
    first, second = take(hall).json(), take(hall).json()
    assert hall.get(f"/api/tickets/{second['id'].lower()}").json()["ahead"] == 1
    hoa.post("/api/counters/1/next")
    called = hall.get(f"/api/tickets/{first['id']}").json()
    assert (called["state"], called["counter"], called["counters"]) == ("called", 1, [1])
    assert hall.get(f"/api/tickets/{second['id']}").json()["ahead"] == 0


def test_the_board_shows_calls_and_who_waits(hall: httpx.Client, hoa: httpx.Client) -> None:
    take(hall)
    take(hall)
    hoa.post("/api/counters/1/next")
    board = hall.get("/api/board").json()
    call = board["calls"][0]
    assert (call["number"], call["counter"], call["times"]) == ("A001", 1, 1)
    lines = {line["service"]: line for line in board["lines"]}
    assert lines["A"]["waiting"] == 1
    assert lines["A"]["open_counters"] == [1]
    assert lines["A"]["names"]["vi"] == "Chứng thực"


@pytest.mark.parametrize("wanted", ["A00000000000", "x", "A" * 12 + "B", "%00", "a%20b"])
def test_an_unknown_ticket_is_not_found(hall: httpx.Client, wanted: str) -> None:
    answer = hall.get(f"/api/tickets/{wanted}")
    assert answer.status_code == 404
    assert answer.json()["code"] == "no_such_ticket"


def test_refusals_say_why_with_the_right_status(hall: httpx.Client, clock: Clock) -> None:
    def told(answer: httpx.Response) -> tuple[int, str]:
        return answer.status_code, answer.json()["code"]

    assert told(take(hall, "Z")) == (404, "unknown_service")
    assert told(take(hall, "A", priority="Z")) == (404, "unknown_priority")
    assert [take(hall, "D").status_code for _ in range(2)] == [201, 201]
    assert told(take(hall, "D")) == (409, "limit_reached")
    clock.forward(hours=6)
    assert told(take(hall, "C")) == (409, "closed_hours")


def test_a_refusal_says_from_when_numbers_are_given_and_the_day_unless_it_is_today(
    hall: httpx.Client, clock: Clock
) -> None:
    def told(language: str) -> str:
        answer = hall.post(f"/api/tickets?lang={language}", json={"service": "C"})
        return str(answer.json()["message"])

    clock.forward(hours=-2)
    assert told("vi") == "Hiện ngoài giờ lấy số. Mời Ông/Bà lấy số từ 07:30."
    clock.forward(hours=8)
    assert told("vi") == "Hiện ngoài giờ lấy số. Mời Ông/Bà lấy số từ 07:30 thứ Ba, 24/11."
    assert told("en") == (
        "Numbers are not given at this hour. Please take one from 07:30 on Tuesday, 24/11."
    )


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'{"service": "A", "services": ["B"]}',
        b'{"service": 7}',
        b'{"service": ""}',
        b'{"service": "\\ud800"}',
        b'{"service": "A", "request_id": ""}',
        b'{"service": "A", "request_id": "a b"}',
        b'{"service": "A", "request_id": "a\\u0000"}',
        b'{"service": "' + b"A" * 99 + b'"}',
        b"[" * 5000,
        b'{"service": ' + b"9" * 5000 + b"}",
    ],
)
def test_malformed_orders_are_told_so(hall: httpx.Client, body: bytes) -> None:
    answer = hall.post("/api/tickets", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert answer.json().keys() == {"code", "message"}
    assert answer.json()["code"] == "malformed"


@pytest.mark.parametrize(
    ("path", "body", "told"),
    [
        ("tickets", b"", "must be JSON"),
        ("tickets", b"{", "must be JSON"),
        ("tickets", b"[]", "“body” must be a JSON object"),
        ("tickets", b'{"service": 7}', "“body.service” must be text"),
        ("tickets", b'{"service": ""}', "“body.service” must not be empty"),
        ("tickets", b'{"service": "' + b"A" * 33 + b'"}', "may have 32 characters at most"),
        ("tickets", b'{"services": "A"}', "“body.services” must be a list"),
        ("tickets", b'{"services": ["A","A","A","A","A","A","A","A","A"]}', "8 entries at most"),
        ("tickets", b'{"service": "A", "services": ["B"]}', "must begin with “service”"),
        ("counters/1/transfer", b'{"counter": 0}', "“body.counter” must be at least 1"),
        ("counters/1/transfer", b'{"counter": 10000}', "“body.counter” must be at most 9999"),
        ("counters/1/transfer", b'{"counter": "2"}', "“body.counter” must be a whole number"),
        ("counters/1/return", b'{"keep_place": 0}', "must be true or false"),
        ("appointments", b'{"service": "A"}', "“body.at” is missing"),
        ("appointments", b'{"service": "A", "at": "2026-11-23T09:30:00"}', "with its time zone"),
        ("appointments", b'{"service": "A", "at": "soon"}', "“body.at” must be a moment"),
        ("appointments", b'{"service": "A", "at": "1999-01-01T00:00:00Z"}', "2000 and 2100"),
    ],
)
def test_a_malformed_request_is_told_what_should_stand_there(
    hoa: httpx.Client, path: str, body: bytes, told: str
) -> None:
    headers = {"Content-Type": "application/json", "Accept-Language": "en"}
    answer = hoa.post(f"/api/{path}", content=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "malformed")
    assert told in answer.json()["message"]


@pytest.mark.parametrize(
    ("lang", "message"), [("vi", "Cần chọn dịch vụ."), ("en", "A service is needed.")]
)
def test_an_order_without_a_service_is_told_what_it_needs(
    hall: httpx.Client, lang: str, message: str
) -> None:
    for order in ({}, {"service": None}, {"services": []}, {"priority": "NCT", "request_id": "x"}):
        answer = hall.post("/api/tickets", json=order, headers={"Accept-Language": lang})
        assert answer.status_code == 422
        assert answer.json() == {"code": "service_needed", "message": message}
    assert all(not line["waiting"] for line in hall.get("/api/board").json()["lines"])


def test_a_body_that_is_not_called_json_is_malformed(hall: httpx.Client) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", ""):
        answer = hall.post(
            "/api/tickets", content=b'{"service": "A"}', headers={"Content-Type": kind}
        )
        assert (answer.status_code, answer.json()["code"]) == (422, "malformed")


def test_a_body_over_16_kb_is_refused(hall: httpx.Client) -> None:
    large = b'{"service": "A", "request_id": "' + b"x" * 20_000 + b'"}'
    json = {"Content-Type": "application/json"}
    announced = hall.post("/api/tickets", content=large, headers=json)
    streamed = hall.post("/api/tickets", content=iter([large[:9000], large[9000:]]), headers=json)
    for answer in (announced, streamed):
        assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_messages_come_in_the_asked_language(hall: httpx.Client) -> None:
    def message(lang: str = "", accept: str = "") -> str:
        path = f"/api/tickets/x{'?lang=' + lang if lang else ''}"
        return str(hall.get(path, headers={"Accept-Language": accept}).json()["message"])

    vietnamese, english = message("vi"), message("en")
    assert vietnamese != english
    assert message() == vietnamese
    assert message(accept="en-GB,en;q=0.9") == english
    assert message(accept="vi;q=0.4, en;q=0.5") == english
    assert message(accept="fr, de;q=0.9") == vietnamese
    assert message(accept="en;q=x, *;;;=,") == vietnamese
    assert message(lang="vi", accept="en") == vietnamese
    assert message(lang="../en") == vietnamese


def test_unknown_addresses_and_methods_answer_in_the_same_form(hall: httpx.Client) -> None:
    for answer, told in (
        (hall.get("/nothing"), (404, "no_such_page")),
        (hall.get("/static/clerk.js"), (404, "no_such_page")),
        (hall.get("/static/x/%2e%2e/pages.py"), (404, "no_such_page")),
        (hall.get("/static/x/..%2fpages.py"), (404, "no_such_page")),
        (hall.put("/api/tickets"), (405, "wrong_method")),
    ):
        assert (answer.status_code, answer.json()["code"]) == told


def test_an_answer_on_a_kept_connection_waits_for_no_acknowledgement(hall: httpx.Client) -> None:
    took = sorted(hall.get("/api/tickets/x").elapsed.total_seconds() for _ in range(21))
    assert took[10] < 0.03


def test_a_wrong_method_says_which_are_right(hall: httpx.Client) -> None:
    """RFC 9110, 15.5.6."""
    assert hall.put("/api/tickets").headers["Allow"] == "POST"


DOSSIER = "H15.50.05-261118-0007"


@pytest.fixture
def asking(centre: Centre) -> Iterator[str]:
    """The office with a service that needs a dossier, B; gives its address."""
    services = {**centre.services, "B": replace(centre.services["B"], ask="dossier-needed")}
    store_dossiers(centre, [Dossier(DOSSIER, Status.PROCESSING, "Khai sinh")], source="test")
    with served(replace(centre, services=services)) as address:
        yield address


def test_a_dossier_goes_onto_the_ticket_and_to_the_clerk(asking: str) -> None:
    with httpx.Client(base_url=asking) as client, signed_in(asking, "hoa", 1) as hoa:
        assert take(client, "B", dossier=f" {DOSSIER.lower()} ").status_code == 201
        assert hoa.post("/api/counters/1/next").json()["dossier"] == DOSSIER


def test_where_a_dossier_is_needed_none_or_an_unknown_one_is_refused(asking: str) -> None:
    with httpx.Client(base_url=asking) as client:
        for more, status, code in (
            ({}, 422, "dossier_needed"),
            ({"dossier": "H15.50.05-261118-9999"}, 404, "no_such_dossier"),
            ({"dossier": "<b>"}, 404, "no_such_dossier"),
            ({"dossier": ""}, 422, "malformed"),
            ({"dossier": "x" * 65}, 422, "malformed"),
        ):
            answer = take(client, "B", **more)
            assert (answer.status_code, answer.json()["code"]) == (status, code), more
        assert take(client, "A").json()["number"] == "A001"


def test_staff_who_are_signed_in_give_a_number_without_a_dossier(asking: str) -> None:
    with signed_in(asking, "hoa", 1) as hoa:
        assert take(hoa, "B").json()["number"] == "B001"
