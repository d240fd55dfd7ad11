"""What only a store in an SQLite file can meet."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from kiosk.database.sqlite import Sqlite
from kiosk.errors import Unavailable
from kiosk.store import events
from tests.hall import MORNING, OFFICE
from tests.store.noting import note, noted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Sqlite]:
    store = Sqlite(tmp_path / "kiosk.db")
    yield store
    store.close()


def note_until_full(store: Sqlite) -> None:
    with store.write() as query:
        query.run("PRAGMA max_page_count = 1")
        for _ in range(500):
            events.append(query, OFFICE, MORNING, "test.noted", actor="x" * 500)


def test_writes_are_synced_to_the_disk_on_every_commit(store: Sqlite) -> None:
    with store.write() as query:
        row = query.one("PRAGMA synchronous")
    assert row is not None
    assert row["synchronous"] == 2
    with store.read() as query:
        mode = query.one("PRAGMA journal_mode")
    assert mode is not None
    assert mode["journal_mode"] == "wal"


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


def test_a_full_disk_is_told_and_loses_nothing(store: Sqlite) -> None:
    note(store)
    with pytest.raises(Unavailable, match="store_full"):
        note_until_full(store)

    assert note(store) == 2
    assert store.sound()


def test_a_folder_that_is_gone_is_told_and_found_again(tmp_path: Path) -> None:
    folder = tmp_path / "office"
    folder.mkdir()
    store = Sqlite(folder / "kiosk.db")
    note(store)
    folder.rename(tmp_path / "unmounted")
    with pytest.raises(Unavailable, match="store_unreachable"):
        note(store)
    with pytest.raises(Unavailable, match="store_unreachable"):
        store.try_to_write()
    (tmp_path / "unmounted").rename(folder)

    assert note(store) == 2
    store.close()


def read(store: Sqlite) -> int:
    with store.read() as query:
        return events.last(query, OFFICE)


def test_a_file_that_was_moved_away_takes_nothing_until_it_is_back(tmp_path: Path) -> None:
    store, other = Sqlite(tmp_path / "kiosk.db"), Sqlite(tmp_path / "kiosk.db")
    note(store)
    assert read(other) == 1
    aside = [path.rename(path.with_name(f"x{path.name}")) for path in tmp_path.glob("kiosk.db*")]
    for use in (note, read):
        for one in (store, other):
            with pytest.raises(Unavailable, match="store_unreachable"):
                use(one)
    assert not list(tmp_path.glob("kiosk.db*")), "no empty store in its place"
    for path in aside:
        path.rename(path.with_name(path.name[1:]))

    assert (note(store), read(other)) == (2, 2)
    store.close()
    other.close()


def test_another_file_in_its_place_is_not_written_to_before_a_new_start(tmp_path: Path) -> None:
    store = Sqlite(tmp_path / "kiosk.db")
    note(store)
    for path in tmp_path.glob("kiosk.db*"):
        path.rename(path.with_name(f"x{path.name}"))
    new = Sqlite(tmp_path / "kiosk.db")
    assert note(new) == 1
    for use in (note, read, Sqlite.try_to_write):
        with pytest.raises(Unavailable, match="store_replaced"):
            use(store)

    assert read(new) == 1
    store.close()
    new.close()


def test_who_waits_for_changes_is_told_that_the_file_is_gone(tmp_path: Path) -> None:
    store, stop = Sqlite(tmp_path / "kiosk.db"), threading.Event()
    note(store)
    changes = store.changes(stop)
    next(changes)
    for path in tmp_path.glob("kiosk.db*"):
        path.rename(path.with_name(f"x{path.name}"))
    next(changes)

    with pytest.raises(Unavailable, match="store_unreachable"):
        read(store)
    stop.set()
    assert next(changes, None) is None
    store.close()


def note_in_one_that_breaks(store: Sqlite, told: list[str]) -> None:
    with store.batch():
        for ends in (False, True, False):
            try:
                with store.write() as query:
                    events.append(query, OFFICE, MORNING, "test.noted", actor="test")
                    if ends:
                        query.run("ROLLBACK")
                        raise ZeroDivisionError
            except Unavailable as error:
                told.append(error.code)


def test_a_batch_that_the_database_ended_keeps_nothing_and_tells_everybody(tmp_path: Path) -> None:
    store = Sqlite(tmp_path / "kiosk.db")
    note(store)
    told: list[str] = []
    with pytest.raises(Unavailable, match="store_io"):
        note_in_one_that_breaks(store, told)

    assert told == ["store_io", "store_io"]
    assert noted(store) == 1
    store.close()


def test_a_transaction_that_failed_in_the_middle_holds_nobody_up_however_long_it_is_remembered(
    tmp_path: Path,
) -> None:
    """A read error ends no transaction in SQLite, and a statement is open as long as its exception
    is: found with a disk on which one read in two hundred fails."""
    store = Sqlite(tmp_path / "kiosk.db")
    store.prepare()
    kept: list[BaseException] = []

    def fail() -> None:
        with store.write() as query:
            query.run("CREATE TABLE IF NOT EXISTS some (n)")
            rows = query._connection.execute("SELECT 1 UNION SELECT 2")
            next(rows)
            raise Unavailable("store_io")

    try:
        fail()
    except Unavailable as error:
        kept.append(error)
    other = Sqlite(tmp_path / "kiosk.db")
    other.try_to_write()
    assert kept[0].__traceback__ is not None
    other.close()
    store.close()
