"""Processes that hang are ended and started again by themselves, and staff are told."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import httpx
import pytest

from tests.e2e.running import Hall, until
from tests.faults.findings import found
from tests.faults.people import rows
from tests.profile import LONG, chosen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

TIMES: Final = chosen(2, 25)
"""From the second on the windows hang right after their first frame."""
TURNS: Final = ("windows", "web") if LONG else ("windows",)
KILLED_SECONDS: Final = 30.0
"""A hung GUI is ended within so long (ux-reliability, U7); it is a good deal less where the machine
is not full."""
HANGS: Final = """
import signal


def hang_for_good(*_):
    while True:
        pass


signal.signal(signal.SIGUSR1, hang_for_good)
"""
"""Python imports it before the program, which stays as it is: at SIGUSR1 its main thread, which is
that of the windows or of the event loop, never comes back from where it was."""
AGAIN: Final = "STATUS=Running: touch+board, web. Started again today: touch+board ×1, web ×1"
FAULTS: Final = {"SIGUSR1": "the main thread hangs", "SIGSTOP": "the process is stopped"}
HOW: Final = {"SIGUSR1": "an endless loop in Python, begun by a signal", "SIGSTOP": "SIGSTOP"}
SEEN: Final = {
    "touch+board": "a picture that stands still, then the first screen",
    "web": "nothing; pages of staff wait, then go on",
}
MANAGER: Final = f"kiosk-hung-{os.getpid()}"


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    hall = Hall(tmp_path, printer=9)
    (tmp_path / "hangs").mkdir()
    (tmp_path / "hangs" / "sitecustomize.py").write_text(HANGS)
    yield hall
    hall.close()


@pytest.fixture
def said() -> Iterator[list[str]]:
    """What the service manager is told; as systemd does, it listens all the time."""
    found: list[str] = []
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listens:
        listens.bind(f"\0{MANAGER}")

        def listen() -> None:
            while told := listens.recv(500):
                found.append(told.decode())

        listening = threading.Thread(target=listen)
        listening.start()
        yield found
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ends:
            ends.sendto(b"", f"\0{MANAGER}")
        listening.join()


def frames(hall: Hall) -> int:
    return hall.log().count("first frame of TouchWindow")


def answers(hall: Hall) -> bool:
    return bool(hall.api.get("/healthz", timeout=1.0).is_success)


def test_what_hangs_or_is_stopped_is_started_again_and_told(hall: Hall, said: list[str]) -> None:
    """The windows' thread and the web's loop by turns turn for ever, and are stopped by SIGSTOP."""
    path = f"{hall.folder / 'hangs'}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"
    service = {"NOTIFY_SOCKET": f"@{MANAGER}", "WATCHDOG_USEC": "4000000"}
    hall.start("touch", "board", "web", PYTHONPATH=path, **service)
    hall.wait()
    until(lambda: frames(hall) == 1, "the touch window")
    until(lambda: "WATCHDOG=1" in said, "the watchdog is fed")
    assert said.count("READY=1") == 1
    assert "STATUS=Running: touch+board, web" in said
    took: dict[tuple[str, str], list[float]] = {}
    for n in range(TIMES):
        for turns in TURNS:
            children = hall.children()
            shown, begun = frames(hall), time.monotonic()
            faults = {
                "touch+board": signal.SIGUSR1 if turns == "windows" else signal.SIGSTOP,
                "web": signal.SIGUSR1 if turns == "web" else signal.SIGSTOP,
            }
            for name, fault in faults.items():
                children[name].send_signal(fault)
            back = {
                "touch+board": lambda shown=shown: frames(hall) > shown,
                "web": lambda: answers(hall),
            }
            while back:
                name = until(lambda back=back: first_true(back), "both are back")
                del back[name]
                seconds = time.monotonic() - begun
                took.setdefault((name, faults[name].name), []).append(seconds)
            if n == 0 and turns == "windows":
                told(hall)
                until(lambda: AGAIN in said, "systemctl status tells of both")
    assert hall.take()["number"] == "A001"
    for (name, how), seconds in took.items():
        who = "the windows" if name == "touch+board" else "the web"
        found(
            "process", f"{who}: {FAULTS[how]}", HOW[how], TIMES, SEEN[name],
            seconds=seconds, target=KILLED_SECONDS,
        )  # fmt: skip


def first_true(tried: Mapping[str, Callable[[], bool]]) -> str | None:
    for name, holds in tried.items():
        with suppress(httpx.TransportError):
            if holds():
                return name
    return None


def told(hall: Hall) -> None:
    """In the log, to staff, and in the trail."""
    log = hall.log()
    assert "touch+board hangs: its part “screens” stands still; ending it" in log
    assert "web hangs: it says nothing; ending it" in log
    assert "in hang_for_good" in log
    hall.wait_for_device("process_windows", "warning", "process_hung")
    hall.wait_for_device("process_web", "warning", "process_hung")
    sql = "SELECT details FROM event WHERE kind = 'process.restarted'"
    until(lambda: len(rows(hall, sql)) == 2, "the trail tells of both")
    assert all('"times":1' in details.replace(" ", "") for (details,) in rows(hall, sql))
