"""The kiosk.toml that a machine begins with: the shipped one, its files in the data folder."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Final

from kiosk.installation.places import DATA

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


def shipped_text() -> str:
    """With every key and its comment; from the wheel, or from the source beside us."""
    inside = files("assets") / "kiosk.toml"
    if inside.is_file():
        return inside.read_text("utf-8")
    return (Path(__file__).parents[2] / "kiosk.toml").read_text("utf-8")
