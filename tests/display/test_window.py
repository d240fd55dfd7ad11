from __future__ import annotations

import re
import threading
import wave
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from PySide6.QtCore import QObject, QRectF

from display.chime import RATE, read_chime
from display.hero import PAGE_SECONDS, TOGETHER_SECONDS
from display.layout import HERO_DEGREES, ROW_DEGREES, Surface
from display.speaker import BREATH
from kiosk.errors import Unavailable
from kiosk.office.calls import call_next, no_show, recall, undo
from kiosk.office.hall import read_board
from kiosk.office.tickets import take_ticket
from kiosk.tickets import Counter, Hours, QueueRules
from tests.display.conftest import COMMUNE, Hall, commune, services
from tests.profile import LONG

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtQuick import QQuickItem

SIZES = {
    "portrait": (1080, 1920),
    "landscape": (1920, 1080),
    "small": (1024, 768),
    "720p": (1280, 720),
    "4K": (3840, 2160),
}
METRES = (3, 6, 10)
LANGUAGES = (("vi", "en"), ("vi",), ("en", "vi"))
CELLS = [
    (size, metres)
    for at, size in enumerate(SIZES)
    for row, metres in enumerate(METRES)
    if LONG or (at + row) % 3
]
"""Each size at two distances, each distance on at least three sizes; all in `make faults`."""
MANY = (
    *COMMUNE,
    ("G", "Lao động, thương binh và xã hội", "Labour and social affairs"),
    ("H", "Giao thông vận tải", "Transport"),
    ("K", "Giáo dục và đào tạo", "Education and training"),
    ("L", "Tiếp nhận hồ sơ đất đai, môi trường và xây dựng", "Land and construction dossiers"),
    ("TTHC", "Thủ tục hành chính liên thông", "Joined procedures"),
)
QML = Path(__file__).parents[2] / "display" / "qml"
LONG_OFFICE = "Trung tâm Phục vụ hành chính công đặc khu Phú Quốc và các phường, xã lân cận"


def items(item: QQuickItem) -> Iterator[QQuickItem]:
    for child in item.childItems():
        if child.isVisible():
            yield child
            yield from items(child)


def labels(hall: Hall) -> list[QQuickItem]:
    root = hall.board.window.contentItem()
    for _ in range(2):  # what is set in a line moves what is set below it
        for item in items(root):
            item.ensurePolished()
    return [item for item in items(root) if item.inherits("QQuickText") and item.property("text")]


def said(hall: Hall) -> list[str]:
    return [item.property("text") for item in labels(hall)]


def sizes_of(hall: Hall) -> dict[str, int]:
    """The height of each text's font as it is drawn, in pixels."""
    return {
        item.property("text"): item.property("fontInfo").property("pixelSize").toInt()
        for item in labels(hall)
    }


def assert_well_set(hall: Hall) -> None:
    """No text is cut, elided, outside the window, or on another text."""
    window = QRectF(0, 0, hall.board.window.width(), hall.board.window.height())
    boxes: list[tuple[str, QRectF]] = []
    for item in labels(hall):
        text, box = item.property("text"), item.mapRectToScene(core(item))
        assert not item.property("truncated"), text
        assert item.property("contentWidth") <= item.width() + 1.5, text
        assert window.adjusted(-1, -1, 1, 1).contains(box), text
        for other, taken in boxes:
            assert not box.intersects(taken), (text, other)
        boxes.append((text, box))


def core(item: QQuickItem) -> QRectF:
    """The part of the text that holds ink: lines have air above and below."""
    height = item.property("contentHeight")
    capitals = re.fullmatch("[A-Z0-9]+", item.property("text"))
    air = item.property("font").pixelSize() * (0.25 if capitals else 0.1)
    top = (item.height() - height) / 2 if item.height() > height else 0.0
    width = item.property("contentWidth")
    return QRectF(0, top + air, width, height - 2 * air)


def a_morning(hall: Hall) -> None:
    codes = list(hall.centre.services)
    for counter, code in zip(hall.centre.counters, codes * 3, strict=False):
        hall.call(code, counter)
    for times, code in enumerate(codes):
        for _ in range(times):
            take_ticket(hall.centre, service=code, actor="test")


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


