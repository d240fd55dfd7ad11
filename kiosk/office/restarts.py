"""That a process of this kiosk had to be started again: a device for an hour, and in the trail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kiosk.store import events, jobs

if TYPE_CHECKING:
    from kiosk.office.centre import Centre

DEVICE: Final = "process_"
"""What stands before a process's name where it is a device: "process_web"."""
OFTEN_REASON: Final = "process_often"
CALM_SECONDS: Final = 3600.0
"""For so long after a restart staff are told of it."""
OFTEN: Final = 3
"""So many restarts of one process in one day are not chance any more."""


def reason_of(why: str, times: int) -> str:
    """``why`` is "hung" or "died", ``times`` how often it was started again today."""
    if times >= OFTEN:
        return OFTEN_REASON
    return "process_hung" if why == "hung" else "process_died"


def state_of(reason: str) -> str:
    """What happens often is told beyond the hall at the level that is shipped."""
    return "fault" if reason == OFTEN_REASON else "warning"


def note(centre: Centre, device: str, reason: str, times: int) -> None:
    """Notes one restart: since now, and as an event with how often it was today."""
    now = centre.clock()
    with centre.database.write() as query:
        state = state_of(reason)
        jobs.set_device(query, centre.code, centre.kiosk, device, state, reason, now, now)
        events.append(
            query,
            centre.code,
            now,
            "process.restarted",
            actor=f"kiosk:{centre.kiosk}",
            details={"device": device, "reason": reason, "times": times},
        )
