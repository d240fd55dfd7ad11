"""The one scale of sizes on paper: millimetres of the font's size, each a fifth above the last.

A capital letter is seven tenths of it. On 203 dpi these are 20, 24, 29, 34 and 42 dots.
"""

from __future__ import annotations

from typing import Final

FINE: Final = 2.5
"""The floor: nothing that a person shall read is smaller."""
BODY: Final = 3.0
LEAD: Final = 3.6
TITLE: Final = 4.3
VALUE: Final = 5.2
HERO: Final = 7.5
"""What the paper is about: a time, a secret."""
NUMBER: Final = 22.0
