from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PIL import Image

from kiosk.touch.paper import PaperWindow
from kiosk.ui.threads import Feed, GuiPost
from printer import saved

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kiosk.office.centre import Centre


def save(folder: Path, shade: int) -> None:
    picture = Image.new("L", (384, 500), shade)
    saved.save_latest(folder, saved.save_slip(folder, picture))


@pytest.fixture
def paper(qapp: object, tmp_path: Path, centre: Centre) -> Iterator[PaperWindow]:
    save(tmp_path, 0)
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

    (tmp_path / "slip-99998.png").touch()
    for expected in (40, 200):
        save(tmp_path, expected)
        paper.look()
        qtbot.waitUntil(lambda expected=expected: shade() == expected)
        assert paper.window.isVisible()


def test_the_folder_is_not_searched_when_nothing_is_new(paper: PaperWindow, tmp_path: Path) -> None:
    save(tmp_path, 40)
    paper.look()
    shown = paper.bridge.source
    saved.save_slip(tmp_path, Image.new("L", (384, 500), 200))
    paper.look()

    assert paper.bridge.source == shown
