"""Who may what: the posts of staff and what each may do in the web, and the scopes of keys."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping


class StaffRole(StrEnum):
    CLERK = "clerk"
    RECEPTION = "reception"
    SUPERVISOR = "supervisor"
    TECHNICIAN = "technician"


class Right(StrEnum):
    """COUNTER calls to a counter; RECEPTION gives tickets at the desk by the door; PRIORITY gives a
    class to who waits; APPOINTMENTS sees and cancels what is booked; SLIPS says what became of a
    slip in doubt; INTAKE takes dossiers in and moves them; SECRETS reads the secret of one; HALL
    sees the whole hall and its figures; DIRECT changes it; AUDIT reads the events; SETTINGS edits
    kiosk.toml."""

    COUNTER = "counter"
    RECEPTION = "reception"
    PRIORITY = "priority"
    APPOINTMENTS = "appointments"
    SLIPS = "slips"
    INTAKE = "intake"
    SECRETS = "secrets"
    HALL = "hall"
    DIRECT = "direct"
    AUDIT = "audit"
    SETTINGS = "settings"


RIGHTS: Final[Mapping[StaffRole, frozenset[Right]]] = {
    StaffRole.CLERK: frozenset({Right.COUNTER, Right.APPOINTMENTS, Right.SLIPS, Right.INTAKE}),
    StaffRole.RECEPTION: frozenset(
        {Right.RECEPTION, Right.PRIORITY, Right.APPOINTMENTS, Right.SLIPS, Right.INTAKE}
    ),
    StaffRole.SUPERVISOR: frozenset(Right),
    StaffRole.TECHNICIAN: frozenset({Right.SLIPS, Right.HALL, Right.AUDIT, Right.SETTINGS}),
}
"""Of least privilege: who keeps the machines calls nobody, and who calls changes no hall."""


class Scope(StrEnum):
    """What the key of another program opens. BOARD reads the hall, how the kiosk is and the
    procedures; TICKETS gives, follows, cancels and takes back; APPOINTMENTS books, lists, checks in
    and cancels; DOSSIERS looks up; IMPORT brings dossiers."""

    BOARD = "board"
    TICKETS = "tickets"
    APPOINTMENTS = "appointments"
    DOSSIERS = "dossiers"
    IMPORT = "import"
