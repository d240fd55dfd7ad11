"""The numbers of a day: each service gives its own, one after the other, in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.calendar import moment
from kiosk.tickets import Series

if TYPE_CHECKING:
    from datetime import datetime

    from kiosk.database import Query


def give_next(
    query: Query, office: str, day: str, code: str, before: Series | None, first: int
) -> int:
    """The next number of the day's series, ``first`` when it has given none.

    ``before`` is what the series has given, as this transaction read it.
    """
    n = before.last + 1 if before else first
    query.run(
        "INSERT INTO series (office, day, code, last, first_n)"
        " VALUES (:office, :day, :code, :n, :n)"
        " ON CONFLICT (office, day, code) DO UPDATE SET last = :n",
        office=office,
        day=day,
        code=code,
        n=n,
    )
    return n


def pass_over(query: Query, office: str, day: str, code: str, after: int) -> None:
    """Lets the day's series go on after a number that somebody in the hall already has."""
    query.run(
        "INSERT INTO series (office, day, code, last, first_n)"
        " VALUES (:office, :day, :code, :after, :first) ON CONFLICT (office, day, code)"
        " DO UPDATE SET last = CASE WHEN series.last < excluded.last THEN excluded.last"
        " ELSE series.last END",
        office=office,
        day=day,
        code=code,
        after=after,
        first=after + 1,
    )


def of_day(query: Query, office: str, day: str) -> dict[str, int]:
    """The last number that each series has given on the day."""
    rows = query.all(
        "SELECT code, last FROM series WHERE office = :office AND day = :day ORDER BY code",
        office=office,
        day=day,
    )
    return {row["code"]: int(row["last"]) for row in rows}


def most(query: Query, office: str, code: str) -> int:
    """The highest number that the series has ever given; 0 for none."""
    row = query.one(
        "SELECT MAX(last) AS last FROM series WHERE office = :office AND code = :code",
        office=office,
        code=code,
    )
    return int(row["last"] or 0) if row else 0


def given(query: Query, office: str, day: str, code: str) -> Series | None:
    """What the series has given on the day; None for nothing yet."""
    row = query.one(
        "SELECT first_n, last FROM series WHERE office = :office AND day = :day AND code = :code",
        office=office,
        day=day,
        code=code,
    )
    return Series(row["first_n"], row["last"]) if row else None


def given_on(query: Query, office: str, day: str) -> dict[str, Series]:
    """The same for all series of the day."""
    rows = query.all(
        "SELECT code, first_n, last FROM series WHERE office = :office AND day = :day",
        office=office,
        day=day,
    )
    return {row["code"]: Series(row["first_n"], row["last"]) for row in rows}


def issued_at(query: Query, office: str, day: str, code: str, n: int) -> datetime | None:
    """When the number ``n`` of the day's series was given."""
    row = query.one(
        "SELECT issued_at FROM ticket"
        " WHERE office = :office AND day = :day AND series = :code AND n = :n",
        office=office,
        day=day,
        code=code,
        n=n,
    )
    return moment(row["issued_at"]) if row else None
