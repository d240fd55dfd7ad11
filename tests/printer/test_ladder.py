"""What "printed" rests on: GS ( H, else GS r, else a look before and after, else nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from printer.settings import PrinterSettings
from printer.state import Pace, Phase, State
from printer.status import OK, Echo, PaperSensor, RealTime, Reply
from printer.steps import step
from printer.talk import (
    Command,
    Event,
    Found,
    Gone,
    Heard,
    Job,
    Marked,
    Opened,
    Poked,
    Settle,
    Settled,
    Tick,
    Write,
    Wrote,
)
from tests.printer.test_steps import (
    ALL_IS_WELL,
    DATA,
    FINE,
    JOB,
    NEXT,
    PAPER_OUT,
    READY,
    TOKEN,
    WHOLE,
    fenced,
    play,
    settled,
)


@pytest.mark.parametrize(
    ("replies", "echoes", "evidence"),
    [
        ((Echo(TOKEN), PaperSensor(0)), None, "ack"),
        ((Echo(TOKEN),), True, "ack"),
        ((PaperSensor(0),), False, "queued"),
        ((PaperSensor(0), Echo(TOKEN)), None, "ack"),
        ((PaperSensor(0),), None, None),
        ((PaperSensor(0),), True, None),
        ((PaperSensor(0x0F),), False, None),
        ((Echo(b"zzzz"),), None, None),
        ((RealTime(0x12),), None, None),
        ((), None, None),
    ],
)
def test_printed_needs_an_answer_of_this_slip(
    replies: tuple[Reply, ...], echoes: bool | None, evidence: str | None
) -> None:
    state = fenced(replace(READY, echoes=echoes))
    state, commands = step(state, Heard(10.2, replies))

    assert settled(commands) == ([Settle(JOB, "printed", evidence)] if evidence else [])


def test_where_only_gs_r_answers_nobody_waits_for_an_echo_again() -> None:
    state, commands = play(fenced(), Heard(10.2, (PaperSensor(0),)), Tick(10.2 + 0.5))

    assert settled(commands) == [Settle(JOB, "printed", "queued")]
    assert state.echoes is False


NO_FENCE = replace(READY, fencing=False, echoes=False)
COVER_OPEN = (0x1E, 0x16, 0x12, 0x12)
PAPER_LOW = (0x16, 0x12, 0x12, 0x1E)


@pytest.mark.parametrize(
    ("answers", "evidence"),
    [
        (FINE, "status"),
        (PAPER_LOW, "status"),
        (PAPER_OUT, None),
        (COVER_OPEN, None),
        (FINE[:3], None),
        ((), None),
    ],
)
def test_where_no_fence_is_answered_a_whole_look_after_the_last_byte_must_find_all_well(
    answers: tuple[int, ...], evidence: str | None
) -> None:
    replies = tuple(RealTime(bits) for bits in answers)
    _, commands = play(fenced(NO_FENCE), Tick(11.1), Heard(11.2, replies))

    assert settled(commands) == ([Settle(JOB, "printed", evidence)] if evidence else [])


def test_what_it_said_of_itself_unasked_proves_nothing() -> None:
    _, commands = step(fenced(NO_FENCE), Heard(10.2, ALL_IS_WELL))

    assert settled(commands) == []


@pytest.mark.parametrize("answers", [PAPER_OUT, COVER_OPEN])
def test_a_slip_held_by_a_printer_without_fences_ends_unknown_and_tells_why(
    answers: tuple[int, ...],
) -> None:
    replies = tuple(RealTime(bits) for bits in answers)
    state, _ = play(fenced(NO_FENCE), Tick(11.1), Heard(11.2, replies))
    state, commands = step(state, Tick(25.2))

    assert settled(commands) == [Settle(JOB, "unknown", "", state.status.reason)]


LADDER = {
    "everything": ((Echo(TOKEN), PaperSensor(0)), "ack"),
    "GS ( H": ((Echo(TOKEN),), "ack"),
    "GS r": ((PaperSensor(0),), "queued"),
    "DLE EOT": ((), "status"),
}


@pytest.mark.parametrize(("replies", "evidence"), LADDER.values(), ids=LADDER)
def test_a_printer_of_which_nothing_is_known_finds_its_grade_with_its_first_slip(
    replies: tuple[Reply, ...], evidence: str
) -> None:
    state, commands = step(fenced(), Heard(10.2, replies))
    ends = settled(commands)
    for event in (Tick(10.8), Tick(11.2), Heard(11.2, ALL_IS_WELL), Tick(25.2)):
        state, commands = step(state, event)
        ends += [one for one in settled(commands) if one not in ends]

    assert ends == [Settle(JOB, "printed", evidence)]


@pytest.mark.parametrize(("evidence", "saves"), [("sent", False), ("saved", True)])
def test_where_nothing_answers_the_last_byte_is_all_there_is(evidence: str, saves: bool) -> None:
    settings = PrinterSettings(connection="file" if saves else "network", replies=saves)
    assert settings.evidence == evidence
    state = replace(READY, answers=False, evidence=settings.evidence)
    state, commands = play(state, Poked(10.1), Found(10.1, JOB, DATA), Marked(10.1))
    assert commands == [Write(DATA)]

    assert settled(step(state, Wrote(10.1, len(DATA)))[1]) == [Settle(JOB, "printed", evidence)]


GS_R_ONLY = replace(READY, fencing=True, echoes=False)
BOTH = replace(READY, fencing=True, echoes=True)
LAST = Job("A027", "ticket", {})


def unknown(state: State, *, speaks: bool = True) -> State:
    """The owner after a slip of 10.1 got no answer; DLE EOT was answered meanwhile or was not."""
    meanwhile: list[Event] = [Tick(11.2), Heard(11.2, ALL_IS_WELL) if speaks else Tick(12.0)]
    state, commands = play(fenced(state), *meanwhile, Tick(25.2))
    assert [one.state for one in settled(commands)] == ["unknown"]
    return play(state, Settled(25.2))[0]


def reconnected(state: State, at: float) -> State:
    state, _ = play(replace(state, next_open=at), Gone(at, "unreachable"), Tick(at + 30.0))
    return play(state, Opened(at + 30.0), Heard(at + 30.0, ALL_IS_WELL))[0]


def sent(state: State, at: float, job: Job) -> State:
    """The owner once the last byte of ``job`` went out at ``at``, to a printer that can print."""
    rested = replace(state, phase=Phase.READY, status=OK, checked_at=at, round=None, unanswered=0)
    rested = replace(rested, next_poll=at + 1.0, wanted=True, reported=OK, next_report=999.0)
    state, commands = play(rested, Tick(at), Found(at, job, DATA), Marked(at))
    (write,) = [command for command in commands if isinstance(command, Write)]
    return play(state, Wrote(at, len(write.data)))[0]


def looked_at(state: State) -> tuple[State, list[Command]]:
    """What the first look at the printer after the last byte brings, when all is well."""
    at = state.next_poll
    assert at - state.fenced_at <= Pace().poll
    return play(state, Tick(at), Heard(at, ALL_IS_WELL))


SWALLOWED = {
    "gs r only, speaking": (GS_R_ONLY, True),
    "gs r only, silent": (GS_R_ONLY, False),
    "both, speaking": (BOTH, True),
    "both, silent": (BOTH, False),
    "not known, silent": (READY, False),
}


@pytest.mark.parametrize("before", SWALLOWED.values(), ids=SWALLOWED)
def test_after_a_slip_without_an_answer_gs_r_speaks_for_no_slip_and_nobody_waits(
    before: tuple[State, bool],
) -> None:
    state = sent(unknown(before[0], speaks=before[1]), 30.0, NEXT)
    state, commands = play(state, Heard(30.2, (PaperSensor(0),)), Tick(30.8))
    assert settled(commands) == []
    state, commands = looked_at(state)

    assert settled(commands) == [Settle(NEXT, "printed", "status")]


@pytest.mark.parametrize("before", SWALLOWED.values(), ids=SWALLOWED)
def test_after_a_slip_without_an_answer_an_echo_still_speaks_for_the_slip_it_names(
    before: tuple[State, bool],
) -> None:
    state = unknown(before[0], speaks=before[1])
    own = TOKEN[:3] + b'"'
    state = sent(state, 30.0, NEXT)
    state, commands = step(state, Heard(30.2, (Echo(own), PaperSensor(0))))
    assert settled(commands) == [Settle(NEXT, "printed", "ack")]
    state, commands = play(state, Settled(30.2), Heard(30.3, (Echo(TOKEN),)))

    assert settled(commands) == [Settle(JOB, "printed", "ack")]


def test_gs_r_speaks_again_once_every_older_one_has_been_answered() -> None:
    state = sent(unknown(GS_R_ONLY, speaks=False), 30.0, NEXT)
    state, commands = step(state, Heard(30.2, (PaperSensor(0), PaperSensor(0))))
    state, more = play(state, Tick(30.7))

    assert settled(commands) + settled(more) == [Settle(NEXT, "printed", "queued")]


@pytest.mark.parametrize(("later", "evidence"), [(14.0, "status"), (15.0, "queued")])
def test_gs_r_speaks_again_once_a_printer_that_can_print_kept_quiet_long_enough(
    later: float, evidence: str
) -> None:
    state = sent(unknown(GS_R_ONLY, speaks=False), 30.0, NEXT)
    state, _ = looked_at(state)
    state = sent(play(state, Settled(31.0))[0], 30.0 + later, LAST)
    state, commands = step(state, Heard(30.2 + later, (PaperSensor(0),)))
    state, more = play(state, Tick(30.7 + later))
    state, most = looked_at(state) if evidence == "status" else (state, [])

    assert settled(commands) + settled(more) + settled(most) == [Settle(LAST, "printed", evidence)]


def test_an_answer_to_gs_r_over_a_new_connection_is_not_taken_for_the_next_slips() -> None:
    state, _ = step(reconnected(fenced(GS_R_ONLY), 11.0), Settled(41.0))
    state = sent(state, 42.0, NEXT)
    state, commands = play(state, Heard(42.2, (PaperSensor(0),)), Tick(42.8))
    assert settled(commands) == []
    state, commands = looked_at(state)

    assert settled(commands) == [Settle(NEXT, "printed", "status")]


KNOWN = {"gs r only": GS_R_ONLY, "both": BOTH}


@pytest.mark.parametrize("before", KNOWN.values(), ids=KNOWN)
def test_after_a_silence_of_a_printer_that_speaks_one_slip_has_waited_and_no_other(
    before: State,
) -> None:
    state, at = unknown(before), 30.0
    for number in range(30):
        job = Job(f"B{number}", "ticket", {})
        state, commands = looked_at(sent(state, at, job))
        assert settled(commands) == [Settle(job, "printed", "status")]
        state, _ = step(state, Settled(state.checked_at))
        at += 4.0 * number


@pytest.mark.parametrize("before", KNOWN.values(), ids=KNOWN)
def test_another_printer_at_the_same_address_is_learnt_anew(before: State) -> None:
    state = sent(reconnected(before, 11.0), 42.0, JOB)
    state, commands = looked_at(state)
    assert settled(commands) == []
    state, commands = step(state, Tick(57.0))
    assert settled(commands) == [Settle(JOB, "printed", "status")]
    state, commands = looked_at(sent(play(state, Settled(57.0))[0], 80.0, NEXT))

    assert settled(commands) == [Settle(NEXT, "printed", "status")]


def test_that_a_printer_is_well_says_nothing_before_a_slow_head_had_the_time() -> None:
    job = replace(JOB, millimetres=100)
    state = replace(READY, fencing=False, echoes=False)
    state, _ = play(state, Poked(10.1), Found(10.1, job, DATA), Marked(10.1))
    state, _ = step(state, Wrote(10.2, len(WHOLE)))
    state, commands = play(state, Tick(11.3), Heard(11.4, ALL_IS_WELL))
    assert settled(commands) == []
    state, commands = play(state, Tick(12.5), Heard(12.6, ALL_IS_WELL))
    assert settled(commands) == [Settle(job, "printed", "status")]


def test_what_comes_from_a_printer_as_it_dies_is_no_proof() -> None:
    """A break on a line may read as the answer to GS r of a printer that has paper."""
    _, commands = play(fenced(BOTH), Heard(10.3, (PaperSensor(0),)), Tick(25.1))
    assert settled(commands) == [Settle(JOB, "unknown", "", "silent")]


def test_a_printer_that_has_lost_its_echo_makes_one_slip_wait_and_no_other() -> None:
    answered = (Heard(10.3, (PaperSensor(0),)), Tick(24.0), Heard(24.1, ALL_IS_WELL))
    state, commands = play(fenced(BOTH), *answered, Tick(25.1))
    assert settled(commands) == [Settle(JOB, "printed", "queued")]
    state, commands = step(
        sent(play(state, Settled(25.2))[0], 30.0, NEXT), Heard(30.2, (PaperSensor(0),))
    )

    assert settled(commands) == [Settle(NEXT, "printed", "queued")]
