"""The command that brings this machine to the next version of the program."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kiosk.commands import read_config
from kiosk.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Callable


def update(
    bundle: Annotated[
        Path | None,
        typer.Argument(help="The bundle; without it an update that was broken off is finished."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only prove the bundle, and change nothing.")
    ] = False,
) -> None:
    """Go to the next version: proved and tried first, with the old one back by itself if it does
    not do."""
    from kiosk.installation.booted import BootedHall
    from kiosk.installation.places import CONFIG_FILE
    from kiosk.installation.steps import Machine
    from kiosk.installation.update import Update

    if os.geteuid() != 0:
        raise Refused("not_root")
    os.umask(0o022)
    machine, path = Machine(), Path(CONFIG_FILE)
    config = read_config(path)
    # A connection that breaks must not end what watches over the new version.
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    hall, copies = BootedHall(machine, config), bool(config.backup.folder)
    going = Update(machine, hall, _told(), path, copies=copies, store=config.store_path)
    if bundle is None:
        going.finish()
    else:
        going.carry_out(bundle.absolute(), dry_run=dry_run)


def _told() -> Callable[..., None]:
    from kiosk.texts import operator_texts

    words = operator_texts()

    def say(key: str, **facts: object) -> None:
        with suppress(OSError):
            print(f"  {words.say(key, **facts)}", flush=True)

    return say
