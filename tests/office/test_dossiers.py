from __future__ import annotations

import json
import logging
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from kiosk.dossier_answers import Outlook
from kiosk.dossiers import (
    Cause,
    Channel,
    Dossier,
    Fee,
    FeeStage,
    Postponement,
    Status,
    Step,
    SupplementRequest,
)
from kiosk.errors import Refused
from kiosk.office.dossiers import look_up
from kiosk.office.incoming import Stored, store_dossiers
from kiosk.store import events
from kiosk.store.dossiers import find, lists

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kiosk.office.centre import Centre
    from tests.hall import Clock

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
CODE = "H15.50.05-261118-0007"
DOSSIER = Dossier(
    code=CODE,
    status=Status.PROCESSING,
    procedure_name="Cấp bản sao trích lục hộ tịch",
    resolving_unit="Tư pháp – Hộ tịch",
    handler="Trần Thị Bình",
    owner_name="Nguyễn Văn An",
    phone="0900000123",
    address="12 phố Canary",
    id_number="001090123456",
    secret="482913",
    fee=8000,
    received_at=datetime(2026, 11, 18, 8, tzinfo=HANOI),
    due_at=datetime(2026, 11, 23, tzinfo=HANOI),
)
PEOPLE = ("Nguyễn", "Văn An", "0900000123", "Canary", "001090123456", "482913", "Bình")


def rows(centre: Centre, table: str) -> list[dict[str, object]]:
    with centre.database.read() as query:
        return [dict(row) for row in query.all(f"SELECT * FROM {table}")]


def test_a_code_alone_opens_status_dates_units_and_fee_but_no_person(centre: Centre) -> None:
    store_dossiers(centre, [DOSSIER], source="test")
    answer = look_up(centre, f" {CODE.lower().replace('-', ' – ')} ")
    assert (answer.code, answer.outlook, answer.fee) == (CODE, Outlook.IN_PROGRESS, 8000)
    assert answer.resolving_unit == "Tư pháp – Hộ tịch"
    assert answer.due_at == DOSSIER.due_at
    assert not any(person in repr(answer) for person in PEOPLE)


@pytest.mark.parametrize("secret", ["482913", "3456", "0123", " 0900000123 "])
def test_the_second_factor_also_opens_the_masked_owner_and_who_holds_it(
    centre: Centre, secret: str
) -> None:
    store_dossiers(centre, [DOSSIER], source="test")
    answer = look_up(centre, CODE, secret)
    assert (answer.owner, answer.handler, answer.full) == ("N. V. A***", "Trần Thị Bình", True)


def test_a_wrong_secret_answers_exactly_as_an_unknown_code(centre: Centre) -> None:
    store_dossiers(centre, [DOSSIER], source="test")
    refusals = []
    for code, secret in (
        (CODE, "000000"),
        ("H15.50.05-261118-0008", None),
        ("H15.50.05-261118-0008", "482913"),
        ("'; DROP TABLE dossier; --", None),
        ("", None),
        ("\ud800", "\ud800"),
    ):
        with pytest.raises(Refused) as refused:
            look_up(centre, code, secret)
        refusals.append((refused.value.code, refused.value.facts))
    assert set(map(str, refusals)) == {"('no_such_dossier', {})"}


def test_a_blank_secret_is_none_and_opens_no_person(centre: Centre) -> None:
    store_dossiers(centre, [replace(DOSSIER, secret="", phone=None)], source="test")
    assert not look_up(centre, CODE, " ").full


def test_a_look_up_writes_nothing_until_it_opens_people(centre: Centre) -> None:
    store_dossiers(centre, [DOSSIER], source="test")
    before = rows(centre, "event")
    look_up(centre, CODE)
    assert rows(centre, "event") == before
    look_up(centre, CODE, "482913", actor="touch")
    told = rows(centre, "event")[-1]
    assert (told["kind"], told["actor"], told["dossier"]) == ("dossier.opened", "touch", CODE)


def test_storing_twice_changes_nothing(centre: Centre, clock: Clock) -> None:
    dossiers = [replace(DOSSIER, code=f"H15.50.05-261118-{n:04d}") for n in range(120)]
    assert store_dossiers(centre, dossiers, source="a.csv") == Stored(120, 0)
    tables = [rows(centre, table) for table in ("dossier", "dossier_step", "event")]
    clock.forward(hours=1)
    assert store_dossiers(centre, dossiers, source="a.csv") == Stored(0, 120)
    assert [rows(centre, table) for table in ("dossier", "dossier_step", "event")] == tables


