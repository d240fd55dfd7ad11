"""The order in which calls are shown large: one at a time, none overwritten, none lost.

All moments are seconds of one steady clock. A state says what is shown now and what waits; the
functions give the next state and change nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from kiosk.board import Board, Call

HOLD_SECONDS: Final = 5.0
SHORTEST_SECONDS: Final = 2.0
SHORTER_PER_CALL: Final = 0.75
FRESH_SECONDS: Final = 10.0


@dataclass(frozen=True, slots=True)
class Showing:
    """``hero`` is the call shown large since ``since``; ``line`` the calls that wait for that.

    ``seen`` is the latest event taken in, None before the first board. ``live`` is False when the
    hero was found at start-up, so that a restart neither chimes nor blinks for an old call.
    """

    seen: int | None = None
    hero: Call | None = None
    since: float = 0.0
    live: bool = False
    line: tuple[Call, ...] = ()


def hold_seconds(waiting: int) -> float:
    """How long the hero stays while ``waiting`` calls stand behind it: less as the line grows."""
    return max(SHORTEST_SECONDS, HOLD_SECONDS - SHORTER_PER_CALL * (waiting - 1))


def hear(state: Showing, board: Board, now: float) -> Showing:
    """Takes in a board: its new calls join the line's tail, and the next hero goes up if it may.

    The first board gives only its latest call, as does one whose sequence ran back (a store that
    was restored). A board without calls (a new day) takes the old hero down, and a call that was
    taken back leaves hero and line.
    """
    if state.seen is None or board.seq < state.seen:
        return _begin(board, now)
    new = tuple(sorted((c for c in board.calls if c.seq > _seen(state)), key=lambda c: c.seq))
    seen = max((board.seq, _seen(state), *(call.seq for call in new)))
    line = tuple(call for call in state.line + new if call.seq not in board.undone)
    heard = replace(state, seen=seen, line=line)
    if heard.hero is not None and heard.hero.seq in board.undone:
        heard = _take_down(heard, board, now)
    if not board.calls and not heard.line:
        heard = replace(heard, hero=None, live=False)
    return tick(heard, now)


def tick(state: Showing, now: float) -> Showing:
    """Raises the next call when the present one has had its time; at most one per look."""
    at = due(state)
    if at is None or now < at:
        return state
    return replace(state, hero=state.line[0], since=now, live=True, line=state.line[1:])


def due(state: Showing) -> float | None:
    """When the next call goes up, or None while nothing waits."""
    if not state.line:
        return None
    if state.hero is None:
        return state.since
    return state.since + hold_seconds(len(state.line))


def _take_down(state: Showing, board: Board, now: float) -> Showing:
    """The next call goes up in place of the undone one; else, quietly, the call before it."""
    if state.line:
        return replace(state, hero=state.line[0], since=now, live=True, line=state.line[1:])
    before = max(board.calls, key=lambda call: call.seq, default=None)
    return replace(state, hero=before, since=now, live=False)


def _seen(state: Showing) -> int:
    return -1 if state.seen is None else state.seen


def _begin(board: Board, now: float) -> Showing:
    latest = max(board.calls, key=lambda call: call.seq, default=None)
    if latest is None:
        return Showing(seen=board.seq, since=now)
    fresh = (board.at - latest.at).total_seconds() <= FRESH_SECONDS
    return Showing(seen=max(board.seq, latest.seq), hero=latest, since=now, live=fresh)
