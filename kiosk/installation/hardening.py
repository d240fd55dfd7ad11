"""What a process of the kiosk is not let do, as lines of a systemd unit.

Judged by ``systemd-analyze security --offline=yes``; what each line means is in systemd.exec(5) and
systemd.resource-control(5).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

Lines = tuple[tuple[str, str], ...]


class Reach(StrEnum):
    """With whom a process speaks over the network."""

    OFFICE = "office"
    """This machine and private networks: a printer, a server of PostgreSQL."""
    ANYWHERE = "anywhere"
    """Clerks and strangers who call, mail, webhooks, the address of a feed."""


PRIVATE: Final = (
    "localhost link-local 10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 100.64.0.0/10 fc00::/7"
)
"""RFC 1918, 6598 and 4193."""

MAJORS: Final = {
    "usb": "char-180",  # /dev/usb/lp0, and nothing that is a disk
    "libusb": "char-189",
    "ttyUSB": "char-188",
    "ttyACM": "char-166",
    "ttyS": "char-4",
    "sound": "char-116",
    "dri": "char-226",
}
"""By number: a name would have to be known to the kernel when the unit starts, and the driver of an
adapter that is plugged in later is not. Documentation/admin-guide/devices.txt of Linux."""
SERIAL: Final = ("ttyUSB", "ttyACM", "ttyS")

ALWAYS: Final[Lines] = (
    ("NoNewPrivileges", "yes"),
    ("ProtectSystem", "strict"),
    ("PrivateTmp", "yes"),
    ("ProtectKernelTunables", "yes"),
    ("ProtectKernelModules", "yes"),
    ("ProtectKernelLogs", "yes"),
    ("ProtectControlGroups", "yes"),
    ("ProtectClock", "yes"),
    ("ProtectHostname", "yes"),
    ("ProtectProc", "invisible"),
    ("LockPersonality", "yes"),
    ("RestrictNamespaces", "yes"),
    ("RestrictRealtime", "yes"),
    ("RestrictSUIDSGID", "yes"),
    ("RemoveIPC", "yes"),
    ("KeyringMode", "private"),
    ("UMask", "0027"),
    ("SystemCallArchitectures", "native"),
)
CALLS: Final[Lines] = (
    ("SystemCallFilter", "@system-service"),
    ("SystemCallFilter", "~@privileged @resources"),
    ("SystemCallFilter", "setpriority"),
    ("SystemCallErrorNumber", "EPERM"),
)
"""A process steps back for the touch window by ``setpriority``."""


def hardened(
    *,
    devices: tuple[str, ...] = (),
    reach: Reach = Reach.OFFICE,
    home: str = "yes",
    whole_proc: bool = False,
    serves: bool = False,
    families: str = "AF_UNIX AF_INET AF_INET6",
    draws: bool = False,
) -> Lines:
    """``devices`` are names of MAJORS; ``home`` is ProtectHome; ``whole_proc`` leaves more in /proc
    than processes; who ``serves`` may do so at any port, such as 443; who
    ``draws`` may make code at run time, as QML does, and Mesa where there is no graphics card."""
    right = "CAP_NET_BIND_SERVICE" if serves else ""
    lines = [*ALWAYS, ("CapabilityBoundingSet", right), ("AmbientCapabilities", right)]
    lines += [("ProtectHome", home), ("MemoryDenyWriteExecute", "no" if draws else "yes")]
    lines.append(("ProcSubset", "all" if whole_proc else "pid"))
    if devices:
        lines.append(("DevicePolicy", "closed"))
        lines += [("DeviceAllow", f"{MAJORS[name]} rw") for name in devices]
    else:
        lines += [("PrivateDevices", "yes"), ("DevicePolicy", "closed")]
        # In a user namespace groups of devices mean nothing, nor a right to a port outside.
        lines.append(("PrivateUsers", "no" if serves else "yes"))
    lines.append(("RestrictAddressFamilies", families))
    if reach is Reach.OFFICE:
        lines += [("IPAddressDeny", "any"), ("IPAddressAllow", PRIVATE)]
    return (*lines, *CALLS)
