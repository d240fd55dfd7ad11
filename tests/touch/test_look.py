"""An office's own colours and emblem are what people see, at the touch window and on the board."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PIL import Image, ImageDraw

from kiosk.app import NO_EMBLEM, _dress, _report_touch
from kiosk.health import Health
from kiosk.look import Look, palettes
from kiosk.office.hall import read_running
from kiosk.texts import texts
from tests.touch.scene import shown

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtQuick import QQuickItem, QQuickWindow

    from kiosk.office.centre import Centre
    from tests.touch.conftest import Open

OWN = Look("#7A1022", "#FFF7E6")
BLUE = (20, 60, 220)


@pytest.fixture
def emblem(tmp_path: Path) -> Path:
    """A blue disc on nothing, twice as wide as high."""
    made = Image.new("RGBA", (600, 300), (0, 0, 0, 0))
    ImageDraw.Draw(made).ellipse((0, 0, 599, 299), fill=BLUE)
    path = tmp_path / "emblem.png"
    made.save(path)
    return path


def sign(window: QQuickWindow) -> QQuickItem:
    return next(
        item for item in shown(window.contentItem()) if "Emblem" in item.metaObject().className()
    )


def colour_at(window: QQuickWindow, x: float, y: float) -> str:
    return window.grabWindow().pixelColor(round(x), round(y)).name().upper()


def test_windows_have_the_office_s_colours(centre: Centre, open_touch: Open) -> None:
    touch, _ = open_touch(replace(centre, look=OWN))

    assert colour_at(touch.window, 2, 2) == OWN.ground
    touch.bridge.switchMode("contrast")
    assert colour_at(touch.window, 2, 2) == palettes(OWN)["contrast"]["ground"]


def test_a_picture_with_transparency_stands_on_a_plate_as_wide_as_it_needs(
    centre: Centre, open_touch: Open, emblem: Path
) -> None:
    touch, _ = open_touch(replace(centre, look=replace(OWN, emblem=emblem)))
    plate = sign(touch.window)
    place = plate.mapRectToScene(plate.boundingRect())

    assert place.width() == pytest.approx(1.8 * place.height(), rel=0.02)
    assert colour_at(touch.window, place.center().x(), place.center().y()) == "#143CDC"
    rim = place.height() * 0.14
    assert colour_at(touch.window, place.left() + place.height() * 0.2, place.top() + rim) == (
        "#FFFFFF"
    ), "what is transparent shows the plate, not the ground"


def test_a_picture_that_cannot_be_used_leaves_the_drawn_sign(
    centre: Centre, open_touch: Open, emblem: Path
) -> None:
    emblem.write_bytes(emblem.read_bytes()[:200])
    touch, _ = open_touch(replace(centre, look=replace(OWN, emblem=emblem)))
    plate = sign(touch.window)
    place = plate.mapRectToScene(plate.boundingRect())

    assert place.width() == place.height()
    assert colour_at(touch.window, place.center().x(), place.top() + 3) == "#B3152B"


def test_staff_are_told_of_an_emblem_that_is_not_shown(centre: Centre, qapp, emblem: Path) -> None:
    emblem.write_bytes(b"")
    for look, told in ((replace(OWN, emblem=emblem), ("warning", NO_EMBLEM)), (OWN, ("ok", ""))):
        hall = replace(centre, look=look)
        with Health(hall) as health:
            _report_touch(health, _dress(hall), "touch", "ok", "")
        known = read_running(hall)["touch"]
        assert (known.state, known.reason) == told
    assert texts("vi").has(f"device.{NO_EMBLEM}")
