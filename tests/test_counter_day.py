"""The day of one counter in figures."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from kiosk.counter_day import Tally, clerks, open_times, tallies, total
from kiosk.folding import fold
from kiosk.history import Day, Event

START = datetime(2026, 11, 23, 0, 30, tzinfo=UTC)


def day_of(*told: tuple[int, str, str | None, int | None, dict[str, object]]) -> Day:
    """Events as (minute, kind, ticket, counter, details)."""
    events = [
        Event(seq, START + timedelta(minutes=minute), kind, ticket, counter, "lan", details)
        for seq, (minute, kind, ticket, counter, details) in enumerate(told, 1)
    ]
    return fold(events, START, events[-1].at)


DAY = day_of(
    (0, "counter.opened", None, 1, {}),
    (1, "ticket.issued", "a", None, {"service": "A"}),
    (2, "ticket.issued", "b", None, {"service": "A"}),
    (3, "ticket.issued", "c", None, {"service": "B"}),
    (4, "ticket.issued", "d", None, {"service": "A"}),
    (5, "ticket.called", "a", 1, {}),
    (6, "ticket.started", "a", 1, {}),
    (10, "ticket.finished", "a", 1, {}),
    (12, "ticket.called", "b", 1, {}),
    (14, "ticket.missed", "b", 1, {}),
    (15, "ticket.called", "c", 1, {}),
    (16, "ticket.started", "c", 1, {}),
    (18, "ticket.finished", "c", 1, {}),
    (20, "ticket.called", "b", 1, {}),
    (21, "ticket.started", "b", 1, {}),
    (27, "ticket.finished", "b", 1, {}),
    (28, "ticket.called", "d", 2, {}),
    (29, "ticket.no_show", "d", 2, {}),
    (40, "counter.closed", None, 1, {}),
)


def test_calls_waits_and_services_are_counted_by_the_service() -> None:
    told = tallies(DAY, 1)

    assert told == {
        "A": Tally(3, 2, 1, 2, timedelta(minutes=4 + 10), timedelta(minutes=4 + 6)),
        "B": Tally(1, 1, 0, 1, timedelta(minutes=12), timedelta(minutes=2)),
    }
    assert told["A"].mean_wait == timedelta(minutes=7)
    assert told["A"].mean_serving == timedelta(minutes=5)


def test_the_parts_add_up_to_the_counters_day() -> None:
    whole = total(tallies(DAY, 1).values())

    assert (whole.called, whole.served, whole.missed) == (4, 3, 1)
    assert whole.share(whole.served) == 0.75
    assert whole.mean_serving == timedelta(minutes=4)


def test_another_counters_calls_are_not_counted() -> None:
    assert tallies(DAY, 2) == {"A": Tally(1, 0, 1, 1, timedelta(minutes=24))}


def test_a_counter_at_which_nothing_happened_has_no_means() -> None:
    assert tallies(DAY, 9) == {}
    nothing = total(())
    assert (nothing.mean_wait, nothing.mean_serving, nothing.share(0)) == (None, None, None)
    assert open_times(DAY, 9) is None
    assert clerks(DAY, 9) == ()


def test_it_is_known_who_was_there_and_from_when_until_when() -> None:
    assert clerks(DAY, 1) == ("lan",)
    assert open_times(DAY, 1) == (START, START + timedelta(minutes=40))


def test_who_is_still_at_the_counter_is_called_and_not_yet_served() -> None:
    day = day_of(
        (0, "ticket.issued", "a", None, {"service": "A"}),
        (5, "ticket.called", "a", 1, {}),
        (6, "ticket.started", "a", 1, {}),
        (9, "counter.opened", None, 1, {}),
    )

    assert tallies(day, 1) == {"A": Tally(1, 0, 0, 1, timedelta(minutes=5))}
