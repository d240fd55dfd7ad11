"""What a clerk says of slips in doubt, over real HTTP."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from kiosk.dossiers import Dossier, Status
from kiosk.office import jobs
from kiosk.office.form_jobs import queue_form
from kiosk.office.forms import Handover
from kiosk.office.hall import read_jobs
from kiosk.office.incoming import store_dossiers
from kiosk.office.tickets import take_ticket
from kiosk.texts import texts
from tests.web.test_moves import view

if TYPE_CHECKING:
    import httpx

    from kiosk.office.centre import Centre


@pytest.fixture
def doubtful(centre: Centre) -> str:
    take_ticket(centre, service="A", actor="touch")
    job = jobs.next_job(centre)
    assert job is not None
    jobs.mark_sending(centre, job.id)
    jobs.settle(centre, job.id, "unknown", reason="silent")
    return job.id


@pytest.mark.parametrize(
    ("said", "left"), [("printed", []), ("drop", []), ("reprint", [("A001", "queued")])]
)
def test_a_clerk_settles_a_slip_once(
    centre: Centre, hoa: httpx.Client, doubtful: str, said: str, left: list[tuple[str, str]]
) -> None:
    assert hoa.post(f"/api/jobs/{doubtful}/{said}").status_code == 200
    assert [(job.number, job.state) for job in read_jobs(centre)] == left

    again = hoa.post(f"/api/jobs/{doubtful}/{said}")
    assert (again.status_code, again.json()["code"]) == (409, "job_settled")


def test_nobody_else_settles_anything(centre: Centre, hall: httpx.Client, doubtful: str) -> None:
    answer = hall.post(f"/api/jobs/{doubtful}/drop")

    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")
    assert [job.state for job in read_jobs(centre)] == ["unknown"]


def test_a_slip_that_is_not_there_is_not_found(hoa: httpx.Client) -> None:
    answer = hoa.post("/api/jobs/K00000000000/printed")

    assert (answer.status_code, answer.json()["code"]) == (404, "no_such_job")


def test_of_many_slips_those_in_doubt_are_told_first_and_how_many_there_are(
    centre: Centre, hoa: httpx.Client
) -> None:
    beside = replace(centre, kiosk="kiosk-2")
    for _ in range(25):
        take_ticket(centre, service="A", actor="touch")
    take_ticket(beside, service="A", actor="touch")
    job = jobs.next_job(beside)
    assert job is not None
    jobs.mark_sending(beside, job.id)
    jobs.settle(beside, job.id, "unknown", reason="silent")

    told = view(centre, hoa)
    assert told["jobs_total"] == 26
    assert [(job["number"], job["state"]) for job in told["jobs"][:3]] == [
        ("A026", "unknown"),
        ("A001", "queued"),
        ("A002", "queued"),
    ]
    assert len(told["jobs"]) == 20


def test_a_form_in_doubt_is_told_by_its_kind_and_dossier(centre: Centre, hoa: httpx.Client) -> None:
    store_dossiers(
        centre, [Dossier("H57.132-260804-0583", Status.PROCESSING, "Khai sinh")], source="test"
    )
    queue_form(centre, "H57.132-260804-0583", Handover("Trần Văn Nam", "Lê Thị Hoa"), actor="test")
    jobs.queue_test_page(centre, texts("vi"))
    take_ticket(centre, service="A", actor="touch")

    told = view(centre, hoa)["jobs"]
    assert [(job["slip"], job["number"], job["dossier"]) for job in told] == [
        ("handover", None, "H57.132-260804-0583"),
        ("test", None, None),
        ("ticket", "A001", None),
    ]
