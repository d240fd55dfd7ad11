"""Which screen the call board takes, by name or serial number, never by its place in a list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Seen:
    """A screen that is plugged in."""

    name: str
    serial: str
    primary: bool


def choose(
    screens: Sequence[Seen],
    wanted: str,
    touch: str | None,
    *,
    may_share: bool,
    others: Sequence[str] = (),
) -> Seen | None:
    """The board's screen, or None when it is not plugged in.

    ``wanted`` is its name or serial; "" takes one that the touch window does not use (``touch``:
    that one's name or serial, or None when this process has no touch window; like the touch
    window itself, "" means the primary screen). Only with ``may_share`` that may be the same one.
    ``others`` are the names or serials of the board's other windows, which keep theirs.
    """
    if wanted:
        return _named(screens, wanted)
    kept = [_named(screens, other) for other in others if other]
    screens = [screen for screen in screens if screen not in kept]
    taken = _named(screens, touch) if touch else None
    taken = taken or next((screen for screen in screens if screen.primary), None)
    free = next((screen for screen in screens if screen != taken), None)
    return free or (taken if may_share or touch is None else None)


def _named(screens: Sequence[Seen], wanted: str) -> Seen | None:
    return next((s for s in screens if wanted in (s.name, s.serial)), None)
