"""Office days, in SQL: which one runs, and which have begun."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.calendar import stamp
from kiosk.store.events import NOTHING, End
from kiosk.tickets import Series

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


def before_number(query: Query, office: str, code: str) -> tuple[str, End, Series | None]:
    """``latest``, ``events.end`` and what the series has given on that day, in one question.

    Each number asks it.
    """
    row = query.one(
        "SELECT event.seq, event.digest, office_day.day, series.first_n, series.last FROM event"
        " LEFT JOIN office_day ON office_day.office = :office AND office_day.day ="
        " (SELECT MAX(day) FROM office_day WHERE office = :office)"
        " LEFT JOIN series ON series.office = :office AND series.day = office_day.day"
        " AND series.code = :code"
        " WHERE event.office = :office ORDER BY event.seq DESC LIMIT 1",
        office=office,
        code=code,
    )
    if row is None:
        return latest(query, office), NOTHING, None
    given = Series(row["first_n"], row["last"]) if row["last"] is not None else None
    return row["day"] or "", End(row["seq"], row["digest"]), given


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
