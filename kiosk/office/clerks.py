"""Clerks, their PINs, and who works at which counter."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Final

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from kiosk.calendar import moment
from kiosk.errors import Refused
from kiosk.office import days
from kiosk.office.desk import Desk
from kiosk.store import counters, events, tickets
from kiosk.tickets import SESSION_LIFE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from typing import Any

    from kiosk.database import Query
    from kiosk.office.centre import Centre

SESSION_KEPT: Final = timedelta(days=7)
IDLE_LOCK: Final = timedelta(minutes=15)
"""After this long without a move another clerk may take an empty counter over."""

# argon2id with the least cost that OWASP allows: 19 MiB, two passes, one lane.
_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_LOGIN: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,31}")
_PIN: Final = re.compile(r"\d{6,12}")


@dataclass(frozen=True, slots=True)
class Clerk:
    login: str
    name: str
    disabled: bool


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A clerk at a counter; ``token`` is the cookie's value and stands nowhere in the store."""

    token: str
    csrf_token: str
    clerk: Clerk
    counter: int


def add_clerk(centre: Centre, login: str, name: str, pin: str) -> Clerk:
    """Refused: bad_login, no_name, weak_pin (six to twelve digits), login_taken."""
    if _LOGIN.fullmatch(login) is None:
        raise Refused("bad_login", login=login)
    if not name.strip():
        raise Refused("no_name")
    pin_hash = _hash_of(pin)
    with centre.database.write() as query:
        if not counters.insert_clerk(query, centre.code, login, name.strip(), pin_hash):
            raise Refused("login_taken", login=login)
        _note(centre, query, "clerk.added", login, actor="operator")
    return Clerk(login, name.strip(), disabled=False)


def set_pin(centre: Centre, login: str, pin: str) -> None:
    """A new PIN; whoever is signed in with the old one no longer is, and no ticket moves.

    Refused: weak_pin, no_such_clerk.
    """
    now, pin_hash = centre.clock(), _hash_of(pin)
    with centre.database.write() as query:
        if not counters.set_pin(query, centre.code, login, pin_hash):
            raise Refused("no_such_clerk", login=login)
        days.begin(centre, query, now)
        for row in counters.live_sessions(query, centre.code, now - SESSION_LIFE):
            if row["clerk"] == login:
                _hand_over(centre, query, row, now, by="operator")
        _note(centre, query, "clerk.pin_changed", login, actor="operator")


def list_clerks(centre: Centre) -> tuple[Clerk, ...]:
    with centre.database.read() as query:
        return tuple(_clerk(row) for row in counters.clerks(query, centre.code))


def disable_clerk(centre: Centre, login: str) -> None:
    """Shuts the clerk out at once: signed-in sessions end with it."""
    now = centre.clock()
    with centre.database.write() as query:
        if not counters.disable(query, centre.code, login):
            raise Refused("no_such_clerk", login=login)
        for row in counters.live_sessions(query, centre.code, now - SESSION_LIFE):
            if row["clerk"] == login:
                _leave(centre, query, row, now)
        _note(centre, query, "clerk.disabled", login, actor="operator")


def sign_out_clerk(centre: Centre, login: str) -> None:
    """Frees the counter of a clerk who has gone; who is there stays for whoever signs in next.

    Safe to repeat. Refused: no_such_clerk.
    """
    now = centre.clock()
    with centre.database.write() as query:
        if counters.clerk(query, centre.code, login) is None:
            raise Refused("no_such_clerk", login=login)
        days.begin(centre, query, now)
        for row in counters.live_sessions(query, centre.code, now - SESSION_LIFE):
            if row["clerk"] == login:
                _hand_over(centre, query, row, now, by="operator")


def sign_in(centre: Centre, login: str, pin: str, counter: int) -> SignedIn:
    """Opens the counter for the clerk, who leaves any other counter.

    A counter is the clerk's who works there until the session ends, or is idle: nobody is called
    or served there, it does not pause, and no key was pressed for ``IDLE_LOCK``.
    Refused: unknown_counter, wrong_pin (also for an unknown or disabled login, after the same
    work), counter_taken (clerk). How often it may be tried is up to whoever asks.
    """
    centre.counter(counter)
    now = centre.clock()
    with centre.database.read() as query:
        row = counters.clerk(query, centre.code, login)
    if not _fits(row, pin):
        _note_failure(centre, row)
        raise Refused("wrong_pin")
    assert row is not None
    token, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    with centre.database.write() as query:
        day = days.begin(centre, query, now)
        for live in counters.live_sessions(query, centre.code, now - SESSION_KEPT):
            mine = live["clerk"] == login
            if moment(live["created_at"]) <= now - SESSION_LIFE:
                # Ended for good: a clock that is set back must not bring it to life again.
                if mine or live["counter"] == counter:
                    counters.end_session(query, centre.code, live["token_hash"], now)
                    days.clear(centre, query, live["counter"], day, now)
            elif not mine and live["counter"] == counter:
                if not _is_idle(centre, query, live, now):
                    raise Refused("counter_taken", clerk=live["name"])
                _hand_over(centre, query, live, now, by=f"clerk:{login}")
            elif mine:
                _leave(centre, query, live, now, keep=live["counter"] == counter)
        counters.forget_old(query, centre.code, day, now - SESSION_KEPT)
        counters.insert_session(query, centre.code, _hashed(token), login, counter, csrf, now)
        _note(centre, query, "counter.opened", login, actor=f"clerk:{login}", counter=counter)
    return SignedIn(token, csrf, _clerk(row), counter)


