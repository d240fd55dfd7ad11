"""One visit over several services, and what becomes of it when a clerk sends it elsewhere."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from kiosk.office import calls
from kiosk.office.clerks import add_clerk, sign_in
from kiosk.office.tickets import follow, take_ticket
from kiosk.tickets import TicketState

if TYPE_CHECKING:
    from kiosk.office.centre import Centre
    from tests.hall import Clock


@pytest.mark.parametrize(
    ("services", "then", "goal", "left"),
    [
        (("A", "B", "F"), (), "B", ("F",)),
        (("A", "B", "F"), (), "F", ("B",)),
        (("A", "F"), ("F",), "B", ("F",)),
        (("A",), ("F",), "B", ("F",)),
        (("A", "D"), ("F",), "B", ("F", "D")),
        (("A", "F"), (), "B", ("F",)),
    ],
)
def test_who_is_sent_to_a_service_visits_it_once_and_goes_on_where_it_leads(
    centre: Centre, services: tuple[str, ...], then: tuple[str, ...], goal: str, left: object
) -> None:
    leads = {**centre.services, goal: replace(centre.services[goal], then=then)}
    centre = replace(centre, services=leads)
    visit = take_ticket(centre, services=services, actor="api").place.ticket
    calls.call_next(centre, 2, clerk="lan")
    sent = calls.transfer(centre, 2, clerk="lan", service=goal)

    assert (sent.id, sent.service, sent.journey) == (visit.id, goal, left)
    calls.undo(centre, 2, clerk="lan")
    assert follow(centre, visit.id).ticket.journey == services[1:]


def test_who_is_sent_to_a_counter_keeps_the_journey(centre: Centre) -> None:
    take_ticket(centre, services=("A", "B"), actor="api")
    calls.call_next(centre, 2, clerk="lan")

    assert calls.transfer(centre, 2, clerk="lan", to_counter=1).journey == ("B",)


def test_who_goes_on_after_the_next_service_has_ended_is_told(centre: Centre, clock: Clock) -> None:
    """A limit sends nobody away who has a number, so the citizen must hear it in time."""
    for clerk, counter in (("lan", 2), ("hoa", 3)):
        add_clerk(centre, clerk, clerk, "135790")
        sign_in(centre, clerk, "135790", counter)
    visit = take_ticket(centre, services=("A", "C"), actor="api").place.ticket
    calls.call_next(centre, 2, clerk="lan")
    clock.forward(hours=2, minutes=50)
    went_on = calls.finish(centre, 2, clerk="lan")
    place = follow(centre, visit.id)

    assert (went_on.service, went_on.state) == ("C", TicketState.WAITING)
    assert place.warning == "after_closing"
