"""The clock of the server is everybody's, whatever the clocks of the kiosks say."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from kiosk.calendar import utc_now
from kiosk.database.postgres import Postgres
from kiosk.errors import Unavailable
from kiosk.office import devices, tickets
from tests.hall import MORNING, OFFICE, Clock, centre_on
from tests.postgres import Cable, Server, set_clock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kiosk.office.centre import Centre

    Joins = Callable[..., Centre]

DAY = timedelta(days=1)
MONTH = timedelta(days=31)
PATIENCE = timedelta(seconds=30)
"""Longer than anything here may take."""


@pytest.fixture
def morning(server: Server, postgres_url: str) -> str:
    """A database on whose server it is MORNING now."""
    set_clock(server, postgres_url, MORNING - utc_now())
    return postgres_url


@pytest.fixture
def joins() -> Iterator[Joins]:
    """One more kiosk of the office, on a machine with a clock of its own."""
    known: list[Centre] = []

    def join(url: str, local: Callable[[], datetime], kiosk: str = "kiosk-1") -> Centre:
        store = Postgres(url, OFFICE, local)
        known.append(replace(centre_on(store, kiosk=kiosk), clock=store.now, glance=store.wall))
        return known[-1]

    yield join
    for centre in known:
        centre.database.close()


def near(moment: datetime, wanted: datetime, by: timedelta = PATIENCE) -> bool:
    return abs(moment - wanted) < by


def rows(centre: Centre, sql: str) -> list[object]:
    with centre.database.read() as query:
        return [value for row in query.all(sql) for value in dict(row).values()]


@pytest.mark.parametrize("wrong", [-MONTH, -DAY, timedelta(hours=7), DAY, MONTH])
def test_a_kiosk_whose_clock_is_wrong_writes_the_servers_time(
    joins: Joins, morning: str, wrong: timedelta
) -> None:
    centre = joins(morning, lambda: MORNING + wrong)
    ticket = tickets.take_ticket(centre, service="A", actor="test").place.ticket
    written = [datetime.fromisoformat(str(at)) for at in rows(centre, "SELECT at FROM event")]

    assert near(ticket.issued_at, MORNING)
    assert ticket.day == "2026-11-23"
    assert len(written) == 2
    assert all(near(at, MORNING) for at in written)
    assert near(centre.wall(), MORNING)


def test_kiosks_with_clocks_days_apart_share_one_day_and_send_nobody_away(
    joins: Joins, morning: str
) -> None:
    wrong = {"kiosk-1": timedelta(), "kiosk-2": DAY, "kiosk-3": -DAY}
    halls = [joins(morning, lambda off=off: MORNING + off, kiosk) for kiosk, off in wrong.items()]
    for centre in halls:
        devices.report(centre, "touch", "ok")
    taken = [
        tickets.take_ticket(centre, service="A", actor="test").place.ticket.number
        for centre in halls * 2
    ]

    assert taken == ["A001", "A002", "A003", "A004", "A005", "A006"]
    assert rows(halls[0], "SELECT DISTINCT day FROM ticket") == ["2026-11-23"]
    assert rows(halls[0], "SELECT DISTINCT state FROM ticket") == ["waiting"]
    assert rows(halls[0], "SELECT COUNT(*) FROM event WHERE kind = 'day.began'") == [1]


def test_a_local_clock_that_is_set_during_the_day_moves_nothing(joins: Joins, morning: str) -> None:
    local = Clock(MORNING + MONTH)
    centre = joins(morning, local)
    before = centre.clock()
    asked = time.monotonic()
    local.now = MORNING - MONTH
    passed = centre.clock() - before
    counted = timedelta(seconds=time.monotonic() - asked)

    assert timedelta() <= passed <= counted + timedelta(milliseconds=100)


def test_the_servers_clock_goes_on_while_the_server_is_away(
    own_server: Server, own_url: str, joins: Joins
) -> None:
    centre = joins(own_url, lambda: MORNING)
    before = centre.clock()
    own_server.stop()

    assert timedelta() <= centre.clock() - before < PATIENCE


def test_a_server_whose_clock_is_set_is_followed_by_those_who_are_connected(
    joins: Joins, server: Server, morning: str
) -> None:
    centre = joins(morning, utc_now)
    stop, deadline = threading.Event(), time.monotonic() + PATIENCE.total_seconds()
    changes = centre.database.changes(stop)
    next(changes)
    assert near(centre.clock(), MORNING)
    set_clock(server, morning, MORNING + timedelta(hours=1) - utc_now())
    while not near(centre.clock(), MORNING + timedelta(hours=1)):
        assert time.monotonic() < deadline
        next(changes)
    stop.set()


def test_nothing_is_written_by_a_clock_that_never_heard_the_server(
    own_server: Server, own_url: str, joins: Joins
) -> None:
    centre = joins(own_url, lambda: MORNING)
    own_server.stop()
    with pytest.raises(Unavailable, match="store_unreachable"):
        centre.clock()
    assert centre.wall() == MORNING
    assert centre.database.clock_error() is None
    own_server.start()
    deadline = time.monotonic() + PATIENCE.total_seconds()
    while True:
        try:
            ticket = tickets.take_ticket(centre, service="A", actor="test").place.ticket
        except Unavailable:
            assert time.monotonic() < deadline
        else:
            break

    assert near(ticket.issued_at, utc_now())
    assert near(centre.wall(), utc_now())


def test_a_pulled_cable_keeps_nobody_waiting_who_only_wants_to_show_the_time(
    server: Server, postgres_url: str, joins: Joins
) -> None:
    cable = Cable(server.port)
    cable.pull_out()
    centre = joins(server.url(postgres_url.rpartition("/")[2], cable.port), lambda: MORNING)
    asked = time.monotonic()
    assert centre.wall() == MORNING
    assert time.monotonic() - asked < 0.5
    with pytest.raises(Unavailable):
        centre.clock()
    cable.close()


def test_a_slow_answer_gives_way_to_a_quick_one_and_not_the_other_way_round(
    server: Server, postgres_url: str, joins: Joins
) -> None:
    """Whoever waited a second for the answer knows the moment to half a second."""
    name = postgres_url.rpartition("/")[2]
    set_clock(server, postgres_url, timedelta())
    slowly = (
        "CREATE OR REPLACE FUNCTION public.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS"
        " $$ SELECT pg_sleep(1); SELECT pg_catalog.clock_timestamp() $$"
    )
    database = joins(postgres_url, utc_now).database

    def error() -> float:
        found = database.clock_error()
        assert found is not None
        return abs(found.total_seconds())

    server.run(slowly, name)
    with database.read():
        assert 0.4 < error() < 0.7
        set_clock(server, postgres_url, timedelta())
        with database.read():
            assert error() < 0.2
            server.run(slowly, name)
            with database.read():
                assert error() < 0.2
