"""When somebody is told that a device broke, and that it works again; pure, and about nobody.

Once means once: what was told is handed in, and told no more until it is well again. What lasts
for a moment is told to nobody, and what breaks together is told together.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from kiosk.board import DeviceHealth

DEVICE: Final = "alerts"
"""Where the health of the telling itself is told; it is no news."""

ALONG: Final = 2 / 3
"""Once something has stood for the whole delay, what has stood for so much of it goes along."""

LEVELS: Final[Mapping[str, frozenset[str]]] = {
    "fault": frozenset({"fault"}),
    "warning": frozenset({"warning", "fault"}),
}
"""What is told, by ``level`` of [alerts]."""


class Key(NamedTuple):
    kiosk: str
    device: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """A device that is out of order, or that was told to be."""

    key: Key
    state: str
    reason: str
    since: datetime


@dataclass(frozen=True, slots=True)
class News:
    """What is to be told in one message: what ``broke``, and what works again (``well``, as it was
    told before)."""

    broke: tuple[Trouble, ...] = ()
    well: tuple[Trouble, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.broke or self.well)


def troubles(devices: Iterable[DeviceHealth], level: Literal["fault", "warning"]) -> list[Trouble]:
    """What of the health record is told at that level."""
    return [
        Trouble(Key(one.kiosk, one.name), one.state, one.reason, one.since)
        for one in devices
        if one.state in LEVELS[level] and one.name != DEVICE
    ]


@dataclass(slots=True)
class Patience:
    """For how long each device has been out of order, or well again, by a steady clock.

    A device that is well for less than ``delay`` seconds was never well: a loose cable is told
    once. After a start all of it begins anew, so that nobody is told of devices whose processes are
    still to say how they are.
    """

    delay: float
    _bad: dict[Key, float] = field(default_factory=dict)
    _good: dict[Key, float] = field(default_factory=dict)

    def look(self, standing: Iterable[Trouble], told: Mapping[Key, Trouble], now: float) -> News:
        """What is to be told now; ``told`` is what was told and not taken back yet."""
        wanted = {one.key: one for one in standing}
        for key in wanted:
            self._bad.setdefault(key, now)
            self._good.pop(key, None)
        for key in (self._bad.keys() | told.keys()) - wanted.keys():
            self._good.setdefault(key, now)
        stood = {key: now - since for key, since in self._bad.items() if key in wanted}
        rested = {key: now - since for key, since in self._good.items()}
        broke = [one for key, one in wanted.items() if _is_news(one, told.get(key))]
        well = [one for key, one in told.items() if key in rested]
        ripe = [stood[one.key] for one in broke] + [rested[one.key] for one in well]
        for key in [key for key, seconds in rested.items() if seconds >= self.delay]:
            self._bad.pop(key, None)
            if key not in told:
                self._good.pop(key)
        if not any(seconds >= self.delay for seconds in ripe):
            return News()
        least = self.delay * ALONG
        return News(
            tuple(one for one in broke if stood[one.key] >= least),
            tuple(one for one in well if rested[one.key] >= least),
        )


def _is_news(now: Trouble, told: Trouble | None) -> bool:
    """Another reason is none: the technician is on the way."""
    return told is None or (told.state == "warning" and now.state == "fault")
