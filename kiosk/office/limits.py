"""Why a service gives no number now: paused, outside its hours, or all its numbers are given."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from kiosk.calendar import is_open, next_opening, session_start
from kiosk.errors import Refused
from kiosk.store import numbering, orders
from kiosk.tickets import numbered

if TYPE_CHECKING:
    from kiosk.database import Query
    from kiosk.office.centre import Centre
    from kiosk.tickets import Series, Service


def refusal(
    centre: Centre,
    query: Query,
    service: Service,
    series: Series | None,
    day: str,
    now: datetime,
    paused: frozenset[str] | None = None,
) -> Refused | None:
    """What a touch would meet now; ``series`` is what the service has given on the office day, and
    ``paused`` the services that were paused for it, where they are known.

    service_paused (by a supervisor, for the day), closed_hours, session_limit_reached (limit),
    limit_reached (limit) and numbers_used_up (last); a supervisor may have lifted both limits for
    the day. Each comes with ``opens_at``: the local moment from which numbers are given again, None
    if unknown.
    """
    if service.code in (orders.paused(query, centre.code, day) if paused is None else paused):
        return Refused("service_paused", opens_at=None)
    used_up = _used_up(centre, service, series, day)
    limited = used_up is not None and used_up.code == "limit_reached"
    if limited and _lifted(centre, query, service, day):
        used_up = _range_used_up(centre, service, series, day)
    if not is_open(service.hours, now, centre.timezone, centre.calendar):
        opens_at = next_opening(service.hours, now, centre.timezone, centre.calendar)
        if used_up is not None and opens_at is not None:
            # A stretch that opens when all of the day's numbers are given opens for nobody.
            opens_at = max(opens_at, _opens_next_day(centre, service, day) or opens_at)
        return Refused("closed_hours", opens_at=opens_at)
    if used_up is not None:
        return used_up
    limit = service.session_limit
    full = limit is not None and _session_full(centre, query, service, limit, series, day, now)
    if full and not _lifted(centre, query, service, day):
        opens_at = next_opening(service.hours, now, centre.timezone, centre.calendar)
        return Refused("session_limit_reached", limit=limit, opens_at=opens_at)
    return None


def _used_up(centre: Centre, service: Service, series: Series | None, day: str) -> Refused | None:
    """What binds for the rest of the office day: its limit, or the last number of its range."""
    given = series.given if series else 0
    if service.daily_limit is not None and given >= service.daily_limit:
        opens_at = _opens_next_day(centre, service, day)
        return Refused("limit_reached", limit=service.daily_limit, opens_at=opens_at)
    return _range_used_up(centre, service, series, day)


def _range_used_up(
    centre: Centre, service: Service, series: Series | None, day: str
) -> Refused | None:
    n = series.last + 1 if series else service.first_number
    if service.last_number is not None and n > service.last_number:
        last = numbered(service.code, service.last_number)
        return Refused("numbers_used_up", last=last, opens_at=_opens_next_day(centre, service, day))
    return None


def _lifted(centre: Centre, query: Query, service: Service, day: str) -> bool:
    return service.code in orders.lifted(query, centre.code, day)


def _session_full(
    centre: Centre,
    query: Query,
    service: Service,
    limit: int,
    series: Series | None,
    day: str,
    now: datetime,
) -> bool:
    """Whether the number that lies ``limit`` back was given since the session began."""
    start = session_start(service.hours, now, centre.timezone, centre.calendar)
    if start is None or series is None or series.given < limit:
        return False
    issued = numbering.issued_at(query, centre.code, day, service.code, series.last - limit + 1)
    return issued is not None and issued >= start


def _opens_next_day(centre: Centre, service: Service, day: str) -> datetime | None:
    """When the service first gives numbers after the office day; None when it has no hours."""
    end = datetime.combine(
        date.fromisoformat(day) + timedelta(days=1), centre.queue.day_starts, centre.timezone
    )
    if service.hours and is_open(service.hours, end, centre.timezone, centre.calendar):
        return end
    return next_opening(service.hours, end, centre.timezone, centre.calendar)
