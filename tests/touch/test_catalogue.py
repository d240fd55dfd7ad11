"""The catalogue on the touch window by real touches: found, read, taken to its line, printed."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from PySide6.QtGui import QImage

from kiosk.errors import Unavailable
from kiosk.office.devices import report
from kiosk.office.jobs import next_job
from kiosk.office.procedures import search
from kiosk.tickets import Hours
from kiosk.touch.catalogue_state import SHOWN
from kiosk.touch.state import Screen
from tests.printer.codes import read_codes
from tests.touch.office import CODE, SIX, issued, office, post
from tests.touch.scene import at, buttons, find, labels, press, texts, touch

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.office.centre import Centre
    from kiosk.touch.window import TouchWindow
    from tests.hall import Seconds
    from tests.touch.conftest import Open


@pytest.fixture
def posted(centre: Centre) -> Centre:
    post(centre)
    report(centre, "printer", "ok")
    return centre


def open_catalogue(
    open_touch: Open, centre: Centre, qtbot, size: str = "portrait"
) -> tuple[TouchWindow, Seconds]:
    window, seconds = open_touch(centre, size)
    qtbot.waitUntil(lambda: bool(window.bridge.catalogue.state.fields))
    press(window.window, "Xem thủ tục")
    seconds.now += 1
    assert at(window, "catalogue")
    return window, seconds


def type_in(window: TouchWindow, text: str) -> None:
    for letter in text.upper():
        press(window.window, "Cách" if letter == " " else letter)


def open_procedure(
    window: TouchWindow, seconds: Seconds, qtbot, centre: Centre, typed: str, name: str
) -> None:
    press(window.window, "Tìm theo tên hoặc mã thủ tục")
    seconds.now += 1
    type_in(window, typed)
    # What fewer letters found stands in other places.
    whole = search(centre, typed, limit=SHOWN)
    qtbot.waitUntil(lambda: window.bridge.catalogue.state.found == whole)
    qtbot.waitUntil(lambda: any(b.name.startswith(f"{name},") for b in shown_buttons(window)))
    press(
        window.window, next(b.name for b in shown_buttons(window) if b.name.startswith(f"{name},"))
    )
    qtbot.waitUntil(lambda: at(window, "procedure"))
    seconds.now += 1


def codes_on(window: TouchWindow) -> set[str]:
    """What a phone reads from the screen."""
    image = window.window.grabWindow().convertToFormat(QImage.Format.Format_Grayscale8)
    size = image.width(), image.height()
    picture = Image.frombytes("L", size, bytes(image.constBits()), "raw", "L", image.bytesPerLine())
    return {text for _, text in read_codes(picture)}


def shown_buttons(window: TouchWindow):
    return buttons(window.window.contentItem())


def test_without_a_catalogue_and_notices_the_home_screen_has_no_such_key(
    open_touch: Open, centre: Centre, qtbot
) -> None:
    window, _ = open_touch(replace(centre, notices=None))
    qtbot.wait(100)

    assert "Xem thủ tục" not in [piece.name for piece in shown_buttons(window)]


def test_each_letter_narrows_what_is_found(open_touch: Open, posted: Centre, qtbot) -> None:
    window, seconds = open_catalogue(open_touch, posted, qtbot)
    press(window.window, "Tìm theo tên hoặc mã thủ tục")
    seconds.now += 1
    found = []
    for letter in "KET HON":
        type_in(window, letter)
        typed = window.bridge.catalogue.state.entry
        qtbot.waitUntil(lambda: window.bridge.catalogue.state.found is not None)
        qtbot.wait(60)
        found.append((typed, window.bridge.catalogue.state.found.total))

    assert [total for _, total in found] == sorted((t for _, t in found), reverse=True)
    assert found[-1] == ("ket hon", 5)
    assert "Đăng ký kết hôn" in texts(window.window)
    press(window.window, "Xóa một ký tự")
    assert window.bridge.catalogue.state.entry == "ket ho"
    press(window.window, "Xóa hết")
    assert "Kết quả hiện ra khi Ông/Bà gõ." in texts(window.window)


def test_a_code_is_typed_with_digits(open_touch: Open, posted: Centre, qtbot) -> None:
    window, seconds = open_catalogue(open_touch, posted, qtbot)
    press(window.window, "Tìm theo tên hoặc mã thủ tục")
    seconds.now += 1
    press(window.window, "123")
    type_in(window, "2.000815")
    qtbot.waitUntil(lambda: any("2.000815 · Chứng thực" in text for text in texts(window.window)))


def test_a_field_lists_its_procedures(open_touch: Open, posted: Centre, qtbot) -> None:
    window, seconds = open_catalogue(open_touch, posted, qtbot)
    press(window.window, "Chứng thực, 6 thủ tục")
    qtbot.waitUntil(lambda: "Chứng thực di chúc" in texts(window.window))
    seconds.now += 1
    press(window.window, "Chứng thực di chúc, 2.001019")
    qtbot.waitUntil(lambda: at(window, "procedure"))

    assert "50.000" in " ".join(texts(window.window))
    seconds.now += 1
    press(window.window, "Quay lại")
    assert at(window, "catalogue")
    assert "Chứng thực di chúc" in texts(window.window)
    seconds.now += 1
    press(window.window, "Quay lại")
    assert "Chứng thực, 6 thủ tục" in [piece.name for piece in shown_buttons(window)]
    seconds.now += 1
    press(window.window, "Quay lại")
    assert at(window, "home")


def test_a_procedure_tells_papers_deadline_fee_and_gives_the_right_number(
    open_touch: Open, posted: Centre, qtbot
) -> None:
    window, seconds = open_catalogue(open_touch, posted, qtbot)
    open_procedure(window, seconds, qtbot, posted, "khai sinh", "Đăng ký khai sinh")
    told = " ".join(texts(window.window))

    assert "Tờ khai đăng ký khai sinh" in told
    assert "1 bản chính" in told
    assert "kiểm tra ngày 01/10/2026" in told
    assert "https://dichvucong.gov.vn" in codes_on(window)
    press(window.window, "Lấy số")
    qtbot.waitUntil(lambda: at(window, "ticket"))
    assert window.bridge.state.place.ticket.service == "B"
    assert issued(posted) == 1
    assert window.bridge.catalogue.state.procedure is None


def test_its_further_pages_tell_the_law(open_touch: Open, posted: Centre, qtbot) -> None:
    window, seconds = open_catalogue(open_touch, posted, qtbot)
    open_procedure(window, seconds, qtbot, posted, "khai sinh", "Đăng ký khai sinh")
    press(window.window, "Xem thêm")
    told = texts(window.window)

    assert "Căn cứ pháp lý" in told
    assert "Luật Hộ tịch 2014" in told
    assert "Tờ khai đăng ký khai sinh" not in told


def test_a_closed_service_says_when_it_opens(open_touch: Open, tmp_path: Path, qtbot) -> None:
    services = tuple(
        replace(service, hours=(Hours(time(13), time(16)),)) if service.code == "B" else service
        for service in SIX
    )
    centre = office(tmp_path / "closed.db", services)
    post(centre)
    window, seconds = open_catalogue(open_touch, centre, qtbot)
    open_procedure(window, seconds, qtbot, centre, "khai sinh", "Đăng ký khai sinh")

    assert "Mở lại lúc 13:00" in texts(window.window)
    press(window.window, "Lấy số")
    qtbot.waitUntil(lambda: at(window, "closed"))
    assert issued(centre) == 0


def test_what_the_police_do_has_no_number_and_says_where_to_ask(
    open_touch: Open, posted: Centre, qtbot
) -> None:
    window, seconds = open_catalogue(open_touch, posted, qtbot)
    open_procedure(window, seconds, qtbot, posted, "thuong tru", "Đăng ký thường trú")

    assert "Lấy số" not in [piece.name for piece in shown_buttons(window)]
    assert any("Công an cấp xã" in text for text in texts(window.window))


def test_the_list_of_papers_is_printed_once_for_many_touches(
    open_touch: Open, posted: Centre, qtbot
) -> None:
    window, seconds = open_catalogue(open_touch, posted, qtbot)
    open_procedure(window, seconds, qtbot, posted, "khai sinh", "Đăng ký khai sinh")
    spot = find(window.window, "In danh mục giấy tờ").rect.center()
    for _ in range(5):
        touch(window.window, spot)
    qtbot.waitUntil(lambda: any("Danh mục đang in" in text for text in texts(window.window)))
    job = next_job(posted)

    assert job is not None
    assert job.slip == "procedure"
    assert job.data is not None
    assert job.data["name"] == "Đăng ký khai sinh"
    with posted.database.read() as query:
        counted = query.one("SELECT COUNT(*) AS n FROM print_job")
    assert counted is not None
    assert counted["n"] == 1


def test_without_paper_it_says_so_instead(open_touch: Open, posted: Centre, qtbot) -> None:
    report(posted, "printer", "fault", "paper_out")
    window, seconds = open_catalogue(open_touch, posted, qtbot)
    open_procedure(window, seconds, qtbot, posted, "khai sinh", "Đăng ký khai sinh")

    assert any("chụp lại màn hình" in text for text in texts(window.window))
    assert "In danh mục giấy tờ" not in [piece.name for piece in shown_buttons(window)]


def test_notices_are_read_from_the_same_key_in_the_chosen_language(
    open_touch: Open, posted: Centre, qtbot
) -> None:
    window, seconds = open_catalogue(open_touch, posted, qtbot)
    press(window.window, "Lịch tiếp công dân của lãnh đạo")
    assert at(window, "page")
    assert "Chủ tịch UBND phường" in texts(window.window)
    press(window.window, "English")
    assert "Every Tuesday" in texts(window.window)
    seconds.now += 1
    press(window.window, "Back")
    assert any("written in Vietnamese" in text for text in texts(window.window))


def test_a_changed_notice_is_shown_without_a_new_start(
    open_touch: Open, centre: Centre, tmp_path: Path, qtbot
) -> None:
    (tmp_path / "rules.md").write_text("# Nội quy\n\nCũ\n", "utf-8")
    window, seconds = open_touch(replace(centre, notices=tmp_path))
    qtbot.waitUntil(lambda: bool(window.bridge.catalogue.state.notices))
    press(window.window, "Thông báo")
    seconds.now += 1
    press(window.window, "Nội quy")
    assert "Cũ" in texts(window.window)
    (tmp_path / "rules.md").write_text("# Nội quy\n\nMới hơn\n", "utf-8")
    window.bridge.refresh()
    qtbot.waitUntil(lambda: "Mới hơn" in texts(window.window))


def test_nobody_finds_what_the_last_one_looked_for(open_touch: Open, posted: Centre, qtbot) -> None:
    window, seconds = open_catalogue(open_touch, posted, qtbot)
    open_procedure(window, seconds, qtbot, posted, "khai sinh", "Đăng ký khai sinh")
    seconds.now += 31
    window.bridge.tick()
    assert window.bridge.view.warn.shown
    seconds.now += 30
    window.bridge.tick()

    assert at(window, "home")
    assert window.bridge.catalogue.state.entry == ""
    assert window.bridge.catalogue.state.procedure is None


def test_a_receipt_is_answered_while_somebody_reads(
    open_touch: Open, posted: Centre, qtbot
) -> None:
    window, _ = open_catalogue(open_touch, posted, qtbot)
    window.scanned(CODE.encode())
    qtbot.waitUntil(lambda: at(window, "dossier"))


def test_an_answer_that_a_later_key_has_overtaken_is_dropped(
    open_touch: Open, posted: Centre, qtbot
) -> None:
    window, _ = open_catalogue(open_touch, posted, qtbot)
    bridge = window.bridge.catalogue
    bridge.startSearch()
    for key in "khai tu":
        bridge.typeKey(key)
    bridge.clearEntry()
    qtbot.wait(150)

    assert bridge.state.found is None


def test_a_store_that_is_away_is_told_and_nothing_breaks(
    open_touch: Open, posted: Centre, qtbot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window, seconds = open_catalogue(open_touch, posted, qtbot)

    def away(*_args: object, **_more: object) -> object:
        raise Unavailable("store_unreachable")

    monkeypatch.setattr(posted.database, "read", away)
    press(window.window, "Tìm theo tên hoặc mã thủ tục")
    seconds.now += 1
    type_in(window, "a")
    qtbot.waitUntil(lambda: any("Chưa đọc được danh mục" in t for t in texts(window.window)))
    monkeypatch.undo()
    type_in(window, "n")
    qtbot.waitUntil(lambda: window.bridge.catalogue.state.found is not None)


def test_a_procedure_that_is_gone_meanwhile_opens_nothing(
    open_touch: Open, posted: Centre, qtbot
) -> None:
    window, _seconds = open_catalogue(open_touch, posted, qtbot)
    bridge = window.bridge.catalogue
    bridge.startSearch()
    bridge.openProcedure("9.999999")
    qtbot.wait(100)

    assert window.bridge.state.screen is Screen.SEARCH
    assert bridge.state.procedure is None


def test_the_words_on_the_key_are_whole(open_touch: Open, posted: Centre, qtbot) -> None:
    window, _ = open_touch(posted)
    qtbot.waitUntil(lambda: bool(window.bridge.catalogue.state.fields))
    assert window.window.grabWindow().width()
    key = find(window.window, "Xem thủ tục")
    (label,) = [piece for piece in labels(key.item) if piece.name == "Xem thủ tục"]

    assert label.item.property("lineCount") == 1
