"""A printer that tells by itself why it stops, when its full buffer holds all questions back."""

from __future__ import annotations

import socket
from contextlib import contextmanager
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

import pytest

from printer.capabilities import Capabilities
from printer.escpos import AUTO_STATUS, FENCE_LENGTH, RESTART, encode, fence, telling
from printer.raster import draw_slip
from printer.slips import draw
from printer.state import Phase, State, due
from printer.status import (
    OK,
    PAPER_LOW,
    AutoStatus,
    Echo,
    PrinterStatus,
    RealTime,
    Reason,
    Reply,
    fault,
)
from printer.steps import step
from printer.talk import (
    Ask,
    Close,
    Found,
    Gone,
    Heard,
    Marked,
    Opened,
    Poked,
    Report,
    Settle,
    Tick,
    Write,
    Wrote,
)
from printer.transport import Network
from printer.worker import Worker
from tests.printer.outbox import MemoryOutbox
from tests.printer.samples import TICKET
from tests.printer.test_steps import (
    ALL_IS_WELL,
    DATA,
    FINE,
    JOB,
    PAPER_OUT,
    READY,
    TOKEN,
    fenced,
    play,
    settled,
)
from tests.printer.test_worker import QUICK, printer_on, settings_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from printer.transport import Transport
    from printer.virtual import VirtualPrinter

AUTO = Capabilities(auto=True)
TELLING = replace(READY, known=AUTO, kept=AUTO)
WELL = AutoStatus(b"\x14\x00\x00\x00")
LOW = AutoStatus(b"\x14\x00\x03\x00")
TOLD = {
    Reason.PAPER_OUT: AutoStatus(b"\x1c\x00\x0f\x00"),
    Reason.COVER_OPEN: AutoStatus(b"\x3c\x00\x00\x00"),
    Reason.CUTTER: AutoStatus(b"\x1c\x08\x00\x00"),
}
OUT = TOLD[Reason.PAPER_OUT]
SENDING = play(READY, Poked(10.1), Found(10.1, JOB, DATA), Marked(10.1), Wrote(10.2, 3))[0]
IDLE = replace(READY, wanted=False)
REST = (DATA + fence(TOKEN))[3:]
NO_PAPER = tuple(RealTime(bits) for bits in PAPER_OUT)


def written(state: State) -> bytes:
    _, (write,) = play(state, Poked(10.1), Found(10.1, JOB, DATA), Marked(10.1))
    assert isinstance(write, Write)
    return write.data


def test_only_a_printer_known_to_tell_is_asked_to_and_that_with_each_slip() -> None:
    assert written(READY) == DATA + fence(TOKEN)
    assert written(replace(TELLING, known=Capabilities())) == DATA + fence(TOKEN)
    assert written(TELLING) == AUTO_STATUS + DATA + fence(TOKEN)
    assert written(replace(TELLING, torn=True)) == RESTART + AUTO_STATUS + DATA + fence(TOKEN)
    assert len(fence(TOKEN)) == FENCE_LENGTH


def test_what_a_slip_begins_with_does_not_end_the_telling() -> None:
    slip = encode(draw_slip(draw("ticket", TICKET), 80, 203))
    asked = telling(slip)

    assert asked.rindex(b"\x1b@") < asked.index(AUTO_STATUS) < 8
    assert asked.replace(AUTO_STATUS, b"", 1) == slip


@pytest.mark.parametrize("reason", TOLD)
@pytest.mark.parametrize("state", [IDLE, SENDING, fenced()], ids=["idle", "sending", "fenced"])
def test_what_it_tells_by_itself_counts_at_once_whatever_it_is_doing(
    state: State, reason: Reason
) -> None:
    state, commands = step(state, Heard(10.3, (TOLD[reason],)))
    assert state.status == fault(reason)
    assert Report(fault(reason)) in commands
    state, _ = step(state, Heard(10.4, (LOW,)))

    assert state.status == PAPER_LOW


