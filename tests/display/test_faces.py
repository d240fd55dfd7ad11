"""The board's faces as they are on the picture, dark and light, and in words 40 % longer."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from typing import TYPE_CHECKING

import pytest

from kiosk.look import Look
from kiosk.tickets import Hours
from tests.display.looking import SIZES, a_morning, assert_well_set
from tests.picture import Picture, faint_icons, faint_words
from tests.speaking import PSEUDO, pseudo_spoken
from tests.touch.scene import labels, shown

if TYPE_CHECKING:
    from pathlib import Path

    from tests.display.conftest import Hall

LOOKS = {
    "house": Look(),
    "light": Look(board_ground="#FFF7E6", board_call="#7A1022"),
}
NEVER = (Hours(time(0, 0), time(0, 1)),)
STEADY_SECONDS = 14.0


def a_face(hall: Hall, face: str, size: str = "landscape") -> None:
    """The board as it shows this face when nothing blinks."""
    if face == "closed":
        shut = {code: replace(one, hours=NEVER) for code, one in hall.centre.services.items()}
        hall.centre = replace(hall.centre, services=shut)
    if face in ("calls", "stale"):
        a_morning(hall)
    hall.open(*SIZES[size], viewing_distance_m=5)
    hall.after(STEADY_SECONDS)
    if face == "stale":
        hall.board._last_read = -100
        hall.board.look()
        assert hall.board.bridge.shown.stale


def faint(hall: Hall) -> list[str]:
    root = hall.board.window.contentItem()
    picture = Picture(hall.board.window)
    return [*faint_words(picture, labels(root)), *faint_icons(picture, shown(root))]


@pytest.mark.parametrize(
    ("face", "look"),
    [
        ("calls", "house"),
        ("stale", "house"),
        ("calls", "light"),
        ("idle", "light"),
        ("closed", "light"),
    ],
)
def test_what_the_board_says_stands_out_seven_to_one_on_the_picture(
    hall: Hall, face: str, look: str
) -> None:
    hall.centre = replace(hall.centre, look=LOOKS[look], languages=("vi", "en"))
    a_face(hall, face)

    assert faint(hall) == []


def test_a_word_in_the_colour_of_its_ground_is_seen(hall: Hall) -> None:
    a_face(hall, "idle")
    words = max(labels(hall.board.window.contentItem()), key=lambda one: one.rect.height())
    words.item.setProperty("color", "#123657")

    assert any(words.name in fault for fault in faint(hall))


@pytest.mark.parametrize("size", ["portrait", "small"])
@pytest.mark.parametrize("face", ["calls", "closed"])
def test_longer_words_are_well_set_too(hall: Hall, tmp_path: Path, size: str, face: str) -> None:
    with pseudo_spoken(tmp_path / "spoken"):
        hall.centre = replace(hall.centre, languages=(PSEUDO, "vi"))
        a_face(hall, face, size)
        assert_well_set(hall)
