from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from kiosk.errors import Refused
from kiosk.office import jobs
from kiosk.office.calls import call_next
from kiosk.office.form_jobs import queue_summary
from kiosk.office.hall import read_jobs
from kiosk.office.tickets import take_ticket
from tests.hall import centre_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from kiosk.office.centre import Centre
    from tests.hall import Clock


def job_of(centre: Centre) -> jobs.Job:
    take_ticket(centre, service="A", actor="touch")
    job = jobs.next_job(centre)
    assert job is not None
    return job


def test_slips_leave_the_outbox_in_the_order_of_their_tickets(centre: Centre) -> None:
    numbers = []
    for _ in range(3):
        take_ticket(centre, service="A", actor="touch")
    while (job := jobs.next_job(centre)) is not None:
        numbers.append(job.data["number"])
        jobs.mark_sending(centre, job.id)
        jobs.settle(centre, job.id, "printed", evidence="ack")

    assert numbers == ["A001", "A002", "A003"]
    assert read_jobs(centre) == ()


def test_each_kiosk_prints_its_own_tickets_only(centre: Centre, store_url: str) -> None:
    one, two = centre, centre_of(store_url, kiosk="kiosk-2")
    take_ticket(one, service="A", actor="touch")

    assert jobs.next_job(two) is None
    job = jobs.next_job(one)
    assert job is not None
    jobs.mark_sending(one, job.id)
    assert jobs.recover(two) == ()
    assert jobs.recover(one) == (job.id,)
    two.database.close()


def test_staff_see_and_settle_the_slips_of_every_kiosk(centre: Centre, store_url: str) -> None:
    two = centre_of(store_url, kiosk="kiosk-2")
    lost = doubtful(centre)
    take_ticket(two, service="A", actor="touch")

    seen = [("kiosk-1", "A001", "unknown"), ("kiosk-2", "A002", "queued")]
    for kiosk in (centre, two):
        assert [(job.kiosk, job.number, job.state) for job in read_jobs(kiosk)] == seen
    again = jobs.reprint(two, lost.id, clerk="hoa")
    job = jobs.next_job(centre)
    assert job is not None
    assert job.id == again
    two.database.close()


def test_what_was_on_the_way_when_the_process_died_is_honestly_unknown(centre: Centre) -> None:
    lost = job_of(centre)
    jobs.mark_sending(centre, lost.id)
    take_ticket(centre, service="A", actor="touch")

    assert jobs.recover(centre) == (lost.id,)
    assert [(job.state, job.number, job.reason) for job in read_jobs(centre)] == [
        ("unknown", "A001", "interrupted"),
        ("queued", "A002", ""),
    ]


def test_only_a_slip_that_was_cut_short_of_late_may_hang_out_of_the_printer(
    centre: Centre, clock: Clock
) -> None:
    job = job_of(centre)
    assert not jobs.may_be_torn(centre)
    jobs.mark_sending(centre, job.id)
    jobs.recover(centre)
    assert jobs.may_be_torn(centre)
    clock.forward(minutes=61)
    assert not jobs.may_be_torn(centre)


@pytest.mark.parametrize(
    ("evidence", "may_hang"),
    [("sent", True), ("status", True), ("queued", False), ("ack", False), ("saved", False)],
)
def test_a_slip_that_was_only_sent_may_not_be_out_yet(
    centre: Centre, clock: Clock, evidence: str, *, may_hang: bool
) -> None:
    job = job_of(centre)
    jobs.mark_sending(centre, job.id)
    jobs.settle(centre, job.id, "printed", evidence)
    clock.forward(seconds=14)
    elsewhere = replace(centre, kiosk="kiosk-2")
    assert [jobs.may_be_torn(one) for one in (centre, elsewhere)] == [may_hang, False]
    clock.forward(seconds=2)
    assert not jobs.may_be_torn(centre)


def test_a_late_answer_still_makes_an_unknown_slip_printed(centre: Centre) -> None:
    job = job_of(centre)
    jobs.mark_sending(centre, job.id)
    jobs.settle(centre, job.id, "unknown", reason="silent")
    jobs.settle(centre, job.id, "printed", evidence="ack")

    assert read_jobs(centre) == ()


def test_staff_are_not_told_for_ever_of_a_slip_that_nobody_can_ask_about(
    centre: Centre, clock: Clock
) -> None:
    job = job_of(centre)
    jobs.mark_sending(centre, job.id)
    jobs.settle(centre, job.id, "unknown", reason="silent")
    take_ticket(centre, service="A", actor="touch")
    today = [job.state for job in read_jobs(centre)]
    clock.forward(days=1)

    assert today == ["unknown", "queued"]
    assert [job.state for job in read_jobs(centre)] == ["queued"]


