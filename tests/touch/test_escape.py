"""No key, no button and no gesture leads out of the citizen's window, or behind the staff door."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kiosk.touch.state import Screen
from tests.escaping import try_everything
from tests.touch.contents import fill
from tests.touch.office import office
from tests.touch.screens import SCREENS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.touch.conftest import Open


@pytest.mark.parametrize("begun_on", ["home", "keypad", "staff-pin"])
def test_nothing_leads_out_of_the_window(open_touch: Open, tmp_path: Path, begun_on: str) -> None:
    screen = SCREENS[begun_on]
    centre = office(tmp_path / "kiosk.db", screen.services)
    fill(centre)
    touch, _ = open_touch(centre)
    touch.window.showFullScreen()
    screen.go(centre, touch.bridge)

    led_out = try_everything(touch.window, lambda: touch.bridge.state.screen is not Screen.DOOR)

    assert led_out == []
