"""What is shown follows from the state alone: tables over the pure functions."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from kiosk.board import Board, DeviceHealth, Home, Place, ServiceLine
from kiosk.dossier_answers import Outlook
from kiosk.texts import texts
from kiosk.tickets import Ticket, TicketState, counter_runs
from kiosk.touch.answers import _PLACE_LOOKS, told_entry
from kiosk.touch.derive import derive
from kiosk.touch.dossier_view import _OUTLOOK_ICONS
from kiosk.touch.lookups import NO_NUMBER
from kiosk.touch.state import Pace, Screen, State, Wish
from tests.hall import MORNING
from tests.touch.office import SIX, TWELVE, office

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kiosk.office.centre import Centre
    from kiosk.touch.view import View

PACE = Pace(30, 20, 20, 8)


@pytest.fixture
def centre(tmp_path: Path) -> Centre:
    return office(tmp_path / "kiosk.db", SIX, public_url="https://mc.example.vn")


def home_of(centre: Centre, printer: str = "ok", **line: object) -> Home:
    lines = tuple(
        replace(
            ServiceLine(s.code, s.names, s.icon, s.group, 0, centre.counters_of(s.code), (), None),
            **line,
        )
        for s in centre.services.values()
    )
    health = DeviceHealth("kiosk-1", "printer", printer, "", MORNING, MORNING)
    return Home(Board(MORNING, 1, (), lines), health)


def view_of(centre: Centre, state: State) -> View:
    return derive(state, centre, PACE, MORNING, 0.0)


def place(state: TicketState = TicketState.WAITING, ahead: int = 3, **more: object) -> Place:
    counter = None if state is TicketState.WAITING else 6
    ticket = Ticket("A" * 12, "A025", "A", state, 1, MORNING, counter=counter)
    return replace(Place(ticket, (6,), ahead, (600, 900)), **more)


def strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from strings(item)
    elif is_dataclass(value):
        for part in fields(value):
            yield from strings(getattr(value, part.name))


@pytest.mark.parametrize(
    ("counters", "told"),
    [
        ((), ""),
        ((6,), "6"),
        ((4, 1), "1 · 4"),
        ((1, 2), "1 · 2"),
        ((1, 2, 3), "1–3"),
        ((9, 1, 2, 3, 4, 7), "1–4 · 7 · 9"),
    ],
)
def test_counters_are_told_as_people_say_them(counters: tuple[int, ...], told: str):
    assert counter_runs(counters) == told


def test_open_counters_go_before_those_that_could_open(centre):
    home = home_of(centre, counters=(1, 4), open_counters=(4,))
    cards = view_of(centre, State("vi", "vi", home=home)).home.cards

    assert cards[2].counters == "Quầy 4"


@pytest.mark.parametrize(
    ("warning", "told"),
    [
        ("no_counter", "Chưa có quầy mở"),
        ("after_closing", "Có thể chờ quá 11:30"),
        ("session_over", "Hết giờ lúc 11:30"),
        ("not_today", "Hôm nay không làm"),
    ],
)
def test_a_warning_stands_where_the_counters_would_and_leaves_the_box_open(centre, warning, told):
    ends_at = MORNING + timedelta(minutes=168)
    home = home_of(centre, waiting=3, warning=warning, ends_at=ends_at)
    card = view_of(centre, State("vi", "vi", home=home)).home.cards[0]

    assert (card.warning, card.refusal) == (told, "")
    assert card.spoken == f"Chứng thực, 3 người chờ, {told}"


def test_a_box_that_gives_no_number_warns_of_nothing_else(centre):
    home = home_of(centre, warning="no_counter", refusal="closed_hours")

    assert view_of(centre, State("vi", "vi", home=home)).home.cards[0].warning == ""


@pytest.mark.parametrize(
    ("refusal", "hours", "told"),
    [
        ("closed_hours", 5, "Mở lại lúc 13:42"),
        ("closed_hours", 72, "Mở lại 26/11"),
        ("closed_hours", None, "Đã hết giờ lấy số"),
        ("session_limit_reached", 72, "Tạm hết số"),
        ("limit_reached", 72, "Hôm nay đã hết số"),
    ],
)
def test_a_flat_box_says_in_a_few_words_why_it_gives_no_number(centre, refusal, hours, told):
    opens_at = MORNING + timedelta(hours=hours) if hours is not None else None
    home = home_of(centre, refusal=refusal, opens_at=opens_at)

    assert view_of(centre, State("vi", "vi", home=home)).home.cards[0].brief == told


def test_the_ticket_notes_appointment_journey_and_warning(centre):
    ends_at = MORNING + timedelta(minutes=168)
    known = place(warning="after_closing", ends_at=ends_at)
    ticket = replace(
        known.ticket, due_at=MORNING + timedelta(minutes=48), journey=("B", "gone", "F")
    )
    state = State("vi", "vi", screen=Screen.TICKET, home=home_of(centre))
    notes = view_of(centre, replace(state, place=replace(known, ticket=ticket))).ticket.notes

    assert [(note.text, note.brief, note.tone) for note in notes] == [
        ("Lịch hẹn 09:30", "Lịch hẹn 09:30", "calm"),
        ("Bước 1/3 · Sau đó đến: Hộ tịch, Trả kết quả", "Bước 1/3", "calm"),
        (
            "Có thể phải chờ quá 11:30. Xin hỏi quầy hướng dẫn.",
            "Có thể chờ quá 11:30",
            "warn",
        ),
    ]


def test_an_appointment_before_its_time_is_told_its_time_and_never_that_it_is_next(centre):
    known = place(ahead=0, estimate=None, early=True)
    due = replace(known, ticket=replace(known.ticket, due_at=MORNING + timedelta(minutes=48)))
    state = State("vi", "vi", home=home_of(centre), place=due)
    taken = view_of(centre, replace(state, screen=Screen.TICKET)).ticket
    scanned = view_of(centre, replace(state, screen=Screen.PLACE)).place
    on_time = replace(state, screen=Screen.PLACE, place=replace(due, early=False))

    assert [fact.label for fact in taken.facts] == ["Đến"]
    assert [note.text for note in taken.notes] == ["Lịch hẹn 09:30"]
    assert (scanned.title, scanned.notes) == ("Lịch hẹn 09:30", ())
    assert view_of(centre, on_time).place.title == "Ông/Bà là người tiếp theo"


def test_a_plain_ticket_has_no_notes(centre):
    state = State("vi", "vi", screen=Screen.TICKET, home=home_of(centre), place=place())

    assert view_of(centre, state).ticket.notes == ()


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_priority_of_a_person_is_never_shown(centre, language: str):
    known = place()
    ticket = replace(known.ticket, priority="NCT", line="NCT")
    for screen in (Screen.TICKET, Screen.PLACE):
        plain = State("vi", language, screen=screen, home=home_of(centre), place=known)
        shown = replace(plain, place=replace(known, ticket=ticket))

        assert view_of(centre, shown) == view_of(centre, plain)


def test_a_card_speaks_name_line_and_counter(centre):
    home = home_of(centre, waiting=3)
    card = view_of(centre, State("vi", "vi", home=home)).home.cards[0]

    assert card.spoken == "Chứng thực, 3 người chờ, Quầy 6"


def test_a_refused_service_says_when_it_opens_instead_of_its_line(centre):
    later = MORNING + timedelta(hours=5)
    home = home_of(centre, refusal="closed_hours", opens_at=later, waiting=3)
    card = view_of(centre, State("vi", "vi", home=home)).home.cards[0]

    assert (card.refusal, card.spoken) == ("Mở lại lúc 13:42", "Chứng thực, Mở lại lúc 13:42")


def test_more_than_one_page_of_services_goes_into_drawers(tmp_path):
    centre = office(tmp_path / "kiosk.db", TWELVE)
    cards = view_of(centre, State("vi", "vi", home=home_of(centre))).home.cards

    assert [card.key for card in cards] == ["tu-phap", "kinh-te", "xa-hoi", "F"]
    assert [card.drawer for card in cards] == [True, True, True, False]


def test_the_ticket_tells_where_how_many_and_how_long(centre):
    state = State("vi", "vi", screen=Screen.TICKET, home=home_of(centre), place=place())
    ticket = view_of(centre, state).ticket

    assert [(fact.label, fact.value) for fact in ticket.facts] == [
        ("Đến", "Quầy 6"),
        ("Chờ trước", "3 người"),
        ("Chờ", "10–15 phút"),
    ]
    assert ticket.qr == "https://mc.example.vn/so/AAAAAAAAAAAA"


def test_without_public_address_there_is_no_square_for_phones(centre):
    state = State("vi", "vi", screen=Screen.TICKET, home=home_of(centre), place=place())

    assert view_of(replace(centre, public_url=None), state).ticket.qr == ""


def test_an_unknown_wait_is_not_invented(centre):
    known = place(estimate=None)
    state = State("vi", "vi", screen=Screen.TICKET, home=home_of(centre), place=known)

    assert len(view_of(centre, state).ticket.facts) == 2


def test_low_paper_still_prints_and_a_fault_does_not(centre):
    for printer, paper in (("ok", True), ("warning", True), ("fault", False)):
        home = home_of(centre, printer)
        state = State("vi", "vi", screen=Screen.TICKET, home=home, place=place())
        assert view_of(centre, state).ticket.paper is paper


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("state", list(TicketState))
def test_every_state_of_a_ticket_has_its_words(centre, state: TicketState, language: str):
    shown = State("vi", language, screen=Screen.PLACE, home=home_of(centre), place=place(state))
    view = view_of(centre, shown).place

    assert view.title
    assert view.text
    assert "{" not in "".join(strings(view))


def test_every_outlook_and_state_has_its_look():
    assert set(_OUTLOOK_ICONS) == set(Outlook)
    assert set(_PLACE_LOOKS) == set(TicketState)


@pytest.mark.parametrize(
    ("refusal", "opens", "language", "tile", "title", "text"),
    [
        ("closed_hours", "13:30", "vi", "Mở lại lúc 13:30", "Ngoài giờ lấy số", "từ 13:30."),
        (
            "closed_hours",
            "+1 07:30",
            "vi",
            "Mở lại lúc 07:30 thứ Ba, 24/11",
            "Ngoài giờ lấy số",
            "từ 07:30 thứ Ba, 24/11.",
        ),
        (
            "closed_hours",
            "+6 07:30",
            "en",
            "Opens at 07:30 on Sunday, 29/11",
            "Closed at this hour",
            "from 07:30 on Sunday, 29/11.",
        ),
        ("closed_hours", "", "vi", "Đã hết giờ lấy số", "Ngoài giờ lấy số", "cho việc này."),
        (
            "session_limit_reached",
            "13:30",
            "vi",
            "Hết số, phát tiếp lúc 13:30",
            "Buổi này đã hết số",
            "từ 13:30.",
        ),
        (
            "session_limit_reached",
            "",
            "vi",
            "Hôm nay đã hết số",
            "Buổi này đã hết số",
            "tiếp theo.",
        ),
        (
            "limit_reached",
            "+2 07:30",
            "vi",
            "Hôm nay đã hết số",
            "Hôm nay đã hết số",
            "từ 07:30 thứ Tư, 25/11.",
        ),
        ("numbers_used_up", "", "vi", "Hôm nay đã hết số", "Hôm nay đã hết số", "tiếp theo."),
    ],
)
def test_a_service_that_gives_no_number_says_from_when_it_does(
    centre, refusal, opens, language, tile, title, text
):
    later, _, clock = opens.rpartition(" ")
    at = MORNING.astimezone(centre.timezone).replace(hour=0, minute=0) if clock else None
    if at is not None:
        hour, minute = map(int, clock.split(":"))
        at += timedelta(days=int(later or 0), hours=hour, minutes=minute)
    home = home_of(centre, refusal=refusal, opens_at=at)
    state = State("vi", language, home=home, service="A")
    card = view_of(centre, state).home.cards[0]
    notice = view_of(centre, replace(state, screen=NO_NUMBER[refusal])).notice

    assert card.refusal == tile
    assert card.spoken.endswith(tile)
    assert notice.title == title
    assert notice.text.endswith(text)


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize(
    "screen",
    [
        Screen.NOT_FOUND,
        Screen.UNREADABLE,
        Screen.CARD,
        Screen.CLOSED,
        Screen.LIMIT,
        Screen.APPOINTMENT,
        Screen.UNAVAILABLE,
    ],
)
def test_every_fault_says_what_happened_what_to_do_and_who_helps(
    centre, screen: Screen, language: str
):
    state = State("vi", language, screen=screen, home=home_of(centre), service="A")
    notice = view_of(centre, state).notice

    assert notice.title
    assert notice.text
    assert notice.help


def test_a_store_that_is_gone_stands_before_the_choice_only(centre):
    down = State("vi", "vi", home=home_of(centre), store_down=True)
    ticket = replace(down, screen=Screen.TICKET, place=place())

    assert view_of(centre, down).screen == "unavailable"
    assert view_of(centre, down).chrome.done == ""
    assert view_of(centre, ticket).screen == "ticket"


def test_a_wish_that_failed_can_be_asked_again(centre):
    wish = Wish("A", "B" * 12)
    state = State("vi", "vi", screen=Screen.UNAVAILABLE, home=home_of(centre), wish=wish)
    view = view_of(centre, state)

    assert [action.name for action in view.notice.actions] == ["Thử lại"]
    assert view.chrome.done == "Về trang đầu"


def test_waiting_is_told_only_when_it_lasts(centre):
    state = State("vi", "vi", home=home_of(centre), busy_since=0.0)

    assert derive(state, centre, PACE, MORNING, 0.1).chrome.waiting == ""
    assert derive(state, centre, PACE, MORNING, 0.3).chrome.waiting == "Xin chờ một chút…"


def test_an_icon_that_we_do_not_have_becomes_a_plain_one(centre):
    home = home_of(centre, icon="../../etc/passwd")

    assert view_of(centre, State("vi", "vi", home=home)).home.cards[0].icon == "file"


def test_sentences_come_in_the_language_of_the_visit(centre):
    state = State("vi", "en", home=home_of(centre))
    view = view_of(centre, state)

    assert view.home.question == texts("en").say("touch.home.question")
    assert view.home.cards[0].name == "Certification"
    assert view.chrome.date == "Monday, 23/11/2026"


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ("H15.50.05-261118-0007", "H15.50.05-261118-0007"),
        ("HS–2026–04101", "HS–2026–04101"),
        ("0912345678", "…78"),
        ("DN4790123456789", "…89"),
        ("", "…"),
    ],
)
def test_what_may_be_somebodys_number_is_not_shown(entry: str, told: str) -> None:
    assert told_entry(entry) == told
