"""A store whose file is damaged, cut, emptied, or without its log: told, with the way back, and no
number comes twice."""

from __future__ import annotations

import os
import re
import shlex
import time
from typing import TYPE_CHECKING

import pytest

from kiosk.backups import back_up, copies
from kiosk.config import load
from kiosk.office.centre import open_centre
from kiosk.office.tickets import take_ticket
from kiosk.restoring import MARGIN, restore
from tests.e2e.running import Hall, until
from tests.faults.findings import found
from tests.hall import OFFICE
from tests.profile import LONG
from tests.technician import kiosk
from tests.test_backups import spoil
from tests.test_config import LEAST

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from kiosk.office.centre import Centre


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    hall = Hall(tmp_path, printer=9)
    with hall.config.open("a", encoding="utf-8") as file:
        file.write('\n[backup]\nfolder = "medium"\n')
    (tmp_path / "medium").mkdir()
    yield hall
    hall.close()


def garbage(store: Path) -> None:
    for end in ("-wal", "-shm"):
        store.with_name(store.name + end).unlink(missing_ok=True)
    store.write_bytes(b"not a store at all " * 5000)


def cut(store: Path) -> None:
    for end in ("-wal", "-shm"):
        store.with_name(store.name + end).unlink(missing_ok=True)
    os.truncate(store, store.stat().st_size // 2)


def emptied(store: Path) -> None:
    for end in ("-wal", "-shm"):
        store.with_name(store.name + end).unlink(missing_ok=True)
    os.truncate(store, 0)


def without_log(store: Path) -> None:
    """The tail that no checkpoint had brought into the file is lost."""
    for end in ("-wal", "-shm"):
        store.with_name(store.name + end).unlink(missing_ok=True)


DAMAGES: dict[str, Callable[[Path], None]] = {
    "middle": spoil,
    "garbage": garbage,
    "cut": cut,
    "emptied": emptied,
}


def give(centre: Centre, many: int) -> list[int]:
    """The numbers of as many tickets."""
    return [
        int(take_ticket(centre, service="A", actor="touch").place.ticket.number[1:])
        for _ in range(many)
    ]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_copy_is_put_back_in_the_place_of_whatever_is_left_of_a_store(
    damage: str, tmp_path: Path
) -> None:
    config_file, store, medium = tmp_path / "kiosk.toml", tmp_path / "kiosk.db", tmp_path / "medium"
    config_file.write_text(f'{LEAST}\n[backup]\nfolder = "medium"\n', "utf-8")
    medium.mkdir()
    centre = open_centre(load(config_file))
    given = give(centre, 60)
    first = back_up(centre, medium).copy.path
    first = first.replace(medium / f"kiosk-{OFFICE}-20200101T000000Z.db")
    # A later copy, of which only the numbers are read, and what nobody copied any more.
    given += give(centre, 30)
    later = medium / f"kiosk-{OFFICE}-29990101T000000Z.db"
    back_up(centre, medium).copy.path.replace(later)
    given += give(centre, MARGIN // 2)
    centre.database.close()
    DAMAGES[damage](store)
    left = store.read_bytes()

    began = time.monotonic()
    done = restore(open_centre(load(config_file)), first)

    assert done.lost is None
    assert done.kept is not None
    assert done.kept.read_bytes()[: len(left)] == left
    centre = open_centre(load(config_file))
    again = give(centre, 1)
    recovery = time.monotonic() - began
    assert min(again + give(centre, 2)) > max(given)
    centre.database.close()
    found(
        "store",
        f"its file is damaged: {damage}",
        "bytes of the file, then kiosk restore",
        1,
        "please see the help desk, until somebody has put the copy back",
        "what came after the copy; no number is given twice",
        [recovery],
    )


def test_check_names_the_newest_good_copy_and_its_words_put_it_back(tmp_path: Path) -> None:
    config_file, medium = tmp_path / "kiosk.toml", tmp_path / "medium"
    config_file.write_text(f'{LEAST}\n[backup]\nfolder = "medium"\n', "utf-8")
    medium.mkdir()
    centre = open_centre(load(config_file))
    give(centre, 1)
    back_up(centre, medium)
    centre.database.close()
    garbage(tmp_path / "kiosk.db")
    command = way_back_of(config_file)
    assert kiosk(config_file, *command).exit_code == 0
    centre = open_centre(load(config_file))
    assert give(centre, 1) == [1 + MARGIN + 1]
    centre.database.close()


def test_check_names_the_folder_that_the_store_misses(tmp_path: Path) -> None:
    config_file = tmp_path / "kiosk.toml"
    config_file.write_text(f'{LEAST}\n[store]\nurl = "sqlite:///gone/kiosk.db"\n', "utf-8")
    [row] = [one for one in kiosk(config_file, "check").stdout.splitlines() if "kiosk.db" in one]
    assert f"the folder {tmp_path / 'gone'} is not there." in row
    assert "connection" not in row


def way_back_of(config: Path) -> list[str]:
    """What ``kiosk check`` tells the technician to type."""
    checked = kiosk(config, "check").stdout
    [command] = re.findall(r"run: kiosk (restore .+?) --config", checked)
    return shlex.split(command)


def test_a_log_that_vanishes_while_the_hall_runs_costs_no_number(hall: Hall) -> None:
    hall.start("web")
    hall.wait()
    numbers = [hall.take()["number"] for _ in range(20)]
    without_log(hall.folder / "kiosk.db")
    told = until(lambda: refused(hall), "the hall gives no number without its log")
    assert told == "store_replaced"
    hall.stop()
    centre = open_centre(load(hall.config))
    assert give(centre, 1) == [21]
    assert centre.database.whole()
    centre.database.close()
    assert len({*numbers}) == 20


def refused(hall: Hall) -> str:
    answer = hall.api.post("/api/tickets", json={"service": "A"})
    return "" if answer.status_code == 201 else str(answer.json()["code"])


def test_a_store_that_lost_its_log_goes_on_beyond_its_copies(tmp_path: Path) -> None:
    config_file, medium = tmp_path / "kiosk.toml", tmp_path / "medium"
    config_file.write_text(f'{LEAST}\n[backup]\nfolder = "medium"\n', "utf-8")
    medium.mkdir()
    config = load(config_file)
    centre = open_centre(config)
    give(centre, 5)
    centre.database.close()
    (tmp_path / "early.db").write_bytes((tmp_path / "kiosk.db").read_bytes())
    centre = open_centre(config)
    given = give(centre, 40)
    back_up(centre, medium)
    given += give(centre, 5)
    centre.database.close()
    (tmp_path / "early.db").replace(tmp_path / "kiosk.db")

    from kiosk.rescue import inspect_store

    centre = open_centre(config)
    assert inspect_store(config, centre) == "data_older"
    assert inspect_store(config, centre) == "data_older"
    assert min(give(centre, 1)) > max(given)
    # A copy that is put back ends that, though the others are still there.
    centre.database.close()
    [copy] = copies(medium, OFFICE)
    restore(open_centre(config), copy.path)
    centre = open_centre(config)
    assert inspect_store(config, centre) == ""
    centre.database.close()


if LONG:

    def test_a_hall_whose_store_is_no_store_tells_it_at_the_start_with_the_way_back(
        hall: Hall,
    ) -> None:
        centre = open_centre(load(hall.config))
        give(centre, 1)
        copy = back_up(centre, hall.folder / "medium").copy
        centre.database.close()
        garbage(hall.folder / "kiosk.db")
        hall.start("web", "upkeep")
        hall.wait()
        answer = hall.api.post("/api/tickets", json={"service": "A"})
        assert (answer.status_code, answer.json()["code"]) == (503, "store_damaged")
        hall.wait_for_device("store", "fault", "store_damaged")
        until(lambda: f"kiosk restore {copy.path}" in hall.log(), "the log names the copy")
        hall.stop()
        assert kiosk(hall.config, *way_back_of(hall.config)).exit_code == 0
        centre = open_centre(load(hall.config))
        assert give(centre, 1) == [1 + MARGIN + 1]
        centre.database.close()
        assert [path.name for path in hall.folder.glob("kiosk.db.before-*")]

    @pytest.mark.parametrize("damage", DAMAGES)
    def test_a_store_damaged_beneath_a_running_hall_stops_it_and_is_told(
        hall: Hall, damage: str
    ) -> None:
        hall.start("web", "upkeep")
        hall.wait()
        given = [int(hall.take()["number"][1:]) for _ in range(200)]
        assert hall.kiosk("backup").returncode == 0
        copy = copies(hall.folder / "medium", OFFICE)[0]
        DAMAGES[damage](hall.folder / "kiosk.db")
        until(lambda: refused(hall), "the hall gives no number")
        hall.stop()
        assert kiosk(hall.config, "restore", str(copy.path)).exit_code == 0
        centre = open_centre(load(hall.config))
        assert give(centre, 1) == [max(given) + MARGIN + 1]
        centre.database.close()


def test_a_copy_that_is_damaged_is_not_offered(tmp_path: Path) -> None:
    from kiosk.rescue import newest_good

    config_file, medium = tmp_path / "kiosk.toml", tmp_path / "medium"
    config_file.write_text(f'{LEAST}\n[backup]\nfolder = "medium"\n', "utf-8")
    medium.mkdir()
    centre = open_centre(load(config_file))
    give(centre, 300)
    good = back_up(centre, medium).copy
    bad = medium / f"kiosk-{OFFICE}-29990101T000000Z.db"
    bad.write_bytes(good.path.read_bytes())
    spoil(bad)
    found = copies(medium, OFFICE)
    assert [copy.path for copy in found] == [bad, good.path]
    offered = newest_good(found)
    assert offered is not None
    assert offered.path == good.path
    centre.database.close()
