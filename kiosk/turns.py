"""Whose turn it is, and why."""

from __future__ import annotations

from collections import Counter as Counts
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from kiosk.tickets import APPOINTMENT, NOT_EARLY, RETURNED, is_early

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime, timedelta

    from kiosk.tickets import Counter, Priority, Ticket

EARLY: Final = "@early"
"""Appointments that are not due yet, where those who wait are counted: behind everybody."""

BY_PLACE: Final = frozenset({RETURNED, APPOINTMENT, EARLY})
"""The classes that a counter calls by place alone, whatever the order of its services."""


@dataclass(frozen=True, slots=True)
class Rules:
    """``priorities`` best first; who has waited longer than ``ageing`` is passed by nobody."""

    priorities: tuple[Priority, ...] = ()
    ageing: timedelta | None = None
    # What follows from the classes; each number that is given asks for it.
    always: tuple[str, ...] = field(init=False, repr=False)
    shares: Mapping[str, int] = field(init=False, repr=False)
    lines: frozenset[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        always = tuple(one.code for one in self.priorities if one.one_in == 1)
        shares = {one.code: one.one_in for one in self.priorities if one.one_in > 1}
        lines = BY_PLACE.union(("",), always, shares)
        for name, value in (("always", always), ("shares", shares), ("lines", lines)):
            object.__setattr__(self, name, value)


@dataclass(frozen=True, slots=True)
class Memory:
    """What a counter remembers from call to call.

    ``since`` counts, for each class that has one call in n, the calls of others since its last
    one. ``passes`` and ``now`` are the stride schedule of services by weight (after Waldspurger
    and Weihl, 1995): the service with the least pass is next, and each call adds 1 / weight.
    """

    since: Mapping[str, int] = field(default_factory=dict)
    passes: Mapping[str, float] = field(default_factory=dict)
    now: float = 0.0


@dataclass(frozen=True, slots=True)
class Choice:
    """The ticket whose turn it is; ``why`` names the rule and its facts, for the event."""

    ticket: Ticket
    why: Mapping[str, object]


def choose(
    heads: Iterable[Ticket], counter: Counter, rules: Rules, memory: Memory, now: datetime
) -> Choice | None:
    """Whose turn it is at the counter, among the heads of the lines that it may call from.

    Beside them may stand who has waited longest behind a head that kept its place. In this order:
    the line of who has waited beyond the ageing limit; who comes back; whose appointment is
    due; the classes that are always first, as they stand in the file; a class whose one call in n
    has come; everybody; and when nobody else is there, the classes with a share and those whose
    appointment is still to come, but for who was called already and had not come yet.
    """
    waiting = tuple(heads)
    overdue = [ticket for ticket in waiting if is_overdue(ticket, rules, now)]
    if overdue:
        return _of_overdue(min(overdue, key=_waiting_longest), waiting, rules)
    by_line = _by_line(waiting, rules)
    if RETURNED in by_line:
        return Choice(_first(by_line[RETURNED]), {"rule": "returned"})
    due = [ticket for ticket in by_line.get(APPOINTMENT, ()) if not is_early(ticket, now)]
    if due:
        return Choice(_first(due), {"rule": "appointment"})
    always = [(one, "priority") for one in rules.priorities if one.one_in == 1]
    come = [
        (one, "share")
        for one in rules.priorities
        if one.one_in > 1 and memory.since.get(one.code, 0) >= one.one_in - 1
    ]
    for priority, rule in (*always, *come):
        if priority.code in by_line:
            ticket = _of_services(by_line[priority.code], counter, memory)
            return Choice(ticket, {"rule": rule, "class": priority.code, "one_in": priority.one_in})
    if "" in by_line:
        ticket = _of_services(by_line[""], counter, memory)
        return Choice(ticket, {"rule": counter.order})
    for priority in rules.priorities:
        if priority.code in by_line:
            ticket = _of_services(by_line[priority.code], counter, memory)
            why = {"rule": "share", "class": priority.code, "one_in": priority.one_in}
            return Choice(ticket, why)
    early = [ticket for ticket in by_line.get(APPOINTMENT, ()) if ticket.reason != NOT_EARLY]
    return Choice(_first(early), {"rule": "early"}) if early else None


def remember(
    memory: Memory, called: Ticket, heads: Iterable[Ticket], counter: Counter, rules: Rules
) -> Memory:
    """The counter's memory after it called this ticket while ``heads`` waited."""
    since = {
        code: 0 if called.line == code else min(memory.since.get(code, 0) + 1, 999)
        for code in rules.shares
    }
    if counter.order != "weight" or called.service not in counter.services:
        return Memory(since, memory.passes, memory.now)
    at = max(memory.passes.get(called.service, 0.0), memory.now)
    weight = _weight(counter, called.service)
    waiting = {ticket.service for ticket in heads}
    passes = {
        service: gone for service, gone in memory.passes.items() if service in waiting and gone > at
    }
    return Memory(since, {**passes, called.service: at + 1 / weight}, at)


def in_order(
    waiting: Iterable[Ticket],
    counter: Counter,
    rules: Rules,
    memory: Memory,
    now: datetime,
    limit: int,
) -> tuple[Ticket, ...]:
    """The first ``limit`` of those who wait, as this counter would call them if nobody else did;
    behind them whom it would not call now."""
    lines: dict[tuple[str, str, int | None], list[tuple[Ticket, ...]]] = {}
    everybody = tuple(waiting)
    if not any(is_overdue(ticket, rules, now) for ticket in everybody):
        rules = replace(rules, ageing=None)
    for ticket in sorted(everybody, key=lambda ticket: ticket.place, reverse=True):
        line = lines.setdefault(_line(ticket), [])
        longest = min(ticket, line[-1][-1], key=_waiting_longest) if line else ticket
        line.append((ticket,) if longest is ticket else (ticket, longest))
    called: list[Ticket] = []
    while len(called) < limit:
        heads = [ticket for line in lines.values() if line for ticket in line[-1]]
        choice = choose(heads, counter, rules, memory, now)
        if choice is None:
            break
        ticket = choice.ticket
        lines[_line(ticket)].pop()
        memory = remember(memory, ticket, heads, counter, rules)
        called.append(ticket)
    later = sorted((ticket for line in lines.values() for ticket, *_ in line), key=_place)
    return (*called, *later[: limit - len(called)])


def is_overdue(ticket: Ticket, rules: Rules, now: datetime) -> bool:
    """Whether it has waited beyond the ageing limit; an appointment waits from when it is due."""
    since = ticket.waits_since or ticket.issued_at
    return rules.ageing is not None and now - since > rules.ageing


def class_of(ticket: Ticket, now: datetime) -> str:
    """The class that counts for a waiting ticket now: an appointment is EARLY until it is due."""
    return EARLY if is_early(ticket, now) else ticket.line


def ahead(
    line: str,
    earlier: Mapping[str, int],
    waiting: Mapping[str, int],
    rules: Rules,
    overdue: Mapping[str, int] | None = None,
    *,
    late: bool = False,
) -> int:
    """How many are called before a ticket of the class ``line``.

    For one that is overdue itself (``late``) ``overdue`` counts those who have waited longer.
    ``earlier`` counts, for each class, those with an earlier place, ``waiting`` all who wait,
    ``overdue`` those of them whom nobody passes any more. Of a class with one call in n, those
    count whose share comes before the ticket's turn; of the EARLY, who are called only when nobody
    else waits, none but for one of their own.
    """
    if not waiting.keys() - {line}:
        return earlier.get(line, 0)
    mine, earlier, waiting = _known(line, rules), _folded(earlier, rules), _folded(waiting, rules)
    aged = _folded(overdue or {}, rules)
    if late:
        return earlier.get(mine, 0) + sum(n for code, n in aged.items() if code != mine)
    if mine == EARLY:
        others = sum(n for code, n in waiting.items() if code != EARLY)
        return others + earlier.get(EARLY, 0)
    shares, better = rules.shares, (RETURNED, APPOINTMENT, *rules.always)
    if mine in better:
        better = better[: better.index(mine)]
        later = sum(n for code, n in aged.items() if code not in (mine, *better))
        return earlier.get(mine, 0) + later + sum(waiting.get(code, 0) for code in better)
    before = earlier.get(mine, 0) + sum(waiting.get(code, 0) for code in better)
    if mine in shares:
        others = min(waiting.get("", 0), earlier.get(mine, 0) * (shares[mine] - 1))
        return before + max(others, sum(aged.get(code, 0) for code in {"", *shares} - {mine}))
    turns_of_mine = earlier.get("", 0) + 1
    return before + sum(
        max(aged.get(code, 0), min(waiting.get(code, 0), -(-turns_of_mine // (one_in - 1))))
        for code, one_in in shares.items()
    )


def ahead_among(ticket: Ticket, waiting: Iterable[Ticket], rules: Rules, now: datetime) -> int:
    """The same, of these who wait beside it."""
    earlier: Counts[str] = Counts()
    everybody: Counts[str] = Counts()
    overdue: Counts[str] = Counts()
    late = is_overdue(ticket, rules, now)
    for other in waiting:
        line = class_of(other, now)
        everybody[line] += 1
        earlier[line] += other.place < ticket.place
        longer = _waiting_longest(other) < _waiting_longest(ticket)
        overdue[line] += longer if late else is_overdue(other, rules, now)
    return ahead(class_of(ticket, now), earlier, everybody, rules, overdue, late=late)


def _known(line: str, rules: Rules) -> str:
    """The class itself; one that the configuration no longer has waits with everybody."""
    return line if line in rules.lines else ""


def _of_overdue(longest: Ticket, waiting: Iterable[Ticket], rules: Rules) -> Choice:
    """Who waits too long is passed by nobody but those before it in its own line."""
    head = _first(ticket for ticket in waiting if _line(ticket) == _line(longest))
    why: dict[str, object] = {"rule": "overdue"}
    if rules.ageing is not None:
        why["limit"] = round(rules.ageing.total_seconds())
    return Choice(head, why if head.id == longest.id else {**why, "behind": longest.number})


def _line(ticket: Ticket) -> tuple[str, str, int | None]:
    return (ticket.service, ticket.line, ticket.counter)


def _by_line(waiting: Iterable[Ticket], rules: Rules) -> dict[str, list[Ticket]]:
    lines: dict[str, list[Ticket]] = {}
    for ticket in waiting:
        lines.setdefault(_known(ticket.line, rules), []).append(ticket)
    return lines


def _folded(counts: Mapping[str, int], rules: Rules) -> Mapping[str, int]:
    if rules.lines.issuperset(counts):
        return counts
    folded: dict[str, int] = {}
    for line, n in counts.items():
        folded[_known(line, rules)] = folded.get(_known(line, rules), 0) + n
    return folded


def _first(line: Iterable[Ticket]) -> Ticket:
    return min(line, key=_place)


def _place(ticket: Ticket) -> int:
    return ticket.place


def _waiting_longest(ticket: Ticket) -> tuple[datetime, int]:
    return (ticket.waits_since or ticket.issued_at, ticket.place)


def _of_services(line: Iterable[Ticket], counter: Counter, memory: Memory) -> Ticket:
    """Which of the counter's services is next, and the first who waits for it."""
    listed = {service: n for n, service in enumerate(counter.services)}

    def key(ticket: Ticket) -> tuple[float, int, int]:
        place = listed.get(ticket.service, -1)
        if counter.order == "arrival":
            return (0.0, ticket.place, place)
        if counter.order == "listed":
            return (0.0, place, ticket.place)
        return (max(memory.passes.get(ticket.service, 0.0), memory.now), place, ticket.place)

    return min(line, key=key)


def _weight(counter: Counter, service: str) -> int:
    return dict(zip(counter.services, counter.weights, strict=False)).get(service, 1)
