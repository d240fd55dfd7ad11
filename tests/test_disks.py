"""A disk that fills up is told before it is full."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kiosk.disks import DiskRules, Room, apart, judged, look

if TYPE_CHECKING:
    from pathlib import Path

RULES = DiskRules(warning_mb=1000, fault_mb=200, warning_files=20_000, fault_files=2000)
GIGABYTE = 1_000_000_000


@pytest.mark.parametrize(
    ("free", "files", "read_only", "told"),
    [
        (GIGABYTE, 20_000, False, ("ok", "")),
        (GIGABYTE - 1, 20_000, False, ("warning", "disk_low")),
        (199_999_999, 20_000, False, ("fault", "disk_short")),
        (GIGABYTE, 19_999, False, ("warning", "disk_files_low")),
        (GIGABYTE, 1999, False, ("fault", "disk_files_short")),
        (GIGABYTE, None, False, ("ok", "")),
        (0, 0, True, ("fault", "disk_readonly")),
    ],
)
def test_the_worst_of_a_disk_is_told(
    free: int, files: int | None, read_only: bool, told: tuple[str, str]
) -> None:
    assert judged(Room(10 * GIGABYTE, free, files, read_only), RULES) == told


def test_a_real_disk_is_looked_at_where_its_file_is_still_to_come(tmp_path: Path) -> None:
    room = look(tmp_path / "kiosk.db")

    assert room is not None
    assert 0 < room.free <= room.total
    assert look(tmp_path / "away" / "kiosk.db") is None
    assert judged(None, RULES) == ("fault", "disk_away")


def test_two_things_on_one_disk_are_one_disk(tmp_path: Path) -> None:
    away = tmp_path / "a" / "b"

    assert apart({"disk": tmp_path / "x.db", "disk_log": tmp_path, "disk_backup": away}) == {
        "disk": tmp_path / "x.db",
        "disk_backup": away,
    }
