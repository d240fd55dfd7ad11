"""How much room the disks of one machine have, and from when on that is told; judging is pure."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

STORE: Final = "disk"
COPIES: Final = "disk_backup"
LOG: Final = "disk_log"
"""The names of the disks in the health record, by what lies on them."""
ALL: Final = (STORE, COPIES, LOG)

MEGABYTE: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class DiskRules:
    """Below so much free room somebody is told: megabytes, and places for new files (inodes)."""

    warning_mb: int = 1000
    fault_mb: int = 200
    warning_files: int = 20_000
    fault_files: int = 2000


@dataclass(frozen=True, slots=True)
class Room:
    """``free`` of ``total`` bytes for an ordinary user; ``files`` are the places left for new ones,
    None where the file system makes them as it needs them (btrfs, exFAT)."""

    total: int
    free: int
    files: int | None
    read_only: bool


def look(path: Path) -> Room | None:
    """The room on the disk of a file or folder, or of the folder that it would stand in; None where
    nobody can tell, as when the disk is away."""
    for place in (path, path.parent):
        try:
            found = os.statvfs(place)
        except OSError:
            continue
        return Room(
            total=found.f_blocks * found.f_frsize,
            free=found.f_bavail * found.f_frsize,
            files=found.f_favail if found.f_files else None,
            read_only=bool(found.f_flag & os.ST_RDONLY),
        )
    return None


def judged(room: Room | None, rules: DiskRules) -> tuple[str, str]:
    """The state of a disk and its reason, the worst first."""
    if room is None:
        return "fault", "disk_away"
    if room.read_only:
        return "fault", "disk_readonly"
    if room.free < rules.fault_mb * MEGABYTE:
        return "fault", "disk_short"
    if room.files is not None and room.files < rules.fault_files:
        return "fault", "disk_files_short"
    if room.free < rules.warning_mb * MEGABYTE:
        return "warning", "disk_low"
    if room.files is not None and room.files < rules.warning_files:
        return "warning", "disk_files_low"
    return "ok", ""


def apart(disks: Mapping[str, Path]) -> dict[str, Path]:
    """The same, each disk once: under the first name that it has."""
    seen: set[int] = set()
    found = {}
    for name, path in disks.items():
        number = _number(path)
        if number is None or number not in seen:
            found[name] = path
        if number is not None:
            seen.add(number)
    return found


def _number(path: Path) -> int | None:
    for place in (path, path.parent):
        try:
            return place.stat().st_dev
        except OSError:
            continue
    return None
