"""Who sits reaches everything (EN 301 549, 8.3), and large letters are large enough (5.1.4)."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from kiosk.touch.state import start
from tests.profile import LONG
from tests.touch.checks import CAPITALS_PER_EM, faults_of, look_at
from tests.touch.conftest import LARGE, SIZES
from tests.touch.contents import fill
from tests.touch.office import office
from tests.touch.scene import told
from tests.touch.screens import SCREENS
from tests.touch.test_traversal import FEW

if TYPE_CHECKING:
    from pathlib import Path

    from tests.touch.conftest import Open

MOUNTED = [
    ("portrait", 300),
    ("portrait", 700),
    ("portrait", 850),
    ("large", 500),
    ("large", 250),
    ("large", 750),
    ("landscape", 950),
    ("landscape", 800),
    ("small", 990),
    ("small", 800),
]
GLASSES = {**SIZES, "large": LARGE}


@pytest.mark.parametrize(("size", "bottom"), MOUNTED if LONG else MOUNTED[::2])
def test_in_reach_mode_every_key_of_every_screen_is_within_reach(
    open_touch: Open, tmp_path: Path, size: str, bottom: int
) -> None:
    faults: list[str] = []
    for services in {id(each.services): each.services for each in SCREENS.values()}.values():
        centre = office(
            tmp_path / f"{len(services)}{id(services)}.db", services, public_url="https://mc.vn"
        )
        names = [
            name
            for name, screen in SCREENS.items()
            if screen.services is services and (LONG or name in FEW)
        ]
        if not names:
            centre.database.close()
            continue
        fill(centre)
        touch, seconds = open_touch(centre, size, bottom_edge_height_mm=bottom)
        for name in names:
            state = replace(start(touch.bridge.state, seconds.now), speaks=True, store_down=False)
            touch.bridge.fold(replace(state, reach=True))
            SCREENS[name].go(centre, touch.bridge)
            found = faults_of(look_at(touch, GLASSES[size][1][0], picture=False))
            faults += [f"{name}: {fault}" for fault in found]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("distance", [450, 600, 800])
def test_large_letters_are_seven_tenths_of_a_degree_high(
    open_touch: Open, tmp_path: Path, distance: int
) -> None:
    centre = office(tmp_path / "kiosk.db")
    fill(centre)
    touch, _ = open_touch(centre, viewing_distance_mm=distance)
    touch.bridge.fold(replace(touch.bridge.state, big=True, contrast=True))
    small = []
    for name in ("home", "ticket", "keypad", "not-found", "access"):
        SCREENS[name].go(centre, touch.bridge)
        for piece in look_at(touch, GLASSES["portrait"][1][0], picture=False).words:
            pixels = told(piece.item, "fontInfo.pixelSize") * CAPITALS_PER_EM
            height = pixels * GLASSES["portrait"][1][0] / touch.window.width()
            angle = 180 * height / (math.pi * distance)
            if angle < 0.7 - 0.01:
                small.append(f"{name}: {angle:.2f} degrees: {piece.name}")
    assert not small, "\n".join(small)
