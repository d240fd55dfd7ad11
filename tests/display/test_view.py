from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from display.hero import Raised, Showing
from display.view import (
    BLINK_SECONDS,
    PAGE_SECONDS,
    QUIET_SECONDS,
    STALE_SECONDS,
    BoardView,
    Entry,
    Face,
    Row,
    is_stale,
    not_current,
    recent,
    view,
)
from kiosk.board import Board, Call, ServiceLine
from kiosk.texts import Texts, texts

NOW = datetime(2026, 11, 23, 1, 42, tzinfo=UTC)
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
BOTH = (texts("vi"), texts("en"))


def call(seq: int, number: str, counter: int, *, ago: float = 0) -> Call:
    return Call(seq, number, counter, NOW - timedelta(seconds=ago), 1)


def line(
    code: str, name: str, waiting: int, refusal: str | None = None, opens: datetime | None = None
) -> ServiceLine:
    names = {"vi": name, "en": f"{name} (en)"}
    return ServiceLine(code, names, "ticket", None, waiting, (1,), (1,), refusal, opens)


def board(*calls: Call, lines: tuple[ServiceLine, ...] = ()) -> Board:
    return Board(NOW, max((c.seq for c in calls), default=0), calls, lines)


def shown(read: Board | None, state: Showing, **more: object) -> BoardView:
    facts = {"wall": NOW, "now": 0.0, "stale": False, "late_minutes": 60, **more}
    languages = facts.pop("languages", BOTH)
    return view(read, state, languages, "Trung tâm", HANOI, **facts)


def up(call: Call, *, live: bool = True) -> Showing:
    return Showing(call.seq, (Raised(call, 0.0, live),))


def test_the_hero_speaks_both_languages() -> None:
    hero = shown(board(call(1, "A025", 6)), up(call(1, "A025", 6))).hero
    assert (hero.face, hero.number, hero.counter) == (Face.CALL, "A025", "6")
    assert (hero.lead, hero.lead_second) == ("Mời công dân số", "Now calling")
    assert (hero.counter_word, hero.counter_second) == ("đến Quầy", "to Counter")
    assert hero.spoken == "Mời số A025 đến Quầy 6"


def test_a_hall_of_one_language_has_no_second_line() -> None:
    hero = shown(board(), up(call(1, "A025", 6)), languages=BOTH[1:]).hero
    assert (hero.lead, hero.lead_second, hero.counter_second) == ("Now calling", "", "")


def test_the_list_shows_each_number_once_at_its_latest_counter() -> None:
    calls = (call(4, "A001", 5), call(3, "B001", 2), call(2, "A001", 1), call(1, "C001", 3))
    rows = shown(board(*calls), up(calls[1])).rows
    assert [(row.number, row.counter) for row in rows] == [("A001", "5"), ("C001", "3")]
    assert rows[0] == Row("A001", "5", "Mời số A001 đến Quầy 5")


def test_the_list_has_every_call_but_those_on_cards() -> None:
    first, second = call(1, "A001", 1), call(2, "B001", 2)
    assert recent(board(second, first), (first,)) == (second,)


@pytest.mark.parametrize(("after", "blinking"), [(0, True), (4.4, True), (BLINK_SECONDS, False)])
def test_a_new_call_blinks_for_less_than_five_seconds(after: float, blinking: bool) -> None:
    assert BLINK_SECONDS <= 5
    assert shown(board(), up(call(1, "A001", 1)), now=after).hero.blinking is blinking


def test_an_old_call_found_at_the_start_does_not_blink() -> None:
    assert not shown(board(), up(call(1, "A001", 1), live=False)).hero.blinking


def test_before_the_first_call_the_board_welcomes() -> None:
    hero = shown(board(lines=(line("A", "Chứng thực", 2),)), Showing()).hero
    assert (hero.face, hero.lead, hero.lead_second) == (Face.IDLE, "Kính chào Ông/Bà", "Welcome")


def test_a_board_that_was_never_read_welcomes_too() -> None:
    assert shown(None, Showing()).hero.face is Face.IDLE


@pytest.mark.parametrize(
    ("opens", "told"),
    [
        (NOW + timedelta(hours=5), "Tiếp nhận lại lúc 13:42."),
        (NOW + timedelta(days=1), "Tiếp nhận lại lúc 08:42 ngày 24/11."),
        (None, "Mời Ông/Bà trở lại trong giờ làm việc."),
    ],
)
def test_out_of_hours_the_board_says_when_it_opens(opens: datetime | None, told: str) -> None:
    lines = (line("A", "Chứng thực", 0, "closed_hours", opens),)
    hero = shown(board(lines=lines), Showing()).hero
    assert (hero.face, hero.told) == (Face.CLOSED, told)


def test_out_of_hours_a_recent_call_still_stands_and_an_old_one_goes() -> None:
    lines = (line("A", "Chứng thực", 0, "closed_hours"), line("B", "Hộ tịch", 0, "closed_hours"))
    for ago, face in ((600, Face.CALL), (1000, Face.CLOSED)):
        last = call(1, "A001", 1, ago=ago)
        assert shown(board(last, lines=lines), up(last)).hero.face is face


def test_one_open_service_keeps_the_hall_open() -> None:
    lines = (line("A", "Chứng thực", 0, "closed_hours"), line("B", "Hộ tịch", 0))
    assert shown(board(lines=lines), Showing()).hero.face is Face.IDLE


