"""What the touch window says of a dossier, from its answer alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from kiosk.dossier_answers import answer as answer_of
from kiosk.dossiers import Dossier, Status, Step
from kiosk.touch.state import Screen, State
from tests.hall import MORNING
from tests.touch.office import CODE, SIX, office, ready_dossier
from tests.touch.test_derive import home_of, strings, view_of

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.office.centre import Centre

DAY = timedelta(days=1)
WAITED = (
    Step(Status.SUPPLEMENT_REQUIRED, at=MORNING - 3 * DAY),
    Step(Status.PROCESSING, at=MORNING),
)


@pytest.fixture
def centre(tmp_path: Path) -> Centre:
    return office(tmp_path / "kiosk.db", SIX)


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("status", list(Status))
def test_every_status_of_a_dossier_has_its_words(centre, status: Status, language: str):
    dossier = Dossier(CODE, status, "Cấp bản sao", received_at=MORNING, due_at=MORNING)
    answer = answer_of(dossier, MORNING, centre.working_time, full=False)
    state = State("vi", language, screen=Screen.DOSSIER, home=home_of(centre), answer=answer)
    view = view_of(centre, state).dossier

    assert view.title
    assert view.now
    assert bool(view.take) is (status is Status.FINISHED)


@pytest.mark.parametrize(
    ("status", "facts", "shown"),
    [
        (Status.PROCESSING, {}, ("Hẹn trả", "24/11/2026")),
        (Status.PROCESSING, {"new_due_at": MORNING + 3 * DAY}, ("Hẹn lại", "26/11/2026")),
        (Status.PROCESSING, {"new_due_at": MORNING + 1.1 * DAY}, ("Hẹn trả", "24/11/2026")),
        (Status.PROCESSING, {"steps": WAITED}, ("Hẹn lại", "25/11/2026")),
        (Status.SUPPLEMENT_REQUIRED, {}, ("Hẹn trả", "tạm dừng")),
        (Status.PAYMENT_REQUIRED, {}, ("Hẹn trả", "tạm dừng")),
        (Status.RETURNED, {"returned_at": MORNING}, ("Ngày trả", "23/11/2026")),
        (Status.STOPPED, {}, ("Ngày nộp", "20/11/2026")),
    ],
)
def test_the_date_by_which_a_result_is_due_is_the_one_that_holds(
    centre, status: Status, facts: dict[str, object], shown: tuple[str, str]
):
    known = Dossier(CODE, status, "Khai sinh", received_at=MORNING - 3 * DAY, due_at=MORNING + DAY)
    answer = answer_of(replace(known, **facts), MORNING, centre.working_time, full=False)
    state = State("vi", "vi", screen=Screen.DOSSIER, home=home_of(centre), answer=answer)
    last = view_of(centre, state).dossier.facts[-1]

    assert (last.label, last.value) == shown


def test_a_ready_result_shows_the_counter_that_hands_it_out(centre):
    answer = answer_of(ready_dossier(), MORNING, centre.working_time, full=False)
    state = State("vi", "vi", screen=Screen.DOSSIER, home=home_of(centre), answer=answer)
    view = view_of(centre, state).dossier

    assert view.now == "Mời Ông/Bà nhận tại Quầy 2, nhớ mang theo giấy hẹn."
    assert view.steps[-1].name == "Trả kết quả"
    assert not view.steps[-1].done
    assert view.facts[-1].value == "8.000 đ"


def test_no_ticket_is_offered_where_results_are_not_handed_out_now(centre):
    answer = answer_of(ready_dossier(), MORNING, centre.working_time, full=False)
    home = home_of(centre, refusal="limit_reached")
    state = State("vi", "vi", screen=Screen.DOSSIER, home=home, answer=answer)
    view = view_of(centre, state).dossier

    assert view.take == ""
    assert "Hôm nay đã hết số" in view.now


def test_no_name_of_a_person_reaches_the_screen(centre):
    dossier = replace(
        ready_dossier(), owner_name="Nguyễn Văn An", phone="0912345678", handler="Trần Thị Bình"
    )
    answer = answer_of(dossier, MORNING, centre.working_time, full=False)
    state = State("vi", "vi", screen=Screen.DOSSIER, home=home_of(centre), answer=answer)
    said = " ".join(strings(view_of(centre, state)))

    assert not any(secret in said for secret in ("An", "0912345678", "Bình"))
