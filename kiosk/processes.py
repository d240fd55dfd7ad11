"""The processes of one machine: who starts whom, who restarts whom, and how all end together."""

from __future__ import annotations

import fcntl
import logging
import os
import select
import signal
import subprocess
import sys
import threading
import time
import tomllib
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from typing import IO, TYPE_CHECKING, Final

from kiosk.errors import Refused, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

log = logging.getLogger(__name__)

DONE: Final = 0
REFUSED: Final = 1
BAD_CONFIG: Final = 2
IDLE: Final = 69
BUG: Final = 70
RENEWED: Final = 75
RESTARTED: Final = 76
"""Exit codes; 70 is EX_SOFTWARE of sysexits.h. 69 (EX_UNAVAILABLE) means that kiosk.toml has no
work for the process any more; 75 (EX_TEMPFAIL: try again) that it has changed, and that the process
is to be started anew; 76 that staff want the whole program started anew."""

READY_SECONDS: Final = 3.0
STEADY_SECONDS: Final = 10.0
LONGEST_PAUSE: Final = 10.0
STOP_SECONDS: Final = 5.0
OTHERS: Final = 0o007
"""The rights that nobody but the owner and the group has on a new file."""
YIELDING: Final = 10
"""How far web, print, imports and upkeep step back on a busy machine, so that no touch has to wait
for them; who presses a key waits too."""
STRANGERS: Final = 15
"""How far the pages for everybody do: the office's own people are never behind a stranger."""

_LOOK_SECONDS: Final = 0.05
_LOCK_SECONDS: Final = 0.5


class Role(StrEnum):
    TOUCH = "touch"
    BOARD = "board"
    WEB = "web"
    PRINT = "print"
    KEYPADS = "keypads"
    IMPORT = "import"
    PUBLIC = "public"
    UPKEEP = "upkeep"
    COUNTER = "counter"


_PROCESS: Final = {
    Role.TOUCH: "windows",
    Role.BOARD: "windows",
    Role.WEB: "web",
    Role.PRINT: "print",
    Role.KEYPADS: "keypads",
    Role.IMPORT: "import",
    Role.PUBLIC: "public",
    Role.UPKEEP: "upkeep",
    Role.COUNTER: "counter",
}

ON_DEMAND: Final = (Role.KEYPADS, Role.IMPORT, Role.PUBLIC, Role.UPKEEP)
"""What runs for as long as kiosk.toml asks for it."""


def roles_of(path: Path) -> list[Role]:
    """What runs where no role is named: a whole hall, and what the file asks for besides.

    A small look at the file, which is read in earnest beside the start of the windows.
    """
    left_out = {Role.COUNTER, *ON_DEMAND} - _asked_for(path)
    return [role for role in Role if role not in left_out]


def _asked_for(path: Path) -> frozenset[Role]:
    """Keypads where the file names a line for them, imports where it names a source, the pages for
    everybody where it enables them, upkeep always, for what tells of people is erased everywhere;
    none while it cannot be read."""
    try:
        known = tomllib.loads(path.read_text("utf-8-sig"))
    except (OSError, ValueError):
        return frozenset()
    public, imports = known.get("public"), known.get("import")
    has_source = isinstance(imports, dict) and (imports.get("folder") or imports.get("url"))
    found = {
        Role.KEYPADS: bool(known.get("keypad_line")),
        Role.IMPORT: bool(has_source),
        Role.PUBLIC: isinstance(public, dict) and public.get("enabled") is True,
        Role.UPKEEP: True,
    }
    return frozenset(role for role in ON_DEMAND if found[role])


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


def supervise(
    config: Path,
    groups: Sequence[Sequence[Role]],
    validate: Callable[[], bool],
    tour: Path | None = None,
    *,
    whole: bool = False,
) -> int:
    """Runs each group as a child until told to stop; returns the exit code.

    The first group starts at once; ``validate``, which tells the mistakes of a bad configuration
    and says whether there are none, runs beside it. The others follow when the first says that it
    is ready, so that on a small machine people see the screen soon. A child that dies is started
    again, at once the first time and with pauses up to ten seconds when it keeps dying, be it of
    a configuration that was spoilt meanwhile. ``tour`` goes to the first group. In a ``whole``
    hall, and where they are asked for, those that are ``ON_DEMAND`` run while the file says so.
    """
    stop = threading.Event()
    on_stop_signals(stop.set)
    children = [_Child("+".join(group), _command(config, group)) for group in groups]
    if tour is not None:
        children[0].command += ["--tour", str(tour)]
    try:
        ready, says = os.pipe()
        children[0].command += ["--ready", str(says)]
        _start(children[0], says)
        os.close(says)
        del children[0].command[-2:]
        if not validate():
            return BAD_CONFIG
        select.select([ready], [], [], READY_SECONDS)
        os.close(ready)
        follows = {role for role in ON_DEMAND if whole or (role,) in groups}
        seen = None
        while not stop.is_set():
            if follows and (now := stamp(config)) != seen:
                seen = now
                wanted = follows & _asked_for(config) - {child.name for child in children}
                children += [_Child(role, _command(config, (role,))) for role in wanted]
            for child in tuple(children):
                if child.process is None:
                    if time.monotonic() >= child.due:
                        _start(child)
                elif (code := child.process.poll()) is not None:
                    if code == RESTARTED:
                        _start_anew(children)
                        break
                    if code == BAD_CONFIG:
                        validate()
                    _bury(child, code)
                    if code == IDLE:
                        children.remove(child)
                        seen = None
                    elif code == BAD_CONFIG and child.name in ON_DEMAND:
                        children.remove(child)  # until the file has changed
            stop.wait(_LOOK_SECONDS)
    finally:
        _stop(children)
    return DONE


