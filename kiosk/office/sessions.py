"""Who is signed in, at which counter, and whether the page is locked because nobody touched it."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from kiosk.calendar import moment
from kiosk.errors import Refused
from kiosk.office import days, identity
from kiosk.office.desk import Desk
from kiosk.office.identity import Clerk
from kiosk.rights import Right, StaffRole
from kiosk.store import counters, events, orders, staff, tickets
from kiosk.tickets import SESSION_LIFE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime
    from typing import Any

    from kiosk.database import Query
    from kiosk.office.centre import Centre

SESSION_KEPT: Final = timedelta(days=7)
CLOCK_STEP: Final = timedelta(minutes=1)
"""How far a clock may be set back before pages are locked. The services that keep clocks right
correct seconds; who sets a clock by hand, minutes or hours."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who works here, at a counter or at none; ``token`` is the cookie's value and stands nowhere
    in the store. While it is ``locked`` only the PIN helps: ``resume``."""

    token: str
    csrf_token: str
    clerk: Clerk
    counter: int | None
    locked: bool = False

    def may(self, right: Right) -> bool:
        return self.clerk.may(right)


def sign_in(centre: Centre, login: str, pin: str, counter: int | None = None) -> SignedIn:
    """As ``admit``, for whoever gives the PIN or password. Refused too: wrong_pin (also for an
    unknown or disabled login, after the same work). How often it may be tried is up to whoever
    asks.
    """
    if counter is not None:
        centre.counter(counter)
    return admit(centre, identity.proven(centre, login, pin), counter)


def admit(centre: Centre, clerk: Clerk, counter: int | None = None) -> SignedIn:
    """Opens the counter for the clerk, who leaves any other counter; whose post has other work
    needs none.

    A counter is the clerk's who works there until the session ends, or is idle: nobody is called
    or served there, it does not pause, and no key was pressed for ``Centre.lock_after``.
    Refused: unknown_counter, counter_needed, no_counter_for (role), counter_closed (by a
    supervisor, for the day), counter_taken (clerk).
    """
    if counter is not None:
        centre.counter(counter)
    login, now = clerk.login, centre.clock()
    if counter is None and clerk.role is StaffRole.CLERK:
        raise Refused("counter_needed")
    if counter is not None and not clerk.may(Right.COUNTER):
        raise Refused("no_counter_for", role=clerk.role.value)
    token, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    with centre.database.write() as query:
        day = days.begin(centre, query, now)
        if counter is not None and orders.of_counter(query, centre.code, day, counter)[0]:
            raise Refused("counter_closed", counter=counter)
        for live in staff.live_sessions(query, centre.code, now - SESSION_KEPT):
            mine = live["clerk"] == login
            at_ours = counter is not None and live["counter"] == counter
            if moment(live["created_at"]) <= now - SESSION_LIFE:
                # Ended for good: a clock that is set back must not bring it to life again.
                if mine or at_ours:
                    staff.end_session(query, centre.code, live["token_hash"], now)
                    if live["counter"] is not None:
                        days.clear(centre, query, live["counter"], day, now)
            elif not mine and at_ours:
                if not _is_idle(centre, query, live, now):
                    raise Refused("counter_taken", clerk=live["name"])
                _hand_over(centre, query, live, now, by=f"clerk:{login}")
            elif mine:
                _leave(centre, query, live, now, keep=at_ours)
        counters.forget_old(query, centre.code, day, now - SESSION_KEPT)
        staff.insert_session(query, centre.code, hashed(token), login, counter, csrf, now)
        kind = "clerk.signed_in" if counter is None else "counter.opened"
        _note(centre, query, kind, login, actor=f"clerk:{login}", counter=counter)
    return SignedIn(token, csrf, clerk, counter)


def session(centre: Centre, token: str) -> SignedIn | None:
    """Who bears this token, while the session lives."""
    now = centre.clock()
    with centre.database.read() as query:
        row = staff.live_session(query, centre.code, hashed(token), now - SESSION_LIFE)
    return _signed_in(centre, token, row, now) if row is not None else None


def counter_left_out(centre: Centre, token: str) -> int | None:
    """The counter of a session that ended because kiosk.toml has that counter no longer."""
    with centre.database.read() as query:
        since = centre.clock() - SESSION_LIFE
        row = staff.live_session(query, centre.code, hashed(token), since)
    number = row["counter"] if row else None
    return None if number in centre.counters else number


def live(centre: Centre, tokens: Iterable[str]) -> dict[str, SignedIn]:
    """The same of many tokens at once; those that are worth nothing are left out."""
    now = centre.clock()
    with centre.database.read() as query:
        rows = {
            row["token_hash"]: row
            for row in staff.live_sessions(query, centre.code, now - SESSION_LIFE)
            if not row["disabled"]
        }
    found = {}
    for token in tokens:
        row = rows.get(hashed(token))
        known = _signed_in(centre, token, row, now) if row is not None else None
        if known is not None:
            found[token] = known
    return found


def _signed_in(
    centre: Centre, token: str, row: Mapping[str, Any], now: datetime
) -> SignedIn | None:
    """None where kiosk.toml has the counter no longer."""
    if row["counter"] is not None and row["counter"] not in centre.counters:
        return None
    clerk = Clerk(row["clerk"], row["name"], StaffRole(row["role"]), disabled=False)
    return SignedIn(token, row["csrf"], clerk, row["counter"], _is_left(centre, row, now))


def _is_left(centre: Centre, row: Mapping[str, Any], now: datetime) -> bool:
    """Whether nobody has touched the page for ``Centre.lock_after``, or nobody can tell: the last
    touch lies ahead, so the clock was set back since."""
    return not -CLOCK_STEP <= now - moment(row["acted_at"]) < centre.lock_after


def resume(centre: Centre, token: str, pin: str) -> SignedIn:
    """Unlocks the session for the clerk whose it is. Refused: not_signed_in, wrong_pin."""
    signed_in = session(centre, token)
    if signed_in is None:
        raise Refused("not_signed_in")
    identity.proven(centre, signed_in.clerk.login, pin)
    now = centre.clock()
    with centre.database.write() as query:
        _live(centre, query, token, now)
        staff.touch(query, centre.code, hashed(token), now)
        if signed_in.locked:
            login = signed_in.clerk.login
            _note(centre, query, "clerk.unlocked", login, actor=f"clerk:{login}",
                  counter=signed_in.counter)  # fmt: skip
    return SignedIn(token, signed_in.csrf_token, signed_in.clerk, signed_in.counter)


def stay(centre: Centre, token: str) -> None:
    """Somebody is at work on the page: it is not locked yet. Refused: not_signed_in, locked."""
    signed_in = session(centre, token)
    if signed_in is None:
        raise Refused("not_signed_in")
    if signed_in.locked:
        raise Refused("locked")
    with centre.database.write() as query:
        staff.touch(query, centre.code, hashed(token), centre.clock())


def sign_out(centre: Centre, token: str) -> None:
    """Closes the counter; who was called there is kept for whoever opens it. Safe to repeat."""
    now = centre.clock()
    with centre.database.write() as query:
        row = staff.live_session(query, centre.code, hashed(token), now - SESSION_LIFE)
        if row is not None:
            _leave(centre, query, row, now)


def sign_out_at(centre: Centre, counter: int, *, clerk: str) -> None:
    """The same by a key at the counter itself. Refused: not_signed_in."""
    with centre.database.write() as query:
        _leave(centre, query, _at(centre, query, counter, clerk), centre.clock())


def end_all(
    centre: Centre, query: Query, login: str, *, closing: bool = False, by: str = "operator"
) -> None:
    """Ends the sessions of a clerk, by somebody else's hand, inside a transaction.

    No ticket moves unless it is ``closing``, as if the clerk had signed out.
    """
    now = centre.clock()
    days.begin(centre, query, now)
    for row in staff.live_sessions(query, centre.code, now - SESSION_LIFE):
        if row["clerk"] == login and closing:
            _leave(centre, query, row, now)
        elif row["clerk"] == login:
            _hand_over(centre, query, row, now, by=by)


def pause(centre: Centre, token: str, reason: str) -> None:
    """Stops calling to the counter for a while; the reason stands in the events.

    Refused: not_signed_in, reason_needed, unknown_reason, somebody_here.
    """
    with centre.database.write() as query:
        _pause(centre, query, _live(centre, query, token, centre.clock()), reason)


def pause_at(centre: Centre, counter: int, reason: str, *, clerk: str) -> None:
    """The same by a key at the counter itself."""
    with centre.database.write() as query:
        _pause(centre, query, _at(centre, query, counter, clerk), reason)


def go_on(centre: Centre, token: str) -> None:
    """Ends the pause; safe to repeat. Refused: not_signed_in."""
    with centre.database.write() as query:
        _go_on(centre, query, _live(centre, query, token, centre.clock()))


def go_on_at(centre: Centre, counter: int, *, clerk: str) -> None:
    """The same by a key at the counter itself."""
    with centre.database.write() as query:
        _go_on(centre, query, _at(centre, query, counter, clerk))


def hashed(token: str) -> str:
    """As a secret of 256 random bits stands in the store."""
    return hashlib.sha256(token.encode()).hexdigest()


def _live(centre: Centre, query: Query, token: str, now: datetime) -> Mapping[str, Any]:
    row = staff.live_session(query, centre.code, hashed(token), now - SESSION_LIFE)
    if row is None:
        raise Refused("not_signed_in")
    return row


def _at(centre: Centre, query: Query, counter: int, clerk: str) -> Mapping[str, Any]:
    for row in staff.live_sessions(query, centre.code, centre.clock() - SESSION_LIFE):
        if (row["counter"], row["clerk"]) == (counter, clerk):
            return row
    raise Refused("not_signed_in")


def _pause(centre: Centre, query: Query, row: Mapping[str, Any], reason: str) -> None:
    centre.check_reason("pause", reason)
    if row["paused_at"] is not None:
        return
    if tickets.at_counter(query, centre.code, row["counter"]) is not None:
        raise Refused("somebody_here")
    now = centre.clock()
    staff.touch(query, centre.code, row["token_hash"], now)
    counters.set_pause(query, centre.code, row["token_hash"], now, reason)
    _note(centre, query, "counter.paused", row["clerk"], actor=f"clerk:{row['clerk']}",
          counter=row["counter"], reason=reason)  # fmt: skip


def _go_on(centre: Centre, query: Query, row: Mapping[str, Any]) -> None:
    if row["paused_at"] is None:
        return
    staff.touch(query, centre.code, row["token_hash"], centre.clock())
    counters.set_pause(query, centre.code, row["token_hash"], None, "")
    clerk, counter = row["clerk"], row["counter"]
    _note(centre, query, "counter.continued", clerk, actor=f"clerk:{clerk}", counter=counter)


def _leave(
    centre: Centre, query: Query, row: Mapping[str, Any], now: datetime, *, keep: bool = False
) -> None:
    """Ends a session and, unless the same clerk stays, closes its counter."""
    # While the counter is still open: whoever is there stays when a day begins.
    day = days.begin(centre, query, now)
    staff.end_session(query, centre.code, row["token_hash"], now)
    if keep:
        return
    clerk, counter = row["clerk"], row["counter"]
    if counter in centre.counters:
        Desk(centre, query, centre.counter(counter), clerk, now, day).leave()
    _note_end(centre, query, row, by=f"clerk:{clerk}")


def _is_idle(centre: Centre, query: Query, row: Mapping[str, Any], now: datetime) -> bool:
    if row["paused_at"] is not None or not _is_left(centre, row, now):
        return False
    return tickets.at_counter(query, centre.code, row["counter"]) is None


def _hand_over(
    centre: Centre, query: Query, row: Mapping[str, Any], now: datetime, *, by: str
) -> None:
    """Ends the session of a clerk who is gone; no ticket moves."""
    staff.end_session(query, centre.code, row["token_hash"], now)
    _note_end(centre, query, row, by=by)


def _note_end(centre: Centre, query: Query, row: Mapping[str, Any], *, by: str) -> None:
    kind = "clerk.signed_out" if row["counter"] is None else "counter.closed"
    _note(centre, query, kind, row["clerk"], actor=by, counter=row["counter"])


def _note(
    centre: Centre,
    query: Query,
    kind: str,
    clerk: str,
    *,
    actor: str,
    counter: int | None = None,
    **details: object,
) -> None:
    events.append(
        query, centre.code, centre.clock(), kind,
        actor=actor, clerk=clerk, counter=counter, details=details,
    )  # fmt: skip
