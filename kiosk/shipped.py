"""The kiosk.toml that ships, from the wheel or from the source."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path


def shipped_text() -> str:
    """With every key and its comment."""
    inside = files("assets") / "kiosk.toml"
    if inside.is_file():
        return inside.read_text("utf-8")
    return (Path(__file__).parents[1] / "kiosk.toml").read_text("utf-8")
