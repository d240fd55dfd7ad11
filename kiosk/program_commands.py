"""The commands about other programs: their keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from kiosk.commands import DEFAULT_CONFIG, ConfigPath, centre_of, read_config
from kiosk.rights import Scope

if TYPE_CHECKING:
    from collections.abc import Collection

keys = typer.Typer(no_args_is_help=True, help="Keys with which other programs call.")


@keys.command("add")
def add_key(
    name: Annotated[str, typer.Argument(help='Whose it is, such as "signage".')],
    scope: Annotated[list[Scope], typer.Option(help="What it opens; may stand several times.")],
    config: ConfigPath = DEFAULT_CONFIG,
) -> None:
    """Make a key and tell it, this once."""
    from kiosk.office import keys as office
    from kiosk.texts import operator_texts

    key = office.add_key(centre_of(read_config(config)), name, scope)
    print(operator_texts().say("cli.key_added", name=name, scopes=_told(scope)))
    print(key)


@keys.command("list")
def list_keys(config: ConfigPath = DEFAULT_CONFIG) -> None:
    """List the keys, what each opens, and when it was last used, right to an hour."""
    from kiosk.office import keys as office
    from kiosk.texts import operator_texts

    words, centre = operator_texts(), centre_of(read_config(config))
    for key in office.list_keys(centre):
        at = key.used_at.astimezone(centre.timezone) if key.used_at else None
        used = words.when(at) if at else words.say("cli.key_unused")
        print(f"{key.name:<24} {_told(key.scopes):<40} {used}")


@keys.command("remove")
def remove_key(name: str, config: ConfigPath = DEFAULT_CONFIG) -> None:
    """Let a key open nothing any more, at once."""
    from kiosk.office import keys as office
    from kiosk.texts import operator_texts

    office.remove_key(centre_of(read_config(config)), name)
    print(operator_texts().say("cli.key_removed", name=name))


def _told(scopes: Collection[Scope]) -> str:
    return ", ".join(scope.value for scope in Scope if scope in scopes)
