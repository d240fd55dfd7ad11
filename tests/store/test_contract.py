"""What every store promises, whichever database it stands in."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from kiosk.calendar import stamp, utc_now
from kiosk.database import REFRESH_SECONDS, open_database
from kiosk.database.sqlite import Sqlite
from kiosk.errors import Refused, Unavailable
from kiosk.schema import MIGRATIONS
from kiosk.store import events
from tests.hall import MORNING, OFFICE
from tests.store.noting import note, noted

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.database import Database
    from tests.store.conftest import Opens


def note_and_fail(store: Database) -> None:
    with store.write() as query:
        events.append(query, OFFICE, MORNING, "test.noted", actor="test")
        raise ZeroDivisionError


def test_what_an_exception_interrupts_leaves_nothing_behind(store: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        note_and_fail(store)

    assert noted(store) == 0
    assert note(store) == 1


def test_a_read_sees_one_moment_only(store: Database) -> None:
    note(store)
    with store.read() as query:
        before = events.last(query, OFFICE)
        note(store)
        after = events.last(query, OFFICE)

    assert (before, after) == (1, 1)


def test_a_writer_sees_what_the_one_before_it_wrote(opened: Opens) -> None:
    """The second has begun, and waits, before the first has written anything."""
    one, two = opened(), opened()
    one.prepare()
    with ThreadPoolExecutor() as pool, one.write() as query:
        waiting = pool.submit(note, two)
        deadline = time.monotonic() + 0.3
        while time.monotonic() < deadline:
            assert not waiting.done()
        events.append(query, OFFICE, MORNING, "test.noted", actor="test")
    assert waiting.result() == 2


def test_many_writers_leave_a_gapless_whole_chain(opened: Opens) -> None:
    stores = [opened() for _ in range(4)]
    with ThreadPoolExecutor(8) as pool:
        sequences = list(pool.map(lambda n: note(stores[n % 4]), range(80)))

    assert sorted(sequences) == list(range(1, 81))
    with stores[0].read() as query:
        assert events.first_broken(query, OFFICE) is None


def test_several_processes_that_begin_at_once_make_the_tables_once(opened: Opens) -> None:
    stores = [opened() for _ in range(5)]
    with ThreadPoolExecutor(5) as pool:
        list(pool.map(lambda store: store.prepare(), stores))

    assert [note(store) for store in stores] == [1, 2, 3, 4, 5]


def test_changes_of_this_and_of_other_connections_are_told(opened: Opens) -> None:
    store, other = opened(), opened()
    stop = threading.Event()
    changes = store.changes(stop)
    next(changes)
    for changed in (store, other):
        note(changed)
        asked = time.monotonic()
        next(changes)
        assert time.monotonic() - asked < 1
    stop.set()

    assert list(changes) == []


def test_changes_speak_up_now_and_then_though_nothing_is_known_to_have_changed(
    store: Database,
) -> None:
    stop = threading.Event()
    changes = store.changes(stop)
    next(changes)
    asked = time.monotonic()
    next(changes)
    stop.set()

    assert time.monotonic() - asked <= REFRESH_SECONDS + 1


def test_a_batch_is_one_transaction_in_which_each_write_fails_alone(opened: Opens) -> None:
    store, other = opened(), opened()
    with store.batch():
        assert note(store) == 1
        with pytest.raises(ZeroDivisionError):
            note_and_fail(store)
        assert note(store) == 2
        assert (noted(store), noted(other)) == (2, 0)
    assert noted(other) == 2


def test_a_batch_that_fails_keeps_nothing(store: Database) -> None:
    def fail() -> None:
        with store.batch():
            note(store)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert note(store) == 1


def test_a_writer_that_waits_too_long_is_told_that_the_store_is_busy(opened: Opens) -> None:
    store, other = opened(), opened()
    store.prepare()
    with other.write():
        asked = time.monotonic()
        with pytest.raises(Unavailable, match="store_busy"):
            note(store)
        assert 2.5 < time.monotonic() - asked < 4.5
    assert note(store) == 1


def test_a_broken_statement_is_a_bug_and_spoils_nothing_after_it(store: Database) -> None:
    def misspell() -> None:
        with store.write() as query:
            query.run("INSERT INTO no_such_table (n) VALUES (1)")

    def repeat() -> None:
        with store.write() as query:
            query.run("INSERT INTO event SELECT * FROM event")

    note(store)
    for broken in (misspell, repeat):
        with pytest.raises(Exception, match=r"no_such_table|event") as caught:
            broken()
        assert not isinstance(caught.value, Unavailable | Refused)
    assert note(store) == 2


def test_text_with_a_nul_is_refused_wherever_it_stands(store: Database) -> None:
    note(store)

    def read() -> None:
        with store.read() as query:
            query.one("SELECT 1 AS n FROM event WHERE actor = :actor", actor="a\0b")

    def write_many() -> None:
        with store.write() as query:
            query.many("UPDATE event SET actor = :actor", [{"actor": "a"}, {"actor": "\0"}])

    for nul in (read, write_many, lambda: note(store, actor="a\0b")):
        with pytest.raises(Refused, match="malformed"):
            nul()
    assert note(store) == 2


def test_a_store_of_a_newer_program_is_not_touched(opened: Opens) -> None:
    store = opened()
    store.prepare()
    in_sqlite = isinstance(store, Sqlite)
    with store.write() as query:
        query.run(f"UPDATE schema_fits SET oldest = {len(MIGRATIONS) + 1}")
        query.run(
            f"PRAGMA user_version = {len(MIGRATIONS) + 1}"
            if in_sqlite
            else f"UPDATE schema_version SET version = {len(MIGRATIONS) + 1}"
        )

    with pytest.raises(Refused, match="store_too_new"):
        note(opened())


def test_an_altered_or_missing_event_breaks_the_chain(store: Database) -> None:
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


def test_rows_read_alike(store: Database) -> None:
    """Whole numbers, sums, nothing, and text by the byte, whatever the server's locale is."""
    words = ["b", "B", "a", "đ", "Đ", "à", "a b", "a-b", "_"]
    for word in words:
        note(store, actor=word)
    with store.read() as query:
        row = query.one(
            "SELECT COUNT(*) AS n, SUM(seq) AS total, MAX(ticket) AS empty"
            " FROM event WHERE actor <> ':x' AND actor <> '100 %' AND office = :office",
            office=OFFICE,
        )
        ordered = query.all("SELECT actor FROM event ORDER BY actor")
        after = query.one("SELECT MIN(actor) AS a FROM event WHERE actor > :than", than="b")
        bare = query.one("SELECT '%' AS percent, 1 = 1 AS yes")
    assert row is not None
    assert dict(row) == {"n": 9, "total": 45, "empty": None}
    assert [entry["actor"] for entry in ordered] == sorted(words)
    assert after is not None
    assert after["a"] == "à"
    assert bare is not None
    assert (bare["percent"], bool(bare["yes"])) == ("%", True)


