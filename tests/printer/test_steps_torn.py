"""What the owner of a printer sends first when half a slip may be left in it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from printer.escpos import RESTART
from printer.state import Phase, State
from printer.status import Echo, RealTime
from printer.steps import step
from printer.talk import (
    Ask,
    Event,
    Found,
    Gone,
    Heard,
    Marked,
    Opened,
    Pad,
    Poked,
    Settled,
    Tick,
    Write,
    Wrote,
)
from tests.printer.test_steps import DATA, FINE, JOB, NEXT, READY, TOKEN, fenced, play


def written(state: State, *events: Event) -> bytes:
    """What is sent of the next slip after ``events``, without its fence."""
    state, _ = play(state, *events)
    state = replace(state, phase=Phase.MARKING, job=NEXT, data=DATA, next_store=0.0)
    (write,) = (one for one in step(state, Marked(30.0))[1] if isinstance(one, Write))
    return write.data[: write.data.index(DATA) + len(DATA)]


BY_STATUS = replace(READY, fencing=False)
WELL = (Tick(11.1), Heard(11.2, tuple(RealTime(bits) for bits in FINE)))
DEAF, SAVED = (
    play(
        replace(READY, answers=False, evidence=evidence),
        Poked(10.1), Found(10.1, JOB, DATA), Marked(10.1),
    )[0]
    for evidence in ("sent", "saved")
)  # fmt: skip
SENDING = play(READY, Poked(10.1), Found(10.1, JOB, DATA), Marked(10.1))[0]


@pytest.mark.parametrize(
    ("state", "events", "torn"),
    [
        (READY, [], False),
        (replace(READY, torn=True), [], True),
        (SENDING, [Gone(10.2, "unreachable", 0)], False),
        (SENDING, [Gone(10.2, "unreachable", 3)], True),
        (SENDING, [Wrote(10.2, 3), Gone(10.3, "unreachable", 0)], True),
        (fenced(), [Gone(10.2, "unreachable")], True),
        (fenced(), [Tick(11.0), Tick(25.2)], True),
        (fenced(), [Tick(11.0), Tick(25.2), Heard(25.3, (Echo(TOKEN),))], False),
        (fenced(), [Heard(10.2, (Echo(TOKEN),))], False),
        (fenced(BY_STATUS), [*WELL], False),
        (fenced(BY_STATUS), [*WELL, Gone(11.3, "unreachable")], True),
        (fenced(BY_STATUS), [*WELL, Gone(29.0, "unreachable")], False),
        (fenced(replace(READY, torn=True)), [Heard(10.2, (Echo(TOKEN),))], False),
        (DEAF, [Wrote(10.2, len(DATA)), Settled(10.3), Gone(11.0, "unreachable")], True),
        (DEAF, [Wrote(10.2, len(DATA)), Settled(10.3), Gone(29.0, "unreachable")], False),
        (SAVED, [Wrote(10.2, len(DATA)), Settled(10.3), Gone(11.0, "unreachable")], False),
    ],
)
def test_what_a_half_slip_left_in_the_printer_does_not_swallow_the_next_one(
    state: State, events: list[Event], torn: bool
) -> None:
    assert written(state, *events) == (RESTART if torn else b"") + DATA


@pytest.mark.parametrize("torn", [False, True])
def test_no_question_becomes_the_size_of_a_picture_that_was_cut_short(torn: bool) -> None:
    state = State(phase=Phase.OPENING, torn=torn)

    assert step(state, Opened(1.0))[1] == [*([Pad()] if torn else []), Ask(1)]