def test_a_printer_that_is_not_to_be_believed_is_not() -> None:
    mute = replace(IDLE, answers=False)

    assert step(mute, Heard(10.3, (OUT,)))[0].status == OK


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ((), fault(Reason.SILENT)),
        ((WELL,), fault(Reason.SILENT)),
        ((OUT, WELL), fault(Reason.SILENT)),
        ((OUT,), fault(Reason.PAPER_OUT)),
        ((WELL, OUT), fault(Reason.PAPER_OUT)),
    ],
)
def test_a_slip_that_stands_still_is_silent_only_when_the_printer_did_not_say_why(
    said: tuple[Reply, ...], status: PrinterStatus
) -> None:
    state, commands = play(SENDING, Heard(10.3, said), Wrote(11.6, 0))
    assert state.status != fault(Reason.SILENT)
    state, commands = step(state, Wrote(13.4, 0))
    assert commands[0] == Write(REST)
    assert state.status == status
    state, commands = step(state, Wrote(75.0, 0))

    assert commands[0] == Close()
    reason = Reason.PAPER_OUT if OUT in said else Reason.SILENT
    assert settled(commands) == [Settle(JOB, "unknown", "", reason)]
    assert state.status == status


@pytest.mark.parametrize(
    ("said", "status"),
    [((), fault(Reason.SILENT)), ((OUT,), fault(Reason.PAPER_OUT)), ((OUT, WELL), OK)],
)
def test_a_question_that_a_full_buffer_holds_back_is_no_silence_of_a_printer_that_said_why(
    said: tuple[Reply, ...], status: PrinterStatus
) -> None:
    state, _ = play(fenced(), Heard(10.3, said), Tick(11.2), Tick(12.0))
    assert state.round is None
    assert state.status == status
    _, commands = play(state, Tick(25.2))

    reason = Reason.PAPER_OUT if OUT in said else Reason.SILENT
    assert settled(commands) == [Settle(JOB, "unknown", "", reason)]


def test_what_it_said_explains_a_silence_over_a_new_connection_until_it_speaks_or_is_gone() -> None:
    state, _ = play(SENDING, Heard(10.3, (OUT,)), Wrote(71.0, 0))
    state, _ = play(state, Tick(72.0), Opened(72.0), Tick(72.8))
    assert state.status == fault(Reason.PAPER_OUT)
    gone, _ = play(state, Gone(73.0, "unreachable"), Opened(80.0), Tick(80.8))
    assert gone.status == fault(Reason.SILENT)
    spoke, _ = play(replace(state, phase=Phase.READY, unanswered=0, asked=()), Tick(80.0))
    spoke, _ = play(spoke, Heard(80.1, NO_PAPER))
    assert spoke.status == fault(Reason.PAPER_OUT)
    spoke, _ = play(spoke, Tick(81.2), Tick(82.0))

    assert spoke.status == fault(Reason.SILENT)


def test_what_it_tells_by_itself_proves_no_slip() -> None:
    """GS a answers when the slip begins; and after paper was out the slip is still to come."""
    state = fenced(replace(READY, fencing=False))
    state, commands = play(state, Heard(10.3, (WELL,)))
    assert settled(commands) == []
    state, _ = play(state, Tick(11.1), Heard(11.2, NO_PAPER), Heard(11.5, (WELL,)))
    state, commands = play(replace(state, fence_until=11.6), Tick(11.6))

    assert settled(commands) == [Settle(JOB, "unknown", "", "paper_out")]


def test_a_look_that_was_under_way_when_it_told_of_trouble_is_begun_anew() -> None:
    state = fenced(replace(READY, fencing=False))
    state, _ = play(state, Tick(11.1), Heard(11.2, (*ALL_IS_WELL[:3], OUT)))
    state, commands = step(state, Heard(11.3, ALL_IS_WELL[3:]))
    assert settled(commands) == []
    assert state.status == fault(Reason.PAPER_OUT)

    assert commands == [Ask(1)]


