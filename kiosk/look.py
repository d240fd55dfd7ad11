"""The colours of every window and page: what an office chooses, and all that follows from it; pure.

Contrast is that of WCAG 2.2 (1.4.3): (L1 + 0.05) / (L2 + 0.05) of the relative luminances. Text
stands out ``TEXT`` to one (1.4.6), icons and the edges of controls ``CONTROL`` to one (1.4.11), in
every palette that is made here. Colours are "#RRGGBB", and are compared as they will be shown: in
whole steps of 8 bits.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

TEXT: Final = 7.0
CONTROL: Final = 3.0
HIGH: Final = 15.0
"""What the action's colour has on white in high contrast."""

FORM: Final = re.compile(r"#[0-9A-Fa-f]{6}")
WHITE: Final = "#FFFFFF"
BLACK: Final = "#000000"
HOUSE_GROUND: Final = "#F6F4EF"
INK: Final = "#12263A"
"""The letters of the light windows."""
DARK: Final = "#0A1826"
"""The letters of a light board."""
STEPS: Final = 256

Palette = Mapping[str, str]
Pair = tuple[str, str, float]


@dataclass(frozen=True, slots=True)
class Look:
    """What an office chooses; the defaults are the house's own.

    ``action`` is what can be pressed and what counts: keys, panels, the number. ``ground`` lies
    behind the cards, ``emblem_colour`` behind the emblem ("" for the usual). ``board_call`` is the
    call on the board and its counters. ``emblem`` is a picture, None for the drawn sign.
    """

    action: str = "#0E2F52"
    ground: str = HOUSE_GROUND
    emblem: Path | None = None
    emblem_colour: str = ""
    board_ground: str = "#0A2440"
    board_call: str = "#FFD54A"

    @property
    def plate(self) -> str:
        """What lies behind the emblem: red behind the drawn sign, white behind a picture."""
        return self.emblem_colour or (WHITE if self.emblem else RED)


RED: Final = "#B3152B"
MUTED, BORDER = "#3D4C5B", "#7F8A95"
READY, WARNING = "#0B5D3B", "#6B4000"
CREAM: Final = "#FBF1DC"


@dataclass(frozen=True, slots=True)
class Weak:
    """A chosen colour that cannot be read: ``ink`` on ``ground`` has ``ratio``, below ``least``.

    ``near`` is the colour nearest to the chosen one that passes.
    """

    key: str
    ink: str
    ground: str
    ratio: float
    least: float
    near: str


def weaknesses(look: Look) -> tuple[Weak, ...]:
    """Which of the chosen colours fail, each with the nearest that passes.

    Whoever takes all the nearest ones has a look without weaknesses.
    """
    found: list[Weak] = []

    def settled(key: str, chosen: str, pairs: Sequence[tuple[str, float]], *, ink: bool) -> str:
        """The chosen colour, or the nearest that passes against each of the others."""
        near = nearest(chosen, pairs)
        for other, least in pairs:
            ratio = contrast(chosen, other)
            if ratio < least:
                one, under = (chosen, other) if ink else (other, chosen)
                found.append(Weak(key, one, under, ratio, least, near))
                break
        return near

    on_ground = [(INK, TEXT)]
    if look.ground != HOUSE_GROUND and contrast(look.action, WHITE) >= TEXT:
        # An own ground is fitted to the action's colour, and that to the house's ground.
        on_ground.append((look.action, TEXT))
    ground = settled("ground", look.ground, on_ground, ink=False)
    settled("action", look.action, [(WHITE, TEXT), (ground, TEXT)], ink=True)
    if look.emblem is None:
        settled("emblem_colour", look.plate, [(WHITE, CONTROL)], ink=False)
    board = settled("board_ground", look.board_ground, [(_letters(look), TEXT)], ink=False)
    settled("board_call", look.board_call, [(board, TEXT)], ink=True)
    return tuple(found)


def palettes(look: Look) -> dict[str, Palette]:
    """All colours: "standard" and "contrast" of windows and pages, "board" of the hall."""
    return {"standard": standard(look), "contrast": high(look), "board": board(look)}


