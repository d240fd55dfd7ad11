"""The commands about staff: their accounts, and the devices at which a PIN is enough."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from kiosk.commands import DEFAULT_CONFIG, ConfigPath, centre_of, read_config
from kiosk.rights import StaffRole

clerks = typer.Typer(no_args_is_help=True, help="Staff, their posts and their PINs.")
devices = typer.Typer(no_args_is_help=True, help="Devices at which staff may use a PIN.")


@clerks.command("add")
def add_clerk(
    login: str,
    name: Annotated[str, typer.Option(help="The full name.")],
    role: Annotated[StaffRole, typer.Option(help="The post.")] = StaffRole.CLERK,
    config: ConfigPath = DEFAULT_CONFIG,
) -> None:
    """Add one of the staff; the PIN or password is one line on standard input."""
    from kiosk.office import clerks as office
    from kiosk.texts import operator_texts

    words, centre = operator_texts(), centre_of(read_config(config))
    clerk = office.add_clerk(centre, login, name, _asked_pin(), role)
    told = words.say(f"role.{clerk.role.value}")
    print(words.say("cli.clerk_added", login=clerk.login, name=clerk.name, role=told))


@clerks.command("role")
def set_role(login: str, role: StaffRole, config: ConfigPath = DEFAULT_CONFIG) -> None:
    """Give one of the staff another post; signed-in sessions end."""
    from kiosk.office import clerks as office
    from kiosk.texts import operator_texts

    words = operator_texts()
    office.set_role(centre_of(read_config(config)), login, role)
    print(words.say("cli.role_set", login=login, role=words.say(f"role.{role.value}")))


@clerks.command("pin")
def set_pin(login: str, config: ConfigPath = DEFAULT_CONFIG) -> None:
    """Give a new PIN or password, one line on standard input; signed-in sessions end."""
    from kiosk.office import clerks as office
    from kiosk.texts import operator_texts

    centre = centre_of(read_config(config))
    office.check_known(centre, login)
    office.set_pin(centre, login, _asked_pin())
    print(operator_texts().say("cli.pin_set", login=login))


@clerks.command("list")
def list_clerks(config: ConfigPath = DEFAULT_CONFIG) -> None:
    """List the staff."""
    from kiosk.office import clerks as office
    from kiosk.texts import operator_texts

    words = operator_texts()
    for clerk in office.list_clerks(centre_of(read_config(config))):
        told = words.say(f"role.{clerk.role.value}")
        mark = words.say("cli.clerk_disabled") if clerk.disabled else ""
        print(f"{clerk.login:<16} {told:<16} {clerk.name} {mark}".rstrip())


@clerks.command("disable")
def disable_clerk(login: str, config: ConfigPath = DEFAULT_CONFIG) -> None:
    """Shut one of the staff out, at once."""
    from kiosk.office import clerks as office
    from kiosk.texts import operator_texts

    office.disable_clerk(centre_of(read_config(config)), login)
    print(operator_texts().say("cli.clerk_shut_out", login=login))


@clerks.command("sign-out")
def sign_out_clerk(login: str, config: ConfigPath = DEFAULT_CONFIG) -> None:
    """Free the counter of a clerk who has gone; who is there stays for the next clerk."""
    from kiosk.office import clerks as office
    from kiosk.texts import operator_texts

    office.sign_out_clerk(centre_of(read_config(config)), login)
    print(operator_texts().say("cli.clerk_signed_out", login=login))


@devices.command("add")
def add_device(
    name: Annotated[str, typer.Argument(help='What it is called, such as "Quầy 3".')],
    counter: Annotated[int | None, typer.Option(help="The counter at which it stands.")] = None,
    config: ConfigPath = DEFAULT_CONFIG,
) -> None:
    """Give the code that enrols a counter PC, tablet or phone, once and within an hour."""
    from kiosk.office import enrolments
    from kiosk.texts import operator_texts

    settings = read_config(config)
    code = enrolments.add_device(centre_of(settings), name, counter)
    base = settings.web.public_url or settings.web.address
    print(operator_texts().say("cli.device_added", name=name, code=code, page=f"{base}/device"))


@devices.command("list")
def list_devices(config: ConfigPath = DEFAULT_CONFIG) -> None:
    """List the devices and whether each has used its code."""
    from kiosk.office import enrolments
    from kiosk.texts import operator_texts

    words, centre = operator_texts(), centre_of(read_config(config))
    for device in enrolments.list_devices(centre):
        at = device.enrolled_at.astimezone(centre.timezone) if device.enrolled_at else None
        told = words.when(at) if at else words.say("cli.device_waits")
        print(f"{device.name:<24} {told}")


@devices.command("remove")
def remove_device(name: str, config: ConfigPath = DEFAULT_CONFIG) -> None:
    """Make a device a stranger again, such as one that was lost."""
    from kiosk.office import enrolments
    from kiosk.texts import operator_texts

    enrolments.remove_device(centre_of(read_config(config)), name)
    print(operator_texts().say("cli.device_removed", name=name))


def _asked_pin() -> str:
    import getpass

    from kiosk.texts import operator_texts

    if sys.stdin.isatty():
        return getpass.getpass(operator_texts().say("cli.ask_pin"))
    return sys.stdin.readline().strip()
