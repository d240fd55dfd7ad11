"""Where one is in the window, by keys and by finger; scanners and people at one window."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest

from kiosk.look import CONTROL, contrast
from tests.touch.contents import fill
from tests.touch.keying import burst, strike, strikes
from tests.touch.office import CODE, issued
from tests.touch.scene import at, find, name_of, texts, touch


def test_a_scanner_that_types_never_operates_the_window(speaking, centre, qtbot) -> None:
    window, seconds, _ = speaking()
    strike(window, seconds, "6")
    here = window.operation.walk.item
    seconds.now += 1
    burst(window, "5555#5*5", Qt.Key.Key_Return, Qt.Key.Key_Tab, Qt.Key.Key_Return)
    seconds.now += 1
    window.operation.look()
    burst(window, "5", Qt.Key.Key_Return)
    seconds.now += 1
    window.operation.look()
    unmoved = (at(window, "home") or at(window, "unreadable"), window.bridge.state.speech)
    seconds.now += 5
    window.bridge.leave()
    burst(window, CODE, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: at(window, "dossier"))

    assert here is not None
    assert unmoved == (True, False)
    assert issued(centre) == 0


def test_a_scan_while_somebody_types_types_nothing(speaking, qtbot) -> None:
    window, seconds, _ = speaking()
    window.bridge.openKeypad()
    qtbot.wait(1)
    strikes(window, seconds, "26")
    before = window.bridge.state.entry
    seconds.now += 1
    burst(window, "12345", Qt.Key.Key_Return)
    seconds.now += 1
    window.operation.look()

    assert window.bridge.state.entry == before != ""


def test_a_key_that_is_held_down_is_one_press(speaking, centre, qtbot) -> None:
    window, seconds, _ = speaking()
    strike(window, seconds, "6")
    for _ in range(30):
        seconds.now += 0.6
        plain = Qt.KeyboardModifier.NoModifier
        held = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_5, plain, "5", True)
        window.eventFilter(window.window, held)
        window.operation.look()

    assert issued(centre) == 0
    assert at(window, "home")


def test_keys_of_the_system_do_nothing(speaking, qtbot) -> None:
    window, seconds, _ = speaking()
    strike(window, seconds, "6")
    for modifier in (Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier):
        strike(window, seconds, "5", modifier)

    assert at(window, "home")


def test_the_mark_is_seen_while_keys_are_used_and_a_touch_takes_it_away(speaking, qtbot) -> None:
    window, seconds, _ = speaking()
    before = window.window.property("focused")
    strike(window, seconds, Qt.Key.Key_Tab)
    marked = window.window.property("focused")
    touch(window.window, QPointF(2, 2))

    assert before is None
    assert marked is not None
    assert window.window.property("focused") is None


@pytest.mark.parametrize("high_contrast", [False, True])
def test_the_mark_stands_out_on_the_glass(speaking, qtbot, high_contrast: bool) -> None:
    window, seconds, _ = speaking()
    window.bridge.fold(replace(window.bridge.state, contrast=high_contrast))
    box = find(window.window, name_of(window, "A")).rect
    beside = QPointF(box.left() - 5, box.center().y()).toPoint()
    before = window.window.grabWindow().pixelColor(beside)
    strike(window, seconds, Qt.Key.Key_Tab)
    after = window.window.grabWindow().pixelColor(beside)

    assert contrast(before.name(), after.name()) >= CONTROL


def test_the_place_in_the_round_outlives_a_change_of_the_hall(speaking, centre, qtbot) -> None:
    window, seconds, _ = speaking()
    strikes(window, seconds, "666")
    here = window.operation.walk.item
    fill(centre)
    window.bridge.refresh()
    qtbot.waitUntil(lambda: "12 người chờ" in texts(window.window))
    window.reader.look()

    assert here is not None
    assert window.operation.walk.item == here


def test_a_sheet_holds_the_walk_and_gives_it_back(speaking, qtbot) -> None:
    window, seconds, _ = speaking()
    strikes(window, seconds, "*66")
    here = window.operation.walk.item
    strike(window, seconds, "*")
    inside = window.operation.walk.described(window.operation.walk.item).name
    strike(window, seconds, "#")

    assert inside == "Đọc to"
    assert not window.bridge.state.menu
    assert window.operation.walk.item == here


def test_a_finger_finds_first_and_acts_when_it_comes_again(speaking, centre, qtbot) -> None:
    window, seconds, ear = speaking()
    touch(window.window, find(window.window, "Đọc to").rect.center())
    window.reader.look()
    ear.all(qtbot)
    box = find(window.window, name_of(window, "C")).rect.center()
    seconds.now += 1
    touch(window.window, box)
    found = ear.all(qtbot)
    silent = issued(centre)
    touch(window.window, box)
    qtbot.waitUntil(lambda: at(window, "ticket"))

    assert found[0].startswith("Đất đai")
    assert silent == 0


def test_a_finger_that_slides_hears_what_it_comes_to(speaking, centre, qtbot) -> None:
    window, _, ear = speaking()
    window.bridge.switchMode("speech")
    window.reader.look()
    ear.all(qtbot)
    places = [find(window.window, name_of(window, code)).rect.center() for code in "ABC"]
    QTest.mousePress(window.window, Qt.MouseButton.LeftButton, pos=places[0].toPoint())
    heard = ear.all(qtbot)
    for place in places[1:]:
        QTest.mouseMove(window.window, place.toPoint())
        heard += ear.all(qtbot)
    QTest.mouseRelease(window.window, Qt.MouseButton.LeftButton, pos=places[-1].toPoint())

    assert [sentence.split(",")[0] for sentence in heard] == ["Chứng thực", "Hộ tịch", "Đất đai"]
    assert issued(centre) == 0
