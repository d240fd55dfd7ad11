"""What a touch window offers besides numbers and look-ups, as kiosk.toml has it; pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kiosk.office.devices import CLOCK_BACK, CLOCK_TOLERANCE
from kiosk.touch.phrases import printer_fails

if TYPE_CHECKING:
    from datetime import datetime

    from kiosk.touch.state import State


@dataclass(frozen=True, slots=True)
class Offers:
    """``priority``: whether citizens choose their class themselves. ``appointments``: when the key
    for these is there, "today", "always" or "never". ``paperless``: whether numbers are given while
    no paper comes out."""

    priority: bool = False
    appointments: str = "today"
    paperless: bool = True


PLAIN: Final = Offers()


def stops(state: State, offers: Offers) -> bool:
    """Whether no numbers are given because they cannot be printed."""
    return not offers.paperless and printer_fails(state.home)


def invites(state: State, offers: Offers) -> bool:
    """Whether the key for who has an appointment is there."""
    booked = state.home is not None and state.home.booked
    return offers.appointments == "always" or (offers.appointments == "today" and booked)


def scans(state: State) -> bool:
    """Whether a code can be held under the scanner; without it codes are typed."""
    scanner = state.home.scanner if state.home is not None else None
    return scanner is None or scanner.state != "fault"


def set_back(state: State, now: datetime) -> bool:
    """Whether the clock stands before what has happened here already, so that it cannot be right:
    as the health record says, or as one sees before that is written."""
    home = state.home
    if home is None:
        return False
    if home.clock is not None:
        return home.clock.reason == CLOCK_BACK
    known = max(home.last_ticket or home.board.at, home.board.at)
    return now < known - CLOCK_TOLERANCE
