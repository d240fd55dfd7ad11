"""Every control of every screen is reached by keys alone, and left again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from kiosk.touch.state import start
from tests.profile import LONG
from tests.touch.checks import top_sheet
from tests.touch.contents import fill
from tests.touch.keying import strike
from tests.touch.office import office
from tests.touch.scene import Piece, buttons
from tests.touch.screens import SCREENS

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.touch.window import TouchWindow
    from tests.hall import Seconds
    from tests.touch.conftest import Open

MOST_TYPED = 41
"""Signs that are erased before a keypad is left."""
FEW = frozenset(
    {
        "home-drawers",
        "group",
        "ticket",
        "place-waiting",
        "cancel",
        "dossier-full",
        "prove",
        "phone",
        "ask",
        "keypad",
        "catalogue",
        "search-found",
        "procedure-long",
        "page-table",
        "not-found",
        "unavailable",
        "warning",
        "access",
    }
)
"""One screen of each kind."""


@pytest.mark.parametrize("way", ["tab", "pad"])
def test_keys_reach_every_control_and_come_round(
    open_touch: Open, tmp_path: Path, qtbot, way: str
) -> None:
    faults: list[str] = []
    for services in {id(each.services): each.services for each in SCREENS.values()}.values():
        centre = office(
            tmp_path / f"{len(services)}{id(services)}.db", services, public_url="https://mc.vn"
        )
        fill(centre)
        touch, seconds = open_touch(centre)
        for at, (name, screen) in enumerate(SCREENS.items()):
            chosen = name in FEW or LONG or (way == "tab" and at % 4 == 0)
            if screen.services is not services or not chosen:
                continue
            state = start(touch.bridge.state, seconds.now)
            touch.bridge.fold(replace(state, store_down=False, speaks=True, speech=True))
            screen.go(centre, touch.bridge)
            qtbot.wait(1)
            faults += [f"{name}: {fault}" for fault in _round(touch, seconds, way)]
    assert not faults, "\n".join(faults)


def _round(touch: TouchWindow, seconds: Seconds, way: str) -> list[str]:
    """What is wrong with one way round the screen that is shown."""
    if touch.bridge.view.warn.shown:
        return _answered(touch, seconds, way)
    walk = touch.operation.walk
    came: list[object] = []
    strayed: list[str] = []
    for _ in range(len(_wanted(touch)) + MOST_TYPED):
        strike(touch, seconds, _on(way, types=walk.types))
        if walk.item in came and not (way == "pad" and walk.types):
            break
        came.append(walk.item)
        # At once: what was found goes when what was typed is erased.
        if walk.item not in walk.stops():
            strayed.append(walk.described(walk.item).name if walk.item else "nowhere")
    missed = [key.name for key in _wanted(touch) if key.item not in came]
    faults = [f"never reached: {missed}"] if missed else []
    faults += [f"outside of what lies on top: {strayed}"] if strayed else []
    here = walk.item
    strike(touch, seconds, _on(way, types=walk.types))
    strike(touch, seconds, Qt.Key.Key_Backtab if way == "tab" else "4")
    if walk.item != here and not (way == "pad" and walk.types):
        faults.append("no way back")
    return faults


def _answered(touch: TouchWindow, seconds: Seconds, way: str) -> list[str]:
    """Of a warning, which any key answers: it has one key, and is gone."""
    keys = [key.name for key in _wanted(touch)]
    strike(touch, seconds, _on(way, types=False))
    stays = ["it stays"] if touch.bridge.view.warn.shown else []
    return stays + ([f"more than one key: {keys}"] if len(keys) != 1 else [])


def _on(way: str, *, types: bool) -> str | Qt.Key:
    """What leads on: on a pad, who types erases what stands there and goes on so."""
    if way == "tab":
        return Qt.Key.Key_Tab
    return "*" if types else "6"


def _wanted(touch: TouchWindow) -> list[Piece]:
    top = top_sheet(touch.window.contentItem())
    return [key for key in buttons(top) if key.item.isEnabled()]
