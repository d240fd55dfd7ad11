"""The printer's owner as a function: what happened, and what to do about it. No clock, no wire.

A slip's way:   Fetch -> Mark (the outbox says "sending") -> Write -> fence -> Settle.
Nothing is written before Mark has succeeded, nothing is fetched before the last Settle has, and no
slip starts without a status younger than ``Pace.fresh`` that says the printer can print.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeAlias

from printer import learning
from printer.endings import free, give_up, printed, settle
from printer.escpos import RESTART, TOKEN_LENGTH, fence, telling
from printer.heard import heard, look
from printer.state import (
    FENCES_KEPT,
    NEVER,
    Drain,
    Fence,
    Phase,
    State,
    knows,
    may_fetch,
    tells,
    why_silent,
)
from printer.status import CAN_PRINT, OK, UNKNOWN, Reason, fault
from printer.talk import (
    Balked,
    Close,
    Command,
    Dropped,
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
    Pad,
    Poked,
    Remember,
    Remembered,
    Report,
    Reported,
    Settle,
    Settled,
    Spoiled,
    Stop,
    Tick,
    Write,
    Wrote,
)

Step: TypeAlias = tuple[State, list[Command]]


def step(state: State, event: Event) -> Step:
    """What the printer's owner becomes by ``event``, and what is to be done now, in order."""
    state, first = _take(state, event)
    state, then = _go_on(state, event.at)
    state, store = _tell(state, event.at)
    return state, first + then + store


# What happened


def _take(state: State, event: Event) -> Step:
    match event:
        case Poked():
            return replace(state, wanted=True), []
        case Stop(at):
            until = min(state.fence_until, at + state.pace.farewell)
            return replace(state, stopping=True, fence_until=until), []
        case Opened(at):
            return _opened(state, at), [Pad()] if state.torn and state.answers else []
        case Gone():
            return _gone(state, event), []
        case Heard(at, replies):
            return heard(state, at, replies)
        case Found(_, job, data):
            return replace(state, phase=Phase.MARKING, job=job, data=data, balks=0), [Mark(job)]
        case Spoiled(_, job, reason):
            state = replace(state, phase=Phase.READY, balks=0)
            return settle(state, job, "failed", reason=reason), []
        case Empty():
            return replace(state, phase=Phase.READY, wanted=False, balks=0), []
        case Marked(at):
            return _marked(state, at)
        case Dropped():
            return free(replace(state, balks=0)), []
        case Wrote(at, count):
            return _wrote(state, at, count)
        case Settled():
            return replace(state, settling=state.settling[1:], settle_busy=False, balks=0), []
        case Reported(at, status):
            beat = at + state.pace.beat
            state = replace(state, reported=status, report_busy=False, next_report=beat)
            return state, []
        case Remembered(_, known):
            return replace(state, kept=known, keep_busy=False, balks=0), []
        case Balked():
            return _balked(state, event), []
        case Tick():
            return state, []


def _opened(state: State, at: float) -> State:
    state = replace(state, phase=Phase.READY, stirred_at=at, opened_at=at)
    state = replace(state, round=None, next_poll=at, asked=())
    state = replace(state, named=False, names=(), probe=None)
    if state.answers or state.broke_in not in (None, Phase.OPENING):
        return state
    return replace(state, status=OK, checked_at=at)


def _gone(state: State, event: Gone) -> State:
    broke_in = state.phase
    if state.job is not None:
        state = give_up(replace(state, sent=state.sent + event.sent), event.reason)
    if state.loose and event.at - state.stirred_at < state.pace.fence:
        state = replace(state, torn=True)
    failures, brief = state.failures + 1, state.brief
    if broke_in is not Phase.OPENING:
        brief = brief + 1 if event.at - state.opened_at < state.pace.brief else 0
    # A printer that merely hung up an idle line is called again at once and nobody hears of it.
    stood = broke_in is not Phase.OPENING and brief <= 1
    hung_up = state.answers and failures == 1 and stood
    status = UNKNOWN if hung_up else fault(Reason(event.reason))
    wait = 0.0 if hung_up else _nth(state.pace.retries, max(failures, brief - 1))
    return replace(
        state,
        phase=Phase.CLOSED,
        broke_in=broke_in,
        failures=failures,
        brief=brief,
        next_open=event.at + wait,
        status=status,
        checked_at=NEVER,
        round=None,
        probe=None,
        said=UNKNOWN,
        unmarked=False,
        # Another printer may answer next; and answers to the old GS r may still come, where a
        # print server or a serial line stands between.
        echoes=None,
        fencing=None,
        stirred_at=event.at,
    )