def test_a_board_of_some_zones_shows_their_calls_and_lines_alone(hall: Hall) -> None:
    counters = {
        1: Counter(1, ("A", "B"), "left"),
        2: Counter(2, ("C", "D"), "right"),
        3: Counter(3, ("E", "F"), "right"),
    }
    hall.centre = commune(hall.centre, counters=counters)
    board = hall.open(1920, 1080, zones=("right",), sound="file")
    hall.call("A", 1)
    here = hall.call("C", 2)
    hall.until(lambda: board.bridge.shown.hero.number == here.number)
    assert board.bridge.shown.rows == ()
    assert [line.code for line in board._board.lines] == ["C", "D", "E", "F"]
    hall.call("B", 1)
    hall.until(lambda: board._board.seq == read_board(hall.centre).seq)
    assert board.bridge.shown.hero.number == here.number
    assert chimes(hall) == 1


def test_a_call_reaches_the_board_with_its_counter(hall: Hall) -> None:
    board = hall.open(1920, 1080)
    ticket = hall.call("A", 6)
    hall.until(lambda: board.bridge.shown.hero.number == ticket.number)
    assert {ticket.number, "6", "Mời công dân số", "đến Quầy"} <= set(said(hall))


def test_calls_of_the_same_instant_stand_large_together(hall: Hall) -> None:
    board = hall.open(1920, 1080, sound="file")
    for service in ("A", "B"):
        take_ticket(hall.centre, service=service, actor="test")
    first = call_next(hall.centre, 1, clerk="mai")
    second = call_next(hall.centre, 2, clerk="lan")
    hall.until(lambda: len(board.bridge.shown.cards) == 2)
    assert [card.number for card in board.bridge.shown.cards] == [second.number, first.number]
    assert {first.number, second.number} <= set(said(hall))
    assert board.bridge.shown.rows == ()
    assert_well_set(hall)
    hall.after(TOGETHER_SECONDS)
    assert [card.number for card in board.bridge.shown.cards] == [second.number]
    assert [row.number for row in board.bridge.shown.rows] == [first.number]


def test_a_second_call_is_shown_while_the_first_one_blinks(hall: Hall) -> None:
    board = hall.open(1920, 1080, sound="file")
    hall.call("A", 1)
    hall.until(lambda: board.bridge.shown.hero.blinking)
    hall.after(1)
    second = hall.call("B", 2)
    hall.until(lambda: board.bridge.shown.hero.number == second.number)
    assert all(card.blinking for card in board.bridge.shown.cards)
    assert chimes(hall) == 1
    hall.after(1)
    assert chimes(hall) == 2


@pytest.mark.parametrize(("size", "metres"), CELLS)
def test_however_many_are_called_at_once_each_stands_out(
    hall: Hall, size: str, metres: float
) -> None:
    """Cards span 0.7 degrees each, rows 22 minutes; who has no card is marked in the list, and
    where even that is too short they take turns."""
    board = hall.open(*SIZES[size], viewing_distance_m=metres)
    surface = Surface(*SIZES[size], (1210.0, 680.6), metres)
    numbers: set[str] = set()
    for counter, code in enumerate("ABCDEF", 1):
        ticket = hall.call(code, counter)
        numbers.add(ticket.number)
        hall.until(lambda number=ticket.number: board.bridge.shown.hero.number == number)
        assert_well_set(hall)
        seen: set[str] = set()
        for _ in range(2):
            shown, plan = board.bridge.shown, board.bridge.planned
            assert len(shown.cards) == plan.cards
            cards = {card.number for card in shown.cards}
            fresh = {row.number for row in shown.rows[: plan.rows] if row.fresh}
            heights = sizes_of(hall)
            assert all(heights[n] >= int(surface.spanning(HERO_DEGREES)) for n in cards)
            assert all(heights[n] >= int(surface.spanning(ROW_DEGREES)) for n in fresh)
            seen |= cards | fresh
            if counter == 6 and seen != numbers:
                hall.after(PAGE_SECONDS)
        assert seen == numbers or (counter < 6 and len(numbers) > len(cards) + plan.rows)


