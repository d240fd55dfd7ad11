"""What could be a printer on this machine and its network, and whether it answers.

Nothing is printed for it: a candidate is asked DLE EOT, and no more.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import socket
import struct
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from ipaddress import IPv4Address, IPv4Interface, IPv4Network
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from serial.tools import list_ports

from printer.errors import Lost
from printer.libusb import usb_numbers
from printer.probing import look
from printer.settings import PrinterSettings
from printer.status import UNKNOWN, PrinterState, PrinterStatus
from printer.transport import make_transport

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

RAW_PORT: Final = 9100
_LAST_PORT: Final = 65535
_LABEL: Final = r"\w(?:[\w-]{0,61}\w)?"
"""Of a host's name."""
BAUDRATES: Final = (115200, 9600, 19200, 38400, 57600)
WIDEST_PREFIX: Final = 24
"""Of a larger network only the 256 addresses around our own are tried."""
_PRINTER_CLASS: Final = "07"
_IPP_PROTOCOL: Final = "04"
_TRIED_SECONDS: Final = 0.3
_SCAN_SECONDS: Final = 0.5
_SCANNERS: Final = 64
_LPSTAT_SECONDS: Final = 5.0
_SIOCGIFADDR: Final = 0x8915
_SIOCGIFNETMASK: Final = 0x891B


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that may be a printer, how it would be reached, and what the system calls it."""

    settings: PrinterSettings
    name: str = ""


@dataclass(frozen=True, slots=True)
class Tried:
    """A candidate after it was asked; ``lost`` says why it could not be, ``detail`` in the system's
    own words."""

    candidate: Candidate
    status: PrinterStatus = UNKNOWN
    lost: str = ""
    detail: str = ""

    @property
    def answers(self) -> bool:
        return self.status.state is not PrinterState.UNKNOWN


class Port(Protocol):
    """A serial port, as pyserial lists it."""

    @property
    def device(self) -> str: ...

    @property
    def description(self) -> str: ...


def usb_candidates(
    devices: Path = Path("/dev/usb"), names: Path = Path("/sys/class/usbmisc")
) -> list[Candidate]:
    return [
        Candidate(
            PrinterSettings(connection="usb", device=str(device)),
            _usb_name(names / device.name / "device"),
        )
        for device in sorted(devices.glob("lp[0-9]*"))
    ]


def libusb_candidates(
    interfaces: Path = Path("/sys/bus/usb/devices"), devices: Path = Path("/dev/usb")
) -> list[Candidate]:
    """Printers without /dev/usb/lp*, by their numbers; those that speak IPP are left out.

    They are read from the system's own list, so that it takes neither libusb nor a right to them.
    """
    found = []
    for interface in sorted(interfaces.glob("*:*")):
        above = interface.resolve().parent
        numbers = ":".join(_text(above / name).strip() for name in ("idVendor", "idProduct"))
        reached = any((devices / one.name).exists() for one in interface.glob("usbmisc/lp[0-9]*"))
        if _is_printer(interface) and not reached and usb_numbers(numbers):
            settings = PrinterSettings(connection="usb", device=numbers)
            found.append(Candidate(settings, _usb_name(interface)))
    return found


def _is_printer(interface: Path) -> bool:
    kind = _text(interface / "bInterfaceClass").strip()
    protocol = _text(interface / "bInterfaceProtocol").strip()
    return kind == _PRINTER_CLASS and protocol != _IPP_PROTOCOL


def _usb_name(interface: Path) -> str:
    """What the printer says of itself in its IEEE 1284 id, or the USB device in its own."""
    fields = dict(re.findall(r"([A-Z ]+):([^;]*)", _text(interface / "ieee1284_id")))
    maker = fields.get("MFG") or fields.get("MANUFACTURER") or ""
    model = fields.get("MDL") or fields.get("MODEL") or ""
    if not maker + model:
        above = interface.resolve().parent
        maker, model = _text(above / "manufacturer"), _text(above / "product")
    return " ".join(f"{maker} {model}".split())


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace")
    except OSError:
        return ""


def serial_candidates(
    ports: Callable[[], Iterable[Port]] = list_ports.comports,
    by_id: Path = Path("/dev/serial/by-id"),
    without: str = "",
    own: str = "",
) -> list[Candidate]:
    """Serial lines but ``without``, the scanner's; by the name that outlasts another socket.

    ``own`` is the one that is set up already, which the system need not list.
    """
    names = {os.path.realpath(path): str(path) for path in sorted(by_id.glob("*"))}
    found = []
    for port in ports():
        real = os.path.realpath(port.device)
        if without and real == os.path.realpath(without):
            continue
        device = names.get(real, port.device)
        name = "" if port.description == "n/a" else port.description
        found.append(Candidate(PrinterSettings(connection="serial", device=device), name))
    listed = {os.path.realpath(one.settings.device) for one in found}
    if own and os.path.realpath(own) not in listed:
        found.append(Candidate(PrinterSettings(connection="serial", device=own), ""))
    return found


def network_candidates(addresses: Iterable[tuple[str, int]]) -> list[Candidate]:
    return [
        Candidate(PrinterSettings(connection="network", host=host, port=port))
        for host, port in addresses
    ]


def network_address(text: str) -> tuple[str, int] | None:
    """Host and port of "host" or "host:port"; None when it is neither."""
    match = re.fullmatch(rf"({_LABEL}(?:\.{_LABEL})*)(?::([0-9]{{1,5}}))?", text, re.ASCII)
    if match is None:
        return None
    host, port = match[1], int(match[2] or RAW_PORT)
    if re.fullmatch(r"[0-9.]+", host):
        try:
            IPv4Address(host)
        except ValueError:
            return None
    return (host, port) if 0 < port <= _LAST_PORT else None


def cups_candidates(lpstat: str | None = None) -> list[Candidate]:
    """The queues of CUPS, when there is CUPS."""
    program = lpstat or shutil.which("lpstat")
    if program is None:
        return []
    try:
        done = subprocess.run(  # noqa: S603 (no shell; the program that the system calls lpstat)
            [program, "-p"],
            capture_output=True,
            text=True,
            timeout=_LPSTAT_SECONDS,
            env={**os.environ, "LC_ALL": "C"},
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return []
    return [
        Candidate(PrinterSettings(connection="cups", device=queue))
        for queue in re.findall(r"(?m)^printer (\S+) ", done.stdout)
    ]


def own_networks() -> list[IPv4Interface]:
    """Our addresses on private networks, each with its network."""
    found = []
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as any_socket:
        for _, name in socket.if_nameindex():
            asked = struct.pack("256s", name.encode()[:15])
            try:
                address, mask = (
                    socket.inet_ntoa(fcntl.ioctl(any_socket, request, asked)[20:24])
                    for request in (_SIOCGIFADDR, _SIOCGIFNETMASK)
                )
            except OSError:
                continue  # it has no address of this kind
            interface = IPv4Interface(f"{address}/{mask}")
            if interface.is_private and not interface.is_loopback:
                found.append(interface)
    return found


def addresses_around(interfaces: Iterable[IPv4Interface]) -> list[str]:
    """The other addresses of these networks."""
    found: dict[IPv4Address, None] = {}
    for interface in interfaces:
        network = interface.network
        if network.prefixlen < WIDEST_PREFIX:
            network = IPv4Network((interface.ip, WIDEST_PREFIX), strict=False)
        found |= dict.fromkeys(host for host in network.hosts() if host != interface.ip)
    return [str(address) for address in found]


def listening(addresses: Sequence[str], port: int = RAW_PORT) -> list[str]:
    """Those that accept a connection there."""

    def accepts(address: str) -> bool:
        try:
            socket.create_connection((address, port), timeout=_SCAN_SECONDS).close()
        except OSError:
            return False
        return True

    with ThreadPoolExecutor(_SCANNERS) as pool:
        return [
            address
            for address, accepted in zip(addresses, pool.map(accepts, addresses), strict=True)
            if accepted
        ]


def try_candidate(candidate: Candidate) -> Tried:
    """Asks it how it is; of a serial line the speed and the flow control are found out too."""
    if not candidate.settings.answers:
        return Tried(candidate)
    if candidate.settings.connection != "serial":
        return look_at(candidate)
    tried = Tried(candidate)
    for baudrate in BAUDRATES:
        tried = look_at(_set(candidate, baudrate=baudrate, flow="none"))
        if tried.lost:
            return tried
        if tried.answers:
            break
    else:
        return Tried(candidate)
    # Without the wires for RTS and CTS nothing would go out; XON and XOFF do no harm where unused.
    wired = look_at(_set(tried.candidate, flow="rtscts"))
    return wired if wired.answers else Tried(_set(tried.candidate, flow="xonxoff"), tried.status)


def _set(candidate: Candidate, **change: object) -> Candidate:
    return replace(candidate, settings=replace(candidate.settings, **change))  # type: ignore[arg-type]


def look_at(candidate: Candidate) -> Tried:
    """Opens it as it is set, and asks it how it is when it can answer."""
    try:
        with closing(make_transport(candidate.settings)) as transport:
            transport.open()
            if not candidate.settings.answers:
                return Tried(candidate)
            return Tried(candidate, look(transport, _TRIED_SECONDS).status)
    except Lost as lost:
        return Tried(candidate, lost=lost.reason, detail=lost.detail)
