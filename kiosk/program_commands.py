"""The commands about other programs: their keys, and the webhooks that tell them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import typer

from kiosk.commands import DEFAULT_CONFIG, ConfigPath, centre_of, read_config
from kiosk.errors import Refused
from kiosk.rights import Scope
from kiosk.webhooks import reason_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from kiosk.webhooks import Webhook

_SHOWN: Final = 200
"""How many letters of an answer are shown."""

webhooks = typer.Typer(no_args_is_help=True, help="Programs that are told what happens.")
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


@webhooks.command("test")
def try_webhook(
    which: Annotated[
        str, typer.Argument(help="Its name, its place in kiosk.toml (1 is the first) or its URL.")
    ],
    config: ConfigPath = DEFAULT_CONFIG,
) -> None:
    """Send a signed sample, which shows nobody as called, and say what came back."""
    from kiosk.office.webhooks import sample_of
    from kiosk.posting import Poster
    from kiosk.texts import operator_texts

    settings, words = read_config(config), operator_texts()
    hook = _meant(settings.webhooks(), which)
    if not hook.secret:
        raise Refused("webhook_secret", name=hook.name)
    answer = Poster().post(hook.url, *sample_of(centre_of(settings), hook))
    milliseconds = round(answer.seconds * 1000)
    status = f"{answer.status} {answer.reason}".rstrip()
    facts = {"url": hook.url, "status": status, "milliseconds": milliseconds}
    print(words.say("cli.webhook_answered", **facts))
    if head := "".join(filter(str.isprintable, answer.head.decode("utf-8", "replace")))[:_SHOWN]:
        print(f"  {head}")
    if reason := reason_of(answer.status):
        raise Refused(reason, name=hook.name)


def _meant(hooks: Sequence[Webhook], which: str) -> Webhook:
    """Refused("no_such_webhook")."""
    for n, hook in enumerate(hooks, 1):
        if which in (hook.name, str(n), hook.url):
            return hook
    raise Refused("no_such_webhook", name=which, known=", ".join(h.name for h in hooks) or "–")


def _told(scopes: Collection[Scope]) -> str:
    return ", ".join(scope.value for scope in Scope if scope in scopes)
