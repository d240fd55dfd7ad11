"""Looking up at the touch window: the second factor, what follows from the answer, and services
that ask for a dossier first. Real touches and scans on a real store."""

from __future__ import annotations

import gc
import json
import random
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from kiosk.dossiers import Status, Step
from kiosk.office.calls import call_next
from kiosk.office.devices import report
from kiosk.office.sms_wishes import wished_sms
from kiosk.office.tickets import take_ticket
from kiosk.scans import CardScan
from tests.faults.test_scans import frames
from tests.hall import MORNING, Clock
from tests.profile import chosen
from tests.touch.office import CODE, SIX, issued, ready_dossier, store
from tests.touch.scene import at, buttons, find, labels, press, texts, told
from tests.touch.visit import (
    CARD,
    ID,
    LATE,
    MISSING,
    OPEN,
    OWNER,
    PHONE,
    PROVE,
    SHOW,
    STRANGER,
    WRONG,
    key,
    office_of_owners,
    people,
    prove,
    scan,
    type_in,
)

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.office.centre import Centre
    from kiosk.touch.window import TouchWindow
    from tests.hall import Seconds
    from tests.touch.conftest import Open


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def centre(tmp_path: Path, clock: Clock) -> Centre:
    return office_of_owners(tmp_path, clock)


@pytest.fixture
def window(open_touch: Open, centre: Centre) -> tuple[TouchWindow, Seconds]:
    return open_touch(centre)


def test_last_digits_open_the_masked_owner_and_who_holds_each_step(window, qtbot):
    touch, _ = window
    scan(window, qtbot)
    before = " ".join(texts(touch.window))
    prove(window, qtbot)
    qtbot.waitUntil(lambda: touch.bridge.view.dossier.owner != "")
    shown = texts(touch.window)

    assert "Bình" not in before
    assert "N. V. A" not in before
    assert "Chủ hồ sơ: N. V. A***" in shown
    assert "Tư pháp – Hộ tịch · Trần Thị Bình" in shown
    assert PROVE not in [piece.name for piece in buttons(touch.window.contentItem())]
    assert not any(word in " ".join(shown) for word in (OWNER, PHONE, ID, "3456"))


def test_the_secret_of_the_receipt_has_letters_too(window, qtbot):
    touch, _ = window
    scan(window, qtbot)
    key(window, PROVE)
    qtbot.waitUntil(lambda: at(touch, "prove"))
    for part, switch in (("K", "ABC"), ("7", "123"), ("Q", "ABC"), ("2", "123")):
        if part.isalpha() != touch.bridge.state.letters:
            press(touch.window, switch)
        type_in(window, part)
    key(window, SHOW)
    qtbot.waitUntil(lambda: touch.bridge.view.dossier.owner != "")


def test_the_owners_card_opens_the_dossier_that_is_shown(window, qtbot):
    touch, _ = window
    scan(window, qtbot)
    touch.scanned(CARD)
    qtbot.waitUntil(lambda: touch.bridge.view.dossier.owner != "")

    assert touch.bridge.state.answer is not None
    assert touch.bridge.state.answer.code == CODE


def test_another_persons_card_opens_nothing_and_says_so_calmly(window, qtbot):
    touch, _ = window
    scan(window, qtbot)
    touch.scanned(STRANGER)
    qtbot.waitUntil(lambda: at(touch, "prove"))

    assert WRONG in texts(touch.window)


def test_a_code_of_the_phone_is_no_card_and_keeps_the_dossier(window, qtbot):
    touch, _ = window
    scan(window, qtbot)
    key(window, PROVE)
    touch.scanned(b"eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIwMDEwOTAxMjM0NTYifQ.c2lnbmF0dXJlIQ==")

    assert at(touch, "prove")
    assert touch.bridge.state.answer is not None
    assert "Máy chưa đọc được mã này. Mời dùng thẻ căn cước hoặc nhập số." in texts(touch.window)


