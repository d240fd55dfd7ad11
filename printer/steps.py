"""The printer's owner as a function: what happened, and what to do about it. No clock, no wire.

A slip's way:   Fetch -> Mark (the outbox says "sending") -> Write -> fence -> Settle.
Nothing is written before Mark has succeeded, nothing is fetched before the last Settle has, and no
slip starts without a status younger than ``Pace.fresh`` that says the printer can print.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeAlias

from printer.escpos import RESTART, STATUS_QUERIES, TOKEN_LENGTH, fence
from printer.state import (
    FENCES_KEPT,
    NEVER,
    Drain,
    Fence,
    Phase,
    State,
    in_doubt,
    knows,
    may_fetch,
)
from printer.status import (
    CAN_PRINT,
    OK,
    UNKNOWN,
    AutoStatus,
    Echo,
    PaperSensor,
    RealTime,
    Reason,
    Reply,
    fault,
    judge,
)
from printer.talk import (
    Ask,
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
    Poked,
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
            return _opened(state, at), []
        case Gone():
            return _gone(state, event), []
        case Heard(at, replies):
            return _heard(state, at, replies)
        case Found(_, job, data):
            return replace(state, phase=Phase.MARKING, job=job, data=data, balks=0), [Mark(job)]
        case Spoiled(_, job, reason):
            state = replace(state, phase=Phase.READY, balks=0)
            return _settle(state, job, "failed", reason=reason), []
        case Empty():
            return replace(state, phase=Phase.READY, wanted=False, balks=0), []
        case Marked(at):
            return _marked(state, at)
        case Dropped():
            return _free(replace(state, balks=0)), []
        case Wrote(at, count):
            return _wrote(state, at, count)
        case Settled():
            return replace(state, settling=state.settling[1:], settle_busy=False, balks=0), []
        case Reported(at, status):
            beat = at + state.pace.beat
            state = replace(state, reported=status, report_busy=False, next_report=beat)
            return state, []
        case Balked():
            return _balked(state, event), []
        case Tick():
            return state, []


def _opened(state: State, at: float) -> State:
    state = replace(state, phase=Phase.READY, stirred_at=at)
    state = replace(state, round=None, next_poll=at, drain=Drain.CLEAN)
    if state.answers or state.broke_in not in (None, Phase.OPENING):
        return state
    return replace(state, status=OK, checked_at=at)


def _gone(state: State, event: Gone) -> State:
    broke_in = state.phase
    if state.job is not None:
        state = _give_up(replace(state, sent=state.sent + event.sent), event.reason)
    if state.loose and event.at - state.stirred_at < state.pace.fence:
        state = replace(state, torn=True)
    failures = state.failures + 1
    # A printer that merely hung up an idle line is called again at once and nobody hears of it.
    hung_up = state.answers and failures == 1 and broke_in is not Phase.OPENING
    status = UNKNOWN if hung_up else fault(Reason(event.reason))
    wait = 0.0 if hung_up else _nth(state.pace.retries, failures)
    return replace(
        state,
        phase=Phase.CLOSED,
        broke_in=broke_in,
        failures=failures,
        next_open=event.at + wait,
        status=status,
        checked_at=NEVER,
        round=None,
        unmarked=False,
        # Another printer may answer next; and answers to the old GS r may still come, where a
        # print server or a serial line stands between.
        echoes=None,
        fencing=None,
        stirred_at=event.at,
    )


def _give_up(state: State, reason: str) -> State:
    """Lets go of the slip under way: back in line if not a byte got out, else unknown."""
    assert state.job is not None
    state = _settle(state, state.job, "unknown" if state.sent else "queued", reason=reason)
    if state.phase is Phase.SENDING:
        # Its fence, the last of its bytes, never went out whole.
        fences = state.fences if state.sent else state.fences[:-1]
        state = replace(state, fences=fences, owed=state.owed[:-1])
    torn = state.torn or state.sent > 0
    return replace(state, job=None, data=b"", sent=0, paper_at=None, torn=torn)


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
        case Fetch():
            return replace(state, phase=Phase.READY)
        case Mark():
            return replace(state, unmarked=True)


def _marked(state: State, at: float) -> Step:
    job = state.job
    assert job is not None
    state = replace(state, balks=0, sent=0, progress_at=at, phase=Phase.SENDING)
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
        state = _settle(state, state.job, "printed", state.evidence)
        state = replace(state, status=OK, checked_at=at, failures=0, broke_in=None, torn=False)
        return _free(state), []
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
    if at - state.progress_at < limit:
        state = replace(state, status=fault(Reason.SILENT), checked_at=at)
        return state, [Write(state.data[state.sent :])]
    return _gone(state, Gone(at, Reason.SILENT)), [Close()]


def _settle(state: State, job: Job, result: str, evidence: str = "", *, reason: str = "") -> State:
    return replace(state, settling=(*state.settling, Settle(job, result, evidence, reason)))


def _free(state: State) -> State:
    """Ready for the next slip."""
    return replace(state, phase=Phase.READY, job=None, data=b"", sent=0, paper_at=None, wanted=True)


# What the printer said


def _heard(state: State, at: float, replies: tuple[Reply, ...]) -> Step:
    commands: list[Command] = []
    for reply in replies:
        match reply:
            case RealTime(bits):
                state, more = _answered(state, at, bits)
                commands += more
            case Echo(token):
                known = replace(state, echoes=True, fencing=True, stirred_at=at)
                state = _echoed(known, token)
            case PaperSensor():
                if not reply.out:
                    state = _queue_answered(state, at)
            case AutoStatus() if state.phase in (Phase.READY, Phase.FENCED):
                state = replace(state, next_poll=at)
            case _:
                pass
    return state, commands


def _answered(state: State, at: float, bits: int) -> Step:
    if state.round is None or state.drain is Drain.DRAINING:
        return state, []
    if state.drain is Drain.STALE:
        # It speaks again; which question this answers nobody knows. Let it finish, then ask anew.
        until = at + state.pace.answer / 3
        return replace(state, drain=Drain.DRAINING, round_until=until), []
    answers = (*state.round, bits)
    if len(answers) < len(STATUS_QUERIES):
        state = replace(state, round=answers, round_until=at + state.pace.answer)
        return state, [Ask(STATUS_QUERIES[len(answers)])]
    state = replace(
        state,
        status=judge(*answers),
        checked_at=at,
        round=None,
        failures=0,
        broke_in=None,
        next_poll=at + state.pace.poll,
        wanted=True,
    )
    if state.status.state not in CAN_PRINT:
        return replace(state, stirred_at=at), []
    if state.phase is Phase.FENCED and (state.fencing is False or in_doubt(state)):
        state = _printed(state, "status")
    return state, []


def _printed(state: State, evidence: str) -> State:
    """The slip under way is on paper."""
    assert state.job is not None
    state = _settle(state, state.job, "printed", evidence)
    loose = evidence == "status"
    return _free(replace(state, fences=state.fences[:-1], torn=False, loose=loose))


def _echoed(state: State, token: bytes) -> State:
    """The slip of ``token`` is on paper: the one under way, or one given up as unknown."""
    if token in state.owed:
        # The queue has come as far as this: what it owed for older slips will not come.
        state = replace(state, owed=state.owed[state.owed.index(token) :])
    if _is_under_way(state, token):
        return _printed(state, "ack") if state.phase is Phase.FENCED else state
    for one in state.fences:
        if one.token == token:
            state = _settle(state, one.job, "printed", "ack")
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
    if not own:
        return state
    return _printed(state, "queued") if state.echoes is False else replace(state, paper_at=at)


def _is_under_way(state: State, token: bytes) -> bool:
    return state.phase in (Phase.SENDING, Phase.FENCED) and token == state.fences[-1].token


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
    stale = state.status.state in CAN_PRINT and at - state.checked_at >= state.pace.fresh
    if not state.answers:
        if at >= state.next_poll:
            state = replace(state, wanted=True, next_poll=at + state.pace.poll)
    elif at >= state.next_poll or (state.wanted and stale and not state.stopping):
        return _ask(state, at)
    if may_fetch(state) and at >= state.next_store:
        return replace(state, phase=Phase.FETCHING), [Fetch()]
    return state, []


def _ask(state: State, at: float) -> Step:
    state = replace(state, round=(), round_until=at + state.pace.answer)
    return state, [Ask(STATUS_QUERIES[0])]


def _round_timed_out(state: State, at: float) -> Step:
    if state.drain is Drain.DRAINING:
        return _ask(replace(state, drain=Drain.CLEAN), at)
    failures = state.failures + 1
    wait = at + _nth(state.pace.retries, failures)
    state = replace(
        state,
        round=None,
        status=fault(Reason.SILENT),
        checked_at=at,
        failures=failures,
        drain=Drain.STALE,
        stirred_at=at,
        next_poll=at + state.pace.poll if state.phase is Phase.FENCED else wait,
    )
    if state.phase is Phase.FENCED or any(at - one.at < state.pace.late for one in state.fences):
        return state, []
    return replace(state, phase=Phase.CLOSED, next_open=wait, broke_in=Phase.READY), [Close()]


def _fenced(state: State, at: float) -> Step:
    grace_over = state.paper_at is not None and at >= state.paper_at + state.pace.grace
    if grace_over and state.echoes is None:
        return _ready(_printed(replace(state, echoes=False), "queued"), at)
    if at >= state.fence_until:
        return _ready(_fence_timed_out(state, at), at)
    if state.round is not None:
        return _round_timed_out(state, at) if at >= state.round_until else (state, [])
    return _ask(state, at) if at >= state.next_poll else (state, [])


def _fence_timed_out(state: State, at: float) -> State:
    if state.paper_at is not None:
        return _printed(replace(state, echoes=False), "queued")
    idle = state.status.state in CAN_PRINT and state.checked_at > state.fenced_at
    if idle and not state.fencing:
        return _printed(replace(state, fencing=False), "status")
    # What it used to answer it may have lost, or it is another printer: only one slip waits.
    state = replace(state, echoes=None, fencing=False if idle else None, stirred_at=at)
    return _free(_give_up(state, state.status.reason or Reason.SILENT))
