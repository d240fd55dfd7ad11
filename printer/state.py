"""What the printer's owner remembers between two events."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from printer.escpos import STATUS_QUERIES
from printer.status import CAN_PRINT, UNKNOWN, PrinterState, PrinterStatus, Reason, fault

if TYPE_CHECKING:
    from printer.capabilities import Capabilities
    from printer.talk import Job, Settle

NEVER = float("-inf")
FENCES_KEPT = 8


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds, but for ``head``."""

    poll: float = 1.0
    """Between two looks at the printer and the outbox."""
    answer: float = 0.7
    """For one DLE EOT."""
    lost: float = 3.0
    """From one DLE EOT to knowing, of a printer that speaks, that no answer is on its way."""
    hush: float = 6.0
    """Without a word over a line before it is opened anew."""
    fresh: float = 1.5
    """How long a status speaks for the printer."""
    probe: float = 2.0
    """For the answers to all that a new printer is asked."""
    head: float = 50.0
    """mm/s, of the slowest head of a receipt printer."""
    fence: float = 15.0
    """From the last byte to giving up on an answer, and from the last stir to giving up on older
    answers to GS r."""
    grace: float = 0.5
    """From GS r's answer to giving up on GS ( H's, on a printer not known to have it."""
    listen: float = 0.3
    """One attempt to write, after which the printer is listened to."""
    stall: float = 1.5
    """Without progress in a slip, or in questions, before it is a fault."""
    busy: float = 3.0
    """How long a printer that told that all is well may print what it holds before it answers."""
    stop: float = 3.0
    """Without taking a byte of a slip: no cover is opened and shut faster."""
    roll: float = 5.0
    """Without an answer after a slip: no roll is changed faster."""
    give_up: float = 60.0
    """Without progress in a slip before it is given up."""
    brief: float = 1.0
    """A line that ends sooner was of no use; after a second one in a row each must last so long
    before what is heard over it counts."""
    beat: float = 5.0
    """Between two reports of the same status."""
    late: float = 120.0
    """How long a silent printer's line is kept open for the answer to an unknown slip."""
    farewell: float = 2.0
    """For the answer to the last slip when stopping."""
    retries: tuple[float, ...] = (1.0, 2.0, 4.0, 8.0, 10.0)
    store_retries: tuple[float, ...] = (0.1, 0.2, 0.5, 1.0, 2.0)


class Phase(StrEnum):
    CLOSED = "closed"
    OPENING = "opening"
    READY = "ready"
    FETCHING = "fetching"
    MARKING = "marking"
    SENDING = "sending"
    FENCED = "fenced"


class Drain(StrEnum):
    """Whether answers to older questions may be among those to a look."""

    CLEAN = "clean"
    STALE = "stale"
    """They may: it is not a look, but asks whether the printer speaks."""
    DRAINING = "draining"
    """It speaks, and the rest is waited for."""


@dataclass(frozen=True, slots=True)
class Fence:
    """A slip that went out and whose answer has not come."""

    job: Job
    token: bytes
    at: float
    doubt: Reason = Reason.NONE
    """Why the slip may be no whole one, whatever is answered later."""


