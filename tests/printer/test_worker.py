from __future__ import annotations

import contextlib
import os
import socket
import threading
import tty
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from printer.decode import Decoder, Paper
from printer.settings import PrinterSettings
from printer.state import Pace
from printer.talk import Job
from printer.virtual import VirtualPrinter
from printer.worker import Worker
from tests.printer.codes import on_paper, read_codes
from tests.printer.outbox import MemoryOutbox, Record
from tests.printer.samples import CODE

if TYPE_CHECKING:
    from collections.abc import Iterator

QUICK = Pace(
    poll=0.1,
    answer=0.3,
    lost=0.4,
    hush=0.8,
    fresh=0.25,
    head=10_000.0,
    fence=0.6,
    grace=0.1,
    stall=0.2,
    give_up=0.4,
    beat=60.0,
    late=60.0,
    farewell=0.3,
    retries=(0.05, 0.1, 0.2),
    store_retries=(0.02, 0.05),
)
WIRES = ["tcp", "pty"]
FAST = 4_000_000
"""Baud of a line that holds nobody up."""


def settings_for(printer: VirtualPrinter, **change: object) -> PrinterSettings:
    wire: dict[str, object] = (
        {"connection": "serial", "device": printer.device, "flow": "none", "baudrate": FAST}
        if printer.device
        else {"connection": "network", "host": "127.0.0.1", "port": printer.port}
    )
    return PrinterSettings(**{**wire, **change})  # type: ignore[arg-type]


@contextmanager
def working(
    settings: PrinterSettings, outbox: MemoryOutbox, pace: Pace = QUICK
) -> Iterator[Worker]:
    worker = Worker(settings, outbox, outbox.report, pace=pace)
    worker.start()
    try:
        yield worker
    finally:
        worker.stop()


def descriptors() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def printer_on(wire: str, **change: object) -> VirtualPrinter:
    return VirtualPrinter(pty=wire == "pty", **change)  # type: ignore[arg-type]


@pytest.mark.parametrize("wire", WIRES)
def test_a_ticket_is_printed_and_the_printer_itself_says_so(wire: str) -> None:
    outbox = MemoryOutbox()
    outbox.add("A025")
    with printer_on(wire) as printer, working(settings_for(printer), outbox):
        record = outbox.until_job("A025", "printed", "ack")
        (paper,) = printer.wait_for_slips(1)

        assert record.history == ["queued", "sending", "printed"]
        assert read_codes(on_paper(paper)) == {("]C0", CODE)}
        assert printer.junk == 0
        assert printer.kicks == 0
        assert outbox.reports == [("ok", "")]


def test_tickets_come_out_in_order_over_one_connection() -> None:
    outbox = MemoryOutbox()
    names = [f"A{n:03}" for n in range(1, 13)]
    with printer_on("tcp") as printer, working(settings_for(printer), outbox) as worker:
        for name in names:
            outbox.add(name)
            worker.poke()
        for name in names:
            outbox.until_job(name, "printed", "ack")

        assert len(printer.wait_for_slips(12)) == 12
        assert len(printer.slips) == 12


@pytest.mark.parametrize(
    ("echo", "paper_sensor", "evidence"),
    [(True, True, "ack"), (True, False, "ack"), (False, True, "queued"), (False, False, "status")],
)
def test_printed_rests_on_the_best_answer_the_printer_can_give(
    echo: bool, paper_sensor: bool, evidence: str
) -> None:
    outbox = MemoryOutbox()
    outbox.add("A001")
    outbox.add("A002")
    with (
        printer_on("tcp", echo=echo, paper_sensor=paper_sensor) as printer,
        working(settings_for(printer), outbox),
    ):
        outbox.until_job("A001", "printed", evidence)
        outbox.until_job("A002", "printed", evidence)


