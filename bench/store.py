"""Issue and call-next on the store alone, beside one bare transaction of the same run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.figures import Figure, bare_transaction, timed
from kiosk.config import load
from kiosk.office.calls import call_next
from kiosk.office.centre import open_centre
from kiosk.office.tickets import take_ticket

if TYPE_CHECKING:
    from pathlib import Path

ROUNDS = 500


def measure(config_path: Path) -> list[Figure]:
    centre = open_centre(load(config_path))
    service = next(iter(centre.services))
    counter = centre.counters_of(service)[0]
    floor = Figure(
        "floor: bare SQLite FULL transaction", bare_transaction(config_path.parent, ROUNDS)
    )
    take_ticket(centre, service=service, actor="bench")
    issue = timed(lambda _: take_ticket(centre, service=service, actor="bench"), ROUNDS)
    call = timed(lambda _: call_next(centre, counter, clerk="bench"), ROUNDS)
    centre.database.close()
    return [
        floor,
        Figure("issue a ticket", issue, floor=floor.median, target="<= 3x the floor"),
        Figure("call the next", call, floor=floor.median, target="<= 3x the floor"),
    ]
