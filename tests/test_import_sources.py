"""Where dossiers come from by themselves: a folder, and another program's address."""

from __future__ import annotations

import os
import time
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from kiosk.errors import Unavailable
from kiosk.import_folder import DONE, SETTLED_SECONDS, Folder, pauses

if TYPE_CHECKING:
    from pathlib import Path

    from tests.hall import Seconds

    pass

NOON = datetime(2026, 11, 29, 12, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
OFFICE = """
[office]
name = "Trung tâm"
unit_code = "H15.50.05"

[[service]]
code = "A"
name.vi = "Chứng thực"

[[counter]]
number = 1
"""
RECORD = {"MaHoSo": "HS-1", "TrangThaiHoSo": "4", "ChuHoSo": "Nguyễn Văn An"}


pytestmark = pytest.mark.usefixtures("english")


def config_file(folder: Path, more: str) -> Path:
    path = folder / "kiosk.toml"
    path.write_text(OFFICE + more, "utf-8")
    return path


def settled(folder: Folder, seconds: Seconds) -> Path | None:
    """What is taken once nothing has changed for long enough."""
    assert folder.next() is None
    seconds.now += SETTLED_SECONDS
    return folder.next()


def names(folder: Path) -> list[str]:
    there = folder.iterdir() if folder.exists() else ()
    return sorted(path.name for path in there if path.is_file())


# The folder


def test_a_file_is_taken_when_nothing_of_it_changes_any_more(inbox: Path, seconds: Seconds) -> None:
    folder = Folder(inbox, "kiosk-1", seconds)
    path = inbox / "a.csv"
    path.write_text("Mã hồ sơ\n", "utf-8")
    assert folder.next() is None
    seconds.now += SETTLED_SECONDS - 0.1
    with path.open("a", encoding="utf-8") as file:
        file.write("HS-1\n")
    assert folder.next() is None
    seconds.now += SETTLED_SECONDS
    taken = folder.next()
    assert taken is not None
    assert taken.name == "a.csv"
    assert names(inbox) == []
    # Until it is put away it is the next one, also for a process that comes after a crash.
    assert Folder(inbox, "kiosk-1", seconds).next() == taken
    folder.put_away(taken, "report", NOON)
    assert folder.next() is None
    head = "2026-11-29 120000"
    assert names(inbox / DONE) == [f"{head} a.csv", f"{head} a.csv.report.txt"]


def test_a_file_that_a_program_still_writes_is_left_however_quiet_it_is(
    inbox: Path, seconds: Seconds
) -> None:
    folder = Folder(inbox, "kiosk-1", seconds)
    with (inbox / "a.csv").open("w", encoding="utf-8") as file:
        file.write("half")
        file.flush()
        assert settled(folder, seconds) is None
        seconds.now += 100
        assert folder.next() is None
    assert folder.next() is not None


@pytest.mark.parametrize(
    "name",
    [
        ".a.csv", "~$a.xlsx", "a.csv.part", "a.csv.TMP", "a.csv.filepart", "a.csv.rejected.csv",
        "a.json.rejected.jsonl", "a.csv.report.txt", "signage.secret", "a",
    ],
)  # fmt: skip
def test_what_is_no_finished_file_is_left_alone(inbox: Path, seconds: Seconds, name: str) -> None:
    (inbox / name).write_text("x", "utf-8")
    (inbox / "folder.csv").mkdir()
    assert settled(Folder(inbox, "kiosk-1", seconds), seconds) is None
    assert (inbox / name).exists()


def test_the_oldest_file_comes_first(inbox: Path, seconds: Seconds) -> None:
    for age, name in ((30, "b.csv"), (10, "a.csv"), (20, "c.csv")):
        (inbox / name).write_text("x", "utf-8")
        os.utime(inbox / name, (1_700_000_000 - age, 1_700_000_000 - age))
    folder = Folder(inbox, "kiosk-1", seconds)
    taken = [settled(folder, seconds)]
    for _ in range(2):
        assert taken[-1] is not None
        folder.put_away(taken[-1], "", NOON)
        taken.append(folder.next())
    assert [path.name for path in taken if path] == ["b.csv", "c.csv", "a.csv"]


def test_of_two_kiosks_one_takes_a_file(inbox: Path, seconds: Seconds) -> None:
    one, two = (Folder(inbox, name, seconds) for name in ("kiosk-1", "kiosk-2"))
    (inbox / "a.csv").write_text("x", "utf-8")
    assert (one.next(), two.next()) == (None, None)
    seconds.now += SETTLED_SECONDS
    assert one.next() is not None
    assert two.next() is None


def test_files_of_one_name_in_one_second_stay_apart(inbox: Path, seconds: Seconds) -> None:
    folder = Folder(inbox, "kiosk-1", seconds)
    for text in ("one", "two", "three"):
        (inbox / "a.csv").write_text(text, "utf-8")
        taken = settled(folder, seconds)
        assert taken is not None
        folder.put_away(taken, text, NOON)
    done = [path.read_text("utf-8-sig") for path in (inbox / DONE).iterdir()]
    assert sorted(done) == sorted(["one", "two", "three"] * 2)


def test_a_folder_that_is_away_or_shut_is_told(inbox: Path, seconds: Seconds) -> None:
    with pytest.raises(Unavailable) as away:
        Folder(inbox / "none", "kiosk-1", seconds).next()
    assert away.value.code == "import_folder_missing"
    (inbox / "kiosk.toml").write_text("", "utf-8")
    with pytest.raises(Unavailable) as own:
        Folder(inbox, "kiosk-1", seconds).next()
    assert own.value.code == "import_folder_own"
    (inbox / "kiosk.toml").unlink()
    (inbox / DONE).write_text("in the way", "utf-8")
    with pytest.raises(Unavailable) as shut:
        Folder(inbox, "kiosk-1", seconds).next()
    assert shut.value.code == "import_folder_unwritable"


def test_what_has_lain_in_done_long_enough_is_removed(inbox: Path, seconds: Seconds) -> None:
    folder = Folder(inbox, "kiosk-1", seconds)
    (inbox / "a.csv").write_text("x", "utf-8")
    taken = settled(folder, seconds)
    assert taken is not None
    folder.put_away(taken, "report", NOON)
    now = time.time()
    folder.clear(2, now + 47 * 3600)
    assert len(names(inbox / DONE)) == 2
    folder.clear(2, now + 49 * 3600)
    assert names(inbox / DONE) == []


def test_pauses_grow_to_the_last() -> None:
    assert list(islice(pauses((5.0, 15.0)), 4)) == [5.0, 15.0, 15.0, 15.0]


# The address


# Both at work
