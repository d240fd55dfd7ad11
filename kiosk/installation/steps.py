"""What an installation is made of: each step knows whether it is due, does it, and tells it."""

from __future__ import annotations

import grp
import os
import pwd
import shutil
import stat
import subprocess
from abc import ABC, abstractmethod
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kiosk.errors import Refused, Unavailable
from kiosk.installation.places import DATA, GROUPS, USER

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kiosk.texts import Texts

RUNNING: Final = Path("/run/systemd/system")
"""Is there while systemd runs the machine, sd_booted(3)."""
FAILED_LINES: Final = 5


@dataclass(frozen=True, slots=True)
class Machine:
    """Where it is done: under ``root``, None for the machine that we are on."""

    root: Path | None = None

    def at(self, path: str) -> Path:
        return Path(path) if self.root is None else self.root / path.lstrip("/")

    def run(self, command: Sequence[str], lines: int = FAILED_LINES) -> None:
        """Without what the environment says to Python: each version is to find its own modules.

        Unavailable("command_failed", command, told), where the last ``lines`` are told.
        """
        clean = {key: text for key, text in os.environ.items() if not key.startswith("PYTHON")}
        try:
            done = subprocess.run(  # noqa: S603 (ours, no shell)
                list(command), stdin=subprocess.DEVNULL, capture_output=True, text=True,
                check=False, env=clean,
            )  # fmt: skip
        except OSError as error:
            raise Unavailable("command_failed", command=command[0], told=error.strerror) from error
        if done.returncode:
            told = "\n".join((done.stderr or done.stdout).strip().splitlines()[-lines:])
            raise Unavailable("command_failed", command=" ".join(command), told=told)


class Step(ABC):
    """``alone`` steps are for the machine that we are on, not for a folder that becomes one;
    ``changes`` says whether something is another thing afterwards that others have to take up."""

    alone = False

    @property
    def changes(self) -> bool:
        return True

    @abstractmethod
    def due(self, machine: Machine) -> bool: ...

    @abstractmethod
    def do(self, machine: Machine) -> None: ...

    @abstractmethod
    def told(self, machine: Machine, words: Texts) -> str: ...


@dataclass(frozen=True, slots=True)
class Account(Step):
    """The user that the program runs as, with the groups that there are."""

    alone = True

    def due(self, machine: Machine) -> bool:
        return not _account() or bool(self._missing())

    def do(self, machine: Machine) -> None:
        if not _account():
            machine.run(self._adding())
        if missing := self._missing():
            machine.run(("usermod", "--append", "--groups", ",".join(missing), USER))

    def told(self, machine: Machine, words: Texts) -> str:
        return words.say("install.user", user=USER, groups=", ".join(self._missing()))

    def _adding(self) -> tuple[str, ...]:
        return (
            "useradd", "--system", "--user-group", "--home-dir", DATA, "--no-create-home",
            "--shell", "/usr/sbin/nologin", USER,
        )  # fmt: skip

    def _missing(self) -> list[str]:
        there = {group.gr_name: group.gr_mem for group in grp.getgrall()}
        return [name for name in GROUPS if name in there and USER not in there[name]]


def _account() -> pwd.struct_passwd | None:
    with suppress(KeyError):
        return pwd.getpwnam(USER)
    return None


def uid() -> int | None:
    """The number of the kiosk's user, None while there is none."""
    found = _account()
    return found.pw_uid if found else None


@dataclass(frozen=True, slots=True)
class Folder(Step):
    path: str
    mode: int = 0o755
    ours: bool = False
    """Belongs to the kiosk's user, not to root."""

    def due(self, machine: Machine) -> bool:
        place = machine.at(self.path)
        return not place.is_dir() or _differs(place, self.mode, machine, ours=self.ours)

    def do(self, machine: Machine) -> None:
        place = machine.at(self.path)
        place.mkdir(parents=True, exist_ok=True)
        _own(place, self.mode, machine, ours=self.ours)

    def told(self, machine: Machine, words: Texts) -> str:
        return words.say("install.folder", path=machine.at(self.path))


