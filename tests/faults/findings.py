"""What a fault that was tried came to, in one line each: for people to read, and to be gathered.

With KIOSK_FINDINGS, a folder, each finding is kept there too; ``python -m tools.reliability``
makes docs/reliability.md of such a folder. Without it nothing is written.
"""

from __future__ import annotations

import json
import os
import platform
import re
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Finding:
    """``group`` is "start", "process", "store", "disk", "device", "clock", "network" or "soak";
    ``seconds`` are those to recovery, one for each time tried, or none where there is nothing to
    recover; ``target`` is the most that they may be."""

    group: str
    fault: str
    injected: str
    times: int
    seen: str
    lost: str
    seconds: tuple[float, ...] = ()
    target: float | None = None
    machine: str = ""
    at: str = ""

    def __str__(self) -> str:
        took = ""
        if self.seconds:
            took = f"; back after {median(self.seconds):.1f} s, at worst {max(self.seconds):.1f} s"
        return f"{self.fault} x {self.times}: lost {self.lost}{took}"


def found(
    group: str,
    fault: str,
    injected: str,
    times: int,
    seen: str,
    lost: str = "nothing",
    seconds: Sequence[float] = (),
    target: float | None = None,
) -> Finding:
    """Prints what came of it, and keeps it where somebody gathers."""
    taken = tuple(round(one, 3) for one in seconds)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    finding = Finding(group, fault, injected, times, seen, lost, taken, target, machine(), now)
    print(f"\n{finding}")
    if folder := os.environ.get("KIOSK_FINDINGS"):
        name = re.sub(r"\W+", "-", f"{group} {fault}".lower()).strip("-")
        path = Path(folder) / f"{name}.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(finding), ensure_ascii=False) + "\n")
    return finding


def machine() -> str:
    """Processor, cores, memory, system: on what it was measured."""
    processor = platform.processor() or platform.machine()
    told = Path("/proc/cpuinfo")
    if told.exists() and (name := re.search(r"model name\s*:\s*(.+)", told.read_text())):
        processor = name[1].strip()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    system = platform.freedesktop_os_release().get("PRETTY_NAME", platform.system())
    return (
        f"{processor}, {os.cpu_count()} cores, {memory:.0f} GB; {system},"
        f" Linux {platform.release()}, Python {platform.python_version()}"
    )
