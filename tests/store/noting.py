"""The least that can be written and read: events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.store import events
from tests.hall import MORNING, OFFICE

if TYPE_CHECKING:
    from kiosk.database import Database


def note(store: Database, actor: str = "test", office: str = OFFICE) -> int:
    with store.write() as query:
        return events.append(query, office, MORNING, "test.noted", actor=actor)


def noted(store: Database, office: str = OFFICE) -> int:
    with store.read() as query:
        return events.last(query, office)
