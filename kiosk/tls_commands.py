"""The commands about the web's certificate."""

from __future__ import annotations

from typing import Annotated

import typer

from kiosk.commands import DEFAULT_CONFIG, ConfigPath, read_config

tls = typer.Typer(no_args_is_help=True, help="The certificate of the clerks' page.")


@tls.command("init")
def make_certificate(
    name: Annotated[
        list[str] | None,
        typer.Option(help="One more host or address of this machine; may stand several times."),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Make a certificate anew though there is one: renew it.")
    ] = False,
    config: ConfigPath = DEFAULT_CONFIG,
) -> None:
    """Make a certificate for this machine and the authority that clerks' PCs shall trust."""
    from kiosk.tls import make_certificate as made

    print(made(read_config(config, tell_flaws=False), name or [], anew=force))


@tls.command("show")
def show_certificate(config: ConfigPath = DEFAULT_CONFIG) -> None:
    """Say until when the certificate is valid, for which names, and how PCs come to trust it."""
    from kiosk.tls import tell_certificate

    print(tell_certificate(read_config(config)))
