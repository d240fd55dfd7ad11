"""The command that packs what support needs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kiosk.commands import DEFAULT_CONFIG, ConfigPath


def report_bundle(
    to: Annotated[
        Path | None, typer.Option(help="The file to make; without it one in this folder.")
    ] = None,
    config: ConfigPath = DEFAULT_CONFIG,
) -> None:
    """Pack logs, settings without secrets, versions and health for support; nothing of people."""
    from kiosk.bundle import pack
    from kiosk.texts import operator_texts

    path = pack(config, to, Path.cwd())
    words = operator_texts()
    size = words.number(max(1, round(path.stat().st_size / 1000)))
    print(words.say("cli.bundled", path=path, size=size))
