"""How far each webhook has been told, and by which process, in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kiosk.calendar import stamp

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from kiosk.database import Query


def of(query: Query, office: str, name: str) -> Mapping[str, Any] | None:
    return query.one(
        "SELECT * FROM webhook WHERE office = :office AND name = :name", office=office, name=name
    )


def take(query: Query, office: str, name: str, seq: int, process: str, now: datetime) -> None:
    query.run(
        "INSERT INTO webhook (office, name, seq, process, seen_at)"
        " VALUES (:office, :name, :seq, :process, :now)"
        " ON CONFLICT (office, name) DO UPDATE SET seq = excluded.seq,"
        " process = excluded.process, seen_at = excluded.seen_at",
        office=office,
        name=name,
        seq=seq,
        process=process,
        now=stamp(now),
    )


def leave(query: Query, office: str, name: str, process: str) -> None:
    query.run(
        "UPDATE webhook SET process = NULL"
        " WHERE office = :office AND name = :name AND process = :process",
        office=office,
        name=name,
        process=process,
    )
