from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from kiosk.office import devices
from kiosk.web import (
    answers,
    board_answers,
    dossiers,
    incoming,
    insight,
    intake_bodies,
    office,
    orders,
    procedures,
    rating_answers,
    session,
    settings,
)
from kiosk.web.examples import EXAMPLES

if TYPE_CHECKING:
    import httpx

    from kiosk.office.centre import Centre


def test_openapi_tells_every_call_and_its_errors(hall: httpx.Client) -> None:
    described = hall.get("/api/openapi.json").json()
    moves = (
        "next", "call", "recall", "start", "finish", "no-show", "park", "transfer", "return",
        "resume", "undo", "pause", "continue", "alarm", "note",
    )  # fmt: skip
    assert set(described["paths"]) == {
        "/api/tickets",
        "/api/tickets/{ticket_id}",
        "/api/tickets/{ticket_id}/cancel",
        "/api/tickets/{ticket_id}/return",
        "/api/appointments",
        "/api/appointments/{code}",
        "/api/appointments/{code}/check-in",
        "/api/session",
        "/api/session/resume",
        "/api/session/stay",
        "/api/device",
        "/api/board",
        "/api/board/seen",
        "/api/office",
        "/api/changes",
        "/api/jobs/{job_id}/printed",
        "/api/jobs/{job_id}/reprint",
        "/api/jobs/{job_id}/drop",
        "/api/dossiers",
        "/api/dossiers/lookup",
        "/api/procedures",
        "/api/procedures/{code}",
        "/healthz",
        "/metrics",
        *(f"/api/counters/{{n}}/{move}" for move in moves),
        "/api/counters/{n}/display",
        "/api/counters/{n}/rating",
        "/api/hall/ratings",
        *(f"/api/hall/counters/{{n}}/{order}" for order in ("close", "open", "services", "free")),
        *(
            f"/api/hall/services/{{code}}/{order}"
            for order in ("lift", "bind", "pause", "continue")
        ),
        "/api/hall/alarms/{n}",
        "/api/hall/alarms/{n}/answer",
        "/api/hall/priority",
        "/api/hall/figures",
        "/api/events",
        "/api/settings",
        "/api/reception/find",
        "/api/reception/reprint",
        "/api/intake",
        *(
            f"/api/intake/{call}"
            for call in ("procedures", "procedure", "find", "read", "move", "reprint")
        ),
    }
    for path, methods in described["paths"].items():
        for operation in methods.values():
            schema = operation["responses"]["422"]["content"]["application/json"]["schema"]
            assert schema == {"$ref": "#/components/schemas/Error"}, path
            assert operation["summary"]
    assert "HTTPValidationError" not in described["components"]["schemas"]
    assert set(described["components"]["schemas"]["Error"]["required"]) == {"code", "message"}


def schemas_of(content: dict[str, Any]) -> set[str]:
    """The models of a body, by name."""
    schema = content["application/json"]["schema"]
    refs = [one.get("$ref") for one in (schema, *schema.get("anyOf", ()))]
    return {ref.rpartition("/")[2] for ref in refs if ref}


def test_openapi_shows_an_example_of_every_body(hall: httpx.Client) -> None:
    described = hall.get("/api/openapi.json").json()
    bodies = []
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            parts = [answer for status, answer in operation["responses"].items() if status < "3"]
            for part in [
                *parts,
                *([operation["requestBody"]] if "requestBody" in operation else ()),
            ]:
                for media, content in part.get("content", {}).items():
                    if media == "application/json":
                        bodies += [(method, path, name) for name in schemas_of(part["content"])]
                    else:
                        assert content["example"], (method, path)
    assert len(bodies) > 40
    schemas = described["components"]["schemas"]
    lacking = [body for body in bodies if not schemas[body[2]].get("examples")]
    assert lacking == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_each_example_is_what_its_schema_says(name: str) -> None:
    model = next(
        found
        for module in (
            answers,
            orders,
            dossiers,
            incoming,
            procedures,
            session,
            insight,
            settings,
            office,
            rating_answers,
            board_answers,
            intake_bodies,
        )
        if (found := getattr(module, name, None)) is not None
    )
    example = EXAMPLES[name]
    read = model.model_validate_json(json.dumps(example))
    told = read.model_dump(mode="json", exclude_unset=True)
    assert told == example
    if not issubclass(model, orders.Body):
        assert example.keys() == model.model_fields.keys()


def test_openapi_tells_who_may_call(hall: httpx.Client) -> None:
    described = hall.get("/api/openapi.json").json()
    assert described["components"]["securitySchemes"].keys() == {"session", "device", "key"}
    assert described["security"] == [{"session": []}]
    scopes = {
        f"{method} {path}": one["key"]
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
        for one in operation.get("security", ())
        if "key" in one
    }
    assert scopes["post /api/tickets"] == ["tickets"]
    assert scopes["delete /api/appointments/{code}"] == ["appointments"]
    assert len(scopes) == 16
    assert described["paths"]["/api/session"]["post"]["security"] == []
    assert {} not in described["paths"]["/api/appointments"]["get"]["security"]
    for one in described["components"]["securitySchemes"].values():
        assert one["description"]


