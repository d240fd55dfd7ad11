"""Which process prints the slips of a kiosk, in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kiosk.calendar import stamp

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from kiosk.database import Query


def of(query: Query, office: str, kiosk: str) -> Mapping[str, Any] | None:
    return query.one(
        "SELECT machine, process, seen_at FROM outbox WHERE office = :office AND kiosk = :kiosk",
        office=office,
        kiosk=kiosk,
    )


def take(query: Query, office: str, kiosk: str, machine: str, process: str, now: datetime) -> None:
    query.run(
        "INSERT INTO outbox (office, kiosk, machine, process, seen_at)"
        " VALUES (:office, :kiosk, :machine, :process, :now)"
        " ON CONFLICT (office, kiosk) DO UPDATE SET machine = excluded.machine,"
        " process = excluded.process, seen_at = excluded.seen_at",
        office=office,
        kiosk=kiosk,
        machine=machine,
        process=process,
        now=stamp(now),
    )


def leave(query: Query, office: str, kiosk: str, process: str) -> None:
    query.run(
        "DELETE FROM outbox WHERE office = :office AND kiosk = :kiosk AND process = :process",
        office=office,
        kiosk=kiosk,
        process=process,
    )
