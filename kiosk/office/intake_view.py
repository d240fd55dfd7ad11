"""The dossiers that were taken in here, as clerks find and read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kiosk.calendar import local_day, moment
from kiosk.deadlines import Counting
from kiosk.dossier_answers import promise
from kiosk.dossiers import Dossier, Status, is_code, normalise_code
from kiosk.intake import Move, legal
from kiosk.office.intake import known, papers_of, rules_of, whole
from kiosk.procedures import folded, typed_words
from kiosk.scans import DossierScan, parse
from kiosk.store import events
from kiosk.store import intake as store

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kiosk.database import Query
    from kiosk.office.centre import Centre
    from kiosk.office.forms import Paper
    from kiosk.office.intake import By

SHOWN: Final = 50
LEAST_DIGITS: Final = 3
"""Of a phone or an ID, that anybody is found by them."""


class Line(NamedTuple):
    """One dossier of the list; ``timing`` is "late", "today" or "". What is promised for a day
    without an hour is due at its end."""

    code: str
    status: Status
    procedure_name: str
    owner_name: str
    phone: str | None
    received_at: datetime
    promised_at: datetime | None
    timing: str


@dataclass(frozen=True, slots=True)
class Listed:
    """``total`` is how many were found, ``tallies`` how many are open, late, due today, ready."""

    lines: tuple[Line, ...]
    total: int
    tallies: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Record:
    """All of one dossier, for a clerk; ``version`` is what the next move is asked with,
    ``promised_at`` by when the result is due now."""

    dossier: Dossier
    version: int
    papers: tuple[Paper, ...]
    moves: tuple[Move, ...]
    submitter: str
    sets: int
    taker: str | None
    taken_with: str | None
    promised_at: datetime | None


def find(centre: Centre, text: str = "", *, only: str = "") -> Listed:
    """The dossiers whose code, owner, phone or ID a text tells a part of; without one those that
    are open. ``only`` is "late", "today", "ready" or "open" of them. Refused: no_such_page.
    """
    rules_of(centre)
    now = centre.clock()
    late, soon = _bounds(centre, now)
    asked = _asked(text)
    only = only if only or text.strip() else "open"
    with centre.database.read() as query:
        rows = (
            store.search(query, centre.code, only=only, late=late, soon=soon, limit=SHOWN, **asked)
            if asked or not text.strip()
            else []
        )
        told = store.tallies(query, centre.code, late, soon)
    names = ("total", "late", "today", "ready")
    lines = tuple(_line(row, late, soon) for row in rows)
    total = int(rows[0]["total"]) if rows else 0
    return Listed(lines, total, {name: int(told[name]) for name in names})


def read(centre: Centre, code: str, *, by: By) -> Record:
    """All of a dossier; who read it stands in the events.

    Refused: no_such_page, no_such_dossier.
    """
    rules_of(centre)
    code = normalise_code(code)
    with centre.database.write() as query:
        found = record(centre, query, code)
        events.append(
            query,
            centre.code,
            centre.clock(),
            "dossier.seen",
            actor=by.actor,
            counter=by.counter,
            clerk=by.login,
            dossier=code,
        )
        return found


def moved_to(centre: Centre, dossier: Dossier) -> Record:
    """What the clerk sees who has just moved the dossier."""
    with centre.database.read() as query:
        return record(centre, query, dossier.code)


def record(centre: Centre, query: Query, code: str) -> Record:
    """Refused: no_such_dossier."""
    row = known(centre, query, code)
    dossier = whole(centre, query, code)
    return Record(
        dossier=dossier,
        version=row["version"],
        papers=papers_of(centre, query, code),
        moves=legal(dossier.status),
        submitter=row["submitter"],
        sets=row["sets"],
        taker=row["taker"],
        taken_with=row["taken_with"],
        promised_at=promise(dossier, centre.working_time),
    )


def _asked(text: str) -> dict[str, Any]:
    """By what a text may find somebody, also what a scanner reads from a receipt; nothing for one
    that can find nobody."""
    scan = parse(text.encode("utf-8", "replace"))
    text = scan.code if isinstance(scan, DossierScan) and is_code(scan.code) else text
    code = normalise_code(text).replace("%", "").replace("_", "")
    digits = "".join(c for c in text if c.isdigit() and c.isascii())
    asked: dict[str, Any] = {}
    words = typed_words(folded(text))
    if words and not all(word.isdigit() for word in words):
        asked["words"] = words
    if code:
        asked["code"] = code
    if len(digits) >= LEAST_DIGITS and digits == text.strip():
        asked["digits"] = digits
    return asked


def _bounds(centre: Centre, now: datetime) -> tuple[datetime, datetime]:
    """Before when a promise is broken, and from when on it is not of today."""
    today = datetime.combine(local_day(now, centre.timezone), time(), centre.timezone)
    late = now if centre.counted_by is Counting.MINUTE else today
    return late, today + timedelta(days=1)


def _line(row: Mapping[str, Any], late: datetime, soon: datetime) -> Line:
    status = Status(row["status"])
    promised = moment(row["promised_at"]) if row["promised_at"] else None
    timing = ""
    if promised is not None and status in (Status.ACCEPTED, Status.PROCESSING):
        timing = "late" if promised < late else "today" if promised < soon else ""
    return Line(
        row["code"],
        status,
        row["procedure_name"],
        row["owner_name"] or "",
        row["phone"],
        moment(row["received_at"]),
        promised,
        timing,
    )
