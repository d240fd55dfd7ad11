"""Keys by the names that counter.toml and the window's buttons give them; pure.

A letter is known by its place on the keyboard and not by what it types, so that Telex and Caps
Lock change nothing; a digit and Enter are the same on a numeric pad and in the main block.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

ACTIONS: Final = (
    "next",
    "recall",
    "start",
    "no_show",
    "transfer",
    "park",
    "finish",
    "pause",
    "undo",
    "alarm",
)
"""What a key can be given to, as counter.toml names it."""

_ROWS: Final = {2: "1234567890", 16: "QWERTYUIOP", 30: "ASDFGHJKL", 44: "ZXCVBNM"}
_PAD_ROWS: Final = {71: "789", 75: "456", 79: "123", 82: "0"}

BY_CODE: Final[Mapping[int, str]] = MappingProxyType(
    {
        **{start + n: key for start, row in _ROWS.items() for n, key in enumerate(row)},
        **{start + n: key for start, row in _PAD_ROWS.items() for n, key in enumerate(row)},
        **{59 + n: f"F{n + 1}" for n in range(10)},
        87: "F11",
        88: "F12",
        1: "Esc",
        14: "Backspace",
        28: "Enter",
        57: "Space",
        107: "End",
        12: "-",
        52: ".",
        55: "*",
        74: "-",
        78: "+",
        83: ".",
        96: "Enter",
        98: "/",
        121: ",",
    }
)
"""Names by the numbers of linux/input-event-codes.h."""

NAMES: Final = frozenset(BY_CODE.values())

SHORT: Final[Mapping[str, str]] = MappingProxyType({"Backspace": "←", "Enter": "↵", "Esc": "Esc"})
"""What a cap shows of a key whose name is long and the same in every language."""


def by_key(table: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """The action of each key."""
    return {key: action for action, keys in table.items() for key in keys}


def caps(table: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """The key that each action's button shows, which is its first; "" for none."""
    return {action: keys[0] if keys else "" for action, keys in table.items()}
