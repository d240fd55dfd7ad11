"""The staff door of a touch window: who comes in, what each may do there, and its trace.

Nobody signs in there: a clerk at a counter stays at it, and whoever came in is asked for anew at
each act, so that a PIN that was changed or an account that was shut opens nothing any more.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kiosk.calendar import moment
from kiosk.errors import Refused
from kiosk.office import identity
from kiosk.rights import Right
from kiosk.store import events, jobs, staff, tickets

if TYPE_CHECKING:
    from datetime import datetime

    from kiosk.office.centre import Centre
    from kiosk.office.identity import Clerk

ACTOR: Final = "touch"
ENTRY: Final = frozenset({Right.SLIPS, Right.HALL, Right.DIRECT, Right.SETTINGS})
"""Any of these opens the door; what lies behind it asks for its own."""
LATEST: Final = 12
"""So many of the last tickets may be printed again."""
LOOKED_THROUGH: Final = 3000
"""Among so many of the last events they are looked for."""


@dataclass(frozen=True, slots=True)
class Slip:
    """The last paper of a ticket that this kiosk gave: ``job`` as ``jobs.reprint`` wants it."""

    job: str
    number: str
    state: str
    reason: str
    copy: int
    at: datetime


def open_door(centre: Centre, login: str, pin: str) -> Clerk:
    """Lets the clerk in to whom login and PIN belong. Refused: wrong_pin, not_allowed.

    How often it may be tried is up to whoever asks.
    """
    clerk = identity.proven(centre, login, pin, actor=ACTOR)
    if not any(clerk.may(right) for right in ENTRY):
        raise Refused("not_allowed")
    _note(centre, "door.opened", login)
    return clerk


def close_door(centre: Centre, login: str) -> None:
    _note(centre, "door.closed", login)


def checked(centre: Centre, login: str, right: Right) -> Clerk:
    """Who came in, if the account may still do that. Refused: not_allowed."""
    with centre.database.read() as query:
        row = staff.clerk(query, centre.code, login)
    if row is None or row["disabled"] or not identity.clerk_of(row).may(right):
        raise Refused("not_allowed")
    return identity.clerk_of(row)


def note_order(centre: Centre, kind: str, login: str) -> None:
    """Writes that the program is started anew ("door.restarted"), or that the machine is to be
    shut down ("door.shut_down"). Refused: not_allowed."""
    checked(centre, login, Right.SETTINGS)
    _note(centre, kind, login)


def latest_slips(centre: Centre) -> tuple[Slip, ...]:
    """The last papers of the last tickets that this kiosk gave, latest first."""
    with centre.database.read() as query:
        last = events.last(query, centre.code)
        rows = events.issued_lately(query, centre.code, last - LOOKED_THROUGH)
        ours = [row["ticket"] for row in rows if _kiosk(row["details"]) == centre.kiosk]
        found = []
        for ticket_id in ours[:LATEST]:
            ticket = tickets.by_id(query, centre.code, ticket_id)
            job = jobs.last_of(query, centre.code, ticket_id)
            row = jobs.by_id(query, centre.code, job) if job else None
            if ticket is not None and row is not None:
                found.append(
                    Slip(
                        row["id"], ticket.number, row["state"], row["reason"], row["copy"],
                        moment(row["created_at"]),
                    )
                )  # fmt: skip
    return tuple(found)


def _kiosk(details: str) -> object:
    return json.loads(details).get("kiosk")


def _note(centre: Centre, kind: str, login: str) -> None:
    with centre.database.write() as query:
        events.append(
            query, centre.code, centre.clock(), kind, actor=f"clerk:{login}", clerk=login,
            details={"kiosk": centre.kiosk},
        )  # fmt: skip
