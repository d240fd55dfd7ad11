from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kiosk.errors import Unavailable
from kiosk.machine import Machine

if TYPE_CHECKING:
    from pathlib import Path


def test_a_machine_keeps_its_name_and_no_two_have_the_same(tmp_path: Path) -> None:
    one, two = Machine(tmp_path / "one"), Machine(tmp_path / "two")

    assert one.name() == Machine(tmp_path / "one").name() != two.name()


def test_a_copied_disk_gets_a_new_name(tmp_path: Path) -> None:
    machine = Machine(tmp_path / "machine")
    before = machine.name()
    machine.rename()

    assert machine.name() not in ("", before)


def test_a_folder_that_is_gone_is_the_stores_trouble(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        Machine(tmp_path / "gone" / "machine").name()
