"""Which slips are still printed when the printer can again."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from kiosk.errors import Refused
from kiosk.office import jobs
from kiosk.office.calls import call_next, finish, no_show, park, start
from kiosk.office.form_jobs import queue_summary
from kiosk.office.hall import read_jobs
from kiosk.office.tickets import take_ticket
from kiosk.office.visits import cancel
from kiosk.texts import texts
from tests.office.test_jobs import doubtful, job_of

if TYPE_CHECKING:
    from kiosk.office.centre import Centre
    from tests.hall import Clock


def waiting(centre: Centre) -> list[str]:
    """The numbers that leave the outbox, in their order."""
    numbers = []
    while (job := jobs.next_job(centre)) is not None:
        assert job.data is not None
        numbers.append(str(job.data.get("number", job.slip)))
        jobs.mark_sending(centre, job.id)
        jobs.settle(centre, job.id, "printed", evidence="ack")
    return numbers


def test_after_a_refill_only_those_still_to_be_served_get_their_paper(centre: Centre) -> None:
    taken = [take_ticket(centre, service="A", actor="touch").place.ticket.id for _ in range(7)]
    call_next(centre, 1, clerk="hoa")
    no_show(centre, 1, clerk="hoa")
    call_next(centre, 1, clerk="hoa")
    park(centre, 1, clerk="hoa")
    call_next(centre, 1, clerk="hoa")
    finish(centre, 1, clerk="hoa")
    call_next(centre, 1, clerk="hoa")
    start(centre, 1, clerk="hoa")
    call_next(centre, 2, clerk="minh")
    cancel(centre, taken[5], actor="touch")

    assert waiting(centre) == ["A002", "A005", "A007"]  # parked, called, waiting
    assert read_jobs(centre) == ()
    with centre.database.read() as query:
        told = query.all("SELECT actor, details FROM event WHERE kind = 'job.dropped' ORDER BY seq")
        states = query.all("SELECT state, reason FROM print_job ORDER BY place")
    assert [(row["actor"], json.loads(row["details"])["before"]) for row in told] == [
        ("kiosk:kiosk-1", "queued")
    ] * 4
    gone, out = ("failed", "dropped"), ("printed", "")
    assert [(row["state"], row["reason"]) for row in states] == [
        gone, out, gone, gone, out, gone, out
    ]  # fmt: skip


def test_a_slip_of_a_day_that_is_over_is_not_printed_before_anybody_comes(
    centre: Centre, clock: Clock
) -> None:
    take_ticket(centre, service="A", actor="touch")
    overnight = replace(centre, queue=replace(centre.queue, keep_overnight=True))
    clock.forward(days=1)
    kept = jobs.next_job(overnight)

    assert kept is not None
    assert waiting(centre) == []


def test_a_clock_that_leapt_ahead_drops_no_slip(centre: Centre, clock: Clock) -> None:
    take_ticket(centre, service="A", actor="touch")
    clock.forward(days=300)

    assert waiting(centre) == ["A001"]


def test_what_a_clerk_asked_to_print_again_is_printed_whatever_became_of_the_ticket(
    centre: Centre, clock: Clock
) -> None:
    lost = doubtful(centre)
    call_next(centre, 1, clerk="hoa")
    finish(centre, 1, clerk="hoa")
    again = jobs.reprint(centre, lost.id, clerk="hoa")
    job = jobs.next_job(centre)

    assert job is not None
    assert job.id == again
    clock.forward(days=1)
    assert jobs.next_job(centre) is None


def test_a_form_is_printed_on_any_day(centre: Centre, clock: Clock) -> None:
    queue_summary(centre, 1, clock.now.date(), actor="clerk:hoa")
    jobs.queue_test_page(centre, texts("vi"))
    clock.forward(days=2)

    assert waiting(centre) == ["summary", "test"]


def test_what_prints_this_moment_is_left_to_the_printer(centre: Centre) -> None:
    job = job_of(centre)
    jobs.mark_sending(centre, job.id)

    for decide in (jobs.confirm, jobs.drop, jobs.reprint):
        with pytest.raises(Refused, match=r"job_(settled|waiting)"):
            decide(centre, job.id, clerk="hoa")