@pytest.mark.parametrize("wire", WIRES)
@pytest.mark.parametrize("fault", ["paper_out", "cover_open", "cutter", "overheated", "silence"])
def test_a_printer_that_cannot_print_is_reported_and_the_job_waits_until_it_can(
    wire: str, fault: str
) -> None:
    outbox = MemoryOutbox()
    with printer_on(wire) as printer:
        printer.set_fault(fault)
        outbox.add("A025")
        with working(settings_for(printer), outbox):
            outbox.until_report("fault", "silent" if fault == "silence" else fault)
            assert outbox.records["A025"].history == ["queued"]
            printer.set_fault(None)
            outbox.until_job("A025", "printed", "ack")
            outbox.until_report("ok")

            assert len(printer.wait_for_slips(1)) == 1


@pytest.mark.parametrize("wire", WIRES)
@pytest.mark.parametrize("fault", ["paper_low", "garbage"])
def test_low_paper_and_noise_on_the_line_do_not_keep_a_ticket_back(wire: str, fault: str) -> None:
    outbox = MemoryOutbox()
    with printer_on(wire) as printer:
        printer.set_fault(fault)
        outbox.add("A025")
        with working(settings_for(printer), outbox):
            outbox.until_job("A025", "printed", "ack")
            outbox.until_report(*(("warning", "paper_low") if fault == "paper_low" else ("ok",)))


def test_paper_that_runs_out_at_rest_is_reported_within_two_seconds() -> None:
    outbox = MemoryOutbox()
    with printer_on("tcp") as printer, working(settings_for(printer), outbox, Pace()):
        outbox.until_report("ok")
        printer.set_fault("paper_out")
        outbox.until_report("fault", "paper_out", seconds=2.0)


def test_a_printer_that_falls_silent_within_a_slip_blocks_nothing_behind_it() -> None:
    outbox = MemoryOutbox()
    with printer_on("tcp") as printer, working(settings_for(printer), outbox) as worker:
        outbox.until_report("ok")
        outbox.add("A025")
        printer.set_fault("silence", after=9000)
        worker.poke()
        outbox.until_job("A025", "unknown")
        outbox.until_report("fault", "silent")

        outbox.add("A026")
        printer.set_fault(None)
        outbox.until_job("A026", "printed", "ack")

        assert outbox.records["A025"].history == ["queued", "sending", "unknown"]


def test_a_connection_cut_within_a_slip_leaves_it_unknown_and_the_next_one_prints() -> None:
    outbox = MemoryOutbox()
    with printer_on("tcp") as printer, working(settings_for(printer), outbox) as worker:
        outbox.until_report("ok")
        outbox.add("A025")
        outbox.add("A026")
        printer.set_fault("hang_up", after=9000)
        worker.poke()
        outbox.until_job("A025", "unknown")
        outbox.until_job("A026", "printed", "ack")

        assert outbox.records["A025"].history == ["queued", "sending", "unknown"]
        half, whole = printer.slips
        assert half.height < whole.height
        assert read_codes(on_paper(whole)) == {("]C0", CODE)}


def test_a_cable_unplugged_at_rest_is_unreachable() -> None:
    outbox = MemoryOutbox()
    with printer_on("pty") as printer, working(settings_for(printer), outbox):
        outbox.until_report("ok")
        printer.hang_up()
        outbox.until_report("fault", "unreachable")


def test_a_printer_that_only_hangs_up_an_idle_line_is_called_again_and_nobody_hears_of_it() -> None:
    outbox = MemoryOutbox()
    with printer_on("tcp") as printer, working(settings_for(printer), outbox) as worker:
        outbox.until_report("ok")
        printer.hang_up()
        outbox.add("A025")
        worker.poke()
        outbox.until_job("A025", "printed", "ack")

        assert outbox.reports == [("ok", "")]


def test_a_printer_that_comes_later_is_found_and_prints_what_waits() -> None:
    with socket.create_server(("127.0.0.1", 0)) as reserved:
        port = reserved.getsockname()[1]
    outbox = MemoryOutbox()
    outbox.add("A025")
    settings = PrinterSettings(connection="network", host="127.0.0.1", port=port)
    with working(settings, outbox):
        outbox.until_report("fault", "unreachable")
        assert outbox.records["A025"].history == ["queued"]
        with VirtualPrinter(tcp=port):
            outbox.until_job("A025", "printed", "ack")
            outbox.until_report("ok")


