"""The kiosk.toml that a machine begins with: the shipped one, its files in the data folder."""

from __future__ import annotations

from typing import Final

from kiosk.installation.places import DATA
from kiosk.shipped import shipped_text

MOVED: Final = {
    'url = "sqlite:///kiosk.db"': f'url = "sqlite:///{DATA}/kiosk.db"',
    'folder = "slips"': f'folder = "{DATA}/slips"',
}
"""What the program writes, away from what people write."""


def first_config() -> str:
    text = shipped_text()
    for line, moved in MOVED.items():
        if text.count(f"\n{line}\n") != 1:
            raise AssertionError(f"the shipped kiosk.toml has not one line {line}")
        text = text.replace(f"\n{line}\n", f"\n{moved}\n")
    return text