def test_a_card_before_any_receipt_asks_for_the_receipt_first(window, qtbot):
    touch, _ = window
    touch.scanned(CARD)
    qtbot.waitUntil(lambda: at(touch, "card"))

    assert "Mời quét giấy hẹn trước" in texts(touch.window)


def test_what_is_typed_is_masked_after_a_moment_and_gone_when_it_was_tried(window, qtbot):
    touch, seconds = window
    scan(window, qtbot)
    key(window, PROVE)
    qtbot.waitUntil(lambda: at(touch, "prove"))
    type_in(window, "348")
    at_once = touch.bridge.view.keypad.entry
    seconds.now += 1.5
    touch.bridge.tick()
    later = touch.bridge.view.keypad.entry
    type_in(window, "1")
    press(touch.window, "Xóa một ký tự")
    erased = touch.bridge.view.keypad.entry
    assert "348" not in repr(touch.bridge.state)
    type_in(window, "1")
    key(window, SHOW)
    qtbot.waitUntil(lambda: WRONG in texts(touch.window))

    assert (at_once, later, erased) == ("••8", "•••", "•••")
    assert touch.bridge.state.entry == ""


def test_too_many_wrong_ones_say_from_when_on_and_leave_the_open_part(window, qtbot, clock):
    touch, _ = window
    scan(window, qtbot)
    for n in range(5):
        clock.forward(seconds=20)
        touch.scanned(STRANGER)
        qtbot.waitUntil(lambda: touch.bridge.state.busy_since is None)
        assert touch.bridge.state.problem == "no_such_dossier", n
    clock.forward(seconds=20)
    touch.scanned(CARD)
    qtbot.waitUntil(lambda: touch.bridge.state.problem == "too_many_tries")
    told = texts(touch.window)
    key(window, "Quay lại")
    qtbot.waitUntil(lambda: at(touch, "dossier"))

    assert "Đã thử sai nhiều lần. Mời thử lại từ 08:57, hoặc hỏi quầy hướng dẫn." in told
    assert "Đã có kết quả" in texts(touch.window)


def test_nothing_of_the_card_lives_on_after_the_call(window, qtbot):
    touch, _ = window
    scan(window, qtbot)
    touch.scanned(STRANGER)
    qtbot.waitUntil(lambda: touch.bridge.state.problem != "")
    gc.collect()

    cards = [thing for thing in gc.get_objects() if isinstance(thing, CardScan)]
    assert CardScan(("079190003456",)) not in cards


def test_a_way_back_leads_to_the_dossier_and_idleness_to_nothing_of_it(window, qtbot):
    touch, seconds = window
    scan(window, qtbot)
    key(window, PROVE)
    key(window, "Quay lại")
    assert at(touch, "dossier")
    key(window, PROVE)
    type_in(window, "12")
    seconds.now += 60
    touch.bridge.tick()

    assert at(touch, "home")
    assert touch.bridge.state.answer is None
    assert touch.bridge.state.entry == ""


def test_papers_that_are_missing_are_brought_with_a_number_called_first(window, centre, qtbot):
    touch, _ = window
    take_ticket(centre, service="B", actor="test")
    scan(window, qtbot, MISSING)
    key(window, "Lấy số nộp bổ sung")
    qtbot.waitUntil(lambda: at(touch, "ticket"))
    place = touch.bridge.state.place
    assert place is not None
    scan(window, qtbot, MISSING)
    key(window, "Lấy số nộp bổ sung")
    qtbot.waitUntil(lambda: at(touch, "place"))
    called = call_next(centre, 5, clerk="hoa")

    assert touch.bridge.state.place is not None
    assert touch.bridge.state.place.ticket.id == place.ticket.id
    assert called is not None
    assert (called.id, called.dossier) == (place.ticket.id, MISSING)
    assert issued(centre) == 2


