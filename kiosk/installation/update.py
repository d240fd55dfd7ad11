"""From one version of the program to the next, and back by itself where that one does not do.

Everything is proved before anything is changed; while it is, the hall goes on. Then the link to the
running version moves, the hall starts anew, and has to be as well as it was.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, Protocol

from kiosk.errors import Refused, Unavailable
from kiosk.installation.bundle import check_bundle, rank, read_bundle, unpack
from kiosk.installation.places import (
    CURRENT,
    DATA,
    KEYS,
    PROGRAM,
    TRIAL,
    UNFINISHED,
    UNPACKED,
    USER,
    VERSIONS,
)
from kiosk.installation.steps import Link
from kiosk.installation.version import MARK, Environment, folder_of
from kiosk.replacing import put
from kiosk.set_aside import name_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from kiosk.installation.steps import Machine

ROOM: Final = 4
"""So many times its size a bundle needs: unpacked, installed, and something to spare."""
WELL_SECONDS: Final = 90.0
TOLD_LINES: Final = 40
"""Of what a version says of itself: every mistake that it finds in kiosk.toml."""
STEADY_SECONDS: Final = 15.0
"""A process that dies at once is started again so often that one look may find it alive."""
HOPELESS: Final = 4
"""Started again so often, nobody waits any longer for it to be well."""
_LOOK_SECONDS: Final = 1.0
RESTARTS: Final = "NRestarts"
"""What is told of processes that die and are started again, by systemd's own name for it."""


class Hall(Protocol):
    """The processes of a machine."""

    def known(self) -> dict[str, list[str]]:
        """How it is before an update, for a note that outlasts a power cut."""

    def measure_by(self, known: Mapping[str, Sequence[str]]) -> None:
        """Takes that for the measure, not how it is now."""

    def begin(self) -> None:
        """Ends what runs, and starts the version that the link names. Unavailable."""

    def trouble(self) -> str | None:
        """What is worse than it was before ``begin``; None when all is as well."""

    def starts(self) -> int:
        """How often one of its processes was started again so far."""


