"""A ticket on its way to paper: drawn, encoded, over the line, printed and known to be printed.

The printer is the virtual one, at the true speed of a quick one and with a small buffer; it is
driven by the print process that a kiosk runs. The tickets are those whose pictures the tests know.
"""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import contextmanager
from statistics import median
from typing import TYPE_CHECKING, Final

from PIL import Image

from bench.figures import Figure, took
from kiosk.config import load
from kiosk.office.centre import open_centre
from kiosk.office.clerks import add_clerk
from kiosk.office.sessions import sign_in
from kiosk.office.tickets import take_ticket
from kiosk.store import events, jobs
from kiosk.tickets import new_id
from printer.escpos import encode
from printer.raster import draw_slip
from printer.slips import draw
from printer.virtual import VirtualPrinter
from tests.printer.samples import SLIPS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from kiosk.office.centre import Centre

ROUNDS = 300
PAPERS = 12
LINES = 3
"""Times that each ticket goes over the serial line."""
PATIENCE = 20.0
SPEED = 250.0
"""mm/s of paper"""
BUFFER = 8 * 1024
BAUD = 115_200
PIN = "135790"
TICKETS: Final = {
    "ticket-vi": "plain ticket",
    "ticket-en": "ticket with the phone's QR",
    "ticket-reprint": "reprint with the phone's QR",
    "ticket-noted": "ticket with notes",
    "ticket-noted-en": "ticket with notes and QR, English",
    "ticket-long": "ticket with the longest names",
    "ticket-large": "reprint in letters of 1.5",
}
"""By the name of its picture."""


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
            return [*drawn(), *timed(config, centre, printer), *serial(config, centre)]
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


def queued(centre: Centre, data: Mapping[str, object]) -> None:
    """A ticket of these data in the outbox."""
    now = centre.clock()
    with centre.database.write() as query:
        place = events.append(query, centre.code, now, "job.tested", actor="bench")
        jobs.insert(
            query,
            centre.code,
            job_id=new_id(),
            kiosk=centre.kiosk,
            place=place,
            ticket=None,
            slip="ticket",
            data=data,
            now=now,
        )


def drawn() -> list[Figure]:
    """From the row in the store to bytes; the floors are one plain copy of the same dots."""
    data = SLIPS["ticket-vi"][1]
    (picture,) = draw_slip(draw("ticket", data), 80)
    sheet = Image.new("1", picture.size, 1)
    copy = median(took(lambda: Image.new("1", picture.size, 1).paste(sheet)) for _ in range(ROUNDS))
    pack = median(took(lambda: picture.tobytes("raw", "1;I")) for _ in range(ROUNDS))
    raster = [took(lambda: draw_slip(draw("ticket", data), 80)) for _ in range(ROUNDS)]
    encoded = [took(lambda: encode([picture], doubles=True)) for _ in range(ROUNDS)]
    return [
        Figure("raster of a ticket, 80 mm (floor: a blank sheet)", raster, "ms", copy, "<= 8"),
        Figure("encode a ticket (floor: pack its dots)", encoded, "ms", pack, "<= 2"),
        *(sized(name, doubles=True) for name in TICKETS),
        *(sized(name, doubles=False) for name in TICKETS),
    ]


def sized(name: str, *, doubles: bool) -> Figure:
    """For a printer that prints dots twice, or for one that is sent each."""
    (picture,) = draw_slip(draw(*SLIPS[name]), 80)
    across = picture.width // 8
    packed = picture.tobytes("raw", "1;I")
    rows = [packed[start : start + across] for start in range(0, len(packed), across)]
    inked = sum(len(row.strip(b"\0")) or 1 for row in rows)
    sent = len(encode([picture], doubles=doubles))
    how = "" if doubles else "each dot, "
    what = f"bytes of a {TICKETS[name]} ({how}floor: ink of each row)"
    return Figure(what, [sent / 1000], "kB", inked / 1000, "<= 24")


def timed(config: Path, centre: Centre, printer: VirtualPrinter) -> list[Figure]:
    """From the tap to the store's word that it is printed, beside what the paper itself takes."""
    with printing(config):
        issued(centre)
        until_printed(centre, 1)
        times, papers = [], []
        for count in range(2, PAPERS + 2):
            tap = time.perf_counter()
            issued(centre)
            times.append((until_printed(centre, count) - tap) * 1e3)
            papers.append(printer.slips[-1].height / 8 / SPEED * 1e3)
    name = f"tap to printed at {SPEED:.0f} mm/s (floor: the paper itself)"
    return [Figure(name, times, "ms", median(papers), "beside the paper")]


def serial(config: Path, centre: Centre) -> list[Figure]:
    """The same over a serial line, where the bytes take longer than the paper."""
    text = config.read_text("utf-8")
    figures = []
    with VirtualPrinter(pty=True, baud=BAUD) as printer:
        text = text.replace('connection = "network"', 'connection = "serial"')
        text = text.replace('device = ""', f'device = "{printer.device}"', 1)
        config.write_text(text.replace('flow = "rtscts"', 'flow = "none"'), "utf-8")
        with printing(config):
            count = printed(centre) + 1
            issued(centre)
            until_printed(centre, count)
            for name, what in TICKETS.items():
                times, floors = [], []
                for _ in range(LINES):
                    count += 1
                    before = len(printer.received)
                    start = time.perf_counter()
                    queued(centre, SLIPS[name][1])
                    times.append(until_printed(centre, count) - start)
                    size = sum(len(one.data) for one in printer.received[before:])
                    floors.append(size * 10 / BAUD)
                title = f"{what} at {BAUD} baud to printed (floor: its bits)"
                figures.append(Figure(title, times, "s", median(floors), "<= 2.5"))
    return figures


@contextmanager
def printing(config: Path) -> Iterator[None]:
    """The print process as a kiosk runs it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "kiosk", "run", "--role", "print", "--config", str(config)],
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(PATIENCE)


def printed(centre: Centre) -> int:
    """How many slips the store knows to be printed."""
    with centre.database.read() as query:
        found = query.all("SELECT count(*) AS printed FROM print_job WHERE state = 'printed'")
        return int(found[0]["printed"])


def until_printed(centre: Centre, count: int) -> float:
    """When the store knew it of so many."""
    deadline = time.perf_counter() + PATIENCE
    while printed(centre) < count:
        if time.perf_counter() > deadline:
            raise TimeoutError(f"{count} slips were not printed in {PATIENCE} s")
        time.sleep(0.001)
    return time.perf_counter()