def shown_refusals(operation: dict[str, Any]) -> dict[str, set[str]]:
    """The refusals that the description of a call shows, by status."""
    return {
        status: set(answer["content"]["application/json"].get("examples", ()))
        for status, answer in operation["responses"].items()
        if "content" in answer
    }


CLOSED = {"counter_paused", "counter_closed"}
HERE = {"nobody_here", "no_such_ticket", "illegal_move"}
REFUSALS = {
    "/api/tickets/{ticket_id}/cancel": {"no_such_ticket", "illegal_move", "too_many_orders"},
    "/api/tickets/{ticket_id}/return": {
        "no_such_ticket", "illegal_move", "too_late", "missed_too_often", "too_many_orders",
    },
    "/api/session": {
        "wrong_pin", "device_not_enrolled", "unknown_counter", "counter_needed", "no_counter_for",
        "counter_taken", "too_many_tries",
    },
    "/api/session/resume": {"wrong_pin", "device_not_enrolled", "too_many_tries"},
    "/api/session/stay": {"locked"},
    "/api/device": {"wrong_device_code", "too_many_tries"},
    "/api/appointments/{code}/check-in": {
        "no_such_appointment", "appointment_other_day", "appointment_cancelled", "unknown_service",
        "too_many_orders",
    },
    "/api/counters/{n}/next": {
        "counter_paused", "counter_closed", "unknown_outcome", "no_such_ticket", "illegal_move",
    },
    "/api/counters/{n}/recall": HERE,
    "/api/counters/{n}/start": HERE,
    "/api/counters/{n}/finish": HERE | {"unknown_outcome"},
    "/api/counters/{n}/no-show": HERE | {"call_again", "wait_longer"},
    "/api/counters/{n}/park": HERE | {"other_day", "unknown_reason"},
    "/api/counters/{n}/transfer": HERE | {
        "other_day", "transfer_where", "unknown_service", "unknown_counter", "transfer_here",
    },
    "/api/counters/{n}/return": HERE | {"other_day", "too_late"},
    "/api/counters/{n}/resume": {"no_such_ticket", "illegal_move", "too_late", *CLOSED},
    "/api/counters/{n}/undo": {
        "nothing_to_undo", "undo_too_late", "undo_moved", *CLOSED,
    },
    "/api/counters/{n}/pause": {"reason_needed", "unknown_reason", "somebody_here"},
    "/api/counters/{n}/continue": set(),
    "/api/counters/{n}/rating": {
        "rate_at_display", "unknown_counter", "rating_off", "unknown_level", "rating_over",
        "already_rated",
    },
}  # fmt: skip


@pytest.mark.parametrize("path", REFUSALS)
def test_openapi_shows_what_a_move_may_be_refused_for(hall: httpx.Client, path: str) -> None:
    described = hall.get("/api/openapi.json").json()["paths"][path]["post"]
    codes = set().union(*shown_refusals(described).values())

    assert codes == REFUSALS[path]


def test_openapi_shows_the_refusals_of_a_call_below_their_status(hall: httpx.Client) -> None:
    described = hall.get("/api/openapi.json").json()["paths"]["/api/counters/{n}/call"]["post"]
    shown = shown_refusals(described)
    assert shown["404"] == {"no_such_number", "no_such_ticket"}
    assert shown["409"] == {
        "number_at_counter",
        "number_ended",
        *CLOSED,
        "illegal_move",
    }
    assert shown["422"] == {"reason_needed", "unknown_reason"}
    paused = described["responses"]["409"]["content"]["application/json"]["examples"]
    assert "Continue" in paused["counter_paused"]["value"]["message"]


def test_health_names_the_device_in_fault(centre: Centre, hall: httpx.Client) -> None:
    devices.report(centre, "printer", "fault", "paper_out")
    devices.report(centre, "scanner", "ok")
    told = hall.get("/healthz").json()
    assert told["status"] == "fault"
    found = {device["name"]: (device["state"], device["reason"]) for device in told["devices"]}
    assert found == {"printer": ("fault", "paper_out"), "scanner": ("ok", "")}


def test_metrics_are_prometheus_text(centre: Centre, hall: httpx.Client) -> None:
    hall.post("/api/tickets", json={"service": "A"})
    devices.report(centre, "printer", "fault", "paper_out")
    answer = hall.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    lines = answer.text.splitlines()
    assert 'kiosk_waiting{service="A"} 1.0' in lines
    assert any(line.startswith("kiosk_device_fault{") and line.endswith(" 1.0") for line in lines)
    assert 'kiosk_print_jobs{state="queued"} 1.0' in lines
    assert all(line.startswith(("# ", "kiosk_")) for line in lines)


def test_the_web_process_loads_no_qt() -> None:
    code = "import sys, kiosk.web.server; sys.exit(any('PySide' in name for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
