"""The keys with which other programs call: each opens some calls, and is told once."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from kiosk.calendar import moment
from kiosk.errors import Refused
from kiosk.office.sessions import hashed
from kiosk.rights import Scope
from kiosk.store import events, keys

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime
    from typing import Any

    from kiosk.database import Query
    from kiosk.office.centre import Centre

PREFIX: Final = "mk_"
"""By it people and programs that look for lost secrets know what they see."""

NOTED_EVERY: Final = timedelta(hours=1)
"""How exactly it is known when a key was last used."""

_FORM: Final = re.compile(rf"{PREFIX}[A-Za-z0-9_-]{{43}}")
_LONGEST_NAME: Final = 40


@dataclass(frozen=True, slots=True)
class Key:
    """``digest`` is all that is known of the key itself; ``used_at`` is right to an hour."""

    name: str
    scopes: frozenset[Scope]
    digest: str
    used_at: datetime | None = None

    @property
    def actor(self) -> str:
        """As events name who did it."""
        return f"key:{self.name}"


def add_key(centre: Centre, name: str, scopes: Collection[Scope]) -> str:
    """The key, which stands nowhere else from now on: 256 random bits behind a prefix.

    Refused: bad_key_name, scope_needed, key_exists (name).
    """
    plain = " ".join(name.split())
    if not plain or len(plain) > _LONGEST_NAME or not plain.isprintable():
        raise Refused("bad_key_name", name=name)
    if not scopes:
        raise Refused("scope_needed", scopes=", ".join(Scope))
    told = [scope.value for scope in Scope if scope in scopes]
    secret, now = PREFIX + secrets.token_urlsafe(32), centre.clock()
    with centre.database.write() as query:
        if not keys.insert(query, centre.code, plain, hashed(secret), " ".join(told), now):
            raise Refused("key_exists", name=plain)
        _note(centre, query, "key.added", {"name": plain, "scopes": told})
    return secret


def key(centre: Centre, secret: str) -> Key | None:
    """The key that was sent; it is looked for by its digest, so how long that takes tells nothing
    of any other."""
    if _FORM.fullmatch(secret) is None:
        return None
    with centre.database.read() as query:
        row = keys.by_hash(query, centre.code, hashed(secret))
    return _key(row) if row else None


def known(centre: Centre, digests: Iterable[str]) -> frozenset[str]:
    """Which of these are digests of keys that still stand."""
    with centre.database.read() as query:
        return frozenset(one for one in digests if keys.by_hash(query, centre.code, one))


def is_noted(known: Key, now: datetime) -> bool:
    """Whether what is known of its last use is right to an hour."""
    return known.used_at is not None and abs(now - known.used_at) < NOTED_EVERY


def note_use(centre: Centre, used: Key) -> None:
    """Writes that the key is used now. No event: the calls have theirs."""
    with centre.database.write() as query:
        keys.note_use(query, centre.code, used.digest, centre.clock())


def list_keys(centre: Centre) -> tuple[Key, ...]:
    with centre.database.read() as query:
        return tuple(_key(row) for row in keys.every(query, centre.code))


def remove_key(centre: Centre, name: str) -> None:
    """It opens nothing any more, from the next call on. Refused: no_such_key."""
    with centre.database.write() as query:
        if not keys.remove(query, centre.code, name):
            raise Refused("no_such_key", name=name)
        _note(centre, query, "key.removed", {"name": name})


def _key(row: Mapping[str, Any]) -> Key:
    scopes = frozenset(scope for scope in Scope if scope.value in row["scopes"].split())
    used_at = moment(row["used_at"]) if row["used_at"] else None
    return Key(row["name"], scopes, row["key_hash"], used_at)


def _note(centre: Centre, query: Query, kind: str, details: Mapping[str, object]) -> None:
    events.append(query, centre.code, centre.clock(), kind, actor="operator", details=details)
