from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from kiosk.appointments import normalise_code
from tests.web.test_counters import told

if TYPE_CHECKING:
    import httpx

    from tests.hall import Clock


def book(client: httpx.Client, at: str, service: str = "A", **more: object) -> httpx.Response:
    return client.post("/api/appointments", json={"service": service, "at": at, **more})


def later(clock: Clock, **amount: float) -> str:
    return (clock() + timedelta(**amount)).isoformat()


def test_a_booking_is_kept_and_listed_by_its_time(
    hall: httpx.Client, hoa: httpx.Client, clock: Clock
) -> None:
    made = book(hall, later(clock, hours=2))
    assert made.status_code == 201
    booked = made.json()
    assert normalise_code(booked["code"]) == booked["code"]
    assert (booked["state"], booked["day"]) == ("booked", "2026-11-23")
    assert booked["due_at"] == "2026-11-23T10:42:00+07:00"
    named = book(hall, later(clock, hours=1), "B", code="k7m2 p4qx", dossier="H15.50.05-1").json()
    assert (named["code"], named["dossier"]) == ("K7M2P4QX", "H15.50.05-1")
    book(hall, later(clock, days=1))
    today = hoa.get("/api/appointments").json()["appointments"]
    assert [known["code"] for known in today] == ["K7M2P4QX", booked["code"]]
    tomorrow = hoa.get("/api/appointments", params={"day": "2026-11-24"}).json()["appointments"]
    assert len(tomorrow) == 1
    assert told(hoa.get("/api/appointments?day=x")) == (422, "malformed")


def test_a_booking_sent_again_after_a_lost_answer_is_the_same(
    hall: httpx.Client, clock: Clock
) -> None:
    at = later(clock, hours=2)
    first = book(hall, at, code="K7M2P4QX").json()
    assert book(hall, at, code="K7M2P4QX").json() == first
    assert told(book(hall, later(clock, hours=3), code="K7M2P4QX")) == (409, "appointment_exists")


def test_checking_in_gives_one_ticket_which_is_called_at_its_time(
    hall: httpx.Client, hoa: httpx.Client, clock: Clock
) -> None:
    code = book(hall, later(clock, minutes=10)).json()["code"]
    hall.post("/api/tickets", json={"service": "A", "priority": "NCT"})
    arrived = hall.post(f"/api/appointments/{code.lower()}/check-in")
    assert arrived.status_code == 201
    assert arrived.json()["due_at"] == "2026-11-23T08:52:00+07:00"
    again = hall.post(f"/api/appointments/{code}/check-in")
    assert (again.status_code, again.json()["id"]) == (200, arrived.json()["id"])
    clock.forward(minutes=10)
    assert hoa.post("/api/counters/1/next").json()["id"] == arrived.json()["id"]
    listed = hoa.get("/api/appointments")
    assert listed.json()["appointments"][0]["state"] == "arrived"
    assert arrived.json()["id"] not in listed.text
    assert told(hoa.delete(f"/api/appointments/{code}")) == (409, "appointment_used")


def test_an_appointment_is_called_off_once_and_for_all(
    hall: httpx.Client, hoa: httpx.Client, clock: Clock
) -> None:
    code = book(hall, later(clock, hours=2)).json()["code"]
    for _ in range(2):
        gone = hoa.delete(f"/api/appointments/{code}")
        assert (gone.status_code, gone.json()["state"]) == (200, "cancelled")
    assert told(hall.post(f"/api/appointments/{code}/check-in")) == (409, "appointment_cancelled")


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        ("vi", "Lịch hẹn này là lúc 08:42 thứ Ba, 24/11. Xin Ông/Bà quay lại đúng ngày hẹn."),
        ("en", "This appointment is at 08:42 on Tuesday, 24/11. Please come back on that day."),
    ],
)
def test_what_cannot_be_booked_or_checked_in_says_why(
    hall: httpx.Client, hoa: httpx.Client, clock: Clock, lang: str, sentence: str
) -> None:
    assert told(book(hall, later(clock, hours=2), "Z")) == (404, "unknown_service")
    assert told(book(hall, later(clock, hours=2), code="?!")) == (422, "bad_appointment_code")
    assert told(book(hall, later(clock, hours=-1))) == (409, "appointment_past")
    assert told(book(hall, later(clock, hours=8), "C")) == (409, "closed_then")
    for at in ("2026-11-24T08:00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", ""):
        assert told(book(hall, at)) == (422, "malformed")
    assert told(hall.post("/api/appointments/K7M2P4QX/check-in")) == (404, "no_such_appointment")
    assert told(hoa.delete("/api/appointments/%00")) == (404, "no_such_appointment")
    code = book(hall, later(clock, days=1)).json()["code"]
    early = hall.post(f"/api/appointments/{code}/check-in?lang={lang}")
    assert told(early) == (409, "appointment_other_day")
    assert early.json()["message"] == sentence


def test_appointments_are_for_this_machine_and_for_clerks(
    hall: httpx.Client, hoa: httpx.Client, clock: Clock
) -> None:
    elsewhere = {"X-Forwarded-For": "203.0.113.7"}
    for method, path in (
        ("GET", ""),
        ("POST", ""),
        ("POST", "/K7M2P4QX/check-in"),
        ("DELETE", "/K7M2P4QX"),
    ):
        body = (
            {"service": "A", "at": later(clock, hours=1)}
            if (method, path) == ("POST", "")
            else None
        )
        answer = hall.request(method, f"/api/appointments{path}", json=body, headers=elsewhere)
        assert told(answer) == (401, "not_signed_in"), path
    assert hoa.get("/api/appointments", headers=elsewhere).status_code == 200


def test_who_has_an_appointment_is_listed_and_called_off_by_clerks_alone(
    hall: httpx.Client, hoa: httpx.Client, clock: Clock
) -> None:
    code = book(hall, later(clock, hours=2)).json()["code"]
    assert told(hall.get("/api/appointments")) == (401, "not_signed_in")
    assert told(hall.delete(f"/api/appointments/{code}")) == (401, "not_signed_in")
    assert [known["state"] for known in hoa.get("/api/appointments").json()["appointments"]] == [
        "booked"
    ]
