"""A printer that is asked on the spot, and one that says little."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import closing, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from printer.capabilities import NAMES, Capabilities
from printer.errors import Lost
from printer.escpos import STATUS_QUERIES
from printer.probing import Look, look, probe
from printer.settings import PrinterSettings
from printer.status import OK, PAPER_LOW, UNKNOWN, Reason, fault
from printer.transport import open_transport
from printer.virtual import VirtualPrinter
from tests.printer.test_worker import WIRES, printer_on, settings_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from printer.transport import Transport


@contextmanager
def wire_to(printer: VirtualPrinter) -> Iterator[Transport]:
    with closing(open_transport(settings_for(printer))) as wire:
        yield wire


@contextmanager
def reticent(answers: dict[bytes, bytes]) -> Iterator[Transport]:
    """The wire to a printer that knows these questions and no others."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            client, _ = server.accept()
            with client:
                while heard := client.recv(4096):
                    for question, answer in answers.items():
                        if question in heard:
                            client.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        host, port = server.getsockname()
        settings = PrinterSettings(connection="network", host=host, port=port)
        with closing(open_transport(settings)) as wire:
            yield wire
        thread.join()


@pytest.mark.parametrize("wire", WIRES)
@pytest.mark.parametrize(("echo", "paper_sensor"), [(True, True), (False, True), (False, False)])
def test_what_it_can_do_is_found_and_nothing_is_printed(
    wire: str, echo: bool, paper_sensor: bool
) -> None:
    with printer_on(wire, echo=echo, paper_sensor=paper_sensor) as printer:
        with wire_to(printer) as line:
            found, known = probe(line, 0.5)

        assert found == Look(OK, STATUS_QUERIES)
        assert known is not None
        assert "VIRTUAL" in known.name
        assert replace(known, names=()) == Capabilities(echo=echo, paper=paper_sensor, auto=True)
        assert (printer.slips, printer.junk, printer.kicks) == ([], 0, 0)


def test_a_printer_that_echoes_keeps_nobody_waiting() -> None:
    with VirtualPrinter() as printer, wire_to(printer) as line:
        started = time.monotonic()
        probe(line, 30.0)

        assert time.monotonic() - started < 5.0


def test_only_the_answered_questions_are_noted_and_what_is_not_told_is_taken_for_well() -> None:
    with reticent({b"\x10\x04\x01": b"\x16", b"\x10\x04\x04": b"\x1e"}) as line:
        assert look(line, 0.2, late=0.4) == Look(PAPER_LOW, (1, 4))


def test_answers_that_come_late_are_told_apart_by_patience() -> None:
    with VirtualPrinter() as printer, wire_to(printer) as line:
        printer.set_fault("late", seconds=0.5)
        assert look(line, 0.3, late=1.5) == Look(OK, STATUS_QUERIES)


def test_names_and_width_are_read_where_they_are_told() -> None:
    answers = {
        **dict.fromkeys([b"\x10\x04" + bytes([query]) for query in STATUS_QUERIES], b"\x12"),
        NAMES: b"_EPSON\x00_TM-T88VI\x00",
        b"\x1d(E\x02\x00\x06\x03": b"\x37\x273\x1f2\x00",
    }
    with reticent(answers) as line:
        _, known = probe(line, 0.3)

    assert known == Capabilities(names=("EPSON", "TM-T88VI"), paper_mm=58)
    assert known.name == "EPSON TM-T88VI"


@pytest.mark.parametrize(
    ("trouble", "status"),
    [
        ("silence", UNKNOWN),
        ("paper_out", fault(Reason.PAPER_OUT)),
        ("cover_open", fault(Reason.COVER_OPEN)),
    ],
)
def test_of_a_printer_that_holds_its_answers_back_nothing_is_concluded(
    trouble: str, status: object
) -> None:
    with VirtualPrinter() as printer, wire_to(printer) as line:
        printer.set_fault(trouble)
        found, known = probe(line, 0.3)

        assert (found.status, known) == (status, None)
        assert NAMES not in b"".join(one.data for one in printer.received)


def test_a_printer_that_hangs_up_is_lost() -> None:
    with VirtualPrinter() as printer, wire_to(printer) as line:
        look(line, 0.3)
        printer.hang_up()
        with pytest.raises(Lost):
            ask_until_lost(line)


def ask_until_lost(line: Transport) -> None:
    while True:
        look(line, 0.3)
