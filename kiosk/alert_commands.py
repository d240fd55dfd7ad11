"""The command that tries how the technician is told."""

from __future__ import annotations

import sys

import typer

from kiosk.commands import DEFAULT_CONFIG, ConfigPath, read_config
from kiosk.errors import Refused, Unavailable

alerts = typer.Typer(no_args_is_help=True, help="Who is told when something breaks.")


@alerts.callback()
def _alerts() -> None:
    """So that its one command keeps its name."""


@alerts.command("test")
def try_alerts(config: ConfigPath = DEFAULT_CONFIG) -> None:
    """Send a trial message by each way that kiosk.toml names, and say of each whether it was taken;
    1 where one was not."""
    from kiosk.alert_words import sample
    from kiosk.alerting import roads, speaker
    from kiosk.masking import only_hosts
    from kiosk.office.centre import open_centre
    from kiosk.texts import operator_texts, told_to_technician

    settings = read_config(config)
    ways = roads(settings)
    if not ways:
        raise Refused("no_alerts")
    centre = open_centre(settings)
    office, words = speaker(settings, centre)
    own, failed = operator_texts(), False
    for way in ways:
        to = only_hosts(way.to)
        try:
            way.tell(sample(office, words, centre.wall()))
        except Unavailable as error:
            failed = True
            sys.stderr.write(own.say("cli.alerts.not_sent", to=to) + "\n")
            sys.stderr.write(told_to_technician(error, own) + "\n")
        else:
            print(own.say("cli.alerts.sent", to=to if way.name == "webhook" else way.to))
    centre.database.close()
    if failed:
        raise typer.Exit(1)
