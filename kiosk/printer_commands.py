"""The commands about the ticket printer."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kiosk.commands import DEFAULT_CONFIG, ConfigPath, centre_of, read_config
from kiosk.printer_setup import setup

printers = typer.Typer(no_args_is_help=True, help="The ticket printer.")
printers.add_typer(setup)


@printers.command("status")
def printer_status(config: ConfigPath = DEFAULT_CONFIG) -> None:
    """Say how the printer is, and which slips have not come out for certain."""
    from kiosk.check import printer_report

    print(printer_report(centre_of(read_config(config))))


@printers.command("test")
def printer_test(config: ConfigPath = DEFAULT_CONFIG) -> None:
    """Queue a test page."""
    from kiosk.office.jobs import queue_test_page
    from kiosk.texts import operator_texts

    words = operator_texts()
    queue_test_page(centre_of(read_config(config)), words)
    print(words.say("cli.test_queued"))


@printers.command("virtual")
def virtual_printer(
    tcp: Annotated[int | None, typer.Option(help="Listen on this port of loopback.")] = None,
    pty: Annotated[bool, typer.Option("--pty", help="Stand behind a serial line.")] = False,
    folder: Annotated[Path, typer.Option(help="Where each slip is saved.")] = Path("slips"),
    config: ConfigPath = DEFAULT_CONFIG,
) -> None:
    """Be an ESC/POS printer that saves each slip as a picture and fails on request."""
    del config
    if (tcp is None) == (not pty):
        raise typer.BadParameter("--tcp PORT | --pty")
    from kiosk.child import printing

    raise typer.Exit(printing().run_virtual(tcp, folder))
