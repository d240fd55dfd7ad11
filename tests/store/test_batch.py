"""A batch: the writes of one thread in one transaction, each of them undone alone."""

from __future__ import annotations

import fcntl
import os
import sqlite3
import threading
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from kiosk.database.sqlite import Sqlite
from kiosk.errors import Refused, Unavailable
from kiosk.store import events
from tests.hall import MORNING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

OFFICE = "H15.50.05"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Sqlite]:
    store = Sqlite(tmp_path / "kiosk.db")
    yield store
    store.close()


def note(store: Sqlite) -> int:
    with store.write() as query:
        return events.append(query, OFFICE, MORNING, "test.noted", actor="test")


def note_and_refuse(store: Sqlite) -> None:
    with store.write() as query:
        events.append(query, OFFICE, MORNING, "test.noted", actor="test")
        raise Refused("closed_hours")


def fill(store: Sqlite) -> None:
    with store.write() as query:
        query.run("PRAGMA max_page_count = 1")
        for _ in range(500):
            events.append(query, OFFICE, MORNING, "test.noted", actor="x" * 500)


def kept(path: Path) -> int:
    """How many events another process would find."""
    with closing(Sqlite(path)) as other, other.read() as query:
        assert events.first_broken(query, OFFICE) is None
        return events.last(query, OFFICE)


def test_nothing_of_a_batch_is_seen_before_it_ends(store: Sqlite) -> None:
    note(store)
    with store.batch():
        assert [note(store), note(store)] == [2, 3]
        assert kept(store.path) == 1
    assert kept(store.path) == 3


def test_a_refused_write_in_the_middle_leaves_the_others(store: Sqlite) -> None:
    with store.batch():
        note(store)
        with pytest.raises(Refused):
            note_and_refuse(store)
        assert note(store) == 2

    assert kept(store.path) == 2


def break_off(store: Sqlite, work: Callable[[], None] = lambda: None) -> None:
    with store.batch():
        note(store)
        work()
        raise ZeroDivisionError


def test_a_batch_that_raises_keeps_nothing(store: Sqlite) -> None:
    with pytest.raises(ZeroDivisionError):
        break_off(store)

    assert kept(store.path) == 0
    assert note(store) == 1


def fill_in_a_batch(store: Sqlite) -> None:
    with store.batch():
        note(store)
        with pytest.raises(Unavailable, match="store_full"):
            fill(store)
        with pytest.raises(Unavailable, match="store_full"):
            note(store)


def test_a_full_disk_in_the_middle_ends_the_whole_batch(store: Sqlite) -> None:
    note(store)
    with pytest.raises(Unavailable, match="store_full"):
        fill_in_a_batch(store)

    assert kept(store.path) == 1
    assert note(store) == 2


def test_a_read_inside_a_batch_sees_what_it_has_written(store: Sqlite) -> None:
    with store.batch():
        note(store)
        with store.read() as query:
            assert events.last(query, OFFICE) == 1


def test_other_threads_have_no_part_in_a_batch(store: Sqlite) -> None:
    found: list[int] = []

    def look() -> None:
        with store.read() as query:
            found.append(events.last(query, OFFICE))
        found.append(note(store))

    other = threading.Thread(target=look)

    def wait_for_its_look() -> None:
        other.start()
        while not found:
            other.join(0.01)

    with pytest.raises(ZeroDivisionError):
        break_off(store, wait_for_its_look)
    other.join()

    assert found == [0, 1]


def test_changes_are_told_once_when_the_batch_is_kept(store: Sqlite) -> None:
    stop = threading.Event()
    changes = store.changes(stop)
    next(changes)
    heard = threading.Event()

    def hear() -> None:
        next(changes)
        heard.set()

    listener = threading.Thread(target=hear)
    with store.batch():
        note(store)
        listener.start()
        assert not heard.wait(0.2)
    listener.join()
    stop.set()

    assert heard.is_set()


def test_a_batch_waits_its_turn_and_is_told_that_the_store_is_busy(store: Sqlite) -> None:
    store.prepare()
    with closing(sqlite3.connect(store.path)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unavailable, match="store_busy"), store.batch():
            note(store)

    assert note(store) == 1


def test_who_gave_up_waiting_for_its_turn_leaves_it_to_others(store: Sqlite) -> None:
    store.prepare()
    turn = os.open(store.path.parent, os.O_RDONLY)
    fcntl.flock(turn, fcntl.LOCK_EX)
    with pytest.raises(Unavailable, match="store_busy"):
        note(store)
    os.close(turn)

    with closing(Sqlite(store.path)) as other:
        assert [note(other), note(store)] == [1, 2]
