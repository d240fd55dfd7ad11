"""The command that packs what support needs."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from kiosk.commands import DEFAULT_CONFIG, ConfigPath


def report_bundle(
    to: Annotated[
        Path | None,
        typer.Option(help="The file to make; without it one in this folder, or among the data."),
    ] = None,
    config: ConfigPath = DEFAULT_CONFIG,
) -> None:
    """Pack logs, settings without secrets, versions and health for support; nothing of people."""
    from kiosk.bundle import pack
    from kiosk.texts import operator_texts

    path = pack(config, to, _folder())
    words = operator_texts()
    size = words.number(max(1, round(path.stat().st_size / 1000)))
    print(words.say("cli.bundled", path=path, size=size))


def _folder() -> Path:
    """This one, where we may write: root's commands are done by the kiosk's own user."""
    data = os.environ.get("STATE_DIRECTORY", "").partition(":")[0]
    places = (Path.cwd(), *([Path(data)] if data else []))
    return next((place for place in places if os.access(place, os.W_OK)), Path("/var/tmp"))  # noqa: S108 (the technician names none)
