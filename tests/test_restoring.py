"""A copy is put back in the place of the store, and no number comes twice."""

from __future__ import annotations

import errno
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.backups import back_up
from kiosk.errors import Refused, Unavailable
from kiosk.office import calls
from kiosk.office.tickets import follow, take_ticket
from kiosk.restoring import MARGIN, restore, used_by
from kiosk.store import events
from tests.hall import OFFICE, Clock, centre_at, centre_of
from tests.test_backups import rows_of, sound, spoil, take


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The other medium."""
    made = tmp_path / "medium"
    made.mkdir()
    return made


def test_the_drill_a_damaged_store_is_put_back_and_no_number_comes_twice(
    clock: Clock, tmp_path: Path, folder: Path
) -> None:
    path = tmp_path / "kiosk.db"
    centre = centre_at(path, clock)
    early = take(centre, 300)
    made = back_up(centre, folder)
    late = take(centre, 9)
    centre.database.close()
    spoil(path)

    done = restore(centre_at(path, clock), made.copy.path)

    assert done.lost is None
    assert done.kept is not None
    assert done.kept.read_bytes()[:15] == b"SQLite format 3"
    back = centre_at(path, clock)
    assert rows_of(back)["ticket"] == 300
    assert sound(path)
    again = take(back, 3)
    assert again[0] == f"A{300 + MARGIN + 1}"
    assert not {*early, *late} & {*again}
    called = calls.call_next(back, 1, clerk="hoa")
    assert called is not None
    assert called.number == "A001"
    with back.database.read() as query:
        assert events.first_broken(query, OFFICE) is None
        assert query.all("SELECT * FROM event WHERE kind = 'store.restored'")
    back.database.close()


def test_where_the_old_store_can_be_read_numbers_go_on_right_after_it(
    clock: Clock, tmp_path: Path, folder: Path
) -> None:
    path = tmp_path / "kiosk.db"
    centre = centre_at(path, clock)
    take(centre, 5)
    made = back_up(centre, folder)
    take(centre, 7)
    take(centre, 2, "B")
    centre.database.close()

    done = restore(centre_at(path, clock), made.copy.path)

    assert done.lost == 9
    assert done.series == {"A": 12, "B": 2}
    back = centre_at(path, clock)
    assert take(back, 1) == ["A013"]
    assert take(back, 1, "B") == ["B003"]
    assert take(back, 1, "D") == ["D001"]
    back.database.close()
    kept = centre_at(done.kept, clock)
    assert rows_of(kept)["ticket"] == 14
    kept.database.close()


def test_a_copy_of_an_earlier_day_gives_today_no_number_that_may_be_out(
    clock: Clock, tmp_path: Path, folder: Path
) -> None:
    path = tmp_path / "kiosk.db"
    centre = centre_at(path, clock)
    take(centre, 40)
    made = back_up(centre, folder)
    clock.forward(days=1)
    lost = take(centre, 60)
    centre.database.close()
    spoil(path)

    restore(centre_at(path, clock), made.copy.path)

    back = centre_at(path, clock)
    assert take(back, 1) == [f"A0{40 + MARGIN + 1}"]
    assert f"A0{40 + MARGIN + 1}" not in lost
    back.database.close()


def test_a_store_that_is_gone_is_put_back_too(clock: Clock, tmp_path: Path, folder: Path) -> None:
    path = tmp_path / "kiosk.db"
    centre = centre_at(path, clock)
    ticket = take_ticket(centre, service="A", actor="touch").place.ticket
    made = back_up(centre, folder)
    centre.database.close()
    path.unlink()

    done = restore(centre_at(path, clock), made.copy.path)

    assert done.kept is None
    back = centre_at(path, clock)
    assert follow(back, ticket.id).ticket.number == "A001"
    assert take(back, 1) == [f"A0{1 + MARGIN + 1}"]
    back.database.close()


@pytest.mark.parametrize("fault", ["garbage", "cut", "other office", "a row changed", "not there"])
def test_what_is_no_whole_copy_changes_nothing(
    fault: str, clock: Clock, tmp_path: Path, folder: Path
) -> None:
    path = tmp_path / "kiosk.db"
    centre = centre_at(path, clock)
    take(centre, 50)
    copy = back_up(centre, folder).copy.path
    centre.database.close()
    before = path.read_bytes()
    code = "restore_damaged"
    if fault == "garbage":
        copy.write_bytes(b"not a store at all" * 500)
    elif fault == "cut":
        os.truncate(copy, copy.stat().st_size // 2)
    elif fault == "other office":
        other = centre_of(f"sqlite:///{folder / 'other.db'}", clock, code="H99.1")
        take(other, 1)
        other.database.close()
        copy, code = folder / "other.db", "restore_other_office"
    elif fault == "a row changed":
        with sqlite3.connect(copy) as connection:
            connection.execute("UPDATE event SET details = '{}' WHERE seq = 20")
        connection.close()
        code = "restore_broken"
    else:
        copy.unlink()
        code = "restore_no_file"

    with pytest.raises(Refused, match=code):
        restore(centre_at(path, clock), copy)

    assert path.read_bytes() == before
    assert {one.name for one in tmp_path.iterdir()} <= {
        "kiosk.db",
        "medium",
        "kiosk.db-wal",
        "kiosk.db-shm",
    }


def test_a_hall_that_runs_does_not_lose_its_store(
    clock: Clock, tmp_path: Path, folder: Path
) -> None:
    path = tmp_path / "kiosk.db"
    centre = centre_at(path, clock)
    take(centre, 1)
    made = back_up(centre, folder)
    centre.database.close()
    assert used_by(path) is None
    hold = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('SELECT 1 FROM ticket')"
    )
    command = [sys.executable, "-c", f"{hold}; print('open', flush=True); input()", str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as hall:
        assert hall.stdout is not None
        assert hall.stdin is not None
        assert hall.stdout.readline() == b"open\n"
        with pytest.raises(Refused, match="restore_running") as refused:
            restore(centre_at(path, clock), made.copy.path)
        assert refused.value.facts["pid"] == hall.pid
        hall.stdin.close()


def test_whoever_holds_the_store_is_seen_though_nobody_may_look_into_that_process(
    clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "kiosk.db"
    centre = centre_at(path, clock)
    take(centre, 1)
    centre.database.close()
    hold = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('SELECT * FROM event')"
    command = [sys.executable, "-c", f"{hold}; print('open', flush=True); input()", str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as hall:
        assert hall.stdout is not None
        assert hall.stdin is not None
        assert hall.stdout.readline() == b"open\n"
        with monkeypatch.context() as patch:
            patch.setattr(Path, "readlink", _denied)
            assert used_by(path) == hall.pid
        hall.stdin.close()
    monkeypatch.setattr(Path, "readlink", _denied)
    assert used_by(path) is None


def _denied(path: Path) -> Path:
    raise PermissionError(path)


def test_a_disk_without_room_or_hard_links_is_told_and_the_store_stays(
    clock: Clock, tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "kiosk.db"
    centre = centre_at(path, clock)
    take(centre, 2)
    made = back_up(centre, folder)
    centre.database.close()

    def no_links(*_: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    with pytest.raises(Unavailable, match="restore_failed"):
        restore(centre_at(path, clock), made.copy.path)
    assert not [one for one in tmp_path.iterdir() if ".restoring" in one.name]
    centre = centre_at(path, clock)
    assert centre.database.whole()
    centre.database.close()
