"""What the loudspeaker says next: one row of calls for each loudspeaker, first come, first said.

A state says what waits; the functions give the next state and change nothing. As the row grows,
what is said for each call gets shorter: first it is not said twice, then in one language only, then
several calls share one chime. A call that was answered meanwhile is not said at all.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from display.speech import AFTER_CHIME, BETWEEN_PHRASES, silence

if TYPE_CHECKING:
    from collections.abc import Collection, Container, Iterator, Mapping, Sequence

    from display.speech import Voice
    from kiosk.board import Board, Call
    from kiosk.tickets import Counter

ONCE_FROM: Final = 3
"""So many calls wait: each is said only once."""
ONE_LANGUAGE_FROM: Final = 5
TOGETHER_FROM: Final = 3
"""So many calls wait: they share a chime."""
MOST_TOGETHER: Final = 4
MOST_WAITING: Final = 30
"""About a minute and a half of speech; who was called earlier has been seen on the board."""
FRESH_SECONDS: Final = 10.0


@dataclass(frozen=True, slots=True)
class Row:
    """``waiting`` are the calls to be said, the next one first; ``seen`` is the latest event taken
    in, None before the first board. ``lost`` counts the calls that had no room in the row."""

    seen: int | None = None
    waiting: tuple[Call, ...] = ()
    lost: int = 0


@dataclass(frozen=True, slots=True)
class Announcement:
    """One chime and what follows it: ``calls`` in ``languages``, all of that ``times`` times."""

    calls: tuple[Call, ...]
    languages: tuple[str, ...]
    times: int = 1

    @property
    def numbers(self) -> tuple[tuple[int, tuple[str, ...]], ...]:
        """By counter, in the order in which they are said."""
        found: dict[int, list[str]] = {}
        for call in self.calls:
            found.setdefault(call.counter, []).append(call.number)
        return tuple((counter, tuple(numbers)) for counter, numbers in found.items())


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
    return Row(seen, tuple(waiting[lost:]), row.lost + lost)


def take(row: Row, languages: Sequence[str], times: int) -> tuple[Row, Announcement | None]:
    """The next announcement, and the row without it; None while nothing waits."""
    depth = len(row.waiting)
    if not depth:
        return row, None
    calls = _together(row.waiting) if depth >= TOGETHER_FROM else row.waiting[:1]
    left = tuple(call for call in row.waiting if call not in calls)
    spoken = tuple(languages[:1] if depth >= ONE_LANGUAGE_FROM else languages)
    often = 1 if depth >= ONCE_FROM else times
    return replace(row, waiting=left), Announcement(calls, spoken, often)


def sound(announcement: Announcement, voices: Sequence[Voice], chime: bytes) -> bytes:
    """The chime, then what is said; a number that a voice has no clips for is left to the chime."""
    said = [
        voice.say(numbers, counter)
        for _ in range(announcement.times)
        for voice in voices
        if voice.language in announcement.languages
        for counter, numbers in _sayable(announcement, voice)
    ]
    parts = [chime]
    for n, part in enumerate(said):
        parts += [silence(BETWEEN_PHRASES if n else AFTER_CHIME), part]
    return b"".join(parts)


def _sayable(announcement: Announcement, voice: Voice) -> Iterator[tuple[int, tuple[str, ...]]]:
    for counter, numbers in announcement.numbers:
        known = tuple(number for number in numbers if voice.can_say((number,), counter))
        if known:
            yield counter, known


def _together(waiting: Sequence[Call]) -> tuple[Call, ...]:
    """The first call, others to its counter, then those behind it, as far as there is room."""
    first = waiting[0]
    same = [call for call in waiting if call.counter == first.counter]
    rest = [call for call in waiting if call.counter != first.counter]
    return tuple([*same, *rest][:MOST_TOGETHER])