def together(*calls: Call, **more: object) -> BoardView:
    """Calls of one instant on a board, the latest first."""
    state = Showing(calls[0].seq, tuple(Raised(each, 0.0) for each in calls))
    return shown(board(*calls), state, **more)


def test_calls_of_one_instant_stand_on_cards_and_the_others_bright_in_the_list() -> None:
    calls = [call(n, f"A{n:03d}", n) for n in range(5, 0, -1)]
    found = together(*calls, cards=2, rows=4)
    assert [card.number for card in found.cards] == ["A005", "A004"]
    assert all(card.blinking for card in found.cards)
    assert [(row.number, row.fresh) for row in found.rows] == [
        ("A003", True),
        ("A002", True),
        ("A001", True),
    ]


def test_what_is_spoken_now_is_in_view_however_many_were_called_since() -> None:
    calls = tuple(call(n, f"A{n:03d}", n, ago=60 - n) for n in range(9, 0, -1))
    state = Showing(9, (Raised(calls[0], 0.0),))
    for rows, number in ((3, "A002"), (3, "A008"), (8, "A001")):
        found = shown(board(*calls), state, rows=rows, speaking=frozenset({number}))
        assert number in [row.number for row in found.rows[:rows]]
    assert not any(row.fresh for row in shown(board(*calls), state, rows=3).rows)


def test_long_after_the_last_call_the_board_welcomes_and_keeps_it_in_the_list() -> None:
    last = call(1, "A001", 1, ago=QUIET_SECONDS + 1)
    read = board(last, lines=(line("A", "Chứng thực", 0),))
    found = shown(read, up(last))
    assert found.hero.face is Face.IDLE
    assert [row.number for row in found.rows] == ["A001"]


def test_lines_of_the_office_take_turns_with_what_to_do_after_a_missed_call() -> None:
    ticker = {"vi": ("Thứ Bảy nghỉ.",), "en": ("Thứ Bảy nghỉ.", "Closed on Saturday.")}
    told = [
        shown(board(), Showing(), ticker=ticker, now=turn * PAGE_SECONDS + 0.1).notice
        for turn in range(5)
    ]
    assert told[0].startswith("Lỡ lượt gọi?")
    assert told[1].startswith("Missed your call?")
    assert told[2:] == ["Thứ Bảy nghỉ.", "Closed on Saturday.", told[0]]


def test_languages_and_pages_take_turns() -> None:
    read = board(lines=(line("A", "Chứng thực", 3), line("B", "Hộ tịch", 8)))
    pages = ((((0,),), ((1,),)), (((0, 1),),))
    seen = [shown(read, Showing(), now=turn * PAGE_SECONDS + 0.1, pages=pages) for turn in range(4)]
    assert [view.language for view in seen] == ["vi", "vi", "en", "vi"]
    assert seen[0].strip == ((Entry("Chứng thực", "3"),),)
    assert seen[1].strip == ((Entry("Hộ tịch", "8"),),)
    assert seen[2].strip == ((Entry("Chứng thực (en)", "3"), Entry("Hộ tịch (en)", "8")),)
    assert (seen[2].just_called, seen[2].waiting) == ("Just called", "Waiting")
    assert seen[3] == seen[0]


def test_a_board_that_is_not_current_says_so_in_place_of_the_notice() -> None:
    fresh, stale = (shown(board(), Showing(), stale=flag) for flag in (False, True))
    assert fresh.notice.startswith("Lỡ lượt gọi?")
    assert stale.notice.startswith("Thông tin chưa cập nhật.")
    since = NOW - timedelta(minutes=5)
    told = shown(board(), Showing(), stale=True, since=since).notice
    assert told.startswith("Chưa cập nhật từ 08:37.")


@pytest.mark.parametrize(
    ("language", "who"), [("vi", "Xin nghe cán bộ gọi số."), ("en", "the staff's call.")]
)
@pytest.mark.parametrize("since", [None, NOW])
def test_a_board_that_is_not_current_says_whom_to_listen_to(
    language: str, who: str, since: datetime | None
) -> None:
    """Its loudspeaker goes on no more than it does: staff call."""
    assert not_current(texts(language), since).endswith(who)


@pytest.mark.parametrize(
    ("languages", "told"),
    [
        (BOTH[:1], "Lỡ lượt gọi? Mời mang số cũ đến quầy hướng dẫn trong 20 phút."),
        (BOTH[1:], "Missed your call? Bring your ticket to the help desk within 20 min."),
    ],
)
def test_the_notice_promises_no_more_than_the_office_does(
    languages: tuple[Texts, ...], told: str
) -> None:
    facts = {"languages": languages}
    assert shown(board(), Showing(), late_minutes=20, **facts).notice == told
    assert shown(board(), Showing(), late_minutes=0, **facts).notice == ""
    assert shown(board(), Showing(), late_minutes=0, stale=True, **facts).notice != ""


@pytest.mark.parametrize(
    ("last_read", "now", "stale"),
    [(None, 9, False), (None, 10.1, True), (5, 15, False), (5, 15.1, True)],
)
def test_it_is_stale_when_the_last_good_read_is_older_than_ten_seconds(
    last_read: float | None, now: float, stale: bool
) -> None:
    assert STALE_SECONDS == 10
    assert is_stale(last_read, 0, now) is stale


def test_the_clock_is_that_of_the_office() -> None:
    assert shown(board(), Showing()).clock == "08:42"
