"""Videos in the board's pane: stills of them, and the videos themselves where a card draws."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from tests.display.films import film
from tests.display.test_hotplug import ROOT, display  # noqa: F401 (a fixture)

if TYPE_CHECKING:
    from pathlib import Path

    from tests.display.conftest import Hall

GREEN = (0x0B, 0x5D, 0x3B)


def middle_of_pane(hall: Hall) -> tuple[int, ...]:
    window, pane = hall.board.window, hall.board.bridge.property("areas")["pane"]
    x, y = pane["x"] + pane["width"] / 2, pane["y"] + pane["height"] / 2
    return window.grabWindow().pixelColor(int(x), int(y)).getRgb()[:3]


@pytest.mark.parametrize("video", ["still", "play"])
def test_without_a_card_a_still_stands_for_the_video(
    hall: Hall, video: str, caplog: pytest.LogCaptureFixture
) -> None:
    """And who asked for more is told why. The window never stops while another process takes the
    still."""
    (hall.folder / "media").mkdir()
    film(hall.folder / "media" / "giới thiệu #1.avi", seconds=8)
    board = hall.open(1920, 1080, media="media", video=video)
    seen = []

    def there() -> bool:
        seen.append(time.monotonic())
        return bool(board._media.items)

    hall.until(there)
    assert max(after - before for before, after in pairwise(seen)) < 0.3
    slide = board.bridge.property("slide")
    assert (slide["video"], slide["seconds"]) == ("", 12)
    hall.until(lambda: middle_of_pane(hall) == pytest.approx(GREEN, abs=12))
    told = ("ok", "") if video == "still" else ("warning", "media_no_card")
    hall.until(lambda: hall.reports[-1] == ("board", *told))
    assert not [record for record in caplog.records if "lỗi" in record.message]


def test_a_card_plays_the_video_while_it_is_shown(display: str, tmp_path: Path) -> None:  # noqa: F811
    """With Mesa's card in software. It stops for calls, and what cannot be played is told once."""
    environment = {
        **{name: value for name, value in os.environ.items() if name != "QT_QUICK_BACKEND"},
        "DISPLAY": display,
        "QT_QPA_PLATFORM": "xcb",
        "QSG_RENDER_LOOP": "basic",
        "LIBGL_ALWAYS_SOFTWARE": "1",
        "QT_FFMPEG_DECODING_HW_DEVICE_TYPES": ",",
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.display.playing", str(tmp_path)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "drawn by a card True",
        "played #0B5D3B #B3152B",
        "silent True",
        "stopped for calls",
        "played again #0B5D3B",
        "told [('board', 'warning', 'media_video_stopped')] once 1",
        "goes on picture",
    ]
