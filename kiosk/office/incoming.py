"""Taking in what the one-stop software knows of dossiers, in short writes so that taps go on.

Nothing that names a person goes into an event or a log.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from kiosk.calendar import stamp
from kiosk.dossier_answers import known_steps, present_step
from kiosk.dossiers import Cause, Dossier, Postponement, Progress, Status
from kiosk.errors import Unavailable
from kiosk.office.batches import Batches
from kiosk.store import dossiers as store
from kiosk.store import erasure, events
from kiosk.store import import_runs as runs
from kiosk.store.intake import own_codes

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from kiosk.database import Query
    from kiosk.dossiers import Step
    from kiosk.office.centre import Centre

MOST: Final = 2000
"""Dossiers of one batch, whatever a fast machine could write."""

_TOLD_OF: Final = ("status", "new_due_at")
"""Fields whose changes are remembered in a list of their own."""


Incoming = Dossier | Progress | store.StoredRow
"""What a source tells: a dossier, a step of one, or a dossier without lists as the store has it."""
_Row = tuple[int, Incoming]


@dataclass(frozen=True, slots=True)
class Stored:
    """Dossiers written because they were new or different, and those that were the same; ``new``
    of the written ones were not known at all. ``own`` were taken in here and stay as they are: the
    office's own record is the first hand."""

    stored: int
    unchanged: int
    new: int = field(default=0, compare=False)
    own: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Run:
    """A file that is taken in so that it can go on where it was broken off: the ``digest`` of its
    content; how far it came, and with what, ``bad`` ones aside; ``secure`` brings the rows that are
    set aside to the disk and says how many there are up to a place."""

    digest: str
    place: int
    done: Stored
    bad: int
    secure: Callable[[int], int]

    def kept(self, place: int, done: Stored, bad: int) -> runs.Kept:
        return runs.Kept(self.digest, place, done.stored, done.unchanged, done.new, bad)


def run_of(centre: Centre, digest: str, secure: Callable[[int], int]) -> Run:
    """How far a file of that digest came when it was broken off; the beginning of any other."""
    with centre.database.write() as query:
        runs.forget(query, centre.code, centre.clock())
        kept = runs.unfinished(query, centre.code, digest)
    if kept is None:
        return Run(digest, 0, Stored(0, 0), 0, secure)
    done = Stored(kept.stored, kept.unchanged, kept.fresh)
    return Run(digest, kept.place, done, kept.bad, secure)


def try_out(centre: Centre, rows: Iterable[_Row], *, given: Collection[str] | None) -> Stored:
    """What ``take_in`` would do; nothing is stored."""
    total, told = Stored(0, 0), None if given is None else frozenset(given)
    reading = Batches(rows, MOST)
    while batch := reading.next():
        with centre.database.read() as query:
            total = _sum(total, _Changes(centre, query, batch, told).counted)
    if reading.broken is not None:
        raise reading.broken
    return total


def store_dossiers(
    centre: Centre,
    rows: Iterable[Incoming],
    *,
    source: str,
    given: Collection[str] | None = store.COLUMNS,
) -> Stored:
    """Takes in dossiers, and steps of known ones, and tells it in one event.

    ``source`` names the file or system. Of a dossier that is there already only the ``given``
    fields are changed; None where an empty field of a row tells nothing. What is the same is not
    written, so doing it twice changes nothing. A change of status without steps of its own adds a
    step, a new date a postponement: the history stays. Where ``rows`` break off, those before are
    stored, and what they raised is raised.
    """
    return take_in(centre, enumerate(rows, 1), source=source, given=given)


