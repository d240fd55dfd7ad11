"""What the printer said, and what it means for the slip under way."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeAlias

from printer import learning
from printer.capabilities import PROBE_TOKEN
from printer.endings import printed, settle
from printer.escpos import STATUS_QUERIES
from printer.state import FENCES_KEPT, NEVER, Drain, Pace, Phase, State, in_doubt
from printer.status import (
    CAN_PRINT,
    UNKNOWN,
    WELL,
    AutoStatus,
    Echo,
    Identity,
    PaperSensor,
    PrinterState,
    RealTime,
    Reason,
    Reply,
    Setting,
    auto_has_open_cover,
    auto_lacks_paper,
    has_open_cover,
    judge,
    judge_auto,
    lacks_paper,
)
from printer.talk import Ask, Command

Step: TypeAlias = tuple[State, list[Command]]


def heard(state: State, at: float, replies: tuple[Reply, ...]) -> Step:
    commands: list[Command] = []
    unasked = state.round is None
    state = replace(state, heard_at=at) if replies else state
    for reply in replies:
        match reply:
            case RealTime(bits):
                state, more = _answered(state, at, bits)
                commands += more
            case Echo(token):
                known = replace(state, echoes=True, fencing=True, stirred_at=at)
                state = _echoed(known, token)
            case PaperSensor():
                out = Reason.PAPER_OUT
                state = _doubted(state, out) if reply.out else _queue_answered(state, at)
            case Identity(text):
                state = learning.named(state, text)
            case Setting(what, value):
                state = learning.told_setting(state, what, value)
            case AutoStatus() if _of_no_use(state, at):
                pass
            case AutoStatus(bits):
                state = learning.told_by_itself(_told_by_itself(state, at, bits))
                if auto_has_open_cover(bits):
                    state = _doubted(state, Reason.COVER_OPEN)
                if auto_lacks_paper(bits):
                    state = _doubted(state, Reason.PAPER_OUT)
            case _:
                pass
    if replies and unasked and _waits_for_its_voice(state):
        state = replace(state, next_poll=at)
    return state, commands


def _of_no_use(state: State, at: float) -> bool:
    """Whether the line may be one more of those that end as soon as they stand."""
    return state.brief > 1 and at - state.opened_at < state.pace.brief


def _waits_for_its_voice(state: State) -> bool:
    """Whether any word of the printer is a reason to look at it before the time has come."""
    idle = state.phase is Phase.READY and state.round is None
    return idle and state.status.state is PrinterState.FAULT


def _told_by_itself(state: State, at: float, bits: bytes) -> State:
    """It counts at once, in whatever phase, but proves nothing: that is left to looks."""
    if not state.answers:
        return state
    status = judge_auto(bits)
    changed = status != state.status
    state = replace(state, said=status, said_at=at, status=status)
    if status.state not in CAN_PRINT:
        state = replace(state, stirred_at=at)
    if not changed:
        return state
    state = replace(state, checked_at=NEVER, progress_at=at)
    if state.round is not None:
        # Its answers may be older than this: the look is begun anew.
        return replace(state, drain=Drain.STALE) if state.drain is Drain.CLEAN else state
    return replace(state, next_poll=at) if state.phase is Phase.READY else state


def look(state: State, at: float) -> Step:
    """Begins to ask how the printer is."""
    drain = Drain.STALE if state.unanswered else Drain.CLEAN
    return _ask(replace(state, round=(), drain=drain, slowest=0.0), at, state.queries[0])


def _ask(state: State, at: float, query: int) -> Step:
    until = at + max(state.pace.answer, state.patience)
    state = replace(state, round_until=until, asked_at=at, unanswered=state.unanswered + 1)
    return replace(state, asked=(*state.asked, at)[-FENCES_KEPT:]), [Ask(query)]


def _timed(state: State, at: float) -> State:
    """With how long the answer that comes now took: a slow printer is waited for."""
    if not state.asked:
        return state
    took, asked = at - state.asked[0], state.asked[1:]
    slowest = max(state.slowest, took)
    return replace(state, asked=asked, slowest=slowest, patience=_patience(state.pace, slowest))


def _patience(pace: Pace, took: float) -> float:
    return min(1.5 * took, pace.lost) if took > pace.answer / 2 else 0.0


def _answered(state: State, at: float, bits: int) -> Step:
    state = _timed(replace(state, unanswered=max(0, state.unanswered - 1)), at)
    if state.round is None:
        return state, []
    if state.drain is not Drain.CLEAN:
        if not state.unanswered:
            return look(state, at)
        # It speaks again; which question this answers nobody knows, for some answers may be lost.
        until = max(at + state.pace.answer, state.asked_at + state.pace.lost)
        return replace(state, drain=Drain.DRAINING, round_until=until), []
    answers = (*state.round, bits)
    query = state.queries[len(state.round)]
    if has_open_cover(query, bits):
        state = _doubted(state, Reason.COVER_OPEN)
    if lacks_paper(query, bits):
        state = _doubted(state, Reason.PAPER_OUT)
    if len(answers) < len(state.queries):
        return _ask(replace(state, round=answers), at, state.queries[len(answers)])
    if _of_no_use(state, at):
        return replace(state, round=None, next_poll=state.opened_at + state.pace.brief), []
    told = dict(zip(state.queries, answers, strict=True))
    state = replace(
        state,
        status=judge(*(told.get(query, WELL) for query in STATUS_QUERIES)),
        checked_at=at,
        round=None,
        failures=0,
        broke_in=None,
        said=UNKNOWN,
        next_poll=at + state.pace.poll,
        wanted=True,
    )
    if state.status.state not in CAN_PRINT:
        return replace(state, stirred_at=at), []
    rests_on_this = state.fencing is False or in_doubt(state)
    if state.phase is Phase.FENCED and rests_on_this and _may_be_out(state, at):
        state = printed(state, "status")
    return state, []


def _may_be_out(state: State, at: float) -> bool:
    """Whether even a slow head has had the time for the slip under way: that a printer is well
    says no more than that."""
    under_way = state.fences[-1]
    return at - under_way.at >= under_way.job.millimetres / state.pace.head


def _doubted(state: State, why: Reason) -> State:
    """Each slip that is out may go on on another roll, or where the paper was pulled under an open
    cover, and its late answer would not tell; that paper is out says more than what else is."""
    out = why is Reason.PAPER_OUT
    doubted = (replace(one, doubt=why if out else one.doubt or why) for one in state.fences)
    return replace(state, fences=tuple(doubted))


def _echoed(state: State, token: bytes) -> State:
    """The slip of ``token`` is on paper: the one under way, or one given up as unknown, which
    stays so when it may be torn."""
    if token in state.owed:
        # The queue has come as far as this: what it owed for older slips will not come.
        state = replace(state, owed=state.owed[state.owed.index(token) :])
    if token == PROBE_TOKEN:
        return learning.learnt(state, echo=True)
    if _is_under_way(state, token):
        return printed(state, "ack") if state.phase is Phase.FENCED else state
    for one in state.fences:
        if one.token == token:
            if not one.doubt:
                state = settle(state, one.job, "printed", "ack")
            # Nothing was sent after it, so nothing after it is torn.
            state = replace(state, torn=state.torn and one is not state.fences[-1])
    return replace(state, fences=tuple(one for one in state.fences if one.token != token))


def _queue_answered(state: State, at: float) -> State:
    """GS r bears no name: answers are counted off, and only the slip under way may gain by one."""
    if not state.owed:
        return state
    token = state.owed[0]
    own = _is_under_way(state, token)
    if own and state.phase is Phase.SENDING:
        return state
    state = replace(state, owed=state.owed[1:], fencing=True, stirred_at=at)
    if token == PROBE_TOKEN:
        return learning.told_paper(state)
    if not own:
        return state
    return printed(state, "queued") if state.echoes is False else replace(state, paper_at=at)


def _is_under_way(state: State, token: bytes) -> bool:
    return state.phase in (Phase.SENDING, Phase.FENCED) and token == state.fences[-1].token
