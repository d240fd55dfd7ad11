"""The command line as a technician runs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typer.testing import CliRunner

from kiosk.__main__ import app
from kiosk.errors import Refused, Unavailable

if TYPE_CHECKING:
    from pathlib import Path

    from typer.testing import Result


def kiosk(config: Path, *words: str) -> Result:
    """What it answers in English; a refusal is raised."""
    done = CliRunner().invoke(app, [*words, "--config", str(config)], env={"LANGUAGE": "en"})
    if isinstance(done.exception, Refused | Unavailable):
        raise done.exception
    return done