def take_in(
    centre: Centre,
    rows: Iterable[_Row],
    *,
    source: str,
    given: Collection[str] | None,
    run: Run | None = None,
) -> Stored:
    """The same for rows with their place in a file, the later the higher; with a ``run`` the place
    is kept with each write, and what it brought before counts as well."""
    total = run.done if run else Stored(0, 0)
    told = None if given is None else frozenset(given)
    reading = Batches(rows, MOST)
    try:
        batch, following = reading.next(), reading.next()
        while batch or run:
            place = batch[-1][0] if batch else run.place if run else 0
            bad = run.secure(place) if run else 0
            whole = not following and reading.broken is None
            with centre.database.write() as query:
                began = time.monotonic()
                changes = _Changes(centre, query, batch, told)
                changes.write()
                after = _sum(total, changes.counted)
                if whole and after.stored:
                    _tell(centre, query, source, after, whole=True)
                if run:
                    ended, now = centre.clock() if whole else None, centre.clock()
                    kept = run.kept(place, after, bad)
                    runs.keep(query, centre.code, source, kept, now, ended)
                spent = time.monotonic() - began
            total = after
            if not following:
                break
            reading.pace(len(batch), spent)
            batch, following = following, reading.next()
        if reading.broken is not None:
            raise reading.broken
    except Exception:
        if total.stored:
            with suppress(Unavailable), centre.database.write() as query:
                _tell(centre, query, source, total, whole=False)
        raise
    return total


def _tell(centre: Centre, query: Query, source: str, total: Stored, *, whole: bool) -> None:
    """The event of one file; not ``whole`` when the file or the store broke off."""
    details = {
        "source": source,
        "stored": total.stored,
        "unchanged": total.unchanged,
        "whole": whole,
    }
    now = centre.clock()
    events.append(query, centre.code, now, "dossiers.imported", actor="import", details=details)


class _Changes:
    """What a batch changes in the store, as it stands now."""

    def __init__(
        self, centre: Centre, query: Query, batch: Sequence[_Row], given: frozenset[str] | None
    ) -> None:
        self._centre = centre
        self._query = query
        self._now = centre.clock()
        self._rows: dict[str, dict[str, Any]] = {}
        self._lists: dict[tuple[str, str], tuple[Any, ...]] = {}
        codes = [one["code"] if isinstance(one, dict) else one.code for _, one in batch]
        known = store.find_rows(query, centre.code, codes)
        own = own_codes(query, centre.code, known.keys()) if known else frozenset()
        erased = erasure.marked(query, centre.code, known.keys()) if known else frozenset()
        self._come_again: set[str] = set()
        written = new = kept = 0
        for code, (_, one) in zip(codes, batch, strict=True):
            if code in own:
                kept += 1
                continue
            before = known.get(code)
            lists: dict[str, tuple[Any, ...]] = {}
            if isinstance(one, Progress):
                row, lists = _moved_on(self._history, before, one)
            elif isinstance(one, dict) and before is None:
                row = one if one["status"] else one | {"status": int(Status.ACCEPTED)}
            else:
                row, lists = _taken(self._history, before, one, given, self._now)
            if code in erased and before is not None:
                if _comes_again(before, row):
                    self._come_again.add(code)
                else:
                    row, lists = _without_people(before, row), {}
            for name, entries in lists.items():
                self._lists[code, name] = entries
            if row != before or lists:
                self._rows[code] = known[code] = row
                written += 1
                new += before is None
        self.counted = Stored(written, len(batch) - written - kept, new, kept)

    def _history(self, code: str) -> dict[str, Any]:
        """The dossier's lists as they stand with what the batch brought so far."""
        stored = store.lists(self._query, self._centre.code, code)
        return {name: self._lists.get((code, name), found) for name, found in stored.items()}

    def write(self) -> None:
        office = self._centre.code
        erasure.unmark(self._query, office, self._come_again)
        for (code, name), entries in self._lists.items():
            store.replace_list(self._query, office, code, name, entries)
        store.upsert(self._query, office, self._rows.values(), self._now)


def _comes_again(before: Mapping[str, Any], row: Mapping[str, Any]) -> bool:
    """Whether a dossier that tells of nobody any more is at work again."""
    return row["status"] != before["status"] and row["status"] not in erasure.ENDED


def _without_people(before: Mapping[str, Any], row: Mapping[str, Any]) -> dict[str, Any]:
    """What is told anew of a dossier whose people were erased, without them."""
    return {**row, **{name: before[name] for name in (*erasure.PERSON, "procedure_name")}}


def _sum(one: Stored, other: Stored) -> Stored:
    return Stored(
        one.stored + other.stored,
        one.unchanged + other.unchanged,
        one.new + other.new,
        one.own + other.own,
    )


_History = Callable[[str], dict[str, Any]]


