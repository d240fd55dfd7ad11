"""The supervisor starts again who dies or hangs, blames nobody for its own sleep, and starts all of
them anew when staff ask one of them for it."""

from __future__ import annotations

import os
import re
import signal
import socket
import sys
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from kiosk import processes, supervisor
from kiosk.notify import Manager
from kiosk.processes import RESTARTED, Role
from kiosk.supervisor import SILENT_SECONDS, supervise
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path


@pytest.fixture(autouse=True)
def signals() -> Iterator[None]:
    """As they were before: the supervisor takes them for itself."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def test_a_restart_asked_for_in_one_process_is_one_of_all(tmp_path: Path, monkeypatch) -> None:
    starts = tmp_path / "starts"
    starts.touch()

    def command(config: Path, group: Sequence[Role]) -> list[str]:
        web = Role.WEB in group
        asks = f"until grep -q web {starts}; do sleep 0.05; done; exit {RESTARTED}"
        first = f"[ $(grep -c windows {starts}) = 1 ] && {{ {asks}; }}"
        name = "web" if web else "windows"
        return ["sh", "-c", f"echo {name} >> {starts}; {':' if web else first}; exec sleep 60", "-"]

    monkeypatch.setattr(supervisor, "_command", command)
    monkeypatch.setattr(supervisor, "READY_SECONDS", 0.05)

    def stop() -> None:
        until(lambda: sorted(starts.read_text().split()) == ["web", "web", "windows", "windows"])
        os.kill(os.getpid(), signal.SIGTERM)

    waiting = threading.Thread(target=stop)
    waiting.start()
    code = supervise(tmp_path / "kiosk.toml", [(Role.TOUCH,), (Role.WEB,)], lambda: True)
    waiting.join()

    assert code == processes.DONE


CHILD = """
import os, signal, sys, time
tells = int(sys.argv[sys.argv.index("--life") + 1])
again = sys.argv[sys.argv.index("--restart") + 1] if "--restart" in sys.argv else ""
with open(sys.argv[1], "a") as starts:
    starts.write(f"{os.getpid()} {again}\\n")
os.write(tells, b"ready\\n")
if not again:
    signal.signal(signal.SIGABRT, signal.SIG_IGN)
    os.write(tells, b"late loop\\n")
    time.sleep(600)
while True:
    os.write(tells, b"tick\\n")
    time.sleep(0.05)
"""
"""Hangs the first time, and then even too deep for SIGABRT; told that it was, it works."""


def test_a_child_that_hangs_is_ended_and_started_again_and_is_told_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    starts = tmp_path / "starts"
    monkeypatch.setattr(
        supervisor,
        "_command",
        lambda config, group: [sys.executable, "-S", "-c", CHILD, str(starts)],
    )
    monkeypatch.setattr(supervisor, "SILENT_SECONDS", 0.4)
    monkeypatch.setattr(supervisor, "ABORT_SECONDS", 0.2)
    heard: list[bytes] = []
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listens:
        listens.bind(str(tmp_path / "notify"))
        listens.setblocking(False)
        manager = Manager({"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "100000"})

        def hears(word: bytes) -> bool:
            with suppress(BlockingIOError):
                while True:
                    heard.append(listens.recv(500))
            return any(word in told for told in heard)

        def stop() -> None:
            try:
                until(lambda: hears("web ×1".encode()))
                until(lambda: len(starts.read_text().splitlines()) == 2)
                heard.clear()
                until(lambda: hears(b"WATCHDOG=1"))
            finally:
                os.kill(os.getpid(), signal.SIGTERM)

        waiting = threading.Thread(target=stop)
        waiting.start()
        code = supervise(tmp_path / "kiosk.toml", [(Role.WEB,)], lambda: True, manager=manager)
        waiting.join()
        hears(b"")

    (first, *nothing), (second, why) = (line.split() for line in starts.read_text().splitlines())
    assert code == processes.DONE
    assert (nothing, why) == ([], "hung:1")
    assert first != second
    assert "web hangs: its part “loop” stands still" in caplog.text
    assert heard[-1] == b"STOPPING=1"


@pytest.mark.parametrize(
    ("lives", "ready", "pauses"),
    [("0.3", True, "0000"), ("0", True, "0111"), ("0.3", False, "012")],
    ids=["at work for a while", "dead at once", "never at work"],
)
def test_who_dies_at_its_start_comes_back_ever_later_and_who_was_at_work_at_once(
    tmp_path: Path, monkeypatch, caplog, lives: str, ready: bool, pauses: str
) -> None:
    dies = (
        "import os, sys, time;"
        f"{ready} and os.write(int(sys.argv[sys.argv.index('--life') + 1]), b'ready\\n');"
        f"time.sleep({lives}); os._exit(70)"
    )
    command = [sys.executable, "-S", "-c", dies]
    monkeypatch.setattr(supervisor, "_command", lambda config, group: list(command))
    monkeypatch.setattr(supervisor, "STEADY_SECONDS", 0.2)
    told = re.compile(r"web ended with code 70; starting it again in (\d+) s")

    def stop() -> None:
        try:
            until(lambda: len(told.findall(caplog.text)) >= len(pauses))
        finally:
            os.kill(os.getpid(), signal.SIGTERM)

    waiting = threading.Thread(target=stop)
    waiting.start()
    code = supervise(tmp_path / "kiosk.toml", [(Role.WEB,)], lambda: True)
    waiting.join()

    assert code == processes.DONE
    assert "".join(told.findall(caplog.text)[: len(pauses)]) == pauses


def test_a_machine_that_slept_or_a_supervisor_that_stood_still_blames_no_child(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        supervisor, "_command", lambda config, group: ["sh", "-c", "exec sleep 600", "-"]
    )
    hall = supervisor._Hall(
        tmp_path / "kiosk.toml", [(Role.WEB,)], lambda: True, frozenset(), Manager({})
    )
    (child,) = hall.children
    now = time.monotonic()
    child.start(now)
    try:
        hall.look(now + 3600)
        assert not child.hung
        now += 3600
        while (now := now + 0.5) < 3600 + time.monotonic() + SILENT_SECONDS - 1:
            hall.look(now)
            assert not child.hung
        until(lambda: step(hall, child))
    finally:
        supervisor._stop(hall.children)


def step(hall: supervisor._Hall, child: supervisor._Child) -> bool:
    """Half a second later; whether the child is blamed by then."""
    hall.look(hall.looked_at + 0.5)
    return child.hung or child.restart is not None


def test_a_child_that_cannot_be_ended_leaves_the_watchdog_unfed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It stands in for one that the kernel holds: our signals do not reach it."""
    child = supervisor._Child((Role.WEB,), ["sh", "-c", "exec sleep 600", "-"])
    now = time.monotonic()
    child.start(now)
    process = child.process
    assert process is not None
    monkeypatch.setattr(process, "send_signal", lambda number: None)
    monkeypatch.setattr(process, "kill", lambda: None)
    fed = [child.care(now + seconds) for seconds in (1, 5, 6, 7, 10, 12, 13)]
    os.kill(process.pid, signal.SIGKILL)
    child.gone(time.monotonic())

    assert fed == [True, True, True, True, True, False, False]
