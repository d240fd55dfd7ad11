"""Whether somebody is who they say: the secrets of staff, proven and kept as hashes."""

from __future__ import annotations

import re
import secrets
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from kiosk.errors import Refused
from kiosk.rights import RIGHTS, StaffRole
from kiosk.store import events, staff

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from kiosk.office.centre import Centre
    from kiosk.rights import Right

# argon2id with the least cost that OWASP allows: 19 MiB, two passes, one lane.
_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_PIN: Final = re.compile(r"[0-9]{6,12}")
_DIGITS: Final = re.compile(r"[0-9]*")
LEAST_PASSWORD: Final = 10
LONGEST_SECRET: Final = 64


@dataclass(frozen=True, slots=True)
class Clerk:
    login: str
    name: str
    role: StaffRole
    disabled: bool

    def may(self, right: Right) -> bool:
        return right in RIGHTS[self.role]


def proven(centre: Centre, login: str, pin: str, *, actor: str = "web") -> Clerk:
    """The clerk to whom login and PIN belong, as they were given by way of ``actor``.

    Refused: wrong_pin, also for an unknown or disabled login, after the same work.
    """
    with centre.database.read() as query:
        row = staff.clerk(query, centre.code, login)
    if not _fits(row, pin):
        _note_failure(centre, row, actor)
        raise Refused("wrong_pin")
    assert row is not None
    return clerk_of(row)


def is_pin(secret: str) -> bool:
    """Whether it can only be a PIN, which a program could guess: it is for known devices."""
    return _DIGITS.fullmatch(secret) is not None


def hash_of(secret: str) -> str:
    """Of a PIN of six to twelve digits, or of a password of ten to 64 characters that is more than
    digits. Refused: weak_pin.
    """
    plain = _plain(secret)
    long = LEAST_PASSWORD <= len(plain) <= LONGEST_SECRET and plain.isprintable()
    if _PIN.fullmatch(plain) is None and (is_pin(plain) or not long):
        raise Refused("weak_pin")
    return _HASHER.hash(plain)


def clerk_of(row: Mapping[str, Any]) -> Clerk:
    return Clerk(row["login"], row["name"], StaffRole(row["role"]), bool(row["disabled"]))


def _note_failure(centre: Centre, row: Mapping[str, Any] | None, actor: str) -> None:
    """An unknown login is not written down: it may be a PIN in the wrong field."""
    with centre.database.write() as query:
        events.append(
            query, centre.code, centre.clock(), "clerk.refused",
            actor=actor, clerk=row["login"] if row else None,
        )  # fmt: skip


def _fits(row: Mapping[str, Any] | None, pin: str) -> bool:
    nobody = _nobody()
    try:
        _HASHER.verify(row["pin_hash"] if row else nobody, _plain(pin))
    except VerifyMismatchError:
        return False
    return row is not None and not row["disabled"]


@cache
def _nobody() -> str:
    """A hash that no PIN fits, so that an unknown login costs the same time."""
    return _HASHER.hash(secrets.token_hex(16))


def _plain(secret: str) -> str:
    """The same letters, however the keyboard composed them."""
    return unicodedata.normalize("NFC", secret)
