"""Which part of the hall a board shows; pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from kiosk.board import Board
    from kiosk.tickets import Counter


def in_zones(board: Board, counters: Mapping[int, Counter], zones: Collection[str]) -> Board:
    """The board with the calls to these zones' counters and the lines that they take; the whole
    one where no zone is named. A counter that is none any more is in no zone."""
    if not zones:
        return board
    here = {number for number, counter in counters.items() if counter.zone in zones}
    return replace(
        board,
        calls=tuple(call for call in board.calls if call.counter in here),
        lines=tuple(line for line in board.lines if here.intersection(line.counters)),
    )
