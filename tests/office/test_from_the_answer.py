"""What a look-up leads to: the ticket for papers, the apology's slip, the wish to be told."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from kiosk.dossiers import Status, plain_phone
from kiosk.errors import Refused
from kiosk.office.calls import call_next
from kiosk.office.dossiers import look_up
from kiosk.office.form_jobs import queue_apology_slip
from kiosk.office.incoming import store_dossiers
from kiosk.office.sms_wishes import decline_sms, wish_sms, wished_sms
from kiosk.office.tickets import take_ticket
from kiosk.tickets import QueueRules
from printer.raster import draw_slip
from printer.slips import draw
from tests.hall import MORNING, SERVICES
from tests.office.test_dossiers import CODE, DOSSIER, PEOPLE, rows

if TYPE_CHECKING:
    from kiosk.office.centre import Centre
    from tests.hall import Clock

DAY = timedelta(days=1)
LATE = replace(DOSSIER, received_at=MORNING - 9 * DAY, due_at=MORNING - 2 * DAY)
MISSING = replace(DOSSIER, status=Status.SUPPLEMENT_REQUIRED)


def supplement(centre: Centre, **more: Any):
    return take_ticket(centre, service="A", actor="touch", dossier=CODE, supplement=True, **more)


@pytest.mark.parametrize(("rule", "first"), [("first", True), ("place", False), ("end", False)])
def test_who_brings_papers_is_called_as_the_queue_says(
    centre: Centre, rule: str, first: bool
) -> None:
    centre = replace(centre, queue=QueueRules(supplement=rule))
    store_dossiers(centre, [MISSING], source="test")
    before = take_ticket(centre, service="A", actor="touch").place.ticket
    brought = supplement(centre).place.ticket
    called = call_next(centre, 1, clerk="hoa")
    assert called is not None
    assert called.id == (brought.id if first else before.id)
    assert brought.dossier == CODE
    issued = [json.loads(str(row["details"])) for row in rows(centre, "event")]
    assert any(details.get("after") == "supplement" for details in issued)


def test_one_dossier_brings_its_papers_with_one_waiting_number(centre: Centre) -> None:
    store_dossiers(centre, [MISSING], source="test")
    first, again = supplement(centre), supplement(centre)
    assert (first.new, again.new) == (True, False)
    assert first.place.ticket.id == again.place.ticket.id


def test_papers_are_brought_for_no_dossier_that_waits_for_none(centre: Centre) -> None:
    store_dossiers(centre, [DOSSIER], source="test")
    with pytest.raises(Refused, match="no_supplement_due"):
        supplement(centre)
    assert rows(centre, "ticket") == []


def test_where_a_dossier_is_needed_only_staff_give_a_number_without(centre: Centre) -> None:
    services = {s.code: s for s in SERVICES} | {"B": replace(SERVICES[1], ask="dossier-needed")}
    centre = replace(centre, services=services)
    store_dossiers(centre, [DOSSIER], source="test")
    for more in ({"service": "B"}, {"services": ("A", "B")}):
        with pytest.raises(Refused, match="dossier_needed"):
            take_ticket(centre, actor="touch", **more)
    with pytest.raises(Refused, match="no_such_dossier"):
        take_ticket(centre, service="B", actor="touch", dossier="HS-0000")
    taken = take_ticket(centre, service="B", actor="touch", dossier=f" {CODE.lower()} ")
    assert taken.place.ticket.dossier == CODE
    assert take_ticket(centre, service="B", actor="clerk:hoa", excused=True).new


def slip(centre: Centre, job: str) -> dict[str, Any]:
    with centre.database.read() as query:
        row = query.one("SELECT slip, data FROM print_job WHERE id = :id", id=job)
    assert row is not None
    data: dict[str, Any] = json.loads(row["data"])
    for paper_mm in (58, 80):
        assert draw_slip(draw(row["slip"], data), paper_mm)
    return data


def test_the_apology_names_nobody_without_the_second_factor(centre: Centre) -> None:
    store_dossiers(centre, [LATE], source="test")
    data = slip(centre, queue_apology_slip(centre, CODE, actor="touch", named=False))
    assert data["addressee"] == ["Kính gửi: Ông/Bà"]
    assert not any(person in json.dumps(data, ensure_ascii=False) for person in PEOPLE)
    assert data["due"] is None
    assert "hẹn lại" in data["lines"][0]


def test_with_it_the_apology_bears_the_masked_owner_and_the_new_date(centre: Centre) -> None:
    new = replace(LATE, new_due_at=MORNING + 3 * DAY)
    store_dossiers(centre, [new], source="test")
    data = slip(centre, queue_apology_slip(centre, CODE, actor="touch", named=True))
    assert data["addressee"] == ["Kính gửi: Ông/Bà", "N. V. A***"]
    assert "26/11/2026" in data["due"][1]
    assert not any(person in json.dumps(data, ensure_ascii=False) for person in PEOPLE)
    assert look_up(centre, CODE).postponements == ()


def test_an_apology_is_printed_once_in_an_hour_and_only_for_a_late_dossier(
    centre: Centre, clock: Clock
) -> None:
    store_dossiers(centre, [LATE, replace(DOSSIER, code="HS-0001")], source="test")
    queue_apology_slip(centre, CODE, actor="touch", named=False)
    clock.forward(minutes=59)
    with pytest.raises(Refused, match="apology_given"):
        queue_apology_slip(centre, CODE, actor="touch", named=False)
    clock.forward(minutes=2)
    assert queue_apology_slip(centre, CODE, actor="touch", named=False)
    fresh = replace(DOSSIER, code="HS-0002", due_at=MORNING + 9 * DAY)
    store_dossiers(centre, [fresh], source="test")
    with pytest.raises(Refused, match="not_late"):
        queue_apology_slip(centre, "HS-0002", actor="touch", named=False)


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("0912345432", "0912345432"),
        ("+84 912 345 432", "0912345432"),
        ("0084912345432", "0912345432"),
        ("84912345432", "0912345432"),
        ("091.234-5432", "0912345432"),
        ("912345432", None),
        ("09123454321", None),
        ("", None),
        ("O912345432", None),
    ],
)
def test_a_phone_number_is_read_however_it_is_written(typed: str, plain: str | None) -> None:
    assert plain_phone(typed) == plain


def test_a_wish_is_kept_once_taken_back_and_stands_in_no_event(
    centre: Centre, caplog: pytest.LogCaptureFixture
) -> None:
    centre = replace(centre, sms_wishes=True)
    store_dossiers(centre, [DOSSIER], source="test")
    assert wish_sms(centre, CODE, None, actor="touch") == "123"
    assert wish_sms(centre, CODE, "+84 912 345 432", actor="touch") == "432"
    assert [row["phone"] for row in rows(centre, "sms_wish")] == ["0912345432"]
    assert wished_sms(centre, CODE) == "432"
    decline_sms(centre, CODE, actor="touch")
    decline_sms(centre, CODE, actor="touch")
    assert wished_sms(centre, CODE) == ""
    told = [row["kind"] for row in rows(centre, "event")][1:]
    assert told == ["dossier.sms_wished"] * 2 + ["dossier.sms_declined"]
    assert "0912345432" not in repr(rows(centre, "event")) + caplog.text
    assert "0900000123" not in repr(rows(centre, "event")) + caplog.text


def test_no_wish_is_taken_where_the_office_has_none_or_the_number_is_none(centre: Centre) -> None:
    store_dossiers(centre, [replace(DOSSIER, phone=None)], source="test")
    with pytest.raises(Refused, match="no_sms_here"):
        wish_sms(centre, CODE, "0912345432", actor="touch")
    centre = replace(centre, sms_wishes=True)
    for phone in ("123", None):
        with pytest.raises(Refused, match="bad_phone"):
            wish_sms(centre, CODE, phone, actor="touch")
    with pytest.raises(Refused, match="no_such_dossier"):
        wish_sms(centre, "HS-0000", "0912345432", actor="touch")


def test_a_wish_is_gone_after_half_a_year(centre: Centre, clock: Clock) -> None:
    centre = replace(centre, sms_wishes=True)
    store_dossiers(centre, [DOSSIER], source="test")
    wish_sms(centre, CODE, None, actor="touch")
    clock.forward(days=179)
    take_ticket(centre, service="A", actor="touch")
    assert wished_sms(centre, CODE) == "123"
    clock.forward(days=2)
    take_ticket(centre, service="A", actor="touch")
    assert wished_sms(centre, CODE) == ""
