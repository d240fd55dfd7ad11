"""The command that tries how the technician is told."""

from __future__ import annotations

import typer

from kiosk.commands import DEFAULT_CONFIG, ConfigPath, read_config
from kiosk.errors import Refused

alerts = typer.Typer(no_args_is_help=True, help="Who is told when something breaks.")


@alerts.callback()
def _alerts() -> None:
    """So that its one command keeps its name."""


@alerts.command("test")
def try_alerts(config: ConfigPath = DEFAULT_CONFIG) -> None:
    """Send a trial message by each way that kiosk.toml names, and say whether it was taken."""
    from kiosk.alert_words import sample
    from kiosk.alerting import roads, speaker
    from kiosk.office.centre import open_centre
    from kiosk.texts import operator_texts

    settings = read_config(config)
    ways = roads(settings)
    if not ways:
        raise Refused("no_alerts")
    centre = open_centre(settings)
    office, words = speaker(settings, centre)
    for way in ways:
        way.tell(sample(office, words, centre.wall()))
        print(operator_texts().say("cli.alerts.sent", to=way.to))
