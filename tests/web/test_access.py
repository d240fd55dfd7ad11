from __future__ import annotations

import logging
import sqlite3
from collections import Counter
from dataclasses import replace
from datetime import datetime
from http.cookies import SimpleCookie
from typing import TYPE_CHECKING

import httpx
import pytest
from fastapi import Request

from kiosk.database.sqlite import Sqlite
from kiosk.errors import Unavailable
from kiosk.office import clerks, jobs, tickets
from kiosk.web.access import is_here
from kiosk.web.server import serve
from kiosk.web.sockets import listen
from tests.web.serving import PIN, burst, served, signed_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kiosk.office.centre import Centre
    from tests.hall import Clock


def told(answer: httpx.Response) -> tuple[int, str]:
    assert answer.json().keys() == {"code", "message"}
    assert answer.json()["message"]
    return answer.status_code, answer.json()["code"]


def enter(client: httpx.Client, clerk: str = "hoa", pin: str = PIN, counter: int = 1):
    return client.post("/api/session", json={"clerk": clerk, "pin": pin, "counter": counter})


def test_signing_in_opens_the_counter_and_gives_a_guarded_cookie(hall: httpx.Client) -> None:
    answer = enter(hall)
    assert answer.status_code == 200
    assert len(answer.json()["csrf_token"]) >= 32
    cookie = SimpleCookie(answer.headers["set-cookie"])["kiosk_session"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "strict", "/")
    assert not cookie["secure"]
    assert len(cookie.value) >= 32
    assert hall.get("/api/board").json()["lines"][0]["open_counters"] == [1]


def test_a_sign_in_that_fits_not_is_refused(hall: httpx.Client, minh: httpx.Client) -> None:
    assert told(enter(hall, pin="000000")) == (401, "wrong_pin")
    assert told(enter(hall, clerk="nobody")) == (401, "wrong_pin")
    assert told(enter(hall, clerk="' OR 1=1 --")) == (401, "wrong_pin")
    assert told(enter(hall, counter=9)) == (404, "unknown_counter")
    assert told(enter(hall, counter=2)) == (409, "counter_taken")
    assert told(hall.post("/api/session", json={"clerk": "hoa"})) == (422, "malformed")
    assert "set-cookie" not in enter(hall, pin="000000").headers


def test_guessing_pins_is_slowed_down(hall: httpx.Client) -> None:
    answers = [told(enter(hall, pin=f"00000{n}")) for n in range(7)]
    assert (429, "too_many_tries") in answers
    assert int(enter(hall).headers["retry-after"]) >= 1


def test_guessing_logins_is_slowed_down_too(hall: httpx.Client) -> None:
    answers = {told(enter(hall, clerk=f"clerk{n}")) for n in range(32)}
    assert answers == {(401, "wrong_pin"), (429, "too_many_tries")}


def test_a_login_that_exists_is_slowed_down_as_one_that_does_not(
    centre: Centre, hall: httpx.Client
) -> None:
    clerks.add_clerk(centre, "gone", "Lê Văn Tám", PIN)
    clerks.disable_clerk(centre, "gone")
    answers = {
        login: [enter(hall, login, pin="000000") for _ in range(7)]
        for login in ("hoa", "gone", "nobody")
    }
    seen = {login: [(a.status_code, a.content) for a in got] for login, got in answers.items()}
    assert seen["hoa"] == seen["gone"] == seen["nobody"]
    assert [status for status, _ in seen["hoa"]] == [401] * 5 + [429] * 2


def test_a_sign_in_that_succeeds_clears_the_wrong_ones(hall: httpx.Client) -> None:
    for _ in range(3):
        assert [enter(hall, pin="000000").status_code for _ in range(4)] == [401] * 4
        assert enter(hall).status_code == 200
        hall.cookies.clear()


def test_only_wrong_pins_use_up_tries(hall: httpx.Client, minh: httpx.Client) -> None:
    for _ in range(20):
        assert told(enter(hall, counter=9)) == (404, "unknown_counter")
        assert told(enter(hall, counter=2)) == (409, "counter_taken")
    assert enter(hall).status_code == 200


