"""What the paper says, and at which step of its journey a ticket stands."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from kiosk.office.appointments import book, check_in
from kiosk.office.calls import call_next, finish, undo
from kiosk.office.tickets import follow, slip_data, take_ticket
from kiosk.texts import texts
from kiosk.tickets import Counter
from printer.slips import draw
from tests.hall import SERVICES, centre_at

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.office.centre import Centre


@pytest.fixture
def centre(tmp_path: Path) -> Centre:
    made = centre_at(tmp_path / "kiosk.db")
    services = {service.code: service for service in SERVICES}
    services["A"] = replace(services["A"], then=("B", "F"))
    counters = {1: Counter(1, ("A", "B", "F"), "hall")}
    return replace(made, services=services, counters=counters)


def paper(centre: Centre, ticket: str) -> dict[str, object]:
    with centre.database.read() as query:
        row = query.one("SELECT data FROM print_job WHERE ticket = :ticket", ticket=ticket)
    assert row is not None
    data: dict[str, object] = json.loads(row["data"])
    draw("ticket", data)
    return data


def test_the_paper_says_where_the_ticket_goes_on(centre: Centre) -> None:
    first = take_ticket(centre, service="A", actor="test", language="vi").place.ticket
    plain = take_ticket(centre, service="B", actor="test", language="en").place.ticket

    assert paper(centre, first.id)["journey"] == "Sau đó đến: Hộ tịch, Trả kết quả"
    assert paper(centre, plain.id)["journey"] == ""


def test_the_paper_warns_of_the_end_of_the_session_but_not_of_a_counter_that_opens_soon(
    centre: Centre,
) -> None:
    early = take_ticket(centre, service="B", actor="test").place
    late = replace(early, warning="after_closing", ends_at=centre.clock() + timedelta(minutes=168))

    assert early.warning == "no_counter"
    assert paper(centre, early.ticket.id)["warning"] == ""
    told = slip_data(centre, late, texts("en"))["warning"]
    assert told == "You may have to wait beyond 11:30. Please ask at the help desk."


def test_the_paper_of_an_appointment_says_its_time(centre: Centre) -> None:
    at = centre.clock() + timedelta(minutes=48)
    code = book(centre, service="B", at=at, actor="test").code
    ticket = check_in(centre, code, actor="test").place.ticket

    assert paper(centre, ticket.id)["appointment"] == "Lịch hẹn 09:30"
    assert paper(centre, ticket.id)["facts"] == [["Đến", "Quầy 1"]]


def test_the_paper_never_says_that_somebody_comes_first(centre: Centre) -> None:
    plain = take_ticket(centre, service="B", actor="test").place.ticket
    first = take_ticket(centre, service="B", actor="test", priority="NCT").place.ticket
    told = json.dumps(paper(centre, first.id), ensure_ascii=False)

    assert "NCT" not in told.replace(first.id, "")
    assert "cao tuổi" not in told
    assert paper(centre, first.id).keys() == paper(centre, plain.id).keys()


def test_each_service_of_a_journey_is_a_step_and_undo_takes_it_back(centre: Centre) -> None:
    ticket = take_ticket(centre, service="A", actor="test").place.ticket
    steps = [follow(centre, ticket.id).step]
    for _ in range(2):
        call_next(centre, 1, clerk="lan")
        finish(centre, 1, clerk="lan")
        steps.append(follow(centre, ticket.id).step)
    undo(centre, 1, clerk="lan")
    steps.append(follow(centre, ticket.id).step)

    assert steps == [1, 2, 3, 2]


def test_a_service_that_comes_back_in_a_journey_is_a_step_of_its_own(centre: Centre) -> None:
    ticket = take_ticket(centre, services=("B", "F", "B"), actor="test").place.ticket
    steps = [follow(centre, ticket.id).step]
    for _ in range(2):
        call_next(centre, 1, clerk="lan")
        finish(centre, 1, clerk="lan")
        steps.append(follow(centre, ticket.id).step)

    assert steps == [1, 2, 3]


@pytest.mark.parametrize(
    ("lang", "seconds", "told"),
    [
        ("vi", (5, 50), "Dự kiến chờ dưới 1 phút"),
        ("vi", (600, 900), "Dự kiến chờ 10–15 phút"),
        ("en", (5, 50), "Expected wait: less than 1 minute"),
        ("en", (600, 900), "Expected wait: 10–15 minutes"),
    ],
)
def test_the_paper_tells_a_short_wait_as_naturally_as_a_long_one(
    centre: Centre, lang: str, seconds: tuple[int, int], told: str
) -> None:
    place = take_ticket(centre, service="B", actor="test").place
    lines = slip_data(centre, replace(place, estimate=seconds), texts(lang))["lines"]

    assert isinstance(lines, list)
    assert lines[0] == told
