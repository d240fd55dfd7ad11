"""Office days, in SQL: which one runs, and which have begun."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.calendar import stamp
from kiosk.store.events import NOTHING, End

if TYPE_CHECKING:
    from datetime import datetime

    from kiosk.database import Query


def latest(query: Query, office: str) -> str:
    """The last day (ISO) that has begun; "" before the first."""
    row = query.one(
        "SELECT day FROM office_day WHERE office = :office ORDER BY day DESC LIMIT 1",
        office=office,
    )
    return row["day"] if row else ""


def latest_and_end(query: Query, office: str) -> tuple[str, End]:
    """``latest``, and ``events.end``, in one question that each number asks."""
    row = query.one(
        "SELECT seq, digest,"
        " (SELECT day FROM office_day WHERE office = :office ORDER BY day DESC LIMIT 1) AS day"
        " FROM event WHERE office = :office ORDER BY seq DESC LIMIT 1",
        office=office,
    )
    if row is None:
        return latest(query, office), NOTHING
    return row["day"] or "", End(row["seq"], row["digest"])


def earliest(query: Query, office: str) -> str:
    """The first day (ISO) that has begun; "" before it."""
    row = query.one(
        "SELECT day FROM office_day WHERE office = :office ORDER BY day LIMIT 1",
        office=office,
    )
    return row["day"] if row else ""


def begin(query: Query, office: str, day: str, now: datetime) -> bool:
    """Notes that the day has begun; False when it had already."""
    return bool(
        query.run(
            "INSERT INTO office_day (office, day, began_at) VALUES (:office, :day, :now)"
            " ON CONFLICT (office, day) DO NOTHING",
            office=office,
            day=day,
            now=stamp(now),
        )
    )
