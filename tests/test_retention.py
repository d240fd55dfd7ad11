"""What tells of people is erased when its time is over, from every byte, and stays erased."""

from __future__ import annotations

import os
import re
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from kiosk.backups import back_up, copies
from kiosk.calendar import stamp
from kiosk.config import load
from kiosk.dossiers import Dossier, Status, Step
from kiosk.errors import Unavailable
from kiosk.health import Health
from kiosk.leftovers import sweep
from kiosk.office import devices, erasing
from kiosk.office.calls import call_next, finish
from kiosk.office.centre import open_centre
from kiosk.office.incoming import store_dossiers
from kiosk.office.tickets import take_ticket
from kiosk.restoring import restore
from kiosk.retention_config import RetentionConfig, bounds
from kiosk.schema import MIGRATIONS
from kiosk.store import erasure, events, tables
from kiosk.upkeep import Erasing
from tests.hall import OFFICE, Clock, centre_at, centre_of
from tests.test_config import LEAST

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kiosk.office.centre import Centre

DOCS = Path(__file__).resolve().parents[1] / "docs" / "data.md"
KEPT = RetentionConfig()
CANARY = "Canary Hoang Yen 0987001234"


def inventory() -> dict[str, tuple[list[str], list[str], list[str]]]:
    """Of each table of docs/data.md the columns about people, staff and nobody."""
    found = {}
    for line in DOCS.read_text("utf-8").splitlines():
        if told := re.fullmatch(r"\| `(\w+)` \|(.*)\|(.*)\|(.*)\|", line):
            people, staff, nobody = (re.findall(r"\w+", cell) for cell in told.groups()[1:])
            found[told[1]] = (people, staff, nobody)
    return found


def columns(path: Path) -> dict[str, set[str]]:
    with sqlite3.connect(path) as store:
        found = {
            table: {row[1] for row in store.execute(f"PRAGMA table_info({table})")}
            for table in tables.listed()
        }
    store.close()
    return found


@pytest.fixture
def centre(tmp_path: Path, clock: Clock) -> Iterator[Centre]:
    made = centre_at(tmp_path / "kiosk.db", clock)
    yield made
    made.database.close()