@dataclass(frozen=True, slots=True)
class Update:
    """``say(key, **facts)`` tells each step as it begins. The store is copied first: to the folder
    for copies where ``copies`` says that there is one, else beside ``store``, its file."""

    machine: Machine
    hall: Hall
    say: Callable[..., None]
    config: Path
    copies: bool = False
    store: Path | None = None
    well_seconds: float = WELL_SECONDS
    steady_seconds: float = STEADY_SECONDS

    def carry_out(self, path: Path, *, dry_run: bool = False) -> None:
        """Refused as ``read_bundle`` and ``check_bundle`` say, and: update_unfinished (version),
        no_version (path), update_no_room (needed, free), update_refused (version), where nothing
        was changed; update_returned (version, reason), where the old one runs again. Unavailable:
        update_stuck (version, reason), where that did not do either.
        """
        if (unfinished := self._unfinished()) is not None:
            raise Refused("update_unfinished", version=unfinished[1])
        running = self._running()
        bundle = read_bundle(path, self.machine.at(KEYS))
        check_bundle(bundle, running)
        self._check_room(bundle.size)
        self.say("update.proved", version=bundle.version, running=running)
        if dry_run:
            return
        wheels = self.machine.at(f"{UNPACKED}/{bundle.version}")
        unpack(bundle, wheels)
        environment = Environment(bundle.version, wheels)
        if environment.due(self.machine):
            self.say("update.installing", path=self.machine.at(folder_of(bundle.version)))
            environment.do(self.machine)
        try:
            self._try(running, bundle.version)
        except Unavailable as error:
            self._drop(bundle.version)
            raise Refused(
                "update_refused", version=bundle.version, told=error.facts["told"]
            ) from error
        self._note(running, bundle.version)
        self.say("update.switching", version=bundle.version)
        self._prove(running, bundle.version, self._begun(bundle.version))
        self._tidy(running, bundle.version)

    def finish(self) -> None:
        """What a power cut broke off: the new version proves itself now, or goes.

        Refused: update_none; and as ``carry_out``.
        """
        unfinished = self._unfinished()
        if unfinished is None:
            raise Refused("update_none")
        before, version, known = unfinished
        self.hall.measure_by(known)
        self._prove(before, version, self._begun(version))
        self._tidy(before, version)

    def _running(self) -> str:
        link = self.machine.at(CURRENT)
        if not link.is_symlink() or not (link / MARK).exists():
            raise Refused("no_version", path=link)
        return link.readlink().name

    def _unfinished(self) -> tuple[str, str, dict[str, list[str]]] | None:
        with suppress(OSError, ValueError, KeyError, TypeError):
            told = json.loads(self.machine.at(UNFINISHED).read_text("utf-8"))
            known = {key: [str(each) for each in told["known"][key]] for key in told["known"]}
            return str(told["from"]), str(told["to"]), known
        return None

    def _check_room(self, size: int) -> None:
        free = shutil.disk_usage(self.machine.at(PROGRAM)).free
        if free < size * ROOM:
            needed, there = round(size * ROOM / 1e6), round(free / 1e6)
            raise Refused("update_no_room", needed=needed, free=there)

    def _try(self, running: str, version: str) -> None:
        """A copy of the store by the old version, and the new one at work on it."""
        folder = self.machine.at(TRIAL)
        self._clear()
        self._as_kiosk("mkdir", "--mode=700", str(folder))
        self.say("update.copying", folder=folder)
        old, new = (self.machine.at(folder_of(each)) / "bin" for each in (running, version))
        there = ("--config", str(self.config))
        try:
            if self.copies:
                self._as_kiosk(str(old / "kiosk"), "backup", *there)
            self._as_kiosk(str(old / "kiosk"), "backup", "--to", str(folder), *there)
            copy = next(folder.glob("*.db"))
            kept = self._keep(copy)
            self.say("update.trying", version=version)
            trial = ("-P", "-m", "kiosk.trial", str(self.config), str(copy))
            try:
                self._as_kiosk(str(new / "python"), *trial)
            except Unavailable:
                if kept is not None:
                    self._as_kiosk("rm", "--", str(kept))
                raise
        finally:
            self._clear()

    def _keep(self, copy: Path) -> Path | None:
        """The copy beside the store, as long as copies are kept, where it stays nowhere else."""
        if self.copies or self.store is None:
            return None
        kept = name_of(self.store, datetime.now(UTC))
        self.say("update.kept", path=kept)
        try:
            self._as_kiosk("install", "--mode=640", "--", str(copy), str(kept))
        except Unavailable:
            self._as_kiosk("rm", "--force", "--", str(kept))
            raise
        return kept

    def _as_kiosk(self, *command: str) -> None:
        """What root does in a folder of somebody else can be turned against the machine, and its
        files there would be none of the hall's."""
        if self.machine.root is None and os.geteuid() == 0:
            changed = ("setpriv", f"--reuid={USER}", f"--regid={USER}", "--init-groups")
            command = ("env", f"HOME={DATA}", *changed, *command)
        self.machine.run(command, TOLD_LINES)

    def _note(self, running: str, version: str) -> None:
        """What ``finish`` needs after a power cut, on the medium before anything is changed."""
        note = self.machine.at(UNFINISHED)
        told = {"from": running, "to": version, "known": self.hall.known()}
        put(note, json.dumps(told).encode(), 0o644)
        os.sync()

    def _begun(self, version: str) -> str | None:
        """Starts the version; what keeps it from starting, if anything does."""
        self._link(version)
        try:
            self.hall.begin()
        except (Unavailable, OSError) as error:
            return str(error)
        return None

    def _prove(self, running: str, version: str, trouble: str | None) -> None:
        if trouble is None:
            self.say("update.watching")
            trouble = self._settled()
        if trouble is None:
            self.machine.at(UNFINISHED).unlink()
            self.say("update.done", version=version)
            return
        self.say("update.returning", version=running, reason=trouble)
        again = self._begun(running) or self._settled()
        if again is not None:
            raise Unavailable("update_stuck", version=running, reason=again)
        self.machine.at(UNFINISHED).unlink()
        self._drop(version)
        raise Refused("update_returned", version=version, running=running, reason=trouble)

    def _settled(self) -> str | None:
        """What is still wrong after a while; None once all is well and stays so."""
        deadline, starts = time.monotonic() + self.well_seconds, self.hall.starts()
        while (wrong := self.hall.trouble()) is not None:
            if time.monotonic() > deadline or self.hall.starts() >= starts + HOPELESS:
                return wrong
            time.sleep(_LOOK_SECONDS)
        starts, until = self.hall.starts(), time.monotonic() + self.steady_seconds
        while time.monotonic() < until:
            time.sleep(_LOOK_SECONDS)
        if (wrong := self.hall.trouble()) is not None:
            return wrong
        return None if self.hall.starts() == starts else RESTARTS

    def _link(self, version: str) -> None:
        Link(CURRENT, f"versions/{version}").do(self.machine)

    def _drop(self, version: str) -> None:
        for path in (folder_of(version), f"{UNPACKED}/{version}"):
            shutil.rmtree(self.machine.at(path), ignore_errors=True)

    def _clear(self) -> None:
        """A copy holds what people told the office: it stays no longer than it is needed."""
        self._as_kiosk("rm", "--recursive", "--force", "--", str(self.machine.at(TRIAL)))

    def _tidy(self, before: str, version: str) -> None:
        """The version before this one stays; those before that are nobody's any more."""
        for path in self.machine.at(VERSIONS).iterdir():
            if path.name not in (before, version) and _older(path.name, before):
                self._drop(path.name)


def _older(name: str, version: str) -> bool:
    with suppress(ValueError):
        return rank(name) < rank(version)
    return False
