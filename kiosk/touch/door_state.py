"""What the touch window remembers while staff are behind its door; pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from kiosk.rights import Right
from kiosk.touch.state import Screen

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kiosk.board import DeviceHealth
    from kiosk.office.door import Slip
    from kiosk.office.identity import Clerk

HOLD_SECONDS: Final = 3.0
"""How long the office's sign, or the key, is held before the door is there."""
SCREENS: Final = frozenset({Screen.STAFF, Screen.STAFF_PIN, Screen.DOOR})
STEP: Final = 0.1
"""Of the volume, for one touch."""


class Page(StrEnum):
    MENU = "menu"
    HEALTH = "health"
    PAPER = "paper"
    VOLUME = "volume"
    SERVICES = "services"
    MACHINE = "machine"


NEEDS: Final[Mapping[Page, Right | None]] = {
    Page.HEALTH: None,
    Page.PAPER: Right.SLIPS,
    Page.SERVICES: Right.DIRECT,
    Page.VOLUME: Right.SETTINGS,
    Page.MACHINE: Right.SETTINGS,
}
"""What each page asks for: who changes the paper sees the health and prints, who directs the hall
pauses services, who keeps the machines does the rest."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the store and kiosk.toml say; ``volume`` None where there is none to set."""

    devices: tuple[DeviceHealth, ...] = ()
    slips: tuple[Slip, ...] = ()
    paused: frozenset[str] = frozenset()
    volume: float | None = None


@dataclass(frozen=True, slots=True)
class Door:
    """``login`` is whose PIN is asked for, ``clerk`` who came in. ``sure`` is the act that waits to
    be touched once more; ``told`` the key of what became of the last one, ``failed`` whether it
    came to nothing, with the ``about`` that the sentence names."""

    login: str = ""
    clerk: Clerk | None = None
    page: Page = Page.MENU
    part: int = 0
    facts: Facts = Facts()
    sure: str = ""
    told: str = ""
    about: str = ""
    failed: bool = False

    def may(self, page: Page) -> bool:
        needed = NEEDS.get(page)
        return self.clerk is not None and (needed is None or self.clerk.may(needed))


def turned(door: Door, page: Page) -> Door:
    """The same visit on another page, where nothing was done yet."""
    return replace(door, page=page, part=0, sure="", told="", about="", failed=False)


def done(door: Door, told: str, about: str = "", *, failed: bool = False) -> Door:
    return replace(door, told=told, about=about, failed=failed, sure="")
