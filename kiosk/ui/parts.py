"""How a view's parts are handed to QML."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any


def plain(value: object) -> Any:
    """The value as QML takes it: dataclasses as maps, tuples as lists."""
    if is_dataclass(value):
        return {part.name: plain(getattr(value, part.name)) for part in fields(value)}
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    return value