def test_a_burst_of_sign_ins_gets_no_further_than_one_after_the_other(address: str) -> None:
    wrong = {"pin": "000000", "counter": 1}
    statuses = burst(address, "/api/session", [{"clerk": f"c{n}", **wrong} for n in range(80)])
    assert Counter(statuses) == {401: 30, 429: 50}


def test_each_address_behind_a_proxy_has_tries_of_its_own(
    centre: Centre, hall: httpx.Client
) -> None:
    clerks.set_pin(centre, "hoa", "hai con mèo vàng")
    first, second = ({"X-Forwarded-For": f"203.0.113.{n}"} for n in (7, 8))
    for n in range(30):
        body = {"clerk": f"clerk{n}", "pin": "một con mèo", "counter": 1}
        assert hall.post("/api/session", json=body, headers=first).status_code == 401
    right = {"clerk": "hoa", "pin": "hai con mèo vàng", "counter": 1}
    assert told(hall.post("/api/session", json=right, headers=first)) == (429, "too_many_tries")
    assert hall.post("/api/session", json=right, headers=second).status_code == 200


def test_counters_are_moved_by_their_own_clerk_only(hall: httpx.Client, hoa: httpx.Client) -> None:
    assert told(hall.post("/api/counters/1/next")) == (401, "not_signed_in")
    assert told(hoa.post("/api/counters/2/next")) == (403, "other_counter")
    assert told(hoa.post("/api/counters/77/next")) == (403, "other_counter")


@pytest.mark.parametrize("token", ["x", "", "A" * 43, "'; DROP TABLE staff_session; --", "%00"])
def test_a_forged_cookie_opens_nothing(address: str, hoa: httpx.Client, token: str) -> None:
    headers = {"Cookie": f'kiosk_session="{token}"', "X-CSRF-Token": hoa.headers["X-CSRF-Token"]}
    with httpx.Client(base_url=address, headers=headers) as forger:
        assert told(forger.post("/api/counters/1/next")) == (401, "not_signed_in")
        assert told(forger.delete("/api/session")) == (401, "not_signed_in")


def test_an_unsafe_call_with_a_cookie_needs_the_token(hoa: httpx.Client) -> None:
    right = hoa.headers.pop("X-CSRF-Token")
    for wrong in ({}, {"X-CSRF-Token": ""}, {"X-CSRF-Token": right[:-1] + "é"}):
        for path, body in (
            ("/api/counters/1/next", {}),
            ("/api/tickets", {"service": "A"}),
            ("/api/dossiers/lookup", {"code": "H29-1"}),
        ):
            answer = hoa.post(path, json=body, headers={k: v.encode() for k, v in wrong.items()})
            assert told(answer) == (403, "wrong_csrf_token")
        answer = hoa.delete("/api/session", headers={k: v.encode() for k, v in wrong.items()})
        assert told(answer) == (403, "wrong_csrf_token")
    assert hoa.get("/api/board").status_code == 200


def test_another_site_cannot_act_through_a_browser_of_this_machine(hall: httpx.Client) -> None:
    for site in ("cross-site", "same-site"):
        answer = hall.post("/api/tickets", json={"service": "A"}, headers={"Sec-Fetch-Site": site})
        assert told(answer) == (403, "other_site")


def test_with_a_cookie_a_page_of_elsewhere_is_told_by_its_origin_too(hoa: httpx.Client) -> None:
    origins = ("http://elsewhere.example", "null", "https://127.0.0.1", "http://127.0.0.1:1")
    for origin in origins:
        answer = hoa.post("/api/counters/1/next", headers={"Origin": origin})
        assert told(answer) == (403, "other_site"), origin
    own = str(hoa.base_url).rstrip("/")
    assert hoa.post("/api/counters/1/next", headers={"Origin": own}).status_code == 204


def test_a_call_without_cookie_needs_neither_token_nor_origin(hall: httpx.Client) -> None:
    answer = hall.post(
        "/api/tickets", json={"service": "A"}, headers={"Origin": "http://elsewhere.example"}
    )
    assert answer.status_code == 201


