from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kiosk.setup import machine, trials
from kiosk.setup.sitting import Sitting
from kiosk.shipped import shipped_text
from kiosk.texts import texts
from tests.technician import nothing_attached

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Sit = "Callable[[], Sitting]"


@pytest.fixture(autouse=True)
def _told_in_english(english: None) -> None:
    """Whatever setup asks."""


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine with nothing attached and without a display; what it has is not touched."""
    nothing_attached(monkeypatch, tmp_path)
    none = tmp_path / "none"
    monkeypatch.setattr(machine, "HERE", machine.Places(list, none, none))
    for name in machine.DISPLAYS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(trials, "new_code", lambda: "KIOSK-0001")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    folder = tmp_path / "office"
    folder.mkdir()
    return folder / "kiosk.toml"


@pytest.fixture
def sit(path: Path) -> Callable[[], Sitting]:
    """A run of setup on the file as it is now."""

    def made() -> Sitting:
        base = path.read_text("utf-8") if path.exists() else shipped_text()
        return Sitting(path, texts("en"), base, machine.first_facts(path))

    return made
