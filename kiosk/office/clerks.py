"""The accounts of staff: their posts and their secrets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from kiosk.errors import Refused
from kiosk.office import identity, sessions
from kiosk.office.identity import Clerk
from kiosk.plain import one_line
from kiosk.rights import StaffRole
from kiosk.store import counters, events, staff
from kiosk.tickets import SESSION_LIFE

if TYPE_CHECKING:
    from kiosk.database import Query
    from kiosk.office.centre import Centre

_LOGIN: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,31}")
_LONGEST_NAME: Final = 80


def add_clerk(
    centre: Centre, login: str, name: str, pin: str, role: StaffRole = StaffRole.CLERK
) -> Clerk:
    """``pin`` may be a password. Refused: bad_login, no_name, long_name (most), weak_pin,
    login_taken."""
    check_login(login)
    full_name = checked_name(name)
    pin_hash = identity.hash_of(pin)
    with centre.database.write() as query:
        if not staff.insert_clerk(query, centre.code, login, full_name, pin_hash, role):
            raise Refused("login_taken", login=login)
        _note(centre, query, "clerk.added", login, role=role.value)
    return Clerk(login, full_name, role, disabled=False)


def check_login(login: str) -> None:
    """Refused: bad_login."""
    if _LOGIN.fullmatch(login) is None:
        raise Refused("bad_login", login=login)


def checked_name(name: str) -> str:
    """The full name in one line. Refused: no_name, long_name (most)."""
    full_name = one_line(name)
    if not full_name:
        raise Refused("no_name")
    if len(full_name) > _LONGEST_NAME:
        raise Refused("long_name", most=_LONGEST_NAME)
    return full_name


def set_pin(centre: Centre, login: str, pin: str) -> None:
    """A new PIN or password; whoever is signed in with the old one no longer is, and no ticket
    moves.

    Refused: weak_pin, no_such_clerk.
    """
    pin_hash = identity.hash_of(pin)
    with centre.database.write() as query:
        if not staff.set_pin(query, centre.code, login, pin_hash):
            raise Refused("no_such_clerk", login=login)
        sessions.end_all(centre, query, login)
        _note(centre, query, "clerk.pin_changed", login)


def set_role(centre: Centre, login: str, role: StaffRole) -> None:
    """Another post; it counts from the next sign-in, and sessions in the old one end.

    Refused: no_such_clerk.
    """
    with centre.database.write() as query:
        row = staff.clerk(query, centre.code, login)
        if row is None:
            raise Refused("no_such_clerk", login=login)
        if row["role"] == role:
            return
        staff.set_role(query, centre.code, login, role)
        sessions.end_all(centre, query, login)
        _note(centre, query, "clerk.role_changed", login, old=row["role"], new=role.value)


def check_known(centre: Centre, login: str) -> None:
    """Refused: no_such_clerk."""
    with centre.database.read() as query:
        if staff.clerk(query, centre.code, login) is None:
            raise Refused("no_such_clerk", login=login)


def list_clerks(centre: Centre) -> tuple[Clerk, ...]:
    with centre.database.read() as query:
        return tuple(identity.clerk_of(row) for row in staff.clerks(query, centre.code))


def disable_clerk(centre: Centre, login: str) -> None:
    """Shuts the clerk out at once: signed-in sessions end with it."""
    with centre.database.write() as query:
        if not staff.disable(query, centre.code, login):
            raise Refused("no_such_clerk", login=login)
        sessions.end_all(centre, query, login, closing=True)
        _note(centre, query, "clerk.disabled", login)


def sign_out_clerk(centre: Centre, login: str) -> None:
    """Frees the counter of a clerk who has gone; who is there stays for whoever signs in next.

    Safe to repeat. Refused: no_such_clerk.
    """
    with centre.database.write() as query:
        if staff.clerk(query, centre.code, login) is None:
            raise Refused("no_such_clerk", login=login)
        sessions.end_all(centre, query, login)


def free_counter(centre: Centre, number: int, *, by: str) -> None:
    """The same for whoever is signed in at the counter. Refused: unknown_counter."""
    centre.counter(number)
    now = centre.clock()
    with centre.database.write() as query:
        known = counters.clerk_at(query, centre.code, number, now - SESSION_LIFE)
        if known is not None:
            sessions.end_all(centre, query, known[0], by=f"clerk:{by}")


def _note(
    centre: Centre,
    query: Query,
    kind: str,
    clerk: str | None,
    *,
    actor: str = "operator",
    **details: object,
) -> None:
    events.append(
        query, centre.code, centre.clock(), kind, actor=actor, clerk=clerk, details=details
    )
