"""What was told to the technician and stands, by road, in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kiosk.calendar import stamp

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from kiosk.database import Query


def told(query: Query, office: str, road: str) -> list[Mapping[str, Any]]:
    return query.all(
        "SELECT * FROM alert WHERE office = :office AND road = :road ORDER BY kiosk, device",
        office=office,
        road=road,
    )


def put(
    query: Query,
    office: str,
    road: str,
    kiosk: str,
    device: str,
    *,
    state: str,
    reason: str,
    since: datetime,
    now: datetime,
) -> None:
    query.run(
        "INSERT INTO alert (office, road, kiosk, device, state, reason, since, told_at)"
        " VALUES (:office, :road, :kiosk, :device, :state, :reason, :since, :now)"
        " ON CONFLICT (office, road, kiosk, device) DO UPDATE SET state = excluded.state,"
        " reason = excluded.reason, since = excluded.since, told_at = excluded.told_at",
        office=office,
        road=road,
        kiosk=kiosk,
        device=device,
        state=state,
        reason=reason,
        since=stamp(since),
        now=stamp(now),
    )


def delete(query: Query, office: str, road: str, kiosk: str, device: str) -> None:
    query.run(
        "DELETE FROM alert WHERE office = :office AND road = :road AND kiosk = :kiosk"
        " AND device = :device",
        office=office,
        road=road,
        kiosk=kiosk,
        device=device,
    )
