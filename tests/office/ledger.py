"""A second reading of the event table: what must be true of every ticket, call by call.

``Ledger.read`` folds the new events one by one, in the order in which the store took them, and
fails at the first that breaks a promise; then it compares every ticket's row with its events. It
shares no code with the rules that it checks.
"""

from __future__ import annotations

import json
from collections import Counter as Tally
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from kiosk.calendar import stamp
from kiosk.tickets import SESSION_LIFE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kiosk.database import Query
    from kiosk.office.centre import Centre

FIRST_SECOND: Final = 10**9
"""Places from here on are moments, in seconds; those of events are never as late."""
HERE: Final = frozenset({"called", "serving"})
ENDED: Final = frozenset({"finished", "no_show", "cancelled", "expired"})

# Each kind of event: the states it may find a ticket in, and the one it leaves it in.
MOVES: Final[Mapping[str, tuple[frozenset[str], str]]] = {
    "ticket.called": (frozenset({"waiting", "parked", "no_show"}), "called"),
    "ticket.recalled": (frozenset({"called"}), "called"),
    "ticket.started": (frozenset({"called"}), "serving"),
    "ticket.finished": (HERE, "finished"),
    "ticket.went_on": (HERE, "waiting"),
    "ticket.no_show": (frozenset({"called"}), "no_show"),
    "ticket.missed": (frozenset({"called"}), "waiting"),
    "ticket.parked": (HERE, "parked"),
    "ticket.transferred": (HERE, "waiting"),
    "ticket.returned": (HERE | {"parked", "no_show"}, "waiting"),
    "ticket.released": (frozenset({"waiting"}), "waiting"),
    "ticket.cancelled": (frozenset({"waiting", "parked"}), "cancelled"),
    "ticket.expired": (frozenset({"waiting", "parked"}) | HERE, "expired"),
    "ticket.kept": (frozenset({"waiting", "parked"}), ""),
}
GIVEN: Final = frozenset({"manual", "resumed"})
"""The rules of calls that a clerk chose; they say so, and no order binds them."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What the events say of a ticket; ``place`` orders it.

    ``since`` is when its waiting began, as if it had waited without a break; ``left`` is when it
    was called away from the line, None while it waits; ``lined`` is when it last came into a line.
    ``sent`` is the counter for which it waits in its present service, ``behind`` are the services
    from which it came.
    """

    id: str
    number: str
    service: str
    kiosk: str
    priority: str
    state: str
    line: str
    place: int
    since: datetime
    day: str
    due: datetime | None
    journey: tuple[str, ...]
    lined: datetime
    left: datetime | None = None
    counter: int | None = None
    calls: int = 0
    misses: int = 0
    reason: str = ""
    version: int = 0
    sent: int | None = None
    behind: tuple[str, ...] = ()


