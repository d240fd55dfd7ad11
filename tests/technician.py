"""The command line as a technician runs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typer.testing import CliRunner

from kiosk import printer_search
from kiosk.__main__ import app
from kiosk.errors import Refused, Unavailable
from kiosk.printer_search import Places

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from typer.testing import Result


def nothing_attached(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Looks for printers where none are: what hangs on the real machine is not touched."""
    none = folder / "none"
    places = Places(none, none, list, none, list, lpstat=str(none), usb_interfaces=none)
    monkeypatch.setattr(printer_search, "HERE", places)


def kiosk(config: Path, *words: str) -> Result:
    """What it answers in English; a refusal is raised."""
    done = CliRunner().invoke(app, [*words, "--config", str(config)], env={"LANGUAGE": "en"})
    if isinstance(done.exception, Refused | Unavailable):
        raise done.exception
    return done
