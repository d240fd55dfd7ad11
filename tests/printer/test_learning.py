"""What a printer can do is asked once, remembered, and forgotten when another one answers."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from printer.capabilities import ABILITIES, NAMES, PROBE_TOKEN, Capabilities
from printer.escpos import AUTO_STATUS, STATUS_QUERIES, fence
from printer.probing import probe
from printer.state import Pace, State, due
from printer.status import (
    AutoStatus,
    Echo,
    Identity,
    PaperSensor,
    RealTime,
    Reason,
    Reply,
    Setting,
    fault,
)
from printer.steps import step
from printer.talk import (
    Ask,
    Balked,
    Command,
    Fetch,
    Found,
    Gone,
    Heard,
    Marked,
    Opened,
    Query,
    Remember,
    Remembered,
    Settle,
    Tick,
    Wrote,
)
from printer.transport import make_transport, open_transport
from printer.virtual import VirtualPrinter
from printer.worker import Worker
from tests.printer.outbox import MemoryOutbox
from tests.printer.test_steps import DATA, FINE, JOB, PAPER_OUT, READY, TOKEN, play, settled
from tests.printer.test_worker import QUICK, printer_on, settings_for

if TYPE_CHECKING:
    from printer.settings import PrinterSettings

NEW = replace(READY, learns=True)
EPSON = (Identity(b"EPSON"), Identity(b"TM-T88VI"), Identity(b"X3"))
NAMED = ("EPSON", "TM-T88VI", "X3")
ALL = Capabilities(STATUS_QUERIES, echo=True, paper=True, auto=True, names=NAMED, paper_mm=80)
ASB = AutoStatus(b"\x14\x00\x00\x00")
ALL_IS_WELL = tuple(RealTime(bits) for bits in FINE)


def knowing(known: Capabilities, **change: object) -> State:
    state = replace(NEW, known=known, kept=known, queries=known.status)
    return replace(state, **change)  # type: ignore[arg-type]


def remembered(commands: list[Command]) -> list[Capabilities | None]:
    return [command.known for command in commands if isinstance(command, Remember)]


def printed_slip(state: State, *replies: Reply) -> list[Settle]:
    """What becomes of a slip whose last byte went out at 10.2 and to which all this was said."""
    state, _ = play(state, Tick(10.1), Found(10.1, JOB, DATA), Marked(10.1))
    state, commands = play(state, Wrote(10.2, len(state.data)), Heard(10.3, replies))
    return settled(commands)


def test_a_new_printer_is_asked_for_everything_before_its_first_slip() -> None:
    state, commands = step(NEW, Tick(10.1))
    assert commands == [Query(NAMES + ABILITIES)]
    state, commands = step(state, Heard(10.2, EPSON))
    assert commands == []
    answers = (PaperSensor(0), ASB, Setting(3, b"6"), Echo(PROBE_TOKEN))
    state, commands = step(state, Heard(10.2, answers))

    assert commands == [Fetch(), Remember(ALL)]
    assert step(state, Remembered(10.2, ALL))[1] == []


@pytest.mark.parametrize("known", [None, ALL])
def test_a_printer_that_may_hold_half_a_slip_is_asked_after_the_next_one(
    known: Capabilities | None,
) -> None:
    """It would take the questions for dots, and seem to be able to do nothing."""
    torn = replace(NEW, torn=True, known=known, kept=known)
    _, before = play(torn, Tick(10.1))
    mended, _ = play(replace(torn, torn=False), Tick(10.1))

    assert [command for command in before if isinstance(command, Query)] == []
    assert mended.named


@pytest.mark.parametrize(
    ("answers", "known"),
    [
        ((), Capabilities()),
        ((PaperSensor(0),), Capabilities(paper=True)),
        ((PaperSensor(3),), Capabilities(paper=True)),
        ((Echo(PROBE_TOKEN),), Capabilities(echo=True)),
        ((Echo(b"zzzz"),), Capabilities()),
        ((ASB,), Capabilities(auto=True)),
        ((Setting(3, b"2"),), Capabilities(paper_mm=58)),
        ((Setting(3, b"4"), Setting(5, b"6")), Capabilities()),
        ((Identity(b"NONAME "),), Capabilities(names=("NONAME",))),
    ],
)
def test_what_it_does_not_answer_in_time_it_cannot_do(
    answers: tuple[Reply, ...], known: Capabilities
) -> None:
    state, commands = play(NEW, Tick(10.1), Heard(10.2, answers))
    if PROBE_TOKEN not in [one.token for one in answers if isinstance(one, Echo)]:
        assert Fetch() not in commands
        state, _ = play(state, Tick(11.0), Heard(11.0, ALL_IS_WELL))
        assert due(state) <= 12.1
        state, commands = step(state, Tick(12.1))

    assert remembered(commands) == [known]


def test_a_printer_that_cannot_print_meanwhile_is_asked_again_when_it_can() -> None:
    out = Heard(11.0, tuple(RealTime(bits) for bits in PAPER_OUT))
    state, commands = play(NEW, Tick(10.1), Tick(11.0), out, Tick(12.1))
    assert state.status == fault(Reason.PAPER_OUT)
    assert remembered(commands) == []
    state, commands = play(state, Tick(state.next_poll), Heard(13.0, ALL_IS_WELL))

    assert Query(ABILITIES) in commands


def test_no_question_ends_a_line() -> None:
    """Until a line ends nothing is printed, and ESC @ at the end throws it away."""
    assert not set(NAMES + ABILITIES) & set(b"\n\r\x0c")
    assert ABILITIES.endswith(b"\x1b@")


def test_a_known_printer_is_asked_for_its_names_alone_and_no_slip_waits() -> None:
    silent = replace(ALL, auto=False)
    assert step(knowing(silent), Tick(10.1))[1] == [Query(NAMES)]
    state, commands = step(knowing(ALL), Tick(10.1))
    assert commands == [Query(AUTO_STATUS + NAMES)]

    assert step(state, Tick(10.1))[1] == [Fetch()]


GRADES = {
    "GS ( H": (replace(ALL, paper=False), (Echo(TOKEN),), "ack"),
    "GS ( H and GS r": (ALL, (PaperSensor(0), Echo(TOKEN)), "ack"),
    "GS r": (replace(ALL, echo=False), (PaperSensor(0),), "queued"),
    "DLE EOT": (replace(ALL, echo=False, paper=False), (), "status"),
}


@pytest.mark.parametrize(("known", "answers", "evidence"), GRADES.values(), ids=GRADES)
def test_a_printer_known_by_its_names_proves_its_first_slip_without_a_wait(
    known: Capabilities, answers: tuple[Reply, ...], evidence: str
) -> None:
    state, _ = play(knowing(known), Tick(10.1), Heard(10.1, EPSON))
    state, _ = play(state, Tick(10.1), Found(10.1, JOB, DATA), Marked(10.1))
    state, _ = play(state, Wrote(10.2, len(state.data)))
    state, first = step(state, Heard(10.3, answers))
    state, then = play(state, Tick(11.2), Heard(11.2, ALL_IS_WELL))

    assert settled(first) + settled(then) == [Settle(JOB, "printed", evidence)]


def test_a_printer_that_does_not_tell_its_names_is_not_taken_for_the_one_that_did() -> None:
    state, _ = step(knowing(replace(ALL, echo=False)), Tick(10.1))

    assert printed_slip(state, PaperSensor(0)) == []


def test_a_printer_without_a_name_is_believed_to_be_the_same() -> None:
    state, _ = step(knowing(Capabilities(paper=True)), Tick(10.1))

    assert printed_slip(state, PaperSensor(0)) == [Settle(JOB, "printed", "queued")]


OTHERS = {
    "another maker": (ALL, (Identity(b"STAR"), *EPSON[1:])),
    "another of its kind": (ALL, (*EPSON[:2], Identity(b"X4"))),
    "one that has a name": (replace(ALL, names=()), EPSON),
}


@pytest.mark.parametrize(("known", "names"), OTHERS.values(), ids=OTHERS)
def test_another_name_makes_the_old_knowledge_forgotten_and_everything_asked(
    known: Capabilities, names: tuple[Identity, ...]
) -> None:
    asked: list[Command] = []
    told: list[Capabilities | None] = []
    state, _ = step(knowing(known, wanted=False), Tick(10.1))
    for one in names:
        state, commands = step(state, Heard(10.1, (one,)))
        asked += [command for command in commands if isinstance(command, Query)]
        told += remembered(commands)
    assert asked == [Query(ABILITIES)]
    assert told == [None]
    assert (state.echoes, state.fencing) == (None, None)
    state, commands = play(state, Remembered(10.1, None), Heard(10.2, (Echo(PROBE_TOKEN),)))

    learnt = tuple(one.text.decode() for one in names)
    assert remembered(commands) == [Capabilities(echo=True, names=learnt)]


def test_names_said_twice_make_nobody_forget() -> None:
    state, _ = play(knowing(ALL), Tick(10.1), Heard(10.1, EPSON))
    state, commands = step(state, Heard(10.2, EPSON))

    assert (state.known, remembered(commands)) == (ALL, [])


def test_over_a_new_connection_the_printer_is_asked_who_it_is_again() -> None:
    state, _ = play(knowing(ALL), Tick(10.1), Heard(10.1, EPSON))
    assert state.echoes is True
    state, _ = play(state, Gone(10.2, "unreachable"), Opened(10.3))
    assert state.echoes is None
    state, commands = step(state, Heard(10.4, ALL_IS_WELL))

    assert Query(AUTO_STATUS + NAMES) in commands


def test_what_is_learnt_is_told_until_the_store_takes_it() -> None:
    state, commands = play(NEW, Tick(10.1), Heard(10.2, (Echo(PROBE_TOKEN),)))
    known = Capabilities(echo=True)
    assert remembered(commands) == [known]
    state, commands = step(state, Balked(10.2, Remember(known)))
    assert remembered(commands) == []
    state, commands = step(state, Tick(10.3))
    assert remembered(commands) == [known]


def test_only_what_it_is_known_to_answer_is_asked_when_looking_at_it() -> None:
    state = knowing(Capabilities(status=(1, 4)), named=True)
    state, commands = play(state, Tick(11.0), Heard(11.0, (RealTime(0x16),)))
    assert commands == [Ask(4)]
    state, commands = step(state, Heard(11.0, (RealTime(0x7E),)))

    assert state.status == fault(Reason.PAPER_OUT)


def test_an_answer_to_the_probe_is_never_taken_for_a_slips() -> None:
    """It has no GS ( H, and its GS r comes when the probe was given up."""
    state, _ = play(NEW, Tick(10.1), Tick(11.0), Heard(11.0, ALL_IS_WELL), Tick(12.1))
    assert state.known == Capabilities()
    state = replace(state, fencing=None, echoes=False)
    whole = DATA + fence(TOKEN)
    state, _ = play(state, Tick(12.1), Found(12.1, JOB, DATA), Marked(12.1))
    state, commands = play(state, Wrote(12.2, len(whole)), Heard(12.3, (PaperSensor(0),)))

    assert settled(commands) == []
    assert settled(step(state, Heard(12.4, (PaperSensor(0),)))[1]) == [
        Settle(JOB, "printed", "queued")
    ]


def test_an_echo_that_comes_after_the_probe_was_given_up_still_counts() -> None:
    state, _ = play(NEW, Tick(10.1), Tick(11.0), Heard(11.0, ALL_IS_WELL), Tick(12.1))
    state, commands = play(
        state, Remembered(12.1, Capabilities()), Heard(12.2, (Echo(PROBE_TOKEN),))
    )

    assert remembered(commands) == [Capabilities(echo=True)]


# The same with a printer on a wire


class Memory:
    """What a store would hold."""

    def __init__(self, known: Capabilities | None = None) -> None:
        self.known = known
        self.told: list[Capabilities | None] = []

    def remember(self, known: Capabilities | None) -> None:
        self.known = known
        self.told.append(known)


def learning_worker(
    settings: PrinterSettings, outbox: MemoryOutbox, memory: Memory, pace: Pace = QUICK
) -> Worker:
    return Worker(
        settings,
        outbox,
        outbox.report,
        pace=pace,
        known=memory.known,
        remember=memory.remember,
    )


@pytest.fixture(params=["tcp", "pty"])
def wire(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.mark.parametrize(("echo", "paper_sensor"), [(True, True), (False, True), (False, False)])
def test_a_printer_on_a_wire_is_learnt_once_and_nothing_is_printed_for_it(
    wire: str, echo: bool, paper_sensor: bool
) -> None:
    memory = Memory()
    asked: list[int] = []
    with printer_on(wire, echo=echo, paper_sensor=paper_sensor) as printer:
        for name in ("A001", "A002"):
            outbox = MemoryOutbox()
            outbox.add(name)
            worker = learning_worker(settings_for(printer), outbox, memory)
            worker.start()
            outbox.until_job(name, "printed")
            worker.stop()
            asked.append(b"".join(one.data for one in printer.received).count(ABILITIES))

        (known,) = memory.told
        assert known is not None
        assert "VIRTUAL" in known.name
        assert replace(known, names=()) == Capabilities(echo=echo, paper=paper_sensor, auto=True)
        assert asked == [1, 1]
        assert printer.junk == 0
        assert len(printer.wait_for_slips(2)) == len(printer.slips) == 2


class Stalling:
    """A wire that stops in the middle of the first questions."""

    def __init__(self, settings: PrinterSettings) -> None:
        self._wire = make_transport(settings)
        self.opened = 0

    def open(self) -> None:
        self.opened += 1
        self._wire.open()

    def close(self) -> None:
        self._wire.close()

    def fileno(self) -> int | None:
        return self._wire.fileno()

    def write(self, data: bytes, deadline: float) -> int:
        half = data.startswith(NAMES) and self.opened == 1
        return self._wire.write(data[: len(NAMES)] if half else data, deadline)

    def read(self, timeout: float) -> bytes:
        return self._wire.read(timeout)


def test_a_question_that_went_out_by_half_is_asked_again_over_a_new_connection() -> None:
    memory, outbox = Memory(), MemoryOutbox()
    outbox.add("A001")
    with VirtualPrinter() as printer:
        wire = Stalling(settings_for(printer))
        worker = Worker(
            settings_for(printer),
            outbox,
            outbox.report,
            pace=QUICK,
            transport=wire,
            remember=memory.remember,
        )
        worker.start()
        outbox.until_job("A001", "printed", "ack")
        worker.stop()

    assert wire.opened == 2
    (known,) = memory.told
    assert known is not None
    assert known.echo


def test_a_printer_without_fences_makes_no_slip_wait_once_it_is_known() -> None:
    patient = replace(QUICK, fence=60.0)
    outbox = MemoryOutbox()
    outbox.add("A001")
    with VirtualPrinter(echo=False, paper_sensor=False) as printer:
        with closing(open_transport(settings_for(printer))) as wire:
            memory = Memory(probe(wire, 0.3)[1])
        worker = learning_worker(settings_for(printer), outbox, memory, patient)
        worker.start()
        outbox.until_job("A001", "printed", "status")
        worker.stop()

    assert memory.told == []
