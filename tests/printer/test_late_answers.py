"""Answers to DLE EOT bear no number: one that comes late must not count for a later question."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from printer.state import Pace, State, due
from printer.status import PrinterStatus, RealTime, Reason, fault
from printer.steps import step
from printer.talk import (
    Ask,
    Command,
    Empty,
    Event,
    Fetch,
    Heard,
    Open,
    Opened,
    Report,
    Reported,
    Settle,
    Settled,
    Tick,
)
from tests.printer.test_steps import READY, fenced

JAMMED = (0x1E, 0x52, 0x1A, 0x12)
"""Counted one question too late this is an open cover, two too late it is well."""
PROMPT = 0.01
NEVER = None
STARTS: dict[str, State] = {
    "at rest": replace(READY, wanted=False),
    "with a slip out": fenced(replace(READY, echoes=True, fencing=True)),
    "not connected": State(next_open=10.2),
}
LATE: dict[str, list[float | None]] = {
    "none": [],
    "before it is given up": [0.69],
    "before the next look": [0.8],
    "in the next look": [1.9],
    "with the answer to the next look": [2.2, PROMPT],
    "after the next look too": [2.9, 2.9],
    "just after the next look has begun to be answered": [2.1, 0.9],
    "the second question": [PROMPT, 1.8],
    "the last question": [PROMPT, PROMPT, PROMPT, 2.0],
    "every question": [0.9] * 9,
    "every question, and later each time": [0.9, 1.4, 1.9, 2.4, 2.9],
    "one in two": [1.2, PROMPT] * 6,
    "one that is lost": [NEVER],
    "some that are lost": [NEVER] * 4,
    "one after some that are lost": [NEVER, NEVER, 2.5, 2.5, 0.4],
    "lost within a look": [PROMPT, NEVER, PROMPT, NEVER, 1.0],
}


def told(state: State, delays: list[float | None], until: float = 90.0) -> list[PrinterStatus]:
    """What is reported of a jammed printer that answers with these ``delays``, then promptly.

    It keeps the order, and what was asked over a line that was closed is answered over the next.
    """
    left = list(delays)
    events: list[Event] = []
    answers: list[tuple[float, int]] = []
    reports: list[PrinterStatus] = []
    now = 10.1
    while now < until:
        if events:
            event = events.pop(0)
        else:
            now = max(now, min(due(state), answers[0][0] if answers else until))
            comes = answers and answers[0][0] <= now
            event = Heard(now, (RealTime(answers.pop(0)[1]),)) if comes else Tick(now)
        state, commands = step(state, event)
        for command in commands:
            events += _outcome(command, now)
            match command:
                case Ask(query):
                    delay = left.pop(0) if left else PROMPT
                    if delay is not None:
                        before = answers[-1][0] if answers else now
                        answers.append((max(before, now + delay), JAMMED[query - 1]))
                case Report(status):
                    reports.append(status)
    return reports


def _outcome(command: Command, now: float) -> list[Event]:
    match command:
        case Open():
            return [Opened(now)]
        case Fetch():
            return [Empty(now)]
        case Report(status):
            return [Reported(now, status)]
        case Settle():
            return [Settled(now)]
        case _:
            return []


@pytest.mark.parametrize("delays", LATE.values(), ids=LATE)
@pytest.mark.parametrize("start", STARTS.values(), ids=STARTS)
def test_a_jammed_cutter_is_told_as_that_or_as_silence_however_late_it_answers(
    start: State, delays: list[float | None]
) -> None:
    reports = told(start, delays)

    assert set(reports) <= {fault(Reason.SILENT), fault(Reason.CUTTER)}
    assert reports[-1] == fault(Reason.CUTTER)


DELAYS = st.sampled_from([PROMPT, 0.3, 0.69, 0.71, 0.8, 1.0, 1.5, 2.0, 2.5, 2.99, NEVER])


@settings(max_examples=100)
@given(st.sampled_from(list(STARTS.values())), st.lists(DELAYS, max_size=16))
def test_no_order_of_late_and_lost_answers_tells_what_is_not_so(
    start: State, delays: list[float | None]
) -> None:
    reports = told(start, delays, until=200.0)

    assert set(reports) <= {fault(Reason.SILENT), fault(Reason.CUTTER)}
    assert reports[-1] == fault(Reason.CUTTER)


def test_a_printer_that_was_late_is_believed_as_soon_as_the_last_answer_has_come() -> None:
    state, _ = step(replace(STARTS["at rest"], unanswered=2), Tick(11.0))
    state, _ = step(state, Heard(12.0, (RealTime(0x1E),)))
    state, commands = step(state, Heard(12.1, (RealTime(0x1E),)))
    assert commands == []
    state, commands = step(state, Heard(12.2, (RealTime(0x1E),)))

    assert commands == [Ask(1)]


def test_a_printer_that_lost_questions_is_asked_anew_when_no_answer_can_be_on_its_way() -> None:
    state, _ = step(replace(STARTS["at rest"], unanswered=2), Tick(11.0))
    state, _ = step(state, Heard(11.1, (RealTime(0x1E),)))
    assert due(state) == 11.0 + Pace().lost
    state, commands = step(state, Tick(due(state)))

    assert commands == [Ask(1)]
