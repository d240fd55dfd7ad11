from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

import pytest

from kiosk.errors import Refused
from kiosk.office.calls import call_next, finish, transfer
from kiosk.office.clerks import add_clerk
from kiosk.office.hall import read_board
from kiosk.office.jobs import next_job
from kiosk.office.sessions import sign_in
from kiosk.office.tickets import follow, minutes, take_ticket
from kiosk.store import events
from kiosk.tickets import Priority, Ticket, TicketState, is_id
from tests.hall import centre_of

if TYPE_CHECKING:
    from kiosk.office.centre import Centre
    from tests.hall import Clock


def take(centre: Centre, service: str = "A", **more: str) -> str:
    return take_ticket(centre, service=service, actor="touch", **more).place.ticket.number


def take_many(url: str, count: int) -> list[str]:
    centre = centre_of(url)
    taken = [take(centre) for _ in range(count)]
    centre.database.close()
    return taken


def test_numbers_of_a_service_follow_each_other_and_start_anew_each_day(
    centre: Centre, clock: Clock
) -> None:
    first_day = [take(centre), take(centre), take(centre, "B")]
    clock.forward(days=1)

    assert first_day == ["A001", "A002", "B001"]
    assert take(centre) == "A001"


def test_after_999_the_number_grows_a_digit(centre: Centre) -> None:
    with centre.database.write() as query:
        query.run(
            "INSERT INTO series (office, day, code, last) VALUES (:office, :day, 'A', 998)",
            office=centre.code,
            day="2026-11-23",
        )

    assert [take(centre), take(centre)] == ["A999", "A1000"]


def test_eight_processes_that_take_at_once_get_different_gapless_numbers(store_url: str) -> None:
    with ProcessPoolExecutor(8, mp_context=get_context("spawn")) as pool:
        taken = list(pool.map(take_many, [store_url] * 8, [10] * 8))

    numbers = sorted(number for answer in taken for number in answer)
    assert numbers == [f"A{n:03d}" for n in range(1, 81)]


def test_a_repeated_tap_gives_the_same_ticket_again(centre: Centre) -> None:
    with ThreadPoolExecutor(4) as pool:
        answers = list(
            pool.map(
                lambda _: take_ticket(centre, service="A", actor="touch", request_id="tap-1"),
                range(8),
            )
        )

    assert {answer.place.ticket.id for answer in answers} == {answers[0].place.ticket.id}
    assert [answer.new for answer in answers].count(True) == 1
    assert take(centre) == "A002"


def test_a_repeated_tap_is_the_same_wherever_its_ticket_has_gone(centre: Centre) -> None:
    goes_on = replace(centre.services["B"], then=("F",))
    centre = replace(centre, services={**centre.services, "B": goes_on})

    def tap() -> Ticket:
        return take_ticket(
            centre, services=("A", "B"), actor="api", priority="NCT", request_id="tap-1"
        ).place.ticket

    first = tap()
    call_next(centre, 1, clerk="hoa")
    finish(centre, 1, clerk="hoa")
    went_on = tap()
    call_next(centre, 1, clerk="hoa")
    transfer(centre, 1, clerk="hoa", service="D")
    sent = tap()

    assert (went_on.id, went_on.service, went_on.journey) == (first.id, "B", ("F",))
    assert (sent.id, sent.service, sent.journey) == (first.id, "D", ("F",))


def test_a_tap_sent_twice_is_the_same_though_the_office_changed_where_tickets_go_on(
    centre: Centre,
) -> None:
    """The last step of the journey nobody asked for: it stood in the configuration."""
    then = {"A": ("F",), "B": ()}
    given = replace(
        centre,
        services={
            code: replace(one, then=then.get(code, ())) for code, one in centre.services.items()
        },
    )
    tap = {"service": "A", "actor": "api", "request_id": "tap-1"}
    first = take_ticket(given, **tap).place.ticket

    assert first.journey == ("F",)
    assert take_ticket(centre, **tap).place.ticket == first
    with pytest.raises(Refused, match="request_differs"):
        take_ticket(centre, services=("A", "F"), actor="api", request_id="tap-1")


@pytest.mark.parametrize(
    "other",
    [
        {"services": ("B",)},
        {"services": ("A",)},
        {"services": ("A", "C")},
        {"services": ("A", "B", "C")},
        {"services": ("A", "B"), "priority": None},
        {"services": ("A", "B"), "dossier": "H15.50.05-261118-0007"},
    ],
)
def test_a_request_that_was_used_for_something_else_gives_nothing(
    centre: Centre, other: dict[str, Any]
) -> None:
    asked = {"services": ("A", "B"), "priority": "NCT"}
    take_ticket(centre, actor="api", request_id="tap-1", **asked)

    with pytest.raises(Refused, match="request_differs number=A001"):
        take_ticket(centre, actor="api", request_id="tap-1", **{**asked, **other})
    assert take(centre) == "A002"


def test_a_ticket_its_event_and_its_paper_are_born_together(centre: Centre) -> None:
    issued = take_ticket(centre, service="A", actor="touch", language="en")

    ticket = issued.place.ticket
    with centre.database.read() as query:
        (job,) = query.all("SELECT * FROM print_job WHERE ticket = :ticket", ticket=ticket.id)
        event = query.one("SELECT * FROM event WHERE ticket = :ticket", ticket=ticket.id)
    assert is_id(ticket.id)
    assert (job["state"], job["kiosk"], job["slip"]) == ("queued", "kiosk-1", "ticket")
    slip = next_job(centre)
    assert slip is not None
    assert slip.data is not None
    assert (slip.id, slip.data["number"], slip.data["code"]) == (job["id"], "A001", ticket.id)
    assert slip.data["heading"] == "Your number"
    assert event is not None
    assert (event["kind"], event["actor"], event["seq"]) == ("ticket.issued", "touch", ticket.place)


