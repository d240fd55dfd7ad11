"""The commands that write data out into files."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 (typer reads it)
from pathlib import Path  # noqa: TC003 (typer reads it)
from typing import Annotated, Final

import typer

from kiosk.commands import DEFAULT_CONFIG, ConfigPath, centre_of, read_config

exporting = typer.Typer(no_args_is_help=True, help="Write data out into files.")

_DAYS: Final = ["%Y-%m-%d", "%d/%m/%Y"]


@exporting.command("dossiers")
def export_dossiers(
    file: Annotated[Path, typer.Argument(help="JSON records of the portal, or with .csv a table.")],
    first: Annotated[
        datetime | None,
        typer.Option("--from", formats=_DAYS, help="Received on this day or later."),
    ] = None,
    last: Annotated[
        datetime | None, typer.Option("--to", formats=_DAYS, help="Received on this day or before.")
    ] = None,
    config: ConfigPath = DEFAULT_CONFIG,
) -> None:
    """Write the office's dossiers into FILE, which kiosk import dossiers reads back."""
    from kiosk import exports
    from kiosk.texts import operator_texts

    centre = centre_of(read_config(config))
    count = exports.export_dossiers(
        centre, file, first=first.date() if first else None, last=last.date() if last else None
    )
    print(operator_texts().count("cli.exported", count, path=file))
