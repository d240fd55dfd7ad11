"""On which output the touch window speaks, and when none is right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtMultimedia import QMediaDevices

from kiosk.touch.outlets import Route, route
from kiosk.touch_config import TouchConfig
from kiosk.ui.outputs import Output
from tests.touch.office import office

if TYPE_CHECKING:
    from pathlib import Path

    from tests.touch.conftest import Open

HALL, STICK = "Built-in Audio", "USB Audio Device"


PLUG = {"earphones": "plug", "earphones_device": "USB"}


@pytest.mark.parametrize(
    ("settings", "outputs", "plugged", "wanted"),
    [
        ({}, [HALL], False, Route(0, alone=False)),
        ({}, [], False, Route(None, alone=False)),
        ({"speaker": "usb"}, [HALL, STICK], False, Route(1, alone=False)),
        ({"speaker": "usb"}, [HALL], False, Route(None, alone=False)),
        (PLUG, [HALL], False, Route(0, alone=False)),
        (PLUG, [HALL, STICK], True, Route(1, alone=True)),
        # Qt still lists what was pulled out, or lists it not yet.
        (PLUG, [HALL, STICK], False, Route(0, alone=False)),
        (PLUG, [STICK], False, Route(None, alone=False)),
        (PLUG, [HALL], True, Route(0, alone=False)),
        ({**PLUG, "earphones": "always"}, [HALL], False, Route(None, alone=True)),
        ({**PLUG, "earphones": "always"}, [STICK], False, Route(0, alone=True)),
        ({"earphones": "always"}, [HALL], False, Route(0, alone=True)),
        ({"earphones": "plug"}, [HALL, STICK], True, Route(0, alone=False)),
        ({**PLUG, "earphones": "never"}, [HALL, STICK], True, Route(0, alone=False)),
    ],
)
def test_earphones_are_known_by_the_card_that_comes_with_them(
    settings: dict[str, str], outputs: list[str], plugged: bool, wanted: Route
) -> None:
    there = [Output(name, name) for name in outputs]
    main = 0 if outputs else -1
    assert route(there, main, TouchConfig(**settings), plugged=plugged) == wanted


@pytest.mark.parametrize(
    ("settings", "outputs", "wanted"),
    [
        ({}, [HALL, STICK], Route(1, alone=False)),
        ({}, [HALL], Route(None, alone=False)),
        ({"speaker": "built-in"}, [HALL, STICK], Route(0, alone=False)),
        ({"earphones": "always"}, [HALL, STICK], Route(1, alone=True)),
        ({"earphones": "always"}, [HALL], Route(None, alone=True)),
        ({"earphones": "always", "earphones_device": "Audio"}, [HALL], Route(None, alone=True)),
        ({"earphones": "plug", "earphones_device": "in"}, [HALL], Route(None, alone=False)),
    ],
)
def test_nothing_is_read_aloud_on_the_card_of_the_hall(
    settings: dict[str, str], outputs: list[str], wanted: Route
) -> None:
    """Unless the office names it for both; and nothing personal even then."""
    there = [Output(name, name) for name in outputs]
    assert route(there, 0, TouchConfig(**settings), HALL, plugged=True) == wanted


@pytest.mark.qt_log_ignore("PulseAudioService")
def test_without_a_sound_card_it_is_not_offered(open_touch: Open, tmp_path: Path, qtbot) -> None:
    """As on the machines that test this, and many a PC of an office."""
    window, _ = open_touch(office(tmp_path / "kiosk.db"), speech="card")
    has_card = not QMediaDevices.defaultAudioOutput().isNull()

    assert ("speech", "ok" if has_card else "unplugged") in window.reports
    assert has_card or not window.bridge.state.speaks
