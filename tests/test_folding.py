from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kiosk.errors import Refused
from kiosk.folding import Night, fold
from kiosk.history import NOTHING, Activity, Day, Event
from kiosk.tickets import AT_COUNTER, Move, TicketState, after

if TYPE_CHECKING:
    from collections.abc import Sequence

OPENING = datetime(2026, 11, 23, 0, 30, tzinfo=UTC)
KINDS = {
    Move.CALL: "ticket.called",
    Move.RECALL: "ticket.recalled",
    Move.START: "ticket.started",
    Move.FINISH: "ticket.finished",
    Move.GO_ON: "ticket.went_on",
    Move.NO_SHOW: "ticket.no_show",
    Move.MISS: "ticket.missed",
    Move.PARK: "ticket.parked",
    Move.TRANSFER: "ticket.transferred",
    Move.RETURN: "ticket.returned",
    Move.CANCEL: "ticket.cancelled",
    Move.EXPIRE: "ticket.expired",
}


class Script:
    """Writes the events of a day, minute by minute."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def add(
        self,
        minute: float,
        kind: str,
        ticket: str | None = None,
        counter: int | None = None,
        clerk: str | None = None,
        **details: object,
    ) -> int:
        at = OPENING + timedelta(minutes=minute)
        seq = len(self.events) + 1
        self.events.append(Event(seq, at, kind, ticket, counter, clerk, details))
        return seq

    def fold(self, until: float = 60) -> Day:
        return fold(self.events, OPENING, OPENING + timedelta(minutes=until))


def minutes(amount: float) -> timedelta:
    return timedelta(minutes=amount)


def test_a_visit_is_told_as_waiting_walking_and_serving() -> None:
    day = Script()
    day.add(0, "ticket.issued", "T", number="A001", service="A")
    day.add(7, "ticket.called", "T", 6, "an")
    day.add(8, "ticket.recalled", "T", 6, "an")
    day.add(9, "ticket.started", "T", 6, "an")
    day.add(14, "ticket.finished", "T", 6, "an", outcome="done")

    (visit,) = day.fold().visits

    assert (visit.waiting, visit.walking, visit.serving) == (minutes(7), minutes(2), minutes(5))
    assert (visit.number, visit.service, visit.outcome) == ("A001", "A", "done")
    assert (visit.stages[0].calls, visit.stages[0].recalls) == (1, 1)
    assert visit.ended_by == "ticket.finished"


def test_who_was_finished_without_a_start_was_served_from_the_call() -> None:
    day = Script()
    day.add(0, "ticket.issued", "T", number="A001", service="A")
    day.add(7, "ticket.called", "T", 6, "an")
    day.add(14, "ticket.finished", "T", 6, "an")

    (visit,) = day.fold().visits

    assert (visit.walking, visit.serving) == (NOTHING, minutes(7))


def test_who_never_came_was_walked_for_and_served_no_second() -> None:
    day = Script()
    day.add(0, "ticket.issued", "T", number="A001", service="A")
    day.add(7, "ticket.called", "T", 6, "an")
    day.add(9, "ticket.no_show", "T", 6, "an")
    day.add(19, "ticket.called", "T", 6, "an")
    day.add(20, "ticket.started", "T", 6, "an")
    day.add(25, "ticket.finished", "T", 6, "an")

    (visit,) = day.fold().visits

    assert (visit.walking, visit.away, visit.serving) == (minutes(3), minutes(10), minutes(5))
    assert visit.ended_by == "ticket.finished"


@pytest.mark.parametrize(("came", "walking", "serving"), [({}, 0, 9), ({"came": False}, 9, 0)])
def test_who_was_only_called_when_the_clerk_left_was_served_no_second(
    came: dict[str, object], walking: float, serving: float
) -> None:
    day = Script()
    day.add(0, "ticket.issued", "T", number="A001", service="A")
    day.add(1, "counter.opened", None, 6, "an")
    day.add(7, "ticket.called", "T", 6, "an")
    day.add(16, "ticket.parked", "T", 6, "an", **came)
    day.add(16, "counter.closed", None, 6, "an")

    told = day.fold(20)
    (visit,) = told.visits

    assert (visit.walking, visit.serving) == (minutes(walking), minutes(serving))
    assert visit.parked == minutes(4)
    assert told.by_clerk()["an"][Activity.SERVING] == minutes(serving)
    assert told.by_clerk()["an"][Activity.WALKING] == minutes(walking)


def test_who_was_there_when_the_clerk_left_was_served_until_then() -> None:
    day = Script()
    day.add(0, "ticket.issued", "T", number="A001", service="A")
    day.add(7, "ticket.called", "T", 6, "an")
    day.add(8, "ticket.started", "T", 6, "an")
    day.add(16, "ticket.parked", "T", 6, "an", came=False)

    (visit,) = day.fold(20).visits

    assert (visit.walking, visit.serving) == (minutes(1), minutes(8))


def test_each_clerk_is_told_the_own_share_of_a_person_who_was_taken_over() -> None:
    day = Script()
    day.add(0, "counter.opened", counter=6, clerk="lan")
    day.add(0, "ticket.issued", "T", number="A001", service="A")
    day.add(0, "ticket.called", "T", 6, "lan")
    day.add(1, "ticket.started", "T", 6, "lan")
    day.add(21, "counter.closed", counter=6, clerk="lan")
    day.add(21, "counter.opened", counter=6, clerk="mai")
    day.add(26, "ticket.finished", "T", 6, "mai")
    by_clerk = day.fold(until=26).by_clerk()

    assert by_clerk["lan"][Activity.WALKING] == minutes(1)
    assert by_clerk["lan"][Activity.SERVING] == minutes(20)
    assert by_clerk["mai"][Activity.SERVING] == minutes(5)
    assert by_clerk["mai"][Activity.WALKING] == minutes(0)


def test_a_journey_is_told_stage_by_stage() -> None:
    day = Script()
    day.add(0, "ticket.issued", "T", number="A001", service="A")
    day.add(5, "ticket.called", "T", 6, "an")
    day.add(9, "ticket.went_on", "T", 6, "an", service="A", to="F")
    day.add(12, "ticket.called", "T", 2, "binh")
    day.add(13, "ticket.finished", "T", 2, "binh")

    (visit,) = day.fold().visits

    assert [(stage.service, stage.waiting, stage.serving) for stage in visit.stages] == [
        ("A", minutes(5), minutes(4)),
        ("F", minutes(3), minutes(1)),
    ]


def test_who_expired_has_ended_and_waited_until_then() -> None:
    day = Script()
    day.add(0, "ticket.issued", "T", number="A001", service="A")
    day.add(30, "ticket.expired", "T", day="2026-11-23")

    (visit,) = day.fold(60).visits

    assert (visit.ended_by, visit.waiting, visit.until) == (
        "ticket.expired", minutes(30), OPENING + minutes(30)
    )  # fmt: skip


def test_what_ends_after_the_day_is_told_of_its_visits_and_of_no_counter() -> None:
    day = Script()
    day.add(0, "counter.opened", None, 6, "an")
    day.add(1, "ticket.issued", "T", number="A001", service="A")
    day.add(2, "ticket.issued", "U", number="A002", service="A")
    day.add(3, "ticket.called", "T", 6, "an")
    before, own = day.fold(3), len(day.events)
    day.add(13, "ticket.started", "T", 6, "an")
    day.add(14, "ticket.expired", "U", day="2026-11-23")
    day.add(33, "ticket.finished", "T", 6, "an", outcome="received")
    told, later = day.events[:own], day.events[own:]

    whole = fold(told, OPENING, OPENING, later)
    visit, left = whole.visits

    assert (visit.waiting, visit.walking, visit.serving) == (minutes(2), minutes(10), minutes(20))
    assert (visit.ended_by, visit.outcome) == ("ticket.finished", "received")
    assert (left.ended_by, left.waiting, left.until) == (
        "ticket.expired", minutes(1), OPENING + minutes(3)
    )  # fmt: skip
    assert (whole.end, whole.stretches) == (before.end, before.stretches)


def test_what_was_undone_never_happened() -> None:
    day = Script()
    day.add(0, "ticket.issued", "T", number="A001", service="A")
    called = day.add(7, "ticket.called", "T", 6, "an")
    day.add(7.1, "ticket.undone", "T", 6, "an", undone=called)
    day.add(10, "ticket.called", "T", 6, "an")
    day.add(14, "ticket.finished", "T", 6, "an")

    (visit,) = day.fold().visits

    assert (visit.waiting, visit.stages[0].calls) == (minutes(10), 1)


def test_a_counter_is_idle_paused_and_closed_around_its_people() -> None:
    day = Script()
    day.add(10, "counter.opened", None, 6, "an")
    day.add(11, "ticket.issued", "T", number="A001", service="A")
    day.add(15, "ticket.called", "T", 6, "an")
    day.add(16, "ticket.started", "T", 6, "an")
    day.add(20, "ticket.finished", "T", 6, "an")
    day.add(30, "counter.paused", None, 6, "an", reason="lunch")
    day.add(40, "counter.continued", None, 6, "an")
    day.add(45, "counter.closed", None, 6, "an")

    told = day.fold()

    assert told.by_counter()[6] == {
        Activity.SERVING: minutes(4),
        Activity.WALKING: minutes(1),
        Activity.IDLE: minutes(5 + 10 + 5),
        Activity.PAUSED: minutes(10),
        Activity.CLOSED: minutes(10 + 15),
    }
    assert told.by_clerk()["an"][Activity.CLOSED] == NOTHING
    assert told.by_clerk()["an"][Activity.SERVING] == minutes(4)


def test_a_clerk_who_never_signs_out_is_idle_for_twelve_hours_at_most() -> None:
    day = Script()
    day.add(0, "counter.opened", None, 6, "an")
    day.add(10, "counter.paused", None, 6, "an", reason="lunch")
    day.add(15, "counter.continued", None, 6, "an")
    told = day.fold(15 * 60)

    assert told.by_clerk()["an"][Activity.IDLE] == minutes(12 * 60 - 5)
    assert told.by_counter()[6][Activity.CLOSED] == minutes(3 * 60)


def test_no_time_passes_while_a_clock_that_was_set_back_catches_up() -> None:
    day = Script()
    day.add(10, "ticket.issued", "T", number="A001", service="A")
    day.add(2, "ticket.called", "T", 6, "an")
    day.add(12, "ticket.finished", "T", 6, "an")

    (visit,) = day.fold().visits

    assert (visit.waiting, visit.serving) == (NOTHING, minutes(2))


def legal_days() -> st.SearchStrategy[list[tuple[Move | None, int, int, int]]]:
    """Wishes: a move (None: the last one is undone, or a new ticket), whose, where, and when."""
    return st.lists(
        st.tuples(
            st.one_of(st.none(), st.sampled_from(list(KINDS))),
            st.integers(0, 4),
            st.integers(1, 3),
            st.integers(-30, 600),
        ),
        max_size=60,
    )


def played(wishes: Sequence[tuple[Move | None, int, int, int]]) -> list[Event]:
    """The events of those wishes that the moves allow, as the office would write them."""
    day = Script()
    second = 0
    states: dict[int, TicketState] = {}
    at_counter: dict[int, int] = {}
    for move, ticket, counter, passed in wishes:
        second += passed
        name, minute = f"T{ticket}", second / 60
        if ticket not in states:
            day.add(minute, "ticket.issued", name, number=f"A{ticket:03d}", service="A")
            states[ticket] = TicketState.WAITING
            day.add(minute, "counter.opened", None, counter, "an")
            continue
        if move is None:
            kind = ("counter.opened", "counter.paused", "counter.closed")[passed % 3]
            day.add(minute, kind, None, counter, "an")
            continue
        held = states[ticket] in AT_COUNTER
        where = at_counter[ticket] if held else counter
        if move is Move.CALL and where in at_counter.values():
            continue
        try:
            state = after(states[ticket], move)
        except Refused:
            continue
        here = where if held or move is Move.CALL else None
        seq = day.add(minute, KINDS[move], name, here, "an" if here else None, to="B")
        if passed % 7 == 0 and move is not Move.EXPIRE:
            day.add(minute + 0.1, "ticket.undone", name, here, "an", undone=seq)
            continue
        states[ticket] = state
        at_counter.pop(ticket, None)
        if state in AT_COUNTER:
            at_counter[ticket] = where
    return day.events


@given(legal_days())
def test_the_parts_add_up_to_the_whole_in_every_legal_order(
    wishes: list[tuple[Move | None, int, int, int]],
) -> None:
    events = played(wishes)
    day = fold(events, OPENING, OPENING + timedelta(minutes=1))

    for visit in day.visits:
        parts = (visit.waiting, visit.walking, visit.serving, visit.parked, visit.away)
        assert min(parts) >= NOTHING
        assert sum(parts, NOTHING) == visit.until - visit.began_at
    for parts_of_counter in day.by_counter().values():
        assert min(parts_of_counter.values()) >= NOTHING
        assert sum(parts_of_counter.values(), NOTHING) == day.end - day.start
    for counter in {stretch.counter for stretch in day.stretches}:
        own = [stretch for stretch in day.stretches if stretch.counter == counter]
        assert all(one.end == two.start for one, two in itertools.pairwise(own))


@given(legal_days(), st.integers(0, 60))
@example([(None, 0, 1, 0), (None, 0, 1, 0), (Move.CALL, 0, 1, 0)], 4)
def test_a_counter_at_work_across_midnight_has_all_its_time_in_the_two_days(
    wishes: list[tuple[Move | None, int, int, int]], cut: int
) -> None:
    events = played([(*wish[:3], abs(wish[3])) for wish in wishes])
    one, other = events[:cut], events[cut:]
    if not one or not other:
        return
    midnight, end = other[0].at, events[-1].at + minutes(1)
    kinds = {event.counter: event.kind for event in reversed(other) if event.counter}
    goes_on = {n for n, kind in kinds.items() if kind != "counter.opened"}
    whole = fold(events, OPENING, end).by_counter()
    first = fold(one, OPENING, one[-1].at, other, Night(OPENING, midnight, (), other))
    second = fold(other, midnight, end, (), Night(midnight, end, one))

    assert second.start == midnight
    for counter in goes_on.intersection(first.by_counter()):
        for activity in Activity:
            parts = [day.by_counter()[counter][activity] for day in (first, second)]
            assert sum(parts, NOTHING) == whole[counter][activity], (counter, activity)


@given(legal_days())
@example([(None, 0, 1, 0), (Move.CALL, 0, 1, 1), (None, 0, 1, 1), (Move.FINISH, 0, 1, 1)])
def test_visits_and_counters_agree_on_who_was_served_how_long(
    wishes: list[tuple[Move | None, int, int, int]],
) -> None:
    day = fold(played(wishes), OPENING, OPENING)

    served = sum((visit.serving for visit in day.visits), NOTHING)
    worked = sum((parts[Activity.SERVING] for parts in day.by_counter().values()), NOTHING)

    assert served == worked


@given(legal_days(), st.randoms())
def test_the_fold_depends_on_the_sequence_alone(
    wishes: list[tuple[Move | None, int, int, int]], chance: object
) -> None:
    events = played(wishes)
    mixed = list(events)
    chance.shuffle(mixed)

    assert fold(mixed, OPENING, OPENING) == fold(events, OPENING, OPENING)
