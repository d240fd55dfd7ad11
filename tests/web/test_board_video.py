"""Videos on the board of a smart TV: played by a real browser, and sent in parts."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import httpx
import pytest
from playwright.sync_api import Page, expect

from kiosk.web.boards import PART
from kiosk.web.current import Current
from tests.display.films import film
from tests.waiting import until
from tests.web.boards import board_config, opened
from tests.web.serving import served
from tests.web.test_board_page import live  # noqa: F401 (a fixture)

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.office.centre import Centre

RECORDED = """
() => new Promise((done) => {
  const canvas = document.createElement("canvas");
  const ink = canvas.getContext("2d");
  const recorder = new MediaRecorder(canvas.captureStream(), { mimeType: "video/webm" });
  const parts = [];
  recorder.ondataavailable = (event) => parts.push(event.data);
  recorder.onstop = async () => done([...new Uint8Array(await new Blob(parts).arrayBuffer())]);
  recorder.start();
  let left = 12;
  const timer = setInterval(() => {
    ink.fillStyle = left % 2 ? "#0B5D3B" : "#B3152B";
    ink.fillRect(0, 0, 300, 150);
    left -= 1;
    if (left) return;
    clearInterval(timer);
    recorder.stop();
  }, 80);
})
"""
"""A second of video, made by the browser itself."""
SCHEDULE = '["a.webm"]\nseconds = 30\n["b.mp4"]\nseconds = 30\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "schedule.toml").write_text(SCHEDULE, "utf-8")
    return tmp_path / "media"


def aged(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    long_ago = time.time() - 60
    os.utime(path, (long_ago, long_ago))


def items(client: httpx.Client) -> list[dict[str, str]]:
    told = client.post("/api/board/seen", json={"seq": 0, "silent": 0}).json()
    return list(told["media"]["items"])


def test_a_television_plays_a_video_and_shows_the_still_of_one_that_it_cannot(
    live: Centre,  # noqa: F811
    folder: Path,
    page: Page,
) -> None:
    aged(folder / "a.webm", bytes(page.evaluate(RECORDED)))
    film(folder / "b.mp4")  # no browser plays what this is
    current = Current(live, board_config(folder.parent, media="media"))
    with served(current) as address, httpx.Client(base_url=address) as client:
        until(lambda: [item["kind"] for item in items(client)] == ["video", "video"])
        page.clock.install()
        opened(page, address)
        shown = page.locator("#film")
        expect(shown).to_be_visible()
        until(lambda: shown.evaluate("node => node.currentTime") > 0.2)
        assert shown.evaluate("node => [node.muted, node.videoWidth]") == [True, 300]
        page.clock.fast_forward(30_000)
        expect(page.locator("#picture")).to_be_visible()
        expect(shown).to_be_hidden()
        page.clock.fast_forward(30_000)
        expect(shown).to_be_visible()
        expect(page.locator("#picture")).to_be_hidden()


def test_a_video_is_sent_in_parts_and_only_to_who_may_see_the_board(
    live: Centre,  # noqa: F811
    folder: Path,
) -> None:
    film(folder / "b.mp4", size=(640, 360))
    with (folder / "b.mp4").open("r+b") as stream:
        stream.truncate(4 << 30)  # what follows the film is nothing, and a lot of it
    whole = 4 << 30
    long_ago = time.time() - 60
    os.utime(folder / "b.mp4", (long_ago, long_ago))
    current = Current(live, board_config(folder.parent, media="media"))
    with served(current) as address, httpx.Client(base_url=address) as client:
        until(lambda: bool(items(client)))
        video = items(client)[0]["video"]

        def part(asked: str) -> tuple[int, int, str]:
            told = client.get(video, headers={"Range": asked} if asked else {})
            return told.status_code, len(told.content), told.headers.get("Content-Range", "")

        assert part("bytes=0-") == (206, PART, f"bytes 0-{PART - 1}/{whole}")
        assert part("bytes=7-9") == (206, 3, f"bytes 7-9/{whole}")
        assert part("bytes=-5") == (206, 5, f"bytes {whole - 5}-{whole - 1}/{whole}")
        for wrong in (f"bytes={whole}-", "bytes=9-7", "bytes=-0", "", "bytes=x-", "bytes=-"):
            assert part(wrong) == (416, 0, f"bytes */{whole}"), wrong
        assert client.get(video, headers={"Range": "bytes=0-3"}).content == b"RIFF"
        stranger = {"X-Forwarded-For": "203.0.113.7"}
        assert client.get(video, headers=stranger).status_code == 401
        assert client.get("/board/video/../kiosk.toml").status_code == 404
        assert client.get("/board/video/0123").status_code == 404
        (folder / "b.mp4").unlink()
        (folder / "b.mp4").symlink_to(folder.parent / "kiosk.toml")
        assert client.get(video, headers={"Range": "bytes=0-3"}).status_code == 404
