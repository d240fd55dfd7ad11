"""What a technician graphs of the office: counted, and about nobody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.calendar import day_start
from kiosk.office import days, hall, rolls
from kiosk.store import events, numbering

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kiosk.board import Board, DeviceHealth
    from kiosk.office.centre import Centre
    from kiosk.office.hall import OpenJob
    from kiosk.office.rolls import Roll


@dataclass(frozen=True, slots=True)
class Readings:
    """``given`` are the numbers of today by service, ``calls`` those that were called today."""

    board: Board
    devices: tuple[DeviceHealth, ...]
    jobs: tuple[OpenJob, ...]
    rolls: tuple[Roll, ...]
    given: Mapping[str, int]
    calls: int


def read_readings(centre: Centre) -> Readings:
    now = centre.clock()
    with centre.database.read() as query:
        day = days.today(centre, query, now)
        given = {
            code: one.last - one.first + 1
            for code, one in numbering.given_on(query, centre.code, day).items()
        }
        since = day_start(now, centre.timezone, centre.queue.day_starts)
        first = events.first_since(query, centre.code, since)
        calls = events.count(query, centre.code, "ticket.called", first)
    return Readings(
        hall.read_board(centre),
        hall.read_devices(centre),
        hall.read_jobs(centre),
        rolls.read_rolls(centre),
        given,
        calls,
    )