def test_a_slip_starts_on_a_look_not_on_what_it_told() -> None:
    state, commands = play(IDLE, Heard(10.2, (OUT,)), Heard(10.3, NO_PAPER), Poked(10.4))
    assert state.status == fault(Reason.PAPER_OUT)
    state = replace(state, round=None)
    state, commands = step(state, Heard(10.5, (WELL,)))

    assert [one for one in commands if not isinstance(one, Report)] == [Ask(1)]


WORDS = {"its state": WELL, "an echo": Echo(b"zzzz"), "a late answer": RealTime(FINE[0])}


@pytest.mark.parametrize("word", WORDS.values(), ids=WORDS)
def test_any_word_of_a_printer_that_was_silent_brings_the_next_look_forward(word: Reply) -> None:
    state = replace(READY, status=fault(Reason.SILENT), reported=fault(Reason.SILENT))
    state = replace(state, failures=6, next_poll=20.0, unanswered=6)
    assert step(state, Tick(11.0))[1] == []
    state, commands = step(state, Heard(11.0, (word,)))
    assert Ask(1) in commands
    assert due(state) <= 11.7


def test_a_printer_that_says_again_and_again_that_it_cannot_print_is_asked_at_the_usual_pace() -> (
    None
):
    state, _ = play(IDLE, Tick(11.0))
    state, commands = step(state, Heard(11.1, NO_PAPER))

    assert [one for one in commands if one == Ask(1)] == []
    assert state.next_poll == 12.1


# The same with a printer on a wire


class Narrow(Network):
    """A network on which the kernel holds little, so that the slip itself stands still."""

    def open(self) -> None:
        super().open()
        assert self._socket is not None
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)


@contextmanager
def telling_worker(
    printer: VirtualPrinter, outbox: MemoryOutbox, transport: Transport | None = None
) -> Iterator[Worker]:
    known = Capabilities(echo=True, paper=True, auto=True, names=("KIOSK", "VIRTUAL", "V0000001"))
    worker = Worker(
        settings_for(printer),
        outbox,
        outbox.report,
        pace=replace(QUICK, lost=60.0, fence=60.0, give_up=60.0, beat=0.1, listen=0.05),
        transport=transport,
        known=known,
        remember=lambda _: None,
    )
    worker.start()
    try:
        yield worker
    finally:
        worker.stop()


@pytest.mark.parametrize("wire", ["tcp", "narrow", "pty"])
@pytest.mark.parametrize("trouble", ["paper_out", "cover_open", "cutter"])
def test_what_stops_a_slip_in_the_middle_is_told_by_its_name_and_the_slip_comes_out(
    trouble: str, wire: str
) -> None:
    outbox = MemoryOutbox()
    with printer_on(wire, buffer=4096, speed=250) as printer:
        narrow = Narrow("127.0.0.1", printer.port) if wire == "narrow" else None
        with telling_worker(printer, outbox, narrow) as worker:
            outbox.until_report("ok")
            printer.set_fault(trouble, after_mm=20)
            outbox.add("A025")
            worker.poke()
            outbox.until_report("fault", trouble)
            # Long enough for a look that is not answered, and a write that makes no progress.
            outbox.until(lambda: outbox.reports.count(("fault", trouble)) > 12, "beats")
            printer.set_fault(None)
            in_doubt = trouble in ("paper_out", "cover_open")
            record = outbox.until_job("A025", "unknown" if in_doubt else "printed", "ack")
            outbox.until_report("ok")

    assert record.history == ["queued", "sending", record.state]
    assert record.reason == (trouble if in_doubt else "")
    assert len(printer.papers) == (2 if trouble == "paper_out" else 1)
    told = [report for report, _ in groupby(outbox.reports)]
    assert told == [("ok", ""), ("fault", trouble), ("ok", "")]
    assert (len(printer.slips), printer.junk) == (1, 0)