@dataclass(frozen=True, slots=True)
class File(Step):
    """``kept`` is never written again: people change it.

    What is ``ours`` lies in a folder that the kiosk's user may write, so root follows no link
    there: Refused("not_plain", path).
    """

    path: str
    text: str
    mode: int = 0o644
    ours: bool = False
    kept: bool = False

    def due(self, machine: Machine) -> bool:
        place = machine.at(self.path)
        if self.ours:
            _plain(place)
        if not place.exists():
            return True
        same = self.kept or place.read_bytes() == self.text.encode()
        return not same or _differs(place, self.mode, machine, ours=self.ours)

    def do(self, machine: Machine) -> None:
        place = machine.at(self.path)
        place.parent.mkdir(parents=True, exist_ok=True)
        if self.kept and place.exists():
            _own(place, self.mode, machine, ours=self.ours)
            return
        # The folder is held while we are at it; in it nothing is opened that is there already.
        folder = os.open(place.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            unfinished = f".{place.name}.new"
            with suppress(FileNotFoundError):
                os.unlink(unfinished, dir_fd=folder)
            fresh = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
            with os.fdopen(os.open(unfinished, fresh, 0o600, dir_fd=folder), "wb") as file:
                file.write(self.text.encode())
                _give(file.fileno(), self.mode, machine, ours=self.ours)
            os.replace(unfinished, place.name, src_dir_fd=folder, dst_dir_fd=folder)
        finally:
            os.close(folder)

    def told(self, machine: Machine, words: Texts) -> str:
        return words.say("install.file", path=machine.at(self.path))


@dataclass(frozen=True, slots=True)
class Link(Step):
    path: str
    target: str

    def due(self, machine: Machine) -> bool:
        place = machine.at(self.path)
        return not place.is_symlink() or str(place.readlink()) != self.target

    def do(self, machine: Machine) -> None:
        place = machine.at(self.path)
        place.parent.mkdir(parents=True, exist_ok=True)
        unfinished = place.with_name(f".{place.name}.new")
        unfinished.unlink(missing_ok=True)
        unfinished.symlink_to(self.target)
        # At one stroke, so that a start in between finds the old program or the new one.
        unfinished.replace(place)

    def told(self, machine: Machine, words: Texts) -> str:
        return words.say("install.link", path=machine.at(self.path), target=self.target)


@dataclass(frozen=True, slots=True)
class Gone(Step):
    """Takes away a file, a link or a whole folder."""

    path: str

    def due(self, machine: Machine) -> bool:
        place = machine.at(self.path)
        return place.exists() or place.is_symlink()

    def do(self, machine: Machine) -> None:
        place = machine.at(self.path)
        if place.is_dir() and not place.is_symlink():
            shutil.rmtree(place)
        else:
            place.unlink()

    def told(self, machine: Machine, words: Texts) -> str:
        return words.say("install.gone", path=machine.at(self.path))


@dataclass(frozen=True, slots=True)
class Command(Step):
    """``booted`` ones ask the systemd that runs the machine; ``spared`` ones may fail; those that
    only take up what was changed are left out where nothing was (``follows``)."""

    command: tuple[str, ...]
    booted: bool = True
    spared: bool = False
    follows: bool = True
    alone = True

    @property
    def changes(self) -> bool:
        return False

    def due(self, machine: Machine) -> bool:
        return not self.booted or RUNNING.is_dir()

    def do(self, machine: Machine) -> None:
        try:
            machine.run(self.command)
        except Unavailable:
            if not self.spared:
                raise

    def told(self, machine: Machine, words: Texts) -> str:
        return words.say("install.command", command=" ".join(self.command))


@dataclass(frozen=True, slots=True)
class Later(Step):
    """A step of which one knows only once those before it are done: what the user's number is."""

    make: Callable[[], Step]
    alone = True

    @property
    def changes(self) -> bool:
        return self.make().changes

    def due(self, machine: Machine) -> bool:
        return self.make().due(machine)

    def do(self, machine: Machine) -> None:
        self.make().do(machine)

    def told(self, machine: Machine, words: Texts) -> str:
        return self.make().told(machine, words)


def _differs(place: Path, mode: int, machine: Machine, *, ours: bool) -> bool:
    now = place.stat()
    if now.st_mode & 0o7777 != mode:
        return True
    found = _account()
    return machine.root is None and ours and found is not None and now.st_uid != found.pw_uid


def _plain(place: Path) -> None:
    """Refused("not_plain", path) for a link, a device, or a file that has another name too."""
    with suppress(FileNotFoundError):
        now = place.lstat()
        if not stat.S_ISREG(now.st_mode) or now.st_nlink > 1:
            raise Refused("not_plain", path=place)


def _own(place: Path, mode: int, machine: Machine, *, ours: bool) -> None:
    """Refused("not_plain", path) where somebody has put a link in its place."""
    try:
        there = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        raise Refused("not_plain", path=place) from error
    try:
        now = os.fstat(there)
        plain = stat.S_ISREG(now.st_mode) and now.st_nlink == 1
        if ours and not (plain or stat.S_ISDIR(now.st_mode)):
            raise Refused("not_plain", path=place)
        _give(there, mode, machine, ours=ours)
    finally:
        os.close(there)


def _give(there: int, mode: int, machine: Machine, *, ours: bool) -> None:
    """By its descriptor, so that it is this very file and no other."""
    os.fchmod(there, mode)
    if machine.root is None and ours and (found := _account()) is not None:
        os.fchown(there, found.pw_uid, found.pw_gid)
