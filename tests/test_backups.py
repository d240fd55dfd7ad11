"""Copies of the store: made beside a busy hall, looked at, kept for a while, and put back."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kiosk.backups import Copy, back_up, copies, outlived, rotate
from kiosk.config import load
from kiosk.errors import Refused, Unavailable
from kiosk.office import calls
from kiosk.office.centre import open_centre
from kiosk.office.tickets import take_ticket
from kiosk.store import events, tables
from tests.hall import OFFICE, Clock, centre_at, centre_of
from tests.technician import kiosk
from tests.test_config import LEAST

if TYPE_CHECKING:
    from kiosk.office.centre import Centre

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "medium"
    made.mkdir()
    return made


def take(centre: Centre, many: int, service: str = "A") -> list[str]:
    return [
        take_ticket(centre, service=service, actor="touch").place.ticket.number for _ in range(many)
    ]


def rows_of(centre: Centre) -> dict[str, int]:
    with centre.database.read() as query:
        return {table: tables.count(query, centre.code, table) for table in tables.listed()}


def opened(copy: Path, clock: Clock) -> Centre:
    return centre_at(copy, clock)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_copy_holds_all_that_the_store_does(
    kind: str, clock: Clock, tmp_path: Path, folder: Path, request: pytest.FixtureRequest
) -> None:
    url = f"sqlite:///{tmp_path / 'kiosk.db'}"
    if kind == "postgresql":
        url = request.getfixturevalue("postgres_url")
    centre = centre_of(url, clock)
    take(centre, 30)
    calls.call_next(centre, 1, clerk="hoa")

    made = back_up(centre, folder)

    assert made.copy.path.name == "kiosk-H15.50.05-20261123T014200Z.db"
    assert [one.name for one in folder.iterdir()] == [made.copy.path.name]
    copy = opened(made.copy.path, clock)
    assert rows_of(copy) == rows_of(centre)
    with copy.database.read() as query:
        assert events.first_broken(query, OFFICE) is None
        assert events.last(query, OFFICE) == made.seq
    copy.database.close()
    centre.database.close()


def test_a_copy_is_whole_while_numbers_are_taken_without_a_pause(
    clock: Clock, tmp_path: Path, folder: Path
) -> None:
    centre = centre_at(tmp_path / "kiosk.db", clock)
    take(centre, 1)
    stop = threading.Event()
    taken: list[str] = []

    def hall() -> None:
        while not stop.is_set():
            taken.extend(take(centre, 1))

    thread = threading.Thread(target=hall)
    thread.start()
    sizes = []
    try:
        while len(sizes) < 8:
            before = len(taken)
            made = back_up(centre, folder)
            copy = opened(made.copy.path, clock)
            with copy.database.read() as query:
                assert events.first_broken(query, OFFICE) is None
            tickets = rows_of(copy)["ticket"]
            copy.database.close()
            assert tickets >= before + 1
            sizes.append(tickets)
            clock.forward(seconds=1)
    finally:
        stop.set()
        thread.join()
    assert len(taken) == len(set(taken))
    assert sizes == sorted(sizes)
    assert len(copies(folder, OFFICE)) == 8
    centre.database.close()


def test_a_medium_that_is_not_there_is_not_made_up(clock: Clock, tmp_path: Path) -> None:
    centre = centre_at(tmp_path / "kiosk.db", clock)
    take(centre, 1)
    with pytest.raises(Refused, match="backup_no_folder"):
        back_up(centre, tmp_path / "away")
    assert not (tmp_path / "away").exists()
    centre.database.close()


def test_a_damaged_store_replaces_no_good_copy(clock: Clock, tmp_path: Path, folder: Path) -> None:
    path = tmp_path / "kiosk.db"
    centre = centre_at(path, clock)
    take(centre, 300)
    good = back_up(centre, folder).copy
    centre.database.close()
    spoil(path)
    centre = centre_at(path, clock)
    clock.forward(days=40)

    with pytest.raises(Unavailable, match=r"backup_damaged|store_damaged"):
        back_up(centre, folder)

    assert copies(folder, OFFICE) == [good]
    assert [one.name for one in folder.iterdir()] == [good.path.name]
    centre.database.close()


def test_copies_are_kept_for_hours_and_days_by_a_table() -> None:
    def at(text: str) -> Copy:
        return Copy(Path(text), datetime.fromisoformat(f"2026-{text}:00+00:00"))

    table = {
        "11-30T11:45": True,
        "11-30T11:30": True,
        "11-29T12:00": True,
        "11-29T11:45": False,
        "11-29T00:00": False,
        "11-28T23:45": True,
        "11-28T23:30": False,
        "11-01T08:00": True,
        "11-01T07:00": False,
        "10-31T12:00": True,
        "10-31T11:00": False,
        "10-30T12:00": False,
    }
    kept = [at(text) for text in table]
    gone = {copy.path.name for copy in outlived(kept, NOON, 24, 30)}
    assert {text: text not in gone for text in table} == table
    assert outlived([at("01-01T00:00")], NOON, 24, 30) == []


def test_only_the_offices_own_copies_are_deleted(folder: Path) -> None:
    names = [
        "kiosk-H15.50.05-20250101T000000Z.db",
        "kiosk-H15.50.05-20261130T113000Z.db",
        "kiosk-H99.1-20250101T000000Z.db",
        "kiosk-H15.50.05-20251399T000000Z.db",
        "family.jpg",
    ]
    for name in names:
        (folder / name).touch()
    gone = rotate(folder, OFFICE, NOON, 24, 30)
    assert [copy.path.name for copy in gone] == names[:1]
    assert {one.name for one in folder.iterdir()} == set(names[1:])


def test_what_a_power_cut_left_is_cleared_and_never_taken_for_a_copy(
    clock: Clock, tmp_path: Path, folder: Path
) -> None:
    centre = centre_at(tmp_path / "kiosk.db", clock)
    take(centre, 1)
    left = [folder / f"kiosk-H15.50.05-20261122T014200Z.db.part{end}" for end in ("", "-journal")]
    at_work = folder / "kiosk-H15.50.05-20261123T014159Z.db.part"
    for path in (*left, at_work):
        path.write_bytes(b"half")
    for path in left:
        os.utime(path, (0, 0))
    assert copies(folder, OFFICE) == []
    made = back_up(centre, folder)
    assert {one.name for one in folder.iterdir()} == {made.copy.path.name, at_work.name}
    assert copies(folder, OFFICE) == [made.copy]
    centre.database.close()


def test_a_technician_makes_lists_and_puts_back(tmp_path: Path, folder: Path) -> None:
    config = tmp_path / "kiosk.toml"
    config.write_text(f'{LEAST}\n[backup]\nfolder = "medium"\n', "utf-8")
    centre = open_centre(load(config))
    take(centre, 3, next(iter(centre.services)))
    centre.database.close()
    with pytest.raises(Refused, match="no_copies"):
        kiosk(config, "restore")
    made = kiosk(config, "backup")
    [copy] = folder.iterdir()
    assert str(copy) in made.stdout
    assert str(copy) in kiosk(config, "restore").stdout
    back = kiosk(config, "restore", str(copy))
    assert "kiosk.db.before-" in back.stdout
    assert back.exit_code == 0


def test_a_full_medium_is_told_and_leaves_nothing_behind(tmp_path: Path, folder: Path) -> None:
    config = tmp_path / "kiosk.toml"
    config.write_text(f'{LEAST}\n[backup]\nfolder = "medium"\n', "utf-8")
    assert kiosk(config, "migrate").exit_code == 0
    full = ["-e", "trace=pwrite64", "-e", "inject=pwrite64:error=ENOSPC:when=9+"]
    command = ["strace", "-f", "-qq", "-o", "/dev/null", *full, sys.executable, "-m", "kiosk"]
    told = subprocess.run(
        [*command, "backup", "--config", str(config)],
        check=False, capture_output=True, text=True, env={**os.environ, "LANGUAGE": "en"},
    )  # fmt: skip
    assert told.returncode == 1
    assert f"no room for a copy in {folder}" in told.stderr
    assert list(folder.iterdir()) == []


def spoil(path: Path) -> None:
    """Overwrites pages in the middle, as a dying disk does; the first one stays."""
    for end in ("-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)
    size = path.stat().st_size
    with path.open("r+b") as file:
        for at in range(8192, size, 8192):
            file.seek(at)
            file.write(b"\xa5" * 2048)


def sound(path: Path) -> bool:
    connection = sqlite3.connect(path)
    found = connection.execute("PRAGMA integrity_check").fetchone()[0]
    mode = connection.execute("PRAGMA journal_mode").fetchone()[0]
    connection.close()
    return bool(found == "ok" and mode == "wal")
