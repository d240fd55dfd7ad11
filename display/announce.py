"""What the loudspeaker says next: one row of calls for each loudspeaker, first come, first said.

A state says what waits; the functions give the next state and change nothing. A call is said in
parts: chime and first language, then the other languages, then all that once more if so set. More
than the first part is said only while nobody else waits, which is decided when its turn comes. Who
follows another has no chime, and in a long row numbers to one counter are said in one phrase. A
call that was answered meanwhile is not said at all.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from display.speech import AFTER_CHIME, silence

if TYPE_CHECKING:
    from collections.abc import Collection, Container, Mapping, Sequence

    from display.speech import Voice
    from kiosk.board import Board, Call
    from kiosk.tickets import Counter

MOST_PER_CHIME: Final = 4
"""Who follows another without a pause has no chime, for people are listening; but every few."""
TOGETHER_FROM: Final = 6
MOST_TOGETHER: Final = 4
MOST_WAITING: Final = 30
"""About a minute and a half of speech; who was called earlier has been seen on the board."""
FRESH_SECONDS: Final = 10.0


@dataclass(frozen=True, slots=True)
class Part:
    """What is said in one breath: ``calls``, all to one counter, in ``language`` ("" for none)."""

    calls: tuple[Call, ...]
    language: str
    chime: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """``waiting`` are the calls to be said, the next one first; ``left`` what is still to be said
    of the present ones. ``seen`` is the latest event taken in, None before the first board.
    ``chimed`` counts the calls since the last chime, ``lost`` those that had no room in the row."""

    seen: int | None = None
    waiting: tuple[Call, ...] = ()
    left: tuple[Part, ...] = ()
    chimed: int = 0
    lost: int = 0


def counters_in(counters: Mapping[int, Counter], zones: Collection[str]) -> frozenset[int]:
    """Those of the zones; without any zones all of them."""
    return frozenset(n for n, counter in counters.items() if not zones or counter.zone in zones)


def hear(row: Row, board: Board, counters: Container[int]) -> Row:
    """Takes in a board: its new calls to these counters join the end of the row.

    A recall of a number that still waits to be said is that call; any other one is a new call.
    Calls that were taken back or answered leave. Of the first board, or one whose sequence ran back
    (a store that was restored), only what was called in the last seconds is said.
    """
    gone = board.undone | board.answered
    known = row
    if row.seen is None or board.seq < row.seen:
        fresh = [c for c in board.calls if (board.at - c.at).total_seconds() <= FRESH_SECONDS]
        known = Row(seen=min((call.seq for call in fresh), default=board.seq + 1) - 1)
    new = sorted((c for c in board.calls if c.seq > (known.seen or 0)), key=lambda c: c.seq)
    waiting = [call for call in known.waiting if call.seq not in gone]
    meant = {(call.number, call.counter) for call in waiting}
    for call in new:
        to = (call.number, call.counter)
        if call.counter in counters and call.seq not in gone and to not in meant:
            waiting.append(call)
            meant.add(to)
    seen = max((board.seq, known.seen or 0, *(call.seq for call in new)))
    lost = max(0, len(waiting) - MOST_WAITING)
    left = tuple(part for part in known.left if not {call.seq for call in part.calls} <= gone)
    return Row(seen, tuple(waiting[lost:]), left, known.chimed, row.lost + lost)


def take(
    row: Row, languages: Sequence[str], times: int, *, follows: bool = False
) -> tuple[Row, Part | None]:
    """The next part, and the row without it; None when nothing is left to say.

    ``follows``: something was said just before, so that people are listening.
    """
    depth = len(row.waiting)
    if not depth:
        return replace(row, left=row.left[1:]), row.left[0] if row.left else None
    calls = row.waiting[:1]
    if depth >= TOGETHER_FROM:
        same = [call for call in row.waiting if call.counter == calls[0].counter]
        calls = tuple(same[:MOST_TOGETHER])
    shared = follows and row.chimed < MOST_PER_CHIME
    first, *others = [Part(calls, language) for language in languages] or [Part(calls, "")]
    after = replace(
        row,
        waiting=tuple(call for call in row.waiting if call not in calls),
        left=(*others, *[first, *others] * (times - 1)),
        chimed=row.chimed + 1 if shared else 1,
    )
    return after, replace(first, chime=not shared)


def sound(part: Part, voices: Sequence[Voice], chime: bytes) -> bytes:
    """The chime, then what is said; where the voice has no clips for it, the chime alone."""
    numbers, counter = [call.number for call in part.calls], part.calls[0].counter
    said = [
        voice.say(numbers, counter)
        for voice in voices
        if voice.language == part.language and voice.can_say(numbers, counter)
    ]
    if not part.chime:
        return b"".join(said) or chime
    return b"".join((chime, silence(AFTER_CHIME), *said)) if said else chime