def test_what_is_spoken_stays_in_view(hall: Hall) -> None:
    """Six are called at once; the last of them is said when its call is old news."""
    board = hall.open(1920, 1080, sound="file")
    called = {hall.call(code, counter).number for counter, code in enumerate("ABCDEF", 1)}
    hall.until(lambda: len(board.speaker.waiting) + len(board.speaker.speaking) == len(called))
    spoken: set[str] = set()
    for _ in called:
        now = {call.number for call in board.speaker.speaking}
        assert now <= set(said(hall))
        assert_well_set(hall)
        spoken |= now
        hall.after(len(read_chime()) / 2 / RATE + BREATH)
    assert spoken == called
    assert board.speaker.speaking == ()


def test_a_recall_comes_up_again_and_chimes_again(hall: Hall) -> None:
    board = hall.open(1920, 1080, sound="file")
    ticket = hall.call("A", 1)
    hall.until(lambda: board.bridge.shown.hero.number == ticket.number)
    hall.after(6)
    assert not board.bridge.shown.hero.blinking
    recall(hall.centre, 1, clerk="mai")
    hall.until(lambda: board.bridge.shown.hero.blinking)
    assert chimes(hall) == 2
    assert board.bridge.shown.rows == ()


def test_a_call_that_was_taken_back_leaves_the_board_without_a_chime(hall: Hall) -> None:
    board = hall.open(1920, 1080, sound="file")
    first = hall.call("A", 1)
    hall.until(lambda: board.bridge.shown.hero.number == first.number)
    hall.after(6)
    second = hall.call("A", 2)
    hall.until(lambda: board.bridge.shown.hero.number == second.number)
    undo(hall.centre, 2, clerk="mai")
    hall.until(lambda: board.bridge.shown.hero.number == first.number)

    assert second.number not in said(hall)
    assert not board.bridge.shown.hero.blinking
    assert chimes(hall) == 2


def test_the_first_call_of_the_day_taken_back_leaves_the_welcome(hall: Hall) -> None:
    board = hall.open(1920, 1080, sound="file")
    ticket = hall.call("A", 1)
    hall.until(lambda: board.bridge.shown.hero.number == ticket.number)
    undo(hall.centre, 1, clerk="mai")
    hall.until(lambda: "Kính chào Ông/Bà" in said(hall))

    assert ticket.number not in said(hall)
    assert chimes(hall) == 1


def test_who_missed_the_call_stays_among_the_calls_and_makes_no_sound(hall: Hall) -> None:
    board = hall.open(1920, 1080, sound="file")
    ticket = hall.call("A", 1)
    hall.until(lambda: board.bridge.shown.hero.number == ticket.number)
    hall.after(6)
    no_show(hall.centre, 1, clerk="mai")
    hall.until(lambda: board._board.seq == read_board(hall.centre).seq)

    assert board.bridge.shown.hero.number == ticket.number
    assert not board.bridge.shown.hero.blinking
    assert chimes(hall) == 1


def chimes(hall: Hall) -> float:
    with wave.open(str(hall.folder / "calls.wav")) as file:
        return file.getnframes() * file.getsampwidth() / len(read_chime())


def test_the_chime_starts_with_the_frame_that_shows_the_call(hall: Hall) -> None:
    board = hall.open(1920, 1080, sound="file")
    assert chimes(hall) == 0
    heard_at_change: list[float] = []
    board.bridge.heroChanged.connect(lambda: heard_at_change.append(chimes(hall)))
    hall.call("A", 1)
    hall.until(lambda: bool(heard_at_change), seconds=0.3)
    assert heard_at_change == [1]


def test_a_start_in_the_middle_of_the_day_does_not_replay_the_morning(hall: Hall) -> None:
    tickets = [hall.call("A", counter) for counter in range(1, 7)]
    hall.clock.forward(minutes=3)
    board = hall.open(1920, 1080, sound="file")
    assert board.bridge.shown.hero.number == tickets[-1].number
    assert not board.bridge.shown.hero.blinking
    hall.after(30)
    assert board.bridge.shown.hero.number == tickets[-1].number
    assert chimes(hall) == 0


