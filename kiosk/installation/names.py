"""Names for devices that outlast another socket or another start: rules for udev.

A device is known by its maker's numbers and its serial number, where it has them, or by the socket
it is in. The properties are those that ``udevadm info --query=property`` tells; the syntax is
that of udev(7).
"""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kiosk.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PRINTER: Final = "kiosk-printer"
SCANNER: Final = "kiosk-scanner"
FILE: Final = "99-motcua-kiosk-names.rules"
BASE_FILE: Final = "70-motcua-kiosk.rules"
PATIENCE_SECONDS: Final = 10.0

BASE: Final = r"""
# Made by: kiosk install
# USB printers that get no /dev/usb/lp0 are reached by libusb; the kiosk is in the group lp.
ACTION!="remove", SUBSYSTEM=="usb", ENV{DEVTYPE}=="usb_device", \
  ENV{ID_USB_INTERFACES}=="*:0701??:*", GROUP="lp", MODE="0660"
""".lstrip()
_SUBSYSTEMS: Final = ("usbmisc", "tty")
PLAIN: Final = re.compile(r"[\w.:@+-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Named:
    """A device node of ``subsystem`` that shall also be /dev/``link``, and by which properties it
    is known."""

    link: str
    subsystem: str
    known_by: tuple[tuple[str, str], ...]

    def rule(self) -> str:
        parts = ['ACTION!="remove"', f'SUBSYSTEM=="{self.subsystem}"']
        for key, value in self.known_by:
            # A number that the maker gives stands on a device above; the rest is told of our own.
            parts.append(f'{key}=="{value}"')
        return ", ".join([*parts, f'SYMLINK+="{self.link}"'])


def named(link: str, device: str, told: Mapping[str, str], *, by_port: bool = False) -> Named:
    """What makes ``device`` known again; ``by_port`` takes the socket: for two of one kind without
    serial numbers. Refused("device_unnameable", device)."""
    subsystem = told.get("SUBSYSTEM", "")
    vendor, product = told.get("ID_VENDOR_ID", ""), told.get("ID_MODEL_ID", "")
    serial, path = told.get("ID_SERIAL_SHORT", ""), told.get("ID_PATH", "")
    known: list[tuple[str, str]]
    if by_port:
        known = [("ENV{ID_PATH}", path)]
    elif subsystem == "usbmisc":
        # udev asks the USB device for its properties only where a rule of the system does so.
        known = [("ATTRS{idVendor}", vendor), ("ATTRS{idProduct}", product)]
        known += [("ATTRS{serial}", serial)] if serial else []
    else:
        known = [("ENV{ID_VENDOR_ID}", vendor), ("ENV{ID_MODEL_ID}", product)]
        known += [("ENV{ID_SERIAL_SHORT}", serial)] if serial else []
    if subsystem not in _SUBSYSTEMS or not all(PLAIN.fullmatch(value) for _, value in known):
        raise Refused("device_unnameable", device=device)
    return Named(link, subsystem, tuple(known))


def ask(device: str) -> dict[str, str]:
    """What udev knows of the device. Refused("device_unnameable", device)."""
    command = ["udevadm", "info", "--query=property", f"--name={device}"]
    try:
        done = subprocess.run(  # noqa: S603 (no shell; the path is one argument)
            command, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=True
        )
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        raise Refused("device_unnameable", device=device) from error
    pairs = (line.partition("=") for line in done.stdout.splitlines())
    return {key: value for key, _, value in pairs}


def rules(devices: Sequence[Named], touch_screen: str = "") -> str:
    """The file for /etc/udev/rules.d. ``touch_screen`` is the screen on which touches fall, by the
    name that weston gives it; "" where there is only one."""
    lines = ["# Made by: kiosk install --printer DEVICE --scanner DEVICE"]
    lines += [device.rule() for device in devices]
    if touch_screen and PLAIN.fullmatch(touch_screen):
        lines.append(
            'ACTION!="remove", KERNEL=="event[0-9]*", ENV{ID_INPUT_TOUCHSCREEN}=="1", '
            f'ENV{{WL_OUTPUT}}="{touch_screen}"'
        )
    return "\n".join(lines) + "\n"
