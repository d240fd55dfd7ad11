"""The keys of other programs, in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kiosk.calendar import stamp

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from kiosk.database import Query


def insert(query: Query, office: str, name: str, key_hash: str, scopes: str, now: datetime) -> bool:
    """False when a key of that name is known."""
    return bool(
        query.run(
            "INSERT INTO api_key (office, name, key_hash, scopes, added_at)"
            " VALUES (:office, :name, :key_hash, :scopes, :now)"
            " ON CONFLICT (office, name) DO NOTHING",
            office=office,
            name=name,
            key_hash=key_hash,
            scopes=scopes,
            now=stamp(now),
        )
    )


def by_hash(query: Query, office: str, key_hash: str) -> Mapping[str, Any] | None:
    return query.one(
        "SELECT * FROM api_key WHERE office = :office AND key_hash = :key_hash",
        office=office,
        key_hash=key_hash,
    )


def every(query: Query, office: str) -> list[Mapping[str, Any]]:
    return query.all("SELECT * FROM api_key WHERE office = :office ORDER BY name", office=office)


def note_use(query: Query, office: str, key_hash: str, now: datetime) -> None:
    query.run(
        "UPDATE api_key SET used_at = :now WHERE office = :office AND key_hash = :key_hash",
        office=office,
        key_hash=key_hash,
        now=stamp(now),
    )


def remove(query: Query, office: str, name: str) -> bool:
    return bool(
        query.run(
            "DELETE FROM api_key WHERE office = :office AND name = :name", office=office, name=name
        )
    )
