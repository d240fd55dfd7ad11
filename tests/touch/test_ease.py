"""The touch window for who sees, reaches or presses with effort, and on the screen it is given."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.touch.scene import buttons, press

if TYPE_CHECKING:
    from tests.touch.conftest import Open


def test_big_text_and_contrast_are_one_key_away_and_end_with_the_visit(open_touch: Open, centre):
    window, seconds = open_touch(centre, idle_seconds=5, warning_seconds=5)
    press(window.window, "Trợ năng")
    press(window.window, "Chữ lớn")
    press(window.window, "Tương phản cao")
    press(window.window, "Hạ thấp nút")
    press(window.window, "Đóng")
    state = window.bridge.state
    on = (state.big, state.contrast, state.reach, state.menu)
    seconds.now += 100
    window.bridge.tick()
    state = window.bridge.state

    assert on == (True, True, True, False)
    assert (state.big, state.contrast, state.reach) == (False, False, False)


def test_reach_mode_brings_every_key_into_the_lower_band(open_touch: Open, centre):
    window, _ = open_touch(centre)
    window.bridge.fold(replace(window.bridge.state, reach=True))
    window.window.grabWindow()
    px_per_mm = window.window.height() / 476
    highest = min(piece.rect.top() for piece in buttons(window.window.contentItem()))

    assert 700 + (window.window.height() - highest) / px_per_mm <= 1220 - 120


def test_every_key_can_be_reached_and_left_with_the_tab_key(open_touch: Open, centre):
    window, seconds = open_touch(centre)
    seen: list[object] = []
    for _ in range(40):
        QTest.keyClick(window.window, Qt.Key.Key_Tab)
        seconds.now += 1
        seen.append(window.window.activeFocusItem())
    keys = {piece.item for piece in buttons(window.window.contentItem())}

    assert keys <= set(seen)


def test_a_screen_that_is_not_there_is_told_and_the_first_one_used(
    open_touch: Open, centre, caplog, qapp
):
    window, _ = open_touch(centre, screen="HDMI-9")

    assert "no screen 'HDMI-9'" in caplog.text
    assert window.window.screen() is qapp.primaryScreen()


def test_full_screen_fills_the_named_screen(open_touch: Open, centre, qapp):
    screen = qapp.primaryScreen()
    window, _ = open_touch(centre, screen=screen.name())
    window.window.showFullScreen()

    assert window.window.geometry() == screen.geometry()
