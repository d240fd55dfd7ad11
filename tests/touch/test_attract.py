"""The face for who is far away: it draws, and costs whoever comes no touch."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint

from kiosk.office.tickets import take_ticket
from tests.touch.office import CODE, TWELVE, issued, office
from tests.touch.scene import at, name_of, press, texts, touch

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.touch.window import TouchWindow
    from tests.hall import Seconds
    from tests.touch.conftest import Open


def rest(window: TouchWindow, seconds: Seconds, how_long: float = 60) -> bool:
    """Whether the face is there after so long without a touch."""
    seconds.now += how_long
    window.bridge.tick()
    seconds.now += 1
    window.window.grabWindow()
    return bool(window.bridge.view.attract.shown)


def test_it_comes_after_a_minute_and_says_all_in_each_language(
    open_touch: Open, centre, qtbot
) -> None:
    for _ in range(3):
        take_ticket(centre, service="A", actor="test")
    window, seconds = open_touch(centre, attract_seconds=60)
    early = rest(window, seconds, 50)
    late = rest(window, seconds, 10)
    seen = texts(window.window)
    first, second = window.bridge.view.attract.invitations

    assert (early, late) == (False, True)
    assert "Chạm vào màn hình để lấy số" in seen
    assert "3 người chờ" in seen
    assert (first.waiting, second.title) == (
        "3 người đang chờ",
        "Touch the screen to take a number",
    )


def test_a_box_on_it_gives_a_number_with_one_touch(open_touch: Open, centre, qtbot) -> None:
    window, seconds = open_touch(centre, attract_seconds=60)
    assert rest(window, seconds)
    press(window.window, name_of(window, "A"))
    qtbot.waitUntil(lambda: at(window, "ticket"))

    assert issued(centre) == 1


def test_any_other_touch_brings_home_and_presses_nothing(open_touch: Open, centre, qtbot) -> None:
    window, seconds = open_touch(centre, attract_seconds=60)
    box = name_of(window, "A")
    assert rest(window, seconds)
    spot = QPoint(window.window.width() // 4, round(window.window.height() * 0.24))
    for _ in range(3):
        touch(window.window, spot)
        window.window.grabWindow()

    assert at(window, "home")
    assert not window.bridge.view.attract.shown
    assert issued(centre) == 0
    seconds.now += 1
    press(window.window, box)
    qtbot.waitUntil(lambda: at(window, "ticket"))


def test_a_scan_is_answered_from_it(open_touch: Open, centre, qtbot) -> None:
    window, seconds = open_touch(centre, attract_seconds=60)
    assert rest(window, seconds)
    window.scanned(CODE.encode())
    qtbot.waitUntil(lambda: at(window, "dossier"))


def test_drawers_open_from_it(open_touch: Open, tmp_path: Path, qtbot) -> None:
    window, seconds = open_touch(office(tmp_path / "kiosk.db", TWELVE), attract_seconds=60)
    assert rest(window, seconds)
    press(window.window, name_of(window, "kinh-te"))
    seconds.now += 1
    window.window.grabWindow()
    press(window.window, name_of(window, "M"))
    qtbot.waitUntil(lambda: at(window, "ticket"))


def test_it_never_lies_over_somebodys_visit_nor_comes_where_it_is_off(
    open_touch: Open, centre, qtbot
) -> None:
    window, seconds = open_touch(centre, attract_seconds=5, idle_seconds=60)
    window.bridge.speak("en")
    busy = rest(window, seconds, 30)
    off, later = open_touch(replace(centre), attract_seconds=0)

    assert not busy
    assert not rest(off, later, 3600)


@pytest.mark.parametrize("way", ["language", "access"])
def test_the_keys_at_the_foot_end_it(open_touch: Open, centre, way: str) -> None:
    window, seconds = open_touch(centre, attract_seconds=60)
    assert rest(window, seconds)
    press(window.window, "English" if way == "language" else "Trợ năng")
    window.window.grabWindow()

    assert not window.bridge.view.attract.shown