def test_a_job_that_cannot_be_drawn_fails_and_the_next_one_prints() -> None:
    outbox = MemoryOutbox()
    outbox.add("A001", number=None)
    outbox.add("A002", slip="letter")
    outbox.add("A003")
    with printer_on("tcp") as printer, working(settings_for(printer), outbox):
        outbox.until_job("A003", "printed", "ack")

        assert outbox.records["A001"].history == ["queued", "failed"]
        assert outbox.records["A001"].reason == "bad_slip_data field=number"
        assert outbox.records["A002"].reason == "unknown_slip kind=letter"
        assert len(printer.slips) == 1


@pytest.mark.parametrize("call", ["next", "sending", "settle", "report"])
def test_a_store_that_refuses_a_call_for_a_while_costs_no_slip_and_prints_none_twice(
    call: str,
) -> None:
    outbox = MemoryOutbox()
    outbox.add("A001")
    outbox.add("A002")
    outbox.busy = {call}
    with printer_on("tcp") as printer, working(settings_for(printer), outbox):
        outbox.until_refused(4)
        outbox.free()
        outbox.until_job("A001", "printed", "ack")
        outbox.until_job("A002", "printed", "ack")
        outbox.until_report("ok")

        assert outbox.records["A001"].history == ["queued", "sending", "printed"]
        assert len(printer.slips) == 2


@pytest.mark.parametrize("call", ["sending", "settle"])
def test_a_job_that_somebody_else_has_settled_is_let_go_and_the_next_one_prints(call: str) -> None:
    outbox = MemoryOutbox()
    outbox.add("A001")
    outbox.busy = {call}
    with printer_on("tcp") as printer, working(settings_for(printer), outbox):
        outbox.until_refused(2)
        outbox.cancel("A001")
        outbox.add("A002")
        outbox.free()
        outbox.until_job("A002", "printed", "ack")

        assert outbox.records["A001"].history[-1] == "cancelled"
        assert len(printer.slips) == (1 if call == "sending" else 2)


def test_a_bug_in_the_outbox_ends_the_thread_and_is_not_tried_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    died: list[BaseException | None] = []
    dead = threading.Event()

    def die(args: threading.ExceptHookArgs) -> None:
        died.append(args.exc_value)
        dead.set()

    monkeypatch.setattr(threading, "excepthook", die)
    outbox = MemoryOutbox()
    outbox.broken = KeyError("no such column")
    with printer_on("tcp") as printer:
        worker = Worker(settings_for(printer), outbox, outbox.report, pace=QUICK)
        worker.start()
        dead.wait(5.0)
        worker.stop()

    assert died == [outbox.broken]


def test_a_job_whose_data_cannot_be_read_fails_and_the_next_one_prints() -> None:
    outbox = MemoryOutbox()
    outbox.records["A001"] = Record(Job("A001", "ticket", None))
    outbox.add("A002")
    with printer_on("tcp") as printer, working(settings_for(printer), outbox):
        outbox.until_job("A002", "printed", "ack")

        assert outbox.records["A001"].history == ["queued", "failed"]
        assert outbox.records["A001"].reason == "unreadable"


def test_a_terminal_that_takes_the_bytes_as_a_file_takes_each_slip_once() -> None:
    outbox = MemoryOutbox()
    master, slave = os.openpty()
    tty.setraw(slave)
    heard: list[bytes] = []

    def listen() -> None:
        with contextlib.suppress(OSError):
            while True:
                heard.append(os.read(master, 65536))

    listener = threading.Thread(target=listen)
    listener.start()
    outbox.add("A025")
    outbox.add("A026")
    settings = PrinterSettings(connection="file", device=os.ttyname(slave))
    with working(settings, outbox):
        outbox.until_job("A026", "printed", "saved")
    os.close(slave)
    listener.join()
    os.close(master)
    decoder = Decoder(576)
    decoder.feed(b"".join(heard))

    assert outbox.records["A025"].history == ["queued", "sending", "printed"]
    assert len([one for one in decoder.run() if isinstance(one, Paper)]) == 2


