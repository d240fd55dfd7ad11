"""The quiet alarm: a clerk asks the supervisor for help, unseen and unheard in the hall."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.board import Alarm
from kiosk.calendar import moment
from kiosk.store import events, orders

if TYPE_CHECKING:
    from kiosk.database import Query
    from kiosk.office.centre import Centre


def raise_alarm(centre: Centre, counter: int, *, clerk: str) -> None:
    """Safe to repeat: one alarm a counter."""
    centre.counter(counter)
    now = centre.clock()
    with centre.database.write() as query:
        if orders.raise_alarm(query, centre.code, counter, clerk, now):
            _note(centre, query, "alarm.raised", counter, clerk)


def answer_alarm(centre: Centre, counter: int, *, by: str) -> None:
    """Somebody has seen it and is on the way; safe to repeat."""
    with centre.database.write() as query:
        if orders.answer_alarm(query, centre.code, counter, by):
            _note(centre, query, "alarm.answered", counter, by)


def end_alarm(centre: Centre, counter: int, *, by: str) -> None:
    """It is over, by the clerk or the supervisor; safe to repeat."""
    with centre.database.write() as query:
        if orders.end_alarm(query, centre.code, counter):
            _note(centre, query, "alarm.ended", counter, by)


def alarms_in(centre: Centre, query: Query) -> tuple[Alarm, ...]:
    return tuple(
        Alarm(
            row["counter"],
            row["name"] or row["clerk"],
            moment(row["raised_at"]),
            row["answered_name"] or row["answered_by"],
        )
        for row in orders.alarms(query, centre.code)
    )


def _note(centre: Centre, query: Query, kind: str, counter: int, clerk: str) -> None:
    # The counter stands in the details: in its own column it would say that somebody works there.
    events.append(
        query, centre.code, centre.clock(), kind,
        actor=f"clerk:{clerk}", clerk=clerk, details={"counter": counter},
    )  # fmt: skip
