"""Cold start to the first frame, and the memory of all processes of a running hall."""

from __future__ import annotations

import subprocess
import sys
import time
from typing import TYPE_CHECKING

import psutil

from bench.figures import Figure

if TYPE_CHECKING:
    from pathlib import Path

STARTS = 5
FIRST_FRAMES = ("first frame of TouchWindow", "first frame of BoardWindow")
SETTLE_SECONDS = 3.0


def measure(config_path: Path) -> list[Figure]:
    floor = [_seconds([sys.executable, "-c", "import PySide6.QtQuick"]) for _ in range(STARTS)]
    starts, memory = [], []
    for _ in range(STARTS):
        seconds, megabytes = _one_start(config_path)
        starts.append(seconds)
        memory.append(megabytes)
    least = sorted(floor)[len(floor) // 2]
    own = [pss for pss, _ in memory]
    resident = [rss for _, rss in memory]
    return [
        Figure("floor: Python importing Qt Quick", floor, "s"),
        Figure("start to first frame of both windows", starts, "s", least, "<= 2 s"),
        Figure("memory of all processes, shared pages once", own, "MB", target="<= 400 MB"),
        Figure("memory of all processes, shared pages each", resident, "MB"),
    ]


def _seconds(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - start


def _one_start(config_path: Path) -> tuple[float, tuple[float, float]]:
    start = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "kiosk", "run", "--config", str(config_path)],
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    wanted = set(FIRST_FRAMES)
    for line in process.stderr:
        wanted -= {text for text in wanted if text in line}
        if not wanted:
            break
    seconds = time.perf_counter() - start
    time.sleep(SETTLE_SECONDS)
    memory = _memory(process.pid)
    process.terminate()
    process.communicate(timeout=20)
    return seconds, memory


def _memory(pid: int) -> tuple[float, float]:
    """Megabytes of the process and its children: proportional and resident set sizes."""
    root = psutil.Process(pid)
    infos = [process.memory_full_info() for process in (root, *root.children(recursive=True))]
    return sum(info.pss for info in infos) / 2**20, sum(info.rss for info in infos) / 2**20
