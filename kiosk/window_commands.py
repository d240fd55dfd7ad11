"""The command line of a clerk's PC, which has no kiosk.toml: the counter window."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from kiosk.commands import DEFAULT_CONFIG, tell
from kiosk.processes import BAD_CONFIG, Role
from kiosk.texts import operator_texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kiosk.counter.settings import Settings

HELP: Final = "With --role counter: "

ServerUrl = Annotated[
    str | None, typer.Option("--server", help=HELP + "the address of the clerks' page.")
]
CounterNumber = Annotated[
    int | None, typer.Option("--counter", help=HELP + "the counter at which this PC stands.")
]
AuthorityPath = Annotated[
    Path | None, typer.Option("--authority", help=HELP + "the file kiosk-ca.crt, unless trusted.")
]


def wants_window(roles: Sequence[Role] | None, *options: object) -> bool:
    """Whether it is the counter window that is meant, which stands on a PC of its own."""
    words = operator_texts()
    if roles and Role.COUNTER in roles:
        if set(roles) != {Role.COUNTER}:
            raise typer.BadParameter(words.say("cli.counter_alone"))
        return True
    if any(option is not None for option in options):
        raise typer.BadParameter(words.say("cli.counter_only"))
    return False


def window_settings(
    config: Path, server: str | None, counter: int | None, authority: Path | None
) -> Settings:
    """Those of counter.toml and of the command line; or every mistake, and exit code 2."""
    from kiosk.counter.settings import load_settings, usual_path
    from kiosk.mistakes import BadConfig

    path = config if config != DEFAULT_CONFIG else usual_path()
    given = str(authority.absolute()) if authority else None
    try:
        return load_settings(path, server=server, counter=counter, authority=given)
    except BadConfig as bad:
        tell(bad)
        raise typer.Exit(BAD_CONFIG) from None