def _taken(
    history_of: _History,
    before: Mapping[str, Any] | None,
    told: Dossier | store.StoredRow,
    given: frozenset[str] | None,
    now: datetime,
) -> tuple[dict[str, Any], dict[str, tuple[Any, ...]]]:
    """The row that the dossier has from now on, and those of its lists that change."""
    row, brought = (told, {}) if isinstance(told, dict) else _split(told)
    if before is not None and row["status"] == store.UNTOLD:
        row = row | {"status": before["status"]}
    if before is None and not brought:
        return row, {}
    if before is not None:
        row |= {name: before[name] for name in _untold(row, given)}
        if not brought and all(before[name] == row[name] for name in _TOLD_OF):
            return row, {}
    history = history_of(row["code"]) if before is not None else dict.fromkeys(store.LISTS, ())
    found = brought | _following(before, row, history, brought, now)
    if "postponements" in brought:
        row["new_due_at"] = _new_due_at(row, found["postponements"])
    return row, {name: one for name, one in found.items() if one != history[name]}


def _split(dossier: Dossier) -> tuple[store.StoredRow, dict[str, tuple[Any, ...]]]:
    return store.to_row(dossier), store.brought(dossier)


def _untold(row: Mapping[str, Any], given: frozenset[str] | None) -> list[str]:
    """The fields of which nothing is told, so that they stay as they are."""
    if given is None:
        return [name for name, value in row.items() if value in (None, "", 0)]
    return [name for name in row if name not in given]


def _following(
    before: Mapping[str, Any] | None,
    row: Mapping[str, Any],
    history: Mapping[str, Any],
    brought: Mapping[str, tuple[Any, ...]],
    now: datetime,
) -> dict[str, tuple[Any, ...]]:
    """The steps that follow from a new status, and the postponements from a new date; with those
    that are brought stand the apologies that were known before."""
    found: dict[str, tuple[Any, ...]] = {}
    if told := brought.get("postponements"):
        own = (one for one in history["postponements"] if one.cause is not Cause.SUPPLEMENT)
        found["postponements"] = tuple(sorted({*own, *told}, key=lambda one: one.at))
    if before is None:
        return found
    past, present = replace(store.to_dossier(before), **history), store.to_dossier(row)
    if present.status is not past.status and "steps" not in brought:
        step = present_step(present)
        found["steps"] = (*known_steps(past), replace(step, at=step.at or now))
    new = present.new_due_at
    if new not in (None, past.new_due_at) and not told:
        found["postponements"] = (*past.postponements, Postponement(now, past.promised_at, new))
    return found


def _new_due_at(row: Mapping[str, Any], told: tuple[Postponement, ...]) -> str | None:
    """The date that was told last; None where it is the first one."""
    last = stamp(told[-1].due_after)
    return None if last == row["due_at"] else last


def _moved_on(
    history_of: _History, before: Mapping[str, Any] | None, told: Progress
) -> tuple[dict[str, Any], dict[str, tuple[Any, ...]]]:
    """The dossier with one step more. Of one that is not known yet its code and its steps are kept
    until the rest comes."""
    if before is None:
        first = Dossier(told.code, told.step.status, handler=told.step.handler)
        return store.to_row(first), {"steps": (told.step,)}
    history = history_of(told.code)
    past = replace(store.to_dossier(before), **history)
    if told.step in past.steps:
        return dict(before), {}
    steps = [one for one in known_steps(past) if not _is_told_by(one, told.step)]
    steps.insert(_place_in(steps, told.step), told.step)
    if steps[-1] is not told.step:
        return dict(before), {"steps": tuple(steps)}
    present = replace(past, status=told.step.status, handler=told.step.handler or past.handler)
    return store.to_row(present), {"steps": tuple(steps)}


def _place_in(steps: Sequence[Step], told: Step) -> int:
    """Behind the last one that was not later; one without a date is as old as its place."""
    for at in range(len(steps), 0, -1):
        when = steps[at - 1].at
        if when is None or told.at is None or when <= told.at:
            return at
    return 0


def _is_told_by(step: Step, told: Step) -> bool:
    """Whether a step that the dossier's own record left behind is the one that is told now with
    more: the same status, in the same hands as far as it says, and not before it."""
    return (
        step.status is told.status
        and step.task is None
        and step.due_at is None
        and step.handler in (None, told.handler)
        and (step.at is None or told.at is None or step.at >= told.at)
    )
