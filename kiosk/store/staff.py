"""Staff: their accounts, their sessions and the devices they work at, in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kiosk.calendar import stamp

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from kiosk.database import Query


def insert_clerk(
    query: Query, office: str, login: str, name: str, pin_hash: str, role: str
) -> bool:
    """False when the login is taken."""
    return bool(
        query.run(
            "INSERT INTO clerk (office, login, name, pin_hash, role)"
            " VALUES (:office, :login, :name, :pin_hash, :role)"
            " ON CONFLICT (office, login) DO NOTHING",
            office=office,
            login=login,
            name=name,
            pin_hash=pin_hash,
            role=role,
        )
    )


def clerk(query: Query, office: str, login: str) -> Mapping[str, Any] | None:
    return query.one(
        "SELECT * FROM clerk WHERE office = :office AND login = :login", office=office, login=login
    )


def clerks(query: Query, office: str) -> list[Mapping[str, Any]]:
    return query.all("SELECT * FROM clerk WHERE office = :office ORDER BY login", office=office)


def disable(query: Query, office: str, login: str) -> bool:
    return bool(
        query.run(
            "UPDATE clerk SET disabled = 1 WHERE office = :office AND login = :login",
            office=office,
            login=login,
        )
    )


def set_pin(query: Query, office: str, login: str, pin_hash: str) -> bool:
    return bool(
        query.run(
            "UPDATE clerk SET pin_hash = :pin_hash WHERE office = :office AND login = :login",
            office=office,
            login=login,
            pin_hash=pin_hash,
        )
    )


def set_role(query: Query, office: str, login: str, role: str) -> bool:
    return bool(
        query.run(
            "UPDATE clerk SET role = :role WHERE office = :office AND login = :login",
            office=office,
            login=login,
            role=role,
        )
    )


def insert_session(
    query: Query,
    office: str,
    token_hash: str,
    clerk: str,
    counter: int | None,
    csrf: str,
    now: datetime,
) -> None:
    query.run(
        "INSERT INTO staff_session (token_hash, office, clerk, counter, csrf, created_at, acted_at)"
        " VALUES (:token_hash, :office, :clerk, :counter, :csrf, :now, :now)",
        token_hash=token_hash,
        office=office,
        clerk=clerk,
        counter=counter,
        csrf=csrf,
        now=stamp(now),
    )


def live_session(
    query: Query, office: str, token_hash: str, created_after: datetime
) -> Mapping[str, Any] | None:
    return query.one(
        "SELECT staff_session.*, clerk.name, clerk.role FROM staff_session JOIN clerk"
        " ON clerk.office = staff_session.office AND clerk.login = staff_session.clerk"
        " WHERE token_hash = :token_hash AND staff_session.office = :office"
        " AND ended_at IS NULL AND disabled = 0 AND created_at > :after",
        token_hash=token_hash,
        office=office,
        after=stamp(created_after),
    )


def live_sessions(query: Query, office: str, created_after: datetime) -> list[Mapping[str, Any]]:
    """Of all of the staff, also of who was disabled."""
    return query.all(
        "SELECT staff_session.*, clerk.name, clerk.role, clerk.disabled"
        " FROM staff_session JOIN clerk"
        " ON clerk.office = staff_session.office AND clerk.login = staff_session.clerk"
        " WHERE staff_session.office = :office AND ended_at IS NULL AND created_at > :after",
        office=office,
        after=stamp(created_after),
    )


def end_session(query: Query, office: str, token_hash: str, now: datetime) -> None:
    query.run(
        "UPDATE staff_session SET ended_at = :now"
        " WHERE token_hash = :token_hash AND office = :office AND ended_at IS NULL",
        token_hash=token_hash,
        office=office,
        now=stamp(now),
    )


def touch(query: Query, office: str, token_hash: str, now: datetime) -> None:
    """Notes that whoever bears the session acted just now."""
    query.run(
        "UPDATE staff_session SET acted_at = :now"
        " WHERE token_hash = :token_hash AND office = :office AND ended_at IS NULL",
        token_hash=token_hash,
        office=office,
        now=stamp(now),
    )


def insert_enrolment(
    query: Query,
    office: str,
    name: str,
    counter: int | None,
    code_hash: str,
    until: datetime,
    now: datetime,
) -> bool:
    """False when a device of that name is known."""
    return bool(
        query.run(
            "INSERT INTO enrolment (office, name, counter, code_hash, code_until, added_at)"
            " VALUES (:office, :name, :counter, :code_hash, :until, :now)"
            " ON CONFLICT (office, name) DO NOTHING",
            office=office,
            name=name,
            counter=counter,
            code_hash=code_hash,
            until=stamp(until),
            now=stamp(now),
        )
    )


def enrolments(query: Query, office: str) -> list[Mapping[str, Any]]:
    return query.all("SELECT * FROM enrolment WHERE office = :office ORDER BY name", office=office)


def enrolment_by_code(
    query: Query, office: str, code_hash: str, now: datetime
) -> Mapping[str, Any] | None:
    """The device that waits for this code."""
    return query.one(
        "SELECT * FROM enrolment WHERE office = :office AND code_hash = :code_hash"
        " AND code_until > :now",
        office=office,
        code_hash=code_hash,
        now=stamp(now),
    )


def enrolment_by_secret(query: Query, office: str, secret_hash: str) -> Mapping[str, Any] | None:
    return query.one(
        "SELECT * FROM enrolment WHERE office = :office AND secret_hash = :secret_hash",
        office=office,
        secret_hash=secret_hash,
    )


def enrol(query: Query, office: str, name: str, secret_hash: str, now: datetime) -> None:
    """The code has been used; from now on the secret tells the device."""
    query.run(
        "UPDATE enrolment SET code_hash = NULL, code_until = NULL, secret_hash = :secret_hash,"
        " enrolled_at = :now WHERE office = :office AND name = :name",
        office=office,
        name=name,
        secret_hash=secret_hash,
        now=stamp(now),
    )


def remove_enrolment(query: Query, office: str, name: str) -> bool:
    return bool(
        query.run(
            "DELETE FROM enrolment WHERE office = :office AND name = :name",
            office=office,
            name=name,
        )
    )
