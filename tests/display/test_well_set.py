"""Every face of the board in every size: whole, and large enough for its distance."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from PIL import Image
from PySide6.QtCore import QRectF

from display.layout import HERO_DEGREES, ROW_DEGREES, Surface
from kiosk.tickets import Counter, Hours, QueueRules
from tests.display.conftest import COMMUNE, Hall, commune, services
from tests.display.looking import (
    CELLS,
    LANGUAGES,
    LONG_OFFICE,
    MANY,
    METRES,
    SIZES,
    a_morning,
    assert_well_set,
    core,
    labels,
    said,
    sizes_of,
)
from tests.profile import LONG


@pytest.mark.parametrize(
    ("size", "metres", "languages"),
    [
        (size, metres, languages)
        for at, size in enumerate(SIZES)
        for row, metres in enumerate(METRES)
        # All pairs of any two; all threes with `make faults`.
        for languages in (LANGUAGES if LONG else [LANGUAGES[(at + row) % 3]])
    ],
)
def test_no_text_is_cut_or_covered_in_any_size_and_language(
    hall: Hall, size: str, languages: tuple[str, ...], metres: float
) -> None:
    hall.centre = commune(hall.centre, languages=languages)
    a_morning(hall)
    hall.open(*SIZES[size], viewing_distance_m=metres)
    for _ in range(3):
        assert_well_set(hall)
        hall.after(8)
    hall.board._last_read = -100
    hall.board.look()
    assert hall.board.bridge.shown.stale
    assert_well_set(hall)


@pytest.mark.parametrize("size", SIZES)
def test_many_services_long_names_and_large_numbers_are_well_set(hall: Hall, size: str) -> None:
    entries = services(*MANY)
    counters = {n: Counter(n, tuple(entries), "hall") for n in (1, 9, 10, 88, 101, 999)}
    hall.centre = commune(hall.centre, name=LONG_OFFICE, services=entries, counters=counters)
    for counter in counters:
        hall.call("TTHC", counter)
    hall.open(*SIZES[size])
    shown = set()
    for _ in range(12):
        assert_well_set(hall)
        shown |= set(said(hall))
        hall.after(8)
    assert {name for _, vi, en in MANY for name in (vi, en)} <= shown


NAME_OF_120 = (
    "Tiếp nhận hồ sơ đất đai, môi trường, xây dựng, giao thông và hạ tầng kỹ thuật của các hộ gia"
    " đình, cá nhân, tổ chức khác"
)


@pytest.mark.parametrize(
    ("size", "metres"), [cell for cell in CELLS if LONG or cell[1] == 10 or cell[0] == "landscape"]
)
def test_names_of_120_letters_cut_nothing(hall: Hall, size: str, metres: float) -> None:
    assert len(NAME_OF_120) == 120
    entries = services(*COMMUNE[:2], ("LONG", NAME_OF_120, NAME_OF_120))
    counters = {n: Counter(n, tuple(entries), "hall") for n in (1, 2, 999)}
    hall.centre = commune(hall.centre, name=NAME_OF_120, services=entries, counters=counters)
    board = hall.open(*SIZES[size], viewing_distance_m=metres)
    surface = Surface(*SIZES[size], (1210.0, 680.6), metres)
    assert_well_set(hall)
    for counter in counters:
        ticket = hall.call("LONG", counter)
        hall.until(lambda n=ticket.number: board.bridge.shown.hero.number == n)
        for _ in range(2):
            assert_well_set(hall)
            hall.after(8)
        heights = sizes_of(hall)
        large = int(surface.spanning(HERO_DEGREES))
        # Seven letters and three digits are wider than this screen at ten metres; it is logged.
        far = metres == 10 and board.bridge.planned.far
        assert far or all(heights[card.number] >= large for card in board.bridge.shown.cards)


@pytest.mark.parametrize("size", SIZES)
def test_the_faces_without_a_call_are_well_set(hall: Hall, size: str) -> None:
    hall.open(*SIZES[size])
    assert "Kính chào Ông/Bà" in said(hall)
    assert_well_set(hall)


@pytest.mark.parametrize("size", SIZES)
def test_out_of_hours_the_board_says_when_it_opens(hall: Hall, size: str) -> None:
    hours = (Hours(time(7, 30), time(11, 30)), Hours(time(13, 30), time(17)))
    entries = {
        c: s.__class__(c, s.names, s.icon, hours=hours) for c, s in services(*COMMUNE).items()
    }
    hall.centre = commune(hall.centre, services=entries)
    hall.clock.now = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
    hall.open(*SIZES[size])
    assert {"Ngoài giờ tiếp nhận", "Opens again at 13:30."} <= set(said(hall))
    assert_well_set(hall)


@pytest.mark.parametrize("size", SIZES)
def test_letters_are_as_high_as_the_distance_asks(hall: Hall, size: str) -> None:
    a_morning(hall)
    board = hall.open(*SIZES[size])
    plan = board.bridge.planned
    assert not plan.far
    heights = sizes_of(hall)
    assert heights[board.bridge.shown.hero.number] >= int(plan.number_px)
    assert heights[board.bridge.shown.rows[0].number] >= int(plan.row_px)
    assert heights[board.bridge.shown.notice] >= int(plan.ticker_px)


def test_where_no_missed_number_is_taken_back_the_board_promises_nothing(hall: Hall) -> None:
    hall.centre = commune(hall.centre, queue=QueueRules(late=timedelta()))
    a_morning(hall)
    board = hall.open(1920, 1080)
    assert (board.bridge.shown.notice, board.bridge.planned.has_notice) == ("", False)
    assert not [text for text in said(hall) if "Lỡ lượt" in text or "Missed" in text]
    assert_well_set(hall)
    hall.after(100)
    assert board.bridge.planned.has_notice
    assert board.bridge.shown.notice in said(hall)
    assert_well_set(hall)


TOLD = """# Lịch tiếp công dân của Chủ tịch Ủy ban nhân dân phường

