"""A version of the program in a folder of its own: an environment made from a folder of wheels.

Environments cannot be moved, so it is made where it stays, and counts once its mark is there.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kiosk.errors import Refused, Unavailable
from kiosk.installation.places import VERSIONS
from kiosk.installation.steps import Machine, Step

if TYPE_CHECKING:
    from kiosk.texts import Texts

LOCK: Final = "requirements.txt"
"""In a folder of wheels: which of them, with their hashes."""
MARK: Final = "complete"
"""In an environment that is whole: for which Python it was made."""
_OURS: Final = re.compile(r"motcua_kiosk-([0-9][\w.+!]*)-py3-none-any\.whl", re.ASCII)


def running() -> str:
    """The version of this very program."""
    return version("motcua-kiosk")


def folder_of(number: str) -> str:
    return f"{VERSIONS}/{number}"


def offered(wheels: Path) -> str:
    """The version that the folder of wheels holds. Refused("no_wheels", path)."""
    found = [match[1] for path in wheels.glob("*.whl") if (match := _OURS.fullmatch(path.name))]
    if len(found) != 1 or not (wheels / LOCK).is_file():
        raise Refused("no_wheels", path=wheels)
    return found[0]


@dataclass(frozen=True, slots=True)
class Environment(Step):
    """Installs the version ``number`` from ``wheels``; nothing comes from the network."""

    number: str
    wheels: Path

    def due(self, machine: Machine) -> bool:
        """Where it is missing, is not whole, or was made for another Python."""
        try:
            made_for = machine.at(f"{folder_of(self.number)}/{MARK}").read_text("ascii")
        except (OSError, ValueError):
            return True
        return made_for.strip() != _python_version()

    def do(self, machine: Machine) -> None:
        place = machine.at(folder_of(self.number))
        if place.exists():
            shutil.rmtree(place)
        place.parent.mkdir(parents=True, exist_ok=True)
        machine.run((python(), "-m", "venv", str(place)))
        pip = (
            str(place / "bin/python"), "-m", "pip", "install", "--quiet", "--no-index", "--no-deps",
            "--disable-pip-version-check", "--no-input",
        )  # fmt: skip
        lock = ("--require-hashes", "--requirement", str(self.wheels / LOCK))
        machine.run((*pip, "--find-links", str(self.wheels), *lock))
        ours = next(path for path in self.wheels.glob("*.whl") if _OURS.fullmatch(path.name))
        machine.run((*pip, str(ours)))
        os.sync()  # after a power cut the mark must not stand without what it marks
        (place / MARK).write_text(f"{_python_version()}\n", "ascii")

    def told(self, machine: Machine, words: Texts) -> str:
        place = machine.at(folder_of(self.number))
        return words.say("install.version", path=place, wheels=self.wheels)


def main() -> None:
    """For the package's script: makes the version out of the wheels that came with it, by what is
    in one of them; the other wheels are not there to be imported yet."""
    wheels = Path(sys.argv[1])
    step, machine = Environment(offered(wheels), wheels), Machine()
    try:
        if step.due(machine):
            step.do(machine)
    except Unavailable as error:
        sys.exit(f"{error.facts['command']}: {error.facts['told']}")


def _python_version() -> str:
    return f"{sys.version_info.major}.{sys.version_info.minor}"


def python() -> str:
    """The interpreter under the environment that we run in: proved, and it outlives that one."""
    base: str = getattr(sys, "_base_executable", sys.executable)
    return base


if __name__ == "__main__":
    main()