def test_a_late_dossier_leads_to_somebody_who_answers_for_it(window, centre, qtbot):
    touch, _ = window
    scan(window, qtbot, LATE)
    key(window, "Lấy số gặp cán bộ")
    qtbot.waitUntil(lambda: at(touch, "ticket"))
    assert touch.bridge.state.place is not None
    assert touch.bridge.state.place.ticket.dossier == LATE


@pytest.mark.parametrize(
    ("taking", "field", "service"),
    [
        ("B", "Đất đai", "B"),
        ("BC", "đất đai", "C"),
        ("BC", "Land", "C"),
        ("BC", "Địa chính", "C"),
        ("BC", "Xây dựng", None),
        ("BC", None, None),
        ("", "Đất đai", None),
    ],
)
def test_papers_are_brought_to_the_service_of_their_field(
    centre, taking: str, field: str | None, service: str | None
):
    fields = {"C": ("Địa chính",)}
    services = {
        s.code: replace(s, takes_supplements=s.code in taking, fields=fields.get(s.code, ()))
        for s in SIX
    }
    found = replace(centre, services=services).supplements_at(field)

    assert (found.code if found else None) == service


def test_without_a_service_for_papers_the_answer_has_no_key(open_touch: Open, centre, qtbot):
    other = replace(centre, services={service.code: service for service in SIX})
    window = open_touch(other)
    scan(window, qtbot, MISSING)

    assert window[0].bridge.view.dossier.take == ""


def papers(centre: Centre) -> list[dict[str, object]]:
    with centre.database.read() as query:
        rows = query.all("SELECT data FROM print_job WHERE slip = 'apology'")
    return [json.loads(row["data"]) for row in rows]


def test_a_late_dossier_prints_its_apology_once_in_an_hour(window, centre, qtbot, clock):
    touch, _ = window
    scan(window, qtbot, LATE)
    key(window, "In phiếu xin lỗi")
    qtbot.waitUntil(lambda: touch.bridge.view.dossier.done != "")
    first = touch.bridge.view.dossier
    scan(window, qtbot, LATE)
    key(window, "In phiếu xin lỗi")
    qtbot.waitUntil(lambda: touch.bridge.view.dossier.done != "")
    again = touch.bridge.view.dossier.done

    assert first.done == "Mời Ông/Bà lấy phiếu xin lỗi ở khe bên dưới."
    assert "apology" not in [action.key for action in first.keys]
    assert again.startswith("Phiếu xin lỗi đã in trong vòng một giờ qua.")
    assert len(papers(centre)) == 1
    assert "N. V. A" not in json.dumps(papers(centre), ensure_ascii=False)


def test_who_has_shown_the_second_factor_stands_masked_on_the_apology(window, centre, qtbot):
    touch, _ = window
    scan(window, qtbot, LATE)
    prove(window, qtbot)
    qtbot.waitUntil(lambda: touch.bridge.view.dossier.owner != "")
    key(window, "In phiếu xin lỗi")
    qtbot.waitUntil(lambda: touch.bridge.view.dossier.done != "")

    assert papers(centre)[0]["addressee"] == ["Kính gửi: Ông/Bà", "N. V. A***"]
    assert OWNER not in json.dumps(papers(centre), ensure_ascii=False)


def test_no_apology_is_offered_in_time_or_without_paper(window, centre, qtbot):
    touch, _ = window
    scan(window, qtbot, OPEN)
    assert touch.bridge.view.dossier.keys == ()
    report(centre, "printer", "fault", "paper_out")
    touch.bridge.refresh()
    qtbot.waitUntil(lambda: touch.bridge.state.home.printer.state == "fault")
    scan(window, qtbot, LATE)

    assert touch.bridge.view.dossier.keys == ()


