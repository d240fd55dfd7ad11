"""What only a store in PostgreSQL can meet: a server that goes, comes back, hangs or refuses."""

from __future__ import annotations

import signal
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING

import psycopg
import pytest

from kiosk.database.postgres import Postgres
from kiosk.database.server import code_of
from kiosk.errors import Unavailable
from kiosk.office import hall, tickets
from kiosk.schema import MIGRATIONS
from kiosk.store import events
from tests.faults.findings import found
from tests.hall import MORNING, OFFICE, centre_of, centre_on
from tests.postgres import Cable, Server
from tests.store.noting import note, noted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kiosk.database import Database

PATIENCE = 30.0
"""Longer than anything may take while the server is out of reach."""
LOOK = threading.Event()
"""Never set: between two looks at a condition."""


@pytest.fixture
def store(postgres_url: str) -> Iterator[Postgres]:
    store = Postgres(postgres_url, OFFICE)
    yield store
    store.close()


@pytest.fixture
def cable(server: Server) -> Iterator[Cable]:
    cable = Cable(server.port)
    yield cable
    cable.close()


@pytest.fixture
def far(server: Server, cable: Cable, postgres_url: str) -> Iterator[Postgres]:
    """The same store at the end of a cable that can be pulled out."""
    name = postgres_url.rpartition("/")[2]
    store = Postgres(server.url(name, cable.port), OFFICE)
    yield store
    store.close()


def noted_when_it_is_back(store: Database) -> int:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return note(store)
        except Unavailable:
            assert time.monotonic() < deadline


def refused_within(seconds: float, store: Database, code: str = "store_unreachable") -> Unavailable:
    asked = time.monotonic()
    with pytest.raises(Unavailable) as caught:
        note(store)
    assert caught.value.code == code
    assert time.monotonic() - asked < seconds
    return caught.value


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT, signal.SIGKILL])
def test_a_server_that_stops_is_told_at_once_and_used_again_when_it_is_back(
    own_server: Server, own_url: str, how: signal.Signals
) -> None:
    store = Postgres(own_url, OFFICE)
    assert [note(store) for _ in range(3)] == [1, 2, 3]
    own_server.stop(how)
    refused_within(1, store)
    own_server.start()

    assert noted_when_it_is_back(store) == 4
    assert store.sound()
    store.close()


def test_at_whatever_moment_the_server_goes_nothing_acknowledged_is_lost(
    own_server: Server, own_url: str
) -> None:
    store = Postgres(own_url, OFFICE)
    store.prepare()
    acknowledged: list[int] = []
    ending = threading.Event()

    def work() -> None:
        while not ending.is_set():
            with suppress(Unavailable):
                acknowledged.append(note(store))
            with suppress(Unavailable):
                noted(store)

    with ThreadPoolExecutor(3) as pool:
        workers = [pool.submit(work) for _ in range(3)]
        try:
            for how in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL) * 2:
                goal, deadline = len(acknowledged) + 15, time.monotonic() + PATIENCE
                while len(acknowledged) < goal and time.monotonic() < deadline:
                    LOOK.wait(0.01)
                own_server.stop(how)
                own_server.start()
        finally:
            ending.set()
        for worker in workers:
            worker.result()
    noted_when_it_is_back(store)
    with store.read() as query:
        last, broken = events.last(query, OFFICE), events.first_broken(query, OFFICE)
    store.close()

    assert broken is None
    assert len(acknowledged) == len(set(acknowledged)) >= 60
    assert max(acknowledged) <= last


def test_a_connection_that_is_lost_is_no_bug_however_the_driver_tells_it() -> None:
    told = "server closed the connection unexpectedly"

    assert code_of(psycopg.DatabaseError(told)) == "store_unreachable"
    assert code_of(psycopg.OperationalError(told)) == "store_unreachable"
    assert code_of(psycopg.ProgrammingError("a statement has one parameter more")) is None


def test_a_server_that_was_started_anew_meanwhile_costs_nobody_a_try(
    own_server: Server, own_url: str
) -> None:
    store = Postgres(own_url, OFFICE)
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda _: note(store), range(3)))
    own_server.stop()
    own_server.start()

    assert note(store) == 4
    assert noted(store) == 4
    store.close()


