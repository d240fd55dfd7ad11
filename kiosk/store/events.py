"""The event table: change feed, audit trail and source of all statistics, chained by digest."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pydantic_core import to_json

from kiosk.calendar import moment, stamp

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime, timedelta

    from kiosk.database import Query

_PAGE: Final = 1000
_SHORT_PAGE: Final = 50
_BEYOND: Final = 1 << 62
"""More than any sequence."""
_COLUMNS: Final = ("at", "kind", "actor", "ticket", "counter", "clerk", "dossier", "details")


class End(NamedTuple):
    """The last sequence and its digest, in which all before it is contained."""

    seq: int
    digest: str


NOTHING: Final = End(0, "")
"""The end of an event table without events."""


def append(
    query: Query,
    office: str,
    at: datetime,
    kind: str,
    *,
    actor: str,
    ticket: str | None = None,
    counter: int | None = None,
    clerk: str | None = None,
    dossier: str | None = None,
    details: Mapping[str, object] | None = None,
    after: End | None = None,
) -> int:
    """Adds one event and returns its sequence: gapless per office, from 1.

    ``after`` is the end of the table, of whoever has read it in this transaction.
    """
    before = end(query, office) if after is None else after
    seq = before.seq + 1
    facts: dict[str, object] = {
        "at": stamp(at),
        "kind": kind,
        "actor": actor,
        "ticket": ticket,
        "counter": counter,
        "clerk": clerk,
        "dossier": dossier,
        "details": to_json(details or {}).decode(),
    }
    query.run(
        "INSERT INTO event (office, seq, at, kind, actor, ticket, counter, clerk, dossier,"
        " details, digest) VALUES (:office, :seq, :at, :kind, :actor, :ticket, :counter, :clerk,"
        " :dossier, :details, :digest)",
        office=office,
        seq=seq,
        digest=_digest(before.digest, office, seq, facts),
        **facts,
    )
    return seq


def lined_up(query: Query, office: str, ticket: str) -> datetime | None:
    """When the ticket last came to stand in a line; what was undone never happened."""
    rows = query.all(
        "SELECT seq, at, kind, details FROM event WHERE office = :office AND ticket = :ticket"
        " AND kind IN ('ticket.issued', 'ticket.kept', 'ticket.returned', 'ticket.transferred',"
        " 'ticket.went_on', 'ticket.missed', 'ticket.undone')",
        office=office,
        ticket=ticket,
    )
    undone = set()
    # In order here: asked for it, SQLite reads all events from the last one back.
    for row in sorted(rows, key=lambda row: -row["seq"]):
        if row["kind"] == "ticket.undone":
            undone.add(json.loads(row["details"])["undone"])
        elif row["seq"] not in undone:
            return moment(row["at"])
    return None


def last(query: Query, office: str) -> int:
    row = query.one(
        "SELECT seq FROM event WHERE office = :office ORDER BY seq DESC LIMIT 1", office=office
    )
    return int(row["seq"]) if row else 0


def since(query: Query, office: str, after: int, most: int) -> list[Mapping[str, Any]]:
    """The first events after that one, in order."""
    return query.all(
        "SELECT seq, at, kind, ticket, counter FROM event WHERE office = :office AND seq > :after"
        " ORDER BY seq LIMIT :most",
        office=office,
        after=after,
        most=most,
    )


def first_since(query: Query, office: str, at: datetime, after: int = 0) -> int:
    """The first event from that moment on among those after ``after``, or one beyond the last.

    Found by halving, since no sequence is missing: a table of years is not read for a day of it.
    """
    low, high = after + 1, last(query, office) + 1
    while low < high:
        middle = (low + high) // 2
        row = query.one(
            "SELECT at FROM event WHERE office = :office AND seq = :seq", office=office, seq=middle
        )
        if row is not None and moment(row["at"]) < at:
            low = middle + 1
        else:
            high = middle
    return low


def of_ticket(query: Query, office: str, ticket: str, until: int) -> list[Mapping[str, Any]]:
    """What happened to the ticket up to that event, in order."""
    rows = query.all(
        "SELECT seq, at, kind, details FROM event WHERE office = :office AND ticket = :ticket",
        office=office,
        ticket=ticket,
    )
    # In order here, as in lined_up.
    return sorted((row for row in rows if row["seq"] <= until), key=lambda row: int(row["seq"]))


def issued(query: Query, office: str, ticket: str) -> Mapping[str, Any]:
    """What was told when the ticket was given: its first service, journey and class."""
    row = query.one(
        "SELECT details FROM event WHERE office = :office AND ticket = :ticket"
        " AND kind = 'ticket.issued'",
        office=office,
        ticket=ticket,
    )
    return dict(json.loads(row["details"])) if row else {}


def issued_lately(query: Query, office: str, after: int) -> list[Mapping[str, Any]]:
    """The tickets given in events after that one, latest first: ticket and details."""
    return query.all(
        "SELECT ticket, details FROM event WHERE office = :office AND seq > :after"
        " AND kind = 'ticket.issued' ORDER BY seq DESC",
        office=office,
        after=after,
    )


def last_issue(query: Query, office: str, after: int, until: datetime) -> datetime | None:
    """When the latest ticket was given among the events after that one, by a clock that may have
    been set back since; none from ``until`` on."""
    row = query.one(
        "SELECT MAX(at) AS at FROM event WHERE office = :office AND seq > :after"
        " AND kind = 'ticket.issued' AND at < :until",
        office=office,
        after=after,
        until=stamp(until),
    )
    return moment(row["at"]) if row and row["at"] else None


def course(query: Query, office: str, ticket: str) -> list[tuple[str, Mapping[str, Any]]]:
    """How a ticket came to its service and counter: kind and details, without what was taken back.

    In order: where it went on, where it was sent, and when it was released from that counter.
    """
    rows = query.all(
        "SELECT seq, kind, details FROM event WHERE office = :office AND ticket = :ticket AND kind"
        " IN ('ticket.went_on', 'ticket.transferred', 'ticket.released', 'ticket.undone')",
        office=office,
        ticket=ticket,
    )
    rows = sorted(rows, key=lambda row: row["seq"])
    told = {row["seq"]: (row["kind"], json.loads(row["details"])) for row in rows}
    undone = {details["undone"] for kind, details in told.values() if kind == "ticket.undone"}
    return [move for seq, move in told.items() if seq not in undone and move[0] != "ticket.undone"]


def services_done(query: Query, office: str, ticket: str) -> int:
    """How many services of its journey a ticket has behind it."""
    return sum(kind == "ticket.went_on" for kind, _ in course(query, office, ticket))


def of_late(
    query: Query, office: str, kind: str, actor: str, since: datetime
) -> list[Mapping[str, Any]]:
    """The details of such events since then, among the last thousand of the office."""
    rows = query.all(
        "SELECT kind, actor, at, details FROM event WHERE office = :office"
        " ORDER BY seq DESC LIMIT :page",
        office=office,
        page=_PAGE,
    )
    known = (kind, actor)
    return [
        json.loads(row["details"])
        for row in rows
        if (row["kind"], row["actor"]) == known and moment(row["at"]) >= since
    ]


def finished_by(query: Query, office: str, ticket: str) -> str | None:
    """The clerk who ended the visit at last, or None."""
    rows = query.all(
        "SELECT seq, clerk FROM event WHERE office = :office AND ticket = :ticket"
        " AND kind = 'ticket.finished'",
        office=office,
        ticket=ticket,
    )
    return max(rows, key=lambda row: row["seq"])["clerk"] if rows else None


def latest(
    query: Query, office: str, now: datetime, within: timedelta
) -> Iterator[Mapping[str, Any]]:
    """The events of the last while, newest first; no older one behind the first of those is read.

    Each with seq, at, kind, ticket, counter, clerk and details.
    """
    first, last, before = stamp(now - within), stamp(now + within), _BEYOND
    while True:
        rows = query.all(
            "SELECT seq, at, kind, ticket, counter, clerk, details FROM event"
            " WHERE office = :office AND seq < :before ORDER BY seq DESC LIMIT :page",
            office=office,
            before=before,
            page=_SHORT_PAGE,
        )
        for row in rows:
            if not first <= row["at"] <= last:
                return
            yield row
        if len(rows) < _SHORT_PAGE:
            return
        before = rows[-1]["seq"]


def end(query: Query, office: str) -> End:
    row = query.one(
        "SELECT seq, digest FROM event WHERE office = :office ORDER BY seq DESC LIMIT 1",
        office=office,
    )
    return End(int(row["seq"]), row["digest"]) if row else NOTHING


def at(query: Query, office: str, seq: int) -> datetime | None:
    """When that event happened; None where there is none."""
    row = query.one(
        "SELECT at FROM event WHERE office = :office AND seq = :seq", office=office, seq=seq
    )
    return moment(row["at"]) if row else None


def latest_of(query: Query, office: str, kind: str) -> datetime | None:
    """When that last happened; reads the whole table."""
    row = query.one(
        "SELECT MAX(at) AS at FROM event WHERE office = :office AND kind = :kind",
        office=office,
        kind=kind,
    )
    return moment(row["at"]) if row and row["at"] else None


def digest_of(query: Query, office: str, seq: int) -> str:
    """The digest of that event; "" where there is none, as before the first one."""
    row = query.one(
        "SELECT digest FROM event WHERE office = :office AND seq = :seq", office=office, seq=seq
    )
    return str(row["digest"]) if row else NOTHING.digest


def search(
    query: Query,
    office: str,
    *,
    after: int,
    before: int,
    limit: int,
    group: str | None = None,
    clerk: str | None = None,
    counter: int | None = None,
    ticket: str | None = None,
) -> list[Mapping[str, Any]]:
    """Events between two sequences, both excluded, latest first.

    ``group`` is the first part of their kind. The column ``clerk`` tells whose work it was or whom
    it is about; who gives tickets or books stands as the actor alone. The counter may stand in the
    details, where the column would say that somebody works there.
    """
    wanted: dict[str, object] = {}
    conditions = ""
    if group is not None:
        conditions += " AND kind LIKE :kinds"
        wanted["kinds"] = f"{group}.%"
    if clerk is not None:
        conditions += " AND (clerk = :clerk OR actor = :actor)"
        wanted |= {"clerk": clerk, "actor": f"clerk:{clerk}"}
    if counter is not None:
        conditions += " AND (counter = :counter OR details LIKE :first OR details LIKE :last)"
        told = f'%"counter":{counter}'
        wanted |= {"counter": counter, "first": f"{told},%", "last": f"{told}}}%"}
    if ticket is not None:
        conditions += " AND ticket = :ticket"
        wanted["ticket"] = ticket
    return query.all(
        f"SELECT * FROM event WHERE office = :office AND seq > :after AND seq < :before{conditions}"
        " ORDER BY seq DESC LIMIT :limit",
        office=office,
        after=after,
        before=before,
        limit=limit,
        **wanted,
    )


def first_broken(query: Query, office: str) -> int | None:
    """The sequence of the first event that was altered, or that is missing; None when whole."""
    before, last_seq = "", 0
    while True:
        rows = query.all(
            "SELECT * FROM event WHERE office = :office AND seq > :last ORDER BY seq LIMIT :page",
            office=office,
            last=last_seq,
            page=_PAGE,
        )
        for row in rows:
            facts = {column: row[column] for column in _COLUMNS}
            whole = row["digest"] == _digest(before, office, last_seq + 1, facts)
            if row["seq"] != last_seq + 1 or not whole:
                return last_seq + 1
            before, last_seq = row["digest"], row["seq"]
        if len(rows) < _PAGE:
            return None


def _digest(before: str, office: str, seq: int, facts: Mapping[str, Any]) -> str:
    told = json.dumps([before, office, seq, *(facts[column] for column in _COLUMNS)])
    return hashlib.sha256(told.encode()).hexdigest()


def forms_since(query: Query, office: str, dossier: str, form: str, since: datetime) -> int:
    """How many forms of that kind about the dossier were queued from then on."""
    rows = query.all(
        "SELECT at, details FROM event WHERE office = :office AND dossier = :dossier"
        " AND kind = 'form.queued' ORDER BY seq DESC LIMIT 20",
        office=office,
        dossier=dossier,
    )
    recent = (row for row in rows if row["at"] >= stamp(since))
    return sum(json.loads(row["details"]).get("form") == form for row in recent)


def count(query: Query, office: str, kind: str, first: int) -> int:
    """How many events of a kind there are from the sequence ``first`` on."""
    row = query.one(
        "SELECT COUNT(*) AS n FROM event WHERE office = :office AND seq >= :first AND kind = :kind",
        office=office,
        first=first,
        kind=kind,
    )
    return int(row["n"]) if row else 0
