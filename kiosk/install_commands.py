"""The commands that make this machine a kiosk, and that take the program away again."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kiosk.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kiosk.config import Config
    from kiosk.installation.names import Named
    from kiosk.installation.steps import Machine, Step

DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")]
Root = Annotated[
    Path | None, typer.Option(help="Lay the files out under this folder, and do nothing else.")
]


def install(
    wheels: Annotated[
        Path | None, typer.Option(help="The folder of wheels that make wheels makes.")
    ] = None,
    dry_run: DryRun = False,
    root: Root = None,
    printer: Annotated[
        str | None,
        typer.Option(help='This device shall also be /dev/kiosk-printer; "" for none.'),
    ] = None,
    scanner: Annotated[
        str | None,
        typer.Option(help='This device shall also be /dev/kiosk-scanner; "" for none.'),
    ] = None,
    by_port: Annotated[
        bool, typer.Option("--by-port", help="Know these devices by the socket they are in.")
    ] = False,
    update_key: Annotated[
        Path | None, typer.Option(help="Take bundles that are signed with this public key.")
    ] = None,
    windows: Annotated[
        bool | None,
        typer.Option(
            "--windows/--no-windows",
            help="Whether this machine shows the touch window or the board.",
        ),
    ] = None,
    start: Annotated[bool, typer.Option(help="Whether the hall starts at once.")] = True,
    packaged: Annotated[bool, typer.Option("--packaged", hidden=True)] = False,
) -> None:
    """Make this machine a kiosk: user, program, units, screens. What is there already stays.

    What is not asked for stays as it was asked for before.
    """
    from kiosk.installation.plan import Wishes, installing
    from kiosk.installation.steps import Machine
    from kiosk.installation.wishes import recall
    from kiosk.texts import operator_texts

    machine, words = Machine(root), operator_texts()
    config, before = _config(machine), recall(machine)
    wishes = Wishes(
        wheels=wheels, devices=_named(before.devices, printer, scanner, by_port=by_port),
        touch_screen=config.touch.screen if config else before.touch_screen, packaged=packaged,
        start=start, windows=before.windows if windows is None else windows,
        update_key=_key(update_key),
    )  # fmt: skip
    carry_out(installing(machine, wishes, config), machine, dry_run=dry_run)
    if not dry_run and root is None:
        print(words.say("install.done" if start else "install.not_started"))


def _key(path: Path | None) -> str:
    """The public key in the file, "" for none. Refused("no_update_key", path)."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    if path is None:
        return ""
    try:
        text = path.read_text("ascii")
        if isinstance(load_pem_public_key(text.encode()), Ed25519PublicKey):
            return text
    except (OSError, ValueError) as error:
        raise Refused("no_update_key", path=path) from error
    raise Refused("no_update_key", path=path)


def uninstall(
    dry_run: DryRun = False,
    root: Root = None,
    purge: Annotated[
        bool, typer.Option("--purge", help="The configuration and all data of the office too.")
    ] = False,
) -> None:
    """Take the program and its units away; the configuration and the data stay."""
    from kiosk.installation.places import CONFIG, DATA, PACKAGED
    from kiosk.installation.plan import places_of, uninstalling
    from kiosk.installation.steps import Machine
    from kiosk.texts import operator_texts

    machine, words = Machine(root), operator_texts()
    if places_of(machine) == PACKAGED and "DPKG_MAINTSCRIPT_NAME" not in os.environ:
        raise Refused("installed_by_package")
    carry_out(uninstalling(machine, purge=purge), machine, dry_run=dry_run)
    if not purge:
        print(words.say("install.kept", config=machine.at(CONFIG), data=machine.at(DATA)))


def carry_out(steps: Sequence[Step], machine: Machine, *, dry_run: bool) -> None:
    """Does what is due, or tells it; a folder that becomes a machine gets no commands."""
    from kiosk.installation.steps import Command
    from kiosk.texts import operator_texts

    words = operator_texts()
    os.umask(0o022)  # all may read the program and the units
    if machine.root is None and not dry_run and os.geteuid() != 0:
        raise Refused("not_root")
    changed = False
    for step in steps:
        if machine.root is not None and step.alone:
            continue
        if isinstance(step, Command) and step.follows and not changed:
            continue
        if step.due(machine):
            changed = changed or step.changes
            print(f"  {step.told(machine, words)}", flush=True)
            if not dry_run:
                step.do(machine)


def _config(machine: Machine) -> Config | None:
    """What is set up already; a file with mistakes is nobody's concern here."""
    from kiosk.config import load
    from kiosk.installation.places import CONFIG_FILE
    from kiosk.mistakes import BadConfig

    try:
        return load(machine.at(CONFIG_FILE))
    except BadConfig:
        return None


def _named(
    before: Sequence[Named], printer: str | None, scanner: str | None, *, by_port: bool
) -> tuple[Named, ...]:
    """With what has a name already; "" takes it away."""
    from kiosk.installation import names
    from kiosk.installation.wishes import joined

    wanted = ((names.PRINTER, printer), (names.SCANNER, scanner))
    asked = [
        names.named(link, device, names.ask(device), by_port=by_port)
        for link, device in wanted
        if device
    ]
    return joined(before, asked, [link for link, device in wanted if device == ""])
