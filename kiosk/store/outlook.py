"""All that an estimate reads, in one question: over a network each costs its way there."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from kiosk.calendar import stamp
from kiosk.store.figures import ANY_HOUR
from kiosk.waits import Pace

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from kiosk.database import Query


@dataclass(frozen=True, slots=True)
class Found:
    """``desks`` are those of the counters at which somebody works: who is there, by service, and
    since when (a stamp). ``sent`` counts who waits for each counter with an earlier place,
    ``waiting`` all who wait, by service and class; the paces are those at any hour and at this one.
    """

    desks: list[tuple[int, str | None, str | None]] = field(default_factory=list)
    sent: dict[int, int] = field(default_factory=dict)
    waiting: dict[str, dict[str, int]] = field(default_factory=dict)
    any_hour: dict[str, Pace] = field(default_factory=dict)
    this_hour: dict[str, Pace] = field(default_factory=dict)


def find(
    query: Query,
    office: str,
    *,
    day: str,
    place: int,
    hour: int,
    created_after: datetime,
    counters: Collection[int],
    lines: Collection[str],
    paces: Collection[str],
) -> Found:
    """``lines`` are the services whose lines are counted, ``paces`` those whose pace is read."""
    rows = query.all(
        _asked(len(counters), len(lines), len(paces)),
        office=office,
        day=day,
        place=place,
        hour=hour,
        after=stamp(created_after),
        **{f"counter{n}": number for n, number in enumerate(counters)},
        **{f"line{n}": code for n, code in enumerate(lines)},
        **{f"pace{n}": code for n, code in enumerate(paces)},
    )
    found = Found(waiting={code: {} for code in lines})
    for row in rows:
        _sort_in(found, row)
    return found


def _sort_in(found: Found, row: Mapping[str, Any]) -> None:
    kind, service, n = row["kind"], row["service"], row["n"]
    match kind:
        case "desk":
            found.desks.append((n, service, row["told"]))
        case "sent":
            found.sent[n] = row["a"]
        case "line":
            found.waiting[service][row["told"]] = n
        case _:
            paces = found.any_hour if n == ANY_HOUR else found.this_hour
            paces[service] = Pace(row["a"], row["b"], row["c"])


@cache
def _asked(counters: int, lines: int, paces: int) -> str:
    named_counters, named_lines, named_paces = (
        ", ".join(f":{name}{n}" for n in range(count)) or "NULL"
        for name, count in (("counter", counters), ("line", lines), ("pace", paces))
    )
    return (
        "SELECT 'desk' AS kind, clerk_session.counter AS n, ticket.service AS service,"
        " ticket.called_at AS told, 0 AS a, 0 AS b, 0 AS c FROM clerk_session"
        " LEFT JOIN ticket ON ticket.office = clerk_session.office"
        " AND ticket.counter = clerk_session.counter AND ticket.state IN ('called', 'serving')"
        " WHERE clerk_session.office = :office AND clerk_session.ended_at IS NULL"
        f" AND clerk_session.counter IN ({named_counters})"
        " AND clerk_session.paused_at IS NULL AND clerk_session.created_at > :after"
        " UNION ALL SELECT 'sent', counter, NULL, NULL, COUNT(*), 0, 0 FROM ticket"
        " WHERE office = :office AND day = :day AND state = 'waiting' AND counter IS NOT NULL"
        " AND place < :place GROUP BY counter"
        " UNION ALL SELECT 'line', waiting, service, line, 0, 0, 0 FROM waiting_line"
        f" WHERE office = :office AND day = :day AND service IN ({named_lines}) AND waiting > 0"
        " UNION ALL SELECT 'pace', hour, service, NULL, n, mean, spread FROM pace"
        f" WHERE office = :office AND service IN ({named_paces}) AND hour IN (-1, :hour)"
    )
