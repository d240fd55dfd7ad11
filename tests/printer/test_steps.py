"""Conversations with the printer's owner, as tables: no clock, no wire, no thread."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from printer.capabilities import PROBE_TOKEN
from printer.escpos import RESTART, fence
from printer.state import Pace, Phase, State, done, due
from printer.status import OK, Echo, Identity, PaperSensor, RealTime, Reason, fault
from printer.steps import step
from printer.talk import (
    Ask,
    Balked,
    Close,
    Command,
    Empty,
    Event,
    Fetch,
    Found,
    Gone,
    Heard,
    Job,
    Mark,
    Marked,
    Open,
    Opened,
    Poked,
    Query,
    Remember,
    Remembered,
    Report,
    Reported,
    Settle,
    Settled,
    Stop,
    Tick,
    Write,
    Wrote,
)

JOB = Job("A025", "ticket", {})
NEXT = Job("A026", "ticket", {})
DATA = b"slip"
TOKEN = b"!!!!"
WHOLE = DATA + fence(TOKEN)
FINE = (0x16, 0x12, 0x12, 0x12)
PAPER_OUT = (0x1E, 0x32, 0x12, 0x7E)
ALL_IS_WELL = tuple(RealTime(bits) for bits in FINE)

READY = State(phase=Phase.READY, status=OK, checked_at=10.0, next_poll=11.0, reported=OK)
READY = replace(READY, next_report=99.0)


def play(state: State, *events: Event) -> tuple[State, list[Command]]:
    """The state after ``events``, and what the last of them made the owner do."""
    commands: list[Command] = []
    for event in events:
        state, commands = step(state, event)
    return state, commands


def fenced(state: State = READY) -> State:
    """The owner of a slip whose last byte went out at 10.1."""
    whole = DATA + fence(bytes([0x21, 0x21, 0x21, 0x21 + state.serial]))
    if state.torn:
        whole = RESTART + whole
    state, commands = play(state, Poked(10.1), Found(10.1, JOB, DATA), Marked(10.1))
    assert commands == [Write(whole)]
    state, _ = step(state, Wrote(10.1, len(whole)))
    assert state.phase is Phase.FENCED
    return state


def settled(commands: list[Command]) -> list[Settle]:
    return [command for command in commands if isinstance(command, Settle)]


@pytest.mark.parametrize(
    ("events", "commands"),
    [
        ([Poked(10.1)], [Fetch()]),
        ([Poked(10.1), Empty(10.1)], []),
        ([Poked(10.1), Found(10.1, JOB, DATA)], [Mark(JOB)]),
        ([Poked(10.1), Found(10.1, JOB, DATA), Marked(10.1)], [Write(WHOLE)]),
        ([Poked(11.6)], [Ask(1)]),
        ([Tick(11.0)], [Ask(1)]),
        ([Tick(11.0), Heard(11.0, (RealTime(0x16),))], [Ask(2)]),
        ([Tick(11.0), Heard(11.0, (RealTime(0x16), RealTime(0x12)))], [Ask(2), Ask(3)]),
        ([Tick(11.0), Poked(11.1)], []),
        ([Poked(10.1), Balked(10.1, Fetch()), Poked(10.15)], []),
        ([Poked(10.1), Balked(10.1, Fetch()), Tick(10.3)], [Fetch()]),
        ([Poked(10.1), Found(10.1, JOB, DATA), Balked(10.1, Mark(JOB)), Tick(10.15)], []),
        ([Poked(10.1), Found(10.1, JOB, DATA), Balked(10.1, Mark(JOB)), Tick(10.3)], [Mark(JOB)]),
    ],
)
def test_what_a_ready_owner_does(events: list[Event], commands: list[Command]) -> None:
    assert play(READY, *events)[1] == commands


def test_a_closed_owner_opens_asks_four_questions_and_reports() -> None:
    state, commands = step(State(), Tick(0.0))
    assert commands == [Open()]
    state, commands = step(state, Opened(0.1))
    assert commands == [Ask(1)]
    for query, bits in zip((2, 3, 4), FINE, strict=False):
        state, commands = step(state, Heard(0.2, (RealTime(bits),)))
        assert commands == [Ask(query)]
    state, commands = step(state, Heard(0.2, (RealTime(0x12),)))

    assert commands == [Fetch(), Report(OK)]


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        (PAPER_OUT, Reason.PAPER_OUT),
        ((0x1E, 0x16, 0x12, 0x12), Reason.COVER_OPEN),
        ((0x1E, 0x52, 0x1A, 0x12), Reason.CUTTER),
    ],
)
def test_nothing_is_fetched_from_a_printer_that_cannot_print(
    answers: tuple[int, ...], reason: Reason
) -> None:
    replies = tuple(RealTime(bits) for bits in answers)
    state, commands = play(READY, Poked(10.1), Empty(10.1), Tick(11.0), Heard(11.0, replies))

    assert [*commands[3:]] == [Report(fault(reason))]
    assert play(state, Reported(11.0, fault(reason)), Poked(11.1))[1] == []


@pytest.mark.parametrize("fencing", [None, True])
def test_silence_after_any_byte_is_unknown(fencing: bool | None) -> None:
    state, commands = play(fenced(replace(READY, fencing=fencing)), Tick(25.2))

    assert settled(commands) == [Settle(JOB, "unknown", "", "silent")]
    assert state.phase is Phase.READY


@pytest.mark.parametrize("token", [TOKEN, b"zzzz"])
def test_a_late_echo_makes_its_own_slip_printed_and_no_other(token: bytes) -> None:
    state, _ = play(fenced(replace(READY, fencing=True)), Tick(25.2), Settled(25.2))
    state, commands = step(state, Heard(40.0, (Echo(token),)))

    expected = [Settle(JOB, "printed", "ack")] if token == TOKEN else []
    assert settled(commands) == expected


@pytest.mark.parametrize(
    ("sent", "lost", "result"),
    [(0, 0, "queued"), (0, 1, "unknown"), (3, 0, "unknown"), (3, 2, "unknown")],
)
def test_a_wire_that_breaks_leaves_the_job_queued_only_if_not_a_byte_went_out(
    sent: int, lost: int, result: str
) -> None:
    state, _ = play(READY, Poked(10.1), Found(10.1, JOB, DATA), Marked(10.1))
    if sent:
        state, commands = step(state, Wrote(10.1, sent))
        assert commands == [Write(WHOLE[sent:])]
    state, commands = step(state, Gone(10.2, "unreachable", lost))

    assert [command.state for command in settled(commands)] == [result]
    assert state.job is None


def test_a_write_that_makes_no_progress_is_reported_and_at_last_given_up() -> None:
    state, _ = play(READY, Poked(10.1), Found(10.1, JOB, DATA), Marked(10.1), Wrote(10.2, 3))
    state, commands = step(state, Wrote(11.7, 0))
    assert commands == [Write(WHOLE[3:]), Report(fault(Reason.SILENT))]
    state, commands = play(state, Reported(11.7, fault(Reason.SILENT)), Wrote(71.0, 0))

    assert commands[0] == Close()
    assert settled(commands) == [Settle(JOB, "unknown", "", "silent")]


def test_nothing_is_fetched_while_the_store_has_not_taken_the_last_settlement() -> None:
    state, commands = step(fenced(), Heard(10.2, (Echo(TOKEN),)))
    (settle,) = settled(commands)
    state, commands = play(state, Balked(10.2, settle), Poked(10.25))
    assert commands == []
    state, commands = step(state, Tick(10.4))
    assert commands == [settle]
    state, commands = step(state, Settled(10.4))

    assert commands == [Fetch()]


def test_retries_to_open_grow_to_ten_seconds_and_start_again_after_a_good_status() -> None:
    state, waits, now = State(), [], 0.0
    for _ in range(7):
        state, commands = step(state, Tick(now))
        assert Open() in commands
        state, _ = step(state, Gone(now, "unreachable"))
        waits.append(due(replace(state, reported=state.status, next_report=1e9)) - now)
        now = state.next_open
    assert waits == [1.0, 2.0, 4.0, 8.0, 10.0, 10.0, 10.0]

    good = Heard(now, tuple(RealTime(bits) for bits in FINE))
    state, _ = play(state, Tick(now), Opened(now), good)
    assert state.failures == 0


@pytest.mark.parametrize("state", [READY, State()])
def test_a_worker_at_rest_stops_at_once(state: State) -> None:
    state, _ = step(state, Stop(10.1))

    assert done(state)


def test_a_worker_with_a_slip_out_stops_after_its_answer_or_a_moment() -> None:
    state, _ = step(fenced(), Stop(10.2))
    assert not done(state)
    state, commands = step(state, Tick(10.2 + Pace().farewell))
    assert settled(commands) == [Settle(JOB, "unknown", "", "silent")]
    state, commands = step(state, Settled(12.3))

    assert done(state)
    assert Fetch() not in commands


REPLIES = st.one_of(
    st.builds(RealTime, st.sampled_from(FINE + PAPER_OUT)),
    st.builds(PaperSensor, st.sampled_from([0, 3, 15])),
    st.builds(Echo, st.sampled_from([TOKEN, b'!!!"', b"!!!#", b"zzzz", PROBE_TOKEN])),
    st.builds(Identity, st.sampled_from([b"EPSON", b"TM-T20"])),
)


@settings(max_examples=60)
@given(st.data())
def test_whatever_happens_each_slip_is_sent_once_and_ends_honestly(data: st.DataObject) -> None:
    """Plays the thread: carries out each command with any outcome it may have."""
    state, now, number = State(learns=data.draw(st.booleans())), 0.0, 0
    pending: list[Event] = [Tick(now)]
    marked: list[str] = []
    wrote: set[str] = set()
    ends: dict[str, list[str]] = {}
    for _ in range(60):
        now += data.draw(st.sampled_from([0.01, 0.3, 0.8, 1.5, 16.0]))
        if not pending:
            replies = st.builds(Heard, st.just(now), st.lists(REPLIES, max_size=5).map(tuple))
            idle = st.sampled_from([Tick(now), Poked(now), Gone(now, "unreachable")])
            happens: st.SearchStrategy[Event] = st.one_of(replies, idle)
            pending.append(data.draw(happens))
        state, commands = step(state, pending.pop(0))
        for command in commands:
            fails = data.draw(st.booleans())
            match command:
                case Open():
                    pending.append(Gone(now, "unreachable") if fails else Opened(now))
                case Query():
                    pending.append(Gone(now, "silent") if fails else Tick(now))
                case Remember(known) if not fails:
                    pending.append(Remembered(now, known))
                case Fetch() if not fails:
                    number += 1
                    pending.append(Found(now, Job(str(number), "ticket", {}), DATA))
                case Mark(job) if not fails:
                    assert job.id not in marked
                    marked.append(job.id)
                    pending.append(Marked(now))
                case Write(some):
                    assert state.job is not None
                    assert state.job.id == marked[-1]
                    count = data.draw(st.sampled_from([0, 1, len(some)]))
                    if count:
                        wrote.add(state.job.id)
                    pending.append(Gone(now, "unreachable", count) if fails else Wrote(now, count))
                case Settle(job, result, evidence) if not fails:
                    assert evidence == "ack" or job.id not in ends
                    ends.setdefault(job.id, []).append(result)
                    pending.append(Settled(now))
                case Report(status) if not fails:
                    pending.append(Reported(now, status))
                case Fetch() | Mark() | Settle() | Report() | Remember():
                    pending.append(Balked(now, command))

    for name, results in ends.items():
        assert results in (["printed"], ["unknown"], ["unknown", "printed"], ["queued"])
        assert ("queued" in results) == (name not in wrote)
