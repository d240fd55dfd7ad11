"""All that an estimate reads, in one question: over a network each costs its way there."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from kiosk.calendar import stamp

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from kiosk.database import Query


@dataclass(slots=True)
class Found:
    """``desks`` are those of the counters at which somebody works: who is there, by service, and
    since when (a stamp). ``sent`` counts who waits for each counter with an earlier place,
    ``waiting`` all who wait, by service and class.
    """

    desks: list[tuple[int, str | None, str | None]] = field(default_factory=list)
    sent: dict[int, int] = field(default_factory=dict)
    waiting: dict[str, dict[str, int]] = field(default_factory=dict)


def find(
    query: Query,
    office: str,
    *,
    day: str,
    place: int,
    created_after: datetime,
    counters: Collection[int],
    lines: Collection[str],
) -> Found:
    """``lines`` are the services whose lines are counted."""
    sql, named = _asked(frozenset(counters), frozenset(lines))
    rows = query.tuples(
        sql,
        office=office,
        day=day,
        place=place,
        after=stamp(created_after),
        **named,
    )
    found = Found(waiting={code: {} for code in lines})
    for kind, n, service, told, sent in rows:
        if kind == "desk":
            found.desks.append((n, service, told))
        elif kind == "line":
            found.waiting[service][told] = n
        else:
            found.sent[n] = sent
    return found


@lru_cache(maxsize=256)
def _asked(counters: frozenset[int], lines: frozenset[str]) -> tuple[str, Mapping[str, object]]:
    """The question, and the facts in it that its lists name."""
    named: dict[str, object] = {}
    lists = []
    for name, wanted in (("counter", counters), ("line", lines)):
        facts = {f"{name}{n}": one for n, one in enumerate(wanted)}
        named |= facts
        lists.append(", ".join(f":{known}" for known in facts) or "NULL")
    named_counters, named_lines = lists
    sql = (
        "SELECT 'desk' AS kind, staff_session.counter AS n, ticket.service AS service,"
        " ticket.called_at AS told, 0 AS sent"
        " FROM staff_session"
        " LEFT JOIN ticket ON ticket.office = staff_session.office"
        " AND ticket.counter = staff_session.counter AND ticket.state IN ('called', 'serving')"
        " WHERE staff_session.office = :office AND staff_session.ended_at IS NULL"
        f" AND staff_session.counter IN ({named_counters})"
        " AND staff_session.paused_at IS NULL AND staff_session.created_at > :after"
        " AND NOT EXISTS (SELECT 1 FROM counter_order WHERE counter_order.office = :office"
        " AND counter_order.counter = staff_session.counter AND counter_order.day = :day"
        " AND counter_order.closed = 1)"
        " UNION ALL SELECT 'sent', counter, NULL, NULL, COUNT(*) FROM ticket"
        " WHERE office = :office AND day = :day AND state = 'waiting' AND counter IS NOT NULL"
        " AND place < :place GROUP BY counter"
        " UNION ALL SELECT 'line', waiting, service, line, 0 FROM waiting_line"
        f" WHERE office = :office AND day = :day AND service IN ({named_lines}) AND waiting > 0"
    )
    return sql, named