def _nth(waits: tuple[float, ...], count: int) -> float:
    return waits[min(count, len(waits)) - 1]


def _balked(state: State, event: Balked) -> State:
    balks = state.balks + 1
    wait = event.at + _nth(state.pace.store_retries, balks)
    state = replace(state, balks=balks, next_store=wait)
    match event.command:
        case Settle():
            return replace(state, settle_busy=False)
        case Report():
            return replace(state, report_busy=False, next_report=max(wait, state.next_report))
        case Remember():
            return replace(state, keep_busy=False)
        case Fetch():
            return replace(state, phase=Phase.READY)
        case Mark():
            return replace(state, unmarked=True)


def _marked(state: State, at: float) -> Step:
    job = state.job
    assert job is not None
    state = replace(state, balks=0, sent=0, progress_at=at, phase=Phase.SENDING)
    if tells(state):
        state = replace(state, data=telling(state.data))
    if state.torn:
        state = replace(state, data=RESTART + state.data)
    if state.answers:
        state = _with_fence(state, job, at)
    return state, [Write(state.data)]


def _with_fence(state: State, job: Job, at: float) -> State:
    token = _token(state.serial)
    # What a printer that can print has not answered all this time was lost and never will come.
    owed = () if at - state.stirred_at >= state.pace.fence else state.owed
    return replace(
        state,
        serial=state.serial + 1,
        data=state.data + fence(token),
        fences=(*state.fences, Fence(job, token, at))[-FENCES_KEPT:],
        owed=(*owed, token)[-FENCES_KEPT:],
        doubtful=bool(owed),
    )


def _token(serial: int) -> bytes:
    """Four printable characters; they come round after 78 million slips."""
    digits = bytearray()
    for _ in range(TOKEN_LENGTH):
        serial, digit = divmod(serial, 94)
        digits.append(0x21 + digit)
    return bytes(reversed(digits))


def _wrote(state: State, at: float, count: int) -> Step:
    state = replace(state, sent=state.sent + count)
    if state.sent < len(state.data):
        return _stalled(state, at, count)
    if not state.answers:
        assert state.job is not None
        state = settle(state, state.job, "printed", state.evidence)
        state = replace(state, status=OK, checked_at=at, failures=0, broke_in=None, torn=False)
        return free(replace(state, loose=state.evidence == "sent", stirred_at=at)), []
    state = replace(
        state,
        phase=Phase.FENCED,
        fenced_at=at,
        fence_until=at + (state.pace.farewell if state.stopping else state.pace.fence),
        paper_at=None,
        stirred_at=at,
        next_poll=at + state.pace.poll,
    )
    return state, []


def _stalled(state: State, at: float, count: int) -> Step:
    if count:
        return replace(state, progress_at=at), [Write(state.data[state.sent :])]
    limit = state.pace.farewell if state.stopping else state.pace.give_up
    still = at - state.progress_at
    if still >= limit:
        said, why = state.said, why_silent(state, at)
        state = _gone(state, Gone(at, why.reason or Reason.SILENT))
        # It was not the wire that failed, so what it said may hold over the next one too.
        return replace(state, said=said, status=why), [Close()]
    if still >= state.pace.stall:
        state = replace(state, status=why_silent(state, at), checked_at=NEVER)
    if still >= state.pace.stop:
        state = _stood_still(state)
    return state, [Write(state.data[state.sent :])]


def _stood_still(state: State) -> State:
    """A printer whose buffer is full answers nothing; one that does not tell by itself either may
    have stood without paper."""
    if tells(state) or not state.fences:
        return state
    *older, under_way = state.fences
    doubt = under_way.doubt or Reason.SILENT
    return replace(state, fences=(*older, replace(under_way, doubt=doubt)))