@pytest.mark.parametrize("state", ["queued", "sending", "unknown", "failed"])
def test_what_is_printed_stays_printed(centre: Centre, state: str) -> None:
    job = job_of(centre)
    jobs.mark_sending(centre, job.id)
    jobs.settle(centre, job.id, "printed", evidence="ack")

    with pytest.raises(Refused, match="job_settled"):
        jobs.settle(centre, job.id, state)


def doubtful(centre: Centre, state: str = "unknown") -> jobs.Job:
    job = job_of(centre)
    jobs.mark_sending(centre, job.id)
    jobs.settle(centre, job.id, state, reason="silent")
    return job


def test_a_slip_that_is_still_on_its_way_is_told_so_and_not_dealt_with(centre: Centre) -> None:
    job = job_of(centre)
    for decide in (jobs.confirm, jobs.reprint):
        with pytest.raises(Refused, match="job_waiting"):
            decide(centre, job.id, clerk="hoa")
    jobs.mark_sending(centre, job.id)
    for decide in (jobs.confirm, jobs.reprint, jobs.drop):
        with pytest.raises(Refused, match="job_waiting"):
            decide(centre, job.id, clerk="hoa")


def test_a_clerk_who_has_the_paper_in_hand_ends_the_doubt(centre: Centre) -> None:
    job = doubtful(centre)
    jobs.confirm(centre, job.id, clerk="hoa")

    assert read_jobs(centre) == ()
    with pytest.raises(Refused, match="job_settled"):
        jobs.confirm(centre, job.id, clerk="hoa")
    jobs.settle(centre, job.id, "printed", evidence="ack")  # its answer comes late all the same


def test_a_reprint_tells_how_many_are_ahead_by_then(centre: Centre, clock: Clock) -> None:
    for _ in range(2):
        take_ticket(centre, service="A", actor="touch")
        printed = jobs.next_job(centre)
        assert printed is not None
        jobs.mark_sending(centre, printed.id)
        jobs.settle(centre, printed.id, "printed", evidence="ack")
    lost = doubtful(centre)
    call_next(centre, 2, clerk="lan")
    clock.forward(minutes=20)
    jobs.reprint(centre, lost.id, clerk="hoa")
    again = jobs.next_job(centre)

    assert lost.data is not None
    assert again is not None
    assert again.data is not None
    assert [job.data["facts"][1][1] for job in (lost, again)] == ["2 người", "1 người"]
    assert again.data["lines"][-1] == "In lại lúc 09:02 ngày 23/11/2026"


@pytest.mark.parametrize("state", ["unknown", "failed", "printed"])
def test_a_reprint_bears_the_same_number_and_says_which_copy_it_is(
    centre: Centre, state: str
) -> None:
    first = doubtful(centre, state)
    second = jobs.reprint(centre, first.id, clerk="hoa")
    job = jobs.next_job(centre)
    assert job is not None
    assert job.data is not None
    assert (job.id, job.copy) == (second, 1)
    assert (job.data["number"], job.data["copy_mark"]) == ("A001", "BẢN IN LẠI 1")
    assert [(open_job.id, open_job.state) for open_job in read_jobs(centre)] == [(second, "queued")]

    with pytest.raises(Refused, match="job_settled"):
        jobs.reprint(centre, first.id, clerk="hoa")
    with pytest.raises(Refused, match="job_waiting"):
        jobs.reprint(centre, second, clerk="hoa")
    jobs.mark_sending(centre, second)
    jobs.settle(centre, second, "unknown", reason="silent")
    jobs.reprint(centre, second, clerk="hoa")
    third = jobs.next_job(centre)
    assert third is not None
    assert third.data is not None
    assert (third.copy, third.data["copy_mark"]) == (2, "BẢN IN LẠI 2")


def test_a_slip_that_nobody_wants_any_more_is_dropped_and_never_printed(centre: Centre) -> None:
    waiting = job_of(centre)
    jobs.drop(centre, waiting.id, clerk="hoa")
    lost = doubtful(centre)
    jobs.drop(centre, lost.id, clerk="hoa")

    assert jobs.next_job(centre) is None
    assert read_jobs(centre) == ()
    assert decided(centre, waiting.id) == ("failed", "dropped", "")
    with pytest.raises(Refused, match="job_settled"):
        jobs.mark_sending(centre, waiting.id)


