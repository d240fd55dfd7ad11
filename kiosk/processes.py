"""The processes of one machine: who starts whom, who restarts whom, and how all end together."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

log = logging.getLogger(__name__)

DONE: Final = 0
REFUSED: Final = 1
BAD_CONFIG: Final = 2
BUG: Final = 70
"""Exit codes; 70 is EX_SOFTWARE of sysexits.h."""

STEADY_SECONDS: Final = 10.0
LONGEST_PAUSE: Final = 10.0
STOP_SECONDS: Final = 5.0
_LOOK_SECONDS: Final = 0.05


class Role(StrEnum):
    TOUCH = "touch"
    BOARD = "board"
    WEB = "web"
    PRINT = "print"


_PROCESS: Final = {
    Role.TOUCH: "windows",
    Role.BOARD: "windows",
    Role.WEB: "web",
    Role.PRINT: "print",
}


def grouped(roles: Sequence[Role]) -> tuple[tuple[Role, ...], ...]:
    """The roles that share a process: both windows do, so that load elsewhere spares the touch."""
    found: dict[str, list[Role]] = {}
    for role in Role:
        if role in roles:
            found.setdefault(_PROCESS[role], []).append(role)
    return tuple(tuple(group) for group in found.values())


@dataclass
class _Child:
    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    due: float = 0.0
    failures: int = field(default=0)


def supervise(config: Path, groups: Sequence[Sequence[Role]], *extra: str) -> int:
    """Runs each group as a child until told to stop; returns the exit code.

    A child that dies is started again, at once the first time and with pauses up to ten seconds
    when it keeps dying. A child that finds the configuration bad ends all. ``extra`` goes to the
    process of the windows.
    """
    stop = threading.Event()
    on_stop_signals(stop.set)
    children = [_Child("+".join(group), _command(config, group, extra)) for group in groups]
    try:
        while not stop.is_set():
            for child in children:
                if child.process is None:
                    if time.monotonic() >= child.due:
                        _start(child)
                elif (code := child.process.poll()) is not None:
                    if code == BAD_CONFIG:
                        return BAD_CONFIG
                    _bury(child, code)
            stop.wait(_LOOK_SECONDS)
    finally:
        _stop(children)
    return DONE


def _command(config: Path, group: Sequence[Role], extra: Sequence[str]) -> list[str]:
    roles = [part for role in group for part in ("--role", role.value)]
    own = extra if _PROCESS[group[0]] == "windows" else ()
    return [
        sys.executable, "-m", "kiosk", "run", "--config", str(config), "--child", *roles, *own
    ]  # fmt: skip


def _start(child: _Child) -> None:
    child.started = time.monotonic()
    # The child reads its end of this pipe and goes when it closes, even after our kill -9.
    child.process = subprocess.Popen(child.command, stdin=subprocess.PIPE)  # noqa: S603 (ours)
    log.info("%s runs as process %d", child.name, child.process.pid)


def _bury(child: _Child, code: int) -> None:
    assert child.process is not None
    assert child.process.stdin is not None
    child.process.stdin.close()
    child.process = None
    steady = time.monotonic() - child.started >= STEADY_SECONDS
    child.failures = 0 if steady else child.failures + 1
    pause = min(2.0 ** (child.failures - 2), LONGEST_PAUSE) if child.failures > 1 else 0.0
    child.due = time.monotonic() + pause
    log.error("%s ended with code %d; starting it again in %.0f s", child.name, code, pause)


def _stop(children: Sequence[_Child]) -> None:
    alive = [child.process for child in children if child.process is not None]
    for process in alive:
        assert process.stdin is not None
        process.stdin.close()
        process.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for process in alive:
        try:
            process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def on_stop_signals(stop: Callable[[], None]) -> None:
    """Calls ``stop`` on SIGTERM and on Ctrl-C; only from the main thread."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop())


def die_of_bugs() -> None:
    """Ends the process with BUG when a thread dies of an exception: it must not limp on."""

    def end(died: threading.ExceptHookArgs) -> None:
        name = died.thread.name if died.thread else "?"
        error = died.exc_value or died.exc_type()
        log.critical("bug in thread %s", name, exc_info=error)
        logging.shutdown()
        os._exit(BUG)

    threading.excepthook = end


def stop_with_parent(stop: Callable[[], None]) -> None:
    """Calls ``stop`` when the supervisor is gone, however it went.

    The thread is a daemon because nothing can wake it while the supervisor lives.
    """

    def watch() -> None:
        while os.read(0, 1):
            pass
        stop()

    threading.Thread(target=watch, name="parent", daemon=True).start()
