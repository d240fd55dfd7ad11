"""Appointments, in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kiosk.appointments import Appointment, AppointmentState
from kiosk.calendar import moment, stamp

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from kiosk.database import Query


def insert(query: Query, office: str, appointment: Appointment, now: datetime) -> bool:
    """False when the code is taken."""
    return bool(
        query.run(
            "INSERT INTO appointment (office, code, day, service, due_at, state, dossier,"
            " booked_at) VALUES (:office, :code, :day, :service, :due_at, :state, :dossier, :now)"
            " ON CONFLICT (office, code) DO NOTHING",
            office=office,
            code=appointment.code,
            day=appointment.day,
            service=appointment.service,
            due_at=stamp(appointment.due_at),
            state=appointment.state.value,
            dossier=appointment.dossier,
            now=stamp(now),
        )
    )


def by_code(query: Query, office: str, code: str) -> Appointment | None:
    row = query.one(
        "SELECT * FROM appointment WHERE office = :office AND code = :code",
        office=office,
        code=code,
    )
    return _appointment(row) if row else None


def of_day(query: Query, office: str, day: str) -> tuple[Appointment, ...]:
    rows = query.all(
        "SELECT * FROM appointment WHERE office = :office AND day = :day ORDER BY due_at, code",
        office=office,
        day=day,
    )
    return tuple(_appointment(row) for row in rows)


def any_booked(query: Query, office: str, day: str) -> bool:
    """Whether somebody is expected on that day who has not come yet."""
    row = query.one(
        "SELECT code FROM appointment WHERE office = :office AND day = :day AND state = 'booked'"
        " LIMIT 1",
        office=office,
        day=day,
    )
    return row is not None


def update(query: Query, office: str, appointment: Appointment) -> None:
    """Everything but the code."""
    query.run(
        "UPDATE appointment SET day = :day, service = :service, due_at = :due_at, state = :state,"
        " ticket = :ticket, dossier = :dossier WHERE office = :office AND code = :code",
        office=office,
        code=appointment.code,
        day=appointment.day,
        service=appointment.service,
        due_at=stamp(appointment.due_at),
        state=appointment.state.value,
        ticket=appointment.ticket,
        dossier=appointment.dossier,
    )


def set_state(
    query: Query,
    office: str,
    code: str,
    state: AppointmentState,
    ticket: str | None = None,
) -> None:
    query.run(
        "UPDATE appointment SET state = :state, ticket = :ticket"
        " WHERE office = :office AND code = :code",
        office=office,
        code=code,
        state=state.value,
        ticket=ticket,
    )


def miss_before(query: Query, office: str, day: str) -> tuple[Appointment, ...]:
    """Marks those who never came on an earlier day, and returns them."""
    rows = query.all(
        "UPDATE appointment SET state = 'missed'"
        " WHERE office = :office AND day < :day AND state = 'booked' RETURNING *",
        office=office,
        day=day,
    )
    return tuple(_appointment(row) for row in sorted(rows, key=lambda row: row["due_at"]))


def _appointment(row: Mapping[str, Any]) -> Appointment:
    return Appointment(
        code=row["code"],
        service=row["service"],
        day=row["day"],
        due_at=moment(row["due_at"]),
        state=AppointmentState(row["state"]),
        ticket=row["ticket"],
        dossier=row["dossier"],
    )
