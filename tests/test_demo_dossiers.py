from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time, timedelta
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kiosk.calendar import PLAIN
from kiosk.config import load
from kiosk.deadlines import WorkingTime
from kiosk.demo_dossiers import UNIT, ZONE, demo_dossiers
from kiosk.dossier_answers import Outlook, outlook
from kiosk.dossiers import Status, is_code
from kiosk.office.dossiers import look_up
from kiosk.office.incoming import Stored, store_dossiers

if TYPE_CHECKING:
    from kiosk.office.centre import Centre

MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize("today", [MONDAY + timedelta(days=n) for n in range(7)])
def test_the_demo_fits_any_day_of_the_week(today: date) -> None:
    dossiers = demo_dossiers(today)
    now = datetime.combine(today, time(7), ZONE)
    assert len({dossier.code for dossier in dossiers}) == 200
    assert {dossier.status for dossier in dossiers} == set(Status)
    for dossier in dossiers:
        assert is_code(dossier.code)
        at = [step.at for step in dossier.steps if step.at]
        assert at == sorted(at)
        assert at[-1] < now
        assert dossier.steps[-1].status is dossier.status


def test_every_answer_that_a_citizen_may_get_is_in_the_demo() -> None:
    now = datetime.combine(MONDAY, time(8, 42), ZONE)
    answers = Counter(
        outlook(dossier, now, WorkingTime(PLAIN, ZONE)) for dossier in demo_dossiers(MONDAY)
    )
    assert set(answers) == set(Outlook)
    assert min(answers.values()) >= 5


def test_the_receipt_of_the_pictures_has_its_result_ready(centre: Centre) -> None:
    dossiers = demo_dossiers(MONDAY)
    assert store_dossiers(centre, dossiers, source="demo") == Stored(200, 0)
    assert store_dossiers(centre, dossiers, source="demo") == Stored(0, 200)
    answer = look_up(centre, "H15.50.05-261118-0007")
    assert answer.outlook is Outlook.READY
    assert answer.procedure_name == "Cấp bản sao trích lục hộ tịch"
    assert [step.status for step in answer.steps] == [2, 4, 9]


def test_the_demo_office_is_a_valid_configuration() -> None:
    config = load(Path(str(files("assets") / "demo" / "kiosk.toml")))
    assert config.office.unit_code == UNIT
    assert "".join(config.services()) == "ABCDEF"
    assert [code for code, s in config.services().items() if s.returns_results] == ["F"]
    assert {n: c.services for n, c in config.counters().items()} == {
        1: ("C",),
        2: ("F",),
        3: ("E",),
        4: ("C",),
        5: ("B", "D"),
        6: ("A",),
    }
    icons = {entry.name for entry in (files("assets") / "icons").iterdir()}
    assert all(f"{service.icon}.svg" in icons for service in config.services().values())
