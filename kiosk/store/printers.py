"""What each kiosk's printer was found able to do, in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kiosk.calendar import stamp

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from kiosk.database import Query


def of(query: Query, office: str, kiosk: str) -> Mapping[str, Any] | None:
    return query.one(
        "SELECT * FROM printer WHERE office = :office AND kiosk = :kiosk",
        office=office,
        kiosk=kiosk,
    )


def keep(
    query: Query, office: str, kiosk: str, place: str, capabilities: str, now: datetime
) -> None:
    query.run(
        "INSERT INTO printer (office, kiosk, place, capabilities, probed_at)"
        " VALUES (:office, :kiosk, :place, :capabilities, :now)"
        " ON CONFLICT (office, kiosk) DO UPDATE SET place = excluded.place,"
        " capabilities = excluded.capabilities, probed_at = excluded.probed_at",
        office=office,
        kiosk=kiosk,
        place=place,
        capabilities=capabilities,
        now=stamp(now),
    )


def drop(query: Query, office: str, kiosk: str) -> None:
    query.run(
        "DELETE FROM printer WHERE office = :office AND kiosk = :kiosk", office=office, kiosk=kiosk
    )
