"""What may be a printer, on a machine that is made up of folders, a pty and loopback."""

from __future__ import annotations

import socket
import sys
from dataclasses import dataclass
from ipaddress import IPv4Interface
from typing import TYPE_CHECKING

import pytest

from printer.finding import (
    Candidate,
    addresses_around,
    libusb_candidates,
    listening,
    network_address,
    own_networks,
    serial_candidates,
    try_candidate,
    usb_candidates,
)
from printer.settings import PrinterSettings
from printer.status import OK, Reason, fault
from printer.virtual import VirtualPrinter
from tests.printer.test_worker import settings_for

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Port:
    device: str
    description: str = "n/a"


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_usb_printers_are_listed_with_what_they_call_themselves(tmp_path: Path) -> None:
    for name in ("lp0", "lp1", "lp2", "hiddev0"):
        write(tmp_path / "dev" / name, "")
    names, devices = tmp_path / "sys", tmp_path / "devices"
    identity = "MFG:EPSON;CMD:ESC/POS;MDL:TM-T20III;CLS:PRINTER;"
    for name, what in (("lp0", "ieee1284_id"), ("lp1", "bInterfaceClass")):
        write(devices / name / "1-1:1.0" / what, identity)
        write(devices / name / "manufacturer", "CUSTOM SPA\n")
        write(devices / name / "product", "VKP80III\n")
        (names / name).mkdir(parents=True)
        (names / name / "device").symlink_to(devices / name / "1-1:1.0")

    assert [
        (one.settings.connection, one.settings.device, one.name)
        for one in usb_candidates(tmp_path / "dev", names)
    ] == [
        ("usb", str(tmp_path / "dev" / "lp0"), "EPSON TM-T20III"),
        ("usb", str(tmp_path / "dev" / "lp1"), "CUSTOM SPA VKP80III"),
        ("usb", str(tmp_path / "dev" / "lp2"), ""),
    ]


def test_a_machine_without_usb_printers_has_none(tmp_path: Path) -> None:
    assert usb_candidates(tmp_path / "none", tmp_path / "none") == []


def test_serial_lines_have_their_lasting_name_and_the_scanner_is_left_out(tmp_path: Path) -> None:
    by_id = tmp_path / "by-id"
    by_id.mkdir()
    for name in ("ttyUSB0", "ttyUSB1", "ttyS0"):
        write(tmp_path / name, "")
    (by_id / "usb-Prolific-port0").symlink_to(tmp_path / "ttyUSB0")
    (by_id / "usb-Datalogic-port0").symlink_to(tmp_path / "ttyUSB1")
    ports = [
        Port(str(tmp_path / "ttyUSB0"), "USB-Serial"),
        Port(str(tmp_path / "ttyUSB1"), "Scanner"),
        Port(str(tmp_path / "ttyS0")),
    ]
    scanner = str(by_id / "usb-Datalogic-port0")
    found = serial_candidates(lambda: ports, by_id, scanner, str(tmp_path / "ttyUSB0"))
    unlisted = serial_candidates(lambda: ports, by_id, scanner, str(tmp_path / "pts7"))

    assert [(one.settings.device, one.name) for one in found] == [
        (str(by_id / "usb-Prolific-port0"), "USB-Serial"),
        (str(tmp_path / "ttyS0"), ""),
    ]
    assert [one.settings.device for one in unlisted[2:]] == [str(tmp_path / "pts7")]


def test_usb_printers_that_only_libusb_reaches_are_listed_by_their_numbers(tmp_path: Path) -> None:
    dev, bus = tmp_path / "dev", tmp_path / "bus"
    bus.mkdir()
    write(dev / "lp0", "")
    for name, vendor, facts in (
        ("1-1", "0dd4", {"Class": "07", "Protocol": "02"}),
        ("1-2", "04b8", {"Class": "07", "Protocol": "02"}),
        ("1-3", "046d", {"Class": "03", "Protocol": "01"}),
        ("1-4", "03f0", {"Class": "07", "Protocol": "04"}),
        ("1-5", "", {"Class": "07", "Protocol": "02"}),
        ("1-6", "0fe6", {"Class": "07", "Protocol": "02"}),
    ):
        device = tmp_path / "devices" / name
        interface = device / f"{name}:1.0"
        write(device / "product", "VKP80III\n")
        if vendor:
            write(device / "idVendor", f"{vendor}\n")
            write(device / "idProduct", "01a8\n")
        for what, text in facts.items():
            write(interface / f"bInterface{what}", f"{text}\n")
        (bus / name).symlink_to(device)
        (bus / interface.name).symlink_to(interface)
    # The kernel made a file for this one, and for that one it could not.
    (bus / "1-2:1.0" / "usbmisc" / "lp0").mkdir(parents=True)
    (bus / "1-6:1.0" / "usbmisc" / "lp1").mkdir(parents=True)

    assert [
        (one.settings.connection, one.settings.device, one.name)
        for one in libusb_candidates(bus, dev)
    ] == [("usb", "0dd4:01a8", "VKP80III"), ("usb", "0fe6:01a8", "VKP80III")]
    assert libusb_candidates(tmp_path / "none", dev) == []