def stamp(path: Path) -> tuple[int, int, int] | None:
    """What tells one content of the file from another; None while it is not there."""
    try:
        now = path.stat()
    except OSError:
        return None
    return now.st_mtime_ns, now.st_size, now.st_ino


def _command(config: Path, group: Sequence[Role]) -> list[str]:
    roles = [part for role in group for part in ("--role", role.value)]
    return [sys.executable, "-P", "-m", "kiosk.child", "--config", str(config), *roles]


def _start(child: _Child, *kept: int) -> None:
    child.started = time.monotonic()
    # The child reads its end of this pipe and goes when it closes, even after our kill -9.
    child.process = subprocess.Popen(  # noqa: S603 (ours)
        child.command, stdin=subprocess.PIPE, pass_fds=kept
    )
    log.info("%s runs as process %d", child.name, child.process.pid)


def _bury(child: _Child, code: int) -> None:
    assert child.process is not None
    assert child.process.stdin is not None
    child.process.stdin.close()
    child.process = None
    if code == RENEWED:
        child.due, child.failures = 0.0, 0
        log.info("%s starts anew with the new kiosk.toml", child.name)
        return
    if code == IDLE:
        log.info("%s has nothing to do", child.name)
        return
    steady = time.monotonic() - child.started >= STEADY_SECONDS
    child.failures = 0 if steady else child.failures + 1
    pause = min(2.0 ** (child.failures - 2), LONGEST_PAUSE) if child.failures > 1 else 0.0
    child.due = time.monotonic() + pause
    log.error("%s ended with code %d; starting it again in %.0f s", child.name, code, pause)


def _start_anew(children: Sequence[_Child]) -> None:
    """Ends all of them, so that the loop starts each as if the program had just begun."""
    log.info("the program is started anew")
    _stop(children)
    for child in children:
        child.process, child.due, child.failures = None, 0.0, 0


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


def guarded(work: Callable[[], int]) -> int:
    """The exit code of ``work``: refusals are told on standard error, bugs are logged.

    What it writes, the store and the pictures of slips, is not for every user of the machine.
    """
    os.umask(os.umask(0) | OTHERS)
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    die_of_bugs()
    try:
        return work()
    except (Refused, Unavailable) as error:
        from kiosk.texts import operator_texts, told_to_technician

        sys.stderr.write(told_to_technician(error, operator_texts()) + "\n")
        return REFUSED
    except Exception:
        log.exception("bug")
        return BUG


def die_of_bugs() -> None:
    """Ends the process with BUG when a thread dies of an exception: it must not limp on."""

    def end(died: threading.ExceptHookArgs) -> None:
        name = died.thread.name if died.thread else "?"
        error = died.exc_value or died.exc_type()
        log.critical("bug in thread %s", name, exc_info=error)
        logging.shutdown()
        os._exit(BUG)

    threading.excepthook = end


def held_alone(path: Path, stop: threading.Event, told: Callable[[], None]) -> IO[bytes] | None:
    """Waits until no other process holds the lock at ``path``; None when told to stop meanwhile.

    It is ours until the file is closed or the process ends, however it ends. ``told`` is called
    once when another one has it.
    """
    waited = False
    while not stop.is_set():
        with suppress(FileNotFoundError):
            lock = path.open("ab")
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                lock.close()
                if not waited:
                    told()
                waited = True
            else:
                return lock
        stop.wait(_LOCK_SECONDS)
    return None


def tell_ready(says: int | None) -> None:
    """Tells the supervisor, whose pipe ``says`` is, that this process is at work."""
    if says is not None:
        with suppress(OSError):
            os.close(says)


def stop_with_parent(stop: Callable[[], None]) -> None:
    """Calls ``stop`` when the supervisor is gone, however it went.

    The thread is a daemon because nothing can wake it while the supervisor lives.
    """

    def watch() -> None:
        while os.read(0, 1):
            pass
        stop()

    threading.Thread(target=watch, name="parent", daemon=True).start()
