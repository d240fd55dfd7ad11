"""The board's faces as they are on the picture, dark and light, and in words 40 % longer."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from typing import TYPE_CHECKING

import pytest

from kiosk.look import Look
from kiosk.tickets import Hours
from tests.display import looking
from tests.display.looking import SIZES, a_morning, assert_well_set
from tests.picture import Picture, faint_icons, faint_words
from tests.profile import LONG
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


NOTICE = "# Lịch tiếp công dân\n\n- Thứ Năm hằng tuần, từ 8 giờ đến 11 giờ 30, tại tầng 1.\n"


def a_face(hall: Hall, face: str, size: str = "landscape") -> None:
    """The board as it shows this face; when nothing blinks, but where calls stand together."""
    if face == "closed":
        shut = {code: replace(one, hours=NEVER) for code, one in hall.centre.services.items()}
        hall.centre = replace(hall.centre, services=shut)
    if face in ("calls", "stale"):
        a_morning(hall)
    media = "media" if face == "pane" else ""
    if media:
        (hall.folder / media).mkdir()
        (hall.folder / media / "a.md").write_text(NOTICE, "utf-8")
    board = hall.open(*SIZES[size], viewing_distance_m=5, media=media)
    if media:
        hall.until(lambda: bool(board._media.items))
    hall.after(STEADY_SECONDS)
    if face == "together":
        for counter, code in enumerate("ABC", 1):
            hall.call(code, counter)
        hall.until(lambda: len(board.bridge.shown.cards) + len(board.bridge.shown.rows) == 3)
        assert len(board.bridge.shown.cards) > 1
    if media:
        assert board.bridge.property("areas")["pane"]["width"]
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


FACES = ("calls", "together", "stale", "idle", "closed", "pane")
LONGER = [
    (face, size)
    for row, face in enumerate(FACES)
    for at, size in enumerate(SIZES)
    if LONG or (at - row) % len(SIZES) in (0, 2)
]
"""Each face in two sizes, each size with at least two faces; all of them in `make faults`."""


@pytest.mark.parametrize(("face", "size"), LONGER)
def test_longer_words_are_well_set_too(hall: Hall, tmp_path: Path, face: str, size: str) -> None:
    with pseudo_spoken(tmp_path / "spoken"):
        hall.centre = replace(hall.centre, languages=(PSEUDO, "vi"))
        a_face(hall, face, size)
        for _ in range(3):
            assert any(text.startswith("[") for text in looking.said(hall)), "no word of it"
            assert_well_set(hall)
            hall.after(8)


@pytest.mark.parametrize("spoilt", ["place", "card"])
def test_words_over_the_edge_of_their_place_or_card_are_seen(hall: Hall, spoilt: str) -> None:
    a_face(hall, "calls")
    row = hall.board.bridge.shown.rows[0].number
    number = next(item for item in looking.labels(hall) if item.property("text") == row)
    item = number if spoilt == "place" else number.parentItem()
    item.setHeight(number.property("contentHeight") * 0.3)

    with pytest.raises(AssertionError, match=row):
        assert_well_set(hall)
