"""The board's folder: what is shown of it, and that nothing in it can harm the hall."""

from __future__ import annotations

import os
import struct
import threading
import time
import zlib
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from kiosk.check_hall import board_folder
from kiosk.config import load
from kiosk.media import (
    LEAST_SECONDS,
    LONGEST_LINE,
    LONGEST_SIDE,
    MOST_FILES,
    Item,
    Media,
    MediaFolder,
    read_media,
)
from kiosk.media_films import LONGEST_VIDEO, STILL_SECONDS, Films
from kiosk.media_schedule import NEVER, When, read_schedule
from kiosk.texts import texts
from tests.display.films import film
from tests.test_config import LEAST
from tests.waiting import until

if TYPE_CHECKING:
    from pathlib import Path

MONDAY = datetime(2026, 11, 23, 8, 0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "media").mkdir()
    (tmp_path / "ready").mkdir()
    return tmp_path / "media"


def read(folder: Path) -> Media:
    return read_media(folder, folder.parent / "ready")


def flaws(folder: Path) -> dict[str, str]:
    return {flaw.file: flaw.key.removeprefix("device.media_") for flaw in read(folder).flaws}


def picture(path: Path, size: tuple[int, int] = (64, 36), **how: object) -> None:
    Image.new("RGB", size, "#0E2F52").save(path, **how)


