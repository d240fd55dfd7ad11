"""What was asked for when a machine was made a kiosk: it holds until something else is asked for.

Each update and each newer package installs anew, with nobody there who could ask again.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kiosk.installation.names import Named
from kiosk.installation.places import WISHES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kiosk.installation.steps import Machine


@dataclass(frozen=True, slots=True)
class Remembered:
    """As in ``plan.Wishes``."""

    windows: bool = True
    devices: tuple[Named, ...] = field(default=())
    touch_screen: str = ""

    def text(self) -> str:
        """As ``recall`` reads it."""
        told = {
            "windows": self.windows,
            "touch_screen": self.touch_screen,
            "devices": [[one.link, one.subsystem, one.known_by] for one in self.devices],
        }
        return json.dumps(told, indent=2) + "\n"


def recall(machine: Machine) -> Remembered:
    """What was asked for so far; nothing where there is no such file, or none of use."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        told = json.loads(machine.at(WISHES).read_text("utf-8"))
        devices = tuple(
            Named(str(link), str(subsystem), tuple((str(key), str(value)) for key, value in known))
            for link, subsystem, known in told["devices"]
        )
        return Remembered(told["windows"] is not False, devices, str(told["touch_screen"]))
    return Remembered()


def joined(
    before: Sequence[Named], asked: Sequence[Named], forgotten: Sequence[str]
) -> tuple[Named, ...]:
    """A name that is asked for anew takes the place of the same one; the others stay, but for
    those to be forgotten."""
    gone = {one.link for one in asked} | set(forgotten)
    return tuple(sorted((*(one for one in before if one.link not in gone), *asked),
                        key=lambda one: one.link))  # fmt: skip
