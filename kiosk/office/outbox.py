"""One machine alone prints the slips of a kiosk, also where two were given the same name.

The kiosk's name stands in kiosk.toml, and a disk may be copied with all that is on it; so a machine
is known by a name that it made for itself, and a process by another.
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from kiosk.calendar import moment
from kiosk.errors import Refused
from kiosk.office import devices
from kiosk.store import jobs, outboxes

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from kiosk.database import Query
    from kiosk.office.centre import Centre

LEASE: Final = timedelta(seconds=15)
"""Another machine may take the place of one that has not been heard for longer."""

RENEWED_AFTER: Final = timedelta(seconds=5)

NAME_TAKEN: Final = "name_taken"


class Hold(StrEnum):
    """OURS; TAKEN by another machine; COPIED: by one that bears this machine's own name."""

    OURS = "ours"
    TAKEN = "taken"
    COPIED = "copied"


def hold(centre: Centre, machine: str, process: str, *, held: bool = False) -> Hold:
    """Takes the kiosk's outbox for this process, or renews that; ``held`` says that it had it.

    A machine takes it at once from a process of its own, which is dead: two of one machine keep
    each other out by a lock. From another machine only when that has been silent for ``LEASE``;
    until then the device "name" is in fault. Call it at least every ``RENEWED_AFTER``.
    """
    now = centre.clock()
    with centre.database.read() as query:
        row = outboxes.of(query, centre.code, centre.kiosk)
        told = jobs.device(query, centre.code, centre.kiosk, "name")
    found = _found(row, machine, process, now, held=held)
    ours = row is not None and row["process"] == process
    if row is not None and ours and abs(now - moment(row["seen_at"])) < RENEWED_AFTER:
        return Hold.OURS
    if found is Hold.OURS:
        with centre.database.write() as query:
            row = outboxes.of(query, centre.code, centre.kiosk)
            found = _found(row, machine, process, now, held=held)
            if found is Hold.OURS:
                outboxes.take(query, centre.code, centre.kiosk, machine, process, now)
    if found is Hold.TAKEN:
        devices.report(centre, "name", "fault", NAME_TAKEN)
    elif told is not None and (not ours or abs(now - moment(told["seen_at"])) > LEASE):
        # Whoever waited for the outbox has it now, or has another name, or is gone.
        devices.forget(centre, "name")
    return found


def _found(
    row: Mapping[str, str] | None, machine: str, process: str, now: datetime, *, held: bool
) -> Hold:
    if row is None or row["process"] == process:
        return Hold.OURS
    if row["machine"] == machine:
        return Hold.COPIED if held else Hold.OURS
    return Hold.OURS if abs(now - moment(row["seen_at"])) > LEASE else Hold.TAKEN


def leave(centre: Centre, process: str) -> None:
    """Gives the outbox up, so that another machine need not wait for it."""
    with centre.database.write() as query:
        outboxes.leave(query, centre.code, centre.kiosk, process)


def check(centre: Centre, query: Query, process: str) -> None:
    """Refused("outbox_taken") unless the process still has the outbox."""
    row = outboxes.of(query, centre.code, centre.kiosk)
    if row is None or row["process"] != process:
        raise Refused("outbox_taken", kiosk=centre.kiosk)


def printed_elsewhere(centre: Centre, query: Query, machine: str) -> datetime | None:
    """When another machine was last heard that prints this kiosk's slips; None when none does."""
    row = outboxes.of(query, centre.code, centre.kiosk)
    if row is None or row["machine"] == machine:
        return None
    seen_at = moment(row["seen_at"])
    return seen_at if abs(centre.clock() - seen_at) <= LEASE else None
