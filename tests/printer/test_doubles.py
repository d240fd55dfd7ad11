"""Who is sent a dot once that it is to print twice, and who is not."""

from __future__ import annotations

import pytest

from printer import escpos
from printer.decode import Reader, Rows
from printer.raster import draw_slip
from printer.slips import draw
from printer.virtual import MODELS, VirtualPrinter
from tests.printer.outbox import MemoryOutbox
from tests.printer.samples import TICKET
from tests.printer.test_worker import printer_on, settings_for, working

RASTER = b"\x1dv0"
COUNT = 3


def modes(data: bytes) -> set[int]:
    """The m of each GS v 0 there."""
    return {part[0] for part in data.split(RASTER)[1:]}


def papers_of(printer: VirtualPrinter, *, replies: bool = True) -> list[bytes]:
    """Each paper of ``COUNT`` slips that were printed one after the other."""
    outbox = MemoryOutbox()
    with printer, working(settings_for(printer, replies=replies), outbox) as worker:
        for count in range(COUNT):
            outbox.add(f"A{count:03}")
            worker.poke()
            outbox.until_job(f"A{count:03}", "printed")
        return [paper.tobytes() for paper in printer.wait_for_slips(COUNT)]


def drawn() -> list[bytes]:
    slips = [draw("ticket", {**TICKET, "number": f"A{count:03}"}) for count in range(COUNT)]
    return [draw_slip(slip, 80)[0].tobytes() for slip in slips]


@pytest.mark.parametrize("wire", ["tcp", "pty"])
def test_a_printer_that_has_echoed_is_sent_fewer_bytes_for_the_same_dots(wire: str) -> None:
    printer = printer_on(wire)

    assert papers_of(printer) == drawn()
    first, *_, last = b"".join(one.data for one in printer.received).split(escpos.CUT)[:COUNT]
    assert modes(first) == {0}
    assert modes(last) == {0, 2, 3}
    assert len(last) < 0.8 * len(first)


@pytest.mark.parametrize("name", ["clone", "custom", "one-way"])
def test_a_printer_that_never_echoed_is_never_asked_to_print_a_dot_twice(name: str) -> None:
    printer = printer_on("tcp", model=MODELS[name])

    assert papers_of(printer, replies=name != "one-way") == drawn()
    assert modes(b"".join(one.data for one in printer.received)) == {0}


def test_a_printer_that_cannot_prints_each_dot_once() -> None:
    reader = Reader(16, doubles=False)
    reader.feed(RASTER + b"\x03\x01\x00\x01\x00\xa0")

    assert reader.next() == Rows((b"\xa0\x00",), 1)
