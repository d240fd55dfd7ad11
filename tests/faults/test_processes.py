"""Each process of a full hall dies by kill -9 and is back within seconds, while people take numbers
and clerks call them."""

from __future__ import annotations

import json
import os
import random
import signal
import time
from typing import TYPE_CHECKING, Final

import httpx
import psutil
import pytest

from kiosk.config import load
from kiosk.keypads.virtual import VirtualLine
from kiosk.presses import Key
from kiosk.processes import YIELDING
from tests.e2e.running import PIN, Hall, free_port, until
from tests.faults.findings import found
from tests.faults.people import People, check, rows
from tests.profile import LONG, chosen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from printer.virtual import VirtualPrinter

KILLS: Final = chosen(1, 200)
RECOVERED_SECONDS: Final = 5.0
"""The issue's limit for one death."""
MORE: Final = """
[[keypad_line]]
device = "{device}"

[[counter]]
number = 3
services = ["A"]
keypad = 7

[import]
folder = "inbox"

[public]
enabled = true
port = {public}

[backup]
folder = "copies"
"""
SEEN: Final = {
    "touch+board": "touch window and hall display dark until they are back, on the first screen",
    "web": "nothing; the clerk's page says that the link is being made again",
    "print": "the slip comes that much later, or staff are asked whether it came",
    "keypads": "nothing; a key that was pressed is served afterwards",
    "import": "nothing",
    "public": "the page for phones does not answer until it is back",
    "upkeep": "nothing",
    "supervisor": "screens dark until the service manager has started it again",
}
TRIED: Final = tuple(SEEN) if LONG else ("touch+board", "web", "print", "supervisor")
"""The others are killed in every run by the tests of what they do (tests/e2e)."""
NAMES: Final = {"touch+board": "the windows"}


@pytest.fixture
def line(tmp_path: Path) -> Iterator[VirtualLine]:
    with VirtualLine((7,), (), link=tmp_path / "keypads") as line:
        yield line


@pytest.fixture
def hall(tmp_path: Path, printer: VirtualPrinter, line: VirtualLine) -> Iterator[Hall]:
    hall = Hall(tmp_path, printer.port)
    (tmp_path / "inbox").mkdir()
    (tmp_path / "copies").mkdir()
    if LONG:
        with hall.config.open("a", encoding="utf-8") as file:
            file.write(MORE.format(device=line.device, public=free_port()))
    yield hall
    hall.close()


class Back:
    """Whether each process does its work again, tried by what it is there for."""

    def __init__(self, hall: Hall, line: VirtualLine) -> None:
        self._hall = hall
        self._line = line
        self._files = 0

    def of(self, name: str) -> Callable[[], bool]:
        """Called right after the death; the answer turns true once the work goes on."""
        hall = self._hall
        if name in ("touch+board", "supervisor"):
            return self._said("first frame of TouchWindow")
        if name == "web":
            return lambda: hall.api.get("/healthz").is_success
        if name == "print":
            return self._prints()
        if name == "keypads":
            keypad = self._line.keypads[7]
            pressed = self._line.press(7, Key.NEXT)
            return lambda: pressed and not keypad.presses
        if name == "import":
            self._lay_in()
            return self._said("kiosk.health: import: ok")
        if name == "public":
            address = f"http://127.0.0.1:{load(hall.config).public.port}/tra-cuu"
            return lambda: httpx.get(address).is_success
        return self._said(f"{name} is at work")

    def _said(self, told: str) -> Callable[[], bool]:
        before = self._hall.log().count(told)
        return lambda: self._hall.log().count(told) > before

    def _prints(self) -> Callable[[], bool]:
        """People take numbers without a pause: one more of them has come out."""
        sql = "SELECT COUNT(*) FROM print_job WHERE state = 'printed'"
        [(before,)] = rows(self._hall, sql)
        return lambda: rows(self._hall, sql)[0][0] > before

    def _lay_in(self) -> None:
        """A file, which is taken in once it has been quiet for some seconds."""
        self._files += 1
        name = f"dossiers-{self._files}.json"
        whole = self._hall.folder / name
        whole.write_text(
            json.dumps([{"MaHoSo": f"H15.50.05-261118-{self._files:04d}", "TrangThaiHoSo": "9"}])
        )
        whole.rename(self._hall.folder / "inbox" / name)

    def all_taken_in(self) -> bool:
        return len(list((self._hall.folder / "inbox" / "done").glob("*.json"))) == self._files


def alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_kill_9_of_each_process_loses_nothing_and_it_is_back_within_seconds(
    hall: Hall, line: VirtualLine, printer: VirtualPrinter
) -> None:
    for login in ("hoa", "an", "binh"):
        assert hall.kiosk("clerk", "add", login, "--name", login, given=PIN).returncode == 0
    hall.start()
    hall.wait()
    until(lambda: hall.children().keys() >= {*TRIED} - {"supervisor"}, "all processes run")
    if LONG:
        hall.wait_for_device("keypad 3", "ok")
        hall.sign_in("binh", 3).close()
        keypad = line.keypads[7]
        until(lambda: keypad.show and keypad.show.text == "----", "the keypad is signed in")
    back, chance = Back(hall, line), random.Random(7)
    took: dict[str, list[float]] = {name: [] for name in TRIED}
    with People(hall, (("hoa", 1), ("an", 2))) as people:
        for name in chance.sample(TRIED * KILLS, len(TRIED) * KILLS):
            # At any moment of their work, but not in the start after the death before.
            goal = len(people.tickets) + chance.randint(1, 4)
            until(lambda goal=goal: len(people.tickets) >= goal or people.bugs, "people at work")
            took[name].append(killed(hall, name, back))
    until(back.all_taken_in, "every file is taken in")
    until(lambda: settled(hall), "every slip is printed or honestly unknown", patience=60)

    check(hall, people, printer)
    steps = os.nice(0) + YIELDING
    until(lambda: hall.children()["web"].nice() == steps, "who was missed steps back again")
    assert "Traceback" not in hall.log()
    for name, seconds in took.items():
        who = NAMES.get(name, f"the process “{name}”" if name != "supervisor" else "the supervisor")
        found(
            "process", f"kill -9 of {who}", "SIGKILL at a random moment, people at work", KILLS,
            SEEN[name], seconds=seconds, target=RECOVERED_SECONDS,
        )  # fmt: skip
    if LONG:
        assert max(max(seconds) for seconds in took.values()) <= RECOVERED_SECONDS


def killed(hall: Hall, name: str, back: Back) -> float:
    """Kills it; seconds until its work goes on."""
    until(lambda: name == "supervisor" or name in hall.children(), f"{name} runs")
    children, since = hall.children(), len(hall.log())
    if name == "supervisor":
        assert hall.process is not None
        hall.process.kill()
        hall.process.wait()
        until(lambda: not any(map(alive, children.values())), "the children go along")
        start = time.monotonic()
        works = back.of(name)
        hall.start()
    else:
        start = time.monotonic()
        children[name].send_signal(signal.SIGKILL)
        until(lambda: not alive(children[name]), f"{name} is dead")
        works = back.of(name)
    until(works, f"{name} is back")
    seconds = time.monotonic() - start
    if name == "supervisor":
        # The next death is that of one process, and not of one among all that just start.
        until(lambda: at_work(hall, since) >= len(TRIED) - 1, "all are at work", patience=60)
    until(lambda: hall.api.get("/healthz").is_success, "the web answers")
    return seconds


def at_work(hall: Hall, since: int) -> int:
    return hall.log()[since:].count(" is at work after ")


def settled(hall: Hall) -> bool:
    sql = "SELECT COUNT(*) FROM print_job WHERE state IN ('queued', 'sending')"
    return rows(hall, sql) == [(0,)]
