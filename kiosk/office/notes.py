"""A note about a visit: for the next clerk who has it, and for nobody for long.

It may name a person, so its words stand in no event, and are gone after two days.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.board import Note
from kiosk.calendar import moment
from kiosk.errors import Refused
from kiosk.office.desk import at_desk
from kiosk.retention_config import NOTES_KEPT
from kiosk.store import events, notes, tickets

if TYPE_CHECKING:
    from kiosk.database import Query
    from kiosk.office.centre import Centre


def note_visit(
    centre: Centre, counter: int, text: str, *, clerk: str, ticket: str | None = None
) -> None:
    """Keeps the words with the ticket at the counter. The same words again change nothing.

    Refused: nobody_here, illegal_move (somebody else is there by now), note_needed.
    """
    plain = " ".join(text.split())
    if not plain:
        raise Refused("note_needed")
    with at_desk(centre, counter, clerk) as desk:
        here = tickets.at_counter(desk.query, centre.code, counter)
        if here is None:
            raise Refused("nobody_here", move="note")
        if ticket is not None and here.id != ticket:
            raise Refused("note_gone")
        if notes.is_there(desk.query, centre.code, here.id, clerk, plain):
            return
        notes.forget(desk.query, centre.code, desk.now - NOTES_KEPT)
        notes.insert(desk.query, centre.code, here.id, clerk, plain, desk.now)
        events.append(
            desk.query, centre.code, desk.now, "visit.noted",
            actor=f"clerk:{clerk}", ticket=here.id, counter=counter, clerk=clerk,
        )  # fmt: skip


def notes_by_ticket(centre: Centre, query: Query) -> dict[str, tuple[Note, ...]]:
    """All notes that are still kept, which are few, by the id of their ticket."""
    found: dict[str, tuple[Note, ...]] = {}
    for row in notes.kept(query, centre.code):
        note = Note(row["name"] or row["clerk"], moment(row["at"]), row["text"])
        found[row["ticket"]] = (*found.get(row["ticket"], ()), note)
    return found