def test_yes_and_no_are_kept_as_one_and_nothing(store: Database) -> None:
    with store.write() as query:
        changed = query.run(
            "INSERT INTO clerk (office, login, name, pin_hash, disabled)"
            " VALUES (:office, 'hoa', 'Hoa', '', :disabled)",
            office=OFFICE,
            disabled=True,
        )
        row = query.one("SELECT disabled FROM clerk WHERE disabled = :disabled", disabled=True)
    assert row is not None
    assert (changed, row["disabled"]) == (1, 1)


def test_all_who_share_a_store_have_one_clock_in_utc(opened: Opens) -> None:
    moments = [store.now() for store in (opened(), opened()) for _ in range(2)]

    assert all(moment.utcoffset() == timedelta() for moment in moments)
    assert max(moments) - min(moments) < timedelta(seconds=1)
    assert abs(moments[0] - utc_now()) < timedelta(seconds=1)


def test_a_screen_is_told_the_time_although_the_store_was_never_reached(
    store_url: str, tmp_path: Path
) -> None:
    away = store_url.replace("127.0.0.1", "192.0.2.1").replace(str(tmp_path), "/nowhere")
    store = open_database(away, OFFICE)
    asked = time.monotonic()
    shown = store.wall()

    assert time.monotonic() - asked < 0.5
    assert abs(shown - utc_now()) < timedelta(seconds=1)


def test_a_sound_store_says_so_and_can_be_written(store: Database) -> None:
    note(store)
    store.try_to_write()
    assert store.sound()
    assert noted(store) == 1


def test_many_rows_take_the_places_of_those_with_their_key(store: Database) -> None:
    def row(code: str, status: int, owner: str | None) -> dict[str, object]:
        known = {"office": OFFICE, "code": code, "status": status, "procedure_name": "Khai sinh"}
        return {**known, "owner_name": owner, "imported_at": stamp(MORNING)}

    with store.write() as query:
        query.put("dossier", ("office", "code"), [])
        query.put("dossier", ("office", "code"), [row("HS-1", 2, "Đào\t\\N"), row("HS-2", 4, None)])
        query.put("dossier", ("office", "code"), [row("HS-2", 9, "Ý\n"), row("HS-3", 1, "")])
    with pytest.raises(Refused), store.write() as query:
        query.put("dossier", ("office", "code"), [row("HS-4", 2, "a\0")])
    with store.read() as query:
        rows = query.tuples("SELECT code, status, owner_name FROM dossier ORDER BY code")
    assert [tuple(one) for one in rows] == [
        ("HS-1", 2, "Đào\t\\N"), ("HS-2", 9, "Ý\n"), ("HS-3", 1, ""),
    ]  # fmt: skip