@dataclass(slots=True)
class Ledger:
    centre: Centre
    tickets: dict[str, Entry] = field(default_factory=dict)
    seq: int = 0
    rules: Tally[str] = field(default_factory=Tally)
    _before: dict[int, Entry] = field(default_factory=dict)
    _shares: dict[int, Tally[str]] = field(default_factory=dict)
    _shares_before: dict[int, Tally[str]] = field(default_factory=dict)
    _numbers: set[tuple[str, str]] = field(default_factory=set)

    def read(self) -> list[Mapping[str, Any]]:
        """Folds and compares; the events that are new."""
        with self.centre.database.read() as query:
            new = query.all(
                "SELECT seq, at, kind, ticket, counter, clerk, details FROM event"
                " WHERE office = :office AND seq > :seq ORDER BY seq",
                office=self.centre.code,
                seq=self.seq,
            )
            rows = query.all("SELECT * FROM ticket WHERE office = :office", office=self.centre.code)
            papers = query.all(
                "SELECT ticket, kiosk FROM print_job WHERE office = :office AND copy = 0",
                office=self.centre.code,
            )
            self._check_clerks(query)
        by_id = {row["id"]: row for row in rows}
        days = {e["ticket"]: json.loads(e["details"])["day"]
                for e in reversed(new) if e["kind"] == "ticket.kept"}  # fmt: skip
        for event in new:
            self.seq += 1
            assert event["seq"] == self.seq, f"event {self.seq} is missing"
            at, details = datetime.fromisoformat(event["at"]), json.loads(event["details"])
            if event["kind"] == "ticket.issued":
                row = by_id[event["ticket"]]
                self._issued(event, at, details, days.get(row["id"], row["day"]), row["priority"])
            elif event["ticket"] and event["kind"].startswith("ticket."):
                self._moved(event, at, details)
            elif event["kind"] == "day.began":
                self._begun(details)
        self._compare(by_id)
        assert sorted((row["ticket"], row["kiosk"]) for row in papers) == sorted(
            (entry.id, entry.kiosk) for entry in self.tickets.values()
        ), "each ticket has one paper, at the kiosk that gave it"
        return new

    def _issued(
        self,
        event: Mapping[str, Any],
        at: datetime,
        details: Mapping[str, Any],
        day: str,
        priority: str,
    ) -> None:
        due = datetime.fromisoformat(details["due_at"]) if "due_at" in details else None
        in_time = due is not None and at <= due + self.centre.queue.grace
        known = (day, details["number"])
        assert known not in self._numbers, f"{known} was given twice"
        self._numbers.add(known)
        self.tickets[event["ticket"]] = Entry(
            id=event["ticket"],
            number=details["number"],
            service=details["service"],
            kiosk=details["kiosk"],
            priority=priority,
            state="waiting",
            line="@" if in_time else priority,
            place=int(due.timestamp()) if in_time and due else event["seq"],
            since=max(at, due) if in_time and due else at,
            day=day,
            due=due,
            journey=tuple(details.get("journey", ())),
            lined=at,
            version=event["seq"],
        )

    def _moved(self, event: Mapping[str, Any], at: datetime, details: Mapping[str, Any]) -> None:
        entry, kind, seq = self.tickets[event["ticket"]], event["kind"], event["seq"]
        if kind == "ticket.undone":
            undone = details["undone"]
            self.tickets[entry.id] = replace(self._before[undone], version=seq, day=entry.day)
            if undone in self._shares_before:
                self._shares[event["counter"]] = self._shares_before[undone]
            return
        sources, target = MOVES[kind]
        assert entry.state in sources, f"{kind} found {entry.number} {entry.state}"
        if kind == "ticket.called":
            self._check_turn(entry, event["counter"], at, details["why"], seq)
            waited = at - entry.lined if entry.state == "waiting" else timedelta()
            assert details["waited"] == max(0, round(waited.total_seconds())), entry.number
        self._before[seq] = entry
        after = replace(entry, state=target or entry.state, version=seq)
        self.tickets[entry.id] = self._changed(after, kind, event, at, details)

    def _changed(
        self,
        entry: Entry,
        kind: str,
        event: Mapping[str, Any],
        at: datetime,
        details: Mapping[str, Any],
    ) -> Entry:
        since = entry.since
        if entry.left is not None:
            since += max(at - max(entry.left, since), timedelta())
        kept = replace(
            entry, counter=entry.sent, calls=0, reason="", since=since, left=None, lined=at
        )
        kept = kept if kept.line in ("@", "+") else replace(kept, line=kept.priority)
        last = replace(kept, line=kept.priority, place=event["seq"], since=at)
        moved_on = kind in ("ticket.went_on", "ticket.transferred")
        if moved_on or self._before[event["seq"]].state in ("serving", "parked"):
            kept = _seen(kept, at)
        match kind:
            case "ticket.called":
                called = replace(entry, counter=event["counter"], calls=details["calls"])
                return replace(called, reason="", since=since, left=at)
            case "ticket.parked":
                return replace(entry, reason=details.get("reason", ""))
            case "ticket.recalled":
                return replace(entry, calls=details["calls"])
            case "ticket.no_show":
                return replace(entry, misses=details["misses"])
            case "ticket.missed":
                return replace(last, misses=details["misses"])
            case "ticket.went_on":
                assert details["to"] == entry.journey[0]
                gone = self._gone(kept, details["to"], entry.journey[1:])
                booked = "@" if gone.place >= FIRST_SECOND else gone.priority
                return replace(gone, line=booked) if gone.line == "+" else gone
            case "ticket.transferred":
                to, moved = details["to"], kept if details["kept_place"] else last
                if isinstance(to, int):
                    return replace(moved, counter=to, sent=to)
                journey = tuple(details.get("journey", entry.journey))
                self._check_journey(entry, to, journey)
                return self._gone(moved, to, journey)
            case "ticket.returned" if "after" in details:
                back = last if details["to"] == "end" else kept
                return replace(back, line="+") if details["to"] == "first" else back
            case "ticket.returned" if "early" in details:
                assert entry.line == "@"
                assert entry.left is not None
                assert entry.due
                assert entry.left < entry.due, f"{entry.number} was not called early"
                return replace(kept, reason="not_early")
            case "ticket.returned":
                return kept if details.get("kept_place", True) else last
            case "ticket.released":
                return replace(entry, counter=None, sent=None)
            case "ticket.kept":
                carried = (details["to"], entry.number)
                assert carried not in self._numbers, f"{carried} was given twice"
                self._numbers.add(carried)
                return replace(entry, day=details["to"], since=at, lined=at)
        return entry

    def _gone(self, entry: Entry, service: str, journey: tuple[str, ...]) -> Entry:
        behind = (*entry.behind, entry.service)
        return replace(
            entry, service=service, journey=journey, behind=behind, counter=None, sent=None
        )

    def _check_journey(self, entry: Entry, to: str, journey: tuple[str, ...]) -> None:
        """Whether who is sent to a service has all steps that it leads to, and none twice."""
        left = Tally(entry.journey) - Tally([to] if to != entry.service else [])
        known = {to, entry.service, *entry.behind, *left}
        more: set[str] = set()
        found = {to} if to != entry.service else set()
        while found:
            found = {then for code in found for then in self.centre.services[code].then}
            found -= known | more
            more |= found
        assert Tally(journey) == left + Tally(more), f"{entry.number} to {to}: {journey}"

    def _begun(self, details: Mapping[str, Any]) -> None:
        self._shares.clear()
        for entry in self.tickets.values():
            left = entry.day < details["day"] and entry.state in ("waiting", "parked")
            assert not left, f"{entry.number} of {entry.day} was forgotten at night"

    def _compare(self, rows: Mapping[str, Mapping[str, Any]]) -> None:
        assert rows.keys() == self.tickets.keys(), "a ticket without its event, or the reverse"
        here: Tally[int] = Tally()
        for entry in self.tickets.values():
            row = rows[entry.id]
            told = {
                "number": entry.number,
                "service": entry.service,
                "state": entry.state,
                "line": entry.line,
                "place": entry.place,
                "day": entry.day,
                "counter": entry.counter,
                "calls": entry.calls,
                "misses": entry.misses,
                "reason": entry.reason,
                "journey": " ".join(entry.journey),
                "version": entry.version,
            }
            differ = {name: (row[name], told[name]) for name in told if row[name] != told[name]}
            assert not differ, f"{entry.number}: the row and the events differ: {differ}"
            assert datetime.fromisoformat(row["waits_since"]) == entry.since, entry.number
            assert (row["ended_at"] is not None) == (entry.state in ENDED), entry.number
            if entry.state in HERE:
                assert entry.counter is not None
                here[entry.counter] += 1
        assert all(count == 1 for count in here.values()), f"two at one counter: {here}"

    def _check_clerks(self, query: Query) -> None:
        taken = Tally(
            row["counter"]
            for row in query.all(
                "SELECT counter FROM staff_session WHERE office = :office AND ended_at IS NULL"
                " AND created_at > :after",
                office=self.centre.code,
                after=stamp(self.centre.clock() - SESSION_LIFE),
            )
        )
        assert all(count == 1 for count in taken.values()), f"two clerks at one counter: {taken}"

    def _check_turn(
        self, called: Entry, number: int, at: datetime, why: Mapping[str, Any], seq: int
    ) -> None:
        """Whether nobody else's turn came before, by the office's rules as they are written."""
        rule = why["rule"]
        self.rules[rule] += 1
        if rule in GIVEN:
            assert rule == "resumed" or why["reason"]
            assert rule == "manual" or called.counter == number
            return
        assert called.state == "waiting", f"{called.number} was {called.state}, not waiting"
        taken = self.centre.counters[number].services
        waiting = [
            entry
            for entry in self.tickets.values()
            if entry.state == "waiting"
            and entry.day == called.day
            and (entry.counter == number or (entry.counter is None and entry.service in taken))
        ]
        assert called in waiting, f"counter {number} may not call {called.number}"
        line = [e for e in waiting if (e.service, e.line, e.counter)
                == (called.service, called.line, called.counter)]  # fmt: skip
        first = min(line, key=lambda entry: entry.place)
        assert called.place == first.place, f"{called.number} passed {first.number} in its own line"
        shares = self._shares.setdefault(number, Tally())
        self._shares_before[seq] = Tally(shares)
        rightful, expected = self._rightful(waiting, taken, number, at, shares)
        assert called in rightful, (
            f"counter {number} called {called.number} ({why}), not one of"
            f" {[entry.number for entry in rightful]} ({expected})"
        )
        assert rule == expected, f"{called.number} was called as {rule}, not as {expected}"
        for priority in self.centre.priorities.values():
            shares[priority.code] = 0 if called.line == priority.code else shares[priority.code] + 1

    def _rightful(
        self,
        waiting: list[Entry],
        taken: tuple[str, ...],
        number: int,
        at: datetime,
        shares: Tally[str],
    ) -> tuple[list[Entry], str]:
        """Those who may be called now, and by which rule."""
        ageing = self.centre.queue.ageing
        overdue = [entry.since for entry in waiting if ageing and at - entry.since > ageing]
        if overdue:
            return _heads_of(waiting, min(overdue)), "overdue"
        lines: dict[str, list[Entry]] = {}
        for entry in sorted(waiting, key=lambda entry: entry.place):
            lines.setdefault(entry.line, []).append(entry)
        if "+" in lines:
            return _firsts(lines["+"]), "returned"
        due = [entry for entry in lines.get("@", ()) if entry.due and entry.due <= at]
        if due:
            return _firsts(due), "appointment"
        order = self.centre.counters[number].order
        for code, priority in self.centre.priorities.items():
            if code in lines and priority.one_in == 1:
                return _of_services(lines[code], taken, order), "priority"
        shared = [code for code, each in self.centre.priorities.items() if each.one_in > 1]
        for code in shared:
            if code in lines and shares[code] >= self.centre.priorities[code].one_in - 1:
                return _of_services(lines[code], taken, order), "share"
        if "" in lines:
            return _of_services(lines[""], taken, order), order
        for code in shared:
            if code in lines:
                return _of_services(lines[code], taken, order), "share"
        booked: dict[str, list[Entry]] = {}
        for entry in lines["@"]:
            booked.setdefault(entry.service, []).append(entry)
        heads = [entry for line in booked.values() for entry in _firsts(line)]
        asked = [entry for entry in heads if entry.reason != "not_early"]
        return _firsts(sorted(asked, key=lambda entry: entry.place)), "early"


