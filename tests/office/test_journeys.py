"""One visit over several services, and what becomes of it when a clerk sends it elsewhere."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from kiosk.office import calls
from kiosk.office.tickets import follow, take_ticket

if TYPE_CHECKING:
    from kiosk.office.centre import Centre


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
