"""Where what stands on an installed machine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

USER: Final = "kiosk"
GROUPS: Final = ("dialout", "lp", "video", "render", "audio")
"""Serial lines, USB printers, screens and their cards, sound."""

PROGRAM: Final = "/opt/kiosk"
VERSIONS: Final = f"{PROGRAM}/versions"
CURRENT: Final = f"{PROGRAM}/current"
"""The version that runs, a link; an update moves it on, and back."""
KEYS: Final = f"{PROGRAM}/update-keys"
"""Whose bundles this machine takes: public keys, one file each. Root's, as the program is."""
WISHES: Final = f"{PROGRAM}/wishes.json"
"""What was asked for when it was installed, for the next time and the next version. Root's."""
CONFIG: Final = "/etc/kiosk"
CONFIG_FILE: Final = f"{CONFIG}/kiosk.toml"
DATA: Final = "/var/lib/kiosk"
ENVIRONMENT: Final = "/etc/default/kiosk"
"""Variables that a technician sets, one NAME=value a line, secrets among them. Root's."""
UNPACKED: Final = f"{PROGRAM}/wheels"
UNFINISHED: Final = f"{PROGRAM}/update-unfinished.json"
"""Is there from the moment at which the link moves until the new version has proved itself."""
TRIAL: Final = f"{DATA}/update"
"""Where a copy of the store is while the next version tries itself on it."""
SOCKET: Final = "/run/kiosk-weston/wayland-0"
WESTON_INI: Final = f"{DATA}/weston.ini"
"""Belongs to the session: made anew from kiosk.toml each time that it starts."""
TARGET: Final = "kiosk.target"
SESSION_UNIT: Final = "kiosk-weston.service"
CONSOLE: Final = "tty7"
PAM: Final = "motcua-kiosk"
NAME: Final = "motcua-kiosk"
"""Of what is ours in folders that we share: the package, /etc/pam.d, drop-ins."""


@dataclass(frozen=True, slots=True)
class Places:
    """What differs between a machine's own administrator and a package of the distribution."""

    command: str
    units: str
    udev: str
    polkit: str
    logind: str
    journald: str
    manager: str
    sysctl: str
    pam: str
    examples: str


LOCAL: Final = Places(
    command="/usr/local/bin/kiosk",
    units="/etc/systemd/system",
    udev="/etc/udev/rules.d",
    polkit="/etc/polkit-1/rules.d",
    logind="/etc/systemd/logind.conf.d",
    journald="/etc/systemd/journald.conf.d",
    manager="/etc/systemd/system.conf.d",
    sysctl="/etc/sysctl.d",
    pam="/etc/pam.d",
    examples="/usr/local/share/doc/motcua-kiosk/examples",
)
PACKAGED: Final = Places(
    command="/usr/bin/kiosk",
    units="/lib/systemd/system",
    udev="/lib/udev/rules.d",
    polkit="/usr/share/polkit-1/rules.d",
    logind="/usr/lib/systemd/logind.conf.d",
    journald="/usr/lib/systemd/journald.conf.d",
    manager="/usr/lib/systemd/system.conf.d",
    sysctl="/usr/lib/sysctl.d",
    pam="/etc/pam.d",
    examples="/usr/share/doc/motcua-kiosk/examples",
)
