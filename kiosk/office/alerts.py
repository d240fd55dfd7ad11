"""What the technician was told of the office's devices, and which process tells it.

It stands in the store, so that once means once over restarts, and whichever kiosk tells.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from kiosk.alerts import Key, Trouble
from kiosk.calendar import moment
from kiosk.office.webhooks import held, is_others
from kiosk.store import alerts, events, webhooks

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kiosk.alerts import News
    from kiosk.office.centre import Centre

TURN: Final = "(alerts)"
"""Under this name, which no webhook can have, stands in their table who tells the alerts."""


def hold(centre: Centre, process: str) -> bool:
    """Whether this process is to tell; takes the turn for it, or renews that. Another one may have
    it once the one that had it was not heard for ``webhooks.LEASE``."""
    now = centre.clock()
    with centre.database.read() as query:
        row = webhooks.of(query, centre.code, TURN)
    if is_others(row, process, now):
        return False
    if held(row, process, now):
        return True
    with centre.database.write() as query:
        if is_others(webhooks.of(query, centre.code, TURN), process, now):
            return False
        webhooks.take(query, centre.code, TURN, 0, process, now)
    return True


def leave(centre: Centre, process: str) -> None:
    """Gives the turn up, so that another process need not wait for it."""
    with centre.database.write() as query:
        webhooks.leave(query, centre.code, TURN, process)


def read_told(centre: Centre, road: str) -> dict[Key, Trouble]:
    """What was told by that road ("email", "webhook") and not taken back yet."""
    with centre.database.read() as query:
        rows = alerts.told(query, centre.code, road)
    return {
        (key := Key(row["kiosk"], row["device"])): Trouble(
            key, row["state"], row["reason"], moment(row["since"])
        )
        for row in rows
    }


def note(centre: Centre, road: str, news: News) -> None:
    """Keeps that all of it was told."""
    now = centre.clock()
    with centre.database.write() as query:
        for one in news.broke:
            alerts.put(
                query,
                centre.code,
                road,
                *one.key,
                state=one.state,
                reason=one.reason,
                since=one.since,
                now=now,
            )
        for one in news.well:
            alerts.delete(query, centre.code, road, *one.key)
        for one in (*news.broke, *_ended(news.well)):
            events.append(
                query,
                centre.code,
                now,
                "device.alerted",
                actor=f"kiosk:{centre.kiosk}",
                details={
                    "device": one.key.device,
                    "kiosk": one.key.kiosk,
                    "state": one.state,
                    "reason": one.reason,
                    "road": road,
                },
            )


def _ended(well: Iterable[Trouble]) -> Iterable[Trouble]:
    return (replace(one, state="ok", reason="") for one in well)
