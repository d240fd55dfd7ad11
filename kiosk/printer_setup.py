"""The commands with which a technician sets the printer up."""

from __future__ import annotations

from typing import Annotated

import typer

from kiosk.commands import DEFAULT_CONFIG, ConfigPath, centre_of, read_config

setup = typer.Typer()


@setup.command("find")
def find_printer(
    hosts: Annotated[
        list[str] | None, typer.Argument(help="Printers on the network: address or address:port.")
    ] = None,
    scan: Annotated[
        bool, typer.Option("--scan", help="Try all addresses of this machine's own network.")
    ] = False,
    write: Annotated[
        bool, typer.Option("--write", help="Write the one that answers into the configuration.")
    ] = False,
    number: Annotated[
        int | None, typer.Option(help="With --write: write this one of the list instead.")
    ] = None,
    config: ConfigPath = DEFAULT_CONFIG,
) -> None:
    """List what may be a printer and say which of it answers; nothing is printed."""
    from kiosk.config_file import write_section
    from kiosk.printer_search import chosen, find_printers, found_table
    from kiosk.printer_section import keys_of
    from kiosk.printing import owned, place_of
    from kiosk.texts import operator_texts

    if number is not None and not write:
        raise typer.BadParameter("--write --number N")
    settings = read_config(config, printer_to_come=True)
    with owned(settings):
        found = find_printers(settings, hosts or [], scan=scan)
    print(found_table(found))
    if write:
        one = chosen(found, number)
        changed = write_section(settings, "printer", keys_of(one.candidate.settings))
        print(operator_texts().say("cli.found.written", path=config, place=place_of(changed)))


@setup.command("probe")
def probe_printer(config: ConfigPath = DEFAULT_CONFIG) -> None:
    """Ask the printer what it can do, without printing, and keep the answers."""
    from kiosk.printer_report import probe_printer

    settings = read_config(config)
    print(probe_printer(settings, centre_of(settings)))


@setup.command("capabilities")
def printer_capabilities(config: ConfigPath = DEFAULT_CONFIG) -> None:
    """Say what the printer can do, as far as it was asked."""
    from kiosk.printer_report import capabilities_report

    settings = read_config(config)
    print(capabilities_report(settings, centre_of(settings)))


@setup.command("roll")
def printer_roll(
    changed: Annotated[
        bool, typer.Option("--changed", help="A new roll was put in: count from zero.")
    ] = False,
    config: ConfigPath = DEFAULT_CONFIG,
) -> None:
    """Say how much paper has been used since the roll was changed."""
    from kiosk.office.rolls import change_roll
    from kiosk.printer_report import roll_report
    from kiosk.texts import operator_texts

    centre = centre_of(read_config(config))
    print(roll_report(centre))
    if changed:
        change_roll(centre)
        print(operator_texts().say("cli.printer.new_roll"))
