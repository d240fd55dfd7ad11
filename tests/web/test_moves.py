"""The moves of a clerk beyond the plain visit, and of citizens with their own ticket."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from kiosk.database.sqlite import Sqlite
from kiosk.errors import Unavailable
from kiosk.office import clerks, sessions
from kiosk.texts import texts
from kiosk.tickets import Outcome, Reason
from kiosk.web.feed import Wanted, render_counters, render_open, render_staff
from kiosk.web.refusals import STATUS
from tests.web.serving import PIN, served, signed_in
from tests.web.test_counters import press, take, told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kiosk.database import Query
    from kiosk.office.centre import Centre
    from tests.hall import Clock

REASONS = (
    Reason("urgent", {"vi": "Việc khẩn cấp"}, "call"),
    Reason("break", {"vi": "Nghỉ giải lao"}, "pause"),
)


@pytest.fixture
def centre(centre: Centre) -> Centre:
    outcomes = {"advised": Outcome("advised", {"vi": "Đã hướng dẫn"})}
    return replace(centre, reasons=REASONS, outcomes=outcomes)


def view(centre: Centre, client: httpx.Client) -> dict[str, Any]:
    """What the stream says to this clerk now."""
    token = client.cookies["kiosk_session"]
    found = render_open(centre, Wanted([token]))
    staff = render_staff(centre, found, "", {})
    (frame,) = render_counters(staff, staff.counters).values()
    said: dict[str, Any] = httpx.Response(200, content=frame.split(b"data: ", 1)[1]).json()
    return said


def test_a_journey_goes_on_with_one_number(
    centre: Centre, hall: httpx.Client, hoa: httpx.Client
) -> None:
    asked = hall.post("/api/tickets", json={"services": ["A", "B", "F"]})
    assert asked.status_code == 201
    assert (asked.json()["service"], asked.json()["journey"]) == ("A", ["B", "F"])
    press(hoa, "next")
    went_on = press(hoa, "finish").json()
    assert (went_on["number"], went_on["service"], went_on["state"]) == ("A001", "B", "waiting")
    assert went_on["journey"] == ["F"]
    for body in ({}, {"services": []}, {"service": None}):
        assert told(hall.post("/api/tickets", json=body)) == (422, "service_needed")
    for body in ({"service": "B", "services": ["A"]}, {"services": ["A"] * 9}):
        assert told(hall.post("/api/tickets", json=body)) == (422, "malformed")
    assert told(hall.post("/api/tickets", json={"services": ["A", "Z"]})) == (
        404,
        "unknown_service",
    )


def test_a_citizen_gives_a_ticket_up_and_may_ask_twice(
    centre: Centre, hall: httpx.Client, hoa: httpx.Client
) -> None:
    mine = hall.post("/api/tickets", json={"service": "A"}).json()["id"]
    for _ in range(2):
        gone = hall.post(f"/api/tickets/{mine.lower()}/cancel")
        assert (gone.status_code, gone.json()["state"]) == (200, "cancelled")
    assert press(hoa, "next").status_code == 204
    assert told(hall.post("/api/tickets/x/cancel")) == (404, "no_such_ticket")
    take(centre)
    called = press(hoa, "next").json()["id"]
    assert told(hall.post(f"/api/tickets/{called}/cancel")) == (409, "illegal_move")


def test_who_comes_back_with_the_papers_is_called_first(
    centre: Centre, hall: httpx.Client, hoa: httpx.Client
) -> None:
    take(centre, times=3)
    called = press(hoa, "next").json()
    parked = press(hoa, "park", ticket=called["id"], reason="supplement").json()
    assert (parked["state"], parked["reason"]) == ("parked", "supplement")
    for _ in range(2):
        back = hall.post(f"/api/tickets/{called['id']}/return").json()
        assert (back["state"], back["ahead"], back["reason"]) == ("waiting", 0, "")
    assert view(centre, hoa)["waiting"][0]["line"] == "returned"
    assert press(hoa, "next").json()["number"] == "A001"
    assert told(press(hoa, "park", reason="coffee")) == (422, "unknown_reason")


def test_who_missed_the_call_is_taken_back_for_a_while(
    centre: Centre, clock: Clock, hall: httpx.Client, hoa: httpx.Client
) -> None:
    take(centre, times=2)
    missed = press(hoa, "next").json()["id"]
    press(hoa, "no-show")
    assert hall.post(f"/api/tickets/{missed}/return").json()["ahead"] == 1
    press(hoa, "next")
    assert press(hoa, "next").json()["id"] == missed
    assert press(hoa, "no-show").json()["misses"] == 2
    clock.forward(minutes=61)
    to_citizen = hall.post(f"/api/tickets/{missed}/return")
    to_clerk = press(hoa, "return", ticket=missed)
    assert told(to_citizen) == told(to_clerk) == (409, "too_late")
    assert "Ông/Bà" in to_citizen.json()["message"]
    assert "Ông/Bà" not in to_clerk.json()["message"]


def test_a_visit_ends_with_an_outcome_of_the_list(centre: Centre, hoa: httpx.Client) -> None:
    take(centre, times=2)
    press(hoa, "next")
    assert told(press(hoa, "finish", outcome="flown")) == (422, "unknown_outcome")
    assert press(hoa, "finish", outcome="advised").json()["outcome"] == "advised"
    assert told(press(hoa, "next", outcome="flown")) == (422, "unknown_outcome")
    called = press(hoa, "next").json()["id"]
    assert press(hoa, "finish", ticket=called).json()["outcome"] is None
    assert told(press(hoa, "finish", ticket=called)) == (409, "illegal_move")


def test_a_ticket_returns_to_its_line_or_goes_to_the_end(
    centre: Centre, hoa: httpx.Client, minh: httpx.Client
) -> None:
    take(centre, times=3)
    first = press(hoa, "next").json()["id"]
    assert press(hoa, "return", ticket=first).json()["state"] == "waiting"
    assert press(minh, "next", 2).json()["number"] == "A001"
    press(minh, "return", 2, keep_place=False)
    assert [row["number"] for row in view(centre, hoa)["waiting"]] == ["A002", "A003", "A001"]
    second = press(hoa, "next").json()["id"]
    press(hoa, "park")
    assert press(hoa, "return", ticket=second).json()["state"] == "waiting"
    press(hoa, "next")
    press(hoa, "transfer", service="A", keep_place=False)
    assert [row["number"] for row in view(centre, hoa)["waiting"]] == ["A003", "A001", "A002"]


def test_a_given_number_is_called_with_a_reason(
    centre: Centre, hall: httpx.Client, hoa: httpx.Client
) -> None:
    take(centre, times=3)
    last = hall.post("/api/tickets", json={"service": "A"}).json()["id"]
    assert press(hoa, "call", number=" a003 ", reason="urgent").json()["number"] == "A003"
    assert press(hoa, "call", number="a2", reason="urgent").json()["number"] == "A002"
    assert press(hoa, "call", number=last.lower(), reason="urgent").json()["number"] == "A004"
    assert told(press(hoa, "call", number="A004", reason="urgent")) == (409, "number_at_counter")
    assert told(press(hoa, "call", number="A777", reason="urgent")) == (404, "no_such_number")
    assert told(press(hoa, "call", number="A001")) == (422, "reason_needed")
    assert told(press(hoa, "call", number="A001", reason="break")) == (422, "unknown_reason")
    assert told(press(hoa, "call")) == (422, "malformed")


def test_the_last_move_is_taken_back_once_and_not_for_long(
    centre: Centre, clock: Clock, hoa: httpx.Client
) -> None:
    take(centre, times=2)
    press(hoa, "next")
    shown = view(centre, hoa)
    assert shown["undo"]["move"] == "call"
    until = datetime.fromisoformat(shown["undo"]["until"])
    assert until - datetime.fromisoformat(shown["at"]) == timedelta(seconds=10)
    assert press(hoa, "undo").status_code == 204
    assert told(press(hoa, "undo")) == (409, "nothing_to_undo")
    press(hoa, "next")
    press(hoa, "next")
    assert press(hoa, "undo").json()["number"] == "A001"
    press(hoa, "finish")
    clock.forward(seconds=11)
    assert view(centre, hoa)["undo"] is None
    assert told(press(hoa, "undo")) == (409, "undo_too_late")


def test_a_counter_that_pauses_calls_nobody(
    centre: Centre, clock: Clock, hoa: httpx.Client
) -> None:
    take(centre, times=2)
    press(hoa, "next")
    assert told(press(hoa, "pause", reason="break")) == (409, "somebody_here")
    press(hoa, "finish")
    assert told(press(hoa, "pause")) == (422, "reason_needed")
    assert told(press(hoa, "pause", reason="urgent")) == (422, "unknown_reason")
    since = view(centre, hoa)["at"]
    for _ in range(2):
        assert press(hoa, "pause", reason="break").status_code == 200
        clock.forward(minutes=3)
    assert view(centre, hoa)["paused"] == {"reason": "break", "since": since}
    assert told(press(hoa, "next")) == (409, "counter_paused")
    assert told(press(hoa, "call", number="A002", reason="urgent")) == (409, "counter_paused")
    assert told(press(hoa, "undo")) == (409, "counter_paused")
    for _ in range(2):
        assert press(hoa, "continue").status_code == 200
    assert view(centre, hoa)["paused"] is None
    assert press(hoa, "next").json()["number"] == "A002"


def test_its_counter_is_told_that_a_ticket_has_priority_and_nobody_is_told_why(
    centre: Centre, hall: httpx.Client, hoa: httpx.Client
) -> None:
    taken = hall.post("/api/tickets", json={"service": "A", "priority": "NCT"})
    own = f"/api/tickets/{taken.json()['id']}"
    seen = view(centre, hoa)
    called = press(hoa, "next")
    for row in (seen["waiting"][0], called.json()):
        assert row["line"] == "priority"
        assert "priority" not in row
    after = view(centre, hoa)
    assert "NCT" not in f"{seen} {called.text} {after}"
    public = (
        taken,
        hall.get(own),
        hall.get("/api/board"),
        hall.get(own.replace("/api/tickets", "/so")),
    )
    for answer in public:
        assert "NCT" not in answer.text
        assert "priority" not in answer.text
        assert "cao tuổi" not in answer.text


def test_a_counter_is_shown_the_appointments_to_come_for_its_services(
    centre: Centre, clock: Clock, hall: httpx.Client, hoa: httpx.Client
) -> None:
    codes = []
    for service, minutes in (("B", 40), ("A", 20), ("F", 30)):
        at = (clock() + timedelta(minutes=minutes)).isoformat()
        codes.append(hall.post("/api/appointments", json={"service": service, "at": at}).json())
    shown = view(centre, hoa)
    assert [coming["code"] for coming in shown["appointments"]] == [
        codes[1]["code"],
        codes[0]["code"],
    ]
    assert shown["appointments_total"] == 2
    hall.post(f"/api/appointments/{codes[1]['code']}/check-in")
    shown = view(centre, hoa)
    assert shown["appointments_total"] == 1
    assert (shown["waiting"][0]["line"], shown["waiting"][0]["due_at"]) == (
        "appointment",
        codes[1]["due_at"],
    )


def test_people_who_were_sent_where_nobody_works_are_told_to_the_staff(
    centre: Centre, hoa: httpx.Client
) -> None:
    take(centre, times=2)
    clerks.add_clerk(centre, "mai", "Mai", "864209")
    for _ in range(2):
        press(hoa, "next")
        assert press(hoa, "transfer", counter=3).status_code == 200
    told_so = [known for known in view(centre, hoa)["warnings"] if known["counter"]]
    sessions.sign_in(centre, "mai", "864209", 3)

    assert [(known["warning"], known["counter"], known["people"]) for known in told_so] == [
        ("sent_to_closed", 3, 2)
    ]
    assert [known for known in view(centre, hoa)["warnings"] if known["counter"]] == []


def test_a_number_that_is_kept_where_nobody_works_any_more_is_told_to_the_staff(
    centre: Centre, hoa: httpx.Client, minh: httpx.Client
) -> None:
    def told_so() -> list[tuple[str, int, int, list[str]]]:
        return [
            (known["warning"], known["counter"], known["people"], known["numbers"])
            for known in view(centre, minh)["warnings"]
            if known["counter"]
        ]

    take(centre, times=3)
    for reason in ("", "supplement", ""):
        press(hoa, "next")
        press(hoa, "park", reason=reason)
    assert told_so() == []
    press(hoa, "pause", reason="break")
    assert told_so() == []
    hoa.delete("/api/session")
    assert told_so() == [("kept_at_closed", 1, 2, ["A001", "A003"])]
    assert press(minh, "call", 2, number="A001", reason="urgent").status_code == 200
    assert told_so() == [("kept_at_closed", 1, 1, ["A003"])]
    sessions.sign_in(centre, "hoa", PIN, 1)
    assert told_so() == []


def test_a_clerk_is_told_before_the_visit_goes_on_where_nothing_is_done_any_more_today(
    centre: Centre, clock: Clock, hall: httpx.Client, hoa: httpx.Client, minh: httpx.Client
) -> None:
    def told_so(client: httpx.Client) -> list[tuple[str, str, str | None]]:
        return [
            (known["warning"], known["service"], known["ends_at"])
            for known in view(centre, client)["warnings"]
        ]

    assert hall.post("/api/tickets", json={"services": ["A", "C"]}).status_code == 201
    press(hoa, "next")
    assert told_so(hoa) == []
    clock.forward(hours=3)
    over = ("session_over", "C", "2026-11-23T11:30:00+07:00")
    assert (told_so(hoa), told_so(minh)) == ([over], [])
    press(hoa, "finish")
    assert told_so(minh) == [over], "nobody works on it, and somebody waits"


def test_a_clerk_is_told_who_still_waits_when_the_hours_are_over(
    centre: Centre, clock: Clock, hoa: httpx.Client, minh: httpx.Client
) -> None:
    hours = replace(centre.services["C"], code="A").hours
    services = {**centre.services, "A": replace(centre.services["A"], hours=hours)}
    closing = replace(centre, services=services)
    clock.forward(hours=3)
    assert view(closing, hoa)["warnings"] == []
    take(centre)

    for client in (hoa, minh):
        told_so = [
            (known["warning"], known["service"]) for known in view(closing, client)["warnings"]
        ]
        assert told_so == [("session_over", "A")]


def test_a_clerk_sees_until_when_a_missed_number_is_taken_back(
    centre: Centre, clock: Clock, hoa: httpx.Client
) -> None:
    take(centre, times=2)
    missed = press(hoa, "next").json()
    gone = press(hoa, "no-show").json()
    until = datetime.fromisoformat(gone["ended_at"]) + timedelta(minutes=60)
    assert missed["taken_back_until"] is None
    assert view(centre, hoa)["missed"][0]["taken_back_until"] == until.isoformat()
    clock.forward(minutes=60)
    assert press(hoa, "return", ticket=missed["id"]).json()["state"] == "waiting"
    assert press(hoa, "next").json()["id"] == missed["id"]
    press(hoa, "no-show")
    clock.forward(minutes=60, seconds=1)
    for move in ("resume", "return"):
        assert told(press(hoa, move, ticket=missed["id"])) == (409, "too_late")
    assert [row["id"] for row in view(centre, hoa)["missed"]] == [missed["id"]]


BAD = [
    ("transfer", {"service": "Z"}, "unknown_service"),
    ("transfer", {"counter": 77}, "unknown_counter"),
    ("finish", {"ticket": "{gone}"}, "illegal_move"),
    ("recall", {"ticket": "{gone}"}, "illegal_move"),
    ("no-show", {"ticket": "{gone}"}, "illegal_move"),
    ("park", {"ticket": "{gone}"}, "illegal_move"),
    ("return", {"ticket": "{gone}"}, "illegal_move"),
    ("start", {"ticket": "A00000000000"}, "no_such_ticket"),
    ("resume", {"ticket": "{gone}"}, "illegal_move"),
    ("call", {"number": "{gone}", "reason": "urgent"}, "number_ended"),
]
TO_CLERKS = {
    "illegal_move": "illegal_move.finished.clerk",
    "unknown_service": "unknown_service.clerk",
}


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_what_cannot_be_done_is_told_in_the_clerks_language_and_changes_nothing(
    centre: Centre, hoa: httpx.Client, lang: str
) -> None:
    take(centre, times=2)
    gone = press(hoa, "next").json()["id"]
    here = press(hoa, "next").json()
    hoa.headers["Accept-Language"] = lang
    for move, body, code in BAD:
        asked = {name: gone if fact == "{gone}" else fact for name, fact in body.items()}
        answer = press(hoa, move, **asked)
        assert told(answer) == (STATUS.get(code, 409), code), move
        key = TO_CLERKS.get(code, code)
        assert answer.json()["message"] == texts(lang).say(
            f"refused.{key}", counter=77, number="A001", service="Z"
        )
    assert told(hoa.post("/api/counters/77/next")) == (403, "other_counter")
    assert told(hoa.post("/api/tickets", json={"service": "Z"})) == (404, "unknown_service")
    after = view(centre, hoa)["current"]
    assert after == here


class Failing(Sqlite):
    """The same store, whose disk goes away in the middle of a write."""

    broken = False

    @contextmanager
    def write(self) -> Iterator[Query]:
        with super().write() as query:
            yield query
            if self.broken:
                raise Unavailable("store_io")


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_store_that_goes_in_the_middle_of_a_call_is_told_and_nothing_is_done(
    centre: Centre, lang: str
) -> None:
    store = Failing(centre.database.path)
    take(centre, times=2)
    with ExitStack() as stack:
        address = stack.enter_context(served(replace(centre, database=store)))
        hoa = stack.enter_context(signed_in(address, "hoa", 1))
        hoa.headers["Accept-Language"] = lang
        called = press(hoa, "next", request_id="one").json()["id"]
        store.broken = True
        words = texts(lang)
        for move, body in (
            ("next", {"request_id": "two"}),
            ("finish", {"ticket": called}),
            ("park", {}),
            ("undo", {}),
            ("transfer", {"service": "B"}),
        ):
            answer = press(hoa, move, **body)
            assert told(answer) == (503, "store_io")
            assert answer.json()["message"] == words.say("unavailable.store_io")
            assert answer.headers["Retry-After"] == "2"
        ticket = {"service": "A", "request_id": "tap"}
        assert told(hoa.post("/api/tickets", json=ticket)) == (503, "store_io")
        store.broken = False
        assert press(hoa, "next", request_id="one").json()["id"] == called
        assert press(hoa, "next", request_id="two").json()["number"] == "A002"
        assert press(hoa, "next", request_id="two").json()["number"] == "A002"
        assert hoa.post("/api/tickets", json=ticket).json()["number"] == "A003"
    store.close()


def test_every_code_that_has_a_status_has_a_sentence_in_both_languages() -> None:
    for code in STATUS:
        assert all(texts(lang).has(f"refused.{code}") for lang in ("vi", "en")), code
