"""The supervisor of one machine's processes: starts them, starts again whoever dies or hangs, and
takes all along at its own end."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Final

from kiosk.life import LATE, READY, TICK, Restart
from kiosk.notify import Manager
from kiosk.processes import (
    BAD_CONFIG,
    DONE,
    IDLE,
    ON_DEMAND,
    REFUSED,
    RENEWED,
    RESTARTED,
    Role,
    asked_for,
    on_stop_signals,
    stamp,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

log = logging.getLogger(__name__)

READY_SECONDS: Final = 3.0
STEADY_SECONDS: Final = 3.0
"""Who has been at work for so long is started again at once, however often it dies."""
LONGEST_PAUSE: Final = 10.0
SHORT_PAUSE: Final = 1.0
"""The longest for one that came to its work: screens that are bright now and then serve people
better than screens that are dark for ten seconds."""
STOP_SECONDS: Final = 5.0
SILENT_SECONDS: Final = 6.0
"""Without a tick for so long a process is ended: twelve ticks, far more than a busy machine
holds one up. With the 4 s of patience that a window has, a frozen screen is a new one within some
12 s, before somebody who stands there has gone to ask, and before systemd's 20 s."""
ABORT_SECONDS: Final = 1.0
"""For a process that is ended to write where it hangs."""
UNKILLABLE_SECONDS: Final = 5.0
"""A process that has not gone so long after SIGKILL is in the kernel's hands, not in ours."""
AWAY_SECONDS: Final = 1.0
"""Between two looks, which are 50 ms apart, only where the machine or we ourselves stood still:
then no child can be blamed for its silence."""

_LOOK_SECONDS: Final = 0.05
_EXPECTED: Final = frozenset({REFUSED, BAD_CONFIG, IDLE, RENEWED, RESTARTED})
"""With these a process ends on purpose, and has told staff why."""


class _Child:
    """One group of roles, and the process that plays them now, if any does."""

    def __init__(self, group: Sequence[Role], command: list[str]) -> None:
        self.name = "+".join(group)
        self.command = command
        self.process: subprocess.Popen[bytes] | None = None
        self.due = 0.0
        self.failures = 0
        self.times: Counter[date] = Counter()
        """How often it was started again, by day."""
        self.restart: Restart | None = None
        self.hung = False
        self._started = 0.0
        self._ready_at: float | None = None
        self._heard = 0.0
        self._late = ""
        self._pulse = -1
        self._rest = b""
        self._ended_at = 0.0

    @property
    def ready(self) -> bool:
        """Whether it has come to its work since it was last started."""
        return self._ready_at is not None

    def start(self, now: float) -> None:
        self._pulse, tells = os.pipe()
        os.set_blocking(self._pulse, False)
        more = ["--life", str(tells)]
        if self.restart is not None:
            more += ["--restart", str(self.restart)]
        # The child reads its end of standard input and goes when it closes, even after our kill -9.
        self.process = subprocess.Popen(  # noqa: S603 (ours)
            [*self.command, *more], stdin=subprocess.PIPE, pass_fds=(tells,)
        )
        os.close(tells)
        self.hung, self._ready_at = False, None
        self._started = self._heard = now
        self._late, self._rest = "", b""
        log.info("%s runs as process %d", self.name, self.process.pid)

    def listen(self, now: float) -> None:
        """Takes what it has said since the last look."""
        said = b""
        with suppress(BlockingIOError):
            said = os.read(self._pulse, 65536)
        *words, self._rest = (self._rest + said).split(b"\n")
        for word in words:
            if word == READY:
                self._ready_at = now
                log.info("%s is at work after %.1f s", self.name, now - self._started)
            elif word == TICK:
                self._late = ""
            elif word.startswith(LATE):
                self._late = word.removeprefix(LATE).decode("ascii", "replace")
                continue
            self._heard = now

    def excuse(self, now: float) -> None:
        """Its silence up to now was not its own."""
        self._heard = now

    def care(self, now: float) -> bool:
        """Ends it when it has been silent for too long; whether all is well, or will soon be."""
        process = self.process
        assert process is not None
        if not self.hung:
            if now - self._heard < SILENT_SECONDS:
                return True
            what = f"its part “{self._late}” stands still" if self._late else "it says nothing"
            log.error("%s hangs: %s; ending it", self.name, what)
            self.hung, self._ended_at = True, now
            # Where it hangs goes to the log; one that was stopped hears nothing until it goes on.
            process.send_signal(signal.SIGABRT)
            process.send_signal(signal.SIGCONT)
        elif now - self._ended_at >= ABORT_SECONDS:
            process.kill()
        return now - self._ended_at < ABORT_SECONDS + UNKILLABLE_SECONDS

    def bury(self, code: int, now: float) -> None:
        """Takes leave of it, and settles when the next one starts, and what it is told."""
        self._close()
        self.process = None
        self.restart = None
        if code == RENEWED:
            self.due, self.failures = 0.0, 0
            log.info("%s starts anew with the new kiosk.toml", self.name)
            return
        if code == IDLE:
            log.info("%s has nothing to do", self.name)
            return
        if self.hung or code not in _EXPECTED:
            today = date.today()
            self.times = Counter({today: self.times[today] + 1})
            self.restart = Restart("hung" if self.hung else "died", self.times[today])
        steady = self._ready_at is not None and now - self._ready_at >= STEADY_SECONDS
        self.failures = 0 if steady else self.failures + 1
        longest = SHORT_PAUSE if self.ready else LONGEST_PAUSE
        pause = min(2.0 ** (self.failures - 2), longest) if self.failures > 1 else 0.0
        self.due = now + pause
        log.error("%s ended with code %d; starting it again in %.0f s", self.name, code, pause)

    def stop(self) -> None:
        """Asks it to go."""
        if self.process is not None:
            assert self.process.stdin is not None
            self.process.stdin.close()
            self.process.terminate()
            self.process.send_signal(signal.SIGCONT)

    def gone(self, deadline: float) -> None:
        """Waits until it has gone, and helps it along after the deadline."""
        if self.process is None:
            return
        try:
            self.process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._close()

    def begin_anew(self) -> None:
        """As if the program had just begun."""
        self.process, self.restart, self.due, self.failures = None, None, 0.0, 0

    def _close(self) -> None:
        assert self.process is not None
        assert self.process.stdin is not None
        self.process.stdin.close()
        os.close(self._pulse)


