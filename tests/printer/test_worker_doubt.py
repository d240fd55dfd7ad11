"""Which slip an answer speaks for, when a printer has swallowed one or was exchanged."""

from __future__ import annotations

from contextlib import ExitStack

from printer.virtual import VirtualPrinter
from tests.printer.outbox import MemoryOutbox
from tests.printer.test_worker import printer_on, settings_for, working


def test_gs_r_of_the_next_slip_never_makes_a_swallowed_one_printed() -> None:
    outbox = MemoryOutbox()
    outbox.add("A024")
    with (
        printer_on("tcp", echo=False) as printer,
        working(settings_for(printer), outbox) as worker,
    ):
        outbox.until_job("A024", "printed", "queued")
        outbox.until_report("ok")
        outbox.add("A025")
        printer.set_fault("silence", after=9000)
        worker.poke()
        outbox.until_job("A025", "unknown")
        outbox.add("A026")
        outbox.add("A027")
        printer.set_fault(None)
        outbox.until_job("A026", "printed", "status")
        outbox.until_job("A027", "printed")

        assert outbox.records["A025"].history == ["queued", "sending", "unknown"]


def test_a_slip_kept_by_a_printer_without_paper_stays_unknown_where_only_gs_r_answers() -> None:
    outbox = MemoryOutbox()
    with (
        printer_on("tcp", echo=False) as printer,
        working(settings_for(printer), outbox) as worker,
    ):
        outbox.until_report("ok")
        outbox.add("A025")
        printer.set_fault("paper_out", after=9000)
        worker.poke()
        outbox.until_job("A025", "unknown")
        outbox.add("A026")
        printer.set_fault(None)
        outbox.until_job("A026", "printed")

        assert len(printer.wait_for_slips(2)) == 2
        assert outbox.records["A025"].history == ["queued", "sending", "unknown"]


def test_a_printer_without_any_fence_in_place_of_another_prints_on_by_its_status() -> None:
    outbox = MemoryOutbox()
    outbox.add("A024")
    with ExitStack() as one_after_the_other:
        first = one_after_the_other.enter_context(printer_on("tcp"))
        settings = settings_for(first)
        with working(settings, outbox):
            outbox.until_job("A024", "printed", "ack")
            outbox.until_report("ok")
            one_after_the_other.close()
            outbox.until_report("fault", "unreachable")
            outbox.add("A025")
            outbox.add("A026")
            with VirtualPrinter(tcp=settings.port, echo=False, paper_sensor=False):
                outbox.until_job("A025", "printed", "status")
                outbox.until_job("A026", "printed", "status")
                outbox.until_report("ok")

    assert outbox.records["A025"].history == ["queued", "sending", "printed"]
