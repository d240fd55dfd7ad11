"""What a clerk says of slips in doubt, over real HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kiosk.office import jobs
from kiosk.office.hall import read_jobs
from kiosk.office.tickets import take_ticket

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
