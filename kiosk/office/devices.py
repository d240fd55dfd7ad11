"""What each device of this kiosk says of itself."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from kiosk.calendar import moment
from kiosk.office import days, rolls
from kiosk.store import events, jobs, tickets

if TYPE_CHECKING:
    from kiosk.office.centre import Centre

HEARTBEAT: Final = timedelta(seconds=5)
CLOCK_TOLERANCE: Final = timedelta(minutes=2)
"""How far a machine's clock may be from the store's before the technician is told."""
CLOCK_BACK: Final = "clock_back"


def report(centre: Centre, name: str, state: str, reason: str = "") -> None:
    """Notes a device's state ("ok", "warning" or "fault") and the code of its reason.

    Call it as often as the device is looked at: it writes an event when something changed, and
    otherwise at most one sign of life every five seconds. So a new office day begins within
    seconds wherever a hall runs, also when nobody touches anything.
    """
    now = centre.clock()
    with centre.database.read() as query:
        before = jobs.device(query, centre.code, centre.kiosk, name)
    changed = before is None or (before["state"], before["reason"]) != (state, reason)
    if before is not None and not changed and abs(now - moment(before["seen_at"])) < HEARTBEAT:
        return
    since = now if before is None or changed else moment(before["since"])
    with centre.database.write() as query:
        days.begin(centre, query, now)
        jobs.set_device(query, centre.code, centre.kiosk, name, state, reason, since, now)
        if changed:
            if name == "printer":
                rolls.note(centre, query, state, reason, now)
            events.append(
                query,
                centre.code,
                now,
                "device.changed",
                actor=f"kiosk:{centre.kiosk}",
                details={"device": name, "state": state, "reason": reason},
            )


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


def report_clock(centre: Centre) -> bool:
    """Notes the device "clock" as long as it is wrong, and says whether it is: it differs from the
    store's, or it was set back."""
    wrong = True
    if clock_differs(centre):
        report(centre, "clock", "warning", "clock_differs")
    elif clock_back(centre):
        report(centre, "clock", "fault", CLOCK_BACK)
    else:
        forget(centre, "clock")
        wrong = False
    return wrong


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
