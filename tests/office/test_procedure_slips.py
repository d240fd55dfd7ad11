"""The list of papers comes out like any slip, and nobody empties the roll with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kiosk.errors import Refused
from kiosk.office.devices import report
from kiosk.office.jobs import mark_sending, next_job, settle
from kiosk.office.procedure_slips import MOST, WINDOW, queue_procedure
from kiosk.office.procedures import store_procedures
from kiosk.procedures import Procedure
from kiosk.store import jobs
from printer.slips import draw
from tests.office.test_procedures import MARRIAGE, WHOLE

if TYPE_CHECKING:
    from kiosk.office.centre import Centre
    from tests.hall import Clock


@pytest.fixture
def posted(centre: Centre) -> Centre:
    others = [Procedure(f"1.{n:06d}", f"Thủ tục {n}") for n in range(MOST + 2)]
    store_procedures(centre, [(one, WHOLE) for one in (MARRIAGE, *others)], source="test")
    return centre


def queued(centre: Centre) -> int:
    with centre.database.read() as query:
        return len(jobs.unsettled(query, centre.code))


def test_the_list_says_what_to_bring_how_long_and_what_it_costs(posted: Centre) -> None:
    queue_procedure(posted, "1.000894", actor="touch", language="en")
    job = next_job(posted)

    assert job is not None
    assert job.slip == "procedure"
    assert job.data is not None
    assert job.data["papers"] == [
        ["Tờ khai đăng ký kết hôn", "1 original"],
        ["Thẻ căn cước", "2 plain copies"],
    ]
    assert job.data["terms"] == [
        ["In person", "5 ngày làm việc\N{NO-BREAK SPACE}· Free of charge"],
        ["Online", "theo hẹn"],
    ]
    assert ["Hand in at", "Counter 1"] in job.data["facts"]
    assert job.data["forms"] == [["Form: Tờ khai đăng ký kết hôn", "https://example.vn/to-khai"]]
    assert draw(job.slip, job.data).lines


def test_a_fault_of_the_printer_loses_no_list(posted: Centre, clock: Clock) -> None:
    report(posted, "printer", "fault", "paper_out")
    job_id = queue_procedure(posted, "1.000894", actor="touch")
    clock.forward(minutes=5)
    job = next_job(posted)

    assert job is not None
    assert job.id == job_id
    mark_sending(posted, job.id)
    settle(posted, job.id, "printed", evidence="ack")
    assert next_job(posted) is None


def test_a_list_that_nobody_waits_for_any_more_is_not_printed(posted: Centre, clock: Clock) -> None:
    queue_procedure(posted, "1.000894", actor="touch")
    clock.now += WINDOW * 2

    assert next_job(posted) is None
    assert queued(posted) == 0


def test_the_same_list_is_not_printed_twice_in_a_row(posted: Centre, clock: Clock) -> None:
    queue_procedure(posted, "1.000894", actor="touch")
    with pytest.raises(Refused, match="list_under_way"):
        queue_procedure(posted, "1.000894", actor="touch")
    assert queued(posted) == 1

    clock.forward(minutes=2)
    queue_procedure(posted, "1.000894", actor="touch")
    assert queued(posted) == 2


def test_nobody_empties_the_roll(posted: Centre, clock: Clock) -> None:
    for n in range(MOST):
        queue_procedure(posted, f"1.{n:06d}", actor="touch")
        clock.forward(seconds=20)
    with pytest.raises(Refused, match="too_many_lists") as refused:
        queue_procedure(posted, f"1.{MOST:06d}", actor="touch")

    assert refused.value.facts == {"minutes": 10}
    assert queued(posted) == MOST
    clock.now += WINDOW
    queue_procedure(posted, f"1.{MOST:06d}", actor="touch")


def test_what_is_not_posted_has_no_list(posted: Centre) -> None:
    with pytest.raises(Refused, match="no_such_procedure"):
        queue_procedure(posted, "9.999999", actor="touch")
