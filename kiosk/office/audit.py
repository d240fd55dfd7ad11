"""The trail of who did what: the events, searched from the latest back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from kiosk.calendar import moment
from kiosk.errors import Refused
from kiosk.office import days
from kiosk.office.figures import bounds_of
from kiosk.store import events, staff, tickets
from kiosk.tickets import number_meant

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from kiosk.database import Query
    from kiosk.office.centre import Centre

PAGE: Final = 100
LOOKED_THROUGH: Final = 20_000
"""So many events at most are read for one page: a search through years goes on where it stopped."""


@dataclass(frozen=True, slots=True)
class Search:
    """``group`` is the first part of the kinds, such as "counter"; ``clerk`` is the login of
    who did it or whom it is about; ``number`` is a ticket's, of ``day`` or today; ``before`` is a
    sequence, from which older ones are wanted."""

    day: date | None = None
    group: str | None = None
    clerk: str | None = None
    counter: int | None = None
    number: str | None = None
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """``actor`` did it: a clerk ("clerk:hoa"), a kiosk, "touch", "web", "day" or "operator";
    ``name`` is that clerk's, ``about`` the name of the clerk to whom another did it."""

    seq: int
    at: datetime
    kind: str
    actor: str
    name: str | None
    about: str | None
    counter: int | None
    number: str | None
    dossier: str | None
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Found:
    """Latest first; ``older`` is where the next page begins, None when there is none."""

    entries: tuple[Entry, ...]
    older: int | None


def search_events(centre: Centre, wanted: Search) -> Found:
    """Refused: no_such_number."""
    with centre.database.read() as query:
        ticket = _ticket(centre, query, wanted) if wanted.number else None
        first, end = _bounds(centre, query, wanted)
        before = min(wanted.before or end, end)
        after = max(first, before - LOOKED_THROUGH - 1)
        rows = events.search(
            query,
            centre.code,
            after=first if ticket else after,
            before=before,
            limit=PAGE,
            group=wanted.group,
            clerk=wanted.clerk,
            counter=wanted.counter,
            ticket=ticket,
        )
        names = {row["login"]: row["name"] for row in staff.clerks(query, centre.code)}
        numbers = {
            row["ticket"]: known.number
            for row in rows
            if row["ticket"] and (known := tickets.by_id(query, centre.code, row["ticket"]))
        }
    entries = tuple(_entry(row, names, numbers) for row in rows)
    if len(entries) == PAGE:
        return Found(entries, entries[-1].seq)
    return Found(entries, after + 1 if not ticket and after > first else None)


def _ticket(centre: Centre, query: Query, wanted: Search) -> str:
    day = wanted.day.isoformat() if wanted.day else days.today(centre, query, centre.clock())
    known = tickets.by_number(query, centre.code, day, number_meant(wanted.number or ""))
    if known is None:
        raise Refused("no_such_number", number=wanted.number)
    return known.id


def _bounds(centre: Centre, query: Query, wanted: Search) -> tuple[int, int]:
    """The sequences between which the events of the day lie, or all."""
    last = events.last(query, centre.code)
    # The life of one ticket may go on into the next day.
    if wanted.day is None or wanted.number:
        return 0, last + 1
    start, end = bounds_of(centre, wanted.day)
    first = events.first_since(query, centre.code, start)
    return first - 1, events.first_since(query, centre.code, end)


def _entry(row: Mapping[str, Any], names: Mapping[str, str], numbers: Mapping[str, str]) -> Entry:
    details = json.loads(row["details"])
    number = numbers.get(row["ticket"]) or details.pop("number", None)
    counter = row["counter"] if row["counter"] is not None else details.pop("counter", None)
    details.pop("number", None)
    did, clerk = row["actor"].partition("clerk:")[2], row["clerk"]
    return Entry(
        seq=row["seq"],
        at=moment(row["at"]),
        kind=row["kind"],
        actor=row["actor"],
        name=names.get(did),
        about=names.get(clerk, clerk) if clerk != did else None,
        counter=counter,
        number=number,
        dossier=row["dossier"],
        details=details,
    )