def session(centre: Centre, token: str) -> SignedIn | None:
    """Who bears this token, while the session lives."""
    after = centre.clock() - SESSION_LIFE
    with centre.database.read() as query:
        row = counters.live_session(query, centre.code, _hashed(token), after)
    if row is None or row["counter"] not in centre.counters:
        return None
    clerk = Clerk(row["clerk"], row["name"], disabled=False)
    return SignedIn(token, row["csrf"], clerk, row["counter"])


def sign_out(centre: Centre, token: str) -> None:
    """Closes the counter; who was called there is kept for whoever opens it. Safe to repeat."""
    now = centre.clock()
    with centre.database.write() as query:
        row = counters.live_session(query, centre.code, _hashed(token), now - SESSION_LIFE)
        if row is not None:
            _leave(centre, query, row, now)


def pause(centre: Centre, token: str, reason: str) -> None:
    """Stops calling to the counter for a while; the reason stands in the events.

    Refused: not_signed_in, reason_needed, unknown_reason, somebody_here.
    """
    centre.check_reason("pause", reason)
    now = centre.clock()
    with centre.database.write() as query:
        row = _live(centre, query, token, now)
        if row["paused_at"] is not None:
            return
        if tickets.at_counter(query, centre.code, row["counter"]) is not None:
            raise Refused("somebody_here")
        counters.set_pause(query, centre.code, row["token_hash"], now, reason)
        _note(centre, query, "counter.paused", row["clerk"], actor=f"clerk:{row['clerk']}",
              counter=row["counter"], reason=reason)  # fmt: skip


def go_on(centre: Centre, token: str) -> None:
    """Ends the pause; safe to repeat. Refused: not_signed_in."""
    now = centre.clock()
    with centre.database.write() as query:
        row = _live(centre, query, token, now)
        if row["paused_at"] is None:
            return
        counters.set_pause(query, centre.code, row["token_hash"], None, "")
        clerk, counter = row["clerk"], row["counter"]
        counters.touch_session(query, centre.code, counter, clerk, now)
        _note(centre, query, "counter.continued", clerk, actor=f"clerk:{clerk}", counter=counter)


def _live(centre: Centre, query: Query, token: str, now: datetime) -> Mapping[str, Any]:
    row = counters.live_session(query, centre.code, _hashed(token), now - SESSION_LIFE)
    if row is None:
        raise Refused("not_signed_in")
    return row


def _leave(
    centre: Centre, query: Query, row: Mapping[str, Any], now: datetime, *, keep: bool = False
) -> None:
    """Ends a session and, unless the same clerk stays, closes its counter."""
    # While the counter is still open: whoever is there stays when a day begins.
    day = days.begin(centre, query, now)
    counters.end_session(query, centre.code, row["token_hash"], now)
    if keep:
        return
    clerk, counter = row["clerk"], row["counter"]
    if counter in centre.counters:
        Desk(centre, query, centre.counter(counter), clerk, now, day).leave()
    _note(centre, query, "counter.closed", clerk, actor=f"clerk:{clerk}", counter=counter)


def _is_idle(centre: Centre, query: Query, row: Mapping[str, Any], now: datetime) -> bool:
    if row["paused_at"] is not None or now - moment(row["acted_at"]) < IDLE_LOCK:
        return False
    return tickets.at_counter(query, centre.code, row["counter"]) is None


def _hand_over(
    centre: Centre, query: Query, row: Mapping[str, Any], now: datetime, *, by: str
) -> None:
    """Ends the session of a clerk who is gone; no ticket moves."""
    counters.end_session(query, centre.code, row["token_hash"], now)
    clerk, counter = row["clerk"], row["counter"]
    _note(centre, query, "counter.closed", clerk, actor=by, counter=counter)


def _note_failure(centre: Centre, row: Mapping[str, Any] | None) -> None:
    """An unknown login is not written down: it may be a PIN in the wrong field."""
    with centre.database.write() as query:
        _note(centre, query, "clerk.refused", row["login"] if row else None, actor="web")


def _fits(row: Mapping[str, Any] | None, pin: str) -> bool:
    nobody = _nobody()
    try:
        _HASHER.verify(row["pin_hash"] if row else nobody, pin)
    except VerifyMismatchError:
        return False
    return row is not None and not row["disabled"]


@cache
def _nobody() -> str:
    """A hash that no PIN fits, so that an unknown login costs the same time."""
    return _HASHER.hash(secrets.token_hex(16))


def _hash_of(pin: str) -> str:
    """Refused: weak_pin."""
    if _PIN.fullmatch(pin) is None:
        raise Refused("weak_pin")
    return _HASHER.hash(pin)


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _clerk(row: Mapping[str, Any]) -> Clerk:
    return Clerk(row["login"], row["name"], bool(row["disabled"]))


def _note(
    centre: Centre,
    query: Query,
    kind: str,
    clerk: str | None,
    *,
    actor: str,
    counter: int | None = None,
    **details: object,
) -> None:
    events.append(
        query, centre.code, centre.clock(), kind,
        actor=actor, clerk=clerk, counter=counter, details=details,
    )  # fmt: skip
