"""The trail of who did what, searched from the latest back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from kiosk.errors import Refused
from kiosk.office import audit
from kiosk.office.appointments import book
from kiosk.office.audit import Search, search_events
from kiosk.office.calls import call_next, finish
from kiosk.office.clerks import add_clerk, set_pin
from kiosk.office.direction import close_counter, prioritise, set_services
from kiosk.office.jobs import mark_sending, next_job, reprint_ticket, settle
from kiosk.office.sessions import sign_in
from kiosk.office.tickets import take_ticket
from kiosk.rights import StaffRole
from kiosk.store import events

if TYPE_CHECKING:
    from kiosk.office.centre import Centre
    from tests.hall import Clock

PIN = "135790"


@pytest.fixture
def past(centre: Centre, clock: Clock) -> Centre:
    """Two days: on each Hoa opens counter 2, two people take numbers and the first is served."""
    add_clerk(centre, "hoa", "Lê Thị Hoa", PIN)
    for _ in range(2):
        sign_in(centre, "hoa", PIN, 2)
        for _ in range(2):
            take_ticket(centre, service="A", actor="touch")
        call_next(centre, 2, clerk="hoa")
        clock.forward(minutes=5)
        finish(centre, 2, clerk="hoa")
        clock.forward(days=1)
    clock.forward(days=-1)
    return centre


def settle_slip(centre: Centre) -> None:
    job = next_job(centre)
    assert job is not None
    mark_sending(centre, job.id)
    settle(centre, job.id, "printed", "saved")


def kinds(centre: Centre, wanted: Search) -> list[str]:
    return [entry.kind for entry in search_events(centre, wanted).entries]


def test_all_is_told_from_the_latest_back(past: Centre) -> None:
    found = search_events(past, Search())
    assert [entry.seq for entry in found.entries] == list(range(len(found.entries), 0, -1))
    assert found.older is None
    latest = found.entries[0]
    assert (latest.kind, latest.name, latest.number) == ("ticket.finished", "Lê Thị Hoa", "A001")
    assert latest.counter == 2
    assert "number" not in latest.details


def test_a_day_has_its_own_events_alone(past: Centre) -> None:
    first = kinds(past, Search(day=date(2026, 11, 23)))
    second = kinds(past, Search(day=date(2026, 11, 24)))
    assert first.count("ticket.issued") == second.count("ticket.issued") == 2
    assert "clerk.added" in first
    assert "day.began" in second
    assert kinds(past, Search(day=date(2026, 11, 22))) == []
    assert kinds(past, Search(day=date(2030, 1, 1))) == []
    assert len(first) + len(second) == len(kinds(past, Search()))


def test_each_question_narrows_what_is_found(past: Centre) -> None:
    assert set(kinds(past, Search(group="counter"))) == {"counter.opened"}
    assert kinds(past, Search(group="count")) == []
    *by_hoa, added = search_events(past, Search(clerk="hoa")).entries
    assert {(entry.name, entry.about) for entry in by_hoa} == {("Lê Thị Hoa", None)}
    assert (added.actor, added.name, added.about) == ("operator", None, "Lê Thị Hoa")
    assert kinds(past, Search(counter=1)) == []
    assert "ticket.called" in kinds(past, Search(counter=2))


def test_a_clerk_is_found_in_all_that_they_did_and_in_what_is_about_them(
    centre: Centre, clock: Clock
) -> None:
    """An gives tickets, books, prioritises and prints again; Anh does the same once."""
    for login in ("an", "anh"):
        add_clerk(centre, login, login.title(), PIN, StaffRole.RECEPTION)
    sign_in(centre, "an", PIN, None)
    ticket = take_ticket(centre, service="A", actor="clerk:an").place.ticket
    prioritise(centre, ticket.id, "NCT", reason="old", by="an")
    book(centre, service="A", at=clock() + timedelta(days=1), actor="clerk:an")
    settle_slip(centre)
    reprint_ticket(centre, ticket.id, clerk="an")
    take_ticket(centre, service="A", actor="clerk:anh")
    take_ticket(centre, service="A", actor="touch")
    set_pin(centre, "an", "246802")
    assert kinds(centre, Search(clerk="an")) == [
        "clerk.pin_changed", "clerk.signed_out", "job.reprinted", "appointment.booked",
        "ticket.prioritised", "ticket.issued", "clerk.signed_in", "clerk.added",
    ]  # fmt: skip
    assert kinds(centre, Search(clerk="anh")) == ["ticket.issued", "clerk.added"]
    assert kinds(centre, Search(clerk="an", group="ticket")) == [
        "ticket.prioritised", "ticket.issued",
    ]  # fmt: skip
    assert kinds(centre, Search(clerk="a%")) == []


def test_a_number_is_the_one_of_its_day(past: Centre) -> None:
    today = search_events(past, Search(number="a1"))
    yesterday = search_events(past, Search(number="A001", day=date(2026, 11, 23)))
    for found in (today, yesterday):
        assert [entry.kind for entry in found.entries] == [
            "ticket.finished", "ticket.called", "ticket.issued",
        ]  # fmt: skip
    assert {e.seq for e in today.entries}.isdisjoint(e.seq for e in yesterday.entries)
    with pytest.raises(Refused, match="no_such_number"):
        search_events(past, Search(number="A009"))


def test_orders_in_the_hall_are_found_by_their_counter(centre: Centre) -> None:
    close_counter(centre, 2, by="truong")
    set_services(centre, 3, ["A"], by="truong")
    assert kinds(centre, Search(counter=2)) == ["hall.counter_closed"]
    (changed,) = search_events(centre, Search(counter=3)).entries
    assert changed.details == {"old": ["C", "D", "F"], "new": ["A"]}
    assert changed.counter == 3


def test_pages_go_back_to_the_first_event_without_a_gap(
    past: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = [entry.seq for entry in search_events(past, Search()).entries]
    monkeypatch.setattr(audit, "PAGE", 3)
    for wanted in (Search(), Search(group="ticket"), Search(day=date(2026, 11, 23))):
        seen: list[int] = []
        before = None
        while True:
            found = search_events(past, replace(wanted, before=before))
            seen += [entry.seq for entry in found.entries]
            if found.older is None:
                break
            before = found.older
        assert seen == sorted(set(seen), reverse=True)
        if wanted == Search():
            assert seen == whole
        assert len(seen) > 3


def test_a_search_through_years_stops_and_goes_on(
    past: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "LOOKED_THROUGH", 2)
    before, found, looks = None, [], 0
    while True:
        page = search_events(past, Search(group="clerk", before=before))
        found += [entry.kind for entry in page.entries]
        looks += 1
        if page.older is None:
            break
        assert before is None or page.older < before
        before = page.older
    assert found == ["clerk.added"]
    assert looks > 5


def test_a_moment_is_found_among_the_events(past: Centre, clock: Clock) -> None:
    with past.database.read() as query:
        end = events.last(query, past.code)
        rows = query.all("SELECT seq, at FROM event ORDER BY seq")
        assert events.first_since(query, past.code, clock()) <= end
        clock.forward(days=1)
        assert events.first_since(query, past.code, clock()) == end + 1
        clock.forward(days=-30)
        assert events.first_since(query, past.code, clock()) == 1
    assert [row["at"] for row in rows] == sorted(row["at"] for row in rows)
