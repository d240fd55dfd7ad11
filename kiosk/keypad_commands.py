"""The commands about the call keypads and number boards."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 (typer reads it)
from typing import Annotated

import typer

from kiosk.commands import DEFAULT_CONFIG, ConfigPath

keypads = typer.Typer(no_args_is_help=True, help="Call keypads and number boards.")


@keypads.callback()
def keypads_help() -> None:
    """Call keypads and number boards."""


@keypads.command("virtual")
def virtual_keypads(
    keypad: Annotated[
        list[int] | None, typer.Option(min=1, max=99, help="The address of a keypad; several.")
    ] = None,
    led: Annotated[
        list[int] | None, typer.Option(min=1, max=99, help="The address of a number board.")
    ] = None,
    link: Annotated[
        Path | None, typer.Option(help="A name for the line that stays, for kiosk.toml.")
    ] = None,
    baud: Annotated[int | None, typer.Option(min=300, help="Speed of the serial line.")] = None,
    config: ConfigPath = DEFAULT_CONFIG,
) -> None:
    """Be a serial line with keypads and number boards that obey typed lines."""
    del config
    from kiosk.virtual_keypads import VirtualKeypads, run_virtual_keypads

    known = VirtualKeypads(tuple(keypad or (1, 2)), tuple(led or (1, 2)), link, baud)
    raise typer.Exit(run_virtual_keypads(known))