def test_one_file_is_one_event_that_names_no_person(
    centre: Centre, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    dossiers = [replace(DOSSIER, code=f"H15.50.05-261118-{n:04d}") for n in range(700)]
    store_dossiers(centre, dossiers, source="a.csv")
    store_dossiers(centre, [replace(dossiers[0], fee=9000), *dossiers[1:3]], source="b.csv")
    told = rows(centre, "event")
    assert [event["kind"] for event in told] == ["dossiers.imported"] * 2
    assert json.loads(str(told[0]["details"])) == {
        "source": "a.csv",
        "stored": 700,
        "unchanged": 0,
        "whole": True,
    }
    assert json.loads(str(told[1]["details"])) == {
        "source": "b.csv",
        "stored": 1,
        "unchanged": 2,
        "whole": True,
    }
    with centre.database.read() as query:
        assert events.first_broken(query, centre.code) is None
    with pytest.raises(Refused):
        look_up(centre, CODE, "3457")
    assert not any(person in repr(told) + caplog.text for person in PEOPLE)


def test_a_change_of_status_keeps_the_history(centre: Centre, clock: Clock) -> None:
    finished = datetime(2026, 11, 20, 15, tzinfo=HANOI)
    store_dossiers(centre, [DOSSIER], source="a.csv")
    store_dossiers(centre, [replace(DOSSIER, status=Status.SUPPLEMENT_REQUIRED)], source="b.csv")
    store_dossiers(
        centre,
        [replace(DOSSIER, status=Status.FINISHED, finished_at=finished)],
        source="c.csv",
    )
    steps = look_up(centre, CODE).steps
    assert [step.status for step in steps] == [2, 4, 5, 9]
    assert [step.at for step in steps[2:]] == [clock(), finished]


def test_given_steps_are_kept_as_given(centre: Centre) -> None:
    steps = (
        Step(Status.ACCEPTED, "Quầy 5", "Lê Hoa", DOSSIER.received_at),
        Step(Status.PROCESSING, "Tư pháp – Hộ tịch", "Trần Thị Bình", note="cần xác minh"),
    )
    told = replace(DOSSIER, steps=steps)
    assert store_dossiers(centre, [told], source="a") == Stored(1, 0)
    assert store_dossiers(centre, [told], source="a") == Stored(0, 1)
    assert store_dossiers(centre, [replace(told, steps=steps[:1])], source="a") == Stored(1, 0)
    assert store_dossiers(centre, [told], source="a") == Stored(1, 0)
    assert look_up(centre, CODE, "482913").steps == steps
    bare = look_up(centre, CODE).steps
    assert [(s.handler, s.note) for s in bare] == [(None, None)] * 2


def test_all_that_is_known_of_a_dossier_is_kept_as_it_came(centre: Centre) -> None:
    noon = datetime(2026, 11, 20, 12, 30, 15, 250, tzinfo=HANOI)
    whole = replace(
        DOSSIER,
        receipt_no="26.10229",
        channel=Channel.ONLINE,
        steps=(Step(Status.PROCESSING, "Tư pháp", "Bình", noon, "gấp", "Thẩm tra", noon),),
        fees=(
            Fee("Lệ phí", 8000, FeeStage.RECEIPT, paid=True),
            Fee("Phí trang", None, FeeStage.RETURN),
            Fee("Khác", 0),
        ),
        supplements=(
            SupplementRequest(noon, "Bản sao", "Bình", noon, "Hoa"),
            SupplementRequest(noon),
        ),
        postponements=(
            Postponement(noon, None, noon, Cause.APOLOGY, "quá tải", "Trang", "12/PXL"),
            Postponement(noon + timedelta(days=1), noon, noon),
        ),
        new_due_at=noon,
    )
    assert store_dossiers(centre, [whole], source="a") == Stored(1, 0)
    assert store_dossiers(centre, [whole], source="a") == Stored(0, 1)
    with centre.database.read() as query:
        found = find(query, centre.code, CODE)
        assert found is not None
        assert replace(found, **lists(query, centre.code, CODE)) == whole
    fewer = replace(whole, fees=whole.fees[:1])
    assert store_dossiers(centre, [fewer], source="b") == Stored(1, 0)
    assert look_up(centre, CODE).fees == fewer.fees


def test_a_file_that_does_not_know_the_fees_takes_none_away(centre: Centre) -> None:
    store_dossiers(centre, [replace(DOSSIER, fees=(Fee("Lệ phí", 8000),))], source="a.json")
    store_dossiers(centre, [replace(DOSSIER, status=Status.FINISHED)], source="b.csv")
    assert look_up(centre, CODE).fees == (Fee("Lệ phí", 8000),)


def test_what_a_record_leaves_out_stays_and_so_does_an_apology(centre: Centre) -> None:
    """One that the software sends again knows the supplements, and not what the office promised."""
    asked, promised = (datetime(2026, 11, day, 9, tzinfo=HANOI) for day in (19, 21))
    moved = Postponement(asked, DOSSIER.due_at, asked + timedelta(days=6), Cause.SUPPLEMENT)
    apology = Postponement(promised, moved.due_after, promised + timedelta(days=9), Cause.APOLOGY)
    known = replace(DOSSIER, postponements=(moved, apology))
    assert store_dossiers(centre, [known], source="a") == Stored(1, 0)
    record = Dossier(
        CODE,
        Status.PROCESSING,
        resolving_unit="UBND",
        new_due_at=moved.due_after,
        postponements=(moved,),
    )
    assert store_dossiers(centre, [record], source="b", given=None) == Stored(1, 0)
    answer = look_up(centre, CODE, "482913")
    assert (answer.resolving_unit, answer.fee, answer.owner) == ("UBND", 8000, "N. V. A***")
    assert [one.due_after for one in answer.postponements] == [moved.due_after, apology.due_after]
    assert answer.new_due_at == apology.due_after
    assert store_dossiers(centre, [record], source="b", given=None) == Stored(0, 1)
    bare = Dossier(CODE, Status.PROCESSING)
    assert store_dossiers(centre, [bare], source="c", given=None) == Stored(0, 1)


def test_each_new_date_is_remembered_with_the_one_before(centre: Centre, clock: Clock) -> None:
    first, second = (datetime(2026, 11, day, tzinfo=HANOI) for day in (25, 27))
    store_dossiers(centre, [DOSSIER], source="a.csv")
    told = []
    for new in (first, first, second):
        clock.forward(hours=1)
        store_dossiers(centre, [replace(DOSSIER, new_due_at=new)], source="b.csv")
        told.append(clock())
    assert look_up(centre, CODE).postponements == (
        Postponement(told[0], DOSSIER.due_at, first),
        Postponement(told[2], first, second),
    )
    assert look_up(centre, CODE).outlook is Outlook.POSTPONED


def test_a_file_without_a_column_leaves_what_is_known_of_it(centre: Centre) -> None:
    store_dossiers(centre, [DOSSIER], source="a.csv")
    bare = Dossier(CODE, Status.FINISHED)
    assert store_dossiers(centre, [bare], source="b.csv", given={"code", "status"}) == Stored(1, 0)
    answer = look_up(centre, CODE, "482913")
    assert (answer.status, answer.fee, answer.owner) == (Status.FINISHED, 8000, "N. V. A***")


def test_offices_of_one_store_do_not_see_each_others_dossiers(centre: Centre) -> None:
    store_dossiers(centre, [DOSSIER], source="test")
    with pytest.raises(Refused, match="no_such_dossier"):
        look_up(replace(centre, code="H15.50.06"), CODE)


def test_a_file_that_breaks_off_leaves_an_event_of_what_was_stored(centre: Centre) -> None:
    def broken_file() -> Iterator[Dossier]:
        for n in range(300):
            yield replace(DOSSIER, code=f"H15.50.05-261118-{n:04d}")
        raise OSError("the cable was pulled")

    with pytest.raises(OSError, match="cable"):
        store_dossiers(centre, broken_file(), source="dossiers.csv")
    (event,) = rows(centre, "event")
    details = json.loads(str(event["details"]))

    assert details["whole"] is False
    assert details["stored"] == len(rows(centre, "dossier")) > 0
