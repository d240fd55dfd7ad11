"""Setting the printer up from the command line, with a printer of software and nothing printed."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, replace
from ipaddress import IPv4Interface
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from kiosk.__main__ import app
from kiosk.check import inspect
from kiosk.config import load
from kiosk.errors import Refused, Unavailable
from kiosk.office import devices, jobs
from kiosk.office.centre import open_centre
from kiosk.office.tickets import take_ticket
from kiosk.printer_search import Places, chosen, find_printers, found_table
from kiosk.printing import Outbox, lock_path, settings_of
from kiosk.processes import held_alone
from kiosk.texts import texts, told_to_technician
from printer.finding import Candidate, Tried
from printer.settings import PrinterSettings
from printer.status import OK
from printer.virtual import VirtualPrinter
from printer.worker import Worker
from tests.technician import nothing_attached
from tests.test_config import LEAST
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NEVER_ANSWERS = "For a printer that prints but never answers set replies = false in kiosk.toml."


pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    nothing_attached(monkeypatch, tmp_path)


@pytest.fixture
def printer() -> Iterator[VirtualPrinter]:
    with VirtualPrinter() as running:
        yield running


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "kiosk.toml"
    path.write_text(LEAST, "utf-8")
    return path


def kiosk(config: Path, *command: str) -> str:
    """What it prints; an expected trouble is raised as the caller of the process would tell it."""
    done = CliRunner().invoke(app, ["printer", *command, "--config", str(config)])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.output


def on(config: Path, printer: VirtualPrinter) -> Path:
    section = f'\n[printer]\nconnection = "network"\nhost = "127.0.0.1"\nport = {printer.port}\n'
    config.write_text(LEAST + section, "utf-8")
    return config


def test_a_printer_is_found_written_probed_and_known(config: Path, printer: VirtualPrinter) -> None:
    found = kiosk(config, "find", f"127.0.0.1:{printer.port}", "--write")
    assert f"network 127.0.0.1:{printer.port}" in found
    assert "answers: Ready" in found
    section = load(config).printer
    assert (section.connection, section.port) == ("network", printer.port)
    assert "not known yet" in kiosk(config, "capabilities")
    probed = kiosk(config, "probe")
    assert "VIRTUAL" in probed
    assert "1, 2, 3, 4" in probed
    assert texts("en").say("cli.printer.grade.ack") in probed

    assert kiosk(config, "capabilities") == probed
    assert (printer.slips, printer.junk) == ([], 0)


@pytest.mark.parametrize("address", ["192.168.1.50:91000", "192.168.1.500", "printer:raw"])
def test_what_is_no_address_is_told_before_anything_is_asked(
    config: Path, printer: VirtualPrinter, address: str
) -> None:
    on(config, printer)
    with pytest.raises(Refused, match="bad_printer_address") as told:
        kiosk(config, "find", f"127.0.0.1:{printer.port}", address)

    assert told.value.facts == {"address": address}
    assert printer.received == []


def test_while_the_print_process_has_the_printer_nobody_else_asks_it(
    config: Path, printer: VirtualPrinter
) -> None:
    on(config, printer)
    kiosk(config, "capabilities")
    lock = held_alone(lock_path(load(config)), threading.Event(), lambda: None)
    assert lock is not None
    with lock:
        for command in (["probe"], ["find", f"127.0.0.1:{printer.port}"]):
            with pytest.raises(Refused, match="printer_owned"):
                kiosk(config, *command)
    assert printer.received == []

    assert "VIRTUAL" in kiosk(config, "probe")


def test_nothing_is_written_by_a_number_alone(config: Path, printer: VirtualPrinter) -> None:
    before = config.read_text("utf-8")
    done = CliRunner().invoke(
        app,
        ["printer", "find", f"127.0.0.1:{printer.port}", "--number", "1", "--config", str(config)],
    )

    assert done.exit_code == 2
    assert config.read_text("utf-8") == before


@pytest.mark.parametrize("command", ["check", "probe"])
def test_why_a_printer_cannot_be_reached_is_told_in_the_systems_words_too(
    config: Path, command: str
) -> None:
    section = '\n[printer]\nconnection = "usb"\ndevice = "/dev/usb/lp77"\n'
    config.write_text(LEAST + section, "utf-8")
    if command == "check":
        told = checked(config)[1]
    else:
        with pytest.raises(Unavailable) as lost:
            kiosk(config, "probe")
        told = str(lost.value.facts["told"])

    assert "No such file or directory: '/dev/usb/lp77'" in told


def test_a_name_with_letters_that_the_font_lacks_is_told_before_it_is_printed(
    config: Path, tmp_path: Path
) -> None:
    config.write_text(LEAST.replace('name = "', 'name = "☎ '), "utf-8")
    (font,) = [one for one in inspect(load(config)) if "Be Vietnam" in one.detail]

    assert (font.ready, "☎" in font.detail) == (False, True)
    assert "☎" in kiosk(config, "preview", "--out", str(tmp_path / "ticket.png"))


def test_a_preview_is_saved_as_what_its_name_says(config: Path, tmp_path: Path) -> None:
    wanted = tmp_path / "ticket.jpg"
    done = CliRunner().invoke(
        app, ["printer", "preview", "--out", str(wanted), "--config", str(config)]
    )

    assert done.exit_code == 2
    assert not wanted.exists()


def checked(config: Path) -> tuple[bool, str]:
    """What ``kiosk check`` says of the printer."""
    (line,) = [one for one in inspect(load(config)) if one.part == "Printer"]
    return line.ready, line.detail


@pytest.mark.parametrize(
    ("fault", "ready", "told"),
    [
        (None, True, "Ready"),
        ("paper_low", True, "Paper is low"),
        ("paper_out", False, "Out of paper"),
        ("cover_open", False, "The cover is open"),
        (
            "silence",
            False,
            f"No answer. Check the power, the cable, the paper and the cover. {NEVER_ANSWERS}",
        ),
    ],
)
def test_the_check_before_the_day_says_how_the_printer_is(
    config: Path, printer: VirtualPrinter, fault: str | None, ready: bool, told: str
) -> None:
    on(config, printer)
    printer.set_fault(fault)
    began = time.monotonic()
    said = checked(config)

    assert said[0] is ready
    assert f"127.0.0.1:{printer.port}: {told}" in said[1]
    assert time.monotonic() - began < 5.0
    assert (printer.slips, printer.junk) == ([], 0)


def test_the_check_of_a_printer_that_cannot_answer_opens_it_and_no_more(config: Path) -> None:
    section = '\n[printer]\nconnection = "file"\ndevice = "slips.bin"\n'
    config.write_text(LEAST + section, "utf-8")

    assert checked(config) == (True, f"file {config.with_name('slips.bin')}")
    assert config.with_name("slips.bin").read_bytes() == b""


def test_the_check_leaves_the_printer_to_the_print_process_and_tells_what_that_said(
    config: Path, printer: VirtualPrinter
) -> None:
    on(config, printer)
    kiosk(config, "capabilities")
    lock = held_alone(lock_path(load(config)), threading.Event(), lambda: None)
    assert lock is not None
    with lock:
        starting = checked(config)
        centre = open_centre(load(config))
        devices.report(centre, "printer", "fault", "paper_out")
        centre.database.close()
        running = checked(config)

    assert starting[0] is False
    assert "kiosk run is using the printer" in starting[1]
    assert running[0] is False
    assert "Out of paper" in running[1]
    assert printer.received == []


@pytest.mark.parametrize(
    ("trouble", "code"), [("silence", "printer_silent"), ("paper_out", "printer_cannot_print")]
)
def test_a_printer_that_cannot_answer_is_told_and_nothing_is_kept(
    config: Path, printer: VirtualPrinter, trouble: str, code: str
) -> None:
    on(config, printer)
    printer.set_fault(trouble)
    with pytest.raises(Unavailable, match=code) as told:
        kiosk(config, "probe")

    sentence = told_to_technician(told.value, texts("en"))
    assert ("that prints but never answers set replies = false" in sentence) == (
        trouble == "silence"
    )
    assert "not known yet" in kiosk(config, "capabilities")


def test_a_printer_that_is_not_there_is_told(config: Path) -> None:
    with VirtualPrinter() as gone:
        on(config, gone)
    with pytest.raises(Unavailable, match="printer_lost"):
        kiosk(config, "probe")


@pytest.mark.parametrize("command", ["probe", "capabilities"])
def test_what_never_answers_is_not_asked(config: Path, command: str) -> None:
    with pytest.raises(Refused, match="printer_mute"):
        kiosk(config, command)


def test_the_roll_is_told_and_changed(config: Path) -> None:
    assert "no slip" in kiosk(config, "roll")
    centre = open_centre(load(config))
    take_ticket(centre, service="A", actor="touch")
    job = jobs.next_job(centre)
    assert job is not None
    jobs.mark_sending(centre, job.id, 12_345)
    jobs.settle(centre, job.id, "printed", "ack")
    centre.database.close()

    assert "12.3 m printed" in kiosk(config, "roll")
    assert "slips: 1" in kiosk(config, "status")
    assert "12.3 m" in kiosk(config, "roll", "--changed")
    assert "0 m printed" in kiosk(config, "roll")


@pytest.mark.parametrize(("trouble", "told"), [("silence", True), ("cover_open", False)])
def test_a_printer_that_is_only_silent_may_be_one_that_never_answers(
    config: Path, printer: VirtualPrinter, trouble: str, told: bool
) -> None:
    printer.set_fault(trouble)
    centre = open_centre(load(on(config, printer)))
    heard: list[str] = []

    def report(state: str, reason: str) -> None:
        devices.report(centre, "printer", state, reason)
        heard.append(state)

    worker = Worker(settings_of(load(config)), Outbox(centre), report)
    worker.start()
    until(lambda: heard[-1:] == ["fault"])
    worker.stop()
    centre.database.close()

    assert (NEVER_ANSWERS in kiosk(config, "status")) == told


def test_the_slips_of_this_kiosk_that_are_in_doubt_are_told_in_sentences(config: Path) -> None:
    centre = open_centre(load(config))
    for reason in ("silent", "interrupted", "paper_out", "bad_slip_data field=number"):
        take_ticket(centre, service="A", actor="touch")
        job = jobs.next_job(centre)
        assert job is not None
        jobs.mark_sending(centre, job.id)
        jobs.settle(centre, job.id, "unknown", reason=reason)
    take_ticket(centre, service="A", actor="touch")
    take_ticket(replace(centre, kiosk="kiosk-2"), service="A", actor="touch")
    centre.database.close()

    told = kiosk(config, "status")
    words = texts("en")
    whys = {
        "A001": "web.slips.why.silent",
        "A002": "web.slips.why.interrupted",
        "A003": "web.slips.why.paper_out",
    }
    for number, why in whys.items():
        (line,) = (line for line in told.splitlines() if number in line)
        assert line.endswith(f"{words.say('web.slips.state.unknown')}. {words.say(why)}")
    assert f"{words.say('web.slips.why.undrawable')} (bad_slip_data field=number)" in told
    assert f"{words.say('web.slips.state.queued')}." in told
    assert "A006" not in told
    assert "silent" not in told


@dataclass(frozen=True)
class Port:
    device: str
    description: str = "USB-Serial"


def test_everything_attached_is_listed_and_the_scanner_is_left_alone(
    config: Path, printer: VirtualPrinter, tmp_path: Path
) -> None:
    with VirtualPrinter(pty=True) as line, VirtualPrinter(pty=True) as scanner:
        section = f'\n[scanner]\nconnection = "serial"\ndevice = "{scanner.device}"\n'
        config.write_text(LEAST + section, "utf-8")
        (tmp_path / "usb").mkdir()
        (tmp_path / "usb" / "lp0").touch()
        by_libusb = tmp_path / "interfaces" / "1-1:1.0"
        by_libusb.mkdir(parents=True)
        (by_libusb / "bInterfaceClass").write_text("07\n")
        for name, number in (("idVendor", "ffff"), ("idProduct", "ffff")):
            (tmp_path / "interfaces" / name).write_text(f"{number}\n")
        lpstat = tmp_path / "lpstat"
        lpstat.write_text("#!/bin/sh\necho 'printer hall is idle.'\n")
        lpstat.chmod(0o755)
        places = Places(
            usb=tmp_path / "usb",
            usb_names=tmp_path / "none",
            serial=lambda: [Port(line.device), Port(scanner.device)],
            serial_names=tmp_path / "none",
            networks=lambda: [IPv4Interface("127.0.0.6/30")],
            port=printer.port,
            lpstat=str(lpstat),
            usb_interfaces=tmp_path / "interfaces",
        )
        with VirtualPrinter(host="127.0.0.5", tcp=printer.port) as neighbour:
            found = find_printers(load(config), [], scan=True, places=places)
            without = find_printers(load(config), [], scan=False, places=places)
        assert scanner.received == []
        assert neighbour.slips == line.slips == []

    told = [(one.candidate.settings.connection, one.answers) for one in found]
    usb = ("usb", False)
    assert told == [usb, usb, ("serial", True), ("network", True), ("cups", False)]
    assert found[1].candidate.settings.device == "ffff:ffff"
    assert found[3].candidate.settings.host == "127.0.0.5"
    assert [one for one in without if one.candidate.settings.connection == "network"] == []
    table = found_table(found)
    assert "USB-Serial" in table
    assert texts("en").say("cli.found.mute") in table


ONE = Tried(Candidate(PrinterSettings(connection="usb", device="/dev/usb/lp0")), OK)
OTHER = replace(ONE, candidate=Candidate(PrinterSettings(connection="usb", device="/dev/usb/lp1")))
MUTE = Tried(Candidate(PrinterSettings(connection="cups", device="hall")))


@pytest.mark.parametrize(
    ("found", "number", "expected"),
    [((MUTE, ONE), None, ONE), ((ONE, OTHER), 2, OTHER), ((MUTE,), 1, MUTE)],
)
def test_the_only_one_that_answers_is_taken_or_the_one_that_is_named(
    found: tuple[Tried, ...], number: int | None, expected: Tried
) -> None:
    assert chosen(found, number) is expected


@pytest.mark.parametrize(
    ("found", "number", "code"),
    [
        ((), None, "printer_none_answers"),
        ((MUTE,), None, "printer_none_answers"),
        ((ONE, OTHER), None, "printer_several"),
        ((ONE,), 2, "no_such_candidate"),
        ((ONE,), 0, "no_such_candidate"),
    ],
)
def test_nobody_guesses_which_one_is_meant(
    found: tuple[Tried, ...], number: int | None, code: str
) -> None:
    with pytest.raises(Refused, match=code):
        chosen(found, number)


def test_nothing_found_says_what_to_do() -> None:
    assert "--scan" in found_table(())