# What comes next


def _tell(state: State, at: float) -> Step:
    """What the store is to be told."""
    commands: list[Command] = []
    if at < state.next_store:
        return state, []
    if state.settling and not state.settle_busy:
        commands.append(state.settling[0])
        state = replace(state, settle_busy=True)
    changed = state.status != state.reported
    if knows(state) and not state.report_busy and (changed or at >= state.next_report):
        commands.append(Report(state.status))
        state = replace(state, report_busy=True)
    if state.known != state.kept and not state.keep_busy:
        commands.append(Remember(state.known))
        state = replace(state, keep_busy=True)
    return state, commands


def _go_on(state: State, at: float) -> Step:
    match state.phase:
        case Phase.CLOSED if at >= state.next_open and not state.stopping:
            return replace(state, phase=Phase.OPENING), [Open()]
        case Phase.MARKING if state.unmarked and state.job and at >= state.next_store:
            return replace(state, unmarked=False), [Mark(state.job)]
        case Phase.READY:
            return _ready(state, at)
        case Phase.FENCED:
            return _fenced(state, at)
        case _:
            return state, []


def _ready(state: State, at: float) -> Step:
    if state.round is not None:
        return _round_timed_out(state, at) if at >= state.round_until else (state, [])
    if state.probe is not None and at >= state.probe_until:
        state = learning.timed_out(state)
    stale = state.status.state in CAN_PRINT and at - state.checked_at >= state.pace.fresh
    if not state.answers:
        if at >= state.next_poll:
            state = replace(state, wanted=True, next_poll=at + state.pace.poll)
    elif at >= state.next_poll or (state.wanted and stale and not state.stopping):
        return look(state, at)
    if learning.is_due(state):
        return learning.ask(state, at)
    if may_fetch(state) and at >= state.next_store:
        return replace(state, phase=Phase.FETCHING), [Fetch()]
    return state, []


def _round_timed_out(state: State, at: float) -> Step:
    if state.drain is Drain.DRAINING:
        return look(replace(state, unanswered=0, asked=()), at)
    if state.phase is Phase.FENCED and at - state.fenced_at >= state.pace.roll:
        state = _stood_still(state)
    failures = state.failures + 1
    wait = at + _nth(state.pace.retries, failures)
    state = replace(
        state,
        round=None,
        status=why_silent(state, at),
        checked_at=NEVER,
        failures=failures,
        stirred_at=at,
        next_poll=at + state.pace.poll if state.phase is Phase.FENCED else wait,
    )
    if state.phase is Phase.FENCED or any(at - one.at < state.pace.late for one in state.fences):
        return state, []
    if at - max(state.opened_at, state.heard_at) < state.pace.hush:
        return replace(state, next_poll=at + state.pace.poll), []
    state = replace(state, phase=Phase.CLOSED, next_open=wait, broke_in=Phase.READY, probe=None)
    return state, [Close()]


def _fenced(state: State, at: float) -> Step:
    grace_over = state.paper_at is not None and at >= state.paper_at + state.pace.grace
    if grace_over and state.echoes is None:
        return _ready(printed(replace(state, echoes=False), "queued"), at)
    if at >= state.fence_until:
        return _ready(_fence_timed_out(state, at), at)
    if state.round is not None:
        return _round_timed_out(state, at) if at >= state.round_until else (state, [])
    return look(state, at) if at >= state.next_poll else (state, [])


def _fence_timed_out(state: State, at: float) -> State:
    well = state.status.state in CAN_PRINT
    # Of a printer that used to echo, GS r's answer may be noise, unless it has been well since.
    if state.paper_at is not None and (
        not state.echoes or (well and state.checked_at > state.paper_at)
    ):
        return printed(replace(state, echoes=False), "queued")
    idle = well and state.checked_at > state.fenced_at
    if idle and not state.fencing:
        return printed(replace(state, fencing=False), "status")
    # What it used to answer it may have lost, or it is another printer: only one slip waits.
    state = replace(state, echoes=None, fencing=False if idle else None, stirred_at=at)
    return free(give_up(state, state.status.reason or Reason.SILENT))
