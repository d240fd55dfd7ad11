"""Ballots and displays over HTTP: who may, and what is told."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import httpx
import pytest

from kiosk.office import calls, clerks, enrolments, ratings, tickets
from kiosk.ratings import Scale
from kiosk.rights import StaffRole
from kiosk.store import events
from kiosk.web.current import Current
from tests.hall import OFFICE
from tests.web.serving import PIN, served, signed_in
from tests.web.test_feed import Stream

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kiosk.office.centre import Centre
    from kiosk.tickets import Ticket
    from tests.hall import Clock

ELSEWHERE: Final = {"X-Forwarded-For": "203.0.113.7"}


def serve(centre: Centre, counter: int = 2, clerk: str = "minh") -> Ticket:
    tickets.take_ticket(centre, service="A", actor="test", priority="NCT")
    calls.call_next(centre, counter, clerk=clerk)
    return calls.finish(centre, counter, clerk=clerk)


def rate(client: httpx.Client, ballot: int, level: str = "great", **more: Any) -> tuple[int, str]:
    answer = client.post("/api/counters/2/rating", json={"ballot": ballot, "level": level}, **more)
    return answer.status_code, answer.json().get("code", "")


def enrolled(centre: Centre, client: httpx.Client, **mine: str) -> None:
    code = enrolments.add_device(centre, "Bảng quầy 2", 2)
    answer = client.post("/api/device", json={"code": code}, headers={**ELSEWHERE, **mine})
    assert answer.status_code == 200


@contextmanager
def showing(client: httpx.Client, counter: int = 2) -> Iterator[Stream]:
    with client.stream("GET", f"/api/counters/{counter}/display", timeout=20) as answer:
        assert answer.status_code == 200
        stream = Stream(answer)
        yield stream
        stream.close()


def test_this_machine_and_an_enrolled_device_rate_and_strangers_do_not(
    centre: Centre, address: str, hall: httpx.Client
) -> None:
    assert rate(hall, serve(centre).version, headers=ELSEWHERE) == (403, "rate_at_display")
    assert rate(hall, serve(centre).version) == (200, "")
    with httpx.Client(base_url=address) as tablet:
        enrolled(centre, tablet)
        assert rate(tablet, serve(centre).version, headers=ELSEWHERE) == (200, "")
    assert ratings.read_ratings(centre).whole.ballots == 2


def test_a_session_of_staff_rates_nothing_but_a_display_beside_it_does(
    centre: Centre, address: str
) -> None:
    with signed_in(address, "minh", 2) as minh:
        csrf = minh.headers.pop("X-CSRF-Token")
        ballot = serve(centre).version
        mine = {"X-CSRF-Token": csrf}
        # At a machine that nobody enrolled the session alone opens nothing.
        assert rate(minh, ballot, headers=ELSEWHERE) == (403, "rate_at_display")
        assert rate(minh, ballot, headers={**ELSEWHERE, **mine}) == (403, "rate_at_display")
        # What a clerk's page sends is sent in the clerk's name, also at a machine of the hall.
        assert rate(minh, ballot, headers=mine) == (403, "rate_at_display")
        enrolled(centre, minh, **mine)
        assert rate(minh, ballot, headers={**ELSEWHERE, **mine}) == (403, "rate_at_display")
        # The display's page has no token, and works as before in the browser of the counter's PC.
        assert rate(minh, ballot, headers=ELSEWHERE) == (200, "")
    with centre.database.read() as query:
        (row,) = query.all("SELECT actor, clerk FROM event WHERE kind = 'ticket.rated'")
    assert (row["actor"], row["clerk"]) == ("display", None)


def test_a_page_of_another_site_rates_nothing(centre: Centre, hall: httpx.Client) -> None:
    ballot = serve(centre).version
    assert rate(hall, ballot, headers={"Sec-Fetch-Site": "cross-site"}) == (403, "other_site")
    assert ratings.read_ratings(centre).whole.ballots == 0


def test_a_second_ballot_and_a_late_one_are_told_kindly(
    centre: Centre, clock: Clock, hall: httpx.Client
) -> None:
    ballot = serve(centre).version
    assert rate(hall, ballot) == (200, "")
    again = hall.post("/api/counters/2/rating?lang=en", json={"ballot": ballot, "level": "poor"})
    assert again.status_code == 409
    assert again.json() == {
        "code": "already_rated", "message": "This visit has been rated. Thank you.",
    }  # fmt: skip
    ballot = serve(centre).version
    clock.forward(seconds=26)
    late = hall.post("/api/counters/2/rating", json={"ballot": ballot, "level": "great"})
    assert late.status_code == 409
    assert late.json()["message"] == "Phiếu đánh giá của lượt này đã đóng. Xin cảm ơn Ông/Bà."
    assert ratings.read_ratings(centre).whole.counts == {"great": 1}


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 422, "malformed"),
        ({"ballot": "7", "level": "great"}, 422, "malformed"),
        ({"ballot": 0, "level": "great"}, 422, "malformed"),
        ({"ballot": 1 << 62, "level": "great"}, 422, "malformed"),
        ({"ballot": 7, "level": "x" * 40}, 422, "malformed"),
        ({"ballot": 7, "level": "great", "clerk": "minh"}, 422, "malformed"),
        ({"ballot": 7, "level": "fine"}, 422, "unknown_level"),
        ({"ballot": 7, "level": "great"}, 409, "rating_over"),
    ],
)
def test_what_is_no_ballot_is_refused_and_counts_nothing(
    centre: Centre, hall: httpx.Client, body: dict[str, object], status: int, code: str
) -> None:
    serve(centre)
    answer = hall.post("/api/counters/2/rating", json=body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert ratings.read_ratings(centre).whole.ballots == 0


def test_a_counter_that_is_not_there_is_told(hall: httpx.Client) -> None:
    body = {"ballot": 7, "level": "great"}
    for answer in (
        hall.post("/api/counters/77/rating", json=body),
        hall.get("/api/counters/77/display"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "unknown_counter")
    for text in ("77", "0", "abc", "٣", "99999999"):
        page = hall.get(f"/counter/{text}/display", params={"lang": "en"})
        assert page.status_code == 404
        assert "There is no counter" in page.text


def test_a_display_hears_what_it_shows_and_nothing_else(centre: Centre, hall: httpx.Client) -> None:
    with showing(hall) as stream:
        first, _ = stream.until("display")
        assert first.keys() == {
            "at", "counter", "state", "number", "calls", "services", "clerk", "question",
        }  # fmt: skip
        ticket = serve(centre)
        asked, _ = stream.until("display", lambda told: told["question"])
        assert asked["question"].keys() == {"ballot", "number", "until", "rated"}
        assert asked["number"] is None
        hall.post(
            "/api/counters/2/rating",
            json={"ballot": asked["question"]["ballot"], "level": "poor"},
        )
        stream.until("display", lambda told: told["question"] and told["question"]["rated"])
        kinds = {line for line in stream.lines if line.startswith("event: ")}
        heard = "\n".join(stream.lines)
    assert kinds == {"event: display"}
    assert ticket.id not in heard
    for private in ("NCT", "minh", "Trần Văn Minh", "poor", "kiosk-1"):
        assert private not in heard


def test_two_displays_are_sent_the_same_bytes(centre: Centre, hall: httpx.Client) -> None:
    with showing(hall) as one, showing(hall) as other:
        serve(centre)
        for stream in (one, other):
            stream.until("display", lambda told: told["question"])
        asked = [
            next(line for line in stream.lines if '"question":{' in line) for stream in (one, other)
        ]
    assert asked[0] == asked[1]


def test_a_display_goes_on_when_a_session_ends(centre: Centre) -> None:
    named = replace(centre, clerk_names=True)
    with served(named) as here, signed_in(here, "minh", 2) as minh, showing(minh) as stream:
        stream.until("display", lambda told: told["clerk"] == "Trần Văn Minh")
        minh.delete("/api/session")
        left, _ = stream.until("display", lambda told: told["state"] == "empty")
        assert left["clerk"] is None
        serve(centre)
        stream.until("display", lambda told: told["question"])


def test_a_device_that_is_removed_hears_nothing_more(centre: Centre, hall: httpx.Client) -> None:
    hall.headers.update(ELSEWHERE)
    hall.timeout = httpx.Timeout(20)
    enrolled(centre, hall)
    with showing(hall) as display, hall.stream("GET", "/api/changes") as answer:
        board = Stream(answer)
        display.until("display")
        board.until("board")
        enrolments.remove_device(centre, "Bảng quầy 2")
        for stream, kind in ((display, "display"), (board, "board")):
            stream.until("signed-out")
            assert stream.ended(), kind
    assert hall.get("/api/counters/2/display").status_code == 401


def test_a_display_that_a_session_opened_elsewhere_ends_with_it(
    centre: Centre, hall: httpx.Client
) -> None:
    hall.headers.update(ELSEWHERE)
    clerks.add_clerk(centre, "trang", "Trần Thu Trang", "quầy số ba", StaffRole.SUPERVISOR)
    asked = hall.post("/api/session", json={"clerk": "trang", "pin": "quầy số ba"})
    asked.raise_for_status()
    with showing(hall) as display:
        display.until("display")
        clerks.disable_clerk(centre, "trang")
        display.until("signed-out")
        assert display.ended()


def test_a_counter_that_is_taken_out_ends_its_display_and_no_other_stream(centre: Centre) -> None:
    current = Current(centre)
    with served(current) as address, httpx.Client(base_url=address, timeout=20) as hall:
        with showing(hall, 2) as gone, showing(hall, 1) as other:
            gone.until("display")
            other.until("display")
            rest = {n: known for n, known in centre.counters.items() if n != 2}
            current.centre = replace(centre, counters=rest)
            current.changed()
            gone.until("signed-out")
            assert gone.ended()
            tickets.take_ticket(centre, service="B", actor="test")
            calls.call_next(centre, 1, clerk="hoa")
            other.until("display", lambda told: told["number"])
        page = hall.get("/counter/2/display")
    assert (page.status_code, page.headers["refresh"]) == (404, "30")


def test_a_device_of_one_counter_rates_at_no_other(centre: Centre, hall: httpx.Client) -> None:
    enrolled(centre, hall)
    ballot = serve(centre, 1, "hoa").version
    answer = hall.post(
        "/api/counters/1/rating", json={"ballot": ballot, "level": "great"}, headers=ELSEWHERE
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "rate_at_display")
    assert rate(hall, serve(centre).version, headers=ELSEWHERE) == (200, "")


def test_a_session_at_a_removed_device_goes_on(centre: Centre, hall: httpx.Client) -> None:
    hall.headers.update(ELSEWHERE)
    hall.timeout = httpx.Timeout(20)
    enrolled(centre, hall)
    hall.post("/api/session", json={"clerk": "minh", "pin": PIN, "counter": 2}).raise_for_status()
    with hall.stream("GET", "/api/changes") as answer:
        stream = Stream(answer)
        stream.until("counter")
        enrolments.remove_device(centre, "Bảng quầy 2")
        tickets.take_ticket(centre, service="A", actor="test")
        stream.until("counter", lambda told: told["waiting"])
        stream.close()


def test_a_stranger_is_led_to_where_a_device_is_enrolled_and_back(
    centre: Centre, hall: httpx.Client
) -> None:
    hall.headers.update(ELSEWHERE)
    turned = hall.get("/counter/2/display?lang=en")
    assert (turned.status_code, turned.headers["location"]) == (303, "/device?display=2&lang=en")
    assert hall.get("/api/counters/2/display").status_code == 401
    page = hall.get(turned.headers["location"]).text
    assert "This device may not be the display of counter 2 yet." in page
    assert 'action="/device?lang=en&amp;display=2"' in page
    code = enrolments.add_device(centre, "Bảng quầy 2")
    there = hall.post("/device?lang=en&display=2", data={"code": code})
    assert (there.status_code, there.headers["location"]) == (303, "/counter/2/display?lang=en")
    shown = hall.get(there.headers["location"])
    assert shown.status_code == 200
    assert "Counter" in shown.text


@pytest.mark.parametrize("display", ["//evil.example", "2/../../hall", "", "-1"])
def test_an_enrolment_leads_nowhere_else(centre: Centre, hall: httpx.Client, display: str) -> None:
    hall.headers.update(ELSEWHERE)
    code = enrolments.add_device(centre, "Bảng quầy 2")
    there = hall.post("/device", params={"display": display}, data={"code": code})
    assert there.headers["location"] == "/clerk?lang=vi"


def test_the_supervisor_reads_a_day_and_a_range(centre: Centre, clock: Clock, address: str) -> None:
    clerks.add_clerk(centre, "trang", "Trần Thu Trang", PIN, StaffRole.SUPERVISOR)
    for level in ("great", "good", "poor"):
        ratings.rate_at_counter(centre, 2, serve(centre).version, level)
    clock.forward(days=1)
    ratings.rate_at_counter(centre, 1, serve(centre, 1, "hoa").version, "great")
    with httpx.Client(base_url=address) as boss:
        body = {"clerk": "trang", "pin": PIN}
        boss.post("/api/session", json=body).raise_for_status()
        today = boss.get("/api/hall/ratings").json()
        monday = boss.get("/api/hall/ratings", params={"day": "2026-11-23"}).json()
        both = {"day": "2026-11-23", "to": "2026-11-24"}
        told = boss.get("/api/hall/ratings", params=both).json()
        wrong = boss.get("/api/hall/ratings", params={"day": "hôm qua"})
    assert (today["ballots"], today["satisfied"], today["first"]) == (1, 100.0, "2026-11-24")
    assert (monday["ballots"], monday["satisfied"]) == (3, 66.7)
    assert monday["levels"] == [
        {"code": "great", "ballots": 1, "share": 33.3},
        {"code": "good", "ballots": 1, "share": 33.3},
        {"code": "poor", "ballots": 1, "share": 33.3},
    ]
    assert [(one["counter"], one["ballots"]) for one in told["counters"]] == [(1, 1), (2, 3)]
    assert [(one["clerk"], one["name"], one["satisfied"]) for one in told["clerks"]] == [
        ("hoa", "Lê Thị Hoa", 100.0),
        ("minh", "Trần Văn Minh", 66.7),
    ]
    assert (wrong.status_code, wrong.json()["code"]) == (422, "malformed")
    with centre.database.read() as query:
        assert events.first_broken(query, OFFICE) is None


def test_only_the_supervisors_hall_tells_of_ratings(centre: Centre, address: str) -> None:
    clerks.add_clerk(centre, "trang", "Trần Thu Trang", PIN, StaffRole.SUPERVISOR)
    clerks.add_clerk(centre, "lan", "Nguyễn Thị Lan", PIN, StaffRole.RECEPTION)
    ratings.rate_at_counter(centre, 2, serve(centre).version, "good")
    found = {}
    with served(replace(centre, rating=Scale(enabled=False))) as other:
        for login, where in (("trang", address), ("lan", address), ("trang", other)):
            with httpx.Client(base_url=where) as client:
                client.post("/api/session", json={"clerk": login, "pin": PIN}).raise_for_status()
                with client.stream("GET", "/api/changes", timeout=20) as answer:
                    stream = Stream(answer)
                    told, _ = stream.until("hall")
                    stream.close()
            found[login, where] = told["ratings"]
    assert found["trang", address]["ballots"] == 1
    assert found["trang", address]["counters"][0]["satisfied"] == 100.0
    assert found["lan", address] is None
    assert found["trang", other] is None