@pytest.mark.parametrize("mistake", [jobs.drop, jobs.confirm])
def test_what_was_said_by_mistake_is_mended_by_a_reprint(
    centre: Centre, mistake: Callable[..., object]
) -> None:
    job = doubtful(centre)
    mistake(centre, job.id, clerk="hoa")
    second = jobs.reprint(centre, job.id, clerk="hoa")
    found = jobs.next_job(centre)
    assert found is not None
    assert (found.id, found.copy) == (second, 1)
    with pytest.raises(Refused, match="job_settled"):
        jobs.reprint(centre, job.id, clerk="hoa")


@pytest.mark.parametrize(
    "end", ["printed", "late", "confirmed", "dropped", "reprinted", "queued and dropped"]
)
def test_nothing_of_a_form_is_kept_once_it_is_done_with(centre: Centre, end: str) -> None:
    queue_summary(centre, 1, None, actor="clerk:hoa")
    form = jobs.next_job(centre)
    assert form is not None
    if end != "queued and dropped":
        jobs.mark_sending(centre, form.id)
        jobs.settle(centre, form.id, "printed" if end == "printed" else "unknown")
    assert bool(told(centre, form.id)) == (end != "printed")
    match end:
        case "late":
            jobs.settle(centre, form.id, "printed", "ack")
        case "confirmed":
            jobs.confirm(centre, form.id, clerk="hoa")
        case "dropped" | "queued and dropped":
            jobs.drop(centre, form.id, clerk="hoa")
        case "reprinted":
            second = jobs.reprint(centre, form.id, clerk="hoa")
            assert told(centre, second)
    assert told(centre, form.id) == ""
    if end != "reprinted":
        with pytest.raises(Refused, match="job_forgotten"):
            jobs.reprint(centre, form.id, clerk="hoa")


def told(centre: Centre, job_id: str) -> str:
    with centre.database.read() as query:
        row = query.one("SELECT data FROM print_job WHERE id = :id", id=job_id)
    assert row is not None
    return str(row["data"])


def decided(centre: Centre, job_id: str) -> tuple[str, str, str]:
    with centre.database.read() as query:
        row = query.one("SELECT state, reason, evidence FROM print_job WHERE id = :id", id=job_id)
    assert row is not None
    return row["state"], row["reason"], row["evidence"]


@pytest.mark.parametrize(
    ("decide", "said"), [(jobs.drop, "dropped"), (jobs.reprint, "reprinted")], ids=["drop", "again"]
)
def test_what_staff_decide_makes_no_paper_unprinted(
    centre: Centre, decide: Callable[..., object], said: str
) -> None:
    lost, spoiled = doubtful(centre), doubtful(centre, "failed")
    for job in (lost, spoiled):
        decide(centre, job.id, clerk="hoa")
    assert decided(centre, lost.id) == ("unknown", said, "")
    assert decided(centre, spoiled.id) == ("failed", said, "")

    jobs.settle(centre, lost.id, "printed", evidence="ack")  # it came out after a refill
    assert decided(centre, lost.id) == ("printed", said, "ack")
    for again in (jobs.drop, jobs.confirm, *((jobs.reprint,) if said == "reprinted" else ())):
        with pytest.raises(Refused, match="job_settled"):
            again(centre, lost.id, clerk="hoa")
    with centre.database.read() as query:
        (late,) = query.all("SELECT details FROM event WHERE kind = 'job.printed'")
    assert json.loads(late["details"])["reason"] == said


def test_a_slip_that_staff_decided_about_may_hang_out_of_the_printer_for_its_hour(
    centre: Centre, clock: Clock
) -> None:
    job = doubtful(centre)
    clock.forward(minutes=50)
    jobs.reprint(centre, job.id, clerk="hoa")
    assert jobs.may_be_torn(centre)

    clock.forward(minutes=11)
    assert not jobs.may_be_torn(centre)


def test_a_slip_that_never_went_out_hangs_nowhere(centre: Centre) -> None:
    jobs.drop(centre, job_of(centre).id, clerk="hoa")
    jobs.drop(centre, doubtful(centre, "failed").id, clerk="hoa")

    assert not jobs.may_be_torn(centre)


def test_what_staff_decided_stands_in_the_events_with_who_did(centre: Centre) -> None:
    jobs.reprint(centre, doubtful(centre).id, clerk="hoa")
    jobs.confirm(centre, doubtful(centre).id, clerk="minh")
    with centre.database.read() as query:
        told = query.all("SELECT kind, actor FROM event WHERE actor LIKE 'clerk:%' ORDER BY seq")

    assert [(row["kind"], row["actor"]) for row in told] == [
        ("job.reprinted", "clerk:hoa"),
        ("job.confirmed", "clerk:minh"),
    ]
