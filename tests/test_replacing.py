from __future__ import annotations

import subprocess
import sys
from stat import S_IMODE
from typing import TYPE_CHECKING

import pytest

from kiosk.replacing import put

if TYPE_CHECKING:
    from pathlib import Path

ON_A_DISK_WITH_NO_ROOM = """
import resource, sys
from pathlib import Path
from kiosk.replacing import put

resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, 1_000))
try:
    put(Path(sys.argv[1]), bytes(5_000), 0o640)
except OSError as error:
    print(type(error).__name__, error.errno is not None)
"""


def test_the_new_one_has_the_rights_that_were_asked_for_and_stands_alone(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    path.write_bytes(b"old")
    path.chmod(0o644)
    put(path, b"new", 0o600)
    assert path.read_bytes() == b"new"
    assert S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_it_is_read_back_before_it_takes_the_place_and_by_nobody_else(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.toml"
    path.write_bytes(b"old")
    seen = []

    def prove(unfinished: Path) -> None:
        here, rights = path.read_bytes(), S_IMODE(unfinished.stat().st_mode)
        seen.append((unfinished.parent, unfinished.read_bytes(), here, rights))

    put(path, b"new", 0o644, prove=prove)
    assert seen == [(tmp_path, b"new", b"old", 0o600)]


def test_what_does_not_prove_leaves_the_old_one_and_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.toml"
    path.write_bytes(b"old")

    def prove(_: Path) -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        put(path, b"new", 0o640, prove=prove)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_disk_with_no_room_leaves_the_old_one_and_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.toml"
    path.write_bytes(b"old")
    command = [sys.executable, "-c", ON_A_DISK_WITH_NO_ROOM, path]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert told == "OSError True\n"
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