def test_a_printer_for_libusb_on_a_machine_without_it_says_what_is_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "usb.core", None)
    tried = try_candidate(Candidate(PrinterSettings(connection="usb", device="0dd4:01a8")))

    assert (tried.answers, tried.lost) == (False, Reason.LIBUSB_MISSING)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("192.168.1.50", ("192.168.1.50", 9100)),
        ("192.168.1.50:4000", ("192.168.1.50", 4000)),
        ("192.168.1.50:65535", ("192.168.1.50", 65535)),
        ("printer.lan", ("printer.lan", 9100)),
        ("may-in_2:9100", ("may-in_2", 9100)),
        ("192.168.1.50:65536", None),
        ("192.168.1.50:0", None),
        ("192.168.1.50:", None),
        ("192.168.1.50:91oo", None),
        ("192.168.1.50:٩١٠٠", None),
        ("192.168.1.50:9100:9100", None),
        ("192.168.1.500", None),
        ("192.168.1", None),
        (":9100", None),
        ("", None),
        ("http://printer.lan", None),
        ("printer lan", None),
        ("-printer", None),
        ("printer..lan", None),
        ("máy.in", None),
    ],
)
def test_an_address_has_port_9100_unless_it_says_otherwise_and_nothing_is_guessed(
    text: str, expected: tuple[str, int] | None
) -> None:
    assert network_address(text) == expected


@pytest.mark.parametrize(
    ("interface", "count", "first"),
    [
        ("192.168.1.7/24", 253, "192.168.1.1"),
        ("10.1.2.3/8", 253, "10.1.2.1"),
        ("192.168.1.6/30", 1, "192.168.1.5"),
    ],
)
def test_the_own_network_is_tried_but_never_more_than_the_addresses_around(
    interface: str, count: int, first: str
) -> None:
    around = addresses_around([IPv4Interface(interface)])

    assert (len(around), around[0]) == (count, first)
    assert interface.split("/")[0] not in around


def test_our_own_networks_are_private_and_no_loopback() -> None:
    for interface in own_networks():
        assert interface.is_private
        assert not interface.is_loopback


def test_only_those_who_listen_are_left() -> None:
    with socket.create_server(("127.0.0.2", 0)) as server:
        port = server.getsockname()[1]

        assert listening(["127.0.0.1", "127.0.0.2", "127.0.0.3"], port) == ["127.0.0.2"]


def test_a_printer_on_the_network_says_how_it_is() -> None:
    with VirtualPrinter() as printer:
        candidate = Candidate(settings_for(printer))
        assert try_candidate(candidate).status == OK
        printer.set_fault("paper_out")
        tried = try_candidate(candidate)

    assert (tried.status, tried.answers) == (fault(Reason.PAPER_OUT), True)
    assert (printer.slips, printer.junk) == ([], 0)


def test_what_listens_and_says_nothing_is_no_printer_that_answers() -> None:
    with VirtualPrinter() as printer:
        printer.set_fault("silence")
        tried = try_candidate(Candidate(settings_for(printer)))

    assert (tried.answers, tried.lost) == (False, "")


def test_the_speed_and_the_flow_control_of_a_serial_printer_are_found() -> None:
    with VirtualPrinter(pty=True) as printer:
        settings = PrinterSettings(connection="serial", device=printer.device, baudrate=9600)
        tried = try_candidate(Candidate(settings))

    assert tried.status == OK
    assert (tried.candidate.settings.baudrate, tried.candidate.settings.flow) == (115200, "rtscts")


def test_a_serial_line_that_is_gone_says_so() -> None:
    with VirtualPrinter(pty=True) as printer:
        candidate = Candidate(settings_for(printer))
    tried = try_candidate(candidate)

    assert (tried.answers, tried.lost) == (False, "unreachable")


def test_a_queue_of_cups_is_not_asked() -> None:
    tried = try_candidate(Candidate(PrinterSettings(connection="cups", device="no-such-queue")))

    assert (tried.answers, tried.lost) == (False, "")
