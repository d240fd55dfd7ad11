"""Finds the printer for whoever sets the kiosk up: what is attached, what answers, which it is."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from serial.tools import list_ports

from kiosk import troubles
from kiosk.errors import Refused
from kiosk.printing import place_of_settings
from kiosk.texts import operator_texts
from printer import finding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from ipaddress import IPv4Interface

    from kiosk.config import Config
    from kiosk.texts import Texts
    from printer.finding import Candidate, Port, Tried

_AT_ONCE: Final = 16


@dataclass(frozen=True, slots=True)
class Places:
    """Where to look; those of this machine unless they are handed in."""

    usb: Path = Path("/dev/usb")
    usb_names: Path = Path("/sys/class/usbmisc")
    serial: Callable[[], Iterable[Port]] = list_ports.comports
    serial_names: Path = Path("/dev/serial/by-id")
    networks: Callable[[], Iterable[IPv4Interface]] = finding.own_networks
    port: int = finding.RAW_PORT
    lpstat: str | None = None
    usb_interfaces: Path = Path("/sys/bus/usb/devices")


HERE: Final = Places()


def find_printers(
    config: Config, hosts: Sequence[str], *, scan: bool, places: Places | None = None
) -> tuple[Tried, ...]:
    """Everything that may be a printer, each asked how it is; the scanner is left alone.

    Refused: bad_printer_address.
    """
    return tried(candidates(config, hosts, scan=scan, places=places or HERE))


def candidates(
    config: Config, hosts: Sequence[str], *, scan: bool, places: Places
) -> list[Candidate]:
    scanner = config.scanner.device if config.scanner.connection == "serial" else ""
    own = config.printer.device if config.printer.connection == "serial" else ""
    named = [*map(_address, hosts)]
    if config.printer.host:
        named.append((config.printer.host, config.printer.port))
    if scan:
        around = finding.addresses_around(places.networks())
        named += [(host, places.port) for host in finding.listening(around, places.port)]
    found = [
        *finding.usb_candidates(places.usb, places.usb_names),
        *finding.libusb_candidates(places.usb_interfaces, places.usb),
        *finding.serial_candidates(places.serial, places.serial_names, scanner, own),
        *finding.network_candidates(named),
        *finding.cups_candidates(places.lpstat),
    ]
    return list({one.settings: one for one in found}.values())


def _address(text: str) -> tuple[str, int]:
    address = finding.network_address(text)
    if address is None:
        raise Refused("bad_printer_address", address=text)
    return address


def tried(found: Sequence[Candidate]) -> tuple[Tried, ...]:
    """In the order in which they were found."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return tuple(pool.map(finding.try_candidate, found))


def chosen(found: Sequence[Tried], number: int | None) -> Tried:
    """The one with this number, or the only one that answers.

    Refused: no_such_candidate, printer_none_answers, printer_several (n).
    """
    if number is not None:
        if not 1 <= number <= len(found):
            raise Refused("no_such_candidate", number=number, n=len(found))
        return found[number - 1]
    answering = [one for one in found if one.answers]
    if not answering:
        raise Refused("printer_none_answers")
    if len(answering) > 1:
        raise Refused("printer_several", n=len(answering))
    return answering[0]


def found_table(found: Sequence[Tried]) -> str:
    words = operator_texts()
    if not found:
        return words.say("cli.found.nothing")
    rows = [
        (place_of_settings(one.candidate.settings), one.candidate.name, told_candidate(one, words))
        for one in found
    ]
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    return "\n".join(
        f"{number:>3}  {place:<{widths[0]}}  {name:<{widths[1]}}  {how}"
        for number, (place, name, how) in enumerate(rows, 1)
    )


def told_candidate(one: Tried, words: Texts) -> str:
    """How it answered, or that it cannot."""
    if not one.candidate.settings.answers:
        return words.say("cli.found.mute")
    if one.lost:
        return troubles.told(one.lost, words)
    if not one.answers:
        return words.say("cli.found.silent")
    return words.say("cli.found.answers", how=troubles.told(one.status.reason, words))
