"""What supervisors ordered for the day, and the alarms of clerks, in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kiosk.calendar import stamp

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from kiosk.database import Query


def of_day(query: Query, office: str, day: str) -> list[tuple[int, bool, tuple[str, ...]]]:
    """The counters with an order: number, whether it is closed, and the services that it takes
    instead of those of kiosk.toml, none for those."""
    rows = query.tuples(
        "SELECT counter, closed, services FROM counter_order WHERE office = :office AND day = :day",
        office=office,
        day=day,
    )
    return [(number, bool(closed), tuple(services.split())) for number, closed, services in rows]


def of_counter(query: Query, office: str, day: str, number: int) -> tuple[bool, tuple[str, ...]]:
    row = query.one(
        "SELECT closed, services FROM counter_order WHERE office = :office AND counter = :number"
        " AND day = :day",
        office=office,
        number=number,
        day=day,
    )
    return (bool(row["closed"]), tuple(row["services"].split())) if row else (False, ())


def set_order(
    query: Query, office: str, day: str, number: int, *, closed: bool, services: tuple[str, ...]
) -> None:
    query.run(
        "INSERT INTO counter_order (office, counter, day, closed, services)"
        " VALUES (:office, :number, :day, :closed, :services)"
        " ON CONFLICT (office, counter) DO UPDATE SET day = excluded.day,"
        " closed = excluded.closed, services = excluded.services",
        office=office,
        number=number,
        day=day,
        closed=int(closed),
        services=" ".join(services),
    )


def lifted(query: Query, office: str, day: str) -> frozenset[str]:
    """The services whose limits do not bind on that day."""
    return _marked(query, "lifted_limit", office, day)


def lift(query: Query, office: str, day: str, service: str) -> None:
    _mark(query, "lifted_limit", office, day, service)


def bind(query: Query, office: str, service: str) -> None:
    """The limits of the service bind again."""
    _unmark(query, "lifted_limit", office, service)


def paused(query: Query, office: str, day: str) -> frozenset[str]:
    """The services that give no numbers on that day."""
    return _marked(query, "paused_service", office, day)


def pause(query: Query, office: str, day: str, service: str) -> None:
    _mark(query, "paused_service", office, day, service)


def go_on(query: Query, office: str, service: str) -> None:
    """The service gives numbers again."""
    _unmark(query, "paused_service", office, service)


def _marked(query: Query, table: str, office: str, day: str) -> frozenset[str]:
    rows = query.tuples(
        f"SELECT service FROM {table} WHERE office = :office AND day = :day", office=office, day=day
    )
    return frozenset(code for (code,) in rows)


def _mark(query: Query, table: str, office: str, day: str, service: str) -> None:
    query.run(
        f"INSERT INTO {table} (office, service, day) VALUES (:office, :service, :day)"
        " ON CONFLICT (office, service) DO UPDATE SET day = excluded.day",
        office=office,
        service=service,
        day=day,
    )


def _unmark(query: Query, table: str, office: str, service: str) -> None:
    query.run(
        f"DELETE FROM {table} WHERE office = :office AND service = :service",
        office=office,
        service=service,
    )


def alarms(query: Query, office: str) -> list[Mapping[str, Any]]:
    """The alarms that are not over, with the names of who raised and who answered them."""
    return query.all(
        "SELECT alarm.*, raised.name, answered.name AS answered_name FROM alarm"
        " LEFT JOIN clerk AS raised ON raised.office = alarm.office AND raised.login = alarm.clerk"
        " LEFT JOIN clerk AS answered ON answered.office = alarm.office"
        " AND answered.login = alarm.answered_by"
        " WHERE alarm.office = :office ORDER BY raised_at, counter",
        office=office,
    )


def raise_alarm(query: Query, office: str, number: int, clerk: str, now: datetime) -> bool:
    """False when there was one already."""
    return bool(
        query.run(
            "INSERT INTO alarm (office, counter, clerk, raised_at)"
            " VALUES (:office, :number, :clerk, :now) ON CONFLICT (office, counter) DO NOTHING",
            office=office,
            number=number,
            clerk=clerk,
            now=stamp(now),
        )
    )


def answer_alarm(query: Query, office: str, number: int, clerk: str) -> bool:
    """False when there is none, or somebody has answered it."""
    return bool(
        query.run(
            "UPDATE alarm SET answered_by = :clerk WHERE office = :office AND counter = :number"
            " AND answered_by IS NULL",
            office=office,
            number=number,
            clerk=clerk,
        )
    )


def end_alarm(query: Query, office: str, number: int) -> bool:
    return bool(
        query.run(
            "DELETE FROM alarm WHERE office = :office AND counter = :number",
            office=office,
            number=number,
        )
    )
