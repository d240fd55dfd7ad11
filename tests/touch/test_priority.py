"""Who is called before others says so at the window: discreetly, for one number."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from kiosk.office.tickets import follow
from tests.touch.office import CLASSES, CODE, office
from tests.touch.scene import at, buttons, name_of, press, texts

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.touch.window import TouchWindow
    from tests.hall import Seconds
    from tests.touch.conftest import Open

ASK, CHOSEN = "Tôi thuộc diện ưu tiên", "Đã chọn ưu tiên, chạm để bỏ"


def names(window: TouchWindow) -> set[str]:
    window.window.grabWindow()
    return {piece.name for piece in buttons(window.window.contentItem())}


def tap(window: TouchWindow, seconds: Seconds, name: str) -> None:
    seconds.now += 1
    window.window.grabWindow()
    press(window.window, name)


def given(window: TouchWindow, seconds: Seconds, qtbot, service: str) -> str | None:
    tap(window, seconds, name_of(window, service))
    qtbot.waitUntil(lambda: at(window, "ticket"))
    priority: str | None = window.bridge.state.place.ticket.priority
    tap(window, seconds, "Xong")
    return priority


def test_a_class_is_for_one_number_and_named_nowhere_after(open_touch: Open, centre, qtbot) -> None:
    window, seconds = open_touch(centre)
    tap(window, seconds, ASK)
    sheet = texts(window.window)
    tap(window, seconds, "Người khuyết tật")
    chip = CHOSEN in names(window)
    after = " ".join((*texts(window.window), *names(window)))
    tap(window, seconds, name_of(window, "A"))
    qtbot.waitUntil(lambda: at(window, "ticket"))
    ticket = window.bridge.state.place.ticket
    told = " ".join((*texts(window.window), *names(window)))
    forgotten = window.bridge.state.priority
    tap(window, seconds, "Xong")
    again = given(window, seconds, qtbot, "B")

    assert {known.names["vi"] for known in CLASSES.values()} <= set(sheet)
    assert "Lý do không hiện và không in ở đâu." in " ".join(sheet)
    assert chip
    for name in (known.names["vi"] for known in CLASSES.values()):
        assert name not in after
        assert name not in told
    assert "ưu tiên" not in told.lower()
    assert follow(centre, ticket.id).ticket.priority == "NKT"
    assert forgotten is None
    assert again is None


def test_the_choice_can_be_taken_back_and_ends_with_the_visit(
    open_touch: Open, centre, qtbot
) -> None:
    window, seconds = open_touch(centre, idle_seconds=5, warning_seconds=5)
    tap(window, seconds, ASK)
    tap(window, seconds, "Không chọn")
    none = window.bridge.state.priority
    tap(window, seconds, ASK)
    tap(window, seconds, "Người cao tuổi")
    tap(window, seconds, CHOSEN)
    taken_back = window.bridge.state.priority
    tap(window, seconds, ASK)
    tap(window, seconds, "Người cao tuổi")
    chosen = window.bridge.state.priority
    seconds.now += 11
    window.bridge.tick()

    assert (none, taken_back, chosen) == (None, None, "NCT")
    assert window.bridge.state.priority is None
    assert ASK in names(window)


def test_a_number_from_the_answer_about_a_dossier_has_the_class_too(
    open_touch: Open, centre, qtbot
) -> None:
    window, seconds = open_touch(centre)
    tap(window, seconds, ASK)
    tap(window, seconds, "Người cao tuổi")
    window.scanned(CODE.encode())
    qtbot.waitUntil(lambda: at(window, "dossier"))
    tap(window, seconds, "Lấy số nhận kết quả")
    qtbot.waitUntil(lambda: at(window, "ticket"))

    assert window.bridge.state.place.ticket.priority == "NCT"


@pytest.mark.parametrize("without", ["classes", "the key"])
def test_only_offices_that_ask_have_the_key(open_touch: Open, tmp_path: Path, without: str) -> None:
    centre = office(tmp_path / "kiosk.db")
    if without == "classes":
        centre = replace(centre, priorities={})
    window, _ = open_touch(centre, priority=without == "classes")
    window.bridge.act("priority")

    assert ASK not in names(window)
    assert not window.bridge.view.classes.shown
    window.bridge.chooseClass("NCT")
    assert window.bridge.state.priority is None
