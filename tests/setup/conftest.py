from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kiosk import printer_search
from kiosk.printer_search import Places
from kiosk.setup import machine, trials
from kiosk.setup.sitting import Sitting
from kiosk.shipped import shipped_text
from kiosk.texts import texts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Sit = "Callable[[], Sitting]"


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "en")


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine with nothing attached and without a display; what it has is not touched."""
    none = tmp_path / "none"
    places = Places(none, none, list, none, list, lpstat=str(none), usb_interfaces=none)
    monkeypatch.setattr(printer_search, "HERE", places)
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
