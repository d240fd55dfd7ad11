"""The devices that staff may sign in at with a PIN: each is enrolled once, by a code."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from kiosk.calendar import moment
from kiosk.errors import Refused
from kiosk.office.sessions import hashed
from kiosk.plain import one_line
from kiosk.store import events, jobs, staff
from kiosk.tickets import ALPHABET

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime
    from typing import Any

    from kiosk.database import Query
    from kiosk.office.centre import Centre

CODE_LIFE: Final = timedelta(hours=1)
_HALF: Final = 4
_LONGEST_NAME: Final = 40


@dataclass(frozen=True, slots=True)
class Device:
    """A counter PC, tablet or phone; ``enrolled_at`` is None while its code waits, and so is the
    ``digest`` of its secret."""

    name: str
    counter: int | None
    enrolled_at: datetime | None
    digest: str | None


def add_device(centre: Centre, name: str, counter: int | None = None) -> str:
    """The code that enrols the device, within an hour and once.

    Refused: bad_device_name, unknown_counter, device_exists (name).
    """
    plain = one_line(name)
    if not plain or len(plain) > _LONGEST_NAME:
        raise Refused("bad_device_name", name=name)
    if counter is not None:
        centre.counter(counter)
    code = "".join(secrets.choice(ALPHABET) for _ in range(2 * _HALF))
    now = centre.clock()
    with centre.database.write() as query:
        until = now + CODE_LIFE
        if not staff.insert_enrolment(query, centre.code, plain, counter, hashed(code), until, now):
            raise Refused("device_exists", name=plain)
        _note(centre, query, "device.added", plain, actor="operator")
    return f"{code[:_HALF]}-{code[_HALF:]}"


def enrol(centre: Centre, code: str) -> tuple[Device, str]:
    """The device that the code belongs to, and the secret that is its own from now on.

    Refused: wrong_device_code, for one that was used or is too old as well.
    """
    plain = "".join(letter for letter in code.upper() if letter in ALPHABET)
    secret, now = secrets.token_urlsafe(32), centre.clock()
    with centre.database.write() as query:
        row = staff.enrolment_by_code(query, centre.code, hashed(plain), now)
        if row is None:
            raise Refused("wrong_device_code")
        staff.enrol(query, centre.code, row["name"], hashed(secret), now)
        _note(centre, query, "device.enrolled", row["name"], actor="web")
    return Device(row["name"], row["counter"], now, hashed(secret)), secret


def device(centre: Centre, secret: str) -> Device | None:
    """The enrolled device that bears this secret."""
    with centre.database.read() as query:
        row = staff.enrolment_by_secret(query, centre.code, hashed(secret))
    return _device(row) if row else None


def known(centre: Centre, digests: Iterable[str]) -> frozenset[str]:
    """Which of these are digests of devices that are still enrolled."""
    with centre.database.read() as query:
        return frozenset(
            one for one in digests if staff.enrolment_by_secret(query, centre.code, one)
        )


def list_devices(centre: Centre) -> tuple[Device, ...]:
    with centre.database.read() as query:
        return tuple(_device(row) for row in staff.enrolments(query, centre.code))


def remove_device(centre: Centre, name: str) -> None:
    """It is a stranger again, and what it hears as a device ends; a session at it goes on until it
    ends. Refused: no_such_device."""
    plain = one_line(name)
    with centre.database.write() as query:
        if not staff.remove_enrolment(query, centre.code, plain):
            raise Refused("no_such_device", name=plain)
        # One that showed the hall is missed no longer.
        jobs.delete_device(query, centre.code, centre.kiosk, f"board {plain}")
        _note(centre, query, "device.removed", plain, actor="operator")


def _device(row: Mapping[str, Any]) -> Device:
    at = row["enrolled_at"]
    return Device(row["name"], row["counter"], moment(at) if at else None, row["secret_hash"])


def _note(centre: Centre, query: Query, kind: str, name: str, *, actor: str) -> None:
    events.append(query, centre.code, centre.clock(), kind, actor=actor, details={"name": name})
