"""No key, no button and no gesture leads out of a board."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.escaping import try_everything

if TYPE_CHECKING:
    from tests.display.conftest import Hall


def test_nothing_leads_out_of_a_board(hall: Hall) -> None:
    board = hall.open(1920, 1080)
    board.window.showFullScreen()
    call = hall.call("A", 6)
    hall.until(lambda: board.bridge.shown.hero.number == call.number)

    assert try_everything(board.window, lambda: board.bridge.shown.hero.number == call.number) == []