def test_a_preview_that_cannot_renew_the_latest_picture_does_not_print_the_slip_again(
    tmp_path: Path,
) -> None:
    outbox = MemoryOutbox()
    outbox.add("A025")
    (tmp_path / "latest.png").mkdir()
    with working(PrinterSettings(folder=str(tmp_path)), outbox):
        outbox.until_job("A025", "unknown")
        outbox.until_report("fault", "unreachable")

    assert [path.name for path in tmp_path.glob("slip-*")] == ["slip-00001.png"]


def test_a_one_way_printer_counts_its_slips_as_printed_once_they_are_sent() -> None:
    outbox = MemoryOutbox()
    outbox.add("A025")
    with printer_on("tcp", echo=False, paper_sensor=False) as printer:
        printer.set_fault("silence")
        with working(settings_for(printer, replies=False), outbox):
            outbox.until_job("A025", "printed", "sent")
            assert len(printer.wait_for_slips(1)) == 1
            assert not any(b"\x10\x04" in one.data for one in printer.received)


def test_the_preview_saves_what_would_be_printed(tmp_path: Path) -> None:
    outbox = MemoryOutbox()
    outbox.add("A025")
    outbox.add("A026")
    with working(PrinterSettings(folder=str(tmp_path / "slips")), outbox):
        outbox.until_job("A026", "printed", "saved")

    names = sorted(path.name for path in (tmp_path / "slips").iterdir())
    assert names == ["latest.png", "slip-00001.png", "slip-00002.png"]


def test_a_folder_that_cannot_be_written_keeps_the_job_until_it_can(tmp_path: Path) -> None:
    outbox = MemoryOutbox()
    outbox.add("A025")
    obstacle = tmp_path / "slips"
    obstacle.write_text("in the way")
    with working(PrinterSettings(folder=str(obstacle)), outbox):
        outbox.until_report("fault", "unreachable")
        obstacle.unlink()
        outbox.until_job("A025", "printed", "saved")
        outbox.until_report("ok")


def test_a_full_disk_is_a_fault_of_its_own_and_the_job_stays_queued() -> None:
    outbox = MemoryOutbox()
    outbox.add("A025")
    with working(PrinterSettings(connection="file", device="/dev/full"), outbox):
        outbox.until_report("fault", "disk_full")

        assert set(outbox.records["A025"].history) == {"queued", "sending"}


def test_a_poke_prints_at_once_and_not_at_the_next_look() -> None:
    outbox = MemoryOutbox()
    slow = Pace(poll=30.0, fresh=60.0)
    with printer_on("tcp") as printer, working(settings_for(printer), outbox, slow) as worker:
        outbox.until_report("ok")
        outbox.add("A025")
        worker.poke()

        assert len(printer.wait_for_slips(1, 3.0)) == 1


def test_stopping_waits_for_the_answer_to_the_slip_that_is_out() -> None:
    outbox = MemoryOutbox()
    with printer_on("tcp") as printer:
        with working(settings_for(printer), outbox) as worker:
            outbox.until_report("ok")
            outbox.add("A025")
            worker.poke()
            outbox.until(lambda: outbox.records["A025"].state != "queued", "sending")

        assert outbox.records["A025"].state == "printed"


def test_stopping_a_worker_leaves_no_thread_and_no_descriptor() -> None:
    outbox = MemoryOutbox()
    with printer_on("tcp") as printer:
        before = descriptors(), threading.active_count()
        with working(settings_for(printer), outbox) as worker:
            outbox.until_report("ok")
        worker.poke()

        assert threading.active_count() == before[1]
        # The printer's own end of the connection closes in its own time.
        assert descriptors() <= before[0] + 1