def _seen(entry: Entry, at: datetime) -> Entry:
    """Who was seen before the time of the appointment waits for it no more."""
    if entry.place <= at.timestamp():
        return entry
    return replace(entry, place=int(at.timestamp()), since=at, due=at)


def _heads_of(waiting: list[Entry], since: datetime) -> list[Entry]:
    """The first of each line in which somebody waits since that very moment."""
    lines: dict[tuple[object, ...], list[Entry]] = {}
    for entry in sorted(waiting, key=lambda entry: entry.place):
        lines.setdefault((entry.service, entry.line, entry.counter), []).append(entry)
    found = [line for line in lines.values() if any(entry.since == since for entry in line)]
    return [entry for line in found for entry in _firsts(line)]


def _firsts(line: list[Entry]) -> list[Entry]:
    """Several only when appointments are for the same second."""
    return [entry for entry in line if entry.place == line[0].place]


def _of_services(line: list[Entry], taken: tuple[str, ...], order: str) -> list[Entry]:
    """The first of a class by the counter's own order; by weight, the first of any service."""
    if order == "arrival":
        return line[:1]
    firsts: dict[str, Entry] = {}
    for entry in line:
        firsts.setdefault(entry.service, entry)
    if order == "weight":
        return list(firsts.values())
    return [
        min(firsts.values(), key=lambda e: taken.index(e.service) if e.service in taken else -1)
    ]
