"""The HTTP calls about slips that are in doubt: what a clerk says became of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter

from kiosk.office import jobs
from kiosk.web import access, answers, parts
from kiosk.web.described import ERRORS, refusing
from kiosk.web.route import Direct

if TYPE_CHECKING:
    from collections.abc import Callable

    from kiosk.office.sessions import SignedIn

router = APIRouter(prefix="/api/jobs/{job_id}", responses=ERRORS, route_class=Direct)


@router.post("/printed", responses=refusing("no_such_job", "job_settled", "job_waiting"))
async def confirm(shared: access.Shared, clerk: access.ForSlips, job_id: str) -> answers.Nothing:
    """The paper of a slip that was in doubt is there."""
    return await _decided(shared, clerk, job_id, jobs.confirm)


@router.post(
    "/reprint",
    responses=refusing(
        "no_such_job", "job_settled", "job_waiting", "job_forgotten", "job_unreadable"
    ),
)
async def reprint(shared: access.Shared, clerk: access.ForSlips, job_id: str) -> answers.Nothing:
    """Prints the slip once more, with the same number and marked as a reprint; also one that was
    dropped, or said to have come out, by mistake."""
    return await _decided(shared, clerk, job_id, jobs.reprint)


@router.post("/drop", responses=refusing("no_such_job", "job_settled", "job_waiting"))
async def drop(shared: access.Shared, clerk: access.ForSlips, job_id: str) -> answers.Nothing:
    """Nobody wants the slip any more; also one that still waits for the printer."""
    return await _decided(shared, clerk, job_id, jobs.drop)


async def _decided(
    shared: parts.Parts, clerk: SignedIn, job_id: str, decide: Callable[..., object]
) -> answers.Nothing:
    login = clerk.clerk.login
    await shared.writer.run(lambda: decide(shared.centre, job_id, clerk=login))
    return answers.Nothing()
