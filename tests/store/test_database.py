from __future__ import annotations

import sqlite3
import threading
from typing import TYPE_CHECKING

import pytest

from kiosk.database.sqlite import Sqlite
from kiosk.errors import Refused, Unavailable
from kiosk.schema import MIGRATIONS
from kiosk.store import events
from tests.hall import MORNING, centre_at

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OFFICE = "H15.50.05"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Sqlite]:
    store = Sqlite(tmp_path / "kiosk.db")
    yield store
    store.close()


def note(store: Sqlite, kind: str = "test.noted") -> int:
    with store.write() as query:
        return events.append(query, OFFICE, MORNING, kind, actor="test")


def note_and_fail(store: Sqlite) -> None:
    with store.write() as query:
        events.append(query, OFFICE, MORNING, "test.noted", actor="test")
        raise ZeroDivisionError


def note_until_full(store: Sqlite) -> None:
    with store.write() as query:
        query.run("PRAGMA max_page_count = 1")
        for _ in range(500):
            events.append(query, OFFICE, MORNING, "test.noted", actor="x" * 500)


def test_what_an_exception_interrupts_leaves_nothing_behind(store: Sqlite) -> None:
    with pytest.raises(ZeroDivisionError):
        note_and_fail(store)

    with store.read() as query:
        assert events.last(query, OFFICE) == 0
    assert note(store) == 1


def test_a_read_sees_one_moment_only(store: Sqlite) -> None:
    note(store)
    with store.read() as query:
        before = events.last(query, OFFICE)
        note(store)
        after = events.last(query, OFFICE)

    assert (before, after) == (1, 1)


def test_writes_are_synced_to_the_disk_on_every_commit(store: Sqlite) -> None:
    with store.write() as query:
        row = query.one("PRAGMA synchronous")
    assert row is not None
    assert row["synchronous"] == 2
    with store.read() as query:
        mode = query.one("PRAGMA journal_mode")
    assert mode is not None
    assert mode["journal_mode"] == "wal"


def test_changes_of_this_and_of_other_connections_are_told(store: Sqlite) -> None:
    stop = threading.Event()
    changes = store.changes(stop)
    next(changes)
    other = Sqlite(store.path)
    note(store)
    next(changes)
    note(other)
    next(changes)
    stop.set()

    assert list(changes) == []
    other.close()


def test_a_writer_that_waits_too_long_is_told_that_the_store_is_busy(tmp_path: Path) -> None:
    store, other = Sqlite(tmp_path / "kiosk.db"), sqlite3.connect(tmp_path / "kiosk.db")
    store.prepare()
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(Unavailable, match="store_busy"):
        note(store)
    other.rollback()
    other.close()
    assert note(store) == 1
    store.close()


def test_a_damaged_file_is_told_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.db"
    path.write_bytes(b"this is no database" * 400)
    store = Sqlite(path)
    with pytest.raises(Unavailable, match="store_damaged"):
        store.prepare()

    assert path.read_bytes() == b"this is no database" * 400


def test_a_damaged_page_is_told(store: Sqlite) -> None:
    for _ in range(200):
        note(store)
    with store.read() as query:
        query.all("PRAGMA wal_checkpoint(TRUNCATE)")
    store.close()
    content = bytearray(store.path.read_bytes())
    content[4096 * 3 :] = b"\x5a" * (len(content) - 4096 * 3)
    store.path.write_bytes(content)

    with pytest.raises(Unavailable, match="store_damaged"):
        note(Sqlite(store.path))


def test_a_store_that_cannot_be_reached_is_tried_again_at_the_next_use(tmp_path: Path) -> None:
    folder = tmp_path / "later"
    store = Sqlite(folder / "kiosk.db")
    with pytest.raises(Unavailable, match="store_unreachable"):
        note(store)
    folder.mkdir()

    assert note(store) == 1
    store.close()


def test_a_store_of_a_newer_program_is_not_touched(store: Sqlite) -> None:
    store.prepare()
    store.close()
    connection = sqlite3.connect(store.path)
    connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    connection.close()

    with pytest.raises(Refused, match="store_too_new"):
        note(Sqlite(store.path))


def test_a_full_disk_is_told_and_loses_nothing(store: Sqlite) -> None:
    note(store)
    with pytest.raises(Unavailable, match="store_full"):
        note_until_full(store)

    assert note(store) == 2
    assert store.sound()


def test_an_altered_or_missing_event_breaks_the_chain(store: Sqlite) -> None:
    for _ in range(6):
        note(store)
    with store.write() as query:
        whole = events.first_broken(query, OFFICE)
        query.run("UPDATE event SET actor = 'somebody' WHERE seq = 4")
        altered = events.first_broken(query, OFFICE)
        query.run("UPDATE event SET actor = 'test' WHERE seq = 4")
        query.run("DELETE FROM event WHERE seq = 2")
        missing = events.first_broken(query, OFFICE)

    assert (whole, altered, missing) == (None, 4, 2)


def test_offices_in_one_store_have_their_own_gapless_events(tmp_path: Path) -> None:
    centre = centre_at(tmp_path / "kiosk.db")
    with centre.database.write() as query:
        sequences = [
            events.append(query, office, MORNING, "test.noted", actor="test")
            for office in ("X1", "X2", "X1", "X1", "X2")
        ]
    assert sequences == [1, 1, 2, 3, 2]
    centre.database.close()


@pytest.mark.parametrize(
    ("sql", "index"),
    [
        ("SELECT id FROM ticket WHERE office = '' AND day = '' AND service = '' AND line = ''"
         " AND state = 'waiting' AND counter IS NULL ORDER BY place LIMIT 1", "ticket_line"),
        ("SELECT id FROM ticket WHERE office = '' AND day = '' AND counter = 1"
         " AND state = 'waiting' ORDER BY place", "ticket_sent"),
        ("SELECT id FROM ticket WHERE office = '' AND counter = 1"
         " AND state IN ('called', 'serving')", "ticket_at_counter"),
        ("SELECT called_at FROM ticket WHERE office = '' AND service = ''"
         " AND state = 'finished' ORDER BY ended_at DESC LIMIT 20", "ticket_served"),
        ("SELECT id FROM print_job WHERE office = '' AND kiosk = '' AND state = 'queued'"
         " ORDER BY place LIMIT 1", "print_job_queue"),
        ("SELECT seq FROM event WHERE office = '' AND kind IN ('ticket.called',"
         " 'ticket.recalled', 'ticket.undone') ORDER BY seq DESC LIMIT 40", "event_call"),
        ("SELECT id FROM ticket WHERE office = '' AND day = '' AND service = '' AND line > ''"
         " AND state = 'waiting' AND counter IS NULL ORDER BY line, place LIMIT 1",
         "ticket_line"),
    ],
)  # fmt: skip
def test_what_is_asked_all_day_never_reads_the_years(store: Sqlite, sql: str, index: str) -> None:
    with store.read() as query:
        plan = " ".join(row["detail"] for row in query.all(f"EXPLAIN QUERY PLAN {sql}"))

    assert f"INDEX {index} " in plan
    assert "SCAN" not in plan
    assert "TEMP B-TREE" not in plan
