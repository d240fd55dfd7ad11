"""What tells of people, erased when its time is over, or when the person asks.

A run is a use case of many short writes, so that taps go on between them; how many of what stands
in one event at its end, and never whom. A run that was broken off is gone on with.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from time import monotonic
from typing import TYPE_CHECKING, Final, TypeVar

from kiosk.calendar import local_day
from kiosk.dossiers import Status, normalise_code, plain_phone
from kiosk.errors import Refused
from kiosk.office.batches import Batches
from kiosk.office.jobs import drop_in
from kiosk.retention_config import NOTES_KEPT, TRIES_KEPT, WISHES_KEPT, bounds
from kiosk.store import days, dossiers, erasure, events, lookups

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from datetime import date, datetime

    from kiosk.database import Query
    from kiosk.office.centre import Centre
    from kiosk.retention_config import Bounds, RetentionConfig

T = TypeVar("T")

MOST: Final = 500
"""So many of one kind at most in one write, however fast the machine is."""
SURE_WITHIN: Final = timedelta(days=31)
SURE_DAYS: Final = 3
"""So many office days must have begun lately before anything is erased: a clock that leapt ahead
would let everything be too old."""

ACTOR: Final = "retention"


def is_due(centre: Centre) -> bool:
    """Whether today's run has still to be made, or ended, and the clock can be believed."""
    now = centre.clock()
    today = local_day(now, centre.timezone)
    with centre.database.read() as query:
        return not erasure.counted(query, centre.code, today)[1] and _sure(centre, query, today)


def _sure(centre: Centre, query: Query, today: date) -> bool:
    """In a hall that was closed for long this takes three days; a store without an earlier day
    has nothing that is old."""
    latest, first = days.latest(query, centre.code), days.earliest(query, centre.code)
    if not latest or latest > (today + timedelta(days=1)).isoformat():
        return False
    since = today - SURE_WITHIN
    return first >= since.isoformat() or (
        erasure.days_begun(query, centre.code, since, today) >= SURE_DAYS
    )


def erase_overdue(
    centre: Centre,
    kept: RetentionConfig,
    *,
    sweep: Callable[[Bounds], int] | None = None,
    asked: Collection[str] = (),
    stopped: Callable[[], bool] = lambda: False,
) -> Mapping[str, int]:
    """Erases what is overdue now; how many by kind, of all that was erased today.

    ``sweep`` does the same for files and says how many. The dossiers ``asked`` for are erased
    whatever their term. Where it is ``stopped`` it goes on the next time.
    """
    now = centre.clock()
    run = _Run(centre, now, local_day(now, centre.timezone), stopped)
    before = bounds(kept, now)
    with centre.database.read() as query:
        run.counted.update(erasure.counted(query, centre.code, run.day)[0])
        forgotten = [one for one in asked if dossiers.find(query, centre.code, one)]

    def overdue(query: Query) -> list[str]:
        return erasure.overdue(query, centre.code, before)

    def erase(query: Query, codes: Sequence[str], why: str = "term") -> int:
        for code in codes:
            erase_dossier(centre, query, code, why, now)
        return len(codes)

    def cut(query: Query, ids: Sequence[str]) -> int:
        erasure.cut_links(query, centre.code, ids)
        return len(ids)

    def drop(query: Query, rows: Sequence[Mapping[str, object]]) -> int:
        for row in rows:
            drop_in(query, centre, row, ACTOR)
        return len(rows)

    run.batches("dossiers", forgotten, lambda query, codes: erase(query, codes, "request"))
    run.until_none("dossiers", overdue, erase)
    linked_day = local_day(before.links, centre.timezone)
    run.until_none("links", lambda query: erasure.linked(query, centre.code, linked_day), cut)
    run.until_none(
        "forms", lambda query: erasure.stale_forms(query, centre.code, before.slips), drop
    )
    if stopped():
        return +run.counted
    with centre.database.write() as query:
        counted = {
            "links": erasure.cut_appointments(query, centre.code, linked_day),
            "wishes": lookups.drop_wishes(query, centre.code, now - WISHES_KEPT),
            "notes": erasure.drop_notes(query, centre.code, now - NOTES_KEPT),
        }
        erasure.drop_tries(query, centre.code, now - TRIES_KEPT)
        run.note(query, counted)
    run.end(sweep(before) if sweep else 0)
    return +run.counted


@dataclass
class _Run:
    """One run: what it has erased is kept with each of its writes."""

    centre: Centre
    now: datetime
    day: date
    stopped: Callable[[], bool]
    counted: Counter[str] = field(default_factory=Counter)

    def until_none(
        self,
        kind: str,
        find: Callable[[Query], Sequence[T]],
        erase: Callable[[Query, Sequence[T]], int],
    ) -> None:
        while not self.stopped():
            with self.centre.database.read() as query:
                found = find(query)
            if not found:
                return
            self.batches(kind, found, erase)

    def batches(
        self, kind: str, found: Iterable[T], erase: Callable[[Query, Sequence[T]], int]
    ) -> None:
        reading = Batches(found, MOST)
        while (batch := reading.next()) and not self.stopped():
            with self.centre.database.write() as query:
                began = monotonic()
                self.note(query, {kind: erase(query, batch)})
                spent = monotonic() - began
            reading.pace(len(batch), spent)

    def note(self, query: Query, more: Mapping[str, int]) -> None:
        self.counted.update(more)
        erasure.keep(query, self.centre.code, self.day, +self.counted, self.now, None)

    def end(self, files: int) -> None:
        with self.centre.database.write() as query:
            self.counted["files"] += files
            told = dict(sorted((+self.counted).items()))
            erasure.keep(query, self.centre.code, self.day, told, self.now, self.centre.clock())
            if told:
                tell(self.centre, query, "data.erased", ACTOR, told, self.now)


