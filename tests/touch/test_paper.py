from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PIL import Image

from kiosk.touch.paper import PaperWindow, newest
from kiosk.ui.threads import Feed, GuiPost

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kiosk.office.centre import Centre


def save(folder: Path, number: int, shade: int) -> Path:
    path = folder / f"slip-{number:05}.png"
    Image.new("L", (384, 500), shade).save(path)
    return path


@pytest.fixture
def paper(qapp: object, tmp_path: Path, centre: Centre) -> Iterator[PaperWindow]:
    save(tmp_path, 1, 0)
    paper = PaperWindow(tmp_path, Feed(centre.database, GuiPost()), "Phiếu vừa in")
    yield paper
    paper.close()


def test_nothing_opens_before_a_new_slip_has_come_out(paper: PaperWindow) -> None:
    paper.look()

    assert not paper.window.isVisible()


def test_the_latest_slip_is_shown_each_time_one_comes_out(
    paper: PaperWindow, tmp_path: Path, qtbot
) -> None:
    def shade() -> int:
        picture = paper.window.grabWindow()
        return picture.pixelColor(picture.width() // 2, 200).red()

    for number, expected in ((2, 40), (3, 200)):
        save(tmp_path, number, expected)
        paper.look()
        qtbot.waitUntil(lambda expected=expected: shade() == expected)
        assert paper.window.isVisible()


def test_the_highest_number_is_the_newest(tmp_path: Path) -> None:
    assert newest(tmp_path) is None
    for number in (9, 10, 100):
        expected = save(tmp_path, number, 0)

    assert newest(tmp_path) == expected
