"""Which screen a window takes, by name or serial number, never by its place in a list."""

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
    kept: str | None,
    others: Sequence[str] = (),
) -> Seen | None:
    """The board's screen, or None when it is not plugged in.

    ``wanted`` is its name or serial; "" takes one that the touch window does not use (``touch``:
    that one's name or serial, or None when this process has no touch window; like the touch
    window itself, "" means the primary screen). ``kept`` is the name of the one it has had beside
    others, which it takes again; only where that is None it may be the touch window's.
    ``others`` are the names or serials of the board's other windows, which keep theirs.
    """
    if wanted:
        return _named(screens, wanted)
    screens = _but(screens, others)
    if known := _named(screens, kept):
        return known
    taken = _named(screens, touch) if touch else None
    taken = taken or next((screen for screen in screens if screen.primary), None)
    free = next((screen for screen in screens if screen != taken), None)
    return free or (taken if kept is None or touch is None else None)


def choose_touch(
    screens: Sequence[Seen],
    wanted: str,
    *,
    kept: str | None,
    boards: Sequence[str] = (),
    here: str = "",
) -> Seen | None:
    """The touch window's screen, or None while it is unplugged.

    ``wanted`` is its name or serial; "" means the primary one, and where the wanted one is not
    there, another one that is free will do. ``boards`` are the names or serials of the screens on
    which this process's boards are: it shares one with them only where it has no screen to itself,
    that is with neither ``wanted`` nor ``kept``, the name of the one it has had beside others. One
    that is switched on later is the boards': it stays on the one named ``here``, where it is.
    """
    if known := _named(screens, wanted) or _named(screens, kept) or _named(screens, here):
        return known
    free = _but(screens, boards)
    if not free and not wanted and kept is None:
        free = screens
    return next((screen for screen in free if screen.primary), free[0] if free else None)


def _but(screens: Sequence[Seen], others: Sequence[str]) -> Sequence[Seen]:
    taken = [_named(screens, other) for other in others]
    return [screen for screen in screens if screen not in taken]


def _named(screens: Sequence[Seen], wanted: str | None) -> Seen | None:
    return next((s for s in screens if wanted and wanted in (s.name, s.serial)), None)
