"""What the paper says, and at which step of its journey a ticket stands."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from kiosk.office.appointments import book, check_in
from kiosk.office.calls import call_next, call_ticket, finish, undo
from kiosk.office.slips import read_slip, slip_data
from kiosk.office.tickets import follow, take_ticket
from kiosk.office.visits import cancel
from kiosk.store import tickets
from kiosk.texts import texts
from kiosk.tickets import Counter
from printer.slips import draw
from tests.hall import SERVICES, Clock, centre_at

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.office.centre import Centre


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def centre(tmp_path: Path, clock: Clock) -> Centre:
    made = centre_at(tmp_path / "kiosk.db", clock)
    services = {service.code: service for service in SERVICES}
    services["A"] = replace(services["A"], then=("B", "F"))
    counters = {1: Counter(1, ("A", "B", "F"), "hall")}
    return replace(made, services=services, counters=counters)


def stored(centre: Centre, ticket: str) -> str:
    """What the store keeps for the paper."""
    with centre.database.read() as query:
        row = query.one("SELECT data FROM print_job WHERE ticket = :ticket", ticket=ticket)
    assert row is not None
    return str(row["data"])


def paper(centre: Centre, ticket: str) -> dict[str, object]:
    with centre.database.read() as query:
        known = tickets.by_id(query, centre.code, ticket)
    data = read_slip(centre, stored(centre, ticket), known)
    assert data is not None
    draw("ticket", data)
    return data


def test_the_paper_says_where_the_ticket_goes_on(centre: Centre) -> None:
    first = take_ticket(centre, service="A", actor="test", language="vi").place.ticket
    plain = take_ticket(centre, service="B", actor="test", language="en").place.ticket

    assert paper(centre, first.id)["journey"] == ("Sau đó đến: Hộ\u00a0tịch, Trả\u00a0kết\u00a0quả")
    assert paper(centre, plain.id)["journey"] == ""


@pytest.mark.parametrize(
    ("hour", "told"), [(11, "buổi sáng"), (12, "buổi chiều"), (17, "buổi chiều"), (18, "buổi tối")]
)
def test_the_code_stands_beside_the_part_of_the_day(
    centre: Centre, clock: Clock, hour: int, told: str
) -> None:
    clock.now = datetime(2026, 11, 23, hour, 30, tzinfo=centre.timezone)
    ticket = take_ticket(centre, service="A", actor="test", language="vi").place.ticket

    assert paper(centre, ticket.id)["caption"] == f"A001 · {told}"


def test_many_counters_stand_on_the_paper_as_people_say_them(centre: Centre) -> None:
    many = {n: replace(centre.counters[1], number=n) for n in (*range(2, 12), 15, 17)}
    centre = replace(centre, counters=many)
    ticket = take_ticket(centre, service="A", actor="test", language="vi").place.ticket
    facts = paper(centre, ticket.id)["facts"]

    assert isinstance(facts, list)
    assert facts[0] == ["Đến", "Quầy 2–11 · 15 · 17"]


def test_the_paper_warns_of_the_end_of_the_session_but_not_of_a_counter_that_opens_soon(
    centre: Centre,
) -> None:
    early = take_ticket(centre, service="B", actor="test").place
    late = replace(early, warning="after_closing", ends_at=centre.clock() + timedelta(minutes=168))

    assert early.warning == "no_counter"
    assert paper(centre, early.ticket.id)["warning"] == ""
    told = slip_data(centre, late, texts("en"))["warning"]
    assert told == "The wait may go past 11:30. Please ask at the help desk."


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

    assert "NCT" not in (stored(centre, first.id) + told).replace(first.id, "")
    assert "cao tuổi" not in told
    assert paper(centre, first.id).keys() == paper(centre, plain.id).keys()


def test_a_late_paper_says_what_held_when_the_ticket_was_given(centre: Centre) -> None:
    ahead = take_ticket(centre, service="A", actor="test").place.ticket
    ticket = take_ticket(centre, service="A", actor="test", language="en").place.ticket
    before = paper(centre, ticket.id)
    call_ticket(centre, 1, ticket.number, reason="late", clerk="lan")
    finish(centre, 1, clerk="lan")
    cancel(centre, ahead.id, actor="test")

    assert paper(centre, ticket.id) == before
    assert before["service"] == "Chứng thực (en)"
    assert before["facts"] == [["Go to", "Counter 1"], ["Ahead of you", "1 person"]]


def test_a_paper_comes_out_though_its_service_is_no_longer_offered(centre: Centre) -> None:
    ticket = take_ticket(centre, service="B", actor="test").place.ticket
    services = {code: one for code, one in centre.services.items() if code != "B"}

    data = paper(replace(centre, services=services), ticket.id)
    assert (data["number"], data["service"]) == ("B001", "B")


def test_a_paper_that_an_earlier_version_queued_comes_out_as_that_wrote_it(centre: Centre) -> None:
    ticket = take_ticket(centre, service="B", actor="test").place.ticket
    before = paper(centre, ticket.id) | {"farewell": ["Hẹn gặp lại."]}
    with centre.database.write() as query:
        query.run("UPDATE print_job SET data = :data", data=json.dumps(before))

    assert paper(centre, ticket.id)["farewell"] == ["Hẹn gặp lại."]


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"language": "xx", "service": "A"},
        {"language": 7, "service": "A"},
        {"language": "vi", "service": "A", "estimate": [1]},
        {"language": "vi", "service": "A", "counters": 7},
        {"language": "vi", "service": ["A"]},
        {"language": "vi", "service": "A", "ahead": "many"},
        {"language": "vi", "service": "A", "warning": "unheard_of"},
        {"language": "vi", "service": "A", "warning": "after_closing", "ends_at": "soon"},
    ],
)
def test_facts_that_cannot_be_read_make_no_paper_and_no_bug(
    centre: Centre, told: dict[str, object]
) -> None:
    ticket = take_ticket(centre, service="A", actor="test").place.ticket

    assert read_slip(centre, json.dumps(told), ticket) is None


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