@dataclass(frozen=True, slots=True)
class State:
    pace: Pace = field(default_factory=Pace)
    answers: bool = True
    evidence: str = "sent"
    """What printed rests on where nothing answers."""
    phase: Phase = Phase.CLOSED
    stopping: bool = False

    failures: int = 0
    opened_at: float = NEVER
    brief: int = 0
    """Lines in a row that ended as soon as they stood."""
    next_open: float = NEVER
    broke_in: Phase | None = None

    status: PrinterStatus = UNKNOWN
    checked_at: float = NEVER
    """When it last answered a whole look at it."""
    said: PrinterStatus = UNKNOWN
    """What it told by itself and no look has answered since: a full buffer holds looks back."""
    said_at: float = NEVER
    round: tuple[int, ...] | None = None
    """Answers to DLE EOT so far; None between two rounds of asking."""
    round_until: float = NEVER
    unanswered: int = 0
    """DLE EOT whose answers have not come: they bear no number, but keep their order."""
    asked_at: float = NEVER
    asked: tuple[float, ...] = ()
    """When the unanswered ones were asked over this line, oldest first."""
    slowest: float = 0.0
    """How long the slowest answer of the present look took."""
    patience: float = 0.0
    """For one DLE EOT, of a printer that has shown that it answers late."""
    heard_at: float = NEVER
    next_poll: float = NEVER
    drain: Drain = Drain.CLEAN

    wanted: bool = True
    """Whether the outbox is worth a look."""
    job: Job | None = None
    unmarked: bool = False
    """Whether the outbox refused to note that ``job`` is being sent."""
    data: bytes = b""
    sent: int = 0
    progress_at: float = NEVER

    torn: bool = False
    """Whether the printer may hold the half of a slip, which would swallow the next one's head."""
    loose: bool = False
    """Whether the last slip counts as printed by the status alone, or because it was sent, and may
    be on its way."""

    serial: int = 0
    fenced_at: float = NEVER
    fence_until: float = NEVER
    paper_at: float | None = None
    """When GS r answered for the slip under way."""
    fences: tuple[Fence, ...] = ()
    """Oldest first; the last is the slip under way while SENDING and FENCED."""
    owed: tuple[bytes, ...] = ()
    """Fences whose GS r may still be answered, oldest first; the slip under way comes last."""
    doubtful: bool = False
    """Whether older ones were owed when the slip under way went out."""
    stirred_at: float = NEVER
    """When it last was sent a slip, answered a fence, or was silent, away or unable to print."""
    echoes: bool | None = None
    """Whether this printer has GS ( H; None until it showed, and again after a silence."""
    fencing: bool | None = None
    """Whether it answers any fence at all; None until it showed."""

    learns: bool = False
    """Whether it finds out what the printer can do, and remembers it."""
    known: Capabilities | None = None
    kept: Capabilities | None = None
    """What the store remembers of that."""
    keep_busy: bool = False
    queries: tuple[int, ...] = STATUS_QUERIES
    """The DLE EOT that a look at the printer consists of."""
    named: bool = False
    """Whether the printer was asked for its names over this connection."""
    names: tuple[str, ...] = ()
    """What it has answered to that so far."""
    probe: Capabilities | None = None
    """What it has shown so far that it can do, while it is asked for everything."""
    probe_until: float = NEVER

    settling: tuple[Settle, ...] = ()
    settle_busy: bool = False
    reported: PrinterStatus = UNKNOWN
    report_busy: bool = False
    next_report: float = NEVER
    next_store: float = NEVER
    balks: int = 0


def done(state: State) -> bool:
    """Whether a worker that was told to stop has nothing left to do."""
    return state.stopping and state.job is None and not state.settling


def due(state: State) -> float:
    """When the next Tick is needed."""
    times: list[float] = []
    if knows(state) and not state.report_busy:
        changed = state.status != state.reported
        times.append(state.next_store if changed else max(state.next_report, state.next_store))
    if state.settling and not state.settle_busy:
        times.append(state.next_store)
    if state.phase is Phase.CLOSED and not state.stopping:
        times.append(state.next_open)
    if state.phase in (Phase.READY, Phase.FENCED):
        times.append(state.next_poll if state.round is None else state.round_until)
    if state.probe is not None:
        times.append(state.probe_until if state.round is None else state.round_until)
    if state.known != state.kept and not state.keep_busy:
        times.append(state.next_store)
    if state.unmarked or (state.phase is Phase.READY and may_fetch(state)):
        times.append(state.next_store)
    if state.phase is Phase.FENCED:
        times.append(state.fence_until)
        if state.paper_at is not None and state.echoes is None:
            times.append(state.paper_at + state.pace.grace)
    return min(times, default=float("inf"))


def knows(state: State) -> bool:
    """Whether there is anything to report about the printer."""
    return state.status.state is not PrinterState.UNKNOWN


def tells(state: State) -> bool:
    """Whether it is a printer that tells its state by itself when it is to."""
    return state.answers and state.known is not None and state.known.auto


def doubles(state: State) -> bool:
    """Whether it is trusted to print dots twice: common clones cannot, and none of them echoes."""
    return state.echoes is True


def why_silent(state: State, at: float) -> PrinterStatus:
    """How a printer is that does not answer: as it said itself, if that is why."""
    busy = state.said.state in CAN_PRINT and at - state.said_at < state.pace.busy
    explains = busy or state.said.state is PrinterState.FAULT
    return state.said if explains else fault(Reason.SILENT)


def in_doubt(state: State) -> bool:
    """Whether GS r answers may belong to older slips, on a printer not known to have GS ( H."""
    return state.doubtful and bool(state.owed) and not state.echoes


def may_fetch(state: State) -> bool:
    """Whether the outbox may be asked for a slip."""
    return (
        state.wanted
        and not state.stopping
        and not state.settling
        and state.round is None
        and state.probe is None
        and (state.status.state in CAN_PRINT or not state.answers)
    )
