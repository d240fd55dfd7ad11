"""What a clerk presses on a keypad at the counter, and what stands there; pure."""

from __future__ import annotations

from binascii import crc_hqx
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime

LATE_SECONDS: Final = 5.0
"""A press that is older is not done any more: the clerk has gone on without it."""

DONE: Final = "done"
"""The answer to a press that was done; all others but PIN_WANTED are codes of why it was not."""

PIN_WANTED: Final = "pin_wanted"
"""The answer to a clerk's number: the PIN is to follow."""

LONGEST_NUMBER: Final = 5
"""Digits of a clerk's number at a keypad: one less than a PIN has, so that neither is taken for the
other."""

PIN_SECONDS: Final = 30.0
"""How long after the number the PIN may come."""


class Key(StrEnum):
    """The keys, as the frames name them; digits are typed before the key.

    SIGN_IN takes the clerk's number, which is a login of few digits, and pressed again the PIN;
    without digits it signs out.
    """

    NEXT = "N"
    RECALL = "R"
    START = "S"
    NO_SHOW = "M"
    FINISH = "F"
    TRANSFER = "T"
    PAUSE = "P"
    SIGN_IN = "I"


@dataclass(frozen=True, slots=True)
class Keypad:
    """A keypad: on which of this kiosk's lines (from 1), its address there, and its counter."""

    line: int
    address: int
    counter: int


@dataclass(frozen=True, slots=True)
class Press:
    """One press. ``session`` and ``sequence`` (1 to 255, then 1 again) tell it from every other;
    ``mark`` is that of what the keypad showed; ``seconds`` is how long ago it was."""

    session: str
    sequence: int
    mark: str
    key: str
    digits: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class CounterNow:
    """What a counter's keypad and number board show; ``ticket`` is the id of who is there."""

    staffed: bool = False
    paused: bool = False
    ticket: str | None = None
    number: str = ""
    serving: bool = False
    announced_at: datetime | None = None
    waiting: int = 0

    @property
    def mark(self) -> str:
        """Four hex digits that change with who is at the counter, and with a pause."""
        told = self.ticket or ("paused" if self.paused else "")
        return f"{crc_hqx(told.encode(), 0):04X}"