def supervise(
    config: Path,
    groups: Sequence[Sequence[Role]],
    validate: Callable[[], bool],
    tour: Path | None = None,
    *,
    whole: bool = False,
    manager: Manager | None = None,
) -> int:
    """Runs each group as a child until told to stop; returns the exit code.

    The first group starts at once; ``validate``, which tells the mistakes of a bad configuration
    and says whether there are none, runs beside it. The others follow when the first says that it
    is ready, so that on a small machine people see the screen soon. A child that dies, or whose
    ticks stay away (``kiosk.life``), is started again, at once the first time, with pauses of a
    second when it keeps dying soon after its start, and of up to ten when it does not even come to
    its work, be it for a configuration that was spoilt meanwhile. ``tour`` goes to the first group.
    In a ``whole`` hall, and where they are asked for, those that are ``ON_DEMAND`` run while the
    file says so. ``manager`` is told when the first is ready, and that all are cared for.
    """
    stop = threading.Event()
    on_stop_signals(stop.set)
    manager = manager or Manager()
    follows = frozenset(role for role in ON_DEMAND if whole or (role,) in groups)
    hall = _Hall(config, groups, validate, follows, manager)
    if tour is not None:
        hall.children[0].command += ["--tour", str(tour)]
    try:
        hall.children[0].start(time.monotonic())
        if not validate():
            return BAD_CONFIG
        while not stop.is_set():
            hall.look(time.monotonic())
            stop.wait(_LOOK_SECONDS)
    finally:
        manager.stopping()
        _stop(hall.children)
    return DONE


class _Hall:
    """All children of one supervisor."""

    def __init__(
        self,
        config: Path,
        groups: Sequence[Sequence[Role]],
        validate: Callable[[], bool],
        follows: frozenset[Role],
        manager: Manager,
    ) -> None:
        self.children = [_Child(group, _command(config, group)) for group in groups]
        self._config = config
        self._validate = validate
        self._follows = follows
        self._manager = manager
        self._first = self.children[0]
        self._told = False
        self.looked_at = time.monotonic()
        self._begun = self.looked_at + READY_SECONDS
        for child in self.children[1:]:
            child.due = self._begun
        self._seen: tuple[int, int, int] | None = None

    def look(self, now: float) -> None:
        """Does what is due."""
        if now - self.looked_at > AWAY_SECONDS:
            for child in self.children:
                child.excuse(now)
        self.looked_at = now
        # What cannot start is cared for too, and staff are told by others why.
        if not self._told and (self._first.ready or self._first.process is None):
            self._told = True
            self._begun = min(self._begun, now)
            for child in self.children[1:]:
                child.due = min(child.due, now)
            self._manager.ready()
        if self._follows and now >= self._begun and (found := stamp(self._config)) != self._seen:
            self._seen = found
            known = {child.name for child in self.children}
            wanted = self._follows & asked_for(self._config) - known
            self.children += [_Child((role,), _command(self._config, (role,))) for role in wanted]
        if all([self._care(child, now) for child in tuple(self.children)]):
            self._manager.alive()
        if self._manager.asked:
            self._manager.status(_status(self.children))

    def _care(self, child: _Child, now: float) -> bool:
        """Does what is due for one of them; whether that is as it should be."""
        if child.process is None:
            if now >= child.due and child in self.children:
                child.start(now)
            return True
        child.listen(now)
        code = child.process.poll()
        if code is None:
            return child.care(now)
        if code == RESTARTED:
            log.info("the program is started anew")
            _stop(self.children)
            for each in self.children:
                each.begin_anew()
            return True
        if code == BAD_CONFIG:
            self._validate()
        child.bury(code, now)
        if code == IDLE:
            self.children.remove(child)
            self._seen = None
        elif code == BAD_CONFIG and child.name in ON_DEMAND:
            self.children.remove(child)  # until the file has changed
        return True


def _command(config: Path, group: Sequence[Role]) -> list[str]:
    roles = [part for role in group for part in ("--role", role.value)]
    return [sys.executable, "-P", "-m", "kiosk.child", "--config", str(config), *roles]


def _status(children: Sequence[_Child]) -> str:
    """Who runs, and who was started again today."""
    from kiosk.texts import operator_texts

    words, today = operator_texts(), date.today()
    parts = ", ".join(child.name for child in children) or "–"
    again = ", ".join(f"{c.name} ×{c.times[today]}" for c in children if c.times[today])
    key = "cli.service_again" if again else "cli.service"
    return words.say(key, parts=parts, again=again)


def _stop(children: Sequence[_Child]) -> None:
    for child in children:
        child.stop()
    deadline = time.monotonic() + STOP_SECONDS
    for child in children:
        child.gone(deadline)