def test_what_was_under_way_when_the_server_went_is_never_told_as_done(
    own_server: Server, own_url: str
) -> None:
    store = Postgres(own_url, OFFICE)
    note(store)

    def interrupted() -> None:
        with store.write() as query:
            events.append(query, OFFICE, MORNING, "test.noted", actor="test")
            own_server.stop(signal.SIGKILL)

    with pytest.raises(Unavailable, match="store_unsure"):
        interrupted()
    own_server.start()

    assert noted_when_it_is_back(store) == 2
    store.close()


def test_a_commit_whose_answer_was_lost_is_told_and_a_retry_gives_the_same_ticket(
    far: Postgres, cable: Cable, postgres_url: str
) -> None:
    centre, beside = centre_on(far), centre_of(postgres_url)
    tickets.take_ticket(centre, service="A", actor="test")
    cable.break_after(b"COMMIT\0")
    with pytest.raises(Unavailable, match="store_unsure"):
        tickets.take_ticket(centre, service="A", actor="test", request_id="tap-2")
    stored = hall.read_board(beside).lines[0].waiting
    again = tickets.take_ticket(centre, service="A", actor="test", request_id="tap-2")
    following = tickets.take_ticket(centre, service="A", actor="test", request_id="tap-3")

    assert stored == 2
    assert (again.new, again.place.ticket.number) == (False, "A002")
    assert following.place.ticket.number == "A003"
    beside.database.close()


def test_a_pulled_cable_is_told_within_seconds_and_nothing_hangs(
    far: Postgres, cable: Cable
) -> None:
    note(far)
    cable.pull_out()
    refused_within(6, far)
    refused_within(4, far)
    refused_within(0.2, far)
    cable.plug_in()
    plugged = time.monotonic()

    assert noted_when_it_is_back(far) >= 2
    found(
        "network",
        "the cable between a kiosk and its PostgreSQL server is pulled",
        "a proxy on the way that lets nothing through and tells neither end",
        1,
        "not tried with the window: each write is refused within 6 s, later ones at once",
        "nothing that was told as done",
        [time.monotonic() - plugged],
    )


def test_a_kiosk_that_vanishes_in_the_middle_lets_go_of_the_lock(
    far: Postgres, cable: Cable, store: Postgres
) -> None:
    def vanish() -> None:
        with far.write() as query:
            events.append(query, OFFICE, MORNING, "test.noted", actor="test")
            cable.pull_out()
            assert noted_when_it_is_back(store) == 1
            cable.plug_in()

    with pytest.raises(Unavailable):
        vanish()


def test_changes_are_heard_again_after_the_server_was_away(
    own_server: Server, own_url: str
) -> None:
    store, other = (Postgres(own_url, OFFICE) for _ in range(2))
    stop = threading.Event()
    changes = store.changes(stop)
    next(changes)
    own_server.stop()
    asked = time.monotonic()
    next(changes)
    assert time.monotonic() - asked < 6
    own_server.start()
    note(other)
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        note(other)
        asked = time.monotonic()
        next(changes)
        if time.monotonic() - asked < 0.5:
            break
    else:
        pytest.fail("changes are not heard")
    stop.set()
    store.close()
    other.close()


def test_other_offices_changes_are_not_told(postgres_url: str, store: Postgres) -> None:
    other = Postgres(postgres_url, "H15.50.06")
    stop = threading.Event()
    changes = store.changes(stop)
    next(changes)
    note(other, office="H15.50.06")
    asked = time.monotonic()
    next(changes)
    stop.set()

    assert time.monotonic() - asked > 3
    other.close()


def test_what_was_acknowledged_is_synced(store: Postgres) -> None:
    with store.write() as query:
        row = query.one("SHOW synchronous_commit")
    assert row == {"synchronous_commit": "on"}


