"""How much paper has been used since the roll was changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from kiosk.calendar import moment
from kiosk.store import events, rolls

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from kiosk.database import Query
    from kiosk.office.centre import Centre

_HAS_PAPER: Final = frozenset({"ok", "warning"})


@dataclass(frozen=True, slots=True)
class Roll:
    """What has been printed on one kiosk's roll; feeding and tearing are not counted."""

    kiosk: str
    millimetres: int
    slips: int
    since: datetime


def read_roll(centre: Centre) -> Roll | None:
    """This kiosk's roll; None until it has printed its first slip."""
    with centre.database.read() as query:
        row = rolls.of(query, centre.code, centre.kiosk)
    return _roll(row) if row else None


def read_rolls(centre: Centre) -> tuple[Roll, ...]:
    """Those of all kiosks of the office."""
    with centre.database.read() as query:
        return tuple(_roll(row) for row in rolls.every(query, centre.code))


def change_roll(centre: Centre) -> Roll | None:
    """Begins a new roll; returns the old one."""
    now = centre.clock()
    with centre.database.write() as query:
        row = rolls.of(query, centre.code, centre.kiosk)
        _begin(centre, query, row, "operator", now)
    return _roll(row) if row else None


def note(centre: Centre, query: Query, state: str, reason: str, now: datetime) -> None:
    """Takes from what the printer says of itself that the roll ran out, or that there is another.

    Between the two it may be open, off or silent; after "out of paper" every paper is a new roll.
    """
    if reason == "paper_out":
        rolls.run_out(query, centre.code, centre.kiosk)
    elif state in _HAS_PAPER:
        row = rolls.of(query, centre.code, centre.kiosk)
        if row is not None and row["ran_out"]:
            _begin(centre, query, row, f"kiosk:{centre.kiosk}", now)


def _begin(
    centre: Centre, query: Query, before: Mapping[str, Any] | None, actor: str, now: datetime
) -> None:
    rolls.begin(query, centre.code, centre.kiosk, now)
    used = {name: before[name] for name in ("millimetres", "slips")} if before else {}
    details = {"kiosk": centre.kiosk, **used}
    events.append(query, centre.code, now, "roll.changed", actor=actor, details=details)


def _roll(row: Mapping[str, Any]) -> Roll:
    return Roll(row["kiosk"], row["millimetres"], row["slips"], moment(row["since"]))
