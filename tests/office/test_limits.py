"""When a service gives no number: the day's and the session's limits, ranges, days off."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.calendar import Calendar, read_hours, session_start
from kiosk.errors import Refused
from kiosk.office.hall import read_board
from kiosk.office.tickets import take_ticket
from kiosk.store import numbering
from kiosk.tickets import QueueRules, Series
from tests.hall import MORNING, Clock, centre_at

if TYPE_CHECKING:
    from kiosk.office.centre import Centre

WEEK = (
    read_hours("mon-fri 07:30-11:30"),
    read_hours("mon-fri 13:30-17:00"),
    read_hours("sat 07:30-11:00"),
)


def with_service(centre: Centre, **more: object) -> Centre:
    """The office whose service A differs in this."""
    return replace(centre, services={**centre.services, "A": replace(centre.services["A"], **more)})


def take(centre: Centre, service: str = "A") -> str:
    return take_ticket(centre, service=service, actor="touch").place.ticket.number


def refused(centre: Centre) -> tuple[str, str | None]:
    """What a touch meets now, which the hall has said before it: code, and when it opens."""
    line = next(line for line in read_board(centre).lines if line.code == "A")
    with pytest.raises(Refused) as refusal:
        take(centre)
    opens_at = refusal.value.facts["opens_at"]
    assert (line.refusal, line.opens_at) == (refusal.value.code, opens_at)
    return refusal.value.code, f"{opens_at:%a %d/%m %H:%M}" if opens_at else None


def test_a_session_gives_its_numbers_and_says_when_the_next_begins(
    centre: Centre, clock: Clock
) -> None:
    centre = with_service(centre, hours=WEEK, session_limit=2)
    morning = [take(centre), take(centre)]
    meanwhile = refused(centre)
    clock.now = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)
    afternoon = [take(centre), take(centre)]
    evening = refused(centre)
    clock.forward(days=1)

    assert morning == ["A001", "A002"]
    assert meanwhile == ("session_limit_reached", "Mon 23/11 13:30")
    assert afternoon == ["A003", "A004"]
    assert evening == ("session_limit_reached", "Tue 24/11 07:30")
    assert take(centre) == "A001"


def test_what_the_morning_did_not_use_is_not_given_in_the_afternoon(
    centre: Centre, clock: Clock
) -> None:
    centre = with_service(centre, hours=WEEK, session_limit=3)
    take(centre)
    clock.now = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)

    assert [take(centre) for _ in range(3)] == ["A002", "A003", "A004"]
    assert refused(centre)[0] == "session_limit_reached"


def test_a_clock_that_goes_back_within_the_session_gives_no_more_than_its_limit(
    centre: Centre, clock: Clock
) -> None:
    centre = with_service(centre, hours=WEEK, session_limit=2)
    take(centre)
    take(centre)
    clock.forward(minutes=-45)

    assert refused(centre)[0] == "session_limit_reached"


def test_a_full_day_says_on_which_day_numbers_are_given_again(centre: Centre) -> None:
    calendar = Calendar("VN", closed=frozenset({date(2026, 11, 25)}))
    centre = replace(with_service(centre, hours=WEEK, daily_limit=1), calendar=calendar)
    take(centre)

    assert refused(centre) == ("limit_reached", "Thu 26/11 07:30")


@pytest.mark.parametrize("full", [{"daily_limit": 2}, {"first_number": 8, "last_number": 9}])
def test_a_full_day_does_not_open_again_after_lunch(
    centre: Centre, clock: Clock, full: dict[str, int]
) -> None:
    centre = with_service(centre, hours=WEEK, **full)
    take(centre)
    take(centre)
    clock.now = datetime(2026, 11, 23, 5, tzinfo=UTC)

    assert refused(centre) == ("closed_hours", "Tue 24/11 07:30")


def test_the_limit_of_the_day_comes_before_that_of_the_session(centre: Centre) -> None:
    centre = with_service(centre, hours=WEEK, daily_limit=1, session_limit=1)
    take(centre)

    assert refused(centre) == ("limit_reached", "Tue 24/11 07:30")


def test_a_range_begins_and_ends_where_the_office_says_and_never_wraps(
    centre: Centre, clock: Clock
) -> None:
    centre = with_service(centre, first_number=500, last_number=502)
    given = [take(centre) for _ in range(3)]
    after = [refused(centre), refused(centre)]
    clock.forward(days=1)

    assert given == ["A500", "A501", "A502"]
    assert after == [("numbers_used_up", None)] * 2
    assert take(centre) == "A500"


def test_a_daily_limit_counts_numbers_not_their_names(centre: Centre) -> None:
    centre = with_service(centre, first_number=500, daily_limit=2)

    assert [take(centre), take(centre)] == ["A500", "A501"]
    assert refused(centre) == ("limit_reached", None)


def test_a_range_that_changes_at_noon_holds_from_the_next_day(centre: Centre, clock: Clock) -> None:
    take(centre)
    centre = with_service(centre, first_number=500)
    same_day = take(centre)
    clock.forward(days=1)

    assert (same_day, take(centre)) == ("A002", "A500")


def test_a_public_holiday_closes_services_with_hours_and_no_others(
    centre: Centre, clock: Clock
) -> None:
    centre = replace(with_service(centre, hours=WEEK), calendar=Calendar("VN"))
    clock.forward(days=1)

    assert refused(centre) == ("closed_hours", "Wed 25/11 07:30")
    assert take(centre, "B") == "B001"


def test_numbers_restart_at_the_hour_at_which_the_offices_day_begins(
    centre: Centre, clock: Clock
) -> None:
    centre = replace(centre, queue=QueueRules(day_starts=time(5)))
    clock.now = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)  # 23:00
    given = [take(centre)]
    clock.forward(hours=2)
    given.append(take(centre))
    clock.forward(hours=3, minutes=59)
    given.append(take(centre))
    clock.forward(minutes=1)
    given.append(take(centre))

    assert given == ["A001", "A002", "A003", "A001"]


def test_the_store_tells_what_a_series_has_given_and_when(centre: Centre, clock: Clock) -> None:
    centre = with_service(centre, first_number=7)
    take(centre)
    clock.forward(minutes=5)
    take(centre)
    take(centre, "B")

    with centre.database.read() as query:
        day = "2026-11-23"
        assert numbering.given(query, centre.code, day, "A") == Series(7, 8)
        assert numbering.given_on(query, centre.code, day) == {"A": Series(7, 8), "B": Series(1, 1)}
        assert numbering.given_on(query, "H15.50.06", day) == {}
        assert numbering.given(query, centre.code, "2026-11-24", "A") is None
        assert numbering.issued_at(query, centre.code, day, "A", 7) == MORNING
        assert numbering.issued_at(query, centre.code, day, "A", 8) == clock()
        assert numbering.issued_at(query, centre.code, day, "A", 9) is None


@settings(max_examples=25)
@given(st.lists(st.integers(0, 300), min_size=10, max_size=60))
def test_no_session_and_no_day_gives_more_than_its_limit(minutes: list[int]) -> None:
    clock = Clock()
    by_session: Counter[datetime | None] = Counter()
    by_day: Counter[str] = Counter()
    with TemporaryDirectory() as folder:
        centre = with_service(
            centre_at(Path(folder) / "kiosk.db", clock),
            hours=WEEK, session_limit=4, daily_limit=6, first_number=100, last_number=104,
        )  # fmt: skip
        for pause in minutes:
            clock.forward(minutes=pause)
            line = next(line for line in read_board(centre).lines if line.code == "A")
            if line.refusal is not None:
                refused(centre)
                continue
            ticket = take_ticket(centre, service="A", actor="touch").place.ticket
            assert ticket.number == f"A{100 + by_day[ticket.day]}"
            by_day[ticket.day] += 1
            by_session[session_start(WEEK, clock(), centre.timezone, centre.calendar)] += 1
        centre.database.close()

    assert max(by_session.values(), default=0) <= 4
    assert max(by_day.values(), default=0) <= 5