def lived(centre: Centre, clock: Clock, days: int) -> None:
    """The clock so much later, with office days all along."""
    for _ in range(days // 28):
        clock.forward(days=28)
        take_ticket(centre, service="A", actor="touch")
    clock.forward(days=days % 28)
    for _ in range(3):
        clock.forward(days=1)
        take_ticket(centre, service="A", actor="touch")


def fill(centre: Centre) -> None:
    """A row of each table about people with the canary in each such column."""
    at = stamp(centre.clock())
    given: dict[str, dict[str, Any]] = {
        "dossier": {"code": "HS-1", "status": 10, "imported_at": at, "returned_at": at},
        "dossier_paper": {"dossier": "HS-1", "n": 1, "originals": 1, "certified": 0, "copies": 0},
        "dossier_postponement": {
            "dossier": "HS-1", "n": 1, "at": at, "due_after": at, "cause": "told",
        },
        "dossier_step": {"dossier": "HS-1", "n": 1, "status": 4},
        "dossier_supplement": {"dossier": "HS-1", "n": 1, "asked_at": at},
        "sms_wish": {"dossier": "HS-1", "made_at": at},
        "visit_note": {"ticket": "t", "at": at, "clerk": "hoa"},
        "secret_try": {"id": "one", "at": at},
        "print_job": {
            "id": "job-1", "kiosk": "kiosk-1", "place": 1, "slip": "receipt", "state": "unknown",
            "created_at": at,
        },
        "appointment": {
            "code": "LH-1", "day": at[:10], "service": "A", "due_at": at, "state": "arrived",
            "booked_at": at,
        },
    }  # fmt: skip
    ticket = take_ticket(centre, service="A", actor="touch").place.ticket
    call_next(centre, 1, clerk="hoa")
    finish(centre, 1, clerk="hoa")
    with centre.database.write() as query:
        for table, (people, _, _) in inventory().items():
            if people and table not in ("ticket", "intake"):
                row = {"office": OFFICE, **given[table], **dict.fromkeys(people, CANARY)}
                tables.insert(query, table, [row])
        query.run("UPDATE ticket SET dossier = :canary WHERE id = :id",
                  canary=CANARY, id=ticket.id)  # fmt: skip
        tables.insert(query, "dossier", [{
            "office": OFFICE, "code": "OWN-1", "status": 10, "imported_at": at,
            "procedure_name": CANARY, "owner_name": CANARY,
        }])  # fmt: skip
        tables.insert(query, "intake", [{
            "office": OFFICE, "code": "OWN-1", "request_id": "r", "version": 1, "clerk": "hoa",
            "sets": 1, "term_days": 1, "is_open": 0, "job": "job-0", "receipts": 1,
            **dict.fromkeys(inventory()["intake"][0], CANARY), "ticket": ticket.id,
        }])  # fmt: skip


def whereabouts(centre: Centre) -> list[str]:
    """Tables in which the canary is left."""
    with centre.database.read() as query:
        return [
            table
            for table in tables.listed()
            for row in query.all(f"SELECT * FROM {table}")
            if CANARY in repr(dict(row))
        ]


def in_bytes(*paths: Path) -> list[str]:
    return [path.name for path in paths if path.exists() and CANARY.encode() in path.read_bytes()]


def test_the_page_for_people_names_every_column_there_is(centre: Centre, tmp_path: Path) -> None:
    centre.database.prepare()
    told = {table: {*people, *staff, *nobody}
            for table, (people, staff, nobody) in inventory().items()}  # fmt: skip
    assert told == columns(tmp_path / "kiosk.db")


def test_nothing_is_left_of_a_person_in_any_byte_when_the_terms_are_over(
    centre: Centre, clock: Clock, tmp_path: Path
) -> None:
    store, medium = tmp_path / "kiosk.db", tmp_path / "medium"
    medium.mkdir()
    fill(centre)
    assert in_bytes(store, tmp_path / "kiosk.db-wal")
    erasing.erase_overdue(centre, KEPT)
    with centre.database.read() as query:
        before = query.all("SELECT id, number, state, called_at FROM ticket ORDER BY id")
    assert set(whereabouts(centre)) >= {"dossier", "dossier_step", "intake", "sms_wish", "ticket"}

    lived(centre, clock, 1830)
    erased = erasing.erase_overdue(centre, KEPT)
    assert centre.database.scrub()

    assert whereabouts(centre) == []
    assert dict(erased) == {"dossiers": 2, "links": 2, "forms": 1, "notes": 1}
    made = back_up(centre, medium)
    assert in_bytes(store, tmp_path / "kiosk.db-wal", made.copy.path) == []
    with centre.database.read() as query:
        assert events.first_broken(query, OFFICE) is None
        assert tables.count(query, OFFICE, "dossier") == 2
        after = query.all("SELECT id, number, state, called_at FROM ticket ORDER BY id")
        told = query.all("SELECT details FROM event WHERE kind = 'data.erased'")
    assert {tuple(row) for row in before} <= {tuple(row) for row in after}
    assert [row["details"] for row in told] == [
        '{"erased":{"dossiers":2,"forms":1,"links":2,"notes":1}}'
    ]


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_each_dossier_goes_at_its_own_term(
    kind: str, clock: Clock, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = f"sqlite:///{tmp_path / 'kiosk.db'}"
    if kind == "postgresql":
        url = request.getfixturevalue("postgres_url")
    centre = centre_of(url, clock)
    now = clock.now

    def one(code: str, status: Status, ended: datetime | None = None) -> Dossier:
        return Dossier(code, status, "Khai sinh", "1.000", owner_name=CANARY, returned_at=ended)

    ago, ahead = now - timedelta(days=366), now + timedelta(days=9000)
    store_dossiers(centre, [
        one("HS-OLD", Status.RETURNED, ago),
        one("HS-NEW", Status.RETURNED, now),
        one("HS-TYPO", Status.RETURNED, ahead),
        one("HS-WAITS", Status.FINISHED),
        one("HS-OPEN", Status.PROCESSING),
        one("HS-NO", Status.REJECTED),
    ], source="test")  # fmt: skip

    def left() -> set[str]:
        erasing.erase_overdue(centre, KEPT)
        with centre.database.read() as query:
            rows = query.all("SELECT code FROM dossier WHERE owner_name IS NOT NULL")
        return {row["code"] for row in rows}

    assert left() == {"HS-NEW", "HS-TYPO", "HS-WAITS", "HS-OPEN", "HS-NO"}
    lived(centre, clock, 366)
    assert left() == {"HS-WAITS", "HS-OPEN"}
    lived(centre, clock, 1460)
    assert left() == set()
    with centre.database.read() as query:
        assert events.first_broken(query, OFFICE) is None
    centre.database.close()


def test_an_import_brings_nobody_back_but_for_a_dossier_at_work_again(
    centre: Centre, clock: Clock
) -> None:
    returned = Dossier("HS-1", Status.RETURNED, "Khai sinh", owner_name=CANARY,
                       steps=(Step(Status.RETURNED, handler=CANARY),))  # fmt: skip
    store_dossiers(centre, [returned], source="test")
    lived(centre, clock, 400)
    erasing.erase_overdue(centre, KEPT)
    assert whereabouts(centre) == []

    again = store_dossiers(centre, [returned], source="test")
    assert (again.stored, again.unchanged) == (0, 1)
    assert whereabouts(centre) == []

    store_dossiers(centre, [replace(returned, status=Status.PROCESSING)], source="test")
    assert whereabouts(centre)
    store_dossiers(centre, [returned], source="test")
    assert whereabouts(centre)


def test_a_clock_that_leapt_ahead_erases_nothing(centre: Centre, clock: Clock) -> None:
    fill(centre)
    clock.forward(days=4000)
    take_ticket(centre, service="A", actor="touch")
    assert not erasing.is_due(centre)
    lived(centre, clock, 0)
    assert erasing.is_due(centre)
    clock.now = datetime(1970, 1, 1, 3, tzinfo=UTC)
    assert not erasing.is_due(centre)


def test_a_run_that_was_broken_off_goes_on_and_is_one_event(centre: Centre, clock: Clock) -> None:
    many = [Dossier(f"HS-{n}", Status.RETURNED, owner_name=CANARY) for n in range(120)]
    store_dossiers(centre, many, source="test")
    lived(centre, clock, 400)
    asked = 0

    def stopped() -> bool:
        nonlocal asked
        asked += 1
        return asked > 2

    first = erasing.erase_overdue(centre, KEPT, stopped=stopped)
    assert 0 < first["dossiers"] < 120
    assert erasing.is_due(centre)
    assert erasing.erase_overdue(centre, KEPT)["dossiers"] == 120
    assert not erasing.is_due(centre)
    with centre.database.read() as query:
        told = query.all("SELECT details FROM event WHERE kind = 'data.erased'")
    assert [row["details"] for row in told] == ['{"erased":{"dossiers":120}}']


def test_files_go_at_their_terms_and_one_that_cannot_is_told(tmp_path: Path, clock: Clock) -> None:
    config_file = tmp_path / "kiosk.toml"
    config_file.write_text(f'{LEAST}\n[import]\nfolder = "inbox"\n', "utf-8")
    config = load(config_file)
    old, new = clock.now - timedelta(days=100), clock.now - timedelta(days=1)
    stamped = {"slips/slip-00001.png": old, "slips/slip-00002.png": new, "slips/mine.png": old,
               "kiosk.db.before-20260801T010000Z": old, "kiosk.db.before-20261122T010000Z": new,
               "kiosk.db.kiosk-1.pulled": old}  # fmt: skip
    for name, at in stamped.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(CANARY)
        os.utime(path, (at.timestamp(), at.timestamp()))
    failed = tmp_path / "inbox" / "failed"
    failed.mkdir(parents=True)
    (failed / "people.csv").write_text(CANARY)
    before = bounds(config.retention, clock.now)
    assert sweep(config, before).removed == 3
    left = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert left == {"kiosk.toml", "slips/slip-00002.png", "slips/mine.png",
                    "kiosk.db.before-20261122T010000Z", "inbox/failed/people.csv"}  # fmt: skip
    # What has lain in failed is told by when it came there, which no test can set back.
    later = bounds(config.retention, datetime.now(UTC) + timedelta(days=91))
    assert sweep(config, later).removed == 3
    (tmp_path / "slips" / "slip-00003.png").mkdir()
    stuck = sweep(config, later)
    assert (stuck.removed, stuck.stuck) == (0, tmp_path / "slips" / "slip-00003.png")


def test_the_process_that_keeps_the_store_erases_and_says_what_it_cannot(
    tmp_path: Path, clock: Clock
) -> None:
    import threading

    config_file = tmp_path / "kiosk.toml"
    config_file.write_text(LEAST, "utf-8")
    config = load(config_file)
    centre = replace(open_centre(config), clock=clock)
    fill(centre)
    lived(centre, clock, 1830)
    (tmp_path / "slips" / "slip-00001.png").mkdir(parents=True)

    def told() -> list[tuple[str, str]]:
        with centre.database.read() as query:
            rows = query.all("SELECT state, reason FROM device WHERE name = 'retention'")
        return [(row["state"], row["reason"]) for row in rows]

    with Health(centre) as health:
        Erasing(config, centre, health, threading.Event()).look()
    assert whereabouts(centre) == []
    assert in_bytes(tmp_path / "kiosk.db", tmp_path / "kiosk.db-wal") == []
    assert told() == [("warning", "retention_files")]
    (tmp_path / "slips" / "slip-00001.png").rmdir()
    clock.forward(days=1)
    with Health(centre) as health:
        Erasing(config, centre, health, threading.Event()).look()
    assert told() == []
    assert devices.forget(centre, "retention") is None
    centre.database.close()


def test_a_store_that_was_away_for_a_while_leaves_no_fault_behind(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    import threading

    from kiosk import upkeep

    config_file = tmp_path / "kiosk.toml"
    config_file.write_text(LEAST, "utf-8")
    config = load(config_file)
    centre = replace(open_centre(config), clock=clock)
    health = Health(centre)
    monkeypatch.setattr(upkeep, "RETRY_SECONDS", 0.0)
    said: list[str] = []
    monkeypatch.setattr(health, "report", lambda name, state, reason="": said.append(reason))
    monkeypatch.setattr(health, "forget", said.append)
    erasing = Erasing(config, centre, health, threading.Event())
    erasing.look()

    def away(_: Centre) -> bool:
        raise Unavailable("store_unreachable")

    with monkeypatch.context() as patch:
        patch.setattr(upkeep, "is_due", away)
        erasing.look()
    assert said[-1] == "retention_failed"
    erasing.look()
    assert said[-1] == "retention"
    centre.database.close()


def test_a_copy_that_is_put_back_is_erased_again_before_it_is_seen(
    centre: Centre, clock: Clock, tmp_path: Path
) -> None:
    medium = tmp_path / "medium"
    medium.mkdir()
    returned = Dossier("HS-1", Status.RETURNED, owner_name=CANARY)
    store_dossiers(centre, [returned], source="test")
    lived(centre, clock, 360)
    back_up(centre, medium)
    lived(centre, clock, 20)
    centre.database.close()
    [copy] = copies(medium, OFFICE)
    assert in_bytes(copy.path)
    done = restore(centre_at(tmp_path / "kiosk.db", clock), copy.path)
    assert done.erased == 1
    assert in_bytes(tmp_path / "kiosk.db", tmp_path / "kiosk.db-wal") == []
    back = centre_at(tmp_path / "kiosk.db", clock)
    with back.database.read() as query:
        assert query.all("PRAGMA user_version")[0][0] == len(MIGRATIONS)
        assert erasure.marked(query, OFFICE, ["HS-1"]) == {"HS-1"}
    back.database.close()
