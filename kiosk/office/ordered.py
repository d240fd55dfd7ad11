"""The counters of this process as a supervisor ordered them for the day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.office import days
from kiosk.store import orders

if TYPE_CHECKING:
    from kiosk.database import Query
    from kiosk.office.centre import Centre


def follow_orders(centre: Centre, query: Query, day: str) -> None:
    """Lets this process see the counters as they were ordered; called wherever state is read, and
    before each press at a counter: another process may have taken the order."""
    chosen = {}
    for number, _, services in orders.of_day(query, centre.code, day):
        known = tuple(code for code in services if code in centre.services)
        if known and number in centre.counters:
            chosen[number] = known
    centre.desks.adopt(chosen)


def follow_orders_now(centre: Centre) -> None:
    """The same where nothing else is read."""
    with centre.database.read() as query:
        follow_orders(centre, query, days.today(centre, query, centre.clock()))
