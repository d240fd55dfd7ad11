"""The ticket path as a program of two processes: a window that takes and prints, and two clerks.

usage: python -m tests.faults.ticket_path STORE TICKETS full|normal
What a person was answered is told as a line of JSON on standard output, after the answer.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kiosk.database.sqlite import Sqlite
from kiosk.office import calls, jobs
from kiosk.office.tickets import take_ticket
from tests.hall import centre_at

if TYPE_CHECKING:
    import sqlite3

    from kiosk.board import Issued
    from kiosk.office.centre import Centre

CHECKPOINT_PAGES: Final = 60
"""Small, so that a short recording holds many moves of the log into the store."""


class _Store(Sqlite):
    careless = False

    def _connect(self) -> sqlite3.Connection:
        connection = super()._connect()
        connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
        if self.careless:
            connection.execute("PRAGMA synchronous = NORMAL")
        return connection


def tell(**facts: object) -> None:
    os.write(1, json.dumps(facts).encode() + b"\n")


def touch(centre: Centre, tap: str) -> Issued:
    """The same tap asks for the same each time."""
    n = int(tap.split("-")[1])
    priority = "NCT" if n % 7 == 0 else None
    return take_ticket(
        centre, service="ABBF"[n % 4], actor="touch", priority=priority, request_id=tap
    )


def citizens(centre: Centre, count: int) -> None:
    """Every fifth arrives together with another, as over HTTP: both in one transaction."""
    for n in range(count):
        taken = []
        with centre.database.batch():
            for second in range(2 if n % 5 == 4 else 1):
                tap = f"tap-{n}-{second}"
                taken.append((tap, touch(centre, tap).place.ticket))
        for tap, ticket in taken:
            tell(tap=tap, ticket=ticket.id, number=ticket.number, day=ticket.day)
        if n % 3 == 0:
            job = jobs.next_job(centre)
            if job is None:
                continue  # the clerks were quicker: nobody needs a slip any more
            jobs.mark_sending(centre, job.id)
            tell(job=job.id, state="sending")
            jobs.settle(centre, job.id, "printed", evidence="ack")
            tell(job=job.id, state="printed")


def clerks(centre: Centre, presses: int) -> None:
    for n in range(presses):
        counter = 1 + n % 3
        ticket = calls.call_next(centre, counter, clerk=f"clerk-{counter}", request_id=f"press-{n}")
        tell(press=f"press-{n}", counter=counter, ticket=ticket.id if ticket else None)
        if ticket is None:
            continue
        tell(ticket=ticket.id, event="ticket.called")
        match n % 5:
            case 0:
                calls.start(centre, counter, clerk="x")
                tell(ticket=ticket.id, event="ticket.started")
                calls.finish(centre, counter, clerk="x")
                tell(ticket=ticket.id, event="ticket.finished")
            case 1:
                calls.transfer(centre, counter, clerk="x", service="F")
                tell(ticket=ticket.id, event="ticket.transferred")
            case 2:
                calls.park(centre, counter, clerk="x")
                tell(ticket=ticket.id, event="ticket.parked")


def main(store: Path, count: int, care: str) -> None:
    _Store.careless = care == "normal"
    Sqlite(store).prepare()
    child = os.fork()
    centre = replace(centre_at(store), database=_Store(store))
    if child == 0:
        clerks(centre, count)
        os._exit(0)
    citizens(centre, count)
    _, status = os.waitpid(child, 0)
    centre.database.close()
    sys.exit(os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
