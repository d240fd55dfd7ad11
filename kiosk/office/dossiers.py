"""Use cases of dossiers: looking one up, and taking in what the one-stop software knows.

Nothing that names a person goes into an event or a log.
"""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from kiosk.calendar import stamp
from kiosk.dossier_answers import DossierAnswer, answer, known_steps, present_step
from kiosk.dossiers import Cause, Dossier, Postponement, is_free_code, normalise_code, opens
from kiosk.errors import Refused, Unavailable
from kiosk.store import dossiers as store
from kiosk.store import events

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from datetime import datetime

    from kiosk.database import Query
    from kiosk.office.centre import Centre

WRITE_SECONDS: Final = 0.03
"""How long one batch may keep taps waiting; the commit itself comes on top."""

_TOLD_OF: Final = ("status", "new_due_at")
"""Fields whose changes are remembered in a list of their own."""
_FIRST_BATCH: Final = 50
_BATCHES: Final = (10, 500)


@dataclass(frozen=True, slots=True)
class Stored:
    """Dossiers written because they were new or different, and those that were the same."""

    stored: int
    unchanged: int


def look_up(centre: Centre, code: str, secret: str | None = None) -> DossierAnswer:
    """What the code opens, and with the right ``secret`` also the people.

    A wrong secret is refused exactly as an unknown code: Refused("no_such_dossier").
    """
    wanted = normalise_code(code)
    asked = secret.strip() if secret else ""
    with centre.database.read() as query:
        dossier = store.find(query, centre.code, wanted) if is_free_code(wanted) else None
        right = opens(dossier, asked)
        if dossier is None or (asked and not right):
            raise Refused("no_such_dossier")
        dossier = replace(dossier, **store.lists(query, centre.code, wanted))
    return answer(dossier, centre.clock(), centre.working_time, full=right)


def count_dossiers(centre: Centre) -> int:
    with centre.database.read() as query:
        return store.count(query, centre.code)


def store_dossiers(
    centre: Centre,
    rows: Iterable[Dossier],
    *,
    source: str,
    given: Collection[str] | None = store.COLUMNS,
) -> Stored:
    """Takes in dossiers in short writes, so that taps go on, and tells it in one event.

    ``source`` names the file or system. Of a dossier that is there already only the ``given``
    fields are changed; None where an empty field of a row tells nothing. What is the same is not
    written, so doing it twice changes nothing. A
    change of status without steps of its own adds a step, a new date a postponement: the history
    stays. Where ``rows`` break off, those before are stored, and what they raised is raised.
    """
    total = Stored(0, 0)
    told = None if given is None else frozenset(given)
    size = _FIRST_BATCH
    source_rows = iter(rows)
    try:
        batch, broken = _next_batch(source_rows, size)
        while batch:
            following: tuple[Dossier, ...] = ()
            if broken is None:
                following, broken = _next_batch(source_rows, size)
            with centre.database.write() as query:
                began = time.monotonic()
                written = _store(centre, query, batch, told)
                after = Stored(total.stored + written, total.unchanged + len(batch) - written)
                if after.stored and not following and broken is None:
                    _tell(centre, query, source, after, whole=True)
                spent = time.monotonic() - began
            total = after
            size = _next_size(len(batch), spent)
            batch = following
        if broken is not None:
            raise broken
    except Exception:
        if total.stored:
            with suppress(Unavailable), centre.database.write() as query:
                _tell(centre, query, source, total, whole=False)
        raise
    return total


def _next_batch(rows: Iterator[Dossier], size: int) -> tuple[tuple[Dossier, ...], Exception | None]:
    """So many of them, or those that came before something broke."""
    batch: list[Dossier] = []
    try:
        for dossier in islice(rows, size):
            batch.append(dossier)  # noqa: PERF402 (those before an exception count)
    except Exception as error:
        return tuple(batch), error
    return tuple(batch), None


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


def _store(
    centre: Centre, query: Query, batch: Iterable[Dossier], given: frozenset[str] | None
) -> int:
    """How many of the batch were new or different."""
    dossiers = tuple(batch)
    now = centre.clock()
    known = store.find_rows(query, centre.code, [dossier.code for dossier in dossiers])
    changed: dict[str, dict[str, Any]] = {}
    for dossier in dossiers:
        before = known.get(dossier.code)
        row = store.to_row(dossier)
        if before is not None:
            row |= {name: before[name] for name in _untold(row, given)}
        brought = {name: found for name in store.LISTS if (found := getattr(dossier, name))}
        lists: dict[str, tuple[Any, ...]] = {}
        if brought or (before is not None and any(before[name] != row[name] for name in _TOLD_OF)):
            history = store.lists(query, centre.code, dossier.code)
            found = brought | _following(before, row, history, brought, now)
            if "postponements" in brought:
                row["new_due_at"] = _new_due_at(row, found["postponements"])
            lists = {name: one for name, one in found.items() if one != history[name]}
        for name, entries in lists.items():
            store.replace_list(query, centre.code, dossier.code, name, entries)
        if row != before or lists:
            changed[dossier.code] = known[dossier.code] = row
    store.upsert(query, centre.code, changed.values(), now)
    return len(changed)


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


def _next_size(size: int, seconds: float) -> int:
    """The batch that should take WRITE_SECONDS, at the pace of the last one."""
    least, most = _BATCHES
    return max(least, min(most, int(size * WRITE_SECONDS / max(seconds, 1e-6))))
