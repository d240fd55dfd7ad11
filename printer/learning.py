"""How the printer's owner finds out what the printer can do, and knows it again by its name.

A printer of which nothing is known is asked for everything once, when it can print and before the
first slip. One that is known is only asked for its names, over each new connection; its answers
come before those to the first slip, which need not wait for them. Other names are another printer:
what was known is forgotten and it is asked for everything. A printer without a name is believed to
be the same until one answers.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeAlias

from printer.capabilities import (
    ABILITIES,
    NAMES,
    PROBE_TOKEN,
    WIDTH_SETTING,
    Capabilities,
    name_of,
    width_of,
)
from printer.escpos import AUTO_STATUS, STATUS_QUERIES
from printer.state import FENCES_KEPT, State, tells
from printer.status import CAN_PRINT
from printer.talk import Command, Query

Step: TypeAlias = tuple[State, list[Command]]


def is_due(state: State) -> bool:
    """Whether a printer that can print and has nothing to do is to be asked something.

    One that may hold the half of a slip would take the questions for the rest of it.
    """
    unknown = state.known is None and state.probe is None
    return (
        state.learns
        and not state.stopping
        and not state.torn
        and state.status.state in CAN_PRINT
        and (unknown or not state.named)
    )


def ask(state: State, at: float) -> Step:
    names = b"" if state.named else NAMES
    state = replace(state, named=True)
    if state.known is not None:
        query = AUTO_STATUS + names if tells(state) else names
        return (state if state.known.names else _trusting(state)), [Query(query)]
    state = replace(
        state,
        probe=Capabilities(status=state.queries),
        probe_until=at + state.pace.probe,
        owed=(*state.owed, PROBE_TOKEN)[-FENCES_KEPT:],
        stirred_at=at,
    )
    return state, [Query(names + ABILITIES)]


def _trusting(state: State) -> State:
    """What is known counts, until the printer shows otherwise."""
    assert state.known is not None
    return replace(state, echoes=state.known.echo, fencing=state.known.fences)


def named(state: State, text: bytes) -> State:
    if not state.named:
        return state
    state = replace(state, names=(*state.names, name_of(text)))
    if state.known is None:
        return state
    expected = state.known.names
    if state.names == expected:
        return _trusting(state)
    if state.names == expected[: len(state.names)] or (
        expected and len(state.names) > len(expected)
    ):
        return state
    return replace(state, known=None, echoes=None, fencing=None, queries=STATUS_QUERIES)


def told_paper(state: State) -> State:
    return _shown(state, paper=True)


def told_by_itself(state: State) -> State:
    return _shown(state, auto=True)


def told_setting(state: State, what: int, value: bytes) -> State:
    return _shown(state, paper_mm=width_of(value)) if what == WIDTH_SETTING else state


def _shown(state: State, **what: bool | int | None) -> State:
    if state.probe is None:
        return state
    return replace(state, probe=replace(state.probe, **what))  # type: ignore[arg-type]


def timed_out(state: State) -> State:
    """It will not answer the rest; one that cannot print any more is asked again when it can."""
    if state.status.state not in CAN_PRINT:
        return replace(state, probe=None)
    return learnt(state, echo=False)


def learnt(state: State, *, echo: bool) -> State:
    if state.probe is None:
        # The echo came after all, when nobody waited for it any more.
        late = state.known is not None and replace(state.known, echo=True)
        return replace(state, known=late) if late else state
    known = replace(state.probe, echo=echo, names=state.names)
    owed = tuple(token for token in state.owed if token != PROBE_TOKEN) if echo else state.owed
    return _trusting(replace(state, known=known, probe=None, owed=owed))
