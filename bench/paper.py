"""A ticket on its way to paper: drawn, encoded, over the line, printed and known to be printed.

The printer is the virtual one on TCP, at the true speed of a quick one and with a small buffer.
"""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from statistics import median
from typing import TYPE_CHECKING, Any

from PIL import Image

from bench.figures import Figure, took
from kiosk.config import load
from kiosk.office.centre import open_centre
from kiosk.office.clerks import add_clerk, sign_in
from kiosk.office.jobs import next_job
from kiosk.office.tickets import take_ticket
from kiosk.printing import Outbox, settings_of
from printer.escpos import encode
from printer.raster import draw_slip
from printer.slips import draw
from printer.virtual import VirtualPrinter
from printer.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from kiosk.office.centre import Centre
    from printer.talk import Job

ROUNDS = 300
PAPERS = 12
PATIENCE = 20.0
SPEED = 250.0
"""mm/s of paper"""
BUFFER = 8 * 1024
BAUD = 115_200
PIN = "135790"


class Heard(Outbox):
    """The real outbox; remembers when each slip was known to be printed."""

    def __init__(self, centre: Centre) -> None:
        super().__init__(centre)
        self.printed: list[float] = []
        self._change = threading.Condition()

    def settle(self, job: Job, state: str, evidence: str, reason: str) -> None:
        super().settle(job, state, evidence, reason)
        with self._change:
            if state == "printed":
                self.printed.append(time.perf_counter())
            self._change.notify_all()

    def wait(self, count: int) -> float:
        with self._change:
            if not self._change.wait_for(lambda: len(self.printed) >= count, PATIENCE):
                raise RuntimeError(f"{count} slips were not printed in {PATIENCE} s")
            return self.printed[count - 1]


def measure(config: Path) -> list[Figure]:
    """``config`` is an office whose printer section is of no account here."""
    text = config.read_text("utf-8")
    with VirtualPrinter(speed=SPEED, buffer=BUFFER) as printer:
        text = text.replace('connection = "preview"', 'connection = "network"')
        text = text.replace('host = ""', 'host = "127.0.0.1"', 1)
        config.write_text(text.replace("9100", str(printer.port)), "utf-8")
        centre = open_centre(load(config))
        try:
            open_counter(centre)
            issued(centre)
            job = next_job(centre)
            assert job is not None
            assert job.data is not None
            return [*drawn(job.data), *timed(config, centre, printer)]
        finally:
            centre.database.close()


def open_counter(centre: Centre) -> None:
    """Somebody works, so that the ticket tells the wait and not that nobody does."""
    service = next(iter(centre.services))
    number = next(one.number for one in centre.counters.values() if service in one.services)
    add_clerk(centre, "bench", "Bench", PIN)
    sign_in(centre, "bench", PIN, number)


def issued(centre: Centre) -> None:
    take_ticket(centre, service=next(iter(centre.services)), actor="bench")


def drawn(data: Mapping[str, object]) -> list[Figure]:
    """From the row in the store to bytes; the floors are one plain copy of the same dots."""
    slip = draw("ticket", data)
    (picture,) = draw_slip(slip, 80)
    sent = encode([picture])
    raw = len(picture.tobytes())
    sheet = Image.new("1", picture.size, 1)
    copy = median(took(lambda: Image.new("1", picture.size, 1).paste(sheet)) for _ in range(ROUNDS))
    pack = median(took(lambda: picture.tobytes("raw", "1;I")) for _ in range(ROUNDS))
    inked = sum(
        len(row.strip(b"\0")) or 1
        for row in (
            picture.crop((0, y, picture.width, y + 1)).tobytes("raw", "1;I")
            for y in range(picture.height)
        )
    )
    raster = [took(lambda: draw_slip(draw("ticket", data), 80)) for _ in range(ROUNDS)]
    encoded = [took(lambda: encode([picture])) for _ in range(ROUNDS)]
    return [
        Figure("raster of a ticket, 80 mm (floor: a blank sheet)", raster, "ms", copy, "<= 8"),
        Figure("encode a ticket (floor: pack its dots)", encoded, "ms", pack, "<= 2"),
        Figure(
            f"bytes of a ticket of {raw / 1000:.1f} kB (floor: ink of each row)",
            [len(sent) / 1000],
            "kB",
            inked / 1000,
            "<= 24",
        ),
    ]


def timed(config: Path, centre: Centre, printer: VirtualPrinter) -> list[Figure]:
    """From the tap to the store's word that it is printed, beside what the paper itself takes."""
    with working(config, centre) as (outbox, worker):
        outbox.wait(1)
        times, papers = [], []
        for count in range(2, PAPERS + 2):
            tap = time.perf_counter()
            issued(centre)
            worker.poke()
            times.append((outbox.wait(count) - tap) * 1e3)
            papers.append(printer.slips[-1].height / 8 / SPEED * 1e3)
    name = f"tap to printed at {SPEED:.0f} mm/s (floor: the paper itself)"
    figures = [Figure(name, times, "ms", median(papers), "beside the paper")]
    return [*figures, *serial(config, centre)]


def serial(config: Path, centre: Centre) -> list[Figure]:
    """The same over a serial line, where the bytes take longer than the paper."""
    text = config.read_text("utf-8")
    with VirtualPrinter(pty=True, baud=BAUD) as printer:
        text = text.replace('connection = "network"', 'connection = "serial"')
        text = text.replace('device = ""', f'device = "{printer.device}"', 1)
        config.write_text(text.replace('flow = "rtscts"', 'flow = "none"'), "utf-8")
        with working(config, centre) as (outbox, worker):
            times, floors = [], []
            for count in range(1, 4):
                before = len(printer.received)
                start = time.perf_counter()
                issued(centre)
                worker.poke()
                times.append(outbox.wait(count) - start)
                size = sum(len(one.data) for one in printer.received[before:])
                floors.append(size * 10 / BAUD)
    name = f"ticket at {BAUD} baud to printed (floor: its bits)"
    return [Figure(name, times, "s", median(floors), "<= 2.5")]


@contextmanager
def working(config: Path, centre: Centre) -> Iterator[tuple[Heard, Worker]]:
    outbox = Heard(centre)
    worker = Worker(settings_of(load(config)), outbox, ignore)
    worker.start()
    try:
        yield outbox, worker
    finally:
        worker.stop()


def ignore(*_: Any) -> None:
    """Nobody asks how the printer is."""
