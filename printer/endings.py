"""How a slip ends, and how the next one becomes possible."""

from __future__ import annotations

from dataclasses import replace

from printer.state import Phase, State
from printer.status import Reason
from printer.talk import Job, Settle


def settle(state: State, job: Job, result: str, evidence: str = "", *, reason: str = "") -> State:
    return replace(state, settling=(*state.settling, Settle(job, result, evidence, reason)))


def free(state: State) -> State:
    """Ready for the next slip."""
    return replace(state, phase=Phase.READY, job=None, data=b"", sent=0, paper_at=None, wanted=True)


def printed(state: State, evidence: str) -> State:
    """The slip under way is on paper; unknown when that may be two papers."""
    under_way = state.fences[-1]
    if under_way.doubt:
        state = settle(state, under_way.job, "unknown", evidence, reason=under_way.doubt)
    else:
        state = settle(state, under_way.job, "printed", evidence)
    loose = evidence == "status"
    return free(replace(state, fences=state.fences[:-1], torn=False, loose=loose))


def give_up(state: State, reason: str) -> State:
    """Lets go of the slip under way: back in line if not a byte got out, else unknown."""
    assert state.job is not None
    doubts = [one.doubt for one in state.fences if one.job is state.job]
    seen = [doubt for doubt in doubts if doubt in (Reason.PAPER_OUT, Reason.COVER_OPEN)]
    reason = seen[-1] if state.sent and seen else reason
    state = settle(state, state.job, "unknown" if state.sent else "queued", reason=reason)
    if state.phase is Phase.SENDING:
        # Its fence, the last of its bytes, never went out whole.
        fences = state.fences if state.sent else state.fences[:-1]
        state = replace(state, fences=fences, owed=state.owed[:-1])
    torn = state.torn or state.sent > 0
    return replace(state, job=None, data=b"", sent=0, paper_at=None, torn=torn)
