"""The commands about the ticket printer."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kiosk.commands import DEFAULT_CONFIG, ConfigPath, centre_of, read_config

printers = typer.Typer(no_args_is_help=True, help="The ticket printer.")


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


@printers.command("preview")
def printer_preview(
    kind: Annotated[str, typer.Option(help="Which slip; ? lists them.")] = "ticket",
    language: Annotated[str | None, typer.Option(help="Else the first of the office.")] = None,
    out: Annotated[Path | None, typer.Option(help="The picture's file.")] = None,
    config: ConfigPath = DEFAULT_CONFIG,
) -> None:
    """Save the picture of a slip with invented facts, as it will print."""
    from kiosk.office.examples import KINDS
    from kiosk.preview import save_preview
    from kiosk.texts import languages, operator_texts

    settings = read_config(config)
    language = language or settings.office.languages[0]
    for option, value, known in (("--kind", kind, KINDS), ("--language", language, languages())):
        if value not in known:
            raise typer.BadParameter(f"{option}: {' | '.join(known)}")
    words = operator_texts()
    for path in save_preview(settings, kind, language, out or Path(f"{kind}-{language}.png")):
        print(words.say("cli.preview_saved", path=path.absolute()))


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
