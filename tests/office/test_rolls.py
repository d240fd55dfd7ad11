"""How much paper has been used since the roll was changed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from kiosk.office import devices, jobs
from kiosk.office.rolls import change_roll, read_roll, read_rolls
from kiosk.office.tickets import take_ticket
from tests.hall import MORNING, Clock, centre_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kiosk.office.centre import Centre


@pytest.fixture
def hall(store_url: str, clock: Clock) -> Iterator[Centre]:
    centre = centre_of(store_url, clock)
    yield centre
    centre.database.close()


def sent(centre: Centre, millimetres: int) -> str:
    take_ticket(centre, service="A", actor="touch")
    job = jobs.next_job(centre)
    assert job is not None
    jobs.mark_sending(centre, job.id, millimetres)
    return job.id


def used(centre: Centre) -> tuple[int, int]:
    roll = read_roll(centre)
    assert roll is not None
    return roll.millimetres, roll.slips


def changes(centre: Centre) -> list[dict[str, object]]:
    with centre.database.read() as query:
        rows = query.all("SELECT * FROM event WHERE kind = 'roll.changed' ORDER BY seq")
    return [{"actor": row["actor"], **json.loads(row["details"])} for row in rows]


def test_a_printer_that_never_printed_has_no_roll(hall: Centre) -> None:
    assert read_roll(hall) is None


@pytest.mark.parametrize(
    ("end", "expected"), [("printed", (120, 1)), ("unknown", (120, 1)), ("queued", None)]
)
def test_what_may_have_come_out_has_used_paper(
    hall: Centre, end: str, expected: tuple[int, int] | None
) -> None:
    jobs.settle(hall, sent(hall, 120), end)

    assert (read_roll(hall) and used(hall)) == expected


def test_slips_add_up_and_a_late_answer_counts_no_paper_twice(hall: Centre) -> None:
    lost = sent(hall, 120)
    jobs.settle(hall, lost, "unknown")
    jobs.settle(hall, sent(hall, 80), "printed", "ack")
    jobs.settle(hall, lost, "printed", "ack")

    assert used(hall) == (200, 2)


def test_a_slip_that_was_on_the_way_when_the_process_died_has_used_paper(hall: Centre) -> None:
    sent(hall, 120)
    jobs.recover(hall)

    assert used(hall) == (120, 1)


def test_who_changes_the_roll_starts_anew_and_is_told_what_the_old_one_gave(
    hall: Centre, clock: Clock
) -> None:
    jobs.settle(hall, sent(hall, 120), "printed")
    clock.forward(minutes=5)
    old = change_roll(hall)

    assert old is not None
    assert (old.millimetres, old.slips, old.since) == (120, 1, MORNING)
    assert used(hall) == (0, 0)
    assert changes(hall) == [
        {"actor": "operator", "kiosk": "kiosk-1", "millimetres": 120, "slips": 1}
    ]


@pytest.mark.parametrize("between", [(), ("cover_open",), ("cover_open", "silent"), ("cutter",)])
@pytest.mark.parametrize("back", [("ok", ""), ("warning", "paper_low")])
def test_paper_that_is_back_after_it_was_out_is_a_new_roll(
    hall: Centre, between: tuple[str, ...], back: tuple[str, str]
) -> None:
    jobs.settle(hall, sent(hall, 120), "printed")
    devices.report(hall, "printer", "fault", "paper_out")
    for reason in between:
        devices.report(hall, "printer", "fault", reason)
        assert used(hall) == (120, 1)
    devices.report(hall, "printer", *back)
    assert used(hall) == (0, 0)
    jobs.settle(hall, sent(hall, 80), "printed")
    devices.report(hall, "printer", "ok", "")

    assert used(hall) == (80, 1)
    assert len(changes(hall)) == 1


@pytest.mark.parametrize(
    ("name", "reason"), [("printer", "cover_open"), ("printer", "silent"), ("scanner", "paper_out")]
)
def test_no_other_trouble_is_a_new_roll(hall: Centre, name: str, reason: str) -> None:
    jobs.settle(hall, sent(hall, 120), "printed")
    devices.report(hall, name, "fault", reason)
    devices.report(hall, name, "ok", "")

    assert used(hall) == (120, 1)


def test_each_kiosk_has_its_own_roll(hall: Centre, store_url: str, clock: Clock) -> None:
    other = centre_of(store_url, clock, kiosk="kiosk-2")
    jobs.settle(hall, sent(hall, 120), "printed")
    jobs.settle(other, sent(other, 80), "printed")
    change_roll(hall)

    assert [(roll.kiosk, roll.millimetres) for roll in read_rolls(hall)] == [
        ("kiosk-1", 0),
        ("kiosk-2", 80),
    ]
    other.database.close()
