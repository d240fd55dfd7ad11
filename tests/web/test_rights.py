"""Who may what: every route by everybody who might ask, in one table."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import httpx
import pytest

from kiosk.intake import IntakeRules
from kiosk.office import clerks, enrolments, keys
from kiosk.rights import Scope, StaffRole
from kiosk.web.app import create_app
from tests.hall import centre_at
from tests.web.serving import PIN, served
from tests.web.test_hall_page import REASONS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kiosk.office.centre import Centre
    from tests.hall import Clock

ELSEWHERE: Final = {"X-Forwarded-For": "203.0.113.7"}

HALL: Final = frozenset({"here", "device", "clerk", "reception", "supervisor", "technician"})
STAFF: Final = HALL - {"here", "device"}
ALL: Final = HALL | {"stranger", "locked"}
BOARD, TICKETS, APPOINTMENTS, DOSSIERS, IMPORT = (frozenset({f"key {scope}"}) for scope in Scope)
KEYS: Final = BOARD | TICKETS | APPOINTMENTS | DOSSIERS | IMPORT
AT_COUNTER: Final = frozenset({"clerk", "supervisor"})

DIRECTING: Final = frozenset({"supervisor"})
LOOKING_ON: Final = frozenset({"supervisor", "technician"})
WELCOMING: Final = frozenset({"reception", "supervisor"})
BOOKING: Final = STAFF - {"technician"}
HERE: Final = frozenset({"here", "device"})

MOVES: Final = (
    "next", "call", "recall", "start", "finish", "no-show", "park", "transfer", "return",
    "resume", "undo", "pause", "continue", "alarm", "note",
)  # fmt: skip

# Who gets further than the door. A locked page may still read what anybody in the hall sees.
MAY: Final = {
    ("POST", "/api/tickets"): HERE | WELCOMING | TICKETS,
    ("GET", "/api/tickets/{ticket_id}"): HALL | TICKETS | {"locked"},
    ("POST", "/api/tickets/{ticket_id}/cancel"): HERE | WELCOMING | TICKETS,
    ("POST", "/api/tickets/{ticket_id}/return"): HERE | WELCOMING | TICKETS,
    ("POST", "/api/session"): ALL,
    ("DELETE", "/api/session"): STAFF | {"locked"},
    ("POST", "/api/session/resume"): STAFF | {"locked"},
    ("POST", "/api/session/stay"): STAFF,
    ("POST", "/api/device"): ALL,
    ("GET", "/api/board"): HALL | BOARD | {"locked"},
    ("GET", "/api/office"): HALL | {"locked"},
    ("GET", "/api/changes"): HALL | BOARD | {"locked"},
    ("POST", "/api/appointments"): HERE | BOOKING | APPOINTMENTS,
    ("GET", "/api/appointments"): BOOKING | APPOINTMENTS,
    ("POST", "/api/appointments/{code}/check-in"): HERE | BOOKING | APPOINTMENTS,
    ("DELETE", "/api/appointments/{code}"): BOOKING | APPOINTMENTS,
    ("POST", "/api/jobs/{job_id}/printed"): STAFF,
    ("POST", "/api/jobs/{job_id}/reprint"): STAFF,
    ("POST", "/api/jobs/{job_id}/drop"): STAFF,
    ("POST", "/api/dossiers"): IMPORT,
    ("POST", "/api/dossiers/lookup"): HALL | DOSSIERS,
    ("GET", "/api/procedures"): HALL | BOARD | {"locked"},
    ("GET", "/api/procedures/{code}"): HALL | BOARD | {"locked"},
    ("POST", "/api/hall/counters/{n}/close"): DIRECTING,
    ("POST", "/api/hall/counters/{n}/open"): DIRECTING,
    ("POST", "/api/hall/counters/{n}/services"): DIRECTING,
    ("POST", "/api/hall/counters/{n}/free"): DIRECTING,
    ("POST", "/api/hall/services/{code}/lift"): DIRECTING,
    ("POST", "/api/hall/services/{code}/bind"): DIRECTING,
    ("POST", "/api/hall/services/{code}/pause"): DIRECTING,
    ("POST", "/api/hall/services/{code}/continue"): DIRECTING,
    ("POST", "/api/hall/alarms/{n}/answer"): DIRECTING,
    ("DELETE", "/api/hall/alarms/{n}"): DIRECTING,
    ("POST", "/api/hall/priority"): WELCOMING,
    ("GET", "/api/hall/figures"): LOOKING_ON,
    ("GET", "/api/events"): LOOKING_ON,
    ("GET", "/api/settings"): LOOKING_ON,
    ("POST", "/api/settings"): LOOKING_ON,
    ("POST", "/api/reception/find"): WELCOMING,
    ("POST", "/api/reception/reprint"): WELCOMING,
    **{
        ("POST", f"/api/intake{call}"): BOOKING
        for call in ("", "/procedures", "/procedure", "/find", "/read", "/move", "/reprint")
    },
    ("GET", "/healthz"): HALL | BOARD | {"locked"},
    ("GET", "/metrics"): HALL | BOARD | {"locked"},
    **{("POST", f"/api/counters/{{n}}/{move}"): AT_COUNTER for move in MOVES},
    ("DELETE", "/api/counters/{n}/alarm"): AT_COUNTER,
    ("GET", "/api/counters/{n}/display"): HALL | {"locked"},
    ("POST", "/api/counters/{n}/rating"): HERE,
    ("POST", "/api/board/seen"): HERE,
    ("GET", "/board"): ALL,
    ("GET", "/board/media/{name}"): HERE,
    ("GET", "/board/video/{mark}"): HERE,
    ("GET", "/api/hall/ratings"): {"supervisor", "technician"},
    ("GET", "/"): ALL,
    ("GET", "/clerk"): ALL,
    ("POST", "/clerk"): ALL,
    ("GET", "/device"): ALL,
    ("POST", "/device"): ALL,
    ("GET", "/counter/{n}/display"): ALL,
    ("GET", "/hall"): ALL,
    ("GET", "/intake"): ALL,
    ("GET", "/reception"): ALL,
    ("GET", "/figures"): ALL,
    ("GET", "/audit"): ALL,
    ("GET", "/settings"): ALL,
    ("GET", "/so/{ticket_id:path}"): ALL,
    ("GET", "/static/{version}/look.css"): ALL,
    ("GET", "/static/{version}/emblem"): ALL,
    ("GET", "/static/{version}/{name:path}"): ALL,
    ("GET", "/api/openapi.json"): ALL,
}
TURNED_AWAY: Final = {
    "not_signed_in", "locked", "not_allowed", "other_counter", "no_counter_here", "other_site",
    "wrong_csrf_token", "device_not_enrolled", "wrong_key", "key_scope", "no_key_here",
    "rate_at_display", "key_needed",
}  # fmt: skip
FILLED: Final = {
    "{ticket_id}": "A00000000000",
    "{ticket_id:path}": "A00000000000",
    "{code}": "K7M2P4QX",
    "{job_id}": "K7M2P4QX0000",
    "{version}": "0",
    "{name:path}": "clerk.css",
}
ASKED: Final = {
    "call": {"number": "A001", "reason": "help"},
    "transfer": {"service": "B"},
    "resume": {"ticket": "A00000000000"},
    "pause": {"reason": "break"},
    "note": {"text": "x"},
}


@pytest.fixture
def centre(tmp_path: Path, clock: Clock) -> Iterator[Centre]:
    centre = replace(centre_at(tmp_path / "kiosk.db", clock), intake=IntakeRules())
    for role in StaffRole:
        clerks.add_clerk(centre, role.value, f"Cán bộ {role.value}", PIN, role)
    clerks.add_clerk(centre, "locked", "Lê Thị Hoa", PIN)
    yield centre
    centre.database.close()


def routes(centre: Centre) -> set[tuple[str, str]]:
    found = set()
    for route in create_app(centre).routes:
        methods = getattr(route, "methods", None) or set()
        found |= {(method, route.path) for method in methods - {"HEAD", "OPTIONS"}}
    return found


def test_the_table_tells_of_every_route(centre: Centre) -> None:
    assert routes(centre) == set(MAY)


@contextmanager
def bearer(
    centre: Centre, address: str, who: str, counter: int | None, device: str = "Quầy 3"
) -> Iterator[httpx.Client]:
    """A browser of that kind of person, or a program with a key of one scope on this machine."""
    with httpx.Client(base_url=address, timeout=10) as client:
        if who in ("stranger", "device"):
            client.headers.update(ELSEWHERE)
        if who == "device":
            code = enrolments.add_device(centre, device)
            assert client.post("/api/device", json={"code": code}).status_code == 200
        elif who in KEYS:
            key = keys.add_key(centre, who, {Scope(who.removeprefix("key "))})
            client.headers["Authorization"] = f"Bearer {key}"
        elif who not in ("stranger", "here"):
            body = {"clerk": who, "pin": PIN, "counter": counter}
            answer = client.post("/api/session", json=body)
            assert answer.status_code == 200, answer.text
            client.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
            client.headers.update(ELSEWHERE)
        yield client


def turned_away(answer: httpx.Response) -> bool:
    if answer.headers.get("content-type", "").startswith("application/json"):
        told = answer.json()
        return isinstance(told, dict) and told.get("code") in TURNED_AWAY
    return answer.status_code in (401, 403)


def body_of(path: str) -> dict[str, str]:
    """One that no call takes: who gets there is told that it is malformed. A move at a counter
    asks who it is when it is made, so there it is a right one."""
    if not path.startswith("/api/counters/"):
        return {"nothing": "of this kind"}
    return ASKED.get(path.rpartition("/")[2], {})


@pytest.mark.parametrize("who", sorted(ALL | KEYS))
def test_nobody_gets_further_than_the_post_allows(centre: Centre, clock: Clock, who: str) -> None:
    counter = {"clerk": 1, "supervisor": 2, "locked": 3}.get(who)
    wrong = []
    with served(centre) as address, bearer(centre, address, who, counter) as client:
        if who == "locked":
            clock.forward(minutes=16)
        # What ends the session comes last; a counter that is closed or freed is nobody's here.
        for method, path in sorted(MAY, key=lambda entry: entry == ("DELETE", "/api/session")):
            mine = path.startswith("/api/counters/")
            filled = path.replace("{n}", str(counter or 1) if mine else "77")
            for name, value in FILLED.items():
                filled = filled.replace(name, value)
            body = None if method == "GET" else body_of(path)
            with client.stream(method, filled, json=body) as answer:
                if not answer.headers.get("content-type", "").startswith("text/event-stream"):
                    answer.read()
                away = answer.status_code in (401, 403) and turned_away(answer)
            if away is (who in MAY[method, path]):
                wrong.append((method, path, answer.status_code))
    assert wrong == []


def test_a_pin_is_not_enough_at_a_device_that_nobody_enrolled(
    centre: Centre, hall: httpx.Client
) -> None:
    body = {"clerk": "clerk", "pin": PIN, "counter": 1}
    for pin in (PIN, "000000"):
        answer = hall.post("/api/session", json={**body, "pin": pin}, headers=ELSEWHERE)
        assert (answer.status_code, answer.json()["code"]) == (403, "device_not_enrolled")
    clerks.set_pin(centre, "clerk", "con mèo nhà tôi")
    password = {**body, "pin": "con mèo nhà tôi"}
    assert hall.post("/api/session", json=password, headers=ELSEWHERE).status_code == 200


def test_nobody_keeps_a_clerk_from_signing_in_by_guessing_from_elsewhere(
    hall: httpx.Client, centre: Centre
) -> None:
    clerks.set_pin(centre, "clerk", "con mèo nhà tôi")
    right = {"clerk": "clerk", "pin": "con mèo nhà tôi", "counter": 1}
    told = [
        hall.post("/api/session", json={**right, "pin": "một con mèo"}, headers=ELSEWHERE)
        for _ in range(12)
    ]
    assert told[0].json()["code"] == "wrong_pin"
    assert told[-1].json()["code"] == "too_many_tries"
    home = {"X-Forwarded-For": "203.0.113.8"}
    assert hall.post("/api/session", json=right, headers=home).status_code == 200
    hall.cookies.clear()
    assert hall.post("/api/session", json=right).status_code == 200


def test_a_pin_unlocks_no_page_at_a_device_that_is_removed(
    centre: Centre, clock: Clock, hall: httpx.Client
) -> None:
    code = enrolments.add_device(centre, "Quầy 3", 3)
    hall.headers.update(ELSEWHERE)
    assert hall.post("/api/device", json={"code": code}).status_code == 200
    told = hall.post("/api/session", json={"clerk": "clerk", "pin": PIN, "counter": 3})
    hall.headers["X-CSRF-Token"] = told.json()["csrf_token"]
    clock.forward(minutes=16)
    enrolments.remove_device(centre, "Quầy 3")
    answer = hall.post("/api/session/resume", json={"pin": PIN})
    assert (answer.status_code, answer.json()["code"]) == (403, "device_not_enrolled")


def test_a_person_gives_priority_with_a_reason_and_the_touch_screen_needs_none(
    centre: Centre,
) -> None:
    order = {"service": "A", "priority": "NCT"}
    with (
        served(replace(centre, reasons=REASONS)) as address,
        bearer(centre, address, "here", None) as touch,
        bearer(centre, address, "reception", None) as reception,
        bearer(centre, address, "key tickets", None) as program,
    ):
        assert touch.post("/api/tickets", json=order).status_code == 201
        for person in (reception, program):
            answer = person.post("/api/tickets", json=order)
            assert (answer.status_code, answer.json()["code"]) == (422, "reason_needed")
            answer = person.post("/api/tickets", json=order | {"reason": "baby"})
            assert answer.status_code == 201, answer.text


def test_a_device_is_enrolled_once_and_then_a_pin_is_enough(
    centre: Centre, clock: Clock, hall: httpx.Client
) -> None:
    code = enrolments.add_device(centre, "Quầy 3", 3)
    hall.headers.update(ELSEWHERE)
    answer = hall.post("/api/device", json={"code": code.lower().replace("-", " ")})
    assert answer.json() == {"name": "Quầy 3", "counter": 3}
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    again = httpx.post(f"{hall.base_url}/api/device", json={"code": code})
    assert again.json()["code"] == "wrong_device_code"
    body = {"clerk": "clerk", "pin": PIN, "counter": 3}
    assert hall.post("/api/session", json=body).status_code == 200
    enrolments.remove_device(centre, "Quầy 3")
    hall.cookies.delete("kiosk_session")
    assert hall.post("/api/session", json=body).json()["code"] == "device_not_enrolled"


def test_a_code_of_a_device_is_good_for_an_hour_and_cannot_be_guessed(
    centre: Centre, clock: Clock, hall: httpx.Client
) -> None:
    code = enrolments.add_device(centre, "Máy tính bảng")
    clock.forward(minutes=61)
    answers = [hall.post("/api/device", json={"code": code}) for _ in range(12)]
    told = [answer.json()["code"] for answer in answers]
    assert told == ["wrong_device_code"] * 10 + ["too_many_tries"] * 2


def test_a_clerk_needs_a_counter_and_reception_has_none(hall: httpx.Client) -> None:
    answer = hall.post("/api/session", json={"clerk": "clerk", "pin": PIN})
    assert (answer.status_code, answer.json()["code"]) == (422, "counter_needed")
    answer = hall.post("/api/session", json={"clerk": "reception", "pin": PIN, "counter": 1})
    assert (answer.status_code, answer.json()["code"]) == (403, "no_counter_for")
    told = hall.post("/api/session", json={"clerk": "reception", "pin": PIN}).json()
    assert (told["role"], told["counter"]) == ("reception", None)
    assert set(told["rights"]) == {
        "reception", "priority", "appointments", "slips", "intake",
    }  # fmt: skip
    assert hall.get("/api/board").json()["lines"][0]["open_counters"] == []


def test_another_post_ends_the_session_in_the_old_one(centre: Centre, hall: httpx.Client) -> None:
    answer = hall.post("/api/session", json={"clerk": "supervisor", "pin": PIN})
    hall.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
    assert hall.get("/api/appointments").status_code == 200
    clerks.set_role(centre, "supervisor", StaffRole.TECHNICIAN)
    assert hall.get("/api/appointments").json()["code"] == "not_signed_in"


def test_a_session_is_never_one_that_the_visitor_brought(hall: httpx.Client) -> None:
    hall.cookies.set("kiosk_session", "A" * 43)
    hall.post("/api/session", json={"clerk": "supervisor", "pin": PIN})
    first = hall.cookies.get("kiosk_session", domain="127.0.0.1")
    hall.cookies.clear()
    hall.post("/api/session", json={"clerk": "supervisor", "pin": PIN})
    second = hall.cookies["kiosk_session"]
    assert len({"A" * 43, first, second}) == 3


def test_a_device_of_another_office_is_a_stranger(centre: Centre, hall: httpx.Client) -> None:
    other = replace(centre, code="H15.50.06")
    code = enrolments.add_device(other, "Quầy 1")
    hall.headers.update(ELSEWHERE)
    assert hall.post("/api/device", json={"code": code}).json()["code"] == "wrong_device_code"