def standard(look: Look) -> Palette:
    action, ground = look.action, look.ground
    muted = nearest(MUTED, [(ground, TEXT), (WHITE, TEXT)])
    soft = lively(action, 0.5)
    pressed = eased(WHITE, soft, 0.14, [(action, TEXT), (INK, TEXT), (muted, TEXT)])
    ready = nearest(READY, [(ground, TEXT), (WHITE, TEXT)])
    warning = nearest(WARNING, [(ground, TEXT), (CREAM, TEXT)])
    down = eased(action, lively(action), 0.2, [(WHITE, TEXT)])
    quiet = [(action, TEXT), (ready, TEXT), (warning, TEXT)]
    return {
        "ink": INK,
        "navy": action,
        "navyPressed": down if down != action else eased(action, BLACK, 0.4, []),
        "muted": muted,
        "line": eased(ground, BLACK, 0.12, [(action, CONTROL)]),
        "border": nearest(BORDER, [(ground, CONTROL), (WHITE, CONTROL), (pressed, CONTROL)]),
        "ground": ground,
        "card": WHITE,
        "tint": eased(WHITE, soft, 0.1, [(action, TEXT), (INK, TEXT), (muted, TEXT)]),
        "pressed": pressed,
        "ready": ready,
        "warning": warning,
        "warningTint": CREAM,
        "emblem": look.plate,
        "onDark": WHITE,
        "onDarkQuiet": eased(WHITE, soft, 0.06, quiet),
        "onDarkBorder": nearest(mixed(WHITE, soft, 0.5), [(action, CONTROL), (down, CONTROL)]),
        "focus": action,
        "focusInside": WHITE,
        "veil": "#A00A1826",
    }


def high(look: Look) -> Palette:
    """High contrast: black on white, and the action's colour nearly so."""
    action = nearest(look.action, [(WHITE, HIGH)])
    return {
        "ink": BLACK,
        "navy": action,
        "navyPressed": BLACK,
        "muted": BLACK,
        "line": BLACK,
        "border": BLACK,
        "ground": WHITE,
        "card": WHITE,
        "tint": WHITE,
        "pressed": "#FFF1A8",
        "ready": "#00401F",
        "warning": "#4A2600",
        "warningTint": WHITE,
        "emblem": look.plate,
        "onDark": WHITE,
        "onDarkQuiet": WHITE,
        "onDarkBorder": WHITE,
        "focus": BLACK,
        "focusInside": "#FFD54A",
        "veil": "#A00A1826",
    }


def board(look: Look) -> Palette:
    """The hall's board: dark as a rule, light where the office chose a light ground."""
    ground, call, text = look.board_ground, look.board_call, _letters(look)
    light = text == DARK
    towards = text if light else lively(ground)
    row = eased(ground, towards, 0.08 if light else 0.13, [(text, TEXT), (call, TEXT)])
    return {
        "ground": ground,
        "row": row,
        "text": text,
        "quiet": eased(text, lively(ground, 0.5), 0.22, [(ground, TEXT), (row, TEXT)]),
        "call": call,
        "callInk": ground,
        "line": mixed(ground, text, 0.2),
    }


def _letters(look: Look) -> str:
    """White, or dark where that stands out more."""
    dark, light = contrast(DARK, look.board_ground), contrast(WHITE, look.board_ground)
    return DARK if dark > light else WHITE


PAIRS: Final[Sequence[Pair]] = (
    *((ink, "ground", TEXT) for ink in ("ink", "muted", "navy", "ready", "warning")),
    *((ink, "card", TEXT) for ink in ("ink", "muted", "navy", "ready", "warning")),
    *((ink, "pressed", TEXT) for ink in ("ink", "muted", "navy")),
    *((ink, "tint", TEXT) for ink in ("ink", "muted", "navy")),
    ("warning", "warningTint", TEXT),
    *(("onDark", ground, TEXT) for ground in ("navy", "navyPressed", "ready", "warning")),
    *(("onDarkQuiet", ground, TEXT) for ground in ("navy", "ready", "warning")),
    *(("border", ground, CONTROL) for ground in ("card", "ground", "pressed")),
    *(("onDarkBorder", ground, CONTROL) for ground in ("navy", "navyPressed")),
    *(("focus", ground, CONTROL) for ground in ("card", "ground", "focusInside")),
    *(("focusInside", ground, CONTROL) for ground in ("navy", "ready")),
)
"""What stands on what in windows and pages, and how much it stands out at least."""

