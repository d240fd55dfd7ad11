from __future__ import annotations

import socket
import time
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from printer import escpos
from printer.raster import draw_slip
from printer.slip import PRINTABLE_DOTS
from printer.slips import draw
from printer.virtual import VirtualPrinter
from tests.printer.codes import grown, on_paper, read_codes
from tests.printer.samples import SLIPS, codes_on

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def printer(tmp_path: Path) -> Iterator[VirtualPrinter]:
    with VirtualPrinter(folder=tmp_path / "slips") as running:
        yield running


def client(printer: VirtualPrinter) -> socket.socket:
    return socket.create_connection(("127.0.0.1", printer.port), timeout=3.0)


def answers(wire: socket.socket, question: bytes, size: int) -> bytes:
    wire.sendall(question)
    heard = b""
    while len(heard) < size:
        heard += wire.recv(size - len(heard))
    return heard


STATUS = b"".join(escpos.ask(query) for query in escpos.STATUS_QUERIES)


@pytest.mark.parametrize(
    ("fault", "bits"),
    [
        (None, "16 12 12 12"),
        ("paper_low", "16 12 12 1e"),
        ("paper_out", "1e 32 12 7e"),
        ("cover_open", "1e 16 12 12"),
        ("cutter", "1e 52 1a 12"),
    ],
)
def test_it_answers_as_a_printer_in_that_state_does(
    printer: VirtualPrinter, fault: str | None, bits: str
) -> None:
    printer.set_fault(fault)
    with client(printer) as wire:
        assert answers(wire, STATUS, 4).hex(" ") == bits


def test_it_answers_the_queue_in_order_and_says_who_it_is(printer: VirtualPrinter) -> None:
    with client(printer) as wire:
        asked = escpos.fence(b"P001") + b"\x1dI\x42\x1dI\x43\x1dI\x44" + b"\x1da\xff"
        expected = b"\x37\x22P001\x00" + b"\x00" + b"_KIOSK\x00_VIRTUAL\x00_V0000001\x00"
        expected += b"\x14\x00\x00\x00"

        assert answers(wire, asked, len(expected)) == expected


def test_a_real_time_command_inside_a_picture_is_run_as_an_epson_would(
    printer: VirtualPrinter,
) -> None:
    with client(printer) as wire:
        picture = b"\x1dv0\x00\x04\x00\x01\x00" + b"\x10\x04\x01\x00"
        assert answers(wire, picture, 1) == b"\x16"


@pytest.mark.parametrize("paper_mm", sorted(PRINTABLE_DOTS))
@pytest.mark.parametrize("name", SLIPS)
def test_codes_read_from_the_paper_even_after_the_ink_has_grown(name: str, paper_mm: int) -> None:
    kind, data = SLIPS[name]
    (picture,) = draw_slip(draw(kind, data), paper_mm)
    with VirtualPrinter(dots=PRINTABLE_DOTS[paper_mm]) as printer, client(printer) as wire:
        wire.sendall(escpos.encode([picture], doubles=True))
        (paper,) = printer.wait_for_slips(1)

    expected = read_codes(on_paper(picture))
    assert {text for _, text in expected} == codes_on(name)
    assert read_codes(on_paper(paper)) == expected
    assert read_codes(grown(paper)) == expected
    assert printer.kicks == 0


def test_without_paper_it_keeps_the_slip_and_prints_it_after_the_refill(
    printer: VirtualPrinter,
) -> None:
    printer.set_fault("paper_out")
    with client(printer) as wire:
        slip = escpos.encode([Image.new("1", (576, 60), 0)])
        assert answers(wire, slip + escpos.ask(1), 1) == b"\x1e"
        assert printer.slips == []
    printer.set_fault(None)

    assert printer.wait_for_slips(1)[0].size == (576, 60)


def test_each_slip_is_kept_as_a_picture(printer: VirtualPrinter, tmp_path: Path) -> None:
    with client(printer) as wire:
        wire.sendall(escpos.encode([Image.new("1", (576, rows), 0) for rows in (20, 30)]))
        printer.wait_for_slips(2)

    names = [path.name for path in sorted((tmp_path / "slips").iterdir())]
    assert names == ["slip-00001.png", "slip-00002.png"]


def test_it_forgets_all_but_what_it_is_to_keep() -> None:
    heights = (20, 30, 40)
    with VirtualPrinter(keep=1) as printer, client(printer) as wire:
        for rows in heights:
            slip = escpos.encode([Image.new("1", (576, rows), 0)]) + escpos.fence(b"P001")
            answers(wire, slip, 8)

        assert [slip.height for slip in printer.slips] == [40]
        assert len(printer.received) == 1


def test_it_knows_when_each_byte_came(printer: VirtualPrinter) -> None:
    before = time.monotonic()
    with client(printer) as wire:
        answers(wire, escpos.ask(1), 1)

    assert b"".join(one.data for one in printer.received) == escpos.ask(1)
    assert before <= printer.received[-1].at <= time.monotonic()


def test_a_port_that_is_taken_is_an_error_that_leaves_nothing_open(
    printer: VirtualPrinter,
) -> None:
    with pytest.raises(OSError, match="in use"), VirtualPrinter(tcp=printer.port):
        pass


def test_waiting_for_a_slip_that_does_not_come_ends(printer: VirtualPrinter) -> None:
    with pytest.raises(TimeoutError, match="0 of 1"):
        printer.wait_for_slips(1, 0.05)
