"""What each device of this kiosk says of itself."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from kiosk import disks
from kiosk.calendar import moment
from kiosk.disks import judged, look
from kiosk.office import days, rolls
from kiosk.store import events, jobs, tickets

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from kiosk.database import Query
    from kiosk.office.centre import Centre

HEARTBEAT: Final = timedelta(seconds=5)
CLOCK_TOLERANCE: Final = timedelta(minutes=2)
"""How far a machine's clock may be from the store's before the technician is told."""
CLOCK_BACK: Final = "clock_back"

STORE: Final = "store"
CLOCK: Final = "clock"
FEED: Final = "feed"
IMPLIED: Final = frozenset({STORE, CLOCK, *disks.ALL})
"""What every machine has: that it is well from the start is no event."""
ALL_WELL: Final = ("ok", "")


def report(centre: Centre, name: str, state: str, reason: str = "") -> None:
    """Notes a device's state ("ok", "warning" or "fault") and the code of its reason.

    Call it as often as the device is looked at: it writes an event when something changed, and
    otherwise at most one sign of life every five seconds. So a new office day begins within
    seconds wherever a hall runs, also when nobody touches anything.
    """
    report_all(centre, {name: (state, reason)})


def report_all(centre: Centre, said: Mapping[str, tuple[str, str]]) -> None:
    """The same for several devices, by name: all that is to be written is one transaction."""
    now = centre.clock()
    with centre.database.read() as query:
        known = {
            row["name"]: row
            for row in jobs.devices(query, centre.code)
            if row["kiosk"] == centre.kiosk
        }
    due = {name: told for name, told in said.items() if _is_due(known.get(name), told, now)}
    if not due:
        return
    with centre.database.write() as query:
        days.begin(centre, query, now)
        for name, told in due.items():
            _write(centre, query, name, told, known.get(name), now)


def report_outage(centre: Centre, code: str, since: datetime) -> None:
    """Notes, once the store is back, that it was away for ``code``; the first process does that
    tells, for all of this kiosk."""
    now = centre.clock()
    with centre.database.read() as query:
        before = jobs.device(query, centre.code, centre.kiosk, STORE)
    if before is not None and moment(before["seen_at"]) > since:
        return
    with centre.database.write() as query:
        days.begin(centre, query, now)
        _write(centre, query, STORE, ("fault", code), before, now)
        _write(centre, query, STORE, ALL_WELL, {"state": "fault", "reason": code}, now)


def _is_due(before: Mapping[str, Any] | None, told: tuple[str, str], now: datetime) -> bool:
    if before is None or (before["state"], before["reason"]) != told:
        return True
    return abs(now - moment(before["seen_at"])) >= HEARTBEAT


def _write(
    centre: Centre,
    query: Query,
    name: str,
    told: tuple[str, str],
    before: Mapping[str, Any] | None,
    now: datetime,
) -> None:
    state, reason = told
    changed = before is None or (before["state"], before["reason"]) != told
    since = now if before is None or changed else moment(before["since"])
    jobs.set_device(query, centre.code, centre.kiosk, name, state, reason, since, now)
    if not changed:
        return
    if name == "printer":
        rolls.note(centre, query, state, reason, now)
    if before is None and name in IMPLIED and told == ALL_WELL:
        return
    events.append(
        query,
        centre.code,
        now,
        "device.changed",
        actor=f"kiosk:{centre.kiosk}",
        details={"device": name, "state": state, "reason": reason},
    )


def machine_states(centre: Centre) -> dict[str, tuple[str, str]]:
    """How the store, the clock and the disks of this machine are; it was asked of the store, so
    that is well. Raises as the store's ``read``."""
    found = {STORE: ALL_WELL, CLOCK: clock_state(centre)}
    return found | {name: judged(look(path), centre.disk_rules)
                    for name, path in centre.disks.items()}  # fmt: skip


def clock_differs(centre: Centre) -> bool:
    """Whether this machine's own clock, which no use case asks, is to be set right."""
    error = centre.database.clock_error()
    return error is not None and abs(error) > CLOCK_TOLERANCE


def clock_back(centre: Centre) -> bool:
    """Whether the clock that all go by, where it is this machine's own, stands before the latest
    ticket of the day that runs. Numbers go on all the same: a day does not go back (``days``)."""
    if centre.database.clock_error() is not None:
        return False
    now = centre.clock()
    with centre.database.read() as query:
        last = tickets.issued_last(query, centre.code, days.today(centre, query, now))
    return last is not None and now < last - CLOCK_TOLERANCE


def clock_state(centre: Centre) -> tuple[str, str]:
    """State and reason of this machine's clock: it differs from the store's, or it was set back."""
    if clock_differs(centre):
        return "warning", "clock_differs"
    return ("fault", CLOCK_BACK) if clock_back(centre) else ALL_WELL


def forget(centre: Centre, name: str) -> None:
    """Drops a device that this kiosk is no longer configured to have."""
    with centre.database.read() as query:
        if jobs.device(query, centre.code, centre.kiosk, name) is None:
            return
    with centre.database.write() as query:
        jobs.delete_device(query, centre.code, centre.kiosk, name)
        events.append(
            query,
            centre.code,
            centre.clock(),
            "device.removed",
            actor=f"kiosk:{centre.kiosk}",
            details={"device": name},
        )


def forget_boards(centre: Centre, windows: int) -> None:
    """Drops the windows of this kiosk's board beyond so many."""
    with centre.database.read() as query:
        known = [row["name"] for row in jobs.devices(query, centre.code)
                 if row["kiosk"] == centre.kiosk]  # fmt: skip
    for name in known:
        number = name.removeprefix("board ")
        if number.isdecimal() and int(number) > windows:
            forget(centre, name)


def forget_voices(centre: Centre) -> None:
    """Drops the languages without a voice of this kiosk ("speech km"): the touch window tries them
    anew whenever it opens."""
    with centre.database.read() as query:
        known = [row["name"] for row in jobs.devices(query, centre.code)
                 if row["kiosk"] == centre.kiosk]  # fmt: skip
    for name in known:
        if name.startswith("speech "):
            forget(centre, name)


def forget_keypads(centre: Centre, kept: frozenset[str] = frozenset()) -> None:
    """Drops the keypads of this kiosk and their lines, but for those that are ``kept`` by name."""
    with centre.database.read() as query:
        known = [row["name"] for row in jobs.devices(query, centre.code)
                 if row["kiosk"] == centre.kiosk]  # fmt: skip
    for name in known:
        if name.startswith("keypad") and name not in kept:
            forget(centre, name)
