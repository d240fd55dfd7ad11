"""The turn to write: kept for some writes by who had to wait, and always handed on."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from kiosk.database import turn
from kiosk.database.turn import Turn
from kiosk.errors import Unavailable
from tests.waiting import until

PATIENCE = 5.0


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Turns that last as long as a slow machine may need for a test."""
    for name in ("KEEP_SECONDS", "TURN_SECONDS"):
        monkeypatch.setattr(turn, name, PATIENCE)


def ask(folder: Path) -> Turn:
    return Turn(str(folder), time.monotonic() + PATIENCE)


def somebody_waits(folder: Path) -> bool:
    """Whether the kernel lists a waiter for the folder's lock."""
    inode = f":{folder.stat().st_ino} "
    return any(
        "->" in line and inode in line for line in Path("/proc/locks").read_text().splitlines()
    )


def waited_for(folder: Path) -> Turn:
    """A turn that came only when another one had ended."""
    first = ask(folder)
    came: list[Turn] = []
    waiter = threading.Thread(target=lambda: came.append(ask(folder)))
    waiter.start()
    until(lambda: somebody_waits(folder))
    assert not came
    first.leave()
    waiter.join(PATIENCE)
    return came[0]


def test_who_need_not_wait_hands_on_at_once(tmp_path: Path) -> None:
    mine = ask(tmp_path)
    mine.leave()

    assert not mine.again()
    Turn(str(tmp_path), time.monotonic()).leave()


@pytest.mark.usefixtures("unhurried")
def test_who_had_to_wait_may_write_again(tmp_path: Path) -> None:
    mine = waited_for(tmp_path)
    mine.leave()

    assert mine.again()
    with pytest.raises(Unavailable, match="store_busy"):
        Turn(str(tmp_path), time.monotonic())
    mine.leave()
    assert mine.again()


def test_a_turn_that_is_not_used_goes_to_the_next(tmp_path: Path) -> None:
    mine = waited_for(tmp_path)
    mine.leave()
    ask(tmp_path).leave()

    assert not mine.again()


def test_a_turn_ends_however_much_there_is_to_write(tmp_path: Path) -> None:
    mine = waited_for(tmp_path)
    mine.leave()
    begun = time.monotonic()
    while mine.again():
        mine.leave()
        assert time.monotonic() - begun < PATIENCE

    Turn(str(tmp_path), time.monotonic()).leave()


def test_who_gave_up_gets_no_turn_that_others_wait_for(tmp_path: Path) -> None:
    mine = ask(tmp_path)
    for _ in range(3):
        with pytest.raises(Unavailable, match="store_busy"):
            Turn(str(tmp_path), time.monotonic())
    mine.leave()

    ask(tmp_path).leave()


def test_where_the_folder_is_gone_there_is_no_store(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="store_unreachable"):
        ask(tmp_path / "gone")