def test_signing_out_closes_the_counter(hall: httpx.Client, hoa: httpx.Client) -> None:
    token = hoa.cookies["kiosk_session"]
    assert hoa.delete("/api/session").status_code == 200
    assert "kiosk_session" not in hoa.cookies
    hoa.cookies.set("kiosk_session", token)
    assert told(hoa.post("/api/counters/1/next")) == (401, "not_signed_in")
    assert hall.get("/api/board").json()["lines"][0]["open_counters"] == []


def test_a_new_session_ends_the_one_before(address: str, hoa: httpx.Client) -> None:
    with signed_in(address, "hoa", 2) as again:
        assert again.post("/api/counters/2/next").status_code == 204
        assert told(hoa.post("/api/counters/1/next")) == (401, "not_signed_in")


def test_a_dead_cookie_does_not_keep_from_signing_in(hall: httpx.Client) -> None:
    hall.cookies.set("kiosk_session", "gone")
    assert enter(hall).status_code == 200


def test_a_disabled_clerk_is_out_at_once(centre: Centre, hoa: httpx.Client) -> None:
    clerks.disable_clerk(centre, "hoa")
    assert told(hoa.post("/api/counters/1/next")) == (401, "not_signed_in")


CALLS = (
    ("POST", "/api/tickets", {"service": "A"}),
    ("GET", "/api/tickets/A00000000000", None),
    ("GET", "/api/board", None),
    ("GET", "/api/changes", None),
    ("POST", "/api/dossiers/lookup", {"code": "H29-1"}),
    ("GET", "/healthz", None),
    ("GET", "/metrics", None),
)


@pytest.mark.parametrize(("method", "path", "body"), CALLS)
def test_a_page_whose_name_was_pointed_here_counts_as_elsewhere(
    hall: httpx.Client, method: str, path: str, body: object
) -> None:
    answer = hall.request(method, path, json=body, headers={"Host": "rebound.example:8080"})
    assert told(answer) == (401, "not_signed_in")


def asked(peer: str, host: str, **headers: str) -> Request:
    pairs = {"host": host, **headers}
    return Request(
        {
            "type": "http",
            "client": (peer, 50_000),
            "headers": [(name.encode(), value.encode()) for name, value in pairs.items()],
        }
    )


@pytest.mark.parametrize(
    ("peer", "host", "here"),
    [
        ("127.0.0.1", "localhost:8080", True),
        ("127.0.0.1", "127.0.0.1", True),
        ("127.0.0.9", "127.8.8.8:80", True),
        ("::1", "[::1]:8080", True),
        ("::ffff:127.0.0.1", "localhost", True),
        ("127.0.0.1", "motcua.example.vn", True),
        ("127.0.0.1", "elsewhere.example", False),
        ("127.0.0.1", "localhost.elsewhere.example", False),
        ("127.0.0.1", "", False),
        ("127.0.0.1", "[::1", False),
        ("192.168.1.7", "localhost", False),
        ("192.168.1.7", "motcua.example.vn", False),
        ("", "localhost", False),
    ],
)
def test_here_is_this_machine_by_a_name_of_its_own(peer: str, host: str, here: bool) -> None:
    assert is_here(asked(peer, host), "https://motcua.example.vn/so") is here


def test_what_a_proxy_passes_on_is_from_elsewhere() -> None:
    assert not is_here(asked("127.0.0.1", "localhost", **{"x-forwarded-for": "10.0.0.9"}), None)


def test_every_answer_bears_the_security_headers(hall: httpx.Client) -> None:
    for path in ("/clerk", "/api/board", "/nothing", "/api/openapi.json"):
        headers = hall.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cache-control"] == "no-store"
        assert "server" not in headers


class ReadOnly(Sqlite):
    """The same store as a mount without the right to write shows it."""

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            f"file:{self.path}?mode=ro", uri=True, isolation_level=None, check_same_thread=False
        )
        connection.row_factory = sqlite3.Row
        return connection


@pytest.fixture
def read_only(centre: Centre) -> Iterator[Centre]:
    tickets.take_ticket(centre, service="A", actor="test")
    store = ReadOnly(centre.database.path)
    yield replace(centre, database=store)
    store.close()