- **Thứ Năm hằng tuần**, buổi sáng từ 8 giờ đến 11 giờ 30, tại phòng tiếp công dân, tầng 1.
- Mời Ông/Bà mang theo căn cước và giấy tờ có liên quan.

| Việc | Nơi nhận |
|---|---|
| Chứng thực bản sao | Quầy 6 |
"""


@pytest.mark.parametrize(("size", "metres"), CELLS)
def test_the_offices_own_pictures_and_notices_never_cost_a_call_its_size(
    hall: Hall, size: str, metres: float
) -> None:
    folder = hall.folder / "media"
    folder.mkdir()
    Image.new("RGB", (640, 360), "#0E2F52").save(folder / "b.png")
    (folder / "a.md").write_text(TOLD, "utf-8")
    (folder / "ticker.txt").write_text("Thứ Bảy, trung tâm làm việc buổi sáng. " * 4, "utf-8")
    surface = Surface(*SIZES[size], (1210.0, 680.6), metres)
    board = hall.open(*SIZES[size], viewing_distance_m=metres, media="media")
    hall.until(lambda: bool(board._media.items))
    for calls in range(4):
        if calls:
            ticket = hall.call("ABC"[calls - 1], calls)
            hall.until(lambda n=ticket.number: board.bridge.shown.hero.number == n)
        plan = board.bridge.planned
        if calls:
            assert not plan.far
            assert plan.number_px >= surface.spanning(HERO_DEGREES) * 0.999
            assert plan.row_px >= surface.spanning(ROW_DEGREES) * 0.999
            assert plan.ticker_px >= surface.ticker * 0.999
        else:
            assert board.bridge.property("areas")["pane"]["width"]
        for _ in range(6):
            assert_well_set(hall)
            slide, pane = board.bridge.property("slide"), board.bridge.property("areas")["pane"]
            assert pane["width"] * pane["height"] <= 0.4 * surface.width * surface.height + 1
            if pane["width"]:
                assert slide["picture"] or slide["title"] or slide["lines"]
                inside = QRectF(*(pane[k] for k in ("x", "y", "width", "height")))
                told = {slide["title"], *(line["text"] for line in slide["lines"])}
                for item in labels(hall):
                    if item.property("text") in told:
                        assert inside.contains(item.mapRectToScene(core(item)))
            hall.after(8)


def test_what_of_the_folder_cannot_be_shown_is_told_once_and_the_board_goes_on(
    hall: Hall, caplog: pytest.LogCaptureFixture
) -> None:
    folder = hall.folder / "media"
    folder.mkdir()
    (folder / "a.png").write_bytes(b"no picture")
    with (folder / "b.mp4").open("wb") as film:
        film.truncate(4 << 30)
    board = hall.open(1920, 1080, media="media")
    hall.until(lambda: ("board", "warning", "media_broken") in hall.reports)
    hall.until(lambda: any("b.mp4" in record.message for record in caplog.records))
    hall.after(6)
    told = [r.message.split(":")[0] for r in caplog.records if r.name == "display.window"]
    assert told == ["a.png", "b.mp4"]
    ticket = hall.call("A", 6)
    hall.until(lambda: board.bridge.shown.hero.number == ticket.number)
    for name in ("a.png", "b.mp4"):
        (folder / name).unlink()
    hall.until(lambda: hall.reports[-1] == ("board", "ok", ""))