TIME_BAR: Final[Pair] = ("navy", "line", CONTROL)
"""In high contrast the bar of the time left has a frame instead."""

BOARD_PAIRS: Final[Sequence[Pair]] = (
    *((ink, ground, TEXT) for ink in ("text", "quiet", "call") for ground in ("ground", "row")),
    ("callInk", "call", TEXT),
    ("callInk", "text", TEXT),
)
"""The same for the board; a call that blinks stands on the colour of the letters for a moment."""


def pairs_of(name: str) -> Sequence[Pair]:
    """The pairs that must hold in the palette of that name."""
    if name == "board":
        return BOARD_PAIRS
    return PAIRS if name == "contrast" else (*PAIRS, TIME_BAR)


def css(palettes: Mapping[str, Palette]) -> str:
    """The colours as custom properties of a style sheet; the board's begin with ``board-``."""
    known = [(_CSS.get(name, name), value) for name, value in palettes["standard"].items()]
    known += [(f"board-{name}", value) for name, value in palettes["board"].items()]
    known = [(_dashed(name), value) for name, value in known if len(value) == 7]
    return ":root {\n" + "".join(f"  --{name}: {value.lower()};\n" for name, value in known) + "}\n"


_CSS: Final = {
    "navyPressed": "navy-deep",
    "warningTint": "warning-ground",
    "onDark": "on-navy",
    "onDarkQuiet": "quiet-on-navy",
    "onDarkBorder": "border-on-navy",
}


def _dashed(name: str) -> str:
    return re.sub(r"[A-Z]", lambda letter: f"-{letter[0].lower()}", name)


# Colours


@lru_cache(maxsize=20000)
def luminance(colour: str) -> float:
    """0 for black to 1 for white."""

    def linear(part: int) -> float:
        value = part / 255
        return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)

    red, green, blue = map(linear, channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """1 for the same colour to 21 for black on white."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def mixed(one: str, other: str, share: float) -> str:
    """``one`` with that share of ``other``."""
    parts = zip(channels(one), channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02X}" for a, b in parts)


def lively(colour: str, share: float = 1.0) -> str:
    """The same hue, brighter by that share of what its strongest channel leaves to the full."""
    parts = channels(colour)
    most = max(parts)
    full = [round(part * 255 / most) for part in parts] if most else [255, 255, 255]
    return mixed(colour, "#" + "".join(f"{part:02X}" for part in full), share)


def eased(start: str, end: str, share: float, pairs: Sequence[tuple[str, float]]) -> str:
    """``start`` mixed with as much of ``end``, up to ``share``, as leaves every pair readable."""
    for step in range(16, 0, -1):
        colour = mixed(start, end, share * step / 16)
        if _passes(colour, pairs):
            return colour
    return start


def nearest(colour: str, pairs: Sequence[tuple[str, float]]) -> str:
    """The colour itself if it passes against all the others, else the nearest that does on its way
    to black or to white; where none does, the end that comes closest."""
    if _passes(colour, pairs):
        return colour.upper()
    reached = [
        next(found, end)
        for end, found in ((end, _on_the_way(colour, end, pairs)) for end in (BLACK, WHITE))
    ]
    passing = [found for found in reached if _passes(found, pairs)]
    if passing:
        return min(passing, key=lambda found: _distance(colour, found))
    return max(reached, key=lambda found: min(contrast(found, other) for other, _ in pairs))


def _on_the_way(colour: str, end: str, pairs: Sequence[tuple[str, float]]) -> Iterator[str]:
    way = (mixed(colour, end, step / STEPS) for step in range(1, STEPS + 1))
    return (found for found in way if _passes(found, pairs))


def _passes(colour: str, pairs: Sequence[tuple[str, float]]) -> bool:
    return all(contrast(colour, other) >= least for other, least in pairs)


def _distance(one: str, other: str) -> float:
    parts = zip(channels(one), channels(other), strict=True)
    return float(sum((a - b) ** 2 for a, b in parts))