def png_of(width: int, height: int) -> bytes:
    """A PNG whose head promises that size, with next to nothing behind it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        crc = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc)

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(bytes(1_000_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def test_pictures_and_notices_are_shown_in_the_order_of_their_names(folder: Path) -> None:
    picture(folder / "2-fair.jpg")
    picture(folder / "1-flag.png")
    picture(folder / "4-leaf.webp")
    (folder / "3-hours.md").write_text("# Giờ\n\nSáng: 7 giờ 30.", "utf-8")
    (folder / "3-hours.en.md").write_text("# Hours\n\nFrom 7:30.", "utf-8")
    found = read(folder)
    assert [item.name for item in found.items] == [
        "1-flag.png",
        "2-fair.jpg",
        "3-hours.en.md",
        "4-leaf.webp",
    ]
    assert {key: page.title for key, page in found.items[2].pages.items()} == {
        "": "Giờ",
        "en": "Hours",
    }
    assert found.flaws == ()


def test_a_picture_is_made_ready_once_no_larger_than_it_is_shown(folder: Path) -> None:
    picture(folder / "large.jpg", (6000, 4000))
    clear = Image.new("RGBA", (300, 200), (0, 0, 0, 0))
    clear.save(folder / "clear.png")
    found = read(folder)
    assert [item.size for item in found.items] == [(300, 200), (LONGEST_SIDE, 1280)]
    with Image.open(found.items[0].file) as ready:
        assert ready.getpixel((5, 5)) == (255, 255, 255)
    before = [item.file.stat().st_mtime_ns for item in found.items]
    assert [item.file.stat().st_mtime_ns for item in read(folder).items] == before


def test_a_picture_taken_upright_stands_upright(folder: Path) -> None:
    turned = Image.Exif()
    turned[0x0112] = 6
    picture(folder / "phone.jpg", (80, 40), exif=turned)
    assert read(folder).items[0].size == (40, 80)


def test_no_file_can_harm_the_hall_and_each_is_told(folder: Path) -> None:
    picture(folder / "good.png")
    for name in ("film.mp4", "film.png"):
        with (folder / name).open("wb") as hollow:
            hollow.truncate(4 << 30)
    (folder / "text.mp4").write_text("#EXTM3U\nhttp://example.org/film.ts\n", "utf-8")
    with (folder / "late.mov").open("wb") as hollow:
        hollow.write(b"\0\0\0\x14ftypqt  " + bytes(8))
        hollow.truncate(4 << 30)
    (folder / "old.wmv").write_bytes(b"film")
    (folder / "bomb.png").write_bytes(png_of(30_000, 30_000))
    (folder / "wide.png").write_bytes(png_of(12_000, 9_000))
    (folder / "cut.png").write_bytes((folder / "good.png").read_bytes()[:-30])
    (folder / "noise.jpg").write_bytes(b"\xff\xd8\xff" + os.urandom(5000))
    (folder / "empty.webp").touch()
    (folder / "endless.png").symlink_to("/dev/zero")
    (folder / "link.png").symlink_to(folder / "good.png")
    os.mkfifo(folder / "pipe.png")
    (folder / "folder.png").mkdir()
    (folder / "list.xlsx").write_bytes(b"PK")
    (folder / "blank.md").write_text("\n", "utf-8")
    (folder / "latin.md").write_bytes("Giờ làm việc".encode("utf-16"))
    with (folder / "ticker.txt").open("wb") as text:
        text.truncate(4 << 30)
    (folder / "Thumbs.db").touch()
    (folder / ".hidden").touch()
    found = read(folder)
    assert [item.name for item in found.items] == ["good.png"]
    assert flaws(folder) == {
        "film.mp4": "video_broken",
        "text.mp4": "video_broken",
        "late.mov": "video_broken",
        "old.wmv": "video",
        "film.png": "too_large",
        "bomb.png": "too_large",
        "wide.png": "too_large",
        "cut.png": "broken",
        "noise.jpg": "broken",
        "empty.webp": "broken",
        "endless.png": "no_file",
        "link.png": "no_file",
        "pipe.png": "no_file",
        "folder.png": "no_file",
        "list.xlsx": "unknown",
        "blank.md": "empty",
        "latin.md": "unreadable",
        "ticker.txt": "too_large",
    }
    for language in ("vi", "en"):
        assert all(texts(language).say(flaw.key) for flaw in found.flaws)


def test_of_a_video_a_still_is_taken_once_and_how_long_it_is(folder: Path) -> None:
    film(folder / "a.avi", seconds=5, size=(320, 180), fps=4)
    whole = (folder / "a.avi").read_bytes()
    (folder / "cut.avi").write_bytes(whole[: len(whole) // 2])
    (folder / "head.avi").write_bytes(whole[:300])
    films, into = Films(), folder.parent / "ready"
    films.begin()
    found = read_media(folder, into, films)
    assert {flaw.file: flaw.key for flaw in found.flaws} == {
        "head.avi": "device.media_video_broken"
    }
    shown, cut = found.items
    assert (shown.kind, shown.play, shown.size) == ("video", folder / "a.avi", (320, 180))
    assert (shown.seconds(playing=True), shown.seconds()) == (5.0, 12.0)
    assert cut.seconds(playing=True) < 5
    assert shown.file is not None
    with Image.open(shown.file) as still:
        assert still.getpixel((160, 90)) == pytest.approx((0x0B, 0x5D, 0x3B), abs=12)
    films.begin(0)
    assert read_media(folder, into, films) == found
    shown.file.unlink()
    assert read_media(folder, into, films).awaited


def test_the_schedule_says_how_long_a_video_stands_and_none_stands_for_ever() -> None:
    long = Item("a.mp4", "video", When(), length=4000.0)
    assert long.seconds(playing=True) == LONGEST_VIDEO
    assert replace(long, when=When(seconds=400.0)).seconds(playing=True) == 400
    assert replace(long, length=0.0).seconds(playing=True) == 12
    assert replace(long, length=0.1).seconds(playing=True) == LEAST_SECONDS


def test_a_video_makes_no_picture_wait_and_one_that_still_grows_is_let_be(folder: Path) -> None:
    heard: list[list[str]] = []
    picture(folder / "b.png")
    film(folder / "a.avi")
    film(folder / "c.avi", aged=False)
    watched = MediaFolder(folder, lambda media: heard.append([i.name for i in media.items]))
    watched.start()
    try:
        until(lambda: len(heard) == 3)
    finally:
        watched.close()
    assert heard == [["b.png"], ["a.avi", "b.png"], ["a.avi", "b.png", "c.avi"]]


def test_who_stops_waits_for_no_video(folder: Path) -> None:
    film(folder / "a.avi")
    films = Films(is_over=lambda: True)
    films.begin()
    begun = time.monotonic()
    found = read_media(folder, folder.parent / "ready", films)
    assert (found.items, found.flaws, found.awaited) == ((), (), True)
    assert time.monotonic() - begun < STILL_SECONDS / 4


def test_a_file_that_nobody_may_read_is_told(folder: Path) -> None:
    picture(folder / "secret.png")
    if os.geteuid() == 0:
        # Root may read everything; one that is gone when it is opened meets the same.
        known = folder / "secret.png"
        known.unlink()
        known.symlink_to("secret.png")
        assert flaws(folder) == {"secret.png": "no_file"}
        return
    (folder / "secret.png").chmod(0)
    assert flaws(folder) == {"secret.png": "unreadable"}


def test_more_files_than_a_hall_can_need_are_cut_off_and_told(folder: Path) -> None:
    for n in range(MOST_FILES + 5):
        (folder / f"{n:03d}.md").write_text("Một.", "utf-8")
    assert len(read(folder).items) == MOST_FILES
    assert flaws(folder) == {"media": "too_many"}


def test_each_file_that_is_not_shown_has_a_row_of_its_own_for_the_technician(
    folder: Path, tmp_path: Path
) -> None:
    for name in ("one.png", "two.png"):
        (folder / name).write_bytes(b"no picture")
    (folder / "hours.md").write_text("# Giờ làm việc\n\nSáng: 7 giờ 30.", "utf-8")
    path = tmp_path / "kiosk.toml"
    path.write_text(f"{LEAST}\n[board]\nmedia = '{folder}'\n", "utf-8")
    rows = board_folder(load(path), texts("en"))
    assert [(row.state, row.detail.split(":")[0]) for row in rows] == [
        ("ready", "1 pages"),
        ("warning", "one.png"),
        ("warning", "two.png"),
    ]
    (folder / "hours.md").unlink()
    nothing, *_ = board_folder(load(path), texts("en"))
    assert (nothing.state, nothing.detail) == ("warning", "0 pages")


def test_a_folder_that_is_not_there_is_told(folder: Path) -> None:
    assert flaws(folder / "gone") == {"gone": "folder"}


def test_the_lines_of_the_ticker_by_language_none_longer_than_the_band(folder: Path) -> None:
    (folder / "ticker.txt").write_text("Một.\n\n  Hai \x07 ba.  \n" + "dài " * 60, "utf-8")
    (folder / "ticker.en.txt").write_text("One.\n", "utf-8")
    ticker = read(folder).ticker
    assert ticker["en"] == ("One.",)
    assert ticker[""][:2] == ("Một.", "Hai ba.")
    assert all(len(line) <= LONGEST_LINE for line in ticker[""])
    assert " ".join(ticker[""][2:]) == ("dài " * 60).strip()


@pytest.mark.parametrize(
    ("entry", "at", "shown"),
    [
        ("", MONDAY, True),
        ("from = 2026-11-23\nuntil = 2026-11-23", MONDAY, True),
        ("from = 2026-11-24", MONDAY, False),
        ('until = "2026-11-22"', MONDAY, False),
        ('hours = "07:30-11:30"', MONDAY, True),
        ('hours = ["sat 07:30-11:30", "mon-fri 13:30-17:00"]', MONDAY, False),
        ('hours = "sun 22:00-09:00"', MONDAY, True),
        ('hours = "mon 22:00-09:00"', MONDAY, False),
    ],
)
def test_a_file_is_shown_on_its_days_and_hours(
    folder: Path, entry: str, at: datetime, shown: bool
) -> None:
    picture(folder / "a.png")
    (folder / "schedule.toml").write_text(f'["a.png"]\nseconds = 20\n{entry}\n', "utf-8")
    found = read(folder)
    assert found.flaws == ()
    assert bool(found.due(at)) is shown
    assert found.items[0].seconds() == 20


@pytest.mark.parametrize(
    "entry",
    [
        "from = 2026-13-01T00:00:00",
        'from = "tomorrow"',
        "from = 2026-12-01\nuntil = 2026-11-01",
        'hours = "7h-11h"',
        "hours = [7]",
        "seconds = 0",
        "seconds = true",
        'until = "2026-02-30"',
        "til = 2026-12-01",
    ],
)
def test_a_wrong_entry_hides_its_own_file_alone_and_is_told(folder: Path, entry: str) -> None:
    picture(folder / "a.png")
    picture(folder / "b.png")
    text = f'["a.png"]\n{entry}\n["gone.png"]\nseconds = 9\n'
    (folder / "schedule.toml").write_text(text, "utf-8")
    if "13-01" in entry:
        assert flaws(folder) == {"schedule.toml": "schedule_unreadable"}
        return
    assert [item.name for item in read(folder).due(MONDAY)] == ["b.png"]
    assert flaws(folder) == {"a.png": "schedule_entry", "gone.png": "schedule_no_file"}


def test_a_schedule_that_is_no_toml_leaves_all_files_shown(folder: Path) -> None:
    picture(folder / "a.png")
    (folder / "schedule.toml").write_text("a.png: always\n", "utf-8")
    assert [item.name for item in read(folder).due(MONDAY)] == ["a.png"]
    assert flaws(folder) == {"schedule.toml": "schedule_unreadable"}


@given(st.text(max_size=200), st.datetimes())
def test_no_schedule_breaks_the_board(text: str, at: datetime) -> None:
    found, _ = read_schedule(text)
    for when in (*found.values(), NEVER):
        assert isinstance(when.holds(at), bool)
    assert not NEVER.holds(at)


def test_a_change_in_the_folder_is_told_within_seconds_and_nothing_else_is(folder: Path) -> None:
    heard: list[Media] = []
    threads = set()

    def hear(media: Media) -> None:
        threads.add(threading.current_thread())
        heard.append(media)

    picture(folder / "a.png")
    watched = MediaFolder(folder, hear)
    watched.start()
    try:
        until(lambda: len(heard) == 1)
        picture(folder / "b.png")
        until(lambda: len(heard) == 2)
        (folder / "a.png").unlink()
        until(lambda: len(heard) == 3)
        assert [item.name for item in heard[-1].items] == ["b.png"]
        assert heard[-1].items[0].file.exists()
        assert threading.main_thread() not in threads
    finally:
        watched.close()
    assert not heard[-1].items[0].file.exists()
