"""The processes of one machine: which roles share one, and what all of them do at their beginning
and end."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
import tomllib
from contextlib import suppress
from enum import StrEnum
from typing import IO, TYPE_CHECKING, Final

from kiosk import logs
from kiosk.errors import Refused, Unavailable
from kiosk.locks import try_lock

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

OTHERS: Final = 0o007
"""The rights that nobody but the owner and the group has on a new file."""
YIELDING: Final = 10
"""How far web, print, imports and upkeep step back on a busy machine, so that no touch has to wait
for them; who presses a key waits too."""
STRANGERS: Final = 15
"""How far the pages for everybody do: the office's own people are never behind a stranger."""

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


PROCESS_OF: Final = {
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

_NOT_ASKED: Final = {
    Role.KEYPADS: "no_keypad_line",
    Role.IMPORT: "no_import",
    Role.PUBLIC: "no_public",
}


def roles_of(path: Path) -> list[Role]:
    """What runs where no role is named: a whole hall, and what the file asks for besides.

    A small look at the file, which is read in earnest beside the start of the windows.
    """
    left_out = {Role.COUNTER, *ON_DEMAND} - asked_for(path)
    return [role for role in Role if role not in left_out]


def asked_for(path: Path) -> frozenset[Role]:
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


def nothing_asks_for(path: Path, groups: Sequence[Sequence[Role]]) -> str | None:
    """The code of the refusal, where one part alone is to run and the file has no work for it."""
    role = groups[0][0]
    if len(groups) > 1 or role not in ON_DEMAND or role in asked_for(path):
        return None
    return _NOT_ASKED[role]


def grouped(roles: Sequence[Role]) -> tuple[tuple[Role, ...], ...]:
    """The roles that share a process: both windows do, so that load elsewhere spares the touch."""
    found: dict[str, list[Role]] = {}
    for role in Role:
        if role in roles:
            found.setdefault(PROCESS_OF[role], []).append(role)
    return tuple(tuple(group) for group in found.values())


def stamp(path: Path) -> tuple[int, int, int] | None:
    """What tells one content of the file from another; None while it is not there."""
    try:
        now = path.stat()
    except OSError:
        return None
    return now.st_mtime_ns, now.st_size, now.st_ino


def on_stop_signals(stop: Callable[[], None]) -> None:
    """Calls ``stop`` on SIGTERM and on Ctrl-C; only from the main thread."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop())


def guarded(work: Callable[[], int]) -> int:
    """The exit code of ``work``: refusals are told on standard error, bugs are logged.

    What it writes, the store and the pictures of slips, is not for every user of the machine.
    """
    os.umask(os.umask(0) | OTHERS)
    logs.begin()
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
            if try_lock(lock):
                return lock
            lock.close()
            if not waited:
                told()
            waited = True
        stop.wait(_LOCK_SECONDS)
    return None


def stop_with_parent(stop: Callable[[], None]) -> None:
    """Calls ``stop`` when the supervisor is gone, however it went.

    The thread is a daemon because nothing can wake it while the supervisor lives.
    """

    def watch() -> None:
        while os.read(0, 1):
            pass
        stop()

    threading.Thread(target=watch, name="parent", daemon=True).start()
