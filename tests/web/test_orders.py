from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pydantic import BaseModel

from kiosk.office import appointments, hall, tickets
from kiosk.web import orders
from tests.web.test_counters import press, take, told

if TYPE_CHECKING:
    import httpx

    from kiosk.office.centre import Centre

BOOKING = {"service": "A", "at": "2026-11-24T09:30:00+07:00"}
MISSPELT = [
    ("tickets", {"service": "A", "prioritty": "NCT"}, "prioritty", "priority"),
    ("tickets", {"servise": "A"}, "servise", "service"),
    ("counters/1/next", {"request_Id": "press-1"}, "request_Id", "request_id"),
    ("counters/1/finish", {"out_come": "signed"}, "out_come", "outcome"),
    ("counters/1/recall", {"tiket": "A00000000000"}, "tiket", "ticket"),
    ("counters/1/transfer", {"service": "B", "keepplace": False}, "keepplace", "keep_place"),
    ("counters/1/resume", {"tickets": "A00000000000"}, "tickets", "ticket"),
    ("counters/1/pause", {"reasons": "break"}, "reasons", "reason"),
    ("session", {"clerk": "hoa", "pin": "246810", "conter": 1}, "conter", "counter"),
    ("appointments", {**BOOKING, "dosier": "H15"}, "dosier", "dossier"),
    ("dossiers/lookup", {"code": "H15", "secrets": "1"}, "secrets", "secret"),
    ("tickets", {"service": "A", "zzz": 1}, "zzz", None),
]
HINTS = {"vi": ("khóa không dùng ở đây", "Có phải là"), "en": ("not known here", "Did you mean")}


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize(("path", "body", "key", "near"), MISSPELT)
def test_a_misspelt_key_is_told_with_the_nearest_and_does_nothing(
    centre: Centre,
    hoa: httpx.Client,
    path: str,
    body: dict[str, object],
    key: str,
    near: str | None,
    lang: str,
) -> None:
    take(centre, times=2)
    here = press(hoa, "next").json()["id"]
    answer = hoa.post(f"/api/{path}", json=body, headers={"Accept-Language": lang})

    assert told(answer) == (422, "malformed")
    message = answer.json()["message"]
    what, did_you_mean = HINTS[lang]
    assert what in message
    assert f"“{key}”" in message
    assert (did_you_mean in message) is (near is not None)
    assert near is None or f"“{near}”" in message
    view = hall.read_counter(centre, 1)
    assert view.current is not None
    assert (view.current.id, view.waiting_total) == (here, 1)
    assert tickets.follow(centre, here).ticket.calls == 1
    assert appointments.read_appointments(centre, "2026-11-24") == ()


def test_every_body_refuses_what_it_does_not_know() -> None:
    bodies = [
        made
        for made in vars(orders).values()
        if isinstance(made, type) and issubclass(made, BaseModel) and made is not BaseModel
    ]

    assert len(bodies) > 10
    assert [made for made in bodies if made.model_config.get("extra") != "forbid"] == []


@pytest.mark.parametrize(
    ("move", "body", "place"),
    [
        ("return", {"keep_place": "no"}, "body.keep_place"),
        ("return", {"keep_place": 0}, "body.keep_place"),
        ("transfer", {"service": "B", "keep_place": "false"}, "body.keep_place"),
        ("transfer", {"counter": "2"}, "body.counter"),
        ("transfer", {"counter": 2.0}, "body.counter"),
        ("transfer", {"counter": True}, "body.counter"),
    ],
)
def test_a_boolean_and_a_counter_are_never_guessed(
    centre: Centre, hoa: httpx.Client, move: str, body: dict[str, object], place: str
) -> None:
    take(centre)
    here = press(hoa, "next").json()["id"]
    answer = press(hoa, move, **body)

    assert told(answer) == (422, "malformed")
    assert place in answer.json()["message"]
    assert tickets.follow(centre, here).ticket.counter == 1
