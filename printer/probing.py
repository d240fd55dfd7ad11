"""Asks a printer on the spot, without its owner, for whoever sets it up; prints nothing."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from printer.capabilities import (
    ABILITIES,
    NAMES,
    PROBE_TOKEN,
    WIDTH_SETTING,
    Capabilities,
    name_of,
    width_of,
)
from printer.errors import Lost
from printer.escpos import STATUS_QUERIES, ask
from printer.status import (
    CAN_PRINT,
    UNKNOWN,
    WELL,
    AutoStatus,
    Echo,
    Identity,
    PaperSensor,
    Parser,
    PrinterStatus,
    RealTime,
    Reason,
    Reply,
    Setting,
    judge,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from printer.transport import Transport

ANSWER_SECONDS: Final = 0.7
LATE_SECONDS: Final = 3.0
"""From a question to knowing that no answer is on its way (``printer.state.Pace.lost``)."""
QUEUE_SECONDS: Final = 2.0


@dataclass(frozen=True, slots=True)
class Look:
    """How the printer is, and which DLE EOT it answered; UNKNOWN when none."""

    status: PrinterStatus
    answered: tuple[int, ...]


def look(transport: Transport, seconds: float = ANSWER_SECONDS, late: float = LATE_SECONDS) -> Look:
    """Asks DLE EOT 1 to 4 and waits ``seconds`` for each. Raises Lost.

    Answers bear no name: where some were missed it may be that all came late, and were taken for
    those to the next question. Then the rest is waited for, and all asked once more, for ``late``
    seconds each.
    """
    parser = Parser()
    bits = _asked(transport, parser, seconds)
    if 0 < len(bits) < len(STATUS_QUERIES):
        _listen(transport, parser, late, lambda _: False)
        bits = _asked(transport, parser, late)
    if not bits:
        return Look(UNKNOWN, ())
    status = judge(*(bits.get(query, WELL) for query in STATUS_QUERIES))
    return Look(status, tuple(bits))


def _asked(transport: Transport, parser: Parser, seconds: float) -> dict[int, int]:
    """What was answered to each question, so far as it was."""
    bits: dict[int, int] = {}
    for query in STATUS_QUERIES:
        _write(transport, ask(query), seconds)
        for reply in _listen(transport, parser, seconds, lambda reply: isinstance(reply, RealTime)):
            if isinstance(reply, RealTime):
                bits[query] = reply.bits
    return bits


def probe(transport: Transport, seconds: float = QUEUE_SECONDS) -> tuple[Look, Capabilities | None]:
    """How the printer is and all that it can do; None unless it can print, for then it holds its
    answers back. Raises Lost."""
    found = look(transport)
    if found.status.state not in CAN_PRINT:
        return found, None
    _write(transport, NAMES + ABILITIES, seconds)
    known = Capabilities(status=found.answered)
    for reply in _listen(transport, Parser(), seconds, lambda reply: reply == Echo(PROBE_TOKEN)):
        known = _with(known, reply)
    return found, known


def _with(known: Capabilities, reply: Reply) -> Capabilities:
    match reply:
        case Echo(token) if token == PROBE_TOKEN:
            return replace(known, echo=True)
        case PaperSensor():
            return replace(known, paper=True)
        case AutoStatus():
            return replace(known, auto=True)
        case Identity(text):
            return replace(known, names=(*known.names, name_of(text)))
        case Setting(what, value) if what == WIDTH_SETTING:
            return replace(known, paper_mm=width_of(value))
        case _:
            return known


def _write(transport: Transport, data: bytes, seconds: float) -> None:
    if transport.write(data, time.monotonic() + seconds) < len(data):
        raise Lost(Reason.SILENT)


def _listen(
    transport: Transport, parser: Parser, seconds: float, enough: Callable[[Reply], bool]
) -> list[Reply]:
    until = time.monotonic() + seconds
    replies: list[Reply] = []
    while (left := until - time.monotonic()) > 0 and not any(map(enough, replies)):
        replies += parser.feed(transport.read(left))
    return replies
