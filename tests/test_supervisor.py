"""The supervisor of the processes starts all of them anew when staff ask one of them for it."""

from __future__ import annotations

import os
import signal
import threading
from typing import TYPE_CHECKING

import pytest

from kiosk import processes
from kiosk.processes import RESTARTED, Role, supervise
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

    monkeypatch.setattr(processes, "_command", command)
    monkeypatch.setattr(processes, "READY_SECONDS", 0.05)

    def stop() -> None:
        until(lambda: sorted(starts.read_text().split()) == ["web", "web", "windows", "windows"])
        os.kill(os.getpid(), signal.SIGTERM)

    waiting = threading.Thread(target=stop)
    waiting.start()
    code = supervise(tmp_path / "kiosk.toml", [(Role.TOUCH,), (Role.WEB,)], lambda: True)
    waiting.join()

    assert code == processes.DONE
