"""Several offices, and several kiosks of one office, in one PostgreSQL."""

from __future__ import annotations

import statistics
import threading
import time
from typing import TYPE_CHECKING

import pytest

from kiosk.database.postgres import Postgres
from kiosk.office import hall, jobs, tickets
from kiosk.store import events
from tests.hall import OFFICE, centre_of
from tests.store.noting import note

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kiosk.office.centre import Centre

PATIENCE = 30.0


@pytest.fixture
def two_offices(postgres_url: str) -> Iterator[tuple[Centre, Centre]]:
    offices = centre_of(postgres_url), centre_of(postgres_url, code="H15.50.06")
    yield offices
    for centre in offices:
        centre.database.close()


def test_two_offices_in_one_database_never_see_each_other(
    two_offices: tuple[Centre, Centre],
) -> None:
    ward, other = two_offices
    mine = [tickets.take_ticket(ward, service="A", actor="test").place for _ in range(3)]
    theirs = [tickets.take_ticket(other, service="A", actor="test").place for _ in range(2)]

    assert [place.ticket.number for place in mine] == ["A001", "A002", "A003"]
    assert [place.ticket.number for place in theirs] == ["A001", "A002"]
    assert [hall.read_board(office).lines[0].waiting for office in two_offices] == [3, 2]
    assert not {place.ticket.id for place in mine} & {place.ticket.id for place in theirs}
    with pytest.raises(Exception, match="no_such_ticket"):
        tickets.follow(ward, theirs[0].ticket.id)
    for office in two_offices:
        with office.database.read() as query:
            assert events.first_broken(query, office.code) is None


def test_offices_write_side_by_side(two_offices: tuple[Centre, Centre]) -> None:
    """One holds its lock all the time."""
    ward, other = two_offices
    ward.database.prepare()
    with ward.database.write():
        asked = time.monotonic()
        taken = [tickets.take_ticket(other, service="A", actor="test") for _ in range(5)]
        took = time.monotonic() - asked

    assert taken[-1].place.ticket.number == "A005"
    assert took < 2


def test_each_kiosk_prints_its_own_tickets_and_sees_all_of_them(postgres_url: str) -> None:
    one, two = (centre_of(postgres_url, kiosk=f"kiosk-{n}") for n in (1, 2))
    taken = [tickets.take_ticket(at, service="A", actor="test") for at in (one, two, one)]
    printed: list[list[object]] = [[], []]
    for kiosk, numbers in zip((one, two), printed, strict=True):
        while (job := jobs.next_job(kiosk)) is not None:
            jobs.mark_sending(kiosk, job.id)
            jobs.settle(kiosk, job.id, "printed", evidence="ack")
            assert job.data is not None
            numbers.append(job.data["number"])

    assert [issued.place.ticket.number for issued in taken] == ["A001", "A002", "A003"]
    assert printed == [["A001", "A003"], ["A002"]]
    assert hall.read_board(one).lines == hall.read_board(two).lines
    for kiosk in (one, two):
        kiosk.database.close()


def test_a_change_is_told_to_the_other_machine_at_once(postgres_url: str) -> None:
    one, two = (Postgres(postgres_url, OFFICE) for _ in range(2))
    stop = threading.Event()
    heard: list[float] = []
    listening, hears = threading.Event(), threading.Semaphore(0)

    def listen() -> None:
        for _ in two.changes(stop):
            heard.append(time.monotonic())
            listening.set()
            hears.release()

    thread = threading.Thread(target=listen)
    thread.start()
    assert listening.wait(PATIENCE)
    took = []
    for _ in range(20):
        while hears.acquire(blocking=False):
            pass
        written = time.monotonic()
        note(one)
        assert hears.acquire(timeout=PATIENCE)
        took.append(heard[-1] - written)
    stop.set()
    thread.join()
    for store in (one, two):
        store.close()

    print(f"a change reaches the other machine after {statistics.median(took) * 1000:.1f} ms")
    assert statistics.median(took) < 0.1
