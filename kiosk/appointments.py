"""Appointments: what they are, and what their codes look like."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from kiosk.tickets import random_code

if TYPE_CHECKING:
    from datetime import datetime

CODE_LENGTH: Final = 8
"""As long as the codes that real offices send out."""

_CODE: Final = re.compile(r"[A-Z0-9][A-Z0-9-]{3,31}")


class AppointmentState(StrEnum):
    BOOKED = "booked"
    ARRIVED = "arrived"
    MISSED = "missed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Appointment:
    """``day`` is the office's date (ISO) of ``due_at``; ``ticket`` the one given at check-in."""

    code: str
    service: str
    day: str
    due_at: datetime
    state: AppointmentState = AppointmentState.BOOKED
    ticket: str | None = None
    dossier: str | None = None


def new_code() -> str:
    """A code of our own: 8 characters, 39 random bits, a letter first."""
    return random_code(CODE_LENGTH)


def normalise_code(text: str) -> str | None:
    """The code as it is kept, from what was typed or read; None when it can be none."""
    code = "".join(text.split()).upper()
    return code if _CODE.fullmatch(code) else None
