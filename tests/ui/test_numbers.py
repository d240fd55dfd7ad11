"""The numbers on the screens, as setup shows them: a process of its own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from kiosk.setup.machine import Numbers

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

LOOK = {"logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}


def test_each_screen_has_a_number_from_left_to_right(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    screens = [
        {"name": "hall", "x": 1080, "y": 0, "width": 1920, "height": 1080, **LOOK},
        {"name": "touch", "x": 0, "y": 0, "width": 1080, "height": 1920, **LOOK},
    ]
    file = tmp_path / "screens.json"
    file.write_text(json.dumps({"screens": screens}), "utf-8")
    monkeypatch.setenv("QT_QPA_PLATFORM", f"offscreen:configfile={file}")

    shown = Numbers()
    found = shown.show("KIOSK-0001")
    shown.hide()
    shown.hide()

    assert [(one.number, one.name) for one in found] == [(1, "touch"), (2, "hall")]
    assert [one.pixels for one in found] == [(1080, 1920), (1920, 1080)]
    assert [one.mm for one in found] == [None, None]


def test_a_display_that_cannot_be_used_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("DISPLAY", ":4711")
    assert Numbers().show() == ()
