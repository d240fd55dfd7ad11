"""What a webhook is told of a ticket is how the ticket was right after the event."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from kiosk.calendar import moment
from kiosk.dossiers import Dossier, Status
from kiosk.office import calls, clerks, sessions, visits, webhooks
from kiosk.office.incoming import store_dossiers
from kiosk.office.moves import EVENTS
from kiosk.office.tickets import take_ticket
from kiosk.store import events, tickets
from kiosk.webhooks import KINDS, Webhook, kinds_of, pause
from tests.hall import centre_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kiosk.office.centre import Centre
    from tests.hall import Clock

PIN = "246810"
HOOK = Webhook("signage", "http://127.0.0.1/", kinds_of("ticket.*"), b"a secret of this test")
TIMES = ("issued_at", "called_at", "started_at", "ended_at")


@pytest.fixture
def centre(store_url: str, clock: Clock) -> Iterator[Centre]:
    centre = centre_of(store_url, clock)
    for login, counter in (("hoa", 1), ("minh", 2), ("lan", 3)):
        clerks.add_clerk(centre, login, "Lê Thị Hoa", PIN)
        sessions.sign_in(centre, login, PIN, counter)
    yield centre
    centre.database.close()


def told_since(centre: Centre, after: int) -> list[dict[str, Any]]:
    page = webhooks.read_page(centre, HOOK, after)
    return [json.loads(delivery.body) for delivery in page.deliveries]


def end(centre: Centre) -> int:
    with centre.database.read() as query:
        return events.last(query, centre.code)


def kept(centre: Centre, ticket: str) -> dict[str, Any]:
    """As its row has it."""
    with centre.database.read() as query:
        known = tickets.by_id(query, centre.code, ticket)
    assert known is not None
    return {
        "number": known.number,
        "service": known.service,
        "state": known.state.value,
        "calls": known.calls,
        **{name: getattr(known, name) for name in TIMES},
    }


def as_kept(told: dict[str, Any]) -> dict[str, Any]:
    facts = {name: told[name] for name in ("number", "service", "state", "calls")}
    return facts | {name: moment(told[name]) if told[name] else None for name in TIMES}


def test_after_each_event_it_is_told_as_it_was_then(centre: Centre, clock: Clock) -> None:
    """Also when all of it is told at once, long after."""
    ticket = take_ticket(centre, service="A", services=("A", "F"), actor="touch").place.ticket.id
    hoa: dict[str, Any] = {"counter": 1, "clerk": "hoa"}
    again = replace(centre.queue, no_show_after=3)
    centre = replace(centre, queue=again)
    steps: list[Callable[[], object]] = [
        lambda: calls.call_next(centre, **hoa),
        lambda: calls.recall(centre, **hoa),
        lambda: calls.no_show(centre, **hoa),
        lambda: calls.call_next(centre, **hoa),
        lambda: calls.undo(centre, **hoa),
        lambda: calls.call_next(centre, **hoa),
        lambda: calls.start(centre, **hoa),
        lambda: calls.park(centre, **hoa, reason="supplement"),
        lambda: visits.come_back(centre, ticket, actor="touch"),
        lambda: calls.call_next(centre, **hoa),
        lambda: calls.transfer(centre, **hoa, to_counter=2),
        lambda: calls.call_next(centre, 2, clerk="minh"),
        lambda: calls.transfer(centre, 2, clerk="minh", service="B"),
        lambda: calls.call_next(centre, **hoa),
        lambda: calls.finish(centre, **hoa),
        lambda: calls.call_next(centre, 3, clerk="lan"),
        lambda: calls.start(centre, 3, clerk="lan"),
        lambda: calls.finish(centre, 3, clerk="lan"),
    ]
    expected = []
    begun = end(centre)
    for step in steps:
        clock.forward(seconds=5)
        before = end(centre)
        step()
        (told,) = told_since(centre, before)
        assert as_kept(told) == kept(centre, ticket), told
        expected.append(told)
    assert told_since(centre, begun) == expected
    kinds = [told["event"] for told in expected]
    assert {"ticket.undone", "ticket.went_on", "ticket.missed", "ticket.transferred"} <= set(kinds)


def test_an_undone_end_is_told_as_no_end(centre: Centre, clock: Clock) -> None:
    ticket = take_ticket(centre, service="A", actor="touch").place.ticket.id
    calls.call_next(centre, 1, clerk="hoa")
    calls.finish(centre, 1, clerk="hoa")
    before = end(centre)
    calls.undo(centre, 1, clerk="hoa")
    (told,) = told_since(centre, before)
    assert (told["event"], told["state"], told["ended_at"]) == ("ticket.undone", "called", None)
    assert as_kept(told) == kept(centre, ticket)


def test_nothing_personal_goes_out(centre: Centre) -> None:
    known = Dossier("H15.50.05-261118-0007", Status.PROCESSING, owner_name="Nguyễn Văn An")
    store_dossiers(centre, [known], source="test")
    issued = take_ticket(
        centre, service="A", actor="touch", priority="NCT", dossier="H15.50.05-261118-0007"
    )
    calls.call_next(centre, 1, clerk="hoa")
    page = webhooks.read_page(centre, HOOK, 0)
    whole = b"".join(delivery.body for delivery in page.deliveries).decode()
    assert len(page.deliveries) == 2
    for secret in (
        "NCT",
        "261118",
        "Nguyễn",
        "hoa",
        "Lê Thị",
        issued.place.ticket.id,
        "priority",
        "why",
    ):
        assert secret not in whole


def test_every_event_of_a_ticket_can_be_asked_for() -> None:
    happens = {*EVENTS.values(), "ticket.issued", "ticket.undone"}
    # Who has a class is told to nobody.
    assert set(KINDS) == happens - {"ticket.prioritised"}
    assert kinds_of("ticket.*") == kinds_of("*") == frozenset(KINDS)
    assert kinds_of("ticket.called") == {"ticket.called"}
    assert kinds_of("clerk.*") == kinds_of("session.opened") == kinds_of("") == frozenset()


def test_pauses_grow_to_five_minutes_and_no_further() -> None:
    pauses = [pause(failures) for failures in range(1, 2000)]
    assert pauses[:5] == [1, 2, 4, 8, 16]
    assert pauses == sorted(pauses)
    assert max(pauses) == pauses[-1] == 300


def test_the_first_event_of_a_time_is_found_among_all(centre: Centre, clock: Clock) -> None:
    for _ in range(20):
        take_ticket(centre, service="A", actor="touch")
        clock.forward(minutes=10)
    with centre.database.read() as query:
        rows = events.since(query, centre.code, 0, 1000)
        for row in rows:
            found = events.first_since(query, centre.code, moment(row["at"]), 0)
            assert found == min(one["seq"] for one in rows if one["at"] >= row["at"])
        assert events.first_since(query, centre.code, clock.now, 0) == rows[-1]["seq"] + 1
        late = events.first_since(query, centre.code, moment(rows[0]["at"]), rows[-1]["seq"])
        assert late == rows[-1]["seq"] + 1
