"""One office from one store to another, whole and proved, or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.errors import Refused, Unavailable
from kiosk.office.hall import read_devices
from kiosk.store import events, tables

if TYPE_CHECKING:
    from kiosk.database import Query
    from kiosk.office.centre import Centre


def copy_office(source: Centre, target: Centre) -> dict[str, int]:
    """Copies every row of the office in one transaction; how many by table.

    Refused: copy_running (device), copy_empty, copy_exists (nothing is ever overwritten),
    copy_broken (seq) when the events are not whole, copy_differs (table), copy_unreachable.
    """
    try:
        return _copy_office(source, target)
    except Unavailable as error:
        if error.code != "store_unreachable":
            raise
        # The sentence for a hall, that all goes on by itself, is not true of a command.
        places = {"source": source.database.place, "target": target.database.place}
        raise Refused("copy_unreachable", **places) from error


def _copy_office(source: Centre, target: Centre) -> dict[str, int]:
    office = source.code
    running = [known for known in read_devices(source) if known.reason != "not_running"]
    if running:
        raise Refused("copy_running", kiosk=running[0].kiosk, device=running[0].name)
    with target.database.write() as into:
        if tables.holds(into, office):
            raise Refused("copy_exists", place=target.database.place, office=office)
        with source.database.read() as query:
            if not tables.holds(query, office):
                raise Refused("copy_empty", place=source.database.place, office=office)
            copied = copy_rows(query, into, office)
            end = events.end(query, office)
        for table, rows in copied.items():
            if tables.count(into, office, table) != rows:
                raise Refused("copy_differs", table=table)
        broken = events.first_broken(into, office)
        if broken is not None:
            raise Refused("copy_broken", place=source.database.place, seq=broken)
        if events.end(into, office) != end:
            raise Refused("copy_differs", table="event")
    return copied


def copy_rows(query: Query, into: Query, office: str) -> dict[str, int]:
    """Every row of the office, into tables without any of it; how many by table."""
    return {table: _copy(query, into, office, table) for table in tables.listed()}


def _copy(query: Query, into: Query, office: str, table: str) -> int:
    rows = 0
    for page in tables.pages(query, office, table):
        tables.insert(into, table, page)
        rows += len(page)
    if tables.count(query, office, table) != rows:
        raise Refused("copy_differs", table=table)
    return rows
