"""What clerks noted about a visit, for the clerk who has it next, in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kiosk.calendar import stamp

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from kiosk.database import Query


def kept(query: Query, office: str) -> list[Mapping[str, Any]]:
    """In the order in which they were written, with the clerk's name."""
    return query.all(
        "SELECT visit_note.*, clerk.name FROM visit_note LEFT JOIN clerk"
        " ON clerk.office = visit_note.office AND clerk.login = visit_note.clerk"
        " WHERE visit_note.office = :office ORDER BY visit_note.at",
        office=office,
    )


def is_there(query: Query, office: str, ticket: str, clerk: str, text: str) -> bool:
    row = query.one(
        "SELECT 1 AS n FROM visit_note WHERE office = :office AND ticket = :ticket"
        " AND clerk = :clerk AND text = :text",
        office=office,
        ticket=ticket,
        clerk=clerk,
        text=text,
    )
    return row is not None


def insert(query: Query, office: str, ticket: str, clerk: str, text: str, now: datetime) -> None:
    """Another note of the same moment takes the place of the first."""
    query.run(
        "INSERT INTO visit_note (office, ticket, at, clerk, text)"
        " VALUES (:office, :ticket, :now, :clerk, :text)"
        " ON CONFLICT (office, ticket, at) DO UPDATE SET text = excluded.text",
        office=office,
        ticket=ticket,
        clerk=clerk,
        text=text,
        now=stamp(now),
    )


def forget(query: Query, office: str, before: datetime) -> None:
    query.run(
        "DELETE FROM visit_note WHERE office = :office AND at < :before",
        office=office,
        before=stamp(before),
    )