def test_people_ahead_are_those_of_the_same_line_who_still_wait(centre: Centre) -> None:
    add_clerk(centre, "hoa", "Lê Thị Hoa", "135790")
    sign_in(centre, "hoa", "135790", 2)
    take(centre)
    take(centre, "B")
    mine = take_ticket(centre, service="A", actor="touch").place
    take(centre)
    before = mine.ahead
    call_next(centre, 2, clerk="hoa")

    assert (before, follow(centre, mine.ticket.id).ahead) == (1, 0)


def test_a_priority_ticket_stands_before_the_others_of_its_line(centre: Centre) -> None:
    normal = take_ticket(centre, service="A", actor="touch").place.ticket
    first = take_ticket(centre, service="A", actor="touch", priority="NCT").place

    assert first.ahead == 0
    assert follow(centre, normal.id).ahead == 1


def test_outside_its_hours_a_service_refuses_and_says_when_it_opens(
    centre: Centre, clock: Clock
) -> None:
    clock.forward(hours=4)

    with pytest.raises(Refused) as refusal:
        take(centre, "C")
    assert refusal.value.code == "closed_hours"
    opens_at = refusal.value.facts["opens_at"]
    assert f"{opens_at:%d/%m %H:%M}" == "24/11 07:30"
    assert take(centre, "A") == "A001"


def test_the_daily_limit_ends_a_service_for_the_day_without_burning_a_number(
    centre: Centre, clock: Clock
) -> None:
    taken = [take(centre, "D"), take(centre, "D")]
    for _ in range(2):
        with pytest.raises(Refused, match="limit_reached"):
            take(centre, "D")
    line = next(line for line in read_board(centre).lines if line.code == "D")
    clock.forward(days=1)

    assert taken == ["D001", "D002"]
    assert line.refusal == "limit_reached"
    assert take(centre, "D") == "D001"


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"service": "Z"}, "unknown_service"),
        ({"service": "A", "priority": "X"}, "unknown_priority"),
    ],
)
def test_what_the_office_does_not_have_is_refused(
    centre: Centre, facts: dict[str, str], code: str
) -> None:
    with pytest.raises(Refused, match=code):
        take_ticket(centre, actor="touch", **facts)
    with centre.database.read() as query:
        assert events.last(query, centre.code) == 0


def test_a_clock_that_jumps_back_never_gives_a_number_again(centre: Centre, clock: Clock) -> None:
    first = take(centre)
    clock.forward(days=1)
    other_day = take(centre)
    clock.forward(days=-1, hours=-1)

    assert (first, other_day, take(centre)) == ("A001", "A001", "A002")


def test_a_ticket_of_yesterday_that_was_not_called_has_expired(
    centre: Centre, clock: Clock
) -> None:
    ticket = take_ticket(centre, service="A", actor="touch").place.ticket
    clock.forward(days=1)

    assert follow(centre, ticket.id).ticket.state is TicketState.EXPIRED
    assert read_board(centre).lines[0].waiting == 0


def test_the_estimate_comes_from_what_people_took_and_is_silent_before(
    centre: Centre, clock: Clock
) -> None:
    add_clerk(centre, "hoa", "Lê Thị Hoa", "135790")
    sign_in(centre, "hoa", "135790", 2)
    waits = []
    for _ in range(6):
        take(centre)
        waits.append(take_ticket(centre, service="A", actor="touch").place.estimate)
        call_next(centre, 2, clerk="hoa")
        clock.forward(minutes=4)
    call_next(centre, 2, clerk="hoa")
    place = take_ticket(centre, service="A", actor="touch").place

    assert waits[0] is None
    assert place.ahead == 5
    assert place.estimate is not None
    low, high = place.estimate
    assert low < 6 * 240 < high
    assert minutes(place.estimate) == (low // 60, -(-high // 60))


def test_an_unknown_ticket_is_refused(centre: Centre) -> None:
    with pytest.raises(Refused, match="no_such_ticket"):
        follow(centre, "A00000000000")


def test_who_has_priority_is_told_of_those_whom_nobody_passes_any_more(
    centre: Centre, clock: Clock
) -> None:
    take(centre)
    clock.forward(minutes=30)
    take(centre)
    clock.forward(minutes=31)

    elderly = take_ticket(centre, service="A", priority="NCT", actor="touch").place
    anybody = take_ticket(centre, service="A", actor="touch").place

    assert elderly.ahead == 1
    assert follow(centre, elderly.ticket.id).ahead == 1
    assert anybody.ahead == 3
    assert [call_next(centre, 1, clerk="hoa").number for _ in range(2)] == ["A001", "A003"]


def test_who_has_no_class_is_told_of_a_share_that_has_waited_too_long(
    centre: Centre, clock: Clock
) -> None:
    shared = Priority("BS", {"vi": "Bố trí xen kẽ"}, one_in=3)
    centre = replace(centre, priorities={"BS": shared})
    for _ in range(6):
        take_ticket(centre, service="A", priority="BS", actor="touch")
    clock.forward(minutes=61)

    assert take_ticket(centre, service="A", actor="touch").place.ahead == 6
