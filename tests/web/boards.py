"""A kiosk.toml for the tests of the web board."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.config import Config, load
from tests.test_config import LEAST

if TYPE_CHECKING:
    from pathlib import Path


def board_config(folder: Path, **board: object) -> Config:
    path = folder / "kiosk.toml"
    told = [f"{key} = {value!r}".replace("'", '"') for key, value in board.items()]
    path.write_text("\n".join([LEAST, "[board]", *told, ""]), "utf-8")
    return load(path)
