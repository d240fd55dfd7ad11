"""The keys of a keypad or keyboard, told from those of a scanner that types; pure.

Both come to the same window. A key is a person's when nothing followed it for HOLD_SECONDS and
nothing went before it so closely: a scanner's keys come closer than that, whatever they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from kiosk.scanner import KEY_SECONDS, Wedge

HOLD_SECONDS: Final = KEY_SECONDS + 0.02
LATE_SECONDS: Final = 0.03
"""A look that comes later than this was held up, and so may be the keys that followed."""


class Press(StrEnum):
    """What a key means where nothing is typed."""

    NEXT = "next"
    PREVIOUS = "previous"
    CHOOSE = "choose"
    REPEAT = "repeat"
    HELP = "help"
    STAR = "star"
    BACK = "back"
    ERASE = "erase"
    QUIETER = "quieter"
    LOUDER = "louder"
    PAUSE = "pause"


@dataclass(frozen=True, slots=True)
class Stroke:
    """One key: its ``name`` ("tab", "left", "modified" with Ctrl or Alt; "" for others) and the
    text that it types."""

    text: str = ""
    name: str = ""


# The middle row of every pad is 4 5 6, whichever way round the others are; 5 has the nib.
PAD: Final = {
    "6": Press.NEXT,
    "8": Press.NEXT,
    "4": Press.PREVIOUS,
    "2": Press.PREVIOUS,
    "5": Press.CHOOSE,
    "0": Press.REPEAT,
    "9": Press.HELP,
    "7": Press.PAUSE,
    "1": Press.QUIETER,
    "3": Press.LOUDER,
    "-": Press.QUIETER,
    "+": Press.LOUDER,
    "*": Press.STAR,
    "#": Press.BACK,
    # Pads made for a PC have these and no #.
    "/": Press.BACK,
    ".": Press.BACK,
    ",": Press.BACK,
    " ": Press.CHOOSE,
}
NAMED: Final = {
    "tab": Press.NEXT,
    "down": Press.NEXT,
    "right": Press.NEXT,
    "backtab": Press.PREVIOUS,
    "up": Press.PREVIOUS,
    "left": Press.PREVIOUS,
    "enter": Press.CHOOSE,
    "escape": Press.BACK,
    "backspace": Press.ERASE,
}


def meaning(stroke: Stroke) -> Press | None:
    return NAMED.get(stroke.name) if stroke.name else PAD.get(stroke.text)


class Keyboard:
    """Takes each key press with its time (monotonic seconds) and says what scanner or person meant.

    ``double`` is for how many seconds the same key counts once more as the same press (EN 301 549,
    5.8); keys that repeat by themselves must not be handed in at all (5.7).
    """

    def __init__(self, double: float) -> None:
        self._double = double
        self._wedge = Wedge()
        self._held: Stroke | None = None
        self._heard = float("-inf")
        self._burst = False
        self._last: tuple[Stroke, float] | None = None

    @property
    def holds(self) -> bool:
        """Whether a key waits for what follows it."""
        return self._held is not None

    def press(self, stroke: Stroke, now: float) -> tuple[bytes | None, list[Stroke]]:
        """The scanner's frame that this key ended, and the person's keys that are known by now."""
        known: list[Stroke] = []
        if now - self._heard <= HOLD_SECONDS and (self._held is not None or self._burst):
            self._held, self._burst = None, True
        else:
            known = self._release()
            self._held, self._burst = stroke, False
        frame = self._wedge.key(stroke.text, now)
        if frame is not None:
            self._held, self._burst = None, True
        self._heard = now
        return frame, known

    def tick(self, now: float) -> list[Stroke]:
        """The key that was held, when nothing has followed it for long enough."""
        return self._release() if now - self._heard > HOLD_SECONDS else []

    def _release(self) -> list[Stroke]:
        stroke, self._held = self._held, None
        if stroke is None:
            return []
        before = self._last
        if before is not None and before[0] == stroke and self._heard - before[1] < self._double:
            return []
        self._last = (stroke, self._heard)
        return [stroke]
