"""Counters: who works there, what they remember, and the answers they gave, in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from kiosk.calendar import stamp

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from kiosk.database import Query


def set_pause(
    query: Query, office: str, token_hash: str, paused_at: datetime | None, reason: str
) -> None:
    query.run(
        "UPDATE staff_session SET paused_at = :at, pause_reason = :reason"
        " WHERE token_hash = :token_hash AND office = :office",
        office=office,
        token_hash=token_hash,
        at=stamp(paused_at) if paused_at else None,
        reason=reason,
    )


def state(query: Query, office: str, number: int) -> Mapping[str, Any] | None:
    """What the counter remembers of its calls, and its last move, as JSON."""
    return query.one(
        "SELECT day, memory, last_move FROM counter_state WHERE office = :office"
        " AND counter = :number",
        office=office,
        number=number,
    )


def states(query: Query, office: str, day: str) -> dict[int, Mapping[str, Any]]:
    """The same of all counters that remember something of that day."""
    rows = query.all(
        "SELECT counter, day, memory, last_move FROM counter_state"
        " WHERE office = :office AND day = :day",
        office=office,
        day=day,
    )
    return {row["counter"]: row for row in rows}


def set_state(
    query: Query, office: str, number: int, day: str, memory: str, last_move: str | None
) -> None:
    query.run(
        "INSERT INTO counter_state (office, counter, day, memory, last_move)"
        " VALUES (:office, :number, :day, :memory, :last_move)"
        " ON CONFLICT (office, counter) DO UPDATE SET day = excluded.day,"
        " memory = excluded.memory, last_move = excluded.last_move",
        office=office,
        number=number,
        day=day,
        memory=memory,
        last_move=last_move,
    )


def clerk_at(
    query: Query, office: str, number: int, created_after: datetime
) -> tuple[str, str] | None:
    """The login and the name of the clerk who is signed in at the counter."""
    row = query.one(
        "SELECT clerk.login, clerk.name FROM staff_session"
        " JOIN clerk ON clerk.office = staff_session.office AND clerk.login = staff_session.clerk"
        " WHERE staff_session.office = :office AND staff_session.counter = :number"
        " AND ended_at IS NULL AND created_at > :after",
        office=office,
        number=number,
        after=stamp(created_after),
    )
    return (row["login"], row["name"]) if row else None


def staffed(query: Query, office: str, created_after: datetime) -> frozenset[int]:
    """The counters at which somebody is signed in, also where the clerk pauses."""
    rows = query.all(
        "SELECT counter FROM staff_session WHERE office = :office AND ended_at IS NULL"
        " AND counter IS NOT NULL AND created_at > :after",
        office=office,
        after=stamp(created_after),
    )
    return frozenset(row["counter"] for row in rows)


class Touched(NamedTuple):
    """A counter at which a clerk acts: whether it pauses, and whether it was closed for the day."""

    paused: bool
    closed: bool


def touch_session(
    query: Query, office: str, counter: int, clerk: str, day: str, now: datetime
) -> Touched | None:
    """Notes that the clerk acted at the counter just now; None when not signed in there."""
    rows = query.tuples(
        "UPDATE staff_session SET acted_at = :now WHERE office = :office AND counter = :counter"
        " AND clerk = :clerk AND ended_at IS NULL RETURNING paused_at, (SELECT closed"
        " FROM counter_order WHERE counter_order.office = staff_session.office"
        " AND counter_order.counter = staff_session.counter AND counter_order.day = :day)",
        office=office,
        counter=counter,
        clerk=clerk,
        day=day,
        now=stamp(now),
    )
    if not rows:
        return None
    return Touched(any(paused for paused, _ in rows), any(closed for _, closed in rows))


def asked(
    query: Query, office: str, day: str, counter: int, request_id: str
) -> Mapping[str, Any] | None:
    """The answer once given to this press of "next", if it was given on that day."""
    return query.one(
        "SELECT ticket FROM asked WHERE office = :office AND day = :day AND counter = :counter"
        " AND request_id = :request_id",
        office=office,
        day=day,
        counter=counter,
        request_id=request_id,
    )


def remember(
    query: Query, office: str, day: str, counter: int, request_id: str, ticket: str | None
) -> None:
    query.run(
        "INSERT INTO asked (office, day, counter, request_id, ticket)"
        " VALUES (:office, :day, :counter, :request_id, :ticket)",
        office=office,
        day=day,
        counter=counter,
        request_id=request_id,
        ticket=ticket,
    )


def forget_old(query: Query, office: str, day: str, created_before: datetime) -> None:
    """Drops the answers of other days and sessions that nobody can use any more."""
    query.run("DELETE FROM asked WHERE office = :office AND day <> :day", office=office, day=day)
    query.run(
        "DELETE FROM staff_session WHERE office = :office AND created_at < :before",
        office=office,
        before=stamp(created_before),
    )
