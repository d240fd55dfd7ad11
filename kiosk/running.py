"""The processes of the program on this machine, as far as Linux tells of them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

PROC: Final = Path("/proc")
CHILD: Final = "kiosk.child"
SUPERVISOR: Final = "supervisor"
_PPID: Final = 1
_START: Final = 19
"""Fields of /proc/PID/stat behind the name, which may itself hold spaces (proc(5): 4 and 22)."""
_RESIDENT: Final = 1
"""The field of /proc/PID/statm, in pages."""


@dataclass(frozen=True, slots=True)
class Running:
    """A process of the program: the roles that it plays, its number, the memory that it holds in
    bytes, and its start in seconds since 1970."""

    role: str
    pid: int
    resident: int
    started: float


def running(own: str) -> tuple[Running, ...]:
    """This process, called ``own``, and those beside it under the same supervisor, which is one of
    them; this one alone where nobody supervises it."""
    parent = os.getppid()
    supervised = _is_program(_command(parent))
    found = [_found(os.getpid(), own)]
    if supervised:
        found.append(_found(parent, SUPERVISOR))
        found += [_found(pid, role) for pid, role in _siblings(parent)]
    return tuple(sorted(filter(None, found), key=lambda one: one.role))


def everywhere() -> tuple[Running, ...]:
    """All processes of the program on this machine, whoever supervises them."""
    found = []
    for entry in PROC.iterdir():
        if entry.name.isdecimal() and int(entry.name) != os.getpid():
            command = _command(int(entry.name))
            if CHILD in command:
                found.append(_found(int(entry.name), "+".join(_roles(command))))
            elif "run" in command and _is_program(command[:5]):
                found.append(_found(int(entry.name), SUPERVISOR))
    return tuple(sorted(filter(None, found), key=lambda one: (one.role, one.pid)))


def _siblings(parent: int) -> Iterator[tuple[int, str]]:
    for entry in PROC.iterdir():
        if not entry.name.isdecimal() or int(entry.name) == os.getpid():
            continue
        facts = _stat(int(entry.name))
        if facts and int(facts[_PPID]) == parent:
            command = _command(int(entry.name))
            if CHILD in command:
                yield int(entry.name), "+".join(_roles(command))


def _roles(command: list[str]) -> list[str]:
    return [after for word, after in pairwise(command) if word == "--role"]


def _is_program(command: list[str]) -> bool:
    return any(Path(word).name in ("kiosk", "__main__.py") for word in command)


def _command(pid: int) -> list[str]:
    try:
        return (PROC / str(pid) / "cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return []


def _stat(pid: int) -> list[str]:
    try:
        text = (PROC / str(pid) / "stat").read_text(errors="replace")
    except OSError:
        return []
    return text.rpartition(") ")[2].split()


def _found(pid: int, role: str) -> Running | None:
    facts = _stat(pid)
    try:
        pages = int((PROC / str(pid) / "statm").read_text().split()[_RESIDENT])
        started = _booted() + int(facts[_START]) / os.sysconf("SC_CLK_TCK")
    except (OSError, IndexError, ValueError):
        return None
    return Running(role, pid, pages * os.sysconf("SC_PAGE_SIZE"), started)


@cache
def _booted() -> float:
    for line in (PROC / "stat").read_text().splitlines():
        if line.startswith("btime "):
            return float(line.split()[1])
    raise ValueError("btime")
