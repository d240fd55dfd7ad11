"""Which calls stand large: each at once when it is heard, none covered before it could be read.

The eyes do not wait for the ears: a new call goes up with the frame that follows it, whatever is
still being spoken. All moments are seconds of one steady clock. A state says what is up; the
functions give the next state and change nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kiosk.board import Board, Call

TOGETHER_SECONDS: Final = 12.0
"""How long a call stands out beside later ones: time to look up, to find it and to read it."""
PAGE_SECONDS: Final = 4.0
"""How long a page of fresh calls stands, where more were called than the board has places."""
FRESH_SECONDS: Final = 10.0


@dataclass(frozen=True, slots=True)
class Raised:
    """A call that stands out since ``since``. ``live`` is False for one that was found at start-up
    or came back, so that it neither chimes nor blinks."""

    call: Call
    since: float
    live: bool = True


@dataclass(frozen=True, slots=True)
class Showing:
    """``up`` are the calls that stand out, the newest first; the first of them stands until another
    one comes. ``seen`` is the latest event taken in, None before the first board."""

    seen: int | None = None
    up: tuple[Raised, ...] = ()

    @property
    def hero(self) -> Call | None:
        """The newest call."""
        return self.up[0].call if self.up else None


@dataclass(frozen=True, slots=True)
class Places:
    """What of ``up`` stands where: on cards, and at the head of the list as many as it holds."""

    cards: tuple[Raised, ...]
    rows: tuple[Raised, ...]


def hold_seconds(calls: int, places: int) -> float:
    """How long each of so many fresh calls stands out: with more calls than places they take turns,
    and none goes before all turns have come."""
    turns = -(-calls // max(1, places))
    return TOGETHER_SECONDS if turns <= 1 else max(TOGETHER_SECONDS, (turns + 1) * PAGE_SECONDS)


def hear(state: Showing, board: Board, now: float) -> Showing:
    """Takes in a board: all its new calls go up, the newest first, each number once.

    The first board gives its calls of the last seconds, or else quietly its latest one, as does one
    whose sequence ran back (a store that was restored). A board without calls (a new day) takes all
    down, and a call that was taken back leaves.
    """
    if state.seen is None or board.seq < state.seen:
        return _begin(board, now)
    if not board.calls:
        return Showing(seen=board.seq)
    new = sorted((c for c in board.calls if c.seq > state.seen), key=lambda call: -call.seq)
    seen = max((board.seq, state.seen, *(call.seq for call in new)))
    raised = [Raised(call, now) for call in new]
    raised += [known for known in state.up if known.call.seq not in board.undone]
    up: dict[str, Raised] = {}
    for known in raised:
        up.setdefault(known.call.number, known)
    if not up:
        up = {known.call.number: known for known in _latest(board, now)}
    return Showing(seen=seen, up=tuple(up.values()))


def tick(state: Showing, now: float, places: int = 1) -> Showing:
    """Takes down what had its time; the newest call stays. ``places``: calls seen at one time."""
    if len(state.up) < 2:
        return state
    hold = hold_seconds(len(state.up), places)
    up = tuple(known for at, known in enumerate(state.up) if at == 0 or now - known.since < hold)
    return state if len(up) == len(state.up) else replace(state, up=up)


def arrived(before: Showing, after: Showing) -> tuple[Call, ...]:
    """The calls that are to be heard: those that went up since ``before``, the first first."""
    known = {raised.call.seq for raised in before.up}
    new = [raised.call for raised in after.up if raised.live and raised.call.seq not in known]
    return tuple(sorted(new, key=lambda call: call.seq))


def placed(state: Showing, now: float, cards: int, rows: int) -> Places:
    """The newest calls on the cards, the others highlighted at the head of the list.

    Where they are more than its ``rows``, those take turns, so that nobody's call is never seen.
    """
    shown, rest = state.up[: max(1, cards)], state.up[max(1, cards) :]
    if len(rest) > rows > 0:
        turns = -(-len(rest) // rows)
        turn = int(max(0.0, now - state.up[0].since) // PAGE_SECONDS) % turns
        rest = rest[turn * rows : (turn + 1) * rows]
    return Places(shown, tuple(rest[:rows]))


def _latest(board: Board, now: float) -> Sequence[Raised]:
    latest = max(board.calls, key=lambda call: call.seq, default=None)
    return (Raised(latest, now, live=False),) if latest else ()


def _begin(board: Board, now: float) -> Showing:
    newest = max((call.seq for call in board.calls), default=0)
    fresh: dict[str, Raised] = {}
    for call in sorted(board.calls, key=lambda call: -call.seq):
        if (board.at - call.at).total_seconds() <= FRESH_SECONDS:
            fresh.setdefault(call.number, Raised(call, now))
    up = tuple(fresh.values()) or tuple(_latest(board, now))
    return Showing(seen=max(board.seq, newest), up=up)
