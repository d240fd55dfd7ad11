"""Whose turn it is, and how long the wait will be."""

from __future__ import annotations

from statistics import quantiles
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kiosk.tickets import Ticket

ENOUGH_SERVED: Final = 5
"""Fewer past visits than this make no honest estimate."""


def rank(priority: str | None, priorities: Sequence[str]) -> int:
    """The order of a priority class: configured ones first, as they stand in the file."""
    return priorities.index(priority) if priority in priorities else len(priorities)


def better_classes(priority: str | None, priorities: Sequence[str]) -> tuple[str, ...]:
    """The classes that are called before this one."""
    return tuple(priorities[: rank(priority, priorities)])


def next_of(heads: Iterable[Ticket], priorities: Sequence[str]) -> Ticket | None:
    """Who is called next among the heads of the lines: the best class, then the earliest place."""
    return min(
        heads, key=lambda ticket: (rank(ticket.priority, priorities), ticket.place), default=None
    )


def in_order(waiting: Iterable[Ticket], priorities: Sequence[str]) -> tuple[Ticket, ...]:
    return tuple(sorted(waiting, key=lambda t: (rank(t.priority, priorities), t.place)))


def estimate(
    ahead: int, open_counters: int, served_seconds: Sequence[float]
) -> tuple[int, int] | None:
    """The wait as a range in seconds, from how long recent people took at these counters.

    None when nobody works on the service now or too few have been served to say.
    """
    if not open_counters or len(served_seconds) < ENOUGH_SERVED:
        return None
    low, _, high = quantiles(served_seconds, n=4)
    return round(max(low, 0) * ahead / open_counters), round(high * (ahead + 1) / open_counters)