def tell(
    centre: Centre,
    query: Query,
    kind: str,
    actor: str,
    erased: Mapping[str, int],
    now: datetime,
) -> None:
    """How many of what, and never whom."""
    events.append(query, centre.code, now, kind, actor=actor, details={"erased": dict(erased)})


def erase_dossier(centre: Centre, query: Query, code: str, why: str, now: datetime) -> None:
    """The dossier as it is counted, without its people, and no form about it to be printed."""
    for row in erasure.forms_of(query, centre.code, code):
        drop_in(query, centre, row, ACTOR)
    erasure.erase(query, centre.code, code, why, now)


@dataclass(frozen=True, slots=True)
class Known:
    """What the office has of one person: dossiers that can be forgotten, those that cannot yet
    (``open`` ones, and ``own`` ones by the day until which they are kept), and dossiers of whose
    results they are to be told by SMS."""

    dossiers: tuple[str, ...] = ()
    open: tuple[str, ...] = ()
    own: Mapping[str, datetime] = field(default_factory=dict)
    wishes: tuple[str, ...] = ()

    @property
    def erasable(self) -> bool:
        return bool(self.dossiers or self.wishes)


def find_dossier(centre: Centre, kept: RetentionConfig, code: str) -> Known:
    """By its code. Refused: forget_unknown; forget_done (day), where nobody is told of any more."""
    wanted = normalise_code(code)
    with centre.database.read() as query:
        dossier = dossiers.find(query, centre.code, wanted)
        if dossier is None:
            raise Refused("forget_unknown")
        wished = lookups.wished(query, centre.code, wanted) is not None
        if not wished and (at := erasure.erased_at(query, centre.code, wanted)) is not None:
            raise Refused("forget_done", day=local_day(at, centre.timezone))
        return _known(centre, query, kept, [(wanted, dossier.status)], [wanted] if wished else [])


def find_phone(centre: Centre, kept: RetentionConfig, phone: str) -> Known:
    """All that bears a telephone number. Refused: bad_phone, forget_unknown."""
    wanted = plain_phone(phone)
    if wanted is None:
        raise Refused("bad_phone")
    with centre.database.read() as query:
        found = [
            (row["code"], Status(row["status"]))
            for row in erasure.people(query, centre.code)
            if row["phone"] and plain_phone(row["phone"]) == wanted
        ]
        wishes = [row["dossier"] for row in erasure.wishes(query, centre.code)
                  if row["phone"] == wanted]  # fmt: skip
        return _known(centre, query, kept, found, wishes)


def find_citizen(centre: Centre, kept: RetentionConfig, number: str) -> Known:
    """All that bears an ID number, from a card too. Refused: bad_id_number, forget_unknown."""
    wanted = "".join(c for c in number.split("|")[0] if c.isalnum()).upper()
    if len(wanted) < 8 or not any(c.isdigit() for c in wanted):
        raise Refused("bad_id_number")
    with centre.database.read() as query:
        found = [
            (row["code"], Status(row["status"]))
            for row in erasure.people(query, centre.code)
            if "".join(c for c in row["id_number"] or "" if c.isalnum()).upper() == wanted
        ]
        codes = {code for code, _ in found}
        wishes = [row["dossier"] for row in erasure.wishes(query, centre.code)
                  if row["dossier"] in codes]  # fmt: skip
        return _known(centre, query, kept, found, wishes)


def _known(
    centre: Centre,
    query: Query,
    kept: RetentionConfig,
    found: Sequence[tuple[str, Status]],
    wishes: Sequence[str],
) -> Known:
    if not (found or wishes):
        raise Refused("forget_unknown")
    before = bounds(kept, centre.clock())
    free, held, own = [], [], {}
    for code, status in found:
        ended = erasure.own_since(query, centre.code, code)
        if status not in erasure.ENDED:
            held.append(code)
        elif ended is not None and ended >= before.own:
            own[code] = ended + (before.now - before.own)
        else:
            free.append(code)
    return Known(tuple(free), tuple(held), own, tuple(wishes))


def forget(centre: Centre, known: Known) -> Mapping[str, int]:
    """Erases what can be; how many by kind. A dossier that was reopened meanwhile stays.

    Refused: forget_open, forget_own where there is nothing but what has to be kept.
    """
    if not known.erasable:
        raise Refused("forget_open" if known.open else "forget_own")
    erased: Counter[str] = Counter()
    now = centre.clock()
    with centre.database.write() as query:
        for code in known.wishes:
            lookups.drop_wish(query, centre.code, code)
            erased["wishes"] += 1
        for code in known.dossiers:
            dossier = dossiers.find(query, centre.code, code)
            if dossier is not None and dossier.status in erasure.ENDED:
                erase_dossier(centre, query, code, "request", now)
                erased["dossiers"] += 1
        tell(centre, query, "data.forgotten", "operator", dict(sorted(erased.items())), now)
    return dict(erased)
