"""The roll of paper in each kiosk's printer, in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kiosk.calendar import stamp

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from kiosk.database import Query


def use(query: Query, office: str, kiosk: str, millimetres: int, now: datetime) -> None:
    """Counts one slip of this length; a kiosk's first slip begins its first roll."""
    query.run(
        "INSERT INTO roll (office, kiosk, millimetres, slips, since)"
        " VALUES (:office, :kiosk, :millimetres, 1, :now)"
        " ON CONFLICT (office, kiosk) DO UPDATE SET slips = roll.slips + 1,"
        " millimetres = roll.millimetres + excluded.millimetres",
        office=office,
        kiosk=kiosk,
        millimetres=millimetres,
        now=stamp(now),
    )


def run_out(query: Query, office: str, kiosk: str) -> None:
    query.run(
        "UPDATE roll SET ran_out = 1 WHERE office = :office AND kiosk = :kiosk",
        office=office,
        kiosk=kiosk,
    )


def begin(query: Query, office: str, kiosk: str, now: datetime) -> None:
    query.run(
        "INSERT INTO roll (office, kiosk, since) VALUES (:office, :kiosk, :now)"
        " ON CONFLICT (office, kiosk) DO UPDATE SET millimetres = 0, slips = 0, ran_out = 0,"
        " since = excluded.since",
        office=office,
        kiosk=kiosk,
        now=stamp(now),
    )


def of(query: Query, office: str, kiosk: str) -> Mapping[str, Any] | None:
    return query.one(
        "SELECT * FROM roll WHERE office = :office AND kiosk = :kiosk", office=office, kiosk=kiosk
    )


def every(query: Query, office: str) -> list[Mapping[str, Any]]:
    return query.all("SELECT * FROM roll WHERE office = :office ORDER BY kiosk", office=office)
