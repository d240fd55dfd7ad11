"""A slip on which the paper ran out, or within which the cover was opened: its rest is on the next
roll, or not where it should be, and no answer tells of that."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from printer.capabilities import Capabilities
from printer.state import due
from printer.status import AutoStatus, Echo, PaperSensor, RealTime, Reply
from printer.steps import step
from printer.talk import (
    Event,
    Found,
    Gone,
    Heard,
    Marked,
    Poked,
    Settle,
    Settled,
    Tick,
    Wrote,
)
from printer.virtual import MODELS, VirtualPrinter
from printer.worker import Worker
from tests.printer.outbox import MemoryOutbox
from tests.printer.test_ladder import GS_R_ONLY, NO_FENCE
from tests.printer.test_steps import (
    ALL_IS_WELL,
    DATA,
    JOB,
    PAPER_OUT,
    READY,
    TOKEN,
    fenced,
    play,
    settled,
)
from tests.printer.test_telling import Narrow
from tests.printer.test_worker import QUICK, WIRES, printer_on, settings_for, working

if TYPE_CHECKING:
    from printer.state import State

ECHO = Echo(TOKEN)
COVER_OPEN = (0x1E, 0x16, 0x12, 0x12)
COVER_OPEN_TOO = (0x1E, 0x36, 0x12, 0x7E)


def looked(answers: tuple[int, ...]) -> list[Event]:
    return [Tick(11.1), Heard(11.2, tuple(RealTime(bits) for bits in answers))]


OUT: dict[str, list[Event]] = {
    "a look": looked(PAPER_OUT),
    "a look with the cover open": looked(COVER_OPEN_TOO),
    "half a look": looked(PAPER_OUT[:2]),
    "by itself": [Heard(11.2, (AutoStatus(b"\x1c\x00\x0f\x00"),))],
    "by itself with the cover open": [Heard(11.2, (AutoStatus(b"\x3c\x00\x0f\x00"),))],
    "after the last row": [Heard(11.2, (PaperSensor(0x0F),))],
}
OPENED: dict[str, list[Event]] = {
    "a look": looked(COVER_OPEN),
    "half a look": looked(COVER_OPEN[:2]),
    "by itself": [Heard(11.2, (AutoStatus(b"\x3c\x00\x00\x00"),))],
}
ENDS: dict[str, tuple[State, list[Event], str]] = {
    "ack": (replace(READY, echoes=True), [Heard(12.5, (ECHO,))], "ack"),
    "queued": (GS_R_ONLY, [Heard(12.5, (PaperSensor(0),))], "queued"),
    "status": (NO_FENCE, [Tick(12.6), Heard(12.7, ALL_IS_WELL)], "status"),
    "silence": (READY, [Tick(25.2)], ""),
    "a line that breaks": (READY, [Gone(12.5, "unreachable")], ""),
}


WHYS = [
    *(pytest.param(events, "paper_out", id=f"out: {how}") for how, events in OUT.items()),
    *(pytest.param(events, "cover_open", id=f"opened: {how}") for how, events in OPENED.items()),
    pytest.param([*OPENED["by itself"], *OUT["by itself"]], "paper_out", id="opened, then out"),
    pytest.param([*OUT["by itself"], *OPENED["by itself"]], "paper_out", id="out, then opened"),
]


@pytest.mark.parametrize(("out", "why"), WHYS)
@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_however_it_is_told_and_the_slip_ends_it_is_in_doubt_and_says_why(
    end: tuple[State, list[Event], str], out: list[Event], why: str
) -> None:
    state, after, evidence = end
    state, commands = play(fenced(state), *out)
    assert settled(commands) == []
    state = replace(state, round=None, unanswered=0, next_poll=12.6)
    state, commands = play(state, *after)

    assert settled(commands) == [Settle(JOB, "unknown", evidence, why)]


@pytest.mark.parametrize("out", [*OUT.values(), *OPENED.values()])
def test_an_echo_that_comes_when_the_slip_was_given_up_leaves_it_in_doubt(
    out: list[Event],
) -> None:
    state, _ = play(fenced(), *out, Tick(25.2), Settled(25.3))
    state, commands = step(state, Heard(40.0, (ECHO,)))

    assert settled(commands) == []
    assert state.fences == ()
    assert not state.torn


def test_paper_that_runs_out_after_the_answer_changes_nothing_for_the_slip() -> None:
    out = AutoStatus(b"\x1c\x00\x0f\x00")
    told: tuple[Reply, ...] = (ECHO, PaperSensor(0), out)
    _, commands = step(fenced(), Heard(10.3, told))

    assert settled(commands) == [Settle(JOB, "printed", "ack")]


TELLING = Capabilities(auto=True)
STANDSTILLS = {
    "too short for anybody": (None, 2.5, "printed", ""),
    "long enough for one": (None, 6.0, "unknown", "silent"),
    "of a printer that would have told": (TELLING, 6.0, "printed", ""),
}


@pytest.mark.parametrize(("known", "seconds", "end", "why"), STANDSTILLS.values(), ids=STANDSTILLS)
def test_a_printer_that_stood_still_within_a_slip_and_cannot_tell_may_have_a_new_roll(
    known: Capabilities | None, seconds: float, end: str, why: str
) -> None:
    state = replace(READY, echoes=True, known=known)
    state, _ = play(state, Poked(10.1), Found(10.1, JOB, DATA), Marked(10.1), Wrote(10.2, 3))
    left = len(state.data) - 3
    state, _ = play(state, Wrote(10.2 + seconds, 0), Wrote(10.3 + seconds, left))
    state, commands = step(state, Heard(10.4 + seconds, (ECHO,)))

    assert settled(commands) == [Settle(JOB, end, "ack", why)]


@pytest.mark.parametrize(("known", "seconds", "end", "why"), STANDSTILLS.values(), ids=STANDSTILLS)
def test_a_printer_that_answered_no_look_after_a_slip_and_cannot_tell_may_have_a_new_roll(
    known: Capabilities | None, seconds: float, end: str, why: str
) -> None:
    state = replace(READY, echoes=True, known=known)
    state, _ = play(state, Poked(10.1), Found(10.1, JOB, DATA), Marked(10.1))
    state, _ = step(state, Wrote(10.1, len(state.data)))
    while due(state) < 10.1 + seconds:
        state, _ = step(state, Tick(due(state)))
    state, commands = step(state, Heard(10.1 + seconds, (ECHO,)))

    assert settled(commands) == [Settle(JOB, end, "ack", why)]


def test_a_printer_that_answers_looks_has_not_run_out_of_paper_unheard() -> None:
    state = fenced(replace(READY, echoes=True))
    while state.next_poll < 20.0:
        state, _ = play(state, Tick(state.next_poll), Heard(state.next_poll, ALL_IS_WELL))
    _, commands = step(state, Heard(20.0, (ECHO,)))

    assert settled(commands) == [Settle(JOB, "printed", "ack")]


# The same with a printer on a wire


@pytest.mark.parametrize("wire", WIRES)
def test_a_slip_torn_over_two_rolls_stays_unknown_when_the_printer_has_worked_it_off(
    wire: str,
) -> None:
    outbox = MemoryOutbox()
    with printer_on(wire) as printer, working(settings_for(printer), outbox) as worker:
        outbox.until_report("ok")
        outbox.add("A025")
        printer.set_fault("paper_out", after=9000)
        worker.poke()
        outbox.until_job("A025", "unknown")
        outbox.until_report("fault", "paper_out")
        assert outbox.records["A025"].reason == "paper_out"

        outbox.add("A026")
        printer.set_fault(None)
        outbox.until_job("A026", "printed", "ack")

        assert outbox.records["A025"].history == ["queued", "sending", "unknown"]
        assert len(printer.wait_for_slips(2)) == 2
        assert [paper.whole for paper in printer.papers] == [False, False, True]


@pytest.mark.parametrize("wire", WIRES)
def test_a_slip_during_which_the_cover_was_opened_is_in_doubt_and_the_next_one_is_not(
    wire: str,
) -> None:
    patient = replace(QUICK, fence=60.0)
    outbox = MemoryOutbox()
    with printer_on(wire) as printer, working(settings_for(printer), outbox, patient) as worker:
        outbox.until_report("ok")
        outbox.add("A025")
        printer.set_fault("cover_open", after_mm=20)
        worker.poke()
        outbox.until_report("fault", "cover_open")
        printer.set_fault(None)
        record = outbox.until_job("A025", "unknown", "ack")
        outbox.add("A026")
        worker.poke()
        outbox.until_job("A026", "printed", "ack")

    assert record.reason == "cover_open"


TWO_ROLLS = {"in the middle": {"after_mm": 40.0}, "before the cut": {"at_cut": True}}


@pytest.mark.parametrize("end", TWO_ROLLS.values(), ids=TWO_ROLLS)
@pytest.mark.parametrize("echo", [True, False])
def test_a_slip_is_in_doubt_when_paper_ran_out_before_the_answer_and_the_next_one_is_not(
    echo: bool, end: dict[str, Any]
) -> None:
    evidence = "ack" if echo else "queued"
    patient = replace(QUICK, fence=60.0)
    outbox = MemoryOutbox()
    with (
        printer_on("tcp", echo=echo) as printer,
        working(settings_for(printer), outbox, patient) as worker,
    ):
        outbox.until_report("ok")
        outbox.add("A025")
        printer.set_fault("paper_out", **end)
        worker.poke()
        outbox.until_report("fault", "paper_out")
        printer.set_fault(None)
        record = outbox.until_job("A025", "unknown", evidence)
        outbox.add("A026")
        worker.poke()
        outbox.until_job("A026", "printed", evidence)

    assert record.history == ["queued", "sending", "unknown"]
    assert record.reason == "paper_out"
    assert [paper.whole for paper in printer.papers].count(True) == 1


@pytest.mark.parametrize("wire", ["tcp", "narrow"])
def test_a_clone_whose_full_buffer_hides_that_paper_is_out_leaves_the_torn_slip_in_doubt(
    wire: str,
) -> None:
    """It tells nothing by itself and reads no question; what is seen is that it stands still."""
    patient = replace(QUICK, fence=60.0, give_up=60.0, stop=0.5, roll=0.5, beat=0.1, listen=0.05)
    outbox = MemoryOutbox()
    with VirtualPrinter(model=MODELS["clone"], buffer=4096, speed=250) as printer:
        narrow = Narrow("127.0.0.1", printer.port) if wire == "narrow" else None
        worker = Worker(
            settings_for(printer), outbox, outbox.report, pace=patient, transport=narrow
        )
        worker.start()
        try:
            outbox.until_report("ok")
            outbox.add("A025")
            printer.set_fault("paper_out", after_mm=20)
            worker.poke()
            silent = ("fault", "silent")
            outbox.until(lambda: outbox.reports.count(silent) > 12, "beats")
            printer.set_fault(None)
            record = outbox.until_job("A025", "unknown", "queued")
            outbox.add("A026")
            worker.poke()
            outbox.until_job("A026", "printed", "queued")
        finally:
            worker.stop()

    assert record.reason == "silent"
    assert [paper.whole for paper in printer.papers] == [False, False, True]