class Broken:
    """A store that cannot be read while ``down``."""

    def __init__(self, real: object) -> None:
        self.real = real
        self.down = False

    def read(self) -> object:
        if self.down:
            raise Unavailable("store_busy")
        return self.real.read()

    def __getattr__(self, name: str) -> object:
        return getattr(self.real, name)


def test_a_board_that_cannot_read_says_so_after_ten_seconds_and_mends_itself(
    hall: Hall, caplog: pytest.LogCaptureFixture
) -> None:
    store = Broken(hall.centre.database)
    hall.centre = commune(hall.centre, database=store)
    board = hall.open(1920, 1080)
    ticket = hall.call("A", 1)
    hall.until(lambda: board.bridge.shown.hero.number == ticket.number)
    hall.until(lambda: not board._reading)
    store.down = True
    board._read()
    hall.until(lambda: not board._reading)
    hall.after(9.9)
    assert not board.bridge.shown.stale
    hall.after(0.2)
    assert board.bridge.shown.notice in said(hall)
    assert board.bridge.shown.stale
    store.down = False
    board._read()
    hall.until(lambda: not board.bridge.shown.stale)
    assert [record.levelname for record in caplog.records if "store" in record.message] == [
        "WARNING"
    ]


def test_health_of_board_and_sound_is_told_at_once_and_again(hall: Hall) -> None:
    hall.open(1920, 1080, sound="file")
    assert {("board", "ok", ""), ("sound", "ok", "")} <= set(hall.reports)
    hall.reports.clear()
    hall.after(6)
    assert {("board", "ok", ""), ("sound", "ok", "")} == set(hall.reports)


def test_a_missing_screen_is_a_fault_and_the_board_stays_off_other_screens(hall: Hall) -> None:
    board = hall.open(screen="HALL-9")
    assert not board.window.isVisible()
    assert ("board", "fault", "unplugged") in hall.reports


def test_markup_in_names_is_shown_as_it_is_written(hall: Hall) -> None:
    hall.centre = commune(hall.centre, name="<b>Một</b> &amp; <img src=x>")
    hall.open(1920, 1080)
    assert "<b>Một</b> &amp; <img src=x>" in said(hall)


@pytest.mark.parametrize("path", sorted(QML.glob("*.qml")), ids=lambda path: path.stem)
def test_texts_are_plain_and_nothing_is_touched_or_layered(path: Path) -> None:
    source = path.read_text("utf-8")
    assert source.startswith("pragma ComponentBehavior: Bound\n")
    for word in (r"Text \{", r"Label \{", "MouseArea", r"\blayer\.", "textFormat", "elide"):
        assert not re.search(word, source.replace("Text.", "")), word


def test_it_closes_while_reads_are_under_way(hall: Hall) -> None:
    hall.open(1920, 1080)
    hall.board._read()
    hall.close()


def test_what_did_not_change_says_nothing(hall: Hall) -> None:
    board = hall.open(1920, 1080)
    heard: list[str] = []
    for name in ("hero", "rows", "strip", "notice", "plan"):
        getattr(board.bridge, f"{name}Changed").connect(lambda name=name: heard.append(name))
    hall.clock.forward(minutes=1)
    board.look()
    assert board.bridge.shown.clock == "08:43"
    assert heard == []
    take_ticket(hall.centre, service="A", actor="test")
    hall.until(lambda: bool(heard))
    assert heard == ["strip"]


def test_no_wait_for_the_store_is_the_boards(hall: Hall) -> None:
    """Only the worker asks the clock for which one may have to wait."""
    askers = set()

    def waits() -> datetime:
        askers.add(threading.current_thread())
        return hall.clock()

    hall.centre = replace(hall.centre, clock=waits, glance=hall.clock)
    board = hall.open()

    assert board.bridge.shown.clock == "08:42"
    assert askers
    assert threading.main_thread() not in askers


def test_the_call_blinks_at_most_twice_a_second(hall: Hall) -> None:
    board = hall.open(1920, 1080)
    timers = [
        child
        for child in board.window.findChildren(QObject)
        if child.inherits("QQmlTimer") and child.property("repeat")
    ]
    assert [2 * timer.property("interval") >= 500 for timer in timers] == [True]
    hall.call("A", 1)
    hall.until(lambda: timers[0].property("running"))
    hall.after(4.6)
    assert not timers[0].property("running")