def test_a_wish_for_sms_is_left_by_its_owner_and_taken_back(window, centre, qtbot):
    touch, _ = window
    scan(window, qtbot, LATE)
    assert "Nhắn tin cho tôi" not in [p.name for p in buttons(touch.window.contentItem())]
    prove(window, qtbot)
    qtbot.waitUntil(lambda: touch.bridge.view.dossier.owner != "")
    key(window, "Nhắn tin cho tôi")
    qtbot.waitUntil(lambda: at(touch, "phone"))
    asked = texts(touch.window)
    type_in(window, "0987654321")
    key(window, "Ghi số này")
    qtbot.waitUntil(lambda: touch.bridge.view.dossier.done != "")
    kept = wished_sms(centre, LATE)
    told = touch.bridge.view.dossier.done
    key(window, "Thôi nhắn tin")
    qtbot.waitUntil(lambda: touch.bridge.view.dossier.done.startswith("Đã xóa"))

    assert any("180 ngày" in text for text in asked)
    assert (kept, told.split(".")[0]) == ("321", "Đã ghi số …321")
    assert wished_sms(centre, LATE) == ""


def test_the_phone_of_the_dossier_is_shown_by_its_last_digits_alone(window, centre, qtbot):
    touch, _ = window
    scan(window, qtbot, LATE)
    prove(window, qtbot)
    qtbot.waitUntil(lambda: touch.bridge.view.dossier.owner != "")
    key(window, "Nhắn tin cho tôi")
    key(window, "Dùng số …432 trong hồ sơ")
    qtbot.waitUntil(lambda: touch.bridge.view.dossier.done != "")

    assert wished_sms(centre, LATE) == "432"
    assert PHONE not in " ".join(texts(touch.window))


def test_no_wish_is_offered_where_the_office_takes_none(open_touch: Open, centre, qtbot):
    window = open_touch(replace(centre, sms_wishes=False))
    scan(window, qtbot, LATE)
    prove(window, qtbot)
    qtbot.waitUntil(lambda: window[0].bridge.view.dossier.owner != "")

    assert [action.key for action in window[0].bridge.view.dossier.keys] == ["apology"]


def test_every_new_screen_speaks_english_too(window, qtbot):
    touch, _ = window
    touch.bridge.speak("en")
    scan(window, qtbot)
    key(window, "Show who handles it")
    qtbot.waitUntil(lambda: at(touch, "prove"))
    assert find(touch.window, "Show").rect.width() > 0
    assert "Is this your dossier?" in texts(touch.window)


PLAIN_TEXT = 0
MARKUP = "<b>Hộ tịch</b><img src='http://203.0.113.9/x.png'>"


def test_markup_in_a_dossier_is_shown_as_its_letters(window, centre, qtbot):
    touch, _ = window
    steps = (Step(Status.PROCESSING, MARKUP, MARKUP, MORNING),)
    marked = replace(
        people(ready_dossier()),
        code=OPEN,
        status=Status.PROCESSING,
        procedure_name=MARKUP,
        owner_name=f"{MARKUP} {OWNER}",
        steps=steps,
    )
    store(centre, marked)
    scan(window, qtbot, OPEN)
    touch.scanned(CARD)
    qtbot.waitUntil(lambda: touch.bridge.view.dossier.owner != "")
    shown = labels(touch.window.contentItem())

    assert MARKUP in [piece.name for piece in shown]
    assert {told(piece.item, "textFormat") for piece in shown} == {PLAIN_TEXT}


def test_whatever_is_scanned_the_window_goes_on_and_shows_no_markup(window, qtbot):
    touch, _ = window
    chance = random.Random(7)
    for frame in frames(chance, chosen(300, 5000)):
        touch.scanned(frame)
        qtbot.waitUntil(lambda: touch.bridge.state.busy_since is None)
        shown = touch.bridge.view.notice.subject + touch.bridge.view.dossier.code
        assert "<" not in shown
    assert {told(p.item, "textFormat") for p in labels(touch.window.contentItem())} == {PLAIN_TEXT}
