"""A kiosk.toml for the tests of the web board, and the board once it is drawn."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from kiosk.config import Config, load
from tests.test_config import LEAST

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page


def board_config(folder: Path, **board: object) -> Config:
    path = folder / "kiosk.toml"
    told = [f"{key} = {value!r}".replace("'", '"') for key, value in board.items()]
    path.write_text("\n".join([LEAST, "[board]", *told, ""]), "utf-8")
    return load(path)


def opened(page: Page, address: str, query: str = "") -> None:
    page.goto(f"{address}/board{query}")
    expect(page.locator("body")).to_have_attribute("data-seq", re.compile(r"\d"))
    expect(page.locator("body")).to_have_attribute("data-letters", "ready")
