"""Who prints the slips of a kiosk, where two machines were given one name."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from kiosk.errors import Refused
from kiosk.office import devices, jobs
from kiosk.office.hall import read_devices, read_home
from kiosk.office.outbox import LEASE, Hold, hold, leave
from kiosk.office.tickets import take_ticket

if TYPE_CHECKING:
    from kiosk.office.centre import Centre
    from tests.hall import Clock


def names_told(centre: Centre) -> list[tuple[str, str]]:
    return [(found.state, found.reason) for found in read_devices(centre) if found.name == "name"]


def test_a_second_machine_of_the_same_name_waits_and_the_technician_is_told(
    centre: Centre,
) -> None:
    assert hold(centre, "pc-1", "one") is Hold.OURS
    assert hold(centre, "pc-2", "two") is Hold.TAKEN
    assert hold(centre, "pc-1", "one", held=True) is Hold.OURS

    assert names_told(centre) == [("fault", "name_taken")]


def test_a_slip_is_sent_by_who_has_the_outbox_alone(centre: Centre) -> None:
    take_ticket(centre, service="A", actor="touch")
    job = jobs.next_job(centre)
    assert job is not None
    hold(centre, "pc-1", "one")
    hold(centre, "pc-2", "two")

    with pytest.raises(Refused) as refused:
        jobs.mark_sending(centre, job.id, process="two")
    assert refused.value.code == "outbox_taken"

    jobs.mark_sending(centre, job.id, process="one")


def test_who_lost_the_outbox_sends_nothing_more_but_tells_what_came_of_its_slip(
    centre: Centre, clock: Clock
) -> None:
    for _ in range(2):
        take_ticket(centre, service="A", actor="touch")
    hold(centre, "pc-1", "one")
    sent = jobs.next_job(centre)
    assert sent is not None
    jobs.mark_sending(centre, sent.id, process="one")
    clock.forward(seconds=LEASE.total_seconds() + 1)
    assert hold(centre, "pc-2", "two") is Hold.OURS
    assert jobs.recover(centre) == (sent.id,)

    jobs.settle(centre, sent.id, "printed", "ack")
    following = jobs.next_job(centre)
    assert following is not None
    with pytest.raises(Refused):
        jobs.mark_sending(centre, following.id, process="one")
    assert hold(centre, "pc-1", "one", held=True) is Hold.TAKEN


@pytest.mark.parametrize("silent", [False, True])
def test_another_machine_takes_the_outbox_only_from_one_that_is_silent(
    centre: Centre, clock: Clock, *, silent: bool
) -> None:
    hold(centre, "pc-1", "one")
    clock.forward(seconds=LEASE.total_seconds() - 1)
    if not silent:
        hold(centre, "pc-1", "one", held=True)
    clock.forward(seconds=2)

    assert hold(centre, "pc-2", "two") is (Hold.OURS if silent else Hold.TAKEN)


def test_a_machine_need_not_wait_for_its_own_dead_process_nor_for_one_that_left(
    centre: Centre,
) -> None:
    hold(centre, "pc-1", "one")
    assert hold(centre, "pc-1", "after the crash") is Hold.OURS

    leave(centre, "after the crash")
    assert hold(centre, "pc-2", "two") is Hold.OURS


def test_a_copied_disk_is_found_out_by_the_process_that_had_the_outbox(centre: Centre) -> None:
    hold(centre, "pc", "first")
    hold(centre, "pc", "second")

    assert hold(centre, "pc", "first", held=True) is Hold.COPIED
    assert hold(centre, "a new name", "first") is Hold.TAKEN


def test_the_warning_goes_when_the_other_machine_has_got_its_own_name(
    centre: Centre, clock: Clock
) -> None:
    hold(centre, "pc-1", "one")
    hold(centre, "pc-2", "two")
    clock.forward(seconds=LEASE.total_seconds() - 1)
    hold(centre, "pc-1", "one", held=True)
    assert names_told(centre)

    clock.forward(seconds=6)
    hold(centre, "pc-1", "one", held=True)
    assert names_told(centre) == []


def test_people_are_promised_no_paper_where_the_slips_come_out_of_another_machine(
    centre: Centre, clock: Clock
) -> None:
    devices.report(centre, "printer", "ok")
    hold(centre, "pc-1", "one")

    ours = read_home(replace(centre, machine=lambda: "pc-1")).printer
    theirs = read_home(replace(centre, machine=lambda: "pc-2")).printer
    assert ours is not None
    assert ours.state == "ok"
    assert theirs is not None
    assert (theirs.state, theirs.reason) == ("fault", "name_taken")

    clock.forward(seconds=LEASE.total_seconds() + 1)
    devices.report(centre, "printer", "ok")
    after = read_home(replace(centre, machine=lambda: "pc-2")).printer
    assert after is not None
    assert after.state == "ok"