def test_the_administrators_own_settings_of_the_database_change_no_promise(
    server: Server, postgres_url: str
) -> None:
    """A snapshot taken before the lock was had would show the past, and give a number twice."""
    name = postgres_url.rpartition("/")[2]
    for setting in (
        "default_transaction_isolation = 'serializable'",
        "default_transaction_read_only = on",
        "synchronous_commit = off",
        "standard_conforming_strings = on",
    ):
        server.run(f"ALTER DATABASE {name} SET {setting}")
    stores = [Postgres(postgres_url, OFFICE) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        sequences = list(pool.map(lambda n: note(stores[n % 4]), range(40)))
    test_what_was_acknowledged_is_synced(stores[0])

    assert sorted(sequences) == list(range(1, 41))
    for store in stores:
        store.close()


def test_a_database_that_only_reads_is_told(server: Server, postgres_url: str) -> None:
    store = Postgres(postgres_url, OFFICE)
    note(store)

    def write() -> None:
        with store.write() as query:
            query.run("SET TRANSACTION READ ONLY")
            query.run("UPDATE event SET actor = 'x'")

    with pytest.raises(Unavailable, match="store_readonly"):
        write()
    assert noted(store) == 1
    store.close()


@pytest.fixture(scope="module")
def guarded(spare_server: Server) -> Server:
    """A server with a user who needs a password, and one who may not make tables."""
    spare_server.start()
    spare_server.run("CREATE USER hoa PASSWORD 's3cret'")
    spare_server.run("CREATE USER guest")
    spare_server.run("CREATE DATABASE office OWNER hoa")
    rules = spare_server.data / "pg_hba.conf"
    rules.write_text("host all hoa all scram-sha-256\n" + rules.read_text("ascii"), "ascii")
    spare_server.run("SELECT pg_reload_conf()")
    deadline = time.monotonic() + PATIENCE
    while spare_server.run("SELECT user_name[1] FROM pg_hba_file_rules LIMIT 1") != [("hoa",)]:
        assert time.monotonic() < deadline
    return spare_server


def test_the_password_may_stand_in_the_url_or_in_the_environment(
    guarded: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = Postgres(f"postgresql://hoa:s3cret@127.0.0.1:{guarded.port}/office", OFFICE)
    assert note(inside) == 1
    inside.close()
    monkeypatch.setenv("PGPASSWORD", "s3cret")
    beside = Postgres(f"postgresql://hoa@127.0.0.1:{guarded.port}/office", OFFICE)
    assert note(beside) == 2
    beside.close()


@pytest.mark.parametrize(
    ("who", "database", "code"),
    [
        ("hoa:wr0ng", "office", "store_login"),
        ("hoa", "office", "store_login"),
        ("guest", "office", "store_denied"),
        ("kiosk", "nothing", "store_no_database"),
        ("nobody", "office", "store_login"),
    ],
)
def test_a_server_that_lets_the_program_not_in_is_told_why_without_the_password(
    guarded: Server, who: str, database: str, code: str
) -> None:
    store = Postgres(f"postgresql://{who}@127.0.0.1:{guarded.port}/{database}", OFFICE)
    told = refused_within(3, store, code)

    assert "wr0ng" not in f"{told} {store.place}"
    assert told.facts["why"]


def test_a_url_that_the_driver_cannot_read_is_told(server: Server) -> None:
    store = Postgres(f"postgresql://kiosk:s3cret@127.0.0.1:{server.port}/kiosk?no_such=1", OFFICE)
    told = refused_within(1, store)

    assert "no_such" in str(told)
    assert "s3cret" not in str(told)


@pytest.mark.parametrize("password", ["s3c ret", "s3c%zz"])
def test_a_password_that_the_driver_cannot_read_is_not_told(password: str) -> None:
    store = Postgres(f"postgresql://kiosk:{password}@127.0.0.1/kiosk", OFFICE)
    told = refused_within(1, store)

    assert "s3c" not in f"{told} {store.place}"
    assert '"***"' in str(told)


def test_an_address_at_which_nobody_listens_is_told_at_once() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    refused_within(1, Postgres(f"postgresql://kiosk@127.0.0.1:{port}/kiosk", OFFICE))


def test_an_error_that_was_passed_over_is_never_taken_for_success(store: Postgres) -> None:
    note(store)

    def pass_over() -> None:
        with store.write() as query, pytest.raises(Exception, match="no_such_table"):
            query.run("DELETE FROM no_such_table")

    with pytest.raises(RuntimeError, match="nothing of it is stored"):
        pass_over()


def test_several_kiosks_that_start_at_once_make_the_tables_once(
    own_server: Server, own_url: str
) -> None:
    stores = [Postgres(own_url, OFFICE) for _ in range(5)]
    with ThreadPoolExecutor(5) as pool:
        list(pool.map(Postgres.prepare, stores))

    assert [note(store) for store in stores] == [1, 2, 3, 4, 5]
    assert own_server.run("SELECT version FROM schema_version", own_url.rpartition("/")[2]) == [
        (len(MIGRATIONS),)
    ]
    for store in stores:
        store.close()