def test_a_store_that_cannot_be_written_is_told_and_nothing_is_lost(read_only: Centre) -> None:
    with served(read_only) as address, httpx.Client(base_url=address) as hall:
        for lang, word in (("vi", "cơ sở dữ liệu"), ("en", "database")):
            answer = hall.post("/api/tickets", params={"lang": lang}, json={"service": "A"})
            assert told(answer) == (503, "store_readonly")
            assert word in answer.json()["message"]
        assert hall.get("/api/board").json()["lines"][0]["waiting"] == 1


def break_store(centre: Centre) -> None:
    path: Path = centre.database.path
    centre.database.close()
    for part in path.parent.glob("kiosk.db*"):
        part.write_bytes(b"not a database, but long enough to be looked at" * 200)


def test_metrics_tell_the_fault_of_the_store(centre: Centre, hall: httpx.Client) -> None:
    break_store(centre)
    answer = hall.get("/metrics")
    assert answer.status_code == 200
    lines = answer.text.splitlines()
    labels = f'device="store",kiosk="{centre.kiosk}",reason="store_damaged"'
    assert f"kiosk_device_fault{{{labels}}} 1.0" in lines
    assert "kiosk_streams 0.0" in lines
    assert "kiosk_waiting" not in answer.text


def test_metrics_tell_how_much_paper_each_kiosk_has_used(
    centre: Centre, hall: httpx.Client
) -> None:
    line = f'kiosk_paper_millimetres{{kiosk="{centre.kiosk}"}}'
    assert line not in hall.get("/metrics").text
    tickets.take_ticket(centre, service="A", actor="touch")
    job = jobs.next_job(centre)
    assert job is not None
    jobs.mark_sending(centre, job.id, 120)
    jobs.settle(centre, job.id, "printed", "ack")

    assert f"{line} 120.0" in hall.get("/metrics").text.splitlines()


def test_health_answers_when_the_store_does_not(
    centre: Centre, clock: Clock, hall: httpx.Client
) -> None:
    assert hall.get("/healthz").json() == {"status": "ok", "devices": []}
    break_store(centre)
    began = datetime.fromisoformat(hall.get("/healthz").json()["devices"][0]["since"])
    assert began == clock()
    clock.forward(minutes=5)
    answer = hall.get("/healthz")
    assert answer.status_code == 200
    store = answer.json()["devices"][0]
    assert datetime.fromisoformat(store["since"]) == began
    assert (store["name"], store["state"], store["reason"]) == ("store", "fault", "store_damaged")
    assert told(hall.get("/api/board")) == (503, "store_damaged")


def test_a_store_that_cannot_tell_the_time_is_a_fault_like_any_other(
    centre: Centre, clock: Clock
) -> None:
    def unheard() -> datetime:
        raise Unavailable("store_unreachable")

    away = replace(centre, clock=unheard, glance=clock)
    with served(away) as address, httpx.Client(base_url=address) as hall:
        assert told(hall.post("/api/tickets", json={"service": "A"})) == (503, "store_unreachable")
        (store,) = hall.get("/healthz").json()["devices"]
    assert (store["name"], store["reason"]) == ("store", "store_unreachable")
    assert datetime.fromisoformat(store["since"]) == clock()


def test_a_bug_is_logged_and_told_without_its_details(
    centre: Centre, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> None:
        raise RuntimeError("secret detail")

    with served(replace(centre, clock=broken)) as address, httpx.Client(base_url=address) as hall:
        answer = hall.get("/api/board")
    assert told(answer) == (500, "bug")
    assert "secret" not in answer.text
    assert "kiosk.web.guard" in [r.name for r in caplog.records if r.levelno >= logging.ERROR]


def test_a_port_in_use_is_told_before_anything_starts(centre: Centre) -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Unavailable) as caught:
            serve(centre, "127.0.0.1", port)
    assert caught.value.code == "port_in_use"
    assert caught.value.facts == {"host": "127.0.0.1", "port": port}


@pytest.mark.parametrize("host", ["192.0.2.1", "no such host"])
def test_an_address_of_another_machine_is_told(host: str) -> None:
    with pytest.raises(Unavailable) as caught:
        listen(host, 0)
    assert caught.value.code == "bad_address"
